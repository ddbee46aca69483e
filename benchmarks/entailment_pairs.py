"""Pairs of a source and a claim: does the source say it? Khabar's own, and public ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.writer_data import read_examples

OWN = Path(__file__).parent / "data" / "entailment"
# A written sentence, and the numbers of its sources behind it.
_MARKED = re.compile(r"(.+?[.!?”\"])((?:\s*\[\d\])+)\s*")
_LABELS = {"e": True, "c": False, "n": False}


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence or two of an article, a claim, and whether they say it; `language` is the source's.

    `kind` is how a true claim is worded, or what is false in the other; `part` is train, check or test.
    """

    source: str
    claim: str
    holds: bool
    kind: str
    part: str
    language: str
    claim_language: str
    is_own: bool
    published: str | None = None


def own_pairs(sets: Path, folder: Path = OWN) -> list[Pair]:
    """Return Khabar's own pairs, their sources read from the public sets in a folder."""
    rows = [row for file in sorted(folder.glob("*.jsonl")) for row in _rows(file)]
    texts = {name: dict(_texts(sets / name / "corpus.jsonl")) for name in {row["set"] for row in rows if "set" in row}}
    return [
        Pair(
            " ".join(_source(source, texts.get(row.get("set", ""), {})) for source in row["sources"]),
            row["claim"], row["label"] == "true", row["kind"], row["part"], row["language"], row["claim_language"], True,
            row.get("published"),
        )  # fmt: skip
        for row in rows
    ]


def written_pairs(sets: Path) -> list[Pair]:
    """Return the sentences that the embedded writer learns to write, each with the source that it names: all of them hold."""
    found = []
    for example in read_examples(sets):
        for text, markers in _MARKED.findall(example.written):
            places = [int(place) for place in re.findall(r"\d", markers)]
            source = example.quotes[places[0] - 1]
            found.append(Pair(source, text.strip(), True, "shorter", example.part, "en", "en", False))
    return found


def public_pairs(file: Path, limit: int | None = None) -> list[Pair]:
    """Return the pairs of a file of Persian ones: every tenth for checking, of the others `limit`, evenly chosen."""
    found: list[Pair] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        texts, _, label = line.rpartition("\t")
        premise, parted, hypothesis = texts.partition("<sep>")
        if parted and label.strip() in _LABELS:
            part = "check" if number % 10 == 0 else "train"
            found.append(Pair(premise.strip(), hypothesis.strip(), _LABELS[label.strip()], label, part, "fa", "fa", False))
    learned = [pair for pair in found if pair.part == "train"]
    if limit is not None and limit < len(learned):
        learned = [learned[number * len(learned) // limit] for number in range(limit)]
    return learned + [pair for pair in found if pair.part == "check"]


def _source(source: dict[str, Any], texts: dict[str, str]) -> str:
    """Return a source sentence: a place in a public set's article, or a translation of ours."""
    return str(source["text"]) if "text" in source else texts[source["id"]][source["start"] : source["end"]]


def _texts(file: Path) -> Iterator[tuple[str, str]]:
    for row in _rows(file):
        yield row["_id"], row["text"]


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
