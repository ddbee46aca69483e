from __future__ import annotations

from typing import get_args

import pytest

from index.types import Language
from rag.phrases import phrase
from tests.rag.api.schemas import (
    AnswerSchema,
)
from tests.rag.api.told import ASKED, problem


@pytest.mark.parametrize(
    "wanted",
    [
        {"outlets": ["تارنمای سپیدار"]},
        {"outlets": ["تارنماي سپیدار "], "languages": ["fa"]},  # an Arabic ya, and a space too many
        {"languages": ["fa", "en"]},
        {"since": "2025-10-21", "until": "2025-10-21"},
        {"since": "2025-10-20"},
        {"until": "2025-10-21", "outlets": [], "languages": []},
    ],
)
def test_an_answer_keeps_to_its_filter(client, wanted):
    response = client.ask({"question": ASKED["fa"], "filter": wanted})
    assert response.status_code == 200, response.text
    answer = AnswerSchema.model_validate(response.json())
    assert not answer.abstained and "سیکورسکی" in answer.answer
    for item in answer.citations:
        assert not wanted.get("outlets") or item.outlet == "تارنمای سپیدار"
        assert item.language in (wanted.get("languages") or get_args(Language))
        assert wanted.get("since", "") <= item.published <= wanted.get("until", "9")


@pytest.mark.parametrize("nothing", [None, {}, {"outlets": [], "languages": []}, {"since": None, "until": None}])
def test_a_filter_of_nothing_is_none(client, nothing):
    plain, filtered = (client.ask({"question": ASKED["en"], **more}).json() for more in ({}, {"filter": nothing}))
    assert {**plain, "timings": None} == {**filtered, "timings": None}


@pytest.mark.parametrize("language", get_args(Language))
def test_an_abstention_names_its_filter(client, language):
    wanted = {"outlets": ["Northgate Wire"], "since": "2025-08-01", "until": "2025-08-31"}
    question = {"ar": "ما مكونات طبق الكشري؟", "fa": "دستور پخت قورمه‌سبزی چیست؟", "en": "How do I bake sourdough?"}[language]
    answer = AnswerSchema.model_validate(client.ask({"question": question, "filter": wanted}).json())
    assert answer.abstained and answer.citations == []
    assert "Northgate Wire" in answer.answer and answer.answer != phrase("not_told", language)
    assert {item.outlet for item in answer.related} <= {"Northgate Wire"}


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("Northgate Wire", ["filter", "'Northgate Wire'"]),
        ([], ["filter"]),
        ({"outlet": ["Northgate Wire"]}, ["filter.outlet"]),
        ({"outlets": "Northgate Wire"}, ["filter.outlets", "'Northgate Wire'"]),
        ({"outlets": [7]}, ["filter.outlets.0", "'7'"]),
        ({"outlets": ["x"] * 1001}, ["filter.outlets"]),
        ({"outlets": ["Northgate Wires"]}, ["'Northgate Wires'"]),
        ({"outlets": [""]}, ["''"]),
        ({"outlets": ["Northgate Wire", "؟!"]}, ["'؟!'"]),
        ({"languages": ["de"]}, ["filter.languages.0", "'de'", "'ar', 'fa' or 'en'"]),
        ({"languages": "ar"}, ["filter.languages", "'ar'"]),
        ({"since": "yesterday"}, ["filter.since", "'yesterday'", "2025-10-21"]),
        ({"since": "1404-07-29T00:00:00"}, ["filter.since", "'1404-07-29T00:00:00'"]),
        ({"since": "20251021"}, ["filter.since", "'20251021'"]),
        ({"since": "۲۰۲۵-۱۰-۲۱"}, ["filter.since", "'۲۰۲۵-۱۰-۲۱'"]),
        ({"until": "2025-02-30"}, ["filter.until", "'2025-02-30'"]),
        ({"until": 1761004800}, ["filter.until", "'1761004800'"]),
        ({"until": ["2025-10-21"]}, ["filter.until"]),
        ({"until": ""}, ["filter.until", "''"]),
        ({"since": "2025-10-21", "until": "2025-10-20"}, ["2025-10-21", "2025-10-20"]),
        ({"x" * 5000: 1}, ["filter"]),
        ({"since": "x" * 5000}, ["filter.since"]),
        ({"outlets": ["x" * 5000]}, ["filter"]),
    ],
)
def test_a_wrong_filter(client, wanted, told):
    found = problem(client.ask({"question": ASKED["en"], "filter": wanted}), 422)
    assert all(part in found for part in told), found
    assert len(found) < 300


def test_an_unknown_outlet_comes_with_the_nearest(client):
    for name, near in (("Northgate Wires", "'Northgate Wire'"), ("الرواق", "'جريدة الرواق'"), ("سپیدار", "'تارنمای سپیدار'")):
        remedy = client.ask({"question": ASKED["en"], "filter": {"outlets": [name]}}).json()["remedy"]
        assert near in remedy
