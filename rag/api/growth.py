"""An answer as it grows -> the events that tell of each growth once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.text.marker import numbers_in
from rag.types import Answer, Citation, DraftCount, ShortAnswer, as_json

# (name of the event, what it carries)
Event = tuple[str, dict[str, Any]]


class Growth:
    """Tells what is new in each version of an answer.

    The texts of the `token` events since the last `stage` event, joined, are the answer's text so far. Of what a model writes
    each sentence is told whole as well, when it has been checked.
    """

    def __init__(self) -> None:
        """Begin with nothing told."""
        self._text: str | None = None
        self._direct: ShortAnswer | None = None
        self._cited: set[int] = set()
        self._is_drafted = False

    def events(self, answer: Answer) -> Iterator[Event]:
        """Yield what is new: the stage where the text begins anew, the short answer, citations with their quotes, the text."""
        text = answer.answer
        if self._text is None or not text.startswith(self._text):
            self._text = ""
            self._cited.clear()  # the numbers of citations begin anew as well
            yield "stage", {"stage": "writing" if answer.mode == "written" else "quoting"}
        if answer.direct and answer.direct != self._direct:
            self._direct = answer.direct
            yield "direct", as_json(answer.direct)
        for citation in answer.citations:
            if citation.number not in self._cited:
                self._cited.add(citation.number)
                yield "quote", _quote(citation)
                yield "citation", as_json(citation)
        if grown := text[len(self._text) :]:
            yield "token", {"text": grown}
            if answer.mode == "written":
                yield "sentence", {"text": grown.strip(), "citations": list(numbers_in(grown)), "answer": text}
        self._text = text
        if answer.mode == "quotes" and answer.drafted == DraftCount() and not self._is_drafted:
            self._is_drafted = True
            yield "drafting", {"model": answer.models.get("generator")}


def _quote(citation: Citation) -> dict[str, Any]:
    return {"number": citation.number, "text": citation.quote, "article_id": citation.article_id}
