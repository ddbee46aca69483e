"""Answer -> HTML: nothing of an article is taken for markup, every block has its direction, every marker its card."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES, ArticleRef
from rag.phrases import counted, filter_in_words, not_told, phrase, written_date
from rag.types import Answer, Disagreement, DraftCount, Mode, ShortAnswer
from tests.ui import staged
from tests.ui.html_reader import ATTACK, TAGS, Page
from tests.ui.staged import (
    CITING,
    HOURS,
    SIDES,
    WITHIN,
    as_of_line,
    cited,
    differing,
    merged,
    quoting,
    source,
    untold,
    written,
)
from ui.page.answer import answer_html
from ui.page.articles import is_web_address, marked_passage, print_of

PDI = "\u2069"
ARABIC, ENGLISH = replace(HOURS["ar"], number=1), replace(HOURS["en"], number=2)


def attacked() -> list:
    """Answers whose every text is markup."""
    hostile = cited(
        1, "en", ATTACK, "<img", title=ATTACK, outlet=ATTACK, path=ATTACK, url=f"https://x.example/{ATTACK}", agency=ATTACK,
        also=(source("fa", ATTACK, title=ATTACK, outlet=ATTACK, path=ATTACK, url=f"https://x.example/{ATTACK}"),),
    )  # fmt: skip
    other = replace(ENGLISH, quote=ATTACK, outlet=ATTACK)
    near = ArticleRef("a", ATTACK, ATTACK, ATTACK, None, "en", f"https://x.example/{ATTACK}")
    differ = (Disagreement("number", (1, 2), (ATTACK, "<b>")),)
    direct = ShortAnswer(ATTACK, "en", 1, 0, 1, f"{ATTACK}!", (ShortAnswer(ATTACK, "fa", 9, 0, 1),))
    common = {"notices": (ATTACK,), "models": {"generator": ATTACK}, "direct": direct}
    return [
        quoting("ar", hostile, other, **common),
        quoting("fa", f"{ATTACK} [1]", hostile, other, disagreements=differ, **common),
        quoting("en", hostile, mode="written", answer=f"{ATTACK} [1] “{ATTACK}” [1]", **common),
        quoting("en", abstained=True, related=(near,), missing=(ATTACK,), **common),
    ]


@pytest.mark.parametrize("answer", attacked(), ids=["quotes", "differing", "written", "abstention"])
def test_no_text_becomes_markup(answer):
    page = Page(answer_html(answer))
    assert {tag for tag, _ in page.tags} <= TAGS
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    assert page.text.count("<script>alert(1)</script>") >= 4


@given(st.text(), st.text(), st.data())
def test_any_text_is_shown_as_it_is(title, quote, data):
    cut = sorted(data.draw(st.tuples(*[st.integers(0, len(quote))] * 2)))
    item = cited(1, "ar", quote, title=title)
    item = replace(item, phrase=(item.start + cut[0], item.start + cut[1]))
    # A parser reads these as the line end and the replacement character that they stand for.
    plain = {ord("\r"): "\n", 0: "\ufffd"}
    page = Page(answer_html(quoting("fa", item)))
    assert {tag for tag, _ in page.tags} <= TAGS
    for text in (title, quote):
        assert text.translate(plain) in page.text.translate(plain)


@pytest.mark.parametrize(("language", "side"), [("ar", "rtl"), ("fa", "rtl"), ("en", "ltr")])
@pytest.mark.parametrize("together", [False, True])
def test_each_block_has_the_direction_of_its_language(language, side, together):
    answer = differing(language) if together else quoting(language, *HOURS.values())
    page = Page(answer_html(answer, 3))
    assert page.having(class_="answer", lang=language, dir=side)
    own = [("ar", "rtl"), ("fa", "rtl"), ("en", "ltr")]
    assert [(found["lang"], found["dir"]) for tag, found in page.tags if tag == "blockquote"] == own
    assert [(found["lang"], found["dir"]) for _, found in page.having(class_="title")] == own
    assert [(found["lang"], found["dir"]) for _, found in page.having(class_="passage")] == own


def test_marker_outlet_and_date_are_isolated_in_their_order():
    content = answer_html(quoting("fa", ENGLISH))
    caption = content[content.index("<figcaption>") : content.index("</figcaption>")]
    assert re.findall(r"<bdi[^>]*>(?:<time[^>]*>)?([^<]*)", caption) == [
        "[2]",
        "Northgate Wire",
        "۲۷ اسفند ۱۴۰۳ (۱۷ مارس ۲۰۲۵)",
    ]
    assert Page(caption + "</figcaption>").text == "[2] — به انگلیسی، از Northgate Wire، ۲۷ اسفند ۱۴۰۳ (۱۷ مارس ۲۰۲۵)"


def test_an_outlet_cannot_end_its_isolate():
    content = answer_html(quoting("ar", replace(ENGLISH, outlet=f"a{PDI}b", also=(source("en", "x", outlet=f"{PDI}c"),))))
    assert PDI not in content and "ab" in Page(content).text


def test_an_article_of_no_known_outlet_goes_by_its_title():
    page = Page(answer_html(quoting("ar", replace(ARABIC, title="لقاء الميناء", outlet=None, published=None))))
    assert "[1] — بحسب «لقاء الميناء»، بلا تاريخ" in page.text


@pytest.mark.parametrize("mode", get_args(Mode))
def test_every_marker_leads_to_its_card(mode):
    text = {"quotes": quoting("en", ARABIC, ENGLISH).answer, "written": "One. [1][2] Two. [2]"}[mode]
    answer = quoting("en", ARABIC, ENGLISH, mode=mode, answer=text)
    page = Page(answer_html(answer, 7))
    cards = [found["id"] for _, found in page.having(class_="evidence")]
    assert cards == ["turn-7-source-1", "turn-7-source-2"]
    assert {found["href"] for _, found in page.having(class_="chip")} == {f"#{card}" for card in cards}
    for item in answer.citations:
        for told in (item.outlet, item.title, written_date(item.published, "en")):
            assert told in page.text
        assert item.path not in page.text, "where it lies is told beside the whole article"


def test_an_article_has_one_card_with_its_quotes_in_it():
    again = replace(cited(5, "ar", "قال إنها الأخيرة."), article_id=ARABIC.article_id)
    page = Page(answer_html(quoting("en", ARABIC, ENGLISH, again), 2))
    first, second = page.texts("li", "source")
    assert ARABIC.title in first and first.count(ARABIC.outlet) == 1 and ENGLISH.title in second
    assert [found["id"] for _, found in page.having(class_="evidence")] == [f"turn-2-source-{n}" for n in (1, 5, 2)]
    assert again.passage in first and again.passage not in second


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_opens_its_article_at_the_quote(language):
    item = replace(merged(language).citations[0], quote="x" * 20)
    page = Page(answer_html(quoting(language, item)))
    opens = page.having(class_="opens")
    assert {found["href"].split("?")[0] for _, found in opens} == {f"article/{one.article_id}" for one in (item, *item.also)}
    own = next(found for _, found in opens if found["data-article"] == item.article_id)
    assert (own["data-start"], own["data-end"], own["data-print"]) == (str(item.start), str(item.end), print_of("x" * 20))
    assert own["href"].endswith(f"?start={item.start}&end={item.end}#quoted") and "target" not in own


# Quotes in another language


@pytest.mark.parametrize(
    ("language", "other", "told"),
    [
        ("ar", "fa", "بالفارسية، عن روزنامهٔ بامداد، 17 مارس 2025"),
        ("fa", "ar", "به عربی، از صحيفة المرفأ، ۲۷ اسفند ۱۴۰۳ (۱۷ مارس ۲۰۲۵)"),
        ("en", "fa", "in Persian, from روزنامهٔ بامداد, 17 March 2025"),
    ],
)
def test_a_quote_in_another_language_says_so_in_the_language_of_the_answer(language, other, told):
    item = replace(HOURS[other], number=1)
    page = Page(answer_html(quoting(language, item, direct=staged.short(item, "x"))))
    assert page.texts("figcaption") == [f"[1] — {told}"] and page.texts("p", "from") == [f"— {told}"]
    own = Page(answer_html(staged.direct(language)))
    assert not own.texts("p", "from") and phrase(f"in_language.{language}", language) not in own.text


def test_a_quote_that_runs_against_its_answer_is_known_as_such():
    page = Page(answer_html(quoting("ar", *HOURS.values())))
    assert ["across" in found["class"].split() for _, found in page.having(class_="quote")] == [False, False, True]


def test_values_that_differ_say_where_they_are_from_over_their_quotes():
    page = Page(answer_html(staged.several("en")))
    assert not page.texts("p", "from")
    assert page.texts("p", "when") == ["in Arabic, 17 March 2025", "in Persian, 17 March 2025", "17 March 2025"]


def test_an_outlet_that_the_glossary_knows_goes_by_its_name_in_the_language_of_the_answer():
    item = replace(HOURS["ar"], number=1, outlet="الجزيرة")
    assert "in Arabic, from Al Jazeera, 17 March 2025" in Page(answer_html(quoting("en", item))).text
    assert "بحسب الجزيرة" in Page(answer_html(quoting("ar", item))).text


# Who reported what, when


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_of_several_days_that_differ_stand_in_the_order_of_their_days(language):
    days = {"ar": date(2025, 3, 18), "fa": date(2025, 3, 16), "en": None}
    items = [replace(item, published=days[side]) for side, item in HOURS.items()]
    told = Disagreement("number", (1, 2, 3), tuple(SIDES.values()))
    page = Page(answer_html(quoting(language, *items, disagreements=(told,)), 4))
    assert phrase("timeline", language) in page.texts("h3")
    rows = page.texts("li")[:3]
    for row, side in zip(rows, ("fa", "ar", "en"), strict=True):
        assert row.startswith(written_date(days[side], language)) and row.endswith(SIDES[side]) and HOURS[side].outlet in row


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_that_follow_up_on_each_other_stand_in_the_order_of_their_days(language):
    answer = staged.as_of(language)
    page = Page(answer_html(answer))
    [section] = page.texts("section", "timeline")
    new, old = answer.citations
    assert section.index(old.quote) < section.index(new.quote[new.phrase[0] - new.start : new.phrase[1] - new.start])


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_of_one_day_or_of_different_things_have_no_order_to_tell(language):
    apart = replace(HOURS["en"], published=date(2025, 1, 1))
    for answer in (differing(language), quoting(language, HOURS["ar"], apart), untold(language)):
        assert not Page(answer_html(answer)).having(class_="timeline")


# The answering phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answering_phrase_is_marked_in_quote_and_passage(language):
    item = HOURS[language]
    phrase = item.quote[item.phrase[0] - item.start : item.phrase[1] - item.start]
    page = Page(answer_html(quoting(language, item)))
    assert page.texts("mark", "phrase") == [phrase, phrase]
    assert page.texts("mark", "quoted") == [item.quote]
    assert item.quote in page.texts("blockquote")[0]


def test_the_quote_is_marked_once_where_it_first_stands():
    item = replace(ENGLISH, quote="b.", passage="a. b. b. <", phrase=None)
    assert marked_passage(item) == 'a. <mark class="quoted">b.</mark> b. &lt;'
    assert marked_passage(replace(item, quote="c.")) == "a. b. b. &lt;"
    assert marked_passage(replace(item, quote="")) == "a. b. b. &lt;"


def test_zero_width_non_joiners_are_kept():
    text = "رئیس‌جمهور می‌گوید نشست سه‌جانبه"
    page = Page(answer_html(quoting("fa", cited(1, "fa", text, "می‌گوید", title=text))))
    assert page.text.count(text) == 3 and page.texts("mark", "phrase") == ["می‌گوید"] * 2


# The short answer


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", get_args(Mode))
def test_the_short_answer_stands_over_everything_else_and_leads_to_its_source(language, mode):
    answer = replace(staged.direct(language), mode=mode, as_of=date(2025, 3, 17))
    page = Page(answer_html(answer, 7))
    [told] = page.texts("section", "direct")
    assert told == f"{phrase('short_answer', language)}{answer.direct.text}\u00a0[1]"
    assert page.text.startswith(told)
    assert page.texts("h3")[0] == phrase("short_answer", language)
    first = page.having(class_="chip")[0][1]
    assert (first["href"], first["aria-label"]) == ("#turn-7-source-1", f"{phrase('source', language)} 1")
    assert page.texts("mark", "phrase") == [answer.direct.text] * 2, "the phrase stays marked in the quote and in the passage"


@pytest.mark.parametrize(
    ("language", "own"), [("ar", "“four hours”"), ("fa", "«ثلاث ساعات ونصف الساعة»"), ("en", "«ثلاث ساعات ونصف الساعة»")]
)
def test_what_the_short_answer_renders_stands_beside_it_in_its_own_direction(language, own):
    answer = staged.rendered(language)
    page = Page(answer_html(answer))
    assert page.texts("bdi", "first") == [answer.direct.rendered] and page.texts("bdi", "own") == [own]
    [(_, first)], [(_, beside)] = page.having(class_="first"), page.having(class_="own")
    assert (first["lang"], first["dir"]) == (language, "ltr" if language == "en" else "rtl")
    assert (beside["lang"], beside["dir"]) == (("en", "ltr") if language == "ar" else ("ar", "rtl"))
    assert page.texts("span", "value") == [f"{answer.direct.rendered} {own}\u00a0[1]"]


@pytest.mark.parametrize(("language", "lang", "side"), [("ar", "fa", "rtl"), ("fa", "en", "ltr"), ("en", "fa", "rtl")])
def test_a_short_answer_that_is_not_rendered_stands_as_it_is_in_its_own_direction(language, lang, side):
    page = Page(answer_html(staged.foreign(language)))
    [(_, first)] = page.having(class_="first")
    assert (first["lang"], first["dir"]) == (lang, side) and not page.having(class_="own")
    assert page.texts("bdi", "first") == [staged.foreign(language).direct.text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_answers_that_differ_stand_in_one_line(language):
    answer = staged.several(language)
    page = Page(answer_html(answer))
    values = page.texts("span", "value")
    assert page.texts("p")[0] == " ".join(values) and len(values) == 3
    numbers = [answer.direct.citation, *(other.citation for other in answer.direct.others)]
    assert [value.split("\u00a0", 1)[1] for value in values] == [
        f"[{numbers[0]}]\u00a0·", f"[{numbers[1]}]\u00a0·", f"[{numbers[2]}]",
    ]  # fmt: skip
    assert len(page.texts("figure")) == 3


def test_a_rendering_in_the_same_words_is_told_once():
    answer = staged.direct("fa")
    page = Page(answer_html(replace(answer, direct=replace(answer.direct, rendered="۵  ساعت"))))
    assert page.texts("section", "direct") == ["پاسخ کوتاه۵ ساعت\u00a0[1]"]


def test_a_short_answer_cannot_end_its_isolate_and_stands_in_one_line():
    wild = ShortAnswer(f"می‌گوید{PDI}\nچنین", "fa", 1, 0, 9, f"so{PDI} it\nis")
    content = answer_html(quoting("en", replace(ENGLISH, number=1), direct=wild))
    assert PDI not in content and "so it is «می‌گوید چنین»\u00a0[1]" in Page(content).text


def test_a_short_answer_of_no_known_source_has_no_link():
    page = Page(answer_html(quoting("ar", ARABIC, direct=ShortAnswer("٣", "ar", 7, 0, 1))))
    assert page.texts("section", "direct") == ["الجواب باختصار٣\u00a0[7]"] and len(page.having(class_="chip")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_short_answer_there_is_nothing_but_its_place(language):
    abstained = replace(untold(language), direct=ShortAnswer("x", "en", 1, 0, 1))
    for answer in (merged(language), written(language), untold(language), abstained):
        page = Page(answer_html(answer))
        assert not page.having(class_="direct") and phrase("short_answer", language) not in page.text
        assert page.texts("div", "place") == ([] if answer.abstained else [""])


# Written answers


def test_written_sentences_keep_their_words_and_markers():
    page = Page(answer_html(quoting("en", ENGLISH, mode="written", answer="One. [2] Two. [9]")))
    assert page.texts("p", "sentences") == ["One.\u00a0[2] Two.\u00a0[9]"]
    assert len(page.having(class_="chip")) == 1, "a marker without a citation is no link"
    assert [found for tag, found in page.tags if tag == "details" and "open" in found], "the quote behind it is in sight"
    assert not page.texts("figure")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quotation_in_a_written_sentence_is_isolated_and_marked(language):
    answer = written(language)
    page = Page(answer_html(answer))
    [item] = answer.citations
    assert page.having(lang=language, dir="ltr" if language == "en" else "rtl")
    assert [text[1:-1] for text in page.texts("bdi") if item.quote in text] == [item.quote]
    assert len(page.texts("mark", "phrase")) == 2
    assert page.texts("p", "sentences")[0].replace("\u00a0", " ") == answer.answer


def being_written(language):
    """The quotes of an answer that a model has begun to write, and what it has written so far."""
    quoted = quoting(language, HOURS[language], drafted=DraftCount())
    return quoted, replace(written(language), drafted=DraftCount(1), notices=())


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_a_model_writes_the_quotes_stand_under_a_line_that_says_so(language):
    quoted, so_far = being_written(language)
    for answer, beside in ((quoted, None), (so_far, quoted)):
        content = answer_html(answer, working=True, quoted=beside)
        page = Page(content)
        assert page.texts("p", "writing") == [phrase("writing", language)]
        assert len(page.texts("figure")) == 1 and HOURS[language].quote in page.texts("figure")[0]
        assert content.index('class="writing"') < content.index("<figure")
    assert content.index('class="sentences"') < content.index('class="writing"')
    # Markers of the quotes have the numbers of another answer.
    assert page.having(class_="meanwhile")
    assert not Page(answer_html(quoted, working=True)).having(class_="meanwhile")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_at_its_end_has_no_such_line_and_no_quotes_beside_it(language):
    quoted, so_far = being_written(language)
    for answer in (so_far, replace(quoted, notices=("why",), drafted=DraftCount(dropped=2))):
        page = Page(answer_html(answer))
        assert not page.texts("p", "writing") and len(page.texts("figure")) == (answer.mode == "quotes")


def test_the_quotes_keep_their_place_while_a_model_writes_and_when_it_has_failed():
    quoted, so_far = being_written("fa")
    shapes = [
        [tag for tag, _ in Page(answer_html(answer, working=True, quoted=beside)).tags if tag in ("figure", "blockquote")]
        for answer, beside in ((quoted, None), (so_far, quoted), (replace(quoted, notices=("x",)), None))
    ]
    assert shapes[0] == shapes[1] == shapes[2]


def test_a_quotation_cannot_end_its_isolate_in_a_written_sentence():
    item = cited(1, "fa", f"نشست{PDI} پایان یافت.", "پایان")
    content = answer_html(quoting("fa", item, mode="written", answer=f"نوشت: «{item.quote}» [1]"))
    sentence = Page(content).texts("p", "sentences")[0]
    assert PDI not in sentence and "«نشست پایان یافت.»" in sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_notices_stand_quietly_under_a_finished_answer(language):
    answer = replace(written(language), notices=("Two sentences were dropped.", "مدل پاسخ نداد."))
    page = Page(answer_html(answer))
    [(_, told)] = page.having(class_="notices")
    assert told["role"] == "status"
    assert page.texts("div", "notices") == ["".join(answer.notices)]
    assert [found["dir"] for tag, found in page.tags if tag == "p" and set(found) == {"dir"}] == ["ltr", "rtl"]
    assert not Page(answer_html(answer, working=True)).having(class_="notices")
    assert not Page(answer_html(merged(language))).having(class_="notices")


# Outlets that say the same, and those that do not


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_outlets_of_a_quote_can_be_opened(language):
    answer = merged(language)
    [item] = answer.citations
    page = Page(answer_html(answer, 4))
    links = [found["href"] for tag, found in page.tags if tag == "a" and found["href"].startswith("#turn-4-source-1-also")]
    assert links == [f"#{found['id']}" for _, found in page.having(class_="other")] == [
        "#turn-4-source-1-also-1", "#turn-4-source-1-also-2",
    ]  # fmt: skip
    for other, told in zip(item.also, page.texts("details", "other"), strict=True):
        assert told.startswith(f"+ {other.outlet}")
        for text in (other.quote, other.title, written_date(other.published, language)):
            assert text in told
    assert f"+ {item.also[0].outlet}" in page.texts("figcaption")[0]
    assert page.having(class_="original", href="https://b.example/")


@pytest.mark.parametrize(("language", "told"), [("ar", "نقلًا عن رويترز"), ("fa", "به نقل از رویترز"), ("en", "via Reuters")])
def test_the_agency_behind_a_report_is_told(language, told):
    page = Page(answer_html(merged(language)))
    assert page.texts("span", "agency") == [told, told]
    assert not Page(answer_html(quoting(language, HOURS[language]))).texts("span", "agency")


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotes_that_contradict_each_other_stand_side_by_side(language):
    page = Page(answer_html(differing(language)))
    [(_, group)] = page.having(class_="differing")
    assert group["role"] == "group" and f"{group['aria-label']}:" == phrase("sources_differ", language)
    [together] = page.texts("div", "differing")
    for item in HOURS.values():
        assert item.quote in together and item.outlet in together and written_date(item.published, language) in together
    assert page.texts("mark", "value") == list(SIDES.values())
    assert len(page.texts("figure")) == 3
    above, below = (line.replace("\u00a0", " ") for line in page.texts("p", "line"))
    assert written_date(date(2025, 3, 17), language) in above and below == CITING[language].format(**SIDES)
    order = [page.text.index(above), page.text.index(together), page.text.replace("\u00a0", " ").index(below)]
    assert order == sorted(order)
    assert {text for text in page.texts("bdi") if text in SIDES.values()} == {SIDES["fa" if language == "en" else "en"]}


def test_other_quotes_keep_their_place_around_those_side_by_side():
    first, last = cited(7, "fa", "پیش از همه."), cited(8, "fa", "پس از همه.")
    told = (Disagreement("number", (1, 3), ("ثلاث ساعات ونصف الساعة", "four")),)
    page = Page(answer_html(quoting("fa", first, HOURS["ar"], last, HOURS["en"], disagreements=told)))
    assert [text.strip("«»“”") for text in page.texts("blockquote")] == [
        first.quote, HOURS["ar"].quote, HOURS["en"].quote, last.quote,
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_written_answer_shows_what_contradicts_it(language):
    answer = replace(differing(language), mode="written", answer="A. [1]", as_of=None)
    page = Page(answer_html(answer))
    assert page.texts("p", "line") == [phrase("sources_differ", language).rstrip(":")] and len(page.texts("figure")) == 3


def test_quotes_that_the_text_does_not_hold_are_shown_all_the_same():
    page = Page(answer_html(quoting("ar", *HOURS.values(), answer="هذا:")))
    assert page.texts("p", "line") == ["هذا:"] and len(page.texts("blockquote")) == 3


# The day of an answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_is_told_once_and_earlier_reports_stand_under_their_line(language):
    answer = staged.as_of(language)
    page = Page(answer_html(answer))
    assert page.texts("p", "line") == [as_of_line(language), phrase("earlier", language)]
    new, old = page.texts("blockquote")
    order = [page.text.index(text) for text in (as_of_line(language), new, phrase("earlier", language), old)]
    assert order == sorted(order)
    assert len(page.texts("figure", "overtaken")) == 1 and old in page.texts("figure", "overtaken")[0]
    silent = Page(answer_html(quoting(language, HOURS[language], as_of=answer.as_of)))
    assert silent.texts("p", "as-of") == [as_of_line(language).rstrip(":")]
    assert phrase("as_of", language).split("{")[0] not in Page(answer_html(quoting(language, HOURS[language]))).text


# Abstentions

@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_near_the_subject_opens_by_its_title(language):
    answer = untold(language)
    [near] = answer.related
    page = Page(answer_html(answer))
    [(_, title)] = page.having(class_="opens")
    assert (title["data-article"], title["href"]) == (near.article_id, f"article/{near.article_id}")
    assert "data-start" not in title
    off = Page(answer_html(replace(answer, related=())))
    assert not off.having(class_="related") and not off.having(class_="opens")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_abstention_names_articles_but_no_sources(language):
    answer = untold(language)
    page = Page(answer_html(answer))
    [near] = answer.related
    assert page.texts("p", "untold") == [phrase("not_told", language)]
    assert near.title in page.text and near.outlet in page.text and written_date(near.published, language) in page.text
    assert page.having(class_="abstention") and page.having(class_="related")
    assert not page.having(class_="sources") and not page.having(class_="chip")
    assert phrase("not_sources", language) in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_abstention_names_the_words_that_no_article_holds(language):
    answer = untold(language)
    page = Page(answer_html(answer))
    [told] = page.texts("p", "missing")
    assert told.startswith(phrase("not_mentioned", language).split("{", 1)[0]) and all(word in told for word in answer.missing)
    assert [text for text in page.texts("bdi") if text in answer.missing] == list(answer.missing)
    assert not Page(answer_html(replace(answer, missing=()))).having(class_="missing")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_abstention_under_a_filter_names_it_piece_by_piece(language):
    content = answer_html(untold(language), within=WITHIN)
    assert Page(content).texts("p", "untold") == [not_told(language, WITHIN)]
    assert re.findall("<bdi>([^<]*)</bdi>", content)[:4] == filter_in_words(WITHIN, language)[:4]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_abstention_says_beside_is_not_lost(language):
    answer = untold(language)
    told = f"{answer.answer}\n\nA further line, بسطر آخر.\n\n(x {answer.missing[0]})"
    page = Page(answer_html(replace(answer, answer=told)))
    assert page.texts("p", "line") == ["A further line, بسطر آخر."]


# Links


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://x.example/a?b=1&c=2", True),
        ("HTTP://x.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//x.example/a", False),
        ("/etc/passwd", False),
        ("https:///a", False),
        ("http://[::1", False),
        (" javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url, leads):
    assert is_web_address(url) is leads
    item = replace(ARABIC, url=url, also=(source("ar", "قول", url=url),))
    page = Page(answer_html(quoting("ar", item)))
    links = [(found["href"], found["rel"], found["target"]) for _, found in page.having(class_="original")]
    assert links == ([(url, "noopener noreferrer", "_blank")] * 2 if leads else [])


# What a request adds


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_days_that_were_read_and_lists_the_articles(language):
    html = answer_html(staged.days_read(language))
    assert phrase("days_read", language).split("{")[0].strip() in html
    assert phrase("articles_listed", language).rstrip(":") in html
    assert html.count("&lt;") >= 10 and staged.TITLES[language] not in html
    assert html.count('class="title"') >= 10 and counted("more_article", 2, language) in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_days_can_be_taken_away_where_something_is_left_to_ask(language):
    answer = replace(staged.days_read(language), without_days='ماذا حدث في "القاهرة" <b>؟')
    html = answer_html(answer)
    assert 'data-question="ماذا حدث في &quot;القاهرة&quot; &lt;b&gt;؟"' in html
    assert f'<span class="unseen">{phrase("all_days", language)}</span></button></div><' in html
    assert "data-question" not in answer_html(staged.days_read(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_could_not_be_read_is_told_in_its_own_words_alone(language):
    answer = Answer("?", language, f"<{staged.TITLES[language]}>\n\nb", "quotes", True, request="unclear")
    html = answer_html(answer)
    assert html.count('<p class="line">') == 2 and "untold" not in html and f"<{staged.TITLES[language]}" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_ordinary_answer_has_neither_days_nor_a_list(language):
    page = Page(answer_html(quoting(language, HOURS[language])))
    assert not page.having(class_="read-days") and not page.having(class_="listing")
