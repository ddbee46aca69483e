"""Markdown -> text: the words of each block, without the markup."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]+>", re.DOTALL | re.IGNORECASE)


def markdown_text(text: str) -> str:
    """Return the text of a Markdown document, its blocks an empty line apart."""
    from markdown_it import MarkdownIt

    blocks = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "inline":
            blocks.append("".join(_inline_text(child.type, child.content) for child in token.children or []))
        elif token.type in {"fence", "code_block"}:
            blocks.append(token.content.rstrip("\n"))
        elif token.type == "html_block":
            blocks.append(html.unescape(_TAG.sub(" ", token.content)))
    return "\n\n".join(blocks)


def _inline_text(kind: str, content: str) -> str:
    return "\n" if kind in {"softbreak", "hardbreak"} else "" if kind in {"image", "html_inline"} else content
