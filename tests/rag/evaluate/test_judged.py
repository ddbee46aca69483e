"""Judgements as fixed questions, and back: what was right is asked again, and is right."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Filter
from rag.conversation.feedback import Judgement
from rag.evaluate.fixed_question import read_lines, read_questions
from rag.evaluate.judged import lines_of_judgements, questions_of, written_line
from rag.evaluate.verdict import failures
from tests.ui import staged

WITHIN = Filter(frozenset({"Northgate Wire"}), since=date(2025, 3, 1))
RIGHT = [
    staged.direct, staged.rendered, staged.foreign, staged.several, staged.merged, staged.differing, staged.untold,
    staged.wordy,
]  # fmt: skip


def judgement(answer, verdict="right", turn="t1", **more):
    return Judgement(turn, verdict, answer.question, answer, **({"judged": 1_760_000_000.0, "khabar": "0.1"} | more))


def written(tmp_path, *judgements):
    file = tmp_path / "judged.jsonl"
    file.write_text("".join(f"{written_line(line)}\n" for line in lines_of_judgements(judgements)), "utf-8")
    return file


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
@pytest.mark.parametrize("kind", RIGHT, ids=lambda kind: kind.__name__)
def test_a_right_answer_is_what_its_line_expects(tmp_path, kind, language):
    answer = kind(language)
    (question,) = read_questions([written(tmp_path, judgement(answer, history=("متى؟",), within=WITHIN))])
    assert failures(question, answer) == ()
    assert (question.question, question.history, question.filter) == (answer.question, ("متى؟",), WITHIN)
    assert question.kind == "judged" and question.language == language
    (same,) = questions_of([judgement(answer, history=("متى؟",), within=WITHIN)])
    assert same == question


def test_another_answer_is_not_what_a_right_one_was(tmp_path):
    (question,) = read_questions([written(tmp_path, judgement(staged.direct("fa")))])
    assert failures(question, staged.untold("fa")) == ("abstain",)
    assert {"any", "direct"} <= set(failures(question, staged.rendered("fa")))
    (untold,) = read_questions([written(tmp_path, judgement(staged.untold("ar")))])
    assert failures(untold, staged.direct("ar")) == ("abstain",)


@pytest.mark.parametrize(
    ("verdict", "answer", "told"),
    [
        ("wrong", staged.direct("ar"), "say what a right answer holds"),
        ("wrong", staged.untold("fa"), "Khabar abstained: name the article that answers"),
        ("wrong_source", staged.merged("fa"), "name the articles that should be cited"),
        ("right", staged.quoting("en"), "right, but it cites nothing that could be checked"),
    ],
)
def test_what_cannot_be_asked_waits_for_a_maintainer_and_says_for_what(tmp_path, verdict, answer, told):
    file = written(tmp_path, judgement(answer, verdict, note="ليس هذا"))
    line = json.loads(file.read_text("utf-8"))
    assert line["unfinished"] is True and told in line["comment"] and "ليس هذا" in line["comment"]
    assert line.get("cited", []) == list(dict.fromkeys(one.path for item in answer.citations for one in (item, *item.also)))
    (question,) = read_lines([file])
    assert question.unfinished and questions_of([judgement(answer, verdict)]) == []


def test_what_was_wrong_is_not_to_be_said_again_once_the_line_is_complete(tmp_path):
    answer = staged.direct("ar")
    line = lines_of_judgements([judgement(answer, "wrong")])[0]
    complete = {**line, "unfinished": False, "any": ["استمر"]}
    file = tmp_path / "complete.jsonl"
    file.write_text(written_line(complete), "utf-8")
    (question,) = read_questions([file])
    assert failures(question, answer) == ("never",)


def test_a_question_is_one_line_however_many_judged_it():
    answer, other = staged.direct("ar"), staged.direct("fa")
    later = judgement(answer, turn="t3", judged=1_770_000_000.0)
    lines = lines_of_judgements([judgement(answer, turn="t1"), judgement(other, turn="t2"), later])
    assert [line["id"] for line in lines] == ["judged-t3", "judged-t2"]
    assert lines[0]["comment"] == "readers said: right (2)" and lines[0]["made"]["day"] == "2026-02-02"
    apart = lines_of_judgements([judgement(answer), judgement(answer, turn="t2", history=("متى؟",))])
    assert len(apart) == 2


def test_readers_who_disagree_leave_it_to_a_maintainer():
    answer = staged.direct("ar")
    (line,) = lines_of_judgements([judgement(answer), judgement(answer, "wrong", turn="t2", judged=0.0)])
    assert line["unfinished"] and line["comment"].startswith("readers said: right (1), wrong (1); find out who is right")


@given(st.text(max_size=60), st.text(max_size=30).filter(str.strip))
def test_any_note_and_question_stay_one_line_that_is_read(note, question):
    note, question = (text.encode("utf-8", "ignore").decode() for text in (note, f"{question}\u2028?"))
    line = written_line(lines_of_judgements([judgement(replace(staged.direct("fa"), question=question), note=note)])[0])
    assert line.splitlines() == [line] and json.loads(line)["question"] == question
