"""A real server that is stopped, and one that is killed, while a model writes and while articles come in."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from index.build import BuildOptions, build_index
from index.embed import NoEmbedder
from index.progress import Silent
from tests.serving import free_port, started

pytestmark = [pytest.mark.slow, pytest.mark.crash]

SEEDS = Path(__file__).parents[3] / "seeds"
ENGLISH = "What mark did Trump give his Alaska summit with Putin?"
START = "from ui.cli import main; main()"
PATIENCE = 60


def lives(pid: str) -> bool:
    """Tell whether a process is there, and not only waited for."""
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


@pytest.fixture
def data(tmp_path):
    build_index(tmp_path / "data", [SEEDS], NoEmbedder(), BuildOptions(), Silent())
    return tmp_path / "data"


@contextmanager
def serving(data: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen]]:
    port = free_port()
    quiet = ("--embedder", "none", "--reader", "none", "--data", data, "--port", port)
    with started([sys.executable, "-c", START, "serve", *quiet, *options], f"http://127.0.0.1:{port}/readyz") as process:
        yield f"http://127.0.0.1:{port}", process


def test_a_stop_ends_a_stream_with_an_event_and_leaves_no_process(data):
    model = free_port()
    slow = (sys.executable, "-m", "benchmarks.slow_model", model)
    writing = ("--llm", f"http://127.0.0.1:{model}/v1", "--llm-model", "slow", "--workers", "1")
    with started(slow, f"http://127.0.0.1:{model}/v1/models"), serving(data, *writing) as (address, process):
        events = []
        asked = {"question": ENGLISH, "stream": True}
        with httpx.stream("POST", f"{address}/api/v1/ask", json=asked, timeout=PATIENCE) as response:
            for line in response.iter_lines():
                if line.startswith("event: "):
                    events.append(line.removeprefix("event: "))
                if line.startswith("data: ") and events[-1] == "error":
                    problem = json.loads(line.removeprefix("data: "))
                if line == "event: quote":
                    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
                    process.send_signal(signal.SIGTERM)
        assert events[-1] == "error" and "stopped" in problem["detail"]
        process.wait(PATIENCE)
        assert b"Traceback" not in process.stderr.read()
        assert workers and not any(map(lives, workers))


def test_a_kill_loses_no_article_that_was_taken(data):
    taken = []
    with serving(data, "--llm", "none") as (address, process):
        for number in range(5):
            text = f"افتتحت بلدية الخروبة الجسر رقم {number} بعد ٢٢ يوما من العمل."
            body = {"title": f"جسر الخروبة {number}", "text": text}
            response = httpx.post(f"{address}/api/v1/articles", json=body, timeout=60)
            assert response.status_code == 202, response.text
            taken.append(response.json()["job"]["id"])
        process.kill()
        process.wait()
    with serving(data, "--llm", "none") as (address, _):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            jobs = [httpx.get(f"{address}/api/v1/jobs/{one}", timeout=60).json() for one in taken]
            if all(job["state"] == "done" for job in jobs):
                break
            time.sleep(0.3)
        assert [(job["result"], job["articles"]) for job in jobs] == [("added", 1)] * 5
