"""Files that come in through the page, against the archive's endpoints."""

from __future__ import annotations

import errno
import io
import os
import zipfile
from contextlib import closing

import pytest

from index.catalog import FILE_NAME, Catalog
from index.lock import sole_writer
from index.stores import serve_only
from index.types import KhabarError, Problem
from rag.intake import uploads as taking
from rag.intake import work
from rag.phrases import phrase
from tests.ui.page.archive.conftest import ARABIC, ENGLISH, PERSIAN
from tests.waiting import until
from ui.page.archive.refusal import told_problem


def refusal(reply) -> tuple[str, str, str]:
    told = reply.json()
    return told["kind"], told["error"]["problem"], told["error"]["remedy"]


def test_an_empty_archive_says_so_and_invites_files_in_each_language(page):
    uploads = page.desk.uploads
    assert uploads.are_taken and (uploads.most_bytes(".txt"), uploads.most_bytes(".zip")) == (20_000_000, 100_000_000)
    for language in ("ar", "fa", "en"):
        html = page.client.get("/page/archive/view", headers={"X-Khabar-Language": language}).text
        assert phrase("page_archive.empty", language) in html and 'data-add="files"' in html


def test_files_that_come_in_can_be_asked_without_a_restart(page):
    for name, text in (("خبر.txt", ARABIC), ("مجموعه/دیدار.txt", PERSIAN), ("mill.txt", ENGLISH)):
        assert page.send(name, text).json() == {"name": name, "known_as": None}
    told = page.done(language="fa")
    assert [(each["name"], each["result"]) for each in told] == [
        ("خبر.txt", "added"), ("مجموعه/دیدار.txt", "added"), ("mill.txt", "added"),
    ]  # fmt: skip
    assert told[0]["text"] == "به بایگانی آمد: ۱ مقاله"
    assert sorted(page.paths()) == ["uploads/mill.txt", "uploads/خبر.txt", "uploads/مجموعه/دیدار.txt"]
    answer = page.client.post("/api/ask", json={"question": "أين اجتمع الوزراء وماذا ناقشوا؟"}).json()
    assert "uploads/خبر.txt" in [each["path"] for each in answer["citations"]]
    assert phrase("page_archive.empty", "en") not in page.get("view")


@pytest.mark.parametrize(
    ("name", "content", "language", "kind", "reason", "remedy"),
    [
        ("tool.exe", b"MZ", "fa", "not read", ".exe", "پسوند"),
        ("photo.jpg", b"\xff\xd8", "en", "not read", ".jpg: not read", "Tesseract"),
        ("old.doc", b"\xd0\xcf", "ar", "not read", ".doc", ".docx"),
        ("noname", b"x", "ar", "not read", "نوع لا يُقرأ", "احفظ"),
        ("news\u202etxt.exe", b"MZ", "en", "not read", ".exe", "save"),
        ("empty.txt", b"", "ar", "empty", "فارغ", "ضع نص المقال"),
        ("big.txt", b"a" * 20_000_001, "fa", "too large", "بزرگ‌تر از ۲۰ مگابایت", "بخش کنید"),
        ("big.txt", b"a" * 20_000_001, "en", "too large", "larger than 20 MB", "split it"),
    ],
)
def test_what_is_not_taken_is_told_with_reason_and_remedy(page, name, content, language, kind, reason, remedy):
    found = refusal(page.send(name, content, language))
    assert found[0] == kind and reason in found[1] and remedy in found[2]
    assert page.files() == [] and page.work.state.stage == "idle"
    assert "KHABAR_" not in found[2], "a reader cannot change a setting"


def test_200_megabytes_are_refused_before_and_while_they_come(page):
    files = [("خبر.zip", 200_000_000), ("a.txt", 10), ("b.exe", 1)]
    announced = {"files": [{"name": name, "size": size} for name, size in files]}
    told = page.client.post("/page/archive/check", json=announced, headers={"X-Khabar-Language": "ar"}).json()["refused"]
    assert told[0] == {"reason": "أكبر من 100 ميغابايت", "remedy": "قسّمه ملفات أصغر"} and told[1] is None and told[2]
    # One that does not tell its size is cut off where the limit is.
    reply = page.client.put("/page/archive/upload?name=a.txt", content=iter([b"a" * 1_000_000] * 25))
    assert reply.status_code == 413 and list(page.uploads.glob("**/.part*")) == []


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_an_executable_that_is_named_txt_is_refused_by_its_content_and_not_kept(page, language):
    assert page.send("program.txt", b"MZ\0\0\x01\x02\x90\0" * 400, language).status_code == 200
    (told,) = page.done(language=language)
    assert (told["result"], told["articles"]) == ("refused", 0)
    (note,) = told["notes"]
    expected = {"ar": "ملف لا نص فيه", "fa": "پروندهٔ بی‌متن", "en": "no text but a binary file"}
    assert note["reason"] == expected[language] and note["remedy"]
    assert page.files() == [] and page.archive.catalog.problems() == []


@pytest.mark.parametrize("name", ["../../../etc/passwd.txt", "/etc/passwd.txt", "..\\..\\etc\\passwd.txt"])
def test_no_name_leads_out_of_the_folder(page, name):
    page.send(name, ENGLISH)
    page.done()
    assert page.files() == ["etc/passwd.txt"]


def test_a_name_of_300_letters_and_one_of_control_characters(page):
    for name in ("خ" * 300 + ".txt", "a\x00b\r\nc\u202e.txt"):
        assert page.send(name, f"{ENGLISH} {len(name)}").status_code == 200
    assert [each["result"] for each in page.done()] == ["added", "added"]
    assert sorted(len(name) for name in page.files()) == [7, 92]


def test_two_files_of_one_name_are_both_kept(page):
    sent = [page.send("خبر.txt", text).json()["name"] for text in (ARABIC, PERSIAN, ENGLISH)]
    assert sent == ["خبر.txt", "خبر (2).txt", "خبر (3).txt"]
    assert [each["result"] for each in page.done()] == ["added"] * 3 and len(page.paths()) == 3


def test_a_file_may_have_the_name_of_a_folder(page):
    page.send("news", b"x")
    for name in ("a.txt", "a.txt/b.txt"):
        assert page.send(name, f"{ENGLISH} {name}").status_code == 200
    assert [each["result"] for each in page.done()] == ["added", "added"]


def test_the_same_content_again_is_told_and_not_kept_twice(page):
    page.send("خبر.txt", ARABIC)
    page.done()
    assert page.send("نسخة.txt", ARABIC).json() == {"name": "نسخة.txt", "known_as": "uploads/خبر.txt"}
    assert page.files() == ["خبر.txt"]


def test_a_file_of_several_articles_says_how_many_and_what_was_left_out(page):
    lines = '{"id": 1, "title": "One", "text": "The bridge is open."}\n{"id": 2, "text": "The road is closed."}\nno json\n'
    page.send("several.jsonl", lines)
    (told,) = page.done()
    assert (told["result"], told["articles"], told["text"]) == ("added", 2, "in the archive: 2 articles")
    assert [note["reason"] for note in told["notes"]] == ["damaged"]


def test_a_zip_of_a_thousand_folders_up_writes_nothing_outside(page):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as whole:
        whole.writestr("../../evil.txt", ENGLISH)
        whole.writestr("خبر.txt", ARABIC)
    page.send("packed.zip", packed.getvalue())
    (told,) = page.done()
    assert told["result"] == "added" and page.files() == ["packed.zip"]
    assert not list(page.settings.data.parent.rglob("evil.txt"))


@pytest.mark.parametrize("when", ["before", "while"])
def test_a_full_disk_leaves_nothing_behind_and_says_so(page, monkeypatch, when):
    page.send("خبر.txt", ARABIC)
    page.done()
    if when == "before":
        monkeypatch.setattr(taking, "_RESERVE", 1 << 60)
    else:
        monkeypatch.setattr(taking.os, "fsync", _full)
    kind, reason, remedy = refusal(page.send("دیدار.txt", PERSIAN, "fa"))
    assert (kind, reason) == ("disk", "جایی برایش روی دیسک نیست") and "دوباره" in remedy
    monkeypatch.undo()
    assert page.files() == ["خبر.txt"] and len(page.paths()) == 1
    assert page.send("دیدار.txt", PERSIAN).status_code == 200 and page.done(1)[0]["result"] == "added"


def _full(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_of_the_index_keeps_the_file_and_reads_it_later(page, monkeypatch):
    monkeypatch.setattr(work, "_RETRY_SECONDS", 0.05)
    real, failed = work.build_index, []

    def full(*given, **more):
        if not failed:
            failed.append(True)
            raise KhabarError("the disk is full", "make room")
        return real(*given, **more)

    monkeypatch.setattr(work, "build_index", full)
    page.send("خبر.txt", ARABIC)
    assert page.done()[0]["result"] == "added" and failed and page.files() == ["خبر.txt"]


def test_what_became_of_files_is_told_once_though_clearing_up_behind_them_is_tried_again(page, monkeypatch):
    monkeypatch.setattr(work, "_RETRY_SECONDS", 0.05)
    real, failed = work.build_index, []

    def failing(*given, **more):
        if more["forget"] and not failed:
            failed.append(True)
            raise KhabarError("the disk is full", "make room")
        return real(*given, **more)

    monkeypatch.setattr(work, "build_index", failing)
    page.send("خبر.txt", ARABIC)
    page.send("برنامه.txt", b"MZ\0\0\x01\x02\x90\0" * 400)
    assert sorted((each["name"], each["result"]) for each in page.done()) == [("برنامه.txt", "refused"), ("خبر.txt", "added")]
    assert failed and page.files() == ["خبر.txt"] and page.archive.catalog.problems() == []


def test_a_size_is_told_only_where_it_is_the_reason():
    of_parts = Problem("a.pdf", "only its first 500 pages were read; split it", skipped=False, kind="too large")
    of_size = Problem("a.zip#b.txt", "21.0 MB is over the limit of 20 MB; split it or raise KHABAR_MAX_MB", kind="too large")
    expected = (("ar", "أكبر من", "20 ميغابايت"), ("fa", "بزرگ‌تر از", "۲۰ مگابایت"), ("en", "larger than", "20 MB"))
    for language, larger, size in expected:
        reason, remedy = told_problem(of_size, language)
        assert larger in reason and size in reason and "KHABAR_" not in remedy
        reason, remedy = told_problem(of_parts, language)
        assert reason and not set(reason) & set("0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩") and "KHABAR_" not in remedy


def test_while_another_process_indexes_the_files_wait_and_that_is_told(page):
    with sole_writer(page.settings.data):
        page.send("خبر.txt", ARABIC)
        until(lambda: page.work.state.stage == "elsewhere")
        told = page.client.get("/page/archive/work", headers={"X-Khabar-Language": "ar"}).json()
        assert told["told"] == phrase("page_archive_stage.elsewhere", "ar") and told["outcomes"] == []
    assert page.done()[0]["result"] == "added"


def test_what_came_in_before_the_server_ended_is_read_by_the_next(opened, tmp_path):
    first = opened()
    first.work.stop()
    assert first.send("خبر.txt", ARABIC).status_code == 200
    for name in (".part-left", ".part-coming"):
        (first.uploads / name).write_text("half of a file")
    os.utime(first.uploads / ".part-left", (1, 1))
    second = opened()
    assert second.done()[0]["result"] == "added" and second.files() == [".part-coming", "خبر.txt"]


def test_a_browser_that_goes_away_while_it_sends_leaves_nothing(page):
    def broken():
        yield b"half of an article"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        page.client.put("/page/archive/upload?name=a.txt", content=broken())
    until(lambda: page.files() == [])


def test_another_sites_page_cannot_send_remove_or_put_back(page):
    page.send("خبر.txt", ARABIC)
    page.done()
    own = page.id_of("خبر.txt")
    del page.client.headers["X-Khabar"]
    for call in (
        lambda: page.client.put("/page/archive/upload?name=a.txt", content=b"x"),
        lambda: page.post(f"remove/{own}?whole=1"),
        lambda: page.post(f"restore/{own}"),
    ):
        assert call().status_code >= 400
    assert page.files() == ["خبر.txt"] and page.work.state.stage == "idle"


def test_an_archive_that_takes_no_files_says_so(opened):
    page = opened(upload_mb=0)
    assert not page.desk.uploads.are_taken and "data-add" not in page.get("view")
    assert refusal(page.send("a.txt", ENGLISH))[0] == "closed"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_takes_no_files(page):
    page.settings.data.chmod(0o500)
    assert not page.desk.uploads.are_taken
    page.settings.data.chmod(0o700)


def test_a_copy_that_only_serves_takes_no_files(page):
    with closing(Catalog(page.settings.data / FILE_NAME, writable=True)) as catalog:
        serve_only(catalog)
    assert refusal(page.send("a.txt", ENGLISH))[0] == "closed"
