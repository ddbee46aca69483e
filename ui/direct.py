"""The short answer as it is read: values in the reader's language where they are rendered, and the article's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.types import Language
from rag.phrases import QUOTATION_MARKS
from rag.types import Answer, Direct
from ui.direction import closed

# Stands between two values; a comma or a dash stands inside many a value.
BETWEEN = "·"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one language, in one line, that open and close no direction but their own."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a short answer: what is read `first`, the article's `own` words where those are others, the citation."""

    first: Words
    own: Words | None
    citation: int


def values(answer: Answer) -> list[Value]:
    """Return the values of an answer's short answer, in their order: none where it has none, or abstains."""
    if answer.direct is None or answer.abstained:
        return []
    return [_value(direct, answer.language) for direct in _each(answer.direct)]


def _each(direct: Direct) -> Iterator[Direct]:
    yield direct
    for other in direct.others:
        yield from _each(other)


def _value(direct: Direct, language: Language) -> Value:
    text = _line(direct.text)
    rendered = _line(direct.rendered or "")
    if not rendered:
        return Value(Words(text, direct.language), None, direct.citation)
    opening, closing = QUOTATION_MARKS[direct.language]
    own = None if rendered == text else Words(f"{opening}{text}{closing}", direct.language)
    return Value(Words(rendered, language), own, direct.citation)


def _line(text: str) -> str:
    return closed(" ".join(text.split()))
