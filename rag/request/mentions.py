"""The articles that mention something: counted and listed from the whole archive, not from what a search ranks first."""

from __future__ import annotations

from dataclasses import replace

from index.types import Filter
from rag.phrases import listed, not_told
from rag.request.phrases import IN_ARCHIVE, MENTIONED, NOWHERE_MENTIONED, ONE_SPELLING, SPELLINGS, counted, filled, named
from rag.request.request import Request
from rag.request.sources import Asked, Sources, listing_of
from rag.types import Answer


def mentions(request: Request, asked: Asked, within: Filter, sources: Sources) -> Answer | None:
    """Return the answer that counts and lists articles; None where what they shall mention has no word of substance."""
    terms = sources.terms(request.topic, asked.language) if request.topic else ()
    if request.topic and not terms:
        return None
    found = sources.mentions.find(request.topic, terms, within)
    listing = listing_of(found.articles)
    days = Filter(since=listing.first, until=listing.last)
    if not listing.count and not terms:
        return Answer(asked.text, asked.language, not_told(asked.language, within), "quotes", True, request="articles")
    topic = named(request.topic, asked.language)
    if not listing.count:
        told = filled(NOWHERE_MENTIONED, asked.language, topic=topic)
    elif terms:
        told = counted(MENTIONED, asked.language, listing.count, days, topic=topic)
    else:
        told = counted(IN_ARCHIVE, asked.language, listing.count, days)
    notes = [ONE_SPELLING[asked.language]] if found.by_one_spelling else []
    if found.spellings:
        others = listed([named(name, asked.language) for name in found.spellings], asked.language)
        notes.append(filled(SPELLINGS, asked.language, names=others))
    whole = Answer(asked.text, asked.language, "\n\n".join([told, *notes]), "quotes", False, confidence=1.0)
    return replace(whole, request="articles", listing=listing)
