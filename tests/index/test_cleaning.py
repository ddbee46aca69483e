from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clean import cleaned
from index.cleaning.headline import CUT, opens_with, tells_more
from index.cleaning.list_page import is_list_page
from index.cleaning.wrapped import unwrapped
from index.load import RawDocument
from index.text import spaced, words
from index.types import Article, Problem
from tests.index.made import articles_of, outcomes

BODY = {
    "ar": (
        "افتتحت بلديةُ الربوة جسرا للمشاة فوق الوادي صباح السبت.",
        "وقال رئيس البلدية إن كلفة الجسر بلغت ٤٠ مليون دينار.",
        "وسيفتح الجسر أمام الدراجات في الربيع.",
    ),
    "fa": (
        "شهرداری دره پل پیاده‌روی تازه‌ای را روز شنبه گشود.",
        "شهردار گفت هزینهٔ پل به ۴۰ میلیارد تومان رسیده است.",
        "دوچرخه‌سواران از بهار از آن می‌گذرند.",
    ),
    "en": (
        "The council of Hill End opened a footbridge on Saturday.",
        "The mayor said that the bridge cost 40 million crowns.",
        "Cyclists may use it from spring on.",
    ),
}
SKIP = {
    "ar": "تخطى البودكاست وواصل القراءة",
    "fa": "رد شدن از پادکست و به خواندن ادامه دهید",
    "en": "Skip podcast promotion and continue reading",
}
TITLE = {"ar": "جسر الربوة", "fa": "پل دره", "en": "Hill End bridge"}
READ_ALSO = {
    "ar": [
        "اقرأ أيضا: زلزال يضرب تونس ويقتل 12",
        "إقرأ أيضاً : زلزال يضرب تونس ويقتل 12",
        "اقرأوا أيضًا | زلزال يضرب تونس",
        "طالع أيضا: زلزال يضرب تونس",
        "شاهد أيضاً: لحظة الزلزال في تونس",
        "مواضيع ذات صلة: زلزال يضرب تونس",
        "(اقرأ أيضا: زلزال يضرب تونس)",
        "قد يهمك أيضا - زلزال يضرب تونس",
        "اقرأ المزيد: زلزال يضرب تونس ويقتل ١٢ شخصا.",
    ],
    "fa": [
        "بیشتر بخوانید: زلزله در تبریز ۱۲ کشته داد",
        "همچنین بخوانید: زلزله در تبریز",
        "بيشتر بخوانيد » زلزله در تبریز",
        "این را هم بخوانید: زلزله در تبریز",
        "اخبار مرتبط: زلزله در تبریز",
        "بخوانید: زلزله در تبریز",
        "در همین زمینه بیشتر بخوانید: زلزله در تبریز",
        "از دست ندهید: زلزله در تبریز",
    ],
    "en": [
        "Read also: Quake strikes Tunis and kills 12",
        "READ MORE: Quake strikes Tunis",
        "Also read | Quake strikes Tunis",
        "Related: Quake strikes Tunis and kills 12.",
        "See also: Quake strikes Tunis",
        "More on this story: Quake strikes Tunis",
        "[Read also: Quake strikes Tunis]",
        "You may also like: Quake strikes Tunis",
    ],
}
CASES = [(language, line) for language, lines in READ_ALSO.items() for line in lines]


def text_of(text: str, name: str = "a.txt") -> str:
    (article,) = articles_of(text, name)
    return article.text


@pytest.mark.parametrize(("language", "line"), CASES)
def test_another_articles_headline_is_no_text_of_this_one(language, line):
    first, *rest = BODY[language]
    whole = "\n".join([first, *rest])
    assert text_of("\n".join([TITLE[language], first, line, *rest])) == whole
    assert text_of("\n\n".join([TITLE[language], first, *rest, line])) == whole
    quoted = f"# {TITLE[language]}\n\n{first}\n\n> {line}\n\n" + "\n\n".join(rest)
    assert text_of(quoted, "a.md") == whole


@pytest.mark.parametrize(
    "wrap",
    [
        "<p>{}</p>",
        "<blockquote>{}</blockquote>",
        "<blockquote><p>{}</p></blockquote>",
        "<aside>{}</aside>",
        '<p><strong><a href="/x">{}</a></strong></p>',
        '<div class="css-x1"><span>{}</span></div>',
    ],
)
@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_another_articles_headline_in_a_page(language, wrap):
    first, *rest = BODY[language]
    inside = "".join(f"<p>{line}</p>" for line in rest)
    page = f"<html><body><h1>{TITLE[language]}</h1><p>{first}</p>{wrap.format(READ_ALSO[language][0])}{inside}</body></html>"
    assert text_of(page, "a.html") == "\n".join([first, *rest])


@pytest.mark.parametrize(
    "label", ["اقرأ أيضا", "مواضيع ذات صلة:", "بیشتر بخوانید:", "مطالب مرتبط", "Related stories", "Read also:"]
)
def test_headlines_under_a_label_in_the_middle_go_and_the_text_goes_on(label):
    language = "en" if label.isascii() else "fa" if "ی" in label else "ar"
    first, *rest = BODY[language]
    teasers = {
        "ar": ["حريق في سوق المدينة القديم", "ارتفاع سعر البن للشهر الثالث"],
        "fa": ["آتش‌سوزی در بازار شهر", "بهای قهوه بالا رفت"],
        "en": ["Fire in the old market", "Coffee dearer for the third month"],
    }[language]
    assert text_of("\n".join([TITLE[language], first, label, *teasers, *rest])) == "\n".join([first, *rest])


def test_a_witness_and_what_one_reads_are_text():
    for line in (
        "شاهد: لم أر شيئا تلك الليلة.",
        "Read more books, the minister told pupils.",
        "الصورة لم تتضح بعد في العاصمة.",
        "Residents can sign up for email alerts from Monday.",
        "سجل اللاعب هدفين في قناة السويس.",
        "هل وجدت صعوبة في العمل تحت الماء؟",
        "آیا از این جاده می‌توان گذشت؟",
        "Was this flood the worst of the century?",
        "برنامهٔ ما برای سال آینده روشن است.",
        "Users can download the app from Tuesday.",
        "انتهى الاجتماع بلا اتفاق.",
        "انتهای جاده بسته است.",
        "حوار: نجحت المفاوضات أخيرا.",
        "اکتب إلي على desk@rabwa.example إن شئت.",
    ):
        assert line in text_of("\n".join([TITLE["ar"], BODY["ar"][0], line, BODY["ar"][1]]))


@pytest.mark.parametrize(
    ("language", "noise"),
    [
        ("ar", ["شارك هذا الخبر", "فيسبوك", "تويتر", "واتساب"]),
        ("fa", ["اشتراک‌گذاری", "تلگرام", "بله", "کپی لینک"]),
        ("en", ["Share this article", "Facebook", "X", "Copy link"]),
        ("ar", ["اشترك في نشرتنا البريدية"]),
        ("fa", ["برای دریافت خبرها عضو خبرنامه شوید"]),
        ("en", ["Sign up for our newsletter.", "Advertisement"]),
        ("ar", ["إعلان"]),
        ("ar", ["الصورة: رويترز"]),
        ("fa", ["عکس: مهدی صادقی"]),
        ("en", ["Photo: Getty Images"]),
        ("ar", ["#الربوة #جسور"]),
        ("fa", ["برچسب‌ها:"]),
        ("en", ["Keywords: bridge"]),
        ("ar", ["مدة القراءة: 3 دقائق", "https://t.me/rabwa", "@rabwa", "👁 3.2K"]),
        ("fa", ["زمان مطالعه: ۲ دقیقه", "گزارش خطا", "منبع تصویر، آوا", "توضیح تصویر،"]),
        ("en", ["5 min read", "Image source, Getty", "[1/2]A crane lies across the quay", "Suggested topics:", "Bridges"]),
        ("ar", ["هل أعجبك هذا المقال؟", "للاشتراك بقناتنا اضغط هنا", "صدر الصورة، وكالة الظل", "إعداد: ليلى حداد"]),
        ("fa", ["آیا از این مطلب راضی بودید؟", "این گزارش را هم بخوانید: سیل بهار چه کرد", "خبرنگار: مینا رستگار"]),
        ("en", ["Is this page useful?", "Advertisement · Scroll to continue", "Reporting by Dana Ferrow; Editing by Jo Stern"]),
    ],
)
def test_noise_by_itself_goes_wherever_it_stands(language, noise):
    first, *rest = BODY[language]
    raw = RawDocument("a.txt", "\n".join([TITLE[language], first, *noise, *rest]))
    done = cleaned(raw)
    assert done.articles[0].text == "\n".join([first, *rest])
    assert [item.text for item in done.removed] == noise and all(item.reason for item in done.removed)


@pytest.mark.parametrize(
    ("language", "mark", "after"),
    [
        ("ar", "انتهى/25ر", ["هل تؤيد تقليص الدوام في الصيف؟", "نعم", "النتائج"]),
        ("fa", "انتهای پیام/", ["لینک کوتاه", "شهر در یک نگاه"]),
        ("fa", "انتهای گزارش", ["نان روستایی به شهر آمد."]),
    ],
)
def test_what_follows_an_agencys_end_mark_is_the_pages(language, mark, after):
    body = "\n".join(BODY[language])
    assert text_of("\n".join([TITLE[language], body, mark, *after])) == body


@pytest.mark.parametrize(
    ("language", "top", "bottom"),
    [
        ("ar", ["الموقع العام", "أخبار مصورة", "العدد 5210", "كتب: مروان الصياد", "نشر الثلاثاء 11-11-2025 الساعة 18:20"],
         ["حمّل التطبيق", "ارتفاع أسعار السمك في الأسواق", "قوارب قديمة تتحول إلى متحف", "عن الصحيفة"]),
        ("fa", ["روزنامهٔ بامداد", "سرمقالهٔ امروز", "شماره ۵۲۱۰", "گروه جامعه", "چهاردهم آبان ۱۴۰۴ ساعت ۱۰:۲۰"],
         ["مطالب دیگر صفحه", "نان روستایی به شهر آمد", "کتابخانهٔ عمومی دو نوبته شد", "نسخهٔ صفحه"]),
        ("en", ["My city", "Markets today", "Issue 212", "By Dana Ferrow and Luis Ocampo", "Nov 13, 2025 4:12 PM · Updated"],
         ["More to see", "Swans moved from the pond", "Bakery wins a regional award", "About our paper"]),
    ],
)  # fmt: skip
def test_what_stands_over_and_under_a_copied_text_goes_in_one_run(language, top, bottom):
    above, header = top[:3], top[3:]
    title = f"{TITLE[language]} {TITLE[language]}"
    text = "\n".join([*above, "", title, *header, "", *BODY[language], "", *bottom])
    done = cleaned(RawDocument("a.txt", text))
    assert done.articles[0].title == title and done.articles[0].text == "\n".join(BODY[language])
    assert {item.text for item in done.removed} == {*top, *bottom}


@pytest.mark.parametrize("language", BODY)
def test_results_and_lists_at_the_end_are_no_such_run(language):
    for last in (["الجسر 3-1", "الميناء 2-0", "الوادي 0-0", "السد 1-4"], ["- خبز وماء", "- كتاب قديم", "- مصباح صغير"]):
        text = "\n".join([TITLE[language], "", *BODY[language], "", *last])
        assert text_of(text).split("\n")[-len(last) :] == last
    names = ["سامان رهی", "مینا رستگار تهرانی از دره", "Ali"]
    announced = [*BODY[language][:-1], BODY[language][-1].rstrip(".") + ":", "", *names]
    assert text_of("\n".join([TITLE[language], "", *announced])).endswith("Ali")


@pytest.mark.parametrize(
    ("language", "heading", "pitch"),
    [
        ("ar", "اشترك في نشرتنا البريدية", "خلاصة الأسبوع كما يراها محررونا."),
        ("fa", "عضویت در خبرنامه", "هر بامداد مهم‌ترین خبرها را برایتان می‌فرستیم."),
        ("en", "Sign up to First Light", "Our morning email tells you what happens and why it matters."),
        ("ar", "اقرأ أيضا", "قصة الجسر القديم في تسع صور."),
        ("fa", "خبرهای مرتبط", "پل‌های گمشدهٔ شهر را بشناسید."),
        ("en", "More on this story", "The old bridge in nine pictures."),
    ],
)
def test_a_box_in_the_text_goes_with_its_heading(language, heading, pitch):
    first, *rest = (f"<p>{sentence} {BODY[language][0]}</p>" for sentence in BODY[language])
    box = f"<div class='css-9z'><h3>{heading}</h3><div><p>{pitch}</p></div></div>"
    skipped = f"<section><a href='#e'>{SKIP[language]}</a><p>{pitch}</p></section>"
    page = f"<html><head><title>{TITLE[language]} 1</title></head><body><main><h1>{TITLE[language]} 1</h1>{first}{box}{skipped}"
    text = text_of(f"{page}{''.join(rest)}</main></body></html>", "a.html")
    assert pitch not in text and heading not in text and all(sentence in text for sentence in BODY[language])
    plain = page.replace(heading, TITLE[language]).replace(SKIP[language], TITLE[language])
    assert pitch in text_of(f"{plain}{''.join(rest)}</main></body></html>", "a.html"), "a heading of the article's own"


@pytest.mark.parametrize("language", BODY)
def test_blocks_of_markdown_that_are_but_links_go_where_there_is_text(language):
    links = "- [جسر](/1)\n- [پل](/2)\n- [A bridge that was never built](/3)"
    crumbs = f"[{TITLE[language]}](/) / [x](/y)"
    cited = f"{BODY[language][0]} [{TITLE[language]}](/z)"
    text = "\n\n".join([crumbs, f"# {TITLE[language]}", *BODY[language], cited, links])
    assert text_of(text, "a.md").split("\n") == [*BODY[language], cited.replace("[", "").replace("](/z)", "")]
    assert "never built" in text_of(f"# {TITLE[language]}\n\n{BODY[language][0]}\n\n{links}", "a.md"), "a page of links alone"


@pytest.mark.parametrize(
    ("language", "heading", "comment", "footer"),
    [
        ("ar", "التعليقات (2)", "أحمد: متى يصل الدور إلينا؟", "جميع الحقوق محفوظة © صحيفة الربوة"),
        ("fa", "نظرات کاربران", "رضا: خدا را شکر.", "تمامی حقوق این سایت محفوظ است."),
        ("en", "3 Comments", "Tom: at last!", "© 2025 The Hill. All rights reserved."),
    ],
)
def test_comments_and_footers_go(language, heading, comment, footer):
    body = "\n".join(BODY[language])
    assert text_of(f"{TITLE[language]}\n{body}\n{heading}\n{comment}\n{footer}") == body
    assert text_of(f"{TITLE[language]}\n{body}\n{footer}") == body


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
@pytest.mark.parametrize("width", [60, 72])
def test_wrapped_text_is_whole_and_its_first_line_stays(language, width):
    body = " ".join(BODY[language] * 2)
    assert text_of("\n".join(textwrap.wrap(body, width, break_on_hyphens=False))) == body
    paragraphs = ["\n".join(textwrap.wrap(body, width, break_on_hyphens=False))] * 2
    assert unwrapped(f"{TITLE[language]}\n\n{paragraphs[0]}\n\n- {TITLE[language]}\n- {body[:20]}".split("\n")) == [
        TITLE[language],
        "",
        body,
        "",
        f"- {TITLE[language]}",
        f"- {body[:20]}",
    ]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("قال وزير الري إن السد آمن تماما، وإن أعمال الصيانة مستمرة منذ أسبوع. وأضاف أن المياه وصلت إلى منسوب مرتفع في اليومين "
         "الماضيين. وأوضح أن فرق الطوارئ تعمل على مدار الساعة.", "وذكر مصدر آخر أن الأهالي لم يغادروا القرى."),
        ("وزیر نیرو دیروز گفت سد کاملاً ایمن است و تعمیرات از هفته پیش آغاز شده. او افزود که آب در دو روز گذشته به سطح بالایی "
         "رسیده است و مردم پایین‌دست رودخانه نگران‌اند.", "منبع دیگری گفت مردم روستاها را ترک نکرده‌اند."),
        ("The dam is safe and its repair goes on, the minister said on Thursday. He added that water had reached a high level "
         "over the last two days of the week.", "Residents had not left, another source said."),
    ],
)  # fmt: skip
def test_a_short_wrapped_text_whose_first_line_ends_a_sentence_is_whole(paragraphs):
    lines = [line for paragraph in paragraphs for line in [*textwrap.wrap(paragraph, 72), ""]][:-1]
    assert len(lines) > 4 and lines[0].endswith(".")
    assert [line for line in unwrapped(lines) if line] == list(paragraphs)


def test_text_that_is_not_wrapped_keeps_its_lines():
    for lines in (
        list(BODY["ar"]),
        ["الجسر\t3\t1", "الميناء\t2\t0"] * 4,
        ["قصيدة لا تنتهي", "سطر بعد سطر"] * 9,
        [*BODY["en"], ""],
    ):
        assert unwrapped(lines) == lines


@given(st.lists(st.text(st.sampled_from("قال ab.:\u200c-1\t "), max_size=90), max_size=20))
def test_unwrapping_loses_no_word(lines):
    assert words("\n".join(unwrapped(lines))) == words("\n".join(lines))


@pytest.mark.parametrize(
    ("title", "text", "more"),
    [
        ("هزة بقوة 4.7 درجات تضرب ثلاث مدن", "خرج السكان إلى الشوارع.", True),
        ("زمین‌لرزهٔ ۴٫۷ ریشتری در سه شهر", "ساکنان به خیابان آمدند.", True),
        ("Tremor of 4.7 felt in three towns", "Residents ran into the streets.", True),
        ("بلدية الربوة تفتتح جسرا فوق الوادي", " ".join(BODY["ar"]), False),
        ("Council of Hill End opens footbridge", " ".join(BODY["en"]), False),
        ("قمة بودابست", "خرج السكان إلى الشوارع.", False),
    ],
)
def test_a_fact_of_the_headline_alone_can_be_quoted(title, text, more):
    assert tells_more(title, text) is more
    assert text_of(f"---\ntitle: {title}\n---\n{text}").startswith(title) is more


def test_only_a_title_taken_from_its_text_tells_nothing_new():
    assert opens_with("قال إن القمة لن تعقد.", f"قال إن{CUT}") and opens_with("قمة", "قمة")
    assert not opens_with("قمة\nقال إنها لن تعقد.", "قمة") and not opens_with("قال", "قمة")


TEASERS = {
    "ar": [
        "حريق في سوق المدينة",
        "ارتفاع أسعار البن",
        "افتتاح مدرسة للخط",
        "تأجيل محاكمة خمسة موظفين",
        "انتهاء إضراب الصيادين",
        "عاصفة تغلق المطار",
    ],
    "fa": [
        "آتش‌سوزی در بازار شهر",
        "بهای قهوه بالا رفت",
        "گشایش مدرسه تازه خط",
        "تعویق دادگاه پنج کارمند",
        "پایان اعتصاب قایق‌رانان",
        "توفان فرودگاه را بست",
    ],
    "en": [
        "Fire in the market",
        "Coffee is dearer again",
        "School for lettering opens",
        "Trial of five put off",
        "Fishers end their strike",
        "Storm shuts the airport",
    ],
}
DAYS = {"ar": "{} تشرين الأول 2025", "fa": "{} مهر ۱۴۰۴", "en": "{} October 2025"}


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
@pytest.mark.parametrize("suffix", ["html", "linked.html", "md", "txt"])
def test_a_list_page_is_no_article(language, suffix):
    pairs = [(title, DAYS[language].format(day)) for day, title in enumerate(TEASERS[language], 10)]
    form = {
        "html": "<h3>{}</h3><p>{}</p>",
        "linked.html": '<div><h3><a href="/a">{}</a></h3><time>{}</time></div>',
        "md": "### {}\n\n{}\n",
        "txt": "{}\n{}\n",
    }[suffix]
    content = "\n".join(form.format(*pair) for pair in pairs)
    (found,) = outcomes(f"<html><body>{content}</body></html>" if "html" in suffix else content, f"a.{suffix}")
    assert isinstance(found, Problem) and found.skipped and "list" in found.reason and ";" in found.reason


def test_days_of_an_article_are_no_list_page():
    days = [f"{day} أكتوبر 2025" for day in range(10, 16)]
    lines = [line for day in days for line in (day, *BODY["ar"])]
    assert not is_list_page(lines) and isinstance(outcomes("\n".join(["أيام الجسر", *lines]))[0], Article)


def test_short_lines_take_linear_time_and_stay():
    count = 3_000
    text = "\n".join(f"كلمة م{number}" for number in range(count))
    assert len(text_of(text).split("\n")) >= count - 1


@given(
    st.lists(
        st.sampled_from(
            [*BODY["fa"], "بیشتر بخوانید", "اقرأ أيضا: س", "المصدر: و", "Comments", "©", "12:30", "", "3 مهر 1404", "خبر"]
        ),
        max_size=14,
    )
)
def test_whatever_stands_together_nothing_is_lost_unsaid(lines):
    raw = RawDocument("a.txt", "\n".join(lines))
    done = cleaned(raw)
    kept = " ".join([f"{article.title} {article.text}" for article in done.articles] + [item.text for item in done.removed])
    if done.articles:
        assert all(spaced(line) in spaced(kept) for line in lines)
