"""Averages what several runs of one training learned from one beginning, weight by weight.

python -m benchmarks.average_adapters OUT.safetensors ONE.safetensors TWO.safetensors [MORE …]

Runs that begin at the same weights stay near enough to each other for their mean to be a model, and it errs less than each:
what one is wrongly sure of, the other seldom is (Wortsman et al., Model soups, ICML 2022). It takes no longer to run than one.
"""

from __future__ import annotations

import json
from pathlib import Path

import click
import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
def main(out: Path, runs: tuple[Path, ...]) -> None:
    """Write the mean of the runs' weights, with the options of all."""
    learned = [{name: value.astype(np.float32) for name, value in load_file(run).items()} for run in runs]
    if any({name: value.shape for name, value in one.items()} != {name: value.shape for name, value in learned[0].items()}
           for one in learned):  # fmt: skip
        raise click.UsageError("the runs learned weights of other names or sizes: give runs with the same --rank")
    mean = {name: np.asarray(np.mean([one[name] for one in learned], axis=0), np.float16) for name in learned[0]}
    save_file(mean, out, metadata={"options": json.dumps([_options(run) for run in runs])})


def _options(run: Path) -> str:
    with safe_open(run, framework="numpy") as file:
        return str((file.metadata() or {}).get("options", ""))


if __name__ == "__main__":
    main()
