from __future__ import annotations

from collections import Counter

from benchmarks.entities import LABELS, judge, read_labels, table
from index.entities.types import KINDS, Mention


def mention(kind, key, name):
    return Mention(kind, key, name, 0, 1)


def test_labels_are_of_three_languages_and_parts_and_hold_no_text():
    labels = read_labels(LABELS)
    assert len({label["id"] for label in labels}) == len(labels) == 130
    assert Counter(label["half"] for label in labels) == {"develop": 50, "held": 50, "later": 30}
    assert Counter(label["language"] for label in labels) == {"ar": 44, "fa": 44, "en": 42}
    names = [name for label in labels for kind in KINDS for spelt in label[kind] for name in spelt]
    assert len(names) > 500 and max(map(len, names)) < 70


def test_a_name_is_right_by_any_spelling_and_unclear_ones_count_neither_way():
    label = {
        "id": "a", "language": "ar", "person": [["بوتين", "فلاديمير بوتين"], ["لافروف"]], "place": [["سوسة"]],
        "organisation": [], "unclear": ["الشرطة"],
    }  # fmt: skip
    found = [
        mention("person", "=putin", "وبوتين"), mention("person", "=putin", "الرئيس"), mention("place", "=sousse", "بسوسة"),
        mention("organisation", "x", "الشرطة"), mention("organisation", "y", "الجمهورية"),
    ]  # fmt: skip
    outcome = judge(label, found)
    assert (outcome.right, outcome.met, outcome.missed) == (2, 2, ("person: لافروف",))
    assert outcome.wrong == ("organisation: الجمهورية (y)",)
    assert "| ar | 1 | 2 | 1 | 1 | 0.667 | 0.667 |" in table([outcome])
