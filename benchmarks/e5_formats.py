"""The embedded encoder in formats of other engines: a sentence-transformers folder, and a GGUF of the same blocks.

Both are written for benchmarks/engines.py alone; Khabar itself reads the package's file (index/e5/weights.py).
"""

from __future__ import annotations

import struct
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.e5.weights import BLOCK, Floats, Vocabulary, Weights

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# GGUF, version 3: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
_GGUF_VERSION = 3
_ALIGNMENT = 32
_U32, _F32, _BOOL, _TEXT = 4, 6, 7, 8
_MEAN_POOLING = 1
_MOSTLY_Q4_0 = 2

_SUFFIXES = {"w": "weight", "b": "bias"}
# Where the parts of a layer are: in the package's file, in BERT as transformers has it, and in a GGUF.
_LAYER = (
    ("q", "attention.self.query", "attn_q"),
    ("k", "attention.self.key", "attn_k"),
    ("v", "attention.self.value", "attn_v"),
    ("ao", "attention.output.dense", "attn_output"),
    ("aln", "attention.output.LayerNorm", "attn_output_norm"),
    ("fi", "intermediate.dense", "ffn_up"),
    ("fo", "output.dense", "ffn_down"),
    ("oln", "output.LayerNorm", "layer_output_norm"),
)


def write_sentence_transformer(weights: Weights, folder: Path) -> None:
    """Write the weights in float32, a tokenizer and the mean over the tokens, as sentence-transformers saves a model."""
    from safetensors.numpy import save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, PreTrainedTokenizerFast

    shape = weights.shape
    with tempfile.TemporaryDirectory() as name:
        bert = Path(name)
        tensors = dict(_bert_tensors(weights))
        save_file(tensors, bert / "model.safetensors", metadata={"format": "pt"})
        BertConfig(
            architectures=["BertModel"],
            vocab_size=shape.vocabulary,
            hidden_size=shape.hidden,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            intermediate_size=shape.inner,
            max_position_embeddings=shape.positions,
            type_vocab_size=len(tensors["embeddings.token_type_embeddings.weight"]),
            layer_norm_eps=shape.epsilon,
            pad_token_id=weights.special.padding,
        ).save_pretrained(bert)
        special = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>", "pad": "<pad>", "unk": "<unk>"}
        PreTrainedTokenizerFast(
            tokenizer_object=library_tokenizer(weights.vocabulary()),
            model_max_length=shape.positions,
            **{f"{role}_token": token for role, token in special.items()},
        ).save_pretrained(bert)
        modules = [Transformer(str(bert)), Pooling(shape.hidden), Normalize()]
        SentenceTransformer(modules=modules, device="cpu").save(str(folder), create_model_card=False)


def library_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Return the vocabulary as a tokenizer of the `tokenizers` library.

    Its normal form is NFKC but for the characters that the vocabulary's table treats otherwise. NFKC also joins a letter and
    a mark after it, which the table, made for single characters, leaves to SentencePiece's own.
    """
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    special = vocabulary.special
    pieces = [("", 0.0)] * len(vocabulary.scores)
    for piece, number in vocabulary.pieces.items():
        pieces[number] = (piece, vocabulary.scores[number])
    named = {"<s>": special.begin, "</s>": special.end, "<pad>": special.padding, "<unk>": special.unknown}
    for piece, number in named.items():
        pieces[number] = (piece, 0.0)
    tokenizer = Tokenizer(Unigram(pieces, special.unknown, False))
    otherwise: defaultdict[str, str] = defaultdict(str)
    for character, replacement in vocabulary.replacements.items():
        if unicodedata.normalize("NFKC", chr(character)) != replacement:
            otherwise[replacement] += f"\\x{{{character:X}}}"
    replaced = [normalizers.Replace(Regex(f"[{found}]"), replacement) for replacement, found in otherwise.items()]
    tokenizer.normalizer = normalizers.Sequence([*replaced, normalizers.NFKC()])
    words = [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(words)
    ends = [("<s>", special.begin), ("</s>", special.end)]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ends)
    return tokenizer


def _bert_tensors(weights: Weights) -> Iterator[tuple[str, Floats]]:
    shape = weights.shape
    yield "embeddings.word_embeddings.weight", weights.matrix("emb.word", shape.vocabulary)
    yield "embeddings.position_embeddings.weight", weights.vector("emb.pos").reshape(shape.positions, shape.hidden)
    yield "embeddings.token_type_embeddings.weight", weights.vector("emb.type").reshape(-1, shape.hidden)
    for short, long in _SUFFIXES.items():
        yield f"embeddings.LayerNorm.{long}", weights.vector(f"emb.ln.{short}")
    for layer in range(shape.layers):
        for own, theirs, _ in _LAYER:
            bias = weights.vector(f"l{layer}.{own}.b")
            matrix = f"l{layer}.{own}.w"
            yield f"encoder.layer.{layer}.{theirs}.bias", bias
            yield (
                f"encoder.layer.{layer}.{theirs}.weight",
                weights.vector(matrix) if _is_norm(own) else weights.matrix(matrix, len(bias)),
            )


def _is_norm(part: str) -> bool:
    return part.endswith("ln")


@dataclass(frozen=True, slots=True)
class _Stored:
    """A tensor of a GGUF: its dimensions, the last one first, and its content as it is stored."""

    name: str
    dimensions: tuple[int, ...]
    kind: int
    content: bytes


def write_gguf(weights: Weights, file: Path) -> None:
    """Write the weights for llama.cpp, as a BERT without a vocabulary: it is given token ids."""
    shape = weights.shape
    facts: list[tuple[str, int, object]] = [
        ("general.architecture", _TEXT, "bert"),
        ("general.file_type", _U32, _MOSTLY_Q4_0),
        ("bert.context_length", _U32, shape.positions),
        ("bert.embedding_length", _U32, shape.hidden),
        ("bert.feed_forward_length", _U32, shape.inner),
        ("bert.block_count", _U32, shape.layers),
        ("bert.attention.head_count", _U32, shape.heads),
        ("bert.attention.layer_norm_epsilon", _F32, shape.epsilon),
        ("bert.attention.causal", _BOOL, False),
        ("bert.pooling_type", _U32, _MEAN_POOLING),
        ("bert.vocab_size", _U32, shape.vocabulary),
        ("tokenizer.ggml.model", _TEXT, "no_vocab"),
        ("tokenizer.ggml.token_type_count", _U32, len(weights.vector("emb.type")) // shape.hidden),
    ]
    tensors = list(_gguf_tensors(weights))
    with file.open("wb") as target:
        target.write(b"GGUF" + struct.pack("<IQQ", _GGUF_VERSION, len(tensors), len(facts)))
        for name, kind, value in facts:
            target.write(_gguf_text(name) + struct.pack("<I", kind) + _gguf_value(kind, value))
        place = 0
        for tensor in tensors:
            sizes = struct.pack(f"<I{len(tensor.dimensions)}Q", len(tensor.dimensions), *tensor.dimensions)
            target.write(_gguf_text(tensor.name) + sizes + struct.pack("<IQ", tensor.kind, place))
            place += len(tensor.content) + -len(tensor.content) % _ALIGNMENT
        target.write(bytes(-target.tell() % _ALIGNMENT))
        for tensor in tensors:
            target.write(tensor.content + bytes(-len(tensor.content) % _ALIGNMENT))


def _gguf_text(text: str) -> bytes:
    content = text.encode()
    return struct.pack("<Q", len(content)) + content


def _gguf_value(kind: int, value: object) -> bytes:
    return _gguf_text(str(value)) if kind == _TEXT else struct.pack({_U32: "<I", _F32: "<f", _BOOL: "<?"}[kind], value)


def _gguf_tensors(weights: Weights) -> Iterator[_Stored]:
    shape = weights.shape
    yield _matrix(weights, "emb.word", "token_embd.weight", shape.vocabulary)
    yield _floats("position_embd.weight", weights.vector("emb.pos").reshape(shape.positions, shape.hidden))
    yield _floats("token_types.weight", weights.vector("emb.type").reshape(-1, shape.hidden))
    for short, long in _SUFFIXES.items():
        yield _floats(f"token_embd_norm.{long}", weights.vector(f"emb.ln.{short}"))
    for layer in range(shape.layers):
        for own, _, theirs in _LAYER:
            bias = weights.vector(f"l{layer}.{own}.b")
            yield _floats(f"blk.{layer}.{theirs}.bias", bias)
            if _is_norm(own):
                yield _floats(f"blk.{layer}.{theirs}.weight", weights.vector(f"l{layer}.{own}.w"))
            else:
                yield _matrix(weights, f"l{layer}.{own}.w", f"blk.{layer}.{theirs}.weight", len(bias))


def _floats(name: str, values: Floats) -> _Stored:
    return _Stored(name, values.shape[::-1], 0, values.tobytes())


def _matrix(weights: Weights, own: str, name: str, rows: int) -> _Stored:
    """Return a matrix of blocks as llama.cpp's Q4_0, which the package's layout is."""
    scales, nibbles = weights.blocks(own, rows)
    halves: NDArray[np.uint8] = nibbles.reshape(*scales.shape, 2, BLOCK // 2)
    packed = halves[:, :, 0] | halves[:, :, 1] << 4
    content = np.concatenate([scales.astype(np.float16)[:, :, None].view(np.uint8), packed], axis=-1)
    return _Stored(name, (nibbles.shape[1], rows), 2, content.tobytes())
