"""Reads the page's HTML back: every tag with its attributes, and the text that a reader sees."""

from __future__ import annotations

import re
from html.parser import HTMLParser

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&<b>"
TAGS = set(
    re.findall(
        r"\w+",
        "div span article aside section h1 h2 h3 p ul ol li a bdi time figure figcaption blockquote details summary mark "
        "button strong",
    )
)


class Page(HTMLParser):
    """Reads HTML back: every tag with its attributes, and the text that a reader sees."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, str, int]] = []
        self.text = ""
        self._texts: list[tuple[str, str, str]] = []
        self.feed(content)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in {"br", "input", "meta", "link", "base"}:
            self.open.append((tag, dict(attrs).get("class") or "", len(self.text)))

    def handle_endtag(self, tag):
        opened, kind, start = self.open.pop()
        assert opened == tag
        self._texts.append((tag, kind, self.text[start:]))

    def handle_data(self, data):
        self.text += data

    def having(self, **wanted: str) -> list[tuple[str, dict[str, str | None]]]:
        names = {name.rstrip("_"): value for name, value in wanted.items()}
        return [
            (tag, found)
            for tag, found in self.tags
            if all(value in (found.get(name) or "").split() for name, value in names.items())
        ]

    def texts(self, tag: str, kind: str = "") -> list[str]:
        """The texts of the elements of a tag, and of a class, in the order in which they end."""
        return [text for found, kinds, text in self._texts if found == tag and (not kind or kind in kinds.split())]
