"""Questions in languages that are not served are told; questions in the three, and names in them, never."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.request.tongue import unserved_tongue

QUESTIONS = Path(__file__).parents[2] / "questions"


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("Combien de morts dans le séisme ?", "fr"), ("Qui a volé les bijoux du Louvre ?", "fr"),
        ("¿Cuántos muertos hubo en el terremoto?", "es"), ("Wie viele Menschen starben?", "de"), ("Kaç kişi öldü?", "tr"),
        ("chand nafar koshte shodand?", "fa-latin"), ("Ki raees jomhoor shod?", "fa-latin"),
        ("kam 2atil fel zelzal?", "ar-latin"), ("meen el ra2is el gdeed?", "ar-latin"),
        ("زلزلے میں کتنے لوگ ہلاک ہوئے؟", "ur"), ("پوتین نے کیا کہا؟", "ur"),
        ("چەند کەس کوژران لە بوومەلەرزەکەدا؟", "ckb"), ("سەرۆکی نوێی ئەمریکا کێیە؟", "ckb"),
    ],
)  # fmt: skip
def test_an_unserved_language(text, tongue):
    assert unserved_tongue(text) == tongue


@pytest.mark.parametrize(
    "text",
    [
        "Who owns Le Monde?", "Le Monde and La Croix", "Marine Le Pen verdict", "Rosneft sanctions date?", "oil price today",
        "F16 2nd strike 5pm", "Louvre theft suspects", "Mali Charles de Gaulle airport suspect", "Los Angeles fire dead?",
        "Das Kapital author?", "Mo Farah 3rd place", "Al Jazeera El Salvador report", "La La Land director?",
        "What did Angela Merkel's Die Welt interview say?", "Is Reza Pahlavi in Ann Arbor?", "Putin Trump Budapest summit",
        "كم قتيلا سقط في الزلزال؟", "متى زار البابا بيروت", "پوتین چه گفت؟", "رەئیس‌جمهور کیست؟", "چند نفر در لاهور کشته شدند؟",
        "ولاديمير بوتين وڤيكتور أوربان", "Putin", "",
    ],
)  # fmt: skip
def test_what_is_served(text):
    assert unserved_tongue(text) == ""


def test_no_fixed_question_is_in_another_language():
    rows = [json.loads(line) for file in QUESTIONS.glob("*.jsonl") for line in file.read_text(encoding="utf-8").splitlines()]
    texts = [text for row in rows for text in (row["question"], *row.get("history", ()))]
    assert len(texts) > 200 and [text for text in texts if unserved_tongue(text)] == []
