"""Who says what a sentence says: "the Kremlin said that", ", officials said", وقال الكرملين إن, به گفتهٔ کرملین."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.types import Language
from rag.draft import tuning
from rag.draft.tokens import Token
from rag.text.word_list import sentence_words


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said (`body`, without function words), and who says it, or None where the sentence says it by itself.

    `voices` are its words of the first person (I, نحن, ما), each with whether it is inside quotation marks.
    """

    body: tuple[Token, ...]
    speaker: tuple[Token, ...] | None
    language: Language
    voices: frozenset[tuple[str, bool]] = frozenset()


def read_statement(tokens: Sequence[Token], language: Language) -> Statement:
    """Return a sentence's tokens as a statement, its speaker taken out of it."""
    voices = frozenset((token.word, token.quoted) for token in tokens if token.word in sentence_words("firstperson", language))
    for read in (_according, _in_front, _behind, _headline):
        parts = read(tokens, language)
        if parts and _content(parts[0]):
            return Statement(_condition_first(_content(parts[0])), _content(parts[1]), language, voices)
    return Statement(_condition_first(_content(tokens)), None, language, voices)


def joined(one: Statement, other: Statement) -> Statement:
    """Return what two sentences say together: the words and the speakers of both."""
    speaker = (*(one.speaker or ()), *(other.speaker or ())) or None
    return Statement((*one.body, *other.body), speaker, one.language, one.voices | other.voices)


def is_report(token: Token, language: Language) -> bool:
    """Tell whether a word is a verb of saying."""
    # The glossary has اعلام کرد as one term.
    return token.word.split(" ")[0] in sentence_words("report", language)


_Parts = tuple[Sequence[Token], Sequence[Token]]


def _content(tokens: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if token.role != "function")


def _condition_first(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return the tokens with an "if" that stands behind what depends on it moved before it."""
    condition = next((place for place, token in enumerate(tokens) if token.operator == "if"), 0)
    return tokens[condition:] + tokens[:condition]


def _according(tokens: Sequence[Token], language: Language) -> _Parts | None:
    """Return what is said and who says it where a sentence begins or ends with "according to"."""
    for place, token in enumerate(tokens):
        if token.word not in sentence_words("according", language):
            continue
        if language == "fa" and (place == 0 or tokens[place - 1].word != "به"):
            continue
        start = place - 1 if language == "fa" else place
        if start == 0:
            speaker = [near for near in tokens[place + 1 :] if near.clause == token.clause]
            return tokens[place + 1 + len(speaker) :], speaker
        if len(_content(tokens[place + 1 :])) <= tuning.SPEAKER_WORDS:
            return tokens[:start], tokens[place + 1 :]
    return None


def _in_front(tokens: Sequence[Token], language: Language) -> _Parts | None:
    """Return what is said and who says it where a sentence begins "X said that"."""
    verb = next((place for place, token in enumerate(tokens[:tuning.REPORT_WITHIN]) if is_report(token, language)), None)
    # A Persian speaker may be told between commas before the verb: فیدان، وزیر خارجه، گفت.
    if verb is None or (language != "fa" and any(token.clause != tokens[0].clause for token in tokens[1 : verb + 1])):
        return None
    # ژنرال، گفت وزیر، دروغ گفت: a comma before the verb that closes nothing is the minister's, who says it of the general.
    if verb and tokens[verb].pauses == tokens[0].pauses + 1 and tokens[verb - 1].pauses == tokens[0].pauses:
        return None
    after = range(verb + 1, min(verb + 1 + tuning.THAT_WITHIN, len(tokens)))
    that = next((place for place in after if tokens[place].word in sentence_words("that", language)), None)
    if language == "ar":
        return None if that is None else (tokens[that + 1 :], [*tokens[:verb], *tokens[verb + 1 : that]])
    if that is not None:
        # "said on Tuesday that": what stands between belongs to what is told.
        return [*tokens[verb + 1 : that], *tokens[that + 1 :]], tokens[:verb]
    free = tokens[verb].word.split(" ")[0] in sentence_words("said", language)
    return (tokens[verb + 1 :], tokens[:verb]) if free else None


def _behind(tokens: Sequence[Token], language: Language) -> _Parts | None:
    """Return what is said and who says it where a sentence ends ", X said"."""
    last = [token for token in tokens if token.clause == tokens[-1].clause] if tokens else []
    if not any(is_report(token, language) for token in last) or len(last) == len(tokens):
        return None
    if len(_content(last)) > tuning.SPEAKER_WORDS:
        return None
    return tokens[: -len(last)], [token for token in last if not is_report(token, language)]


def _headline(tokens: Sequence[Token], language: Language) -> _Parts | None:
    """Return what is said and who says it where a headline names somebody before a colon or behind its last: Trump: ..."""
    places = [place for place, token in enumerate(tokens) if token.is_announced]
    if len(places) != 1 or not places[0]:
        return None
    before, behind = tokens[: places[0]], tokens[places[0] :]
    for said, speaker in ((behind, before), (before, behind)):
        content = _content(speaker)
        if len(content) <= tuning.SPEAKER_WORDS and any(map(_may_speak, content)) and all(map(_names, content)):
            return said, speaker
    return None


def _may_speak(token: Token) -> bool:
    return token.is_office or (token.role == "name" and not any(entry.kind in ("city", "region") for entry in token.entries))


def _names(token: Token) -> bool:
    return token.role in ("name", "light") or token.is_office or token.is_time


def refers_back(tokens: Sequence[Token], language: Language) -> bool:
    """Tell whether a sentence begins with somebody whom only the sentence before it names."""
    return _pointing_place(tokens, language) is not None


def with_antecedent(tokens: Sequence[Token], before: Sequence[Token], language: Language) -> tuple[Token, ...] | None:
    """Return a sentence that refers back with the one person or body that the sentence before it names put in; else None."""
    place = _pointing_place(tokens, language)
    names = [token for token in before if token.role == "name" and not token.is_place and not token.is_direction]
    persons = [token for token in names if not token.entries or any(entry.kind == "person" for entry in token.entries)]
    if place is None or len(persons) != 1 or len(names) != 1 or tokens[place].word in sentence_words("thing", language):
        return None
    named = replace(persons[0], clause=tokens[0].clause, relation=None, marks=frozenset())
    kept = tokens[place + 1 :] if tokens[place].word in sentence_words("pronoun", language) else tokens[place:]
    return (*tokens[:place], named, *kept)


def _pointing_place(tokens: Sequence[Token], language: Language) -> int | None:
    """Return the place of the pronoun that a sentence begins with, or where Arabic leaves out who says it."""
    for place, token in enumerate(tokens[:2]):
        if token.word in sentence_words("pronoun", language):
            return place
    if language == "ar" and len(tokens) > 1 and is_report(tokens[0], language):
        return 1 if tokens[1].word in sentence_words("that", "ar") else None
    return None
