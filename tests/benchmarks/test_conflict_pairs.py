"""The labelled pairs of benchmarks/data/conflicts: what each line must hold to be worth measuring with."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from index.language import detect_language

FOLDER = Path(__file__).parents[2] / "benchmarks" / "data" / "conflicts"
SETS = ("dev", "test")
LABELS = {"differ", "update", "agree", "unrelated", "same-origin"}
KINDS = {"number", "date", "place", "person"}
FIELDS = {"id", "language", "question", "kind", "one", "other", "label", "values"}


def pairs(name):
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", SETS)
def test_every_line_has_the_fields_and_a_known_label_and_kind(name):
    for pair in pairs(name):
        assert set(pair) == FIELDS, pair["id"]
        assert pair["label"] in LABELS and pair["kind"] in KINDS, pair["id"]
        for side in ("one", "other"):
            assert set(pair[side]) == {"title", "text", "language", "outlet", "published"}, pair["id"]


def test_ids_are_unique_over_both_sets():
    counted = Counter(pair["id"] for name in SETS for pair in pairs(name))
    assert [name for name, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("name", SETS)
def test_each_value_stands_whole_in_its_text(name):
    for pair in pairs(name):
        assert len(pair["values"]) == 2, pair["id"]
        for side, value in zip(("one", "other"), pair["values"], strict=True):
            assert re.search(rf"(?<!\w){re.escape(value)}(?!\w)", pair[side]["text"]), f"{pair['id']}: {value}"


@pytest.mark.parametrize("name", SETS)
def test_languages_are_what_the_texts_are_written_in(name):
    for pair in pairs(name):
        assert detect_language(pair["question"]) == pair["language"], pair["id"]
        for side in (pair["one"], pair["other"]):
            assert detect_language(side["text"]) == detect_language(side["title"]) == side["language"], pair["id"]


@pytest.mark.parametrize("name", SETS)
def test_texts_are_as_short_as_news_briefs(name):
    for pair in pairs(name):
        for side in (pair["one"], pair["other"]):
            assert 3 <= len(re.findall(r"[.!?؟](?=\s|$)", side["text"])) <= 6, f"{pair['id']}: {side['title']}"


@pytest.mark.parametrize("name", SETS)
def test_days_fit_the_label(name):
    for pair in pairs(name):
        apart = abs(date.fromisoformat(pair["one"]["published"]) - date.fromisoformat(pair["other"]["published"])).days
        assert pair["label"] != "differ" or apart <= 1, pair["id"]
        assert pair["label"] != "update" or apart >= 2, pair["id"]


@pytest.mark.parametrize("name", SETS)
def test_labels_languages_and_both_kinds_of_pairs_are_there(name):
    held = pairs(name)
    labels = Counter(pair["label"] for pair in held)
    assert len(held) >= 90 and set(labels) == LABELS
    assert labels["differ"] >= 20 and labels["agree"] + labels["unrelated"] >= 70
    assert {pair["kind"] for pair in held} == KINDS
    for language in ("ar", "fa", "en"):
        assert sum(pair["language"] == language for pair in held) >= 30, language
        assert any(pair["one"]["language"] == pair["other"]["language"] == language for pair in held), language
    across = {(pair["one"]["language"], pair["other"]["language"]) for pair in held}
    assert len({frozenset(both) for both in across}) == 6


def test_no_text_stands_in_both_sets():
    dev, test = ({pair[side]["text"] for pair in pairs(name) for side in ("one", "other")} for name in SETS)
    assert not dev & test
