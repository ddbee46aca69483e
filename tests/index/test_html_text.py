from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.html_text import NoArticle, PageText, page_text
from index.markdown_text import markdown_text
from index.tables import rows_as_lines
from index.text import words

HOURS = {
    "ar": (
        ("اليوم", "الدوام"),
        ("الخميس", "10–18"),
        ("الاثنين", "9–20"),
        "تعلن مكتبة الضفة مواعيدها في فصل الشتاء للزوار كافة.",
    ),
    "fa": (("روز", "ساعت"), ("پنج‌شنبه", "۱۰–۱۸"), ("دوشنبه", "۹–۲۰"), "کتابخانهٔ ساحل ساعت کار زمستانی خود را اعلام می‌کند."),
    "en": (("Day", "Hours"), ("Thursday", "10–18"), ("Monday", "9–20"), "The Bankside library has announced its winter hours."),
}


def read(body: str, head: str = "") -> PageText:
    found = page_text(f"<html><head>{head}</head><body>{body}</body></html>")
    assert isinstance(found, PageText), found
    return found


def lines(body: str, head: str = "") -> list[str]:
    return read(body, head).text.split("\n\n")


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_rows_of_a_table_stay_whole(language):
    names, thursday, monday, lead = HOURS[language]
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (thursday, monday))
    header = "<tr>" + "".join(f"<th>{name}</th>" for name in names) + "</tr>"
    page = f"<h1>{lead[:18]}</h1><p>{lead}</p><table>"
    assert lines(f"{page}{cells}</table>")[1:] == [f"{day}: {hours}" for day, hours in (thursday, monday)]
    named = [f"{names[0]}: {day}; {names[1]}: {hours}" for day, hours in (thursday, monday)]
    assert lines(f"{page}{header}{cells}</table>")[1:] == named
    rows = "\n".join(f"| {' | '.join(row)} |" for row in (names, ("---", "---"), thursday, monday))
    assert markdown_text(f"{lead}\n\n{rows}")[0].split("\n\n")[1].split("\n") == named


def test_cells_that_span_belong_to_each_row_and_column():
    rows = [
        [("اليوم", 1, 2, True), ("الدوام", 2, 1, True)],
        [("من", 1, 1, True), ("إلى", 1, 1, True)],
        [("الخميس", 1, 2, False), ("10", 1, 1, False), ("12", 1, 1, False)],
        [("16", 1, 1, False), ("18", 1, 1, False)],
        [("عطلة", 3, 1, False)],
    ]
    assert rows_as_lines(rows) == [
        "اليوم: الخميس; الدوام من: 10; الدوام إلى: 12",
        "اليوم: الخميس; الدوام من: 16; الدوام إلى: 18",
        "عطلة",
    ]


cell = st.tuples(st.text(st.sampled_from("قa1 "), max_size=4), st.integers(1, 4), st.integers(1, 4), st.booleans())


@given(st.lists(st.lists(cell, max_size=4), max_size=5))
def test_no_cell_of_any_table_is_lost(rows):
    told = words("\n".join(rows_as_lines(rows)))
    assert all(word in told for row in rows for text, *_ in row for word in words(text))


@pytest.mark.parametrize("title", ["موعد المكتبة الجديد في الشتاء", "ساعت کار تازهٔ کتابخانه", "New hours of the library"])
def test_a_headline_does_not_swallow_the_body(title):
    found = read(f"<h1>{title}</h1><p>{HOURS['ar'][3]}</p><p>{HOURS['fa'][3]}</p>")
    assert found.fields["title"] == title
    assert found.text.split("\n\n") == [HOURS["ar"][3], HOURS["fa"][3]]


def test_what_stands_around_an_article_is_told_by_its_place():
    body = "".join(f"<p>{HOURS[language][3]}</p>" for language in HOURS)
    found = read(
        '<header><nav><a href="/">الرئيسية</a></nav></header><div class="breadcrumbs">أخبار</div>'
        f'<article class="post tag-x has-comments"><h1>مواعيد مكتبة الضفة</h1><div>{body}</div>'
        '<ul class="post-tags"><li>مكتبات</li></ul>'
        '<div class="social-share">انشر</div></article><section id="comments"><p>خبر جميل يا جماعة الخير.</p></section>'
        '<div class="jp-relatedposts"><p>عاصفة تغلق المطار.</p></div><p hidden>سر من الأسرار الخفية.</p><footer>الضفة</footer>'
    )
    assert found.text.split("\n\n") == [HOURS[language][3] for language in HOURS]
    reasons = {item.reason for item in found.removed}
    assert {"menu", "keyword row", "share line", "comments", "read also", "hidden", "footer"} <= reasons


def test_a_page_without_names_is_read_by_its_links_and_its_headline():
    links = "".join(f'<div class="c9"><a href="/{number}">خبر آخر رقم {number} من المدينة</a></div>' for number in range(6))
    body = "".join(f'<div class="k"><p>{HOURS[language][3]}</p></div>' for language in HOURS)
    assert lines(
        f'<div class="x"><div>{links}</div><section><h1>مواعيد مكتبة الضفة</h1>{body}</section><div>{links}</div></div>'
    ) == [HOURS[language][3] for language in HOURS]


def test_old_pages_of_tables_and_breaks():
    text = "<br><br>".join(HOURS[language][3] for language in HOURS)
    page = f"<table><tr><td><a href=1>أخبار</a><br><a href=2>رياضة</a></td><td>{text}</td></tr></table>"
    assert lines(page, "<title>مكتبة</title>") == [HOURS[language][3] for language in HOURS]


def test_an_aside_of_facts_stays_and_one_of_links_goes():
    facts = "<aside><p>بُنيت المكتبة في عام 1961 من حجر الوادي.</p><p>وفيها اليوم ستون ألف كتاب.</p></aside>"
    found = lines(
        f"<article><h1>مواعيد مكتبة الضفة</h1><p>{HOURS['ar'][3]}</p>{facts}<aside><a href=/>عاصفة</a></aside></article>"
    )
    assert found[1:] == ["بُنيت المكتبة في عام 1961 من حجر الوادي.", "وفيها اليوم ستون ألف كتاب."]


@pytest.mark.parametrize("depth", [200, 5_000])
def test_a_page_nested_deep_gives_its_text_or_says_why_not(depth):
    found = page_text(
        f"<html><body>{'<div>' * depth}{'<p>' + HOURS['fa'][3] + '</p>'}" * 1 + f"<p>{HOURS['en'][3]} {'more ' * 20}</p>"
    )
    assert HOURS["fa"][3] in found.text if isinstance(found, PageText) else "deep" in found.reason and ";" in found.reason


PIECES = [
    "<p>",
    "</p>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "<h1>",
    "<a href=x>",
    "</a>",
    "قال",
    "می\u200cگوید",
    " ",
    "<br>",
    "<aside>",
    "<",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_page_gives_text_or_a_reason(page):
    found = page_text(page)
    assert isinstance(found, PageText | NoArticle)
