"""An archive at a server: requests over HTTP, tried again where the server says when to come back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from khabar.door import Json
from khabar.errors import BadRequest, Busy, NotReached, failure_of
from khabar.events import events_in, lines_of

if TYPE_CHECKING:
    from httpx2 import Response

_API = "/api/v1"
# Seconds in which a connection has to stand, and that are waited at most before a request is sent again.
_CONNECTING = 5.0
_LONGEST_WAIT = 30.0
# Where the server tells another number of seconds, or none.
_WAIT = 1.0


class ServerDoor:
    """Asks a server. Neither proxies nor passwords are taken from the environment, and no redirection is followed."""

    def __init__(
        self, address: str, key: str | None, timeout: float, tries: int, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Check the address; `timeout` is how many seconds a response may take. Raises KhabarError."""
        from httpx2 import Client, Timeout

        headers = {"Authorization": f"Bearer {_sendable(key)}"} if key else {}
        self._client = Client(
            base_url=_checked(address) + _API,
            headers=headers,
            timeout=Timeout(timeout, connect=min(_CONNECTING, timeout)),
            trust_env=False,
            follow_redirects=False,
        )
        self._address = address
        self._timeout = timeout
        self._tries = max(tries, 1)
        self._sleep = sleep

    def ask(self, method: str, path: str, body: Json | None = None, query: Json | None = None) -> Any:
        """Return the JSON of a response. Raises KhabarError."""
        return self._again(lambda: self._once(method, path, body, query))

    def events(self, body: Json) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the events of an answer as it grows. Raises KhabarError."""
        with self._shielded():
            response = self._again(lambda: self._open(body))
            try:
                yield from events_in(lines_of(response.iter_bytes()))
            finally:
                response.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _once(self, method: str, path: str, body: Json | None, query: Json | None) -> Any:
        with self._shielded():
            return self._read(self._client.request(method, path, json=body, params=query))

    def _open(self, body: Json) -> Response:
        request = self._client.build_request("POST", "/ask", json={**body, "stream": True})
        response = self._client.send(request, stream=True)
        if not response.is_success:
            response.read()
            self._read(response)
        return response

    def _read(self, response: Response) -> Any:
        """Return what a response says. Raises Failure."""
        try:
            content = response.json()
        except ValueError:
            content = None
        if response.is_success and content is not None:
            return content
        wait = response.headers.get("retry-after")
        failure = failure_of(response.status_code, content, wait is not None)
        if isinstance(failure, Busy):
            failure.wait = _seconds(wait)
        raise failure

    def _again(self, ask: Callable[[], Any]) -> Any:
        """Return what asking comes to; who is busy is asked again, some times, when it says."""
        for rest in range(self._tries - 1, -1, -1):
            try:
                return ask()
            except Busy as busy:
                if not rest or busy.wait > _LONGEST_WAIT:
                    raise
                self._sleep(busy.wait)
        raise AssertionError("at least one try is made")

    def _shielded(self) -> _Shield:
        return _Shield(self._address, self._timeout)


class _Shield:
    """Makes a Failure of whatever the HTTP library raises."""

    def __init__(self, address: str, timeout: float) -> None:
        self._address = address
        self._timeout = timeout

    def __enter__(self) -> None: ...

    def __exit__(self, _: Any, error: BaseException | None, __: Any) -> None:
        from httpx2 import HTTPError, StreamError, TimeoutException

        if isinstance(error, TimeoutException):
            told = f"{self._address} was silent for {self._timeout:g} seconds"
            raise NotReached(told, "ask again, or give it longer: Khabar(…, timeout=300)") from error
        if isinstance(error, (HTTPError, StreamError)):
            told = f"{self._address} is not reached ({' '.join(str(error).split()) or type(error).__name__})"
            raise NotReached(told, "start it (khabar serve), or correct the address") from error


def _seconds(wait: str | None) -> float:
    try:
        return max(float(wait or _WAIT), 0.0)
    except ValueError:  # a date, which nothing of Khabar sends
        return _WAIT


def _checked(address: str) -> str:
    """Return the address of a server, without a slash at its end. Raises BadRequest."""
    try:
        parts = urlsplit(address)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        usable = named and not (parts.query or parts.fragment)
    except ValueError:
        usable = False
    if not usable or parts.username is not None:
        raise BadRequest("this is not the address of a server", "give one such as http://127.0.0.1:7860, and the key by itself")
    return address.rstrip("/")


def _sendable(key: str) -> str:
    """Return a key that can stand in a header. Raises BadRequest, which does not repeat it."""
    if not key.isascii() or not key.isprintable() or " " in key:
        raise BadRequest("the key holds characters that no key has", "give it as khabar keys create has shown it")
    return key
