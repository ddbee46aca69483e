from __future__ import annotations

import threading

import pytest

from index.lock import sole_writer
from rag.api.application import create_api
from rag.intake import work
from rag.server.caller import Caller
from tests.rag.api.conftest import Asker
from tests.rag.api.guard import Guard
from tests.rag.api.made import ARABIC, BRIDGE, TRAIN
from tests.rag.api.told import problem

WAIT = {"wait": 30}


def test_the_known_folders_are_indexed_again(small):
    fresh = "---\ntitle: خبر تازه\n---\nکشتی تازه روز یکشنبه از بندر بوشهر به راه افتاد."
    (small.news / "تازه.txt").write_text(fresh, encoding="utf-8")
    (small.news / "vienna.txt").unlink()
    response = small.post("/jobs", {"kind": "index"}, params=WAIT)
    job = response.json()
    assert response.status_code == 200 and (job["state"], job["result"], job["articles"]) == ("done", "indexed", 3)
    assert small.paths() == ["news/تازه.txt", "news/خبر.txt", "news/دیدار.txt"]
    assert small.post("/jobs", {"kind": "index"}, params=WAIT).json()["result"] == "unchanged"
    assert small.cited("کشتی تازه کی از بوشهر به راه افتاد؟") == ["news/تازه.txt"]


def test_a_job_waits_while_another_process_indexes_and_that_is_told(small):
    with sole_writer(small.desk.settings.data):
        sent = small.post("/articles", {**BRIDGE, "id": "x"})
        job = sent.json()["job"]
        assert sent.status_code == 202 and sent.headers["location"] == "/api/v1/articles/x"
        for _ in range(200):
            job = small.get(f"/jobs/{job['id']}")
            if job["progress"] and job["progress"]["stage"] == "elsewhere":
                break
            threading.Event().wait(0.02)
        assert job["progress"]["stage"] == "elsewhere" and job["state"] in ("waiting", "running") and job["result"] is None
    assert small.get(f"/jobs/{job['id']}", params=WAIT)["state"] == "done"


def test_a_folder_that_is_gone_is_told_without_its_place(small):
    small.news.rename(small.news.with_name("elsewhere"))
    job = small.post("/jobs", {"kind": "index"}, params=WAIT).json()
    assert job["state"] == "failed" and "'news' does not exist" in job["fault"] and str(small.news.parent) not in str(job)
    assert len(small.paths()) == 3, "nothing was changed"


@pytest.fixture
def held(small, monkeypatch):
    """An archive whose runs wait in the middle until they are let go: (its client, the event that says they wait, let go)."""
    at_work, let_go = threading.Event(), threading.Event()
    real = work.build_index

    def slow(data, paths, embedder, options, progress, *given, **more):
        progress.stage("read", 2)
        at_work.set()
        while not let_go.wait(0.02):
            progress.advance(0)
        return real(data, paths, embedder, options, progress, *given, **more)

    monkeypatch.setattr(work, "build_index", slow)
    yield small, at_work, let_go
    let_go.set()


def test_jobs_are_listed_followed_and_taken_back(held):
    small, at_work, let_go = held
    running = small.post("/jobs", {"kind": "index"}).json()
    assert at_work.wait(20)
    waiting = small.post("/articles", {**BRIDGE, "id": "x"}).json()["job"]
    told = small.get(f"/jobs/{running['id']}")
    assert told["state"] == "running" and told["progress"] == {"stage": "read", "done": 0, "of": 2}
    listed = small.get("/jobs")
    assert [(each["kind"], each["state"]) for each in listed["jobs"]] == [("put", "waiting"), ("index", "running")]
    assert small.get("/jobs", params={"state": "waiting", "kind": "put"})["total"] == 1
    assert small.post(f"/jobs/{waiting['id']}/cancel").json()["state"] == "cancelled"
    assert small.post(f"/jobs/{running['id']}/cancel").status_code == 200
    assert small.get(f"/jobs/{running['id']}", params=WAIT)["state"] == "cancelled"
    let_go.set()
    small.desk.work.stop()
    assert small.post(f"/jobs/{running['id']}/cancel").json()["state"] == "cancelled", "once more is no error"
    assert len(small.paths()) == 3 and not list(small.desk.uploads.folder.rglob("*.json"))


def test_a_file_that_is_being_read_can_be_taken_back(held):
    small, at_work, let_go = held
    sent = small.request("POST", "/files?name=خبر ٢.txt", content=ARABIC.replace("الرياض", "عمّان").encode())
    job = sent.json()["files"][0]["job"]
    assert at_work.wait(20)
    small.post(f"/jobs/{job['id']}/cancel")
    assert small.get(f"/jobs/{job['id']}", params=WAIT)["state"] == "cancelled"
    let_go.set()
    for _ in range(300):
        if small.desk.work.state.stage == "idle":
            break
        threading.Event().wait(0.02)
    assert len(small.paths()) == 3 and not [file for file in small.desk.uploads.folder.rglob("*") if file.is_file()]


def test_what_is_done_already_cannot_be_taken_back(held):
    small, at_work, _ = held
    small.post("/articles", {**BRIDGE, "id": "x"})
    assert at_work.wait(20)
    job = small.get("/jobs")["jobs"][0]
    problem(small.post(f"/jobs/{job['id']}/cancel"), 409, "too-late")


@pytest.mark.parametrize("job_id", ["nope", "0", "%00", "..%2f..", "' OR '1'='1", "x" * 3000])
def test_an_unknown_job(client, job_id):
    problem(client.request("GET", f"/api/v1/jobs/{job_id}"), 404)
    problem(client.request("POST", f"/api/v1/jobs/{job_id}/cancel"), 404)


def test_a_wrong_job(small):
    problem(small.post("/jobs", {"kind": "rebuild"}), 422, "invalid")
    problem(small.post("/jobs", {"kind": "index", "folder": "/etc"}), 422, "invalid")
    problem(small.request("GET", "/jobs?state=asleep"), 422, "invalid")
    problem(small.post("/jobs", {"kind": "index"}, params={"wait": 3600}), 422, "invalid")


def test_a_caller_sees_its_own_jobs_and_an_admin_all(small):
    api = create_api(small.desk)

    def calling(name, *scopes):
        return Asker(Guard(api, Caller(name, frozenset(scopes))))

    sara, omid, admin = calling("key:s", "read", "write"), calling("key:o", "read", "write"), calling("key:a", "read", "admin")
    job = sara.request("POST", "/api/v1/articles", json=TRAIN).json()["job"]
    assert [each["id"] for each in sara.request("GET", "/api/v1/jobs").json()["jobs"]] == [job["id"]]
    assert omid.request("GET", "/api/v1/jobs").json() == {"total": 0, "limit": 50, "offset": 0, "jobs": []}
    for method, path in (("GET", ""), ("POST", "/cancel")):
        problem(omid.request(method, f"/api/v1/jobs/{job['id']}{path}"), 404, "no-job")
    problem(omid.request("GET", "/api/v1/jobs?everybody=true"), 403, "not-allowed")
    assert admin.request("GET", f"/api/v1/jobs/{job['id']}").status_code == 200
    assert admin.request("GET", "/api/v1/jobs?everybody=true").json()["total"] == 1
    problem(calling("key:r", "read").request("POST", "/api/v1/jobs", json={"kind": "index"}), 403, "not-allowed")
