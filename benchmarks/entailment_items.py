"""Writes the pairs that benchmarks/train_entailment.py learns from as token ids, with the encoder's weights.

python -m benchmarks.entailment_items OUT.npz --sets DIR [--public PAIRS.tsv]

What trains needs nothing else then: neither the public sets nor this machine. It has the parts `train` and `check` alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.progress import track

from benchmarks.encoder_weights import encoder_weights
from benchmarks.entailment import statements_of
from benchmarks.entailment_pairs import Pair, elsewhere_pairs, own_pairs, public_pairs, translated_pairs, written_pairs
from index.e5.tokenizer import UnigramTokenizer
from index.e5.weights import Weights, find_weights
from rag.draft.alignment import align_whole
from rag.draft.guards import is_open
from rag.draft.judge import read_together
from rag.draft.tuning import PAIR_TOKENS

_PARTS = ("train", "check")


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
        if len(together[0]) <= PAIR_TOKENS:
            ids.append(together[0])
            shared.append(together[1])
            kept.append(pair)
    click.echo(f"{len(kept)} pairs, {sum(pair.part in _PARTS for pair in pairs) - len(kept)} are too long")
    special = {weights.special.begin, weights.special.end, weights.special.padding}
    used = np.array(sorted(special.union(*ids)), dtype=np.int64)
    # Only what no guard refuses is shown by the judge's word: its bar is set among these.
    opened = [
        pair.part == "check" and pair.origin == "own" and is_open(align_whole(*statements_of(pair)))
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
    }
    arrays |= {f"weights/{name}": value for name, value in encoder_weights(weights, used).items()}
    np.savez_compressed(out, **arrays)


if __name__ == "__main__":
    main()
