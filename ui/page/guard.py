"""The people at the page, for the guard before all doors: who has logged in, who is led to the login page, what is told."""

from __future__ import annotations

import re
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from rag.server.addresses import address_of
from rag.server.caller import Caller, Scope
from rag.server.doors import path_within
from rag.server.refusal import Refusal
from ui.login.login import Login
from ui.login.login import Refusal as NotLoggedIn
from ui.page.refused import refused_page, refused_words
from ui.page.visitor import language_of

COOKIE = "khabar_session"
# What anybody may have: the login page, and the files that it shows.
_OPEN = re.compile(r"/login|/page/static/.+")
# Where a browser goes by itself, and so can be led on from: the views of the page, and an article's own page.
PLACES = re.compile(r"/(?:c/[A-Za-z0-9_-]{16,64}|archive|check|article/[A-Za-z0-9_-]{1,128})?")
# Who may use the page asks and changes the archive; what others have asked is for a key of its own.
_OF_USERS: frozenset[Scope] = frozenset({"read", "write"})


class PagePeople:
    """Who uses the page: those who log in where there is a login, or else whoever sits at this machine."""

    def __init__(self, login: Login | None) -> None:
        """Know them by their login, where there is one."""
        self._login = login

    @property
    def log_in(self) -> bool:
        """Whether there is a login."""
        return self._login is not None

    def at_session(self, request: Request) -> Caller | None:
        """Return whose session a request carries. Raises KhabarError where the file of users is broken."""
        token = request.cookies.get(COOKIE)
        user = self._login.user_of(token) if self._login and token else None
        return _caller(user, request) if user else None

    async def by_password(self, request: Request) -> Caller | Refusal | None:
        """Return who sends name and password; None where a request holds neither. Raises KhabarError."""
        credentials = request.headers.get("authorization")
        if self._login is None or credentials is None:
            return None
        found: str | NotLoggedIn | None = self._login.known_program(credentials)
        if found is None:
            checked = self._login.user_of_program
            found = await anyio.to_thread.run_sync(checked, credentials, address_of(request), limiter=self._login.checks)
        if isinstance(found, NotLoggedIn):
            return _refusal(found)
        return _caller(found, request) if found else None

    def is_open(self, path: str) -> bool:
        """Tell whether anybody may have a path."""
        return _OPEN.fullmatch(path) is not None

    def to_login(self, request: Request) -> Response | None:
        """Return the way to the login page, from a view of the page or an article's own page."""
        path = path_within(request.scope)
        if request.method not in {"GET", "HEAD"} or not PLACES.fullmatch(path):
            return None
        # Relative, because a proxy may serve the page under a path that nobody told.
        back = "../" * (path.count("/") - 1) or "./"
        return RedirectResponse(f"{back}login?next={quote(path[1:])}" if path != "/" else f"{back}login", 303)

    def page_response(self, request: Request, refusal: Refusal) -> Response:
        """Return a refusal: a page in three languages where a browser goes by itself, else words for the page's scripts."""
        headers = dict(refusal.headers) | {"Cache-Control": "no-store"}
        if request.method in {"GET", "HEAD"} and PLACES.fullmatch(path_within(request.scope)):
            return refused_page(refusal, headers)
        problem = refused_words(refusal, language_of(request))
        return JSONResponse({"error": {"problem": problem, "remedy": ""}}, refusal.status, headers)


def _caller(user: str, request: Request) -> Caller:
    return Caller(f"user:{user}", _OF_USERS, address_of(request))


def _refusal(why: NotLoggedIn) -> Refusal:
    if not why.wait:
        return Refusal(401, "wrong-password", "the name or the password is wrong", "")
    wait = str(why.wait)
    return Refusal(
        429, "too-many-attempts", "too many wrong passwords", f"try again in {wait} seconds", headers={"Retry-After": wait}
    )
