"""The report of the last `khabar index` -> HTML: closed under the question box, and absent where nothing was left out."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from index.report import Group, KeptReport
from index.types import LANGUAGES, Language
from rag.phrases import written_count, written_date
from ui.labels import INTERFACE
from ui.path_view import path_html
from ui.report_labels import reason_in_words
from ui.spoken import in_each_language, spoken

# So many files are named for a reason.
_SHOWN = 5


def report_html(report: KeptReport | None) -> str:
    """Return the report: how many files were left out and, when it is opened, why and what can be done about it."""
    if report is None or not report.groups:
        return ""
    skipped = [group for group in report.groups if group.skipped]
    noted = [group for group in report.groups if not group.skipped]
    word, count = ("left_out", report.left_out) if skipped else ("noted", sum(group.files for group in noted))
    shown = _each(lambda language: _filled(language, word, value=written_count(count, language)))
    told = _each(lambda language: _counts(report, language))
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
    words = reason_in_words(group.kind, group.suffix, group.title, group.remedy)
    reason = spoken(_each(lambda language: f"<b>{escape(words[language][0])}</b> ({written_count(group.files, language)})"))
    remedy = spoken(_each(lambda language: escape(words[language][1])))
    paths = "".join(f"<li>{path_html(path)}</li>" for path in group.paths[:_SHOWN])
    more = group.files - min(len(group.paths), _SHOWN)
    rest = _each(lambda language: _filled(language, "more_files", value=written_count(more, language)))
    if more:
        paths += f"<li>{spoken(rest)}</li>"
    return f'<li><p class="reason">{reason}</p><p class="remedy">{remedy}</p><ul class="paths">{paths}</ul></li>'


def _counts(report: KeptReport, language: Language) -> str:
    """Return the day of the run, and what became of the files, as one line of a language."""
    counts = {name: written_count(number, language) for name, number in report.files.items()}
    hidden = f" {_filled(language, 'hidden', value=written_count(report.hidden, language))}" if report.hidden else ""
    return _filled(language, "indexed", day=written_date(report.day, language), **counts) + hidden


def _filled(language: Language, word: str, **values: str) -> str:
    told = escape(INTERFACE[language][word])
    for name, value in values.items():
        told = told.replace(f"{{{name}}}", f"<bdi>{escape(value)}</bdi>")
    return told


def _each(told: Callable[[Language], str]) -> dict[Language, str]:
    return {language: told(language) for language in LANGUAGES}
