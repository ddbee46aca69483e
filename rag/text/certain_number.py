"""Numbers that can be read in one way alone: tokens go in, exact decimals come out, and nothing that is a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from index.text import ZWNJ, fold
from rag.text.amount import Amount, Token, amount_at, amounts

# What else could be a decimal or a thousand (1.500; 1,5) is left alone.
_PLAIN = re.compile(r"0|[1-9]\d*")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+|(?:٬\d{3})+)")
_DECIMAL = re.compile(r"(?:0|[1-9]\d*)(?:\.(?:\d{1,2}|\d{4,})|٫(?:\d{1,2}|\d{4,}))|0[.٫]\d{3}")
# Larger numbers have no common word in the three languages.
_TOO_MANY = Decimal(10**15)
_SPACE = f" {ZWNJ}"
_VAGUE = frozenset({"dozen"})
# Two of them or one in the accusative, unless a number stands before.
_TWO_OR_ONE = frozenset(fold("مليونا مليارا تريليونا ترليونا").split())


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is certain, and the token behind it; `is_bare` where it is digits alone, `and_before` behind a و."""

    value: Decimal
    last: int
    is_bare: bool
    and_before: bool = False


def certain_numbers(tokens: Sequence[Token]) -> dict[int, Number]:
    """Return the numbers that can be read in one way alone, by the token that each begins with."""
    found = ((amount.first, _certain(tokens, amount)) for amount in amounts(tokens))
    return {first: number for first, number in found if number}


def is_spaced(gap: str) -> bool:
    """Tell whether nothing stands between two words but white space or a half-space."""
    return not gap.strip(_SPACE)


def _certain(tokens: Sequence[Token], amount: Amount) -> Number | None:
    read = tokens[amount.first : amount.last]
    if amount.is_ambiguous or amount.value < 0:
        return None
    digits = [token for token in read if token.text[0].isdecimal()]
    if any(token.text in _VAGUE for token in read) or read[0].text in _TWO_OR_ONE or read[0].text[1:] in _TWO_OR_ONE:
        return None
    if not all(_has_one_reading(token.text, alone=len(read) == 1) for token in digits):
        return None
    if not all(is_spaced(token.gap) or (token.gap == "-" and not digits) for token in read[1:]):
        return None
    joined = not digits and _has_clitic(read)
    if joined and read[0].text[0] != fold("و"):
        return None
    is_bare = len(read) == 1 and bool(digits)
    # The six of "six to seven billion" is written as it stands, not as six billion.
    alone = amount_at(read, 0) or amount
    value = _read_digits(digits[0].text) if is_bare else _exactly(alone.value)
    return Number(value, amount.last, is_bare, joined) if value < _TOO_MANY else None


def _has_one_reading(digits: str, *, alone: bool) -> bool:
    if _PLAIN.fullmatch(digits) or _DECIMAL.fullmatch(digits):
        return True
    # Before a million 1,500 is rather one and a half.
    return alone and _GROUPED.fullmatch(digits) is not None


def _has_clitic(read: Sequence[Token]) -> bool:
    """Tell whether a letter of another word is written before the number: وخمسة, بخمسة."""
    first = read[0]
    if first.text[0] not in fold("وفبل") or len(first.text) < 3:
        return False
    bare = [Token(first.text[1:], first.start + 1, first.end, ""), *read[1:]]
    return any(amount.first == 0 for amount in amounts(bare))


def _read_digits(digits: str) -> Decimal:
    """Return the value of digits that have one reading: there a comma parts thousands."""
    return Decimal(re.sub("[,٬]", "", digits).replace("٫", "."))


def _exactly(value: Fraction) -> Decimal:
    """Return an exact value in decimals; two and a third has none, and is as near as twelve digits are."""
    return Decimal(f"{float(value):.12g}") if value.denominator > 1 else Decimal(value.numerator)
