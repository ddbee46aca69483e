from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from index.types import EVERYTHING
from rag.answer import Quoted
from rag.api.table import as_csv, as_workbook
from rag.types import Answer
from tests.rag.api.told import ASKED, problem


def batch(client, questions, **more):
    return client.request("POST", "/api/v1/batch", json={"questions": questions, **more})


QUESTIONS = [
    {"id": "الأول", "question": ASKED["ar"]},
    {"question": "؟؟"},
    {"id": "۲", "question": ASKED["fa"], "filter": {"languages": ["fa"]}},
    {"question": "س" * 10_000},
    {"question": ASKED["en"], "filter": {"outlets": ["Nobody"]}},
    {"question": "How do I bake sourdough?"},
    {"question": ""},
]


def test_each_question_has_its_row_and_its_own_error(client):
    response = batch(client, QUESTIONS)
    assert response.status_code == 200, response.text
    content = response.json()
    rows = content["rows"]
    assert [row["row"] for row in rows] == list(range(1, 8)) and content["failed"] == 4
    assert [(row["error"] or "").partition(":")[0] for row in rows] == [
        "", "question-without-words", "", "question-too-long", "filter-unknown-outlet", "", "question-without-words",
    ]  # fmt: skip
    assert rows[0]["id"] == "الأول" and rows[2]["id"] == "۲" and rows[5]["abstained"] is True
    for row, language in ((rows[0], "ar"), (rows[2], "fa")):
        alone = client.ask({"question": ASKED[language], "filter": {"languages": ["fa"]} if language == "fa" else None}).json()
        assert row["answer"] == alone["answer"] and row["quotes"] == [each["quote"] for each in alone["citations"]]


def test_a_table_as_csv(client):
    response = batch(client, QUESTIONS, format="csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "answers.csv" in response.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 7 and rows[0]["question"] == ASKED["ar"] and rows[1]["error"].startswith("question-without-words")
    assert rows[0]["quotes"].split("\n")[0] in client.ask({"question": ASKED["ar"]}).json()["answer"]


def test_a_table_as_a_workbook(client):
    response = batch(client, QUESTIONS[:3], format="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    rows = list(sheet.values)
    assert rows[0][:3] == ("row", "id", "question") and len(rows) == 4 and sheet.sheet_view.rightToLeft
    assert rows[1][2] == ASKED["ar"] and rows[2][-2].startswith("question-without-words")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2", "@x", "\t=1", "=HYPERLINK(\"http://x\")"])
def test_no_cell_is_computed(text):
    rows = [{"a": text, "b": 1.5, "c": None}]
    ((shown, *_),) = list(csv.reader(io.StringIO(as_csv(("a", "b", "c"), rows).decode("utf-8-sig"))))[1:]
    assert shown == f"'{text}"
    cell = openpyxl.load_workbook(io.BytesIO(as_workbook(("a", "b", "c"), rows, False))).active["A2"]
    assert cell.data_type == "s"


def test_control_characters_and_long_texts_are_no_error_in_a_workbook():
    content = as_workbook(("a",), [{"a": "قمة\x00\x0b" + "س" * 40_000}], True)
    value = openpyxl.load_workbook(io.BytesIO(content)).active["A2"].value
    assert value.startswith("قمةس") and len(value) == 32_767


@pytest.mark.parametrize(
    "body",
    [
        {}, {"questions": []}, {"questions": [{"question": "x"}] * 101}, {"questions": ["x"]}, {"questions": [{}]},
        {"questions": [{"question": "x"}], "format": "pdf"}, {"questions": [{"question": "x", "stream": True}]},
        {"questions": {"question": "x"}},
    ],
)  # fmt: skip
def test_a_wrong_batch(client, body):
    problem(client.request("POST", "/api/v1/batch", json=body), 422, "invalid")


def test_a_bug_in_one_row_loses_no_other(archive, asker_of):
    class Fickle:
        models = {}

        def quote(self, question, history=(), within=EVERYTHING):
            if "bug" in question:
                raise RuntimeError("secret")
            return Quoted(Answer(question, "en", "yes", "quotes", False))

    response = batch(asker_of(replace(archive, answerer=Fickle())), [{"question": "a"}, {"question": "bug"}, {"question": "c"}])
    assert [row["answer"] for row in response.json()["rows"]] == ["yes", None, "yes"]
    assert response.json()["rows"][1]["error"].startswith("bug:") and "secret" not in response.text
