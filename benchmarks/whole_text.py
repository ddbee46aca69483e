"""Whole text: what share of the sentences that a person reads in a page can be quoted, and what share of its noise.

    python -m benchmarks.whole_text [--missed]

The pages (benchmarks/data/pages/pages.jsonl, invented throughout) name their body's sentences and rows, and their noise.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.clean import clean
from index.load import RawDocument, read_documents
from index.text import squash
from index.types import Article, Problem

PAGES = Path(__file__).parent / "data" / "pages" / "pages.jsonl"
_MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """A file, the sentences and table rows that belong to its article, and the lines that do not."""

    name: str
    set: str
    language: str
    text: str
    body: tuple[str | tuple[str, ...], ...]
    noise: tuple[str, ...]
    is_list: bool

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Page:
        """Read a line of the pages' file."""
        body = tuple(tuple(item) if isinstance(item, list) else str(item) for item in row["body"])
        return cls(row["id"], row["set"], row["language"], row["text"], body, tuple(row["noise"]), bool(row.get("list")))


@dataclass(frozen=True, slots=True)
class Found:
    """What of a page can be quoted and should, what cannot and should, and what can and should not."""

    page: Page
    quoted: int
    lost: tuple[str, ...]
    leaked: tuple[str, ...]


def read_pages(file: Path = PAGES) -> list[Page]:
    """Return the pages of a file of JSON lines."""
    return [Page.from_json(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def try_page(page: Page) -> Found:
    """Read and clean a page as indexing does, and look for its sentences in what could be quoted."""
    found = list(_outcomes(page))
    articles = [item for item in found if isinstance(item, Article)]
    main = [squash(line) for item in articles if "#" not in item.path for line in item.text.split("\n")]
    everything = "".join(squash(item.text) for item in articles)
    lost = tuple(str(item) for item in page.body if not any(_holds(line, item) for line in main))
    noise = [line for line in page.noise if squash(line)]
    leaked = tuple(line for line in noise if any(squash(line) == own for own in main) or _stands(squash(line), everything))
    if page.is_list and not any(isinstance(item, Problem) for item in found):
        leaked += ("(the list page was indexed)",)
    return Found(page, len(page.body) - len(lost), lost, leaked)


def shares(found: list[Found]) -> tuple[float, float]:
    """Return what share of the body's sentences can be quoted, and of the noise's lines."""
    body = sum(len(item.page.body) for item in found)
    noise = sum(len(item.page.noise) for item in found)
    return sum(item.quoted for item in found) / (body or 1), sum(len(item.leaked) for item in found) / (noise or 1)


def _outcomes(page: Page) -> Iterator[Article | Problem]:
    for document in read_documents(page.text.encode(), page.name, _MAX_BYTES):
        yield from clean(document) if isinstance(document, RawDocument) else [document]


def _holds(line: str, item: str | tuple[str, ...]) -> bool:
    """Tell whether a line holds a sentence, or all cells of a row in their order."""
    if isinstance(item, str):
        return squash(item) in line
    place = 0
    for cell in item:
        place = line.find(squash(cell), place)
        if place < 0:
            return False
        place += len(squash(cell))
    return True


def _stands(noise: str, everything: str) -> bool:
    """Tell whether a line of noise stands in a text; one word may stand in the article itself."""
    return len(noise) > 14 and noise in everything


def main() -> None:
    """Print the shares by set and language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missed", action="store_true", help="print every sentence that is lost and every noise that is left")
    arguments = parser.parse_args()
    found = [try_page(page) for page in read_pages()]
    print("| set | language | pages | body's sentences quotable | noise's lines quotable |\n| --- | --- | ---: | ---: | ---: |")
    groups = Counter((item.page.set, language) for item in found for language in (item.page.language, "all"))
    for (name, language), count in sorted(groups.items()):
        body, noise = shares([item for item in found if item.page.set == name and language in (item.page.language, "all")])
        print(f"| {name} | {language} | {count} | {body:.3f} | {noise:.3f} |")
    for item in found if arguments.missed else []:
        for kind, lines in (("lost", item.lost), ("left", item.leaked)):
            for line in lines:
                print(f"{kind}: {item.page.name}: {line}")


if __name__ == "__main__":
    main()
