from __future__ import annotations

import asyncio

import pytest

from index.lock import sole_writer
from rag.api.multipart import Began, Ended, Piece, files_in
from rag.api.problems import Refused
from rag.intake import uploads
from tests.rag.api.made import ARABIC, ENGLISH, PERSIAN
from tests.rag.api.told import problem

WAIT = {"wait": 30}
NEW = ARABIC.replace("الرياض", "المنامة")


def test_a_form_of_several_files(small):
    sent = [("file", ("قمة.txt", NEW.encode())), ("file", ("دیدار ۲.md", PERSIAN.replace("تهران", "شیراز").encode()))]
    response = small.request("POST", "/files", files=sent, params=WAIT)
    assert response.status_code == 201, response.text
    told = response.json()["files"]
    assert [(each["name"], each["known"], each["job"]["result"]) for each in told] == [
        ("قمة.txt", False, "added"), ("دیدار ۲.md", False, "added"),
    ]  # fmt: skip
    assert small.cited("أين اجتمع الوزراء في المنامة؟") == ["uploads/قمة.txt"]


def test_a_file_as_the_body(small):
    response = small.request("POST", "/files", params={"name": "../../مجلد/قمة.txt", **WAIT}, content=NEW.encode())
    assert response.status_code == 201 and response.json()["files"][0]["name"] == "مجلد/قمة.txt"
    assert "uploads/مجلد/قمة.txt" in small.paths()


def test_the_same_content_twice_is_one_file_and_that_is_told(small):
    names = ({"name": "a.txt"}, {"name": "b.txt"})
    with sole_writer(small.desk.settings.data):  # the first waits
        first, second = (small.request("POST", "/files", params=name, content=NEW.encode()) for name in names)
    assert first.status_code == 202 and not first.json()["files"][0]["known"]
    again = second.json()["files"][0]
    assert again["known"] and again["job"]["id"] == first.json()["files"][0]["job"]["id"]
    small.get(f"/jobs/{again['job']['id']}", params=WAIT)
    third = small.request("POST", "/files", params={"name": "c.txt"}, content=NEW.encode())
    assert third.status_code == 200 and third.json()["files"][0]["known_as"] == "uploads/a.txt"
    known = small.request("POST", "/files", params={"name": "d.txt"}, content=ENGLISH.encode()).json()["files"][0]
    assert known["known_as"] == "news/vienna.txt", "a file of the reader's own"


def test_what_is_just_being_deleted_is_not_known(small):
    small.request("POST", "/files", params={"name": "a.txt", **WAIT}, content=NEW.encode())
    (article_id,) = (each["article_id"] for each in small.get("/articles")["articles"] if each["path"] == "uploads/a.txt")
    with sole_writer(small.desk.settings.data):
        job = small.request("DELETE", f"/articles/{article_id}").json()["id"]
        refused = small.request("POST", "/files", params={"name": "b.txt"}, content=NEW.encode())
        problem(refused, 409, "file-being-deleted")
    assert job in refused.json()["remedy"]
    small.get(f"/jobs/{job}", params=WAIT)
    again = small.request("POST", "/files", params={"name": "b.txt", **WAIT}, content=NEW.encode())
    assert again.status_code == 201 and "uploads/b.txt" in small.paths() and "uploads/a.txt" not in small.paths()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("film.mp4", b"x", (415, "file-not-read")),
        ("empty.txt", b"", (422, "file-empty")),
        ("big.txt", b"x" * 2_000_000, (413, "file-too-large")),
    ],
)
def test_a_file_that_is_refused(own, name, content, told):
    small = own(upload_mb=1)
    problem(small.request("POST", "/files", params={"name": name}, content=content), *told)
    problem(small.request("POST", "/files", files={"file": (name, content)}), *told)
    assert not [file for file in small.desk.uploads.folder.rglob("*") if file.is_file()]


def test_one_of_several_that_is_refused_does_not_keep_back_the_others(small):
    sent = [("file", ("film.mp4", b"x")), ("file", ("قمة.txt", NEW.encode())), ("file", ("empty.txt", b""))]
    told = small.request("POST", "/files", files=sent, params=WAIT).json()["files"]
    assert [each["code"] for each in told] == ["file-not-read", None, "file-empty"]
    assert told[1]["job"]["result"] == "added"


def test_what_cannot_be_read_is_told_after_the_wait(small):
    problem(small.request("POST", "/files", params={"name": "a.pdf", **WAIT}, content=b"MZ\0\0" * 400), 422, "no-article-in-it")


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        (b"x", "text/plain", (415, "wrong-content-type")),
        (b"x", "multipart/form-data", (400, "not-multipart")),
        (b"x", "multipart/form-data; boundary=b", (400, "not-multipart")),
        (b"--b\r\n", "multipart/form-data; boundary=b", (400, "not-multipart")),
        (b'--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf', "multipart/form-data; boundary=b",
         (400, "not-multipart")),
        (b'--b\r\ncontent-disposition: form-data; name="x"\r\n\r\nfield\r\n--b--\r\n', "multipart/form-data; boundary=b",
         (422, "no-file")),
        (b"--b\r\n" + b"x" * 20_000 + b": y\r\n\r\n", "multipart/form-data; boundary=b", (400, "not-multipart")),
    ],
)  # fmt: skip
def test_a_broken_form(small, content, kind, told):
    problem(small.request("POST", "/files", content=content, headers={"content-type": kind}), *told)
    assert not [file for file in small.desk.uploads.folder.rglob("*") if file.is_file()], "nothing is left of half a file"


def test_a_full_disk(small, monkeypatch):
    monkeypatch.setattr(uploads, "_RESERVE", 1 << 60)
    problem(small.request("POST", "/files", params={"name": "a.txt"}, content=NEW.encode()), 507, "file-disk")


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_form_is_read_in_pieces_of_any_size(size):
    content = "قمة\r\n--b".encode() * 50
    body = (
        b'--bound\r\ncontent-disposition: form-data; name="note"\r\n\r\nx\r\n--bound\r\n'
        b"Content-Disposition: form-data; name=\"file\"; filename=\"" + "خبر ۲.txt".encode() + b'"\r\n'
        b"Content-Type: text/plain\r\n\r\n" + content + b"\r\n--bound--\r\n"
    )  # fmt: skip

    async def pieces():
        for start in range(0, len(body), size):
            yield body[start : start + size]

    async def read():
        return [part async for part in files_in("multipart/form-data; boundary=bound", pieces())]

    found = asyncio.run(read())
    assert found[0] == Began("خبر ۲.txt") and found[-1] == Ended()
    assert b"".join(part.content for part in found if isinstance(part, Piece)) == content


def test_a_form_without_a_boundary_is_refused():
    async def read():
        async for _ in files_in("multipart/form-data", iter(())):
            pass

    with pytest.raises(Refused):
        asyncio.run(read())
