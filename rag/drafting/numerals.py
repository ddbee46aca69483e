"""Numbers in digits and in words, brought to one form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from index.text import fold

_DIGITS = re.compile(r"(\d+(?:[.,٫٬]\d+)*)(?:st|nd|rd|th)?")
_GROUPED = re.compile(r"\d{1,3}(?:[,٬]\d{3})+(?:[.٫]\d+)?")
# Folded when read. ۹ is left out in Persian letters, where it is also "no"; so is "one" in all three, which is also an article.
_NAMED = {
    2: "two اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي دو",
    3: "three ثلاثة ثلاث سه", 4: "four أربعة أربع چهار", 5: "five خمسة خمس پنج",
    6: "six ستة ست شش", 7: "seven سبعة سبع هفت", 8: "eight ثمانية ثماني ثمان هشت", 9: "nine تسعة تسع", 10: "ten عشرة عشر ده",
    11: "eleven یازده", 12: "twelve دوازده", 13: "thirteen سیزده", 14: "fourteen چهارده", 15: "fifteen پانزده",
    16: "sixteen شانزده", 17: "seventeen هفده", 18: "eighteen هجده هیجده", 19: "nineteen نوزده",
    20: "twenty عشرون عشرين بیست", 30: "thirty ثلاثون ثلاثين سی", 40: "forty أربعون أربعين چهل", 50: "fifty خمسون خمسين پنجاه",
    60: "sixty ستون ستين شصت", 70: "seventy سبعون سبعين هفتاد", 80: "eighty ثمانون ثمانين هشتاد", 90: "ninety تسعون تسعين نود",
    100: "hundred مئة مائة صد", 200: "مئتان مئتين مائتين دویست", 300: "ثلاثمئة ثلاثمائة سیصد", 400: "أربعمئة أربعمائة چهارصد",
    500: "خمسمئة خمسمائة پانصد", 600: "ستمئة ستمائة ششصد", 700: "سبعمئة سبعمائة هفتصد", 800: "ثمانمئة ثمانمائة هشتصد",
    900: "تسعمئة تسعمائة نهصد", 1000: "thousand ألف آلاف هزار", 2000: "ألفين ألفان",
    1_000_000: "million مليون ملايين میلیون", 1_000_000_000: "billion مليار مليارات بليون میلیارد",
}  # fmt: skip
_HUNDRED, _THOUSAND = 100, 1000
_HALF = frozenset({"half", "نصف", "ونصف", "نيم"})
_AND = frozenset({"and", "و"})


def read_number(found: Sequence[str], start: int) -> tuple[str, int] | None:
    """Return the number that begins at `found[start]` (folded words), as plain digits, and where it ends; or None.

    Reads 4.5, 1,500, 2 million, ninety, twenty three, ثلاثة وعشرين, بیست و سه, four and a half.
    """
    amount = _amount(found[start])
    if amount is None:
        return None
    total, current, end = Decimal(0), Decimal(0), start
    while amount is not None and end < len(found):
        if amount >= _THOUSAND and not _DIGITS.fullmatch(found[end]):
            total, current = total + max(current, Decimal(1)) * amount, Decimal(0)
        elif amount == _HUNDRED and current and not _DIGITS.fullmatch(found[end]):
            current *= amount
        elif end > start and not _may_follow(current, amount) and not (total and not current and amount < _THOUSAND):
            break
        else:
            current += amount
        end, amount = _next_amount(found, end + 1)
    half = _behind_half(found, end)
    return (_plain(total + current + Decimal("0.5")), half) if half else (_plain(total + current), end)


def _next_amount(found: Sequence[str], end: int) -> tuple[int, Decimal | None]:
    """Return the amount that goes on with a number at `end`, perhaps behind an "and", and where it stands."""
    if end >= len(found) or _DIGITS.fullmatch(found[end]):
        return end, None
    if found[end] in _AND and end + 1 < len(found) and found[end + 1] in _amounts():
        return end + 1, _amounts()[found[end + 1]]
    return end, _amounts().get(found[end], _amounts().get(found[end].removeprefix("و")))


def _may_follow(current: Decimal, amount: Decimal) -> bool:
    """Tell whether an amount goes on with a number rather than begins another: 20 and 3, but not 3 and 5."""
    ten = min(current, Decimal(_HUNDRED)) if current % 10 == 0 else Decimal(0)
    return amount < ten or (amount >= 10 > current > 0 and amount % 10 == 0 and amount < _HUNDRED)


def _behind_half(found: Sequence[str], end: int) -> int:
    """Return the place behind "and a half" at `end`, or 0 where there is none."""
    for length in (1, 2, 3):
        piece = tuple(found[end : end + length])
        if piece and piece[-1] in _HALF and (piece[0] in _AND or piece[0].startswith("و")):
            return end + length
    return 0


def _amount(word: str) -> Decimal | None:
    digits = _DIGITS.fullmatch(word)
    if digits:
        return _decimal(digits[1])
    return _amounts().get(word)


def _decimal(digits: str) -> Decimal | None:
    if _GROUPED.fullmatch(digits):
        return Decimal(re.sub("[,٬]", "", digits).replace("٫", "."))
    plain = re.sub("[,٫٬]", ".", digits)
    return Decimal(plain) if plain.count(".") <= 1 else None


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


@cache
def _amounts() -> dict[str, Decimal]:
    return {fold(word): Decimal(value) for value, written in _NAMED.items() for word in written.split()}
