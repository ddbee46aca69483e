"""What the last `khabar index` left out -> HTML: closed under the question box, and absent where nothing was left out."""

from __future__ import annotations

import re
from html import escape

from index.report import Group, KeptReport
from index.types import Language
from rag.phrases import counted, phrase, phrases, say, written_count, written_date
from ui.page.markup import apart, each, filled, in_each_language, path_html, spoken

# Files named for each reason.
_SHOWN = 5
# Remedies of their own are known by how the report's begin.
_OWN = "own_remedy."
_ONE_SUFFIX = re.compile(r"\b(?:save it|export it|pack it) as (\.\w+)$")


def report_html(report: KeptReport | None) -> str:
    """Return the report: how many files were left out and, when it is opened, why and what can be done about it."""
    if report is None or not report.groups:
        return ""
    skipped = [group for group in report.groups if group.skipped]
    noted = [group for group in report.groups if not group.skipped]
    key, count = ("left_out", report.left_out) if skipped else ("noted", sum(group.files for group in noted))
    shown = each(lambda language: filled(key, language, value=apart(counted("file", count, language))))
    told = each(lambda language: _counts(report, language))
    return (
        f'<details class="report"><summary>{spoken(shown)}</summary><div class="reasons" tabindex="0">'
        f'<p class="counts">{spoken(told)}</p>{_groups_html("left_out_title", skipped)}{_groups_html("noted_title", noted)}'
        "</div></details>"
    )


def _groups_html(title: str, groups: list[Group]) -> str:
    if not groups:
        return ""
    return f"<h3>{in_each_language(title)}</h3><ul>{''.join(map(_group_html, groups))}</ul>"


def _group_html(group: Group) -> str:
    reason = each(lambda own: f"<b>{escape(reason_of(group, own))}</b> ({counted('file', group.files, own)})")
    remedy = each(lambda language: escape(remedy_of(group, language)))
    paths = "".join(f"<li>{path_html(path)}</li>" for path in group.paths[:_SHOWN])
    more = group.files - min(len(group.paths), _SHOWN)
    if more:
        rest = each(lambda language: counted("more_file", more, language))
        paths += f"<li>{spoken(rest)}</li>"
    told = f'<p class="reason">{spoken(reason)}</p><p class="remedy">{spoken(remedy)}</p>'
    return f'<li>{told}<ul class="paths">{paths}</ul></li>'


def reason_of(group: Group, language: Language) -> str:
    """Return how a reason reads; English has the report's own words, a kind that is not known is another reason."""
    if language == "en":
        return group.title
    if group.suffix:
        return say("unread_suffix", language, suffix=group.suffix)
    return phrase(f"reason.{_known(group.kind)}", language)


def remedy_of(group: Group, language: Language) -> str:
    """Return what can be done about a reason: what its own remedy says, or else what helps with its kind."""
    if language == "en":
        return group.remedy
    suffix = _ONE_SUFFIX.search(group.remedy)
    if suffix and group.kind == "not read":
        return say("save_as", language, suffix=suffix[1])
    own = (key for key in phrases() if key.startswith(_OWN) and group.remedy.startswith(key.removeprefix(_OWN)))
    return phrase(next(own, f"remedy.{_known(group.kind)}"), language)


def _known(kind: str) -> str:
    return kind if f"reason.{kind}" in phrases() else "other"


def _counts(report: KeptReport, language: Language) -> str:
    """Return the day of the run, and what became of the files, as one line of a language."""
    counts = {name: apart(written_count(number, language)) for name, number in report.files.items()}
    told = filled("indexed", language, day=apart(written_date(report.day, language)), **counts)
    hidden = apart(counted("hidden_file", report.hidden, language))
    return f"{told} {filled('hidden', language, value=hidden)}" if report.hidden else told
