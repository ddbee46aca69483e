"""A quote or an answer -> what the clipboard takes of it: rich text, plain text and Markdown, its sources named in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from index.types import ArticleRef, Language
from rag.phrases import in_quotation_marks
from rag.source_line import link_of, named, shown
from rag.types import Answer, Source
from ui.export.document import markdown, plain, rich
from ui.export.transcript import Paragraph, paragraphs_of


@dataclass(frozen=True, slots=True)
class Copied:
    """One text in three forms: HTML, plain text and Markdown."""

    rich: str
    plain: str
    markdown: str

    def to_json(self) -> dict[str, str]:
        """Return the three forms as a JSON object."""
        return asdict(self)


def copied_answer(answer: Answer) -> Copied:
    """Return an answer without its question, the sources numbered under it."""
    return _copied([paragraph for paragraph in paragraphs_of([answer]) if paragraph.kind != "question"])


def copied_quote(item: Source, language: Language) -> Copied:
    """Return a quote and under it the line of its source, the day in the words of a language."""
    words = shown(in_quotation_marks(item.quote, item.language))
    return _copied([Paragraph("quote", words, item.language), source_line(item, language)])


def source_line(item: ArticleRef, language: Language) -> Paragraph:
    """Return the line that names the source of what is copied."""
    return Paragraph("source", f"— {named(item, language)}", item.language, link=link_of(item))


def _copied(paragraphs: Sequence[Paragraph]) -> Copied:
    return Copied(rich(paragraphs), plain(paragraphs), markdown(paragraphs))
