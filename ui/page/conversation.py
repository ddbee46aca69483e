"""A conversation -> HTML: each question, the filter it was asked under, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from index.types import EVERYTHING, Filter, KhabarError
from rag.filter import FilterError
from rag.phrases import filter_in_words
from rag.types import Answer
from ui.direction import direction, direction_of
from ui.page.answer import answer_html
from ui.page.filter import fault_in_words, filter_html
from ui.page.markup import filled, in_each_language


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and what came of it: an answer that may still grow, an error, or neither if stopped.

    `within` is the filter that was on when it was asked. `html` is what the page shows of a turn that is over: it is rendered
    once, and not again with each turn that follows.
    """

    question: str
    answer: Answer | None = None
    error: KhabarError | None = None
    working: bool = False
    within: Filter = EVERYTHING
    html: str = ""


def over(turn: Turn, number: int) -> Turn:
    """Return a finished turn, rendered."""
    ended = replace(turn, working=False)
    return replace(ended, html=turn_html(ended, number))


def conversation_html(turns: Sequence[Turn]) -> str:
    """Return a whole conversation; a screen reader reads out what is added to it."""
    content = "".join(turn.html or turn_html(turn, number) for number, turn in enumerate(turns, 1))
    return f'<div class="conversation" role="log" aria-live="polite">{content}</div>'


def turn_html(turn: Turn, number: int) -> str:
    """Return one question and its answer; `number` makes the anchors of its sources unique."""
    lang = f' lang="{turn.answer.language}"' if turn.answer else ""
    side = direction(turn.answer.language) if turn.answer else direction_of(turn.question)
    return (
        f'<article class="turn" id="turn-{number}" dir="{side}" aria-busy="{str(turn.working).lower()}">'
        f'<div class="question" dir="{side}"{lang}><p>{escape(turn.question)}</p></div>{_within_html(turn)}'
        f"{_reply_html(turn, number)}</article>"
    )


def _within_html(turn: Turn) -> str:
    """Return the filter that a question was asked under; an abstention names it itself."""
    if not turn.answer or turn.answer.abstained or not filter_in_words(turn.within, turn.answer.language):
        return ""
    language = turn.answer.language
    name = filled("filter", language)
    return f'<p class="within" lang="{language}">{name}: {filter_html(turn.within, language)}</p>'


def _reply_html(turn: Turn, number: int) -> str:
    answered = answer_html(turn.answer, number, turn.working, turn.within) if turn.answer else ""
    if turn.error:
        return answered + problem_html(turn.error)
    if answered:
        return answered
    if turn.working:
        return f'<div class="notice working">{in_each_language("searching")}</div>'
    return f'<div class="notice">{in_each_language("stopped")}</div>'


def problem_html(error: KhabarError) -> str:
    """Return a message that tells what is wrong and what the user can do about it: a filter's in the page's words."""
    if isinstance(error, FilterError):
        return f'<div class="problem" role="alert"><p>{fault_in_words(error)}</p></div>'
    return (
        '<div class="problem" role="alert" lang="en" dir="ltr">'
        f"<p><strong>{_sentence(error.problem)}</strong></p><p>{_sentence(error.remedy)}</p></div>"
    )


def _sentence(text: str) -> str:
    text = text.strip()
    return escape(text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else "."))
