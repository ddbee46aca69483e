"""LoRA: two thin matrices that learn beside a frozen one (Hu et al., LoRA, ICLR 2022), and the rate at which they do."""

from __future__ import annotations

import math
import time

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# What the product of the two matrices counts, alpha over rank.
SCALE = 2.0
# The share of the highest rate that is left at the end.
_LEAST_RATE = 0.02


class LoRA(nn.Module):
    """A frozen linear layer and the product of two thin matrices beside it."""

    def __init__(self, weight: Tensor, bias: Tensor | None, rank: int, dropout: float = 0.0) -> None:
        """Begin as the frozen layer: the second matrix is zero."""
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        self.down = nn.Parameter(torch.randn(rank, weight.shape[1]) / math.sqrt(weight.shape[1]))
        self.up = nn.Parameter(torch.zeros(weight.shape[0], rank))
        self._dropout = nn.Dropout(dropout)

    def forward(self, values: Tensor) -> Tensor:
        """Return the layer's outputs: shape (…, rows)."""
        # Dropout between the two: over the inputs it took a quarter of a step's time on two cores.
        beside = F.linear(self._dropout(F.linear(values, self.down)), self.up)
        return F.linear(values, self.weight, self.bias) + SCALE * beside  # type: ignore[arg-type]


def falling_rate(
    optimizer: torch.optim.Optimizer, steps: int, warm_up: int, seconds: float
) -> torch.optim.lr_scheduler.LambdaLR:
    """Return the schedule of a learning rate that rises for `warm_up` steps and falls to next to nothing.

    It is there by the last step, or by the last of so many seconds from now.
    """
    started = time.time()

    def share_of_rate(step: int) -> float:
        done = min(1.0, max(step / steps, (time.time() - started) / seconds))
        return min(1.0, (step + 1) / warm_up) * max(_LEAST_RATE, 0.5 * (1 + math.cos(math.pi * done)))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, share_of_rate)
