"""What a topic names: its words -> the things (terms), and each thing -> its exact names in three languages, to be found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.text import EDGE, GRAM_LENGTH, ZWNJ, grams, is_latin, words
from index.types import LANGUAGES, Language
from rag.ask.term import Term, terms_of
from rag.text.glossary import Entry, Glossary
from rag.text.match import sounds_of, without_article

_CAPITALISED = re.compile(r"\b[A-Z][\w-]+")
# What Arabic writes as one word with the next, before a name without its article and before one with it.
_BEFORE = "(?:[وف]?(?:[بكل]|[بك]?ال|لل)?)"
_BEFORE_ARTICLE = "(?:[وف]?(?:[بك]?ال|لل|لال))"
_PERSIAN_ENDING = rf"(?:{ZWNJ}\w{{1,5}})?"
_PLURAL = {True: "(?:s|es)?", False: "(?:ها|هاي|ات|ين|ون|ان|ي)?"}
_SHORTEST_JOINED = 3


@dataclass(frozen=True, slots=True)
class Naming:
    """One thing by all its names: how a folded text shows one of them, and the grams of which each such text has a group."""

    names: tuple[str, ...]
    pattern: re.Pattern[str]
    groups: tuple[frozenset[str], ...]

    def stands_in(self, folded: str) -> bool:
        """Tell whether a folded text names it."""
        return self.pattern.search(folded) is not None


def things_in(text: str, language: Language, glossary: Glossary) -> tuple[Term, ...]:
    """Return the things that a text names, English capitals as names; its light words only where it has no others.

    What the glossary has as one term and is no name (the Louvre theft) is read word by word: articles tell it otherwise.
    """
    capitals = {word for name in _CAPITALISED.findall(text) for word in words(name)}
    found: list[Term] = []
    for term in terms_of(words(text), language, glossary):
        whole = term.is_name or len(term.words) == 1
        parts = [term] if whole else [part for word in term.words for part in terms_of([word], language, glossary)]
        found += [replace(part, is_name=part.is_name or capitals.issuperset(part.words)) for part in parts]
    return tuple(term for term in found if not term.is_light) or tuple(found)


def naming_of(term: Term) -> Naming:
    """Return the names of a term: as it was written, and the glossary's for the first thing that it may be.

    Of what is no name, the glossary has synonyms and neighbours too (museum, Louvre): there only those count that sound like
    the words that were written, and without such the one that another language prefers.
    """
    variants = list(dict.fromkeys([term.words, *(found for entry in term.entries[:1] for found in _variants(term, entry))]))
    patterns = "|".join(_pattern(variant, inflected=not term.is_name) for variant in sorted(variants, key=len, reverse=True))
    groups = [group for variant in variants for group in _groups(variant)]
    names = tuple(" ".join(variant) for variant in variants)
    return Naming(names, re.compile(rf"(?<!\w)(?:{patterns})(?!\w)"), tuple(dict.fromkeys(groups)))


def _variants(term: Term, entry: Entry) -> Iterator[tuple[str, ...]]:
    own = _sounds(term.words)
    for language in LANGUAGES:
        listed = entry.variants.get(language, ())
        if entry.is_name:
            yield from listed
        elif term.words not in listed:
            alike = [variant for variant in listed if own and own <= _sounds(variant)] or [
                variant for variant in listed if len(variant) == 1 and own & _sounds(variant)
            ]
            yield from alike or listed[:1]


def _sounds(variant: Sequence[str]) -> frozenset[str]:
    return sounds_of(map(without_article, variant))


def _pattern(variant: Sequence[str], *, inflected: bool) -> str:
    first, *rest = variant
    ending = _PLURAL[is_latin(variant[-1])] if inflected and len(variant[-1]) >= _SHORTEST_JOINED else ""
    if not is_latin(first) and not first.isdecimal():
        ending += _PERSIAN_ENDING
    between = rf"[\s{ZWNJ}]+"
    return between.join([_first(first), *map(_letters, rest)]) + ending


def _first(word: str) -> str:
    if is_latin(word) or word.isdecimal() or len(word) < _SHORTEST_JOINED:
        return _letters(word)
    if without_article(word) != word:
        return _BEFORE_ARTICLE + _letters(word[2:])
    return _BEFORE + _letters(word)


def _letters(word: str) -> str:
    return re.escape(word).replace(ZWNJ, rf"[\s{ZWNJ}]?")


def _groups(variant: Sequence[str]) -> list[frozenset[str]]:
    """Return groups of grams such that each text with the variant has all of one group."""
    whole = [word for word in variant if ZWNJ not in word]
    long = frozenset(gram for word in whole for gram in _inner(word))
    if long:
        return [long]
    first = min((part for word in variant for part in word.split(ZWNJ)), key=lambda part: -len(part))
    inner = frozenset(_inner(first))
    if inner:
        return [inner]
    bare = without_article(first)
    if len(bare) == GRAM_LENGTH - 1:
        return [frozenset({bare + EDGE}), frozenset({EDGE + bare})]
    return [frozenset(grams(bare))]


def _inner(word: str) -> list[str]:
    """Return the grams of a word that it has whatever is written before it or behind it."""
    return [] if word.isdecimal() else [gram for gram in grams(word) if EDGE not in gram]
