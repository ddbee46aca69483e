"""The fields of a chunk: nothing of its text is lost on the way, and every field says what it should."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms import FIELDS, index_terms
from index.text import ZWNJ, analyse, is_latin, skeletons, stem, words
from index.types import LANGUAGES, Chunk, Language

ANY_TEXT = st.text(
    st.characters()
    | st.sampled_from(f"ابپتكکييىیهةلوaBé٣۳3 \t\n\x0b\x1c\x85\xa0\u1680\u2003\u2028\u3000´¨ﷺ½²{ZWNJ}\u064bـ\u202e\u00ad،.'-_")
)
LANGUAGE = st.sampled_from(LANGUAGES)
OPENING = 8
SPELT = {
    "قمة": "قِمّـــه", "القمّة": "القمه", "دیدار": "ديدار", "می‌شود": "مي‌شود", "ترامپ": "ترامب", "Trump": "TRUMP", "٣٥": "35",
    "۱۴۰۴": "١٤٠٤", "35": "۳۵", "،": "—", "أُرجئت": "ارجئت", "\u202bکاخ": "كاخ",
}  # fmt: skip


def chunk(text: str, title: str = "", language: Language = "ar") -> Chunk:
    return Chunk(1, "a", language, title, 0, len(text), text)


def terms(text: str, title: str = "", language: Language = "ar") -> dict[str, list[str]]:
    return {field: found.split() for field, found in index_terms(chunk(text, title, language)).items()}


@given(ANY_TEXT, ANY_TEXT, LANGUAGE)
def test_a_text_cut_at_white_space_loses_and_gains_no_gram(text, title, language):
    found = terms(text, title, language)
    assert list(found) == list(FIELDS)
    assert found["grams"] == analyse(title) + analyse(text)
    assert Counter(found["grams"]) == Counter(analyse(f"{title}\n{text}"))


@given(ANY_TEXT, ANY_TEXT, LANGUAGE)
def test_the_stems_are_those_of_the_words(text, title, language):
    found = terms(text, title, language)["stems"]
    assert set(found) == {stem(word) for word in words(f"{title} {text}")}
    assert len(found) == len(set(found)), "each once"


@given(ANY_TEXT, LANGUAGE)
def test_the_opening_is_the_first_pieces_of_the_text(text, language):
    first = " ".join(text.split()[:OPENING])
    assert terms(text, "عنوان آخر", language)["opening"] == [*analyse(first), *dict.fromkeys(map(stem, words(first)))]


@given(ANY_TEXT, ANY_TEXT, LANGUAGE)
def test_skeletons_are_of_the_language_s_own_script(text, title, language):
    own = [word for word in words(f"{title} {text}") if is_latin(word) == (language == "en")]
    assert terms(text, title, language)["skeletons"] == [skeleton for word in own for skeleton in skeletons(word)]


@given(ANY_TEXT, LANGUAGE)
def test_a_text_has_the_same_terms_every_time_and_every_term_is_one_token(text, language):
    once = index_terms(chunk(text, text, language))
    assert index_terms(chunk(text, text, language)) == once
    for field in once.values():
        field.encode()
        assert all(term == term.strip() and "\0" not in term for term in field.split(" "))


@given(st.lists(st.sampled_from(sorted(SPELT)), max_size=12), LANGUAGE)
def test_spellings_of_one_text_have_the_same_terms(pieces, language):
    plain, spelt = " ".join(pieces), "\u00a0".join(SPELT[piece] for piece in pieces)
    assert terms(plain, "", language) == terms(spelt, "", language)


@pytest.mark.parametrize(
    ("language", "title", "text", "opening", "later"),
    [
        (
            "ar",
            "قمة بودابست",
            "الناتو حلف عسكري تأسس في واشنطن عام ١٩٤٩ ويضم اليوم اثنتين وثلاثين دولة.",
            "الناتو",
            "اثنتين",
        ),
        (
            "fa",
            "نشست بوداپست",
            "ناتو پیمانی نظامی است که در سال ۱۹۴۹ بسته شد و امروز سی‌ودو عضو دارد.",
            "ناتو",
            "عضو",
        ),
        (
            "en",
            "Budapest summit",
            "NATO is a military alliance that was founded in Washington and counts thirty-two members.",
            "NATO",
            "members",
        ),
    ],
)
def test_an_opening_holds_the_subject_and_not_the_title_nor_what_comes_later(language, title, text, opening, later):
    found = set(terms(text, title, language)["opening"])
    assert set(analyse(opening)) <= found
    assert not set(analyse(later)) & found and not set(analyse(title)) & found
    assert set(analyse(later)) | set(analyse(title)) <= set(terms(text, title, language)["grams"])


def test_words_joined_by_a_stroke_are_words_of_one_piece():
    found = terms("ترامب/بوتين START-2 قمة—بودابست", language="fa")
    assert found["grams"] == analyse("ترامب بوتين start 2 قمة بودابست")
    assert set(found["stems"]) == {stem(word) for word in ("ترامب", "بوتين", "start", "2", "قمه", "بودابست")}


@pytest.mark.parametrize("text", ["", " ", "؟!", "😀", "\u202e\u200f", ZWNJ, "___", "\x00"])
def test_a_text_without_words_has_no_terms(text):
    assert terms(text, text) == {field: [] for field in FIELDS}


def test_repetitions_count_in_the_grams_alone():
    once, often = terms("قمة"), terms("قمة قمة قمة قمة")
    assert len(often["grams"]) == 4 * len(once["grams"])
    assert often["stems"] == once["stems"]
