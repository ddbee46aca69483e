"""Paragraphs -> Markdown, plain text, HTML, or a Word document; every text escaped, each in its direction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from io import BytesIO
from typing import Any

from ui.direction import direction
from ui.export.transcript import Kind, Paragraph

# What Markdown would read as markup, wherever it stands.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#+!|~])")
_ELEMENTS: dict[Kind, str] = {
    "question": "h2", "short answer": "p", "quote": "blockquote", "text": "p", "heading": "h3", "source": "p",
}  # fmt: skip
_STYLES: dict[Kind, str] = {
    "question": "Heading 2", "short answer": "Normal", "quote": "Quote", "text": "Normal", "heading": "Heading 3",
    "source": "Normal",
}  # fmt: skip
_PAGE_STYLE = (
    "body{max-width:44em;margin:2em auto;padding:0 1em;line-height:1.7;font-family:Georgia,'Noto Naskh Arabic',serif}"
    "blockquote{margin:.6em 0;padding-inline-start:1em;border-inline-start:3px solid #bbb}.short{font-weight:bold}"
    ".source{font-size:.9em;overflow-wrap:anywhere}"
)


def markdown(paragraphs: Sequence[Paragraph]) -> str:
    """Return the conversation as Markdown; markers such as [1] are its own sources' numbers."""
    return "\n\n".join(map(_markdown, paragraphs)) + "\n"


def _markdown(paragraph: Paragraph) -> str:
    text = re.sub(r"\s*\n\s*", " ", _MARKUP.sub(r"\\\1", paragraph.text))
    match paragraph.kind:
        case "question":
            return f"## {text}"
        case "heading":
            return f"### {text}"
        case "short answer":
            return f"**{text}**"
        case "quote":
            return f"> {text}"
        case "source":
            number = f"\\[{paragraph.number}\\] " if paragraph.number else ""
            return f"{number}{text}" + (f" <{_markdown_link(paragraph.link)}>" if paragraph.link else "")
        case _:
            return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-=])", r"\\\1", text))


def _markdown_link(link: str) -> str:
    return re.sub(r"[\s<>\\]", lambda match: f"%{ord(match[0]):02X}", link)


def plain(paragraphs: Sequence[Paragraph]) -> str:
    """Return paragraphs as plain text; a link has a line of its own, where its letters move no word beside it."""
    return "\n\n".join(map(_plain, paragraphs)) + "\n"


def _plain(paragraph: Paragraph) -> str:
    link = f"\n{paragraph.link}" if paragraph.link else ""
    return f"{_number(paragraph)}{paragraph.text}{link}"


def _number(paragraph: Paragraph) -> str:
    return f"[{paragraph.number}] " if paragraph.number else ""


def rich(paragraphs: Sequence[Paragraph]) -> str:
    """Return paragraphs as HTML to paste into another document."""
    return "\n".join(map(_html, paragraphs))


def html(paragraphs: Sequence[Paragraph], title: str) -> str:
    """Return the conversation as one page that loads nothing from elsewhere."""
    language = paragraphs[0].language
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>\n<style>{_PAGE_STYLE}</style>\n'
        f"</head>\n<body>\n{rich(paragraphs)}\n</body>\n</html>\n"
    )


def _html(paragraph: Paragraph) -> str:
    element, text = _ELEMENTS[paragraph.kind], escape(paragraph.text).replace("\n", "<br>")
    kind = {"short answer": ' class="short"', "source": ' class="source"'}.get(paragraph.kind, "")
    if paragraph.kind == "source":
        link = f' <a href="{escape(paragraph.link)}"><bdi>{escape(paragraph.link)}</bdi></a>' if paragraph.link else ""
        text = f"{_number(paragraph)}{text}{link}"
    return f'<{element}{kind} lang="{paragraph.language}" dir="{direction(paragraph.language)}">{text}</{element}>'


def docx(paragraphs: Sequence[Paragraph], title: str) -> bytes:
    """Return the conversation as a Word document, its paragraphs running in the direction of their languages."""
    from docx import Document

    document = Document()
    document.core_properties.title = title[:255]  # Word takes no more
    for paragraph in paragraphs:
        link = f" {paragraph.link}" if paragraph.link else ""
        added = document.add_paragraph(style=_STYLES[paragraph.kind])
        run = added.add_run(f"{_number(paragraph)}{paragraph.text}{link}")
        run.bold = True if paragraph.kind == "short answer" else None
        if direction(paragraph.language) == "rtl":
            _run_right_to_left(added, run)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _run_right_to_left(paragraph: Any, run: Any) -> None:
    """Mark a paragraph and its run as right to left: Word looks at no letters for that."""
    from docx.oxml import OxmlElement

    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
