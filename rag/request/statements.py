"""Statements: what articles attribute to somebody, about a topic where one is named, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from index.text import squash
from index.types import Article, Filter, Language
from rag.ask.term import Term
from rag.phrases import in_quotation_marks, say
from rag.quote.topic import word_forms
from rag.request import tuning
from rag.request.naming import naming_of
from rag.request.request import Request
from rag.request.sources import Sources, quotes
from rag.request.speaker import sayings, speaker_of
from rag.types import Answer


def statements(request: Request, within: Filter, sources: Sources) -> Answer | None:
    """Return the answer of attributed sentences; None where there is none, because the search may find more."""
    speaker = speaker_of(request.person, request.language, sources.glossary)
    if speaker is None:
        return None
    found = list(islice(_said(speaker, request, within, sources), tuning.STATEMENTS + 1))
    citations = sources.citations(found[: tuning.STATEMENTS])
    if not citations:
        return None
    heading = say("person_said", request.language, person=in_quotation_marks(request.person, request.language))
    more = [say("more_was_said", request.language)] if len(found) > tuning.STATEMENTS else []
    return quotes(request, heading, citations, *more)


def _said(speaker: Term, request: Request, within: Filter, sources: Sources) -> Iterator[tuple[Article, int, int]]:
    """Yield the sentences that articles attribute to a speaker, each once."""
    topic = sources.terms(request.topic, request.language)
    naming = naming_of(speaker)
    told: set[str] = set()
    for article in islice(sources.newest_first([naming], within), tuning.ARTICLES_READ_FOR_STATEMENTS):
        for saying in sayings(article, naming):
            sentence = article.text[saying.start : saying.end]
            if squash(sentence) not in told and (not topic or _is_about(sentence, article, topic, request.language)):
                told.add(squash(sentence))
                yield article, saying.start, saying.end


def _is_about(sentence: str, article: Article, topic: Sequence[Term], language: Language) -> bool:
    """Tell whether a sentence, read under its title, is about a topic: it has every name, and something itself."""
    here, above = (word_forms(text, article.language) for text in (sentence, article.title))
    own = [here.meets(term) for term in topic]
    met = [one or above.meets(term) for one, term in zip(own, topic, strict=True)]
    if not any(own) or not all(has for has, term in zip(met, topic, strict=True) if term.is_name):
        return False
    least = tuning.TOPIC_IN_STATEMENT if article.language == language else tuning.TOPIC_IN_STATEMENT_ACROSS
    return sum(met) >= least * len(topic)
