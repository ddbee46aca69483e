"""Texts -> the index terms of each field, as the strings that Tantivy splits at spaces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from index.text import grams, is_latin, skeletons, stem, words
from index.types import Chunk, Language

FIELDS = ("grams", "stems", "opening", "skeletons")
# A passage that defines its subject names it within so many words.
_OPENING_TOKENS = 8


@dataclass(frozen=True, slots=True)
class _Token:
    """The terms of one piece of text between spaces."""

    grams: str
    stems: tuple[str, ...]
    arabic_skeletons: str
    latin_skeletons: str


@lru_cache(maxsize=200_000)
def _token(piece: str) -> _Token:
    """Return the terms of a piece of text without spaces. News repeats its words: hardly one in a hundred is worked out."""
    found = words(piece)
    return _Token(
        " ".join(gram for word in found for gram in grams(word)),
        tuple(stem(word) for word in found),
        " ".join(skeleton for word in found if not is_latin(word) for skeleton in skeletons(word)),
        " ".join(skeleton for word in found if is_latin(word) for skeleton in skeletons(word)),
    )


def index_terms(chunk: Chunk) -> dict[str, str]:
    """Return what each field of `FIELDS` holds of a chunk under its article's title.

    `grams`: the 4-grams, repetitions kept. `stems`: each stem once. `opening`: the grams and stems of the chunk's first
    words. `skeletons`: the consonant skeletons of the words in the language's own script.
    """
    body = [_token(piece) for piece in chunk.text.split()]
    tokens = [*map(_token, chunk.title.split()), *body]
    opening = body[:_OPENING_TOKENS]
    return {
        "grams": " ".join(token.grams for token in tokens if token.grams),
        "stems": _stems(tokens),
        "opening": " ".join([*(token.grams for token in opening), _stems(opening)]),
        "skeletons": " ".join(_skeletons(tokens, chunk.language)),
    }


def _stems(tokens: Iterable[_Token]) -> str:
    return " ".join(dict.fromkeys(stem for token in tokens for stem in token.stems))


def _skeletons(tokens: Iterable[_Token], language: Language) -> Iterable[str]:
    found = (token.latin_skeletons if language == "en" else token.arabic_skeletons for token in tokens)
    return filter(None, found)
