"""One orthographic fold and one analyser for Arabic, Persian and English.

A folded text is for comparing and searching only; what a user sees is always the raw text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from index.types import Language

# Characters up to which the words of a text are kept: a sentence is looked at from many sides, one after another.
_A_SENTENCE = 1_000
ZWNJ = "\u200c"
GRAM_LENGTH = 4
EDGE = "_"

_ARABIC_LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ې": "ي", "ے": "ي",
    "ک": "ك", "ڪ": "ك", "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ؤ": "و", "ۇ": "و",
    "پ": "ب", "چ": "ج", "ژ": "ز", "گ": "ك", "ڤ": "ف", "ـ": "",
}  # fmt: skip
_INVISIBLE = {"Mn", "Me", "Cf", "Cc"}


def _fold_character(character: str) -> str:
    if character == ZWNJ:
        return ZWNJ
    if character.isspace():
        return " "
    folded = []
    for part in unicodedata.normalize("NFKD", character).casefold():
        if unicodedata.category(part) in _INVISIBLE:
            continue
        if part.isdecimal():
            part = str(unicodedata.decimal(part))
        folded.append(_ARABIC_LETTERS.get(part, part))
    return "".join(folded)


class _FoldTable(dict[int, str]):
    """A `str.translate` table that works out each character once."""

    def __missing__(self, code: int) -> str:
        once = _fold_character(chr(code))
        self[code] = twice = "".join(map(_fold_character, once))
        return twice


_FOLD_TABLE = _FoldTable()
_WORD = re.compile(rf"[^\W_]+(?:{ZWNJ}+[^\W_]+)*")
# The article with what may be written before it (وال، بال، لل): in half of all Arabic words, so it tells none from another.
# A parent with a pronoun (والدها، والدته) only looks like one.
_ARTICLE = r"(?!والدت?(?:هما|ها|هم|ه)$)[وف]?(?:[بك]?ال|لل)"
_ARABIC_ARTICLE = re.compile(rf"^{_ARTICLE}(?=.{{3}})")
_ARABIC_CLITICS = re.compile(rf"^(?:{_ARTICLE}|[وف]?س(?=[يتن].{{3}})|[وفبكل](?=.{{3}}))(?=.{{2}})")
# What looks like an article may be the word's own: وألمانيا, بألبانيا.
_BEFORE_ARTICLE = re.compile(r"[وفبك]ال.{3}")
# A plural loses its ending together with the pronoun behind it: علاقاتها، تصريحاته، کتابهایشان.
_SUFFIXES = re.compile(
    r"(?<=.{3})(?:ها(?:ي(?:شان|تان|مان|ي|ش|م|ت)?)?|ات(?:هما|ها|هم|هن|ه|نا|شان|ش)?|هما|هم|هن|ين|ون|ان|تين|تان|يه|ه|ي|شان|ش|"
    r"ing|ed|es|s)$"
)
# Before a pronoun the ه of كلفة is a ت (كلفته), as is a letter of the root (بيته), and the ي of مدى an ا (مداها; of the others
# with ا most are no such words: وفاه, فراهم). سکته and نکته, Persian words too, would meet سکه and نگه.
_WITH_PRONOUN = re.compile(r"(?!(?:سك|نك)ته$)(.{2,})(?:(ت)(?:هما|ها|هم|هن|ه|نا)|ا(?:هما|ها|هن))$")
_PRONOUNS = ("ه", "ها", "هم", "هن", "هما", "نا")
_PERSIAN_ENDINGS = re.compile(
    rf"(?<=.)(?:{ZWNJ}(?:ها(?:ي(?:شان|تان|مان|ي|ش|م|ت)?)?|اي|ي|اش|ام|ات|شان|تان|مان|اند|است|ترين|تر)){{1,3}}$"
)


def fold(text: str) -> str:
    """Return `text` with the spelling differences that carry no meaning removed.

    Lower case; compatibility forms decomposed; harakat, accents, tatweel, control and bidi characters out; alef, ya,
    kaf, ta marbuta and hamza carriers unified; the Persian letters on their Arabic neighbours (پ on ب); every script's
    decimal digits on ASCII; every white space a space. ZWNJ stays, for `words` to weigh. `fold(fold(t)) == fold(t)`.
    """
    return text.translate(_FOLD_TABLE)


def spaced(text: str) -> str:
    """Return `text` folded, with a space for each ZWNJ: a compound in its parts."""
    return fold(text).replace(ZWNJ, " ")


def fold_offsets(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, the offset in `text` that it came from."""
    folded: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        for part in _FOLD_TABLE[ord(character)]:
            folded.append(part)
            offsets.append(offset)
    return "".join(folded), offsets


def squash(text: str) -> str:
    """Return the folded text without anything but letters and digits, so that ZWNJ, space and joined spelling agree."""
    return "".join(_WORD.findall(fold(text))).replace(ZWNJ, "")


def words(text: str) -> list[str]:
    """Return the folded words of `text`; a ZWNJ compound is one word that still holds its ZWNJ."""
    return list(_words_of(text)) if len(text) <= _A_SENTENCE else _WORD.findall(fold(text))


@lru_cache(maxsize=4_096)
def _words_of(sentence: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(sentence)))


@lru_cache(maxsize=200_000)
def grams(word: str) -> tuple[str, ...]:
    """Return the character 4-grams of one folded word without its Arabic article, its borders included.

    A number is one gram, for 2016 is not almost 2018. A ZWNJ compound gives the grams of its parts and those of the
    joined spelling, so that رئیس‌جمهور, رئیس جمهور and رئیسجمهور share most of theirs.
    """
    if ZWNJ in word:
        parts = [part for part in word.split(ZWNJ) if part]
        return tuple(dict.fromkeys(gram for part in [*parts, "".join(parts)] for gram in grams(part)))
    edged = f"{EDGE}{_ARABIC_ARTICLE.sub('', word)}{EDGE}"
    if word.isdecimal() or len(edged) <= GRAM_LENGTH:
        return (edged,)
    return tuple(edged[i : i + GRAM_LENGTH] for i in range(len(edged) - GRAM_LENGTH + 1))


def analyse(text: str) -> list[str]:
    """Return the grams of a text: those of its folded words, in order, repetitions kept."""
    return [gram for word in words(text) for gram in grams(word)]


@lru_cache(maxsize=200_000)
def stems(word: str) -> tuple[str, ...]:
    """Return a folded word and its shorter selves, without article, clitic or common ending.

    A noun with a pronoun is among them as it is without: كلفته as كلفة, خانه‌هایشان as خانه.
    """
    bare = word.replace(ZWNJ, "")
    longest = _longest_part(word)
    found = [word, bare, longest]
    without_clitics = _ARABIC_CLITICS.sub("", bare)
    found += [without_clitics, _SUFFIXES.sub("", without_clitics), _SUFFIXES.sub("", bare)]
    if _BEFORE_ARTICLE.match(bare):
        found.append(bare[1:])
    if longest != bare:
        found.append(_SUFFIXES.sub("", longest))
    found += filter(None, map(_without_pronoun, (without_clitics, bare)))
    return tuple(dict.fromkeys(stem for stem in found if len(stem) > 1 or stem == word))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return a folded word without Arabic article and common ending, as the index keeps it beside its grams.

    A compound gives its longest part. One-letter clitics stay, for the first letter of a bare noun (وزير) looks like one.
    """
    return _SUFFIXES.sub("", _ARABIC_ARTICLE.sub("", _longest_part(word)))


def index_stems(word: str, language: Language) -> tuple[str, ...]:
    """Return the stems by which an index of a language keeps a folded word: its own, and those of the noun that it may be.

    Whether a ت before a pronoun is a ة (كلفته, سعته) or not (بيته, وقته), no letter tells; where it is, an "and" is more likely
    than not what a first و is (وكلفته).
    """
    own = stem(word)
    if language != "ar" or not word.endswith(_PRONOUNS):
        return (own,)
    noun = _without_pronoun(_ARABIC_ARTICLE.sub("", word))
    if noun is None:
        return (own,)
    found = [own, stem(noun)]
    if noun[0] == "و" and len(noun) > 3:
        found.append(stem(noun[1:]))
    return tuple(dict.fromkeys(found))


def _without_pronoun(word: str) -> str | None:
    """Return the noun that an Arabic word with a pronoun may be, as it ends without: كلفه of كلفته, مدي of مداها."""
    found = _WITH_PRONOUN.match(word)
    return found and found[1] + ("ه" if found[2] else "ي")


def _longest_part(word: str) -> str:
    """Return the longest part of a compound, its Persian endings left out of account."""
    return max(_PERSIAN_ENDINGS.sub("", word).split(ZWNJ), key=len) if ZWNJ in word else word


_LATIN_SOUNDS = [
    ("tch", "j"), ("sch", "s"), ("sh", "s"), ("ch", "j"), ("kh", ""), ("gh", "k"), ("ph", "f"), ("th", "t"), ("dh", "d"),
    ("zh", "z"), ("ck", "k"), ("qu", "k"), ("ce", "se"), ("ci", "si"), ("cy", "sy"), ("x", "ks"), ("ts", "s"),
]  # fmt: skip
_LATIN_CONSONANTS = str.maketrans(
    {"c": "k", "q": "k", "v": "f", "p": "b", "g": "k", "j": "j", "w": "", "y": "", "h": ""}
    | dict.fromkeys("aeiou'’", "")
)
_ARABIC_CONSONANTS = str.maketrans(
    {
        "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "", "خ": "", "د": "d", "ذ": "d", "ر": "r", "ز": "z", "س": "s",
        "ش": "s", "ص": "s", "ض": "d", "ط": "t", "ظ": "d", "ع": "", "غ": "k", "ف": "f", "ق": "k", "ك": "k", "ل": "l",
        "م": "m", "ن": "n", "ه": "", "و": "", "ي": "", "ا": "", "ء": "",
    }
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=100_000)
def skeletons(word: str) -> tuple[str, ...]:
    """Return the consonant skeletons of one folded word, Latin or Arabic script; () where fewer than three are left.

    Both scripts land on the same letters: trump and ترامب on `trmb`, lavrov, لافروف and (by its second reading, where
    a waw is v) لاوروف on `lfrf`.
    """
    if word.isascii():
        sounds = word
        for spelling, sound in _LATIN_SOUNDS:
            sounds = sounds.replace(spelling, sound)
        readings = [sounds.translate(_LATIN_CONSONANTS)]
        if "j" in readings[0]:
            readings.append(readings[0].replace("j", "k"))
        if "z" in readings[0]:
            readings.append(readings[0].replace("z", "s"))
    else:
        bare = word.replace(ZWNJ, "")
        readings = [bare.translate(_ARABIC_CONSONANTS)]
        if "و" in bare[1:]:
            head, tail = bare[0], bare[1:]
            readings.append((head + tail.replace("و", "ف")).translate(_ARABIC_CONSONANTS))
            first, second = tail.split("و", 1)
            readings.append((head + first + "ف" + second).translate(_ARABIC_CONSONANTS))
        if "ج" in bare:
            readings.append(bare.replace("ج", "ك").translate(_ARABIC_CONSONANTS))
        if "ز" in bare:
            readings.append(bare.replace("ز", "س").translate(_ARABIC_CONSONANTS))
    single = (_DOUBLED.sub(r"\1", reading) for reading in readings)
    return tuple(dict.fromkeys(skeleton for skeleton in single if len(skeleton) >= 3 and skeleton.isalpha()))


def is_latin(word: str) -> bool:
    """Tell whether a folded word is written in the Latin script."""
    return any("a" <= character <= "z" for character in word)
