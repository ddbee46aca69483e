"""What the reader learns from: questions over passages as token ids, with hard negatives from Khabar's own retrieval.

python -m benchmarks.reader_data ARCHIVE READING_DIR OUT.npz --sets DIR

ARCHIVE is a data folder into which the news sets and the reading sets were indexed (`khabar index` of their corpus.jsonl),
READING_DIR holds folders in the layout of BEIR whose questions name the paragraph that they are asked of (pquad, arcd,
parsinlu-train, squad2-sample). Khabar's own questions about news (benchmarks/data/reading) are added. The file holds no text:
token ids, and the weights of the encoder that they need, so that training runs on another machine, from this one file.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from benchmarks.encoder_weights import encoder_weights
from index.chunk import chunk_spans
from index.e5.tokenizer import UnigramTokenizer
from index.e5.weights import Weights, find_weights
from index.text import squash
from index.types import LANGUAGES, Article, Language
from rag.archive import Archive, open_archive
from rag.ask.question import QuestionError, read_question
from rag.settings import read_settings
from rag.text.glossary import load_glossary
from rag.weigh.reader import title_read

OWN = Path(__file__).parent / "data" / "reading"
# Paragraphs whose id ends in one of these are kept for checking, as are the articles that Khabar's own questions mark so.
_CHECKED = frozenset("0123")
_NEGATIVES = 12
_TOP_K = 20
POSITIVE, NEAR_MISS, OTHER = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one article: its answers as written there (none: the article does not answer)."""

    text: str
    language: str
    source: str
    kind: str
    article: str
    answers: tuple[str, ...]
    checked: bool


@dataclass(frozen=True, slots=True)
class Text:
    """An article's text under its title, in its language."""

    title: str
    text: str
    language: Language


def read_own(folder: Path = OWN) -> list[Asked]:
    """Return Khabar's own questions about news."""
    found: list[Asked] = []
    for file in sorted(folder.glob("*.jsonl")):
        for row in map(json.loads, filter(str.strip, file.read_text(encoding="utf-8").split("\n"))):
            answers = (row["answer"],) if row["answer"] else ()
            found.append(
                Asked(row["question"], row["language"], "own", row["kind"], row["article"], answers, row["part"] == "check")
            )
    return found


def read_public(folder: Path) -> tuple[list[Asked], dict[str, Text]]:
    """Return the questions of a folder and the paragraphs that they are asked of."""
    name = folder.name
    texts: dict[str, Text] = {}
    languages: dict[str, Language] = {}
    found: list[Asked] = []
    for row in _rows(folder / "queries.jsonl"):
        metadata = row["metadata"]
        for about in metadata.get("about", ())[:1]:
            language: Language = metadata["lang"]
            languages[about] = language
            answers = () if metadata.get("unanswerable") else tuple(metadata["answers"])
            if answers or metadata.get("unanswerable"):
                found.append(Asked(row["text"], language, name, "", about, answers, about[-1] in _CHECKED))
    for row in _rows(folder / "corpus.jsonl"):
        if row["_id"] in languages:
            texts[row["_id"]] = Text(row.get("title", ""), row["text"], languages[row["_id"]])
    return found, texts


def read_news(sets: Path) -> dict[str, Text]:
    """Return the articles of the news sets in a folder, by their ids."""
    languages: dict[str, Language] = {"antcorpus": "ar", "farsnews": "fa", "multihop": "en"}
    return {
        row["_id"]: Text(row["title"], row["text"], language)
        for name, language in languages.items()
        for row in _rows(sets / name / "corpus.jsonl")
    }


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


class _Collector:
    """Gathers questions, passages and pairs of them as token ids."""

    def __init__(self, tokenizer: UnigramTokenizer) -> None:
        self._tokenizer = tokenizer
        self.questions: list[list[int]] = []
        self.facts: list[tuple[int, int, int, int]] = []
        self.passages: list[list[int]] = []
        self.pairs: list[tuple[int, int, int, int, int]] = []
        self._known: dict[str, int] = {}

    def add_question(self, asked: Asked, sources: Sequence[str]) -> int:
        self.questions.append(self._tokenizer.ids(f"query: {asked.text}"))
        self.facts.append(
            (LANGUAGES.index(asked.language), sources.index(asked.source), int(asked.checked), int(bool(asked.answers)))
        )
        return len(self.questions) - 1

    def add_passage(self, passage: str) -> int:
        number = self._known.get(passage)
        if number is None:
            number = self._known[passage] = len(self.passages)
            self.passages.append(self._tokenizer.ids(passage))
        return number

    def add_pair(self, question: int, passage: str, answers: Sequence[str], kind: int) -> None:
        start, end = self._span(passage, answers) if kind == POSITIVE else (-1, -1)
        self.pairs.append((question, self.add_passage(passage), start, end, kind))

    def _span(self, passage: str, answers: Sequence[str]) -> tuple[int, int]:
        """Return the first and last token of the first answer that stands in the passage."""
        tokens = self._tokenizer.tokens(passage)
        for answer in answers:
            at = passage.find(answer)
            if at >= 0:
                inside = [n for n, token in enumerate(tokens) if token.end > at and token.start < at + len(answer)]
                if inside:
                    return inside[0], inside[-1]
        return -1, -1


def passages_of(text: Text, words: int, overlap: int) -> list[str]:
    """Return the chunks of a text, each under the title, as the index embeds them."""
    article = Article("", "", text.title, None, None, text.language, None, text.text)
    return [f"{text.title}\n{text.text[span.start : span.end]}" for span in chunk_spans(article, words, overlap)]


def _own_pairs(collector: _Collector, number: int, asked: Asked, passages: Sequence[str]) -> set[str]:
    """Add the passages of the article that a question is asked of; return them."""
    for passage in passages:
        if any(answer in passage for answer in asked.answers):
            collector.add_pair(number, passage, asked.answers, POSITIVE)
        elif not any(squash(answer) in squash(passage) for answer in asked.answers):
            collector.add_pair(number, passage, (), NEAR_MISS)
    return set(passages)


def _others(asked: Asked, archive: Archive, own: Iterable[str]) -> list[str]:
    """Return passages of other articles that retrieval ranks high and that do not hold an answer's letters."""
    try:
        question = read_question(asked.text, (), load_glossary(None), 100_000)
    except QuestionError:
        return []
    texts = set(own)
    found: list[str] = []
    for passage in archive.retriever.retrieve(question, _TOP_K):
        if asked.article in (passage.article.path.rpartition("#")[2], passage.article.article_id):
            continue
        # A title that only the passages of others have would tell them apart without reading: so the first reader learned.
        text = f"{title_read(passage)}\n{passage.chunk.text}"
        squashed = squash(text)
        if text not in texts and not any(squash(answer) in squashed for answer in asked.answers):
            found.append(text)
    return found[:_NEGATIVES]


def _flat(lists: Sequence[Sequence[int]], known: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return lists of token ids one after the other, as places in the vocabulary that is kept, and where each begins."""
    joined = np.concatenate([np.asarray(part, dtype=np.int64) for part in lists])
    begins = np.concatenate([[0], np.cumsum([len(part) for part in lists])])
    return np.searchsorted(known, joined).astype(np.int32), begins.astype(np.int64)


def _sampled(asked: Sequence[Asked], limit: int | None) -> list[Asked]:
    if limit is None or limit >= len(asked):
        return list(asked)
    return [asked[number * len(asked) // limit] for number in range(limit)]


@click.command()
@click.argument("archive_folder", type=click.Path(path_type=Path, exists=True))
@click.argument("reading", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--sets", type=click.Path(path_type=Path, exists=True), required=True, help="folder of the news sets")
@click.option("--embedder", default="none", help="as KHABAR_EMBEDDER, for the passages of other articles")
@click.option("--limit", type=int, help="so many of the public questions, evenly chosen")
def main(archive_folder: Path, reading: Path, out: Path, sets: Path, embedder: str, limit: int | None) -> None:
    """Write the training file."""
    settings = read_settings(data=archive_folder, embedder=embedder, llm="none")
    archive = open_archive(settings)
    weights = Weights(find_weights())
    collector = _Collector(UnigramTokenizer(weights.vocabulary()))
    asked, texts = read_own(), read_news(sets)
    for folder in sorted(path for path in reading.iterdir() if path.is_dir()):
        more, paragraphs = read_public(folder)
        asked += more
        texts |= paragraphs
    asked = [question for question in asked if question.source == "own"] + _sampled(
        [question for question in asked if question.source != "own"], limit
    )
    sources = list(dict.fromkeys(question.source for question in asked))
    counts: dict[str, int] = defaultdict(int)
    for question in track(asked, "questions", console=Console(stderr=True)):
        number = collector.add_question(question, sources)
        passages = passages_of(texts[question.article], settings.chunk_words, settings.overlap_words)
        own = _own_pairs(collector, number, question, passages)
        for passage in _others(question, archive, own):
            collector.add_pair(number, passage, (), OTHER)
        counts[question.source] += 1
    special = weights.special
    used = {special.begin, special.end, special.padding, special.unknown}
    known = np.array(sorted(used.union(*collector.passages, *collector.questions)), dtype=np.int64)
    passages_flat, passage_begins = _flat(collector.passages, known)
    questions_flat, question_begins = _flat(collector.questions, known)
    arrays: dict[str, Any] = dict(
        passages=passages_flat, passage_begins=passage_begins, questions=questions_flat, question_begins=question_begins,
        facts=np.array(collector.facts, dtype=np.int32), pairs=np.array(collector.pairs, dtype=np.int32),
        sources=np.array(sources), **{f"weights/{name}": value for name, value in encoder_weights(weights, known).items()},
    )  # fmt: skip
    np.savez_compressed(out, **arrays)
    click.echo(f"{dict(counts)}: {len(collector.pairs)} pairs, {len(collector.passages)} passages, {len(known)} tokens")


if __name__ == "__main__":
    main()
