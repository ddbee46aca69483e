"""The chat page: Gradio on the FastAPI application, one process, one port."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.report import last_report
from index.types import LANGUAGES, KhabarError
from rag.archive import Archive
from rag.filter import FilterError, FilterInput, outlets_of, read_filter
from rag.phrases import phrase
from ui.page.articles import add_article_page
from ui.page.conversation import Turn, conversation_html, over
from ui.page.filter import filter_button_html, filter_fault_html, filter_panel_html, filter_sign_html
from ui.page.frame import masthead_html, status_html, welcome_html
from ui.page.report import report_html

_LOGGER = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent
# Users served at a time, and users in line behind them.
_READERS = 16
_WAITING = 128
# Gradio starts from inline scripts and compiles its templates in the browser; everything else comes from here or not at all.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
_ICON = (
    "<link rel='icon' href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='6' fill='%23963a24'/%3E%3Cpath d='M8 10h16M8 16h16M8 22h9' stroke='%23fff' "
    "stroke-width='2.6' stroke-linecap='round'/%3E%3C/svg%3E\">"
)
_CHOOSE_QUESTION = """
element.addEventListener("click", (event) => {
  const offered = event.target.closest("[data-question]");
  if (offered) trigger("click", { question: offered.dataset.question });
});
"""

# A choice changes in the browser and goes with each question, so that none is asked under the filter of a moment ago.
_TELL_CHOICE = """
element.addEventListener("change", (event) => { if (event.target.name) trigger("input"); });
element.addEventListener("reset", () => setTimeout(() => trigger("input")));
"""
_WITH_CHOICE = "(...inputs) => [...inputs.slice(0, -1), chosenFilter()]"

Turns = tuple[Turn, ...]
Updates = tuple[Any, ...]
Form = Mapping[str, Any] | None


def mount_page(api: FastAPI, archive: Archive, examples: Sequence[str]) -> FastAPI:
    """Mount the chat page at "/" of the application and return it; `examples` are the questions offered at the start."""
    # The API's own documentation loads its scripts from elsewhere.
    api.add_middleware(PagePolicy, but_for=(api.docs_url, api.redoc_url))
    add_article_page(api, archive)
    mounted: FastAPI = gr.mount_gradio_app(
        api,
        chat_page(archive, examples),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1b",
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        i18n=_words(),
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        js=_file("page.js"),
        # Gradio's own way to pass a style sheet rewrites its selectors, and breaks those with a list in them.
        head=f"{_ICON}<style>{_file('page.css')}</style>",
    )
    return mounted


def chat_page(archive: Archive, examples: Sequence[str]) -> gr.Blocks:
    """Return the page: masthead, conversation, the box for a question, and what answers."""
    word = _words()
    with gr.Blocks(title="Khabar · خبر", analytics_enabled=False, fill_width=True) as page:
        turns, asking = gr.State(()), gr.State(None)
        with gr.Row(elem_id="masthead"):
            gr.HTML(masthead_html(), apply_default_css=False)
            new = gr.Button(word("new"), elem_id="new", size="sm")
        welcome = gr.HTML(welcome_html(examples), js_on_load=_CHOOSE_QUESTION, apply_default_css=False)
        conversation = gr.HTML(
            conversation_html(()), elem_id="conversation", js_on_load=_CHOOSE_QUESTION, apply_default_css=False
        )
        with gr.Column(elem_id="foot", scale=0):
            panel = gr.HTML(elem_id="filter", js_on_load=_TELL_CHOICE, apply_default_css=False)
            sign = gr.HTML(elem_id="filter-sign", apply_default_css=False)
            choice = gr.JSON(visible=False)
            with gr.Row(elem_id="composer"):
                gr.HTML(filter_button_html(), elem_id="filter-door", apply_default_css=False)
                box = gr.Textbox(
                    label=word("question"), placeholder=word("placeholder"), elem_id="question", lines=1, max_lines=6,
                    container=False, autofocus=True, scale=1,
                )  # fmt: skip
                send = gr.Button(word("send"), elem_id="send", variant="primary")
                stop = gr.Button(word("stop"), elem_id="stop", visible=False)
            status = gr.HTML(apply_default_css=False)
            report = gr.HTML(elem_id="report", apply_default_css=False)
        shown = [turns, asking, conversation, welcome, send, stop]
        # Gradio empties the outputs of a generator that yields nothing, and sends its last updates once more at its end.
        unchanged = (gr.skip(),) * (1 + len(shown))

        def ask(question: str, earlier: Turns, form: Form) -> Iterator[Updates]:
            # A question sent while another is being answered waits in the box.
            if not question.strip() or (earlier and earlier[-1].working):
                yield unchanged
                return
            stopping = threading.Event()
            text: Any = ""
            for now in growing_conversation(archive, question.strip(), earlier, stopping, filter_typed_in(form)):
                yield text, now, stopping, *_shown(now)
                # What the user types meanwhile is left alone.
                text = gr.skip()
            if stopping.is_set():
                yield unchanged

        def ask_offered(earlier: Turns, form: Form, event: gr.EventData) -> Iterator[Updates]:
            yield from ask(str(event.question), earlier, form)

        # Gradio could cancel a generator itself, but fails with a KeyError where that ends at the same moment.
        def stop_asking(now: Turns, stopping: threading.Event | None) -> Updates:
            if stopping:
                stopping.set()
            now = (*now[:-1], over(now[-1], len(now))) if now else now
            return now, None, *_shown(now)

        def start_anew(stopping: threading.Event | None) -> Updates:
            return stop_asking((), stopping)

        def tell_filter(form: Form) -> str:
            try:
                return filter_sign_html(read_filter(filter_typed_in(form), archive.catalog))
            except FilterError as error:
                return filter_fault_html(error)

        def tell_status() -> str:
            return status_html(archive.catalog.counts(), archive.answerer.models, archive.embedded())

        def describe() -> tuple[str, str, str]:
            left_out = report_html(last_report(archive.catalog.meta("report")))
            return tell_status(), filter_panel_html(outlets_of(archive.catalog)), left_out

        common = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple"}
        typed = gr.on([box.submit, send.click], ask, [box, turns, choice], [box, *shown], js=_WITH_CHOICE, **common)
        offers = [welcome.click, conversation.click]
        chosen = gr.on(offers, ask_offered, [turns, choice], [box, *shown], js=_WITH_CHOICE, **common)
        for asked in (typed, chosen):  # meanwhile the archive may have grown, or more of it been embedded
            asked.then(tell_status, None, status, **common)
        # One after the other, or the sign could end up showing an earlier choice.
        panel.input(tell_filter, choice, sign, js=_WITH_CHOICE, **common | {"trigger_mode": "always_last"})
        stop.click(stop_asking, [turns, asking], shown, **common)
        new.click(start_anew, asking, shown, **common)
        page.load(describe, None, [status, panel, report], **common)
    page.queue(default_concurrency_limit=_READERS, max_size=_WAITING)
    return page


def _words() -> gr.I18n:
    """Return the words of Gradio's own boxes and buttons, which it shows in the language of the browser."""
    keys = ("question", "placeholder", "send", "stop", "new")
    return gr.I18n(**{language: {key: phrase(key, language) for key in keys} for language in LANGUAGES})


def _file(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def filter_typed_in(form: Form) -> FilterInput:
    """Return the choice that the fields of the panel hold."""
    form = form or {}
    outlets, languages = (tuple(map(str, form.get(name) or ())) for name in ("outlets", "languages"))
    since, until = (str(form.get(name) or "").strip() or None for name in ("since", "until"))
    return FilterInput(outlets, languages, since, until)


def growing_conversation(
    archive: Archive, question: str, earlier: Turns, stopping: threading.Event, choice: FilterInput
) -> Iterator[Turns]:
    """Yield the conversation as the answer to its newest question grows; an error ends it as a message in its place."""
    turn = Turn(question, working=True)
    yield *earlier, turn
    try:
        turn = replace(turn, within=read_filter(choice, archive.catalog))
        history = [old.question for old in earlier if old.answer]
        for answer in archive.answerer.stream(question, history, turn.within):
            if stopping.is_set():
                return
            turn = replace(turn, answer=answer)
            yield *earlier, turn
    except KhabarError as error:
        turn = replace(turn, error=error)
    except Exception:
        _LOGGER.exception("a question from the page failed")
        turn = replace(turn, error=KhabarError("this question broke something in Khabar", "see the terminal that it runs in"))
    if not stopping.is_set():
        yield *earlier, over(turn, len(earlier) + 1)


def _shown(turns: Turns) -> Updates:
    """Return the updates that show a conversation: itself, the welcome before it, and a button to send or to stop."""
    working = bool(turns) and turns[-1].working
    return conversation_html(turns), gr.update(visible=not turns), gr.update(visible=not working), gr.update(visible=working)


class PagePolicy:
    """ASGI middleware: tells the browser to load nothing from elsewhere and to tell nobody where its user came from."""

    def __init__(self, app: ASGIApp, but_for: Sequence[str | None] = ()) -> None:
        """Wrap an application; the paths in `but_for` keep their responses as they are."""
        self._app = app
        self._but_for = but_for

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to its response."""

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        bare = scope["type"] != "http" or scope["path"] in self._but_for
        await self._app(scope, receive, send if bare else send_with_policy)
