"""What stands around a conversation -> HTML: the masthead, the welcome, what answers, and what `khabar index` left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from index.embedding import Embedded
from index.report import Group, KeptReport
from index.types import LANGUAGES, Language
from rag.phrases import in_percent, written_count, written_date
from ui.direction import direction_of
from ui.labels import INTERFACE
from ui.page.markup import apart, each, in_each_language, path_html, spoken
from ui.report_labels import reason_in_words

# So many files are named for each reason that files were left out.
_SHOWN = 5


def masthead_html() -> str:
    """Return the head of the page: the name, and what it is."""
    return (
        '<div class="wordmark"><h1><span lang="en" dir="ltr">Khabar</span>'
        '<span class="dot" aria-hidden="true">·</span><span lang="ar" dir="rtl">خبر</span></h1>'
        f'<p class="tagline">{in_each_language("tagline")}</p></div>'
    )


def welcome_html(examples: Sequence[str]) -> str:
    """Return what a reader sees before the first question: an invitation and questions to start from."""
    buttons = "".join(
        f'<li><button type="button" class="example" dir="{direction_of(question)}" data-question="{escape(question)}">'
        f"{escape(question)}</button></li>"
        for question in examples
    )
    return (
        f'<div class="welcome"><h2>{in_each_language("invitation")}</h2><p>{in_each_language("promise")}</p>'
        f'<ul class="examples">{buttons}</ul></div>'
    )


def status_html(counts: Mapping[str, int], models: Mapping[str, str], embedded: Embedded) -> str:
    """Return the line that says what answers: how many articles, which models, and how far meaning is where it lags behind."""
    parts = [
        _told("articles", _counted(counts["articles"])),
        _told("passages", _counted(counts["chunks"])),
        _told("embedder", _named(models["embedder"])),
        *([] if embedded.complete else [_told("meaning", _percent(embedded.percent))]),
        _told("generator", _named(models["generator"])),
    ]
    return '<p class="status">' + "".join(parts) + "</p>"


def _told(name: str, values: Mapping[Language, str]) -> str:
    """Return a fact in three languages, with its value (as HTML) among the words of each."""
    told = {language: escape(INTERFACE[language][name]).replace("{value}", value) for language, value in values.items()}
    return f'<span class="{name}">{spoken(told)}</span>'


def _counted(number: int) -> dict[Language, str]:
    return {language: written_count(number, language) for language in LANGUAGES}


def _percent(percent: int) -> dict[Language, str]:
    # Not apart from the words before it: after Arabic letters the sign stands to the left of the digits, as it is written.
    return {language: in_percent(percent, language) for language in LANGUAGES}


def _named(model: str) -> dict[Language, str]:
    return dict.fromkeys(LANGUAGES, apart(model))


# The report of the last `khabar index`


def report_html(report: KeptReport | None) -> str:
    """Return the report: how many files were left out and, when it is opened, why and what can be done about it."""
    if report is None or not report.groups:
        return ""
    skipped = [group for group in report.groups if group.skipped]
    noted = [group for group in report.groups if not group.skipped]
    word, count = ("left_out", report.left_out) if skipped else ("noted", sum(group.files for group in noted))
    shown = each(lambda language: _filled(language, word, value=written_count(count, language)))
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
    words = reason_in_words(group.kind, group.suffix, group.title, group.remedy)
    reason = spoken(each(lambda language: f"<b>{escape(words[language][0])}</b> ({written_count(group.files, language)})"))
    remedy = spoken(each(lambda language: escape(words[language][1])))
    paths = "".join(f"<li>{path_html(path)}</li>" for path in group.paths[:_SHOWN])
    more = group.files - min(len(group.paths), _SHOWN)
    rest = each(lambda language: _filled(language, "more_files", value=written_count(more, language)))
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
        told = told.replace(f"{{{name}}}", apart(value))
    return told
