"""The client adds, replaces, lists and takes out articles, embedded and at a server alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.build import BuildOptions, build_index
from index.embed import NoEmbedder
from index.progress import Silent
from index.types import KhabarError
from khabar import BadRequest, Conflict, Khabar, NotFound
from rag.api.application import create_api
from rag.archive import open_archive
from rag.desk import open_desk
from rag.entities.extraction import GlossaryNames
from rag.settings import read_settings
from rag.text.glossary import load_glossary
from tests.khabar.conftest import PLAIN
from tests.serving import serving

NEWS = {
    "ar.txt": "افتتاح الجسر الجديد\n\nافتتح الرئيس الروسي فلاديمير بوتين الجسر الجديد في مدينة الخروبة، وكلّف ١٢ مليون دينار.",
    "fa.txt": "گشایش پل تازه\n\nولادیمیر پوتین رئیس‌جمهور روسیه روز سه‌شنبه پل تازه را در شهر خروبه گشود.",
}
PERSIAN = "کشتی باری «ماه‌نو» روز دوشنبه در بندر انزلی پهلو گرفت و ۳۴۰ تن گندم آورد."


@pytest.fixture(params=["embedded", "at_server"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Khabar]:
    news, data = tmp_path / "news", tmp_path / "data"
    news.mkdir()
    for name, text in NEWS.items():
        (news / name).write_text(text, "utf-8")
    build_index(data, [news], NoEmbedder(), BuildOptions(), Silent(), names=GlossaryNames(load_glossary()))
    if request.param == "embedded":
        with Khabar(data=data, **PLAIN) as opened:
            yield opened
        return
    settings = read_settings(data=data, **PLAIN)
    inside = open_archive(settings)
    desk = open_desk(inside, settings)
    with serving(create_api(desk)) as address, Khabar(address) as opened:
        yield opened
    desk.close()
    inside.catalog.close()


def test_an_article_comes_and_goes(archive):
    taken = archive.add(
        "پهلوگیری ماه‌نو", PERSIAN, outlet="تارنمای سپیدار", published=date(2025, 10, 21), url="https://example.org/کشتی"
    )
    assert taken.article_id and not taken.known
    article = archive.article(taken.article_id)
    assert PERSIAN in article.text and (article.outlet, article.published) == ("تارنمای سپیدار", date(2025, 10, 21))
    assert archive.ask("کشتی ماه‌نو کجا پهلو گرفت؟").citations[0].article_id == taken.article_id
    again = archive.add(
        "پهلوگیری ماه‌نو", PERSIAN, outlet="تارنمای سپیدار", published=date(2025, 10, 21), url="https://example.org/کشتی"
    )
    assert (again.id, again.article_id, again.known) == (taken.id, taken.article_id, True)
    assert [entry.title for entry in archive.articles(outlets=["تارنمای سپیدار"])] == ["پهلوگیری ماه‌نو"]
    assert archive.delete(taken.article_id) is True
    assert archive.status().articles == 2
    with pytest.raises(NotFound):
        archive.delete(taken.article_id)


def test_an_article_under_an_id_of_ones_own_is_replaced(archive):
    first = archive.add("ماه‌نو", PERSIAN, id="ship-1")
    second = archive.add("ماه‌نو", PERSIAN.replace("۳۴۰", "۵۶۰"), id="ship-1")
    assert first.id == second.id == "ship-1" and archive.status().articles == 3
    assert "۵۶۰ تن" in archive.article(second.article_id).text
    assert archive.delete("ship-1") is True and archive.status().articles == 2


def test_what_an_archive_was_closed_before_is_done_by_the_next(tmp_path):
    (tmp_path / "news").mkdir()
    build_index(tmp_path / "data", [tmp_path / "news"], NoEmbedder(), BuildOptions(), Silent())
    with Khabar(data=tmp_path / "data", **PLAIN) as first:
        assert first.add("ماه‌نو", PERSIAN, id="ship-1", wait=0).article_id is None
    with Khabar(data=tmp_path / "data", **PLAIN) as second:
        again = second.add("ماه‌نو", PERSIAN, id="ship-1")
        assert again.known and "۳۴۰ تن" in second.article(again.article_id or "").text


def test_an_archive_whose_jobs_cannot_be_read_is_not_left_open(tmp_path):
    (tmp_path / "news").mkdir()
    build_index(tmp_path / "data", [tmp_path / "news"], NoEmbedder(), BuildOptions(), Silent())
    (tmp_path / "data" / "jobs.sqlite").write_bytes(b"no file of jobs" * 999)
    before = set(threading.enumerate())
    with pytest.raises(KhabarError, match="jobs"):
        Khabar(data=tmp_path / "data", **PLAIN)
    assert not [thread for thread in threading.enumerate() if thread.name == "khabar" and thread not in before]


def test_the_list(archive):
    entries = list(archive.articles())
    assert {entry.language for entry in entries} == {"ar", "fa"} and len(entries) == archive.status().articles
    assert [entry.language for entry in archive.articles(languages=["ar"])] == ["ar"]
    assert list(archive.articles(since=date(2030, 1, 1))) == []


def test_a_list_of_several_pages(archive, monkeypatch):
    monkeypatch.setattr("khabar.client._PAGE", 1)
    assert len({entry.article_id for entry in archive.articles()}) == 2


@pytest.mark.parametrize(
    ("sent", "kind", "told"),
    [
        ({"title": "", "text": "x"}, BadRequest, "title"),
        ({"title": "ع", "text": "  "}, BadRequest, "text"),
        ({"title": "ع", "text": PERSIAN, "url": "javascript:alert(1)"}, BadRequest, "url"),
        ({"title": "ع", "text": PERSIAN, "language": "fr"}, BadRequest, "language"),
        ({"title": "ع", "text": PERSIAN, "wait": 10_000}, BadRequest, "wait"),
    ],
)
def test_what_is_not_taken(archive, sent, kind, told):
    with pytest.raises(kind) as failed:
        archive.add(**sent)
    assert told in failed.value.problem and archive.status().articles == 2


def test_an_article_of_a_file_is_not_replaced(archive):
    (entry,) = archive.articles(languages=["ar"])
    with pytest.raises(Conflict):
        archive.add("عنوان", PERSIAN, id=entry.article_id)


def test_whom_the_articles_name(archive):
    assert {entity.kind for entity in archive.entities()} <= {"person", "place", "organisation"}
    for name in ("بوتين", "پوتین", "Putin"):
        first = archive.entities(name, kind="person")[0]
        assert first.articles == 2 and {"فلاديمير بوتين", "ولادیمیر پوتین"} <= set(first.spellings)
    assert archive.entities("ققنوس‌پیشه") == [] and len(archive.entities(limit=1)) == 1
    with pytest.raises(BadRequest):
        archive.entities(limit=0)
