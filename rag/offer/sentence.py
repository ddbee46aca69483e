"""A sentence of an article as a question is made of it: its own words without a dateline, its names, days and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from index.chunk import split_sentences
from index.entities.types import EntityKind
from index.types import Article, Language
from rag.entities.extraction import GlossaryNames
from rag.offer import tuning
from rag.offer.types import Candidate, OfferKind
from rag.text.days import named_days
from rag.text.instruction import is_instruction
from rag.text.word_list import written_words

# PARIS (Northgate) - ; كينغستون (الميناء) - ; به گزارش خبرگزاری فارس از سنندج،
_DATELINE = re.compile(r"(?:[^\W\d_][\w .،,/'’-]{1,40}(?:\([^)]{2,30}\))?\s?[-–—]+\s+|به ?گزارش [^،.]{3,70}،\s*)")
_SPACES = re.compile(r"\s+")
_PERSIAN = str.maketrans("يكى0123456789٠١٢٣٤٥٦٧٨٩", "یکی۰۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence, where it stands there."""

    kind: EntityKind
    key: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """A sentence, `article.text[start:start + len(text)]`, without what stands before its first word."""

    article: Article
    start: int
    text: str
    reader: GlossaryNames

    @property
    def language(self) -> Language:
        """The language of its article."""
        return self.article.language

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names in it, in their order."""
        found = []
        for mention in self.reader.mentions(replace(self.article, text=self.text, title="")):
            start = self.text.find(mention.name, mention.start)
            if start >= 0:
                found.append(Name(mention.kind, mention.key, mention.name, start, start + len(mention.name)))
        return tuple(found)

    @cached_property
    def times(self) -> tuple[Part, ...]:
        """The days that it names, each with the words that belong to it: on Tuesday evening, يوم الثلاثاء 28 أكتوبر."""
        parts: list[Part] = []
        for day in named_days(self.text, self.article.published):
            if re.match(rf"\s+(?:{_words('notday', self.language)})(?!\w)", self.text[day.end :]):
                continue
            if parts and not self.text[parts[-1].end : day.start].strip(" ,،"):
                parts[-1] = Part(parts[-1].start, day.end)
            else:
                parts.append(Part(day.start, day.end))
        return tuple(self._widened(part) for part in parts)

    def _widened(self, part: Part) -> Part:
        """Return a part with the words of time that stand around it."""
        before, behind = (_words(name, self.language) for name in ("before_day", "behind_day"))
        head = re.search(rf"(?:(?<![^\W_])(?:{before})\s+)+$", self.text[: part.start], re.IGNORECASE)
        tail = re.match(rf"(?:\s+(?:{behind})(?!\w))+", self.text[part.end :], re.IGNORECASE)
        return Part(head.start() if head else part.start, part.end + (tail.end() if tail else 0))

    def name_at(self, start: int, kind: EntityKind | None = None) -> Name | None:
        """Return the longest name that begins at a place."""
        found = [name for name in self.names if name.start == start and kind in (None, name.kind)]
        return max(found, key=lambda name: name.end, default=None)

    def offer(self, question: str, kind: OfferKind, answer: Part, language: Language | None = None) -> Candidate:
        """Return a question made of it, and what must answer that."""
        own = language or self.language
        start, end = self.start + answer.start, self.start + answer.end
        return Candidate(tidy(question, own), own, kind, self.article, start, end)


def sentences_of(article: Article, reader: GlossaryNames) -> Iterator[Sentence]:
    """Yield the sentences of an article of which a question may be made."""
    for at, span in enumerate(split_sentences(article.text, article.language)):
        if at >= tuning.SENTENCES_READ:
            return
        text = article.text[span.start : span.end]
        dateline = _DATELINE.match(text)
        shift = dateline.end() if dateline else 0
        if tuning.SHORTEST_SENTENCE <= len(text) - shift <= tuning.LONGEST_SENTENCE and not is_instruction(text):
            yield Sentence(article, span.start + shift, text[shift:], reader)


def clipped(parts: Sequence[Part], end: int) -> tuple[Part, ...]:
    """Return the parts that begin before the end of a text, none reaching behind it: Monday, August 18 is cut at its comma."""
    return tuple(Part(part.start, min(part.end, end)) for part in parts if part.start < end)


def without(text: str, *parts: Part) -> str:
    """Return a text without some of its parts."""
    for part in sorted(parts, key=lambda each: -each.start):
        text = f"{text[: part.start]} {text[part.end :]}"
    return text


def tidy(question: str, language: Language) -> str:
    """Return a question in single spaces, no mark before its end, its letters those of its language."""
    spaced = _SPACES.sub(" ", question).strip()
    spaced = re.sub(r"\s+([،,؛;.?؟])", r"\1", spaced)
    spaced = re.sub(r"[\s،,؛;.:–-]+([?؟])$", r"\1", spaced)
    return spaced.translate(_PERSIAN) if language == "fa" else spaced


def alternatives(name: str, language: Language) -> str:
    """Return the words of a list of offer_words.tsv as a pattern, the longest first."""
    return _words(name, language)


def _words(name: str, language: Language) -> str:
    listed = [word.replace("+", " ") for word in written_words("offer_words.tsv", name, language)]
    return "|".join(re.escape(word) for word in sorted(listed, key=len, reverse=True)) or r"(?!)"
