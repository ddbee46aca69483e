"""Markdown -> text: the words of each block, without the markup."""

from __future__ import annotations

import html
import re

from index.tables import Cell, rows_as_lines

# Its parser drops what is nested deeper, without a word: its usual 20 are a list in lists of nine levels.
_NESTED = 50
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]+>", re.DOTALL | re.IGNORECASE)


def markdown_text(text: str) -> str:
    """Return the text of a Markdown document, its blocks an empty line apart and each row of a table a line."""
    from markdown_it import MarkdownIt

    blocks: list[str] = []
    rows: list[list[Cell]] | None = None
    for token in MarkdownIt("commonmark", {"maxNesting": _NESTED}).enable("table").parse(text):
        if token.type == "table_open":
            rows = []
        elif token.type == "table_close" and rows is not None:
            blocks.append("\n".join(rows_as_lines(rows)))
            rows = None
        elif token.type == "tr_open" and rows is not None:
            rows.append([])
        elif token.type == "inline":
            shown = "".join(_inline_text(child.type, child.content) for child in token.children or [])
            if rows is None:
                blocks.append(shown)
            else:
                # The first row of a Markdown table is its header.
                rows[-1].append((" ".join(shown.split()), 1, 1, len(rows) == 1))
        elif token.type in {"fence", "code_block"}:
            blocks.append(token.content.rstrip("\n"))
        elif token.type == "html_block":
            blocks.append(html.unescape(_TAG.sub(" ", token.content)))
    return "\n\n".join(blocks)


def _inline_text(kind: str, content: str) -> str:
    return "\n" if kind in {"softbreak", "hardbreak"} else "" if kind in {"image", "html_inline"} else content
