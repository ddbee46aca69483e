"""The words of a sentence as they are compared: negations and futures apart from their verbs, each word with its clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.text import ZWNJ, fold_offsets
from index.types import Language
from rag.drafting.sentence_words import listed
from rag.glossary import Glossary
from rag.reading.common_words import is_function_word

# A number keeps its decimals, a word its apostrophe and its ZWNJ.
_PIECE = re.compile(rf"\d+(?:[.,٫٬]\d+)*(?:st|nd|rd|th)?|[^\W\d_]+(?:'[^\W\d_]+)?(?:{ZWNJ}+[^\W_]+)*|[^\W_]+")
_SIGNS = (("%", " percent "), ("٪", " percent "), ("$", " dollar "), ("€", " euro "), ("’", "'"))
_CLAUSE_MARK = re.compile(r"[,،;؛:()\[\]«»“”\"]|\s[-–]\s|[—…]")
RADICAL_WAW = re.compile(
    r"و(?:لي|زير|زار|زراء|فد|قف|قت|ضع|صل|صول|قع|ثيق|ثائق|جه|جود|حد|سائل|سط|ساط|كال|فا|لاي|طن|رق|عد|باء|اشنطن|سيط|شيك|ظيف|ارد|اجه)"
)
_FUTURE = re.compile(r"[وف]?س[يتن]\w{3,}")
_NEGATED = re.compile(
    r"ن(يست\w*|يامد\w*|يفتاد\w*|بود\w*|شد\w*|كرد\w*|داد\w*|دار\w*|داشت\w*|خواه\w*|خواست\w*|توان\w*|كرفت\w*|بذيرفت\w*|رفت\w*|كفت\w*|رسيد\w*|رسان\w*|ديد\w*|شنيد\w*|شناخت\w*|برداخت\w*|نوشت\w*|"
    r"خورد\w*|كشت\w*|ساخت\w*|فرستاد\w*|ياورد\w*|بست\w*|فروخت\w*|خريد\w*|شكست\w*|"
    r"دانست\w*|كذاشت\w*|يافت\w*|ماند\w*|زد\w*|كند|كنند|شود|شوند|دهد|دهند|باشد|باشند|بايد)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A word as it stands in the text: folded, with its clause and whether it begins with a capital."""

    word: str
    clause: int
    capital: bool
    first: bool


def pieces_of(text: str, language: Language, glossary: Glossary) -> Iterator[Piece]:
    """Yield the words of a sentence in reading order."""
    for sign, written in _SIGNS:
        text = text.replace(sign, written)
    folded, offsets = fold_offsets(text)
    found = list(_PIECE.finditer(folded))
    futures = _futures([match[0] for match in found], glossary) if language == "ar" else frozenset()
    clause, last, first = 0, 0, True
    for place, match in enumerate(found):
        between = folded[last : match.start()]
        clause += bool(_CLAUSE_MARK.search(between)) and not first
        for word in _future(match[0]) if place in futures else _split(match[0], language):
            clause += not first and (word in listed("conjunction") or (language == "ar" and _joins(word)))
            yield Piece(word, clause, text[offsets[match.start()]].isupper(), first)
            first = False
        last = match.end()


def _futures(found: Sequence[str], glossary: Glossary) -> frozenset[int]:
    """Return the places of Arabic verbs of the future (سيلتقي), as told from names and nouns of that look (سيرغي, سيارة).

    They begin a clause or stand behind a joining word, or the glossary knows the verb.
    """
    long = [match for match in glossary.find(found, "ar") if match.end > match.start + 1]
    named = {place for match in long for place in range(match.start, match.end)}

    def is_future(place: int) -> bool:
        word = found[place]
        if place in named or not _FUTURE.fullmatch(word) or _is_listed(word, glossary):
            return False
        joined = place == 0 or word[0] != "س" or is_function_word(found[place - 1])
        return joined or bool(glossary.find(_future(word)[-1:], "ar"))

    return frozenset(filter(is_future, range(len(found))))


def _future(word: str) -> list[str]:
    joint, _, verb = word.partition("س")
    return [*([joint] if joint else []), "سوف", verb]


def _joins(word: str) -> bool:
    """Tell whether an Arabic word has an "and" before it, rather than a first letter of that look."""
    return len(word) > 3 and word[0] == "و" and RADICAL_WAW.match(word) is None


def _split(word: str, language: Language) -> list[str]:
    """Return the words that one piece stands for: a negation apart from its verb, a possessive and a plural without ending."""
    if word.endswith("n't"):
        return [{"wo": "will", "ca": "can"}.get(word[:-3], word[:-3]), "not"]
    word = word.split("'")[0] if word.isascii() else word
    parts = [part for part in word.split(ZWNJ) if part]
    if len(parts) > 1 and parts[0] == "نمي":
        return ["نه", "".join(parts[1:])]
    if len(parts) > 1 and parts[0] == "مي":
        parts = ["".join(parts)]
    while len(parts) > 1 and parts[-1] in listed("tail"):
        parts.pop()
    word = "".join(parts)
    negated = _NEGATED.fullmatch(word) if language == "fa" else None
    return ["نه", negated[1]] if negated else [word]


@lru_cache(maxsize=20_000)
def _is_listed(word: str, glossary: Glossary) -> bool:
    """Tell whether the glossary has an Arabic word as it stands, and not only what is left of it without its clitics."""
    bare = word.lstrip("وف") if word[0] in "وف" else word
    return any(
        (form,) in entry.variants.get("ar", ()) for entry in glossary.entries_of(word) for form in (word, bare)
    )
