"""English questions of one clause: who, when, where and how many of "police arrested two men near Paris on Saturday"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rag.offer import tuning
from rag.offer.sentence import Name, Part, Sentence, alternatives, clipped, without
from rag.offer.types import Candidate
from rag.text.amount import amounts, tokens_of
from rag.text.quantity import quantities
from rag.text.word_list import word_list, written_words

_UNFIT = re.compile(r"[\"“”«»;:()\[\]?!…|*/]|\s[-–—]\s|['’]s?\s*$|['’](?:ve|re|ll|d|m)\b|n['’]t\b")
_ASIDE = re.compile(r"^([A-Z][^,]{2,50}), [^,]{3,70}, ")
_WORD = re.compile(r"[\w’'.-]+")
_YEAR_OR_MONTH = re.compile(
    rf"\b(?:in|since) (?:(?:early|late|mid-)\s?)?(?:(?:{alternatives('past_month', 'en')})(?: (?:19|20)\d\d)?|(?:19|20)\d\d)\b"
)
_DURATION = re.compile(
    r"\bfor ((?:(?:about|nearly|almost|more than|over|at least) )?[\w.-]+ (?:minutes|hours|days|weeks|months|years))\b"
)


# What they say stands behind them, and is not asked about as something done.
_SAYING = frozenset({"say", "tell", "add", "report"})


@dataclass(frozen=True, slots=True)
class _Clause:
    """A subject, its verb in the past or an auxiliary, and the rest of the clause: places in the sentence's text."""

    subject: Part
    verb: str
    rest: Part


def english_questions(sentence: Sentence) -> Iterator[Candidate]:
    """Yield the questions of the first clause of an English sentence, where that is plain enough."""
    text = _plain(sentence.text)
    clause = _clause(text) if text else None
    if clause is None:
        return
    times = [*clipped(sentence.times, len(text))]
    times += [part for part in _spans(_YEAR_OR_MONTH, text) if not any(part.start < each.end for each in times)]
    yield from _when(sentence, text, clause, times)
    yield from _who(sentence, text, clause, times)
    yield from _where(sentence, text, clause, times)
    yield from _how_many(sentence, text, clause, times)


def _plain(text: str) -> str:
    """Return a sentence with its aside blanked, cut before what joins another clause; "" where it is not plain."""
    if aside := _ASIDE.match(text):
        behind = text[len(aside[1]) : aside.end()]
        text = aside[1] + " " * len(behind) + text[aside.end() :]
    text = text.rstrip(". ")
    cut = re.search(rf",|\s(?:{alternatives('cut', 'en')})\s|\sand\s(?=(?:{_joined()})\s)", text)
    text = text[: cut.start()] if cut else text
    return "" if _UNFIT.search(text) else text


def _clause(text: str) -> _Clause | None:
    """Return the clause of a plain text; None where its verb is not certain, or its subject points elsewhere."""
    found = list(_WORD.finditer(text))
    adverbs = word_list("offer_words.tsv", "adverb", "en")
    for at, word in enumerate(found[1 : tuning.SUBJECT_WORDS + 1], 1):
        if word[0] in _bases() or word[0] in _auxiliaries():
            last = at - 1 if found[at - 1][0] in adverbs else at
            clause = _Clause(Part(0, found[last - 1].end()), word[0], Part(word.end(), len(text)))
            return clause if last and _is_certain(text, clause) else None
        if word[0].lower() in _prepositions() - {"of", "for", "than"}:
            return None
    return None


def _is_certain(text: str, clause: _Clause) -> bool:
    subject, rest = (text[part.start : part.end] for part in (clause.subject, clause.rest))
    own = {word.lower() for word in _WORD.findall(subject)}
    if not own.isdisjoint(_anaphors() | _auxiliaries()) or " and " in f" {subject} " or re.search(r"[’'](?!s\b)", subject):
        return False
    others = re.findall(r"\b[a-z]+\b", rest)
    if not set(re.findall(r"\b[a-z]+\b", subject)).isdisjoint(set(_bases().values()) - {"police"}):
        return False
    # Which decision, which measure: nobody knows but who reads the article.
    if re.fullmatch(r"\s*(?:the|a|an) [a-z]+\s*(?:(?:on|in|at|late|early) .*)?", rest):
        return False
    if _bases().get(clause.verb, "") in _SAYING or rest.split()[-1:] and rest.split()[-1] in _prepositions():
        return False
    # "Two men arrested over the theft were freed": the first verb is none.
    if clause.verb in _bases() and not _auxiliaries().isdisjoint(others):
        return False
    return _anaphors().isdisjoint(others) and len(others) + len(own) >= 2


def _asked(text: str, clause: _Clause, rest: str) -> str:
    """Return the clause as it is asked behind a question word: did police arrest two men; was he elected mayor."""
    subject = _lowered(text[clause.subject.start : clause.subject.end])
    if clause.verb in _auxiliaries():
        return f"{clause.verb} {subject} {rest}"
    return f"did {subject} {_bases()[clause.verb]} {rest}"


def _lowered(subject: str) -> str:
    """Return a subject as it stands inside a sentence."""
    first = subject.split(" ")[0]
    plain = first.lower() in word_list("frequent_words.tsv", "en") or first.lower() in _common()
    return subject[0].lower() + subject[1:] if plain and (len(first) == 1 or not first.isupper()) else subject


def _when(sentence: Sentence, text: str, clause: _Clause, times: list[Part]) -> Iterator[Candidate]:
    if re.match(r"\s*(?:and|or|to|–|-)\b", text[times[0].end :] if times else ""):
        return
    if len(times) == 1 and times[0].start >= clause.rest.start and clause.verb not in ("is", "are", "has", "have", "had"):
        rest = without(text, times[0])[clause.rest.start :]
        yield sentence.offer(f"When {_asked(text, clause, rest)}?", "when", times[0])


def _who(sentence: Sentence, text: str, clause: _Clause, times: list[Part]) -> Iterator[Candidate]:
    person = next((name for name in sentence.names if name.kind == "person" and name.end == clause.subject.end), None)
    if person is None or clause.verb in ("were", "are", "have") or len(times) > 1:
        return
    rest = without(text, *(time for time in times if time.start >= clause.rest.start))[clause.rest.start :]
    if not re.search(r"\b(?:his|her)\b", rest) and _names_in(sentence, clause.rest):
        yield sentence.offer(f"Who {clause.verb} {rest}?", "who", Part(person.start, person.end))


def _where(sentence: Sentence, text: str, clause: _Clause, times: list[Part]) -> Iterator[Candidate]:
    place = _last_place(sentence, text, times)
    if place is None or place.start <= clause.rest.start or clause.verb in ("is", "are", "has", "have", "had"):
        return
    head = re.search(r"\s(?:in|at)\s(?:the\s)?$", text[: place.start])
    if head and head.start() >= clause.rest.start - 1 and text[clause.rest.start : head.start()].strip() not in ("", "be"):
        rest = without(text, Part(head.start(), place.end), *times)[clause.rest.start :]
        yield sentence.offer(f"Where {_asked(text, clause, rest)}?", "where", Part(place.start, place.end))


def _last_place(sentence: Sentence, text: str, times: list[Part]) -> Name | None:
    """Return the place with which a clause ends, but for its time."""
    end = len(text)
    for time in times:
        if not text[time.end : end].strip():
            end = time.start
    return next((name for name in sentence.names if name.kind == "place" and not text[name.end : end].strip()
                 and name.end <= end), None)  # fmt: skip


def _how_many(sentence: Sentence, text: str, clause: _Clause, times: list[Part]) -> Iterator[Candidate]:
    if lasting := _DURATION.search(text, clause.rest.start):
        rest = without(text, Part(lasting.start(), lasting.end()), *times)[clause.rest.start :]
        yield sentence.offer(f"How long {_asked(text, clause, rest)}?", "howmany", Part(lasting.start(1), lasting.end(1)))
        return
    for number in quantities(text, "en"):
        end = _number_end(text, number.start, number.end)
        if number.low == 1 or text[max(0, number.start - 1)] in "$€£" or number.unit == "percent":
            continue
        counted = _counted(text, end)
        if not counted or times != [time for time in times if time.start >= clause.rest.start]:
            continue
        answer = Part(number.start, end)
        if number.start == 0 and end < clause.subject.end:
            yield sentence.offer(f"How many {without(text, *times)[end:]}?", "howmany", answer)
        elif number.start > clause.rest.start and not _behind_preposition(text, number.start):
            rest = without(text, Part(number.start, end + len(counted)), *times)[clause.rest.start :]
            yield sentence.offer(f"How many {counted} {_asked(text, clause, rest)}?", "howmany", answer)


def _number_end(text: str, start: int, end: int) -> int:
    tokens = tokens_of(text)
    ends = [tokens[number.last - 1].end for number in amounts(tokens, "en") if start <= tokens[number.first].start < end]
    return max(ends, default=end)


def _counted(text: str, at: int) -> str:
    """Return what a number counts, the words right behind it; "" where that is not certain."""
    stop = "|".join(sorted(_prepositions() | {"and", "or", *_auxiliaries(), *_bases()}, key=len, reverse=True))
    match = re.match(rf"(?:\s+(?!(?:{stop})\b)[a-z][\w-]+){{1,4}}", text[at:])
    return match[0] if match and re.search(r"(?:s|people|men|women|children|troops|police)$", match[0]) else ""


def _behind_preposition(text: str, at: int) -> bool:
    before = text[:at].split()
    return bool(before) and before[-1].lower() in _prepositions() | {"the", "a", "an"}


def _names_in(sentence: Sentence, part: Part) -> bool:
    return any(part.start <= name.start and name.end <= part.end for name in sentence.names)


def _spans(pattern: re.Pattern[str], text: str) -> list[Part]:
    return [Part(*match.span()) for match in pattern.finditer(text)]


@cache
def _bases() -> Mapping[str, str]:
    """Return English verbs in the past with their bases."""
    irregular = dict(pair.split(":") for pair in written_words("offer_words.tsv", "past", "en"))
    regular = {_past(base): base for base in written_words("offer_words.tsv", "base", "en")}
    return {past: base for past, base in {**regular, **irregular}.items() if base not in irregular or past == base}


def _past(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    return f"{base[:-1]}ied" if base.endswith("y") and base[-2] not in "aeou" else f"{base}ed"


@cache
def _joined() -> str:
    """Return what stands behind an "and" that joins two clauses."""
    return "|".join([*_bases(), *_auxiliaries(), *_prepositions(), "he", "she", "they", "it"])


@cache
def _auxiliaries() -> frozenset[str]:
    return word_list("offer_words.tsv", "auxiliary", "en")


@cache
def _anaphors() -> frozenset[str]:
    return word_list("offer_words.tsv", "anaphor", "en")


@cache
def _prepositions() -> frozenset[str]:
    return word_list("offer_words.tsv", "preposition", "en")


@cache
def _common() -> frozenset[str]:
    return frozenset({"the", "a", "an", "more", "two", "three", "police", "some", "several"})
