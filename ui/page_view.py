"""What stands around a conversation -> HTML: the masthead, the welcome before the first question, and what answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from ui.direction import direction_of
from ui.spoken import in_each_language


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


def status_html(counts: Mapping[str, int], models: Mapping[str, str]) -> str:
    """Return the line that says what answers: how many articles, and which models."""
    facts = {"articles": f"{counts['articles']:,}", "passages": f"{counts['chunks']:,}"}
    facts |= {role: models[role] for role in ("embedder", "generator")}
    parts = [f"{in_each_language(name)}: <bdi>{escape(fact)}</bdi>" for name, fact in facts.items()]
    return '<p class="status">' + "".join(f"<span>{part}</span>" for part in parts) + "</p>"
