"""Fits the weights that join words and reader: which sentence answers, and how surely.

python -m benchmarks.train_judging ARCHIVE READING_DIR [--limit N] [--write rag/data/judging.json]

ARCHIVE is a data folder that benchmarks/newsroom.py has indexed. It is asked Khabar's own questions about news that were kept
for checking (benchmarks/data/reading, part "check": neither the reader nor benchmarks/data/newsroom.jsonl has their articles),
and questions about encyclopaedias (pquad, arcd and squad2-sample of READING_DIR), which it cannot answer.

Sentences are told apart by a logistic regression: those of the right article that hold the answer against all others that were
read. Confidence is another: questions that are answered, against those that their article leaves open, against the same
questions with their article taken away, and against those about encyclopaedias. What a gap weighs in it is held: who writes a
question beside an article takes its names, also where the article leaves it open. It is shifted so that one in ten of the
answered questions falls below a half.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from sklearn.metrics import roc_auc_score

from benchmarks.logistic import Matrix, fit_logistic
from benchmarks.reader_data import Asked, read_own, read_public
from index.types import KhabarError
from rag.archive import Archive, chosen_reader, open_archive
from rag.ask.followup import ways_to_ask
from rag.ask.question import Question, QuestionError, read_question
from rag.evaluate.verdict import stands_in
from rag.settings import read_settings
from rag.text.glossary import load_glossary
from rag.types import Passage
from rag.weigh import tuning
from rag.weigh.confidence import ReadSigns, mismatch_of, read_signs, word_signs
from rag.weigh.logistic import BIAS
from rag.weigh.read_sentence import ReadSentence, SentenceSigns, read_sentences
from rag.weigh.reader import Reader
from rag.weigh.sentences import ranked_by_words
from rag.weigh.weighted_question import Rarity, weighted_question

_FOREIGN = ("arcd", "pquad", "squad2-sample")
_FOREIGN_EACH = 40
_REFUSED = 0.1
# How much the groups of unanswered questions count that nobody wrote for an article.
_MADE_COUNT = 0.5
_NEVER_AGAINST = frozenset({"span", "answers", "words", "score", "own", "behind", "mass"})
# Chosen by the fixed questions (tests/questions) and the newsroom's.
_HELD = {"gap": -0.2, "mass": 0.6}

Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """A question asked of the archive: its sentences that were read, which hold the answer, and what confidence needs."""

    kind: str
    found: tuple[ReadSentence, ...]
    holding: tuple[bool, ...]
    mass: float
    mismatch_of: Callable[[ReadSentence], float]


def examples_of(archive: Archive, reader: Reader, asked: Sequence[Asked], top_k: int, read_k: int) -> Iterator[Example]:
    """Yield each question as it is read in the archive, and an answered one with its article taken away besides."""
    glossary = load_glossary()
    for one in track(asked, "questions", console=Console(stderr=True)):
        try:
            question = read_question(one.text, (), glossary, max_characters=1_000_000)
        except QuestionError:
            continue
        passages = archive.retriever.retrieve(question, top_k)
        yield from _example(archive, reader, question, one, passages, read_k, "answered" if one.answers else _kind(one))
        if one.answers:
            rest = [passage for passage in passages if not _is_of(passage, one) and not _holds(one, passage.chunk.text)]
            ranked = [replace(passage, rank=rank) for rank, passage in enumerate(rest, 1)]
            yield from _example(archive, reader, question, one, ranked, read_k, "taken away")


def _kind(asked: Asked) -> str:
    return "left open" if asked.source == "own" else "foreign"


def _is_of(passage: Passage, asked: Asked) -> bool:
    return passage.article.path.rpartition("#")[2] == asked.article


def _holds(asked: Asked, text: str) -> bool:
    return any(stands_in(answer, text) for answer in asked.answers)


def _example(
    archive: Archive, reader: Reader, question: Question, asked: Asked, passages: Sequence[Passage], read_k: int, kind: str
) -> Iterator[Example]:
    weighted = weighted_question(question, Rarity(archive.lexical))
    if not weighted.terms or not passages:
        return
    ranked = ranked_by_words(weighted, passages)
    if not ranked:
        return
    found = read_sentences(weighted, ranked, reader.read(ways_to_ask(question)[0], passages[:read_k]))
    signs = word_signs(weighted, [sentence for sentence, _ in ranked[: tuning.MOST_EVIDENCE]], passages)
    answers = kind == "answered"
    holding = tuple(answers and _holds(asked, one.sentence.text) and _is_of(one.sentence.passage, asked) for one in found)
    yield Example(kind, tuple(found), holding, signs.mass, lambda one: mismatch_of(weighted, one.sentence))


def fit_sentences(examples: Sequence[Example]) -> Weights:
    """Return the weights that tell sentences that answer from the others of questions that are answered."""
    taught = [(one.signs, holds) for example in examples if example.kind == "answered"
              for one, holds in zip(example.found, example.holding, strict=True)]  # fmt: skip
    if not any(holds for _, holds in taught):
        raise KhabarError("no question has its answer in a sentence that was read", "index the sets of benchmarks/newsroom.py")
    signs = np.array([signs for signs, _ in taught])
    return _fitted(signs, np.array([holds for _, holds in taught]), np.ones(len(taught)), SentenceSigns._fields)


def fit_confidence(examples: Sequence[Example], sentences: Weights) -> Weights:
    """Return the weights of confidence, every kind of unanswered questions counting as set above."""
    signs = np.array([_best(example, sentences) for example in examples])
    answered = np.array([example.kind == "answered" for example in examples])
    counting = np.array([1.0 if example.kind in ("answered", "left open") else _MADE_COUNT for example in examples])
    weights = _fitted(signs, answered, counting, ReadSigns._fields)
    odds = signs @ np.array([weights[name] for name in ReadSigns._fields])
    return {**weights, BIAS: round(-float(np.quantile(odds[answered], _REFUSED)), 4)}


def _best(example: Example, sentences: Weights) -> ReadSigns:
    """Return the signs of the sentence that is best by some weights."""
    best = example.found[_best_place(example, sentences)]
    return read_signs(best, example.mass, example.mismatch_of(best))


def _best_place(example: Example, sentences: Weights) -> int:
    weights = np.array([sentences[name] for name in SentenceSigns._fields])
    return int(np.argmax([np.dot(one.signs, weights) for one in example.found]))


def _fitted(signs: Matrix, positive: npt.NDArray[np.bool_], counting: Matrix, names: Sequence[str]) -> Weights:
    """Return the weights and the bias by name; none counts against what it stands for, and those that are held stay."""
    bounds = [(_HELD[name],) * 2 if name in _HELD else (0.0 if name in _NEVER_AGAINST else None, None) for name in names]
    weights, bias = fit_logistic(signs, positive, counting / counting.sum(), bounds)
    return {name: round(float(weight), 4) for name, weight in zip((*names, BIAS), (*weights, bias), strict=True)}


def report(examples: Sequence[Example], sentences: Weights, confidence: Weights) -> Iterator[str]:
    """Yield a line for each kind of questions: how the weights do on it."""
    answered = [example for example in examples if example.kind == "answered"]
    words_alone = {name: float(name == "words") for name in SentenceSigns._fields}
    yield (
        f"answered ({len(answered)}): an answer was read {np.mean([any(one.holding) for one in answered]):.3f}, stands in "
        f"the best sentence {_share_right(answered, sentences):.3f}, by words alone {_share_right(answered, words_alone):.3f}"
    )
    weights = np.array([confidence[name] for name in ReadSigns._fields])
    odds: dict[str, list[float]] = {}
    for example in examples:
        odds.setdefault(example.kind, []).append(confidence[BIAS] + float(np.dot(_best(example, sentences), weights)))
    for kind, values in odds.items():
        line = f"{kind} ({len(values)}): refused {np.mean(np.array(values) < 0):.3f}"
        if kind != "answered":
            labels = [1] * len(odds["answered"]) + [0] * len(values)
            line += f", auroc {roc_auc_score(labels, odds['answered'] + values):.3f}"
        yield line


def _share_right(answered: Sequence[Example], sentences: Weights) -> float:
    return float(np.mean([example.holding[_best_place(example, sentences)] for example in answered]))


@click.command()
@click.argument("archive_folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("reading", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--limit", type=click.IntRange(min=1), help="so many of the own questions, evenly chosen")
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="write the weights to this file")
def main(archive_folder: Path, reading: Path, limit: int | None, write: Path | None) -> None:
    """Fit the weights that join words and reader."""
    settings = read_settings(data=archive_folder, llm="none")
    own = [one for one in read_own() if one.checked]
    asked = own[:: max(1, len(own) // limit)] if limit else own
    for name in _FOREIGN:
        questions, _ = read_public(reading / name)
        asked += [replace(one, answers=()) for one in questions[:: max(1, len(questions) // _FOREIGN_EACH)][:_FOREIGN_EACH]]
    try:
        archive = open_archive(settings)
        examples = [
            example
            for example in examples_of(archive, chosen_reader(settings), asked, settings.top_k, settings.read_k)
            if example.found
        ]
        sentences = fit_sentences(examples)
        confidence = fit_confidence(examples, sentences)
    except KhabarError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(report(examples, sentences, confidence)))
    text = json.dumps({"judged": sentences, "judged-confidence": confidence}, indent=1) + "\n"
    click.echo(text)
    if write:
        write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
