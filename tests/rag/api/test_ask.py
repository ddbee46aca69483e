from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from index.types import EVERYTHING, ArticleRef, Language
from rag.answer import Quoted
from rag.phrases import not_told
from rag.types import Answer, Citation, Disagreement, DraftCount, ShortAnswer, Source
from tests.rag.api.schemas import (
    AnswerSchema,
    Models,
)
from tests.rag.api.told import ASKED
from tests.rag.scripted import ScriptedGenerator


@pytest.mark.parametrize("language", get_args(Language))
def test_a_question_in_each_language(client, language):
    response = client.ask({"question": ASKED[language]})
    assert response.status_code == 200 and response.headers["content-type"] == "application/json"
    answer = AnswerSchema.model_validate(response.json())
    assert (answer.question, answer.language, answer.abstained) == (ASKED[language], language, False)
    assert answer.models == Models(embedder="none", reader="none", generator="none")
    assert [item.number for item in answer.citations] == list(range(1, len(answer.citations) + 1)) != []
    for item in answer.citations:
        assert f"[{item.number}]" in answer.answer and item.quote in answer.answer
        assert date.fromisoformat(item.published)


@pytest.mark.parametrize("language", get_args(Language))
def test_an_abstention_is_an_answer(client, language):
    question = {"ar": "ما مكونات طبق الكشري؟", "fa": "دستور پخت قورمه‌سبزی چیست؟", "en": "How do I bake sourdough?"}[language]
    response = client.ask({"question": question})
    assert response.status_code == 200
    answer = AnswerSchema.model_validate(response.json())
    assert answer.abstained and answer.answer == not_told(language, missing=answer.missing)
    assert 0 <= answer.confidence < 0.5 and answer.missing and all(word in question for word in answer.missing)
    assert answer.citations == [] == answer.related


ARTICLE = ("a1", "seeds/ar/a1.txt", "قمة الخروبة", "جريدة الرواق", date(2025, 10, 21), "ar", None)
SAYS = "قُتل ١٢ تمساحاً."
WHOLE = Answer(
    "كم تمساحاً قُتل؟", "ar", f"«{SAYS}» [1]", "written", False,
    citations=(
        Citation(*ARTICLE, SAYS, 7, 7 + len(SAYS), 1, SAYS, (12, 14), (Source(*ARTICLE, SAYS, 0, len(SAYS)),), "رويترز"),
        Citation("a2", "a2.txt", "کشتی", None, None, "fa", "https://example.org/", "۱۳", 0, 2, 2, "۱۳"),
    ),
    related=(ArticleRef(*ARTICLE),), confidence=0.75, as_of=date(2025, 10, 21),
    disagreements=(Disagreement("number", (1, 2), ("١٢", "۱۳")),), overtaken=(2,), missing=("ميسي",), notices=("dropped",),
    drafted=DraftCount(3, 2, 1), direct=ShortAnswer("١٢", "ar", 1, 12, 14, None, (ShortAnswer("۱۳", "fa", 2, 0, 2, "١٣"),)),
    models={"embedder": "none", "reader": "none", "generator": "none"},
    timings={"retrieve_ms": 1.5, "answer_ms": 2.5},
)  # fmt: skip


class Fixed:
    """An answerer that gives one answer to everything."""

    models = {"embedder": "none", "reader": "none", "generator": "none"}

    def quote(self, question, history=(), within=EVERYTHING):
        return Quoted(WHOLE)


def test_every_field_of_an_answer_goes_out(archive, asker_of):
    content = asker_of(replace(archive, answerer=Fixed())).ask({"question": "متى؟"}).json()
    answer = AnswerSchema.model_validate(content)
    first, second = content["citations"]
    assert answer.citations[0].quote[first["phrase"][0] - first["start"] : first["phrase"][1] - first["start"]] == "١٢"
    assert (first["agency"], first["published"], second["phrase"], second["also"], second["agency"], second["published"]) == (
        "رويترز", "2025-10-21", None, [], None, None,
    )  # fmt: skip
    assert first["also"] == [
        dict(
            article_id="a1", path="seeds/ar/a1.txt", title="قمة الخروبة", outlet="جريدة الرواق", published="2025-10-21",
            language="ar", url=None, quote=SAYS, start=0, end=len(SAYS),
        )
    ]  # fmt: skip
    assert content["related"][0]["published"] == content["as_of"] == "2025-10-21"
    assert content["disagreements"] == [{"kind": "number", "citations": [1, 2], "values": ["١٢", "۱۳"]}]
    assert (content["confidence"], content["overtaken"], content["missing"]) == (0.75, [2], ["ميسي"])
    assert content["direct"] == {
        "text": "١٢", "language": "ar", "citation": 1, "start": 12, "end": 14, "rendered": None, "others": [
            {"text": "۱۳", "language": "fa", "citation": 2, "start": 0, "end": 2, "rendered": "١٣", "others": []},
        ],
    }  # fmt: skip
    assert first["quote"][12 - first["start"] : 14 - first["start"]] == content["direct"]["text"]
    assert content["notices"] == ["dropped"] and content["drafted"] == {"supported": 3, "dropped": 2, "replaced": 1}


def test_a_follow_up_leans_on_the_history(client):
    body = {"question": "و چه هشداری داد؟", "history": ["آیا سیکورسکی درباره هواپیمای پوتین سخن گفت؟"]}
    answer = client.ask(body).json()
    assert not answer["abstained"] and "سیکورسکی" in answer["citations"][0]["quote"]
    alone = client.ask({"question": "و چه هشداری داد؟"}).json()
    assert alone["abstained"] or alone["citations"] != answer["citations"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script> ترامب", "متى\u202e التقى بوتين\u0000 وترامب؟"])
def test_markup_in_a_question_is_json_text(client, text):
    response = client.ask({"question": text})
    assert response.status_code == 200 and response.headers["content-type"] == "application/json"
    AnswerSchema.model_validate(response.json())


def test_many_at_once_get_the_same_answers_as_one_by_one(client):
    questions = [*ASKED.values(), "ما مكونات طبق الكشري؟"] * 5

    def asked(question):
        content = client.ask({"question": question}).json()
        content.pop("timings")
        return content

    alone = {question: asked(question) for question in set(questions)}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(asked, questions))
    assert together == [alone[question] for question in questions]


def test_a_written_answer_goes_out_whole(archive, answerer_with, asker_of):
    started = threading.Event()

    class Waiting(ScriptedGenerator):
        def stream(self, messages, max_tokens):
            started.set()
            yield "nothing that passes"

    answerer = answerer_with(Waiting([]))
    answer = asker_of(replace(archive, answerer=answerer)).ask({"question": ASKED["en"]}).json()
    assert started.is_set()
    assert AnswerSchema.model_validate(answer).models.generator == "scripted"
