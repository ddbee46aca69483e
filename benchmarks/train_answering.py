"""Fit the weights of rag/weighing/answering.py to questions whose answers are marked in a sentence.

    python -m benchmarks.train_answering SOURCE... --out rag/data/answering_weights.tsv
    python -m benchmarks.train_answering SOURCE...                  # scores the weights there are

A source is a folder with corpus.jsonl, queries.jsonl (metadata.answers) and qrels.tsv, or a table like marked.tsv. Of a folder
the even half is fitted to, and the odd half left for reporting; a table is fitted to whole, thrice. The loss is the negative
logarithm of the expected reward of a stretch of words: the F1 of its words against an accepted answer's, to the power of 1.5,
halved where it does not hold that answer whole.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import torch

from index.chunk import split_sentences
from index.text import squash, words
from index.types import LANGUAGES, Language
from rag.glossary import load_glossary
from rag.question import Question, read_question
from rag.weighing.answering import LONGEST, SHARED, Names, answering_phrase, span_features
from rag.weighing.clues import Asked, Clues, asked_of, clues

_KINDS: tuple[Asked, ...] = ("who", "when", "where", "howmany", "why", "how", "what", "definition")
# A weight is the sum of one for all questions, one for their kind and one for the language of the sentence.
_COLUMNS: tuple[str, ...] = (SHARED, *_KINDS, *LANGUAGES)
_Own: TypeAlias = tuple[int, int]
_RARE = 5
_SHARPNESS = 1.5


@dataclass(frozen=True, slots=True)
class Marked:
    """A question, a sentence that holds an answer to it, and the answers that count as right."""

    identifier: str
    question: Question
    sentence: str
    language: Language
    answers: tuple[str, ...]

    @property
    def is_even(self) -> bool:
        """Whether it belongs to the half that is developed on; the other half is for reporting."""
        return zlib.crc32(self.identifier.encode()) % 2 == 0


@dataclass(frozen=True, slots=True)
class Score:
    """How phrases do: how many there are, the share that holds an answer whole, and the mean F1 of their words."""

    questions: int
    found: float
    containment: float
    f1: float
    words: float


def read_marked(source: Path) -> list[Marked]:
    """Return the marked questions of a folder, or of a table like benchmarks/marked.tsv."""
    return _of_table(source) if source.is_file() else _of_folder(source)


def _of_table(table: Path) -> list[Marked]:
    glossary = load_glossary(None)
    found: list[Marked] = []
    for line in table.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            tongue, asked, marked = line.split("\t")
            before, answer, behind = re.split(r"[\[\]]", marked)
            language = next(each for each in LANGUAGES if each == tongue)
            question = read_question(asked, [], glossary, 10_000)
            found.append(Marked(asked, question, before + answer + behind, language, (answer,)))
    return found


def _of_folder(folder: Path) -> list[Marked]:
    """Return each question with that sentence of its passages that holds an answer and shares most words with it."""
    texts = {row["_id"]: row["text"] for row in _rows(folder / "corpus.jsonl")}
    passages: dict[str, list[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, relevance = line.split("\t")
        if int(relevance) > 0:
            passages.setdefault(query, []).append(texts[document])
    glossary = load_glossary(None)
    found: list[Marked] = []
    for row in _rows(folder / "queries.jsonl"):
        language = next(each for each in LANGUAGES if each == row["metadata"]["lang"])
        answers = tuple(answer for answer in row["metadata"]["answers"] if squash(answer))
        sentence = _sentence_with(answers, row["text"], passages.get(row["_id"], []), language)
        if sentence and squash(row["text"]):
            found.append(Marked(row["_id"], read_question(row["text"], [], glossary, 10_000), sentence, language, answers))
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _sentence_with(answers: Sequence[str], question: str, passages: Sequence[str], language: Language) -> str | None:
    """Return the sentence that holds an answer and shares most words with the question, the first of equals."""
    asked = set(words(question))
    sentences = [text[span.start : span.end] for text in passages for span in split_sentences(text, language)]
    holding = [each for each in sentences if any(squash(answer) in squash(each) for answer in answers)]
    return max(holding, key=lambda sentence: len(asked & set(words(sentence))), default=None)


def score_phrases(marked: Sequence[Marked]) -> Score:
    """Return how well the phrases of answering.py meet the answers, yes-no questions left out."""
    asking = [each for each in marked if each.question.kind != "yesno"]
    phrases: list[tuple[Marked, str]] = []
    for each in asking:
        span = answering_phrase(each.question, each.sentence, each.language)
        if span:
            phrases.append((each, each.sentence[span[0] : span[1]]))
    count = max(len(asking), 1)
    held = sum(any(squash(answer) in squash(phrase) for answer in each.answers) for each, phrase in phrases)
    f1 = sum(max(word_f1(phrase, answer) for answer in each.answers) for each, phrase in phrases)
    length = sum(len(words(phrase)) for _, phrase in phrases) / max(len(phrases), 1)
    return Score(len(asking), len(phrases) / count, held / count, f1 / count, length)


def word_f1(phrase: str, answer: str) -> float:
    """Return the F1 of the folded words of a phrase against those of an answer."""
    return _f1(Counter(words(phrase)), Counter(words(answer)))


def _f1(given: Counter[str], right: Counter[str]) -> float:
    shared = sum((given & right).values())
    return 2 * shared / (sum(given.values()) + sum(right.values())) if shared else 0.0


@dataclass(frozen=True, slots=True)
class _Bag:
    """Which features which rows show: the numbers of the features, the row of each, and how many rows there are."""

    features: torch.Tensor
    rows: torch.Tensor
    size: int

    def sums(self, weights: torch.Tensor) -> torch.Tensor:
        """Return the sum of the weights of each row's features."""
        return torch.zeros(self.size).index_add(0, self.rows, weights[self.features])


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Every stretch of words of all sentences: its example, first and last word, length, and reward (0 to 1)."""

    example: torch.Tensor
    first: torch.Tensor
    last: torch.Tensor
    length: torch.Tensor
    reward: torch.Tensor


class _Data:
    """Marked sentences as numbers, all their words in one row."""

    def __init__(self, marked: Sequence[Marked]) -> None:
        shown = [clues(each.question, each.sentence, each.language) for each in marked]
        kinds = [(_COLUMNS.index(asked_of(each.question)), _COLUMNS.index(each.language)) for each in marked]
        roles = [_by_word(shown, kinds, role) for role in range(4)]
        counted = Counter(name for role in roles for _, names in role for name in names)
        self.names = [name for name, count in sorted(counted.items()) if count >= _RARE]
        self.names += [f"length {length}" for length in range(1, LONGEST + 1)]
        self._numbers = {name: number for number, name in enumerate(self.names)}
        self.starts, self.ends, self.inner, self.crossing = (self._bag(role) for role in roles)
        self.stretches = _stretches(marked, shown)
        of_stretch = [(kinds[each], [f"length {length}"]) for each, length in self._lengths()]
        self.lengths = self._bag(of_stretch)

    def _lengths(self) -> Iterator[tuple[int, int]]:
        return zip(self.stretches.example.tolist(), self.stretches.length.tolist(), strict=True)

    def _bag(self, shown: Sequence[tuple[_Own, Sequence[str]]]) -> _Bag:
        """Return features as numbers, each once for all questions, once for its kind and once for its language."""
        pairs = [
            (self._numbers[name] * len(_COLUMNS) + column, row)
            for row, (own, names) in enumerate(shown)
            for name in names
            if name in self._numbers
            for column in (0, *own)
        ]
        columns = torch.tensor(pairs, dtype=torch.long).reshape(-1, 2)
        return _Bag(columns[:, 0], columns[:, 1], len(shown))

    def loss(self, weights: torch.Tensor) -> torch.Tensor:
        """Return the mean negative logarithm of the expected reward."""
        flat, each = weights.flatten(), self.stretches
        starts, ends = self.starts.sums(flat), self.ends.sums(flat)
        inner = torch.cat([torch.zeros(1), self.inner.sums(flat).cumsum(0)])
        crossed = torch.cat([torch.zeros(1), self.crossing.sums(flat).cumsum(0)])
        scores = starts[each.first] + ends[each.last] + self.lengths.sums(flat)
        scores = scores + inner[each.last + 1] - inner[each.first] + crossed[each.last + 1] - crossed[each.first + 1]
        rewarded = scores + each.reward.log()
        return (_log_sums(scores, each.example) - _log_sums(rewarded, each.example)).mean()


def _by_word(shown: Sequence[Clues], kinds: Sequence[_Own], role: int) -> list[tuple[_Own, list[str]]]:
    """Return the features of every word in one role (first, last, inside, the gap before it), with its question's kind."""
    found: list[tuple[_Own, list[str]]] = []
    for each, kind in zip(shown, kinds, strict=True):
        features: list[list[list[Names]]] = [*span_features(each), [[(f"crosses {gap}",)] for gap in each.gaps[:-1]]]
        found.extend((kind, [name for group in groups for name in group]) for groups in features[role])
    return found


def _stretches(marked: Sequence[Marked], shown: Sequence[Clues]) -> _Stretches:
    rows: list[tuple[int, int, int, int]] = []
    rewards: list[float] = []
    offset = 0
    for number, (each, found) in enumerate(zip(marked, shown, strict=True)):
        size = len(found.words)
        squashed = [squash(word.folded) for word in found.words]
        for first in range(size):
            for last in range(first, min(size, first + LONGEST)):
                rows.append((number, offset + first, offset + last, last - first + 1))
                rewards.append(_reward(squashed[first : last + 1], each.answers))
        offset += size
    table = torch.tensor(rows, dtype=torch.long)
    example, first, last, length = table.T
    return _Stretches(example, first, last, length, torch.tensor(rewards).clamp(min=1e-6))


def _log_sums(scores: torch.Tensor, example: torch.Tensor) -> torch.Tensor:
    """Return the logarithm of the sum of exp(score) over the stretches of each example."""
    size = int(example[-1]) + 1
    highest = torch.full((size,), -torch.inf).scatter_reduce(0, example, scores.detach(), "amax")
    return highest + torch.zeros(size).index_add(0, example, (scores - highest[example]).exp()).log()


def _reward(phrase: Sequence[str], answers: Sequence[str]) -> float:
    """Return what a phrase is worth: the F1 of its words, halved where it does not hold the answer whole."""
    joined = "".join(phrase)
    given = Counter(phrase)
    scored = ((1 + (squash(answer) in joined)) / 2 * math.pow(_f1(given, _counted(answer)), _SHARPNESS) for answer in answers)
    return max(scored)


@lru_cache(maxsize=10_000)
def _counted(text: str) -> Counter[str]:
    return Counter(map(squash, words(text)))


def fit(marked: Sequence[Marked], steps: int = 120, decay: float = 4.0) -> dict[str, list[float]]:
    """Return for each feature its weight for all questions, and what each kind and each language adds; `decay` shrinks them."""
    marked = [each for each in marked if each.question.kind != "yesno"]
    data = _Data(marked)
    weights = torch.zeros(len(data.names), len(_COLUMNS), requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=0.1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        penalty = decay * (weights[:, 0].square().sum() + 2 * weights[:, 1:].square().sum()) / len(marked)
        optimizer.zero_grad()
        (data.loss(weights) + penalty).backward()
        optimizer.step()
        schedule.step()
    return {name: [round(value, 3) for value in row] for name, row in zip(data.names, weights.tolist(), strict=True)}


def chosen(name: str, marked: Sequence[Marked]) -> list[Marked]:
    """Return what of a source is fitted to: a table whole and thrice, for it is small; of a folder the even half."""
    return [*marked] * 3 if name.endswith(".tsv") else [each for each in marked if each.is_even]


def write_weights(fitted: Mapping[str, Sequence[float]], path: Path) -> None:
    """Write the weights as a table: a row for each feature that has any, a column for all questions and for each kind."""
    rows = ["\t".join(["feature", *_COLUMNS])]
    for name, values in fitted.items():
        cells = [f"{value:.2f}" if abs(value) >= 0.005 else "" for value in values]
        if any(cells):
            rows.append("\t".join([name, *cells]))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    """Fit and write the weights, or report how the present ones do."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sources", nargs="+", type=Path, help="folders or tables of marked questions")
    parser.add_argument("--out", type=Path, help="where to write the weights; without it the present ones are scored")
    arguments = parser.parse_args()
    sets = {source.name: read_marked(source) for source in arguments.sources}
    if arguments.out:
        write_weights(fit([each for name, marked in sets.items() for each in chosen(name, marked)]), arguments.out)
        return
    for name, marked in sets.items():
        for half, even in (("even", True), ("odd", False)):
            score = score_phrases([each for each in marked if each.is_even == even])
            print(
                f"{name:10} {half:5} {score.questions:5} questions, phrase for {score.found:.3f}, holds the answer "
                f"{score.containment:.3f}, F1 {score.f1:.3f}, {score.words:.1f} words"
            )


if __name__ == "__main__":
    main()
