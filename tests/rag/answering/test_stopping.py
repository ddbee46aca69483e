"""A real server that is stopped while a model writes."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.serving import free_port, started

pytestmark = [pytest.mark.slow, pytest.mark.crash]

ENGLISH = "What mark did Trump give his Alaska summit with Putin?"
START = "from ui.cli import main; main()"
PATIENCE = 60


def lives(pid: str) -> bool:
    """Tell whether a process is there, and not only waited for."""
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


@pytest.fixture
def own(data, tmp_path):
    shutil.copytree(data, tmp_path / "data")
    return tmp_path / "data"


@contextmanager
def serving(data: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen]]:
    port = free_port()
    quiet = ("--embedder", "none", "--reader", "none", "--data", data, "--port", port)
    with started([sys.executable, "-c", START, "serve", *quiet, *options], f"http://127.0.0.1:{port}/readyz") as process:
        yield f"http://127.0.0.1:{port}", process


def test_a_stop_ends_a_stream_with_an_event_and_leaves_no_process(own):
    model = free_port()
    slow = (sys.executable, "-m", "benchmarks.slow_model", model)
    writing = ("--llm", f"http://127.0.0.1:{model}/v1", "--llm-model", "slow", "--workers", "1")
    with started(slow, f"http://127.0.0.1:{model}/v1/models"), serving(own, *writing) as (address, process):
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
        assert process.wait(PATIENCE) == 0, "a stop that was asked for is no failure"
        assert b"Traceback" not in process.stderr.read()
        assert workers and not any(map(lives, workers))
