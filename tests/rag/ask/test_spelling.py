"""Misspelt names in three languages: what is read as which name, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import words
from rag.ask.question import read_question
from rag.ask.spelling import as_written, corrected
from rag.text.glossary import load_glossary


def read(text, known=()):
    question, found = corrected(read_question(text, (), load_glossary(), 2000), set(known).__contains__)
    return question, [(item.word, item.name) for item in found]


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("Who did Zelenksy meet?", "zelenksy", "Zelensky"),
        ("How many died in Jamacia?", "jamacia", "Jamaica"),
        ("What did Netanayhu say?", "netanayhu", "Netanyahu"),
        ("Which Liverpol defender is out?", "liverpol", "Liverpool"),
        ("ماذا حدث في بودابتس؟", "بودابتس", "بودابست"),
        ("در بوداپتس چه شد؟", "بودابتس", "بوداپست"),
        ("متى يزور زيلنيسكي واشنطن؟", "زيلنيسكي", "زيلينسكي"),
    ],
)
def test_a_word_one_slip_from_a_name_is_read_as_it(text, word, name):
    question, found = read(text)
    assert found == [(word, name)]
    term = next(term for term in question.terms if term.words == (word,))
    assert term.is_name and term.entries
    assert question.text == text and name in question.asked and word not in question.asked.lower()


@pytest.mark.parametrize(
    "text",
    [
        "Who is Omar Saleh?", "Where is Iran?", "متى انهار السد؟", "چرا مدرسه تعطیل شد؟", "ما وصفة الكشري؟",
        "Who vetted the hitter?", "Where is Feriana?", "12345678 ؟ abc",
    ],
)  # fmt: skip
def test_other_words_are_left_alone(text):
    question, found = read(text)
    assert not found and question.rewritten is None


def test_what_the_archive_has_is_no_slip():
    assert read("What did Netanayhu say?", {"netanayhu"})[1] == []
    assert read("ماذا قال بودابتس؟", {"بودابتس"})[1] == []


def test_a_follow_up_is_still_read_by_itself():
    asked = read_question("And in Jamacia?", ["How many died in Haiti?"], load_glossary(), 2000)
    question, found = corrected(asked, lambda word: False)
    assert found and question.rewritten is None


@given(st.text(st.sampled_from("abcdeé ابتپچگ‌َ١۲3 ؟.-"), min_size=1, max_size=30))
def test_no_text_fails_and_no_term_is_lost(text):
    text = f"x {text}"
    before = read_question(text, (), load_glossary(), 2000)
    question, _ = corrected(before, lambda word: False)
    assert [term.words for term in question.terms] == [term.words for term in before.terms]


@pytest.mark.parametrize(
    ("text", "sought", "written"),
    [
        ("متى زار مِيسّيَ، بوتين؟", "ميسي", "مِيسّيَ"),
        ("أين الولايات المُتَّحِدة؟", "الولايات المتحدة", "الولايات المُتَّحِدة"),
        ("رئیس‌جمهور کیست", "رئیس‌جمهور", "رئیس‌جمهور"),
        ("رئيسـي قال", "رئيسي", "رئيسـي"),
        ("ایالات  متحده", "ایالات متحده", "ایالات  متحده"),
        ("Where is \"New—York\"?", "new york", "New—York"),
        ("١٢ و ۱۲", "12", "١٢"),
        ("كتابي كتاب", "كتاب", "كتاب"),
        ("the Café.", "cafe", "Café"),
        ("Straße?", "strasse", "Straße"),
        ("wheat", "saffron", "saffron"),
        ("wheat", "saffron wheat", "saffron wheat"),
    ],
)  # fmt: skip
def test_folded_words_as_a_text_writes_them(text, sought, written):
    assert as_written(text, words(sought)) == written


@given(
    before=st.text(alphabet="اتبيی ab1٢،.«»", max_size=12),
    word=st.text(alphabet="اآتبيیىکكةabABé12٣۴", min_size=1, max_size=8),
    marks=st.text(alphabet="\u064e\u0651\u0640", max_size=2),
    after=st.text(alphabet="اتبيی ab1٢،.«»", max_size=12),
)
def test_a_word_between_others_is_found_as_it_is_written(before, word, marks, after):
    text = f"{before} {word}{marks} {after}"
    [sought] = words(word)
    found = as_written(text, [sought])
    assert found in text and words(found) == [sought]
