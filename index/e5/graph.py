"""The transformer of multilingual-e5-small as an ONNX graph, written from the package's 4-bit weights.

The graph begins after the look-up of word and position embeddings, whose table stays in the package's file (index/e5/engine.py
reads the rows that a text needs), so that it holds 21 of the model's 118 million weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.e5.precision import Precision
from index.e5.weights import BLOCK, Weights

_OPSET = 20
_IR = 10
_MICROSOFT = "com.microsoft"
# What the product of an adapter's two matrices counts, as benchmarks/lora.py trains it.
_ADAPTER_SCALE = 2.0
# The largest weight of int8, of seven bits: pairs of products of eight bits overflow where a processor adds them up in 16 (AVX2
# without VNNI), so that vectors would depend on the machine, and on this one were farther from float32.
_MOST = 63
_ACCURACY = {"int4": 0, "int4-int8": 4}


def encoder_graph(weights: Weights, precision: Precision) -> bytes:
    """Return the serialised model of one text: `embedded` (1, tokens, hidden) -> `vector` (1, hidden), the mean at length 1."""
    writer = _GraphWriter(weights, precision)
    writer.mean(writer.layers("embedded"), "vector")
    return writer.serialised("multilingual-e5-small", [_value("vector", 1, weights.shape.hidden)])


def reader_graph(weights: Weights, adapter: Mapping[str, NDArray[np.float32]], precision: Precision) -> bytes:
    """Return the serialised model that reads one text: `embedded` -> `start` and `end` (1, tokens), `answers` (1).

    `adapter` holds what benchmarks/train_reader.py learned: two thin matrices beside each of the encoder's, which are added to
    them here, and the heads for a span's borders and for whether there is an answer at all, all three before any softmax.
    """
    writer = _GraphWriter(weights, precision, adapter)
    hidden = writer.layers("embedded")
    writer.span(hidden, "start", "end")
    writer.answerability(hidden, "answers")
    made = [_value("start", 1, "tokens"), _value("end", 1, "tokens"), _value("answers", 1)]
    return writer.serialised("multilingual-e5-small-reader", made)


def judge_graph(weights: Weights, adapter: Mapping[str, NDArray[np.float32]], precision: Precision) -> bytes:
    """Return the serialised model that reads a claim beside a source: `embedded` -> `answers` (1), the log odds that it holds.

    `adapter` holds what benchmarks/train_entailment.py learned: as the reader's, without the head for a span's borders.
    """
    writer = _GraphWriter(weights, precision, adapter)
    writer.answerability(writer.layers("embedded"), "answers")
    return writer.serialised("multilingual-e5-small-judge", [_value("answers", 1)])


def _value(name: str, *shape: str | int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


class _GraphWriter:
    """Collects the nodes and constants of a graph; each method adds a piece and returns the name of its output."""

    def __init__(
        self, weights: Weights, precision: Precision, adapter: Mapping[str, NDArray[np.float32]] | None = None
    ) -> None:
        self._weights = weights
        self._precision = precision
        self._adapter = adapter or {}
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def serialised(self, name: str, made: Sequence[onnx.ValueInfoProto]) -> bytes:
        """Return the model, whose input is `embedded` and whose outputs are `made`."""
        given = _value("embedded", 1, "tokens", self._weights.shape.hidden)
        graph = helper.make_graph(self._nodes, name, [given], made, list(self._constants.values()))
        operators = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        content: bytes = helper.make_model(graph, opset_imports=operators, ir_version=_IR).SerializeToString()
        return content

    def layers(self, embedded: str) -> str:
        """Add every layer: post-norm blocks of attention and of a two-layer network (BERT)."""
        hidden = self._norm(embedded, "emb.ln")
        for number in range(self._weights.shape.layers):
            layer = f"l{number}"
            attended = self._attention(hidden, layer)
            hidden = self._norm(self._sum(hidden, attended, f"{layer}.attended"), f"{layer}.aln")
            inner = self._node("Gelu", [self._linear(hidden, [f"{layer}.fi"], self._weights.shape.inner)], f"{layer}.gelu")
            outer = self._linear(inner, [f"{layer}.fo"], self._weights.shape.hidden)
            hidden = self._norm(self._sum(hidden, outer, f"{layer}.thought"), f"{layer}.oln")
        return hidden

    def mean(self, hidden: str, name: str) -> None:
        """Add the mean over the tokens, at length 1 (so that the sum does)."""
        total = self._node("ReduceSum", [hidden, self._constant("tokens", np.array([1]))], "total", keepdims=0)
        self._node("LpNormalization", [total], name, axis=-1, p=2)

    def span(self, hidden: str, start: str, end: str) -> None:
        """Add the scores of each token as the first and the last of an answer."""
        scores = self._head(hidden, "span")
        self._nodes.append(helper.make_node("Split", [scores], ["start.wide", "end.wide"], axis=-1, num_outputs=2))
        last = self._constant("last", np.array([2]))
        for name in (start, end):
            self._node("Squeeze", [f"{name}.wide", last], name)

    def answerability(self, hidden: str, name: str) -> None:
        """Add the score that the text answers, from its first token."""
        first = self._node("Gather", [hidden, self._constant("first", np.array([0]))], "first.token", axis=1)
        pooled = self._node("Tanh", [self._head(first, "pooled")], "pooled.tanh")
        self._node("Squeeze", [self._head(pooled, "answers"), self._constant("scores", np.array([1, 2]))], name)

    def _head(self, values: str, head: str) -> str:
        matrix = self._constant(f"{head}.matrix", self._adapter[f"{head}.weight"].T)
        product = self._node("MatMul", [values, matrix], f"{head}.product")
        return self._sum(product, self._constant(f"{head}.bias", self._adapter[f"{head}.bias"]), head)

    def _matrix(self, tensor: str, rows: int) -> NDArray[np.float32]:
        """Return a matrix in float32, with what the adapter adds to it."""
        matrix: NDArray[np.float32] = self._weights.matrix(f"{tensor}.w", rows)
        beside = f"linear.{tensor.replace('.', '_')}"
        if f"{beside}.up" in self._adapter:
            matrix = matrix + np.float32(_ADAPTER_SCALE) * (self._adapter[f"{beside}.up"] @ self._adapter[f"{beside}.down"])
        return matrix

    def _attention(self, hidden: str, layer: str) -> str:
        size, heads = self._weights.shape.hidden, self._weights.shape.heads
        joined = self._linear(hidden, [f"{layer}.{part}" for part in "qkv"], size)
        parts = [f"{layer}.{part}.split" for part in "qkv"]
        self._nodes.append(helper.make_node("Split", [joined], parts, axis=-1, num_outputs=len(parts)))
        context = self._node(
            "MultiHeadAttention", parts, f"{layer}.context", domain=_MICROSOFT, num_heads=heads
        )
        return self._linear(context, [f"{layer}.ao"], size)

    def _linear(self, values: str, tensors: Sequence[str], rows: int) -> str:
        """Add matrices of `rows` rows each, side by side, and their biases."""
        name = "+".join(tensors)
        bias = np.concatenate([self._weights.vector(f"{tensor}.b") for tensor in tensors])
        biased = self._constant(f"{name}.bias", bias)
        if self._precision in _ACCURACY:
            return self._of_blocks(values, name, tensors, rows, biased)
        matrix = np.concatenate([self._matrix(tensor, rows) for tensor in tensors])
        if self._precision == "int8":
            return self._of_bytes(values, name, matrix, biased)
        product = self._node("MatMul", [values, self._constant(f"{name}.matrix", matrix.T)], f"{name}.product")
        return self._sum(product, biased, name)

    def _of_blocks(self, values: str, name: str, tensors: Sequence[str], rows: int, bias: str) -> str:
        stored = [self._weights.blocks(f"{tensor}.w", rows) for tensor in tensors]
        scales = np.concatenate([scales for scales, _ in stored])
        nibbles = np.concatenate([nibbles for _, nibbles in stored])
        # The operator wants neighbours in one byte, where the file has the halves of a block.
        packed = (nibbles[:, 0::2] | nibbles[:, 1::2] << 4).reshape(*scales.shape, BLOCK // 2)
        stored_as = [self._constant(f"{name}.blocks", packed), self._constant(f"{name}.scales", scales.ravel())]
        inputs = [values, *stored_as, "", "", bias]
        return self._node(
            "MatMulNBits", inputs, name, domain=_MICROSOFT, N=nibbles.shape[0], K=nibbles.shape[1], bits=4,
            block_size=BLOCK, accuracy_level=_ACCURACY[self._precision],
        )  # fmt: skip

    def _of_bytes(self, values: str, name: str, matrix: NDArray[np.float32], bias: str) -> str:
        scales = np.abs(matrix).max(axis=1) / _MOST
        rounded = np.round(matrix / scales[:, None]).astype(np.int8).T
        inputs = [values, self._constant(f"{name}.bytes", rounded), self._constant(f"{name}.scales", scales)]
        zeros = self._constant(f"{name}.zeros", np.zeros(len(scales), np.int8))
        return self._node("DynamicQuantizeMatMul", [*inputs, zeros, bias], name, domain=_MICROSOFT)

    def _norm(self, values: str, tensor: str) -> str:
        parts = [self._constant(f"{tensor}.{part}", self._weights.vector(f"{tensor}.{part}")) for part in "wb"]
        return self._node("LayerNormalization", [values, *parts], tensor, axis=-1, epsilon=self._weights.shape.epsilon)

    def _sum(self, left: str, right: str, name: str) -> str:
        return self._node("Add", [left, right], f"{name}.sum")

    def _node(self, operation: str, inputs: Sequence[str], name: str, *, domain: str = "", **attributes: Any) -> str:
        self._nodes.append(helper.make_node(operation, inputs, [name], domain=domain, **attributes))
        return name

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name
