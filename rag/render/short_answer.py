"""The short answer above the quotes, said in the question's language where every word of it is certain."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.text import fold
from index.types import Language
from rag.ask.question import Question
from rag.phrases import listed
from rag.render import tuning
from rag.render.excerpt import Excerpt, Rendered, excerpt
from rag.render.noun import match_phrase, oblique
from rag.render.rendered_day import render_day
from rag.render.rendered_name import NAMES, PLACES, render_name, with_article
from rag.render.rendered_quantity import SIGNS, render_quantity
from rag.text.amount import Token
from rag.text.glossary import Glossary
from rag.types import Answer, Citation, ShortAnswer

_QUOTATION = " \t\n\u200e\u200f«»\"“”‘’'"
_STOPS = ".,،؛;:!?؟…"
_COMMAS = frozenset({",", "،"})
_AND: dict[Language, str] = {"en": "and", "ar": fold("و"), "fa": fold("و")}
_PREPOSITIONS: tuple[tuple[frozenset[str], dict[Language, str]], ...] = (
    (PLACES, {"en": "in", "ar": "في", "fa": "در"}),
    (PLACES, {"en": "to", "ar": "إلى", "fa": "به"}),
    (PLACES, {"en": "from", "ar": "من", "fa": "از"}),
    (frozenset({"time"}), {"en": "for", "ar": "لمدة", "fa": "به مدت"}),
)
_IN_ATTACHED = fold("بال")


def with_short_answer(question: Question, answer: Answer) -> Answer:
    """Return an answer with its short answer: what is marked in its first quote, or the values in which quotes differ."""
    spans = list(_differing(answer)) or [(item, *item.phrase) for item in answer.citations[:1] if item.phrase]
    values = [_direct(question, *span) for span in spans if not _is_long(*span)]
    if not values:
        return answer
    first, *others = values
    return replace(answer, direct=replace(first, others=tuple(other for other in others if other.text != first.text)))


def _differing(answer: Answer) -> Iterator[tuple[Citation, int, int]]:
    """Yield the values that quotes differ in, where they stand: as they are marked, if they are."""
    cited = {item.number: item for item in answer.citations}
    for one in answer.disagreements:
        for number, value in zip(one.citations, one.values, strict=True):
            item = cited[number]
            start = item.start + item.quote.find(value)
            end = start + len(value)
            if item.phrase and item.phrase[0] < end and start < item.phrase[1]:
                yield item, *item.phrase
            elif start >= item.start:
                yield item, start, end


def _direct(question: Question, item: Citation, start: int, end: int) -> ShortAnswer:
    text = item.quote[start - item.start : end - item.start]
    rendered = render(text, item.language, question.language, item.published, question.glossary)
    return ShortAnswer(text, item.language, item.number, start, end, rendered)


def _is_long(item: Citation, start: int, end: int) -> bool:
    return end - start > max(tuning.SHORT, tuning.LONGEST_SHARE * len(item.quote))


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
    whole = excerpt(cleaned, language, into, glossary)
    if not 1 < len(whole.tokens) <= tuning.LONGEST_SPAN + 1:
        return None
    return _with_preposition(whole) or _listed(_items(whole), into)


def _listed(items: Sequence[_Item], into: Language) -> str | None:
    return listed([item.piece.written for item in items], into) if items else None


def _with_preposition(whole: Excerpt) -> str | None:
    """Return places behind in, to or from, and durations behind for; nothing where no such word begins the text."""
    for kinds, words in _PREPOSITIONS:
        behind = match_phrase(whole.tokens, 0, words[whole.language])
        rest = list(whole.tokens[behind:]) if behind else []
        if not rest and whole.language == "ar" and words["en"] == "in" and _piece(whole, 0) is None:
            rest = _without_in(whole.tokens)
        pieces = [item.piece for item in _items(whole.of(rest))] if rest else []
        if pieces and all(piece.kind in kinds for piece in pieces):
            said = [with_article(oblique(piece.written, whole.into), whole.into) for piece in pieces]
            return f"{words[whole.into]} {listed(said, whole.into)}"
    return None


def _without_in(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens without the ب before an article, بالقاهرة; any other ب may be the word's own: بنيوي."""
    return [_without_letter(tokens[0]), *tokens[1:]] if tokens[0].text.startswith(_IN_ATTACHED) else []


def _without_letter(token: Token) -> Token:
    """Return a token without its first letter, which is another word."""
    return replace(token, text=token.text[1:], start=token.start + 1)


@dataclass(frozen=True, slots=True)
class _Item:
    """A piece of a list, and what joins it to the one before: a comma, an `and`, both or nothing."""

    piece: Rendered
    joint: str = ""


def _items(whole: Excerpt) -> list[_Item]:
    """Return all that an excerpt says, item by item; nothing where a word or a sign is left over."""
    tokens = whole.tokens
    found: list[_Item] = []
    at = 0
    while at < len(tokens) - 1:
        item = _next(whole, at, found[-1].piece) if found else _first(whole)
        if item is None:
            return []
        found.append(item)
        at = item.piece.last
    if not _is_list(found):
        return []
    signs = sum(token.gap.count(sign) for token in tokens for sign in SIGNS)
    rest = whole.gap(len(tokens) - 1)
    is_signed = signs == sum(item.piece.signs for item in found)
    return found if is_signed and (not rest or len(rest) == 1 and rest in SIGNS) else []


def _is_list(found: Sequence[_Item]) -> bool:
    """Tell whether items are a list and none is said of another: Hegseth, defence minister; Paris, France; 2, 2026."""
    kinds, joints = {item.piece.kind for item in found}, [item.joint for item in found[1:]]
    if not joints or kinds == {"time"}:
        return True
    has_comma = any("," in joint for joint in joints)
    is_mixed = len(kinds & NAMES) not in (0, len(kinds))
    return "and" in joints[-1] and not is_mixed and (not has_comma or (len(kinds) == 1 and kinds != {"office"}))


def _first(whole: Excerpt) -> _Item | None:
    piece = None if whole.gap(0).strip(SIGNS) else _piece(whole, 0)
    return _Item(piece) if piece else None


def _next(whole: Excerpt, at: int, before: Rendered) -> _Item | None:
    """Return the item behind another one, with a comma, an `and`, or nothing between two durations."""
    tokens, word = whole.tokens, _AND[whole.language]
    gap = whole.gap(at).strip(SIGNS).strip()
    if gap and gap not in _COMMAS:
        return None
    if tokens[at].text == word and at + 1 < len(tokens) - 1:
        piece = None if whole.gap(at + 1).strip(SIGNS) else _piece(whole, at + 1)
        return _Item(piece, f"{gap}and") if piece else None
    if whole.language == "ar" and tokens[at].text.startswith(word) and len(tokens[at].text) > 2:
        parted = whole.of([*tokens[:at], _without_letter(tokens[at]), *tokens[at + 1 :]])
        if piece := _piece(parted, at):
            return _Item(piece, f"{gap}and")
    piece = _piece(whole, at)
    is_sum = piece is not None and piece.kind == before.kind == "time" and whole.language == "en"
    return _Item(piece, ",") if piece and (gap or is_sum) else None


def _piece(whole: Excerpt, at: int) -> Rendered | None:
    return render_quantity(whole, at) or render_name(whole, at)
