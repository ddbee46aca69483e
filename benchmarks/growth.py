"""How an archive grows: rate, disk, memory and the time of a question by words, from a thousand chunks to a million.

python -m benchmarks.growth [--chunks 1000,10000,100000] [--store lance:FOLDER] [--json OUT] [--picture OUT.png]

The articles are made up of the words of seeds/ in three languages, one chunk each, as many words as a chunk has, with
frequencies as Zipf has them. Each size goes on from the one before, as an archive does.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path

import click
import numpy as np

from index.catalog import FILE_NAME, Catalog, SourceFile
from index.chunk import Span
from index.progress import silent
from index.stores import LOCAL, Stores, put_in, stores_at
from index.text import words
from index.types import LANGUAGES, Article, Language
from rag.ask.question import read_question
from rag.retrieve.expansion import expand
from rag.text.glossary import Glossary, load_glossary

_SEEDS = Path(__file__).parent.parent / "seeds"
_WORDS = 120
_PART = 1_000
_QUESTIONS = 200
_TOP_K = 100
_MAX_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Size:
    """What an archive of so many chunks takes: rates in chunks a second, times in milliseconds, sizes in megabytes.

    `ask_ms` is of one `khabar ask` by words, from the start of its process to its end.
    """

    chunks: int
    stored_per_second: int
    analysed_per_second: int
    catalog_mb: float
    words_mb: float
    memory_mb: int
    opened_ms: float
    p50_ms: float
    p95_ms: float
    ask_ms: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a language, and how often each of them and those before it come."""

    words: Sequence[str]
    cumulated: Sequence[float]

    def text(self, chance: random.Random, length: int) -> str:
        """Return so many words as they may follow each other."""
        return " ".join(chance.choices(self.words, cum_weights=self.cumulated, k=length))


def vocabularies() -> dict[Language, Vocabulary]:
    """Return the words of the sample archive, those of one language weighted by their rank."""
    found: dict[Language, Vocabulary] = {}
    for language in LANGUAGES:
        counted: Counter[str] = Counter()
        for file in sorted((_SEEDS / language).rglob("*")):
            if file.is_file():
                counted.update(words(file.read_text(encoding="utf-8", errors="ignore")))
        ranked = [word for word, _ in counted.most_common()]
        found[language] = Vocabulary(ranked, list(accumulate(1 / rank for rank in range(1, len(ranked) + 1))))
    return found


def made(first: int, count: int, of: dict[Language, Vocabulary]) -> Iterator[tuple[Article, list[Span]]]:
    """Yield so many articles of one chunk, the same ones for the same numbers."""
    for number in range(first, first + count):
        language, chance = LANGUAGES[number % 3], random.Random(number)
        title, text = of[language].text(chance, 8), f"{of[language].text(chance, _WORDS)} {number}."
        article = Article(f"made-{number}", f"made/{number}", title, "Made", None, language, None, text)
        yield article, [Span(0, len(text))]


def grow(sizes: Sequence[int], data: Path, store: str = LOCAL, questions: int = _QUESTIONS) -> Iterator[Size]:
    """Yield what each size takes; each goes on from the one before, and so many questions are asked of it."""
    of, glossary, stores, before = vocabularies(), load_glossary(None), stores_at(store), 0
    for size in sizes:
        with closing(Catalog(data / FILE_NAME, writable=True)) as catalog:
            stored = time.perf_counter()
            for first in range(before, size, _PART):
                count = min(_PART, size - first)
                catalog.replace_source(SourceFile(f"/made/{first}", f"made/{first}", "1"), list(made(first, count, of)))
            analysed = time.perf_counter()
            stores.update_lexical(catalog, False, lambda _: None, silent)
            ended = time.perf_counter()
            put_in(catalog, store)
            catalog.settle()
        opened, times = _asked(data, stores, of, glossary, questions)
        ask_ms = _asked_from_start(data, of)
        yield Size(
            size,
            round((size - before) / (analysed - stored)),
            round((size - before) / (ended - analysed)),
            round((data / FILE_NAME).stat().st_size / 1e6, 1),
            round(_bytes(data / "lexical") / 1e6, 1),
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            round(opened, 1),
            round(float(np.percentile(times, 50)), 1),
            round(float(np.percentile(times, 95)), 1),
            ask_ms,
        )
        before = size


def _asked(
    data: Path, stores: Stores, of: dict[Language, Vocabulary], glossary: Glossary, questions: int
) -> tuple[float, list[float]]:
    """Return how long opening the index took, and each question in all three languages, in milliseconds."""
    began = time.perf_counter()
    with closing(Catalog(data / FILE_NAME)) as catalog:
        index = stores.open_lexical(catalog)
        opened = 1_000 * (time.perf_counter() - began)
        chance, times = random.Random(7), []
        for number in range(questions):
            question = read_question(of[LANGUAGES[number % 3]].text(chance, 7), [], glossary, _MAX_CHARACTERS)
            began = time.perf_counter()
            for language in LANGUAGES:
                index.search(expand(question, language, index).weights, language, _TOP_K)
            times.append(1_000 * (time.perf_counter() - began))
        return opened, times


def _asked_from_start(data: Path, of: dict[Language, Vocabulary]) -> int:
    """Return the milliseconds of one `khabar ask` by words, its start among them."""
    question = of["en"].text(random.Random(8), 7)
    flags = [flag for name in ("embedder", "reader", "llm") for flag in (f"--{name}", "none")]
    command = [sys.executable, "-c", "from ui.cli import main; main()", "ask", question, "--data", str(data), *flags]
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return round(1_000 * (time.perf_counter() - began))


def _bytes(folder: Path) -> int:
    """Return what a folder takes; files that two generations share count once."""
    found = {(status.st_dev, status.st_ino): status.st_size for file in folder.rglob("*") if (status := os.stat(file))}
    return sum(found.values())


def _draw(sizes: Sequence[Size], file: Path) -> None:
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    chunks = [size.chunks for size in sizes]
    left.loglog(chunks, [size.p50_ms for size in sizes], "o-", label="p50")
    left.loglog(chunks, [size.p95_ms for size in sizes], "o-", label="p95")
    left.set(xlabel="chunks", ylabel="ms a question, by words, three languages")
    left.legend()
    right.loglog(chunks, [size.catalog_mb for size in sizes], "o-", label="catalog")
    right.loglog(chunks, [size.words_mb for size in sizes], "o-", label="words")
    right.set(xlabel="chunks", ylabel="MB on the disk")
    right.legend()
    figure.tight_layout()
    figure.savefig(file, dpi=110)


@click.command()
@click.option("--chunks", default="1000,10000,100000,1000000", help="sizes, smallest first")
@click.option("--store", default=LOCAL, help="where the words are to lie: local, lance:FOLDER or s3://bucket/path")
@click.option("--json", "json_file", type=click.Path(path_type=Path))
@click.option("--picture", type=click.Path(path_type=Path))
def main(chunks: str, store: str, json_file: Path | None, picture: Path | None) -> None:
    """Let an archive grow, and print what it takes at each size."""
    sizes: list[Size] = []
    with tempfile.TemporaryDirectory(prefix="khabar-growth-") as place:
        for size in grow([int(count) for count in chunks.split(",")], Path(place), store):
            sizes.append(size)
            click.echo(json.dumps(asdict(size)))
    if json_file:
        json_file.write_text(json.dumps([asdict(size) for size in sizes], indent=1) + "\n", encoding="utf-8")
    if picture:
        _draw(sizes, picture)


if __name__ == "__main__":
    main()
