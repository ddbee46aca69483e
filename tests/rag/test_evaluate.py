import json
from dataclasses import asdict, replace

import pytest
from scripted import evidence, passage

from index.types import KhabarError
from rag.evaluate import FixedQuestion, Row, ask_all, by_group, fallen, judge, read_questions, summarise
from rag.phrases import NOT_TOLD
from rag.quote import quote_answer
from rag.types import Answer

ARABIC = passage("دامت المكالمة قُرابة ساعةٍ ونصف الساعة. حضرها ٣ وزراء و2500 صحفي.", "ar", before="مقدمة. ", article_id="a")
PERSIAN = passage("رئیس‌جمهور می‌گوید نشست ۱۲ فوریه بود.", "fa", rank=2, article_id="b")


class Catalog:
    """Holds the articles of the passages above."""

    def article(self, article_id):
        return {"a": ARABIC.article, "b": PERSIAN.article}.get(article_id)


def question(**fields):
    given = {"id": "q1", "language": "ar", "kind": "what", "question": "ماذا؟", "articles": ("seeds/ar/a",), "any": ("ساعة",)}
    return FixedQuestion(**(given | fields))


def unanswerable(**fields):
    return question(**({"articles": (), "any": (), "abstain": True} | fields))


def answer(*pieces):
    text, citations = quote_answer(pieces or [evidence(ARABIC), evidence(ARABIC, 1), evidence(PERSIAN)], "ar")
    return Answer("ماذا؟", "ar", text, "quotes", False, citations)


ABSTENTION = Answer("ماذا؟", "ar", NOT_TOLD["ar"], "quotes", True)


def judged(asked, given):
    return judge(asked, given, Catalog(), 0.5)


@pytest.mark.parametrize(
    "wanted",
    [
        "ساعة ونصف الساعة",
        "ساعه ونصف الساعه",
        "ساعةٍ ونِصف",
        "ســاعة ونصف",
        "قرابة  ساعة",
        "2500",
        "٢٥٠٠",
        "۲۵۰۰",
        "3 وزراء",
        "۳ وزراء",
        "۱۲ فوریه",
        "12 فوريه",
        "رئیس جمهور می گوید",
        "رئيس‌جمهور",
        "رئیسجمهور",
    ],
)
def test_an_accepted_text_is_compared_folded(wanted):
    assert judged(question(any=(wanted,)), answer()).correct


@pytest.mark.parametrize(
    "wanted",
    ["ساعتان", "250", "500", "25000", "۲۵۰", "5", "00 صحفي", "500 صحفي", "٥٠٠ صحفي", "2 فوریه", "و250", "رئیس‌مجلس"],
)
def test_no_part_of_a_number_and_no_other_text_is_accepted(wanted):
    assert not judged(question(any=(wanted,)), answer()).correct


@pytest.mark.parametrize("number", ["1", "2"])
def test_a_marker_is_no_answer(number):
    given = answer(evidence(ARABIC), evidence(PERSIAN))
    assert f"[{number}]" in given.answer
    assert not judged(question(any=(number,)), given).correct


def test_one_of_any_and_all_of_all():
    assert judged(question(any=("كذب", "ساعة")), answer()).correct
    assert judged(question(any=(), all=("ساعة", "2500")), answer()).correct
    assert not judged(question(any=(), all=("ساعة", "كذب")), answer()).correct
    assert not judged(question(any=("كذب",), all=("ساعة",)), answer()).correct


@pytest.mark.parametrize(
    ("prefix", "cited"),
    [
        ("seeds/ar/a", True),
        ("seeds/ar/a.txt", True),
        ("seeds/ar", True),
        ("ar/a", True),
        ("seeds/fa", True),
        ("eds/ar/a", False),
        ("r/a", False),
        ("seeds/ar/b", False),
        ("seeds/ar/a.txt/", False),
        ("seeds/en", False),
    ],
)
def test_a_cited_path_begins_with_an_expected_one(prefix, cited):
    row = judged(question(articles=(prefix,)), answer())
    assert (row.cited, row.correct) == (cited, cited)


def test_the_right_words_from_the_wrong_article_are_not_correct():
    row = judged(question(articles=("seeds/en",)), answer())
    assert (row.correct, row.answered, row.cited, row.verbatim) == (False, True, False, True)


def test_abstaining():
    row = judged(question(), ABSTENTION)
    assert (row.correct, row.answered, row.cited, row.verbatim, row.abstained) == (False, False, False, None, True)
    row = judged(unanswerable(), ABSTENTION)
    assert (row.correct, row.cited, row.verbatim, row.abstained) == (True, None, None, True)
    row = judged(unanswerable(), answer())
    assert (row.correct, row.cited, row.verbatim, row.abstained) == (False, None, True, False)


def changed(given, **fields):
    citations = list(given.citations)
    citations[0] = replace(citations[0], **fields)
    return replace(given, citations=tuple(citations))


@pytest.mark.parametrize(
    "break_it",
    [
        lambda given: changed(given, quote=given.citations[0].quote.replace("ساعة", "ساعتين")),
        lambda given: changed(given, quote=given.citations[0].quote + " "),
        lambda given: changed(given, quote="قرابة ساعة"),  # folded, not verbatim
        lambda given: changed(given, quote="", start=0, end=0),
        lambda given: changed(given, start=given.citations[0].start + 1),
        lambda given: changed(given, end=given.citations[0].end - 1),
        lambda given: changed(given, start=0, end=len(given.citations[0].quote)),
        lambda given: changed(given, article_id="b"),
        lambda given: changed(given, article_id="nope"),
        lambda given: changed(given, number=2),
        lambda given: changed(given, number=7),
        lambda given: replace(given, answer=given.answer.replace("[2]", "[7]")),
        lambda given: replace(given, answer=given.answer.replace("[2]", "")),
        lambda given: replace(given, answer=given.answer.replace("[1]", "[2]")),
        lambda given: replace(given, answer=given.answer + " [4]"),
        lambda given: replace(given, answer=given.answer.replace("[1]", "[x]").replace("[2]", "[1]").replace("[x]", "[2]")),
        lambda given: replace(given, citations=given.citations[:-1]),
        lambda given: replace(given, citations=given.citations[::-1]),
    ],
)
def test_a_changed_quote_offset_or_marker_is_caught(break_it):
    assert judged(question(), answer()).verbatim is True
    assert judged(question(), break_it(answer())).verbatim is False


def test_a_marker_used_twice_is_in_order():
    given = answer(evidence(ARABIC), evidence(PERSIAN))
    assert judged(question(), replace(given, answer=f"{given.answer} [1]")).verbatim is True


# Questions


def written(tmp_path, *lines, name="أسئلة.jsonl"):
    file = tmp_path / name
    file.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines), "utf-8"
    )
    return file


GOOD = {
    "id": "fa1",
    "language": "fa",
    "kind": "who",
    "question": "چه کسی؟",
    "articles": ["a"],
    "any": ["پوتین"],
    "abstain": False,
}


def test_questions_are_read_in_order_over_files(tmp_path):
    first = written(tmp_path, GOOD, "", {**GOOD, "id": "fa2", "history": ["پیش از این؟"]}, name="one.jsonl")
    second = written(
        tmp_path, {"id": "x", "language": "ar", "kind": "none", "question": "ما؟", "abstain": True}, name="two.jsonl"
    )
    found = read_questions([first, second])
    assert [item.id for item in found] == ["fa1", "fa2", "x"]
    assert found[1].history == ("پیش از این؟",) and found[2].abstain


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line"),
        ("[]", "line"),
        ("no json", "line"),
        ({**GOOD, "language": "de"}, "language"),
        ({**GOOD, "id": ""}, "id"),
        ({**GOOD, "kind": ""}, "kind"),
        ({**GOOD, "any": "پوتین"}, "any"),
        ({key: value for key, value in GOOD.items() if key != "question"}, "question"),
        ({**GOOD, "any": [], "articles": []}, "abstain"),
        ({**GOOD, "abstain": True}, "abstain"),
        ({**GOOD, "any": [""]}, "any"),
        ({**GOOD, "any": ["؟"]}, "any"),
        ({**GOOD, "all": ["\u200c"]}, "all"),
        ({**GOOD, "articles": [""]}, "articles"),
        (GOOD, "stands twice"),
    ],
)
def test_a_bad_line_is_told_with_file_and_line(tmp_path, line, told):
    file = written(tmp_path, GOOD, "", line)
    with pytest.raises(KhabarError) as caught:
        read_questions([file])
    assert str(caught.value).startswith(f"{file}:3: ") and told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_id_of_another_file_is_told(tmp_path):
    files = [written(tmp_path, GOOD, name="one.jsonl"), written(tmp_path, GOOD, name="two.jsonl")]
    with pytest.raises(KhabarError, match="two.jsonl:1: .*fa1"):
        read_questions(files)


@pytest.mark.parametrize("kind", ["missing", "folder", "binary", "empty"])
def test_files_that_hold_no_questions(tmp_path, kind):
    file = tmp_path / "أسئلة"
    if kind == "folder":
        file.mkdir()
    elif kind == "binary":
        file.write_bytes(b"\xff\x00\xfe")
    elif kind == "empty":
        file.write_text("\n")
    with pytest.raises(KhabarError) as caught:
        read_questions([file])
    assert kind == "empty" or str(file) in str(caught.value)


def test_every_question_is_asked_with_its_history(archive):
    asked = []

    class Listening:
        def answer(self, text, history=()):
            asked.append((text, history))
            return ABSTENTION

    heard = []
    questions = [unanswerable(id="1"), question(id="2", question="وكم؟", history=("متى؟", "أين؟"))]
    rows = ask_all(questions, Listening(), archive.catalog, heard.append)
    assert asked == [("ماذا؟", ()), ("وكم؟", ("متى؟", "أين؟"))]
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
    content = json.loads(json.dumps(judged(question(), answer()).to_json()))
    assert content["correct"] is True and content["answer"]["citations"][0]["quote"] == answer().citations[0].quote


@pytest.fixture
def baseline(tmp_path):
    file = tmp_path / "baseline.json"
    content = {"summary": {name: asdict(found) for name, found in by_group(ROWS).items()}, "rows": []}
    file.write_text(json.dumps(content), "utf-8")
    return file


def test_nothing_has_fallen_against_itself(baseline):
    assert fallen(by_group(ROWS), baseline) == []


def test_a_better_run_has_not_fallen(baseline):
    assert fallen(by_group([*ROWS[:1], replace(ROWS[1], correct=True, cited=True), *ROWS[2:]]), baseline) == []


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
    assert {line.split(" is ")[0] for line in fallen(by_group(rows), baseline)} == lines


def test_a_group_that_is_gone_has_fallen(baseline):
    told = fallen(by_group(ROWS[:1]), baseline)
    assert any(line.startswith("language fa: correct is missing") for line in told)


def test_slower_is_not_fallen(baseline):
    assert fallen(by_group([replace(found, seconds=9.0) for found in ROWS]), baseline) == []


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", "{}", '{"summary": []}', '{"summary": {"all": {}}}', '{"summary": {"all": {"correct": "x"}}}']
)
def test_a_baseline_that_is_none_is_told(tmp_path, text):
    file = tmp_path / "خط الأساس.json"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(KhabarError) as caught:
        fallen(by_group(ROWS), file)
    assert str(file) in str(caught.value)


def test_further_keys_are_left_alone(tmp_path):
    [found] = read_questions([written(tmp_path, {**GOOD, "note": "ملاحظة"})])
    assert found.id == GOOD["id"]


def test_without_articles_any_citation_will_do():
    assert judged(question(articles=()), answer()).correct
    assert not judged(question(articles=(), any=("لا شيء من هذا",)), answer()).correct


def test_a_question_that_is_refused_counts_as_an_abstention(archive):
    asked = [unanswerable(id="empty", question=""), unanswerable(id="emoji", question="😀😀")]
    rows = ask_all(asked, archive.answerer, archive.catalog, lambda row: None)
    assert [(row.correct, row.abstained) for row in rows] == [(True, True)] * 2
    assert "empty" in rows[0].answer.answer and "no words" in rows[1].answer.answer
