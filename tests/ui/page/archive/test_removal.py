"""Taking out, deleting, putting back: what becomes of an article and of its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import BuildOptions, build_index
from index.embed import NoEmbedder
from index.lock import sole_writer
from rag.phrases import phrase
from tests.ui.html_reader import Page
from tests.ui.page.archive.conftest import ARABIC, ENGLISH, PERSIAN
from tests.ui.page.served import Quiet

SEVERAL = '{"id": 1, "title": "One", "text": "The bridge is open."}\n{"id": 2, "title": "Two", "text": "The road is closed."}'


@pytest.fixture
def news(page, tmp_path: Path) -> Path:
    """A folder of the user's own, indexed from outside of the page."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "خبر.txt").write_text(ARABIC, encoding="utf-8")
    (folder / "دیدار.txt").write_text(PERSIAN, encoding="utf-8")
    index(page, folder)
    return folder


def index(page, *folders: Path) -> None:
    build_index(page.settings.data, folders, NoEmbedder(), BuildOptions(), Quiet())


def asked(page, question: str) -> list[str]:
    return [each["path"] for each in page.client.post("/api/ask", json={"question": question}).json()["citations"]]


def test_an_upload_is_deleted_with_its_article(page):
    page.send("مجموعه/دیدار.txt", PERSIAN)
    page.send("خبر.txt", ARABIC)
    page.done()
    own = page.id_of("دیدار.txt")
    dialog = page.get(f"removal/{own}")
    assert phrase("page_archive.delete", "en") in dialog and phrase("page_archive.take_out", "en") not in dialog
    assert page.post(f"remove/{own}?whole=1").json() == {"name": "دیدار تهران"}
    (told,) = page.done(2, "ar")
    assert told["text"] == "حُذف: دیدار تهران"
    assert page.files() == ["خبر.txt"] and not (page.uploads / "مجموعه").exists() and page.paths() == ["uploads/خبر.txt"]
    assert "uploads/مجموعه/دیدار.txt" not in asked(page, "وزیران کجا گفت‌وگو کردند؟")


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_what_is_just_being_deleted_cannot_be_added_until_then(page, language):
    page.send("خبر.txt", ARABIC)
    page.done()
    with sole_writer(page.settings.data):
        page.post(f"remove/{page.id_of('خبر.txt')}?whole=1")
        refused = page.send("دوباره.txt", ARABIC, language)
    problem, remedy = (phrase(f"page_archive_{each}.being deleted", language) for each in ("refused", "remedy"))
    assert refused.status_code == 409 and refused.json()["error"] == {"problem": problem, "remedy": remedy}
    page.done(1)
    assert page.send("دوباره.txt", ARABIC).json()["known_as"] is None


@pytest.mark.parametrize(("folder", "name"), [("#1 قمة", "خبر.txt"), ("مجموعه", "دیدار #2.jsonl")])
def test_a_file_is_named_whole_whatever_signs_its_name_has(page, folder, name):
    page.send(f"{folder}/{name}", SEVERAL if name.endswith("jsonl") else ARABIC)
    page.done()
    own = page.archive.catalog.entries()[0].article_id
    assert f"{folder}/{name}" in Page(page.get(f"removal/{own}")).text
    page.post(f"remove/{own}?whole=1")
    assert page.done(1)[0]["result"] == "removed" and page.files() == [] and page.paths() == []


def test_what_was_to_be_deleted_when_the_server_ended_is_deleted_by_the_next(opened):
    first = opened()
    for name, text in (("خبر.txt", ARABIC), ("دیدار.txt", PERSIAN)):
        first.send(name, text)
    first.done()
    first.work.stop()
    first.post(f"remove/{first.id_of('دیدار.txt')}?whole=1")
    assert "دیدار.txt" in first.files()
    second = opened()
    assert [each["result"] for each in second.done()] == ["removed"]
    assert second.files() == ["خبر.txt"] and second.paths() == ["uploads/خبر.txt"]
    assert opened().done() == [], "and once"


def test_an_article_of_the_users_own_folder_is_taken_out_its_file_left_and_it_can_be_put_back(page, news):
    own = page.id_of("خبر.txt")
    dialog = page.get(f"removal/{own}")
    assert phrase("page_archive.take_out", "en") in dialog and 'value="file"' not in dialog
    page.post(f"remove/{own}")
    (told,) = page.done()
    assert (told["result"], told["article_id"], told["text"]) == ("withdrawn", own, "Taken out: قمة الرياض")
    assert (news / "خبر.txt").read_text(encoding="utf-8") == ARABIC and page.paths() == ["news/دیدار.txt"]
    assert asked(page, "أين اجتمع الوزراء؟") != ["news/خبر.txt"]
    index(page)
    assert page.paths() == ["news/دیدار.txt"], "the next run leaves it out, too"
    assert "قمة الرياض" in page.get("view", part="withdrawn")
    page.post(f"restore/{own}")
    assert page.done(1)[0]["result"] == "restored"
    assert page.paths() == ["news/خبر.txt", "news/دیدار.txt"]


def test_whole_never_deletes_a_file_of_the_users_own(page, news):
    own = page.id_of("خبر.txt")
    page.post(f"remove/{own}?whole=1")
    assert page.done()[0]["result"] == "withdrawn" and (news / "خبر.txt").exists()


def test_of_an_upload_with_several_articles_one_is_taken_out_or_the_file_deleted(page):
    page.send("several.jsonl", SEVERAL)
    page.done()
    first, second = page.id_of("#1"), page.id_of("#2")
    dialog = page.client.get(f"/page/archive/removal/{first}", headers={"X-Khabar-Language": "ar"}).text
    assert "مقالان" in dialog and 'value="article"' in dialog and 'value="file"' in dialog
    page.post(f"remove/{first}")
    page.done()
    assert page.paths() == ["uploads/several.jsonl#2"] and page.files() == ["several.jsonl"]
    page.post(f"remove/{second}?whole=1")
    page.done()
    assert page.paths() == [] and page.files() == []
    assert phrase("page_archive.empty", "en") in page.get("view")


def test_what_cannot_be_read_any_more_stays_among_what_was_taken_out(page, news):
    own = page.id_of("خبر.txt")
    page.post(f"remove/{own}")
    page.done()
    (news / "خبر.txt").unlink()
    page.post(f"restore/{own}")
    assert page.done(1)[0]["result"] == "lost"
    assert "قمة الرياض" in page.get("view", part="withdrawn")


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_what_another_page_has_removed_meanwhile_is_told(page, language):
    for reply in (
        page.client.get("/page/archive/removal/nothing", headers={"X-Khabar-Language": language}),
        page.post("remove/nothing", language),
        page.post("restore/nothing", language),
    ):
        assert reply.status_code == 404 and reply.json()["error"]["problem"].endswith("nothing")


def test_titles_and_names_are_shown_as_text_alone(page):
    page.send("<svg onload=alert(1)>.txt", ENGLISH.replace("A mill is mended", "<img src=x onerror=alert(1)> \u202eevil"))
    page.done()
    own = page.id_of(".txt")
    for html in (page.get("view"), page.get(f"removal/{own}"), page.get("list", q="<script>alert(1)</script>", outlet="")):
        assert "<img" not in html and "<script" not in html and "<svg onload" not in html
