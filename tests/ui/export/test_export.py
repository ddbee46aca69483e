import json
import re
from datetime import date
from io import BytesIO

import pytest
from click.testing import CliRunner
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from index.formats.kinds import read_file
from index.formats.options import ReadOptions
from index.types import ArticleRef
from rag.types import ShortAnswer, Source
from tests.ui.export.talk import answered, cited
from ui.cli import main
from ui.export.formats import FORMATS
from ui.export.reference import bibtex, csl_json, references_of, ris
from ui.export.transcript import paragraphs_of

QUOTE = "استغرقت السرقة سبع دقائق [3] كما قال الوزير."
OTHER = "سرقت «تنها» چهار دقیقه طول کشید و نیم‌ساعت بعد خبر رسید."


AGAIN = Source("louvre", "l.txt", "عنوان louvre", "الرواق", date(2025, 10, 19), "ar", None, QUOTE, 0, 5)
TALK = (
    answered(
        "كم استغرقت السرقة؟", cited(1, "louvre", QUOTE, "ar", "الرواق"), cited(2, "paris", OTHER, "fa", "آوند"),
        direct=ShortAnswer("سبع دقائق", "ar", 1, 0, 9),
    ),
    answered(
        "و چه کسی گفت؟", cited(1, "paris", OTHER, "fa", "آوند"),
        cited(2, "minister", "He said <b>so</b>.", "en", "The Post"), language="fa",
    ),
)  # fmt: skip


def test_each_article_is_one_reference_in_the_order_of_its_first_citation():
    assert [one.article_id for one in references_of(TALK)] == ["louvre", "paris", "minister"]
    with_copy = answered("كم؟", cited(1, "first", QUOTE, "ar", "الرواق", also=(AGAIN,)))
    assert [one.article_id for one in references_of([with_copy])] == ["first", "louvre"]
    assert references_of([answered("كم؟")]) == []


def test_markers_are_numbered_through_and_what_a_quote_holds_stays():
    told = paragraphs_of(TALK)
    quotes = [one.text for one in told if one.kind == "quote"]
    assert [re.findall(r"\[(\d)\] —", text) for text in quotes] == [["1"], ["2"], ["2"], ["3"]]
    assert QUOTE in quotes[0]
    assert [one.text for one in told if one.kind == "short answer"] == ["سبع دقائق [1]"]
    sources = [one for one in told if one.kind == "source"]
    assert [one.number for one in sources] == [1, 2, 3] and [one.language for one in sources] == ["ar", "fa", "en"]
    assert sources[1].text == "آوند، «عنوان paris»، ۲۷ مهر ۱۴۰۴ (۱۹ اکتبر ۲۰۲۵)"  # in the last question's language


def test_an_abstention_is_a_conversation_without_sources():
    told = paragraphs_of([answered("من فاز؟")])
    assert [one.kind for one in told] == ["question", "text"]


def test_an_address_that_is_no_web_page_is_no_link():
    talk = [answered("كم؟", cited(1, "bad", QUOTE, "ar", "الرواق", url="javascript:alert(1)"))]
    assert paragraphs_of(talk)[-1].link is None
    assert "javascript:" not in FORMATS["html"].write(talk).decode()


def test_markdown_escapes_what_articles_hold():
    hostile = answered("هل؟", cited(1, "md", "# <img src=x onerror=y> [a](b) *c* `d` ![e](f)", "en", "The_Post"))
    text = FORMATS["markdown"].write([hostile]).decode()
    assert not re.findall(r"(?<!\\)[<\]*`!_]", text.replace("<https://news.example/md>", ""))
    assert text.startswith("## هل؟\n\n> “\\# \\<img")


def test_the_page_shows_every_text_as_text_and_each_in_its_direction():
    page = FORMATS["html"].write(TALK).decode()
    assert "<b>so</b>" not in page and "He said &lt;b&gt;so&lt;/b&gt;." in page
    assert '<h2 lang="fa" dir="rtl">و چه کسی گفت؟</h2>' in page
    assert '<p class="source" lang="en" dir="ltr">[3] The Post, ' in page
    assert not re.findall(r"(?:src|@import|url\()", page)


def test_word_opens_the_document_and_runs_it_right_to_left():
    content = FORMATS["docx"].write(TALK)
    document = Document(BytesIO(content))
    assert document.core_properties.title == "كم استغرقت السرقة؟"
    marked = {one.text: one._p.xpath("./w:pPr/w:bidi") != [] for one in document.paragraphs}
    assert marked["و چه کسی گفت؟"] and not marked[next(text for text in marked if text.startswith("[3] The Post"))]
    assert all(run._r.xpath("./w:rPr/w:rtl") for run in document.paragraphs[0].runs)
    (read,) = read_file(BytesIO(content), "talk.docx", ReadOptions())
    assert OTHER in read.text


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_title_and_outlet_keep_the_shape_of_every_format(title, outlet):
    one = ArticleRef("a1", "a.txt", " ".join(title.split()), " ".join(outlet.split()) or None, None, "fa", None)
    assert json.loads(csl_json([one]))[0]["id"] == "a1"
    entry = re.sub(r"\\[{}]", "", bibtex([one]))
    assert entry.count("{") == entry.count("}") and entry.startswith("@article{a1,\n")
    talk = [answered(f"چه {title}؟", cited(1, "a1", f"نقل {title}", "fa", outlet), language="fa")]
    for form in FORMATS.values():
        assert form.write(talk)


def test_references_state_what_is_known_and_nothing_else():
    known = ArticleRef("a1", "a.txt", "50% of {it} & more", "The Post", date(2025, 3, 1), "en", "https://x.example/a_b?c=1&d=2")
    bare = ArticleRef("b2", "b.txt", "بلا تاريخ", None, None, "ar", None)
    assert json.loads(csl_json([known, bare])) == [
        {
            "id": "a1", "type": "article-newspaper", "title": "50% of {it} & more", "container-title": "The Post",
            "issued": {"date-parts": [[2025, 3, 1]]}, "language": "en", "URL": "https://x.example/a_b?c=1&d=2",
        },
        {"id": "b2", "type": "article-newspaper", "title": "بلا تاريخ", "language": "ar"},
    ]  # fmt: skip
    entry = bibtex([known])
    assert r"title = {{50\% of \{it\} \& more}}" in entry and "url = {https://x.example/a_b?c=1&d=2}" in entry
    lines = ["TY  - NEWS", "ID  - a1", "TI  - 50% of {it} & more", "T2  - The Post", "PY  - 2025", "DA  - 2025/03/01"]
    assert ris([known]).split("\r\n")[:6] == lines
    assert ris([bare]) == "TY  - NEWS\r\nID  - b2\r\nTI  - بلا تاريخ\r\nLA  - ar\r\nER  - \r\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--json", "--as", "ris"], "choose one"),
        (["--out", "x.bib"], "needs --as"),
        (["--as", "docx"], "--out answer.docx"),
        (["--as", "pdf"], "'pdf' is not one of"),
    ],
)
def test_forms_that_do_not_go_together_are_told_before_anything_is_opened(options, told):
    done = CliRunner().invoke(main, ["ask", "كم؟", *options])
    assert done.exit_code == 2 and told in done.output
