from __future__ import annotations

import threading
from typing import get_args

import pytest

from index.catalog import FILE_NAME, Catalog
from index.lock import sole_writer
from index.stores import serve_only
from index.types import KhabarError, Language
from rag.answering.types import Overloaded
from rag.api import articles as articles_module
from rag.intake import uploads
from rag.intake import work as work_module
from tests.rag.api.made import BRIDGE, TRAIN
from tests.rag.api.told import ASKED, problem
from tests.waiting import until

WAIT = {"wait": 30}


@pytest.mark.parametrize("language", get_args(Language))
def test_the_article_behind_a_citation(client, language):
    for item in client.ask({"question": ASKED[language]}).json()["citations"]:
        response = client.request("GET", f"/api/v1/articles/{item['article_id']}")
        assert response.status_code == 200
        article = response.json()
        assert article.pop("id") is None
        assert set(article) == {"article_id", "path", "title", "outlet", "published", "language", "url", "text"}
        assert article["text"][item["start"] : item["end"]] == item["quote"]
        assert item["passage"] in article["text"]
        assert {key: item[key] for key in set(article) - {"text"}} == {key: article[key] for key in set(article) - {"text"}}


HOSTILE = [
    "nope", "0", "..%2f..%2fetc%2fpasswd", "..", "مقالة", "😀", "%00", "a%00b", "%ff", "x" * 3000, "'; DROP TABLE articles",
    "{{7*7}}", "${jndi:x}", "a%0d%0ab", "-1", "1e400",
]  # fmt: skip


@pytest.mark.parametrize("article_id", HOSTILE)
def test_an_unknown_article(client, article_id):
    told = problem(client.request("GET", f"/api/v1/articles/{article_id}"), 404)
    assert len(told) < 300


@pytest.mark.parametrize("own_id", HOSTILE)
def test_what_is_no_id_changes_nothing(small, own_id):
    before = small.paths()
    problem(small.request("DELETE", f"/articles/{own_id}"), 404)
    response = small.request("PUT", f"/articles/{own_id}", json=BRIDGE)
    if own_id not in ("nope", "0", "1e400"):  # which may be a sender's
        problem(response, 404)
    small.desk.work.stop()
    assert all(path in small.paths() for path in before)
    inside = [file.relative_to(small.desk.uploads.folder).parts[0] for file in small.desk.uploads.folder.rglob("*.json")]
    assert set(inside) <= {"sent"}


# The list


def test_the_list_is_told_in_pages_and_its_order_stays(client, archive):
    seen = []
    for offset in range(0, 40, 7):
        page = client.request("GET", "/api/v1/articles", params={"limit": 7, "offset": offset}).json()
        assert (page["total"], page["limit"], page["offset"]) == (archive.catalog.counts()["articles"], 7, offset)
        seen += [each["article_id"] for each in page["articles"]]
    assert len(seen) == len(set(seen)) == page["total"]
    days = [each["published"] for each in client.request("GET", "/api/v1/articles?limit=200").json()["articles"]]
    dated = [day for day in days if day]
    assert dated == sorted(dated, reverse=True) and days == [*dated, *[None] * (len(days) - len(dated))]


@pytest.mark.parametrize("sort", ["published", "outlet", "title", "language", "author", "section", "path"])
def test_the_list_in_each_order_both_ways(client, sort):
    wanted = {"sort": sort, "limit": 200}
    asked = [client.request("GET", "/api/v1/articles", params={**wanted, "order": order}) for order in ("asc", "desc")]
    up, down = ([each["article_id"] for each in response.json()["articles"]] for response in asked)
    assert set(up) == set(down) and len(up) == len(set(up))
    first = asked[0].json()["articles"]
    known = sum(1 for each in first if each.get(sort))
    assert down[:known] == up[:known][::-1] and down[known:] == up[known:][::-1], "what lacks it comes last both ways"


@pytest.mark.parametrize(
    "wanted", [{"sort": "path"}, {"language": "fa"}, {"since": "2025-10-10"}, {"outlet": "تارنماي سپیدار", "sort": "title"}]
)
def test_an_article_is_listed_alike_where_its_page_alone_is_read(client, monkeypatch, wanted):
    def told():
        content = client.request("GET", "/api/v1/articles", params={"limit": 200, **wanted}).json()
        return content | {"articles": sorted(content["articles"], key=lambda each: each["article_id"])}

    of_page = told()
    monkeypatch.setattr(articles_module, "_ON_SHELF", {})
    assert of_page == told() and of_page["total"]


def test_a_page_tells_of_copies_and_problems(small):
    for path in ("خبر.txt", "نسخه.txt"):
        (small.news / path).write_text(f"---\ntitle: {path}\npublished: someday\n---\n{BRIDGE['text']}", encoding="utf-8")
    small.get(f"/jobs/{small.post('/jobs', {'kind': 'index'}).json()['id']}", params=WAIT)
    listed = {each["path"]: each for each in small.get("/articles")["articles"]}
    assert listed["news/خبر.txt"]["copies"] == ["news/نسخه.txt"] and listed["news/نسخه.txt"]["copies"] == ["news/خبر.txt"]
    assert listed["news/vienna.txt"]["copies"] == [] == listed["news/vienna.txt"]["problems"]
    assert "someday" in listed["news/خبر.txt"]["problems"][0]["reason"]


def test_the_list_is_filtered(client):
    wanted = {"language": ["fa", "en"], "since": "2025-10-01", "until": "2025-10-31"}
    found = client.request("GET", "/api/v1/articles", params=wanted).json()["articles"]
    assert found and all(each["language"] in ("fa", "en") and "2025-10" in each["published"] for each in found)
    found = client.request("GET", "/api/v1/articles", params={"outlet": "تارنماي سپیدار "}).json()["articles"]
    assert found and {each["outlet"] for each in found} == {"تارنمای سپیدار"}
    undated = client.request("GET", "/api/v1/articles", params={"without": "date"}).json()["articles"]
    assert undated and all(each["precision"] != "day" for each in undated)


@pytest.mark.parametrize("words", ["بوتين", "پوتین", "Putin", "پوتين"])
def test_the_list_finds_what_is_mentioned_in_any_spelling(client, words):
    found = client.request("GET", "/api/v1/articles", params={"find": words, "limit": 200}).json()["articles"]
    assert {each["language"] for each in found} == {"ar", "fa", "en"}


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=201", "limit=x", "offset=-1", f"offset={'9' * 50}", "since=yesterday", "since=0000-00-00",
        "since=99999-01-01", "language=de", "sort=text", "order=up", "find=", "find=%20", "page=2", "without=soul",
        "since=2025-10-02&until=2025-10-01", "outlet=%00", "outlet=Nobody",
    ],
)  # fmt: skip
def test_a_wrong_list(client, query):
    problem(client.request("GET", f"/api/v1/articles?{query}"), 422)


# Sending


@pytest.mark.parametrize(
    ("article", "question"), [(BRIDGE, "كم تستمر أعمال بناء الجسر الجديد؟"), (TRAIN, "قطار شیراز چند واگن دارد؟")]
)
def test_an_article_is_sent_asked_replaced_and_deleted(small, article, question):
    response = small.post("/articles", {**article, "id": "bridge-1"}, params=WAIT)
    assert response.status_code == 201, response.text
    taken = response.json()
    assert (taken["id"], taken["known"], taken["job"]["state"], taken["job"]["result"]) == ("bridge-1", False, "done", "added")
    for name in ("bridge-1", taken["article_id"]):
        read = small.get(f"/articles/{name}")
        assert (read["id"], read["title"], read["outlet"]) == ("bridge-1", article["title"], article["outlet"])
        assert article["text"] in read["text"] and read["published"] == article.get("published")
    assert small.cited(question) == ["uploads/sent/bridge-1.json#bridge-1"]

    changed = {**article, "text": article["text"].replace("ثمانية عشر", "تسعة").replace("هفت", "نه")}
    assert small.request("PUT", "/articles/bridge-1", json=changed, params=WAIT).status_code == 201
    assert small.get("/articles/bridge-1")["text"].count(changed["text"]) == 1 and len(small.paths()) == 4
    assert small.get("/articles/bridge-1")["article_id"] == taken["article_id"]

    gone = small.request("DELETE", "/articles/bridge-1", params=WAIT)
    assert gone.status_code == 200 and gone.json()["result"] == "removed"
    problem(small.request("GET", "/articles/bridge-1"), 404, "no-article")
    problem(small.request("DELETE", "/articles/bridge-1"), 404, "no-article")
    assert len(small.paths()) == 3 and not list(small.desk.uploads.folder.rglob("*.json"))


def test_the_same_sent_twice_is_one_article_and_that_is_told(small):
    with sole_writer(small.desk.settings.data):  # the first waits
        first, second = (small.post("/articles", BRIDGE) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.json()["known"] and second.json()["job"]["id"] == first.json()["job"]["id"]
    own_id = first.json()["id"]
    small.get(f"/jobs/{first.json()['job']['id']}", params=WAIT)
    third = small.post("/articles", BRIDGE)
    assert third.status_code == 200 and third.json()["known"] and third.json()["job"] is None
    assert third.json()["id"] == own_id and third.json()["article_id"]
    assert small.request("PUT", f"/articles/{own_id}", json=BRIDGE).json()["known"]
    assert small.request("PUT", f"/articles/{third.json()['article_id']}", json=BRIDGE).status_code == 200
    assert len([path for path in small.paths() if "sent" in path]) == 1


def test_an_id_that_is_taken_is_not_taken_over(small):
    small.post("/articles", {**BRIDGE, "id": "x"}, params=WAIT)
    problem(small.post("/articles", {**TRAIN, "id": "x"}), 409, "id-taken")
    assert small.post("/articles", {**BRIDGE, "id": "x"}).status_code == 200
    assert small.get("/articles/x")["title"] == BRIDGE["title"]


def test_what_cannot_be_read_leaves_what_was_there(small):
    small.post("/articles", {**BRIDGE, "id": "x"}, params=WAIT)
    german = "Der Bau der neuen Brücke in der Stadt hat am Dienstag begonnen und dauert achtzehn Monate."
    foreign = {"title": "Der neue Damm", "text": german}
    problem(small.request("PUT", "/articles/x", json=foreign, params=WAIT), 422, "no-article-in-it")
    assert small.get("/articles/x")["title"] == BRIDGE["title"]
    problem(small.post("/articles", {**foreign, "id": "y"}, params=WAIT), 422, "no-article-in-it")
    problem(small.request("GET", "/articles/y"), 404)
    small.desk.work.stop()
    assert [file.name for file in small.desk.uploads.folder.rglob("*") if file.is_file()] == ["x.json"]


def test_an_article_of_a_file_of_the_readers_own_is_withdrawn_and_put_back(small):
    (article,) = small.get("/articles", params={"find": "تهران"})["articles"]
    own_id = article["article_id"]
    problem(small.request("PUT", f"/articles/{own_id}", json=TRAIN), 409, "not-replaceable")
    with sole_writer(small.desk.settings.data):  # the first waits
        first, again = (small.request("DELETE", f"/articles/{own_id}").json() for _ in range(2))
    assert first["id"] == again["id"] and first["kind"] == "withdraw"
    assert small.get(f"/jobs/{first['id']}", params=WAIT)["result"] == "withdrawn" and (small.news / "دیدار.txt").exists()
    problem(small.request("GET", f"/articles/{own_id}"), 404)
    assert small.post(f"/articles/{own_id}/restore", params=WAIT).json()["result"] == "restored"
    assert small.get(f"/articles/{own_id}")["title"] == "دیدار تهران"
    problem(small.post(f"/articles/{own_id}/restore"), 404, "not-withdrawn")


@pytest.mark.parametrize(
    "body",
    [
        {}, {"title": "x"}, {"text": "x"}, {**BRIDGE, "title": ""}, {**BRIDGE, "text": " "}, {**BRIDGE, "text": "…!"},
        {**BRIDGE, "published": "yesterday"}, {**BRIDGE, "published": "99999-12-31"}, {**BRIDGE, "published": 20251021},
        {**BRIDGE, "language": "de"}, {**BRIDGE, "url": "javascript:alert(1)"}, {**BRIDGE, "path": "/etc/passwd"},
        {**BRIDGE, "id": "../x"}, {**BRIDGE, "id": ".x"}, {**BRIDGE, "id": ""}, {**BRIDGE, "id": "a\u0000"},
        {**BRIDGE, "id": "خبر"},
        {**BRIDGE, "id": "x" * 129}, {**BRIDGE, "id": 7}, {**BRIDGE, "title": "\ud800"}, [], "x",
    ],
)  # fmt: skip
def test_a_wrong_article(small, body):
    import json

    content = json.dumps(body).encode()
    problem(small.request("POST", "/articles", content=content, headers={"content-type": "application/json"}), 422, "invalid")


def test_an_id_of_khabars_own_form_is_refused(small):
    problem(small.post("/articles", {**BRIDGE, "id": "85d90e32cd23"}), 409, "id-taken")
    problem(small.request("PUT", "/articles/85d90e32cd23", json=BRIDGE), 404, "no-article")


@pytest.mark.parametrize("when", ["before", "while"])
def test_a_full_disk_is_told_and_nothing_is_lost(small, monkeypatch, when):
    small.post("/articles", {**BRIDGE, "id": "x"}, params=WAIT)
    if when == "before":
        monkeypatch.setattr(uploads, "_RESERVE", 1 << 60)
    else:
        monkeypatch.setattr(uploads.os, "fsync", _full)
    problem(small.request("PUT", "/articles/x", json=TRAIN), 507, "file-disk")
    problem(small.post("/articles", TRAIN), 507, "file-disk")
    monkeypatch.undo()
    assert small.get("/articles/x")["title"] == BRIDGE["title"]
    assert [file.name for file in small.desk.uploads.folder.rglob("*") if file.is_file()] == ["x.json"]


def _full(_):
    raise OSError(28, "No space left on device")


def test_a_job_that_cannot_be_noted_is_not_acknowledged(small, monkeypatch):
    def failing(job):
        raise KhabarError(f"'{small.desk.settings.data}/jobs.sqlite' cannot be written: its disk is full", "make room")

    monkeypatch.setattr(small.desk.work.jobs, "add", failing)
    response = small.post("/articles", BRIDGE)
    problem(response, 503, "unavailable")
    assert str(small.desk.settings.data) not in response.text
    assert not [file for file in small.desk.uploads.folder.rglob("*") if file.is_file()]


@pytest.mark.parametrize("send", ["article", "file"])
def test_a_job_that_fails_while_its_sender_waits_is_an_error(small, monkeypatch, send):
    def failing(*_):
        raise RuntimeError("secret")

    monkeypatch.setattr(small.desk.work, "_put", failing)
    monkeypatch.setattr(small.desk.work, "_add", failing)
    assert "secret" not in problem(_sent(small, send), 503, "job-failed")


@pytest.mark.parametrize("send", ["article", "file"])
def test_a_job_that_is_cancelled_while_its_sender_waits_is_told(small, send):
    small.desk.work.stop()
    cancel = threading.Timer(0.5, lambda: [small.desk.work.cancel(job.job_id) for job in small.desk.work.jobs.pending()])
    cancel.start()
    problem(_sent(small, send), 409, "cancelled")
    cancel.join()


def _sent(client, kind):
    if kind == "article":
        return client.post("/articles", BRIDGE, params=WAIT)
    return client.request("POST", "/files", params={"name": "قطار.txt", **WAIT}, content=TRAIN["text"].encode())


def test_what_is_taken_up_is_told_though_many_ask(small, monkeypatch):
    run, calls = small.desk.answering.run, []

    async def full(work, asker):
        calls.append(asker)
        if len(calls) > 1:
            raise Overloaded(3)
        return await run(work, asker)

    monkeypatch.setattr(small.desk.answering, "run", full)
    assert small.post("/articles", BRIDGE, params=WAIT).status_code == 201


def test_a_disk_that_is_full_for_a_while_loses_nothing_that_was_taken_up(small, monkeypatch):
    small.post("/articles", {**BRIDGE, "id": "x"}, params=WAIT)
    copy, calls = work_module.shutil.copyfile, []

    def full(*places, **how):
        calls.append(places)
        if len(calls) < 3:
            raise OSError(28, "No space left on device")
        return copy(*places, **how)

    monkeypatch.setattr(work_module.shutil, "copyfile", full)
    response = small.request("PUT", "/articles/x", json=TRAIN, params=WAIT)
    assert response.status_code == 201 and response.json()["job"]["result"] == "added", response.text
    assert small.get("/articles/x")["title"] == TRAIN["title"] and _files(small) == ["x.json"]


def test_two_versions_that_come_at_once_are_both_read(own, monkeypatch):
    first = own()
    first.desk.work.stop()
    sent = [first.request("PUT", "/articles/x", json=each).json()["job"]["id"] for each in (BRIDGE, TRAIN)]
    second = own()
    put, batches = second.desk.work._put, []
    monkeypatch.setattr(second.desk.work, "_put", lambda batch, heard: (batches.append(len(batch)), put(batch, heard)))
    second.desk.resume()
    assert [second.get(f"/jobs/{job}", params=WAIT)["result"] for job in sent] == ["added", "added"] and batches == [1, 1]
    assert second.get("/articles/x")["title"] == TRAIN["title"]


@pytest.mark.parametrize("version", ["first", "second"])
def test_what_another_process_holds_up_can_be_cancelled(small, version):
    if version == "second":
        small.post("/articles", {**BRIDGE, "id": "x"}, params=WAIT)
    with sole_writer(small.desk.settings.data):
        job = small.request("PUT", "/articles/x", json=TRAIN).json()["job"]["id"]
        until(lambda: small.desk.work.state.stage == "elsewhere")
        until(lambda: small.post(f"/jobs/{job}/cancel").status_code == 200)
        assert small.get(f"/jobs/{job}")["state"] == "cancelled"
    until(lambda: small.desk.work.state.stage == "idle")
    if version == "second":
        assert small.get("/articles/x")["title"] == BRIDGE["title"] and _files(small) == ["x.json"]
    else:
        problem(small.request("GET", "/articles/x"), 404, "no-article")
        assert _files(small) == []


def test_what_is_not_read_yet_is_deleted_after_that(small):
    with sole_writer(small.desk.settings.data):
        small.request("PUT", "/articles/x", json=TRAIN)
        gone = small.request("DELETE", "/articles/x")
        again = small.request("DELETE", "/articles/x")
    assert gone.status_code == again.status_code == 202 and gone.json()["id"] == again.json()["id"]
    assert small.get(f"/jobs/{gone.json()['id']}", params=WAIT)["result"] == "removed"
    problem(small.request("GET", "/articles/x"), 404, "no-article")
    assert _files(small) == []


def test_an_end_that_the_disk_does_not_take_is_written_later(small, monkeypatch):
    end, calls = small.desk.work.jobs.end, []

    def full(*what, **more):
        calls.append(what)
        if len(calls) < 4:
            raise KhabarError("the disk is full", "make room")
        end(*what, **more)

    monkeypatch.setattr(small.desk.work.jobs, "end", full)
    assert small.post("/articles", BRIDGE, params=WAIT).status_code == 201 and len(calls) == 4


def _files(client):
    return sorted(file.name for file in client.desk.uploads.folder.rglob("*") if file.is_file())


def test_an_archive_that_takes_nothing_says_so(own):
    closed = own(upload_mb=0)
    problem(closed.post("/articles", BRIDGE), 409, "closed")
    problem(closed.request("DELETE", f"/articles/{closed.get('/articles')['articles'][0]['article_id']}"), 409, "closed")


def test_a_run_that_was_asked_for_is_made_by_the_next_server_though_it_takes_no_files(own):
    first = own(upload_mb=0)
    first.desk.work.stop()
    (first.news / "تازه.txt").write_text("---\ntitle: خبر تازه\n---\nکشتی تازه به راه افتاد.", encoding="utf-8")
    asked = first.post("/jobs", {"kind": "index"}).json()
    second = own(upload_mb=0)
    second.desk.resume()
    assert second.get(f"/jobs/{asked['id']}", params=WAIT)["result"] == "indexed" and "news/تازه.txt" in second.paths()


def test_an_archive_that_another_machine_indexes_is_left_to_it(own):
    first = own()
    first.desk.work.stop()
    asked = first.post("/jobs", {"kind": "index"}).json()
    catalog = Catalog(first.desk.settings.data / FILE_NAME, writable=True)
    serve_only(catalog)
    catalog.close()
    second = own()
    second.desk.resume()
    assert second.get(f"/jobs/{asked['id']}")["state"] == "waiting" and second.desk.work.state.stage == "idle"


def test_what_was_sent_before_the_server_ended_is_done_by_the_next(own):
    first = own()
    first.desk.work.stop()
    sent = first.post("/articles", {**BRIDGE, "id": "x"}).json()
    gone = first.request("DELETE", f"/articles/{first.get('/articles', params={'find': 'تهران'})['articles'][0]['article_id']}")
    assert (sent["job"]["state"], gone.status_code) == ("waiting", 202)
    second = own()
    second.desk.resume()
    assert second.get(f"/jobs/{sent['job']['id']}", params=WAIT)["result"] == "added"
    assert second.get(f"/jobs/{gone.json()['id']}", params=WAIT)["result"] == "withdrawn"
    assert second.paths() == ["news/vienna.txt", "news/خبر.txt", "uploads/sent/x.json#x"]
    assert work_module.ready_for(second.desk.sent.file_of("x"), "y").name.startswith(".ready-")
