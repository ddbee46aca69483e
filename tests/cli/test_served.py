"""`khabar serve` as strangers meet it: a process of its own, real connections, and everything that one should not send."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.cli.command import BARE, ENGLISH, PERSIAN, ROOT, RUN, done
from tests.serving import free_port, started

pytestmark = pytest.mark.slow
PATIENCE = 60.0
MB = 1_000_000
NESTED = 900_000


class Served:
    """A server, and a key of each scope for it."""

    def __init__(self, data, port, process):
        self.data, self.port, self.process = data, port, process
        self.address = f"http://127.0.0.1:{port}"
        self.told = ""

    def stop(self):
        self.process.terminate()
        self.told = self.process.communicate(timeout=PATIENCE)[1].decode()

    def key(self, *scopes):
        flags = [part for scope in scopes for part in ("--scope", scope)]
        made = done("keys", "create", f"مفتاح {'+'.join(scopes)} {time.time_ns()}", *flags, "--data", self.data)
        return made.stdout.strip()

    def ask(self, path="/api/v1/ask", method="POST", **named):
        return httpx.request(method, f"{self.address}{path}", timeout=PATIENCE, **named)

    @property
    def resident(self):
        """Bytes of memory that it has taken at most, so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024


@contextmanager
def served(data, *flags):
    """A server over `data` that has been stopped in the end, and has told what it had to."""
    port = free_port()
    command = [sys.executable, "-c", RUN, "serve", "--data", data, "--port", port, *flags]
    environment = os.environ | BARE | {"PYTHONPATH": str(ROOT)}
    with started(command, f"http://127.0.0.1:{port}/healthz", env=environment, umask=0o022) as process:
        made = Served(data, port, process)
        yield made
        made.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory, data):
    copy = tmp_path_factory.mktemp("served") / "بيانات"
    shutil.copytree(data, copy)
    with served(copy, "--rate", "0", "--upload-mb", "3") as made:
        yield made
    assert "Traceback" not in made.told and "khabar_" not in made.told, made.told
    shared = [file for file in made.data.rglob("*") if stat.S_IMODE(file.lstat().st_mode) & 0o077]
    assert shared == [], "what a server writes is its owner's alone"


@pytest.fixture(scope="module")
def reader(server):
    return {"Authorization": f"Bearer {server.key('read')}"}


def problem(answer, status, code):
    assert answer.status_code == status, answer.text[:500]
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["status"] == status and told["code"] == code and told["remedy"], told
    for secret in ("Traceback", "site-packages", str(ROOT), "sqlite"):
        assert secret not in answer.text
    return told


def test_keys_open_what_they_name(server, reader):
    for question in (PERSIAN, ENGLISH):
        assert server.ask(json={"question": question}, headers=reader).json()["abstained"] is False
    assert server.ask("/v1/models", "GET", headers=reader).status_code == 200
    problem(server.ask(json={"question": ENGLISH}), 401, "who-asks")
    problem(server.ask("/api/v1/jobs", json={}, headers=reader), 403, "not-allowed")
    for path in ("/metrics", "/openapi.json", "/mcp", "/api/nothing"):
        problem(server.ask(path, "GET"), 401, "who-asks")
    assert server.ask("/v1/models", "GET").json()["error"]["code"] == "invalid_api_key"
    assert server.ask("/", "GET").status_code == 200, "the page stays this machine's"


def test_a_key_that_is_revoked_opens_nothing_at_once(server):
    whole = server.key("read", "write", "admin")
    headers = {"X-Api-Key": whole}
    assert server.ask("/api/v1/stats", "GET", headers=headers).status_code == 200
    done("keys", "revoke", whole.split("_")[1], "--data", server.data)
    for key in (whole, whole[:-1], "x", whole[::-1]):
        told = problem(server.ask("/api/v1/stats", "GET", headers={"X-Api-Key": key}), 401, "wrong-key")
        assert told["detail"] == "this key opens nothing here" and told["value"] is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"[" * NESTED + b"]" * NESTED, "application/json"),
        (b'{"question":' * 100_000, "application/json"),
        (b'{"question": "\xff\xfe"}', "application/json"),
        (b'{"question": "\\ud800"}', "application/json"),
        (b"\x00" * 1000, "application/json"),
        (b"", "application/json"),
        (b'{"question": 7}', "application/json"),
        (b"question=x", "application/x-www-form-urlencoded"),
        (b"<question/>", "application/xml"),
        (b'{"question": "' + b"x" * 1_500_000 + b'"}', "application/json"),
    ],
    ids=["nested", "nested objects", "no utf-8", "half a letter", "nul", "nothing", "number", "form", "xml", "long"],
)
def test_what_is_no_question_is_told(server, reader, content, kind):
    answer = server.ask(content=content, headers=reader | {"Content-Type": kind})
    assert 400 <= answer.status_code < 500, answer.text[:300]
    assert set(answer.json()) >= {"type", "title", "status", "detail", "code", "remedy"}


def test_fifty_megabytes_are_refused_and_a_body_without_an_end_takes_no_memory(server, reader):
    before = server.resident
    problem(server.ask(content=b" " * 50 * MB, headers=reader | {"Content-Type": "application/json"}), 413, "body-too-large")

    def endless():
        for _ in range(2000):
            yield b"x" * 65536

    for path in ("/api/v1/ask", "/api/v1/files?name=a.txt", "/gradio_api/upload"):
        try:
            answer = server.ask(path, content=endless(), headers=reader | {"Content-Type": "application/json"})
            assert 400 <= answer.status_code < 500, path
        except httpx.TransportError:
            pass  # cut off while it still sent
    assert server.resident - before < 60 * MB


def test_paths_that_lead_elsewhere_lead_nowhere(server, reader):
    tried = [
        "/%00",
        "/page/static/x/%00",
        "/page/static/x/..%2f..%2fapp.py",
        "/static/..%2f..%2fx",
        "/api/v1/articles/..%2f..%2fetc",
        "/a/..%2fb",
    ]
    for path in [
        *tried,
        "/api/v1/articles/%00",
        "/api/v1/articles/%ff%fe",
        "/gradio_api/file=/etc/passwd",
        "/file=/etc/passwd",
        "/config",
        "/خبر",
    ]:
        answer = server.ask(path, "GET", headers=reader)
        assert answer.status_code in {400, 404, 422}, (path, answer.status_code, answer.text[:200])
        assert "root:" not in answer.text
    problem(server.ask("/api/v1/articles/a%00b", "GET", headers=reader), 400, "bad-path")


def test_other_sites_get_nothing(server, reader):
    problem(server.ask("/api/v1/stats", "GET", headers=reader | {"Host": "evil.example"}), 421, "unknown-host")
    page = server.ask("/", "GET", headers={"Host": f"evil.example:{server.port}"})
    assert page.status_code == 421 and all(f'lang="{language}"' in page.text for language in ("ar", "fa", "en"))
    for origin in ("http://evil.example", "null"):
        problem(server.ask(json={"question": ENGLISH}, headers=reader | {"Origin": origin}), 403, "foreign-origin")
        assert server.ask("/gradio_api/upload", files={"files": b"x"}, headers={"Origin": origin}).status_code == 403
        assert server.ask("/page/conversations", headers={"Origin": origin}).status_code == 403


def test_without_a_key_nobody_else_is_let_in_and_a_login_is_asked_for_elsewhere(tmp_path, own):
    with served(own, "--host", "0.0.0.0") as one:
        answer = one.ask(json={"question": ENGLISH}, headers={"Authorization": "Bearer none"})
        assert answer.status_code == 200, "OpenAI's clients send a key where none is needed"
        proxied = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}
        problem(one.ask("/api/v1/stats", "GET", headers=proxied), 401, "who-asks")
        page = one.ask("/", "GET", headers=proxied)
        assert page.status_code == 401 and all(f'lang="{language}"' in page.text for language in ("ar", "fa", "en"))
        assert one.ask("/page/start", "GET", headers=proxied).json()["error"]["problem"]
    assert "it listens at 127.0.0.1 only" in one.told and "khabar keys create" in one.told
