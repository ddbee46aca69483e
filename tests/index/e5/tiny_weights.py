"""A file of weights that tests make: two small layers, and a vocabulary of a few words in three languages."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
WORDS = [
    "▁query", "▁passage", ":", ".", "؟", "▁the", "▁summit", "▁meeting", "▁Budapest", "▁week", "▁last", "ing",
    "▁قمة", "▁القمة", "▁بودابست", "▁لقاء", "▁ال", "رئيس", "ين", "▁في", "ات",
    "▁دیدار", "▁رئیس", "▁جمهور", "▁می", "شود", "▁در", "▁بوداپست", "ها", "▁نشست",
]  # fmt: skip
LETTERS = "▁abcdefghijklmnopqrstuvwxyzابتثجحخدذرزسشصضطظعغفقكلمنهويىةئأإآپچژگکی0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
REPLACEMENTS = {"\t": " ", "\n": " ", "\u200c": " ", "\u3000": " ", "\0": "", "ﻼ": "لا", "ﷲ": "الله", "①": "1", "Ａ": "a"}


@dataclass(frozen=True)
class Block:
    """A matrix as the file stores it: a scale for every 32 weights, and each weight as a number from 0 to 15."""

    scales: NDArray[np.float16]
    nibbles: NDArray[np.uint8]

    @property
    def count(self) -> int:
        return int(self.nibbles.size)

    def stored(self) -> bytes:
        """Return the blocks: the scale, then 16 bytes, the low halves the first 16 weights."""
        written = bytearray()
        for scales, row in zip(self.scales, self.nibbles, strict=True):
            for number, scale in enumerate(scales):
                weights = [int(weight) for weight in row[32 * number : 32 * number + 32]]
                written += struct.pack("<e", scale)
                written += bytes(low | high << 4 for low, high in zip(weights[:16], weights[16:], strict=True))
        return bytes(written)

    def values(self) -> list[list[float]]:
        """Return the weights, one by one."""
        return [
            [float(scales[place // 32]) * (int(weight) - 8) for place, weight in enumerate(row)]
            for scales, row in zip(self.scales, self.nibbles, strict=True)
        ]


@dataclass
class TinyModel:
    """What a file is made of, all of it seeded."""

    hidden: int = 64
    layers: int = 2
    heads: int = 4
    inner: int = 96
    positions: int = 24
    epsilon: float = 1e-12
    replacements: Mapping[str, str] = field(default_factory=lambda: REPLACEMENTS)

    def __post_init__(self) -> None:
        self.pieces = [*SPECIAL, *WORDS, *LETTERS]
        assert len(self.pieces) == len(set(self.pieces))
        self._random = np.random.default_rng(5)
        # A word is more probable than its letters, and every letter as probable as any other.
        self.scores = [0.0] * len(SPECIAL) + [-5.0 - number / 50 for number in range(len(WORDS))] + [-9.0] * len(LETTERS)
        self.vocabulary = len(self.pieces) + 3  # the real file has more rows than pieces, too
        self.tensors: dict[str, Block | NDArray[np.float32]] = {
            "emb.word": self._matrix(self.vocabulary, self.hidden),
            "emb.pos": self._vector(self.positions * self.hidden, 0.05),
            "emb.type": self._vector(2 * self.hidden, 0.05),
            **self._norm("emb.ln"),
        }
        for layer in (f"l{number}" for number in range(self.layers)):
            for name, rows, columns in (
                ("q", self.hidden, self.hidden), ("k", self.hidden, self.hidden), ("v", self.hidden, self.hidden),
                ("ao", self.hidden, self.hidden), ("fi", self.inner, self.hidden), ("fo", self.hidden, self.inner),
            ):  # fmt: skip
                self.tensors[f"{layer}.{name}.w"] = self._matrix(rows, columns)
                self.tensors[f"{layer}.{name}.b"] = self._vector(rows, 0.05)
            self.tensors |= self._norm(f"{layer}.aln") | self._norm(f"{layer}.oln")

    def _matrix(self, rows: int, columns: int) -> Block:
        scales = self._random.uniform(0.01, 0.05, (rows, columns // 32)).astype(np.float16)
        return Block(scales, self._random.integers(0, 16, (rows, columns), dtype=np.uint8))

    def _vector(self, size: int, spread: float) -> NDArray[np.float32]:
        return self._random.normal(0, spread, size).astype(np.float32)

    def _norm(self, name: str) -> dict[str, NDArray[np.float32]]:
        return {f"{name}.w": 1 + self._vector(self.hidden, 0.1), f"{name}.b": self._vector(self.hidden, 0.1)}

    def matrix(self, name: str) -> NDArray[np.float32]:
        tensor = self.tensors[name]
        assert isinstance(tensor, Block)
        return np.array(tensor.values(), dtype=np.float32)

    def vector(self, name: str) -> NDArray[np.float32]:
        tensor = self.tensors[name]
        assert not isinstance(tensor, Block)
        return tensor

    def header(self, offsets: Mapping[str, int]) -> bytes:
        """Return all that stands before the tensors."""
        encoded = [piece.encode() for piece in self.pieces]
        ends = np.cumsum([0, *map(len, encoded)])
        replacements = b"".join(_replacement(old, new) for old, new in self.replacements.items())
        shape = (self.hidden, self.layers, self.heads, self.inner, self.vocabulary, self.positions, 2)
        parts = [
            b"E5S1", struct.pack("<i7ifi", 1, *shape, self.epsilon, 32),
            struct.pack("<5iQ", len(encoded), 0, 2, 1, 3, int(ends[-1])),
            ends.astype("<u4").tobytes(), np.array(self.scores, "<f4").tobytes(), b"".join(encoded),
            struct.pack("<iI", len(self.replacements), len(replacements)), replacements,
            struct.pack("<i", len(self.tensors)),
        ]  # fmt: skip
        for name, tensor in self.tensors.items():
            kind, count, size = (1, tensor.count, len(tensor.stored())) if isinstance(tensor, Block) else (
                0, tensor.size, 4 * tensor.size
            )  # fmt: skip
            parts.append(struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, offsets[name], size))
        return b"".join(parts)

    def content(self) -> bytes:
        """Return the bytes of the whole file."""
        place = len(self.header(dict.fromkeys(self.tensors, 0)))
        offsets: dict[str, int] = {}
        stored: list[bytes] = []
        for name, tensor in self.tensors.items():
            gap = -place % 32
            stored += [bytes(gap), tensor.stored() if isinstance(tensor, Block) else tensor.astype("<f4").tobytes()]
            offsets[name] = place + gap
            place = offsets[name] + len(stored[-1])
        return self.header(offsets) + b"".join(stored)

    def write(self, file: Path) -> Path:
        file.write_bytes(self.content())
        return file

    def ids(self, pieces: Sequence[str]) -> list[int]:
        return [self.pieces.index(piece) for piece in pieces]


def _replacement(old: str, new: str) -> bytes:
    return struct.pack(f"<IB{len(new)}I", ord(old), len(new), *map(ord, new))
