"""A server that is killed while it takes articles in: what was acknowledged is done by the next one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from index.build import BuildOptions, build_index
from index.embed import NoEmbedder
from index.progress import Silent

ROOT = Path(__file__).parents[3]
SERVER = """
import socket, sys
import uvicorn
from pathlib import Path
from rag.api.application import create_api
from rag.archive import open_archive
from rag.desk import open_desk
from rag.settings import Settings

settings = Settings(data=Path(sys.argv[1]), llm="none", embedder="none", reader="none")
desk = open_desk(open_archive(settings), settings)
desk.resume()
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(create_api(desk), log_level="error")).run([listening])
"""


class Served:
    """A server in a process of its own."""

    def __init__(self, data):
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(data)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        self.at = f"http://127.0.0.1:{self.process.stdout.readline().strip()}/api/v1"

    def call(self, method, path, body=None):
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.at + path, content, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)
        self.process.stdout.close()


@pytest.mark.crash
def test_nothing_that_was_acknowledged_is_lost(tmp_path):
    news, data = tmp_path / "news", tmp_path / "data"
    news.mkdir()
    (news / "خبر.txt").write_text("---\ntitle: قمة الرياض\n---\nاجتمع الوزراء في الرياض.", encoding="utf-8")
    build_index(data, [news], NoEmbedder(), BuildOptions(), Silent())
    texts = ("وصلت السفينة رقم {} إلى ميناء العقبة.", "قطار شماره {} به ایستگاه شیراز رسید.", "Ferry number {} has crossed.")
    acknowledged = []
    for run in range(3):
        server = Served(data)
        try:
            for number in range(6):
                text = texts[number % 3].format(run * 10 + number)
                article = {"id": f"a-{run}-{number}", "title": f"{run} {number}", "text": text}
                acknowledged.append((server.call("POST", "/articles", article)["job"]["id"], article))
            if run == 1:
                gone = server.call("GET", "/articles?find=" + urllib.request.quote("الرياض"))["articles"][0]["article_id"]
                acknowledged.append((server.call("DELETE", f"/articles/{gone}")["id"], None))
        finally:
            server.kill()
    server = Served(data)
    try:
        for job_id, article in acknowledged:
            job = server.call("GET", f"/jobs/{job_id}?wait=60")
            assert job["state"] == "done", job
            if article:
                assert server.call("GET", f"/articles/{article['id']}")["text"].endswith(article["text"])
        with pytest.raises(urllib.error.HTTPError, match="404"):
            server.call("GET", f"/articles/{gone}")
        assert server.call("GET", "/stats")["articles"] == 18
    finally:
        server.kill()
    assert (news / "خبر.txt").exists()
    assert not list((data / "uploads").rglob(".ready-*")) and not list((data / "uploads").rglob(".before-*"))
