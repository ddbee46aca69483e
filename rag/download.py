"""A recommended model -> its folder, fetched from the Hugging Face Hub: only when asked, resumed, checked, all or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol

from filelock import FileLock, Timeout

from index.models import RECORD, TITLES, Recommended, check_transformer, damage_of, read_json, variable
from index.progress import Progress
from index.types import KhabarError

# Folders of a repository that hold the weights again, for other programs.
_ELSEWHERE = ("onnx/", "openvino/", "coreml/", "tf/", "flax/")
# Bytes that are hashed at a time.
_BLOCK = 1 << 20
# Limits of safety: readings in a row that bring nothing, the pause after each, and how long the network may be silent.
_TRIES = 3
_PAUSE_SECONDS = 2.0
_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a repository: its path, its size in bytes, and the hash of its content (`sha256`, or git's for a small one)."""

    path: str
    size: int
    sha256: str | None = None
    git: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a repository holds at one commit."""

    commit: str
    files: tuple[RemoteFile, ...]


class Hub(Protocol):
    """Where models are fetched from."""

    address: str

    def snapshot(self, repo: str, revision: str) -> Snapshot:
        """Return what a repository holds at a revision. Raises whatever the network raises."""

    def read(self, repo: str, commit: str, path: str, start: int) -> Iterator[bytes]:
        """Yield a file from a byte on, in blocks. Raises whatever the network raises."""


class HuggingFaceHub:
    """The hub that HF_ENDPOINT names, huggingface.co where it names none, with the user's own token if there is one.

    Files are read with plain HTTP ranges: the library's own download begins a file anew after every interruption.
    """

    def __init__(self) -> None:
        """Ask the library which hub it is."""
        from huggingface_hub import HfApi

        self._hub = HfApi(library_name="khabar")
        self.address = self._hub.endpoint

    def snapshot(self, repo: str, revision: str) -> Snapshot:
        """Return what a repository holds at a revision."""
        found = self._hub.model_info(repo, revision=revision, files_metadata=True, timeout=_TIMEOUT_SECONDS)
        files = [
            RemoteFile(entry.rfilename, entry.size or 0, entry.lfs.sha256 if entry.lfs else None, entry.blob_id)
            for entry in found.siblings or []
        ]
        return Snapshot(found.sha or revision, tuple(files))

    def read(self, repo: str, commit: str, path: str, start: int) -> Iterator[bytes]:
        """Yield a file from a byte on."""
        from huggingface_hub import get_session, get_token, hf_hub_url

        # A compressed answer could not be taken up in its middle.
        headers = {"User-Agent": "khabar", "Accept-Encoding": "identity", "Range": f"bytes={start}-"}
        if token := get_token():
            headers["Authorization"] = f"Bearer {token}"
        url = hf_hub_url(repo, path, revision=commit, endpoint=self.address)
        with get_session().stream("GET", url, headers=headers, timeout=_TIMEOUT_SECONDS) as response:
            response.raise_for_status()
            skip = start if response.status_code == 200 else 0  # a server without ranges sends the whole file again
            for block in response.iter_bytes():
                yield block[skip:]
                skip = max(0, skip - len(block))


def download(model: Recommended, models: Path, progress: Progress, hub: Hub | None = None) -> Path:
    """Fetch a model into a folder of its name in `models`, unless it is there, and return that folder.

    The files gather in a hidden folder beside it, named after the commit; a later run goes on where an earlier one broke
    off. Only when every file has its size and its hash is the folder renamed. Raises KhabarError.
    """
    target = models / model.name
    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / f".{model.name}.lock", timeout=0):
            if not _there(model, target):
                _gather(model, models, target, progress, hub)
    except Timeout as error:
        raise KhabarError(f"another khabar is fetching {model.name}", "wait until it has ended") from error
    except OSError as error:
        raise KhabarError(
            f"the models folder '{models}' cannot be written ({error.strerror or error})",
            "make room or give write permission, or choose another folder with KHABAR_MODELS",
        ) from error
    return target


def unchecked(folder: Path) -> list[str]:
    """Return the files of a fetched model of which the hub gave no hash, so that only their sizes were checked."""
    return [str(path) for path in read_json(folder / RECORD).get("unchecked") or ()]


def _there(model: Recommended, target: Path) -> bool:
    if not target.exists():
        return False
    try:
        problem = damage_of(target)
        if not problem and model.role != "llm":
            check_transformer(target, model.role)
    except KhabarError as error:
        problem = error.problem
    if problem:
        raise KhabarError(f"'{target}' is in the way of {model.name} ({problem})", "remove it, and run this again")
    return True


def _gather(model: Recommended, models: Path, target: Path, progress: Progress, hub: Hub | None) -> None:
    try:
        hub = hub or HuggingFaceHub()
        snapshot = hub.snapshot(model.repo, model.revision)
    except Exception as error:  # a network fails in many ways
        raise _unreachable(model, target, hub, error) from error
    files = _needed(model, snapshot)
    waiting = _waiting_folder(models, model, snapshot.commit)
    done = {file.path: _bytes_there(waiting / file.path) for file in files}
    _check_room(models, model, sum(file.size - done[file.path] for file in files))
    progress.stage("fetch", sum(file.size for file in files))
    progress.advance(sum(done.values()))
    for file in files:
        if not (waiting / file.path).exists():
            _fetch(hub, model, snapshot.commit, file, waiting / file.path, progress)
    record: dict[str, Any] = {
        "model": model.repo,
        "revision": model.revision,
        "commit": snapshot.commit,
        "licence": model.licence,
        "files": {file.path: file.size for file in files},
    }
    if unchecked := [file.path for file in files if not (file.sha256 or file.git)]:
        record["unchecked"] = unchecked
    (waiting / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    os.replace(waiting, target)


def _needed(model: Recommended, snapshot: Snapshot) -> list[RemoteFile]:
    """Return the files that a model needs; a name that would lead out of its folder is none of them."""
    files = [
        file
        for file in snapshot.files
        if any(fnmatch(file.path, pattern) for pattern in model.files)
        and not file.path.startswith(_ELSEWHERE)
        and not (PurePosixPath(file.path).is_absolute() or {"..", ""} & set(re.split(r"[/\\]", file.path)))
    ]
    if not any(file.path.endswith((".safetensors", ".gguf")) for file in files):
        raise KhabarError(
            f"the repository {model.repo} has no weights among {', '.join(model.files)}",
            "report it: the model has changed; meanwhile copy one in by hand as a folder",
        )
    return files


def _waiting_folder(models: Path, model: Recommended, commit: str) -> Path:
    """Return where the files of a commit gather; what was gathered of another commit is dropped."""
    waiting = models / f".{model.name}@{re.sub(r'[^0-9a-zA-Z]', '', commit)}"
    for other in models.glob(f".{model.name}@*"):
        if other != waiting:
            shutil.rmtree(other)
    waiting.mkdir(exist_ok=True)
    return waiting


def _bytes_there(file: Path) -> int:
    return next((path.stat().st_size for path in (file, _part(file)) if path.exists()), 0)


def _part(file: Path) -> Path:
    return file.with_name(file.name + ".part")


def _check_room(models: Path, model: Recommended, needed: int) -> None:
    free = shutil.disk_usage(models).free
    if free < needed:
        raise KhabarError(
            f"'{models}' has room for {free // 1_000_000} MB, and {model.name} needs {needed // 1_000_000} MB more",
            "make room, or choose another folder with KHABAR_MODELS",
        )


def _fetch(hub: Hub, model: Recommended, commit: str, file: RemoteFile, target: Path, progress: Progress) -> None:
    """Bring one file to its full size, check it and give it its name; OSError is the disk's."""
    again = f"khabar models download {model.name}"
    part = _part(target)
    part.parent.mkdir(parents=True, exist_ok=True)
    tries = 0
    with part.open("ab") as written:
        while (start := written.tell()) < file.size:
            failure = _read_on(hub.read(model.repo, commit, file.path, start), written, progress)
            reached = written.tell()
            tries = 0 if reached > start else tries + 1
            if tries == _TRIES:
                raise KhabarError(
                    f"fetching {model.name} broke off at {file.path}, {reached} of {file.size} bytes ({_line(failure)})",
                    f"run it again, it goes on from there: {again}",
                ) from failure
            if reached < file.size:
                time.sleep(_PAUSE_SECONDS)
    if not _as_promised(part, file):
        part.unlink()
        raise KhabarError(f"{file.path} of {model.name} arrived damaged", f"run it again: {again}")
    os.replace(part, target)


def _read_on(blocks: Iterator[bytes], written: BinaryIO, progress: Progress) -> Exception:
    """Write what comes until it ends, and return why it ended."""
    while True:
        try:
            block = next(blocks)
        except StopIteration:
            return ConnectionError("the answer ended early")
        except Exception as error:  # a network fails in many ways
            return error
        written.write(block)
        progress.advance(len(block))


def _as_promised(path: Path, file: RemoteFile) -> bool:
    """Tell whether a file has the size and the hash that the hub gives."""
    if path.stat().st_size != file.size:
        return False
    if file.sha256 is None and file.git is None:
        return True
    digest = hashlib.sha256() if file.sha256 else hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as content:
        while block := content.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest() == (file.sha256 or file.git)


def _unreachable(model: Recommended, target: Path, hub: Hub | None, error: Exception) -> KhabarError:
    return KhabarError(
        f"the {TITLES[model.role]} {model.name} could not be fetched from {hub.address if hub else 'the hub'} ({_line(error)})",
        f"run this again with a network, or download the files of {model.repo} ({', '.join(model.files)}, in their folders) on "
        f"another machine, put them into '{target}', and set {variable(model.role)}={target}",
    )


def _line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
