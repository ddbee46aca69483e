"""`khabar serve` ends when Control and C are pressed: no page that follows an answer keeps it."""

from __future__ import annotations

import json
import os
import signal
import sys
import urllib.request

import pytest

from tests.serving import free_port, started

KHABAR = [sys.executable, "-c", "from ui.cli import main; main()"]
HEADERS = {"X-Khabar": "page", "X-Khabar-Visitor": "v" * 40, "Content-Type": "application/json"}
PLACE = f"page/conversations/{'c' * 22}/turns"
# It takes one or two; a busy machine takes longer.
PATIENCE = 30


def fetched(address, body=None):
    request = urllib.request.Request(address, json.dumps(body).encode() if body else None, HEADERS)
    return urllib.request.urlopen(request, timeout=PATIENCE)


@pytest.mark.slow
def test_a_server_that_is_told_to_stop_does_and_leaves_no_traceback(own):
    port = free_port()
    environment = {**os.environ, "KHABAR_DATA": str(own), "KHABAR_LLM": "none", "KHABAR_EMBEDDER": "none"}
    address = f"http://127.0.0.1:{port}/"
    with started([*KHABAR, "serve", "--port", port], f"{address}api/status", env=environment, text=True) as process:
        # A page that is open keeps its connection, and follows an answer.
        fetched(f"{address}{PLACE}", {"id": "t" * 22, "question": "كم ساعة دام اللقاء؟"}).close()
        with fetched(f"{address}{PLACE}/{'t' * 22}/events") as events:
            assert events.readline().startswith(b"data: ")
            process.send_signal(signal.SIGINT)
            told = process.communicate(timeout=PATIENCE)[1]
    assert "Traceback" not in told
    assert process.returncode == 0, told  # a stop that was asked for is no failure
