"""A text -> its language, if that is one that Khabar does not serve, or not in those letters; recognised by small words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from index.text import fold
from index.tongues import marked_words
from rag.request import tuning
from rag.text.word_list import rows

_ARABIC_SCRIPT = frozenset({"ur", "ckb"})
# A digit that stands for an Arabic letter (2atil, 7arb, ma3a), and what only looks so: 2nd, 5pm, 3m, g7, covid19.
_DIGIT_LETTER = re.compile(
    r"[a-z]*[23579](?!(?:st|nd|rd|th|am|pm|km|kg|bn|mm|cm|gb|mb|hrs?|d|g|m|k)$)[a-z]{2,}|[a-z]{2,}[37][a-z]+"
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def unserved_tongue(text: str) -> str:
    """Return the code of the unserved language that a question is surely in, such as `fr` or `fa-latin`; else nothing."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'")
    if _is_sorani(plain):
        return "ckb"
    if _is_urdu(plain):
        return "ur"
    found = [word for word in _WORD.findall(plain.casefold())]
    latin = [word for word in found if fold(word[0]).isascii()]
    if len(found) < 2 or len(latin) < len(found):
        return ""
    if any(word in _listed()["en", "strong"] for word in latin):
        return ""
    scores = {tongue: _score(tongue, latin, plain) for tongue in _tongues()}
    best = max(scores, key=lambda tongue: scores[tongue])
    rivals = [tongue for tongue in scores if tongue != best and scores[tongue] == scores[best]]
    return best if scores[best] and not rivals else ""


def _score(tongue: str, found: list[str], text: str) -> float:
    """Return how many of the words are this language's, weak ones half; 0 where they are too few to be sure."""
    listed = _listed()
    plain = [fold(word) if tongue.endswith("latin") else word for word in found]
    strong = {word for word in plain if word in listed[tongue, "strong"]}
    weak = {word for word in plain if word in listed[tongue, "weak"]}
    if tongue == "ar-latin":
        strong |= {word for word in plain if _DIGIT_LETTER.fullmatch(word)}
    enough = len(strong) + len(weak) >= min(tuning.LEAST_WORDS_OF_TONGUE, max(2, len(found) - 1)) and strong
    # Names alone hold small words too (Le Monde, La Liga): a question has two of its own, or one and its mark.
    asked = len(strong) >= tuning.SURE_WORDS_OF_TONGUE or "?" in text
    share = (len(strong) + len(weak)) / len(found)
    if not enough or not asked or share < tuning.LEAST_SHARE_OF_TONGUE:
        return 0.0
    return len(strong) + tuning.SHARED_WORD_OF_TONGUE * len(weak)


def _is_urdu(text: str) -> bool:
    found = text.split()
    own = {word.strip("؟?۔،.!") for word in found} & _listed()["ur", "strong"]
    marked = marked_words(found, "ur")
    # A Persian word or two may have one of these letters; a question in Urdu is full of them.
    return min(len(own), marked) >= tuning.SURE_WORDS_OF_TONGUE


def _is_sorani(text: str) -> bool:
    found = [word.strip("؟?،.!") for word in text.split()]
    own = {word for word in found if word in _listed()["ckb", "strong"]}
    marked = marked_words(found, "ckb")
    many = len(found) > 1 and marked >= max(2, tuning.LEAST_SHARE_OF_TONGUE * len(found))
    return many and (bool(own) or marked >= tuning.MARKED_SORANI_WORDS)


def _tongues() -> list[str]:
    return [tongue for tongue, strength in _listed() if strength == "strong" and tongue not in {"en", *_ARABIC_SCRIPT}]


@cache
def _listed() -> dict[tuple[str, str], frozenset[str]]:
    return {(tongue, strength): frozenset(words.split()) for tongue, strength, words in rows("unserved_words.tsv")}
