"""What a sentence shows, word by word, about where in it a question is answered."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.text import ZWNJ, fold_offsets, is_latin, skeletons, stem, stems, words
from index.types import Language
from rag.glossary import Glossary
from rag.question import Question
from rag.reading.common_words import is_function_word, is_light_word
from rag.reading.kinds import asked_words
from rag.reading.mentions import traits_of
from rag.types import Kind

Asked = Literal["who", "when", "where", "howmany", "why", "how", "what", "yesno", "definition"]

_TOKEN = re.compile(rf"\d+(?:[.,:/٫٬]\d+)*[%٪]?|[^\W_]+(?:{ZWNJ}+[^\W_]+)*")
_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"]*\"|‘[^‘’]*’")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_GAPS = (
    ("opening", re.compile(r"[«“‘(\[\"]")), ("closing", re.compile(r"[»”)\]]")), ("stop", re.compile(r"[.!?؟؛;…]")),
    ("colon", re.compile(r":")), ("comma", re.compile(r"[،,]")), ("dash", re.compile(r"[-–—/]")),
)  # fmt: skip
_PREFIX = 5
_DISTANCES = ((1, "1"), (2, "2"), (4, "4"), (8, "8"))
_SORTS = (
    "matched", "digits", "number", "calendar", "preposition", "relative", "conjunction", "copula", "reason", "naming", "unit",
    "time", "title", "person", "place", "body", "function", "asked", "light",
)  # fmt: skip
# Without these marks a letter is no other letter; a phrase takes those of its last letter along.
_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u0300-\u036f]*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence: folded, with its span in the raw text and what it shows."""

    folded: str
    start: int
    end: int
    clues: tuple[str, ...]

    @property
    def sort(self) -> str:
        """The one clue that says most of the word."""
        return _sort(self.clues)


@dataclass(frozen=True, slots=True)
class Clues:
    """The words of a sentence, the gaps before each and after the last, and how far the question's words are on either side."""

    words: tuple[Word, ...]
    gaps: tuple[str, ...]
    distances: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Sought:
    """The words of a question as they may stand in one language: the forms of its terms, and what it asks for."""

    forms: frozenset[str]
    light: frozenset[str]
    asked: frozenset[str]
    skeletons: frozenset[str]


@lru_cache(maxsize=20_000)
def _sort(shown: tuple[str, ...]) -> str:
    return next((sort for sort in _SORTS if sort in shown), "plain")


def asked_of(question: Question) -> Asked:
    """Return the kind of a question, with definitions as a kind of their own."""
    return "definition" if question.asks_definition and question.kind in ("who", "what") else question.kind


def clues(question: Question, quote: str, language: Language) -> Clues:
    """Return what the words of a sentence show about where the question is answered."""
    folded, offsets = fold_offsets(quote)
    tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(folded)]
    sought = _sought(question, language)
    spans = [(offsets[start], _MARKS.match(quote, offsets[end - 1] + 1).end()) for _, start, end in tokens]  # type: ignore[union-attr]
    known = [_word_clues(word, language, question.glossary) for word, *_ in tokens]
    framed = [("quoted", _inside(_QUOTED, quote)), ("bracketed", _inside(_BRACKETED, quote))]
    found = []
    for number, ((word, *_), (start, end)) in enumerate(zip(tokens, spans, strict=True)):
        shown = (*known[number], *_question_clues(word, sought))
        if "digits" in shown and any("calendar" in near for near in known[max(number - 1, 0) : number + 2]):
            shown += ("dated",)
        if language == "en" and quote[start].isupper() and (number or {"function", "light"}.isdisjoint(shown)):
            shown += _capital(question.kind)
        shown += tuple(name for name, places in framed if any(first <= start < last for first, last in places))
        found.append(Word(word, start, end, tuple(dict.fromkeys(shown))))
    return Clues(tuple(found), tuple(_gaps(quote, spans)), tuple(_distances(found)))


def _inside(pattern: re.Pattern[str], quote: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(quote)]


@lru_cache(maxsize=50_000)
def _word_clues(word: str, language: Language, glossary: Glossary) -> tuple[str, ...]:
    """Return what a word shows whatever is asked."""
    found: list[str] = ["word", *sorted(traits_of(word, glossary))]
    if is_function_word(word):
        found += ["function", f"={word}"]
    elif is_light_word(word):
        found.append("light")
    if language != "en":
        found += _script_clues(word, language)
    if found == ["word"]:
        found.append("plain")
    return tuple(found)


def _script_clues(word: str, language: Language) -> Iterator[str]:
    if is_latin(word):
        yield "latin"
    if language == "ar" and len(word) > 3:
        if re.match("[وفبك]?ال|[وف]?لل", word):
            yield "definite"
        if word[0] in "وبلف":
            yield {"و": "waw", "ف": "waw", "ب": "beh", "ل": "lam"}[word[0]]
        elif word[0] in "يت":
            yield "present"
    if language == "fa" and (word.startswith(("مي" + ZWNJ, "نمي")) or word in ("مي", "نمي")):
        yield "copula"


def _capital(kind: Kind) -> tuple[str, ...]:
    """Return what an English capital shows: a name of what is asked for."""
    return ("capital", *{"who": ("person",), "where": ("place",)}.get(kind, ("person", "body")))


def _question_clues(word: str, sought: _Sought) -> Iterator[str]:
    forms = _forms(word)
    if not sought.forms.isdisjoint(forms) or (sought.skeletons and not sought.skeletons.isdisjoint(skeletons(word))):
        yield "matched"
    elif not sought.light.isdisjoint(forms):
        yield "matched light"
    if not sought.asked.isdisjoint(forms):
        yield "asked"


@lru_cache(maxsize=50_000)
def _forms(word: str) -> frozenset[str]:
    """Return the forms by which a word is known again: its stems, and its beginning where it is long."""
    found = {*stems(word), stem(word)}
    bare = stem(word)
    if len(bare) > _PREFIX:
        found.add(bare[:_PREFIX] + "*")
    return frozenset(found)


@lru_cache(maxsize=32)
def _sought(question: Question, language: Language) -> _Sought:
    heavy: list[str] = []
    light: list[str] = []
    foreign: set[str] = set()
    for term in question.all_terms:
        spoken = [*term.words, *(word for variant in term.variants(language) for word in variant)]
        for word in spoken:
            (light if is_light_word(word) or is_function_word(word) else heavy).append(word)
        if not term.entries:
            foreign |= {form for word in term.words if is_latin(word) != (language == "en") for form in skeletons(word)}
    asked = [word for word in (*asked_words(question.text), *_counted(question)) if not is_function_word(word)]
    return _Sought(_all_forms(heavy), _all_forms(light), _all_forms(asked), frozenset(foreign))


def _counted(question: Question) -> tuple[str, ...]:
    """Return the word behind "how many": what is counted, or its unit."""
    found, asked = words(question.text), asked_words(question.text)
    if question.kind != "howmany" or not asked or asked[-1] not in found:
        return ()
    place = found.index(asked[-1]) + 1
    return tuple(found[place : place + 1])


def _all_forms(found: Sequence[str]) -> frozenset[str]:
    return frozenset(form for word in found for form in _forms(word))


def _gaps(quote: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield the kind of what stands before each word and after the last."""
    last = 0
    for number, (start, end) in enumerate(spans):
        yield _gap(quote[last:start], "edge" if number == 0 else "space")
        last = end
    yield _gap(quote[last:], "edge")


def _gap(text: str, otherwise: str) -> str:
    return otherwise if text == " " else next((name for name, pattern in _GAPS if pattern.search(text)), otherwise)


def _distances(found: Sequence[Word]) -> Iterator[tuple[str, str]]:
    """Yield for each word how far the nearest word of the question before it, and behind it, is."""
    matched = [number for number, word in enumerate(found) if "matched" in word.clues]
    for number in range(len(found)):
        place = bisect_left(matched, number)
        before = number - matched[place - 1] if place else None
        at = place + (place < len(matched) and matched[place] == number)
        behind = matched[at] - number if at < len(matched) else None
        yield _distance(before), _distance(behind)


def _distance(steps: int | None) -> str:
    return "none" if steps is None else next((name for most, name in _DISTANCES if steps <= most), "far")
