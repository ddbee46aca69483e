"""A typed text -> the request that it is, or None for an ordinary question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from babel import Locale

from index.dates import month_names
from index.language import detect_language
from index.text import ZWNJ, fold, fold_offsets, words
from index.types import LANGUAGES, Language
from rag.ask.dependence import points_back
from rag.ask.kind import asked_words
from rag.ask.term import Term, terms_of
from rag.request.days import Span, named_span
from rag.request.request import Request
from rag.request.tongue import unserved_tongue
from rag.request.wordings import (
    ABOUT,
    ARTICLE_WORDS,
    ARTICLES,
    CONVERSATION,
    HAPPENINGS,
    NO_SUMMARY,
    STATEMENTS,
    SUMMARIES,
    TITLES,
    UNTOLD,
    WHO_IS,
)
from rag.text.common_words import is_function_word
from rag.text.glossary import Glossary
from rag.text.word_list import sentence_words

# Whose words can be told apart: a person's, or those of a body that speaks.
_SPEAKING = frozenset({"person", "organisation", "party", "group", "agency", "outlet", "region"})
_BESIDE_A_PERSON = frozenset({"office", "country", "city", "organisation", "party", "region"})
_LONGEST_UNKNOWN = 3
_LOCATIVE = re.compile(r"^(?:در|توی|في|in|at)\s+")
_POSSESSIVE = re.compile(r"['’]s?\s+\w")
_EDGES = f" \t.?!؟،,;:؛\"'«»“”()-–—…{ZWNJ}"


def read_request(
    text: str, glossary: Glossary, newest: date | None, today: date, conversation: bool = False
) -> Request | None:
    """Return what a text requests, or None where it asks an ordinary question.

    `newest` is the day of the archive's newest article, by which days without a year are read; `conversation` says that there
    are earlier questions, on which a single word may lean.
    """
    tongue = unserved_tongue(text)
    if tongue:
        return Request("unserved", tongue=tongue)
    bare = _bare(text, conversation)
    if bare:
        return bare
    whole = _read(text, glossary)
    # "from 16 to 21 October" may be a part of what an article tells: days are read only where the rest is a request.
    span = named_span(text, newest, today)
    rest = _without(text, span) if span else ""
    if span is None or not words(rest):
        return whole
    within = _happenings(rest) or _read(rest, glossary)
    return replace(within, days=span.days, rest=re.sub(r"\s+(?=[؟?!.،,])", "", " ".join(rest.split()))) if within else None


def _without(text: str, span: Span) -> str:
    return f"{text[: span.start]} {text[span.end :]}"


def _bare(text: str, conversation: bool) -> Request | None:
    """Return the request of a text that is but a word, a number, a greeting or an assent."""
    found = [word for word in words(text) if word != "لطفا"]
    if " ".join(found).replace(ZWNJ, " ") in UNTOLD:
        return Request("unclear", topic=text.strip(_EDGES))
    if conversation or not found:
        return None
    if all(word.isdecimal() for word in found):
        return Request("unclear", topic=text.strip(_EDGES))
    if len(found) == 1:
        asks = set(found) <= set(asked_words(text)) or is_function_word(found[0])
        return Request("unclear", topic=text.strip(_EDGES), bare=not asks)
    return None


def _read(text: str, glossary: Glossary) -> Request | None:
    return _summary(text, glossary) or _statements(text, glossary) or _articles(text) or _about(text)


def _summary(text: str, glossary: Glossary) -> Request | None:
    for parts in _matches(SUMMARIES, text):
        topic = _bare_topic(parts.get("topic", ""))
        if fold(topic).replace(ZWNJ, " ").startswith(NO_SUMMARY):
            return None
        said = _statements(topic, glossary)
        if said:
            return said
        pointing = fold(topic).replace(ZWNJ, " ") in CONVERSATION or not words(topic)
        pointing = pointing or (len(words(topic)) <= 2 and points_back(topic, detect_language(text)))
        return Request("summary", topic="" if pointing else topic)
    return None


def _bare_topic(topic: str) -> str:
    """Return what a summary is wanted of, without the words that call it an article."""
    while True:
        folded, offsets = fold_offsets(topic)
        found = ARTICLE_WORDS.match(folded.replace(ZWNJ, " "))
        if not found or not found.end():
            return topic.strip(_EDGES)
        topic = topic[offsets[found.end()] :] if found.end() < len(offsets) else ""


def _statements(text: str, glossary: Glossary) -> Request | None:
    for parts in _matches(STATEMENTS, text):
        person, topic = parts["person"].strip(_EDGES), (parts.get("topic") or "").strip(_EDGES)
        if topic and _is_time(topic):
            return None
        if speaker_of(person, detect_language(text), glossary):
            return Request("statements", topic=topic, person=person)
    return None


def _is_time(topic: str) -> bool:
    return any(word in month_names() or word in _weekdays() for word in words(topic)[:2])


@cache
def _weekdays() -> frozenset[str]:
    names = [name for code in LANGUAGES for name in Locale.parse(code).days["format"]["wide"].values()]
    return frozenset(words(" ".join([*names, "tv television"])))


def speaker_of(person: str, language: Language, glossary: Glossary) -> Term | None:
    """Return the one person or body whose words are wanted, or None where that is not certain: the ministry, Trump's lawyer."""
    found = words(person)
    if not found or _POSSESSIVE.search(person) or any(_is_of_another(word, language) for word in found):
        return None
    terms = [term for term in terms_of(found, language, glossary) if term.words[0] not in TITLES]
    persons = [term for term in terms if _kind(term) == "person"]
    if persons:
        beside = [term for term in terms if term not in persons]
        return persons[0] if len(persons) == 1 and all(_kind(term) in _BESIDE_A_PERSON for term in beside) else None
    if len(terms) == 1 and terms[0].entries:
        return terms[0] if _kind(terms[0]) in _SPEAKING else None
    return _unknown_person(person, terms, language)


def _is_of_another(word: str, language: Language) -> bool:
    return word in sentence_words("relational", language) or word.removeprefix("ال") in sentence_words("relational", language)


def _kind(term: Term) -> str:
    return term.entries[0].kind if term.entries else ""


def _unknown_person(person: str, terms: Sequence[Term], language: Language) -> Term | None:
    """Return a name that the glossary lacks: words in capitals, or Arabic letters without an article."""
    if not terms or len(terms) > _LONGEST_UNKNOWN or any(term.entries or term.is_light for term in terms):
        return None
    if language == "en" and not all(part[:1].isupper() for part in person.split()):
        return None
    # The last word alone is how articles name somebody after the first time.
    last = terms[-1].words[-1]
    if language != "en" and any(word.startswith("ال") and len(word) > 4 for term in terms for word in term.words):
        return None
    return Term((last,), is_name=True)


def _articles(text: str) -> Request | None:
    for parts in _matches(ARTICLES, text):
        topic = (parts.get("topic") or "").strip(_EDGES)
        return Request("articles", topic=topic)
    return None


def _about(text: str) -> Request | None:
    for parts in _matches(ABOUT, text):
        topic = (parts.get("topic") or "").strip(_EDGES)
        return None if points_back(topic, detect_language(text)) else Request("news", topic=topic)
    return None


def asks_openly(text: str, glossary: Glossary) -> Request | None:
    """Return the request for the news of a topic that an open question is, too: what happened there, who that person is."""
    found = _happenings(text) or _who_is(text, glossary)
    if found is None or not words(found.topic) or points_back(found.topic, detect_language(text)):
        return None
    return replace(found, kind="news")


def _who_is(text: str, glossary: Glossary) -> Request | None:
    for parts in _matches(WHO_IS, text):
        topic = parts["topic"].strip(_EDGES)
        person = speaker_of(topic, detect_language(text), glossary)
        return Request("news", topic=topic) if person and (not person.entries or _kind(person) == "person") else None
    return None


def _happenings(text: str) -> Request | None:
    for parts in _matches(HAPPENINGS, text):
        topic = " ".join(part.strip(_EDGES) for part in (parts.get("before") or "", parts.get("topic") or "")).strip()
        return Request("days", topic=_LOCATIVE.sub("", topic))
    return None


def _matches(patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[dict[str, str]]:
    """Yield what the groups of each pattern that a whole text matches hold, as it was written."""
    text = text.replace("’", "'").strip(_EDGES)
    folded, offsets = fold_offsets(text)
    offsets.append(len(text))
    for pattern in patterns:
        found = pattern.fullmatch(folded.replace(ZWNJ, " "))
        if found:
            spans = {name: found.span(name) for name, value in found.groupdict().items() if value is not None}
            yield {name: text[offsets[start] : offsets[end]] for name, (start, end) in spans.items()}
