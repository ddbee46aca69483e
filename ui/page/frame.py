"""What surrounds a conversation -> HTML: the masthead, the welcome before the first question, the line on what answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from index.embedding import Embedded
from index.types import Language
from rag.phrases import counted, in_percent
from ui.direction import direction_of
from ui.page.markup import apart, each, filled, in_each_language, spoken


def masthead_html() -> str:
    """Return the head of the page: the name, and what it is."""
    return (
        '<div class="wordmark"><h1><span lang="en" dir="ltr">Khabar</span>'
        '<span class="dot" aria-hidden="true">·</span><span lang="ar" dir="rtl">خبر</span></h1>'
        f'<p class="tagline">{in_each_language("tagline")}</p></div>'
    )


def welcome_html(examples: Sequence[str]) -> str:
    """Return what a user sees before the first question: an invitation and questions to start from."""
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
    answering = "".join(
        [
            _counted("article", counts["articles"]),
            _counted("passage", counts["chunks"]),
            _told("embedder", lambda _: apart(models["embedder"])),
            # Not apart from the words before it: after Arabic letters the sign stands to the left of the digits, as it should.
            "" if embedded.complete else _told("meaning", lambda language: in_percent(embedded.percent, language)),
            _told("generator", lambda _: apart(models["generator"])),
        ]
    )
    return f'<p class="status">{answering}</p>'


def _counted(noun: str, number: int) -> str:
    return f'<span class="{noun}">{spoken(each(lambda language: counted(noun, number, language)))}</span>'


def _told(key: str, value: Callable[[Language], str]) -> str:
    """Return a fact in three languages, with its value (as HTML) among the words of each."""
    return f'<span class="{key}">{spoken(each(lambda language: filled(key, language, value=value(language))))}</span>'
