"""The guard before all doors: who calls, whether he may, and whether he comes too often."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Protocol
from urllib.parse import unquote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.types import KhabarError
from rag.server.addresses import address_of, is_local, network_of
from rag.server.caller import CALLER, Caller
from rag.server.doors import PROGRAMS, Door, door_of, path_within
from rag.server.keys import KeyFile, holds_key
from rag.server.rates import Rates, Spent
from rag.server.refusal import PageRefusals, Refusal, refused

_LOGGER = logging.getLogger(__name__)
_NOBODY = "nobody"
# Where the page sends files, three at once at the most, and asks how far they are.
_INTAKE = {f"/page/archive/{each}" for each in ("check", "upload", "work")}


class People(PageRefusals, Protocol):
    """Knows the people at the page, who log in or are at the machine itself."""

    @property
    def log_in(self) -> bool:
        """Whether there is a login."""
        ...

    def at_session(self, request: Request) -> Caller | None:
        """Return whose session a request carries. Raises KhabarError where nobody can be known."""
        ...

    async def by_password(self, request: Request) -> Caller | Refusal | None:
        """Return who sends name and password with a request; None where it holds neither. Raises KhabarError."""
        ...

    def is_open(self, path: str) -> bool:
        """Tell whether anybody may have a path, such as that of the login page."""
        ...

    def to_login(self, request: Request) -> Response | None:
        """Return the way to the login page, from where a browser can be led on."""
        ...


class Guard:
    """ASGI middleware: passes on what comes from a caller, and says who it is (rag/server/caller.py)."""

    def __init__(self, app: ASGIApp, keys: KeyFile, people: People, rates: Rates) -> None:
        """Guard an application."""
        self._app = app
        self._keys = keys
        self._people = people
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its caller, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope)
        path = path_within(scope)
        door = door_of(path)
        who = await self._who(request, door, path)
        spent = self._spent(request, door, who)
        if spent and spent.wait:
            who = spent.refusal()
        if isinstance(who, Caller):
            await self._app({**scope, CALLER: who}, receive, _sending(send, spent))
            return
        led_on = self._people.to_login(request) if who.code == "login-needed" else None
        await (led_on or refused(request, who, self._people))(scope, receive, _sending(send, spent))

    async def _who(self, request: Request, door: Door, path: str) -> Caller | Refusal:
        """Return who calls, or why nobody may: by a key, a session, name and password, or being at this machine."""
        address = address_of(request)
        if door == "health":
            return await self._whoever(request, address)
        if holds_key(unquote(request.scope["query_string"].decode("latin-1"))):
            return _KEY_IN_ADDRESS
        try:
            if door in PROGRAMS:
                return await self._program(request, address)
            return self._person(request, path, address)
        except KhabarError as error:
            _LOGGER.error("nobody can come in: %s", error)
            if door not in PROGRAMS and self._people.is_open(path):
                return Caller(_NOBODY, frozenset(), address)
            return _BROKEN

    async def _program(self, request: Request, address: str) -> Caller | Refusal:
        is_guarded = self._people.log_in or bool(self._keys.keys())
        given = _key_in(request)
        # OpenAI's clients send a key in any case, also where none is asked for.
        if given is not None and is_guarded:
            return self._keys.caller_of(given, address) or self._unknown(_WRONG_KEY)
        known = self._people.at_session(request) or await self._people.by_password(request)
        if isinstance(known, Refusal):
            return self._unknown(known)
        if known:
            return known
        if not is_guarded and is_local(request):
            return Caller("local", address=address)
        return self._unknown(_NO_KEY)

    async def _whoever(self, request: Request, address: str) -> Caller:
        """Return who asks whether the server lives: a caller who may come in is told more than others."""
        with suppress(KhabarError):
            found = (
                None if "basic" in request.headers.get("authorization", "").lower() else await self._program(request, address)
            )
            if isinstance(found, Caller):
                return found
        return Caller(_NOBODY, frozenset(), address)

    def _person(self, request: Request, path: str, address: str) -> Caller | Refusal:
        if self._people.log_in:
            known = self._people.at_session(request)
        else:
            known = Caller("local", address=address) if is_local(request) else None
        if known is None and self._people.is_open(path):
            return Caller(_NOBODY, frozenset(), address)
        return known or (_SESSION_ENDED if self._people.log_in else _NO_LOGIN)

    def _unknown(self, refusal: Refusal) -> Refusal:
        """Return a refusal of a program with what it may send instead."""
        ways = ["a key as Authorization: Bearer KEY (khabar keys create NAME makes one)"]
        asked = 'Bearer realm="khabar"'
        if self._people.log_in:
            ways.append("name and password: curl --user NAME")
            asked += ', Basic realm="khabar", charset="UTF-8"'
        headers = {**refusal.headers, **({"WWW-Authenticate": asked} if refusal.status == 401 else {})}
        remedy = refusal.remedy or f"send {', or '.join(ways)}"
        return Refusal(refusal.status, refusal.code, refusal.detail, remedy, refusal.value, headers)

    def _spent(self, request: Request, door: Door, who: Caller | Refusal) -> Spent | None:
        """Count a request: under its key or user, else under where it comes from, unless that is this machine itself.

        Of a user who puts a folder into the archive neither its files are counted nor his questions how far they are: thousands
        of files would leave him no request for anything else.
        """
        if door in {"health", "files"}:
            return None
        name = who.name if isinstance(who, Caller) else _NOBODY
        if door == "page" and name.startswith("user:") and path_within(request.scope) in _INTAKE:
            return None
        if name.startswith(("key:", "user:")):
            return self._rates.spend(name)
        return None if is_local(request) else self._rates.spend(network_of(address_of(request)))


_KEY_IN_ADDRESS = Refusal(
    400, "key-in-address", "this address holds a key, and addresses are written into logs",
    "send the key as Authorization: Bearer KEY, and make a new one: khabar keys revoke, khabar keys create",
)  # fmt: skip
# Of a key that is cut short, revoked, expired or another server's alike.
_WRONG_KEY = Refusal(401, "wrong-key", "this key opens nothing here", "")
_NO_KEY = Refusal(401, "who-asks", "this request says not who asks", "")
_SESSION_ENDED = Refusal(401, "login-needed", "there is no session", "log in at /login")
_NO_LOGIN = Refusal(
    401, "login-off", "the page is for the machine itself as long as there is no login",
    "turn the login on: khabar login NAME --login FILE, khabar serve --login FILE",
)  # fmt: skip
_BROKEN = Refusal(503, "access-broken", "who may come in cannot be read", "the server's log says why")


def _key_in(request: Request) -> str | None:
    """Return the key that a request carries, whether or not it is one; the name and password of a user are none."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key")


def _sending(send: Send, spent: Spent | None) -> Send:
    """Return how a response is sent: with how many requests are left."""
    if spent is None:
        return send

    async def send_with_rate(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in spent.headers.items():
                headers[name] = value
        await send(message)

    return send_with_rate
