"""What a question asks to count or measure: its text -> the words around its "how many"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.text import spaced
from rag.ask import tuning
from rag.text.amount import tokens_of
from rag.text.common_words import is_function_word
from rag.text.word_list import quote_words

# All folded. "How much did it last, reach, cost" counts nothing that has a name.
_NO_NOUN = r"(?!(?:[يت]?ست|است)غرق|[يت]?دوم|[يت]?دام|(?:[يت]|ا)ستمر|[يت]?بلغ|كان|[يت]كون|[يت]?طال|[يت]?طول|مض)"
_NOUN = re.compile(rf"(?:.*?\W)?(?:[بول]?كم(?: عدد| من)?|جند|جه تعداد|how many)(?: تا| عدد)? {_NO_NOUN}(\w+)")
_MEASURE = re.compile(
    r"(?:.*?\W)?[بول]?كم (?:[يت]?بلغت?|كانت?|[يت]كون|[يت]صل|وصلت?|[يت]قدر) (\w+)|\W*(\w+) (?:.* )?(?:جقدر|جند) (?:است|بود|شد)\b"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """The folded words that say what a question wants counted.

    `noun` stands right behind "how many" (how many people), `measure` beside a "how much" (كم بلغت كلفة); None where there is
    none. `words` are those of substance that follow what asks for a number, people as such and "reached" left out.
    """

    noun: str | None
    measure: str | None
    words: tuple[str, ...]


@lru_cache(maxsize=512)
def counted_in(question: str) -> Counted:
    """Return what a question wants counted, as its words tell; whether it asks for a number at all is its kind."""
    folded = spaced(question)
    return Counted(_first(_NOUN.match(folded)), _first(_MEASURE.match(folded)), tuple(_words_behind(folded)))


def only_asks_number(word: str) -> bool:
    """Tell whether a folded word asks for a number, or says no more than that people are counted."""
    return (quote_words("people").fullmatch(word) or quote_words("how_many").fullmatch(word)) is not None


def _first(match: re.Match[str] | None) -> str | None:
    return next(filter(None, match.groups()), None) if match else None


def _words_behind(folded: str) -> list[str]:
    """Return the words of substance behind those that ask for a number, up to a preposition or the like."""
    match = quote_words("how_many").search(folded)
    found: list[str] = []
    for token in tokens_of(folded[match.end() :])[: tuning.WORDS_BEHIND_HOW_MANY] if match else []:
        word = token.text
        if only_asks_number(word):
            continue
        if is_function_word(word):
            break
        if not quote_words("is_verb").fullmatch(word):
            found.append(word)
    return found[: tuning.COUNTED_WORDS]
