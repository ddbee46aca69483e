"""What can be done with an answer -> HTML: copy it or one of its quotes, take it along, say whether it is right."""

from __future__ import annotations

from html import escape

from index.types import ArticleRef, Language
from rag.conversation.feedback import VERDICTS
from rag.types import Answer
from ui.export.copied import source_line
from ui.page.markup import in_each_language

_COPIES = 'data-copy="answer"'
_COPIES_MARKDOWN = f'{_COPIES} data-form="markdown"'


def tools_html(answer: Answer) -> str:
    """Return the row of tools under an answer that has ended; the style sheet hides the judging of one that was stopped.

    The menu of files and the field for a note are made by share.js and judge.js when they are wanted.
    """
    exporting = f'data-exports data-cited="{str(bool(answer.citations)).lower()}" aria-expanded="false"'
    return (
        f'<div class="tools">{_tool_html("copy.answer", _COPIES, "drawn")}'
        f"{_tool_html('copy.markdown', _COPIES_MARKDOWN)}"
        f'<div class="exporting">{_tool_html("export.name", exporting, "drawn")}</div>{_judging_html()}</div>'
    )


def _judging_html() -> str:
    verdicts = "".join(
        _tool_html(f"judge.{verdict}", f'data-verdict="{verdict}" aria-pressed="false"', "drawn") for verdict in VERDICTS
    )
    return f'<div class="judging" role="group"><span class="name">{in_each_language("judge.name")}</span>{verdicts}</div>'


def _tool_html(key: str, attributes: str, kind: str = "") -> str:
    return f'<button type="button" class="{f"tool {kind}".strip()}" {attributes}>{in_each_language(key)}</button>'


def copy_quote_html(number: int) -> str:
    """Return the button that copies a quote with its source."""
    return (
        f'<button type="button" class="icon copy drawn" data-copy="quote" data-quote="{number}">'
        f'<span class="unseen">{in_each_language("copy.quote")}</span></button>'
    )


def named_source(item: ArticleRef, language: Language) -> str:
    """Return the attributes of an element that shows words of an article: what a selection of them is copied with."""
    line = source_line(item, language)
    link = f' data-link="{escape(line.link)}"' if line.link else ""
    return f'data-cite="{escape(line.text)}" data-cite-language="{line.language}"{link}'
