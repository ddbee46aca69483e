"""Which dates of publication are read rightly: 150 labelled headers, lines and pages -> precision and recall by language."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.clean import clean
from index.load import RawDocument, read_documents
from index.types import Article

HEADERS = Path(__file__).parent / "data" / "dates.jsonl"
LATER = Path(__file__).parent / "data" / "dates-later.jsonl"
TITLES = {
    "ar": "الجسر القديم يفتح من جديد أمام المارة",
    "fa": "پل کهنه دوباره به روی عابران باز شد",
    "en": "Old bridge opens to walkers again",
}
BODIES = {
    "ar": [
        "فتحت بلدية المدينة الجسر القديم أمام المارة بعد أن أنهى العمال ترميم أقواسه الثلاثة واستبدال حجارته المتآكلة.",
        "وقال رئيس البلدية إن الأشغال كلفت أربعة ملايين، وإن المرور عليه سيبقى للمشاة وحدهم حتى تكتمل الطريق الجديدة.",
    ],
    "fa": [
        "شهرداری پل کهنه را پس از آن که کارگران سه طاق آن را بازسازی کردند و سنگ‌های فرسوده را برداشتند، به روی عابران باز کرد.",
        "شهردار گفت که این کار چهار میلیون هزینه داشته است و تا پایان ساخت راه تازه تنها پیاده‌ها از آن می‌گذرند.",
    ],
    "en": [
        "The town has opened its old bridge to walkers after workers mended the three arches and replaced the stones "
        "that had worn away.",
        "The mayor said that the work had cost four million and that only walkers would cross it until the new road "
        "is finished.",
    ],
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A labelled date and what was read: ISO days (or a month or year), None for none."""

    id: str
    language: str
    expected: str | None
    read: str | None

    @property
    def right(self) -> bool:
        """Whether what was read is what a reader would read."""
        return self.expected == self.read


def outcome(row: Mapping[str, Any]) -> Outcome:
    """Read the file that a row describes, as the indexer does."""
    content, name = document(row)
    articles = [
        item
        for found in read_documents(content.encode(), name, 1_000_000)
        for item in (clean(found) if isinstance(found, RawDocument) else [found])
        if isinstance(item, Article)
    ]
    first = articles[0] if articles else None
    read = None if first is None else first.published.isoformat() if first.published else first.facts.about
    return Outcome(row["id"], row["language"], row["day"] or row.get("about"), read)


def document(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the file that a row describes and its name: a page, or a text with a header or with a line in it."""
    language = row["language"]
    title, body = TITLES[language], BODIES[language]
    if "published" in row:
        fetched = f"fetched: {row['fetched']}\n" if "fetched" in row else ""
        return f"---\ntitle: {title}\npublished: {row['published']}\n{fetched}---\n" + "\n\n".join(body), "a.txt"
    if "line" in row:
        return "\n".join([title, row["line"], *body]), "a.txt"
    parts = {name: row.get(name, "").replace("{title}", title) for name in ("head", "before", "top", "bottom", "after")}
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{parts["head"]}</head>'
        f"<body>{parts['before']}<article><h1>{title}</h1>{parts['top']}{paragraphs}{parts['bottom']}</article>"
        f"{parts['after']}</body></html>"
    ), "a.html"


def shares(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """Return precision (of the dates that were read) and recall (of those that there are)."""
    read = [item for item in outcomes if item.read is not None]
    there = [item for item in outcomes if item.expected is not None]
    right = sum(item.right for item in read)
    return right / max(len(read), 1), right / max(len(there), 1)


def rows_of(file: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of labelled dates."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def main() -> None:
    """Print the table, and each date that was read otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[HEADERS, LATER])
    for file in parser.parse_args().files:
        outcomes = [outcome(row) for row in rows_of(file)]
        print(f"{file.name}: {len(outcomes)} dates\nlanguage  dates  precision  recall")
        for language in ("ar", "fa", "en", "all"):
            own = [item for item in outcomes if language in (item.language, "all")]
            precision, recall = shares(own)
            print(f"{language:<8}  {len(own):>5}  {precision:>9.3f}  {recall:>6.3f}")
        for item in outcomes:
            if not item.right:
                print(f"  {item.id}: {item.read} for {item.expected}")


if __name__ == "__main__":
    main()
