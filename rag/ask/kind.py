"""What kind of thing a question asks for, by which of its words, and whether a sentence holds such a thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias, get_args

from index.language import detect_language
from index.text import spaced, words
from index.types import LANGUAGES, Language
from rag.text.glossary import Glossary
from rag.text.traits import Trait, traits_of
from rag.text.word_list import rows
from rag.types import Kind

# What may be written before a question word and belongs to it, and the endings that a * stands for.
_BEFORE: dict[Language, str] = {"ar": "(?:[وف]?[بلك]?)", "fa": "", "en": ""}
_ENDING = " ?(?:هايي|هاي|ها|يي|اي|اني|ان|ي|ند|ات|هما|هم|ين|ون|ه|ته|es|s)"
# Where a question, or a main clause of it, begins: elsewhere an English question word joins a clause.
_BEGINNING = r"^\W*(?:[وف]\s?)?"
_CLAUSE = (
    r"(?:^|[,;:؟?])\W*(?:(?:and|so|but|then|or)\s+)?"
    r"(?:(?:in|on|at|to|from|for|by|with|of|about|until|since|under|during|against|after|before)\s+)?"
)
# What may stand between "what" and the noun that it asks for.
_BETWEEN = (
    r"\W*(?:(?:هو|هي|كان|كانت|تكون|يكون|اسم|اسماء|نام|is|are|was|were|the|of|names?|its|his|her|their|an?|other)\b\W*)*"
)
# Words between "which" and its noun: which NATO official.
_QUALIFIED = (
    r"\s+(?:(?!(?:did|do|does|is|are|was|were|has|have|had|will|would|can|could|should|the|an?|of|in|on|at|to|for|by|with|from)\b)"
    r"[\w-]+\s+){1,2}"
)
# A Persian noun is asked for from behind: "the number of the dead is what?"
_FROM_BEHIND = re.compile(r"\b(?:جيست|جيستند|جيه|كدامند|كدام است|جه (?:بود|است|بوده|مي ?باشد|خواهد بود))\b")
_PERSIAN_BEGINNING = re.compile(r"^\W*(?:(?:و|در|به|از|نام|اسم|نامهاي)\b\W*)*")
# "What is X", "who was X": asked of X itself, not of something that X did or is about.
_DEFINITION = re.compile(
    r"\b(?:من (?:هو|هي|هم|كان|كانت)|ما ?(?:هو|هي|معني|المقصود|تعريف)|ماذا (?:تعني|يعني)|جيست|كيست|كه بود|كي بود|"
    r"جه كسي (?:است|بود)|يعني جه|who (?:is|was|were|are)|what (?:is|are|was|were))\b"
)
_LATEST = re.compile(
    r"\bو?(?:(?:ال)?احدث|اخر (?:ال)?(?:اخبار|تطورات|مستجدات|انباء|خبر|موقف|وضع|تصريح\w*|ما|حصيله|احصاء\w*|ارقام|نتائج)|"
    r"(?:ال)?مستجدات|ما الجديد|هل من جديد|حتي الان|الان|حاليا|(?:ال)?وقت (?:الحالي|الراهن)|"
    r"(?:ما ?|لا |لم )(?:زال|يزال|تزال|يزل)\w*|"
    r"اخرين(?! (?:بار|مرتبه|دفعه|نفر|كسي))|تازه ?ترين|جديد ?ترين|(?:هم ?)?اكنون|تا ?كنون|حال حاضر|هنوز|"
    r"تازه جه خبر|جه خبر(?! تازه اي بود)|خبر تازه|latest|newest|most recent|so far|currently|at present|right now|up to now|"
    r"to date|as of (?:now|today)|what(?: i)?s new|any news|still)\b"
)
# What a question of each kind asks for; one of the traits must be there.
_ANSWERING: dict[Kind, frozenset[Trait]] = {
    "when": frozenset({"digits", "calendar", "time"}),
    "howmany": frozenset({"digits", "number"}),
    "why": frozenset({"reason"}),
    "who": frozenset({"person", "body", "office", "title"}),
    "where": frozenset({"place", "location"}),
}
# Two capitals in a row, or one behind a preposition, name somebody or some place in English; the first word of all does not.
_ENGLISH_NAME = re.compile(r"(?<=[\w,;:’'\"”] )[A-Z]\w+|\b[A-Z]\w+ [A-Z]\w+")
_ENGLISH_PLACE = re.compile(r"\b(?:in|at|to|from|near|into) (?:the )?[A-Z]\w+")


@dataclass(frozen=True, slots=True)
class _KindAt:
    """What a question asks for: its kind, and the span of the words that say so in its folded, spaced text."""

    kind: Kind
    start: int
    end: int


def kind_of(question: str) -> Kind:
    """Return what a question asks for; `what` where no other kind shows."""
    return _read(question).kind


def asked_words(question: str) -> tuple[str, ...]:
    """Return the folded words that say what a question asks for: its question words and the noun that they ask about."""
    asked = _read(question)
    return tuple(re.findall(r"\w+", _spaced(question)[asked.start : asked.end]))


def asks_definition(question: str) -> bool:
    """Tell whether a question asks who somebody or what something is."""
    return _DEFINITION.search(_spaced(question)) is not None


def asks_latest(question: str) -> bool:
    """Tell whether a question asks for the newest state of things."""
    return _LATEST.search(_spaced(question).replace("what's", "whats")) is not None


def holds_answer_of(kind: Kind, sentence: str, glossary: Glossary) -> bool:
    """Tell whether a sentence holds what such a question asks for: a time, number, reason, name or place.

    False for the kinds that anything may answer: how, what, yesno.
    """
    wanted = _ANSWERING.get(kind)
    if wanted is None:
        return False
    if kind == "who" and _ENGLISH_NAME.search(sentence) or kind == "where" and _ENGLISH_PLACE.search(sentence):
        return True
    return any(not wanted.isdisjoint(traits_of(word, glossary)) for word in words(sentence))


def _spaced(text: str) -> str:
    return spaced(text.replace("’", "'"))


@lru_cache(maxsize=512)
def _read(question: str) -> _KindAt:
    """Return what a question asks for, by the words of its own language first."""
    own = detect_language(question)
    folded = _spaced(question)
    for language in sorted(LANGUAGES, key=lambda each: each != own):
        found = _read_in(language, folded)
        if found:
            return found
    return _KindAt("what", 0, 0)


def _read_in(language: Language, folded: str) -> _KindAt | None:
    """Return what the question words of one language ask for: the first of them, and the longest there."""
    patterns = _kind_patterns(language)
    text = patterns.passed.sub(lambda match: " " * len(match[0]), folded)
    found = _matches(patterns.at_clauses, text) or _matches(patterns.anywhere, text)
    first = min(found, key=lambda asked: (asked.start, -asked.end), default=None)
    return _by_noun(patterns, text, first) if first and first.kind == "what" else first


def _matches(patterns: _Patterns, text: str) -> list[_KindAt]:
    searched = ((kind, pattern.search(text)) for kind, pattern in patterns)
    return [_KindAt(kind, *match.span(1)) for kind, match in searched if match]


def _by_noun(patterns: _KindPatterns, text: str, asked: _KindAt) -> _KindAt:
    """Return what a "what" asks for by the noun beside it; a Persian one may stand behind its noun."""
    for kind, pattern in patterns.nouns:
        match = pattern.match(text, asked.end)
        if match:
            return _KindAt(kind, asked.start, match.end())
    beginning = _PERSIAN_BEGINNING.match(text) if _FROM_BEHIND.match(text, asked.start) else None
    for kind, pattern in patterns.nouns if beginning else ():
        match = pattern.match(text, beginning.end() if beginning else 0)
        if match:
            return _KindAt(kind, *match.span(1))
    return asked


_Patterns: TypeAlias = tuple[tuple[Kind, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class _KindPatterns:
    """The patterns of one language, group 1 of each the wording: question words, and the nouns beside "what".

    `passed` are wordings that hold a question word and ask nothing.
    """

    passed: re.Pattern[str]
    at_clauses: _Patterns
    anywhere: _Patterns
    nouns: _Patterns


@cache
def _kind_patterns(language: Language) -> _KindPatterns:
    listed = _listed(language)
    asking = [(kind, wordings) for (role, kind), wordings in listed.items() if role == "word"]
    nouns = [(kind, wordings) for (role, kind), wordings in listed.items() if role == "noun"]
    between = _BETWEEN if language != "en" else rf"{_BETWEEN}|(?<=\bwhich){_QUALIFIED}"
    article = "(?:ال)?" if language == "ar" else ""
    anywhere = [(kind, rf"\b{_BEFORE[language]}({_any(found, '')})\b") for kind, found in asking if _any(found, "")]
    beginning = [(kind, rf"{_BEGINNING}({_any(found, '^')})\b") for kind, found in asking if _any(found, "^")]
    at_clauses = [(kind, rf"{_CLAUSE}({_any(found, '')or _any(found, '^')})\b") for kind, found in asking]
    return _KindPatterns(
        re.compile(rf"\b(?:{_any(listed['pass', 'what'], '')})\b"),
        _compiled(at_clauses if language == "en" else []),
        _compiled(anywhere if language == "en" else beginning + anywhere),
        _compiled([(kind, rf"(?:{between}){article}({_any(found, '')})\b") for kind, found in nouns]),
    )


def _compiled(patterns: Sequence[tuple[Kind, str]]) -> _Patterns:
    return tuple((kind, re.compile(pattern)) for kind, pattern in patterns)


def _any(wordings: Sequence[str], mark: str) -> str:
    """Return the pattern of the wordings that bear a mark (`^`), or of those that bear none, the longest first."""
    chosen = [wording.lstrip("^") for wording in wordings if wording.startswith("^") == bool(mark)]
    return "|".join(_pattern(wording) for wording in sorted(chosen, key=len, reverse=True))


def _pattern(wording: str) -> str:
    return re.escape(wording.rstrip("*")).replace(r"\ ", r"\s+") + (f"(?:{_ENDING})?" if wording.endswith("*") else "")


@cache
def _listed(language: Language) -> dict[tuple[str, Kind], list[str]]:
    """Return the wordings of a language, folded, by role and kind; `pass` stands under the kind what."""
    found: dict[tuple[str, Kind], list[str]] = {}
    for role, kind, tongue, wordings in rows("question_words.tsv"):
        if tongue == language:
            known: Kind = next((each for each in get_args(Kind) if each == kind), "what")
            found.setdefault((role, known), []).extend(_spaced(wording.strip()) for wording in wordings.split("|"))
    return found
