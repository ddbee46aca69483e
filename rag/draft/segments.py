"""The words of a sentence as they are compared: negations and futures apart from their verbs, each word with its clause."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.text import ZWNJ, fold
from index.types import Language
from rag.draft import tuning
from rag.text.common_words import is_function_word
from rag.text.glossary import Glossary
from rag.text.numeral import NUMERAL, number_word, written
from rag.text.word_list import sentence_words

# A number keeps its decimals, a word its apostrophe and its ZWNJ.
# A square metre is another unit than a metre.
_SEGMENT = re.compile(
    rf"{NUMERAL}(?:st|nd|rd|th)?\b|{NUMERAL}|[^\W\d_]{{1,4}}(?:\^[23])|[^\W\d_]+(?:'[^\W\d_]+)?(?:{ZWNJ}+[^\W_]+)*|(?<!\^)[^\W_]+"
)
_SIGNS = {
    "%": "percent", "٪": "percent", "‰": "permille", "؉": "permille", "‱": "permyriad", "؊": "permyriad", "°": "degree",
    "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₪": "shekel", "₹": "rupee", "₺": "lira", "₽": "rouble", "﷼": "rial",
    "¢": "cent",
}  # fmt: skip
_CODES = {
    "usd": "dollar", "eur": "euro", "gbp": "pound", "jpy": "yen", "ils": "shekel", "inr": "rupee", "rub": "rouble",
    "irr": "rial", "sar": "sar", "aed": "aed", "egp": "egp", "kwd": "kwd", "qar": "qar", "iqd": "iqd", "cny": "cny",
    "chf": "chf", "cad": "cadollar", "aud": "adollar",
}  # fmt: skip
# Whose dollar it is: C$5, A$5, HK$5; a US$5 is a $5.
_WHOSE = re.compile(r"(?<!\w)[A-Z]{1,3}$")
_MINUS_BEFORE_CURRENCY = re.compile(r"([-−–])([$€£¥₪₹₺₽﷼])(?=\d)")
# Whatever touches a number and is no letter, pause, quotation mark or bracket is its sign; a dash is read with its value.
_ON_NUMBER = r"[^\w\s,،;؛:.…!?؟()\[\]{}«»“”„\"'‘’‚‹›/\-–−‐—]"
_BEFORE_NUMBER = re.compile(rf"{_ON_NUMBER}+(?=\s?$)")
# A minus typed from the right stands behind its number. An exclamation mark in midst of a sentence is no cry.
_AFTER_NUMBER = re.compile(rf"^(?:{_ON_NUMBER}+|[-−‐]+(?!\S)|!(?=\s*\w))")
ORDINAL = "th"
_DASHES = str.maketrans("–−‐—", "----")
_SO_CALLED = re.compile(r"\bso-called\b", re.IGNORECASE)
_PAUSE = re.compile(r"[,،;؛:()\[\]]|\s[-–]\s|[—…]")
_OPENING, _CLOSING = "«“„‹「『《", "»”›」』》"
_TYPED_QUOTES = (("((", "«"), ("))", "»"), ("``", "“"))
# An apostrophe inside a word or behind it, without one before, quotes nothing.
_SINGLE_QUOTES = re.compile(r"(?<!\w)['‘‚](?=\S)(?:[^'‘]|(?<=\w)'(?=\w))+['‘](?!\w)")
_VOWELS = re.compile("[\u064b-\u0652\u0670]")
_CLAUSE_MARK = re.compile(r"[,،;؛:()\[\]«»“”\"]|\s[-–]\s|[—…]")
RADICAL_WAW = re.compile(
    r"و(?:لي|زير|زار|زراء|فد|قف|قت|ضع|صل|صول|قع|ثيق|ثائق|جه|جود|حد|سائل|سط|ساط|كال|فا|لاي|طن|رق|عد|باء|اشنطن|سيط|شيك|ظيف|ارد|اجه)"
)
_AND, _MANY = fold("و"), fold("ها")
_FUTURE = re.compile(r"[وف]?س[يتن]\w{3,}")
_NEGATED = re.compile(
    r"ن(يست\w*|يامد\w*|يفتاد\w*|بود\w*|شد\w*|كرد\w*|داد\w*|دار\w*|داشت\w*|خواه\w*|خواست\w*|توان\w*|كرفت\w*|بذيرفت\w*|رفت\w*|كفت\w*|رسيد\w*|رسان\w*|ديد\w*|شنيد\w*|شناخت\w*|برداخت\w*|نوشت\w*|"
    r"خورد\w*|كشت\w*|ساخت\w*|فرستاد\w*|ياورد\w*|بست\w*|فروخت\w*|خريد\w*|شكست\w*|"
    r"دانست\w*|كذاشت\w*|يافت\w*|ماند\w*|زد\w*|كند|كنند|شود|شوند|دهد|دهند|باشد|باشند|بايد)"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A word as it stands in the text: folded, with its clause and whether it begins with a capital.

    `raw` is how it is written, `gap` what stands before it, `pauses` how many commas and the like stand before it in all,
    `quoted` whether it is inside quotation marks, `vowels` each of its letters with the harakat on it, if it has any, `signs`
    what is written on a number; `is_currency` marks a word that is written as a sign or a code, `is_glued` letters or digits
    that touch the segment before.
    """

    word: str
    raw: str
    clause: int
    capital: bool
    first: bool
    gap: str = ""
    pauses: int = 0
    quoted: bool = False
    vowels: tuple[tuple[str, str], ...] = ()
    signs: frozenset[str] = frozenset()
    is_currency: bool = False
    is_glued: bool = False


def segments_of(text: str, language: Language, glossary: Glossary) -> Iterator[Segment]:
    """Yield the words of a sentence in reading order."""
    text, currencies = _spelt_out(text)
    folded, offsets = written(text)
    quoted = _quoted(text)
    found = list(_SEGMENT.finditer(folded))
    futures = _futures([match[0] for match in found], glossary) if language == "ar" else frozenset()
    clause, pauses, last, first = 0, 0, 0, True
    for place, match in enumerate(found):
        between = folded[last : match.start()]
        clause += bool(_CLAUSE_MARK.search(between)) and not first
        pauses += bool(_PAUSE.search(between)) and not first
        start = offsets[match.start()]
        raw = text[start : offsets[match.end() - 1] + 1]
        is_code = match[0] in _CODES and raw.isupper()
        stood = Segment(
            match[0], raw, clause, text[start].isupper(), first, between, pauses, quoted[start],
            _vowels(text, start, offsets[match.end() - 1] + 1), _signs(between, folded[match.end() :], match[0]),
            start in currencies or is_code, is_glued=not between and place > 0,
        )  # fmt: skip
        written_as = [_CODES[match[0]]] if is_code else _split(match[0], language)
        for word in _future(match[0]) if place in futures else written_as:
            clause += not first and (word in sentence_words("conjunction") or (language == "ar" and joins_with_waw(word)))
            yield replace(stood, word=word, clause=clause, first=first)
            stood = replace(stood, gap=ZWNJ, is_glued=False)
            first = False
        last = match.end()


def _spelt_out(text: str) -> tuple[str, frozenset[int]]:
    """Return a text with signs such as % written as words, and the offsets of those that are currencies or lead a number."""
    for typed, mark in _TYPED_QUOTES:
        text = text.replace(typed, mark)
    text = _SO_CALLED.sub("alleged", text.replace("’", "'"))
    spelt = ""
    currencies = set()
    text = _MINUS_BEFORE_CURRENCY.sub(r"\2\1", text)
    for place, character in enumerate(text):
        word = _sign_in_words(character)
        if word and text[place + 1 : place + 2].isdecimal() and not spelt[-1:].isdecimal():
            currencies.add(len(spelt) + 1)  # ٪٥ is like $5
        if unicodedata.category(character) == "Sc":
            whose = _WHOSE.search(spelt)
            if whose:
                spelt = spelt[: whose.start()]
                word = word if whose[0] == "US" else whose[0].lower() + word
            currencies.add(len(spelt) + 1)
        spelt += f" {word} " if word else character
    return spelt, frozenset(currencies)


def _sign_in_words(character: str) -> str:
    """Return a sign as a word: percent, dollar, and the name of a currency that has no shorter one here; "" for no sign."""
    if unicodedata.category(character) == "Sc":
        plain = unicodedata.normalize("NFKC", character) if character != "﷼" else character
        return _SIGNS.get(plain) or unicodedata.name(character).lower().replace(" ", "")
    return _SIGNS.get(character, "")


def _quoted(text: str) -> list[bool]:
    """Return for each character of a text whether it is inside quotation marks; the text may begin or end within them."""
    marks: list[tuple[int, bool]] = []
    for place, character in enumerate(text):
        if character in _OPENING:
            marks.append((place, True))
        elif character in _CLOSING:
            marks.append((place, False))
        elif character == '"':
            before, after = text[:place][-1:], text[place + 1 : place + 2]
            marks.append((place, (not before or before in " \n([-—:" or before == "\u00a0") and bool(after.strip())))
    inside = bool(marks) and not marks[0][1]
    quoted: list[bool] = []
    turns = dict(marks)
    for place in range(len(text)):
        inside = turns.get(place, inside)
        quoted.append(inside)
    for match in _SINGLE_QUOTES.finditer(text):
        quoted[match.start() : match.end()] = [True] * (match.end() - match.start())
    return quoted


def _vowels(text: str, start: int, end: int) -> tuple[tuple[str, str], ...]:
    """Return the letters of a word with the harakat on each; nothing where it has none."""
    while end < len(text) and _VOWELS.fullmatch(text[end]):
        end += 1
    if not _VOWELS.search(text[start:end]):
        return ()
    found: list[tuple[str, str]] = []
    for character in text[start:end]:
        if _VOWELS.fullmatch(character) and found:
            found[-1] = (found[-1][0], "".join(sorted(found[-1][1] + character)))
        else:
            found.extend((letter, "") for letter in fold(character))
    return tuple(found)


def _signs(before: str, behind: str, word: str) -> frozenset[str]:
    """Return what is written on a number beside its digits: +5, <5, 100+, the dash of 2-1."""
    if not word[0].isdecimal():
        return frozenset()
    found = [match[0] for match in (_BEFORE_NUMBER.search(before),) if match]
    if match := _AFTER_NUMBER.match(behind):
        found.append(f"{match[0]} behind")
    if word[-1].isalpha():
        found.append(ORDINAL)
    return frozenset(mark.translate(_DASHES) for mark in found)


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


def joins_with_waw(word: str) -> bool:
    """Tell whether an Arabic word has an "and" before it, rather than a first letter of that look."""
    return len(word) > 3 and word[0] == "و" and RADICAL_WAW.match(word) is None


def _split(word: str, language: Language) -> list[str]:
    """Return the words of one segment: a negation apart from its verb, possessives and plurals without their ending."""
    if word.endswith("n't"):
        return [{"wo": "will", "ca": "can"}.get(word[:-3], word[:-3]), "not"]
    word = word.split("'")[0] if word.isascii() else word
    parts = [part for part in word.split(ZWNJ) if part]
    if len(parts) > 1 and _counts(parts[0], language):
        if all(part == _AND or _counts(part.removeprefix(_AND), language) for part in parts):
            return parts
        if parts[1] == _MANY:
            return ["".join(parts)]
    if len(parts) > 1 and parts[0] == "نمي":
        return ["نه", "".join(parts[1:])]
    if len(parts) > 1 and parts[0] == "مي":
        parts = ["".join(parts)]
    while len(parts) > 1 and parts[-1] in sentence_words("tail"):
        parts.pop()
    word = "".join(parts)
    negated = _NEGATED.fullmatch(word) if language == "fa" else None
    return ["نه", negated[1]] if negated else [word]


def _counts(word: str, language: Language) -> bool:
    return number_word("add", word, language) is not None or number_word("times", word, language) is not None


@lru_cache(maxsize=tuning.FUTURES_READ)
def _is_listed(word: str, glossary: Glossary) -> bool:
    """Tell whether the glossary has an Arabic word as it stands, and not only what is left of it without its clitics."""
    bare = word.lstrip("وف") if word[0] in "وف" else word
    return any(
        (form,) in entry.variants.get("ar", ()) for entry in glossary.entries_of(word) for form in (word, bare)
    )
