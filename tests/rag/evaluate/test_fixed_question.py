import json
from datetime import date

import pytest

from index.types import EVERYTHING, Filter, KhabarError
from rag.evaluate.fixed_question import read_lines, read_questions


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

ABSTAINING = {"id": "un1", "language": "ar", "kind": "near-miss", "question": "ماذا قال؟", "abstain": True}


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
        ({**GOOD, "direct": ["«»"]}, "direct"),
        ({**GOOD, "direct": "پوتین"}, "direct"),
        ({**GOOD, "articles": [""]}, "articles"),
        ({**GOOD, "first": ["…"]}, "first"),
        ({**GOOD, "never": ["\u064b"]}, "never"),
        ({**GOOD, "once": ["seeds/ar/a"]}, "once"),
        ({**GOOD, "as_of": "29 مهر"}, "as_of"),
        ({**GOOD, "differ": "وربما"}, "differ"),
        ({**GOOD, "values": ["سه ساعت"]}, "values"),
        ({**GOOD, "differ": False, "values": ["سه ساعت"]}, "values"),
        ({**GOOD, "any": [], "articles": [], "never": ["دستور"]}, "abstain"),
        ({**GOOD, "any": [], "articles": [], "missing": ["ماکرون"]}, "abstain"),
        ({**ABSTAINING, "differ": False}, "'differ'"),
        ({**ABSTAINING, "direct": ["دقيقتان"]}, "'direct'"),
        ({**ABSTAINING, "as_of": "2025-10-21"}, "'as_of'"),
        ({**ABSTAINING, "first": ["seeds/fa"]}, "'first'"),
        ({**GOOD, "filter": {"languages": []}}, "no language is left"),
        ({**GOOD, "filter": {"since": "2025-10-02", "until": "2025-10-01"}}, "end before they begin"),
        ({**GOOD, "filter": {"languages": ["de"]}}, "filter"),
        (GOOD, "is used twice"),
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


@pytest.mark.parametrize(
    "fields",
    [
        {"differ": True, "values": ["سبع دقائق", "چهار دقیقه"]},
        {"differ": False},
        {"direct": ["سبع دقائق", "هفت دقیقه", "seven minutes"]},
        {"first": ["seeds/fa/2025-11-02"]},
        {"as_of": "2025-10-21"},
        {"agency": ["وكالة الميناء"]},
        {"once": ["seeds/ar/a", "seeds/ar/b"]},
        {"abstain": True, "never": ["خمسون دولارا"], "missing": ["ماكرون"]},
    ],
)
def test_each_field_alone_makes_a_question_checkable(tmp_path, fields):
    line = {"id": "x", "language": "ar", "kind": "latest", "question": "ما آخر الأخبار؟", **fields}
    [found] = read_questions([written(tmp_path, line)])
    for name, value in fields.items():
        held = getattr(found, name)
        assert held == (tuple(value) if isinstance(value, list) else date(2025, 10, 21) if name == "as_of" else value)


def test_further_keys_are_left_alone(tmp_path):
    [found] = read_questions([written(tmp_path, {**GOOD, "note": "ملاحظة"})])
    assert found.id == GOOD["id"]




def test_a_question_names_the_articles_it_is_asked_of(tmp_path):
    within = {"outlets": ["جريدة الرواق"], "languages": ["fa", "ar"], "since": "2025-10-01"}
    found = read_questions([written(tmp_path, {**GOOD, "filter": within}, {**GOOD, "id": "fa2"})])
    assert found[0].filter == Filter(frozenset({"جريدة الرواق"}), frozenset({"ar", "fa"}), date(2025, 10, 1))
    assert found[1].filter == EVERYTHING


def test_an_unfinished_question_is_read_and_not_asked(tmp_path):
    waiting = {"id": "w", "language": "ar", "kind": "judged", "question": "كم؟", "unfinished": True, "comment": "…"}
    file = written(tmp_path, GOOD, waiting)
    assert [item.id for item in read_lines([file])] == ["fa1", "w"]
    assert [item.id for item in read_questions([file])] == ["fa1"]
    with pytest.raises(KhabarError, match="none of the questions is finished: 1 wait"):
        read_questions([written(tmp_path, waiting, name="waiting.jsonl")])
