"""Graphs of multilingual-e5-small under ONNX Runtime: kept in a cache, made once, checked whenever they are opened."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.e5.precision import Precision
from index.e5.weights import Floats, Weights
from index.progress import Tell
from index.types import KhabarError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

PRECISION: Precision = "int8"
# The judge's verdict hangs on what tells two like sentences apart, which bytes round away; it reads a few pairs a draft.
_EXACT: Precision = "float32"
# Goes up with every change of the graph: a file of another version is left alone, and a new one made.
VERSION = 2


@dataclass(frozen=True, slots=True)
class Graph:
    """What an engine runs: a name that tells it from others, how its content is made, what to say while that is done.

    `precision` is how exactly it computes, None for PRECISION.
    """

    name: str
    make: Callable[[Weights, Precision], bytes]
    telling: str
    precision: Precision | None = None


class Engine:
    """Token ids -> what a graph makes of them. Safe to use from several threads, each of which does its own work."""

    def __init__(self, weights: Weights, graph: Graph, cache: Path | None, tell: Tell) -> None:
        """Open the graph in `cache`, or make it; `tell` hears what a reader must wait for. Raises KhabarError."""
        self._weights = weights
        self.hidden, self.positions = weights.shape.hidden, weights.shape.positions
        places = weights.vector("emb.pos").reshape(self.positions, self.hidden)
        self._places = places + weights.vector("emb.type")[: self.hidden]
        self._session = _session(_graph_file(weights, graph, cache, tell))

    def run(self, ids: Sequence[int], added: Floats | None = None) -> list[Floats]:
        """Return the graph's outputs for the token ids of one text, special tokens included.

        `added` is put to the embeddings: shape (tokens, hidden).

        A text at a time: activations are rounded to bytes by their extremes, so that in a batch each text would depend on the
        others. On processors, whose caches a text fills, it takes no longer.
        """
        embedded = self._weights.embeddings(np.asarray(ids, dtype=np.int64)) + self._places[: len(ids)]
        if added is not None:
            embedded = embedded + added
        return [np.asarray(found, dtype=np.float32)[0] for found in self._session.run(None, {"embedded": embedded[None]})]


def encoder_of(weights: Weights, cache: Path | None, tell: Tell) -> Engine:
    """Return the engine that makes vectors: its one output has the shape (hidden,) and the length 1."""

    def make(weights: Weights, precision: Precision) -> bytes:
        from index.e5.graph import encoder_graph  # its library is needed only where a file is made

        return encoder_graph(weights, precision)

    return Engine(weights, Graph("encoder", make, "Preparing the embedded encoder, once; some seconds…"), cache, tell)


def reader_of(weights: Weights, adapter: Mapping[str, Floats], name: str, cache: Path | None, tell: Tell) -> Engine:
    """Return the engine that reads, by an adapter that `name` tells from others.

    Its outputs are the scores of each token as an answer's first and last, shapes (tokens,), and of the text as one that
    answers at all.
    """

    def make(weights: Weights, precision: Precision) -> bytes:
        from index.e5.graph import reader_graph

        return reader_graph(weights, adapter, precision)

    return Engine(weights, Graph(f"reader-{name}", make, "Preparing the embedded reader, once; some seconds…"), cache, tell)


def judge_of(weights: Weights, adapter: Mapping[str, Floats], name: str, cache: Path | None, tell: Tell) -> Engine:
    """Return the engine that tells whether a source says a claim, by an adapter that `name` tells from others.

    It reads both as one text, with what is `added` for each token. Its output are the log odds, shape ().
    """

    def make(weights: Weights, precision: Precision) -> bytes:
        from index.e5.graph import judge_graph

        return judge_graph(weights, adapter, precision)

    graph = Graph(f"judge-{name}", make, "Preparing the embedded judge, once; some seconds…", _EXACT)
    return Engine(weights, graph, cache, tell)


def _session(graph: Path | bytes) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Callers work side by side instead, for threads that share one text wait for each other: where neighbours want the
    # cores, that took forty times as long (docs/decisions.md).
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # it keeps a plan of the memory for every shape met, and every batch has its own
    options.log_severity_level = 3
    try:
        given = graph if isinstance(graph, bytes) else str(graph)
        return onnxruntime.InferenceSession(given, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises many kinds
        raise KhabarError(
            f"the embedded embedder cannot run on this machine ({str(error).splitlines()[0][:160]})",
            "choose KHABAR_EMBEDDER=none, or a sentence-transformers model of your own",
        ) from error


def _graph_file(weights: Weights, graph: Graph, cache: Path | None, tell: Tell) -> Path | bytes:
    """Return the graph's file in the cache, made where it is missing or damaged; its content where it cannot be kept."""
    precision = graph.precision or PRECISION
    file = (cache or Path()) / f"multilingual-e5-small-{graph.name}-{precision}-{VERSION}-{weights.sha256[:8]}.onnx"
    if cache is not None and _is_whole(file):
        return file
    tell(graph.telling)
    content = graph.make(weights, precision)
    if cache is None:
        return content
    try:
        _keep(file, content)
    except OSError as error:
        tell(f"It cannot be kept in '{cache}' ({error.strerror}) and is made anew each time; KHABAR_CACHE names a folder.")
        return content
    return file


def _record(file: Path) -> Path:
    return file.with_suffix(".json")


def _is_whole(file: Path) -> bool:
    """Tell whether a file is as it was made."""
    try:
        record = json.loads(_record(file).read_text(encoding="utf-8"))
        return bool(record == {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()})
    except (OSError, ValueError):
        return False


def _keep(file: Path, content: bytes) -> None:
    """Write the file and its record, each at once: of two processes that make it side by side, either's will do."""
    file.parent.mkdir(parents=True, exist_ok=True)
    record = {"sha256": hashlib.sha256(content).hexdigest()}
    for path, written in ((file, content), (_record(file), json.dumps(record).encode())):
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as target:
                target.write(written)
            os.replace(temporary, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
