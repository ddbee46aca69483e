"""What the clipboard takes of a quote and of an answer."""

import re

import pytest

from rag.types import ShortAnswer
from tests.ui.export.talk import answered, cited
from tests.ui.html_reader import Page
from ui.export.copied import copied_answer, copied_quote, source_line

ARABIC = cited(1, "louvre", "استغرقت السرقة سبع دقائق [3] كما قال الوزير.", "ar", "الرواق")
PERSIAN = cited(2, "paris", "سرقت «تنها» چهار دقیقه طول کشید\nو نیم‌ساعت بعد خبر رسید.", "fa", "آوند")
ENGLISH = cited(1, "post", "He said <b>so</b> & *left*.", "en", "The <i>Post</i>", title="A “title”\n[x](y)")


def test_a_quote_is_copied_with_outlet_title_date_and_link():
    copied = copied_quote(PERSIAN, "fa")
    words, origin = copied.plain.rstrip("\n").split("\n\n")
    assert words == f"«{PERSIAN.quote}»"
    assert origin == "— آوند، «عنوان paris»، ۲۷ مهر ۱۴۰۴ (۱۹ اکتبر ۲۰۲۵)\nhttps://news.example/paris"
    assert copied.markdown.startswith("> «سرقت") and "<https://news.example/paris>" in copied.markdown
    assert '<blockquote lang="fa" dir="rtl">«سرقت' in copied.rich and 'href="https://news.example/paris"' in copied.rich


@pytest.mark.parametrize(
    ("language", "day"), [("ar", "19 أكتوبر 2025"), ("fa", "۲۷ مهر ۱۴۰۴ (۱۹ اکتبر ۲۰۲۵)"), ("en", "19 October 2025")]
)
def test_the_day_is_in_the_words_of_who_copies_and_the_rest_in_those_of_the_article(language, day):
    assert source_line(ARABIC, language).text == f"— الرواق، «عنوان louvre»، {day}"


def test_what_an_article_holds_is_text_in_every_form():
    copied = copied_quote(ENGLISH, "en")
    assert "&lt;b&gt;so&lt;/b&gt; &amp; *left*" in copied.rich and "<b>" not in copied.rich and "<i>" not in copied.rich
    assert "\\<b\\>so\\</b\\> & \\*left\\*" in copied.markdown and "\\[x\\](y)" in copied.markdown
    assert "— The <i>Post</i>, “A “title” [x](y)”, 19 October 2025\n" in copied.plain


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", " https://x.example"])
def test_what_is_no_web_address_is_not_copied_as_a_link(url):
    copied = copied_quote(cited(1, "a", "قيل.", "ar", None, url=url), "ar")
    assert "<a " not in copied.rich and "\n\n— «عنوان a»، 19 أكتوبر 2025\n" in copied.plain and "<" not in copied.markdown


def test_an_answer_is_copied_without_its_question_and_with_numbered_sources():
    answer = answered("كم استغرقت السرقة؟", ARABIC, PERSIAN, direct=ShortAnswer("سبع دقائق", "ar", 1, 0, 9))
    copied = copied_answer(answer)
    for text in (copied.rich, copied.plain, copied.markdown):
        assert "كم استغرقت" not in text and "سبع دقائق" in text
    assert copied.plain.startswith("سبع دقائق [1]\n\n«استغرقت")
    assert re.findall(r"^\[(\d)\]", copied.plain, re.MULTILINE) == ["1", "2"]
    quotes = [f"«{ARABIC.quote}» [1] — الرواق", f"«{PERSIAN.quote}» [2] — آوند".replace("\n", "")]
    assert Page(copied.rich).texts("blockquote") == quotes


def test_an_abstention_is_copied_as_it_is():
    assert copied_answer(answered("من فاز؟")).plain == "لا تذكر المقالات ذلك.\n"


def test_what_reverses_the_order_of_letters_is_not_copied():
    item = cited(1, "a", "قيل \u202eabc\u202c \u2067و\u2069.", "ar", "الرواق\u202e", title="\u2066x\u2069")
    for text in (copied_quote(item, "ar").plain, copied_answer(answered("كم؟", item)).rich):
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") and "abc" in text
