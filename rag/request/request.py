"""What was typed -> a Request: what is asked for, about whom or what, of which days; None for an ordinary question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from index.dates import month_names
from index.language import detect_language
from index.text import ZWNJ, fold, fold_offsets, words
from index.types import Language
from rag.ask.dependence import points_back
from rag.ask.kind import asked_words
from rag.request import tuning
from rag.request.days import Days, find_days
from rag.request.speaker import is_person, speaker_of
from rag.request.tongue import unserved_tongue
from rag.request.wordings import beginning, patterns
from rag.text.common_words import is_function_word
from rag.text.days import weekdays
from rag.text.glossary import Glossary
from rag.text.word_list import word_list
from rag.types import RequestKind

_WORDS = "request_words.tsv"
# The language in which readers of an unserved tongue are answered; of the others, the one whose script it is in.
_ANSWERED_IN: dict[str, Language] = {"fa-latin": "fa", "ar-latin": "ar", "fr": "en", "es": "en", "de": "en", "tr": "en"}
_PLEASE = "لطفا"
_IN_A_PLACE = re.compile(r"^(?:در|توی|في|in|at)\s+")
_EDGES = f" \t.?!؟،,;:؛\"'«»“”()-–—…{ZWNJ}"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for where that is not a fact: `person` is whose words, `topic` is about what; both as they were written.

    `language` is the one to answer in, `without_days` the text without the words of its `days`. A summary without a topic is
    of what the conversation is about. `tongue` is the language of a question in none of the three, and `single_word` says that
    a word is all there is.
    """

    kind: RequestKind
    text: str
    language: Language
    topic: str = ""
    person: str = ""
    days: Days | None = None
    without_days: str = ""
    tongue: str = ""
    single_word: bool = False


def read_request(
    text: str, glossary: Glossary, newest: date | None, today: date, conversation: bool = False
) -> Request | None:
    """Return what a text requests, or None where it asks an ordinary question.

    `newest` is the day of the archive's newest article, by which days without a year are read; `conversation` says that there
    are earlier questions, on which a single word may lean.
    """
    if tongue := unserved_tongue(text):
        return Request("unserved", text, _ANSWERED_IN.get(tongue) or detect_language(text), tongue=tongue)
    if unclear := _unclear(text, conversation):
        return unclear
    # "from 16 to 21 October" may be a part of what an article tells: days are read only where the rest is a request.
    found = find_days(text, newest, today)
    rest = f"{text[: found.start]} {text[found.end :]}" if found else ""
    if found is None or not words(rest):
        return _read(text, glossary)
    within = _happenings(rest) or _read(rest, glossary)
    if within is None:
        return None
    tidy = re.sub(r"\s+(?=[؟?!.،,])", "", " ".join(rest.split()))
    return replace(within, text=text, language=detect_language(text), days=found.days, without_days=tidy)


def read_open_question(text: str, glossary: Glossary) -> Request | None:
    """Return the request for news that an open question also is (what happened there, who is that person); else None."""
    found = _happenings(text) or _who_is(text, glossary)
    if found is None or not words(found.topic) or points_back(found.topic, detect_language(text)):
        return None
    return replace(found, kind="news")


def _unclear(text: str, conversation: bool) -> Request | None:
    """Return the request of a text that is but a word, a number, a greeting or an assent."""
    found = [word for word in words(text) if word != _PLEASE]
    unclear = Request("unclear", text, detect_language(text), topic=text.strip(_EDGES))
    if (whole := _spaced(" ".join(found))) in _standing_alone():
        return replace(unclear, language=_standing_alone()[whole])
    if conversation or not found:
        return None
    if all(word.isdecimal() for word in found):
        return unclear
    if len(found) == 1:
        asks = set(found) <= set(asked_words(text)) or is_function_word(found[0])
        return replace(unclear, single_word=not asks)
    return None


@cache
def _standing_alone() -> dict[str, Language]:
    """Return what asks nothing where it stands alone, with its language."""
    languages: tuple[Language, ...] = ("en", "ar", "fa")
    return {word: language for language in languages for word in word_list(_WORDS, "alone", language)}


def _read(text: str, glossary: Glossary) -> Request | None:
    return _summary(text, glossary) or _statements(text, glossary) or _articles(text) or _about(text)


def _summary(text: str, glossary: Glossary) -> Request | None:
    for parts in _matches("summary", text):
        topic = _without_article_words(parts.get("topic", ""))
        folded = _spaced(fold(topic))
        if folded.startswith(tuple(word_list(_WORDS, "fact"))):
            return None
        if said := _statements(topic, glossary):
            return replace(said, text=text, language=detect_language(text))
        pointing = folded in word_list(_WORDS, "pointing") or not words(topic)
        pointing = pointing or (len(words(topic)) <= tuning.POINTING_WORDS and points_back(topic, detect_language(text)))
        return _request("summary", text, "" if pointing else topic)
    return None


def _without_article_words(topic: str) -> str:
    """Return what a summary is wanted of, without the words that call it an article."""
    while True:
        folded, offsets = fold_offsets(topic)
        found = beginning("article").match(_spaced(folded))
        if not found or not found.end():
            return topic.strip(_EDGES)
        topic = topic[offsets[found.end()] :] if found.end() < len(offsets) else ""


def _statements(text: str, glossary: Glossary) -> Request | None:
    for parts in _matches("statements", text):
        person, topic = parts["person"].strip(_EDGES), parts.get("topic", "").strip(_EDGES)
        if topic and _is_time(topic):
            return None
        if speaker_of(person, detect_language(text), glossary):
            return replace(_request("statements", text, topic), person=person)
    return None


def _is_time(topic: str) -> bool:
    """Tell whether what follows "on" is a day, a month or the television, and not a topic."""
    beginning_words = [word.replace(ZWNJ, "") for word in words(topic)[: tuning.WORDS_OF_A_TIME]]
    return any(word in month_names() or word in weekdays() or word in {"tv", "television"} for word in beginning_words)


def _articles(text: str) -> Request | None:
    for parts in _matches("articles", text):
        return _request("articles", text, parts.get("topic", ""))
    return None


def _about(text: str) -> Request | None:
    for parts in _matches("about", text):
        found = _request("news", text, parts["topic"])
        return None if points_back(found.topic, found.language) else found
    return None


def _who_is(text: str, glossary: Glossary) -> Request | None:
    for parts in _matches("who", text):
        found = _request("news", text, parts["topic"])
        person = speaker_of(found.topic, found.language, glossary)
        return found if person and (not person.entries or is_person(person)) else None
    return None


def _happenings(text: str) -> Request | None:
    for parts in _matches("happenings", text):
        topic = " ".join(parts.get(name, "").strip(_EDGES) for name in ("before", "topic")).strip()
        return _request("days", text, _IN_A_PLACE.sub("", topic))
    return None


def _request(kind: RequestKind, text: str, topic: str) -> Request:
    return Request(kind, text, detect_language(text), topic=topic.strip(_EDGES))


def _matches(kind: str, text: str) -> Iterator[dict[str, str]]:
    """Yield what the groups of each pattern of a kind that a whole text matches hold, as it was written."""
    text = text.replace("’", "'").strip(_EDGES)
    folded, offsets = fold_offsets(text)
    offsets.append(len(text))
    for pattern in patterns(kind):
        if found := pattern.fullmatch(_spaced(folded)):
            spans = {name: found.span(name) for name, value in found.groupdict().items() if value is not None}
            yield {name: text[offsets[start] : offsets[end]] for name, (start, end) in spans.items()}


def _spaced(folded: str) -> str:
    return folded.replace(ZWNJ, " ")
