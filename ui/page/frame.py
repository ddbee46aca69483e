"""What surrounds a conversation -> HTML: the shell of the page, the welcome before the first question, what answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from index.embedding import Embedded
from index.types import Language
from rag.phrases import counted, in_percent
from ui.direction import direction_of
from ui.page.filter import filter_button_html
from ui.page.markup import each, filled, in_each_language, spoken
from ui.page.menu import menu_html
from ui.page.models import Answering, models_html

_LINES = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 5h14M3 10h14M3 15h14"/></svg>'
_PLUS = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 4v12M4 10h12"/></svg>'


def shell_html(max_question: int, login: bool = False) -> str:
    """Return the page: head, the list of conversations, the view, the side panel, and the foot with the box for a question."""
    return (
        f'<div id="khabar" data-max-question="{max_question}"{" data-login=yes" if login else ""}>'
        f'<a class="skip" href="#question">{in_each_language("page_shell.skip")}</a>'
        f"{_masthead_html(login)}"
        f'<nav id="side" aria-labelledby="side-name">{_side_html()}</nav>'
        '<div id="middle">'
        f'<p id="stumbled" role="alert">{in_each_language("page_shell.stumbled")}</p>'
        '<div id="view" tabindex="-1"></div>'
        f"{_foot_html()}</div>"
        '<aside id="reader" hidden></aside></div>'
        '<div id="toasts"></div><div id="announced" class="unseen" role="status"></div>'
    )


def _masthead_html(login: bool) -> str:
    return (
        '<header id="masthead">'
        f'<button type="button" id="side-button" class="quiet" aria-expanded="false" aria-controls="side">{_LINES}'
        f'<span class="unseen">{in_each_language("page_side.name")}</span></button>'
        f'{_wordmark_html()}<div id="menu">{menu_html(login)}</div>'
        f'<button type="button" id="new" class="quiet">{_PLUS}{in_each_language("new")}</button></header>'
    )


def _wordmark_html() -> str:
    return (
        '<div class="wordmark"><h1><a href="./" data-view=""><span lang="en" dir="ltr">Khabar</span>'
        '<span class="dot" aria-hidden="true">·</span><span lang="ar" dir="rtl">خبر</span></a></h1>'
        f'<p class="tagline">{in_each_language("tagline")}</p></div>'
    )


def _side_html() -> str:
    return (
        f'<h2 id="side-name" class="unseen">{in_each_language("page_side.name")}</h2>'
        f'<ul class="views"><li><a href="archive" data-view="archive">{in_each_language("page_side.archive")}</a></li></ul>'
        f'<label class="find"><span class="unseen">{in_each_language("page_side.find")}</span>'
        '<input type="search" id="side-find" autocomplete="off"></label>'
        '<ul id="conversations"></ul>'
        f'<p id="side-empty" class="hint" hidden>{in_each_language("page_side.empty")}</p>'
        f'<p class="views foot-views"><a href="check" data-view="check">{in_each_language("page_side.check")}</a></p>'
    )


def _foot_html() -> str:
    return (
        '<div id="foot"><div id="filter"></div><div id="filter-sign"></div><div id="composer-fault"></div>'
        f'<div id="composer"><div id="filter-door">{filter_button_html()}</div>'
        f'<div id="question"><label class="unseen" for="box">{in_each_language("question")}</label>'
        '<textarea id="box" rows="1" dir="auto" autocomplete="off" enterkeyhint="send"></textarea></div>'
        f'<button type="button" id="stop" hidden>{in_each_language("stop")}</button>'
        f'<button type="button" id="send">{in_each_language("send")}</button></div>'
        '<div id="status"></div><div id="report"></div></div>'
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


def status_html(counts: Mapping[str, int], answering: Answering, embedded: Embedded) -> str:
    """Return the line that says what there is: how many articles, how far meaning is where it lags behind, and what answers."""
    told = "".join(
        [
            _counted("article", counts["articles"]),
            _counted("passage", counts["chunks"]),
            # Not apart from the words before it: after Arabic letters the sign stands to the left of the digits, as it should.
            "" if embedded.complete else _told("meaning", lambda language: in_percent(embedded.percent, language)),
        ]
    )
    return f'<div class="status">{told}{models_html(answering)}</div>'


def _counted(noun: str, number: int) -> str:
    return f'<span>{spoken(each(lambda language: counted(noun, number, language)))}</span>'


def _told(key: str, value: Callable[[Language], str]) -> str:
    """Return a fact in three languages, with its value (as HTML) among the words of each."""
    return f'<span class="{key}">{spoken(each(lambda language: filled(key, language, value=value(language))))}</span>'
