"""The desk that requests come to: reads what is typed, and serves it where it is a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from index.language import detect_language
from index.load import readable
from index.text import words
from index.types import Article, Filter
from rag.phrases import not_told
from rag.request.asking_back import ask_back, ask_which_article, not_served
from rag.request.mentions import mentions
from rag.request.news import news_of_days, news_of_topic
from rag.request.recognition import asks_openly, read_request
from rag.request.request import Request
from rag.request.sources import Asked, Sources, narrowed
from rag.request.statements import statements
from rag.request.summary import best_article, summary
from rag.retrieve.retriever import Retriever
from rag.text.glossary import Glossary
from rag.types import Answer

# Longer texts are no requests, and take long to compare with the wordings of such.
_LONGEST = 300

Ask = Callable[[str, Sequence[str], Filter], Iterator[Answer]]


class RequestDesk:
    """Serves requests from one archive."""

    def __init__(self, retriever: Retriever, glossary: Glossary, ask: Ask, today: Callable[[], date] = date.today) -> None:
        """Keep the archive, and how a question before is asked anew: `ask` yields its answer, the quotes first."""
        self._sources = Sources(retriever, glossary)
        self._ask = ask
        self._today = today

    def serve(self, text: str, history: Sequence[str], within: Filter) -> Answer | None:
        """Return the answer to a request; None for an ordinary question, and where the search serves better."""
        text = " ".join(readable(text).split())
        if len(text) > _LONGEST or not words(text):
            return None
        today = self._today()
        request = read_request(text, self._sources.glossary, self._sources.newest(today), today, bool(history))
        if request is None:
            return None
        asked = Asked(text, detect_language(text), within)
        answer = self._sources.retriever.of_one_state(lambda: self._served(request, asked, history))
        if answer is None or request.days is None:
            return answer
        return replace(answer, within=narrowed(within, request.days), without_days=request.rest)

    def told_of(self, text: str, within: Filter) -> Answer | None:
        """Return what the articles tell of what an open question is about; None for a question that is not open.

        For one that the search cannot answer: no single sentence need tell what happened in Jamaica, or who Lavrov is.
        """
        text = " ".join(readable(text).split())
        request = asks_openly(text, self._sources.glossary) if len(text) <= _LONGEST else None
        if request is None:
            return None
        asked = Asked(text, detect_language(text), within)
        return self._sources.retriever.of_one_state(lambda: news_of_topic(request, asked, within, self._sources))

    def _served(self, request: Request, asked: Asked, history: Sequence[str]) -> Answer | None:
        if request.kind == "unserved":
            return not_served(request, asked)
        if request.kind == "unclear":
            return ask_back(request, asked, self._sources)
        within = narrowed(asked.within, request.days)
        if within is None:
            told = not_told(asked.language, asked.within)
            return Answer(asked.text, asked.language, told, "quotes", True, request=request.kind)
        if request.kind == "summary":
            return self._summary(request, replace(asked, within=within), history)
        make = {"statements": statements, "days": news_of_days, "news": news_of_topic, "articles": mentions}[request.kind]
        return make(request, asked, within, self._sources)

    def _summary(self, request: Request, asked: Asked, history: Sequence[str]) -> Answer | None:
        if request.topic:
            article = best_article(request.topic, asked, self._sources)
            return summary(article, asked, self._sources) if article else None
        before = self._cited_before(history, asked.within)
        told = summary(before, asked, self._sources) if before else None
        return told or ask_which_article(asked)

    def _cited_before(self, history: Sequence[str], within: Filter) -> Article | None:
        """Return the article that the last answer of the conversation cited first, or the only one that it listed."""
        for place in range(len(history) - 1, -1, -1):
            answer = next(self._ask(history[place], history[:place], within))
            if answer.citations:
                return self._sources.article(answer.citations[0].article_id)
            if answer.listing and answer.listing.count == 1:
                return self._sources.article(answer.listing.articles[0].article_id)
        return None
