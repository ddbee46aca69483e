import json

import pytest
from click.testing import CliRunner

from benchmarks import ablation
from benchmarks.ablation import Asked, Number, Worth, main, numbers_of, table, worth
from rag.types import Answer
from tests.benchmarks.test_conflicts import PAIRS


def test_numbers_are_found_with_their_values():
    found = {(number.module, number.name): number.value for number in numbers_of(["quote"])}
    assert found and all(module.startswith("rag.quote.") for module, _ in found)
    assert all(value and not isinstance(value, bool) for value in found.values())


def test_what_a_number_is_worth_is_counted_and_the_number_put_back(tmp_path, monkeypatch):
    monkeypatch.setenv("KHABAR_EMBEDDER", "none")
    monkeypatch.setenv("KHABAR_READER", "none")
    monkeypatch.setattr(ablation, "HOW_SURE", 0.5, raising=False)
    pairs, out = tmp_path / "pairs.jsonl", tmp_path / "rows.json"
    pairs.write_text("\n".join(json.dumps(pair, ensure_ascii=False) for pair in PAIRS), encoding="utf-8")
    monkeypatch.setattr(ablation, "numbers_of", lambda _: [Number("benchmarks.ablation", "HOW_SURE", 0.5)])
    monkeypatch.setattr(ablation, "_forget", lambda _: None)
    done = CliRunner().invoke(main, ["--pairs", str(pairs), "--json", str(out)])
    assert done.exit_code == 0, done.output
    (row,) = json.loads(out.read_text(encoding="utf-8"))
    assert (row["halved"], row["doubled"]) == (0, 0) and "changes nothing" in done.output
    assert ablation.HOW_SURE == 0.5


def test_an_answer_that_a_number_changes_is_counted(monkeypatch):
    class Unsure:
        def answer(self, question, history):
            return Answer(question, "fa", f"نه، {ablation.HOW_SURE > 0.7}" if "چرا" in question else "بله", "quotes", False)

    monkeypatch.setattr(ablation, "HOW_SURE", 0.5, raising=False)
    monkeypatch.setattr(ablation, "_forget", lambda _: None)
    asked = [Asked(Unsure(), (("چرا عقب افتاد؟", ()), ("کی بود؟", ())))]
    found = worth(Number("benchmarks.ablation", "HOW_SURE", 0.5), asked, [answer for one in asked for answer in one.answers()])
    assert (found.halved, found.doubled) == (0, 1)


@pytest.mark.parametrize(("halved", "doubled", "idle"), [(0, 0, True), (0, 3, False), (2, 0, False), (None, 0, False)])
def test_only_what_changes_nothing_either_way_is_marked(halved, doubled, idle):
    shown = table([Worth(Number("rag.quote.tuning", "NEAR", 0.5), halved, doubled)])
    assert list(shown.columns[-1].cells) == ["changes nothing" if idle else ""]


def test_without_questions_the_remedy_is_told():
    done = CliRunner().invoke(main, [])
    assert done.exit_code == 2 and "--ask" in done.output and "--pairs" in done.output
