"""Fits the weights of evidence and confidence on BEIR folders, and tells how they do on folders they were not fitted on.

python -m benchmarks.train_evidence BEIR_DIR ... [--off N] [--write rag/data/evidence.json]

A folder's questions with `metadata.answers` teach which sentence answers: the one that holds an answer. Confidence learns from
all questions: those asked of the archive that answers them, against those marked unanswerable and those of the other folders in
the same language. It is shifted so that one of twenty answerable questions, each folder counting the same, falls below a half.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

from benchmarks.answers import Asked, evenly, holds, read_asked
from benchmarks.logistic import PENALTY, Bounds, Matrix, fit_logistic
from benchmarks.retrieval import index_corpora, read_query_set
from index.types import KhabarError
from rag.archive import Archive, open_archive
from rag.ask.question import QuestionError, read_question
from rag.settings import read_settings
from rag.text.glossary import load_glossary
from rag.text.instruction import is_instruction
from rag.types import Passage
from rag.weigh.confidence import WordSigns, word_signs
from rag.weigh.logistic import BIAS
from rag.weigh.sentences import Features, Sentence, sentences_of
from rag.weigh.weighted_question import Rarity, WeightedQuestion, weighted_question

_TOP_K = 8
_REFUSED = 0.05
# Half of the unanswerable questions of a set are about the right paragraph, which the words can hardly tell.
_UNANSWERABLE_WEIGHT = 0.5

# In these sets one paragraph answers a question and retrieval finds it first; in news many articles tell one story. So what is
# the passage's rather than the sentence's is held down, and what a sentence meets never counts against it.
_HELD = {"score": 2.0, "rank": 0.0, "title": 1.0, "heading": 0.0}
_NEVER_AGAINST = frozenset({"own", "exact", "completed", "local", "local_completed", "before", "window", "pairs"})

_AGAINST = frozenset({"missing", "name_apart", "number_missing"})
_FOR = frozenset(WordSigns._fields) - _AGAINST - {"terms"}

Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """A question asked of an archive: its sentences' features, which of them hold an answer, and what confidence needs."""

    archive: str
    set: str
    answerable: bool
    has_answers: bool
    question: WeightedQuestion
    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]
    features: Matrix
    holding: npt.NDArray[np.bool_]


def examples_of(folder: Path, others: Sequence[Path], off: int) -> Iterator[Example]:
    """Index a folder's corpus; yield its questions, and `off` of those of the other folders in its languages."""
    with tempfile.TemporaryDirectory() as data:
        settings = read_settings(data=Path(data), llm="none")
        index_corpora([read_query_set(folder, 1)], settings)
        archive = open_archive(settings)
        own = _questions(folder)
        foreign = [(other.name, evenly([asked for asked, _ in _questions(other)], off)) for other in others]
        languages = {asked.language for asked, _ in own}
        asked_here = [(folder.name, asked, answerable) for asked, answerable in own]
        asked_here += [(name, asked, False) for name, group in foreign for asked in group if asked.language in languages]
        for name, asked, answerable in track(asked_here, folder.name, console=Console(stderr=True), transient=True):
            if example := _example(archive, folder.name, name, asked, answerable):
                yield example
        archive.catalog.close()


def _questions(folder: Path) -> list[tuple[Asked, bool]]:
    """Return a folder's questions, each with whether its corpus answers it; headlines, where it has no questions."""
    found = [(asked, bool(asked.answers)) for asked in read_asked(folder)]
    return found or [(Asked(query.text, query.language, ()), True) for query in read_query_set(folder, 350).queries]


def _example(archive: Archive, where: str, name: str, asked: Asked, answerable: bool) -> Example | None:
    try:
        question = read_question(asked.text, (), load_glossary(), max_characters=1_000_000)
    except QuestionError:
        return None
    passages = archive.retriever.retrieve(question, _TOP_K)
    weighted = weighted_question(question, Rarity(archive.retriever.lexical))
    if not weighted.terms or not passages:
        return None
    sentences = tuple(one for one in sentences_of(weighted, passages) if not is_instruction(one.text))
    features = np.array([one.features for one in sentences], dtype=float)
    holding = np.array([answerable and holds(asked.answers, one.text) for one in sentences], dtype=bool)
    return Example(where, name, answerable, bool(asked.answers), weighted, tuple(passages), sentences, features, holding)


def fit_sentences(examples: Sequence[Example]) -> Weights:
    """Return weights that put the sentences with an answer before the others: least listwise loss, ridge penalty.

    The loss is that of ListNet with the answers sharing the top (Cao et al., Learning to Rank: From Pairwise Approach to
    Listwise Approach, 2007).
    """
    taught = [(example.features, example.holding) for example in examples if example.holding.any()]
    if not taught:
        raise KhabarError("no question of these folders has an answer in a sentence", "give folders with metadata.answers")
    spread = np.concatenate([features for features, _ in taught]).std(axis=0)
    spread[spread < 1e-6] = 1.0

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, gradient = 0.0, np.zeros_like(weights)
        for features, holding in taught:
            scaled = features / spread
            odds = scaled @ weights
            odds -= odds.max()
            every = np.exp(odds)
            some = every * holding
            total += np.log(every.sum()) - np.log(some.sum() + 1e-300)
            gradient += scaled.T @ (every / every.sum() - some / (some.sum() + 1e-300))
        count = len(taught)
        return total / count + PENALTY * float(weights @ weights), gradient / count + 2 * PENALTY * weights

    bounds = [_bounds(name, scale) for name, scale in zip(Features._fields, spread, strict=True)]
    start = [max(low, 0.0) if low is not None else 0.0 for low, _ in bounds]
    found = minimize(loss, np.array(start), jac=True, method="L-BFGS-B", bounds=bounds)
    return _named(Features._fields, found.x / spread)


def _bounds(name: str, scale: float) -> tuple[float | None, float | None]:
    """Return the least and the greatest weight of a feature, in units of its spread."""
    if name in _HELD:
        return _HELD[name] * scale, _HELD[name] * scale
    return (0.0 if name in _NEVER_AGAINST else None), None


def fit_confidence(examples: Sequence[Example], sentence_weights: Weights) -> Weights:
    """Return the weights of a logistic regression, every group of questions (archive, set) of one side counting the same.

    A sign never counts against what it stands for. Raises KhabarError where all questions are of one side.
    """
    answerable = np.array([example.answerable for example in examples])
    if answerable.all() or not answerable.any():
        raise KhabarError(
            "there are no questions to tell apart: all are answerable, or none", "give two folders in one language, or more"
        )
    signs = np.array([_signs(example, sentence_weights) for example in examples])
    counting = _group_weights(examples)
    shares = counting / np.where(answerable, counting[answerable].sum(), counting[~answerable].sum())
    found, _ = fit_logistic(signs, answerable, shares, [_side(name) for name in WordSigns._fields])
    weights = _named(WordSigns._fields, found)
    odds = signs @ np.array([weights[name] for name in WordSigns._fields])
    return {BIAS: round(-_threshold(examples, odds), 4), **weights}


def _side(name: str) -> Bounds:
    """Return the bounds of a sign's weight: none counts against what it stands for."""
    return (None, 0.0) if name in _AGAINST else (0.0, None) if name in _FOR else (None, None)


def _named(names: Sequence[str], weights: Iterable[float]) -> Weights:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def _signs(example: Example, sentence_weights: Weights) -> WordSigns:
    odds = example.features @ np.array([sentence_weights[name] for name in Features._fields])
    best = [example.sentences[place] for place in np.argsort(-odds, kind="stable")[:3]]
    return word_signs(example.question, best, example.passages)


def _group_weights(examples: Sequence[Example]) -> Matrix:
    counts: dict[tuple[str, str, bool], int] = defaultdict(int)
    for example in examples:
        counts[_group(example)] += 1
    weights = [
        (_UNANSWERABLE_WEIGHT if example.archive == example.set and not example.answerable else 1.0) / counts[_group(example)]
        for example in examples
    ]
    return np.array(weights) * len(examples) / sum(weights)


def _group(example: Example) -> tuple[str, str, bool]:
    return example.archive, example.set, example.answerable


def _threshold(examples: Sequence[Example], odds: Matrix) -> float:
    """Return the log odds below which `_REFUSED` of the answerable questions fall, each set of questions counting the same."""
    by_set: dict[str, list[float]] = defaultdict(list)
    for example, value in zip(examples, odds, strict=True):
        if example.answerable and example.has_answers:
            by_set[example.set].append(float(value))
    candidates = sorted(value for values in by_set.values() for value in values)

    def refused(least: float) -> float:
        return float(np.mean([np.mean(np.array(values) < least) for values in by_set.values()]))

    # A little less, because the weights and this are rounded to four digits.
    return next(value for value in reversed(candidates) if refused(value) <= _REFUSED) - 1e-3


def report(examples: Sequence[Example], sentences: Weights, confidence: Weights) -> Iterator[str]:
    """Yield a line for each group of questions: how weights do on it."""
    groups: dict[tuple[str, str, bool], list[Example]] = defaultdict(list)
    for example in examples:
        groups[_group(example)].append(example)
    odds = {key: np.array([_odds(one, sentences, confidence) for one in group]) for key, group in groups.items()}
    for key, group in groups.items():
        archive, name, answerable = key
        line = f"{name} asked of {archive}, {'' if answerable else 'not '}answerable ({len(group)}): "
        line += f"refused {np.mean(odds[key] < 0):.3f}"
        if answerable and group[0].has_answers:
            tops = [np.argsort(-(one.features @ _vector(sentences)), kind="stable") for one in group]
            first = np.mean([one.holding[top[0]] for one, top in zip(group, tops, strict=True)])
            three = np.mean([one.holding[top[:3]].any() for one, top in zip(group, tops, strict=True)])
            line += f", answer in the best sentence {first:.3f}, in three {three:.3f}"
        if not answerable and (archive, archive, True) in odds:
            there = odds[archive, archive, True]
            labels = [1] * len(there) + [0] * len(group)
            line += f", auroc {roc_auc_score(labels, np.concatenate([there, odds[key]])):.3f}"
        yield line


def _held_out(name: str, examples: Sequence[Example]) -> Iterator[str]:
    """Yield how weights do on a folder that had no part in them; a line that says so where too few others are left."""
    rest = [one for one in examples if name not in (one.set, one.archive)]
    try:
        sentences = fit_sentences(rest)
        confidence = fit_confidence(rest, sentences)
    except KhabarError as error:
        yield f"\nnot fitted without {name}: {error.problem}"
        return
    yield f"\nfitted without {name}:"
    yield from report([one for one in examples if name in (one.set, one.archive)], sentences, confidence)


def _odds(example: Example, sentences: Weights, confidence: Weights) -> float:
    signs = _signs(example, sentences)
    return confidence[BIAS] + sum(confidence[name] * value for name, value in zip(WordSigns._fields, signs, strict=True))


def _vector(weights: Weights) -> Matrix:
    return np.array([weights[name] for name in Features._fields])


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--off", default=250, show_default=True, type=click.IntRange(min=1), help="questions of each other folder")
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="write the weights to this file")
def main(folders: Sequence[Path], off: int, write: Path | None) -> None:
    """Fit the weights of evidence and confidence."""
    try:
        examples = [
            example
            for folder in folders
            for example in examples_of(folder, [other for other in folders if other != folder], off)
        ]
        sentences = fit_sentences(examples)
        confidence = fit_confidence(examples, sentences)
        for folder in folders:
            print("\n".join(_held_out(folder.name, examples)))
    except KhabarError as error:
        raise click.ClickException(str(error)) from error
    print("\nfitted on all:")
    print("\n".join(report(examples, sentences, confidence)))
    weights: dict[str, Any] = {"sentence": sentences, "confidence": confidence}
    text = json.dumps(weights, indent=1) + "\n"
    if write:
        write.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
