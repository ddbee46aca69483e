"""Articles that programs send, one at a time: each is a file of its own, named by the id that its sender gave it.

What is sent twice is one article: by its id, or by its content where it has none.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.build import content_hash
from index.catalog import Catalog
from index.types import KhabarError, Language
from rag.intake.jobs import Job
from rag.intake.uploads import Uploads
from rag.intake.work import Work, new_job_id, ready_for

# The folder below that of the uploads.
FOLDER = "sent"
# What an id may be made of: it is the name of a file on any system.
OWN_ID = r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$"
_OWN_ID = re.compile(OWN_ID.strip("^$"))
_ARTICLE_ID = re.compile(r"[0-9a-f]{12}")
_PATH = re.compile(rf".*/{FOLDER}/(?P<own>[^/]+)\.json#(?P=own)")


class IdTaken(KhabarError):
    """An id under which something else is stored, or just being deleted."""


@dataclass(frozen=True, slots=True)
class SentArticle:
    """An article as its sender gives it."""

    title: str
    text: str
    outlet: str | None = None
    published: date | None = None
    language: Language | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of what was sent: the id that it has, the job that makes it an article, and whether it was known before.

    Where it is in the archive already there is no job.
    """

    own_id: str
    job: Job | None
    is_known: bool = False


class SentArticles:
    """Takes articles in."""

    def __init__(self, uploads: Uploads, work: Work, catalog: Catalog) -> None:
        """Keep where their files lie, and what reads them."""
        self._uploads, self._work, self._catalog = uploads, work, catalog
        self._lock = threading.Lock()

    def put(self, article: SentArticle, own_id: str | None, owner: str, *, replace: bool) -> Taken:
        """Take an article in under its sender's id, or one that its content gives it.

        What is there under this id and says something else is replaced, or else IdTaken is raised. Raises UploadRefused and
        KhabarError where it cannot be stored: then nothing has changed.
        """
        own_id = own_id or _digest(_content(article, ""))
        if not may_be_own(own_id):
            raise IdTaken(f"'{own_id[:80]}' is an id that Khabar gives, or none", "use an id of another form")
        content, file = _content(article, own_id), self.file_of(own_id)
        digest = _digest(content)
        with self._lock:
            pending = self._work.pending(file=file)
            if pending and pending.kind == "delete":
                raise IdTaken(f"the article '{own_id}' is just being deleted", f"send it again after the job {pending.job_id}")
            if pending and pending.digest == digest:
                return Taken(own_id, pending, is_known=True)
            if not pending and self._holds(file, content):
                return Taken(own_id, None, is_known=True)
            if (pending or self._catalog.count_at(str(file))) and not replace:
                raise IdTaken(f"under the id '{own_id}' there is another article", "replace it with PUT, or use another id")
            return Taken(own_id, self._store(file, content, digest, article.title, owner))

    def file_of(self, own_id: str) -> Path:
        """Return where the article of an id lies."""
        return self._uploads.folder / FOLDER / f"{own_id}.json"

    def _holds(self, file: Path, content: bytes) -> bool:
        try:
            return file.read_bytes() == content and self._catalog.count_at(str(file)) > 0
        except OSError:
            return False

    def _store(self, file: Path, content: bytes, digest: str, title: str, owner: str) -> Job:
        job_id = new_job_id()
        place = ready_for(file, job_id)
        receiving = self._uploads.receive(str(place.with_name(file.name).relative_to(self._uploads.folder)), len(content))
        receiving.write(content)
        receiving.finish_at(place)
        try:
            return self._work.put(job_id, file, title, digest, owner)
        except KhabarError:
            place.unlink(missing_ok=True)
            raise


def may_be_own(own_id: str) -> bool:
    """Tell whether a sender may give this id: one that Khabar itself gives to articles is none of a sender's."""
    return _OWN_ID.fullmatch(own_id) is not None and not _ARTICLE_ID.fullmatch(own_id)


def own_id_of(path: str) -> str | None:
    """Return the id that the sender of an article gave it, by its path in the archive; None of one that came otherwise."""
    found = _PATH.fullmatch(path)
    return found["own"] if found else None


def _content(article: SentArticle, own_id: str) -> bytes:
    fields = {
        "id": own_id, "title": article.title, "text": article.text, "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None, "language": article.language,
        "url": article.url,
    }  # fmt: skip
    return json.dumps({name: value for name, value in fields.items() if value is not None}, ensure_ascii=False).encode()


def _digest(content: bytes) -> str:
    found = content_hash()
    found.update(content)
    return found.hexdigest()
