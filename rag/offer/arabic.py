"""Arabic questions of one clause that begins with its verb: متى, من, أين, كم and لماذا before what is left of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from index.text import fold
from rag.offer import tuning
from rag.offer.sentence import Part, Sentence, alternatives, clipped, without
from rag.offer.types import Candidate
from rag.render.noun import noun_at
from rag.text.amount import Amount, amounts, tokens_of
from rag.text.certain_number import certain_numbers
from rag.text.quantity import quantities
from rag.text.word_list import sentence_words, word_list

_UNFIT = re.compile(r"[\"“”«»;؛:()\[\]?؟!…|*]|\s[-–—]\s")
# Or behind an aside, where it is not another clause: داهمت الفرقة، بعد استشارة النيابة، منزلا.
_GOES_ON = re.compile(r"\s?،?[^،]{2,80}،\s*(?!و)\S")
_DEFINITE = re.compile(r"و?ال|.*[اةًى]$|من$|في$")
_REASON = re.compile(r"\s(?P<why>بسبب\s+(?P<reason>[^،.]+))$")
_HEDGE_BEHIND = re.compile(r"\s(?:على الأقل|تقريبا|آخرين|آخرون|أو أكثر)")
# What the clause is about comes behind the cut: كشفت الوزيرة، خلال الجلسة، أن.
_SAID_LATER = re.compile(r"[،؛\s]*(?:[^،]{3,80}،\s*)?(?:أن|ان|إن|بأن|عن|على|إلى|بـ?)\s")
_MARKS = re.compile("[\u064b-\u0652]")
# A plural counted noun has its singular from the list of counted words alone; a singular gets the ending of its case.
_MANY = 11
_PLURAL_ENDING = re.compile(r"(?:ات|ين|ون)$")


@dataclass(frozen=True, slots=True)
class _Clause:
    """A verb in the past, and what follows it up to the end of its clause."""

    verb: str
    rest: Part


def arabic_questions(sentence: Sentence) -> Iterator[Candidate]:
    """Yield the questions of the first clause of an Arabic sentence, where that begins with a verb of news."""
    times = sentence.times
    text = _without_aside(sentence.text, times).rstrip(". ")
    whole, text = text, _cut(text)
    if _SAID_LATER.match(whole, len(text)) or _GOES_ON.match(whole, len(text)):
        return
    reason = _REASON.search(text)
    clause = _clause(text)
    if clause is None:
        return
    times = clipped(times, len(text))
    if len(times) == 1 and not _modifies(text, times[0]):
        yield sentence.offer(f"متى {clause.verb} {without(text, times[0])[clause.rest.start :]}؟", "when", times[0])
    if len(times) > 1 or any(_modifies(text, time) for time in times):
        return
    if reason:
        why = f"لماذا {clause.verb} {without(text, *times, Part(reason.start('why'), len(text)))[clause.rest.start :]}؟"
        yield sentence.offer(why, "why", Part(*reason.span("reason")))
    yield from _who(sentence, text, clause, times)
    yield from _where(sentence, text, clause, times)
    yield from _how_many(sentence, text, clause, times)


def _modifies(text: str, time: Part) -> bool:
    """Tell whether a time belongs to a word before it, not to the verb: التصنيف الصادر الخميس."""
    before = text[: time.start].rstrip()
    if re.search(rf"(?:{alternatives('modifier', 'ar')})$", before):
        return True
    # تعاملات حصة اليوم: today's, of a noun that has no article because it is in the construct state.
    is_today = re.match(alternatives("today", "ar"), text[time.start :]) is not None
    return is_today and " " in before and not _DEFINITE.match(before.split()[-1])


def _without_aside(text: str, times: tuple[Part, ...]) -> str:
    """Return a text with the commas around a day blanked: أقرت دول الاتحاد، الخميس، الحزمة."""
    letters = list(text)
    for time in times:
        before, behind = text[: time.start].rstrip(), text[time.end :].lstrip()
        if before.endswith("،") and behind.startswith("،"):
            letters[len(before) - 1] = letters[len(text) - len(behind)] = " "
        elif behind.startswith("،"):
            letters[len(text) - len(behind)] = " "
    return "".join(letters)


def _cut(text: str) -> str:
    """Return a text up to what joins another clause to the first."""
    cut = re.search(rf"[،؛]|\s[وف]?(?:{alternatives('cut', 'ar')})(?!\w)|\sو ?(?:{_verbs()})(?!\w)", text)
    return text[: cut.start()] if cut else text


@cache
def _verbs() -> str:
    return re.sub("[أإآا]", "[أإآا]", alternatives("verb", "ar"))


def _clause(text: str) -> _Clause | None:
    """Return the clause that begins with a verb whose subject follows it; None where that is not certain."""
    match = re.match(rf"و?(?P<verb>{_verbs()})\s+(?P<next>[^\W\d_]+|\d[\d.,]*)", text)
    if match is None or _UNFIT.search(text):
        return None
    following = fold(match["next"])
    if match["verb"] in word_list("offer_words.tsv", "needs_from", "ar") and " من " not in text:
        return None
    if following in word_list("offer_words.tsv", "notafter", "ar"):
        return None
    found = {fold(word) for word in re.findall(r"[^\W\d_]+", text[match.end("verb") :])}
    if not found.isdisjoint(word_list("offer_words.tsv", "anaphor", "ar")):
        return None
    return _Clause(match["verb"], Part(match.end("verb"), len(text)))


def _who(sentence: Sentence, text: str, clause: _Clause, times: tuple[Part, ...]) -> Iterator[Candidate]:
    """Yield the question for a man or woman who is the subject: behind the verb, after a title at most."""
    person = next((name for name in sentence.names if name.kind == "person" and name.start > clause.rest.start), None)
    if person is None or clause.verb.endswith("ت") or person.end >= len(text):
        return
    title = text[clause.rest.start : person.start].split()
    definite = all(word.startswith("ال") for word in title)
    if len(title) > tuning.TITLE_WORDS or not definite or text[person.start - 1] != " ":
        return
    rest = text[person.end :]
    behind = rest.split()[:1]
    # Another part of his name, or an office behind it, would be left over.
    plain = behind and (fold(behind[0]) in _prepositions() or behind[0].startswith("ال") is False)
    if plain and fold(behind[0]) in _prepositions() and _has_name(sentence, person.end, len(text)):
        kept = without(text, Part(clause.rest.start, person.end), *times)[clause.rest.start :]
        yield sentence.offer(f"من {clause.verb} {kept}؟", "who", Part(person.start, person.end))


def _where(sentence: Sentence, text: str, clause: _Clause, times: tuple[Part, ...]) -> Iterator[Candidate]:
    bare = without(text, *times).rstrip()
    end = len(text) if not times else (times[0].start if not text[times[0].end :].strip() else len(text))
    place = next((name for name in sentence.names if name.kind == "place" and not text[name.end : end].strip()
                  and name.end <= end), None)  # fmt: skip
    head = re.search(r"\sفي\s+(?:(?:مدينة|العاصمة|بلدة|منطقة)\s+)?$", text[: place.start]) if place else None
    if place and head and bare and head.start() > clause.rest.start:
        kept = without(text, Part(head.start(), place.end), *times)[clause.rest.start :]
        yield sentence.offer(f"أين {clause.verb} {kept}؟", "where", Part(place.start, place.end))


def _how_many(sentence: Sentence, text: str, clause: _Clause, times: tuple[Part, ...]) -> Iterator[Candidate]:
    for number in quantities(text, "ar"):
        if number.start < clause.rest.start or not _is_own(text[clause.rest.start : number.start]):
            continue
        tokens = tokens_of(text)
        amount = next((each for each in amounts(tokens, "ar") if number.start <= tokens[each.first].start < number.end), None)
        counted = _counted(text, amount) if amount else None
        if amount and counted:
            noun, end = counted
            hedge = _HEDGE_BEHIND.match(text, end)
            end = hedge.end() if hedge else end
            kept = without(text, Part(number.start, end), *times)[clause.rest.start :]
            yield sentence.offer(f"كم {noun} {clause.verb} {kept}؟", "howmany", Part(number.start, tokens[amount.last - 1].end))


def _is_own(between: str) -> bool:
    """Tell whether a number behind these words is the verb's own: nothing but a subject stands between them."""
    found = [fold(word) for word in between.split()]
    others = _prepositions() | word_list("offer_words.tsv", "which", "ar")
    joined = any(word[0] in "بلك" and not word.startswith("ال") and len(word) > 3 for word in found[1:])
    return between.endswith(" ") and len(found) <= tuning.SUBJECT_WORDS and others.isdisjoint(found) and not joined


def _counted(text: str, amount: Amount) -> tuple[str, int] | None:
    """Return what a number counts as it stands behind كم, and where that ends in the text; None where that is not certain."""
    tokens = tokens_of(text)
    if amount.last >= len(tokens) or amount.value < 3:
        return None
    sure = certain_numbers(tokens).get(amount.first)
    listed = noun_at(tokens, amount.last, sure.value, "ar") if sure else None
    if listed:
        noun, last = listed
        return _MARKS.sub("", noun.forms["ar"][3]), tokens[last - 1].end
    word = text[tokens[amount.last].start : tokens[amount.last].end]
    spaced = not tokens[amount.last].gap.strip()
    if not spaced or amount.value < _MANY or word.startswith("ال") or _PLURAL_ENDING.search(word) or len(word) < 3:
        return None
    if fold(word) in _prepositions() or fold(word) in sentence_words("notsubject", "ar"):
        return None
    is_done = word[-1] in "اةىء"
    return (word if is_done else f"{word}ا"), tokens[amount.last].end


def _has_name(sentence: Sentence, start: int, end: int) -> bool:
    return any(start <= name.start and name.end <= end for name in sentence.names)


def _prepositions() -> frozenset[str]:
    return word_list("offer_words.tsv", "preposition", "ar")
