"""The client: what one can ask of an archive, wherever it is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from index.types import Article, Entry, Language
from khabar.door import Door
from khabar.errors import BadRequest, ServerFailed
from khabar.types import (
    Entity,
    EntityKind,
    Event,
    FoundPassage,
    Status,
    Taken,
    article_fields,
    entity_of,
    entry_of,
    passage_of,
    status_of,
)
from rag.types import Answer

# Articles of a page of the list.
_PAGE = 100


class Khabar:
    """An archive: one at a server's address, or the one in a folder of this machine, opened here.

    It is used from one thread at a time, and closed at the end: `with Khabar(data=".khabar") as archive: …`. Every method
    raises a KhabarError, whose class tells what is wrong (khabar/errors.py) and which says what to do.
    """

    def __init__(
        self,
        address: str | None = None,
        *,
        key: str | None = None,
        data: str | os.PathLike[str] | None = None,
        timeout: float = 120.0,
        tries: int = 3,
        **settings: Any,
    ) -> None:
        """Name a server's address, with a key where it asks for one, or a folder (`data`) with an archive of this machine.

        `timeout` is how many seconds a server may be silent, `tries` how often it is asked in all where it is busy and says
        when to come back. `settings` are those of an archive of this machine, named as in docs/settings.md: llm="none".
        """
        if (address is None) == (data is None):
            raise BadRequest("an archive is at an address or in a folder", 'give one: Khabar("http://…") or Khabar(data="…")')
        if address is not None:
            if settings:
                raise BadRequest(f"'{next(iter(settings))}' is no setting of a client", "give it to khabar serve")
            from khabar.server import ServerDoor

            self._door: Door = ServerDoor(address, key, timeout, tries)
        else:
            from khabar.embedded import EmbeddedDoor

            self._door = EmbeddedDoor(Path(data or ""), **settings)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        outlets: Sequence[str] = (),
        languages: Sequence[Language] = (),
        since: date | None = None,
        until: date | None = None,
        write: bool = True,
    ) -> Answer:
        """Return the answer to a question; where the articles do not say, `abstained` is true.

        `history` are the earlier questions of the conversation, oldest first; outlets, languages and days (both included) are
        of the articles to answer from. Without `write` no language model writes the answer.
        """
        body = _asked(question, history, outlets, languages, since, until)
        return Answer.from_json(self._door.ask("POST", "/ask", {**body, "write": write}))

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        outlets: Sequence[str] = (),
        languages: Sequence[Language] = (),
        since: date | None = None,
        until: date | None = None,
        write: bool = True,
    ) -> Iterator[Event]:
        """Yield what is new of an answer as it grows; the last event is `done`, and `Answer.from_json` reads its answer.

        Arguments are those of `ask`. Closing the iterator gives the answer up.
        """
        body = _asked(question, history, outlets, languages, since, until)
        for name, content in self._door.events({**body, "write": write}):
            yield Event(name, content)  # type: ignore[arg-type]  # the server names the kinds

    def search(
        self,
        question: str,
        top_k: int = 10,
        *,
        outlets: Sequence[str] = (),
        languages: Sequence[Language] = (),
        since: date | None = None,
        until: date | None = None,
        meaning: bool = True,
    ) -> list[FoundPassage]:
        """Return the passages nearest to a question, best first; without `meaning` by words alone, which is quicker."""
        body = _asked(question, (), outlets, languages, since, until)
        found = self._door.ask("POST", "/search", {**body, "top_k": top_k, "meaning": meaning, "why": False})
        return [passage_of(each) for each in found["passages"]]

    def article(self, article_id: str) -> Article:
        """Return an article with its text. Raises NotFound."""
        return Article(**article_fields(self._door.ask("GET", _path_of(article_id))))

    def articles(
        self,
        *,
        outlets: Sequence[str] = (),
        languages: Sequence[Language] = (),
        since: date | None = None,
        until: date | None = None,
    ) -> Iterator[Entry]:
        """Yield the articles without their texts, the newest first; pages of them are asked for as they are needed."""
        wanted = {"outlet": list(outlets), "language": list(languages), "since": _written(since), "until": _written(until)}
        query = {name: value for name, value in wanted.items() if value}
        start, total = 0, 1
        while start < total:
            page = self._door.ask("GET", "/articles", query={**query, "limit": _PAGE, "offset": start})
            yield from (entry_of(each) for each in page["articles"])
            start, total = start + _PAGE, page["total"]

    def add(
        self,
        title: str,
        text: str,
        *,
        id: str | None = None,  # noqa: A002
        outlet: str | None = None,
        published: date | None = None,
        language: Language | None = None,
        url: str | None = None,
        wait: int = 30,
    ) -> Taken:
        """Add an article, and wait so many seconds for it to be in the archive; the same again changes nothing.

        `id` is one of your own to replace and delete it by: with it, another article under that id takes the place of this one.
        """
        more = {"outlet": outlet, "published": _written(published), "language": language, "url": url}
        body = {"title": title, "text": text} | {name: value for name, value in more.items() if value is not None}
        method, path = ("POST", "/articles") if id is None else ("PUT", _path_of(id))
        told = self._door.ask(method, path, body, {"wait": wait})
        return Taken(told["id"], told["article_id"], told["known"])

    def delete(self, article_id: str, *, wait: int = 30) -> bool:
        """Take an article out, and wait so many seconds for it to be gone; tell whether it is. Raises NotFound."""
        job = self._door.ask("DELETE", _path_of(article_id), query={"wait": wait})
        if job["state"] == "failed":
            raise ServerFailed(f"'{article_id}' was not taken out ({job['fault']})", "see the server's log, and try again")
        return bool(job["state"] == "done")

    def entities(self, name: str | None = None, *, kind: EntityKind | None = None, limit: int = 50) -> list[Entity]:
        """Return whom and what the articles name, those in most of them first; or what a name means, then what is near it."""
        query = {key: value for key, value in {"find": name, "kind": kind, "limit": limit}.items() if value is not None}
        return [entity_of(each) for each in self._door.ask("GET", "/entities", query=query)["entities"]]

    def status(self) -> Status:
        """Return what the archive holds."""
        return status_of(self._door.ask("GET", "/stats"))

    def close(self) -> None:
        """Let go of the server, or close the archive; again it does nothing."""
        self._door.close()

    def __enter__(self) -> Khabar:
        """Return the archive itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()


def _asked(
    question: str,
    history: Sequence[str],
    outlets: Sequence[str],
    languages: Sequence[Language],
    since: date | None,
    until: date | None,
) -> dict[str, Any]:
    wanted: Mapping[str, Any] = {
        "outlets": list(outlets), "languages": list(languages), "since": _written(since), "until": _written(until),
    }  # fmt: skip
    within = {name: value for name, value in wanted.items() if value}
    return {"question": question, "history": list(history), **({"filter": within} if within else {})}


def _path_of(article_id: str) -> str:
    return f"/articles/{quote(article_id, safe='')}"


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
