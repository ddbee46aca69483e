"""Teaches the embedded encoder to read: LoRA on its linear layers, and heads for start, end and answerability.

python -m benchmarks.train_reader DATA.npz OUT.safetensors [--start ADAPTER] [--rank R] [--epochs N] [--rate LR] [--seed S]

DATA is what benchmarks/reader_data.py wrote. A question is read beside one passage: `<s> query: question </s></s> passage
</s>`. Of
each question a step sees one passage that answers (if any does), and several that do not: of the same article where it asks
what the article does not tell, and of other articles that retrieval ranked high. Three losses are added: the span, whose place
is the first token where there is none; whether the passage answers; and which of the question's passages answers, none of
them being one of the choices, so that the scores of different passages compare (Clark and Gardner, Simple and Effective
Multi-Paragraph Reading Comprehension, ACL 2018). It prints how well the questions kept for checking are read. Minutes on a
GPU, some hours on two cores.
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
from benchmarks.lora import LoRA, falling_rate

_LANGUAGES = ("ar", "fa", "en")
POSITIVE, NEAR_MISS, OTHER = 0, 1, 2
_QUESTION_TOKENS = 48
_MATRICES = ("q", "k", "v", "ao", "fi", "fo")


@dataclass(frozen=True, slots=True)
class Options:
    """How to train: LoRA's rank and dropout, passes over the questions, learning rate, questions a step, passages of each.

    The rate rises for `warm_up` steps; what stands beside the first `frozen` layers is left as it is.
    """

    rank: int = 16
    dropout: float = 0.05
    epochs: int = 6
    rate: float = 1e-3
    groups: int = 16
    others: int = 3
    passage_tokens: int = 232
    own_weight: int = 2
    listwise: float = 0.5
    warm_up: int = 100
    frozen: int = 0
    seed: int = 1


class Data:
    """The training file: questions and passages as token ids, and the pairs of them."""

    def __init__(self, file: Path) -> None:
        """Read the file."""
        stored = np.load(file)
        self.weights = {name.removeprefix("weights/"): stored[name] for name in stored.files if name.startswith("weights/")}
        self.begin, self.end, self.padding = self.weights["special"].tolist()
        self._questions, self._question_begins = stored["questions"], stored["question_begins"]
        self._passages, self._passage_begins = stored["passages"], stored["passage_begins"]
        self.facts = stored["facts"]
        self.sources = stored["sources"].tolist()
        self.pairs: dict[int, dict[int, list[tuple[int, int, int]]]] = defaultdict(lambda: defaultdict(list))
        for question, passage, start, end, kind in stored["pairs"].tolist():
            if kind != POSITIVE or start >= 0:
                self.pairs[question][kind].append((passage, start, end))

    def question(self, number: int) -> list[int]:
        """Return a question's token ids."""
        begin, end = self._question_begins[number : number + 2]
        found: list[int] = self._questions[begin:end][:_QUESTION_TOKENS].tolist()
        return found

    def passage(self, number: int) -> list[int]:
        """Return a passage's token ids."""
        begin, end = self._passage_begins[number : number + 2]
        found: list[int] = self._passages[begin:end].tolist()
        return found

    def numbers(self, checked: bool) -> list[int]:
        """Return the questions to learn from, or those kept for checking, that have a passage."""
        return [number for number in self.pairs if bool(self.facts[number][2]) == checked]


@dataclass(frozen=True, slots=True)
class Item:
    """A question beside a passage: token ids, where the passage begins, the span's tokens (0, 0: none) and its group."""

    ids: list[int]
    begins: int
    start: int
    end: int
    group: int

    @property
    def answers(self) -> bool:
        """Whether the passage answers."""
        return self.end > 0


def item(data: Data, question: int, pair: tuple[int, int, int], group: int, room: int, chance: random.Random | None) -> Item:
    """Return a question beside a passage, cut to `room` tokens around the answer; anywhere, where there is none."""
    asked = data.question(question)
    passage, start, end = data.passage(pair[0]), pair[1], pair[2]
    first = 0
    if len(passage) > room:
        latest = len(passage) - room
        if start >= 0:
            lowest, highest = max(0, end - room + 1), min(start, latest)
            first = chance.randint(min(lowest, highest), highest) if chance else min(lowest, highest)
        elif chance:
            first = chance.randint(0, latest)
    shown = passage[first : first + room]
    begins = len(asked) + 3
    ids = [data.begin, *asked, data.end, data.end, *shown, data.end]
    inside = start >= 0 and end - first < room
    return Item(ids, begins, begins + start - first if inside else 0, begins + end - first if inside else 0, group)


def groups_of(data: Data, numbers: Sequence[int], options: Options, chance: random.Random) -> Iterator[list[Item]]:
    """Yield batches for one pass: of each question one passage that answers, or near misses, and others."""
    order = [number for number in numbers for _ in range(options.own_weight if _is_own(data, number) else 1)]
    chance.shuffle(order)
    for begin in range(0, len(order) - options.groups + 1, options.groups):
        batch: list[Item] = []
        for group, number in enumerate(order[begin : begin + options.groups]):
            kinds = data.pairs[number]
            chosen = [chance.choice(kinds[POSITIVE])] if kinds[POSITIVE] else []
            near = min(len(kinds[NEAR_MISS]), 1 if chosen else 2)
            chosen += chance.sample(kinds[NEAR_MISS], near)
            # The nearest passages are taken more often than those further down.
            ranked = kinds[OTHER]
            places = sorted(range(len(ranked)), key=lambda place: (place + 1) * chance.random())
            chosen += [ranked[place] for place in places[: options.others + 1 - len(chosen)]]
            batch += [item(data, number, pair, group, options.passage_tokens, chance) for pair in chosen]
        yield batch


def _is_own(data: Data, number: int) -> bool:
    return bool(data.sources[data.facts[number][1]] == "own")


class Reader(nn.Module):
    """The encoder with LoRA on every linear layer, and three heads."""

    def __init__(self, weights: dict[str, Any], options: Options) -> None:
        """Take over the encoder's weights."""
        super().__init__()
        self.hidden, self.layers, self.heads, inner, positions = weights["shape"].tolist()
        tensors = {name: torch.tensor(value.astype(np.float32)) for name, value in weights.items()}
        self.register_buffer("words", tensors["emb.word"])
        self.register_buffer("places", tensors["emb.pos"].reshape(positions, -1) + tensors["emb.type"][: self.hidden])
        self.linear = nn.ModuleDict()
        for layer in range(self.layers):
            for name in _MATRICES:
                rows = inner if name == "fi" else self.hidden
                weight = tensors[f"l{layer}.{name}.w"].reshape(rows, -1)
                self.linear[f"l{layer}_{name}"] = LoRA(weight, tensors[f"l{layer}.{name}.b"], options.rank, options.dropout)
        for name in tensors:
            if "ln." in name:
                self.register_buffer(name.replace(".", "_"), tensors[name])
        self.span = nn.Linear(self.hidden, 2)
        self.pooled = nn.Linear(self.hidden, self.hidden)
        self.answers = nn.Linear(self.hidden, 1)

    def _norm(self, values: Tensor, name: str) -> Tensor:
        return F.layer_norm(values, (self.hidden,), getattr(self, f"{name}_w"), getattr(self, f"{name}_b"), 1e-12)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return start and end scores (items, tokens) and answerability (items), before any softmax."""
        values = self.encoded(self.embedded(ids), mask)
        spans = self.span(values).float()
        return spans[..., 0], spans[..., 1], self.answerability(values)

    def embedded(self, ids: Tensor) -> Tensor:
        """Return the sum of word and position embeddings: (items, tokens, hidden)."""
        words: Tensor = self.words  # type: ignore[assignment]
        places: Tensor = self.places  # type: ignore[assignment]
        return words[ids] + places[: ids.shape[1]]

    def answerability(self, values: Tensor) -> Tensor:
        """Return a score for each item (items), from the first token of what `encoded` returns."""
        pooled = torch.tanh(self.pooled(values[:, 0]))
        scores: Tensor = self.answers(pooled).float()[:, 0]
        return scores

    def encoded(self, embedded: Tensor, mask: Tensor) -> Tensor:
        """Return what the layers make of embeddings: (items, tokens, hidden)."""
        values = self._norm(embedded, "emb_ln")
        shown = mask[:, None, None, :]
        for layer in range(self.layers):
            name = f"l{layer}"
            query, key, value = (self._heads(self.linear[f"{name}_{part}"](values)) for part in "qkv")
            context = F.scaled_dot_product_attention(query, key, value, attn_mask=shown).transpose(1, 2).flatten(2)
            values = self._norm(values + self.linear[f"{name}_ao"](context), f"{name}_aln")
            inner = F.gelu(self.linear[f"{name}_fi"](values))
            values = self._norm(values + self.linear[f"{name}_fo"](inner), f"{name}_oln")
        return values

    def _heads(self, values: Tensor) -> Tensor:
        return values.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def take_over(self, learned: dict[str, Tensor]) -> None:
        """Go on from what another run has learned."""
        with torch.no_grad():
            for name, value in self.named_parameters():
                value.copy_(learned[name])

    def learned(self) -> dict[str, Tensor]:
        """Return what was learned: LoRA's factors (twice the product is to be added to a weight) and the heads."""
        return {name: value.detach().half().cpu().contiguous() for name, value in self.named_parameters()}


@dataclass(frozen=True, slots=True)
class Batch:
    """Items as tensors: ids, what is shown, what may be a span's border, the borders, whether it answers, and the group."""

    ids: Tensor
    mask: Tensor
    borders: Tensor
    start: Tensor
    end: Tensor
    answers: Tensor
    group: Tensor


def stacked(items: Sequence[Item], padding: int, device: str) -> Batch:
    """Return items as tensors."""
    longest = max(len(one.ids) for one in items)
    ids = torch.full((len(items), longest), padding, dtype=torch.long)
    mask = torch.zeros((len(items), longest), dtype=torch.bool)
    borders = torch.zeros((len(items), longest), dtype=torch.bool)
    for row, one in enumerate(items):
        ids[row, : len(one.ids)] = torch.tensor(one.ids)
        mask[row, : len(one.ids)] = True
        borders[row, one.begins : len(one.ids) - 1] = True
        borders[row, 0] = True
    facts = torch.tensor([[one.start, one.end, int(one.answers), one.group] for one in items]).T.to(device)
    return Batch(ids.to(device), mask.to(device), borders.to(device), facts[0], facts[1], facts[2], facts[3])


def loss_of(model: Reader, batch: Batch, options: Options) -> Tensor:
    """Return the sum of the three losses."""
    start, end, answers = model(batch.ids, batch.mask)
    start, end = (scores.masked_fill(~batch.borders, -1e4) for scores in (start, end))
    weight = torch.where(batch.answers > 0, 1.0, 0.3)
    spans = F.cross_entropy(start, batch.start, reduction="none") + F.cross_entropy(end, batch.end, reduction="none")
    span_loss = (weight * spans / 2).sum() / weight.sum()
    answer_loss = F.binary_cross_entropy_with_logits(answers, batch.answers.float())
    count = int(batch.group.max()) + 1
    same = batch.group[None] == torch.arange(count, device=answers.device)[:, None]
    choices = answers[None].expand(count, -1).masked_fill(~same, -1e4)
    choices = torch.cat([torch.zeros(count, 1, device=answers.device), choices], 1)
    right = torch.where((same & (batch.answers > 0)).any(1), (same & (batch.answers > 0)).int().argmax(1) + 1, 0)
    return span_loss + answer_loss + options.listwise * F.cross_entropy(choices, right)


@torch.inference_mode()
def check(model: Reader, data: Data, options: Options, device: str, most: int) -> dict[str, dict[str, float]]:
    """Return, by source and language, how well the kept questions, `most` of them evenly chosen, are read.

    `f1` and `contains`: the span of the passage that answers, by tokens. `first`: it has the highest answerability of the
    question's passages. `near` and `other`: AUROC of answerability, its passage against near misses and against passages of
    other articles; `refuse`: of the question's best passage, answerable questions against unanswerable ones.
    """
    model.eval()
    rows: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    numbers = data.numbers(checked=True)
    for number in numbers[:: max(1, len(numbers) // most)]:
        kinds = data.pairs[number]
        pairs = [(kind, pair) for kind in (POSITIVE, NEAR_MISS, OTHER) for pair in kinds[kind][:8]]
        items = [item(data, number, pair, 0, options.passage_tokens, None) for _, pair in pairs]
        if not items:
            continue
        language, source = _LANGUAGES[data.facts[number][0]], data.sources[data.facts[number][1]]
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
            batch = stacked(items, data.padding, device)
            start, end, answers = model(batch.ids, batch.mask)
        scores = answers.tolist()
        found = rows[f"{source} {language}"]
        for (kind, _), score in zip(pairs, scores, strict=True):
            found[("right", "near", "other")[kind]].append(score)
        found["answerable" if kinds[POSITIVE] else "unanswerable"].append(max(scores))
        if kinds[POSITIVE]:
            best = _best_span(start[0].float().cpu().numpy(), end[0].float().cpu().numpy(), items[0])
            gold = set(range(items[0].start, items[0].end + 1))
            held = set(range(best[0], best[1] + 1))
            common = len(gold & held)
            found["f1"].append(2 * common / (len(gold) + len(held)))
            found["contains"].append(float(gold <= held))
            found["first"].append(float(pairs[int(np.argmax(scores))][0] == POSITIVE))
    return {name: _figures(found) for name, found in sorted(rows.items())}


def _figures(found: dict[str, list[Any]]) -> dict[str, float]:
    figures = {name: float(np.mean(found[name])) for name in ("f1", "contains", "first") if found[name]}
    for name, low in (("near", "near"), ("other", "other")):
        figures[name] = auroc(found["right"], found[low])
    figures["refuse"] = auroc(found["answerable"], found["unanswerable"])
    figures["n"] = len(found["answerable"]) + len(found["unanswerable"])
    return {name: round(value, 3) for name, value in figures.items()}


def _best_span(start: Any, end: Any, one: Item, longest: int = 40) -> tuple[int, int]:
    begins, stops = one.begins, len(one.ids) - 1
    scores = start[begins:stops, None] + end[None, begins:stops]
    size = len(scores)
    distance = np.arange(size)[None] - np.arange(size)[:, None]
    scores = np.where((distance >= 0) & (distance < longest), scores, -np.inf)
    first, last = np.unravel_index(int(scores.argmax()), scores.shape)
    return begins + int(first), begins + int(last)


def train(data: Data, options: Options, device: str, seconds: float, start: Path | None = None) -> Reader:
    """Return a reader that has learned, from nothing or from where another run ended.

    The rate falls to nothing by the last step, or by the last of so many seconds.
    """
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    model = Reader(data.weights, options).to(device)
    if start:
        model.take_over(load_file(start, device=device))
    for layer in range(options.frozen):
        for name in _MATRICES:
            model.linear[f"l{layer}_{name}"].requires_grad_(False)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=options.rate, weight_decay=0.01)
    numbers = data.numbers(checked=False)
    steps = options.epochs * (sum(options.own_weight if _is_own(data, one) else 1 for one in numbers) // options.groups)
    started, step, running = time.time(), 0, 0.0
    schedule = falling_rate(optimizer, steps, options.warm_up, seconds)
    click.echo(f"{sum(parameter.numel() for parameter in learned):,} weights, {len(numbers)} questions, {steps} steps")
    for _ in range(options.epochs):
        for items in groups_of(data, numbers, options, chance):
            model.train()
            with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
                loss = loss_of(model, stacked(items, data.padding, device), options)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learned, 1.0)
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
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--start", type=click.Path(path_type=Path, exists=True), help="go on from this adapter, of the same rank")
@click.option("--rank", default=16)
@click.option("--epochs", default=6)
@click.option("--rate", default=1e-3)
@click.option("--others", default=3, help="passages that do not answer, for each question")
@click.option("--listwise", default=0.5, help="weight of the loss over the passages of a question")
@click.option("--own-weight", default=2, help="how often Khabar's own questions come in a pass")
@click.option("--groups", default=16, help="questions a step")
@click.option("--passage-tokens", default=232, help="tokens of a passage at most")
@click.option("--warm-up", default=100, help="steps in which the rate rises")
@click.option("--frozen", default=0, help="so many of the first layers learn nothing more")
@click.option("--seed", default=1)
@click.option("--seconds", default=1e9, help="end after so many seconds")
@click.option("--checked", default=10_000, help="questions at most that are checked at the end")
def main(file: Path, out: Path, start: Path | None, seconds: float, checked: int, **chosen: Any) -> None:
    """Train a reader and write what it learned."""
    options = Options(**chosen)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    data = Data(file)
    model = train(data, options, device, seconds, start)
    figures = check(model, data, options, device, checked)
    for name, row in figures.items():
        click.echo(f"{name}: {row}")
    save_file(model.learned(), out, metadata={"options": json.dumps(asdict(options)), "figures": json.dumps(figures)})


if __name__ == "__main__":
    main()
