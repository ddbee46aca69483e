"""A server that is killed while it takes articles in: what was acknowledged is done by the next one."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.build import BuildOptions, build_index
from index.embed import NoEmbedder
from index.progress import Silent
from tests.serving import free_port, started

ROOT = Path(__file__).parents[3]
SERVER = """
import sys
import uvicorn
from pathlib import Path
from rag.api.application import create_api
from rag.archive import open_archive
from rag.desk import open_desk
from rag.settings import Settings

settings = Settings(data=Path(sys.argv[1]), llm="none", embedder="none", reader="none")
desk = open_desk(open_archive(settings), settings)
desk.resume()
uvicorn.run(create_api(desk), port=int(sys.argv[2]), log_level="error")
"""


@contextmanager
def served(data):
    """A server in a process of its own, which is killed in the end; gives a function that calls it."""
    port = free_port()
    at = f"http://127.0.0.1:{port}/api/v1"

    def call(method, path, body=None):
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(at + path, content, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)

    with started([sys.executable, "-c", SERVER, data, port], f"{at}/stats", cwd=ROOT) as process:
        yield call
        process.kill()


@pytest.mark.crash
def test_nothing_that_was_acknowledged_is_lost(tmp_path):
    news, data = tmp_path / "news", tmp_path / "data"
    news.mkdir()
    (news / "خبر.txt").write_text("---\ntitle: قمة الرياض\n---\nاجتمع الوزراء في الرياض.", encoding="utf-8")
    build_index(data, [news], NoEmbedder(), BuildOptions(), Silent())
    texts = ("وصلت السفينة رقم {} إلى ميناء العقبة.", "قطار شماره {} به ایستگاه شیراز رسید.", "Ferry number {} has crossed.")
    acknowledged = []
    for run in range(2):
        with served(data) as call:
            for number in range(3):
                text = texts[number].format(run * 10 + number)
                article = {"id": f"a-{run}-{number}", "title": f"{run} {number}", "text": text}
                acknowledged.append((call("POST", "/articles", article)["job"]["id"], article))
            if run == 1:
                gone = call("GET", "/articles?find=" + urllib.request.quote("الرياض"))["articles"][0]["article_id"]
                acknowledged.append((call("DELETE", f"/articles/{gone}")["id"], None))
    with served(data) as call:
        for job_id, article in acknowledged:
            job = call("GET", f"/jobs/{job_id}?wait=60")
            assert job["state"] == "done", job
            if article:
                assert call("GET", f"/articles/{article['id']}")["text"].endswith(article["text"])
        with pytest.raises(urllib.error.HTTPError, match="404"):
            call("GET", f"/articles/{gone}")
        assert call("GET", "/stats")["articles"] == 6
    assert (news / "خبر.txt").exists()
    assert not list((data / "uploads").rglob(".ready-*")) and not list((data / "uploads").rglob(".before-*"))
