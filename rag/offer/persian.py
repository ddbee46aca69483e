"""Persian questions of one clause: چه زمانی, چند, کجا and چه کسی stand where the day, number, place or person stood."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text import ZWNJ, fold
from rag.entities.name_words import name_list
from rag.offer import tuning
from rag.offer.sentence import Part, Sentence, alternatives, without
from rag.offer.types import Candidate
from rag.text.amount import amounts, tokens_of
from rag.text.quantity import quantities
from rag.text.word_list import word_list

_UNFIT = re.compile(r"[\"“”«»;؛:،,()\[\]?؟!…|*/]|\s[-–—]\s")


def persian_questions(sentence: Sentence) -> Iterator[Candidate]:
    """Yield the questions of a Persian sentence that is a single clause, its verb at the end."""
    text = sentence.text.rstrip(". ")
    if not text[0].isalnum() or _UNFIT.search(text) or not _is_single_clause(text):
        return
    times = sentence.times
    if len(times) > 1 or not all(_is_adverb(sentence, text, time) for time in times):
        return
    for time in times:
        yield sentence.offer(f"{_replaced(text, time, 'چه زمانی')}؟", "when", time)
    yield from _who(sentence, text, times)
    yield from _where(sentence, text, times)
    yield from _how_many(sentence, text, times)


def _is_adverb(sentence: Sentence, text: str, time: Part) -> bool:
    """Tell whether a time says when something was done, and belongs to no noun before it: the march of 22 Bahman."""
    before = text[: time.start].rstrip()
    return time.end < len(text) and (not before or any(name.end == len(before) for name in sentence.names))


def _asked(text: str, part: Part, asking: str, times: tuple[Part, ...]) -> str:
    """Return a text with a part of it asked for, and without its times: a question is read on another day."""
    for at, own in sorted([(part, asking), *((time, "") for time in times)], key=lambda each: -each[0].start):
        text = _replaced(text, at, own)
    return f"{text}؟"


def _is_single_clause(text: str) -> bool:
    """Tell whether a text has one verb, at its end, and points at nothing outside."""
    found = [fold(word) for word in text.split()]
    if len(found) < tuning.FEWEST_PERSIAN_WORDS or found[-1] not in _list("finite"):
        return False
    if any(word in _list("notin") for word in found):
        return False
    verbs = [at for at, word in enumerate(found) if word in _list("finite")]
    return all(len(found) - at <= tuning.PERSIAN_VERB_WORDS for at in verbs)


def _replaced(text: str, part: Part, asking: str) -> str:
    return f"{text[: part.start]} {asking} {text[part.end :]}"


def _who(sentence: Sentence, text: str, times: tuple[Part, ...]) -> Iterator[Candidate]:
    person = sentence.name_at(0, "person")
    if person is None:
        return
    behind = [fold(word) for word in text[person.end :].split()[:1]]
    titles = name_list("title", "fa") | name_list("generic", "fa")
    if behind and behind[0] not in titles and behind[0] != "و" and (times or behind[0] in _list("opener")):
        kept = without(text, Part(person.start, person.end), *times)
        if any(name.start >= person.end for name in sentence.names):
            yield sentence.offer(f"چه کسی {kept}؟", "who", Part(person.start, person.end))


def _where(sentence: Sentence, text: str, times: tuple[Part, ...]) -> Iterator[Candidate]:
    for place in (name for name in sentence.names if name.kind == "place" and name.end < len(text)):
        head = re.search(rf"(?<!\w)در\s+(?:(?:{alternatives('placeword', 'fa')})\s+)?$", text[: place.start])
        behind = fold(text[place.end :].split()[0])
        if head and (behind in _list("opener") or behind in _list("predicate")):
            asked = _asked(text, Part(head.start(), place.end), "در کجا", times)
            yield sentence.offer(asked, "where", Part(place.start, place.end))
            return


def _how_many(sentence: Sentence, text: str, times: tuple[Part, ...]) -> Iterator[Candidate]:
    tokens = tokens_of(text)
    found = quantities(text, "fa")
    for number in found if len(found) == 1 else ():
        inside = [each for each in amounts(tokens, "fa") if number.start <= tokens[each.first].start < number.end]
        if len(inside) != 1 or inside[0].value <= tuning.FEWEST_COUNTED or inside[0].last >= len(tokens):
            continue
        end = tokens[inside[0].last - 1].end
        behind = text[end:].lstrip(f" {ZWNJ}").split()[:1]
        before = [fold(word) for word in text[: number.start].split()[-1:]]
        if not behind or before and before[0] in _list("which") or text[end] != " " or not behind[0][0].isalpha():
            continue
        if fold(behind[0]) in _list("opener") or fold(behind[0]) in _list("finite") or fold(behind[0]) in ("و", "تا", "را"):
            continue
        rest = [fold(word) for word in text[end:].split()]
        if rest[0] in _list("hour") or not _list("ago").isdisjoint(rest[1:2]) or len(rest) > tuning.WORDS_BEHIND_NUMBER:
            continue
        part = Part(number.start, end)
        yield sentence.offer(_asked(text, part, "چند", times), "howmany", part)


def _list(name: str) -> frozenset[str]:
    return word_list("offer_words.tsv", name, "fa")
