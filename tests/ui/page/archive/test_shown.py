"""What the archive's view shows, as HTML, over an archive that no test changes."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from starlette.datastructures import QueryParams

from index.build import BuildOptions, build_index
from index.embed import NoEmbedder
from index.types import Filter
from rag.archive import chosen_names, open_archive
from rag.intake.uploads import Uploads
from rag.phrases import phrase
from rag.settings import Settings
from tests.ui.page.served import Quiet
from ui.page.archive.asked import Asked, asked_in
from ui.page.archive.chart import chart_html
from ui.page.archive.shown import Shown


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    data, more = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("more")
    for number in range(60):
        text = f"---\noutlet: نداء\n---\nخبر رقم {number} عن بلدية الميناء."
        (more / f"خبر {number:02}.txt").write_text(text, encoding="utf-8")
    settings = Settings(data=data, llm="none", embedder="none", reader="none")
    seeds = Path(__file__).parents[4] / "seeds"
    (more / "copy.txt").write_text(next((seeds / "en").iterdir()).read_text(encoding="utf-8"), encoding="utf-8")
    build_index(data, [seeds, more], NoEmbedder(), BuildOptions(), Quiet(), names=chosen_names(settings))
    archive = open_archive(settings)
    with closing(archive.catalog):
        yield Shown(archive, settings, Uploads(settings, archive.catalog))


def asked(query: str) -> Asked:
    return asked_in(QueryParams(query))


def rows(html: str) -> int:
    return html.count("data-row=")


def test_a_page_has_fifty_articles_and_leads_to_the_next(shown):
    first, last = shown.body(asked(""), "en"), shown.body(asked("page=2"), "en")
    assert (rows(first), rows(last)) == (50, 47)
    assert "Page 1 of 2" in first and 'href="archive?page=2"' in first and 'href="archive"' in last
    assert "صفحهٔ ۲ از ۲" in shown.body(asked("page=2"), "fa")


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=x", "page=0", "page=" + "9" * 50, "page=" + "9" * 5000, "page=٢", "sort=x", "language=xx", "part=x"],
)
def test_an_address_of_nonsense_shows_what_one_without_it_does(shown, query):
    assert shown.view(asked(query), "ar") == shown.view(asked(""), "ar")


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_behind_the_last_page_the_last_is_shown(shown, language):
    assert shown.body(asked("page=9999999"), language) == shown.body(asked("page=2"), language)
    assert shown.body(asked("part=copies&page=77"), language) == shown.body(asked("part=copies"), language)


def test_an_entity_that_is_none_shows_no_article(shown):
    assert rows(shown.view(asked("entity=x:y"), "fa")) == 50 and not rows(shown.view(asked("entity=person:nobody"), "fa"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [("since=x", "x"), ("since=2025-10-02&until=2025-10-01", ""), ("outlet=Nobody", "Nobody")],
)
def test_a_condition_that_is_none_is_told_in_the_place_of_the_list(shown, query, expected):
    html = shown.body(asked(query), "fa")
    assert 'role="alert"' in html and expected in html and rows(html) == 0


def test_each_condition_is_a_chip_that_leads_to_the_list_without_it(shown):
    html = shown.body(asked("q=a&language=en&since=1404/1/1&until=2025-12-31&sort=title"), "fa")
    assert html.count('class="condition"') == 3 and "۱ فروردین ۱۴۰۴" in html
    assert 'href="archive?q=a&amp;language=en&amp;sort=title"' in html, "without its days"


def test_a_head_sorts_and_sorts_the_other_way_around(shown):
    html = shown.body(asked("sort=title"), "en")
    assert re.search(r'<th[^>]*class="title" aria-sort="ascending"><a data-archive href="archive\?sort=-title">', html)
    assert 'href="archive?sort=outlet"' in html and html.count("aria-sort") == 1


def test_names_lead_to_their_articles_which_offer_a_question(shown):
    names = shown.body(asked("part=names"), "ar")
    assert "أشخاص" in names and "أماكن" in names
    found = re.search(r'href="archive\?(entity=person[^"]*)"[^>]*><bdi>([^<]*)</bdi> <span aria-hidden="true">(\d+)<', names)
    assert found
    html = shown.body(asked(found[1].replace("&amp;", "&")), "ar")
    assert rows(html) == int(found[3])
    assert f'data-fill="{phrase("page_archive.question_about", "ar").replace("{name}", found[2])}"' in html


def test_a_name_is_found_in_another_script(shown):
    assert "ترامب" in shown.body(asked("part=names&q=Trump"), "ar")
    assert phrase("page_archive.no_name", "fa") in shown.body(asked("part=names&q=Zzyzxqq"), "fa")


def test_copies_are_grouped(shown):
    html = shown.body(asked("part=copies"), "en")
    assert "more" in html and "copy.txt" in html and phrase("page_archive.exact", "en") in html


# The chart

COUNTS = [
    ("2025-02-19", "أ", 2), ("2025-02-20", "ب", 1), ("2025-03-20", "أ", 3), ("2025-03-21", "أ", 4), ("2025", "أ", 5),
    ("", "", 6),
]  # fmt: skip


def columns(html: str) -> list[str]:
    return re.findall(r'aria-label="([^"]*)" title', html)


def test_articles_are_counted_by_the_months_of_the_readers_calendar():
    english = ["February 2025: 3 articles. أ 2 · ب 1", "March 2025: 7 articles. أ 7"]
    assert columns(chart_html(Asked(), COUNTS, Filter(), "en")) == english
    assert columns(chart_html(Asked(), COUNTS, Filter(), "fa")) == [
        "اسفند ۱۴۰۳: ۶ مقاله. أ ۵ · ب ۱", "فروردین ۱۴۰۴: ۴ مقاله. أ ۴",
    ]  # fmt: skip
    html = chart_html(Asked(), COUNTS, Filter(), "ar")
    assert "فبراير 2025" in html and "since=2025-02-01&amp;until=2025-02-28" in html
    assert "بلا تاريخ: 11 مقالًا" in html


def test_the_chosen_month_is_marked_and_chosen_again_let_go():
    chosen = Asked(since="2025-03-01", until="2025-03-31")
    html = chart_html(chosen, COUNTS, Filter(since=date(2025, 3, 1), until=date(2025, 3, 31)), "en")
    assert html.count("aria-current=true") == 1
    assert re.search(r'href="archive" aria-label="March 2025[^>]*aria-current=true', html)


def test_many_years_are_years_and_one_of_them_its_months():
    counts = [(f"{year}-05-01", "أ", 1) for year in range(2015, 2026)]
    assert columns(chart_html(Asked(), counts, Filter(), "en"))[0] == "2015: 1 article. أ 1"
    within = Filter(since=date(2020, 1, 1), until=date(2020, 12, 31))
    html = chart_html(Asked(since="2020-01-01", until="2020-12-31"), counts, within, "en")
    assert len(columns(html)) == 12 and phrase("page_archive.all_years", "en") in html


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_days_at_the_ends_of_the_calendar(language):
    html = chart_html(Asked(), [("0999-01-01", "أ", 1), ("2025-01-01", "", 1), ("9999-12-31", "أ", 1)], Filter(), language)
    assert len(columns(html)) == 3
    assert chart_html(Asked(), [("2025", "أ", 1)], Filter(), language) == ""
