"""Texts -> the index terms of each field, as the strings that Tantivy splits at spaces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from index.cleaning.headline import stands_over
from index.text import analyse, index_stems, is_latin, skeletons, words
from index.types import Chunk, Language

FIELDS = ("grams", "stems", "opening", "skeletons")
# A passage that defines its subject names it within this many words.
_OPENING_TOKENS = 8
_MARKS = ".,;:!?()[]{}\"'«»“”‘’‹›،؛؟…-–—/|*"


@dataclass(frozen=True, slots=True)
class _Token:
    """The terms of one piece of text between spaces."""

    grams: str
    stems: str
    arabic_skeletons: str
    latin_skeletons: str


@lru_cache(maxsize=200_000)
def _token(piece: str, language: Language) -> _Token:
    """Return the terms of a piece of text without spaces. News repeats its words: hardly one in a hundred is worked out."""
    found = words(piece)
    return _Token(
        " ".join(analyse(piece)),
        " ".join(stem for word in found for stem in index_stems(word, language)),
        " ".join(skeleton for word in found if not is_latin(word) for skeleton in skeletons(word)),
        " ".join(skeleton for word in found if is_latin(word) for skeleton in skeletons(word)),
    )


def index_terms(chunk: Chunk) -> dict[str, str]:
    """Return what each field of `FIELDS` holds of a chunk under its article's title.

    `grams`: the 4-grams, repetitions kept. `stems`: each stem once. `opening`: the grams and stems of the chunk's first
    words. `skeletons`: the consonant skeletons of the words in the language's own script.
    """
    body = _tokens(chunk.text, chunk.language)
    # A text that has its headline for its first line says it once.
    title = "" if stands_over(chunk.title, chunk.text) else chunk.title
    tokens = _tokens(title, chunk.language) + body
    opening = body[:_OPENING_TOKENS]
    return {
        "grams": _joined(tokens, "grams"),
        "stems": _once(tokens),
        "opening": f"{_joined(opening, 'grams')} {_once(opening)}",
        "skeletons": _joined(tokens, "latin_skeletons" if chunk.language == "en" else "arabic_skeletons"),
    }


def _tokens(text: str, language: Language) -> list[_Token]:
    # Without the marks around it a word is the same piece more often.
    return [_token(piece.strip(_MARKS), language) for piece in text.split()]


def _joined(tokens: Iterable[_Token], field: str) -> str:
    return " ".join(filter(None, map(attrgetter(field), tokens)))


def _once(tokens: Iterable[_Token]) -> str:
    return " ".join(dict.fromkeys(" ".join(map(attrgetter("stems"), tokens)).split()))
