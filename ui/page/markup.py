"""Small pieces of HTML that all parts of the page share: texts in three languages, marked words, headings, paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from index.types import LANGUAGES, Language
from ui.answer_parts import Span
from ui.direction import closed, direction
from ui.labels import INTERFACE


def in_each_language(word: str) -> str:
    """Return one of the page's own words in three languages."""
    return spoken(each(lambda language: escape(INTERFACE[language][word])))


def each(told: Callable[[Language], str]) -> dict[Language, str]:
    """Return what is told in each language."""
    return {language: told(language) for language in LANGUAGES}


def spoken(texts: Mapping[Language, str]) -> str:
    """Return a text (as HTML) in three languages; the style sheet shows that of the reader's browser."""
    spans = (f'<span lang="{language}" dir="{direction(language)}">{text}</span>' for language, text in texts.items())
    return f'<span class="spoken">{"".join(spans)}</span>'


def filled(template: str, gap: str, value: str) -> str:
    """Return one of Khabar's own lines with a value in its gap, isolated."""
    return escape(template).replace(gap, apart(value))


def apart(text: str) -> str:
    """Return a text, escaped, that keeps its direction to itself."""
    return f"<bdi>{escape(closed(text))}</bdi>"


def heading(text: str) -> str:
    """Return one of Khabar's lines that ends with a colon as a heading."""
    return escape(text.rstrip(":"))


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
