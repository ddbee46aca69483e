"""The formats that answers can be taken away in, by name: a conversation goes in, the bytes of a file come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.types import Answer
from ui.export.document import docx, html, markdown
from ui.export.reference import bibtex, csl_json, references_of, ris, shown
from ui.export.transcript import paragraphs_of


@dataclass(frozen=True, slots=True)
class Format:
    """What a format is called on the web and how its files' names end; whether it is text, and how it is written."""

    media_type: str
    suffix: str
    is_text: bool
    write: Callable[[Sequence[Answer]], bytes]


def _title(answers: Sequence[Answer]) -> str:
    return " ".join(shown(answers[0].question).split())


FORMATS = {
    "markdown": Format("text/markdown", ".md", True, lambda answers: markdown(paragraphs_of(answers)).encode()),
    "html": Format("text/html", ".html", True, lambda answers: html(paragraphs_of(answers), _title(answers)).encode()),
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", False,
        lambda answers: docx(paragraphs_of(answers), _title(answers)),
    ),
    "csl": Format(
        "application/vnd.citationstyles.csl+json", ".json", True, lambda answers: csl_json(references_of(answers)).encode()
    ),
    "bibtex": Format("application/x-bibtex", ".bib", True, lambda answers: bibtex(references_of(answers)).encode()),
    "ris": Format("application/x-research-info-systems", ".ris", True, lambda answers: ris(references_of(answers)).encode()),
}  # fmt: skip
