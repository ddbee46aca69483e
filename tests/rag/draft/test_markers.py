"""The parser of a draft: sentences and the tags in their markers, wherever the draft is cut."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.draft.markers import draft_sentences


def read(*pieces):
    return [(sentence.text, sentence.tags) for sentence in draft_sentences(pieces)]


@pytest.mark.parametrize(
    ("marker", "tags"),
    [
        ("[1]", ["1"]), ("[ 1 ]", ["1"]), ("[١]", ["1"]), ("[۱]", ["1"]), ("［1］", ["1"]), ("【1】", ["1"]), ("[12]", ["12"]),
        ("[1, 2]", ["1", "2"]), ("[١، ٢]", ["1", "2"]), ("[۱؛ ۲]", ["1", "2"]), ("[1][2]", ["1", "2"]), ("[1] [2]", ["1", "2"]),
        ("[k3]", ["k3"]), ("[K3]", ["k3"]), ("【k3】", ["k3"]), ("[k3, m7]", ["k3", "m7"]), ("[k3][1]", ["k3", "1"]),
        ("[k۳]", ["k3"]), ("[k3 m7]", ["k3", "m7"]), ("[01]", ["1"]), ("[2, 1, 2]", ["2", "1"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", ["دامت المكالمة ساعة", "گفت‌وگو ۳.۵ ساعت بود", "It took 4.5 hours"])
def test_a_marker_of_any_form_stands_behind_its_sentence(marker, tags, text):
    for draft in (f"{text} {marker}.", f"{text}. {marker}", f"{text}{marker}.", f"{text}.{marker}"):
        assert read(draft) == [(f"{text}.", tuple(tags))]
    assert read(f"{text} {marker}") == [(text, tuple(tags))]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (
            "دامت المكالمة ساعة [1]. وحضر روبيو! [2] هل وافق؟ [١] نعم [1][2].",
            [("دامت المكالمة ساعة.", ("1",)), ("وحضر روبيو!", ("2",)), ("هل وافق؟", ("1",)), ("نعم.", ("1", "2"))],
        ),
        ("گفت‌وگو ۳.۵ ساعت بود [۱]. سپس رفت. [2]", [("گفت‌وگو ۳.۵ ساعت بود.", ("1",)), ("سپس رفت.", ("2",))]),
        ("It took 4.5 hours. [k3] Then it ended.【2】 Over", [
            ("It took 4.5 hours.", ("k3",)), ("Then it ended.", ("2",)), ("Over", ()),
        ]),
        ("قال د. أحمد [1].\r\nNOT TOLD", [("قال د. أحمد.", ("1",)), ("NOT TOLD", ())]),
        ("Mr. Trump met J. Vance [1]. It rained.", [("Mr. Trump met J. Vance.", ("1",)), ("It rained.", ())]),
        ("First line\n\nSecond line [m7]", [("First line", ()), ("Second line", ("m7",))]),
        ("He said [sic] so [1].", [("He said [sic] so.", ("1",))]),
        ("He flew [1] to Cairo.", [("He flew to Cairo.", ("1",))]),
        ("", []), (" \n ", []), ("no full stop", [("no full stop", ())]),
    ],
)  # fmt: skip
def test_the_sentences_of_a_draft(draft, expected):
    assert read(draft) == expected


@pytest.mark.parametrize("end", ["[", "[1", "[1,", "[k", "[k3", "【", "［1"])
@pytest.mark.parametrize("text", ["غادر ترامب ", "ترامپ رفت ", "Trump left "])
def test_a_draft_that_stops_in_a_marker_is_broken_and_shows_no_half_bracket(text, end):
    [sentence] = draft_sentences([text, end])
    assert sentence.broken and sentence.text == text.strip() and sentence.tags == ()


@pytest.mark.parametrize("draft", ["a ] b.", "a [b\nc", "a [" + "b" * 60, "الف 】 ب"])
def test_a_bracket_without_its_other_half_breaks_its_sentence(draft):
    assert any(sentence.broken for sentence in draft_sentences([draft]))


LETTERS = st.text(alphabet=st.sampled_from("abk3.؟! []1٢،\n»ی【】［；\u200c"), max_size=12)


@given(st.lists(LETTERS, max_size=8))
@example(["A.\n", "[1] b"])
@example(["x [", "k3", "]. y"])
def test_any_draft_cut_anywhere_gives_the_same_sentences(pieces):
    assert list(draft_sentences(pieces)) == list(draft_sentences(["".join(pieces)]))


@given(LETTERS)
def test_no_letter_of_a_draft_is_lost_and_no_marker_is_left(draft):
    found = list(draft_sentences([draft]))
    # Only what stands in a bracket that never closed is left away.
    closed = draft[: max((draft.rfind(bracket) for bracket in "[［【"), default=-1) + 1] or draft
    shown = "".join(sentence.text for sentence in found)
    assert [letter for letter in shown if letter in "aی"] == [letter for letter in draft if letter in "aی"][: sum(
        letter in "aی" for letter in shown
    )]
    assert sum(letter in "aی" for letter in shown) >= sum(letter in "aی" for letter in closed)
    for sentence in found:
        paired = all(sentence.text.count(one) == sentence.text.count(other) for one, other in ("[]", "［］", "【】"))
        assert sentence.broken or paired
        assert "[1]" not in sentence.text and "[k3]" not in sentence.text


def test_a_sentence_comes_as_soon_as_the_next_begins():
    def pieces():
        yield "دامت ساعة [1]. "
        yield "و"
        raise AssertionError("more was read than was needed")

    assert next(draft_sentences(pieces())).text == "دامت ساعة."
