"""Requests to one server, each on a connection of its own, which another thread can cut."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cached_property
from ssl import SSLContext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.types import KhabarError
from rag.generate import tuning
from rag.generate.events import read_json
from rag.generate.fault import ADDRESS_REMEDY, LOG_REMEDY, ServerFault
from rag.generate.worker import Flag

if TYPE_CHECKING:
    from httpx2 import Response


class Wire:
    """The way to a server: nothing goes through a proxy, no redirection is followed, and the environment adds nothing."""

    def __init__(self, address: str, key: str, timeout: float) -> None:
        """Check the address and the key; `timeout` is how many seconds a server may be silent. Raises KhabarError."""
        self.address = _checked(address)
        self.key = _sendable(key)
        self._timeout = timeout
        # Whether anything ever came back.
        self.is_reached = False

    @property
    def root(self) -> str:
        """The address without the version of the protocol, below which servers tell about themselves."""
        return self.address.removesuffix("/v1").rstrip("/")

    def post(self, path: str, content: Mapping[str, Any], cancelled: Flag) -> AbstractContextManager[Response]:
        """Send JSON to a path behind the address and give the response, not read yet, whatever its status.

        The connection is cut as soon as the flag is raised, by the thread that raises it. Raises ServerFault.
        """
        return self._asked("POST", f"{self.address}{path}", self._timeout, cancelled, content)

    def told(self, url: str, content: Mapping[str, Any] | None = None) -> Any:
        """Return the JSON that a server tells at an address of its own, None where it tells none; never fails."""
        method, timeout = "GET" if content is None else "POST", min(tuning.CONNECTING, self._timeout)
        with suppress(ServerFault), self._asked(method, url, timeout, Flag(), content) as response:
            return read_json(body_of(response)) if response.is_success else None
        return None

    @cached_property
    def _certificates(self) -> SSLContext | bool:
        """What an encrypted connection is checked against, read once: it takes half a second."""
        from httpx2 import create_ssl_context

        # Without encryption there is nothing to check, and no redirection leads to where there is.
        return create_ssl_context(trust_env=False) if self.address.lower().startswith("https:") else False

    @contextmanager
    def _asked(
        self, method: str, url: str, timeout: float, cancelled: Flag, content: Mapping[str, Any] | None
    ) -> Iterator[Response]:
        from httpx2 import Client, ConnectError, ConnectTimeout, HTTPError, InvalidURL, Timeout, TimeoutException

        # Compressed events would wait until a block of them is full; what comes compressed all the same is read.
        headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        patience = Timeout(timeout, connect=min(tuning.CONNECTING, timeout))
        seen = {"trace": _cutting(cancelled)}
        try:
            with (
                Client(timeout=patience, trust_env=False, follow_redirects=False, verify=self._certificates) as client,
                client.stream(method, url, json=content, headers=headers, extensions=seen) as response,
            ):
                self.is_reached = True
                yield response
        except (ConnectError, ConnectTimeout) as error:
            raise ServerFault("is not reached", "start it, or correct --llm (KHABAR_LLM)", _line(error)) from error
        except TimeoutException as error:
            raise ServerFault(
                f"was silent for {timeout:g} seconds", "ask again, or raise --llm-timeout (KHABAR_LLM_TIMEOUT)"
            ) from error
        except (HTTPError, InvalidURL) as error:
            raise ServerFault("broke off", LOG_REMEDY, _line(error)) from error


def body_of(response: Response) -> str:
    """Return a body, of which no more is read than a reply may have."""
    body = b""
    for block in response.iter_bytes(tuning.REFUSAL_BLOCK):
        body += block
        if len(body) > tuning.LONGEST_EVENT:
            break
    return body.decode(errors="replace")


def _cutting(cancelled: Flag) -> Callable[[str, dict[str, Any]], None]:
    """Return what sees each connection as it is made, and has it cut when the flag is raised.

    A thread that waits for a server cannot be woken but by the connection's end: a response to close is there only once its
    headers are, and a server that reads a long prompt is silent before.
    """

    def trace(event: str, told: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            held = told["return_value"].get_extra_info("socket")
            if isinstance(held, socket.socket):
                cancelled.when_hoisted(lambda: _cut(held))

    return trace


def _cut(held: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        # Of the plain socket: an encrypted one would first say goodbye, under the hands of the thread that reads it.
        socket.socket.shutdown(held, socket.SHUT_RDWR)


def _line(error: Exception) -> str:
    return str(error) or type(error).__name__


def _checked(address: str) -> str:
    """Return the address of an API without a slash at its end. Raises KhabarError for one that cannot be used."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise KhabarError(f"the language server's address cannot be read ({error})", ADDRESS_REMEDY) from error
    if parts.username is not None or parts.password is not None:
        # The address is shown in errors and lists; what may be a password is not.
        raise KhabarError("the language server's address holds a name or a password", "give the key in KHABAR_LLM_KEY instead")
    if not parts.hostname or port == 0 or parts.query or parts.fragment or not address.isprintable():
        raise KhabarError(f"'{address}' is not the address of a language server", ADDRESS_REMEDY)
    return address.rstrip("/")


def _sendable(key: str) -> str:
    """Return a key that can stand in a header. Raises KhabarError, which does not repeat it."""
    key = key.strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise KhabarError("KHABAR_LLM_KEY holds characters that no key has", "use only ASCII letters, digits and marks")
    return key
