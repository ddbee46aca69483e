"""The form of what the judge and the embedded writer learn from: enough of it, in three languages, nothing twice."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quoted import restored, stored
from index.language import detect_language

DATA = Path(__file__).parent.parent.parent / "benchmarks" / "data"
KINDS = {
    "true": {"shorter", "reordered", "reworded", "voice", "noun", "attribution", "number", "translated"},
    "false": {
        "number", "name", "place", "office", "tense", "negation", "attribution", "certainty", "opinion", "joined", "roles",
        "date", "unit", "scope", "added", "other",
    },
}  # fmt: skip


def rows(folder):
    texts = [file.read_text(encoding="utf-8") for file in sorted((DATA / folder).glob("*.jsonl"))]
    return [json.loads(line) for text in texts for line in text.split("\n") if line]


def own_words(content):
    """Return the part of a stored text that is not a place in a source."""
    return content if isinstance(content, str) else " ".join(part for part in content if isinstance(part, str))


@pytest.fixture(scope="module")
def pairs():
    return rows("entailment")


@pytest.fixture(scope="module")
def answers():
    return rows("writer")


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_there_are_enough_pairs_of_each_language_and_part(pairs, language):
    parts = Counter(row["part"] for row in pairs if row["language"] == language)
    assert parts["train"] >= 600 and parts["check"] >= 150 and parts["test"] >= 400
    almost = [row for row in pairs if row["language"] == language and row["label"] == "false" and row["kind"] != "other"]
    assert len(almost) >= sum(parts.values()) / 3


def test_pairs_have_a_known_form(pairs):
    for row in pairs:
        assert row["label"] in KINDS and row["part"] in {"train", "check", "test"}, row
        assert set(row["sources"][0]) in ({"id", "start", "end"}, {"text", "translates"}), row
    odd = [row for row in pairs if row["kind"] not in KINDS["true"] | KINDS["false"]]
    assert odd == []


def test_claims_are_in_the_language_that_they_are_said_to_be_in(pairs):
    whole = [row for row in pairs if isinstance(row["claim"], str)]
    wrong = [row for row in whole if detect_language(row["claim"]) != row["claim_language"]]
    assert len(wrong) / len(whole) < 0.02  # Persian and Arabic share many words


def test_no_source_is_in_two_parts(pairs):
    parts = {}
    for row in pairs:
        for source in row["sources"]:
            parts.setdefault((source.get("translates") or source)["id"], set()).add(row["part"])
    assert [name for name, found in parts.items() if "test" in found and len(found) > 1] == []


def test_answers_to_learn_are_enough_and_name_their_sources(answers):
    assert 1500 <= len(answers) <= 3000
    for row in answers:
        sources = row.get("translated") or row["sources"]
        markers = re.findall(r"\[(\d)\]", own_words(row["written"]))
        assert markers and all(1 <= int(marker) <= len(sources) for marker in markers), row
        assert row["part"] in {"train", "check"} and detect_language(own_words(row["question"])) == "en", row
    assert len({json.dumps(row["question"]) for row in answers}) > 0.98 * len(answers)


SOURCES = [
    "وقال الوزير إن محصول القمح ارتفع هذا العام إلى ٣ ملايين طن بفضل الأمطار.",
    "سخنگوی شهرداری گفت پل تازه روز شنبه با حضور صدها نفر گشوده شد.",
    "The minister opened the new hospital in the northern province on Sunday.",
]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("قال الوزير إن محصول القمح ارتفع هذا العام إلى ٣ ملايين طن.", 1),
        ("«سخنگوی شهرداری گفت پل تازه روز شنبه» گشوده شد. [2]", 1),
        ("On Sunday the minister opened the new hospital in the northern province, and محصول القمح ارتفع هذا العام.", 2),
        ("The minister opened the old one.", 0),
        ("كلام آخر", 0),
        ("", 0),
    ],
)
def test_long_runs_of_a_source_are_stored_as_places_and_come_back(text, places):
    content = stored(text, SOURCES)
    assert sum(isinstance(part, list) for part in (content if isinstance(content, list) else ())) == places
    assert restored(json.loads(json.dumps(content)), SOURCES) == text


@given(st.lists(st.sampled_from([*SOURCES[0].split(), *SOURCES[1].split(), *SOURCES[2].split(), "نیم‌فاصله", "؟"]), max_size=30))
def test_any_text_comes_back(words):
    text = " ".join(words)
    assert restored(stored(text, SOURCES), SOURCES) == text
