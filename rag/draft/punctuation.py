"""Rules about what is written beside letters and digits: signs, separators, harakat, commas, quotes and question marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text import ZWNJ
from rag.draft import tuning
from rag.draft.alignment import Alignment
from rag.draft.statement import is_report
from rag.draft.tokens import Token
from rag.text.numeral import NUMERAL, written
from rag.text.word_list import sentence_words

# A sign that touches the number behind it and not the word before it is the number's; any other dash is a dash.
_WRITTEN = re.compile(rf"(?<![\w%٪])[-−–+±]\s?(?=[$€£¥₪₹₺₽﷼]?\d)|{NUMERAL}|[^\W_]+(?:{ZWNJ}+[^\W_]+)*|[^\w\s{ZWNJ}]")
_ALIKE = str.maketrans(
    {"،": ",", "؛": ";", "؟": "?", "٪": "%", "۔": ".", "–": "-", "−": "-", "—": "-", "«": '"', "»": '"', "“": '"', "”": '"'}
    | {"„": '"', "’": "'", "‘": "'", "٫": ".", "٬": ","}  # in digits: an Arabic 1٬500 is an English 1,500
)
_WRAPPED = re.compile(r"\s*[«“\"„]([^«»“”\"„]*)[»”\"]\s*[.۔]?\s*")
_QUOTE = re.compile(r"[«»“”\"„]")
_ASKS = re.compile(r"[?؟]")
_DAMMA = "\u064f"


def unwrapped(text: str, source: str) -> str:
    """Return a sentence without the quotation marks around all of it, where its source has none: so a source is quoted."""
    wrapped = _WRAPPED.fullmatch(text) if not _QUOTE.search(source) else None
    return wrapped[1] if wrapped else text


def same_writing(text: str, source: str) -> bool:
    """Tell whether two sentences are written alike, but for spelling, script of digits, quotation marks and the last stop."""
    return _marks(text) == _marks(source)


def same_marks_of_words(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Tell whether two sentences of the same words have the same in quotes, names left aside, and no other harakat."""
    return len(one) == len(other) and all(
        vowels_agree(token.vowels, near.vowels)
        and (bool(near.vowels) or not _is_passive(token.vowels))
        and (token.quoted == near.quoted or near.role == "name")
        for token, near in zip(one, other, strict=True)
    )


def _marks(text: str) -> list[str]:
    folded, _ = written(text)
    found = [match[0].translate(_ALIKE).strip() for match in _WRITTEN.finditer(folded)]
    while found and found[-1] in (".", "…", '"'):
        found.pop()
    return [mark for mark in found if mark != '"']


def asks(text: str) -> bool:
    """Tell whether a sentence asks: by its mark, or by a word that only asks, wherever it stands: هل, آیا."""
    return _ASKS.search(text) is not None or not sentence_words("asks").isdisjoint(re.findall(r"\w+", written(text)[0]))


def same_vowels(alignment: Alignment) -> bool:
    """False where a word has other harakat: قَتَلَ (killed) from قُتِلَ (was killed); a bare قتل may be either."""
    return all(
        vowels_agree(token.vowels, other.vowels) and (bool(other.vowels) or not _is_passive(token.vowels))
        for token, other, _ in alignment.pairs()
    )


def _is_passive(vowels: Sequence[tuple[str, str]]) -> bool:
    """Tell whether harakat make an Arabic verb of three letters a passive, which a bare word in the source is only perhaps."""
    bare = vowels[1:] if len(vowels) == 4 and vowels[0][0] in "وف" else vowels
    return len(bare) == 3 and _DAMMA in bare[0][1] and _DAMMA not in bare[1][1] and bare[1][0] not in "اوي"


def vowels_agree(one: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]]) -> bool:
    """Tell whether two spellings of a word have no letter with other harakat; a clitic before one of them counts nothing."""
    if len(one) > len(other):
        one, other = other, one
    letters, longer = "".join(letter for letter, _ in one), "".join(letter for letter, _ in other)
    skip = longer.find(letters)
    behind = other[skip if skip > 0 else 0 :]
    return all(
        mine == theirs or not mine or not theirs or _is_shadda_only(mine, theirs)
        for (letter, mine), (same, theirs) in zip(one, behind, strict=False)
        if letter == same
    )


def _is_shadda_only(one: str, other: str) -> bool:
    """Tell whether one letter is doubled and bears no vowel, or bears the vowel that the other does too."""
    return one.strip("ّ") == other.strip("ّ") or "ّ" in (one, other)


def same_pauses(alignment: Alignment) -> bool:
    """False where a comma around a "not" or a verb of saying moves: the general, said the minister, lied."""
    claim, source = alignment.claim, alignment.source
    turning = [i for i, token in enumerate(claim) if token.operator == "not" or is_report(token, alignment.languages[0])]
    if alignment.across:
        return True
    for index, (one, two) in enumerate(zip(alignment.places, alignment.places[1:], strict=False)):
        if one is None or two != one + 1 or not any(abs(near - index) <= tuning.PAUSE_REACH for near in turning):
            continue
        if _pause(claim[index], claim[index + 1]) != _pause(source[one], source[two]):
            return False
    return True


def _pause(one: Token, other: Token) -> bool:
    return other.pauses > one.pauses


def same_quotes(alignment: Alignment) -> bool:
    """False where quoted words become the article's own, or others a quotation: the terrorists, from 'the "terrorists"'.

    What is quoted stays so, or the claim tells who says it; what a claim quotes is quoted in the source, in the same words.
    """
    claim, source = alignment.statements
    if not claim.voices <= source.voices:
        return False
    for token, other, _ in alignment.pairs():
        if other.role not in ("word", "value"):
            continue
        if token.quoted and not (other.quoted and (alignment.across or token.word == other.word)):
            return False
        if other.quoted and not token.quoted and claim.speaker is None:
            return False
    return True
