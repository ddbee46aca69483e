"""Models are fetched whole or not at all: from a hub made of bytes, and by the real client from a server on this machine."""

from __future__ import annotations

import errno
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from filelock import FileLock

from index.embed import load_embedder
from index.models import Recommended, damage_of, installed, locate, recommended
from index.types import KhabarError
from rag.download import RemoteFile, Snapshot, download, unchecked
from rag.generate.load import load_generator
from tests import tiny

COMMIT = "0123456789abcdef0123456789abcdef01234567"
WEIGHTS = bytes(range(256)) * 20_000
WEIGHTS_NAMES = (".safetensors", ".gguf")
CONTENT = {
    "config.json": b'{"architectures": ["BertModel"]}',
    "1_Pooling/config.json": b"{}",
    "tokenizer.json": "{«متن»}".encode(),
    "model.safetensors": WEIGHTS,
    "README.md": b"# Model",
    "empty.txt": b"",
}
NEEDLESS = {
    "pytorch_model.bin": b"pickle",
    "onnx/config.json": b"{}",
    "onnx/model.onnx": b"onnx",
    "openvino/openvino_model.xml": b"<x/>",
    ".gitattributes": b"*",
    "picture.png": b"png",
}
MODEL = recommended("embedder")
LLM = recommended("llm")
GGUF = Recommended("llm", "aya", "own/aya", frozenset({"ar", "fa", "en"}), 5, "Apache-2.0", files=("aya-q4.gguf",))


def snapshot(content, commit=COMMIT, hashed=True):
    def described(path, data):
        if not hashed:
            return RemoteFile(path, len(data))
        if len(data) > 1000:
            return RemoteFile(path, len(data), sha256=hashlib.sha256(data).hexdigest())
        return RemoteFile(path, len(data), git=hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest())

    return Snapshot(commit, tuple(described(path, data) for path, data in content.items()))


class MadeHub:
    """A hub of bytes. `breaks` are the numbers of bytes after which a reading breaks off, one for each reading of weights."""

    address = "https://hub.example"

    def __init__(self, content=None, breaks=(), commit=COMMIT, hashed=True):
        self.content = CONTENT | NEEDLESS if content is None else content
        self.breaks = list(breaks)
        self.commit = commit
        self.hashed = hashed
        self.read_from = []

    def snapshot(self, repo, revision):
        self.asked = (repo, revision)
        return snapshot(self.content, self.commit, self.hashed)

    def read(self, repo, commit, path, start):
        assert commit == self.commit
        self.read_from.append((path, start))
        data = self.content[path][start:]
        left = self.breaks.pop(0) if self.breaks and path.endswith(WEIGHTS_NAMES) else None
        for at in range(0, len(data), 100_000):
            if left is not None and at >= left:
                raise ConnectionError("connection reset\nby peer")
            yield data[at : at + 100_000]


class Silent:
    """A hub that the network does not reach."""

    address = "https://hub.example"

    def snapshot(self, repo, revision):
        raise OSError("[Errno -2] Name or service not known\nand more")

    def read(self, repo, commit, path, start):
        raise AssertionError


class Heard:
    def __init__(self):
        self.stages = []
        self.steps = []

    def stage(self, name, total):
        self.stages.append((name, total))

    def advance(self, steps):
        self.steps.append(steps)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.fixture
def models(tmp_path):
    return tmp_path / "data home" / "نماذج"


def fetched(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(do, *told):
    with pytest.raises(KhabarError) as caught:
        do()
    line = str(caught.value)
    assert "\n" not in line, line
    for part in told:
        assert str(part) in line
    return line


# Whole


def test_what_is_needed_comes_and_nothing_else(models):
    hub = MadeHub()
    folder = download(MODEL, models, Heard(), hub)
    assert folder == models / MODEL.name and hub.asked == (MODEL.repo, "main")
    files = fetched(folder)
    record = json.loads(files.pop("khabar.json"))
    assert files == CONTENT
    assert record == {
        "model": MODEL.repo,
        "revision": "main",
        "commit": COMMIT,
        "licence": "MIT",
        "files": {path: len(data) for path, data in CONTENT.items()},
    }
    assert [path.name for path in models.iterdir()] == [folder.name] or installed(models) == [folder]
    assert not list(models.glob(".*@*"))
    assert locate(MODEL.name, "embedder", models) == folder and damage_of(folder) == ""


def test_the_bars_add_up(models):
    heard = Heard()
    download(MODEL, models, heard, MadeHub(breaks=[1_000_000]))
    total = sum(len(data) for data in CONTENT.values())
    assert heard.stages == [("fetch", total)] and sum(heard.steps) == total


def test_a_language_model_is_a_single_file(models):
    content = {"aya-q4.gguf": WEIGHTS, "aya-q8.gguf": WEIGHTS * 2, "README.md": b"x"}
    folder = download(GGUF, models, Heard(), MadeHub(content, breaks=[500_000]))
    assert set(fetched(folder)) == {"aya-q4.gguf", "khabar.json"}
    assert locate("aya", "llm", models) == folder / "aya-q4.gguf"


@pytest.mark.slow
def test_a_model_that_is_there_is_not_asked_for_again(models):
    tiny.encoder(models / MODEL.name)  # copied in by hand
    assert download(MODEL, models, Heard(), Silent()) == models / MODEL.name


def test_a_hub_without_hashes(models):
    folder = download(MODEL, models, Heard(), MadeHub(hashed=False))
    assert fetched(folder)["model.safetensors"] == WEIGHTS
    assert sorted(unchecked(folder)) == sorted(CONTENT)


def test_what_was_checked_is_not_told_as_unchecked(models):
    assert unchecked(download(MODEL, models, Heard(), MadeHub())) == [] == unchecked(models / "not there")


# Broken off


def test_a_broken_connection_is_taken_up_where_it_broke(models):
    hub = MadeHub(breaks=[300_000, 100_000, 700_000])
    folder = download(MODEL, models, Heard(), hub)
    assert [start for path, start in hub.read_from if path == "model.safetensors"] == [0, 300_000, 400_000, 1_100_000]
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS


def test_a_run_that_gives_up_says_so_and_the_next_one_goes_on(models):
    line = refused(
        lambda: download(MODEL, models, Heard(), MadeHub(breaks=[300_000, 0, 0, 0])),
        "model.safetensors",
        "300000 of 5120000 bytes",
        "connection reset",
        f"khabar models download {MODEL.name}",
    )
    assert "by peer" not in line
    assert installed(models) == [] and not (models / MODEL.name).exists()
    hub, heard = MadeHub(), Heard()
    folder = download(MODEL, models, heard, hub)
    assert hub.read_from[0] == ("model.safetensors", 300_000)
    assert heard.steps[0] > 300_000 and sum(heard.steps) == sum(len(data) for data in CONTENT.values())
    assert {name: data for name, data in fetched(folder).items() if name != "khabar.json"} == CONTENT


def test_a_stop_by_the_user_leaves_no_half_model(models):
    class Stopped(MadeHub):
        def read(self, repo, commit, path, start):
            for number, block in enumerate(super().read(repo, commit, path, start)):
                if number == 3:
                    raise KeyboardInterrupt
                yield block

    with pytest.raises(KeyboardInterrupt):
        download(MODEL, models, Heard(), Stopped())
    assert installed(models) == []
    refused(lambda: locate(MODEL.name, "embedder", models), "is not in", "khabar models download")
    hub = MadeHub()
    download(MODEL, models, Heard(), hub)
    assert ("model.safetensors", 300_000) in hub.read_from


def test_an_answer_that_ends_early_is_asked_for_again(models):
    class Short(MadeHub):
        def read(self, repo, commit, path, start):
            for number, block in enumerate(super().read(repo, commit, path, start)):
                if number < 10:
                    yield block

    hub = Short()
    assert fetched(download(MODEL, models, Heard(), hub))["model.safetensors"] == WEIGHTS
    assert len([path for path, _ in hub.read_from if path == "model.safetensors"]) == 6


def test_a_newer_commit_begins_anew(models):
    refused(lambda: download(MODEL, models, Heard(), MadeHub(breaks=[300_000, 0, 0, 0])))
    changed = {**CONTENT, "model.safetensors": WEIGHTS[::-1]}
    hub = MadeHub(changed, commit="f" * 40)
    folder = download(MODEL, models, Heard(), hub)
    assert ("model.safetensors", 0) in hub.read_from
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS[::-1]
    assert json.loads((folder / "khabar.json").read_text())["commit"] == "f" * 40
    assert not list(models.glob(".*@*"))


@pytest.mark.parametrize("path", ["model.safetensors", "config.json"])
def test_a_file_that_arrives_damaged_is_not_kept(models, path):
    class Lying(MadeHub):
        def snapshot(self, repo, revision):
            return snapshot(CONTENT)

    damaged = {**CONTENT, path: CONTENT[path][::-1]}
    refused(lambda: download(MODEL, models, Heard(), Lying(damaged)), path, "damaged")
    assert installed(models) == []
    assert fetched(download(MODEL, models, Heard(), MadeHub()))[path] == CONTENT[path]


def test_more_bytes_than_promised_are_damage(models):
    class Lying(MadeHub):
        def snapshot(self, repo, revision):
            return snapshot(CONTENT, hashed=False)

    longer = {**CONTENT, "model.safetensors": WEIGHTS + b"more"}
    refused(lambda: download(MODEL, models, Heard(), Lying(longer)), "model.safetensors", "damaged")


# Not possible


def test_no_network(models):
    line = refused(
        lambda: download(MODEL, models, Heard(), Silent()),
        MODEL.name,
        "https://hub.example",
        "Name or service not known",
        MODEL.repo,
        f"KHABAR_EMBEDDER={models / MODEL.name}",
    )
    assert "and more" not in line and installed(models) == []


def test_a_repository_without_weights(models):
    refused(lambda: download(MODEL, models, Heard(), MadeHub({"config.json": b"{}", **NEEDLESS})), MODEL.repo, "no weights")


def test_a_commit_that_leads_out_of_the_folder_is_only_a_name(models):
    download(MODEL, models, Heard(), MadeHub(commit="../../evil"))
    assert installed(models) == [models / MODEL.name] and not list(models.parent.glob("*evil*"))


@pytest.mark.parametrize("path", ["../evil.json", "/tmp/evil.json", "a/../../evil.json", "a\\..\\..\\evil.json"])
def test_a_name_that_leads_out_of_the_folder_is_left(models, path):
    hub = MadeHub({**CONTENT, path: b"{}"})
    download(MODEL, models, Heard(), hub)
    assert path not in [name for name, _ in hub.read_from]
    assert not list(models.parent.rglob("evil.json"))


def test_too_little_room(models, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 2_000_000))
    refused(lambda: download(MODEL, models, Heard(), MadeHub()), models, "2 MB", "5 MB", "KHABAR_MODELS")


def test_a_disk_that_fills_up_meanwhile(models, monkeypatch):
    class Full(Heard):
        def advance(self, steps):
            super().advance(steps)
            if sum(self.steps) > 1_000_000:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    refused(lambda: download(MODEL, models, Full(), MadeHub()), models, "No space left", "KHABAR_MODELS")
    download(MODEL, models, Heard(), MadeHub())


def test_a_models_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").touch()
    for models in (tmp_path / "file", tmp_path / "file" / "models"):
        refused(lambda models=models: download(MODEL, models, Heard(), MadeHub()), models, "KHABAR_MODELS")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_models_folder_that_may_not_be_written(models):
    models.mkdir(parents=True)
    models.chmod(0o500)
    refused(lambda: download(MODEL, models, Heard(), MadeHub()), models, "Permission denied", "KHABAR_MODELS")


@pytest.mark.parametrize("kind", ["file", "empty", "rubbish", "damaged"])
def test_something_else_of_the_models_name(models, kind):
    place = models / MODEL.name
    models.mkdir(parents=True)
    if kind == "file":
        place.touch()
    elif kind == "damaged":
        download(MODEL, models, Heard(), MadeHub())
        (place / "model.safetensors").write_bytes(WEIGHTS[:100])
    else:
        place.mkdir()
        if kind == "rubbish":
            (place / "notes.txt").touch()
    refused(lambda: download(MODEL, models, Heard(), MadeHub()), place, "remove it")


def test_two_at_once(models):
    models.mkdir(parents=True)
    with FileLock(models / f".{MODEL.name}.lock"):
        refused(lambda: download(MODEL, models, Heard(), MadeHub()), "another khabar", MODEL.name)


# The real client and the real command


class Server(http.server.ThreadingHTTPServer):
    """Serves the files of a folder as the hub does a model's: a listing, and content behind a redirection, by ranges.

    `stall_at`: the first reading of the weights stops there and hangs. `ranges` is off for a server that knows none.
    """

    daemon_threads = True

    def __init__(self, folder: Path, stall_at: int | None = None, ranges: bool = True, model: Recommended = MODEL):
        super().__init__(("127.0.0.1", 0), Handler)
        self.repo = model.repo
        self.files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        self.sent: dict[str, bytes] = {}  # what is sent in place of a file
        self.stall_at = stall_at
        self.ranges = ranges
        self.stalled = threading.Event()
        self.asked: list[tuple[str, str | None]] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        start = f"/{self.server.repo}/resolve/{COMMIT}/"
        if path == f"/api/models/{self.server.repo}/revision/main":
            self.answer(200, json.dumps(self.snapshot()).encode(), {"Content-Type": "application/json"})
        elif path.startswith(start) and path.endswith(WEIGHTS_NAMES):
            self.answer(302, b"", {"Location": f"/cdn/{path.removeprefix(start)}"})
        elif path.startswith((start, "/cdn/")):
            self.content(path.removeprefix(start).removeprefix("/cdn/"))
        else:
            self.answer(404, b"{}", {})

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def snapshot(self):
        siblings = []
        for name, data in self.server.files.items():
            entry = {"rfilename": name, "size": len(data)}
            if name.endswith(WEIGHTS_NAMES):
                lfs = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 1}
                entry |= {"blobId": "x", "lfs": lfs}
            else:
                entry |= {"blobId": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()}
            siblings.append(entry)
        return {"id": self.server.repo, "sha": COMMIT, "siblings": siblings}

    def content(self, name):
        server, data = self.server, self.server.sent.get(name, self.server.files[name])
        asked = self.headers.get("Range")
        server.asked.append((name, asked))
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and server.ranges else 0
        self.send_response(206 if asked and server.ranges else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        if server.stall_at is not None and name.endswith(WEIGHTS_NAMES):
            self.wfile.write(data[start : server.stall_at])
            self.wfile.flush()
            server.stall_at = None
            server.stalled.set()
            time.sleep(60)
            return
        self.wfile.write(data[start:])


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tiny.published_e5(tmp_path_factory.mktemp("hub") / "e5")
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").write_bytes(b"onnx")
    return folder


def killed_while_fetching(server, name, models, part):
    """Run the download until the server stalls, kill it, and return how many bytes it left in the file `part`."""
    models.parent.mkdir(parents=True)
    process = start("download", name, models=models, hub=server.url)
    assert server.stalled.wait(100), process.communicate()
    deadline = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.communicate()
    assert installed(models) == []
    return part.stat().st_size


def start(*arguments, models, hub, **variables):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KHABAR_", "HF_"))}
    environment = kept | {"HF_ENDPOINT": hub, "KHABAR_MODELS": str(models), "HF_HOME": str(models.parent / "hf")} | variables
    return subprocess.Popen(
        [sys.executable, "-c", "from ui.cli import main; main()", "models", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=Path(__file__).parents[2],
        text=True,
    )


def run(*arguments, **options):
    process = start(*arguments, **options)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.mark.slow
@pytest.mark.parametrize("ranges", [True, False])
def test_the_command_fetches_a_model_is_killed_and_goes_on(models, repository, ranges):
    server = Server(repository, stall_at=20_000, ranges=ranges)
    had = killed_while_fetching(server, "embedder", models, models / f".{MODEL.name}@{COMMIT}" / "model.safetensors.part")
    assert 0 < had <= 20_000

    status, out, err = run("download", "embedder", models=models, hub=server.url)
    server.shutdown()
    server.server_close()
    assert status == 0, err
    assert [asked for name, asked in server.asked if name.endswith(".safetensors")][1] == f"bytes={had}-"
    assert str(models / MODEL.name) in out and f"export KHABAR_EMBEDDER={MODEL.name} && khabar index\n" in out
    assert "Traceback" not in err
    files = fetched(models / MODEL.name)
    assert "onnx/model.onnx" not in files and "khabar.json" in files
    assert all(files[name] == data for name, data in server.files.items() if name in files)
    embedder = load_embedder(MODEL.name, models=models)
    assert embedder.embed_query("أين عُقدت القمة؟").shape == (32,) and embedder.prompts.query == "query: "


@pytest.mark.slow
def test_the_command_fetches_one_gguf_of_many_is_killed_and_goes_on(models, tmp_path):
    """A repository with several weights: the named file alone comes, whole, and KHABAR_LLM finds it by the model's name."""
    repository = tmp_path / "repository"
    repository.mkdir()
    [file] = LLM.files
    content = b"GGUF" + WEIGHTS[:300_000]
    for name in (file, "other-" + file, "mmproj.gguf", "README.md", "config.json"):
        (repository / name).write_bytes(content if name == file else name.encode() * 1000)
    server = Server(repository, stall_at=100_000, model=LLM)
    had = killed_while_fetching(server, LLM.name, models, models / f".{LLM.name}@{COMMIT}" / f"{file}.part")
    status, out, err = run("download", LLM.name, models=models, hub=server.url)
    assert status == 0, err
    assert {name for name, _ in server.asked} == {file} and server.asked[-1] == (file, f"bytes={had}-")
    assert fetched(models / LLM.name).keys() == {file, "khabar.json"} and fetched(models / LLM.name)[file] == content
    assert f"export KHABAR_LLM={LLM.name}\n" in out and "--rebuild" not in out
    assert load_generator(str(locate(LLM.name, "llm", models))).file == models / LLM.name / file
    listed = run(models=models, hub=server.url, KHABAR_LLM=LLM.name, KHABAR_EMBEDDER="none")
    server.shutdown()
    server.server_close()
    assert str(models / LLM.name / file) in listed[1] and f"{LLM.name}: language model for ar, en, fa" in listed[1]


@pytest.mark.slow
def test_the_command_and_a_gguf_that_arrives_damaged(models, tmp_path):
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository" / LLM.files[0]).write_bytes(b"GGUF" + WEIGHTS[:100_000])
    server = Server(tmp_path / "repository", model=LLM)
    models.parent.mkdir(parents=True)
    whole = server.files[LLM.files[0]]
    server.sent = {LLM.files[0]: whole[:-1] + b"?"}
    status, out, err = run("download", "llm", "--memory", "8", models=models, hub=server.url)
    server.shutdown()
    server.server_close()
    assert (status, out) == (1, "") and "arrived damaged" in err.splitlines()[-1]
    assert installed(models) == []


@pytest.mark.slow
@pytest.mark.parametrize("offline", [True, False])
def test_the_command_without_a_hub_says_one_line(models, offline):
    models.parent.mkdir(parents=True)
    variables = {"HF_HUB_OFFLINE": "1"} if offline else {}
    status, out, err = run("download", "reranker", models=models, hub="http://127.0.0.1:9", **variables)
    assert (status, out) == (1, "")
    [line] = err.splitlines()
    assert line.startswith("khabar: the reranker ") and "http://127.0.0.1:9" in line and "KHABAR_RERANKER=" in line
    assert ("HF_HUB_OFFLINE" in line) == offline


@pytest.mark.slow
def test_the_command_and_a_repository_that_is_gone(models, tmp_path):
    (tmp_path / "nothing").mkdir()
    server = Server(tmp_path / "nothing")
    models.parent.mkdir(parents=True)
    status, _, err = run("download", "reranker", models=models, hub=server.url)
    server.shutdown()
    server.server_close()
    [line] = err.splitlines()
    assert status == 1 and "404" in line and server.url in line
