"""Texts that the page shows in the language of its reader's browser."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from index.types import LANGUAGES, Language
from ui.direction import direction
from ui.labels import INTERFACE


def in_each_language(word: str) -> str:
    """Return one of the page's own words in three languages."""
    return spoken({language: escape(INTERFACE[language][word]) for language in LANGUAGES})


def spoken(texts: Mapping[Language, str]) -> str:
    """Return a text (as HTML) in three languages; the style sheet shows that of the page."""
    spans = (f'<span lang="{language}" dir="{direction(language)}">{text}</span>' for language, text in texts.items())
    return f'<span class="spoken">{"".join(spans)}</span>'
