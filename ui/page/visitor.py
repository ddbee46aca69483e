"""Who asks, and in which language: a secret in a cookie, or in a header where the browser takes no cookies."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.types import LANGUAGES, KhabarError, Language
from rag.server.caller import Caller, caller_of

COOKIE = "khabar_visitor"
HEADER = "X-Khabar-Visitor"
LANGUAGE_HEADER = "X-Khabar-Language"
# What a page of another site cannot send: a request with a header of its own is asked for first, and refused.
PAGE_HEADER = "X-Khabar"
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,64}")
_YEAR_SECONDS = 365 * 24 * 3600


class NotFromThePage(KhabarError):
    """A request that changes something and does not come from Khabar's own page."""


class NoVisitor(KhabarError):
    """A request of nobody: the page sends who asks with each one."""


def visitor_of(request: Request) -> str:
    """Return who asks, as conversations are kept for them. Raises NoVisitor."""
    caller = caller_of(request)
    if is_user(caller):
        return caller.name
    secret = secret_in(request)
    if secret is None:
        raise NoVisitor("this request does not tell who asks", "open the page in a browser")
    return hashlib.sha256(secret.encode()).hexdigest()


def is_user(caller: Caller) -> bool:
    """Tell whether somebody has logged in."""
    return caller.name.startswith("user:")


def secret_in(request: Request) -> str | None:
    """Return the secret that a request carries, in its cookie or else in its header."""
    found = request.cookies.get(COOKIE) or request.headers.get(HEADER)
    return found if found and _SECRET.fullmatch(found) else None


class VisitorCookie:
    """ASGI middleware: gives a browser that has none its cookie with the page, for a year and unread by scripts."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application that serves the page."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a response that is a page of HTML takes the cookie along."""
        request = Request(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if request is None or (COOKIE in request.cookies and secret_in(request)):
            await self._app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", _cookie(request))
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def _cookie(request: Request) -> str:
    path = str(request.scope.get("root_path", "")).rstrip("/") or "/"
    secure = "; Secure" if request.url.scheme == "https" else ""
    return f"{COOKIE}={new_secret()}; Max-Age={_YEAR_SECONDS}; Path={path}; HttpOnly; SameSite=Lax{secure}"


def new_secret() -> str:
    """Return a secret that nobody guesses."""
    return secrets.token_urlsafe(32)


def require_page(request: Request) -> None:
    """Refuse what another site's page could send. Raises NotFromThePage."""
    if PAGE_HEADER not in request.headers:
        raise NotFromThePage(f"this request lacks the header {PAGE_HEADER}", f"send {PAGE_HEADER}: page, as the page does")


def language_of(request: Request) -> Language:
    """Return the language that a reader has chosen, or else the first of the browser's that Khabar speaks."""
    chosen = request.headers.get(LANGUAGE_HEADER, "") or request.query_params.get("language", "")
    return language_in(request.headers, chosen)


def language_in(headers: Mapping[str, str], chosen: str = "") -> Language:
    """Return the first language that Khabar speaks among the chosen one and those that a browser accepts; else English."""
    accepted = [part.split(";")[0].strip() for part in headers.get("accept-language", "").split(",")]
    for tag in (chosen, *accepted):
        for language in LANGUAGES:
            if tag[:2].lower() == language:
                return language
    return "en"
