"""What a sentence counts: each number with its bounds, its unit, and the words that say of what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache

from index.dates import month_names
from index.text import fold, fold_offsets
from index.types import Language
from rag.text import tuning
from rag.text.amount import Amount, Token, amounts, tokens_of
from rag.text.measure import MINUTES, outcomes_of, pair_unit, unit_name, unit_of

_SYMBOLS = {"$": "dollar", "€": "euro", "£": "pound", "%": "percent", "٪": "percent"}
_PEOPLE = r"people|persons?|others?|شخصا?|أشخاص|آخر\w*|نفر\w*|تن|کس"
_MINUS = ("-", "−", "–")
_HUNDREDTHS = frozenset({"dollar", "euro", "pound", "crown"})
_FACTORS = MINUTES | {"cent": 0.01}
_NOT_YEARS = re.compile(r"(?:1[89]|20)\d\d|1[34]\d\d")
_PUNCTUATION = re.compile(r"[,،;؛:.!?؟—–()\[\]«»\"“”…]")
_JOINING = frozenset(fold("and while but as with و فيما بينما كما حيث وأن اما").split())
_PART = re.compile(fold(r"including|among|بينهم|بينها|بينهن|منهم|منها|ومنهم|جمله"))
_FROM_HIGHER = re.compile(fold(r"(?:from|من|از)"))
_TO = frozenset(fold("to till إلى الى به تا").split())
_RANGE = re.compile(fold(r"(?:-|–|to|or|إلى|أو|تا|یا)"))
_BETWEEN = re.compile(fold(r"(?:between|بين|بین|میان)\s*$"))
_AND = re.compile(fold(r"(?:and|و)"))
_NOT = frozenset(fold("not وليس ليس لا نه rather").split())
_DAY_OF_WEEK = fold("شنبه")
_ONE = frozenset(fold("one یک").split())
# A man of 37, a 37-year-old: his age is not what took so long.
_AGE = re.compile(fold(r"year old|\bساله\b|\b(?:العمر|عمره|عمرها)\b"))
_CITY = re.compile(r".*\s(?:شهر|شهرها)")
_SINCE = re.compile(
    fold(
        r"\b(?:since (?:the|\d)|so far this|منذ (?:بداية|بدء|اندلاع|مطلع|\d)|از (?:آغاز|ابتدای|زمان)|in total|all told)\b"
    )
)

_HEDGES: tuple[tuple[str, tuple[float, float]], ...] = (
    # Pattern of the words right before the number, and what the number is multiplied by for its bounds.
    (r"at least|no (?:fewer|less) than|minimum of|(?:ما )?لا يقل عن|على الاقل|دست ?كم|حداقل|كم ?از ?كم", tuning.AT_LEAST),
    (
        r"more than|over|above|upwards of|exceeding|اكثر من|ازيد من|يفوق|تجاوز\w*|يتجاوز|فوق|بيش از|بالاي|افزون بر",
        tuning.MORE_THAN,
    ),
    (r"nearly|almost|close to|زهاء|يقارب|يناهز|ما يقرب من|قرابة|نزديك به|قريب به|حدودا", tuning.NEARLY),
    (
        r"about|around|some|roughly|approximately|an estimated|estimated|نحو|حوالي|قرابه|تقريبا|قدر\w* ب|حدود|تقريبا|نزديك|"
        r"بنحو|بحوالي|لنحو|لحوالي",
        tuning.ABOUT,
    ),
    (r"up to|as many as|as much as|at most|a maximum of|يصل الى|تصل الى|حتي|بحد اقصي|حداكثر", tuning.AT_MOST),
    (r"less than|fewer than|under|below|اقل من|دون|كمتر از|زير", tuning.AT_MOST),
)
_AFTER: tuple[tuple[str, tuple[float, float]], ...] = (
    (r"at least|or more|على الاقل|او اكثر|يا بيشتر|دست ?كم", tuning.AT_LEAST),
    (r"or so|تقريبا|approximately", tuning.ABOUT),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """The number at `start:end` of a text: between `low` and `high` in its unit, as exact as `step`.

    `outcomes` are the kinds of casualty that it counts, `words` the folded words around it in its clause, `near` those of them
    that follow it directly. `is_part` marks a share of another number (among them three children), `is_total` a sum over time.
    `other_reading` is what an ambiguous number (1.500) may be instead, as a share of what it is taken for.
    """

    start: int
    end: int
    low: float
    high: float
    step: float
    unit: str = ""
    outcomes: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    is_part: bool = False
    is_total: bool = False
    other_reading: float = 1.0

    def agrees_with(self, other: Quantity) -> bool:
        """Tell whether both may be the same number, one of them rounded, hedged or ambiguous."""
        return any(one._agrees_as_read(two) for one in self._readings() for two in other._readings())

    def _readings(self) -> Iterator[Quantity]:
        yield self
        if self.other_reading != 1.0:
            share = self.other_reading
            yield replace(self, low=self.low * share, high=self.high * share, step=self.step * share, other_reading=1.0)

    def _agrees_as_read(self, other: Quantity) -> bool:
        low, high = self._bounds(other.step)
        other_low, other_high = other._bounds(self.step)
        # What is rounded to 8 was more than 7.5: the bounds of a rounded number do not belong to it.
        rounded = (low, high) != (self.low, self.high) or (other_low, other_high) != (other.low, other.high)
        return (low < other_high and other_low < high) if rounded else (low <= other_high and other_low <= high)

    def _bounds(self, step: float) -> tuple[float, float]:
        rounding = self.step / 2 if step < self.step and self.low == self.high else 0.0
        return self.low - rounding, self.high + rounding


@lru_cache(maxsize=4_096)
def quantities(text: str, language: Language) -> tuple[Quantity, ...]:
    """Return what a sentence counts, in reading order, without dates, years and numbers in names."""
    tokens = tokens_of(text)
    found = [number for number in _numbers(tokens, language) if not _is_date_or_name(tokens, number, language)]
    segments = _segments(tokens, found)
    counted = {number.first for number in amounts(tokens, language)}
    measured = [_quantity(text, tokens, number, segments, counted) for number in found]
    if language == "fa":
        # The Arabic word for a month is the Persian one for a city.
        measured = [item for item in measured if item and not _CITY.fullmatch(text[item.start : item.end])]
    return tuple(_joined(text, [item for item in measured if item]))


@cache
def _hedges() -> tuple[list[tuple[re.Pattern[str], float, float]], list[tuple[re.Pattern[str], float, float]]]:
    before = [(re.compile(rf"(?:^|\W)(?P<hedge>[وفبل]?(?:{fold(words)}))\W*$"), low, high) for words, (low, high) in _HEDGES]
    after = [(re.compile(rf"^(?:\W+\w+)?\W+(?:{fold(words)})\b"), low, high) for words, (low, high) in _AFTER]
    return before, after


def _numbers(tokens: Sequence[Token], language: Language) -> list[Amount]:
    """Return the numbers, the Arabic duals as twos of their own, and `a year` as one."""
    twos = [_one_word(at, 2) for at, token in enumerate(tokens) if pair_unit(token.text) is not None]
    twos += [
        _one_word(at, 1)
        for at, token in enumerate(tokens[:-1])
        if token.text in ("a", "an") and unit_of(tokens[at + 1].text) == "time"
    ]
    taken = {number.first for number in twos}
    read = (number for number in amounts(tokens, language) if number.first not in taken and not _is_zero_word(tokens, number))
    return sorted([*twos, *read], key=lambda number: number.first)


def _one_word(at: int, value: int) -> Amount:
    return Amount(at, at + 1, Fraction(value), Fraction(1), (Fraction(value),))


def _is_zero_word(tokens: Sequence[Token], number: Amount) -> bool:
    """Tell whether a zero is a word: zero tolerance and the month of صفر count nothing."""
    return not number.value and not tokens[number.first].text[0].isdecimal()


def _is_date_or_name(tokens: Sequence[Token], number: Amount, language: Language) -> bool:
    """Tell whether a number is a day of a month, a year, a time of day, or part of a name such as F-16 or سه‌شنبه."""
    first, last = tokens[number.first], tokens[number.last - 1]
    before = tokens[number.first - 1].text if number.first else ""
    after = tokens[number.last] if number.last < len(tokens) else None
    if number.last - number.first == 1 and _NOT_YEARS.fullmatch(first.text) and not (after and unit_of(after.text)):
        return True
    if "/" in first.text and not (language == "fa" and (number.last > number.first + 1 or (after and unit_of(after.text)))):
        return True  # ۲/۵ درصد is two and a half; 10/5 may be a day
    if after and (after.text == _DAY_OF_WEEK or _is_article(first.text, after.text)):
        return True
    around = " ".join(token.text for token in tokens[max(0, number.first - 2) : number.last + 2])
    if number.value >= tuning.YOUNGEST_AGE and _AGE.search(around):
        return True
    named = first.gap in ("-", "‑") or (first.gap == "" and len(before) > 1)
    if first.text.isdecimal() and before and named and not before[-1].isdecimal():
        return True
    months = month_names()
    if number.value % 1 or (after and unit_of(after.text)):
        return False
    if (after and after.text in months and number.value <= 31 and not after.gap.strip()) or (
        before in months and number.value <= 31 and not first.gap.strip()
    ):
        return True
    return bool(after and after.gap.strip() in (":", "/") and after.text.isdecimal() and last.text.isdecimal()) or (
        first.gap.strip() in (":", "/") and before.isdecimal()
    )


def _is_article(word: str, after: str) -> bool:
    """Tell whether "one" is an article, as in یک شناور: no person, unit or casualty follows."""
    return word in _ONE and not (unit_of(after) or outcomes_of([after]) or re.fullmatch(fold(_PEOPLE), after))


def _segments(tokens: Sequence[Token], numbers: Sequence[Amount]) -> list[tuple[int, int]]:
    """Return the stretches of tokens between punctuation and joining words, such as `12 were killed` | `and 40 injured`."""
    inside = {at for number in numbers for at in range(number.first + 1, number.last)}
    behind = {number.last for number in numbers}
    starts = [0]
    for at, token in enumerate(tokens[1:], 1):
        joining = token.text in _JOINING or (token.text[0] == "و" and len(token.text) > 4 and at not in behind)
        if at not in inside and (_PUNCTUATION.search(token.gap) or joining or _PART.fullmatch(token.text)):
            starts.append(at)
    return [(start, end) for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True) if end > start]


def _quantity(
    text: str, tokens: Sequence[Token], number: Amount, segments: Sequence[tuple[int, int]], counted: Set[int]
) -> Quantity | None:
    """Return a number as a quantity; None where it is said not to be the number, or what the number was before."""
    at = next(at for at, (start, end) in enumerate(segments) if start <= number.first < end)
    if _is_denied_or_former(tokens, number):
        return None
    start, end, low, high = _bounds(text, tokens, number)
    unit, factor, end = _unit(text, tokens, number, end)
    words = [token.text for token in tokens[segments[at][0] : segments[at][1]]]
    near = tuple(token.text for token in tokens[number.last : min(number.last + 3, segments[at][1])])
    first = tokens[number.first].text
    return Quantity(
        start, end, low * factor, high * factor, _step(number) * factor, unit, _outcomes(tokens, number, segments, at, counted),
        tuple(words), near, _is_part(tokens, segments[at]), _SINCE.search(fold(text)) is not None,
        _other_reading(number) if "/" not in first else 1.0,
    )  # fmt: skip


def _is_denied_or_former(tokens: Sequence[Token], number: Amount) -> bool:
    before = tokens[number.first - 1].text if number.first else ""
    after = [token.text for token in tokens[number.last : number.last + 3]]
    return before in _NOT or (_FROM_HIGHER.fullmatch(before) is not None and any(word in _TO for word in after))


def _is_part(tokens: Sequence[Token], segment: tuple[int, int]) -> bool:
    return any(_PART.fullmatch(token.text) for token in tokens[segment[0] : segment[0] + 2])


def _step(number: Amount) -> float:
    """Return what a number is rounded to: of 15,000 its thousands, for such a number is hardly counted one by one."""
    step = number.step
    while number.value >= 100 and number.value % (10 * step) == 0 and number.step >= 1:
        step *= 10
    return float(step)


def _other_reading(number: Amount) -> float:
    """Return what an ambiguous number may be instead, as a share of its value: a thousandth of 1.500; 1 for all others."""
    return float(number.readings[1] / number.value) if number.is_ambiguous else 1.0


def _bounds(text: str, tokens: Sequence[Token], number: Amount) -> tuple[int, int, float, float]:
    """Return where the number stands with the words that hedge it, and its bounds."""
    start, end, value = tokens[number.first].start, tokens[number.last - 1].end, float(number.value)
    if value < 0:
        return start - (text[start - 1 : start] in _MINUS), end, value, value
    if text[start] == "و" and len(tokens[number.first].text) > 2 and number.value != 1:
        start += 1
    earlier, offsets = fold_offsets(text[:start])
    before, after = _hedges()
    for pattern, low, high in before:
        if match := pattern.search(earlier[-tuning.HEDGE_REACH:]):
            lead = len(earlier) - len(earlier[-tuning.HEDGE_REACH:]) + match.start("hedge")
            return offsets[lead], end, low * value, high * value
    later = fold(text[end : end + tuning.HEDGE_REACH])
    low, high = next(((low, high) for pattern, low, high in after if pattern.search(later)), (1.0, 1.0))
    return start, end, low * value, high * value


def _unit(text: str, tokens: Sequence[Token], number: Amount, end: int) -> tuple[str, float, int]:
    """Return the unit, its minutes where it is one of time (else 1), and where the number with its unit ends."""
    first, last = tokens[number.first], tokens[number.last - 1]
    for word in tokens[max(0, number.first - 2) : number.first]:
        if unit_name(word.text) == "magnitude":
            return "magnitude", 1.0, end
    sign = text[last.end : last.end + 2].strip()[:1]
    symbol = _SYMBOLS.get(sign) or _SYMBOLS.get(text[max(0, first.start - 1) : first.start])
    if symbol:
        return symbol, 1.0, end
    pair = pair_unit(first.text)
    if pair:
        return "time", MINUTES[pair], end
    for token in tokens[number.last : number.last + 2]:
        if _PUNCTUATION.search(token.gap):
            break
        name = unit_name(token.text)
        # The Persian word for a tonne counts people too.
        if name and not (token.text == "تن" and number.value < tuning.FEWEST_TONNES):
            return ("time" if name in MINUTES else name), _FACTORS.get(name, 1.0), max(end, token.end)
    return "", 1.0, end


def _outcomes(
    tokens: Sequence[Token], number: Amount, segments: Sequence[tuple[int, int]], at: int, counted: Set[int]
) -> frozenset[str]:
    """Return what a number counts by its own clause, else by those after it that count nothing, else by its part."""
    named = [outcomes_of([token.text for token in tokens[start:end]]) for start, end in segments]
    if named[at]:
        return _nearest_outcomes(tokens, number, segments[at])
    counting = {i for i, (start, end) in enumerate(segments) for first in counted if start <= first < end}
    for later in range(at + 1, len(segments)):
        part = _is_part(tokens, segments[later])
        if later in counting and not part:
            break
        if named[later] and not part:
            return named[later]
    if at + 1 < len(segments) and named[at + 1] and _is_part(tokens, segments[at + 1]):
        return named[at + 1]
    return frozenset()


def _nearest_outcomes(tokens: Sequence[Token], number: Amount, segment: tuple[int, int]) -> frozenset[str]:
    """Return the outcome that stands nearest to a number in its clause."""
    best: tuple[int, frozenset[str]] = (len(tokens) + 1, frozenset())
    for at in range(*segment):
        found = outcomes_of([tokens[at].text])
        distance = at - number.last + 1 if at >= number.last else number.first - at
        if found and distance < best[0]:
            best = (distance, found)
    return best[1]


def _joined(text: str, found: Sequence[Quantity]) -> Iterator[Quantity]:
    """Yield the quantities, two hours and 45 minutes as one and 12 to 15 as one."""
    held: Quantity | None = None
    for item in found:
        one = _as_one(text, held, item) if held else None
        if held and one is None:
            yield held
        held = one or item
    if held:
        yield held


def _as_one(text: str, held: Quantity, item: Quantity) -> Quantity | None:
    """Return two numbers as one, a sum of units or a range; None where they are two."""
    joint = fold(text[held.end : item.start]).strip()
    if held.unit in _HUNDREDTHS and item.unit == "cent" and item.high < 1 and joint in ("and", "و"):
        return replace(held, end=item.end, low=held.low + item.low, high=held.high + item.high, step=item.step)
    if held.unit == item.unit == "time" and item.high < held.step and joint in ("", "and", "و", ","):
        return replace(held, end=item.end, low=held.low + item.low, high=held.high + item.high, step=item.step)
    between = _BETWEEN.search(fold(text[: held.start])) and _AND.fullmatch(joint)
    if (_RANGE.fullmatch(joint) or between) and held.low < item.high and held.unit in ("", item.unit):
        return replace(item, start=held.start, low=held.low)
    return None
