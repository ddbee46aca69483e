"""Texts -> dense vectors: the Embedder protocol, the door for a sentence-transformers model, and which one a setting names."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.e5.encoder import NAME, E5Encoder
from index.e5.weights import find_weights
from index.models import RECORD, check_transformer, loading_options, locate, not_loaded, origin, read_json
from index.progress import Tell, silent
from index.types import LANGUAGES, KhabarError, Language

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
EMBEDDED = NAME
NONE = "none"
# Names by which the embedded embedder went before, for English alone.
_FORMER = frozenset({"minilm", "all-MiniLM-L6-v2"})
_SAMPLES = 16
_SAMPLE_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is put before every text, as the model was trained to see it; "" for nothing."""

    query: str = ""
    passage: str = ""


# Families whose published folders do not say what they want to see before a text. The first that fits a name counts.
_FAMILIES = (
    (
        re.compile(r"(?<![a-z0-9])e5(?![a-z0-9]).*instruct"),
        Prompts("Instruct: Given a question, retrieve passages that answer it\nQuery: "),
    ),
    (re.compile(r"(?<![a-z0-9])e5(?![a-z0-9])"), Prompts("query: ", "passage: ")),
    (re.compile(r"nomic-embed-text"), Prompts("search_query: ", "search_document: ")),
)


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
    """A sentence-transformers model from a local folder, loaded at its first use and never from a hub."""

    def __init__(self, folder: Path, name: str, languages: frozenset[Language], prompts: Prompts = Prompts()) -> None:
        """Remember where the model is; loading takes seconds and waits until a text comes."""
        self.folder = folder
        self.name = name
        self.languages = languages
        self.prompts = prompts

    @cached_property
    def _model(self) -> SentenceTransformer:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(str(self.folder), **loading_options())
        except Exception as error:  # the library raises many kinds for a broken folder
            raise not_loaded("embedder", self.folder, error) from error

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of stored texts: shape (len(texts), dimension), each row of length 1. Raises KhabarError."""
        return self._encode(list(texts), self.prompts.passage)

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a question: shape (dimension,), of length 1. Raises KhabarError."""
        vector: Vectors = self._encode([text], self.prompts.query)[0]
        return vector

    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        # A prompt of "" is given too: without one the library would take the model's default prompt.
        vectors = self._model.encode(
            texts, prompt=prompt, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=False
        )
        stacked = np.stack([vector.float().cpu().numpy() for vector in vectors])
        if not np.isfinite(stacked).all():
            raise KhabarError(
                f"the embedder in '{self.folder}' makes vectors that are not numbers (NaN)",
                "its weights are damaged: copy it again, or give KHABAR_EMBEDDER another model",
            )
        return np.ascontiguousarray(stacked, dtype=np.float32)


def load_embedder(
    choice: str,
    languages: frozenset[Language] = frozenset(LANGUAGES),
    models: Path | None = None,
    query_prompt: str | None = None,
    passage_prompt: str | None = None,
    cache: Path | None = None,
    tell: Tell = silent,
) -> Embedder:
    """Return the embedder that a setting names: the embedded one, `none`, or a model of the user's own.

    The embedded one keeps what it derives in the folder `cache`, and tells of work that takes time. One's own is a folder, or a
    name in the folder `models`. It serves `languages`; what is put before a question and before a passage is read off the
    model where a prompt is None. Raises KhabarError for a folder that holds no embedder.
    """
    if choice == NONE:
        return NoEmbedder()
    if choice == EMBEDDED:
        return E5Encoder(find_weights(), cache, tell)
    if choice in _FORMER and not Path(choice).exists():
        raise KhabarError(
            f"the embedder '{choice}' is no longer part of Khabar, which has one for all three languages now",
            f"leave KHABAR_EMBEDDER out, or set it to '{EMBEDDED}'",
        )
    folder = locate(choice, "embedder", models)
    check_transformer(folder, "embedder")
    own = prompts_of(folder)
    prompts = Prompts(
        own.query if query_prompt is None else query_prompt, own.passage if passage_prompt is None else passage_prompt
    )
    return SentenceTransformerEmbedder(folder, f"{folder.resolve().name}@{_fingerprint(folder, prompts)}", languages, prompts)


def prompts_of(folder: Path) -> Prompts:
    """Return what a model wants to see before a text: by its configuration, or else by the family that its name tells."""
    configured = read_json(folder / "config_sentence_transformers.json")
    prompts = configured.get("prompts")
    given = {name: str(text) for name, text in prompts.items() if text} if isinstance(prompts, dict) else {}
    usual = given.get(str(configured.get("default_prompt_name")), "")
    told = Prompts(given.get("query", usual), given.get("passage") or given.get("document", usual))
    if told != Prompts():
        return told
    names = [name.lower() for name in _names(folder)]
    return next((wanted for family, wanted in _FAMILIES if any(family.search(name) for name in names)), Prompts())


def _names(folder: Path) -> list[str]:
    """Return the names that a model goes by: of its folder, its repository, and the hub's cache that the folder is in."""
    whole = folder.resolve()
    cached = [part for part in whole.parts if part.startswith("models--")]
    return [whole.name, origin(folder), *cached]


def _fingerprint(folder: Path, prompts: Prompts) -> str:
    """Return 8 hexadecimal digits that change with the prompts and the model's files.

    Configurations are read whole; of weights the name, the size and samples, so that a model of the same shape that takes
    another's place is noticed. What only tells of the model (a README, Khabar's record) does not count.
    """
    digest = blake2b(repr(prompts).encode(), digest_size=4)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        inside = path.relative_to(folder)
        if path.suffix == ".md" or path.name == RECORD or any(part.startswith(".") for part in inside.parts):
            continue
        size = path.stat().st_size
        digest.update(f"{inside.as_posix()}:{size}".encode())
        with path.open("rb") as file:
            if size < _SAMPLES * _SAMPLE_BYTES:
                digest.update(file.read())
                continue
            for number in range(_SAMPLES):
                file.seek((size - _SAMPLE_BYTES) * number // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()
