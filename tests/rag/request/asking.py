"""How the tests of requests ask an archive, and what each quote of an answer must be."""

from __future__ import annotations

from index.types import Filter
from rag.archive import Archive
from rag.types import Answer


def ask(archive: Archive, text: str, *history: str, within: Filter | None = None) -> Answer:
    """Return the answer to a text, under a filter where there is one."""
    return archive.answerer.answer(text, history, within or Filter())


def is_verbatim(archive: Archive, answer: Answer) -> bool:
    """Tell whether each quote stands in its article where the citation says so, and in the answer with its marker."""
    return bool(answer.citations) and all(
        archive.article(item.article_id).text[item.start : item.end] == item.quote
        and item.quote in item.passage
        and f"{item.quote}" in answer.answer
        and f"[{item.number}]" in answer.answer
        for item in answer.citations
    )
