"""The articles that mention something: counted and listed from the whole archive, not from what a search ranks first."""

from __future__ import annotations

from dataclasses import replace

from index.types import Filter, Language
from rag.phrases import COMMA, filter_in_words, in_quotes, listed, not_told, say, written_count
from rag.request.request import Request
from rag.request.sources import Asked, Sources, listing_of
from rag.types import Answer, Listing


def mentions(request: Request, asked: Asked, within: Filter, sources: Sources) -> Answer | None:
    """Return the answer that counts and lists articles; None where what they shall mention has no word of substance."""
    terms = sources.terms(request.topic, asked.language) if request.topic else ()
    if request.topic and not terms:
        return None
    found = sources.mentions.find(request.topic, terms, within)
    listing = listing_of(found.articles)
    if not listing.count and not terms:
        return Answer(asked.text, asked.language, not_told(asked.language, within), "quotes", True, request="articles")
    count = written_count(listing.count, asked.language)
    topic = in_quotes(request.topic, asked.language)
    if not listing.count:
        told = say("nowhere_mentioned", asked.language, topic=topic)
    elif terms:
        told = _counted(say("mentioned", asked.language, topic=topic, count=count), listing, asked.language)
    else:
        told = _counted(say("in_archive", asked.language, count=count), listing, asked.language)
    notes = [say("one_spelling", asked.language)] if found.by_one_spelling else []
    if found.spellings:
        others = listed([in_quotes(name, asked.language) for name in found.spellings], asked.language)
        notes.append(say("spellings", asked.language, names=others))
    whole = Answer(asked.text, asked.language, "\n\n".join([told, *notes]), "quotes", False, confidence=1.0)
    return replace(whole, request="articles", listing=listing)


def _counted(told: str, listing: Listing, language: Language) -> str:
    """Return what is told of a number of articles with the first and the last day of them behind it."""
    days = filter_in_words(Filter(since=listing.first, until=listing.last), language)
    return f"{told}{COMMA[language]} {days[0]}." if days else f"{told}."
