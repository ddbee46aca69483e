"""Statements: what articles attribute to somebody, about a topic where one is named, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from index.text import squash
from index.types import Article, Filter
from rag.ask.term import Term
from rag.phrases import in_quotes, say
from rag.quote.topic import wording
from rag.request.attribution import sayings
from rag.request.naming import naming_of
from rag.request.recognition import speaker_of
from rag.request.request import Request
from rag.request.sources import Asked, Sources, quoting
from rag.types import Answer

_MOST = 10
# So many articles are read, the newest first; who is in the news every day says something in each.
_READ = 400
_LEAST_MET = 0.6
# In another language not every word has a name in the glossary.
_LEAST_MET_ACROSS = 0.5


def statements(request: Request, asked: Asked, within: Filter, sources: Sources) -> Answer | None:
    """Return the answer of attributed sentences; None where there is none, for then the search may find more."""
    speaker = speaker_of(request.person, asked.language, sources.glossary)
    if speaker is None:
        return None
    topic = sources.terms(request.topic, asked.language) if request.topic else ()
    found: list[tuple[Article, int, int]] = []
    for said in _said(speaker, topic, asked, within, sources):
        found.append(said)
        if len(found) > _MOST:
            break
    citations = sources.citations(found[:_MOST])
    if not citations:
        return None
    heading = say("person_said", asked.language, person=in_quotes(request.person, asked.language))
    more = [say("more_was_said", asked.language)] if len(found) > _MOST else []
    return replace(quoting(asked, heading, citations, *more), request="statements")


def _said(
    speaker: Term, topic: Sequence[Term], asked: Asked, within: Filter, sources: Sources
) -> Iterator[tuple[Article, int, int]]:
    naming = naming_of(speaker)
    told: set[str] = set()
    for article in islice(sources.newest_first([naming], within), _READ):
        for saying in sayings(article, naming):
            sentence = article.text[saying.start : saying.end]
            if squash(sentence) not in told and (not topic or _is_about(sentence, article, topic, asked)):
                told.add(squash(sentence))
                yield article, saying.start, saying.end


def _is_about(sentence: str, article: Article, topic: Sequence[Term], asked: Asked) -> bool:
    """Tell whether a sentence, read under its title, is about a topic: it has every name, and something itself."""
    here, above = (wording(text, article.language) for text in (sentence, article.title))
    own = [here.meets(term) for term in topic]
    met = [one or above.meets(term) for one, term in zip(own, topic, strict=True)]
    if not any(own) or not all(has for has, term in zip(met, topic, strict=True) if term.is_name):
        return False
    return sum(met) >= (_LEAST_MET if article.language == asked.language else _LEAST_MET_ACROSS) * len(topic)
