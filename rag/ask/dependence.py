"""Whether a question needs the one before it to be understood, and whether it asks the same of something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from index.text import ZWNJ, fold, stems, words
from index.types import Language
from rag.ask import tuning
from rag.ask.kind import asked_words, asks_definition, kind_of
from rag.ask.term import Term
from rag.text.common_words import is_function_word, is_joined_function_word
from rag.text.word_list import spellings, written_words

WordKind = Literal["points", "stands", "calendar", "near", "recalls", "wanting", "event", "happens", "joins", "whole"]

# Glossary kinds that are not a topic by themselves, and those that any two questions may share by chance.
_NO_TOPIC = frozenset({"month", "weekday", "number"})
_NO_DOMAIN = frozenset({"word", "society", "office", "politics", "acronym"})
_EXISTENTIAL = re.compile(r"\b(?:is|are|was|were|be|been|will|would|can|could|has|have) there\b(?=\W*\w)")
# "that" joins a clause except behind these words, and at the end.
_BEFORE_THAT = re.compile(
    r"about|after|before|with|of|to|for|from|on|in|is|was|were|are|did|does|do|and|at|by|than|like|over|why|how|when"
)
# Folded, ة written as ت: "what about Iran?".
_INSTEAD = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay)\W+)?(?:what|how) about\b|^\W*(?:[وف]?ماذا عن|[وف]?ما بال)\b|"
    r"\b(?:جطور|جي|جه طور|جه)\W*$"
)
# Not the next, the latest, the highest: they are the same whoever asks.
_KNOWN = re.compile(r"\bthe (?!next|latest|most|best|world|sun|moon|internet|\w+est\b)")
# A verb of the plural (اتهموا) is one too: with a subject behind it, it would stand in the singular.
_ARABIC_PRONOUN = re.compile(r"(?![وفب]?ال|لل)\w{2,}?(?:هما|ها|هم|هن|ه|(?<=\w{2})وا)")
_PERSIAN_PRONOUN = re.compile(rf"\w{{2,}}(?:{ZWNJ}(?:ا?ش|شان)|(?<!{ZWNJ})ش|شان)|\w+{ZWNJ}هايش(?:ان)?")
_CAPITALISED = re.compile(r"(?<=[\w,'’] )[A-Z][\w-]+")


@dataclass(frozen=True, slots=True)
class _Words:
    """A question's folded words, with ة written as ت (`found`) and as its terms have them (`plain`), and its terms.

    `names` name somebody or some place; `topics` are the other terms that say what the question is about.
    """

    raw: str
    folded: str
    language: Language
    found: tuple[str, ...]
    plain: tuple[str, ...]
    terms: tuple[Term, ...]
    names: tuple[Term, ...]
    topics: tuple[Term, ...]

    @property
    def size(self) -> int:
        return len(self.names) + len(self.topics)


def leans(text: str, language: Language, terms: Sequence[Term], before: Sequence[Term]) -> bool:
    """Tell whether a question (its text and its terms) needs what the one before it was about, the terms `before`.

    It does if it points at something that it does not name, begins with "and" and names nothing, asks the same of something
    else, or does not say what it is about.
    """
    asked = _words_of(text, language, terms)
    if not asked.size or asks_instead(text, language, terms):
        return True
    if _points_elsewhere(asked):
        return asked.size <= tuning.MOST_TERMS_POINTING
    if _defines(asked):
        return False
    if asked.names:
        return (asked.size < 2 and not _asks_what_happened(asked)) or is_parallel(text, language, terms, before)
    if _joins(asked) and len(asked.topics) <= tuning.MOST_TERMS_JOINED:
        return True
    if len(asked.topics) >= tuning.ENOUGH_TOPICS:
        return False
    return len(asked.topics) < 2 or _is_definite(asked) or _is_of(asked.topics, before)


def asks_instead(text: str, language: Language, terms: Sequence[Term]) -> bool:
    """Tell whether a question is of the form "what about Iran?" or "and Iran?": it asks nothing itself."""
    asked = _words_of(text, language, terms)
    if len(terms) > tuning.MOST_TERMS_PARALLEL or not terms:
        return False
    if _INSTEAD.search(asked.folded):
        return True
    asks_nothing = kind_of(text) == "what" and not asked_words(text)
    return _joins(asked) and asks_nothing and len(terms) == 1 and len(asked.found) <= tuning.MOST_WORDS_INSTEAD


def is_parallel(text: str, language: Language, terms: Sequence[Term], before: Sequence[Term]) -> bool:
    """Tell whether a question asks in the words of the one before, of another name: who accompanied Putin?"""
    asked = _words_of(text, language, terms)
    if asked.size > tuning.MOST_TERMS_PARALLEL:
        return False
    other_names = [term for term in asked.names if not any(term.means(old) for old in before)]
    shared = [term for term in terms if not term.is_name and any(term.means(old) for old in before)]
    return bool(other_names and shared)


def recalls_time(text: str, language: Language) -> bool:
    """Tell whether a question speaks of a time that was named before it: then, that day."""
    found = words(fold(text))
    if not _listed("recalls", language).isdisjoint(found):
        return True
    far = _listed("points", language) - _listed("near", language)
    times = _listed("calendar", language)
    return any(pointing in far and noun in times for pointing, noun in zip(found, found[1:], strict=False))


def points_back(text: str, language: Language) -> bool:
    """Tell whether a word of a question points at something that was said before it: that, there, معه, آنجا."""
    asked = _words_of(text, language, ())
    places = range(len(asked.found))
    return any(_points(asked, place) and not _is_this_time(asked.found, place, language) for place in places)


def _words_of(text: str, language: Language, terms: Sequence[Term]) -> _Words:
    # A pronoun at the end of an Arabic word is told from ة, which folding makes the same letter.
    folded = fold(re.sub("[ةۃ]", "ت", text))
    capitals = {word for found in _CAPITALISED.findall(text) for word in words(found)}
    names = tuple(term for term in terms if term.is_name or (not term.is_light and capitals.issuperset(term.words)))
    topics = tuple(term for term in terms if term not in names and _is_topic(term, language, bool(names)))
    return _Words(text, folded, language, tuple(words(folded)), tuple(words(text)), tuple(terms), names, topics)


def _is_topic(term: Term, language: Language, is_named: bool) -> bool:
    """Tell whether a term says what a question is about; an event does so only beside a name."""
    if term.is_light or any(entry.kind in _NO_TOPIC for entry in term.entries):
        return False
    least = _listed("wanting", language) | (frozenset() if is_named else _listed("event", language))
    of_least = [any(form in least for form in stems(word)) for word in term.words if not is_function_word(word)]
    # An idiom of the glossary (واکنش نشان داد) is what one word of it is.
    is_idiom = bool(term.entries) and all(entry.kind == "word" for entry in term.entries)
    return not (any(of_least) if is_idiom else all(of_least))


def _defines(asked: _Words) -> bool:
    """Tell whether a question is for a definition of what it names, and not for somebody's answer or the captain."""
    if not asks_definition(asked.raw) or len(asked.terms) > tuning.MOST_TERMS_POINTING:
        return False
    wanting = _listed("wanting", asked.language)
    if any(word in wanting for term in asked.terms for word in term.words):
        return False
    return bool(asked.names) or not _is_definite(asked)


def _asks_what_happened(asked: _Words) -> bool:
    return not _listed("happens", asked.language).isdisjoint(asked.plain)


def _points_elsewhere(asked: _Words) -> bool:
    """Tell whether a word of the question stands for something that the question does not name before it."""
    meant = _first_meant(asked)
    return any(
        (_points(asked, place) and not _is_this_time(asked.found, place, asked.language))
        or (place < meant and _stands(asked, place))
        for place in range(len(asked.found))
    )


def _points(asked: _Words, place: int) -> bool:
    """Tell whether a word points at something said before, wherever it stands."""
    word, last = asked.found[place], place == len(asked.found) - 1
    bare = re.sub(r"^[وف](?=..)", "", word) if asked.language == "ar" else word
    if _listed("points", asked.language).isdisjoint((word, bare)):
        return False
    if word == "there":
        return not _EXISTENTIAL.search(asked.folded)
    if word in ("that", "so", "this"):
        return last or place == 0 or _BEFORE_THAT.fullmatch(asked.found[place - 1]) is not None
    return True


def _is_this_time(found: Sequence[str], place: int, language: Language) -> bool:
    """Tell whether a word points at the user's own time, as in "this week"."""
    following = found[place + 1 : place + 2]
    return found[place] in _listed("near", language) and not _listed("calendar", language).isdisjoint(following)


def _stands(asked: _Words, place: int) -> bool:
    """Tell whether a word is a personal pronoun, or ends with one."""
    word = asked.found[place]
    if word in _listed("stands", asked.language):
        # "Who is he": at the end, the pronoun is asked for; before a name it only joins the two (من هو لافروف).
        return asked.language != "ar" or place == len(asked.found) - 1
    pronoun = {"ar": _ARABIC_PRONOUN, "fa": _PERSIAN_PRONOUN}.get(asked.language)
    return pronoun is not None and pronoun.fullmatch(word) is not None and not _is_whole(asked, place)


def _is_whole(asked: _Words, place: int) -> bool:
    """Tell whether a word that ends like a pronoun is known to be whole, or is a part of a name."""
    word, plain = asked.found[place], asked.plain[place]
    if not {word, _without_clitic(word)}.isdisjoint(_listed("whole", asked.language)):
        return True
    own = [term for term in asked.terms if plain in term.words]
    return any(term.is_name or (plain,) in term.variants(asked.language) for term in own)


def _first_meant(asked: _Words) -> int:
    """Return the place of the first word that a pronoun behind it may stand for: of a name, or of a noun made definite."""
    names = {term.words[0] for term in asked.names}
    heavy = {term.words[0] for term in asked.terms if not term.is_light}
    for place, word in enumerate(asked.plain):
        if word in names or _is_definite_noun(asked, place) or (asked.language != "ar" and _is_noun(asked, place, heavy)):
            return place
    return len(asked.found)


def _is_definite_noun(asked: _Words, place: int) -> bool:
    """Tell whether a word is an Arabic noun with the article."""
    word = asked.found[place]
    return asked.language == "ar" and len(word) > 4 and re.match(r"[وفب]?ال", word) is not None


def _is_noun(asked: _Words, place: int, heavy: set[str]) -> bool:
    """Tell whether a word is a noun: in English behind an article, in Persian almost any, the verb standing last."""
    if asked.plain[place] not in heavy:
        return False
    if asked.language == "en":
        return place > 0 and asked.found[place - 1] in ("the", "a", "an")
    return not _stands(asked, place)


def _without_clitic(word: str) -> str:
    return re.sub(r"^[وفبكل](?=...)", "", word)


def _joins(asked: _Words) -> bool:
    """Tell whether a question begins with "and" or the like, in Arabic as one with its first word."""
    first = asked.found[0] if asked.found else ""
    if first in _listed("joins", asked.language):
        return True
    return asked.language == "ar" and (is_joined_function_word(first) or _begins_with_and(asked))


def _begins_with_and(asked: _Words) -> bool:
    """Tell whether the و that an Arabic question begins with is no part of its first word, as in وزير."""
    own = [term for term in asked.terms if term.words[0] == asked.plain[0]]
    known = {variant[0] for term in own for variant in term.variants("ar")}
    return re.match(r"و\w{3}", asked.plain[0]) is not None and asked.plain[0] not in known


def _is_definite(asked: _Words) -> bool:
    """Tell whether an English question asks for a thing that "the" takes for known, and does not say of what."""
    return asked.language == "en" and "of" not in asked.found and _KNOWN.search(asked.folded) is not None


def _is_of(topics: Sequence[Term], before: Sequence[Term]) -> bool:
    """Tell whether topics stand among earlier ones or belong to the same field, such as sport."""
    fields = {entry.kind for term in before for entry in term.entries} - _NO_DOMAIN
    return any(
        any(topic.means(old) for old in before) or not fields.isdisjoint(entry.kind for entry in topic.entries)
        for topic in topics
    )


@cache
def _listed(kind: WordKind, language: Language) -> frozenset[str]:
    listed = written_words("leaning_words.tsv", kind, language)
    # ة is written ت where pronouns are looked for, and ه in the terms.
    return frozenset(form for word in listed for each in (word, word.replace("ة", "ت")) for form in spellings(each))
