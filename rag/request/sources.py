"""The archive as requests see it: names go in; articles come out, and their sentences as citations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from index.catalog import Catalog
from index.stores import LexicalStore
from index.types import Article, ArticleRef, Filter, Language
from rag.ask.term import Term
from rag.quote.quoted_answer import quoted
from rag.request import tuning
from rag.request.mentions import Mentions, articles_naming, newest_naming
from rag.request.naming import Naming, things_in
from rag.request.request import Request
from rag.retrieve.retriever import Retriever
from rag.text.glossary import Glossary
from rag.types import Answer, Citation, Evidence, Listing, Passage, citation


class Sources:
    """Gives articles and quotes of one archive, as the search sees it."""

    def __init__(self, retriever: Retriever, glossary: Glossary) -> None:
        """Keep the archive's catalog and words, and the glossary that knows the names."""
        self.retriever = retriever
        self.glossary = glossary
        self.mentions = Mentions(retriever.catalog, retriever.lexical, glossary)
        # The last day of all in a state of the archive: to find it, every article is looked at.
        self._last: tuple[object, date | None] = (None, None)

    @property
    def _catalog(self) -> Catalog:
        return self.retriever.catalog

    @property
    def _lexical(self) -> LexicalStore:
        return self.retriever.lexical

    def newest(self, today: date) -> date | None:
        """Return the day of the newest article that is not of the future."""
        state, (known, last) = (self._catalog.revision, self._lexical.state), self._last
        if state != known:
            last = max((day for _, _, day in self._catalog.language_counts().values() if day), default=None)
            self._last = state, last
        return min(last, today) if last else None

    def articles(self, named: Sequence[Naming], within: Filter) -> list[Article]:
        """Return all articles of a filter that name each of these things, newest first."""
        return articles_naming(self._catalog, self._lexical, named, within)

    def newest_first(self, named: Sequence[Naming], within: Filter) -> Iterator[Article]:
        """Yield the same articles one by one, for those who need the newest only."""
        return newest_naming(self._catalog, self._lexical, named, within)

    def article(self, article_id: str) -> Article | None:
        """Return an article as the search sees it."""
        return self.retriever.article(article_id)

    def terms(self, topic: str, language: Language) -> tuple[Term, ...]:
        """Return the things that a topic names, none where there is no topic."""
        return things_in(topic, language, self.glossary) if topic else ()

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


def listing_of(articles: Sequence[Article]) -> Listing:
    """Return articles, newest first, as they are counted and listed."""
    days = [article.published for article in articles if article.published]
    newest = tuple(ArticleRef(*article.reference) for article in articles[: tuning.LISTED_ARTICLES])
    return Listing(len(articles), min(days, default=None), max(days, default=None), newest)


def quotes(
    request: Request, heading: str, citations: Sequence[Citation], *notes: str, listing: Listing | None = None
) -> Answer:
    """Return the answer of verbatim quotes under a heading, in the order given, notes behind them."""
    text = "\n\n".join([heading, *(quoted(item, request.language) for item in citations), *notes])
    return Answer(
        request.text, request.language, text, "quotes", False, tuple(citations), confidence=1.0, request=request.kind,
        listing=listing,
    )  # fmt: skip


def abstention(request: Request, text: str) -> Answer:
    """Return the answer that cites nothing and says why."""
    return Answer(request.text, request.language, text, "quotes", True, request=request.kind)
