"""Writes the pairs that benchmarks/train_entailment.py learns from as token ids, with the encoder's weights.

python -m benchmarks.entailment_items OUT.npz --sets DIR [--public PAIRS.tsv]

What trains needs nothing else then: neither the public sets nor this machine. It has the parts `train` and `check` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.progress import track

from benchmarks.entailment import comparison
from benchmarks.entailment_pairs import Pair, elsewhere_pairs, own_pairs, public_pairs, translated_pairs, written_pairs
from index.e5.tokenizer import UnigramTokenizer
from index.e5.weights import Weights, find_weights
from rag.draft.entailment import is_open
from rag.draft.judge import read_together

_MOST_TOKENS = 192
_PARTS = ("train", "check")


def encoder_weights(weights: Weights, used: Sequence[int]) -> dict[str, Any]:
    """Return the encoder's weights with the embeddings of so many tokens only, as float16."""
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
    return {name: value if name == "shape" else value.astype(np.float16) for name, value in kept.items()}


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--sets", required=True, type=click.Path(path_type=Path, exists=True), help="folder of the public sets")
@click.option("--public", type=click.Path(path_type=Path, exists=True), help="public pairs")
def main(out: Path, sets: Path, public: Path | None) -> None:
    """Write the training file."""
    pairs: list[Pair] = [*own_pairs(sets), *translated_pairs(sets), *elsewhere_pairs(sets), *written_pairs(sets)]
    pairs += public_pairs(public) if public else []
    weights = Weights(find_weights())
    tokenizer = UnigramTokenizer(weights.vocabulary())
    ids: list[list[int]] = []
    shared: list[list[bool]] = []
    kept: list[Pair] = []
    for pair in (pair for pair in pairs if pair.part in _PARTS):
        together = read_together(tokenizer.ids(f"query: {pair.claim}"), tokenizer.ids(pair.source), weights.special)
        if len(together[0]) <= _MOST_TOKENS:
            ids.append(together[0])
            shared.append(together[1])
            kept.append(pair)
    click.echo(f"{len(kept)} pairs, {sum(pair.part in _PARTS for pair in pairs) - len(kept)} are too long")
    used = sorted({weights.special.padding, *(token for one in ids for token in one)})
    # Only what no guard refuses is shown by the judge's word: its bar is set among these.
    opened = [
        pair.part == "check" and pair.origin == "own" and is_open(comparison(pair))
        for pair in track(kept, "guards", console=Console(stderr=True))
    ]
    arrays: dict[str, Any] = {
        "ids": np.searchsorted(used, np.concatenate([np.array(one) for one in ids])).astype(np.uint16),
        "begins": np.cumsum([0, *map(len, ids)]),
        "shared": np.concatenate([np.array(one) for one in shared]),
        "holds": np.array([pair.holds for pair in kept]),
        "checked": np.array([pair.part == "check" for pair in kept]),
        "opened": np.array(opened),
        "origins": np.array([pair.origin for pair in kept]),
        "languages": np.array([f"{pair.claim_language}-{pair.language}" for pair in kept]),
        "kinds": np.array([pair.kind for pair in kept]),
        "padding": np.array(np.searchsorted(used, weights.special.padding)),
    }
    encoder = {f"weights/{name}": value for name, value in encoder_weights(weights, used).items()}
    np.savez_compressed(out, **arrays, **encoder)


if __name__ == "__main__":
    main()
