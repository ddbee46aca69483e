"""The exact names of a thing in three languages, and the articles of the whole archive that name it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.catalog import Catalog
from index.stores import LexicalStore
from index.text import EDGE, GRAM_LENGTH, ZWNJ, fold, grams, is_latin
from index.types import LANGUAGES, Article, Filter
from rag.ask.term import Term
from rag.text.glossary import Entry
from rag.text.match import sounds_of, without_article

_BATCH = 200
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


def articles_naming(catalog: Catalog, lexical: LexicalStore, named: Sequence[Naming], within: Filter) -> list[Article]:
    """Return all articles of a filter that name each of these things, newest first; of nothing, all articles of the filter."""
    seen = lexical.revision
    found = [article for article in _articles(catalog, _holding(lexical, named, within), seen) if _names_all(article, named)]
    return sorted(found, key=newest_first)


def newest_first(article: Article) -> tuple[int, str]:
    """Return what sorts articles with the newest first, of one day by their paths, those undated last."""
    return -(article.published or date.min).toordinal(), article.path


def newest_naming(catalog: Catalog, lexical: LexicalStore, named: Sequence[Naming], within: Filter) -> Iterator[Article]:
    """Yield the same articles, newest first, each read only when it is asked for; those of one day in a fixed order."""
    seen, held = lexical.revision, _holding(lexical, named, within)
    days: dict[int, date] = {}
    for start in range(0, len(held), _BATCH):
        days |= catalog.days(held[start : start + _BATCH])
    held.sort(key=lambda chunk_id: (-days.get(chunk_id, date.min).toordinal(), chunk_id))
    yield from (article for article in _articles(catalog, held, seen) if _names_all(article, named))


def _holding(lexical: LexicalStore, named: Sequence[Naming], within: Filter) -> list[int]:
    """Return the chunks among which all that name the longest of the names are."""
    longest = max(named, key=lambda naming: min(map(len, naming.names)), default=None)
    groups = longest.groups if longest else ()
    return [chunk_id for language in LANGUAGES for chunk_id in lexical.holding(groups, language, within)]


def _names_all(article: Article, named: Sequence[Naming]) -> bool:
    folded = fold(f"{article.title}\n{article.text}") if named else ""
    return all(naming.stands_in(folded) for naming in named)


def _articles(catalog: Catalog, chunk_ids: Sequence[int], seen: int) -> Iterator[Article]:
    """Yield the articles of chunks, each once, in the order of their first chunks."""
    yielded: set[str] = set()
    for start in range(0, len(chunk_ids), _BATCH):
        part = chunk_ids[start : start + _BATCH]
        found = catalog.chunks(part, seen)
        for article in (found[chunk_id][1] for chunk_id in part if chunk_id in found):
            if article.article_id not in yielded:
                yielded.add(article.article_id)
                yield article
