import pytest

from index.language import detect_language
from index.text import words
from rag.ask.term import Term, terms_of
from rag.text.glossary import load_glossary


def read(text: str) -> tuple[Term, ...]:
    return terms_of(words(text), detect_language(text), load_glossary())


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("بوتين", "فلاديمير بوتين", True), ("بوتين", "Putin", True), ("پوتین", "بوتين", True), ("بوتين", "ترامب", False),
        ("تمساح", "التمساح", True), ("تمساح", "والتمساح", True), ("تِمساح", "تمساح", True), ("تمساح", "زرافة", False),
        ("کروکدیل‌ها", "كروكديل", True), ("کروکدیل", "زرافه", False),
        ("crocodiles", "CROCODILE", True), ("crocodile", "giraffe", False),
        ("١٢", "۱۲", True), ("12", "١٢", True), ("12", "13", False),
    ],
)  # fmt: skip
def test_two_terms_are_one_thing_or_two(one, other, answer):
    [first], [second] = read(one), read(other)
    assert first.means(second) is second.means(first) is answer


def test_a_word_of_many_is_not_the_many():
    [whole] = read("البيت الأبيض")
    assert not Term(("البيت",)).means(whole)


@pytest.mark.parametrize("text", ["وفي", "وبماذا", "فمن", "ولماذا", "وعلى", "هو", "است", "what"])
def test_a_function_word_is_no_term_and_neither_is_one_joined_on(text):
    assert read(text) == ()


@pytest.mark.parametrize("text", ["وزير", "وفد", "فكرة", "وجه", "وباء"])
def test_a_word_that_only_begins_like_one_is_a_term(text):
    assert read(text)


@pytest.mark.parametrize(("text", "answer"), [("قال", True), ("گفت", True), ("said", True), ("تمساح", False), ("پوتین", False)])
def test_a_light_term(text, answer):
    [term] = read(text)
    assert term.is_light is answer
