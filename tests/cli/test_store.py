"""An archive whose words and vectors lie in a LanceDB, through the commands."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import ARABIC, ENGLISH, PERSIAN, SEEDS, done, khabar

pytestmark = pytest.mark.lance

QUESTIONS = (ARABIC, PERSIAN, ENGLISH, "How many articles mention Putin?")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def shared(place):
    """The articles of seeds/ in a LanceDB."""
    done("index", SEEDS, "--data", place / "shared", "--store", f"lance:{place}/lance")
    return place / "shared"


def test_the_store_is_remembered_and_told(data, shared, place):
    status = json.loads(khabar("status", "--json", "--data", shared).stdout)
    assert status["store"] == f"lance:{place}/lance"
    assert f"lance:{place}/lance" in khabar("status", "--data", shared).stdout
    assert json.loads(khabar("status", "--json", "--data", data).stdout)["store"] == "local"
    assert "Nothing has changed" in khabar("index", "--data", shared).output


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_answers_as_the_one_beside_its_catalog(data, shared, question):
    beside, there = (json.loads(khabar("ask", question, "--json", "--data", each).stdout) for each in (data, shared))
    assert not there["abstained"] and there["answer"][:60] == beside["answer"][:60]
    cited = [[(each["path"], each["quote"]) for each in answer["citations"]] for answer in (there, beside)]
    assert cited[0][:1] == cited[1][:1]


def test_another_store_than_where_it_lies_is_an_error_with_the_way_there(shared, place):
    result = khabar("ask", QUESTIONS[0], "--data", shared, "--store", "s3://news/elsewhere")
    assert result.exit_code == 1 and result.stdout == ""
    assert f"'lance:{place}/lance'" in result.stderr and "run khabar index with it" in result.stderr


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
