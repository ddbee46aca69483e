"""Answer -> HTML: nothing of an article is taken for markup, every block has its direction, every marker its card."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import EVERYTHING, LANGUAGES, Filter, KhabarError
from rag.choice import ChoiceError, Fault, Outlet
from rag.phrases import NOT_TOLD, filter_in_words, not_told, written_date
from rag.types import Answer, Citation, Mode, Related
from ui.filter_view import filter_button_html, filter_fault_html, filter_panel_html, filter_sign_html
from ui.view import (
    INTERFACE,
    LABELS,
    Turn,
    answer_html,
    conversation_html,
    direction_of,
    is_web_address,
    marked_passage,
    masthead_html,
    problem_html,
    status_html,
    turn_html,
    welcome_html,
)

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&<b>"
TAGS = set(
    re.findall(
        r"\w+",
        "div span article aside section h1 h2 h3 p ul ol li a bdi time figure figcaption blockquote details summary mark "
        "button strong",
    )
)


class Page(HTMLParser):
    """Reads HTML back: every tag with its attributes, and the text that a reader sees."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(content)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "input":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def having(self, **wanted: str) -> list[tuple[str, dict[str, str | None]]]:
        names = {name.rstrip("_"): value for name, value in wanted.items()}
        return [
            (tag, found)
            for tag, found in self.tags
            if all(value in (found.get(name) or "").split() for name, value in names.items())
        ]


def cited(number: int = 1, **changes) -> Citation:
    quote = "استمر اللقاء ثلاث ساعات."
    whole = Citation(
        number, f"a{number}", "seeds/ar/1.txt", "لقاء موسكو", "نداء الساحل", date(2025, 3, 17), "ar", "https://nidaa.example/1",
        f"بدأ اللقاء ليلا. {quote} ثم غادر.", quote, 17, 17 + len(quote),
    )  # fmt: skip
    return replace(whole, **changes)


def quoting(*citations: Citation, language="ar", **changes) -> Answer:
    return replace(
        Answer("كم؟", language, "", "quotes", False, citations, (), {"embedder": "e", "generator": "g"}, {"answer_ms": 12.0}),
        **changes,
    )


ENGLISH = cited(
    2,
    title="Three hours in Moscow",
    outlet="Northgate Wire",
    language="en",
    quote="It took three hours.",
    passage="So. It took three hours.",
)


def test_no_text_becomes_markup():
    attacked = cited(
        title=ATTACK, outlet=ATTACK, path=ATTACK, quote=ATTACK, passage=f"a {ATTACK} b", url=f"https://x.example/{ATTACK}"
    )
    near = Related("a", ATTACK, ATTACK, ATTACK, None, "en", f"https://x.example/{ATTACK}")
    for answer in (
        quoting(attacked, models={"generator": ATTACK}),
        quoting(attacked, mode="written", answer=f"{ATTACK} [1]", models={"generator": ATTACK}),
        quoting(abstained=True, related=(near,)),
    ):
        page = Page(conversation_html([Turn(ATTACK, answer), Turn(ATTACK, error=KhabarError(ATTACK, ATTACK)), Turn(ATTACK)]))
        assert {tag for tag, _ in page.tags} <= TAGS
        assert not [name for _, found in page.tags for name in found if name.startswith("on")]
        assert page.text.count("<script>alert(1)</script>") >= 6
    assert {tag for tag, _ in Page(welcome_html([ATTACK])).tags} <= TAGS
    assert {
        tag for tag, _ in Page(status_html({"articles": 1, "chunks": 2}, {"embedder": ATTACK, "generator": ATTACK})).tags
    } <= TAGS


@given(st.text(), st.text(), st.text())
def test_any_text_is_shown_as_it_is(title, quote, question):
    content = turn_html(Turn(question, quoting(cited(title=title, quote=quote, passage=f"x{quote}y"))), 1)
    # A parser reads these as the line end and the replacement character that they stand for.
    plain = {ord("\r"): "\n", 0: "\ufffd"}
    page = Page(content)
    assert {tag for tag, _ in page.tags} <= TAGS
    for text in (title, quote, question):
        assert text.translate(plain) in page.text.translate(plain)


@pytest.mark.parametrize(("language", "side"), [("ar", "rtl"), ("fa", "rtl"), ("en", "ltr")])
def test_each_block_has_the_direction_of_its_language(language, side):
    page = Page(turn_html(Turn("كم؟", quoting(cited(), ENGLISH, language=language)), 3))
    assert page.having(class_="answer", lang=language, dir=side)
    assert page.having(class_="question", dir=side)
    assert [found["dir"] for tag, found in page.tags if tag == "blockquote"] == ["rtl", "ltr"]
    assert [(found["lang"], found["dir"]) for _, found in page.having(class_="title")] == [("ar", "rtl"), ("en", "ltr")]
    assert [(found["lang"], found["dir"]) for _, found in page.having(class_="passage")] == [("ar", "rtl"), ("en", "ltr")]


def test_marker_outlet_and_date_are_isolated_in_their_order():
    content = answer_html(quoting(ENGLISH, language="fa"))
    caption = content[content.index("<figcaption>") : content.index("</figcaption>")]
    assert re.findall(r"<bdi[^>]*>(?:<time[^>]*>)?([^<]*)", caption) == [
        "[2]",
        "Northgate Wire",
        "۲۷ اسفند ۱۴۰۳ (۱۷ مارس ۲۰۲۵)",
    ]
    assert Page(caption + "</figcaption>").text == "[2] — Northgate Wire، ۲۷ اسفند ۱۴۰۳ (۱۷ مارس ۲۰۲۵)"


def test_an_article_of_no_known_outlet_goes_by_its_title():
    page = Page(answer_html(quoting(cited(outlet=None, published=None))))
    assert "[1] — «لقاء موسكو»، بلا تاريخ" in page.text


@pytest.mark.parametrize("mode", get_args(Mode))
def test_every_marker_leads_to_its_card(mode):
    answer = quoting(cited(), ENGLISH, mode=mode, answer="One. [1][2] Two. [2]", language="en")
    page = Page(turn_html(Turn("q", answer), 7))
    cards = [found["id"] for _, found in page.having(class_="source")]
    assert cards == ["turn-7-source-1", "turn-7-source-2"]
    assert {found["href"] for _, found in page.having(class_="chip")} == {f"#{card}" for card in cards}
    for item in answer.citations:
        for text in (item.outlet, item.title, item.path, written_date(item.published, "en")):
            assert text in page.text


def test_written_sentences_keep_their_words_and_markers():
    page = Page(answer_html(quoting(cited(), mode="written", answer="One. [1] Two. [9]", language="en")))
    assert "One.\u00a0[1] Two.\u00a0[9]" in page.text
    assert len(page.having(class_="chip")) == 1, "a marker without a citation is no link"
    assert [found for tag, found in page.tags if tag == "details" and "open" in found], "the quote behind it is in sight"


def test_the_quote_is_marked_once_where_it_first_stands():
    assert marked_passage(cited(quote="b.", passage="a. b. b. <")) == "a. <mark>b.</mark> b. &lt;"
    assert marked_passage(cited(quote="c.", passage="a. b.")) == "a. b."
    assert marked_passage(cited(quote="", passage="a.")) == "a."


def test_zero_width_non_joiners_are_kept():
    text = "رئیس‌جمهور می‌گوید نشست سه‌جانبه"
    page = Page(turn_html(Turn(text, quoting(cited(quote=text, passage=text, title=text, language="fa"), language="fa")), 1))
    assert page.text.count(text) == 4


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
    links = [
        found for tag, found in Page(answer_html(quoting(cited(url=url)))).tags if tag == "a" and found["class"] == "original"
    ]
    assert [(link["href"], link["rel"], link["target"]) for link in links] == (
        [(url, "noopener noreferrer", "_blank")] if leads else []
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_abstention_names_articles_but_no_sources(language):
    near = Related("a", "seeds/x.txt", "عنوان", "نداء الساحل", date(2025, 3, 17), "ar", None)
    page = Page(answer_html(quoting(abstained=True, related=(near,), language=language, mode="quotes")))
    assert NOT_TOLD[language] in page.text
    assert "عنوان" in page.text and "نداء الساحل" in page.text and written_date(near.published, language) in page.text
    assert page.having(class_="abstention") and page.having(class_="related")
    assert not page.having(class_="sources") and not page.having(class_="chip")
    assert LABELS[language].not_sources in page.text


WITHIN = Filter(frozenset({"Northgate Wire", "نداء الساحل"}), frozenset({"ar", "en"}), date(2025, 3, 1), date(2025, 3, 17))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_under_a_filter_tells_the_filter_once(language):
    for answer in (quoting(cited(), language=language), quoting(abstained=True, language=language)):
        page = Page(turn_html(Turn("كم؟", answer, within=WITHIN), 1))
        assert all(page.text.count(piece) >= 1 for piece in filter_in_words(WITHIN, language))
        assert page.text.count(written_date(WITHIN.since, language)) == 1
        assert bool(page.having(class_="within")) is not answer.abstained
    assert not_told(language, WITHIN) in page.text and NOT_TOLD[language] not in page.text


def test_a_question_without_a_filter_tells_none():
    page = Page(turn_html(Turn("كم؟", quoting(cited())), 1))
    assert not page.having(class_="within")


def test_the_pieces_of_a_filter_are_isolated():
    content = turn_html(Turn("كم؟", quoting(abstained=True, language="fa"), within=WITHIN), 1)
    assert re.findall("<bdi>([^<]*)</bdi>", content)[:2] == ["Northgate Wire", "نداء الساحل"]


# The filter

OUTLETS = [Outlet("نداء الساحل", 1200, date(2025, 3, 17), date(2025, 10, 21)), Outlet("Northgate Wire", 7, None, None)]
FORM_TAGS = TAGS | {"form", "fieldset", "legend", "label", "input", "svg", "path"}


def test_the_panel_offers_what_there_is():
    page = Page(filter_panel_html(OUTLETS))
    assert [found["value"] for _, found in page.having(name="outlet")] == ["نداء الساحل", "Northgate Wire"]
    assert [found["value"] for _, found in page.having(name="language")] == list(LANGUAGES)
    assert [found["name"] for _, found in page.having(type="text")] == ["since", "until"]
    assert {(found["min"], found["max"]) for _, found in page.having(type="date")} == {("2025-03-17", "2025-10-21")}
    assert "1,200" in page.text and "hidden" in page.having(id="filter-panel")[0][1]
    assert not page.having(type="search")
    assert page.having(for_="filter-since") and page.having(id="filter-since") and page.having(id="filter-hint")


def test_many_outlets_can_be_sought_by_their_folded_letters():
    page = Page(filter_panel_html([Outlet(f"صحيفةُ {number}", 1, None, None) for number in range(20)]))
    assert page.having(type="search")
    assert [found["data-folded"] for _, found in page.tags if "data-folded" in found][:2] == ["صحيفه0", "صحيفه1"]


def test_without_outlets_there_are_languages_and_days():
    page = Page(filter_panel_html([]))
    assert not page.having(name="outlet") and len([tag for tag, _ in page.tags if tag == "fieldset"]) == 2


def test_the_sign_tells_the_filter_in_each_language():
    assert filter_sign_html(EVERYTHING) == ""
    page = Page(filter_sign_html(WITHIN))
    assert page.having(role="status") and page.having(class_="clear")
    for language in LANGUAGES:
        assert all(piece in page.text for piece in (INTERFACE[language]["clear"], *filter_in_words(WITHIN, language)))


@pytest.mark.parametrize("fault", get_args(Fault))
def test_a_fault_is_told_in_each_language(fault):
    page = Page(filter_fault_html(ChoiceError(fault, ATTACK, "p", "r")))
    assert {tag for tag, _ in page.tags} <= FORM_TAGS and page.having(role="alert") and page.having(class_="clear")
    assert page.text.count(ATTACK) == (0 if fault == "days_reversed" else 3)
    assert "{" not in page.text


def test_no_outlet_becomes_markup():
    within = Filter(frozenset({ATTACK}))
    for content in (filter_panel_html([Outlet(ATTACK, 1, None, None)]), filter_sign_html(within)):
        page = Page(content)
        assert {tag for tag, _ in page.tags} <= FORM_TAGS and ATTACK in page.text
        assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    assert Page(filter_panel_html([Outlet(ATTACK, 1, None, None)])).having(name="outlet")[0][1]["value"] == ATTACK
    for abstained in (True, False):
        turn = Turn("q", quoting(*([] if abstained else [cited()]), abstained=abstained), within=within)
        assert {tag for tag, _ in Page(turn_html(turn, 1)).tags} <= TAGS


def test_the_button_leads_to_the_panel():
    [(_, button)] = Page(filter_button_html()).having(id="filter-button")
    assert Page(filter_panel_html([])).having(id=button["aria-controls"]) and button["aria-expanded"] == "false"


def test_a_problem_comes_with_its_remedy():
    page = Page(problem_html(KhabarError("the question '🙂' has no words", "ask with words")))
    assert page.text == "The question '🙂' has no words.Ask with words."
    assert page.having(role="alert")


def test_a_problem_half_way_keeps_what_was_said():
    page = Page(turn_html(Turn("q", quoting(cited()), KhabarError("p", "r")), 1))
    assert page.having(class_="quote") and page.having(class_="problem")


def test_a_turn_says_whether_it_is_being_worked_on():
    assert 'aria-busy="true"' in turn_html(Turn("q", working=True), 1)
    assert INTERFACE["en"]["searching"] in turn_html(Turn("q", working=True), 1)
    assert INTERFACE["en"]["stopped"] in turn_html(Turn("q"), 1)


@pytest.mark.parametrize(
    ("text", "side"), [("ماذا قال NATO؟", "rtl"), ("What is «خبر»?", "ltr"), ("🙂 123", "ltr"), ("NATO چه گفت؟", "rtl")]
)
def test_a_question_goes_by_most_of_its_letters(text, side):
    assert direction_of(text) == side


def test_every_language_has_every_word():
    assert len({frozenset(words) for words in INTERFACE.values()}) == 1
    for language in LANGUAGES:
        assert set(LABELS[language].languages) == set(LANGUAGES) and set(LABELS[language].modes) == set(get_args(Mode))
        assert INTERFACE[language]["tagline"] in Page(masthead_html()).text
