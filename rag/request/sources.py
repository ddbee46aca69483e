"""The archive as requests are served from it: articles, their chunks, and quotes of their sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.catalog import Catalog
from index.stores import LexicalStore
from index.text import words
from index.types import Article, ArticleRef, Filter, Language
from rag.ask.term import Term, terms_of
from rag.quote.quoted_answer import quoted
from rag.request.mention_finder import MentionFinder, MentionsByName, MentionsByWords
from rag.request.naming import Naming, articles_naming, newest_naming
from rag.request.request import Days
from rag.retrieve.retriever import Retriever
from rag.text.glossary import Glossary
from rag.types import Answer, Citation, Evidence, Listing, Passage, citation

_LISTED = 50
_CAPITALISED = re.compile(r"\b[A-Z][\w-]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's own words: the text, its language, and the filter under which it is asked."""

    text: str
    language: Language
    within: Filter


class Sources:
    """Gives articles and quotes of one archive, as the search sees it."""

    def __init__(self, retriever: Retriever, glossary: Glossary, mentions: MentionFinder | None = None) -> None:
        """Keep the archive's catalog and words, the glossary that knows the names, and who finds the articles of a name."""
        self.retriever = retriever
        self.glossary = glossary
        words = MentionsByWords(retriever.catalog, retriever.lexical)
        self.mentions = mentions or MentionsByName(words, retriever.catalog, retriever.lexical, glossary)

    @property
    def _catalog(self) -> Catalog:
        return self.retriever.catalog

    @property
    def _lexical(self) -> LexicalStore:
        return self.retriever.lexical

    def newest(self, today: date) -> date | None:
        """Return the day of the newest article that is not of the future."""
        days = [last for _, _, last in self._catalog.language_counts().values() if last]
        return min(max(days), today) if days else None

    def articles(self, named: Sequence[Naming], within: Filter) -> list[Article]:
        """Return all articles of a filter that name each of these things, newest first."""
        return articles_naming(self._catalog, self._lexical, named, within)

    def newest_first(self, named: Sequence[Naming], within: Filter) -> Iterator[Article]:
        """Yield the same articles one by one, for those who need the newest only."""
        return newest_naming(self._catalog, self._lexical, named, within)

    def article(self, article_id: str) -> Article | None:
        """Return an article as the search sees it."""
        return self.retriever.article(article_id)

    def terms(self, text: str, language: Language) -> tuple[Term, ...]:
        """Return the things that a topic names, as `things_in` reads them."""
        return things_in(text, language, self.glossary)

    def citations(self, sentences: Sequence[tuple[Article, int, int]]) -> tuple[Citation, ...]:
        """Return sentences as citations, numbered in their order; those of an article that is gone meanwhile are left out."""
        seen = self._lexical.revision
        found: list[Citation] = []
        for article, start, end in sentences:
            chunks = self._catalog.chunks(self._catalog.chunk_ids_of(article.article_id), seen)
            holding = (chunk for chunk, _ in chunks.values() if chunk.start <= start and end <= chunk.end)
            chunk = next(holding, None)
            if chunk is not None:
                found.append(citation(len(found) + 1, Evidence(Passage(chunk, article, 1, 1.0), start, end, 1.0)))
        return tuple(found)


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


def listing_of(articles: Sequence[Article]) -> Listing:
    """Return articles, newest first, as they are counted and listed."""
    days = [article.published for article in articles if article.published]
    newest = tuple(ArticleRef(*article.reference) for article in articles[:_LISTED])
    return Listing(len(articles), min(days, default=None), max(days, default=None), newest)


def quoting(asked: Asked, heading: str, citations: Sequence[Citation], *notes: str) -> Answer:
    """Return an answer of verbatim quotes under a heading, in the order given."""
    lines = [heading, *(quoted(item, asked.language) for item in citations), *notes]
    return Answer(asked.text, asked.language, "\n\n".join(lines), "quotes", False, tuple(citations), confidence=1.0)


def narrowed(within: Filter, days: Days | None) -> Filter | None:
    """Return a filter with the days that a request names as well; None where no day is in both."""
    if days is None:
        return within
    since = max((day for day in (within.since, days.since) if day), default=None)
    until = min((day for day in (within.until, days.until) if day), default=None)
    if since and until and since > until:
        return None
    return Filter(within.outlets, within.languages, since, until)
