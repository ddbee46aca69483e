"""Markdown -> text: the words of each block, without the markup."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from index.cleaning.noise import FULL_STOP
from index.cleaning.removed import Removed
from index.tables import Cell, rows_as_lines

# Its parser drops what is nested deeper, without a word: its usual 20 are a list in lists of nine levels.
_NESTED = 50
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]+>", re.DOTALL | re.IGNORECASE)


# A block with a larger share of its letters in links leads elsewhere.
_LINKED = 0.8
_SENTENCES = 2


def markdown_text(text: str) -> tuple[str, tuple[Removed, ...]]:
    """Return the text of a Markdown document, its blocks an empty line apart and each row of a table a line.

    With it come the blocks that are but links (crumbs, other stories), which are left out where the others are sentences.
    """
    from markdown_it import MarkdownIt

    blocks: list[str] = []
    linked: set[int] = set()
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
                if _is_linked(token.children or [], shown):
                    linked.add(len(blocks))
                blocks.append(shown)
            else:
                # The first row of a Markdown table is its header.
                rows[-1].append((" ".join(shown.split()), 1, 1, len(rows) == 1))
        elif token.type in {"fence", "code_block"}:
            blocks.append(token.content.rstrip("\n"))
        elif token.type == "html_block":
            blocks.append(html.unescape(_TAG.sub(" ", token.content)))
    kept = [block for place, block in enumerate(blocks) if place not in linked]
    if not linked or sum(bool(FULL_STOP.search(block)) for block in kept) < _SENTENCES:
        return "\n\n".join(blocks), ()
    return "\n\n".join(kept), tuple(Removed(blocks[place], "links") for place in sorted(linked))


def _is_linked(pieces: Sequence[Any], shown: str) -> bool:
    """Tell whether a block without a full stop mostly consists of links."""
    depth = letters = 0
    for piece in pieces:
        depth += (piece.type == "link_open") - (piece.type == "link_close")
        letters += len(piece.content.strip()) if depth and piece.type == "text" else 0
    return letters > _LINKED * len("".join(shown.split("/"))) and not FULL_STOP.search(shown)


def _inline_text(kind: str, content: str) -> str:
    return "\n" if kind in {"softbreak", "hardbreak"} else "" if kind in {"image", "html_inline"} else content
