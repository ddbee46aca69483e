"""Khabar's own short answers, as the embedded model learns to write them (benchmarks/data/writer)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quoted import restored

OWN = Path(__file__).parent / "data" / "writer"


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the English quotes that answer it, the short answer ("": there is none), and what is to be written.

    `part` is train, or check for what is never learned from. `originals` are what the quotes translate, where they do.
    """

    question: str
    quotes: tuple[str, ...]
    short: str
    written: str
    part: str
    source_set: str
    originals: tuple[str, ...] = ()


def read_examples(sets: Path, folder: Path = OWN) -> list[Example]:
    """Return Khabar's own answers; the quotes are read from the public sets in a folder, where they are not translations."""
    rows = [row for file in sorted(folder.glob("*.jsonl")) for row in _rows(file)]
    texts = {name: _texts(sets / name / "corpus.jsonl") for name in {row["set"] for row in rows}}
    return [_example(row, [_quote(texts[row["set"]], source) for source in row["sources"]]) for row in rows]


def _example(row: dict[str, Any], sources: Sequence[str]) -> Example:
    quotes = row.get("translated") or sources
    question, short, written = (restored(row[name], quotes) for name in ("question", "short", "written"))
    originals = tuple(sources) if row.get("translated") else ()
    return Example(question, tuple(quotes), short, written, row["part"], row["set"], originals)


def articles_learned_from(folder: Path = OWN) -> frozenset[str]:
    """Return the ids, in their public sets, of all articles that the writer's answers cite."""
    rows = (row for file in sorted(folder.glob("*.jsonl")) for row in _rows(file))
    return frozenset(source["id"] for row in rows for source in row["sources"])


def _texts(file: Path) -> dict[str, str]:
    return {row["_id"]: row["text"] for row in _rows(file)}


def _quote(texts: dict[str, str], source: dict[str, Any]) -> str:
    return texts[source["id"]][source["start"] : source["end"]]


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
