"""Teaches the embedded encoder to tell whether a sentence of an article says what another sentence says.

python -m benchmarks.train_entailment ITEMS.npz OUT.safetensors [--start ADAPTER] [--epochs N] [--rate LR] [--seconds S] …

ITEMS is what benchmarks/entailment_items.py wrote. The claim is read beside the source as the reader reads a question beside a
passage (benchmarks/train_reader.py, whose network this is, with its head of answerability for the one question here: does the
source say it?). Added to each token is one of two learned vectors, that the other sentence has the same token or that it has
not: with few pairs to learn from, a name put in the place of another is not seen otherwise. A pass sees every pair of Khabar's
own, and a part of the others, drawn anew. Those that are kept for checking are only looked at. Minutes on a GPU, hours on two
cores.
"""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from benchmarks.logistic import auroc
from benchmarks.lora import falling_rate
from benchmarks.train_reader import Options as ReaderOptions
from benchmarks.train_reader import Reader

# The share of false claims that may pass where a bar is told.
_FALSE_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class Options:
    """How to train: LoRA's rank and dropout, passes, learning rate, pairs a step, and what part of each kind a pass sees.

    `smoothing` is what a label is short of certainty: some are wrong. The first `frozen` layers learn nothing more.
    """

    rank: int = 32
    dropout: float = 0.1
    epochs: int = 10
    rate: float = 8e-4
    batch: int = 128
    translated: float = 0.5
    elsewhere: float = 0.5
    written: float = 0.3
    public: float = 0.5
    smoothing: float = 0.01
    warm_up: int = 100
    frozen: int = 0
    seed: int = 1


class Judge(Reader):
    """The reader's network over two sentences, with a vector more for each token: has the other sentence the same one?"""

    def __init__(self, weights: dict[str, Any], options: ReaderOptions) -> None:
        """Begin without regard to that."""
        super().__init__(weights, options)
        self.shared = nn.Parameter(torch.zeros(2, self.hidden))

    def odds(self, ids: Tensor, shared: Tensor, mask: Tensor) -> Tensor:
        """Return for each item the log odds that its source says its claim."""
        return self.answerability(self.encoded(self.embedded(ids) + self.shared[shared], mask))


class Items:
    """The training file: claims beside sources as token ids, whether these hold, and what kind of pair each is."""

    def __init__(self, file: Path) -> None:
        """Read the file."""
        stored = np.load(file)
        self.weights = {name.removeprefix("weights/"): stored[name] for name in stored.files if name.startswith("weights/")}
        self.padding = int(self.weights["special"][2])
        self.ids, self.shared, self.begins = stored["ids"].astype(np.int64), stored["shared"], stored["begins"]
        self.holds, self.checked, self.opened = stored["holds"], stored["checked"], stored["opened"]
        self.origins, self.languages = stored["origins"].tolist(), stored["languages"].tolist()
        self.lengths = np.diff(self.begins)

    def numbers(self, checked: bool) -> list[int]:
        """Return the pairs to learn from, or those kept for checking."""
        return np.flatnonzero(self.checked == checked).tolist()

    def stacked(self, numbers: Sequence[int], device: str) -> tuple[Tensor, ...]:
        """Return ids, which of them both sentences have, and mask (items, tokens), and which of the claims hold (items)."""
        along = np.arange(self.lengths[numbers].max())
        mask = along < self.lengths[numbers][:, None]
        places = np.minimum(self.begins[numbers][:, None] + along, len(self.ids) - 1)
        ids, shared = np.where(mask, self.ids[places], self.padding), np.where(mask, self.shared[places], False)
        found = (ids, shared.astype(np.int64), mask, self.holds[numbers].astype(np.float32))
        return tuple(torch.from_numpy(value).to(device, non_blocking=True) for value in found)


def batches(items: Items, options: Options, chance: random.Random) -> Iterator[list[int]]:
    """Yield the batches of one pass: pairs of about one length together, in any order."""
    part = {"own": 1.0, **{name: getattr(options, name) for name in ("translated", "elsewhere", "written", "public")}}
    order = [number for number in items.numbers(checked=False) if chance.random() < part[items.origins[number]]]
    order.sort(key=lambda number: items.lengths[number] + chance.random() * 12)
    cuts = [order[begin : begin + options.batch] for begin in range(0, len(order), options.batch)]
    chance.shuffle(cuts)
    yield from cuts


@torch.inference_mode()
def scores_of(model: Judge, items: Items, numbers: Sequence[int], device: str) -> list[float]:
    """Return for each pair the log odds that the source says it."""
    model.eval()
    order = sorted(range(len(numbers)), key=lambda place: items.lengths[numbers[place]])
    found = [0.0] * len(numbers)
    for begin in range(0, len(order), 64):
        part = order[begin : begin + 64]
        ids, shared, mask, _ = items.stacked([numbers[place] for place in part], device)
        for place, score in zip(part, model.odds(ids, shared, mask).tolist(), strict=True):
            found[place] = score
    return found


def figures(items: Items, numbers: Sequence[int], scores: Sequence[float]) -> dict[str, dict[str, float]]:
    """Return AUROC, and the share of true claims above the score that few false ones reach, by the languages of both."""
    rows: dict[str, list[tuple[bool, bool, float]]] = defaultdict(list)
    for number, score in zip(numbers, scores, strict=True):
        fact = bool(items.holds[number]), bool(items.opened[number]), score
        if items.origins[number] == "own":
            claim, source = items.languages[number].split("-")
            for name in (source if claim == source else f"{source} across", "same" if claim == source else "across"):
                rows[f"own {name}"].append(fact)
        else:
            rows[items.origins[number]].append(fact)
    return {name: _row(found) for name, found in sorted(rows.items())}


def _row(found: Sequence[tuple[bool, bool, float]]) -> dict[str, float]:
    true, false = ([score for holds, _, score in found if holds is wanted] for wanted in (True, False))
    right = sum((score > 0) is holds for holds, _, score in found) / len(found)
    figures = {"right": right, "n": len(found)}
    if true and false:
        # A claim that a guard refuses does not pass, whatever its score.
        passing = sorted((score for holds, opened, score in found if opened and not holds), reverse=True)
        place = int(_FALSE_SHARE * len(false))
        bar = passing[place] if place < len(passing) else -100.0
        accepted = sum(score > bar for holds, opened, score in found if holds and opened) / len(true)
        figures |= {"auroc": auroc(true, false), "accepted": accepted, "bar": bar}
    return {name: round(value, 3) for name, value in figures.items()}


def train(items: Items, options: Options, device: str, seconds: float, start: Path | None) -> Judge:
    """Return a model that has learned; the rate falls to nothing by the last step, or by the last of so many seconds."""
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    model = Judge(items.weights, ReaderOptions(rank=options.rank, dropout=options.dropout)).to(device)
    if start:
        learned = load_file(start, device=device)
        model.take_over({name: learned.get(name, value) for name, value in model.named_parameters()})
    for name, parameter in model.named_parameters():
        below = name.startswith("linear.l") and int(name.removeprefix("linear.l").split("_")[0]) < options.frozen
        parameter.requires_grad_(not below and not name.startswith("span."))
    learned_now = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned_now, lr=options.rate, weight_decay=0.01, fused=device == "cuda")
    steps = options.epochs * sum(1 for _ in batches(items, options, random.Random(0)))
    schedule = falling_rate(optimizer, steps, options.warm_up, seconds)
    started, step, running = time.time(), 0, 0.7
    click.echo(f"{len(items.numbers(checked=False))} pairs, {steps} steps")
    for _ in range(options.epochs):
        for numbers in batches(items, options, chance):
            model.train()
            ids, shared, mask, holds = items.stacked(numbers, device)
            with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
                odds = model.odds(ids, shared, mask)
            wanted = holds * (1 - 2 * options.smoothing) + options.smoothing
            loss = F.binary_cross_entropy_with_logits(odds, wanted)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learned_now, 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step % 20 == 0:
                running = 0.9 * running + 0.1 * loss.item()
            if step % 200 == 0:
                click.echo(f"step {step} of {steps}, loss {running:.3f}, {time.time() - started:.0f} s")
            if time.time() - started > seconds:
                return model
    return model


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--start", type=click.Path(path_type=Path, exists=True), help="go on from this adapter, of the same rank")
@click.option("--rank", default=32)
@click.option("--dropout", default=0.1)
@click.option("--epochs", default=10)
@click.option("--rate", default=8e-4)
@click.option("--batch", default=128, help="pairs a step")
@click.option("--translated", default=0.5, help="what part of the translations a pass sees")
@click.option("--elsewhere", default=0.5, help="what part of the claims beside another sentence a pass sees")
@click.option("--written", default=0.3, help="what part of the written sentences a pass sees")
@click.option("--public", default=0.5, help="what part of the public pairs a pass sees")
@click.option("--smoothing", default=0.01, help="what a label is short of certainty")
@click.option("--frozen", default=0, help="so many of the first layers learn nothing more")
@click.option("--seed", default=1)
@click.option("--seconds", default=1e9, help="end after so many seconds")
def main(file: Path, out: Path, start: Path | None, seconds: float, **chosen: Any) -> None:
    """Train an entailment head and write what it learned."""
    options = Options(**chosen)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    items = Items(file)
    model = train(items, options, device, seconds, start)
    learned = {name: value for name, value in model.learned().items() if not name.startswith("span.")}
    save_file(learned, out, metadata={"options": json.dumps(asdict(options))})
    numbers = items.numbers(checked=True)
    for name, row in figures(items, numbers, scores_of(model, items, numbers, device)).items():
        click.echo(f"{name}: {row}")


if __name__ == "__main__":
    main()
