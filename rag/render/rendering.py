"""The short answer in the question's language: every word of it is accounted for, or there is none."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.text import fold
from index.types import Language
from rag.phrases import listed
from rag.render.day import render_day
from rag.render.name import NAMES, PLACES, finish, read_name, with_article
from rag.render.noun import match_phrase, oblique
from rag.render.number import numbers
from rag.render.quantity import SIGNS, read_quantity
from rag.text.amount import Token, tokens_of
from rag.text.glossary import Glossary

_QUOTATION = " \t\n\u200e\u200f«»\"“”‘’'"
_STOPS = ".,،؛;:!?؟…"
_LONGEST = 24
_COMMAS = frozenset({",", "،"})
_AND: dict[Language, str] = {"en": "and", "ar": fold("و"), "fa": fold("و")}
_PREPOSITIONS: tuple[tuple[frozenset[str], dict[Language, str]], ...] = (
    (PLACES, {"en": "in", "ar": "في", "fa": "در"}),
    (PLACES, {"en": "to", "ar": "إلى", "fa": "به"}),
    (PLACES, {"en": "from", "ar": "من", "fa": "از"}),
    (frozenset({"time"}), {"en": "for", "ar": "لمدة", "fa": "به مدت"}),
)
_IN_ATTACHED = fold("بال")


@dataclass(frozen=True, slots=True)
class _Item:
    """A piece of an answer in another language, the token behind it, its kind, the signs it took, and what joins it."""

    written: str
    last: int
    kind: str
    signs: int = 0
    joint: str = ""


@dataclass(frozen=True, slots=True)
class _Way:
    """From which language into which, with what text and glossary."""

    text: str
    language: Language
    into: Language
    glossary: Glossary


def render(text: str, language: Language, into: Language, published: date | None, glossary: Glossary) -> str | None:
    """Return what a span of an article says, in a language; None unless every word of it has one meaning alone.

    In its own language only a day gains by that: Tuesday gets its date.
    """
    # Superscripts and fractions fold to digits of another value.
    if any(unicodedata.category(character) == "No" for character in text):
        return None
    cleaned = text.strip(_QUOTATION).rstrip(_STOPS).strip(_QUOTATION)
    day = render_day(cleaned, language, into, published)
    if day is not None or language == into:
        return day
    tokens = tokens_of(cleaned)
    if not tokens or len(tokens) > _LONGEST:
        return None
    end = tokens[-1].end
    tokens.append(Token("", len(cleaned), len(cleaned), fold(cleaned[end:])))
    way = _Way(cleaned, language, into, glossary)
    return _with_preposition(tokens, way) or _said(_items(tokens, way), way)


def _said(items: Sequence[_Item], way: _Way) -> str | None:
    return listed([item.written for item in items], way.into) if items else None


def _with_preposition(tokens: Sequence[Token], way: _Way) -> str | None:
    """Return places behind in, to or from, and durations behind for; nothing where no such word begins the text."""
    for kinds, words in _PREPOSITIONS:
        behind = match_phrase(tokens, 0, words[way.language])
        rest = list(tokens[behind:]) if behind else []
        if not rest and way.language == "ar" and words["en"] == "in" and _item(tokens, 0, way) is None:
            rest = _without_in(tokens)
        items = _items(rest, way) if rest else []
        if items and all(item.kind in kinds for item in items):
            said = [with_article(oblique(item.written, way.into), way.into) for item in items]
            return f"{words[way.into]} {listed(said, way.into)}"
    return None


def _without_in(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens without the ب before an article, بالقاهرة; any other ب may be the word's own: بنيوي."""
    first = tokens[0]
    is_attached = first.text.startswith(_IN_ATTACHED)
    return [replace(first, text=first.text[1:], start=first.start + 1), *tokens[1:]] if is_attached else []


def _items(tokens: Sequence[Token], way: _Way) -> list[_Item]:
    """Return all that the tokens say, item by item; nothing where a word or a sign is left over."""
    found: list[_Item] = []
    at, signs = 0, 0
    while at < len(tokens) - 1:
        item = _first(tokens, at, way) if not found else _next(tokens, at, found[-1], way)
        if item is None:
            return []
        found.append(item)
        at, signs = item.last, signs + item.signs
    rest = tokens[-1].gap.strip()
    if not _is_list(found):
        return []
    is_signed = signs == sum(token.gap.count(sign) for token in tokens for sign in SIGNS)
    return found if is_signed and (not rest or len(rest) == 1 and rest in SIGNS) else []


def _is_list(found: Sequence[_Item]) -> bool:
    """Tell whether items are a list and none is said of another: Hegseth, defence minister; Paris, France; 2, 2026."""
    kinds, joints = {item.kind for item in found}, [item.joint for item in found[1:]]
    if not joints or kinds == {"time"}:
        return True
    has_comma = any("," in joint for joint in joints)
    is_mixed = len(kinds & NAMES) not in (0, len(kinds))
    return "and" in joints[-1] and not is_mixed and (not has_comma or (len(kinds) == 1 and kinds != {"office"}))


def _first(tokens: Sequence[Token], at: int, way: _Way) -> _Item | None:
    return _item(tokens, at, way) if not tokens[at].gap.strip().strip(SIGNS) else None


def _next(tokens: Sequence[Token], at: int, before: _Item, way: _Way) -> _Item | None:
    """Return the item behind another one, with a comma, an `and`, or nothing between two durations."""
    gap = tokens[at].gap.strip().strip(SIGNS).strip()
    if gap and gap not in _COMMAS:
        return None
    word = _AND[way.language]
    if tokens[at].text == word and at + 1 < len(tokens) - 1:
        item = None if tokens[at + 1].gap.strip().strip(SIGNS) else _item(tokens, at + 1, way)
        return replace(item, joint=f"{gap}and") if item else None
    if way.language == "ar" and tokens[at].text.startswith(word) and len(tokens[at].text) > 2:
        token = tokens[at]
        parted = [*tokens[:at], replace(token, text=token.text[1:], start=token.start + 1), *tokens[at + 1 :]]
        if item := _item(parted, at, way):
            return replace(item, joint=f"{gap}and")
    item = _item(tokens, at, way)
    is_sum = item is not None and item.kind == before.kind == "time" and way.language == "en"
    return replace(item, joint=",") if item and (gap or is_sum) else None


def _item(tokens: Sequence[Token], at: int, way: _Way) -> _Item | None:
    quantity = read_quantity(tokens, at, numbers(tokens[:-1]), way.language, way.into)
    if quantity:
        return _Item(quantity.written, quantity.last, quantity.kind, quantity.signs)
    name = read_name(tokens, at, way.text, way.language, way.into, way.glossary)
    return _Item(finish(name, way.into), name.last, name.kind) if name else None
