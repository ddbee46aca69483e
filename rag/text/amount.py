"""Numbers in a text, in digits of any script or in words: ١٢, 1,200, -5, 10⁵, twelve, خمسة وعشرون, ۱۲ هزار و ۵۰۰, 1.2 million.

The one reader of numbers: the comparison of quotes (rag/quote) and the check of a draft (rag/draft) both ask here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from index.text import ZWNJ, fold
from index.types import Language
from rag.text.numeral import NUMERAL, NumberWord, Role, bare_number_word, begins_number, number_word, read_numeral, written

_TOKEN = re.compile(rf"{NUMERAL}|[^\W\d_]+")
_LIST = re.compile(r"\d+(?:[,،]\d+)+")
_AND = frozenset({"and", fold("و")})
_PERSIAN_MANY = fold("ها")
_ONE = fold("واحد")
_ARTICLE = fold("ال")
_HUNDREDS = frozenset(fold("مئة مائة صد").split())
# A minus belongs to the number that it touches, unless it also touches what is before it (2-1, F-16, 10 –15).
_MINUS = re.compile(r"[\s(\[«“\"'=:$€£¥₪₹₺₽﷼][-−–‐][$€£¥₪₹₺₽﷼]?$")
_RANGE_DASH = re.compile(r"\s?[-–‐]\s?")
_RANGE_WORDS = frozenset(fold("to or إلى أو تا یا").split())
_NEGATIVE = frozenset(fold("minus سالب منفی").split())
_BELOW_ZERO = frozenset(
    tuple(fold(words).split()) for words in ("below zero", "under zero", "تحت الصفر", "دون الصفر", "تحت صفر", "زیر صفر")
)
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000
_HALVES_FROM = 1000


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word or number, where it stands in the text (`start`, `end`), and what stands before it."""

    text: str
    start: int
    end: int
    gap: str


@dataclass(frozen=True, slots=True)
class Amount:
    """The tokens `first` to `last` (not included) as a number.

    `step` is what its last digit counts: 100,000 in 1.2 million. `readings` are all the values that it may have, `value` first:
    two where it is ambiguous, as 1.500 is. `order` is the last word that it was multiplied by, or 1. `also_word` marks a single
    word that may be no number at all: one, یک, نه ("no").
    """

    first: int
    last: int
    value: Fraction
    step: Fraction
    readings: tuple[Fraction, ...]
    order: Fraction = Fraction(1)
    also_word: bool = False

    @property
    def is_ambiguous(self) -> bool:
        """Whether nobody can tell from the number alone what it is."""
        return len(self.readings) > 1

    @property
    def plain(self) -> str:
        """The value in plain digits, by which two numbers are compared to the letter; all values of an ambiguous one."""
        return "|".join(map(_plain, self.readings))


def tokens_of(text: str) -> list[Token]:
    """Return the folded words and numbers of a text; a ZWNJ compound is parted, for بیست‌وپنج is three words."""
    folded, offsets = written(text)
    offsets.append(len(text))
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(folded):
        for start, stop in _parted(match):
            found.append(Token(folded[start:stop], offsets[start], offsets[stop - 1] + 1, folded[end:start]))
            end = stop
    return found


def _parted(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the span of a token, or of each number in a list without spaces: 3,5,7."""
    if _LIST.fullmatch(match[0]) and read_numeral(match[0]) is None:
        yield from ((match.start() + part.start(), match.start() + part.end()) for part in re.finditer(r"\d+", match[0]))
    else:
        yield match.span()


def amounts(tokens: Sequence[Token], language: Language | None = None) -> list[Amount]:
    """Return the numbers among the tokens, in reading order; dozens, a few thousand and the like are none."""
    found: list[Amount] = []
    at = 0
    while at < len(tokens):
        number = amount_at(tokens, at, language)
        if number is not None:
            found.append(number)
        at = number.last if number else at + 1
    shared = [_with_order(tokens, *pair) for pair in zip(found, [*found[1:], None], strict=False)]
    return [number for number in shared if not _is_vague(tokens, number, language)]


def _with_order(tokens: Sequence[Token], number: Amount, behind: Amount | None) -> Amount:
    """Return the two of "two to three million" as two million."""
    if behind is None or number.order > 1 or behind.order < _THOUSAND or number.is_ambiguous:
        return number
    between = tokens[number.last : behind.first]
    dashed = not between and _RANGE_DASH.fullmatch(tokens[behind.first].gap)
    joined = len(between) == 1 and between[0].text in _RANGE_WORDS and not f"{between[0].gap}{tokens[behind.first].gap}".strip()
    if not (dashed or joined) or not 0 < number.value * behind.order < behind.value:
        return number
    value = number.value * behind.order
    return replace(number, value=value, readings=(value,), step=number.step * behind.order, order=behind.order)


def amount_at(tokens: Sequence[Token], at: int, language: Language | None = None) -> Amount | None:
    """Return the number that begins at a place, of as many tokens as belong to it; None where none begins there.

    `language` is that of the text, where it is known; without it every word of the three languages is read.
    """
    text = tokens[at].text
    return _Reading(tokens, at, language).read() if not text.isalpha() or begins_number(text, language) else None


def _is_vague(tokens: Sequence[Token], number: Amount, language: Language | None) -> bool:
    """Tell whether somebody counts by tens, hundreds or thousands, and does not say how many: several thousand, ده‌ها."""
    after = tokens[number.last] if number.last < len(tokens) else None
    if after is not None and after.text == _PERSIAN_MANY and after.gap in ("", ZWNJ):
        return True
    first = tokens[number.first].text
    counts_by = number_word("times", first, language) is not None or first in _HUNDREDS or first == fold("ده")
    return counts_by and number.first > 0 and number_word("vague", tokens[number.first - 1].text, language) is not None


def _plain(value: Fraction) -> str:
    """Return 3/2 as 1.5, and what has no end as a fraction."""
    scale = next((places for places in range(40) if (value * 10**places).denominator == 1), None)
    if scale is None:
        return str(value)
    digits = str(abs(int(value * 10**scale))).rjust(scale + 1, "0")
    whole, point = (digits[:-scale], digits[-scale:]) if scale else (digits, "")
    return ("-" if value < 0 else "") + whole + (f".{point}" if point else "")


class _Reading:
    """A number while it is read: what is complete (`_whole`), and what a multiplier may still multiply (`_part`)."""

    def __init__(self, tokens: Sequence[Token], at: int, language: Language | None) -> None:
        self._tokens = tokens
        self._language = language
        self._first = self._at = at
        self._whole = Fraction(0)
        self._part = Fraction(0)
        self._multiplier = Fraction(0)
        self._step = Fraction(1)
        self._other: Fraction | None = None  # what the digits may mean instead, as a share of what they are taken for
        self._in_digits = False
        self._persian = False

    def read(self) -> Amount | None:
        """Take as many tokens as make one number."""
        if not self._begin(self._tokens[self._at]):
            return None
        complete = self._at, self._whole, self._step
        while self._is_tied(self._at) and (self._take_times() or self._join()):
            if not self._part:
                complete = self._at, self._whole, self._step
        order = self._word("times", self._at) if self._part and self._multiplier and self._is_tied(self._at) else None
        if order is not None and order.value >= self._multiplier:
            # Of "three thousand and five thousand" the five is not the first number's.
            self._at, self._whole, self._step = complete
            self._part = Fraction(0)
        value = self._whole + self._part
        if self._is_negative():
            value = -value
        readings = (value,) if self._other is None else (value, value * self._other)
        word = self._tokens[self._first].text
        also = self._at == self._first + 1 and bare_number_word("also", word, self._language)[0] is not None
        order_of = max(self._multiplier, Fraction(1))
        return Amount(self._first, self._at, value, self._step, readings, order_of, also)

    def _word(self, role: Role, at: int) -> NumberWord | None:
        return number_word(role, self._tokens[at].text, self._language) if at < len(self._tokens) else None

    def _is_tied(self, at: int) -> bool:
        """Tell whether nothing but a space, a hyphen or a half-space stands before a token."""
        return at < len(self._tokens) and not self._tokens[at].gap.strip(f" -‐{ZWNJ}")

    def _is_negative(self) -> bool:
        """Tell whether a minus stands before the number, or "below zero" behind it or behind its unit."""
        token = self._tokens[self._first]
        before = self._tokens[self._first - 1].text if self._first else ""
        behind = [near.text for near in self._tokens[self._at : self._at + 4]]
        if before in _NEGATIVE or any(pair in _BELOW_ZERO for pair in zip(behind, behind[1:], strict=False)):
            return True
        gap = token.gap if self._first else f" {token.gap}"
        return self._in_digits and bool(_MINUS.search(gap)) and not before[-1:].isdecimal()

    def _begin(self, token: Token) -> bool:
        numeral = read_numeral(token.text, self._language)
        if numeral is not None:
            self._part, self._step, self._in_digits = numeral.readings[0], numeral.step, True
            if len(numeral.readings) > 1 and numeral.readings[0]:
                self._other = numeral.readings[1] / numeral.readings[0]
            self._at += 1
            return True
        if bare_number_word("part", token.text, self._language)[0] is not None:
            return self._begin_part()
        if self._begin_eleven(token):
            return True
        added, _ = bare_number_word("add", token.text, self._language)
        if added is not None:
            self._part, self._persian = added.value, added.language == "fa"
            if not (added.language == "ar" and 2 <= added.value <= 9 and self._teen(Fraction(0), int(added.value))):
                self._at += 1
            return True
        return self._begin_order(token)

    def _begin_eleven(self, token: Token) -> bool:
        """Begin with أحد عشر or إحدى وعشرون; folded, وأحد is written as "one" is."""
        if token.text == _ONE:
            return self._teen(Fraction(0), 1)
        teen, _ = bare_number_word("teen", token.text, self._language)
        return teen is not None and (self._teen(Fraction(0), 1) or self._one_and_tens())

    def _begin_order(self, token: Token) -> bool:
        """Begin with a million, or with two of them in one Arabic word; millions alone are no number."""
        if bare_number_word("counted", token.text, self._language)[0] is not None:
            return False
        dual, _ = bare_number_word("dual", token.text, self._language)
        order = dual or bare_number_word("times", token.text, self._language)[0]
        if order is None:
            return False
        self._multiply(Fraction(2 if dual else 1), order)
        if dual is None and order.value >= _THOUSAND:
            self._step = Fraction(1)
        self._at += 1
        return True

    def _begin_part(self) -> bool:
        """Take half a million, نصف مليون, نیم میلیون, a quarter of a million."""
        part, _ = bare_number_word("part", self._tokens[self._at].text, self._language)
        at = self._at + 1
        while at < len(self._tokens) and self._tokens[at].text in ("of", "a"):
            at += 1
        order = self._order_at(at) if self._is_tied(at) else None
        if part is None or order is None or order.value < _HALVES_FROM:
            return False
        self._whole, self._step, self._multiplier = part.value * order.value, order.value / 10, order.value
        self._at = at + 1
        return True

    def _order_at(self, at: int) -> NumberWord | None:
        """Return the multiplier at a place, without its article: المليون."""
        if at >= len(self._tokens):
            return None
        return number_word("times", self._tokens[at].text.removeprefix(_ARTICLE), self._language)

    def _teen(self, hundreds: Fraction, unit: int) -> bool:
        """Take اثنا عشر: two words, the second of which is ten."""
        if self._word("ten", self._at + 1) is None or not self._is_tied(self._at + 1):
            return False
        self._part = hundreds + unit + _TEN
        self._at += 2
        return True

    def _one_and_tens(self) -> bool:
        """Take إحدى وعشرون."""
        tens, prefix = bare_number_word("add", self._next_text(), self._language)
        if tens is None or prefix != "و" or tens.value not in range(20, 100, 10) or not self._is_tied(self._at + 1):
            return False
        self._part = 1 + tens.value
        self._at += 2
        return True

    def _next_text(self) -> str:
        return self._tokens[self._at + 1].text if self._at + 1 < len(self._tokens) else ""

    def _take_times(self) -> bool:
        """Take a multiplier right behind what was read: million, ألف, هزار, the مئة of ثلاث مئة."""
        word = self._tokens[self._at].text
        if word in _HUNDREDS and 2 <= self._part <= 9 and not self._in_digits and self._word("add", self._at) is not None:
            self._part *= _HUNDRED
            self._at += 1
            return True
        order = self._word("times", self._at)
        if order is None or not self._may_multiply(order):
            return False
        self._multiply(self._part, order)
        self._at += 1
        return True

    def _may_multiply(self, order: NumberWord) -> bool:
        if order.value <= _HUNDRED:
            return self._part > 0 and (self._part < _HUNDRED or order.value < _HUNDRED)
        if not self._multiplier:
            return self._part > 0
        if order.value < self._multiplier:
            return self._part > 0
        # A thousand milliards, هزار میلیارد; and ۱۲ هزار و ۵۰۰ میلیارد, which only Persian writes.
        return order.value > self._multiplier and (self._part == 0 or (self._persian and order.language == "fa"))

    def _multiply(self, count: Fraction, order: NumberWord) -> None:
        if order.value <= _HUNDRED:
            self._part = max(count, Fraction(1)) * order.value
            return
        self._persian = order.language == "fa"
        if self._other is not None and not self._multiplier:
            count = self._as_decimal(count)
        if self._multiplier and order.value > self._multiplier:
            self._whole = (self._whole + count) * order.value
            self._step *= order.value
        else:
            self._step *= order.value
            self._whole += count * order.value
        self._part, self._multiplier = Fraction(0), order.value

    def _as_decimal(self, count: Fraction) -> Fraction:
        """Return the smaller reading of 1.500, for before "million" the point most likely is one; the other stays possible."""
        other = self._other
        if other is None or other >= 1:
            return count
        self._other, self._step = 1 / other, Fraction(1, _THOUSAND)
        return count * other

    def _join(self) -> bool:
        """Take `and five`, وخمسة, و پنج or the five of twenty-five, if it can be added to what was read."""
        at = self._at + (self._tokens[self._at].text in _AND)
        if not self._is_tied(at):
            return False
        if self._join_part(at):
            return True
        text = self._tokens[at].text
        numeral = read_numeral(text, self._language)
        if numeral is not None:
            return self._join_digits(at, numeral.readings, numeral.step)
        added, prefix = bare_number_word("add", text, self._language, behind=True)
        joined = at > self._at or prefix == "و"
        if prefix not in ("", "و"):
            return False
        if self._join_teen(at, joined or text == _ONE):
            return True
        if added is None or not self._fits(added, joined):
            return self._join_order(at, joined)
        self._at = at
        teen = added.language == "ar" and 2 <= added.value <= 9 and self._part % _HUNDRED == 0
        if teen and self._teen(self._part, int(added.value)):
            self._step = Fraction(1)
            return True
        self._part += added.value
        self._step, self._persian = Fraction(1), added.language == "fa"
        self._at += 1
        return True

    def _join_teen(self, at: int, joined: bool) -> bool:
        """Take the eleven of مئة وأحد عشر; folded, وأحد is written as "one" is."""
        text = self._tokens[at].text
        teen, prefix = bare_number_word("teen", text, self._language)
        if teen is None and text != _ONE:
            return False
        hundreds = self._part % _HUNDRED == 0 and (self._part > 0 or self._multiplier > 0) and not self._counts_in_digits
        if not hundreds or not (joined or prefix == "و"):
            return False
        before, self._at = self._at, at
        if self._teen(self._part, 1):
            self._step = Fraction(1)
            return True
        self._at = before
        return False

    @property
    def _counts_in_digits(self) -> bool:
        """Whether what a word would be added to is written in digits: 20 and five are two numbers."""
        return self._in_digits and not self._multiplier

    @property
    def _is_whole(self) -> bool:
        """Whether whole thousands or millions were counted: nobody adds three hundred to 1.2 million."""
        return self._step == 1 or self._step >= self._multiplier

    def _join_digits(self, at: int, readings: tuple[Fraction, ...], step: Fraction) -> bool:
        """Take what digits add to thousands before them, as in ۱۲ هزار و ۵۰۰; nothing elsewhere."""
        value = readings[0]
        fits = self._multiplier and not self._part and len(readings) == 1 and step == 1 and 0 < value < self._multiplier
        if not fits or value.denominator != 1 or not self._is_whole:
            return False
        self._part, self._step = value, Fraction(1)
        self._at = at + 1
        return True

    def _join_order(self, at: int, joined: bool) -> bool:
        """Take the thousand of مليون وألف, or the two of مليون وألفان."""
        text = self._tokens[at].text
        dual, prefix = bare_number_word("dual", text, self._language)
        order = dual
        if order is None or text.removeprefix("و") == fold("ألفا"):
            order, prefix = bare_number_word("times", text, self._language)
            dual = None
        joined = at > self._at or prefix == "و"
        if order is None or not joined or self._part or not 100 < order.value < self._multiplier:
            return False
        if bare_number_word("counted", text, self._language)[0] is not None:
            return False
        self._step = Fraction(1)
        self._multiply(Fraction(2 if dual else 1), order)
        self._step = Fraction(1)
        self._at = at + 1
        return True

    def _join_part(self, at: int) -> bool:
        """Take `and a half`, ونصف, و نیم, and the مليون of مليون ونصف المليون."""
        joined = at > self._at
        at += joined and self._tokens[at].text == "a"
        part, prefix = bare_number_word("part", self._tokens[at].text, self._language) if at < len(self._tokens) else (None, "")
        if part is None or not (joined or prefix == "و") or self._step < 1 or self._other is not None:
            return False
        of_order = self._multiplier >= _HALVES_FROM and not self._part
        behind = self._tokens[at + 1].text if self._is_tied(at + 1) else ""
        order = self._order_at(at + 1) if behind.startswith(_ARTICLE) else None
        if behind == "of" or (behind.startswith(_ARTICLE) and not (of_order and order and order.value == self._multiplier)):
            return False  # ten, and half of those; ثلاثة ونصف السكان
        if of_order:
            self._whole += part.value * self._multiplier
            self._step = self._multiplier / 10
        else:
            self._part += part.value
            self._step = Fraction(1, 10)
        self._at = at + (2 if order else 1)
        return True

    def _fits(self, added: NumberWord, joined: bool) -> bool:
        """Tell whether a word may be added: it is smaller than the last order, or the tens of an Arabic unit."""
        unit, part = added.value, self._part % _THOUSAND
        if not unit or self._counts_in_digits or self._part.denominator != 1 or (self._in_digits and self._part):
            return False
        if not self._part:
            return unit < self._multiplier and (joined or added.language == "en") and self._is_whole
        below = part % _HUNDRED
        if not below:
            return unit < _HUNDRED and (joined or added.language == "en")
        if added.language == "ar":
            return joined and below < _TEN and unit in range(20, 100, 10)
        return below in range(20, 100, 10) and unit < _TEN and joined == (added.language == "fa")
