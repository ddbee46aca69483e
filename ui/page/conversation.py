"""A turn of a conversation -> HTML: the question, the filter it was asked under, and what came of it."""

from __future__ import annotations

from html import escape

from index.types import EVERYTHING
from rag.conversation.types import Fault, Turn
from rag.filter import FilterInput
from rag.phrases import filter_in_words
from ui.direction import closed, direction, direction_of
from ui.page.answer import answer_html
from ui.page.filter import fault_in_words, filter_html
from ui.page.markup import apart, filled, in_each_language


def turn_html(turn: Turn) -> str:
    """Return one question and its answer; the turn's number makes the anchors of its sources unique."""
    lang = f' lang="{turn.answer.language}"' if turn.answer else ""
    side = direction(turn.answer.language) if turn.answer else direction_of(turn.question)
    return (
        f'<article class="turn" id="turn-{turn.number}" data-turn="{escape(turn.turn_id)}" data-state="{turn.state}" '
        f'dir="{side}" aria-busy="{str(not turn.has_ended).lower()}">'
        f'<div class="asked"><div class="question" dir="{side}"{lang}><h2>{escape(closed(turn.question))}</h2></div>'
        f"{_edit_html()}</div>{_within_html(turn)}{_reply_html(turn)}</article>"
    )


def _edit_html() -> str:
    label = in_each_language("page_turn.edit")
    return f'<button type="button" class="edit" data-edit><span class="unseen">{label}</span></button>'


def _within_html(turn: Turn) -> str:
    """Return the filter that a question was asked under; an abstention names it itself."""
    if not turn.answer or turn.answer.abstained or not filter_in_words(turn.within, turn.answer.language):
        return ""
    language = turn.answer.language
    name = filled("filter", language)
    return f'<p class="within" lang="{language}">{name}: {filter_html(turn.within, language)}</p>'


def _reply_html(turn: Turn) -> str:
    """Return the answer as far as it is there, then what kept it from its end, and what can be done then."""
    working, answered = not turn.has_ended, ""
    if turn.answer:
        answered = answer_html(turn.answer, turn.number, working, turn.within, turn.quoted)
    fault = fault_html(turn.fault) if turn.fault else ""
    if not (answered or fault):
        key = {"waiting": "page_turn.waiting", "working": "searching"}.get(turn.state, "stopped")
        kind = "notice" if turn.has_ended else "notice working"
        fault = f'<div class="{kind}">{in_each_language(key)}</div>'
    unkept = "" if turn.kept else f'<p class="notice">{in_each_language("page_turn.not_kept")}</p>'
    return f"{answered}{fault}{unkept}{_again_html(turn)}"


def _again_html(turn: Turn) -> str:
    """Return what can be done where a question came to nothing: ask again, or without the filter."""
    if not turn.has_ended:
        return ""
    abstained = bool(turn.answer and turn.answer.abstained and turn.within != EVERYTHING)
    filtered = turn.choice != FilterInput() and (turn.fault is not None or abstained)
    buttons = _button_html("data-retry", "page_turn.retry") if turn.state in {"failed", "stopped"} else ""
    buttons += _button_html("data-unfiltered", "page_turn.without_filter") if filtered else ""
    return f'<p class="ways">{buttons}</p>' if buttons else ""


def _button_html(what: str, key: str) -> str:
    return f'<button type="button" class="again" {what}>{in_each_language(key)}</button>'


def fault_html(fault: Fault) -> str:
    """Return what went wrong, to a reader and in the page's language; what an administrator needs is tucked away below it."""
    of_filter = fault.kind == "filter"
    told = fault_in_words(fault.detail, fault.value) if of_filter else in_each_language(f"page_fault.{fault.kind}")
    inside = ""
    if fault.kind == "away":
        summary = in_each_language("page_fault.details")
        details = apart(f"{fault.problem}; {fault.remedy}.")
        inside = f'<details><summary>{summary}</summary><p lang="en" dir="ltr">{details}</p></details>'
    return f'<div class="problem" role="alert"><p>{told}</p>{inside}</div>'
