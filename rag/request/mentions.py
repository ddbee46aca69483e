"""The articles of the whole archive that mention some things: names and a filter go in, articles come out, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.catalog import Catalog
from index.entities.store import Entity
from index.listing import passes
from index.queries import in_parts
from index.stores import LexicalStore
from index.text import fold, squash
from index.types import LANGUAGES, Article, Filter
from rag.ask.term import Term
from rag.entities.lookup import Entities, is_named
from rag.request import tuning
from rag.request.naming import Naming, naming_of
from rag.text.glossary import Glossary

# Chunks that are read from the catalog at a time.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Found:
    """Articles, newest first; other spellings of an unlisted name that were counted, and whether one alone was."""

    articles: tuple[Article, ...]
    spellings: tuple[str, ...] = ()
    by_one_spelling: bool = False


class Mentions:
    """Finds by the names that were read in the articles, a name of no glossary by its words as well; all else by words.

    Where the names of some articles are not read yet, only words find: the glossary's for a thing, else as it was written.
    """

    def __init__(self, catalog: Catalog, lexical: LexicalStore, glossary: Glossary) -> None:
        """Keep the archive, and the glossary by which names were read in it."""
        self._catalog = catalog
        self._lexical = lexical
        self._entities = Entities(catalog, glossary)

    def find(self, topic: str, terms: Sequence[Term], within: Filter) -> Found:
        """Return the articles of a filter that mention each of some things, all where there are none; `topic` is as written."""
        if not terms or not self._entities.are_read:
            return self._by_words(terms, within)
        if whole := self._unlisted(topic, terms):
            return self._with_spellings(topic, terms, whole, within)
        named = [term for term in terms if any(map(is_named, term.entries[:1]))]
        if not named:
            return self._by_words(terms, within)
        ids = set.intersection(*(self._ids(self._entities.of_entries(term.entries[:1])) for term in named))
        rest = [term for term in terms if term not in named]
        if rest:
            ids &= {article.article_id for article in self._by_words(rest, within).articles}
        return Found(self._articles(ids, within), by_one_spelling=any(not term.entries for term in rest))

    def _by_words(self, terms: Sequence[Term], within: Filter) -> Found:
        articles = articles_naming(self._catalog, self._lexical, [naming_of(term) for term in terms], within)
        return Found(tuple(articles), by_one_spelling=any(not term.entries for term in terms))

    def _unlisted(self, topic: str, terms: Sequence[Term]) -> Entity | None:
        """Return the one thing that a topic names as a whole, where the glossary knows it by none of its terms."""
        if len(terms) == 1 and terms[0].entries:
            return None
        found = self._entities.named(topic)
        return found[0] if len(found) == 1 else None

    def _with_spellings(self, topic: str, terms: Sequence[Term], entity: Entity, within: Filter) -> Found:
        by_words = {article.article_id for article in self._by_words(terms, within).articles}
        articles = self._articles(by_words | self._ids([entity]), within)
        others = [each.name for each in entity.spellings if squash(each.name) != squash(topic)]
        return Found(articles, tuple(dict.fromkeys(others))[: tuning.NAMED_SPELLINGS], by_one_spelling=not others)

    def _ids(self, entities: Sequence[Entity]) -> set[str]:
        return set().union(*map(self._entities.store.article_ids, entities))

    def _articles(self, ids: set[str], within: Filter) -> tuple[Article, ...]:
        """Return the articles of these ids that pass a filter, as the search sees them, newest first."""
        seen = self._lexical.revision
        found = [article for each in ids if (article := self._catalog.article(each, seen)) and passes(article, within)]
        return tuple(sorted(found, key=newest_first))


def articles_naming(catalog: Catalog, lexical: LexicalStore, named: Sequence[Naming], within: Filter) -> list[Article]:
    """Return all articles of a filter that name each of these things, newest first; of nothing, all articles of the filter."""
    seen = lexical.revision
    found = [article for article in _articles_of(catalog, _holding(lexical, named, within), seen) if _names_all(article, named)]
    return sorted(found, key=newest_first)


def newest_first(article: Article) -> tuple[int, str]:
    """Return what sorts articles with the newest first, of one day by their paths, those undated last."""
    return -(article.published or date.min).toordinal(), article.path


def newest_naming(catalog: Catalog, lexical: LexicalStore, named: Sequence[Naming], within: Filter) -> Iterator[Article]:
    """Yield the same articles, newest first, each read only when it is asked for; those of one day in a fixed order."""
    seen, held = lexical.revision, _holding(lexical, named, within)
    days: dict[int, date] = {}
    for part in in_parts(held, _BATCH):
        days |= catalog.days(part)
    held.sort(key=lambda chunk_id: (-days.get(chunk_id, date.min).toordinal(), chunk_id))
    yield from (article for article in _articles_of(catalog, held, seen) if _names_all(article, named))


def _holding(lexical: LexicalStore, named: Sequence[Naming], within: Filter) -> list[int]:
    """Return the chunks among which all that name the longest of the names are."""
    longest = max(named, key=lambda naming: min(map(len, naming.names)), default=None)
    groups = longest.groups if longest else ()
    return [chunk_id for language in LANGUAGES for chunk_id in lexical.holding(groups, language, within)]


def _names_all(article: Article, named: Sequence[Naming]) -> bool:
    folded = fold(f"{article.title}\n{article.text}") if named else ""
    return all(naming.stands_in(folded) for naming in named)


def _articles_of(catalog: Catalog, chunk_ids: Sequence[int], seen: int) -> Iterator[Article]:
    """Yield the articles of chunks, each once, in the order of their first chunks."""
    yielded: set[str] = set()
    for part in in_parts(chunk_ids, _BATCH):
        found = catalog.chunks(part, seen)
        for article in (found[chunk_id][1] for chunk_id in part if chunk_id in found):
            if article.article_id not in yielded:
                yielded.add(article.article_id)
                yield article
