"""The guard before the page and the API, where login is on: who has no session is led to the login page, or refused."""

from __future__ import annotations

import logging
import re
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from index.types import KhabarError
from rag.phrases import say
from ui.login.login import Login, Refusal
from ui.page.visitor import USER, language_of

_LOGGER = logging.getLogger(__name__)
COOKIE = "khabar_session"
# What a browser without a session may have: the login page and the files that it shows.
_OPEN = re.compile(r"/login|/page/static/.+")
# Where a browser goes by itself, and so can be led on from: the views of the page, and an article's own page.
PLACES = re.compile(r"/(?:c/[A-Za-z0-9_-]{16,64}|archive|check|article/[A-Za-z0-9_-]{1,128})?")
# What programs ask, who send name and password with it.
_API = re.compile(r"/api/.*|/openapi\.json")
_HOW = "log in at /login and send the cookie khabar_session, or send name and password with each request: curl --user NAME"


class LoginGuard:
    """ASGI middleware: passes on what comes from a user, and says who it is."""

    def __init__(self, app: ASGIApp, login: Login) -> None:
        """Guard an application."""
        self._app = app
        self._login = login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its user, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope)
        path = path_within(scope)
        try:
            user = await self._user(request, path)
        except KhabarError as error:
            _LOGGER.error("nobody can log in: %s", error)
            user = None
        if isinstance(user, str):
            await self._app({**scope, USER: user}, receive, send)
        elif _OPEN.fullmatch(path):
            await self._app(scope, receive, send)
        else:
            await _refusal(request, path, user)(scope, receive, send)

    async def _user(self, request: Request, path: str) -> str | Refusal | None:
        token = request.cookies.get(COOKIE)
        if token and (user := self._login.user_of(token)):
            return user
        credentials = request.headers.get("authorization")
        if credentials is None or not _API.fullmatch(path):
            return None
        return await anyio.to_thread.run_sync(self._login.user_of_program, credentials, address_of(request))


def _refusal(request: Request, path: str, why: Refusal | None) -> Response:
    if request.method in {"GET", "HEAD"} and PLACES.fullmatch(path):
        # Relative, because a proxy may serve the page under a path that nobody told.
        back = "../" * (path.count("/") - 1) or "./"
        return RedirectResponse(f"{back}login?next={quote(path[1:])}" if path != "/" else f"{back}login", 303)
    if not _API.fullmatch(path):
        return _failure(401, say("login.ended", language_of(request)), "")
    if why and why.wait:
        refused = _failure(429, "too many wrong passwords", f"try again in {why.wait} seconds")
        refused.headers["Retry-After"] = str(why.wait)
        return refused
    return _failure(401, "the name or the password is wrong" if why else "this request says not who asks", _HOW)


def _failure(status: int, problem: str, remedy: str) -> Response:
    return JSONResponse({"error": {"problem": problem, "remedy": remedy}}, status, {"Cache-Control": "no-store"})


def path_within(scope: Scope) -> str:
    """Return the path of a request below the root path."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


def address_of(request: Request) -> str:
    """Return where a request comes from: the address that a proxy on this machine tells, or else the other end itself."""
    return request.client.host if request.client else ""
