"""Numbers in a text, in digits of any script or in words: ١٢, 1,200, twelve, خمسة وعشرون, بیست و پنج, 1.2 million."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.text import ZWNJ, fold, fold_offsets

_TOKEN = re.compile(r"\d+(?:[.,٫٬]\d+)*|[^\W\d_]+")
_GROUPED = re.compile(r"\d{1,3}(?:[,٬.]\d{3})+")


def _table(text: str) -> dict[str, int]:
    """Return the folded words of `value word word ...` lines with their values."""
    rows = (line.split() for line in fold(text).replace("|", "\n").split("\n") if line.strip())
    return {word: int(value) for value, *spelt in rows for word in spelt}


# What is added up. The separators are folded to spaces, hence the bars.
_VALUES = _table(
    "1 one واحد واحدة يک یک | 2 two اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي دو | 3 three ثلاثة ثلاث سه |"
    "4 four أربعة أربع أربعا چهار | 5 five خمسة خمس خمسا پنج | 6 six ستة ست شش | 7 seven سبعة سبع سبعا هفت |"
    "8 eight ثمانية ثماني ثمان هشت | 9 nine تسعة تسع تسعا نه | 10 ten عشرة عشر عشرا ده | 11 eleven یازده | 12 twelve دوازده |"
    "13 thirteen سیزده | 14 fourteen چهارده | 15 fifteen پانزده | 16 sixteen شانزده | 17 seventeen هفده |"
    "18 eighteen هجده هیجده | 19 nineteen نوزده | 20 twenty عشرون عشرين بیست | 30 thirty ثلاثون ثلاثين سی |"
    "40 forty أربعون أربعين چهل |"
    "50 fifty خمسون خمسين پنجاه | 60 sixty ستون ستين شصت | 70 seventy سبعون سبعين هفتاد | 80 eighty ثمانون ثمانين هشتاد |"
    "90 ninety تسعون تسعين نود | 100 مئة مائة صد یکصد | 200 مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي دویست |"
    "300 ثلاثمئة ثلاثمائة سیصد | 400 أربعمئة أربعمائة چهارصد | 500 خمسمئة خمسمائة پانصد | 600 ستمئة ستمائة ششصد |"
    "700 سبعمئة سبعمائة هفتصد | 800 ثمانمئة ثمانمائة ثمانيمئة هشتصد | 900 تسعمئة تسعمائة نهصد |"
    "2000 ألفان ألفين ألفا ألفي | 2000000 مليونان مليونين مليوني | 2000000000 ملياران مليارين ملياري |"
    "11 أحد إحدى حادي"
)
_MULTIPLIERS = _table(
    "12 dozen | 100 hundred | 1000 thousand ألف ألفا آلاف هزار یکهزار | 1000000 million مليون مليونا ملايين میلیون |"
    "1000000000 billion bn مليار مليارا مليارات بليون میلیارد | 1000000000000 trillion تريليون ترليون تریلیون"
)
# Many of them are no number: millions alone, and the plural that Arabic counts with after three to ten.
_ONLY_COUNTED = frozenset(fold("آلاف ملايين مليارات bn").split())
_ELEVENTH = frozenset(fold("أحد إحدى حادي").split())
_TENTH = frozenset(fold("عشر عشرة").split())
_HUNDRED = frozenset(fold("مئة مائة").split())
_HALF = frozenset(fold("half نصف نیم").split())
_VAGUE = frozenset(fold("several few some many عدة بضع بضعة عشرات مئات چند چندین دهها صدها").split())
_PERSIAN_MANY = fold("ها")
_AND = fold("و")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word or number, where it stands in the text (`start`, `end`), and what stands before it."""

    text: str
    start: int
    end: int
    gap: str


@dataclass(frozen=True, slots=True)
class Amount:
    """The tokens `first` to `last` (not included) as a number; `step` is what its last digit counts: 100,000 in 1.2 million."""

    first: int
    last: int
    value: float
    step: float


def tokens_of(text: str) -> list[Token]:
    """Return the folded words and numbers of a text; a ZWNJ compound is parted, for بیست‌وپنج is three words."""
    folded, offsets = fold_offsets(text)
    offsets.append(len(text))
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(folded):
        start, gap = match.start(), folded[end : match.start()]
        end = match.end()
        found.append(Token(match[0], offsets[start], offsets[end - 1] + 1, gap))
    return found


def amounts(tokens: Sequence[Token]) -> list[Amount]:
    """Return the numbers among the tokens, in reading order; dozens, a few thousand and the like are none."""
    found: list[Amount] = []
    at = 0
    while at < len(tokens):
        read = _Reading(tokens, at)
        if read.take():
            found.append(Amount(at, read.at, read.value, read.step))
        at = max(read.at, at + 1)
    vague = {at + 1 for at, token in enumerate(tokens) if token.text in _VAGUE}
    return [number for number in found if number.first not in vague and not _is_plural(tokens, number)]


def _is_plural(tokens: Sequence[Token], number: Amount) -> bool:
    """Tell whether Persian makes tens, hundreds or thousands of the number: ده‌ها, هزارها."""
    after = tokens[number.last] if number.last < len(tokens) else None
    return after is not None and after.text == _PERSIAN_MANY and after.gap in ("", ZWNJ)


class _Reading:
    """A number while it is read: what is complete (`_whole`), and what a multiplier may still multiply (`_part`)."""

    def __init__(self, tokens: Sequence[Token], at: int) -> None:
        self._tokens = tokens
        self._first = at
        self.at = at
        self._whole = 0.0
        self._part = 0.0
        self._multiplier = 0
        self.step = 1.0

    @property
    def value(self) -> float:
        return self._whole + self._part

    def take(self) -> bool:
        """Take as many tokens as make one number; tell whether there is one."""
        while self.at < len(self._tokens) and self._take_next():
            pass
        return self.at > self._first

    def _take_next(self) -> bool:
        token = self._tokens[self.at]
        if self.at == self._first:
            return self._begin(token)
        if not token.gap.strip(f" -{ZWNJ}"):
            if self._multiply(token.text):
                self.at += 1
                return True
            return self._join()
        return False

    def _begin(self, token: Token) -> bool:
        if token.text[0].isdecimal():
            self._part, self.step = _read_digits(token.text)
        elif token.text in _HALF:
            return self._half()
        elif token.text in _ELEVENTH:
            return self._teen(0, 1)
        else:
            bare = _without_and(token.text, _VALUES)
            self._part = _VALUES.get(token.text, _VALUES.get(bare, 0))
            if not self._part and (token.text in _ONLY_COUNTED or not self._multiply(token.text)):
                return False
            if 2 <= self._part <= 9 and self._teen(0, int(self._part)):
                return True
        self.at += 1
        return True

    def _teen(self, hundreds: float, unit: int) -> bool:
        """Take اثنا عشر: two words, the second of which is ten."""
        after = self._tokens[self.at + 1].text if self.at + 1 < len(self._tokens) else ""
        if after not in _TENTH:
            return False
        self._part = hundreds + unit + 10
        self.at += 2
        return True

    def _half(self) -> bool:
        """Take half a million, نصف مليون or نیم میلیون."""
        at = self.at + 1
        at += at < len(self._tokens) and self._tokens[at].text == "a"
        factor = _MULTIPLIERS.get(self._tokens[at].text, 0) if at < len(self._tokens) else 0
        if factor < 1000:
            return False
        self._part, self.step, self._multiplier = factor / 2, factor / 10, factor
        self.at = at + 1
        return True

    def _multiply(self, word: str) -> bool:
        factor = _MULTIPLIERS.get(word)
        if word in _HUNDRED and 3 <= self._part <= 9:
            factor = 100
        if factor is None or (self._multiplier and factor >= self._multiplier and factor > 100):
            return False
        if factor <= 100:
            self._part = max(self._part, 1) * factor
            return True
        self.step *= factor if self.step < 1 or self._part else 1
        self._whole += max(self._part, 1) * factor
        self._part = 0.0
        self._multiplier = factor
        return True

    def _join(self) -> bool:
        """Take `and five`, وخمسة, و پنج or the five of twenty-five, if it can be added to what was read."""
        at = self.at + (self._tokens[self.at].text in (_AND, "and"))
        if at >= len(self._tokens) or self._tokens[self.at].gap.strip(f" -{ZWNJ}"):
            return False
        word = self._tokens[at].text
        bare = _without_and(word, _VALUES)
        joined = at > self.at or bare != word
        unit = self._thousands_rest(word) if word[0].isdecimal() else _VALUES.get(bare, 0)
        if not unit or not self._fits(unit, joined, english=bare.isascii()):
            return False
        self.at = at
        if 1 <= unit <= 11 and self._teen(self._part, 1 if bare in _ELEVENTH else unit):
            return True
        self._part += unit
        self.at += 1
        self.step = 1.0
        return True

    def _thousands_rest(self, digits: str) -> int:
        """Return what digits add to thousands before them, as in ۱۲ هزار و ۵۰۰; nothing elsewhere."""
        return int(digits) if digits.isdecimal() and self._multiplier and not self._part else 0

    def _fits(self, unit: int, joined: bool, *, english: bool) -> bool:
        """Tell whether a value may be added: it is smaller than the last order, or the tens of an Arabic unit."""
        if self._multiplier and not self._part:
            return unit < self._multiplier and (joined or english)
        last_order = next((order for order in (1000, 100, 10) if self._part % order == 0), 1)
        if english:
            return unit < last_order and (joined == (last_order >= 100) or last_order >= 100)
        return joined and (unit < last_order or (0 < self._part % 100 < 10 and unit in range(20, 100, 10)))


def _read_digits(text: str) -> tuple[float, float]:
    """Return the value of digits and what the last one counts: 1,200 and 1; 3.5 and 0.1."""
    if _GROUPED.fullmatch(text) and not re.fullmatch(r"0[.,٫٬]\d{3}", text):
        return float(re.sub(r"[^\d]", "", text)), 1.0
    whole, *fraction = re.split(r"[.,٫٬]", text)
    if len(fraction) == 1:
        return float(f"{whole}.{fraction[0]}"), 10.0 ** -len(fraction[0])
    return float(re.sub(r"[^\d]", "", text)), 1.0


def _without_and(word: str, known: Mapping[str, int]) -> str:
    """Return a word without the Arabic `and` or preposition before it, where a number is left."""
    bare = re.sub(r"^[وفبل]", "", word)
    return bare if word not in known and bare in known and len(bare) > 2 else word
