"""An archive whose words and vectors lie in a LanceDB, through the commands."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import SEEDS, khabar

pytestmark = pytest.mark.lance

QUESTIONS = (
    "متى كان الوزيران روبيو ولافروف يعتزمان الاجتماع في بودابست؟",
    "رادوسلاو سیکورسکی درباره هواپیمای پوتین چه هشداری داد؟",
    "What did Szijjarto write on Facebook about the summit?",
    "How many articles mention Putin?",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def archives(place):
    """The same articles beside their catalog, and in a LanceDB."""
    for data, more in (("beside", ()), ("shared", ("--store", f"lance:{place}/lance"))):
        result = khabar("index", SEEDS, "--data", place / data, *more)
        assert result.exit_code == 0, result.output
    return place


def test_the_store_is_remembered_and_told(archives):
    status = json.loads(khabar("status", "--json", "--data", archives / "shared").stdout)
    assert status["store"] == f"lance:{archives}/lance"
    assert f"lance:{archives}/lance" in khabar("status", "--data", archives / "shared").stdout
    assert json.loads(khabar("status", "--json", "--data", archives / "beside").stdout)["store"] == "local"
    assert "Nothing has changed" in khabar("index", "--data", archives / "shared").output


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_answers_as_the_one_beside_its_catalog(archives, question):
    asked = [json.loads(khabar("ask", question, "--json", "--data", archives / data).stdout) for data in ("beside", "shared")]
    beside, shared = ([(each["path"], each["quote"]) for each in answer["citations"]] for answer in asked)
    assert not asked[1]["abstained"] and asked[0]["answer"][:60] == asked[1]["answer"][:60]
    assert shared[:1] == beside[:1]


def test_another_store_than_where_it_lies_is_an_error_with_the_way_there(archives):
    result = khabar("ask", QUESTIONS[0], "--data", archives / "shared", "--store", "s3://news/elsewhere")
    assert result.exit_code == 1 and result.stdout == ""
    assert f"'lance:{archives}/lance'" in result.stderr and "run khabar index with it" in result.stderr


def test_a_wrong_address_is_told_before_anything_is_read(place):
    result = khabar("index", SEEDS, "--data", place / "none", KHABAR_STORE="postgres://news")
    assert result.exit_code == 1 and "'postgres://news' is no store" in result.stderr and "s3://bucket/path" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_store_that_cannot_be_reached_is_told_and_the_articles_are_kept(place):
    (place / "taken").write_text("no folder")
    result = khabar("index", SEEDS, "--data", place / "away", "--store", f"lance:{place}/taken/inside")
    assert result.exit_code == 1 and "cannot be" in result.stderr and "Traceback" not in result.stderr
    again = khabar("index", SEEDS, "--data", place / "away")
    assert again.exit_code == 0 and "36 articles" in again.output
    result = khabar("index", "--data", place / "away", "--store", f"lance:{place}/taken/inside")
    assert result.exit_code == 1
    assert not json.loads(khabar("ask", QUESTIONS[2], "--json", "--data", place / "away").stdout)["abstained"]
