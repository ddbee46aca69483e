"""The news of some days, or of a topic: how many articles there are, and what the most telling of them say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from index.chunk import Span
from index.text import fold
from index.types import Article, Filter
from rag.ask.spelling import as_written
from rag.ask.term import Term
from rag.phrases import filter_in_words, in_quotation_marks, listed, not_told, say, written_count
from rag.request import tuning
from rag.request.mentions import newest_first
from rag.request.naming import naming_of
from rag.request.request import Request
from rag.request.sources import Sources, abstention, listing_of, quotes
from rag.request.summary import key_sentences
from rag.text.match import content_stems
from rag.types import Answer


def news_of_days(request: Request, within: Filter, sources: Sources) -> Answer:
    """Return the answer for some days, of a topic where one is named; an abstention where no article is of them."""
    topic = sources.terms(request.topic, request.language)
    met, articles = _articles_about(topic, within, sources)
    telling = _most_telling(articles, request, tuning.ARTICLES_OF_DAYS)
    oldest_first = sorted(telling, key=lambda article: (article.published or date.min, article.path))
    leads = [(article, span.start, span.end) for article in oldest_first for span in key_sentences(article, topic, most=1)]
    citations = sources.citations(leads)
    if not citations:
        return abstention(request, not_told(request.language, within))
    days = filter_in_words(Filter(since=within.since, until=within.until), request.language)[0]
    count = written_count(len(articles), request.language)
    key = "news_of_days_about" if met else "news_of_days"
    heading = say(key, request.language, days=days, count=count, topic=_as_written(met, request))
    return quotes(request, heading, citations, listing=listing_of(articles))


def news_of_topic(request: Request, within: Filter, sources: Sources) -> Answer | None:
    """Return what the newest articles that name all of a topic say of it; None where there are none."""
    topic = sources.terms(request.topic, request.language)
    articles = sources.mentions.find(request.topic, topic, within).articles if topic else ()
    telling = sorted(_most_telling(articles, request, tuning.ARTICLES_OF_TOPIC), key=newest_first)
    each = max(1, tuning.SENTENCES_OF_TOPIC // max(1, len(telling)))
    sentences = [(article, span.start, span.end) for article in telling for span in _of_topic(article, topic, each)]
    citations = sources.citations(sentences)
    if not citations:
        return None
    count = written_count(len(articles), request.language)
    heading = say("news_about", request.language, count=count, topic=_as_written(topic, request))
    return quotes(request, heading, citations, listing=listing_of(articles))


def _of_topic(article: Article, topic: Sequence[Term], most: int) -> list[Span]:
    """Return the key sentences of an article whose title is of the topic; of another, those that name it."""
    namings = [naming_of(term) for term in topic]

    def names_it(text: str) -> bool:
        return any(naming.stands_in(fold(text)) for naming in namings)

    if names_it(article.title):
        return key_sentences(article, topic, most)
    spans = key_sentences(article, topic, len(article.text))
    return [span for span in spans if names_it(article.text[span.start : span.end])][:most]


def _articles_about(topic: Sequence[Term], within: Filter, sources: Sources) -> tuple[Sequence[Term], list[Article]]:
    """Return the articles that name all of a topic, or else its names, or else its rarest word; and what they name."""
    names = [term for term in topic if term.is_name]
    for terms in (topic, names):
        articles = sources.articles([naming_of(term) for term in terms], within) if terms or not topic else []
        if articles:
            return terms, articles
    rest = [] if names else [([term], sources.articles([naming_of(term)], within)) for term in topic]
    return min((pair for pair in rest if pair[1]), key=lambda pair: len(pair[1]), default=(topic, []))


def _as_written(terms: Sequence[Term], request: Request) -> str:
    names = [in_quotation_marks(as_written(request.text, term.words), request.language) for term in terms]
    return listed(names, request.language) if names else ""


def _most_telling(articles: Sequence[Article], request: Request, most: int) -> list[Article]:
    """Return the articles whose titles share most with the others', one of each story."""
    titles = {article.article_id: content_stems(article.title) for article in articles}
    frequent = Counter(stem for title in titles.values() for stem in title)

    def weight(article: Article) -> float:
        title = titles[article.article_id]
        own = tuning.NEWS_IN_OWN_LANGUAGE if article.language == request.language else 1.0
        return own * sum(frequent[stem] for stem in title) / max(len(title), tuning.LEAST_STEMS_OF_TITLE)

    chosen: list[Article] = []
    told: list[frozenset[str]] = []
    for article in sorted(articles, key=lambda article: (-weight(article), article.path)):
        own = [titles[article.article_id], content_stems(article.text[: tuning.BEGINNING])]
        if not any(_is_same_story(one, other) for one in own for other in told):
            chosen.append(article)
            told += own
        if len(chosen) == most:
            break
    return chosen


def _is_same_story(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and len(one & other) > tuning.SAME_STORY * min(len(one), len(other))
