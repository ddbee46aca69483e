"""Teaches the embedded language model the one thing it is asked to do: LoRA, written as a GGUF that llama.cpp loads beside it.

python -m benchmarks.train_writer OUT.gguf --sets DIR [--first LAYER] [--rank R] [--epochs N] [--rate LR] [--start KEPT] …

It learns from Khabar's own answers (benchmarks/data/writer; their sources are sentences of the public sets in DIR, or our
translations of them), each under the prompt of rag/draft/brief.py in the model's own chat template. transformers reads the
weights from the package's GGUF, four bits as they are, so that what is learned fits the file that runs. Layers before
`--first` stay as they are: what they make of each prompt is computed once. The loss is over the answer's tokens alone.

KEPT (OUT with the suffix .safetensors, written beside it) is what a later run goes on from. Minutes on a GPU; on two cores a
second for each answer and pass.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from benchmarks.lora import SCALE, LoRA, falling_rate
from benchmarks.writer_data import Example, read_examples
from rag.draft.brief import brief_messages
from rag.generate.llama import ChatTemplate
from rag.generate.load import embedded_model

# The names of a layer's matrices in transformers and in GGUF.
_MATRICES = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}  # fmt: skip
_IGNORED = -100


@dataclass(frozen=True, slots=True)
class Options:
    """How to train: LoRA's rank, the first layer that learns, passes, learning rate, answers a step, most tokens of one.

    A share of the prompts goes without the short answer, as a reader that is not sure gives none.
    """

    rank: int = 8
    first: int = 8
    epochs: int = 3
    rate: float = 6e-4
    batch: int = 8
    tokens: int = 420
    without_short: float = 0.15
    warm_up: int = 30
    seed: int = 1


class Writer(nn.Module):
    """The embedded model with LoRA on every matrix of its layers from `first` on."""

    def __init__(self, file: Path, options: Options) -> None:
        """Read the weights of a GGUF."""
        super().__init__()
        from transformers import AutoModelForCausalLM

        model = AutoModelForCausalLM.from_pretrained(str(file.parent), gguf_file=file.name, dtype=torch.float32)
        model.requires_grad_(False)
        self.heads, self.key_heads = model.config.num_attention_heads, model.config.num_key_value_heads
        self.architecture = model.config.model_type
        self._body, self._head = model.model, model.lm_head
        self.first = options.first
        for layer in self._body.layers[self.first :]:
            for name in _MATRICES:
                part, _, matrix = name.partition(".")
                owner = getattr(layer, part)
                setattr(owner, matrix, LoRA(getattr(owner, matrix).weight.detach(), None, options.rank))

    def below(self, ids: Tensor) -> Tensor:
        """Return what the layers that do not learn make of token ids: (items, tokens, hidden)."""
        with torch.no_grad():
            return self._through(self._body.embed_tokens(ids), self._body.layers[: self.first])

    def forward(self, hidden: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss of the targets (items, tokens) after `below`; those that are ignored cost nothing."""
        hidden = self._body.norm(self._through(hidden, self._body.layers[self.first :]))
        wanted = targets != _IGNORED
        return F.cross_entropy(self._head(hidden[wanted]).float(), targets[wanted])

    def _through(self, hidden: Tensor, layers: Any) -> Tensor:
        # What pads an item stands behind it, where no token of its own looks.
        places = torch.arange(hidden.shape[1], device=hidden.device)[None]
        turned = self._body.rotary_emb(hidden, places)
        for layer in layers:
            found = layer(hidden, attention_mask=None, position_ids=places, position_embeddings=turned)
            hidden = found[0] if isinstance(found, tuple) else found
        return hidden

    def adapters(self) -> Iterator[tuple[str, LoRA]]:
        """Yield the adapted matrices by their names in GGUF."""
        for number in range(self.first, len(self._body.layers)):
            for name, stored in _MATRICES.items():
                part, _, matrix = name.partition(".")
                yield f"blk.{number}.{stored}.weight", getattr(getattr(self._body.layers[number], part), matrix)

    def learned(self) -> dict[str, Tensor]:
        """Return what was learned, by the names of GGUF."""
        return {
            f"{name}.{part}": getattr(adapter, part).detach().cpu().contiguous()
            for name, adapter in self.adapters()
            for part in ("down", "up")
        }

    def take_over(self, learned: dict[str, Tensor]) -> None:
        """Go on from what another run has learned."""
        with torch.no_grad():
            for name, adapter in self.adapters():
                for part in ("down", "up"):
                    if f"{name}.{part}" in learned:
                        getattr(adapter, part).copy_(learned[f"{name}.{part}"])


@dataclass(frozen=True, slots=True)
class Item:
    """An answer under its prompt as token ids, and from where on it is learned."""

    ids: list[int]
    begins: int


class Tokenizer:
    """The model's own tokens and chat template, as llama.cpp reads them from its file."""

    def __init__(self, file: Path) -> None:
        """Read the vocabulary of a GGUF."""
        from llama_cpp import Llama

        self._llama = Llama(str(file), vocab_only=True, verbose=False)
        template = self._llama.metadata["tokenizer.chat_template"]
        self._template = ChatTemplate(template, "", "", str(file))
        self.end = self._llama.token_eos()

    def item(self, example: Example, with_short: bool) -> Item:
        """Return an example as it is learned."""
        prompt = self._template.render(brief_messages(example.question, example.short if with_short else "", example.quotes))
        asked = self._ids(prompt)
        return Item([*asked, *self._ids(example.written), self.end], len(asked))

    def _ids(self, text: str) -> list[int]:
        return list(self._llama.tokenize(text.encode(), add_bos=False, special=True))


@dataclass(frozen=True, slots=True)
class Prepared:
    """An item after the layers that do not learn (tokens, hidden), and its targets (tokens): of each the token behind it."""

    hidden: Tensor
    targets: Tensor


def prepared(model: Writer, items: Sequence[Item], device: str) -> list[Prepared]:
    """Return items as they come to the layers that learn."""
    found = []
    for one in items:
        hidden = model.below(torch.tensor([one.ids], device=device))[0].half()
        targets = torch.full((len(one.ids),), _IGNORED, dtype=torch.long, device=device)
        targets[one.begins - 1 : -1] = torch.tensor(one.ids[one.begins :])
        found.append(Prepared(hidden, targets))
    return found


def stacked(items: Sequence[Prepared]) -> tuple[Tensor, Tensor]:
    """Return hidden (items, tokens, hidden) and targets (items, tokens) of a batch."""
    hidden = nn.utils.rnn.pad_sequence([one.hidden for one in items], batch_first=True)
    targets = nn.utils.rnn.pad_sequence([one.targets for one in items], batch_first=True, padding_value=_IGNORED)
    return hidden.float(), targets


def batches(items: Sequence[Prepared], size: int, chance: random.Random) -> list[list[Prepared]]:
    """Return items in batches of about one length, the batches in any order."""
    order = sorted(items, key=lambda one: len(one.targets) + 20 * chance.random())
    cuts = [order[begin : begin + size] for begin in range(0, len(order), size)]
    chance.shuffle(cuts)
    return cuts


@torch.inference_mode()
def loss_over(model: Writer, items: Sequence[Prepared]) -> float:
    """Return the mean loss of items, batch by batch."""
    model.eval()
    losses = [float(model(*stacked(cut))) for cut in batches(items, 8, random.Random(0))]
    return sum(losses) / max(1, len(losses))


def train(model: Writer, items: Sequence[Prepared], checked: Sequence[Prepared], options: Options, seconds: float) -> None:
    """Teach a model in place; the rate falls to nothing by the last step, or by the last of so many seconds."""
    chance = random.Random(options.seed)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=options.rate, weight_decay=0.0, betas=(0.9, 0.98))
    steps = options.epochs * math.ceil(len(items) / options.batch)
    started, step, running = time.time(), 0, 0.0
    schedule = falling_rate(optimizer, steps, options.warm_up, seconds)
    click.echo(f"{sum(one.numel() for one in learned):,} weights, {len(items)} answers, {steps} steps")
    for epoch in range(options.epochs):
        for cut in batches(items, options.batch, chance):
            model.train()
            loss = model(*stacked(cut))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            running = 0.95 * running + 0.05 * loss.item() if step > 1 else loss.item()
            if step % 10 == 0:
                click.echo(f"step {step} of {steps}, loss {running:.3f}, {time.time() - started:.0f} s")
            if time.time() - started > seconds:
                return
        click.echo(f"pass {epoch + 1}: loss {loss_over(model, checked):.3f} on answers not learned from")


def write_adapter(model: Writer, file: Path, rank: int) -> None:
    """Write what was learned as a LoRA of llama.cpp's."""
    from gguf import GGUFWriter

    writer = GGUFWriter(file, model.architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", SCALE * rank)
    writer.add_string("general.name", "Khabar's writer, for SmolLM2-135M-Instruct")
    for name, adapter in model.adapters():
        up = adapter.up.detach().cpu().numpy()
        for matrix, heads in (("attn_q", model.heads), ("attn_k", model.key_heads)):
            if matrix in name:
                up = _turned(up, heads)
        writer.add_tensor(f"{name}.lora_a", np.ascontiguousarray(adapter.down.detach().cpu().numpy().astype(np.float16)))
        writer.add_tensor(f"{name}.lora_b", np.ascontiguousarray(up.astype(np.float16)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _turned(rows: Any, heads: int) -> Any:
    """Return the rows of queries or keys in the order of GGUF: a rotation's two halves beside each other, head by head."""
    return rows.reshape(heads, 2, len(rows) // heads // 2, -1).swapaxes(1, 2).reshape(rows.shape)


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--sets", type=click.Path(path_type=Path, exists=True), required=True, help="folder of the public sets")
@click.option("--start", type=click.Path(path_type=Path, exists=True), help="go on from what a run of this rank kept")
@click.option("--rank", default=8)
@click.option("--first", default=8, help="the first layer that learns")
@click.option("--epochs", default=3)
@click.option("--rate", default=6e-4)
@click.option("--batch", default=8, help="answers a step")
@click.option("--seed", default=1)
@click.option("--seconds", default=1e9, help="end after so many seconds")
def main(out: Path, sets: Path, start: Path | None, seconds: float, **chosen: Any) -> None:
    """Train a writer and write what it learned."""
    options = Options(**chosen)
    torch.manual_seed(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    file = embedded_model()
    examples = read_examples(sets)
    tokenizer, chance = Tokenizer(file), random.Random(options.seed)
    learned, checked = (
        [
            item
            for example in examples
            if example.part == part
            and len((item := tokenizer.item(example, chance.random() > options.without_short)).ids) <= options.tokens
        ]
        for part in ("train", "check")
    )
    model = Writer(file, options).to(device)
    if start:
        model.take_over(load_file(start, device=device))
    checked_items = prepared(model, checked, device)
    train(model, prepared(model, learned, device), checked_items, options, seconds)
    save_file(model.learned(), out.with_suffix(".safetensors"), metadata={"options": json.dumps(chosen)})
    write_adapter(model, out, options.rank)
    click.echo(f"{out}: {out.stat().st_size:,} bytes, loss {loss_over(model, checked_items):.3f} on answers not learned from")


if __name__ == "__main__":
    main()
