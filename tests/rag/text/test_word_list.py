"""The word lists of rag/data: in three languages, folded, in every spelling of a ZWNJ, and read in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import rag
from rag.text.common_words import is_function_word, is_joined_function_word, is_light_word
from rag.text.word_list import operators, sentence_words, spellings, synonym_groups, word_list

ZWNJ = "\u200c"


def test_a_listed_word_is_found_with_its_half_space_and_without():
    assert spellings("می‌گوید") == ("مي" + ZWNJ + "كويد", "ميكويد")
    assert {"مي" + ZWNJ + "كويد", "ميكويد"} <= word_list("answer_words.tsv", "saying", "fa")


def test_a_list_is_of_the_languages_that_are_asked_for():
    assert "قال" in sentence_words("report", "ar") and "said" not in sentence_words("report", "ar")
    assert sentence_words("report") == sentence_words("report", "ar", "fa", "en")


def test_operators_are_whole_words_or_beginnings():
    whole, beginnings = operators("fa")
    assert whole["هيجيك"] == "not" and all(not beginning.endswith("*") for beginning, _ in beginnings)


def test_synonyms_share_a_group_over_the_languages():
    groups = synonym_groups()
    assert not groups["said"].isdisjoint(groups["قال"]) and not groups["said"].isdisjoint(groups["كفت"])


@pytest.mark.parametrize("word", ["ماذا", "كه", "the"])
def test_words_that_bear_no_topic(word):
    assert is_function_word(word)


@pytest.mark.parametrize(("word", "is_joined"), [("وماذا", True), ("فلماذا", True), ("وزير", False), ("what", False)])
def test_an_arabic_and_joined_to_such_a_word(word, is_joined):
    assert is_joined_function_word(word) == is_joined


def test_a_light_word_is_one_with_its_article():
    assert is_light_word("اليوم") and not is_light_word("الزلزال")


def test_no_other_module_reads_the_lists():
    modules = Path(rag.__file__).parent.rglob("*.py")
    readers = [file.name for file in modules if re.search(r"read_text\(.*\.tsv|\.tsv.*read_text\(", file.read_text("utf-8"))]
    assert not readers, "rag/text/word_list.py reads the lists"
