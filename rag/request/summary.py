"""A summary: the key sentences of the best article on a topic, or of the one that the conversation is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.text import fold
from index.types import Article
from rag.ask.question import read_question
from rag.ask.term import Term
from rag.phrases import in_quotes, say
from rag.quote.topic import wording
from rag.request.gist import key_sentences
from rag.request.naming import naming_of
from rag.request.sources import Asked, Sources, quoting
from rag.types import Answer

_TOP_K = 20
_LONGEST_TOPIC = 500
# An article is about a topic whose names it has, and so much of the rest.
_LEAST_MET = 0.6
# What a term in the title counts beside one in the text.
_IN_TITLE = 0.6
# What a reader gains by an article in the language of the request.
_OWN_LANGUAGE = 0.5


def summary(article: Article, asked: Asked, sources: Sources) -> Answer | None:
    """Return the answer of an article's key sentences; None where it has none."""
    spans = key_sentences(article)
    citations = sources.citations([(article, span.start, span.end) for span in spans])
    if not citations:
        return None
    heading = say("article_says", asked.language, title=in_quotes(article.title, article.language))
    return replace(quoting(asked, heading, citations), request="summary")


def best_article(topic: str, asked: Asked, sources: Sources) -> Article | None:
    """Return the article that is most about a topic, or None where none has its names and most of its words."""
    question = read_question(topic, (), sources.glossary, _LONGEST_TOPIC)
    terms = sources.terms(topic, asked.language)
    if not terms:
        return None
    found = {
        passage.article.article_id: passage.article
        for passage in reversed(sources.retriever.retrieve(question, _TOP_K, asked.within))
    }
    about = {article_id: _aboutness(article, terms) for article_id, article in found.items()}
    own = {article_id: article.language == asked.language for article_id, article in found.items()}
    good = [article_id for article_id, share in about.items() if share]
    best = max(reversed(good), key=lambda each: about[each] + _OWN_LANGUAGE * own[each], default=None)
    return None if best is None else found[best]


def _aboutness(article: Article, terms: Sequence[Term]) -> float:
    """Return how much of a topic an article has, in its title and in its text; 0 where it is not about it.

    In a whole text some word sounds like any other: there a term counts by its exact names, by its sound in the title alone.
    """
    title, text = wording(article.title, article.language), fold(article.text)
    named = [naming_of(term) for term in terms]
    sounds = [not term.entries and title.meets(term) for term in terms]
    in_title = [naming.stands_in(fold(article.title)) or alike for naming, alike in zip(named, sounds, strict=True)]
    met = [above or naming.stands_in(text) for above, naming in zip(in_title, named, strict=True)]
    if sum(met) < _LEAST_MET * len(terms) or not all(has for has, term in zip(met, terms, strict=True) if term.is_name):
        return 0.0
    return (sum(met) + _IN_TITLE * sum(in_title)) / len(terms)
