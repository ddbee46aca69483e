"""The chat page: Gradio on the FastAPI application, one process, one port."""

from __future__ import annotations

import gradio as gr
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.desk import Desk
from rag.settings import Settings
from ui.page.addresses import PageAddresses
from ui.page.archive.routes import add_archive
from ui.page.articles import add_article_page
from ui.page.assets import add_assets, version_of
from ui.page.check import add_check
from ui.page.conversations import add_conversations
from ui.page.errors import add_page_errors
from ui.page.frame import shell_html
from ui.page.gradio_files import close_gradio
from ui.page.judge import add_judging
from ui.page.offers import add_offers
from ui.page.reader import add_reader
from ui.page.share import add_sharing
from ui.page.visitor import VisitorCookie

# Gradio starts from inline scripts and compiles its templates in the browser; everything else comes from here or not at all.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
# Bytes from which a response is compressed.
_WORTH_COMPRESSING = 1000


def mount_page(application: FastAPI, desk: Desk) -> FastAPI:
    """Mount the chat page at "/" of the application and return it."""
    add_page_errors(application)
    add_article_page(application, desk.archive)
    add_assets(application)
    add_conversations(application, desk)
    add_sharing(application, desk)
    add_judging(application, desk)
    add_check(application, desk)
    add_offers(application, desk)
    add_reader(application, desk)
    add_archive(application, desk)
    application.add_middleware(PagePolicy)
    application.add_middleware(VisitorCookie)
    application.add_middleware(PageAddresses)
    application.add_middleware(GZipMiddleware, minimum_size=_WORTH_COMPRESSING)
    # Gradio would else answer for all paths that a page of another site may send what only ours sends (visitor.py).
    application.add_middleware(CORSMiddleware, allow_origins=())
    mounted: FastAPI = gr.mount_gradio_app(
        application,
        chat_page(desk.settings),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1b",
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        head=_head(),
    )
    close_gradio(mounted)
    return mounted


def chat_page(settings: Settings) -> gr.Blocks:
    """Return the page: one piece of HTML, brought to life by the page's own scripts.

    Gradio's own events are not used: they lose and double what is asked while another answer grows, and send a conversation
    whole with each piece of an answer.
    """
    with gr.Blocks(title="Khabar · خبر", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(shell_html(settings.max_question, settings.login is not None), apply_default_css=False)
    return page


def _head() -> str:
    # Gradio's own way to pass a style sheet rewrites its selectors, and breaks those with a list in them.
    here = f"page/static/{version_of()}"
    return (
        f'<link rel="stylesheet" href="{here}/page.css">'
        f'<link rel="preload" as="fetch" crossorigin href="{here}/texts.json">'
        f'<script type="module" src="{here}/main.js"></script>'
    )


class PagePolicy:
    """ASGI middleware: tells the browser to load nothing from elsewhere and to tell nobody where its user came from."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to its response."""

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", _POLICY)  # what loads nothing at all has a stricter one
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self._app(scope, receive, send_with_policy if scope["type"] == "http" else send)
