"""What stands around a conversation -> HTML: the masthead, the welcome before the first question, and what answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from index.embedding import Embedded
from index.types import LANGUAGES, Language
from rag.phrases import in_percent, written_count
from ui.direction import direction_of
from ui.labels import INTERFACE
from ui.spoken import in_each_language, spoken


def masthead_html() -> str:
    """Return the head of the page: the name, and what it is."""
    return (
        '<div class="wordmark"><h1><span lang="en" dir="ltr">Khabar</span>'
        '<span class="dot" aria-hidden="true">·</span><span lang="ar" dir="rtl">خبر</span></h1>'
        f'<p class="tagline">{in_each_language("tagline")}</p></div>'
    )


def welcome_html(examples: Sequence[str]) -> str:
    """Return what a reader sees before the first question: an invitation and questions to start from."""
    buttons = "".join(
        f'<li><button type="button" class="example" dir="{direction_of(question)}" data-question="{escape(question)}">'
        f"{escape(question)}</button></li>"
        for question in examples
    )
    return (
        f'<div class="welcome"><h2>{in_each_language("invitation")}</h2><p>{in_each_language("promise")}</p>'
        f'<ul class="examples">{buttons}</ul></div>'
    )


def status_html(counts: Mapping[str, int], models: Mapping[str, str], embedded: Embedded) -> str:
    """Return the line that says what answers: how many articles, which models, and how far meaning is where it lags behind."""
    parts = [
        _told("articles", _counted(counts["articles"])),
        _told("passages", _counted(counts["chunks"])),
        _told("embedder", _named(models["embedder"])),
        *([] if embedded.complete else [_told("meaning", _percent(embedded.percent))]),
        _told("generator", _named(models["generator"])),
    ]
    return '<p class="status">' + "".join(parts) + "</p>"


def _told(name: str, values: Mapping[Language, str]) -> str:
    """Return a fact in three languages, with its value (as HTML) among the words of each."""
    told = {language: escape(INTERFACE[language][name]).replace("{value}", value) for language, value in values.items()}
    return f'<span class="{name}">{spoken(told)}</span>'


def _counted(number: int) -> dict[Language, str]:
    return {language: written_count(number, language) for language in LANGUAGES}


def _percent(percent: int) -> dict[Language, str]:
    # Not apart from the words before it: after Arabic letters the sign stands to the left of the digits, as it is written.
    return {language: in_percent(percent, language) for language in LANGUAGES}


def _named(model: str) -> dict[Language, str]:
    return dict.fromkeys(LANGUAGES, f"<bdi>{escape(model)}</bdi>")
