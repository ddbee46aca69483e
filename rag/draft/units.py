"""The segments around a number -> the letters of its unit, what joins it to the number before, and which units are one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from index.text import ZWNJ, fold
from rag.draft.segments import Segment
from rag.text.measure import unit_name
from rag.text.word_list import rows, sentence_words

_DASHES = str.maketrans("–−‐—", "----")
_ABBREVIATIONS = frozenset({"am", "pm"})
_NO_SYMBOLS = frozenset(fold("a i و").split())
AND = frozenset({"and", fold("و")})


def joint_of(between: Sequence[Segment]) -> str | None:
    """Return what joins a number to the one before it, the segments from that one's end to this one's beginning; or None.

    A dash, a colon or the like, a space, "to" or "and"; currencies between them count nothing.
    """
    words = [segment for segment in between[:-1] if not segment.is_currency]
    if not words:
        gaps = "".join(segment.gap for segment in between)
        return gaps.strip().translate(_DASHES) or " "
    if len(words) > 1:
        return None
    if words[0].word in sentence_words("range"):
        return "to"
    return "and" if words[0].word in AND else None


def is_symbol(segments: Sequence[Segment], start: int) -> bool:
    """Tell whether a segment is letters of a unit or an era at a number: the m of 5m and 5 m, km/h, ق.م, the G of G7."""
    segment = segments[start]
    if not segment.word[0].isalpha() or segment.is_currency:
        return False
    before = segments[start - 1] if start else None
    behind = segments[start + 1] if start + 1 < len(segments) else None
    if segment.is_glued and before is not None and before.word[-1].isdecimal():
        return True
    if behind is not None and behind.is_glued and behind.word[0].isdecimal() and segment.word.isascii():
        return True
    if before is None or segment.word in _NO_SYMBOLS:
        return False
    single = len(segment.word) == 1
    if before.word[-1].isdecimal():
        return (single or segment.word in _ABBREVIATIONS or _is_abbreviated(segment.raw)) and segment.gap in (" ", "")
    joined = segment.gap == "/" or (segment.gap == "." and len(before.word) == 1) or before.word == "degree"
    return single and joined


def _is_abbreviated(raw: str) -> bool:
    """Tell whether Latin letters are short for something: MW, kWh, Mt, USD, BC."""
    return raw.isascii() and (raw.isupper() or raw[1:] != raw[1:].lower() or (len(raw) == 2 and raw[0].isupper()))


def measures_agree(one: str, other: str) -> bool:
    """Tell whether two folded terms are of one measure: one entry of the glossary has km and miles, another rial and toman."""
    measures = [_measures().get(word.replace(" ", "")) or unit_name(word) for word in (one, other)]
    return not all(measures) or measures[0] == measures[1]


def measure_of(word: str) -> str:
    """Return the measure or the currency that a folded word names, in English, whichever country's it is; "" for none."""
    key = word.replace(" ", "")
    return _measures().get(key) or _currencies().get(key) or unit_name(word)


@cache
def _measures() -> dict[str, str]:
    """Return the measures of the list of what is counted by their forms, without money, whose names countries share."""
    return {form: name for kind, form, name in _forms() if kind not in ("money", "people", "things")}


@cache
def _currencies() -> dict[str, str]:
    return {form: name.split(" ")[-1] for kind, form, name in _forms() if kind == "money"}


def _forms() -> list[tuple[str, str, str]]:
    """Return the kind, form and name of all that is counted; a form's first name comes last, and so counts in a dictionary."""
    found = []
    for kind, *columns in rows("counted_words.tsv"):
        name = columns[0].split("|")[0].strip()
        found += [(kind, fold(form).replace(ZWNJ, "").replace(" ", ""), name) for form in "|".join(columns).split("|")]
    return found[::-1]
