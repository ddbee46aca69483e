"""What runs the embedded encoder best: ONNX Runtime in four precisions, torch, llama.cpp and the package's own engine.

python -m benchmarks.engines [--engine NAME ...] [--passages 256] [--rounds 1] [--busy] [--write docs/models.md]

Each engine runs in a process of its own (benchmarks/engine_trial.py). Times swing with the machine, so a figure stands beside
its ratio to the chosen engine's of the same run; seconds of CPU swing least.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.engine_trial import CHOSEN, ENGINES, REFERENCE, TOKENIZERS, Figures, TokenizerFigures
from benchmarks.page import markdown_table, put_figures
from index.e5.tokenizer import UnigramTokenizer
from index.e5.weights import Floats, Weights, find_weights
from index.files import list_files
from index.load import SUFFIXES, RawDocument, read_documents
from index.processors import processors
from index.types import LANGUAGES, KhabarError

ROOT = Path(__file__).parents[1]
_QUESTIONS = ("arabic", "persian", "english")
_PASSAGE_TOKENS = 160
_MAX_BYTES = 1_000_000
_PRINTED_WIDTH = 160  # where no terminal tells its own


def passages(articles: Path, count: int, tokenizer: UnigramTokenizer) -> list[str]:
    """Return so many passages of some 160 tokens, cut out of a folder's articles in turns from each language."""
    words: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for file in list_files(articles, SUFFIXES).read:
        for document in read_documents(file.read_bytes(), file.name, _MAX_BYTES):
            if isinstance(document, RawDocument) and document.metadata.get("language") in words:
                words[document.metadata["language"]] += document.text.split()
    spoken = [found for found in words.values() if found]
    if not spoken:
        raise KhabarError(f"'{articles}' has no article that names its language", "name a folder like seeds/")
    turns = -(-count // len(spoken))
    cut = (_passage(found, turn * len(found) // turns, tokenizer) for turn in range(turns) for found in spoken)
    return list(islice(cut, count))


def _passage(words: Sequence[str], start: int, tokenizer: UnigramTokenizer) -> str:
    """Return the words from `start` on that fill a passage; after the last comes the first."""
    taken: list[str] = []
    tokens = 0
    while tokens < _PASSAGE_TOKENS:
        taken.append(words[(start + len(taken)) % len(words)])
        tokens += max(len(tokenizer.ids(taken[-1])), 1)
    return " ".join(taken)


def questions(folder: Path, count: int) -> list[str]:
    """Return so many of the fixed questions, in turns from each language."""
    lines = [(folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() for name in _QUESTIONS]
    turns = zip(*lines, strict=False)
    return list(islice((json.loads(line)["question"] for turn in turns for line in turn), count))


@dataclass(frozen=True, slots=True)
class Row:
    """An engine's figures, each the median of its rounds, and the cosine of its vectors to the reference's."""

    name: str
    figures: Figures
    cosine_mean: float
    cosine_min: float


def measure_engines(names: Sequence[str], scratch: Path, rounds: int, tell: Callable[[str], None]) -> list[Row]:
    """Return the figures of engines, measured in turns; the reference must be among them."""
    for name in names:
        tell(f"{name}: getting ready")
        _run(name, scratch)
    found: dict[str, list[Figures]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            tell(f"{name}: round {number + 1} of {rounds}")
            found[name].append(Figures(**_run(name, scratch, "--started", str(time.time()))))
    reference = np.load(scratch / f"{REFERENCE}.npy")
    return [_row(name, figures, np.load(scratch / f"{name}.npy"), reference) for name, figures in found.items()]


def _row(name: str, figures: Sequence[Figures], vectors: Floats, reference: Floats) -> Row:
    medians = {field.name: statistics.median(getattr(each, field.name) for each in figures) for field in fields(Figures)}
    cosines = (vectors * reference).sum(axis=1)
    return Row(name, Figures(**medians), float(cosines.mean()), float(cosines.min()))


def measure_tokenizers(scratch: Path) -> tuple[dict[str, TokenizerFigures], int]:
    """Return the figures of both tokenizers, and for how many texts their ids differ."""
    for name in TOKENIZERS:
        _run(name, scratch)
    figures = {name: TokenizerFigures(**_run(name, scratch)) for name in TOKENIZERS}
    own, other = (json.loads((scratch / f"{name}.json").read_text()) for name in TOKENIZERS)
    return figures, sum(mine != theirs for mine, theirs in zip(own, other, strict=True))


def _run(name: str, scratch: Path, *more: str) -> dict[str, float]:
    """Run a trial in a process of its own, and return the figures that it prints last, if any."""
    command = [sys.executable, "-m", "benchmarks.engine_trial", name, str(scratch), *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise KhabarError(f"'{name}' did not run ({reason})", "name the engines that do with --engine")
    printed = done.stdout.strip().splitlines()
    figures: dict[str, float] = json.loads(printed[-1]) if printed else {}
    return figures


@contextmanager
def neighbours(count: int) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    """Keep so many processes busy meanwhile."""
    spinning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield spinning
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def _cells(rows: Sequence[Row]) -> Iterator[list[str]]:
    """Yield the cells of each engine, ratios to the chosen engine's in brackets."""
    chosen = next(row.figures for row in rows if row.name == CHOSEN)
    for row in rows:
        own = row.figures
        yield [
            row.name,
            f"{own.passages_per_second:.1f} ({own.passages_per_second / chosen.passages_per_second:.2f})",
            f"{own.cpu_ms_per_passage:.0f} ({own.cpu_ms_per_passage / chosen.cpu_ms_per_passage:.2f})",
            f"{own.question_ms:.1f} ({own.question_ms / chosen.question_ms:.1f})",
            f"{own.cpu_ms_per_question:.1f} ({own.cpu_ms_per_question / chosen.cpu_ms_per_question:.1f})",
            f"{own.memory_mb:.0f}",
            f"{own.first_s:.1f}",
            f"{own.first_cpu_s:.1f}",
            f"{row.cosine_mean:.4f}",
            f"{row.cosine_min:.4f}",
        ]


_TITLES = (
    "engine",
    "passages/s",
    "CPU ms a passage",
    "ms a question",
    "CPU ms a question",
    "peak MB",
    "s to the first vector",
    "CPU s to it",
    "cosine, mean",
    "cosine, least",
)


def markdown(rows: Sequence[Row], caption: str, tokenizers: str) -> str:
    """Return the table as a page shows it."""
    return "\n".join([markdown_table(_TITLES, _cells(rows)), "", caption, "", tokenizers, ""])


def _show(rows: Sequence[Row], caption: str, tokenizers: str) -> None:
    table = Table(caption=caption)
    for number, title in enumerate(_TITLES):
        table.add_column(title, justify="right" if number else "left")
    for cells in _cells(rows):
        table.add_row(*cells)
    console = Console()
    console = console if console.is_terminal else Console(width=_PRINTED_WIDTH)
    console.print(table)
    console.print(tokenizers)


def _caption(count: int, asked: int, rounds: int, busy: bool, loads: Sequence[float]) -> str:
    beside = "with a spinning process a core beside" if busy else "with nothing started beside"
    return (
        f"{count} passages, {asked} questions, medians of {rounds} rounds, {beside}; load of the machine "
        f"{min(loads):.1f} to {max(loads):.1f}. {_processor()}."
    )


def _processor() -> str:
    """Return the processor as Linux names it, with what it has for small numbers."""
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    name = re.search(r"model name\s*: (.+)", told)
    flags = sorted(set(re.findall(r"\b(?:avx2|avx512_vnni|avx_vnni|avx512_bf16|amx_int8|amx_bf16)\b", told)))
    return f"{name[1] if name else 'Processor'}, {processors()} cores, {', '.join(flags)}"


def _tokenizer_line(figures: Mapping[str, TokenizerFigures], differing: int, texts: int) -> str:
    told = "; ".join(
        f"{name} {each.build_s:.2f} s and {each.memory_mb:.0f} MB to build, {each.ms_per_passage:.2f} ms a passage"
        for name, each in figures.items()
    )
    return f"Tokenizers: {told}; the ids differ for {differing} of {texts} texts."


@click.command()
@click.option("--engine", "engines", multiple=True, type=click.Choice(list(ENGINES)), help="all, if none is named")
@click.option("--passages", "count", default=256, show_default=True, type=click.IntRange(1))
@click.option("--questions", "asked", default=48, show_default=True, type=click.IntRange(1))
@click.option("--rounds", default=1, show_default=True, type=click.IntRange(1))
@click.option("--busy", is_flag=True, help="with a spinning process a core beside, for a machine with neighbours")
@click.option("--write", type=click.Path(path_type=Path, exists=True), help="the page that the table goes into")
def main(engines: Sequence[str], count: int, asked: int, rounds: int, busy: bool, write: Path | None) -> None:
    """Measure the engines in turns and print their figures beside the chosen engine's."""
    names = [name for name in ENGINES if not engines or name in {*engines, CHOSEN, REFERENCE}]
    try:
        with tempfile.TemporaryDirectory() as name:
            scratch = Path(name)
            cut = passages(ROOT / "seeds", count, UnigramTokenizer(Weights(find_weights()).vocabulary()))
            texts = {"passages": cut, "questions": questions(ROOT / "tests" / "questions", asked)}
            (scratch / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
            loads = [os.getloadavg()[0]]

            def tell(line: str) -> None:
                loads.append(os.getloadavg()[0])
                click.echo(line, err=True)

            with neighbours(processors() if busy else 0):
                rows = measure_engines(names, scratch, rounds, tell)
                tokenizers = _tokenizer_line(*measure_tokenizers(scratch), sum(map(len, texts.values())))
        caption = _caption(count, len(texts["questions"]), rounds, busy, loads)
        _show(rows, caption, tokenizers)
        if write:
            put_figures(write, markdown(rows, caption, tokenizers), "engines, busy" if busy else "engines")
    except KhabarError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
