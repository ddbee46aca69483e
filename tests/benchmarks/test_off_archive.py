"""The questions of benchmarks/data/off-archive: fixed questions to which no archive has the answer."""

from collections import Counter
from pathlib import Path

import pytest

from index.language import detect_language
from index.text import squash
from rag.evaluate.fixed_question import read_questions

FOLDER = Path(__file__).parents[2] / "benchmarks" / "data" / "off-archive"
KINDS = {"invented", "general", "later"}


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_each_language_has_sixty_that_ask_for_an_abstention(language):
    asked = read_questions([FOLDER / f"{language}.jsonl"])
    assert Counter(question.kind for question in asked) == dict.fromkeys(KINDS, 20)
    assert all(question.abstain for question in asked)
    assert [question.id for question in asked if detect_language(question.question) != language] == []


def test_no_question_stands_twice():
    counted = Counter(squash(question.question) for question in read_questions(sorted(FOLDER.glob("*.jsonl"))))
    assert [text for text, times in counted.items() if times > 1] == []
