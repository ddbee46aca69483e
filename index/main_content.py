"""The blocks of a page that are its article, and what the others are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from index.cleaning.lines import under_headline
from index.cleaning.list_page import is_list_page
from index.cleaning.noise import FULL_STOP, is_label, noise_of, opens_skipped_box
from index.cleaning.removed import Reason, Removed
from index.html_tree import HEADINGS, Block, Tree
from index.text import spaced, words

# Where this share of a page's text stands in one element, what the element is called does not matter.
_MOST = 0.65
# An element with a larger share of its letters in links leads elsewhere.
_LINKED = 0.5
_LINKED_BLOCK = 0.8
_LEAD_WORDS = 12
_HEADER_BLOCKS = 10
# A box holds less than this share of its page; its heading is its first block, at most this many elements deep.
_BOX, _BOX_DEPTH = 0.25, 4
_BOXED = frozenset({"newsletter", "read also", "share line", "comments", "advertisement", "links", "keyword row"})
_OWN = frozenset({"article", "main"})


@dataclass(frozen=True, slots=True)
class MainContent:
    """The headline of a page, its article's blocks as lines, and what was left out.

    `headlines` is how many headlines with dates a list page consists of, 0 for an article's.
    """

    headline: str | None
    lines: tuple[str, ...]
    removed: tuple[Removed, ...]
    headlines: int = 0


def main_content(tree: Tree, title: str | None) -> MainContent:
    """Tell the article of a page from what stands around it; `title` is what the page's head calls it."""
    tree.measure()
    headline = _headline(tree, title)
    marked = _marked(tree, headline)
    reasons = [marked[block.node] or _block_reason(block) for block in tree.blocks]
    listed = is_list_page([block.text for block in tree.blocks if marked[block.node] is None])
    _mark_linked(tree, reasons, headline)
    _mark_boxes(tree, reasons, headline)
    _mark_outside(tree, reasons, headline)
    _mark_above(tree, reasons, headline)
    _mark_labels(tree, reasons)
    _mark_under_headline(tree, reasons, headline)
    if headline is not None:
        reasons[headline] = None
    kept = [block.text for place, block in enumerate(tree.blocks) if reasons[place] is None and place != headline]
    removed = [Removed(block.text, reason) for block, reason in zip(tree.blocks, reasons, strict=True) if reason]
    return MainContent(tree.blocks[headline].text if headline is not None else None, tuple(kept), tuple(removed), listed)


def _headline(tree: Tree, title: str | None) -> int | None:
    """Return the place of the headline's block: the heading that the page's head names, else its one <h1> of some words."""
    wanted = " ".join(words(title or ""))
    first: int | None = None
    for place, block in enumerate(tree.blocks):
        tag = _heading_tag(tree, block)
        if tag is None:
            continue
        own = " ".join(words(block.text))
        edges = own == wanted or wanted.startswith(f"{own} ") or wanted.endswith(f" {own}") or own.startswith(f"{wanted} ")
        if own and wanted and len(own) > 8 and edges:
            return place
        if first is None and tag == "h1" and own.count(" ") >= 2 and block.links < len(block.text):
            first = place
    return first


def _heading_tag(tree: Tree, block: Block) -> str | None:
    """Return the heading in which a block stands, itself or a step or two up (h1 > a, h1 > span)."""
    node = block.node
    for _ in range(3):
        if node < 0:
            return None
        if tree.nodes[node].tag in HEADINGS:
            return tree.nodes[node].tag
        node = tree.nodes[node].parent
    return None


def _marked(tree: Tree, headline: int | None) -> list[Reason | None]:
    """Return for each element what it or one around it is, unless it holds the headline or most of the text."""
    total = tree.nodes[0].size or 1
    spared = set(tree.above(tree.blocks[headline].node)) if headline is not None else set()
    in_article = [False] * len(tree.nodes)
    marked: list[Reason | None] = []
    asides = _kept_asides(tree)
    for number, node in enumerate(tree.nodes):
        above = marked[node.parent] if node.parent >= 0 else None
        in_article[number] = node.tag == "article" or (node.parent >= 0 and in_article[node.parent])
        own = node.reason
        if node.tag == "header" and own is None and not in_article[number]:
            own = "menu"
        large = node.size > _MOST * total and own not in {"comments", "menu", "footer"}
        if own and (number in spared or large or number in asides):
            own = None
        marked.append(above or own)
    return marked


def _kept_asides(tree: Tree) -> set[int]:
    """Return the asides that tell something of the article: several sentences, hardly a link, no label of other stories."""
    found = {number for number, node in enumerate(tree.nodes) if node.tag == "aside" and node.reason == "beside the article"}
    if not found:
        return found
    sentences = dict.fromkeys(found, 0)
    spoilt: set[int] = set()
    for block in tree.blocks:
        around = list(tree.above(block.node))
        aside = next((number for number in around if number in found), None)
        if aside is None:
            continue
        folded = spaced(block.text)
        sentences[aside] += block.tag == "tr" or bool(FULL_STOP.search(block.text) and len(folded.split()) > 4)
        if is_label(folded) or noise_of(folded) or any(tree.nodes[number].reason for number in around if number > aside):
            spoilt.add(aside)
    inside = {number for number in found - spoilt if any(tree.nodes[over].tag in _OWN for over in tree.above(number))}
    return {number for number in inside if sentences[number] >= 2 and 5 * tree.nodes[number].links < tree.nodes[number].size}


def _block_reason(block: Block) -> Reason | None:
    if block.links > _LINKED_BLOCK * len(block.text) and not FULL_STOP.search(block.text):
        return "links"
    return None


def _mark_linked(tree: Tree, reasons: list[Reason | None], headline: int | None) -> None:
    """Mark what stands in a list or box that mostly consists of links."""
    spared = set(tree.above(tree.blocks[headline].node)) if headline is not None else set()
    linked: list[bool] = []
    for number, node in enumerate(tree.nodes):
        full = node.links > _LINKED * (node.links + node.size) and node.links > 20 and node.tag not in {"p", "tr", "td"}
        linked.append((node.parent >= 0 and linked[node.parent]) or (full and number not in spared and node.parent >= 0))
    for place, block in enumerate(tree.blocks):
        if reasons[place] is None and linked[block.node] and not (FULL_STOP.search(block.text) and len(block.text) > 100):
            reasons[place] = "links"


def _mark_boxes(tree: Tree, reasons: list[Reason | None], headline: int | None) -> None:
    """Mark what stands in a box with its heading where that is noise: a newsletter's pitch, a poll, a podcast's episodes."""
    total = tree.nodes[0].size + tree.nodes[0].links
    spared = set(tree.above(tree.blocks[headline].node)) if headline is not None else set()
    marked: dict[int, Reason] = {}
    opened: set[int] = set()
    for place, block in enumerate(tree.blocks):
        around = list(islice(tree.above(block.node), _BOX_DEPTH))
        heading = _heading_tag(tree, block) is not None
        folded = spaced(block.text) if heading or block.links else ""
        skips = opens_skipped_box(folded)
        heading = heading or skips
        reason = (noise_of(folded) or ("read also" if is_label(folded) else None)) if heading and place != headline else None
        for number in around:
            small = number not in spared and tree.nodes[number].size + tree.nodes[number].links < _BOX * total
            first = number not in opened
            if reason in _BOXED and small and first and (number != block.node or skips):
                marked.setdefault(number, reason)
        opened.update(around)
    inside: list[Reason | None] = []
    for number, node in enumerate(tree.nodes):
        inside.append(marked.get(number) or (inside[node.parent] if node.parent >= 0 else None))
    for place, block in enumerate(tree.blocks):
        reasons[place] = reasons[place] or inside[block.node]


def _mark_outside(tree: Tree, reasons: list[Reason | None], headline: int | None) -> None:
    """Mark what stands outside the innermost element that holds the headline and nearly all that is left."""
    for node in tree.nodes:
        node.size = 0
    for place, block in enumerate(tree.blocks):
        if reasons[place] is None and place != headline:
            tree.nodes[block.node].size += len(block.text) * (3 if FULL_STOP.search(block.text) else 1)
    for node in reversed(tree.nodes):
        if node.parent >= 0:
            tree.nodes[node.parent].size += node.size
    within = set(tree.above(tree.blocks[headline].node)) if headline is not None else None
    current = 0
    for number, node in enumerate(tree.nodes):  # an element's number is above that of the one around it
        stands = node.parent == current and (within is None or number in within or current not in within)
        if stands and node.size >= _MOST * tree.nodes[current].size and node.size:
            current = number
    inside = [False] * len(tree.nodes)
    for number, node in enumerate(tree.nodes):
        inside[number] = number == current or (node.parent >= 0 and inside[node.parent])
    for place, block in enumerate(tree.blocks):
        if reasons[place] is None and not inside[block.node]:
            reasons[place] = "beside the article"


def _mark_above(tree: Tree, reasons: list[Reason | None], headline: int | None) -> None:
    """Mark the short lines over a headline: section, kicker, what is breaking."""
    for place in range(headline or 0):
        text = tree.blocks[place].text
        if reasons[place] is None and not (len(words(text)) >= _LEAD_WORDS and FULL_STOP.search(text)):
            reasons[place] = "above the headline"


def _mark_under_headline(tree: Tree, reasons: list[Reason | None], headline: int | None) -> None:
    """Mark what stands between the headline and the first sentence: day, time to read, author."""
    places = [place for place in range(headline + 1, len(reasons)) if reasons[place] is None] if headline is not None else []
    told = under_headline([tree.blocks[place].text for place in places[:_HEADER_BLOCKS]])
    for place, reason in zip(places, told, strict=False):
        reasons[place] = reason


def _mark_labels(tree: Tree, reasons: list[Reason | None]) -> None:
    """Mark a label ("Read also") whose links are gone already, lest it takes the next heading for one."""
    for place, block in enumerate(tree.blocks[:-1]):
        if reasons[place] is None and reasons[place + 1] in {"links", "read also"} and is_label(spaced(block.text)):
            reasons[place] = "read also"
