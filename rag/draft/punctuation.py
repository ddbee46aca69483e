"""Rules about what is written beside letters and digits: signs, separators, harakat, commas, quotes and question marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text import ZWNJ
from index.types import Language
from rag.draft import tuning
from rag.draft.alignment import Alignment
from rag.draft.statement import is_report
from rag.draft.tokens import Token
from rag.text.numeral import NUMERAL, read_numeral, written
from rag.text.word_list import sentence_words

# A sign that touches the number behind it and not the word before it is the number's; any other dash is a dash.
_WRITTEN = re.compile(rf"(?<![\w%٪])[-−–+±]\s?(?=[$€£¥₪₹₺₽﷼]?\d)|{NUMERAL}|[^\W_]+(?:{ZWNJ}+[^\W_]+)*|[^\w\s{ZWNJ}]|_")
_ALIKE = str.maketrans(
    {"،": ",", "؛": ";", "؟": "?", "٪": "%", "۔": ".", "–": "-", "−": "-", "—": "-", "«": '"', "»": '"', "“": '"', "”": '"'}
    | {"„": '"', "’": "'", "‘": "'", "٫": ".", "٬": ","}  # in digits: an Arabic 1٬500 is an English 1,500
)
_WRAPPED = re.compile(r"\s*[«“\"„]([^«»“”\"„]*)[»”\"]\s*[.۔]?\s*")
_QUOTE = re.compile(r"[«»“”\"„]")
_ASKS = re.compile(r"[?؟⁇⁈⁉‽¿]")
# An English sentence that begins with one of these asks, and so does an Arabic one with the hamza of a question before it.
_ASKS_FROM_FRONT = re.compile(
    r"^\W*(?:(?:Did|Does|Is|Are|Was|Has|Have|Can|Could|Would)\s|أ(?:ا\w|لم\s|ليس|لن\s|ف?لا\s|فلم\s))"
)
_SHADDA = "\u0651"
_TELLING = {"\u064f", "\u0650"}  # damma, kasra
_PERSIAN_TELLING = _TELLING | {"\u064e"}  # and fatha, for Persian writes a vowel only to tell two words apart
_ROOT = 3  # letters
_Vowels = Sequence[tuple[str, str]]


def unwrapped(text: str, source: str) -> str:
    """Return a sentence without the quotation marks around all of it, where its source has none: so a source is quoted."""
    wrapped = _WRAPPED.fullmatch(text) if not _QUOTE.search(source) else None
    return wrapped[1] if wrapped else text


def same_writing(text: str, source: str) -> bool:
    """Tell whether two sentences are written alike, but for spelling, script of digits, quotation marks and the last stop."""
    return _marks(text) == _marks(source)


def same_marks_of_words(one: Sequence[Token], other: Sequence[Token], language: Language) -> bool:
    """Tell whether two sentences of the same words have the same in quotes, names left aside, and no other harakat."""
    return len(one) == len(other) and all(
        _vowels_hold(token, near, language)
        and (token.quoted == near.quoted or near.role == "name")
        and (token.raw == near.raw or not (token.is_symbol or near.is_symbol))
        for token, near in zip(one, other, strict=True)
    )


def _marks(text: str) -> list[str]:
    folded, _ = written(text)
    found = [_mark(match[0]) for match in _WRITTEN.finditer(folded)]
    while found and found[-1] in (".", "…", '"'):
        found.pop()
    return [mark for mark in found if mark != '"']


def _mark(text: str) -> str:
    """Return a number by what it may be, so that 1٬500 is 1,500 and 1٫500 is not; anything else by how it is written."""
    numeral = read_numeral(text) if text[0].isdecimal() else None
    return "|".join(map(str, sorted(numeral.readings))) if numeral else text.translate(_ALIKE).strip()


def asks(text: str) -> tuple[bool, bool]:
    """Tell whether a sentence asks by its mark, and whether by its words, wherever they stand: هل, آیا, Did he resign."""
    in_words = _ASKS_FROM_FRONT.search(text) or not sentence_words("asks").isdisjoint(re.findall(r"\w+", written(text)[0]))
    return bool(_ASKS.search(text)), bool(in_words)


def same_vowels(alignment: Alignment) -> bool:
    """False where a word has other harakat: قَتَلَ (killed) from قُتِلَ (was killed); a bare قتل may be either."""
    return all(_vowels_hold(token, other, alignment.languages[0]) for token, other, _ in alignment.pairs())


def _vowels_hold(token: Token, other: Token, language: Language) -> bool:
    """Tell whether a word has no other harakat than its source, nor one that settles what bare letters there leave open."""
    settles = token.role != "function" and _settles(token.vowels, other.vowels, language)
    return _vowels_agree(token.vowels, other.vowels) and not settles


def _settles(vowels: _Vowels, others: _Vowels, language: Language) -> bool:
    """Tell whether harakat inside a word make a passive, a causative or another word of a bare one: قُتل, كذّب, Persian مَرد.

    A fatha inside an Arabic word does not, nor what stands on a last letter: a case, or the kasra of a Persian ezafe.
    """
    # Their last letters are the same, whatever clitic stands before one of them.
    known = {place: mark for place, (_, mark) in enumerate(others, len(vowels) - len(others))}
    telling = _PERSIAN_TELLING if language == "fa" else _TELLING
    stem = vowels[1:] if len(vowels) == _ROOT + 1 and vowels[0][0] in "وف" else vowels
    doubles = len(stem) == _ROOT and _SHADDA in stem[1][1] and not known.get(len(vowels) - 2)
    return doubles or any(telling & set(mark) and not known.get(place) for place, (_, mark) in enumerate(vowels[:-1]))


def _vowels_agree(one: _Vowels, other: _Vowels) -> bool:
    """Tell whether two spellings of a word have no letter with other harakat; a clitic before one of them counts nothing."""
    if len(one) > len(other):
        one, other = other, one
    letters, longer = "".join(letter for letter, _ in one), "".join(letter for letter, _ in other)
    skip = longer.find(letters)
    behind = other[skip if skip > 0 else 0 :]
    return all(
        mine == theirs or not (mine and theirs) or (_SHADDA in (mine, theirs) and _SHADDA in mine and _SHADDA in theirs)
        for (letter, mine), (same, theirs) in zip(one, behind, strict=False)
        if letter == same
    )


def same_pauses(alignment: Alignment) -> bool:
    """False where a comma around a "not" or a verb of saying moves: the general, said the minister, lied."""
    claim, source = alignment.claim, alignment.source
    turning = [i for i, token in enumerate(claim) if token.operator == "not" or is_report(token, alignment.languages[0])]
    # The comma behind an "if ..." goes where that stands behind.
    conditional = any(token.operator == "if" for token in claim)
    if alignment.across:
        return True
    for index, (one, two) in enumerate(zip(alignment.places, alignment.places[1:], strict=False)):
        if one is None or two != one + 1 or _pause(claim[index], claim[index + 1]) == _pause(source[one], source[two]):
            continue
        near_turning = any(abs(near - index) <= tuning.PAUSE_REACH for near in turning)
        if near_turning or (not conditional and _parts_words(claim[index], claim[index + 1])):
            return False
    return True


def _pause(one: Token, other: Token) -> bool:
    return other.pauses > one.pauses


def _parts_words(one: Token, other: Token) -> bool:
    """Tell whether a comma between two words changes what they are to each other: شقيق الوزير, شقيق، الوزير.

    Not so before an "and", nor beside a time or a place, which may stand anywhere.
    """
    free = any(
        token.is_time or token.is_place or token.role in ("value", "operator") or token.word in sentence_words("free")
        for token in (one, other)
    )
    return not free and "and" not in other.marks


def _quotes_words(speaker: Sequence[Token]) -> bool:
    return any(token.quoted and token.role != "name" for token in speaker)


def same_quotes(alignment: Alignment) -> bool:
    """False where quoted words become the article's own, or others a quotation: the terrorists, from 'the "terrorists"'.

    What is quoted stays so, or the claim tells who says it; what a claim quotes is quoted in the source, in the same words.
    """
    claim, source = alignment.statements
    if not claim.voices <= source.voices:
        return False
    if claim.speaker and source.speaker and _quotes_words(claim.speaker) != _quotes_words(source.speaker):
        return False
    for token, other, _ in alignment.pairs():
        if other.role not in ("word", "value"):
            continue
        if token.quoted and not (other.quoted and (alignment.across or token.word == other.word)):
            return False
        if other.quoted and not token.quoted and claim.speaker is None:
            return False
    return True
