"""Keys of programs: made at random and shown once; a file in the data folder keeps what tells them again, not the keys."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import threading
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from index.failures import not_writable
from index.lock import sole
from index.private import OTHERS, file_state, private_folder, write_private
from index.types import KhabarError
from rag.server.caller import SCOPES, Caller, Scope

FILE_NAME = "keys"
# The day that each key was last used on: beside the keys, because a server writes it.
_USED_FILE = "keys.used"
_FORM = re.compile(r"khabar_([0-9a-f]{8})_[0-9a-f]{64}")
# A key, or most of one, anywhere in a text.
_PIECE = re.compile(r"khabar_[0-9a-f]{8}_[0-9a-f]{8}", re.IGNORECASE)
_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,64}")
# Seconds that a key is good beyond its end: no two clocks are the same.
TOLERANCE = 60.0
_DAY = 24 * 3600.0
LONGEST_DAYS = 36_500
# What a key that nobody has is compared with.
_NOBODYS = hashlib.sha256(secrets.token_bytes(32)).hexdigest()


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key. `hashed` is the SHA-256 of the whole key; times are seconds since 1970, UTC.

    A plain hash will do: a secret of 256 random bits is found by no dictionary, so that a slow one would only slow requests.
    """

    key_id: str
    name: str
    scopes: frozenset[Scope]
    hashed: str
    created: float
    expires: float | None = None
    revoked: float | None = None

    def is_good(self, now: float) -> bool:
        """Tell whether it opens anything at a moment."""
        return self.revoked is None and (self.expires is None or now <= self.expires + TOLERANCE)

    def to_json(self) -> dict[str, Any]:
        """Return what may be shown of it."""
        return {
            "id": self.key_id,
            "name": self.name,
            "scopes": sorted(self.scopes),
            "created": _written(self.created),
            "expires": _written(self.expires),
            "revoked": _written(self.revoked),
        }


def _written(moment: float | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


class KeyFile:
    """The keys of a data folder, read again whenever their file changes; safe to use from several threads."""

    def __init__(self, data: Path, now: Callable[[], float] = time.time) -> None:
        """Name the file; there need not be one. Raises KhabarError where it is not as it should be."""
        self._file = data / FILE_NAME
        self._used = data / _USED_FILE
        self._now = now
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] | None = None
        self._keys: Mapping[str, Key] = {}
        self._noted: set[tuple[str, str]] = set()
        self.keys()

    def keys(self) -> Mapping[str, Key]:
        """Return the keys by their ids, those too that are good no more. Raises KhabarError."""
        with self._lock:
            seen = file_state(self._file)
            if seen != self._seen:
                self._keys, self._seen = read_keys(self._file), seen
            return self._keys

    @property
    def are_good(self) -> bool:
        """Whether there is a key that opens something. Raises KhabarError."""
        return any(key.is_good(self._now()) for key in self.keys().values())

    def caller_of(self, given: str, address: str = "") -> Caller | None:
        """Return who calls with a key; None for any that is not good, after the same time. Raises KhabarError."""
        found = _FORM.fullmatch(given)
        key = self.keys().get(found[1]) if found else None
        right = hmac.compare_digest(_hashed(given), key.hashed if key else _NOBODYS)
        good = (key or _NOBODY).is_good(self._now())
        if not (right and good) or key is None:
            return None
        self._note(key.key_id)
        return Caller(f"key:{key.key_id}", key.scopes, address)

    def create(self, name: str, scopes: Iterable[Scope], days: float | None = None) -> str:
        """Make a key and return it: it is nowhere else. Raises KhabarError."""
        name = _checked_name(name)
        with self._changing():
            keys = dict(read_keys(self._file))
            now = self._now()
            if any(key.name == name and key.is_good(now) for key in keys.values()):
                raise KhabarError(f"there is a key '{name}' already", "choose another name, or revoke it: khabar keys revoke")
            key_id = next(made for made in iter(lambda: secrets.token_hex(4), "") if made not in keys)
            whole = f"khabar_{key_id}_{secrets.token_hex(32)}"
            expires = None if days is None else now + days * _DAY
            keys[key_id] = Key(key_id, name, frozenset(scopes), _hashed(whole), now, expires)
            self._write(keys.values())
        return whole

    def revoke(self, name_or_id: str) -> Key:
        """Revoke a key for good; one that was revoked stays so. Raises KhabarError."""
        name = unicodedata.normalize("NFC", name_or_id).strip()
        with self._changing():
            keys = dict(read_keys(self._file))
            now = self._now()
            named = sorted((key for key in keys.values() if key.name == name), key=lambda key: (key.is_good(now), key.created))
            key = keys.get(name.removeprefix("key:")) or (named[-1] if named else None)
            if key is None:
                raise KhabarError(f"there is no key '{name[:80]}'", "khabar keys list shows their names and ids")
            if key.revoked is None:
                key = keys[key.key_id] = replace(key, revoked=now)
                self._write(keys.values())
            return key

    def used(self) -> Mapping[str, date]:
        """Return the day that each key was last used on, as far as that is known."""
        with suppress(OSError, ValueError, TypeError, AttributeError):
            found = json.loads(self._used.read_text("utf-8"))
            return {key_id: date.fromisoformat(day) for key_id, day in found.items()}
        return {}

    def _note(self, key_id: str) -> None:
        """Note the day of a use, once a day; a disk that takes nothing keeps nobody out."""
        day = datetime.fromtimestamp(self._now(), UTC).date()
        if (key_id, day.isoformat()) in self._noted:
            return
        with self._lock, suppress(OSError):
            self._noted = {(noted, on) for noted, on in self._noted if on == day.isoformat()} | {(key_id, day.isoformat())}
            kept = {noted: on.isoformat() for noted, on in self.used().items()} | {key_id: day.isoformat()}
            write_private(self._used, json.dumps(kept))

    def _changing(self) -> AbstractContextManager[None]:
        try:
            private_folder(self._file.parent)
        except OSError as error:
            raise not_writable(self._file.parent, error) from error
        busy = KhabarError("another khabar is changing the keys", "try again in a moment")
        return sole(self._file.with_name(f"{FILE_NAME}.lock"), busy)

    def _write(self, keys: Iterable[Key]) -> None:
        rows = [asdict(key) | {"scopes": sorted(key.scopes)} for key in keys]
        try:
            write_private(self._file, json.dumps({"keys": rows}, ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            raise not_writable(self._file.parent, error) from error


_NOBODY = Key("", "", frozenset(), _NOBODYS, 0.0, revoked=0.0)


def holds_key(text: str) -> bool:
    """Tell whether a text, such as an address, gives a key away."""
    return _PIECE.search(text) is not None


def scopes_of(names: Sequence[str]) -> frozenset[Scope]:
    """Return the scopes of these names. Raises KhabarError."""
    if unknown := next((name for name in names if name not in SCOPES), None):
        raise KhabarError(f"there is no scope '{unknown[:80]}'", "the scopes are read, write and admin")
    return frozenset(scope for scope in SCOPES if scope in names)


def read_keys(file: Path) -> Mapping[str, Key]:
    """Return the keys of a file by their ids; none where there is no file. Raises KhabarError."""
    try:
        with file.open("rb") as opened:
            rights = os.fstat(opened.fileno()).st_mode
            content = opened.read()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise KhabarError(f"the keys in '{file}' cannot be read ({error.strerror or error})", "make it readable") from error
    if os.name == "posix" and rights & OTHERS:
        raise KhabarError(f"'{file}' says who may come in, and others than its owner may use it", f"chmod 600 {file}")
    try:
        keys = [_key_of(row) for row in json.loads(content.decode("utf-8"))["keys"]]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KhabarError(f"'{file}' is not a file of keys", "move it away, and make new keys: khabar keys create") from error
    return {key.key_id: key for key in keys}


def _key_of(row: Mapping[str, Any]) -> Key:
    key = Key(
        str(row["key_id"]), str(row["name"]), scopes_of(row["scopes"]), str(row["hashed"]), float(row["created"]),
        *(None if row[moment] is None else float(row[moment]) for moment in ("expires", "revoked")),
    )  # fmt: skip
    if not re.fullmatch("[0-9a-f]{64}", key.hashed):
        raise ValueError(key.key_id)
    return key


def _checked_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name).strip()
    if not _NAME.fullmatch(name):
        raise KhabarError(f"{name[:80]!r} is no name for a key", "choose up to 64 characters on one line")
    return name


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
