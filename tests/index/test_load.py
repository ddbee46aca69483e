from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.files import list_files
from index.formats import kinds
from index.load import SUFFIXES, RawDocument, read_documents, readable
from index.types import Article, Problem
from tests.index.made import articles_of, outcomes

ZWNJ = "\u200c"


def documents(text: str | bytes, name: str) -> list[RawDocument]:
    content = text.encode() if isinstance(text, str) else text
    found = list(read_documents(content, name, 1_000_000))
    assert all(isinstance(item, RawDocument) for item in found), found
    return found


def only_problem(content: str | bytes, name: str, max_bytes: int = 1_000_000) -> Problem:
    found = outcomes(content, name, max_bytes)
    assert len(found) == 1 and isinstance(found[0], Problem), found
    assert found[0].path.startswith(name) and found[0].skipped
    assert ";" in found[0].reason, "a problem names its remedy"
    return found[0]


# Headers


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_header(end, mark):
    text = mark + end.join(
        [
            "---", "title: قمة بودابست: تأجيل أم إلغاء؟", "Outlet: وكالة النورس", "date: ۲۹ مهر ۱۴۰۴", "lang: ar",
            "link: https://nawras.example/1?a=b:c", "author: Someone", "---", "قال البيت الأبيض إن القمة أرجئت.", "",
        ]
    )  # fmt: skip
    (article,) = articles_of(text)
    assert article.title == "قمة بودابست: تأجيل أم إلغاء؟"
    assert (article.outlet, article.published, article.language) == ("وكالة النورس", date(2025, 10, 21), "ar")
    assert article.url == "https://nawras.example/1?a=b:c"
    # The headline asks what the text does not say, so it can be quoted, too.
    assert article.text == "قمة بودابست: تأجيل أم إلغاء؟\nقال البيت الأبيض إن القمة أرجئت."


def test_no_header():
    (article,) = articles_of("قمة بودابست\nقال البيت الأبيض إن القمة أرجئت.")
    assert (article.title, article.outlet, article.published) == ("قمة بودابست", None, None)
    assert article.text == "قال البيت الأبيض إن القمة أرجئت."


def test_a_rule_and_text_is_no_header():
    text = "---\nقال البيت الأبيض إن القمة أرجئت.\nsource: unknown to us all\n---\nو لم يحدد موعد."
    (document,) = documents(text, "a.txt")
    assert document.metadata == {} and document.text == text


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_an_unclosed_header_is_told_of_and_loses_nothing(name):
    article, problem = sorted(
        outcomes("---\ntitle: دیدار بوداپست\nاو گفت که دیدار لغو شد.", name), key=lambda item: type(item).__name__
    )
    assert isinstance(article, Article) and "دیدار بوداپست" in article.title + article.text and "لغو" in article.text
    assert isinstance(problem, Problem) and not problem.skipped and "'---'" in problem.reason


def test_a_broken_header_line_is_named_and_stays_in_the_text():
    found = outcomes("---\ntitle: Budapest\nوزير الخارجية لم يحضر الاجتماع.\ndate: 2025-10-21\n---\nThe rest of it is here.")
    problem, article = sorted(found, key=lambda item: isinstance(item, Article))
    assert isinstance(problem, Problem) and not problem.skipped and "وزير الخارجية" in problem.reason
    assert isinstance(article, Article) and article.title == "Budapest" and article.published == date(2025, 10, 21)
    assert "وزير الخارجية لم يحضر الاجتماع." in article.text and "The rest of it" in article.text


def test_yaml_of_other_programs_is_passed_over():
    (article,) = articles_of(
        "---\ntitle: دیدار\ntags:\n  - ترامپ\n- پوتین\n# note\ndraft: false\n---\nاو گفت که دیدار لغو شد.", "a.md"
    )
    assert article.title == "دیدار" and article.text == "او گفت که دیدار لغو شد."


@pytest.mark.parametrize(
    ("given_title", "title"),
    [
        ('"قمة"', "قمة"),
        ("'قمة'", "قمة"),
        ('"Peace" and "war"', '"Peace" and "war"'),
        ('"Peace", he said', '"Peace", he said'),
        ("He said 'no'", "He said 'no'"),
        ("«دیدار»", "«دیدار»"),
    ],
)
def test_quotation_marks_around_a_value(given_title, title):
    assert articles_of(f"---\ntitle: {given_title}\n---\nاو گفت که نه.")[0].title == title


def test_empty_values_are_none():
    (article,) = articles_of("---\ntitle: دیدار\noutlet:\nurl: \n---\nاو گفت.")
    assert (article.outlet, article.url) == (None, None)


def test_a_date_that_is_not_understood_is_named_and_the_article_kept():
    problem, article = outcomes("---\ntitle: دیدار\ndate: پریروز\n---\nاو گفت.")
    assert isinstance(article, Article) and article.published is None
    assert (
        isinstance(problem, Problem) and not problem.skipped and "پریروز" in problem.reason and "2025-10-21" in problem.reason
    )


# Markdown and pages


def test_markdown_markup_goes_and_text_stays():
    text = (
        "---\ntitle: دیدار\n---\n# دیدار\n\n**کاخ سفید** می‌گوید [دیدار](https://a.example) لغو شد.\nدوم\n\n"
        "![عکس](a.png)\n\n* قال *ترامب*: `لا`\n* نعم\n\n> نقل قول\n\n| نام | سمت |\n|---|---|\n| لاوروف | وزیر |\n\n"
        "    code here\n\nپایان خبر.\n"
    )
    (article,) = articles_of(text, "a.md")
    lines = article.text.split("\n")
    assert lines[0] == "کاخ سفید می‌گوید دیدار لغو شد."
    assert {"دوم", "قال ترامب: لا", "نعم", "نقل قول", "نام: لاوروف; سمت: وزیر", "code here"} <= set(lines)
    assert not set("*`[|>#") & set(article.text) and "عکس" not in article.text


def test_html_in_markdown_keeps_its_words():
    text = '<div dir="rtl">\nقال الرئيس إن القمة &quot;لن&quot; تعقد.\n'
    text += "<script>x()</script><!-- no -->\n</div>\n\n**نعم** <b>قالها</b> اليوم."
    (article,) = articles_of(text, "a.md")
    assert 'قال الرئيس إن القمة "لن" تعقد.' in f"{article.title}\n{article.text}"
    assert "نعم قالها اليوم." in article.text
    assert "x()" not in article.text and "no" not in article.text


PAGE = """<!DOCTYPE html><html lang="{lang}"><head><meta charset="{charset}"><title>{title} | Site</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="{outlet}">{head}</head><body>
<nav><ul><li><a href="/">NAVIGATION</a></li><li><a href="/e">Economy</a></li></ul></nav>
<article><h1>{title}</h1>{body}</article>
<aside><h3>ASIDE</h3><a href="/x">Another headline</a></aside>
<footer>FOOTER © 2019 since 1999, updated 3 May 2020</footer></body></html>"""
PERSIAN_BODY = (
    "<p>رئیس‌جمهور آمریکا می&zwnj;گوید که دیدار با همتای روسی&#8204;اش در بوداپست برگزار نمی&#x200c;شود و برنامه‌ای نیست.</p>"
    "<p>به گفته مقام‌های کاخ سفید، این تصمیم پس از گفت‌وگوی ۳۵ دقیقه‌ای وزیران خارجه دو کشور گرفته شد.</p>"
)
ARABIC_BODY = (
    "<p>قال البيت الأبيض إن القمّة بين الرئيسين في بودابست أُرجئت إلى موعد لم يحدد بعد، بحسب مسؤول أمريكي.</p>"
    "<p>وأجرى روبيو اتصالا بنظيره الروسي لافروف استمر ٣٥ دقيقة، ووصفه بأنه مثمر للغاية.</p>"
)


def page(body: str, title: str, outlet: str, *, lang: str = "fa", charset: str = "utf-8", head: str = "") -> str:
    return PAGE.format(lang=lang, charset=charset, title=title, outlet=outlet, head=head, body=body)


def test_page_without_what_is_around_the_article():
    head = '<meta property="article:published_time" content="2025-10-21T23:30:00+03:30">'
    (article,) = articles_of(page(PERSIAN_BODY, "دیدار بوداپست لغو شد", "خبرگزاری کبوتر", head=head), "a.html")
    assert article.title == "دیدار بوداپست لغو شد" and article.outlet == "خبرگزاری کبوتر" and article.language == "fa"
    assert article.published == date(2025, 10, 21)
    assert not {"NAVIGATION", "ASIDE", "FOOTER"} & set(article.text.split()) and "Another headline" not in article.text


def test_page_keeps_its_zwnj():
    (article,) = articles_of(page(PERSIAN_BODY, "نشست لغو می‌شود", "کبوتر"), "a.htm")
    assert article.title == "نشست لغو می‌شود"
    for word in ("رئیس‌جمهور", "می‌گوید", "روسی‌اش", "نمی‌شود", "گفت‌وگوی", "مقام‌های"):
        assert word in article.text


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("", None),  # the years in the footer are no publication date
        ('<meta content="2025-10-21" itemprop="datePublished">', date(2025, 10, 21)),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2025-10-21T08:00Z"}</script>',
            date(2025, 10, 21),
        ),
        ('<meta name="pubdate" content="۱۴۰۴/۰۷/۲۹">', date(2025, 10, 21)),
        ('<meta name="description" content="the plan of 2011-01-01">', None),
    ],
)
def test_page_date_is_what_the_page_states(head, published):
    assert articles_of(page(PERSIAN_BODY, "دیدار", "کبوتر", head=head), "a.html")[0].published == published


def test_page_date_from_its_own_date_line():
    body = f"<p>تاریخ انتشار: ۲۹ مهر ۱۴۰۴</p>{PERSIAN_BODY}"
    assert articles_of(page(body, "دیدار", "کبوتر"), "a.html")[0].published == date(2025, 10, 21)


def test_page_in_its_declared_charset():
    text = page(ARABIC_BODY, "القمة مؤجلة", "النورس", lang="ar", charset="windows-1256").replace("٣٥", "35")
    (article,) = articles_of(text.encode("windows-1256"), "a.html")
    assert "البيت الأبيض" in article.text and article.title == "القمة مؤجلة" and article.language == "ar"


@pytest.mark.parametrize("charset", ["windows-1256", "utf-16", "undefined", "punycode", "no-such"])
def test_page_that_is_utf8_whatever_it_declares(charset):
    (article,) = articles_of(page(ARABIC_BODY, "القمة مؤجلة", "النورس", lang="ar", charset=charset), "a.html")
    assert "أُرجئت" in article.text


@pytest.mark.parametrize("charset", ["no-such", "undefined", "idna", "utf-8"])
def test_page_whose_charset_is_not_what_it_declares(charset):
    found = outcomes(page(ARABIC_BODY, "القمة", "النورس", charset=charset).encode("windows-1256", "ignore"), "a.html")
    note, article = found
    assert isinstance(note, Problem) and not note.skipped and "windows-1256" in note.reason and "UTF-8" in note.reason
    assert isinstance(article, Article) and "البيت الأبيض" in article.text


@pytest.mark.parametrize("charset", ["no-such", "undefined", "idna", "utf-8"])
def test_page_that_cannot_be_decoded(charset):
    problem = only_problem(f'<meta charset="{charset}"><p>قمة'.encode("windows-1256"), "a.html")
    assert charset in problem.reason.lower() and "UTF-8" in problem.reason


@pytest.mark.parametrize(
    "content", ["<html></html>", "<html><head><title>x</title></head></html>", "<div>" * 30_000, "<!-- -->", "<", "plain"]
)
def test_page_without_an_article(content):
    assert "no article text" in only_problem(content, "a.html").reason


# .jsonl


def test_jsonl_keeps_the_good_lines_and_names_the_bad():
    lines = [
        '{"id": "a", "title": "قمة", "text": "قال ترامب إن القمة لن تعقد.", "source": "النورس", "date": "2025-10-21"}',
        '{"id": "b", "text": "broken',
        "",
        '{"id": "a", "text": "again"}',
        '{"id": "c", "text": "  "}',
        "[1, 2]",
        "null",
        '{"id": "d", "body": "او گفت که دیدار لغو شد.", "lang": "fa"}',
        '{"text": "no id"}',
        '{"_id": 7, "text": "BEIR", "metadata": {"title": "nested", "url": "https://a.example", '
        '"date": "۱۴۰۴/۷/۲۹"}, "title": ""}',
    ]
    found = outcomes("\r\n".join(lines), "news/a.jsonl")
    articles = {item.path: item for item in found if isinstance(item, Article)}
    assert list(articles) == ["news/a.jsonl#a", "news/a.jsonl#d", "news/a.jsonl#9", "news/a.jsonl#7"]
    assert articles["news/a.jsonl#a"].outlet == "النورس" and articles["news/a.jsonl#d"].language == "fa"
    beir = articles["news/a.jsonl#7"]
    assert (beir.title, beir.url, beir.published) == ("nested", "https://a.example", date(2025, 10, 21))
    problems = {item.path: item.reason for item in found if isinstance(item, Problem)}
    assert list(problems) == [f"news/a.jsonl:{number}" for number in (2, 4, 5, 6, 7)]
    assert "JSON" in problems["news/a.jsonl:2"] and "column" in problems["news/a.jsonl:2"]
    assert "'a'" in problems["news/a.jsonl:4"] and "text" in problems["news/a.jsonl:5"] and "list" in problems["news/a.jsonl:6"]
    assert all(";" in reason for reason in problems.values())


def test_jsonl_with_a_bom_and_no_last_line_end():
    assert articles_of(b"\xef\xbb\xbf" + '{"text": "قال ترامب إن القمة لن تعقد."}'.encode(), "a.jsonl")[0].path == "a.jsonl#1"


@pytest.mark.parametrize(
    "line",
    [
        b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"id": ' + b"9" * 5_000 + b', "text": "a"}',
        b"\xff\xfe{}",
        b'{"text": "\xc7\xe1"}',
        b"\0",
        b'{"text": 5}',
        b'{"text": ["a"]}',
        b'{"text": "\\u064b\\u200c \\u0301"}',
        b"{" * 5_000,
    ],
)
def test_jsonl_with_one_nasty_line(line):
    good = '{"id": "g", "text": "او گفت که دیدار لغو شد."}'.encode()
    found = outcomes(line + b"\n" + good, "a.jsonl")
    assert [type(item) for item in found] == [Problem, Article]
    assert len(str(found[0])) < 400


def test_jsonl_with_surrogates_nan_and_control_characters():
    text = '{"id": "\\ud800x\\n", "title": "ق\\udc00\\u0000مة", '
    text += '"text": "قال \\ud83d\\ude00 \\ud83d ترامب\\u0007 \\u001b[31mلا\\u2028نعم.", "n": NaN}'
    (article,) = articles_of(text, "a.jsonl")
    for value in (article.path, article.title, article.text):
        value.encode()
        assert value == readable(value)
    assert article.text == "قال 😀 \ufffd ترامب [31mلا\nنعم."


# Files that cannot be read


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl"])
@pytest.mark.parametrize("content", [b"", b" \n\t\r\n ", "\ufeff\n".encode()])
def test_empty(name, content):
    assert "empty" in only_problem(content, name).reason or name == "a.jsonl"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x14\0\0\0", b"\x89PNG\r\n\x1a\n\0\0", "خبر".encode("utf-16-le") + b"\0", "خبر".encode("utf-32")]
)
def test_binary(content):
    reason = only_problem(content, "news/a.txt").reason
    assert "binary" in reason and "offset" in reason


def test_utf16_with_its_mark_is_read():
    assert articles_of("قمة\nقال إن القمة لن تعقد.".encode("utf-16"))[0].text == "قال إن القمة لن تعقد."


def test_another_charset_is_named_with_the_byte_and_the_command():
    reason = only_problem("قال إن القمة لن تعقد".encode("windows-1256"), "a.txt").reason
    assert "0xde" in reason and "offset 0" in reason and "iconv" in reason


def test_too_large():
    reason = only_problem("خبر " * 500, "a.txt", max_bytes=3_000).reason
    assert "0.0 MB" in reason and "0.003 MB" in reason and "KHABAR_MAX_MB" in reason
    found = outcomes(json.dumps({"text": "خبر " * 5_000}) + '\n{"text": "او گفت."}', "a.jsonl", max_bytes=3_000)
    assert isinstance(found[0], Problem) and found[0].path == "a.jsonl:1" and isinstance(found[1], Article)


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a", "خبر"])
def test_other_kinds_of_file(name):
    reason = only_problem("x", name).reason
    assert (f"'.{name.split('.')[1]}'" if "." in name else "without a suffix") in reason and all(
        suffix in reason for suffix in SUFFIXES
    )


@pytest.mark.parametrize("text", ["\u064b\u0651\u0300\u200c", "😀😀", "... --- !!!", "أخبار\nالرئيسية"])
def test_text_without_words(text):
    assert "no words" in only_problem(text, "a.txt").reason


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(sorted(SUFFIXES)),
)
def test_any_bytes_give_articles_or_problems(content, suffix):
    for item in outcomes(content, f"a{suffix}"):
        assert isinstance(item, Article | Problem)
        str(item).encode()


@given(st.text(st.characters() | st.sampled_from("\r\n\x00\x1b\x85\u2028\ud800\udc00\u200c")))
def test_readable_can_be_stored_and_loses_no_letter(text):
    shown = readable(text)
    shown.encode()
    assert readable(shown) == shown
    assert "\r" not in shown and "\0" not in shown and shown.count(ZWNJ) == text.count(ZWNJ)
    assert [c for c in shown if c.isalnum()] == [c for c in text if c.isalnum()]


# Finding files


def names(root) -> list[str]:
    return [str(file.relative_to(root)) for file in list_files(root, kinds.SUFFIXES).read]


def test_find_files_in_a_fixed_order_without_hidden_and_other_ones(tmp_path):
    made = ("b.txt", "a/2.MD", "a/1.html", "a/.git/x.txt", ".hidden.txt", "c.pdf", "d.jsonl", "dir.txt/in.htm", "e.mp3")
    for name in (*made, "خبر.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert names(tmp_path) == ["a/1.html", "a/2.MD", "b.txt", "c.pdf", "d.jsonl", "dir.txt/in.htm", "خبر.txt"]
    listing = list_files(tmp_path, kinds.SUFFIXES)
    assert listing.unread == [tmp_path / "e.mp3"] and listing.hidden == 2 and not listing.outside
    assert list_files(tmp_path / "e.mp3", kinds.SUFFIXES).read == [tmp_path / "e.mp3"], "a file that is named is tried"


@pytest.mark.timeout(20)
def test_find_files_with_loops_of_links(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x.txt").write_text("x")
    for number in range(6):
        (tmp_path / "a" / "b" / f"up{number}").symlink_to(tmp_path)
        (tmp_path / f"down{number}").symlink_to(tmp_path / "a")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    os.mkfifo(tmp_path / "fifo.txt")
    (tmp_path / "dead.txt").symlink_to(tmp_path / "nowhere.txt")
    assert names(tmp_path) == ["a/b/x.txt", "dead.txt"]
    listing = list_files(tmp_path, kinds.SUFFIXES)
    assert [file.name for file in listing.unread] == ["self"] and [file.name for file in listing.special] == ["fifo.txt"]


def test_links_that_lead_out_are_told_and_not_followed(tmp_path):
    (tmp_path / "news" / "sub").mkdir(parents=True)
    for name in ("news/sub/خبر.txt", "other/خبر.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("خبر")
    (tmp_path / "news" / "out").symlink_to(tmp_path / "other")
    (tmp_path / "news" / "out.txt").symlink_to(tmp_path / "other" / "خبر.txt")
    (tmp_path / "news" / "in.txt").symlink_to(tmp_path / "news" / "sub" / "خبر.txt")
    (tmp_path / "shortcut").symlink_to(tmp_path / "news")
    for root in (tmp_path / "news", tmp_path / "shortcut"):
        listing = list_files(root, kinds.SUFFIXES)
        assert [file.name for file in listing.read] == ["in.txt", "خبر.txt"]
        assert [file.name for file in listing.outside] == ["out", "out.txt"]


@pytest.mark.timeout(20)
def test_find_files_very_deep(tmp_path):
    home, depth = os.getcwd(), 1_100
    os.chdir(tmp_path)
    try:
        for _ in range(depth):
            os.mkdir("d")
            os.chdir("d")
        Path("x.txt").touch()
        assert len(list_files(tmp_path, kinds.SUFFIXES).read) == 1
    finally:  # too deep for those who clean up after a test
        Path("x.txt").unlink()
        for _ in range(depth):
            os.chdir("..")
            os.rmdir("d")
        os.chdir(home)
