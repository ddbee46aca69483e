"""Who reported what, when -> HTML: a short list over the sources, where an answer rests on reports of several days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape

from index.types import ArticleRef, Language
from rag.types import Answer, Citation
from ui.answer_parts import BETWEEN, Words, contrasts, phrase_in, short_answer
from ui.direction import closed, direction
from ui.page.markup import filled
from ui.page.quote import chip_html, day_html, outlet_html


@dataclass(frozen=True, slots=True)
class _Report:
    """What a citation says, in words, and an outlet that says so on a day."""

    source: ArticleRef
    number: int
    words: Words

    @property
    def day(self) -> date:
        """The day that it is in order by: what is not dated comes last."""
        return self.source.published or date.max


def timeline_html(answer: Answer, turn: int) -> str:
    """Return day, outlet and value of each report, the oldest first; nothing where the sources neither differ nor follow up.

    Nor where all are of one day: then the quotes side by side say it all.
    """
    reports = sorted(_reports(answer), key=lambda report: (report.day, report.number))
    if len({report.source.published for report in reports}) < 2:
        return ""
    rows = "".join(_row_html(report, answer.language, turn) for report in reports)
    title = filled("timeline", answer.language)
    return f'<section class="timeline"><h3>{title}</h3><ol>{rows}</ol></section>'


def _reports(answer: Answer) -> Iterator[_Report]:
    """Yield the reports that contradict each other, or all where newer ones have overtaken older ones."""
    differing = {number: values for contrast in contrasts(answer) for number, values in contrast.values.items()}
    rendered = {value.citation: value.first for value in short_answer(answer)}
    for item in answer.citations:
        if not answer.overtaken and item.number not in differing:
            continue
        words = rendered.get(item.number) or _words(item, differing.get(item.number, ()))
        for source in (item, *item.also):
            yield _Report(source, item.number, words)


def _words(item: Citation, values: tuple[str, ...]) -> Words:
    """Return in what a report differs, or else what is marked in its quote, or else the quote."""
    marked = [item.quote[start:end] for start, end in phrase_in(item)]
    told = f" {BETWEEN} ".join(values) or "".join(marked) or item.quote
    return Words(closed(" ".join(told.split())), item.language)


def _row_html(report: _Report, language: Language, turn: int) -> str:
    words = report.words
    told = f'<bdi lang="{words.language}" dir="{direction(words.language)}">{escape(words.text)}</bdi>'
    return (
        f'<li>{day_html(report.source.published, language)}<span class="who">{outlet_html(report.source)}\u00a0'
        f'{chip_html(report.number, language, turn)}</span><span class="told">{told}</span></li>'
    )
