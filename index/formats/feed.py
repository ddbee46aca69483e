"""The reader of RSS and Atom: each item is a document with its title, day and link, in the feed's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from index.formats.failing import Refused, guarded
from index.formats.options import Reader, ReadOptions, whole
from index.formats.sent import day_sent
from index.formats.zipped import local, parsed
from index.load import RawDocument, known_metadata
from index.types import Problem

# What an item says at most length comes first.
_TEXTS = ("encoded", "content", "description", "summary")
_DATES = ("pubDate", "published", "date", "issued", "updated")
_ROOTS = ("rss", "feed", "RDF")


def reader(_: str) -> Reader:
    """Return the reader of .rss, .atom and .xml."""
    return _read


def _read(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    content = whole(file, path, options)
    root = parsed(content, path)
    if local(root) not in _ROOTS:
        reason = f"XML, but no feed (<{local(root)[:40]}>); save as .txt or .html what is an article"
        raise Refused(Problem(path, reason, kind="not read"))
    items = [element for element in root.iter("{*}item", "{*}entry")]
    feed = next((element for element in root if local(element) == "channel"), root)
    about = {"outlet": _first(feed, ("title",)), "language": _first(feed, ("language",)) or _language(root)}
    if not items:
        yield Problem(path, "the feed holds no item; fetch it anew", kind="empty")
    for number, item in enumerate(items, 1):
        where = f"{path}#{number}"
        yield from guarded(_document(item, where, about), where)


def _document(item: Any, path: str, about: dict[str, str]) -> Iterator[RawDocument | Problem]:
    text = next((text for name in _TEXTS if (text := _text(_child(item, name)))), "")
    if not text:
        yield Problem(path, "the item has no text of its own; fetch the page that it links to", kind="no text")
        return
    given = next((value for name in _DATES if (value := _first(item, (name,)))), "")
    own = {"title": _line(_first(item, ("title",))), "published": day_sent(given), "url": _link(item)}
    yield RawDocument(path, text, known_metadata({**about, **own}))


def _child(element: Any, name: str) -> Any:
    return next((child for child in element if local(child) == name), None)


def _first(element: Any, names: tuple[str, ...]) -> str:
    child = next((child for child in element if local(child) in names), None)
    return "" if child is None else "".join(child.itertext()).strip()


def _text(element: Any) -> str:
    """Return the words of an item's text, which is HTML as a rule, written out or inside."""
    if element is None:
        return ""
    from lxml import html

    source = "".join(element.itertext()) if not len(element) else _source(element)
    if "<" not in source:
        return source.strip()
    for tag in ("</p>", "<br>", "<br/>", "<br />", "</li>", "</div>", "</h2>", "</tr>"):
        source = source.replace(tag, f"{tag}\n")
    try:
        return "\n".join(line.strip() for line in html.fromstring(f"<div>{source}</div>").text_content().split("\n")).strip()
    except (ValueError, AssertionError):
        return ""


def _source(element: Any) -> str:
    from lxml import etree

    return (element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in element)


def _line(text: str) -> str:
    return " ".join(text.split())


def _link(item: Any) -> str:
    for child in item:
        if local(child) == "link" and child.get("rel", "alternate") == "alternate":
            return str(child.get("href") or (child.text or "").strip())
    return ""


def _language(root: Any) -> str:
    return root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
