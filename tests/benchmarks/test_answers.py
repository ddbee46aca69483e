"""The answer benchmark on a BEIR folder small enough to work out every figure by eye, under weights made for it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from benchmarks import answers_report
from benchmarks.answers import Asked, Measured, Row, cell, evenly, hear, holds, main, read_asked
from benchmarks.answers_report import risk_coverage
from index.types import KhabarError
from rag.ask.question import QuestionError
from rag.types import Answer, Citation, DraftCount
from rag.weigh.logistic import BIAS

pytestmark = pytest.mark.slow

COLUMNS = (
    "set", "language", "questions", "answer_in_first_quote", "answer_in_answer", "answer_in_phrase", "verbatim",
    "false_abstention", "true_abstention", "auroc", "off_questions", "off_refused", "off_auroc", "p50_ms", "supported",
    "dropped", "replaced",
)  # fmt: skip

# A question of which all words are met is answered at 0.98, one of which none is met is refused at 0.02 or at nought.
WEIGHTS = {"sentence": {"own": 4.0, "completed": 2.0}, "confidence": {BIAS: -4.0, "own": 8.0}}

ARTICLES = {
    "ar1": ("ar", "خبر أول", "نام التمساح الأخضر يوم الأحد. استيقظ الناس."),
    "ar2": ("ar", "خبر ثان", "أكل الفيل الأبيض يوم الخميس. سكت الناس."),
    "ar3": ("ar", "خبر ثالث", "غرقت سفينة الخروب ومات ١٢ رجلا. بكى الناس."),
    "fa1": ("fa", "خبر یک", "کتاب‌فروشی بزرگ دیروز سوخت و ۱۲ نفر مردند."),
    "fa2": ("fa", "خبر دو", "یک روباه پیر در باغ خوابید و بیدار نشد."),
    "en1": ("en", "First", "The green walrus slept in Alaska. People wept."),
}
# What is asked, and the strings of which an answer should hold one; none: unanswerable.
QUESTIONS = {
    # Shown in the first quote; shown in other letters and digits.
    "ar-right": ("ar", "متى نام التمساح الأخضر؟", ["الأَحَد", "السبت"]),
    "ar-digits": ("ar", "كم رجلا مات في سفينة الخروب؟", ["12"]),
    # Answered by a sentence that does not hold the string.
    "ar-wrong": ("ar", "متى أكل الفيل الأبيض؟", ["الأربعاء"]),
    # No word of it is in the archive, and so it is refused.
    "ar-refused": ("ar", "ضظغضظغ", ["الأحد"]),
    # Unanswerable: one refused, one answered all the same.
    "ar-silent": ("ar", "غظضغظض", []),
    "ar-fooled": ("ar", "لماذا نام التمساح الأخضر؟", []),
    "fa-right": ("fa", "در کتابفروشي بزرگ چند نفر مردند؟", ["12 نفر"]),
    "fa-silent": ("fa", "ژچپگژچ چگونه پژگچ شد؟", []),
    "en-right": ("en", "Where was the green walrus when it slept?", ["alaska"]),
}
OTHERS = {
    "ar-off": ("ar", "ظغضظغض", ["ذاك"]),
    "ar-off2": ("ar", "متى نام التمساح الأخضر؟", ["ذاك"]),
    "en-off": ("en", "xqzwvk", ["that"]),
}


@pytest.fixture(autouse=True)
def known_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("KHABAR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("rag.weigh.logistic.weights_of", WEIGHTS.__getitem__)


def beir(
    folder: Path, articles: Mapping[str, tuple[str, str, str]], questions: Mapping[str, tuple[str, str, Sequence[str]]]
) -> Path:
    folder.mkdir(parents=True)
    write_lines(
        folder / "corpus.jsonl",
        [
            {"_id": name, "title": title, "text": text, "metadata": {"lang": language}}
            for name, (language, title, text) in articles.items()
        ],
    )
    write_lines(
        folder / "queries.jsonl",
        [
            {"_id": name, "text": text, "metadata": {"lang": language, "answers": answers, "unanswerable": not answers}}
            for name, (language, text, answers) in questions.items()
        ],
    )
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n", encoding="utf-8")
    return folder


def write_lines(file: Path, rows: Sequence[Any]) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


WORDS = {"KHABAR_EMBEDDER": "none", "KHABAR_READER": "none"}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=WORDS)


def figures(tmp_path: Path, *arguments: object) -> list[dict[str, Any]]:
    out = tmp_path / "out.json"
    done = run(*arguments, "--embedder", "none", "--json", out)
    assert done.exit_code == 0, (done.output, done.exception)
    rows: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"))
    return rows


def test_figures_worked_out_by_hand(tmp_path):
    folder = beir(tmp_path / "first", ARTICLES, QUESTIONS)
    out = tmp_path / "out.json"
    done = run(folder, "--embedder", "none", "--json", out)
    assert done.exit_code == 0, (done.output, done.exception)
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert [tuple(row) for row in rows] == [COLUMNS] * 3
    assert all(row.pop("p50_ms") > 0 for row in rows)
    arabic, persian, english = rows
    assert arabic == {
        "set": "first", "language": "ar", "questions": 6,
        # Two of four answerable ones show the string, one shows another, one is refused.
        "answer_in_first_quote": 0.5, "answer_in_answer": 0.5, "answer_in_phrase": 0.0, "verbatim": 1.0,
        "false_abstention": 0.25, "true_abstention": 0.5,
        # Of 4 * 2 pairs three are told apart and one the wrong way; four, of equal confidence, count one half each.
        "auroc": 0.625,
        "off_questions": 0, "off_refused": None, "off_auroc": None, "supported": None, "dropped": None, "replaced": None,
    }  # fmt: skip
    assert persian == {
        **arabic, "language": "fa", "questions": 2, "answer_in_first_quote": 1.0, "answer_in_answer": 1.0,
        "answer_in_phrase": 0.0, "false_abstention": 0.0, "true_abstention": 1.0, "auroc": 1.0,
    }  # fmt: skip
    assert english == {**persian, "language": "en", "questions": 1, "true_abstention": None, "auroc": None}
    assert "first" in done.output and "0.625" in done.output and "–" in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "out.json"], "the index is gone with the run"


def test_questions_of_other_sets_in_the_languages_of_this_one(tmp_path):
    first = beir(tmp_path / "first", ARTICLES, {name: QUESTIONS[name] for name in ("ar-right", "ar-digits", "fa-right")})
    second = beir(tmp_path / "second", {"x": ("ar", "قمح", "ارتفع القمح.")}, OTHERS)
    found = {(row["set"], row["language"]): row for row in figures(tmp_path, first, second)}
    assert set(found) == {("first", "ar"), ("first", "fa"), ("second", "ar"), ("second", "en")}
    arabic, persian = found["first", "ar"], found["first", "fa"]
    # One of the two is unheard of and refused; the other asks what this archive answers, so it is answered, wrongly here.
    assert (arabic["off_questions"], arabic["off_refused"], arabic["off_auroc"]) == (2, 0.5, 0.75)
    assert (persian["off_questions"], persian["off_refused"], persian["off_auroc"]) == (0, None, None)
    assert found["second", "ar"]["off_questions"] == 2 and found["second", "en"]["off_questions"] == 0
    few = {(row["set"], row["language"]): row for row in figures(tmp_path, first, second, "--off", 1)}
    assert few["first", "ar"]["off_questions"] == 1 == few["first", "ar"]["off_refused"]
    none = {(row["set"], row["language"]): row for row in figures(tmp_path, first, second, "--off", 0)}
    assert none["first", "ar"]["off_questions"] == 0 and none["first", "ar"]["off_refused"] is None


def test_a_limit_takes_questions_evenly(tmp_path):
    folder = beir(tmp_path / "first", ARTICLES, QUESTIONS)
    assert [asked.text for asked in read_asked(folder, 3)] == [QUESTIONS[n][1] for n in ("ar-right", "ar-refused", "fa-right")]
    rows = figures(tmp_path, folder, "--limit", 3)
    assert [(row["language"], row["questions"], row["answer_in_answer"]) for row in rows] == [("ar", 2, 0.5), ("fa", 1, 1.0)]
    assert run(folder, "--limit", 0).exit_code == 2 == run(folder, "--off", -1).exit_code


@pytest.mark.parametrize(
    ("limit", "chosen"),
    [(None, "abcdef"), (1, "a"), (2, "ad"), (3, "ace"), (5, "abcde"), (6, "abcdef"), (9, "abcdef"), (0, "")],
)
def test_evenly(limit, chosen):
    assert "".join(evenly(list("abcdef"), limit)) == chosen


# Questions


def test_which_questions_are_asked(tmp_path):
    rows = [
        {"text": "متى؟", "metadata": {"lang": "ar", "answers": ["أمس", "؟!", ""]}},
        {"text": "بلا جواب", "metadata": {"lang": "ar"}},
        {"text": "جواب بلا حروف", "metadata": {"lang": "ar", "answers": ["؟"]}},
        {"text": "کی؟", "metadata": {"lang": "fa", "unanswerable": True}},
        {"text": "Which?", "metadata": {"answers": ["this"], "unanswerable": True}},
    ]
    write_lines(tmp_path / "queries.jsonl", rows)
    assert read_asked(tmp_path) == [Asked("متى؟", "ar", ("أمس",)), Asked("کی؟", "fa", ()), Asked("Which?", "?", ())]


@pytest.mark.parametrize(
    ("answer", "text", "held"),
    [
        ("١٢ تمساحا", "مات 12 تِمْساحًا هناك", True),
        ("می‌رود", "او ميرود", True),
        ("كتاب‌خانه", "کتاب خانه‌ها", True),
        ("New York", "in NEW-YORK.", True),
        ("12", "13", False),
        ("الأحد", "", False),
    ],
)
def test_strings_are_compared_folded(answer, text, held):
    assert holds([answer], text) == held == holds(["ضظغ", answer], text)
    assert not holds([], text)


# What came of a question


def heard(answer: Answer | Exception, answers: Sequence[str] = ("١٢",), text: str = "قبل. قُتل 12 رجلا.") -> Any:
    """Return what is heard of an answer over an archive of one article, `a1`."""

    def reply(question: str) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return answer

    catalog = SimpleNamespace(article={"a1": SimpleNamespace(text=text)}.get)
    return hear(Asked("كم؟", "ar", tuple(answers)), SimpleNamespace(catalog=catalog, answerer=SimpleNamespace(answer=reply)))


def cited(quote: str, start: int, phrase: tuple[int, int] | None = None, number: int = 1, article: str = "a1") -> Citation:
    return Citation(article, "a1.txt", "", None, None, "ar", None, quote, start, start + len(quote), number, quote, phrase)


QUOTE = "قُتل 12 رجلا."


def answered(*citations: Citation, text: str = "12", **more: Any) -> Answer:
    return Answer("كم؟", "ar", text, "quotes", False, citations, confidence=0.75, **more)


def test_where_an_answer_holds_the_string():
    found = heard(answered(cited(QUOTE, 5, (10, 12))))
    assert (found.in_first_quote, found.in_answer, found.in_phrase, found.verbatim) == (True, True, True, True)
    assert (found.abstained, found.confidence, found.sentences) == (False, 0.75, (0, 0, 0)) and found.milliseconds > 0
    found = heard(answered(cited("قبل.", 0), cited(QUOTE, 5, number=2)))
    assert (found.in_first_quote, found.in_answer, found.in_phrase) == (False, True, False)
    found = heard(answered(cited(QUOTE, 5, (13, 17)), text="لا"))
    assert (found.in_first_quote, found.in_answer, found.in_phrase) == (True, False, False)


@pytest.mark.parametrize(
    "wrong", [cited("قُتل 13 رجلا.", 5), cited(QUOTE, 4), cited("قتل 12 رجلا.", 5), cited(QUOTE, 5, article="a2")]
)
def test_a_quote_that_is_not_in_its_article_is_not_verbatim(wrong):
    assert not heard(answered(wrong)).verbatim and not heard(answered(cited(QUOTE, 5), wrong)).verbatim


def test_an_abstention_holds_no_answer():
    found = heard(Answer("كم؟", "ar", "12", "quotes", True, confidence=0.25))
    assert (found.in_first_quote, found.in_answer, found.in_phrase, found.abstained) == (False, False, False, True)
    assert found.confidence == 0.25


def test_a_question_that_cannot_be_asked_is_refused():
    found = heard(QuestionError("the question has 12 characters too many", "shorten it"))
    assert (found.abstained, found.in_answer, found.confidence) == (True, False, 0)


def test_the_sentences_of_a_draft_are_counted():
    assert heard(answered(cited(QUOTE, 5), drafted=DraftCount(3, 2, 1))).sentences == (3, 2, 1)


# Folders that are none


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("queries.jsonl", None, "queries.jsonl"),
        ("queries.jsonl", "{", "queries.jsonl"),
        ("queries.jsonl", "[]\n", "queries.jsonl"),
        ("queries.jsonl", '{"_id": "1"}\n', "queries.jsonl"),
        ("queries.jsonl", b"\xff\xfe\x00", "queries.jsonl"),
        ("queries.jsonl", '{"_id": "1", "text": "قمة", "metadata": null}\n', "metadata.answers"),
        ("queries.jsonl", '{"_id": "1", "text": "قمة", "metadata": {"answers": 7}}\n', "metadata.answers"),
        ("queries.jsonl", '{"_id": "1", "text": "قمة", "metadata": {"answers": [7]}}\n', "metadata.answers"),
        ("queries.jsonl", '{"_id": "1", "text": "قمة"}\n', "metadata.answers"),
        ("qrels.tsv", None, "qrels.tsv"),
        ("corpus.jsonl", None, "corpus.jsonl"),
        ("queries.jsonl", "", "no question"),
        ("queries.jsonl", '{"_id": "1", "text": "قمة", "metadata": {"lang": "ar"}}\n', "no question"),
    ],
)
@pytest.mark.parametrize("write", [False, True])
def test_a_bad_folder_is_told_in_one_line(tmp_path, file, content, told, write):
    folder = beir(tmp_path / "مكسور", {"ar1": ARTICLES["ar1"]}, {"q": QUESTIONS["ar-right"]})
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
    out = tmp_path / "out.json"
    done = run(folder, "--embedder", "none", *(("--json", out) if write else ()))
    assert done.exit_code == 1, (done.output, done.exception)
    lines = done.output.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("Error: ") and told in lines[0], done.output
    assert not out.exists()


def test_a_folder_that_is_not_there(tmp_path):
    assert run(tmp_path / "nowhere").exit_code == 2 == run().exit_code


def test_what_is_wrong_with_a_folder_names_it(tmp_path):
    with pytest.raises(KhabarError) as caught:
        read_asked(tmp_path)
    assert f"'{tmp_path}'" in caught.value.problem and "metadata.answers" in caught.value.remedy


# The report

ROW = Row("first", "ar", 4, 0.5, 0.5, None, 1.0, 0.25, None, None, 0, None, None, 3.21)


def measured(
    right: Sequence[float] = (), wrong: Sequence[float] = (), unanswerable: Sequence[float] = (), off: Sequence[float] = ()
) -> Measured:
    return Measured(ROW, tuple(right), tuple(wrong), tuple(unanswerable), tuple(off))


@pytest.mark.parametrize(
    ("found", "coverage", "risk"),
    [
        (measured([0.9, 0.8]), [0.5, 1], [0, 0]),
        (measured(wrong=[0.9], off=[0.8]), [0.5, 1], [1, 1]),
        (measured([0.9, 0.6], [0.7], off=[0.1]), [0.25, 0.5, 0.75, 1], [0, 1 / 2, 1 / 3, 2 / 4]),
        (measured([0.2], [0.9], [0.5], [0.1]), [0.25, 0.5, 0.75, 1], [1, 1, 2 / 3, 3 / 4]),
        (measured([0.5], unanswerable=[0.5]), [0.5, 1], [1, 1 / 2]),
        (measured(), [], []),
    ],
)
def test_risk_against_coverage_from_the_surest_question_on(found, coverage, risk):
    assert risk_coverage(found) == (pytest.approx(coverage), pytest.approx(risk))


@pytest.mark.parametrize(("value", "shown"), [(None, "–"), (0.625, "0.625"), (1.0, "1.000"), (3, "3"), ("خبر", "خبر")])
def test_a_figure_in_a_table(value, shown):
    assert cell(value) == shown


def test_the_report_writes_both_tables_and_a_picture(tmp_path):
    folder = beir(tmp_path / "first", ARTICLES, {name: QUESTIONS[name] for name in ("ar-right", "ar-wrong", "ar-silent")})
    page = tmp_path / "answers.md"
    page.write_text("before\n<!-- figures -->\n<!-- end of figures -->\nafter\n", encoding="utf-8")
    done = CliRunner().invoke(answers_report.main, [str(folder), "--write", str(page)], env=WORDS)
    assert done.exit_code == 0, (done.output, done.exception)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("after\n") and "### Answers" in text and "### Silence" in text
    assert "| first | ar | 3 | 0.500 | 0.500 | 0.000 | 1.000 |" in text
    assert "| first | ar | 0.000 | 1.000 | 1.000 | 0 | – | – |" in text
    assert (tmp_path / "answers.png").read_bytes().startswith(b"\x89PNG")


def test_the_report_tells_of_a_bad_folder_and_leaves_the_page(tmp_path):
    page = tmp_path / "answers.md"
    page.write_text("<!-- figures -->\n<!-- end of figures -->\n", encoding="utf-8")
    (tmp_path / "none").mkdir()
    done = CliRunner().invoke(answers_report.main, [str(tmp_path / "none"), "--write", str(page)])
    assert done.exit_code == 1 and "queries.jsonl" in done.output and "Traceback" not in done.output
    assert page.read_text(encoding="utf-8") == "<!-- figures -->\n<!-- end of figures -->\n"
