"""The news of some days, or of a topic: how many articles there are, and what the most telling of them say, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.chunk import Span
from index.text import fold
from index.types import Article, Filter
from rag.ask.spelling import as_written
from rag.ask.term import Term
from rag.phrases import filter_in_words, in_quotes, listed, not_told, say, written_count
from rag.request.gist import key_sentences
from rag.request.naming import naming_of, newest_first
from rag.request.request import Request
from rag.request.sources import Asked, Sources, listing_of, quoting
from rag.text.match import content_stems
from rag.types import Answer

_MOST = 8
# Of a topic so many articles are quoted, the newest, and so many sentences where there are fewer of them.
_MOST_OF_TOPIC = 5
_SENTENCES = 3
# Titles with so much in common tell one story.
_ALIKE = 0.5
_BEGINNING = 160
_SHORT_TITLE = 4
# What a reader gains by an article in the language of the request.
_OWN_LANGUAGE = 1.5


def news_of_days(request: Request, asked: Asked, within: Filter, sources: Sources) -> Answer:
    """Return the answer for some days, of a topic where one is named; an abstention where no article is of them."""
    topic = sources.terms(request.topic, asked.language) if request.topic else ()
    met, articles = _about(topic, within, sources)
    chosen = sorted(_telling(articles, asked), key=lambda article: (article.published or date.min, article.path))
    citations = sources.citations([
        (article, span.start, span.end) for article in chosen for span in _lead(article, topic)
    ])  # fmt: skip
    if not citations:
        return Answer(
            asked.text, asked.language, not_told(asked.language, within), "quotes", True, request="days"
        )
    days = filter_in_words(Filter(since=within.since, until=within.until), asked.language)[0]
    count = written_count(len(articles), asked.language)
    heading = (
        say("news_of_days_about", asked.language, days=days, count=count, topic=_as_named(met, asked))
        if topic
        else say("news_of_days", asked.language, days=days, count=count)
    )
    return replace(quoting(asked, heading, citations), request="days", listing=listing_of(articles))


def news_of_topic(request: Request, asked: Asked, within: Filter, sources: Sources) -> Answer | None:
    """Return what the newest articles that name all of a topic say of it; None where there are none."""
    topic = sources.terms(request.topic, asked.language)
    articles = sources.mentions.find(request.topic, topic, within).articles if topic else ()
    chosen = sorted(_telling(articles, asked, _MOST_OF_TOPIC), key=newest_first)
    each = max(1, _SENTENCES // max(1, len(chosen)))
    citations = sources.citations([
        (article, span.start, span.end) for article in chosen for span in _of_topic(article, topic, each)
    ])  # fmt: skip
    if not citations:
        return None
    count = written_count(len(articles), asked.language)
    heading = say("news_about", asked.language, count=count, topic=_as_named(topic, asked))
    return replace(quoting(asked, heading, citations), request="news", listing=listing_of(articles))


def _of_topic(article: Article, topic: Sequence[Term], most: int) -> list[Span]:
    """Return the key sentences of an article whose title is of the topic; of another, those that name it."""
    namings = [naming_of(term) for term in topic]
    if any(naming.stands_in(fold(article.title)) for naming in namings):
        return key_sentences(article, topic, most)
    spans = key_sentences(article, topic, len(article.text))
    return [span for span in spans if any(one.stands_in(fold(article.text[span.start : span.end])) for one in namings)][:most]


def _about(topic: Sequence[Term], within: Filter, sources: Sources) -> tuple[Sequence[Term], list[Article]]:
    """Return the articles that name all of a topic, or else its names, or else its rarest word; and what they name."""
    names = [term for term in topic if term.is_name]
    for terms in (topic, names):
        articles = sources.articles([naming_of(term) for term in terms], within) if terms or not topic else []
        if articles:
            return terms, articles
    rest = [] if names else [([term], sources.articles([naming_of(term)], within)) for term in topic]
    return min((pair for pair in rest if pair[1]), key=lambda pair: len(pair[1]), default=(topic, []))


def _as_named(terms: Sequence[Term], asked: Asked) -> str:
    return listed([in_quotes(as_written(asked.text, term.words), asked.language) for term in terms], asked.language)


def _lead(article: Article, topic: Sequence[Term]) -> list[Span]:
    return key_sentences(article, topic, most=1)


def _telling(articles: Sequence[Article], asked: Asked, most: int = _MOST) -> list[Article]:
    """Return at most so many articles whose titles speak of what most others speak of, one of each story."""
    titles = {article.article_id: content_stems(article.title) for article in articles}
    frequent = Counter(stem for title in titles.values() for stem in title)

    def weight(article: Article) -> float:
        title = titles[article.article_id]
        own = _OWN_LANGUAGE if article.language == asked.language else 1.0
        return own * sum(frequent[stem] for stem in title) / max(len(title), _SHORT_TITLE)

    chosen: list[Article] = []
    told: list[frozenset[str]] = []
    for article in sorted(articles, key=lambda article: (-weight(article), article.path)):
        own = [titles[article.article_id], content_stems(article.text[:_BEGINNING])]
        if not any(_is_alike(one, other) for one in own for other in told):
            chosen.append(article)
            told += own
        if len(chosen) == most:
            break
    return chosen


def _is_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and len(one & other) > _ALIKE * min(len(one), len(other))
