"""Kills indexing runs at random moments (-9), and checks that nothing acknowledged is missing and nothing is there twice.

python -m benchmarks.kills [--kills 100] [--articles 60] [--seed 1]

A folder of articles in three languages changes at random between the runs: some come, some change, some go. Each run is a
fork that is killed after a random time, whatever it is at. After every kill what the last finished run acknowledged, and what
nobody has touched since, is looked for by words; after every tenth a run is let to its end, and the index compared with a clean
one of the same folder.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import Vectors
from index.lexical import LexicalIndex
from index.progress import Silent
from index.text import analyse
from index.types import LANGUAGES, KhabarError, Language
from index.vectors import held_by

TEXTS: dict[Language, str] = {
    "ar": "قالت الوكالة إنّ القمّة رقم {n} أُرجئت للمرّة {v} في الرياض.",
    "fa": "خبرگزاری می‌گوید نشست شمارهٔ {n} برای بار {v} به تعویق افتاد.",
    "en": "The agency says that summit {n} was put off, time {v}, in Riyadh.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the kills left: how many hit a run, how many runs ended before, and every fault found."""

    killed: int
    ended: int
    compared: int
    faults: tuple[str, ...]


class GramEmbedder:
    """Makes 32 numbers of the grams in a text, slowly enough to be killed at it."""

    name = "grams"
    languages: frozenset[Language] = frozenset(LANGUAGES)

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a text: shape (32,)."""
        vector = np.full(32, 1e-3, dtype=np.float32)
        for gram in analyse(text):
            vector[zlib.crc32(gram.encode()) % 32] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts: shape (len(texts), 32)."""
        time.sleep(0.02)
        return np.stack([self.embed_query(text) for text in texts])


@dataclass(slots=True)
class Folder:
    """Articles by number, each with the number of its version; and what of them a finished run has acknowledged."""

    place: Path
    now: dict[int, int] = field(default_factory=dict)
    acknowledged: dict[int, int] = field(default_factory=dict)
    written: int = 0

    def write(self, number: int) -> None:
        """Write an article, in the language that its number gives, as no version of it was before."""
        self.written += 1
        language, name = LANGUAGES[number % 3], 10_000 + number
        text = TEXTS[language].format(n=name, v=self.written)
        (self.place / f"{number}.txt").write_text(f"---\ntitle: {name}\nlanguage: {language}\n---\n{text}\n", "utf-8")
        self.now[number] = self.written

    def change(self, chance: random.Random, articles: int) -> None:
        """Let some come, some change and some go."""
        for number in chance.sample(range(articles), max(1, articles // 8)):
            if number not in self.now or chance.random() < 0.6:
                self.write(number)
            else:
                (self.place / f"{number}.txt").unlink()
                del self.now[number]

    @property
    def untouched(self) -> set[int]:
        """The articles that were acknowledged and are in the folder as they were."""
        return {number for number, version in self.acknowledged.items() if self.now.get(number) == version}


def run_kills(kills: int, articles: int, seed: int, place: Path) -> Outcome:
    """Kill so many runs; return what was found."""
    import chromadb  # noqa: F401  # once, for all forks

    chance, data = random.Random(seed), place / "data"
    folder = Folder(place / "news")
    folder.place.mkdir()
    for number in range(articles):
        folder.write(number)
    longest = _let_end(data, folder)
    faults: list[str] = []
    killed = ended = compared = 0
    while killed < kills:
        folder.change(chance, articles)
        seconds = chance.uniform(0.0, 1.2 * longest)
        if _run(data, folder.place, seconds) == -signal.SIGKILL:
            killed += 1
        else:
            ended += 1
            folder.acknowledged = dict(folder.now)
        faults += [f"kill {killed} after {seconds:.3f} s: {fault}" for fault in _missing(data, folder)]
        if killed % 10 == 0 and compared < killed // 10:
            compared += 1
            _let_end(data, folder)
            faults += [f"after {killed} kills: {fault}" for fault in _differences(data, folder, place / "clean")]
    return Outcome(killed, ended, compared, tuple(faults))


def _let_end(data: Path, folder: Folder) -> float:
    began = time.monotonic()
    status = _run(data, folder.place, None)
    if status != 0:
        raise KhabarError(f"a run that nobody killed ended with {status}", "see what it printed")
    folder.acknowledged = dict(folder.now)
    return time.monotonic() - began


def _run(data: Path, news: Path, seconds: float | None) -> int:
    """Index in a fork, which is killed after so many seconds, whatever it is at; return how it ended."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            build_index(data, [news], GramEmbedder(), BuildOptions(), Silent())
            status = 0
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
        finally:
            os._exit(status)
    deadline = float("inf") if seconds is None else time.monotonic() + seconds
    ended, status = os.waitpid(child, os.WNOHANG)
    while not ended:
        if time.monotonic() >= deadline:
            os.kill(child, signal.SIGKILL)
            deadline = float("inf")
        time.sleep(0.002)
        ended, status = os.waitpid(child, os.WNOHANG)
    return os.waitstatus_to_exitcode(status)


def _missing(data: Path, folder: Folder) -> list[str]:
    """Return which of the acknowledged articles that nobody touched cannot be found, or are found twice."""
    faults = []
    with closing(Catalog(data / FILE_NAME)) as catalog:
        index = LexicalIndex(data, catalog)
        for number in folder.untouched:
            weights = {("grams", gram): 1.0 for gram in analyse(str(10_000 + number))}
            found = [chunk_id for chunk_id, _ in index.search(weights, LANGUAGES[number % 3], 5)]
            texts = [chunk.text for chunk, _ in catalog.chunks(found, index.revision).values()]
            held = [text for text in texts if str(10_000 + number) in text]
            if len(held) != 1:
                faults.append(f"article {number} is found {len(held)} times")
    return faults


def _differences(data: Path, folder: Folder, clean: Path) -> list[str]:
    """Return in what an index differs from a clean one of the same folder."""
    shutil.rmtree(clean, ignore_errors=True)
    if _run(clean, folder.place, None) != 0:
        return ["a clean index cannot be made"]
    states = [_state(place) for place in (data, clean)]
    return [f"{name}: {states[0][name]} for {states[1][name]}" for name in states[0] if states[0][name] != states[1][name]]


def _state(data: Path) -> dict[str, object]:
    with closing(Catalog(data / FILE_NAME)) as catalog:
        index = LexicalIndex(data, catalog)
        found = {
            word: [index.search({("grams", gram): 1.0 for gram in analyse(word)}, language, 1_000) for language in LANGUAGES]
            for word in ("القمة", "نشست", "summit", "الرياض", "2")
        }
        return {
            "counts": catalog.counts(),
            "articles": sorted((article.path, article.text) for article in catalog.articles()),
            "sizes": index.sizes,
            "vectors": held_by(data, GramEmbedder()),
            **found,
        }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="khabar-kills-") as place:
        outcome = run_kills(given.kills, given.articles, given.seed, Path(place))
    for fault in outcome.faults:
        print(fault)
    print(
        f"{outcome.killed} runs killed, {outcome.ended} ended before their kill, {outcome.compared} comparisons with a clean "
        f"index: {len(outcome.faults)} faults."
    )
    sys.exit(1 if outcome.faults else 0)


if __name__ == "__main__":
    main()
