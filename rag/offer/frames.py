"""Questions in any language of what happens most in news: killed where, met, called and visited whom, said what of whom.

Their wording is Khabar's own (phrases.toml), and only names are taken over: as the article writes them, or as the glossary is
certain to write them in another language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, partial

from index.text import fold, spaced, words
from index.types import LANGUAGES, Language
from rag.offer import tuning
from rag.offer.sentence import Name, Part, Sentence, alternatives
from rag.offer.types import Candidate, OfferKind
from rag.phrases import phrases, say
from rag.render.rendered_name import with_article
from rag.render.short_answer import render
from rag.request.naming import naming_of
from rag.request.speaker import sayings, speaker_of
from rag.text.glossary import Glossary
from rag.text.quantity import quantities
from rag.text.word_list import sentence_words, word_list

_Say = Callable[[Name, Language], str | None]
# The kinds of casualty that a question asks for, as rag/text/measure.py names them.
_CASUALTIES = ("dead", "hurt")


def frame_questions(sentence: Sentence, glossary: Glossary) -> Iterator[Candidate]:
    """Yield the questions of every language for what a sentence tells that is often told."""
    say_name = partial(name_in, glossary=glossary, sentence=sentence)
    for language in LANGUAGES:
        yield from _casualties(sentence, language, say_name)
        yield from _encounters(sentence, language, say_name)
    yield from _statements(sentence, glossary, say_name)


def name_in(name: Name, language: Language, glossary: Glossary, sentence: Sentence) -> str | None:
    """Return a name as a question of a language has it; None where it is not certain."""
    # Secretary of State Marco Rubio: what stands before the name is taken into it.
    if sentence.language == "en" and name.kind == "person" and sentence.text[: name.start].endswith("of "):
        return None
    if sentence.language == language:
        return with_article(name.text, language)
    said = render(name.text, sentence.language, language, None, glossary)
    return with_article(said, language) if said else None


def is_adjective(name: Name, language: Language) -> bool:
    """Tell whether the name of a place may be what is said of something from there: French, الأمريكي, فرانسوی."""
    if name.kind != "place":
        return False
    if language == "en":
        return name.key.startswith("=") and name.key[1:] != fold(name.text)
    ending = "ي$" if language == "fa" else "(?:ي|يه|يين|يون)$"  # ترکیه is Turkey, تركية is Turkish
    return re.search(ending, fold(name.text)) is not None


def _casualties(sentence: Sentence, language: Language, say_name: _Say) -> Iterator[Candidate]:
    """Yield the questions how many were killed or wounded in an event in a place; a place alone has seen many."""
    places = [name for name in sentence.names if name.kind == "place"]
    counted = quantities(sentence.text, sentence.language)
    numbers = [number for number in counted if number.outcomes and not number.unit and not number.is_part]
    if len({name.key for name in places}) != 1 or len(numbers) != 1 or numbers[0].low < 2:
        return
    outcome = next((each for each in _CASUALTIES if each in numbers[0].outcomes), None)
    place = say_name(places[0], language)
    if not outcome or not place or len(numbers[0].outcomes) > 1 or not _is_where(sentence, places[0]):
        return
    answer = Part(numbers[0].start, numbers[0].end)
    event = _event(sentence)
    if event:
        where = say(f"offer_event.{event}", language, place=place)
        yield sentence.offer(say(f"offer_in_event.{outcome}", language, event=where), "howmany", answer, language)


def _is_where(sentence: Sentence, place: Name) -> bool:
    """Tell whether a place stands behind a preposition of place: in Jamaica, not Jamaican police."""
    before = sentence.text[: place.start]
    return re.search(rf"(?<!\w)(?:{alternatives('where', sentence.language)})\s*(?:the\s)?$", before, re.IGNORECASE) is not None


def _event(sentence: Sentence) -> str | None:
    """Return the one event that a sentence tells of, by its name in phrases.toml."""
    folded = f" {spaced(sentence.text)} "
    found = {key for key, pattern in _events().items() if pattern.search(folded)}
    return found.pop() if len(found) == 1 else None


@cache
def _events() -> dict[str, re.Pattern[str]]:
    """Return the events and how any language names them."""
    names = [key.removeprefix("offer_event.") for key in phrases() if key.startswith("offer_event.")]
    words = {name: [fold(word) for language in LANGUAGES for word in alternatives(f"event_{name}", language).split("|")]
             for name in names}  # fmt: skip
    return {name: re.compile(rf"\W(?:[وف]?[بل]?(?:ال)?)?(?:{'|'.join(found)})\W") for name, found in words.items()}


def _encounters(sentence: Sentence, language: Language, say_name: _Say) -> Iterator[Candidate]:
    """Yield the questions when and where two people met, when they spoke by phone, and when one visited a place."""
    persons = list({name.key: name for name in sentence.names if name.kind == "person"}.values())
    places = list({name.key: name for name in sentence.names if name.kind == "place"}.values())
    times = sentence.times
    if _is_planned(sentence) or _is_reported(sentence):
        return
    if len(persons) == 2 and persons[1].start - persons[0].end <= tuning.BETWEEN_TWO:
        one, other = (say_name(person, language) for person in persons)
        what = next((each for each in ("call", "meeting") if _tells(sentence, each)), None)
        if what and one and other and len(times) == 1:
            yield sentence.offer(say(f"offer_when.{what}", language, one=one, other=other), "when", times[0], language)
        if what == "meeting" and one and other and len(places) == 1 and _is_where(sentence, places[0]):
            asked = say("offer_where_met", language, one=one, other=other)
            yield sentence.offer(asked, "where", Part(places[0].start, places[0].end), language)
    if len(persons) == 1 and len(places) == 1 and len(times) == 1 and _tells(sentence, "visit"):
        one, place = say_name(persons[0], language), say_name(places[0], language)
        if one and place:
            yield sentence.offer(say("offer_when.visit", language, one=one, other=place), "when", times[0], language)


def _is_planned(sentence: Sentence) -> bool:
    """Tell whether a sentence speaks of what is to come, or of what did not happen."""
    return not _words_in(sentence).isdisjoint(word_list("offer_words.tsv", "planned", sentence.language))


def _is_reported(sentence: Sentence) -> bool:
    """Tell whether somebody says so: then a day may be that of the saying."""
    language = sentence.language
    said = sentence_words("report", language) | sentence_words("attribution", language)
    return not _words_in(sentence).isdisjoint(said) or re.search(rf"(?<!\w)(?:{alternatives('that', language)})(?!\w)",
                                                                sentence.text) is not None  # fmt: skip


def _words_in(sentence: Sentence) -> set[str]:
    return set(words(sentence.text))


def _tells(sentence: Sentence, what: str) -> bool:
    return re.search(rf"(?<!\w)(?:{fold(alternatives(what, sentence.language))})(?!\w)", spaced(sentence.text)) is not None


def _statements(sentence: Sentence, glossary: Glossary, say_name: _Say) -> Iterator[Candidate]:
    """Yield the questions what a person said about something, where the sentence says so behind its "that"."""
    that = _that(sentence)
    speaker = _speaker(sentence, that, glossary)
    if that is None or speaker is None:
        return
    near = range(that.end(), that.end() + tuning.TOPIC_BEHIND_THAT)
    topics = [name for name in sentence.names if name.start in near and name.key != speaker.key]
    topics = [name for name in topics if not is_adjective(name, sentence.language)]
    topic = next((name for name in topics if sentence.article.text.count(name.text) > 1), None)
    if topic is None or " " not in speaker.text and sentence.article.text.count(speaker.text) < 2:
        return
    for language in LANGUAGES:
        person, about = say_name(speaker, language), say_name(topic, language)
        if person and about:
            asked = say(_said_key(sentence, language), language, person=person, topic=about)
            yield sentence.offer(asked, _SAID, Part(0, len(sentence.text)), language)


def _that(sentence: Sentence) -> re.Match[str] | None:
    return re.search(rf"(?<!\w)(?:{alternatives('that', sentence.language)})(?!\w)", sentence.text)


def _speaker(sentence: Sentence, that: re.Match[str] | None, glossary: Glossary) -> Name | None:
    """Return the first person of a sentence, before its "that" if it has one, where he or she is who speaks."""
    end = that.start() if that else len(sentence.text)
    speaker = next((name for name in sentence.names if name.kind == "person" and name.end <= end), None)
    return speaker if speaker and _speaks(sentence, speaker, glossary) else None


def remarks_questions(sentence: Sentence, glossary: Glossary, language: Language) -> Iterator[Candidate]:
    """Yield the question what a person said, about whatever: for who knows the article already."""
    speaker = _speaker(sentence, _that(sentence), glossary)
    person = name_in(speaker, language, glossary, sentence) if speaker else None
    if person and " " in person:
        asked = say("offer_remarks_alone", language, person=person)
        yield sentence.offer(asked, _SAID, Part(0, len(sentence.text)), language)


_SAID: OfferKind = "said"


def _said_key(sentence: Sentence, language: Language) -> str:
    """Return the wording: Arabic has a verb for him alone, which an Arabic article must have chosen."""
    he = language != "ar" or sentence.language == "ar" and re.match(rf"\W*(?:{alternatives('he_said', 'ar')})\s", sentence.text)
    return "offer_said" if he else "offer_remarks"


def _speaks(sentence: Sentence, speaker: Name, glossary: Glossary) -> bool:
    term = speaker_of(speaker.text, sentence.language, glossary)
    spans = sayings(sentence.article, naming_of(term)) if term else ()
    return any(span.start <= sentence.start < span.end for span in spans)
