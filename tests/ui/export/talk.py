"""Answers made by hand for the tests of what is exported."""

from __future__ import annotations

from datetime import date

from rag.types import Answer, Citation


def cited(number, article, quote, language, outlet, **more):
    return Citation(
        article, f"{article}.txt", more.get("title", f"عنوان {article}"), outlet, date(2025, 10, 19), language,
        more.get("url", f"https://news.example/{article}"), quote, 0, len(quote), number, quote, None, more.get("also", ()),
    )  # fmt: skip


def answered(question, *citations, direct=None, language="ar"):
    marks = {"ar": "«»", "fa": "«»", "en": "“”"}
    lines = [
        f"{marks[item.language][0]}{item.quote}{marks[item.language][1]} [{item.number}] — {item.outlet}"
        for item in citations
    ]
    text = "\n\n".join(lines) or "لا تذكر المقالات ذلك."
    return Answer(question, language, text, "quotes", not citations, citations, direct=direct)
