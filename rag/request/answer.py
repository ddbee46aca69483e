"""What was typed -> the answer, if it is a request; None for an ordinary question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from index.text import words
from index.types import Article, Filter
from rag.ask.question import one_line
from rag.phrases import COMMA, filter_in_words, in_quotation_marks, listed, not_told, say, written_count
from rag.request import tuning
from rag.request.days import Days
from rag.request.news import news_of_days, news_of_topic
from rag.request.request import Request, read_open_question, read_request
from rag.request.sources import Sources, abstention, listing_of
from rag.request.statements import statements
from rag.request.summary import best_article, summary
from rag.retrieve.retriever import Retriever
from rag.text.glossary import Glossary
from rag.types import Answer

Ask = Callable[[str, Sequence[str], Filter], Iterator[Answer]]


class RequestAnswerer:
    """Answers requests from one archive."""

    def __init__(self, retriever: Retriever, glossary: Glossary, ask: Ask, today: Callable[[], date] = date.today) -> None:
        """Keep the archive, and `ask`, which answers an earlier question again and yields its answer, the quotes first."""
        self._sources = Sources(retriever, glossary)
        self._ask = ask
        self._today = today

    def answer(self, text: str, history: Sequence[str], within: Filter) -> Answer | None:
        """Return the answer to a request; None for an ordinary question, and where the search serves better."""
        text = one_line(text)
        if len(text) > tuning.LONGEST_REQUEST or not words(text):
            return None
        today = self._today()
        request = read_request(text, self._sources.glossary, self._sources.newest(today), today, bool(history))
        if request is None:
            return None
        answer = self._sources.retriever.of_one_state(lambda: self._answer(request, within, history))
        if answer is None or request.days is None:
            return answer
        return replace(answer, within=_narrowed(within, request.days), without_days=request.without_days)

    def answer_open_question(self, text: str, within: Filter) -> Answer | None:
        """Return what the articles say about the subject of an open question; None for a question that is not open.

        For one that the search cannot answer: no single sentence need tell what happened in Jamaica, or who Lavrov is.
        """
        text = one_line(text)
        request = read_open_question(text, self._sources.glossary) if len(text) <= tuning.LONGEST_REQUEST else None
        if request is None:
            return None
        return self._sources.retriever.of_one_state(lambda: news_of_topic(request, within, self._sources))

    def _answer(self, request: Request, within: Filter, history: Sequence[str]) -> Answer | None:
        if request.kind == "unserved":
            tongue = say(f"tongue.{request.tongue}", request.language)
            return abstention(request, say("not_served", request.language, tongue=tongue))
        if request.kind == "unclear":
            return _ask_back(request, within, self._sources)
        narrowed = _narrowed(within, request.days)
        if narrowed is None:
            return abstention(request, not_told(request.language, within))
        if request.kind == "summary":
            return self._summary(request, narrowed, history)
        make = {"statements": statements, "days": news_of_days, "news": news_of_topic, "articles": _mentioning}[request.kind]
        return make(request, narrowed, self._sources)

    def _summary(self, request: Request, within: Filter, history: Sequence[str]) -> Answer | None:
        article = best_article(request, within, self._sources) if request.topic else self._cited_before(history, within)
        told = summary(article, request, self._sources) if article else None
        if told or request.topic:
            return told
        return abstention(replace(request, kind="unclear"), say("which_article", request.language))

    def _cited_before(self, history: Sequence[str], within: Filter) -> Article | None:
        """Return the article that the last answer of the conversation cited first, or the only one that it listed."""
        for place in range(len(history) - 1, -1, -1):
            answer = next(self._ask(history[place], history[:place], within))
            if answer.citations:
                return self._sources.article(answer.citations[0].article_id)
            if answer.listing and answer.listing.count == 1:
                return self._sources.article(answer.listing.articles[0].article_id)
        return None


def _ask_back(request: Request, within: Filter, sources: Sources) -> Answer:
    """Return the answer to a single word, a number or a yes: what is meant? It names the articles that mention the word."""
    word = in_quotation_marks(request.topic, request.language)
    if not request.single_word:
        return abstention(request, say("what_is_meant", request.language, word=word))
    alone = say("one_word", request.language, word=word)
    found = _mentioning(request, within, sources)
    if found is None:
        return abstention(request, alone)
    return replace(abstention(request, f"{alone}\n\n{found.answer}"), listing=found.listing)


def _mentioning(request: Request, within: Filter, sources: Sources) -> Answer | None:
    """Return the answer that counts and lists articles; None where what they shall mention has no word of substance."""
    language, terms = request.language, sources.terms(request.topic, request.language)
    if request.topic and not terms:
        return None
    found = sources.mentions.find(request.topic, terms, within)
    listing = listing_of(found.articles)
    if not listing.count and not terms:
        return abstention(request, not_told(language, within))
    topic = in_quotation_marks(request.topic, language)
    if not listing.count:
        told = say("nowhere_mentioned", language, topic=topic)
    else:
        key, count = "mentioned" if terms else "in_archive", written_count(listing.count, language)
        days = filter_in_words(Filter(since=listing.first, until=listing.last), language)
        told = say(key, language, topic=topic, count=count) + (f"{COMMA[language]} {days[0]}." if days else ".")
    notes = [say("one_spelling", language)] if found.by_one_spelling else []
    if found.spellings:
        others = listed([in_quotation_marks(name, language) for name in found.spellings], language)
        notes.append(say("spellings", language, names=others))
    text = "\n\n".join([told, *notes])
    return Answer(request.text, language, text, "quotes", False, confidence=1.0, request=request.kind, listing=listing)


def _narrowed(within: Filter, days: Days | None) -> Filter | None:
    """Return a filter with the days that a request names as well; None where no day is in both."""
    if days is None:
        return within
    since = max((day for day in (within.since, days.since) if day), default=None)
    until = min((day for day in (within.until, days.until) if day), default=None)
    if since and until and since > until:
        return None
    return Filter(within.outlets, within.languages, since, until)
