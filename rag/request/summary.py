"""A summary: a topic -> the article that is most about it; an article -> its key sentences, and the answer of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from index.chunk import Span, split_sentences
from index.text import fold, squash, words
from index.types import Article, Filter
from rag.ask.question import read_question
from rag.ask.term import Term
from rag.phrases import in_quotation_marks, say
from rag.quote.topic import word_forms
from rag.request import tuning
from rag.request.naming import naming_of
from rag.request.request import Request
from rag.request.sources import Sources, quotes
from rag.text.instruction import is_instruction
from rag.text.match import content_stems
from rag.types import Answer

_ENDS = tuple(".!?؟…»”\")")


def summary(article: Article, request: Request, sources: Sources) -> Answer | None:
    """Return the answer of an article's key sentences; None where it has none."""
    citations = sources.citations([(article, span.start, span.end) for span in key_sentences(article)])
    if not citations:
        return None
    title = in_quotation_marks(article.title, article.language)
    return quotes(request, say("article_says", request.language, title=title), citations)


def best_article(request: Request, within: Filter, sources: Sources) -> Article | None:
    """Return the article of a filter that is most about a topic, or None where none has its names and most of its words."""
    terms = sources.terms(request.topic, request.language)
    if not terms:
        return None
    question = read_question(request.topic, (), sources.glossary, tuning.LONGEST_TOPIC)
    passages = sources.retriever.retrieve(question, tuning.PASSAGES_FOR_SUMMARY, within)
    found = list({passage.article.article_id: passage.article for passage in reversed(passages)}.values())
    shares = [_share_of_topic(article, terms) for article in found]
    own = [tuning.SUMMARY_IN_OWN_LANGUAGE * (article.language == request.language) for article in found]
    about = [(share + more, place) for place, (share, more) in enumerate(zip(shares, own, strict=True)) if share]
    return found[max(about)[1]] if about else None


def _share_of_topic(article: Article, terms: Sequence[Term]) -> float:
    """Return how much of a topic an article has, in its title and in its text; 0 where it is not about it.

    In a whole text some word sounds like any other: there a term counts by its exact names, by its sound in the title alone.
    """
    title, text = word_forms(article.title, article.language), fold(article.text)
    named = [naming_of(term) for term in terms]
    sounds = [not term.entries and title.meets(term) for term in terms]
    in_title = [naming.stands_in(fold(article.title)) or alike for naming, alike in zip(named, sounds, strict=True)]
    met = [above or naming.stands_in(text) for above, naming in zip(in_title, named, strict=True)]
    names = all(has for has, term in zip(met, terms, strict=True) if term.is_name)
    if sum(met) < tuning.TOPIC_IN_ARTICLE * len(terms) or not names:
        return 0.0
    return (sum(met) + tuning.TITLE_OF_ARTICLE * sum(in_title)) / len(terms)


def key_sentences(article: Article, topic: Sequence[Term] = (), most: int | None = None) -> list[Span]:
    """Return three to five sentences of an article (or `most`), in its order: the first, and those of what all speak of."""
    spans = _whole_sentences(article)
    contents = [content_stems(article.text[span.start : span.end]) for span in spans]
    frequent = Counter(stem for content in contents for stem in content)
    title = content_stems(article.title)

    def weight(place: int) -> float:
        content = contents[place]
        text = article.text[spans[place].start : spans[place].end]
        told = sum(frequent[stem] for stem in content) / max(len(content), tuning.LEAST_STEMS)
        met = sum(word_forms(text, article.language).meets(term) for term in topic) / (len(topic) or 1)
        first = tuning.FIRST_SENTENCE if place == 0 and not topic else 0.0
        in_title = len(content & title) / (len(title) or 1)
        return told + tuning.TITLE_IN_SENTENCE * in_title + tuning.TOPIC_IN_SENTENCE * met + first

    best = sorted(range(len(spans)), key=lambda place: (-weight(place), place))
    return [spans[place] for place in sorted(best[: _how_many(spans) if most is None else most])]


def _how_many(spans: Sequence[Span]) -> int:
    if len(spans) <= tuning.SHORT_ARTICLE:
        return tuning.SENTENCES_OF_SHORT
    return tuning.SENTENCES_OF_MIDDLING if len(spans) <= tuning.MIDDLING_ARTICLE else tuning.SENTENCES_OF_LONG


def _whole_sentences(article: Article) -> list[Span]:
    """Return the sentences that tell something: no heading, no repeated title, no order to a model."""
    title = squash(article.title)
    found: list[Span] = []
    for span in split_sentences(article.text, article.language):
        text = article.text[span.start : span.end]
        whole = len(words(text)) >= tuning.SHORTEST_SENTENCE and text.endswith(_ENDS)
        if whole and squash(text) != title and not is_instruction(text):
            found.append(span)
    return found
