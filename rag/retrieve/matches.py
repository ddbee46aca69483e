"""Why a passage was found: which of a question's terms stand in it, how each is written there, and where."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.text import ZWNJ, fold_offsets, is_latin, skeletons, stems
from index.types import Language
from rag.ask.question import Question
from rag.ask.term import Term
from rag.retrieve import tuning
from rag.text.match import same_words, sound_alike
from rag.types import Passage

# word: the question's own, in whatever form; glossary: another name of the same; sound: the same consonants, as across scripts.
How = Literal["word", "glossary", "sound"]

_WORD = re.compile(rf"[^\W_]+(?:{ZWNJ}+[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Match:
    """A term of the question in an article: as the question has it, how it was met, and `text`, `article.text[start:end]`."""

    term: str
    how: How
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text in their order, folded, with their places, and the positions of each of their stems."""

    folded: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    by_stem: Mapping[str, Sequence[int]]


def matches(question: Question, passage: Passage) -> tuple[Match, ...]:
    """Return where the terms of a question stand in a passage, in reading order, each term as it was met first.

    What only meaning or letters in common found has none.
    """
    found = _words_of(passage.chunk.text)
    told = (_match(term, found, passage) for term in question.all_terms)
    return tuple(sorted((match for match in told if match), key=lambda match: (match.start, match.end)))


def _match(term: Term, found: _Words, passage: Passage) -> Match | None:
    for how, start, end in _places(term, found, passage.chunk.language):
        first, last = found.places[start][0], found.places[end - 1][1]
        at = passage.chunk.start
        return Match(" ".join(term.words), how, passage.article.text[at + first : at + last], at + first, at + last)
    return None


def _places(term: Term, found: _Words, language: Language) -> Iterator[tuple[How, int, int]]:
    """Yield where a term may stand, as words from and to, the surest first."""
    for wording in (term.words, *((word,) for word in term.words if len(term.words) > 1)):
        yield from (("word", at, at + len(wording)) for at in _wording(wording, found))
    for wording in term.variants(language):
        yield from (("glossary", at, at + len(wording)) for at in _wording(wording, found))
    yield from (("sound", at, at + 1) for word in term.words for at in _sounding(word, found))


def _wording(wording: Sequence[str], found: _Words) -> Iterator[int]:
    """Yield the positions at which words stand in this order."""
    candidates = {at for stem in stems(wording[0]) for at in found.by_stem.get(stem, ())}
    yield from (at for at in sorted(candidates) if same_words(wording, found.folded[at : at + len(wording)]))


def _sounding(word: str, found: _Words) -> Iterator[int]:
    sounds = set(skeletons(word))
    if sounds:
        for at, other in enumerate(found.folded):
            if sound_alike(sounds, skeletons(other), across_scripts=is_latin(word) != is_latin(other)):
                yield at


@lru_cache(maxsize=tuning.TEXTS_IN_WORDS)
def _words_of(text: str) -> _Words:
    folded, offsets = fold_offsets(text)
    found = list(_WORD.finditer(folded))
    ends = [*offsets, len(text)]  # what folds to nothing behind a word, such as its last haraka, belongs to it
    places = tuple((offsets[word.start()], ends[word.end()]) for word in found)
    by_stem: defaultdict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(found):
        for stem in stems(word.group()):
            by_stem[stem].append(at)
    return _Words(tuple(word.group() for word in found), places, by_stem)
