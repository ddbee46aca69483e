"""Small pieces of HTML that all parts of the page share: texts in three languages, marked words, headings, paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from index.types import LANGUAGES, Language
from rag.phrases import fill, phrase
from ui.answer_parts import Span
from ui.direction import closed, direction


def filled(key: str, language: Language, **gaps: str) -> str:
    """Return one of Khabar's texts, its gaps filled with HTML."""
    return fill(escape(phrase(key, language)), **gaps)


def heading(key: str, language: Language, **gaps: str) -> str:
    """Return one of Khabar's texts that ends with a colon as a heading, its gaps filled with HTML."""
    return fill(escape(phrase(key, language).rstrip(":")), **gaps)


def in_each_language(key: str, **gaps: str) -> str:
    """Return one of Khabar's texts in three languages, its gaps filled with the same HTML."""
    return spoken(each(lambda language: filled(key, language, **gaps)))


def each(told: Callable[[Language], str]) -> dict[Language, str]:
    """Return what is told in each language."""
    return {language: told(language) for language in LANGUAGES}


def spoken(texts: Mapping[Language, str]) -> str:
    """Return a text (as HTML) in three languages; the style sheet shows that of the user's browser."""
    spans = (f'<span lang="{language}" dir="{direction(language)}">{text}</span>' for language, text in texts.items())
    return f'<span class="spoken">{"".join(spans)}</span>'


def apart(text: str) -> str:
    """Return a text, escaped, that keeps its direction to itself."""
    return f"<bdi>{escape(closed(text))}</bdi>"


def marked(text: str, spans: Sequence[Span], kind: str) -> str:
    """Return a text with some of its spans marked; they are in order and do not overlap."""
    pieces: list[str] = []
    rest = 0
    for start, end in spans:
        pieces.append(f'{escape(text[rest:start])}<mark class="{kind}">{escape(text[start:end])}</mark>')
        rest = end
    return "".join(pieces) + escape(text[rest:])


def path_html(path: str) -> str:
    """Return a path that reads from left to right, each name isolated: else the number behind an Arabic folder's would move."""
    return f'<bdi class="path" dir="ltr">{"/".join(map(apart, path.split("/")))}</bdi>'
