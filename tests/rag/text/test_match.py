"""The notions of sameness of two words, from the strictest to the loosest, in Arabic, Persian and English."""

from __future__ import annotations

import pytest

from index.text import fold
from rag.text.match import content_stems, forms, same_but_for_pronoun, same_stem, same_words, sound_alike, sounds_of

PRONOUNS = [("مداها", "مدى"), ("رسالته", "رسالة")]
SYNONYMS = [("قال", "ذكر"), ("گفت", "اعلام"), ("said", "announced")]


def stem(one, other):
    return same_stem(fold(one), fold(other))


@pytest.mark.parametrize(("one", "other"), [("البيت", "بيت"), ("وكتب", "كتب"), ("کتاب‌ها", "کتاب"), ("talks", "talk")])
def test_an_article_a_clitic_and_an_ending_make_no_other_word(one, other):
    assert stem(one, other)


@pytest.mark.parametrize(("one", "other"), [("كتاب", "باب"), ("سفر", "سرد"), ("talk", "walk"), *SYNONYMS])
def test_other_stems_are_other_words(one, other):
    assert not stem(one, other)


@pytest.mark.parametrize(("one", "other"), PRONOUNS)
def test_a_noun_is_the_same_without_its_pronoun(one, other):
    one, other = fold(one), fold(other)
    assert same_but_for_pronoun(one, other) and same_but_for_pronoun(other, one)


def test_wordings_are_the_same_word_by_word():
    assert same_words(["وزير", "الخارجيه"], ["الوزير", "خارجيه"])
    assert not same_words(["وزير", "الخارجيه"], ["وزير"])
    assert not same_words(["foreign", "minister"], ["minister", "foreign"])


@pytest.mark.parametrize(("one", "other"), [("trump", "ترامب"), ("lavrov", "لاوروف"), ("بوداپست", "budapest")])
def test_names_sound_alike_over_two_scripts(one, other):
    assert sound_alike(sounds_of([fold(one)]), sounds_of([fold(other)]), across_scripts=True)


def test_three_consonants_are_chance_within_one_script():
    one, other = sounds_of(["kabul"]), sounds_of(["kebal"])
    assert sound_alike(one, other, across_scripts=True) and not sound_alike(one, other, across_scripts=False)


@pytest.mark.parametrize(("one", "other"), [*SYNONYMS, ("می‌رود", "رود"), ("يجتمع", "اجتمع")])
def test_words_that_may_stand_for_each_other_share_a_form(one, other):
    assert not forms(fold(one).replace("\u200c", "")).isdisjoint(forms(fold(other)))


def test_the_content_of_a_text_is_its_words_that_bear_a_topic():
    assert content_stems("What did the minister say about the bridges?") == {"minister", "bridg"}
    assert "في" not in content_stems("في أي جسر") and content_stems("سازمان در کجاست؟")
