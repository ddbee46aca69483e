"""Who finds the articles that mention something: by the names that were read in them, else by its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.catalog import Catalog
from index.entities.store import Entity
from index.listing import passes
from index.stores import LexicalStore
from index.text import squash
from index.types import Article, Filter
from rag.ask.term import Term
from rag.entities.lookup import Entities, is_named
from rag.request.naming import articles_naming, naming_of, newest_first
from rag.text.glossary import Glossary

_SHOWN_SPELLINGS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """Articles, newest first; other spellings of an unlisted name that were counted, and whether one alone was."""

    articles: tuple[Article, ...]
    spellings: tuple[str, ...] = ()
    by_one_spelling: bool = False


class MentionFinder(Protocol):
    """Finds the articles of a filter that mention each of some things; `topic` is how they were written."""

    def find(self, topic: str, terms: Sequence[Term], within: Filter) -> Found:
        """Return what was found; without terms, all articles of the filter."""


class MentionsByWords:
    """Finds by the words of a thing: the glossary's for what it may be, else as it was written."""

    def __init__(self, catalog: Catalog, lexical: LexicalStore) -> None:
        """Keep the archive."""
        self._catalog = catalog
        self._lexical = lexical

    def find(self, topic: str, terms: Sequence[Term], within: Filter) -> Found:
        """Return the articles whose words name each thing."""
        named = [naming_of(term) for term in terms]
        found = articles_naming(self._catalog, self._lexical, named, within)
        return Found(tuple(found), by_one_spelling=any(not term.entries for term in terms))


class MentionsByName:
    """Finds by the names that were read in the articles, a name of no glossary by its words as well; all else by words.

    Where the names of some articles were not read yet, words alone find.
    """

    def __init__(self, words: MentionFinder, catalog: Catalog, lexical: LexicalStore, glossary: Glossary) -> None:
        """Keep the archive and who finds by words."""
        self._words = words
        self._catalog = catalog
        self._lexical = lexical
        self._entities = Entities(catalog, glossary)

    def find(self, topic: str, terms: Sequence[Term], within: Filter) -> Found:
        """Return the articles that name each thing."""
        if not terms or not self._entities.are_read:
            return self._words.find(topic, terms, within)
        if whole := self._unlisted(topic, terms):
            return self._with_spellings(topic, terms, whole, within)
        named = [term for term in terms if any(map(is_named, term.entries[:1]))]
        if not named:
            return self._words.find(topic, terms, within)
        ids = set.intersection(*(self._ids(self._entities.of_entries(term.entries[:1])) for term in named))
        rest = [term for term in terms if term not in named]
        if rest:
            ids &= {article.article_id for article in self._words.find(topic, rest, within).articles}
        return Found(self._articles(ids, within), by_one_spelling=any(not term.entries for term in rest))

    def _unlisted(self, topic: str, terms: Sequence[Term]) -> Entity | None:
        """Return the one thing that a topic names as a whole, where the glossary knows it by none of its terms."""
        if len(terms) == 1 and terms[0].entries:
            return None
        found = self._entities.named(topic)
        return found[0] if len(found) == 1 else None

    def _with_spellings(self, topic: str, terms: Sequence[Term], entity: Entity, within: Filter) -> Found:
        by_words = {article.article_id for article in self._words.find(topic, terms, within).articles}
        articles = self._articles(by_words | self._ids([entity]), within)
        others = [each.name for each in entity.spellings if squash(each.name) != squash(topic)]
        return Found(articles, tuple(dict.fromkeys(others))[:_SHOWN_SPELLINGS], by_one_spelling=not others)

    def _ids(self, entities: Sequence[Entity]) -> set[str]:
        return set().union(*map(self._entities.store.article_ids, entities))

    def _articles(self, ids: set[str], within: Filter) -> tuple[Article, ...]:
        """Return the articles of these ids that pass a filter, as the search sees them, newest first."""
        seen = self._lexical.revision
        found = [article for each in ids if (article := self._catalog.article(each, seen)) and passes(article, within)]
        return tuple(sorted(found, key=newest_first))
