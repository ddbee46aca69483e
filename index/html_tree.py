"""A page's tree -> its blocks of text, each with where it stands and how much of it is links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from index.cleaning.removed import Reason
from index.tables import Cell, rows_as_lines

_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "button",
        "select",
        "option",
        "input",
        "textarea",
        "datalist",
        "head",
        "title",
        "meta",
        "link",
        "base",
        "map",
        "progress",
        "meter",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "ruby",
        "rb",
        "rt",
        "rp",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
        "wbr",
        "img",
        "picture",
        "source",
        "time",
        "amp-img",
    ]
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_TAG_REASONS: dict[str, Reason] = {
    "nav": "menu", "menu": "menu", "footer": "footer", "aside": "beside the article", "form": "newsletter",
    "address": "byline", "dialog": "advertisement",
}  # fmt: skip
_ROLE_REASONS: dict[str, Reason] = {
    "navigation": "menu", "contentinfo": "footer", "complementary": "beside the article", "search": "menu",
    "dialog": "advertisement", "alertdialog": "advertisement", "menubar": "menu",
}  # fmt: skip
# Names that pages give to what is not the article; each must be a whole part of a class or id: post-tags, not postage.
_NAMED: tuple[tuple[Reason, str], ...] = (
    ("menu", "nav|navbar|navigation|menu|submenu|breadcrumb|breadcrumbs|topbar|masthead|skip|pagination|pager|ticker|crumbs"),
    (
        "read also",
        "related|readalso|readmore|recommend|recommended|recommendations|suggested|suggestions|popular|trending|latest|teaser|teasers"
        "|outbrain|taboola|similar|relatedposts|relatednews|relatedarticles|mostread|mostviewed|alsoread|seealso|morenews|morestories|linked",
    ),
    ("share line", "share|sharing|shares|social|socials|addthis|sharedaddy|sharebar|shortlink"),
    ("newsletter", "newsletter|subscribe|subscription|signup|optin|paywall|donate|donation"),
    ("comments", "comment|comments|disqus|respond|discussion|replies"),
    ("keyword row", "tags|taglist|tagcloud|keywords|hashtags"),
    ("footer", "footer|copyright|colophon|legal"),
    (
        "advertisement",
        "ad|ads|advert|advertisement|advertising|banner|promo|sponsor|sponsored|dfp|cookie|cookies|consent|gdpr|popup|modal",
    ),
    ("byline", "byline|authorbox|authorbio|author|authors|contributor|contributors"),
    ("beside the article", "sidebar|rail|widget|widgets"),
)
_NAMED_PAIRS: tuple[tuple[Reason, str], ...] = (
    (
        "read also",
        "-read-also-|-read-more-|-read-next-|-more-news-|-more-stories-|-more-from-|-also-read-|-see-also-|-most-read-|-most-viewed-",
    ),
    ("newsletter", "-sign-up-"),
    ("keyword row", "-tag-list-|-tag-cloud-"),
    ("byline", "-author-box-|-author-bio-"),
    ("beside the article", "-side-bar-"),
)
_REASON_OF = {name: reason for reason, names in _NAMED for name in names.split("|")}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# An element that a class of its own names is one of these; a paragraph or a cell is not named for what it is not.
_MAY_BE_NAMED = HEADINGS | {
    "div", "section", "ul", "ol", "dl", "p", "aside", "header", "footer", "figure", "table", "form", "blockquote", "article",
    "main", "span", "li", "nav",
}  # fmt: skip
_LAYOUT = ("h1", "h2", "article", "main", "nav", "form")
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")


@dataclass(slots=True)
class Node:
    """An element that may hold blocks: its parent's number, and what its name or tag makes of it."""

    parent: int
    tag: str
    reason: Reason | None
    size: int = 0
    links: int = 0


@dataclass(slots=True)
class Block:
    """A paragraph, heading, item or row of a page: its text, its element's number, and how many letters are in links."""

    text: str
    node: int
    tag: str
    links: int = 0


@dataclass(slots=True)
class Tree:
    """The blocks of a page in order, and the elements in which they stand; a node's number is its place."""

    nodes: list[Node] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def above(self, node: int) -> Iterator[int]:
        """Yield the numbers of an element and of those around it, the innermost first."""
        while node >= 0:
            yield node
            node = self.nodes[node].parent

    def measure(self) -> None:
        """Give every element the letters outside and inside links that it holds."""
        for node in self.nodes:
            node.size = node.links = 0
        for block in self.blocks:
            self.nodes[block.node].size += len(block.text) - block.links
            self.nodes[block.node].links += block.links
        for node in reversed(self.nodes):
            if node.parent >= 0:
                self.nodes[node.parent].size += node.size
                self.nodes[node.parent].links += node.links


class _Walker:
    """Walks an lxml tree once, without recursion, and fills a Tree."""

    def __init__(self) -> None:
        self.tree = Tree()
        self._parts: list[str] = []
        self._linked = 0
        self._links_open = 0

    def walk(self, root: Any) -> Tree:
        self._open(root, -1)
        stack: list[tuple[Any, int, Any]] = [(root, 0, iter(root))]
        self._add(root.text)
        while stack:
            element, node, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._close(element, node)
                if stack:
                    self._add(element.tail)
                continue
            self._enter(child, stack)
        self._flush(0)
        return self.tree

    def _enter(self, child: Any, stack: list[tuple[Any, int, Any]]) -> None:
        node = stack[-1][1]
        tag = child.tag if isinstance(child.tag, str) else ""
        if not tag or tag in _SILENT:
            self._add(child.tail)
            return
        if tag == "br":
            self._parts.append("\n")
            self._add(child.tail)
            return
        if tag == "table" and (rows := table_rows(child)) is not None:
            self._flush(node)
            inner = self._open(child, node)
            links = sum(len(_text(anchor)) for anchor in child.iter("a"))
            total = sum(map(len, rows)) or 1
            self.tree.blocks += [Block(row, inner, "tr", len(row) * min(links, total) // total) for row in rows]
            self._add(child.tail)
            return
        reason = reason_of(child, tag)
        if tag not in _INLINE or reason is not None:
            self._flush(node)
            node = self._open(child, node, reason)
        elif tag == "a":
            self._links_open += 1
        stack.append((child, node, iter(child)))
        self._add(child.text)

    def _open(self, element: Any, parent: int, reason: Reason | None = None) -> int:
        self.tree.nodes.append(Node(parent, str(element.tag), reason))
        return len(self.tree.nodes) - 1

    def _close(self, element: Any, node: int) -> None:
        if element.tag == "a":
            self._links_open -= 1
        if self.tree.nodes[node].tag == element.tag and (element.tag not in _INLINE or self.tree.nodes[node].reason):
            self._flush(node)

    def _add(self, text: str | None) -> None:
        if text:
            text = _SPACES.sub(" ", text)
            self._parts.append(text)
            if self._links_open > 0:
                self._linked += len(text.strip())

    def _flush(self, node: int) -> None:
        """End the block that is being read; every line break in it ends one, too."""
        lines = [line for line in (_SPACES.sub(" ", part).strip() for part in "".join(self._parts).split("\n")) if line]
        length = sum(map(len, lines)) or 1
        tag = self.tree.nodes[node].tag
        for line in lines:
            self.tree.blocks.append(Block(line, node, tag, min(len(line), self._linked * len(line) // length)))
        self._parts, self._linked = [], 0


def blocks_of(root: Any) -> Tree:
    """Return the blocks of a parsed page, in time linear in its size."""
    return _Walker().walk(root)


def reason_of(element: Any, tag: str) -> Reason | None:
    """Return what an element's tag, role or name says that it is, if that is not the article."""
    unseen = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    if unseen or _NO_STYLE.search(element.get("style") or ""):
        return "hidden"
    stated = _TAG_REASONS.get(tag) or _ROLE_REASONS.get(element.get("role") or "")
    if stated or tag not in _MAY_BE_NAMED:
        return stated
    for name in f"{element.get('class') or ''} {element.get('id') or ''}".split():
        if (found := _named(name)) is not None:
            return found
    return "byline" if element.get("rel") == "author" or element.get("itemprop") == "author" else None


def _named(name: str) -> Reason | None:
    parts = re.split(r"[-_:]+", _CAMEL.sub("-", name).lower())
    joined = f"-{'-'.join(parts)}-"
    for reason, pairs in _NAMED_PAIRS:
        if any(pair in joined for pair in pairs.split("|")):
            return reason
    # What a page has or is with (has-sidebar, with-comments, no-ads) names the whole of it.
    if parts[0] in {"has", "with", "no", "without", "is", "single", "category"}:
        return None
    return next((_REASON_OF[part] for part in parts if part in _REASON_OF), None)


def table_rows(table: Any) -> list[str] | None:
    """Return the rows of a table of figures or names as lines, None for one that only lays out a page."""
    if next(table.iter(*_LAYOUT), None) is not None or next(table.iterdescendants("table"), None) is not None:
        return None
    grid: list[list[Cell]] = []
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        texts = [_text(cell) for cell in cells]
        if any(_is_column(cell, text) for cell, text in zip(cells, texts, strict=True)):
            return None
        grid.append(
            [
                (text, _span(cell, "colspan"), _span(cell, "rowspan"), cell.tag == "th")
                for cell, text in zip(cells, texts, strict=True)
            ]
        )
    wide = max((sum(cell[1] for cell in row) for row in grid), default=0)
    if wide < 2 or len([row for row in grid if row]) < 2:
        return None
    caption = [_text(found) for found in table.iter("caption")]
    return [line for line in caption if line] + rows_as_lines(grid)


def _is_column(cell: Any, text: str) -> bool:
    """Tell whether a cell is a column of a page rather than a value: long text in pieces, or a list of links."""
    pieces = sum(1 for _ in cell.iter("br", "p", "div", "li"))
    return len(text) > 400 or (len(text) > 120 and pieces > 1) or sum(1 for _ in cell.iter("a")) > 3


def _span(cell: Any, name: str) -> int:
    given = str(cell.get(name) or "1").strip()
    return min(int(given), 30) if given.isascii() and given.isdecimal() and int(given[:4]) > 0 else 1


def _text(element: Any) -> str:
    parts = []
    for inner in element.iter():
        silent = not isinstance(inner.tag, str) or inner.tag in _SILENT
        if not silent and inner.text:
            parts.append(inner.text)
        if inner is not element and (inner.tag == "br" or inner.tail):
            parts.append((" " if inner.tag == "br" else "") + (inner.tail or ""))
    return _SPACES.sub(" ", "".join(parts)).strip()
