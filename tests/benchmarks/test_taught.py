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
    True: {"shorter", "reordered", "reworded", "voice", "noun", "attribution", "number", "translated", "merged", "date"},
    False: {
        "number", "name", "place", "office", "tense", "negation", "attribution", "certainty", "opinion", "joined", "roles",
        "date", "unit", "scope", "added", "antonym", "other",
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


def claims(pairs, *languages):
    """Yield each claim with its row, of sources in some languages."""
    for row in pairs:
        if row["language"] in languages:
            yield from ((row, claim) for claim in row["claims"])


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_there_are_enough_pairs_of_each_language_and_part(pairs, language):
    found = list(claims(pairs, language))
    parts = Counter(row["part"] for row, _ in found)
    assert parts["train"] >= 3000 and parts["check"] >= 400 and parts["bar"] >= 200 and parts["test"] >= 200
    almost = [kind for _, (_, _, holds, kind) in found if not holds and kind != "other"]
    assert len(almost) >= len(found) / 3
    assert 0.45 < sum(holds for _, (_, _, holds, _) in found) / len(found) < 0.55


def test_pairs_have_a_known_form(pairs):
    for row in pairs:
        assert row["part"] in {"train", "check", "bar", "test"}, row
        assert all(set(place) == {"id", "start", "end"} for place in row["sources"]), row
        other = row.get("translation", {"language": "", "text": "-"})
        assert set(other) == {"language", "text"} and other["text"].strip() and other["language"] != row["language"], row
    kinds = {kind for _, (_, _, _, kind) in claims(pairs, "ar", "fa", "en")}
    assert kinds <= KINDS[True] | KINDS[False]


def test_claims_are_in_the_language_that_they_are_said_to_be_in(pairs):
    whole = [(text, language) for _, (text, language, _, _) in claims(pairs, "ar", "fa", "en") if isinstance(text, str)]
    wrong = [text for text, language in whole if detect_language(text) != language]
    assert len(wrong) / len(whole) < 0.02  # Persian and Arabic share many words


def test_no_source_is_in_two_parts(pairs):
    parts = {}
    for row in pairs:
        for source in row["sources"]:
            parts.setdefault((row["set"], source["id"]), set()).add(row["part"])
    assert [name for name, found in parts.items() if len(found) > 1] == []


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
