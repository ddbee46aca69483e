"""/healthz, /readyz and /metrics over the archive of seeds/."""

import threading
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from index.embedding import Embedded
from index.failures import never_built
from index.types import KhabarError
from rag.server import readiness
from rag.server.caller import CALLER, Caller
from rag.server.health import add_operations
from rag.server.metrics import Metrics
from rag.server.readiness import Warmth
from rag.types import Answer


class Away:
    """An archive whose catalog cannot be read."""

    def __init__(self, archive, path):
        self.archive, self.path = archive, path

    def __getattr__(self, name):
        return getattr(self.archive, name)

    @property
    def catalog(self):
        raise never_built(self.path)

    def embedded(self):
        raise never_built(self.path)


@pytest.fixture
def metrics():
    return Metrics()


def client(warmth, metrics, scopes=None):
    application = FastAPI()
    add_operations(application, warmth, metrics)

    async def known(scope, receive, send):
        if scopes is not None:
            scope[CALLER] = Caller("stranger", frozenset(scopes))
        await application(scope, receive, send)

    return TestClient(known)


def figures(text: str) -> dict[tuple, float]:
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_it_lives_before_anything_is_loaded(archive, metrics):
    response = client(Warmth(archive), metrics).get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_it_is_ready_when_its_models_are_loaded(archive, metrics):
    warmth = Warmth(archive)
    caller = client(warmth, metrics)
    waiting = caller.get("/readyz")
    assert waiting.status_code == 503 and waiting.headers["content-type"] == "application/problem+json"
    assert waiting.json()["code"] == "not-ready" and waiting.json()["detail"] == "the models are being loaded"
    assert waiting.headers["retry-after"]
    warmth.warm_up()
    assert caller.get("/readyz").json() == {
        "status": "ready", "waits_for": [], "models": "warm", "embedded": {"chunks": 0, "of": 0, "embedder": "none"},
    }  # fmt: skip
    warmth.stop()
    assert caller.get("/readyz").json()["detail"] == "the server stops"


def test_a_stranger_hears_no_more_than_yes_or_no(archive, metrics):
    warmth = Warmth(archive)
    stranger = client(warmth, metrics, scopes=())
    assert stranger.get("/readyz").json()["detail"] == "not yet"
    warmth.warm_up()
    assert stranger.get("/readyz").json() == {"status": "ready"}


def test_a_model_that_cannot_be_loaded_is_told(archive, metrics):
    class Broken:
        def warm_up(self):
            raise KhabarError("the model 'نموذج' is not whole", "copy it again")

    told = []
    warmth = Warmth(replace(archive, answerer=Broken()))
    warmth.warm_up(told.append)
    assert client(warmth, metrics).get("/readyz").json()["detail"] == "a model could not be loaded"
    assert told == ["khabar: the model 'نموذج' is not whole; copy it again"]


def test_an_index_that_is_away_is_told_without_its_path(archive, metrics, tmp_path):
    warmth = Warmth(archive)
    warmth.warm_up()
    warmth._archive = Away(archive, tmp_path)
    response = client(warmth, metrics).get("/readyz")
    assert response.status_code == 503 and response.json()["detail"] == "the index cannot be read"
    assert str(tmp_path) not in response.text
    metrics.watch(Away(archive, tmp_path))
    found = figures(client(warmth, metrics).get("/metrics").text)
    assert found["khabar_index_open",] == 0 and ("khabar_index_articles",) not in found


def test_an_index_that_hangs_does_not_hold_the_answer(archive, metrics, monkeypatch):
    monkeypatch.setattr(readiness, "_PATIENCE", 0.01)
    end = threading.Event()

    class Hanging(Away):
        def embedded(self):
            end.wait()
            return Embedded(0, 0)

    warmth = Warmth(archive)
    warmth.warm_up()
    warmth._archive = Hanging(archive, None)
    assert client(warmth, metrics).get("/readyz").json()["detail"] == "the index takes long to answer"
    end.set()


def test_the_figures_of_answers(archive, metrics):
    metrics.watch(archive)
    answer = Answer("سؤال؟", "ar", "…", "quotes", False, timings={"retrieve_ms": 30.0, "answer_ms": 700.0, "write_ms": 600.0})
    metrics.answered(answer)
    metrics.answered(replace(answer, abstained=True, language="fa", timings={"retrieve_ms": 1.0, "answer_ms": 2.0}))
    metrics.answered(answer, remembered=True)
    metrics.lane("searching").line(3)
    metrics.lane("writing").line(1)
    metrics.lane("writing").waited(0.3)
    metrics.lane("searching").refused()
    metrics.request("api", "/api/ask", "POST", 200, 0.2)
    response = client(Warmth(archive), metrics).get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    found = figures(response.text)
    assert found["khabar_answers_total", "ar", "false", "quotes"] == 2
    assert found["khabar_abstentions_total", "fa"] == 1 and found["khabar_remembered_answers_total",] == 1
    assert found["khabar_answer_seconds_sum", "retrieve"] == pytest.approx(0.031)
    assert found["khabar_answer_seconds_sum", "answer"] == pytest.approx(0.102)
    assert found["khabar_answer_seconds_sum", "write"] == pytest.approx(0.6)
    assert (found["khabar_line_waiting", "searching"], found["khabar_line_waiting", "writing"]) == (3, 1)
    assert found["khabar_line_refused_total", "searching"] == found["khabar_line_wait_seconds_count", "writing"] == 1
    assert found["khabar_requests_total", "/api/ask", "200", "POST", "api"] == 1
    assert found["khabar_index_articles",] == 36 and found["khabar_index_chunks",] > 36 and found["khabar_index_open",] == 1
    assert found["process_open_fds",] > 3 and found["process_resident_memory_bytes",] > 1_000_000
    assert "سؤال" not in response.text


def test_the_figures_are_for_who_may_read(archive, metrics):
    refused = client(Warmth(archive), metrics, scopes=("write",)).get("/metrics")
    assert refused.status_code == 403 and refused.json()["code"] == "not-allowed" and "khabar_" not in refused.text
    assert client(Warmth(archive), metrics, scopes=("read",)).get("/metrics").status_code == 200


def test_the_processes_that_a_server_starts_are_counted(metrics):
    import subprocess
    import sys

    def children():
        return figures(metrics.text().decode())

    before = children()["khabar_children",]
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        during = children()
        child.communicate(b"\n")
    assert during["khabar_children",] == before + 1
    assert during["khabar_children_resident_memory_bytes",] > 0 and during["khabar_children_open_fds",] >= 3


def test_what_was_asked_is_logged_only_if_that_is_wanted(caplog):
    caplog.set_level("INFO", "khabar")
    answer = Answer("متى القمة؟", "ar", "…", "quotes", True)
    Metrics().answered(answer)
    Metrics(questions=True).answered(answer)
    assert [getattr(record, "question", None) for record in caplog.records] == [None, "متى القمة؟"]
