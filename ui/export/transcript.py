"""A conversation -> its paragraphs, with its sources numbered throughout; Markdown, HTML and Word are made from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.types import ArticleRef, Language
from rag.phrases import phrase
from rag.source_line import link_of, named, shown
from rag.text.marker import MARKER
from rag.types import Answer
from ui.answer_parts import BETWEEN, Value, lines_of, quote_patterns, short_answer
from ui.export.reference import references_of

Kind = Literal["question", "short answer", "quote", "text", "heading", "source"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph and the language whose direction it runs in; a source has its number among others and its link."""

    kind: Kind
    text: str
    language: Language
    number: int | None = None
    link: str | None = None


def paragraphs_of(answers: Sequence[Answer]) -> list[Paragraph]:
    """Return the paragraphs of a conversation: each question with its answer, and at the end the articles cited."""
    sources = references_of(answers)
    numbers = {source.article_id: number for number, source in enumerate(sources, 1)}
    told = [paragraph for answer in answers for paragraph in _turn(answer, numbers)]
    return [*told, *_sources(sources, answers[-1].language)] if sources else told


def _turn(answer: Answer, numbers: Mapping[str, int]) -> Iterator[Paragraph]:
    own = {item.number: numbers[item.article_id] for item in answer.citations}
    yield Paragraph("question", shown(answer.question), answer.language)
    if values := short_answer(answer):
        told = f" {BETWEEN} ".join(_value(value, own) for value in values)
        yield Paragraph("short answer", shown(told), answer.language)
    for line in lines_of(answer):
        yield Paragraph("quote" if line.quoted else "text", shown(_renumbered(line.text, answer, own)), answer.language)


def _value(value: Value, numbers: Mapping[int, int]) -> str:
    own = [value.own.text] if value.own else []
    return " ".join([value.first.text, *own, f"[{numbers[value.citation]}]"])


def _renumbered(line: str, answer: Answer, numbers: Mapping[int, int]) -> str:
    """Return a line with the markers of its answer as those of the conversation; what a quote holds in brackets stays."""
    pattern = re.compile("|".join([*quote_patterns(answer), MARKER.pattern]))

    def numbered(match: re.Match[str]) -> str:
        number = int(match[1]) if match[1] else None
        return match[0] if number is None else f"[{numbers.get(number, number)}]"

    return pattern.sub(numbered, line)


def _sources(sources: Sequence[ArticleRef], language: Language) -> Iterator[Paragraph]:
    yield Paragraph("heading", phrase("sources", language), language)
    for number, source in enumerate(sources, 1):
        yield Paragraph("source", named(source, language), source.language, number, link_of(source))
