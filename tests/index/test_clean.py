from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clean import article_id, clean
from index.load import RawDocument
from index.text import words
from index.types import Article, Facts, Problem
from tests.index.made import articles_of, outcomes

STORY = [
    "أعلن الكرملين أن الرئيس الروسي سيزور بكين في الشهر المقبل "
    "لإجراء محادثات مع نظيره الصيني حول التجارة والطاقة والأمن الإقليمي.",
    "وأضاف المتحدث باسم الكرملين أن الوفد سيضم وزراء الخارجية والدفاع والمالية "
    "إلى جانب عدد من رؤساء كبرى الشركات الروسية العاملة في الصين.",
]


def cleaned(text: str, title: str | None = None) -> Article:
    """Return the one article of a text."""
    (found,) = clean(RawDocument("a.txt", text, {"title": title} if title else {}))
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize(
    "row",
    [
        "كلمات دلالية: ترامب، بوتين، قمة",
        "الكلمات المفتاحية: ترامب",
        "الوسوم : روسيا | أوكرانيا",
        "کلیدواژه‌ها: ترامپ، پوتین",
        "کلیدواژه ها: ترامپ",
        "کلید واژه‌ها: ترامپ",
        "كليدواژه‌ها : ترامپ",
        "برچسب‌ها: روسیه",
        "برچسب ها: روسیه",
        "Tags: Trump, Putin",
        "KEYWORDS: summit",
    ],
)
def test_keyword_row_goes(row):
    assert cleaned(f"قمة\nقال إن القمة لن تعقد.\n{row}\nوأضاف أنها أرجئت.").text == "قال إن القمة لن تعقد.\nوأضاف أنها أرجئت."


@pytest.mark.parametrize(
    "line",
    [
        "أخبار", "الرئيسية", "مدونة ومقالات", "الطابق العلوي", "عاجل", "ملخص :", "• الأكثر قراءة", "صفحه اصلی",
        "آخرین اخبار", "Home", "TOP STORIES",
        "شارك", "شارك المقال", "شارك هذا الخبر", "مشاركة عبر فيسبوك",
        "شارك على واتساب", "اشتراک گذاری", "اشتراک‌گذاری در تلگرام", "چاپ", "چاپ خبر",
        "تابعنا على تويتر", "Share", "Share this article", "Share on Facebook",
        "Follow us on X", "Subscribe now", "Tweet", "Print", ".", "***", "😀",
    ],
)  # fmt: skip
def test_menu_and_widget_lines_go(line):
    text = f"القمة\n{line}\nقال إن القمة لن تعقد.\n{line}\nاو گفت که دیدار لغو شد.\n{line}"
    assert cleaned(text).text == "قال إن القمة لن تعقد.\nاو گفت که دیدار لغو شد."


@pytest.mark.parametrize(
    "line",
    [
        "شارك الرئيس في القمة.",
        "شارك الرئيس في القمة",
        "مشاركة واسعة في الانتخابات",
        "شارك مع بوتين في القمة",
        "جاب المتظاهرون شوارع المدينة",
        "چاپ کتاب تازه ترامپ متوقف شد",
        "اشتراک گذاری اطلاعات میان دو کشور پایان یافت",
        "Share prices fell on Tuesday",
        "Print media are in trouble",
        "أخبار القمة تتصدر الصحف",
        "عاجل: القمة ألغيت",
        "مصدر: ترامب لن يلتقي بوتين في بودابست",
        "المصدر: قال مسؤول كبير إن القمة أرجئت إلى موعد لم يحدد.",
        "منبع: او گفت که دیدار لغو شد و برگزار نمی‌شود.",
        "Source: the minister said that he will not go.",
        "نشر في 21 أكتوبر 2025 تقرير عن القمة.",
        "Updated figures for 2024-10-10 show growth",
        "قال إن تاريخ النشر 21 أكتوبر 2025 خاطئ.",
        "اقرأ أيضا ما كتبه ترامب عن بوتين في كتابه الجديد عن روسيا.",
        "کلیدواژه‌های او روشن بود.",
        "لا.",
        "نه!",
    ],
)
def test_a_sentence_that_looks_like_noise_stays(line):
    article = cleaned(f"القمة في بودابست\nقال إن القمة لن تعقد.\n{line}\nوأضاف أنها أرجئت.")
    assert article.text == f"قال إن القمة لن تعقد.\n{line}\nوأضاف أنها أرجئت."
    assert (article.outlet, article.published) == (None, None)


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("المصدر: الجزيرة نت", "الجزيرة نت"),
        ("المصدر : وكالات.", "وكالات"),
        ("المصدر: وكالة الأنباء السعودية (واس)", "وكالة الأنباء السعودية (واس)"),
        ("مصدر: رويترز", "رويترز"),
        ("منبع: خبرگزاری ایسنا", "خبرگزاری ایسنا"),
        ("منبع: بی‌بی‌سی", "بی‌بی‌سی"),
        ("Source: CNN Arabic", "CNN Arabic"),
    ],
)
def test_outlet_line(line, outlet):
    article = cleaned(f"القمة\n{line}\nقال إن القمة لن تعقد.\nمنبع: دیگری")
    assert article.outlet == outlet and article.text == "قال إن القمة لن تعقد."


@pytest.mark.parametrize(
    "line",
    [
        "تاريخ النشر: 21st, October 2025 GMT",
        "تاريخ النشر: الثلاثاء، ٢١ أكتوبر ٢٠٢٥",
        "نشر في 21 أكتوبر/تشرين الأول 2025",
        "آخر تحديث: 21 تشرين الأول 2025 - 14:30 بتوقيت مكة المكرمة",
        "تاریخ انتشار: سه‌شنبه ۲۹ مهر ۱۴۰۴",
        "زمان انتشار : ۱۴۰۴/۷/۲۹ - ۱۴:۳۰",
        "Published: Tuesday, October 21, 2025",
        "Published on 21 October 2025",
        "Updated 21/10/2025",
    ],
)
def test_date_line(line):
    article = cleaned(f"القمة\n{line}\nقال إن القمة لن تعقد.")
    assert article.published == date(2025, 10, 21) and article.text == "قال إن القمة لن تعقد."


def test_what_the_header_gives_goes_before_the_page():
    text = "---\ntitle: قمة\noutlet: النورس\ndate: 2025-10-20\nlang: ar\n---\n"
    text += "المصدر: أخرى\nتاريخ النشر: 2025-10-21\nقال إن القمة لن تعقد."
    (article,) = articles_of(text)
    assert (article.outlet, article.published) == ("النورس", date(2025, 10, 20))


def test_reference_marks_go():
    text = "القمة\nقال [3] الوزير[۱۲] إن القمة [٤] لن تعقد [1][2]. وأضاف [2025] و[أ].\nOne 【4】 and ［ 5 ］ more."
    assert cleaned(text).text == "قال الوزير إن القمة لن تعقد. وأضاف [2025] و[أ].\nOne and more."


def test_title_is_the_first_line_and_goes_where_it_is_repeated():
    article = cleaned("قِمّة بودابست\n\nأخبار\n\nقمة بودابست\nقال إن القمة لن تعقد.", title="قمة بودابست")
    assert (article.title, article.text) == ("قمة بودابست", "قال إن القمة لن تعقد.")
    article = cleaned("قمة بودابست\n\nأخبار\n\nقمة بودابست\n\nقال إن القمة لن تعقد.")
    assert (article.title, article.text) == ("قمة بودابست", "قال إن القمة لن تعقد.")


def test_a_long_first_line_is_text_and_its_first_words_are_the_title():
    text = "پس از آنکه منابع آگاه به سی‌ان‌ان گفتند که طرح جلسه مقدماتی بین "
    text += "دستیاران کلیدی امور خارجه آمریکا و روسیه به تعویق افتاده است."
    article = cleaned(text)
    assert article.text == text and article.title.endswith(" …") and text.startswith(article.title[:-2])


@pytest.mark.parametrize("text", ["قمة بودابست", "دیدار بوداپست\nدیدار بوداپست"])
def test_an_article_that_is_its_title_is_kept(text):
    assert "بود" in cleaned(text, title=text.split("\n")[0]).text


def test_read_also_with_links_only_is_dropped():
    article = cleaned(
        "القمة\nقال إن القمة لن تعقد.\nاقرأ أيضا\nترامب يلتقي بوتين\nبوتين يزور بكين\nبیشتر بخوانید:\nدیدار در مسکو"
    )
    assert article.text == "قال إن القمة لن تعقد."


@pytest.mark.parametrize(
    "heading",
    ["اقرأ أيضا", "إقرأ أيضًا:", "مواضيع ذات صلة", "بیشتر بخوانید", "همچنین بخوانید:", "Read also:", "Related stories"],
)
def test_read_also_with_a_second_story_gives_an_article_of_its_own(heading):
    text = "\n".join(
        [
            "القمة",
            "تاريخ النشر: 2025-10-21",
            "المصدر: النورس",
            "قال إن القمة لن تعقد.",
            heading,
            "بوتين في بكين",
            *STORY,
            "المصدر: أخرى",
        ]
    )
    main, second = articles_of(text, "news/a.txt")
    assert (main.path, main.text, main.outlet, main.published) == (
        "news/a.txt",
        "قال إن القمة لن تعقد.",
        "النورس",
        date(2025, 10, 21),
    )
    assert (second.path, second.title, second.text) == ("news/a.txt#read-also", "بوتين في بكين", "\n".join(STORY))
    assert (second.outlet, second.published, second.url, second.facts) == (None, None, None, Facts())
    assert second.article_id == article_id("news/a.txt#read-also") != main.article_id


def test_a_repeated_paragraph_stands_once_and_a_repeated_row_or_short_sentence_twice():
    assert cleaned("\n".join(["زيارة", *STORY, *STORY])).text == "\n".join(STORY)
    for said, won in (
        ("قال إن القمة لن تعقد.", "الجسر: فوز 2-1"),
        ("او گفت که دیدار لغو شد.", "پل: برد ۲-۱"),
        ("He said the summit was off.", "Bridge: won 2-1"),
    ):
        text = f"{said}\n{won}\n{won.split(': ')[1]}\n{won}\n{won.split(': ')[1]}\n{said}"
        assert cleaned(f"القمة\n{text}").text == text


def test_article_id_is_twelve_digits_and_stable():
    assert article_id("news/خبر.txt") == article_id("news/خبر.txt") != article_id("news/خبر2.txt")
    assert len(article_id("a")) == 12 and set(article_id("a")) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("given_language", "language"), [("fa", "fa"), ("FA-IR", "fa"), ("ar_SY", "ar"), ("persian", "fa"), ("de", "ar")]
)
def test_language_of_the_header(given_language, language):
    assert articles_of(f"---\nlang: {given_language}\n---\nقال الرئيس إن القمة لن تعقد.")[0].language == language


@given(st.lists(st.text(st.sampled_from("قال إن ab.:\u200c[1] \u064b😀"), max_size=30), max_size=12), st.text(max_size=10))
def test_cleaning_any_text_gives_words_or_a_problem(lines, title):
    for found in outcomes("\n".join(lines)) + list(clean(RawDocument("x.txt", "\n".join(lines), {"title": title}))):
        if isinstance(found, Article):
            assert words(found.text) and found.text == found.text.strip() and "\n\n" not in found.text
        else:
            assert isinstance(found, Problem) and (found.skipped or found.kind == "letters")


def test_lists_of_reference_marks_go_too():
    assert cleaned("عنوان\nقال الوزير [1, 2] إن القمة [۳، ۴] لن تعقد [5-7].").text == "قال الوزير إن القمة لن تعقد."


def test_only_a_text_without_a_header_may_end_in_a_menu():
    text = "\n".join([*STORY, "", "الطاقة والتجارة", "آراء", "منوعات"])
    assert cleaned(f"زيارة بكين\n{text}").text == "\n".join(STORY)
    assert cleaned(text, title="زيارة بكين").text == text.replace("\n\n", "\n")


@pytest.mark.parametrize("last", ["نعم", "آری", "It held", "الطاقة والتجارة", "مصر\nتونس", "الجسر 3\nالنخيل 2\nالقلعة 1"])
def test_a_short_end_is_no_footer(last):
    text = "\n".join([*STORY, last])
    assert cleaned(f"زيارة بكين\n{text}").text == text
