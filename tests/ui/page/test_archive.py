"""The archive's view in Chromium: an empty one, files that come in, the table and its chart, taking out and putting back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from index.build import BuildOptions, build_index
from index.embed import NoEmbedder
from rag.api.application import create_api
from rag.archive import chosen_names, open_archive
from rag.desk import open_desk
from rag.intake import work
from rag.phrases import phrase, say
from rag.settings import Settings
from tests.ui.page.archive.conftest import ARABIC, ENGLISH, PERSIAN
from tests.ui.page.served import Quiet, Visit, opened, serving, watched
from tests.ui.page.windows import Window, Windows
from ui.commands.serve import begin_archive
from ui.page.app import mount_page

pytestmark = pytest.mark.browser

SEVERAL = '{"id": 1, "title": "One", "text": "The bridge is open."}\n{"id": 2, "title": "Two", "text": "The road is closed."}'


def served(settings: Settings) -> Iterator[str]:
    archive = open_archive(settings)
    with closing(archive.catalog):
        desk = open_desk(archive, settings)
        with serving(mount_page(create_api(desk), desk)) as address:
            yield address
        desk.close()


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server over an archive that nobody has put anything in, as khabar serve begins it."""
    monkeypatch.setattr(work, "_QUIET_SECONDS", 0.2)
    settings = Settings(data=tmp_path / "data", llm="none", embedder="none", reader="none")
    begin_archive(settings)
    yield from served(settings)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over seeds/ and some more articles of one outlet."""
    data, more = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("more")
    for number in range(40):
        head = f"title: خبر الميناء {number:02}\noutlet: نداء الميناء\npublished: 2025-01-{number % 28 + 1:02}"
        text = f"---\n{head}\n---\nوصلت سفينة."
        (more / f"خبر {number:02}.txt").write_text(text, encoding="utf-8")
    (more / "odd.txt").write_text("---\ntitle: Odd\npublished: 99 Foo\n---\nThe odd mill stands there still.", encoding="utf-8")
    settings = Settings(data=data, llm="none", embedder="none", reader="none")
    seeds = Path(__file__).parents[3] / "seeds"
    build_index(data, [seeds, more], NoEmbedder(), BuildOptions(), Quiet(), names=chosen_names(settings))
    yield from served(settings)


@pytest.fixture
def visit(windows: Windows) -> Iterator[Any]:
    """A function that opens an address; at the end nobody may have complained but of a status `refused` on purpose."""
    made: list[tuple[Visit, Window, str]] = []
    expected: list[int] = []

    def open_page(address: str, path: str = "", refused: int | None = None, **options: Any) -> Page:
        expected.extend([refused] if refused else [])
        window = windows.lend({"viewport": {"width": 1280, "height": 900}, "locale": "en-US", **options})
        made.append((Visit(window.page, watched(window.page, address)), window, address))
        opened(window.page, address + path)
        return window.page

    yield open_page
    purposes = [re.compile(rf"^{status} |status of {status}\b") for status in expected]
    complaints = [each for visit, _, _ in made for each in visit.complaints if not any(one.search(each) for one in purposes)]
    for _, window, address in made:
        windows.take_back(window, address)
    assert not complaints


def choose(page: Page, files: list[dict[str, Any]]) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator('[data-add="files"]').first.click()
    chooser.value.set_files(files)


def file(name: str, content: str | bytes) -> dict[str, Any]:
    given = content.encode() if isinstance(content, str) else content
    return {"name": name, "mimeType": "application/octet-stream", "buffer": given}


def titles(page: Page) -> list[str]:
    return page.locator("table.articles .headline").all_inner_texts()


@pytest.mark.parametrize(("language", "locale"), [("ar", "ar")])
def test_an_empty_archive_invites_files_and_answers_from_them_at_once(visit, empty, language, locale):
    page = visit(empty, locale=locale)
    expect(page.locator(".invitation h2")).to_have_text(phrase("page_archive.empty", language))
    expect(page.locator(".welcome")).to_be_hidden()
    bad = [file("program.txt", b"MZ\0\1" * 99), file("tool.exe", b"MZ")]
    choose(page, [file("خبر.txt", ARABIC), file("دیدار.txt", PERSIAN), *bad])
    page.locator("#incoming .away").wait_for()  # not before all is done
    refused = page.locator("#incoming li.refused")
    expect(refused).to_have_count(2)
    expect(page.locator("#incoming li.added")).to_have_count(2)
    assert all(line.locator(".remark b").inner_text() and line.locator(".remark span").inner_text() for line in refused.all())
    expect(page.locator("#incoming .told")).to_contain_text(say("page_archive.incoming_told", language, **four(language)))
    expect(page.locator(".invitation")).to_have_count(0)
    page.locator("#incoming .away").click()
    expect(page.locator("#incoming")).to_have_count(0)
    page.locator("#box").fill({"ar": "أين اجتمع الوزراء؟", "fa": "وزیران کجا گفت‌وگو کردند؟", "en": "الوزراء"}[language])
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_count(1)
    page.locator("#filter-button").click()
    expect(page.get_by_label("صحيفة المرفأ", exact=False)).to_be_visible()


def four(language: str) -> dict[str, str]:
    return {"done": "۴", "of": "۴"} if language == "fa" else {"done": "4", "of": "4"}


def test_what_is_dropped_comes_in_and_what_is_hidden_is_left_aside(visit, empty):
    page = visit(empty, "archive", locale="fa-IR")
    expect(page.locator(".invitation")).to_be_visible()
    drop = """
    (texts) => {
      const transfer = new DataTransfer();
      texts.forEach(([name, text]) => transfer.items.add(new File([text], name)));
      for (const kind of ["dragenter", "dragover", "drop"])
        document.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }
    """
    page.evaluate(drop, [["دیدار.txt", PERSIAN], [".DS_Store", "x"], ["خبر.txt", ARABIC]])
    expect(page.locator("#toasts")).to_contain_text("پرونده‌های پنهان")
    expect(page.locator("table.articles .headline")).to_have_count(2)
    expect(page.locator("#drop")).to_have_count(0)
    assert titles(page) == ["دیدار تهران", "قمة الرياض"]


@pytest.mark.parametrize("locale", ["ar"])
def test_files_that_are_too_many_at_once_wait_and_come_in(visit, empty, locale):
    page = visit(empty, "archive", 429, locale=locale)
    too_many = {"status": 429, "headers": {"Retry-After": "1"}, "json": {"error": {"problem": "p", "remedy": "r"}}}
    tries = {"upload": 0, "work": 0}

    def often(route):
        name = "upload" if "/upload" in route.request.url else "work"
        tries[name] += 1
        # The first of the uploads comes through, and so does what is asked first: where its counting begins.
        route.fulfill(**too_many) if 1 < tries[name] < 4 else route.continue_()

    page.route(re.compile("/page/archive/(upload|work)"), often)
    texts = [file(f"خبر {each}.txt", f"{ARABIC} رقم {each}.") for each in range(5)]
    choose(page, [*texts, file("دیدار.txt", PERSIAN)])
    page.locator("#incoming .away").wait_for()
    expect(page.locator("#incoming li.added")).to_have_count(6)
    expect(page.locator("#incoming li.refused")).to_have_count(0)
    assert tries["upload"] == 8


@pytest.mark.parametrize(("locale", "language", "status"), [("fa-IR", "fa", 403), ("ar", "ar", 401)])
def test_files_of_which_the_server_tells_nothing_more_are_not_waited_for(visit, empty, locale, language, status):
    page = visit(empty, "archive", status, locale=locale)
    page.route("**/page/archive/work?after=0", lambda route: route.fulfill(status=status, json={}))
    choose(page, [file("دیدار.txt", PERSIAN)])
    expect(page.locator("#incoming li.refused .fate")).to_have_text(say("page_archive_done.lost", language, name="دیدار.txt"))
    page.locator("#incoming .away").click()
    expect(page.locator("#incoming")).to_have_count(0)


def test_words_are_searched_while_they_are_typed_and_the_address_tells_it(visit, full):
    page = visit(full, "archive", locale="ar")
    expect(page.locator(".how-many")).to_have_text("77 مقالًا")
    page.locator(".narrow [name=q]").fill("خبر المينا")
    expect(page.locator(".how-many")).to_have_text("40 مقالًا")
    page.locator("thead th.title a").click()
    expect(page.locator("thead th.title")).to_have_attribute("aria-sort", "ascending")
    assert titles(page)[:2] == ["خبر الميناء 00", "خبر الميناء 01"]
    expect(page.locator("thead th.title a")).to_be_focused()
    page.reload()
    expect(page.locator(".narrow [name=q]")).to_have_value("خبر المينا")
    assert titles(page)[:2] == ["خبر الميناء 00", "خبر الميناء 01"]
    page.locator("a.condition").click()
    expect(page.locator(".how-many")).to_have_text("77 مقالًا")
    expect(page.locator(".narrow [name=q]")).to_have_value("")
    page.go_back()
    expect(page.locator(".how-many")).to_have_text("40 مقالًا")


def test_the_second_page_and_back(visit, full):
    page = visit(full, "archive")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("table.articles tbody tr")).to_have_count(27)
    page.go_back()
    expect(page.locator("table.articles tbody tr")).to_have_count(50)


def test_a_bar_filters_by_its_month_and_an_outlet_by_itself(visit, full):
    page = visit(full, "archive", locale="fa-IR")
    page.get_by_role("link", name=re.compile("^دی ۱۴۰۳")).click()
    expect(page.locator(".conditions")).to_contain_text("۱ دی ۱۴۰۳")
    expect(page.locator(".narrow [name=since]")).to_have_value("۱۴۰۳/۱۰/۱")
    expect(page.locator(".columns [aria-current=true]")).to_have_count(1)
    page.locator(".by-outlet a").first.click()
    expect(page.locator(".narrow [name=outlet]")).to_have_value("نداء الميناء")
    expect(page.locator("a.condition")).to_have_count(2)
    page.locator(".conditions .clear").click()
    expect(page.locator(".conditions")).to_have_count(0)
    page.locator(".narrow [name=since]").fill("۳۰ بهمن")
    expect(page.locator(".fault")).to_contain_text("۳۰ بهمن")
    page.locator(".narrow [name=since]").fill("")
    page.locator(".narrow [name=problems]").check()
    expect(page.locator("table.articles tbody tr")).to_have_count(1)
    page.locator(".remark summary").click()
    expect(page.locator(".remark p")).to_have_text(phrase("remedy.date", "fa"))


def test_a_name_leads_to_its_articles_and_to_a_question(visit, full):
    page = visit(full, "archive?part=names", locale="ar")
    page.locator(".narrow [name=q]").fill("Lavrov")
    name = page.locator(".kinds a").first
    expect(name).to_contain_text("لافروف")
    name.click()
    expect(page.locator(".conditions")).to_contain_text("لافروف")
    expect(page.locator("table.articles .headline").first).to_be_visible()
    page.locator("[data-fill]").click()
    expect(page.locator("#box")).to_have_value(re.compile("لافروف"))


def test_an_article_is_taken_out_after_a_question_and_put_back(visit, empty):
    page = visit(empty, "archive", locale="ar")
    choose(page, [file("several.jsonl", SEVERAL), file("خبر.txt", ARABIC)])
    expect(page.locator("table.articles .headline")).to_have_count(3)
    page.locator("#incoming .away").click()
    ask = page.locator("tr", has_text="Two").locator("[data-remove]")
    ask.click()
    expect(page.locator("dialog.removal")).to_contain_text("several.jsonl")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.removal")).to_have_count(0)
    expect(page.locator("table.articles .headline")).to_have_count(3)
    ask.click()
    page.get_by_role("button", name=phrase("page_archive.take_out", "ar"), exact=True).click()
    expect(page.locator("table.articles .headline")).to_have_count(2)
    page.locator("#toasts").get_by_role("button", name=phrase("page_archive.put_back", "ar")).click()
    expect(page.locator("table.articles .headline")).to_have_count(3)
    page.locator("tr", has_text="قمة الرياض").locator("[data-remove]").click()
    page.get_by_role("button", name=phrase("page_archive.delete", "ar"), exact=True).click()
    expect(page.locator("table.articles .headline")).to_have_count(2)
    expect(page.locator("#toasts")).to_contain_text("قمة الرياض")


@pytest.mark.parametrize("locale", ["ar"])
def test_nothing_is_wider_than_a_phone(visit, full, locale):
    page = visit(full, "archive", locale=locale, viewport={"width": 390, "height": 844}, has_touch=True)
    for path in ("archive", "archive?part=names", "archive?problems=1&q=Odd"):
        page.goto(f"{full}{path}")
        expect(page.locator("#archive-body")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = """[...document.querySelectorAll(".archive :is(a, button, input, select, summary)")].filter((each) => {
      const { width, height } = (each.closest("label.only") ?? each).getBoundingClientRect();
      return width && (height < 43.5 || width < 24);
    }).map((each) => each.outerHTML.slice(0, 120))"""
    assert page.evaluate(small) == []


def test_a_titles_markup_is_text(visit, empty):
    page = visit(empty, "archive")
    evil = ENGLISH.replace("A mill is mended", "<svg onload=alert(1)> \u202etxet")
    choose(page, [file("<img src=x onerror=alert(1)>.txt", evil)])
    expect(page.locator("table.articles .headline")).to_have_text(re.compile("<svg onload"))
    assert page.locator("#incoming img, .archive img, .headline svg").count() == 0
