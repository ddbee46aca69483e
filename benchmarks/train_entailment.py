"""Teaches the embedded encoder to tell whether a sentence of an article says what another sentence says.

python -m benchmarks.train_entailment OUT.safetensors --sets DIR [--public PAIRS.tsv] [--start ADAPTER] [--epochs N] …

The claim is read beside the source as the reader reads a question beside a passage (benchmarks/train_reader.py, whose network
this is, with its head of answerability for the one question here: does the source say it?). Added to each token is one of two
learned vectors, that the other sentence has the same token or that it has not: with few pairs to learn from, a name put in the
place of another is not seen otherwise. Khabar's own pairs
(benchmarks/data/entailment; their sources are sentences of the public sets in DIR) come several times in a pass; those of the
part `check` are only looked at, and those of `test` are for benchmarks/entailment.py. PAIRS.tsv holds public pairs:
`premise<sep>hypothesis`, a tab, and e, c or n; every tenth is kept for checking.
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

from benchmarks.entailment_pairs import Pair, own_pairs, public_pairs, written_pairs
from benchmarks.logistic import auroc
from benchmarks.lora import falling_rate
from benchmarks.train_reader import Options as ReaderOptions
from benchmarks.train_reader import Reader
from index.e5.tokenizer import UnigramTokenizer
from index.e5.weights import Weights, find_weights
from rag.draft.judge import read_together

_MOST_TOKENS = 160
# The share of false claims that may pass where a threshold is told.
_FALSE_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class Options:
    """How to train: LoRA's rank and dropout, passes, learning rate, pairs a step, how often our own pairs come in a pass."""

    rank: int = 32
    dropout: float = 0.05
    epochs: int = 3
    rate: float = 4e-4
    batch: int = 32
    own_weight: int = 4
    warm_up: int = 60
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


@dataclass(frozen=True, slots=True)
class Item:
    """A claim beside a source as token ids, which of these both have, and whether the source says it."""

    ids: list[int]
    shared: list[bool]
    holds: bool
    pair: Pair


def items_of(pairs: Sequence[Pair], tokenizer: UnigramTokenizer) -> list[Item]:
    """Return pairs as token ids, as rag/draft/judge.py reads them; those that are too long are left out."""
    special = tokenizer.special
    found = []
    for pair in pairs:
        claim, source = tokenizer.ids(f"query: {pair.claim}"), tokenizer.ids(pair.source)
        ids, shared = read_together(claim, source, special)
        if len(ids) <= _MOST_TOKENS:
            found.append(Item(ids, shared, pair.holds, pair))
    return found


def encoder_weights(weights: Weights, items: Sequence[Item]) -> tuple[dict[str, Any], dict[int, int]]:
    """Return the encoder's weights with the embeddings of the tokens that occur, and each token's place among these."""
    special = weights.special
    used = sorted({special.padding, *(token for one in items for token in one.ids)})
    shape = weights.shape
    kept: dict[str, Any] = {
        "emb.word": weights.embeddings(np.array(used, dtype=np.int64)),
        "shape": np.array([shape.hidden, shape.layers, shape.heads, shape.inner, shape.positions]),
    }
    for name in weights.names():
        if name == "emb.word":
            continue
        rows = shape.inner if name.endswith(".fi.w") else shape.hidden
        is_matrix = name.startswith("l") and name.endswith(".w") and "ln." not in name
        kept[name] = weights.matrix(name, rows) if is_matrix else weights.vector(name)
    return kept, {token: place for place, token in enumerate(used)}


def stacked(items: Sequence[Item], places: dict[int, int], padding: int, device: str) -> tuple[Tensor, ...]:
    """Return ids, which of them both sentences have, and mask (items, tokens), and which of the claims hold (items)."""
    longest = max(len(one.ids) for one in items)
    ids = torch.full((len(items), longest), places[padding], dtype=torch.long)
    shared = torch.zeros((len(items), longest), dtype=torch.long)
    mask = torch.zeros((len(items), longest), dtype=torch.bool)
    for row, one in enumerate(items):
        ids[row, : len(one.ids)] = torch.tensor([places[token] for token in one.ids])
        shared[row, : len(one.ids)] = torch.tensor(one.shared).long()
        mask[row, : len(one.ids)] = True
    return ids.to(device), shared.to(device), mask.to(device), torch.tensor([float(one.holds) for one in items]).to(device)


def batches(items: Sequence[Item], options: Options, chance: random.Random) -> Iterator[list[Item]]:
    """Yield the batches of one pass: pairs of about one length together, in any order."""
    order = [one for one in items for _ in range(options.own_weight if one.pair.is_own else 1)]
    order.sort(key=lambda one: len(one.ids) + chance.random() * 12)
    cuts = [order[begin : begin + options.batch] for begin in range(0, len(order), options.batch)]
    chance.shuffle(cuts)
    yield from cuts


@torch.inference_mode()
def scores_of(model: Judge, items: Sequence[Item], places: dict[int, int], padding: int, device: str) -> list[float]:
    """Return for each pair the log odds that the source says it."""
    model.eval()
    order = sorted(range(len(items)), key=lambda number: len(items[number].ids))
    found = [0.0] * len(items)
    for begin in range(0, len(order), 32):
        part = order[begin : begin + 32]
        ids, shared, mask, _ = stacked([items[number] for number in part], places, padding, device)
        for number, score in zip(part, model.odds(ids, shared, mask).tolist(), strict=True):
            found[number] = score
    return found


def figures(items: Sequence[Item], scores: Sequence[float]) -> dict[str, dict[str, float]]:
    """Return by language of the source: AUROC, and the share of true claims above the score that few false ones reach."""
    rows: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for one, score in zip(items, scores, strict=True):
        rows[f"{'own' if one.pair.is_own else 'public'} {one.pair.language}"].append((one.holds, score))
    return {name: _row(found) for name, found in sorted(rows.items())}


def _row(found: Sequence[tuple[bool, float]]) -> dict[str, float]:
    true, false = ([score for holds, score in found if holds is wanted] for wanted in (True, False))
    if not (true and false):
        return {"n": len(found)}
    bar = sorted(false, reverse=True)[int(_FALSE_SHARE * len(false))]
    accepted = sum(score > bar for score in true) / len(true)
    right = sum((score > 0) is holds for holds, score in found) / len(found)
    figures = {"auroc": auroc(true, false), "right": right, "bar": bar, "accepted": accepted, "n": len(found)}
    return {name: round(value, 3) for name, value in figures.items()}


def train(items: Sequence[Item], weights: dict[str, Any], places: dict[int, int], padding: int, options: Options,
          device: str, seconds: float, start: Path | None) -> Judge:  # fmt: skip
    """Return a model that has learned; the rate falls to nothing by the last step, or by the last of so many seconds."""
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    model = Judge(weights, ReaderOptions(rank=options.rank, dropout=options.dropout)).to(device)
    if start:
        learned = load_file(start, device=device)
        model.take_over({name: learned.get(name, value) for name, value in model.named_parameters()})
    for name, parameter in model.named_parameters():
        below = name.startswith("linear.l") and int(name.removeprefix("linear.l").split("_")[0]) < options.frozen
        parameter.requires_grad_(not below and not name.startswith("span."))
    learned_now = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned_now, lr=options.rate, weight_decay=0.01)
    steps = options.epochs * sum(1 for _ in batches(items, options, random.Random(0)))
    started, step, running = time.time(), 0, 0.0
    schedule = falling_rate(optimizer, steps, options.warm_up, seconds)
    click.echo(f"{len(items)} pairs, {steps} steps")
    for _ in range(options.epochs):
        for batch in batches(items, options, chance):
            model.train()
            ids, shared, mask, holds = stacked(batch, places, padding, device)
            loss = F.binary_cross_entropy_with_logits(model.odds(ids, shared, mask), holds)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learned_now, 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            running = 0.98 * running + 0.02 * loss.item() if step > 1 else loss.item()
            if step % 20 == 0:
                click.echo(f"step {step} of {steps}, loss {running:.3f}, {time.time() - started:.0f} s")
            if time.time() - started > seconds:
                return model
    return model


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--sets", type=click.Path(path_type=Path, exists=True), help="folder of the public sets; without, no own pairs")
@click.option("--public", type=click.Path(path_type=Path, exists=True), help="public pairs")
@click.option("--public-limit", type=int, help="so many of the public pairs to learn from, evenly chosen")
@click.option("--start", type=click.Path(path_type=Path, exists=True), help="go on from this adapter, of the same rank")
@click.option("--rank", default=32)
@click.option("--epochs", default=3)
@click.option("--rate", default=4e-4)
@click.option("--batch", default=32, help="pairs a step")
@click.option("--own-weight", default=4, help="how often our own pairs come in a pass")
@click.option("--frozen", default=0, help="so many of the first layers learn nothing more")
@click.option("--seed", default=1)
@click.option("--seconds", default=1e9, help="end after so many seconds")
def main(
    out: Path, sets: Path | None, public: Path | None, public_limit: int | None, start: Path | None, seconds: float,
    **chosen: Any,
) -> None:
    """Train an entailment head and write what it learned."""
    options = Options(**chosen)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    weights = Weights(find_weights())
    tokenizer = UnigramTokenizer(weights.vocabulary())
    pairs = ([*own_pairs(sets), *written_pairs(sets)] if sets else []) + (public_pairs(public, public_limit) if public else [])
    learning = items_of([pair for pair in pairs if pair.part == "train"], tokenizer)
    checked = items_of([pair for pair in pairs if pair.part == "check"], tokenizer)
    encoder, places = encoder_weights(weights, [*learning, *checked])
    padding = weights.special.padding
    model = train(learning, encoder, places, padding, options, device, seconds, start)
    found = figures(checked, scores_of(model, checked, places, padding, device))
    for name, row in found.items():
        click.echo(f"{name}: {row}")
    learned = {name: value for name, value in model.learned().items() if not name.startswith("span.")}
    save_file(learned, out, metadata={"options": json.dumps(asdict(options)), "figures": json.dumps(found)})


if __name__ == "__main__":
    main()
