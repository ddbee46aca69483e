"""The formats that answers can be exported in, by name: a conversation -> the bytes of a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.types import ArticleRef
from rag.source_line import in_one_line
from rag.types import Answer
from ui.export.document import docx, html, markdown
from ui.export.reference import bibtex, csl_json, references_of, ris
from ui.export.transcript import paragraphs_of


@dataclass(frozen=True, slots=True)
class Format:
    """What a format is called on the web and how its files' names end; whether it is text, and how it is written."""

    media_type: str
    suffix: str
    is_text: bool
    write: Callable[[Sequence[Answer]], bytes]


def _page(answers: Sequence[Answer]) -> bytes:
    return html(paragraphs_of(answers), in_one_line(answers[0].question)).encode()


def _word(answers: Sequence[Answer]) -> bytes:
    return docx(paragraphs_of(answers), in_one_line(answers[0].question))


def _references(write: Callable[[Sequence[ArticleRef]], str]) -> Callable[[Sequence[Answer]], bytes]:
    return lambda answers: write(references_of(answers)).encode()


FORMATS = {
    "markdown": Format("text/markdown", ".md", True, lambda answers: markdown(paragraphs_of(answers)).encode()),
    "html": Format("text/html", ".html", True, _page),
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", False, _word),
    "csl": Format("application/vnd.citationstyles.csl+json", ".json", True, _references(csl_json)),
    "bibtex": Format("application/x-bibtex", ".bib", True, _references(bibtex)),
    "ris": Format("application/x-research-info-systems", ".ris", True, _references(ris)),
}
