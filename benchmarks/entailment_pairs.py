"""Pairs of a source and a claim: does the source say it? Khabar's own, and public ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quoted import restored
from benchmarks.writer_data import read_examples

OWN = Path(__file__).parent / "data" / "entailment"
# A written sentence, and the numbers of its sources behind it.
_MARKED = re.compile(r"(.+?[.!?”\"])((?:\s*\[\d\])+)\s*")
_LANGUAGES = {"antcorpus": "ar", "farsnews": "fa"}
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
    """Return Khabar's own pairs, their sources read from the public sets in a folder.

    A claim about a translation of ours comes a second time, beside the sentence that was translated.
    """
    rows = [row for file in sorted(folder.glob("*.jsonl")) for row in _rows(file)]
    texts = _Texts(sets)
    found = []
    for row in rows:
        sources = [texts.of(place, row.get("set")) for place in row["sources"]]
        facts = (restored(row["claim"], sources), row["label"] == "true", row["kind"], row["part"])
        found.append(Pair(" ".join(sources), *facts, row["language"], row["claim_language"], True, row.get("published")))
        original = row["sources"][0].get("translates")
        if original:
            language = _LANGUAGES[original["set"]]
            found.append(Pair(texts.of(original, original["set"]), *facts, language, row["claim_language"], True))
    return found


class _Texts:
    """The articles of the public sets in a folder, each set read once."""

    def __init__(self, sets: Path) -> None:
        self._sets = sets
        self._read: dict[str, dict[str, str]] = {}

    def of(self, place: dict[str, Any], name: str | None) -> str:
        """Return a sentence: a place in an article of the set of that name, or a translation of ours."""
        if "text" in place or name is None:
            return str(place["text"])
        if name not in self._read:
            self._read[name] = {row["_id"]: row["text"] for row in _rows(self._sets / name / "corpus.jsonl")}
        return self._read[name][place["id"]][place["start"] : place["end"]]


def written_pairs(sets: Path) -> list[Pair]:
    """Return the sentences that the embedded writer learns to write, each with the source that it names: all of them hold.

    A sentence about a translation of ours comes a second time, beside the sentence that was translated.
    """
    found = []
    for example in read_examples(sets):
        for text, markers in _MARKED.findall(example.written):
            place = int(re.findall(r"\d", markers)[0]) - 1
            facts = (text.strip(), True, "shorter", example.part)
            found.append(Pair(example.quotes[place], *facts, "en", "en", False))
            if example.originals:
                found.append(Pair(example.originals[place], *facts, _LANGUAGES[example.source_set], "en", False))
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


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
