"""What an answer is made of, for the page and the terminal alike: its lines and quotes, its short answer, what is marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.types import ArticleRef, Filter, Language
from rag.phrases import QUOTATION_MARKS, counted, in_quotation_marks
from rag.text.marker import numbers_in
from rag.types import Answer, Citation, ShortAnswer
from ui.direction import closed

# Separates two values; commas and dashes occur inside values.
BETWEEN = "·"
# How many of the articles that an answer lists are shown.
_LISTED = 10
# What may stand behind a quote and its markers: nothing, or where it comes from.
_BARE = re.compile(r"\s*(?:\[\d+\]\s*)*(?:[—–].*)?", re.DOTALL)
_OPENING = tuple(opening for opening, _ in QUOTATION_MARKS.values())

Span = tuple[int, int]


# The lines of the text


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer, and the numbers of the citations that it quotes: none where it is no quote."""

    text: str
    quoted: tuple[int, ...] = ()


def lines_of(answer: Answer) -> list[Line]:
    """Return the lines of an answer; a line break inside a quote ends no line."""
    pattern = re.compile("|".join([*quote_patterns(answer), r"\n+"]))
    cuts = [match.span() for match in pattern.finditer(answer.answer) if not match[0].strip()]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(answer.answer)]
    lines = (answer.answer[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return [Line(line, _quoted(line, answer)) for line in lines if line]


def quotation(item: Citation) -> str:
    """Return a citation's quote in the quotation marks of its language."""
    return in_quotation_marks(item.quote, item.language)


def quote_patterns(answer: Answer) -> list[str]:
    """Return the patterns of an answer's quotes, the longest first, for one may begin like another."""
    return [re.escape(text) for text in sorted(map(quotation, answer.citations), key=len, reverse=True)]


def _quoted(line: str, answer: Answer) -> tuple[int, ...]:
    """Return the citations that a line quotes; a written sentence that begins with a quotation is no quote."""
    if not line.startswith(_OPENING):
        return ()
    rest = re.sub("|".join(quote_patterns(answer)) or "(?!)", "", line)
    if answer.mode == "written" and not _BARE.fullmatch(rest):
        return ()
    known = {item.number for item in answer.citations}
    return tuple(number for number in numbers_in(rest) if number in known)


# The short answer


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


def short_answer(answer: Answer) -> list[Value]:
    """Return the values of an answer's short answer, in their order: none where it has none, or abstains."""
    if answer.direct is None or answer.abstained:
        return []
    return [_value(direct, answer.language) for direct in _each(answer.direct)]


def _each(direct: ShortAnswer) -> Iterator[ShortAnswer]:
    yield direct
    for other in direct.others:
        yield from _each(other)


def _value(direct: ShortAnswer, language: Language) -> Value:
    text = _in_one_line(direct.text)
    rendered = _in_one_line(direct.rendered or "")
    if not rendered:
        return Value(Words(text, direct.language), None, direct.citation)
    own = None if rendered == text else Words(in_quotation_marks(text, direct.language), direct.language)
    return Value(Words(rendered, language), own, direct.citation)


def _in_one_line(text: str) -> str:
    return closed(" ".join(text.split()))


# What is marked in a quote


def phrase_in(item: Citation) -> list[Span]:
    """Return where in a citation's quote the answering phrase stands: one span, or none."""
    if item.phrase is None:
        return []
    start, end = (place - item.start for place in item.phrase)
    return [(start, end)] if 0 <= start < end <= len(item.quote) else []


def values_in(item: Citation, values: Iterable[str]) -> list[Span]:
    """Return where in a citation's quote the values stand, in their order in it; those in the answering phrase first."""
    phrase = phrase_in(item) or [(0, 0)]
    found: list[Span] = []
    for value in values:
        places = [(match.start(), match.end()) for match in _occurrences(value, item.quote)]
        free = [place for place in places if not any(_overlap(place, taken) for taken in found)]
        if free:
            found.append(max(free, key=lambda place: _overlap(place, phrase[0])))
    return sorted(found)


def _occurrences(value: str, quote: str) -> list[re.Match[str]]:
    """Return the places of a value as a whole word; of one that is never whole, as in بخمسة, all its places."""
    if not value:
        return []
    literal = re.escape(value)
    return list(re.finditer(rf"(?<!\w){literal}(?!\w)", quote)) or list(re.finditer(literal, quote))


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


# Quotes that contradict each other


@dataclass(frozen=True, slots=True)
class Contrast:
    """Citations that contradict each other, by number, and the values of each in which it differs from the others."""

    numbers: tuple[int, ...]
    values: Mapping[int, tuple[str, ...]]


def contrasts(answer: Answer) -> list[Contrast]:
    """Return the disagreements of an answer; those that share a citation (on the number and on the day) are one."""
    known = {item.number for item in answer.citations}
    found: list[dict[int, tuple[str, ...]]] = []
    for disagreement in answer.disagreements:
        told = zip(disagreement.citations, disagreement.values, strict=False)
        values: dict[int, tuple[str, ...]] = {number: (value,) for number, value in told if number in known}
        if len(values) < 2:
            continue
        for other in [other for other in found if not other.keys().isdisjoint(values)]:
            found.remove(other)
            values = {number: other.get(number, ()) + values.get(number, ()) for number in [*other, *values]}
        found.append(values)
    return [Contrast(tuple(values), values) for values in found]


# What a request adds


def days_read(answer: Answer) -> Filter | None:
    """Return the days that were read from a request; None where it names none."""
    return Filter(since=answer.within.since, until=answer.within.until) if answer.within else None


def listed_articles(answer: Answer) -> tuple[Sequence[ArticleRef], str]:
    """Return the articles to list with an answer, and the line that says how many more there are."""
    if not answer.listing:
        return (), ""
    shown = answer.listing.articles[:_LISTED]
    rest = answer.listing.count - len(shown)
    more = counted("more_article", rest, answer.language) if rest > 0 else ""
    return shown, more
