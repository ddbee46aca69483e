import json

import pytest
from click.testing import CliRunner

from benchmarks.conflicts import Outcome, ask, figures, main, read_pairs, told_of
from index.types import KhabarError
from rag.types import Answer

QUAKE = {
    "ar": {"title": "زلزال إزمير", "text": "أسفر زلزال إزمير عن مقتل ١٢ شخصا. وأُغلقت المدارس.", "language": "ar"},
    "fa": {"title": "زلزلهٔ ازمیر", "text": "در زلزلهٔ ازمیر دوازده نفر کشته شدند. مدرسه‌ها بسته است.", "language": "fa"},
    "en": {"title": "Izmir earthquake", "text": "The earthquake in Izmir killed 15 people. Shops are shut.", "language": "en"},
}


def side(language, day="2025-05-03"):
    return {**QUAKE[language], "outlet": f"Outlet {language}", "published": day}


def pair(name, one, other, label, values):
    question = "How many people were killed in the earthquake in Izmir?"
    return {
        "id": name, "language": "en", "question": question, "kind": "number", "one": one, "other": other, "label": label,
        "values": values,
    }  # fmt: skip


PAIRS = [
    pair("a", side("ar"), side("en"), "differ", ["١٢", "15"]),
    pair("b", side("ar"), side("fa"), "agree", ["١٢", "دوازده"]),
    pair("c", side("ar"), side("en", "2025-05-09"), "update", ["١٢", "15"]),
]


def test_pairs_are_asked_through_the_whole_pipeline(monkeypatch):
    monkeypatch.setenv("KHABAR_EMBEDDER", "none")
    monkeypatch.setenv("KHABAR_READER", "none")
    found = {item.id: item for item in ask(PAIRS, "none")}
    assert {name: item.told for name, item in found.items()} == {"a": "differ", "b": "nothing", "c": "update"}
    assert found["a"].values_right and not any(item.abstained for item in found.values())


def test_figures_count_what_was_told_and_what_was_right():
    told = [("differ", "differ"), ("differ", "nothing"), ("agree", "differ"), ("update", "update")]
    outcomes = [Outcome(str(n), "fa", "number", label, said, None, False, False) for n, (label, said) in enumerate(told)]
    differ, update = (row for row in figures(outcomes) if row.language == "all")
    assert (differ.pairs, differ.told, differ.right, differ.precision, differ.recall) == (2, 2, 1, 0.5, 0.5)
    assert (update.precision, update.recall) == (1.0, 1.0)
    assert [row.precision for row in figures([])] == [None, None]


def test_an_answer_without_citations_tells_nothing():
    assert told_of(Answer("?", "ar", "لا تذكر المقالات.", "quotes", True)) == "nothing"


@pytest.mark.parametrize("line", ["{", "[]", '{"one": {}}', '{"one": 1, "other": 2}'])
def test_a_line_that_is_no_pair_is_named(tmp_path, line):
    file = tmp_path / "pairs.jsonl"
    file.write_text(json.dumps(PAIRS[0], ensure_ascii=False) + "\n" + line, encoding="utf-8")
    with pytest.raises(KhabarError, match="line 2"):
        read_pairs(file)


def test_the_command_writes_its_figures(tmp_path):
    file, out = tmp_path / "pairs.jsonl", tmp_path / "out.json"
    file.write_text(json.dumps(PAIRS[0], ensure_ascii=False), encoding="utf-8")
    result = CliRunner().invoke(main, [str(file), "--json", str(out), "--failures"])
    assert result.exit_code == 0, result.output
    written = json.loads(out.read_text("utf-8"))
    assert written["outcomes"][0]["told"] == "differ" and written["rows"][0]["recall"] == 1.0
