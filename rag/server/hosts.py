"""Which names this server answers to, and which other sites' pages may ask it.

A page at evil.example whose name suddenly resolves to 127.0.0.1 is of one origin with Khabar, as far as a browser can tell:
only the name that it asks for gives it away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.server.addresses import is_address
from rag.server.doors import PROGRAMS, door_of, path_within
from rag.server.refusal import PageRefusals, Refusal, refused
from rag.settings import listed

_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^\[\]:/?#@\s]+)(:(?P<port>[0-9]{1,5}))?")
_LETTERS = re.compile(r"[^/:\[\]]*[^\x00-\x7f][^/:\[\]]*")
# The page's own forms: as it tells nobody where its user came from, a browser names no origin with them either. That of the
# login holds a secret, and a session's cookie does not come along from elsewhere (ui/page/login.py).
_FORMS = frozenset({"/login", "/logout"})
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What a page of another origin may read of an answer beside its content.
_SHOWN = ("Content-Disposition", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id")


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names of a server beside localhost and plain addresses, and the origins whose pages may ask its API."""

    names: frozenset[str]
    authorities: frozenset[str]
    origins: tuple[str, ...]

    def refusal(self, request: Request) -> Refusal | None:
        """Return what is wrong with where a request wants to go or where it comes from."""
        hosts = request.headers.getlist("host")
        if len(hosts) > 1:
            return Refusal(400, "two-hosts", "this request names two hosts", "send one Host")
        # No browser leaves it out; what asks whether the server lives may speak HTTP/1.0.
        host = hosts[0] if hosts else ""
        if hosts and not self._is_ours(host) or not hosts and request.scope.get("http_version") != "1.0":
            return Refusal(
                421, "unknown-host", f"this server does not answer to the name '{host[:80]}'",
                "use its address, or let whoever runs it name it: khabar serve --hosts NAME", host,
            )  # fmt: skip
        if self._is_foreign(request, host):
            origin = request.headers.get("origin", "")
            return Refusal(
                403, "foreign-origin", "this request comes from a page of another site",
                "let whoever runs this server allow it: khabar serve --cors-origins https://that.site", origin or None,
            )  # fmt: skip
        return None

    def _is_ours(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        name = found["name"].lower().rstrip(".") if found else ""
        return (
            name in self.names
            or name == "localhost"
            or name.endswith(".localhost")
            or is_address(name.removeprefix("[").removesuffix("]"))
        )

    def _is_foreign(self, request: Request, host: str) -> bool:
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site")
        leads_to_a_page = request.method in {"GET", "HEAD"} and request.headers.get("sec-fetch-mode") == "navigate"
        if leads_to_a_page or site == "same-origin":
            return False
        if origin is None:
            # Pictures, scripts and the like; a browser that is too old to say so is no worse off than before.
            return site in {"same-site", "cross-site"}
        if origin in self.origins and door_of(path_within(request.scope)) in PROGRAMS:
            return False
        if origin == "null" and site is None and path_within(request.scope) in _FORMS:
            return False
        authority = _authority(origin)
        return authority is None or authority not in {*self.authorities, _without_usual_port(host)}


class HostCheck:
    """ASGI middleware: refuses what asks for a name that is not this server's, and what pages of other sites send."""

    def __init__(self, app: ASGIApp, hosts: Hosts, pages: PageRefusals) -> None:
        """Check what comes to an application; to the API, pages of the origins that are allowed may send anything."""
        self._app = app
        self._hosts = hosts
        self._pages = pages
        self._shared = app
        if hosts.origins:
            self._shared = CORSMiddleware(
                app, allow_origins=hosts.origins, allow_methods=_METHODS, allow_headers=["*"], expose_headers=_SHOWN
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        refusal = self._hosts.refusal(request)
        if refusal:
            await refused(request, refusal, self._pages)(scope, receive, send)
            return
        within = self._shared if door_of(path_within(scope)) in PROGRAMS else self._app
        await within(scope, receive, send)


def hosts_of(named: str, cors_origins: str, bound: str) -> Hosts:
    """Return the hosts of the settings `hosts` and `cors_origins`; `bound` is the name that the server listens at."""
    authorities = frozenset(_without_usual_port(_as_asked(name)) for name in listed(named))
    names = {found["name"] for found in map(_HOST.fullmatch, authorities) if found}
    return Hosts(frozenset({*names, _as_asked(bound)}), authorities, tuple(map(_as_sent, listed(cors_origins))))


def _as_asked(name: str) -> str:
    """Return a name as browsers ask for it: in small letters, and خبر.example as xn--ngblk.example."""
    return _LETTERS.sub(_in_ascii, name.lower())


def _in_ascii(name: re.Match[str]) -> str:
    try:
        return name[0].encode("idna").decode("ascii")
    except UnicodeError:
        return name[0]


def _as_sent(origin: str) -> str:
    """Return an origin as browsers send it: without the port that its scheme has anyway."""
    asked = _as_asked(origin)
    return asked.removesuffix(":443" if asked.startswith("https:") else ":80")


def _authority(origin: str) -> str | None:
    """Return the host and port of an origin; None for one that is opaque, or none at all."""
    scheme, found, authority = origin.lower().partition("://")
    return _without_usual_port(authority) if found and scheme in {"http", "https"} and _HOST.fullmatch(authority) else None


def _without_usual_port(authority: str) -> str:
    return authority.lower().removesuffix(":80").removesuffix(":443")
