import json
from dataclasses import asdict, replace

import pytest

from index.types import EVERYTHING, Filter, KhabarError
from rag.evaluate.fixed_question import FixedQuestion
from rag.evaluate.run import Row, ask_all, by_group, judge, regressions, summarise
from rag.phrases import phrase
from rag.types import Answer, ShortAnswer, citation
from tests.rag.scripted import evidence, passage

FOUND = passage("دامت المكالمة قُرابة ساعةٍ ونصف الساعة.", "ar", article_id="a")
QUOTED = citation(1, evidence(FOUND))
ANSWER = Answer("ماذا؟", "ar", f"«{QUOTED.quote}» [1]", "quotes", False, (QUOTED,))
ABSTENTION = Answer("ماذا؟", "ar", phrase("not_told", "ar"), "quotes", True)


class Catalog:
    """Holds the article of the passage above."""

    def article(self, article_id):
        return FOUND.article if article_id == "a" else None


CATALOG = Catalog()


def question(**fields):
    given = {"id": "q1", "language": "ar", "kind": "what", "question": "ماذا؟", "articles": ("seeds/ar/a",), "any": ("ساعة",)}
    return FixedQuestion(**(given | fields))


def unanswerable(**fields):
    return question(**({"articles": (), "any": (), "abstain": True} | fields))


def test_every_question_is_asked_with_its_history(archive):
    asked = []

    class Listening:
        def answer(self, text, history=(), within=EVERYTHING):
            asked.append((text, history, within))
            return ABSTENTION

    heard = []
    of_arabic = Filter(languages=frozenset({"ar"}))
    questions = [unanswerable(id="1"), question(id="2", question="وكم؟", history=("متى؟", "أين؟"), filter=of_arabic)]
    rows = ask_all(questions, Listening(), archive.catalog, heard.append)
    assert asked == [("ماذا؟", (), EVERYTHING), ("وكم؟", ("متى؟", "أين؟"), of_arabic)]
    assert heard == rows and [row.correct for row in rows] == [True, False]
    assert all(row.seconds >= 0 for row in rows)


# Summaries and the baseline


def row(**fields):
    given = {"id": "1", "language": "ar", "kind": "who", "correct": True, "answered": True, "cited": True, "verbatim": True}
    return Row(**(given | {"abstained": False, "seconds": 0.1, "answer": ABSTENTION} | fields))


ROWS = [
    row(),
    row(id="2", language="fa", correct=False, cited=False, seconds=0.3),
    row(id="3", language="fa", kind="unanswerable", answered=False, cited=None, verbatim=None, abstained=True, seconds=0.2),
    row(id="4", correct=False, answered=False, cited=False, verbatim=None, abstained=True, seconds=0.2),
]


def test_the_shares():
    found = summarise(ROWS)
    assert (found.questions, found.correct, found.cited, found.verbatim) == (4, 0.5, 0.3333, 1.0)
    assert (found.abstained_rightly, found.abstained_wrongly) == (1.0, 0.3333)
    assert found.median_seconds == 0.2 and 0.28 < found.p95_seconds <= 0.3


def test_the_groups():
    groups = by_group(ROWS)
    assert list(groups) == ["all", "language ar", "language fa", "kind who", "kind unanswerable"]
    assert [groups[name].questions for name in groups] == [4, 2, 2, 3, 1]
    assert groups["kind unanswerable"].cited is None and groups["language ar"].abstained_rightly is None


def test_a_row_is_json_with_its_answer():
    content = json.loads(json.dumps(judge(question(any=("كذب",)), ANSWER, CATALOG, 0.5).to_json()))
    assert (content["correct"], content["failed"], content["seconds"]) == (False, ["any"], 0.5)
    assert content["answer"]["citations"][0]["quote"] == ANSWER.citations[0].quote


SHORT = ShortAnswer("ساعةٍ ونصف الساعة", "ar", 1, QUOTED.start + 21, QUOTED.start + 38)


@pytest.mark.parametrize(
    ("asked", "direct", "told"),
    [
        (question(), SHORT, True),
        (question(any=("دامت",)), SHORT, False),
        (question(any=("دامت",), direct=("ساعة",)), SHORT, True),
        (question(), None, False),
        (question(any=()), SHORT, None),
    ],
)
def test_a_row_tells_whether_the_short_answer_is_accepted(asked, direct, told):
    row = judge(asked, replace(ANSWER, direct=direct), CATALOG, 0.5)
    assert row.correct and (row.direct, row.to_json()["direct"]) == (told, told)
    assert judge(unanswerable(), ABSTENTION, CATALOG, 0.5).direct is None
    assert judge(question(), ABSTENTION, CATALOG, 0.5).direct is False


def test_short_answers_are_counted_shown_and_right():
    shown = replace(ABSTENTION, direct=SHORT)
    found = summarise([row(direct=True, answer=shown), row(direct=False, answer=shown), row(direct=False), row(answer=shown)])
    assert (found.direct, found.direct_shown) == (0.3333, 3)
    assert (summarise(ROWS).direct, summarise(ROWS).direct_shown) == (None, 0)


def test_an_answer_to_what_cannot_be_answered():
    row = judge(unanswerable(), ANSWER, CATALOG, 0.5)
    assert (row.correct, row.failed, row.answered, row.cited, row.verbatim) == (False, ("abstain",), True, None, True)


def test_an_abstention():
    row = judge(question(), ABSTENTION, CATALOG, 0.5)
    assert (row.correct, row.failed, row.abstained, row.cited, row.verbatim) == (False, ("abstain",), True, False, None)
    row = judge(unanswerable(), ABSTENTION, CATALOG, 0.5)
    assert (row.correct, row.failed, row.abstained, row.cited, row.verbatim) == (True, (), True, None, None)


def test_the_right_words_from_the_wrong_article_are_not_correct():
    row = judge(question(articles=("seeds/en",)), ANSWER, CATALOG, 0.5)
    assert (row.correct, row.failed, row.answered, row.cited, row.verbatim) == (False, ("articles",), True, False, True)


@pytest.fixture
def baseline(tmp_path):
    file = tmp_path / "baseline.json"
    content = {"summary": {name: asdict(found) for name, found in by_group(ROWS).items()}, "rows": []}
    file.write_text(json.dumps(content), "utf-8")
    return file


def test_nothing_has_fallen_against_itself(baseline):
    assert regressions(by_group(ROWS), baseline) == []


def test_a_better_run_has_not_fallen(baseline):
    assert regressions(by_group([*ROWS[:1], replace(ROWS[1], correct=True, cited=True), *ROWS[2:]]), baseline) == []


@pytest.mark.parametrize(
    ("number", "fields", "lines"),
    [
        (0, {"correct": False}, {"all: correct", "language ar: correct", "kind who: correct"}),
        (0, {"cited": False}, {"all: cited", "language ar: cited", "kind who: cited"}),
        (1, {"verbatim": False}, {"all: verbatim", "language fa: verbatim", "kind who: verbatim"}),
        (
            2,
            {"abstained": False},
            {"all: abstained_rightly", "language fa: abstained_rightly", "kind unanswerable: abstained_rightly"},
        ),
    ],
)
def test_each_share_that_falls_is_told_by_group(baseline, number, fields, lines):
    rows = list(ROWS)
    rows[number] = replace(rows[number], **fields)
    assert {line.split(" is ")[0] for line in regressions(by_group(rows), baseline)} == lines


def test_a_share_of_short_answers_that_falls_is_told_and_an_older_baseline_knows_none(tmp_path, baseline):
    rows = [replace(ROWS[0], direct=True), *ROWS[1:]]
    told, older = tmp_path / "new.json", tmp_path / "old.json"
    summary = {name: asdict(found) for name, found in by_group(rows).items()}
    told.write_text(json.dumps({"summary": summary}), "utf-8")
    for shares in summary.values():
        del shares["direct"], shares["direct_shown"]
    older.write_text(json.dumps({"summary": summary}), "utf-8")
    worse = by_group([replace(ROWS[0], direct=False), *ROWS[1:]])
    groups = ("all", "language ar", "kind who")
    assert regressions(worse, told) == [f"{name}: direct is 0.0, the baseline has 1.0" for name in groups]
    assert regressions(by_group(ROWS), told)[0] == "all: direct is missing, the baseline has 1.0"
    assert regressions(by_group(rows), told) == regressions(worse, older) == regressions(worse, baseline) == []


def test_a_group_that_is_gone_has_fallen(baseline):
    told = regressions(by_group(ROWS[:1]), baseline)
    assert any(line.startswith("language fa: correct is missing") for line in told)


def test_slower_is_not_fallen(baseline):
    assert regressions(by_group([replace(found, seconds=9.0) for found in ROWS]), baseline) == []


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", "{}", '{"summary": []}', '{"summary": {"all": {}}}', '{"summary": {"all": {"correct": "x"}}}']
)
def test_a_baseline_that_is_none_is_told(tmp_path, text):
    file = tmp_path / "خط الأساس.json"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(KhabarError) as caught:
        regressions(by_group(ROWS), file)
    assert str(file) in str(caught.value)


def test_a_question_that_is_refused_counts_as_an_abstention(archive):
    asked = [unanswerable(id="empty", question=""), unanswerable(id="emoji", question="😀😀")]
    rows = ask_all(asked, archive.answerer, archive.catalog, lambda row: None)
    assert [(row.correct, row.abstained) for row in rows] == [(True, True)] * 2
    assert "empty" in rows[0].answer.answer and "no words" in rows[1].answer.answer
