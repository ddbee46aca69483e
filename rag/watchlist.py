"""The watchlist: a question or a name goes in, the articles that came on it since it was last told come out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from index.catalog import Catalog
from index.language import detect_language
from index.stores import LexicalStore
from index.text import fold
from index.types import EVERYTHING, Article, KhabarError
from index.watching.store import Watched, WatchStore
from rag.entities.lookup import Entities
from rag.request.mentions import articles_naming, newest_first
from rag.request.naming import Naming, naming_of, things_in
from rag.text.glossary import Glossary

# An article is on a watched question if it has all its names, and this share of its other words.
_SHARE_OF_OTHER_WORDS = 0.5


class NothingToWatch(KhabarError):
    """A search that names nothing."""


@dataclass(frozen=True, slots=True)
class WatchNews:
    """What is new on one saved search: the articles, newest first."""

    watched: Watched
    articles: tuple[Article, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        articles = [each.to_json() for each in self.articles]
        return {"id": self.watched.watch_id, "watched": self.watched.text, "articles": articles}


class Watchlist:
    """The saved searches of one archive."""

    def __init__(
        self,
        catalog: Catalog,
        glossary: Glossary,
        today: Callable[[], date] = date.today,
        entities: Entities | None = None,
    ) -> None:
        """Keep the archive, and the glossary by which searches are read in all languages.

        `entities` are its names read by the same glossary, where somebody has them at hand: they take a second to make.
        """
        self.store = WatchStore(catalog)
        self._catalog = catalog
        self._glossary = glossary
        self._entities = entities or Entities(catalog, glossary)
        self._today = today

    def add(self, text: str, lexical: LexicalStore) -> tuple[Watched, int]:
        """Save a search, and return it with the number of articles that are on it now. Raises KhabarError."""
        text = " ".join(text.split())
        names, rest = self._things(text)
        if not names and not rest:
            raise NothingToWatch(f"'{text}' names nothing to watch for", "give a name, or a question about something")
        revision = self._catalog.revision
        groups = [names] if names else [[naming] for naming in rest]
        near = [article for group in groups for article in articles_naming(self._catalog, lexical, group, EVERYTHING)]
        by_name, sure = self._named(text)
        by_words = set() if sure else {article.article_id for article in near if _is_on(article, names, rest)}
        known = by_name | by_words
        return self.store.add(text, self._today(), known, revision), len(known)

    def news(self) -> list[WatchNews]:
        """Return for each saved search what came on it since it was last told; searches without news are left out."""
        found = []
        for watched in self.store.all():
            fresh = set(self.store.articles_since(watched.revision)) - self.store.known(watched)
            articles = self._on(watched.text, fresh)
            if articles:
                found.append(WatchNews(watched, tuple(articles)))
        return found

    def tell(self, news: Sequence[WatchNews], revision: int) -> None:
        """Note that the news was told, and that there is no other up to a revision."""
        told = {each.watched.watch_id: [article.article_id for article in each.articles] for each in news}
        for watched in self.store.all():
            self.store.told(watched, told.get(watched.watch_id, ()), revision)

    def _on(self, text: str, article_ids: Collection[str]) -> list[Article]:
        names, rest = self._things(text)
        named, sure = self._named(text)
        articles = [article for each in sorted(article_ids) if (article := self._catalog.article(each))]
        found = [each for each in articles if each.article_id in named or (not sure and _is_on(each, names, rest))]
        return sorted(found, key=newest_first)

    def _named(self, text: str) -> tuple[set[str], bool]:
        """Return the articles that name the one thing that a search is the name of, and whether words need not be asked.

        They need not where the glossary has the name: by words, Eric Trump would be Trump.
        """
        if not self._entities.are_read:
            return set(), False
        found = self._entities.named(text)[:1]
        return set().union(*map(self._entities.store.article_ids, found)), self._entities.is_listed(text)

    def _things(self, text: str) -> tuple[list[Naming], list[Naming]]:
        """Return what a search names, and what else it is about."""
        terms = [term for term in things_in(text, detect_language(text), self._glossary) if not term.is_light]
        return (
            [naming_of(term) for term in terms if term.is_name],
            [naming_of(term) for term in terms if not term.is_name],
        )


def _is_on(article: Article, names: Sequence[Naming], rest: Sequence[Naming]) -> bool:
    if not names and not rest:
        return False
    folded = fold(f"{article.title}\n{article.text}")
    if not all(naming.stands_in(folded) for naming in names):
        return False
    return not rest or sum(naming.stands_in(folded) for naming in rest) >= _SHARE_OF_OTHER_WORDS * len(rest)
