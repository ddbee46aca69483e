"""Pairs of a source and a claim: does the source say it? Khabar's own, what follows from these, and public ones."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from benchmarks.quoted import restored
from benchmarks.writer_data import read_examples
from index.chunk import Span, split_sentences
from index.language import detect_language
from index.text import words

OWN = Path(__file__).parent / "data" / "entailment"
# Where a pair comes from. own: a claim of ours beside what it was written about. translated: a source beside a translation of
# ours. elsewhere: a claim of ours that holds, beside another sentence of the article. written: a sentence that the embedded
# writer learns. public: a pair of a public set.
Origin = Literal["own", "translated", "elsewhere", "written", "public"]

# A written sentence, and the numbers of its sources behind it.
_MARKED = re.compile(r"(.+?[.!?”\"])((?:\s*\[\d\])+)\s*")
_LANGUAGES = {"antcorpus": "ar", "farsnews": "fa"}
_LABELS = {"e": True, "c": False, "n": False}
# The share of a claim's words from which on a sentence elsewhere in the article may say it as well.
_MAY_SAY_IT = 0.5
_FEWEST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence or two of an article, a claim, and whether they say it; `language` is the source's.

    `kind` is how a true claim is worded, or what is false in the other; `part` is train, check, bar or test.
    """

    source: str
    claim: str
    holds: bool
    kind: str
    part: str
    language: str
    claim_language: str
    origin: Origin
    published: str | None = None


def own_pairs(sets: Path, folder: Path = OWN) -> list[Pair]:
    """Return Khabar's own pairs, their sources read from the public sets in a folder.

    A claim about a source that was translated comes a second time, beside the translation.
    """
    return [pair for row in _rows_of(folder) for pair in _about(row, _texts_of(sets))]


def translated_pairs(sets: Path, folder: Path = OWN) -> list[Pair]:
    """Return the sources that were translated beside their translations, each way: all of them hold."""
    found = []
    for row in _rows_of(folder):
        if "translation" not in row:
            continue
        source, language = " ".join(_texts_of(sets).sentences(row)), row["language"]
        text, other = row["translation"]["text"], row["translation"]["language"]
        facts = (True, "translated", row["part"])
        found.append(Pair(source, text, *facts, language, other, "translated", row["published"]))
        found.append(Pair(text, source, *facts, other, language, "translated", row["published"]))
    return found


def elsewhere_pairs(sets: Path, folder: Path = OWN) -> list[Pair]:
    """Return claims that hold, in the article's language, beside the other sentence of the article with most of their words.

    None of them holds; where that sentence has half of a claim's words it may say the same, and is passed over.
    """
    found = []
    for row in _rows_of(folder):
        texts, language = _texts_of(sets), row["language"]
        others = texts.others(row)
        for pair in _about(row, texts):
            if not (pair.holds and pair.language == pair.claim_language == language and others):
                continue
            claim = Counter(words(pair.claim))
            shares = [(Counter(words(other)) & claim).total() / claim.total() for other in others]
            share, other = max(zip(shares, others, strict=True))
            if share < _MAY_SAY_IT:
                facts = (False, "elsewhere", pair.part, language, language)
                found.append(Pair(other, pair.claim, *facts, "elsewhere", pair.published))
    return found


def _about(row: dict[str, Any], texts: _Texts) -> Iterator[Pair]:
    """Yield the pairs of a row: each claim beside the source, and beside its translation."""
    sentences = texts.sentences(row)
    sources = [(" ".join(sentences), row["language"])]
    if "translation" in row:
        sources.append((row["translation"]["text"], row["translation"]["language"]))
    for source, language in sources:
        for content, claim_language, holds, kind in row["claims"]:
            claim = restored(content, sentences)
            facts = (source, claim, holds, kind, row["part"], language, claim_language)
            yield Pair(*facts, "own", row["published"])


class _Texts:
    """The articles of the public sets in a folder, each set read once."""

    def __init__(self, sets: Path) -> None:
        self._sets = sets
        self._read: dict[str, dict[str, str]] = {}

    def sentences(self, row: dict[str, Any]) -> list[str]:
        """Return a row's source sentences."""
        return [self._article(row, place)[place["start"] : place["end"]] for place in row["sources"]]

    def others(self, row: dict[str, Any]) -> Sequence[str]:
        """Return the other sentences of the article, but for very short ones."""
        first, last = row["sources"][0], row["sources"][-1]
        text = self._article(row, first)
        spans: Sequence[Span] = split_sentences(text, row["language"])
        kept = [text[span.start : span.end] for span in spans if span.end <= first["start"] or span.start >= last["end"]]
        return [sentence for sentence in kept if len(words(sentence)) >= _FEWEST_WORDS]

    def _article(self, row: dict[str, Any], place: dict[str, Any]) -> str:
        name = row["set"]
        if name not in self._read:
            self._read[name] = {item["_id"]: item["text"] for item in _rows(self._sets / name / "corpus.jsonl")}
        return self._read[name][place["id"]]


@cache
def _texts_of(sets: Path) -> _Texts:
    return _Texts(sets)


def written_pairs(sets: Path) -> list[Pair]:
    """Return the sentences that the embedded writer learns to write, each with the source that it names: all of them hold.

    A sentence about a translation of ours comes a second time, beside the sentence that was translated.
    """
    found = []
    for example in read_examples(sets):
        for text, markers in _MARKED.findall(example.written):
            place = int(re.findall(r"\d", markers)[0]) - 1
            facts = (text.strip(), True, "shorter", example.part)
            found.append(Pair(example.quotes[place], *facts, "en", "en", "written"))
            if example.originals:
                found.append(Pair(example.originals[place], *facts, _LANGUAGES[example.source_set], "en", "written"))
    return found


def public_pairs(file: Path) -> list[Pair]:
    """Return the pairs of a file of Persian ones: `premise<sep>hypothesis`, a tab, and e, c or n; every tenth for checking."""
    found: list[Pair] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        texts, _, label = line.rpartition("\t")
        premise, parted, hypothesis = texts.partition("<sep>")
        if parted and label.strip() in _LABELS:
            part = "check" if number % 10 == 0 else "train"
            facts = (_LABELS[label.strip()], label.strip(), part)
            languages = (detect_language(premise), detect_language(hypothesis))
            found.append(Pair(premise.strip(), hypothesis.strip(), *facts, *languages, "public"))
    return found


def _rows_of(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.jsonl")):
        yield from _rows(file)


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
