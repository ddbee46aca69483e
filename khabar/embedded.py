"""An archive in this process: the same API as a server's, asked without a network."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import Generator, Iterable, Iterator, MutableMapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode

from khabar.door import Json
from khabar.errors import failure_of
from khabar.events import events_in, lines_of

if TYPE_CHECKING:
    from rag.desk import Desk

_API = "/api/v1"
_Message = MutableMapping[str, Any]


class EmbeddedDoor:
    """Asks an archive that is opened here. What it computes in has an event loop in a thread of its own."""

    def __init__(self, data: Path, **settings: Any) -> None:
        """Open the archive in a folder; `settings` are named as in docs/settings.md: llm="none". Raises KhabarError."""
        from rag.api.application import create_api
        from rag.archive import open_archive
        from rag.desk import open_desk
        from rag.settings import read_settings

        chosen = read_settings(data=data, **settings)
        self._desk: Desk = open_desk(open_archive(chosen), chosen)
        self._application = create_api(self._desk)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="khabar", daemon=True)
        self._thread.start()
        try:
            self._desk.resume()
        except BaseException:
            self.close()
            raise

    def ask(self, method: str, path: str, body: Json | None = None, query: Json | None = None) -> Any:
        """Return the JSON of a response. Raises KhabarError."""
        with closing(self._messages(method, path, body, query)) as messages:
            return _read(next(messages)["status"], messages)

    def events(self, body: Json) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the events of an answer as it grows. Raises KhabarError."""
        with closing(self._messages("POST", "/ask", {**body, "stream": True}, None)) as messages:
            status = next(messages)["status"]
            if status != 200:
                _read(status, messages)
            yield from events_in(lines_of(message.get("body", b"") for message in messages))

    def close(self) -> None:
        """Stop what is at work, and close the archive."""
        if self._loop.is_closed():
            return
        self._desk.let_go()
        self._desk.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._desk.archive.catalog.close()

    def _messages(self, method: str, path: str, body: Json | None, query: Json | None) -> Generator[_Message]:
        """Yield what the application sends; closed before the end, it is a client that goes away."""
        content = b"" if body is None else json.dumps(body).encode()
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method,
            "scheme": "http", "server": ("localhost", 80), "client": ("localhost", 0), "root_path": "",
            "path": unquote(_API + path), "raw_path": (_API + path).encode(),
            "query_string": urlencode(query or {}, doseq=True).encode(),
            "headers": [
                (b"host", b"localhost"), (b"content-type", b"application/json"), (b"content-length", b"%d" % len(content)),
            ],
        }  # fmt: skip
        sent: queue.SimpleQueue[_Message | None] = queue.SimpleQueue()
        working = asyncio.run_coroutine_threadsafe(self._work(scope, content, sent), self._loop)
        try:
            while (message := sent.get()) is not None:
                yield message
            working.result()
        finally:
            working.cancel()

    async def _work(self, scope: _Message, body: bytes, sent: queue.SimpleQueue[_Message | None]) -> None:
        coming = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> _Message:
            # After the request nothing comes: who goes away cancels this.
            return next(coming, None) or await asyncio.get_running_loop().create_future()

        async def send(message: _Message) -> None:
            sent.put(message)

        try:
            await self._application(scope, receive, send)
        finally:
            sent.put(None)


def _read(status: int, messages: Iterable[_Message]) -> Any:
    """Return what a response says. Raises Failure."""
    body = b"".join(message.get("body", b"") for message in messages)
    content = json.loads(body) if body else None
    if status >= 400:
        raise failure_of(status, content)
    return content
