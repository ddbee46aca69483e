"""Which quotes of an answer belong side by side, for they contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Contrast:
    """Citations that contradict each other, by number, and the values of each in which it differs from the others."""

    numbers: tuple[int, ...]
    values: Mapping[int, tuple[str, ...]]


def contrasts(answer: Answer) -> list[Contrast]:
    """Return the disagreements of an answer; those that share a citation (on the number and on the day) are one."""
    known = {item.number for item in answer.citations}
    found: list[dict[int, tuple[str, ...]]] = []
    for disagreement in answer.disagreements:
        told = zip(disagreement.citations, disagreement.values, strict=False)
        values: dict[int, tuple[str, ...]] = {number: (value,) for number, value in told if number in known}
        if len(values) < 2:
            continue
        for other in [other for other in found if not other.keys().isdisjoint(values)]:
            found.remove(other)
            values = {number: other.get(number, ()) + values.get(number, ()) for number in [*other, *values]}
        found.append(values)
    return [Contrast(tuple(values), values) for values in found]
