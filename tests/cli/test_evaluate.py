"""`khabar eval`."""

import json

import pytest

from tests.cli.command import ARABIC, PERSIAN, khabar, refused

QUESTIONS = [
    {"id": "a", "language": "ar", "kind": "when", "question": ARABIC, "articles": ["seeds/ar/2025-10-21"], "any": ["23"]},
    {"id": "b", "language": "fa", "kind": "what", "question": PERSIAN, "articles": ["seeds/fa/2025-10-21"], "any": ["لهستان"]},
    {"id": "c", "language": "ar", "kind": "unanswerable", "question": "ما مكونات طبق الكشري؟", "abstain": True},
]


@pytest.fixture
def questions(tmp_path):
    file = tmp_path / "پرسش‌ها.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in QUESTIONS), "utf-8")
    return file


def test_an_evaluation(tmp_path, data, questions):
    out = tmp_path / "out.json"
    result = khabar("eval", questions, "--data", data, "--json", out)
    assert result.exit_code == 0, result.output
    for heading in ("all", "language ar", "language fa", "kind unanswerable", "100.0%"):
        assert heading in result.stdout
    content = json.loads(out.read_text("utf-8"))
    assert set(content) == {"summary", "rows"}
    assert content["summary"]["all"]["questions"] == 3 and content["summary"]["all"]["verbatim"] == 1.0
    assert {"direct", "direct_shown"} <= set(content["summary"]["all"]) and "direct" in content["rows"][0]
    assert [row["id"] for row in content["rows"]] == ["a", "b", "c"]
    assert content["rows"][0]["answer"]["citations"]
    same = khabar("eval", questions, "--data", data, "--baseline", out)
    assert same.exit_code == 0 and "fallen" not in same.stderr


def test_an_evaluation_that_falls_below_its_baseline(tmp_path, data, questions):
    out = tmp_path / "out.json"
    khabar("eval", questions, "--data", data, "--json", out)
    worse = [{**QUESTIONS[0], "any": ["كذب"]}, *QUESTIONS[1:]]
    questions.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in worse), "utf-8")
    result = khabar("eval", questions, "--data", data, "--baseline", out, "--json", tmp_path / "worse.json")
    assert result.exit_code == 1
    fallen = [line for line in result.stderr.splitlines() if line.startswith("fallen: ")]
    assert {line.split(": ")[1] for line in fallen} == {"all", "language ar", "kind when"}
    assert "wrong: a (ar, when)" in result.stdout
    assert json.loads((tmp_path / "worse.json").read_text("utf-8"))["summary"]["all"]["correct"] < 1


def test_questions_that_cannot_be_asked(tmp_path, data, questions):
    refused(khabar("eval", tmp_path / "none.jsonl", "--data", data), "none.jsonl")
    questions.write_text(questions.read_text("utf-8") + '\n{"id": "d"}\n', "utf-8")
    refused(khabar("eval", questions, "--data", data), f"{questions}:4: ")


def test_a_baseline_or_output_that_cannot_be_used(tmp_path, data, questions):
    for arguments in (["--baseline", tmp_path / "none.json"], ["--json", tmp_path / "no" / "out.json"]):
        result = khabar("eval", questions, "--data", data, *arguments)
        assert result.exit_code == 1
        assert str(arguments[1]) in result.stderr.splitlines()[-1] and "Traceback" not in result.stderr
