"""The graph under ONNX Runtime: held to transformers' BERT with the same weights, and kept in a cache whatever happens."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper

from index.e5 import engine as engine_module
from index.e5 import graph
from index.e5.engine import Engine, encoder_of
from index.e5.graph import encoder_graph
from index.e5.weights import Weights
from index.types import KhabarError
from tests.index.e5.tiny_weights import TinyModel

ROOT = Path(__file__).parents[3]
PRECISIONS = ["int4", "int4-int8", "int8", "float32"]


def ids_of(length: int) -> list[int]:
    """Return token ids, so many and in no order, between those that begin and end a text."""
    return [0, *np.random.default_rng(length).integers(4, 100, length - 2).tolist(), 2]


def bert(model: TinyModel):
    """Return transformers' BERT with the weights of the file."""
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=model.vocabulary, hidden_size=model.hidden, num_hidden_layers=model.layers, intermediate_size=model.inner,
        num_attention_heads=model.heads, max_position_embeddings=model.positions, type_vocab_size=2, hidden_act="gelu",
        layer_norm_eps=model.epsilon,
    )  # fmt: skip
    places = {
        "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value", "ao": "attention.output.dense",
        "fi": "intermediate.dense", "fo": "output.dense", "aln": "attention.output.LayerNorm", "oln": "output.LayerNorm",
    }  # fmt: skip
    state = {
        "embeddings.word_embeddings.weight": model.matrix("emb.word"),
        "embeddings.position_embeddings.weight": model.vector("emb.pos").reshape(model.positions, -1),
        "embeddings.token_type_embeddings.weight": model.vector("emb.type").reshape(2, -1),
        "embeddings.LayerNorm.weight": model.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": model.vector("emb.ln.b"),
    }
    for number in range(model.layers):
        for name, place in places.items():
            weights = (model.vector if name.endswith("ln") else model.matrix)(f"l{number}.{name}.w")
            state[f"encoder.layer.{number}.{place}.weight"] = weights
            state[f"encoder.layer.{number}.{place}.bias"] = model.vector(f"l{number}.{name}.b")
    made = BertModel(config, add_pooling_layer=False)
    missing, unknown = made.load_state_dict({name: torch.tensor(value) for name, value in state.items()}, strict=False)
    assert not unknown and all("position_ids" in name or "token_type_ids" in name for name in missing)
    return made.eval()


def reference(made, ids: list[int]) -> np.ndarray:
    """Return the mean over the tokens, at length 1, of transformers' BERT."""
    import torch

    with torch.no_grad():
        mean = made(input_ids=torch.tensor([ids])).last_hidden_state.numpy()[0].mean(axis=0)
    return mean / np.linalg.norm(mean)


@pytest.fixture(scope="module")
def exact(model):
    return bert(model)


def engine_of(weights: Weights, precision: str, monkeypatch, cache: Path | None = None) -> Engine:
    monkeypatch.setattr(engine_module, "PRECISION", precision)
    return encoder_of(weights, cache, lambda _: None)


# What it computes


@pytest.mark.slow
@pytest.mark.parametrize("length", [2, 3, 7, 12, 24])
def test_float32_is_bert(tiny_weights, exact, length, monkeypatch):
    (found,) = engine_of(tiny_weights, "float32", monkeypatch).run(ids_of(length))
    assert found.dtype == np.float32 and np.allclose(found, reference(exact, ids_of(length)), atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("precision", "least"), [("int4", 0.9999), ("int4-int8", 0.99), ("int8", 0.95), ("float32", 0.9999)])
@pytest.mark.parametrize("length", [5, 9, 17, 24])
def test_every_precision_comes_near_to_it(tiny_weights, exact, precision, least, length, monkeypatch):
    (found,) = engine_of(tiny_weights, precision, monkeypatch).run(ids_of(length))
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5) and found @ reference(exact, ids_of(length)) > least


def test_no_weight_of_bytes_has_an_eighth_bit(tiny_weights):
    """Two products of eight bits overflow where a processor adds them up in 16: vectors would depend on the machine."""
    made = onnx.load_from_string(encoder_graph(tiny_weights, "int8"))
    matrices = [numpy_helper.to_array(one) for one in made.graph.initializer if one.name.endswith(".bytes")]
    assert len(matrices) == 4 * tiny_weights.shape.layers
    assert max(int(np.abs(matrix.astype(int)).max()) for matrix in matrices) == 63


def test_the_order_of_words_counts(tiny_weights, monkeypatch):
    engine = engine_of(tiny_weights, "float32", monkeypatch)
    assert not np.allclose(engine.run(ids_of(9))[0], engine.run(ids_of(9)[::-1])[0], atol=1e-3)


def test_one_graph_a_precision_and_a_file(tiny_weights, tmp_path, monkeypatch):
    for precision in PRECISIONS:
        engine_of(tiny_weights, precision, monkeypatch, tmp_path)
    other = Weights(TinyModel(epsilon=1e-5).write(tmp_path / "other.bin"), expected=None)
    engine_of(other, "int8", monkeypatch, tmp_path)
    names = [file.name for file in tmp_path.glob("*.onnx")]
    assert len(names) == 5 and sum(tiny_weights.sha256[:8] in name for name in names) == 4
    monkeypatch.setattr(engine_module, "VERSION", 99)
    engine_of(other, "int8", monkeypatch, tmp_path)
    assert len(list(tmp_path.glob("*.onnx"))) == 6, "a graph of another version is left alone"


def test_the_same_weights_make_the_same_graph(tiny_weights):
    assert encoder_graph(tiny_weights, "int8") == encoder_graph(tiny_weights, "int8")


def test_a_machine_that_cannot_run_it(tiny_weights, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("[ONNXRuntimeError] : 9 : NOT_IMPLEMENTED\nat some length")

    monkeypatch.setattr(onnxruntime, "InferenceSession", refuse)
    with pytest.raises(KhabarError, match=r"cannot run on this machine \(\[ONNXRuntimeError\] : 9 : NOT_IMPLEMENTED\); choose"):
        encoder_of(tiny_weights, None, lambda _: None)


# The cache


class Told(list):
    def __call__(self, line: str) -> None:
        self.append(line)


def works(weights: Weights, cache: Path | None, tell=lambda _: None) -> bool:
    """Open an engine, and tell whether it computes what one without a cache does."""
    found = encoder_of(weights, cache, tell).run(ids_of(9))[0]
    return bool(np.allclose(found, encoder_of(weights, None, lambda _: None).run(ids_of(9))[0], atol=1e-6))


def listed(folder: Path) -> list[str]:
    """Return the endings of all files in a folder, hidden ones too."""
    return sorted(name.rsplit(".", 1)[1] for name in os.listdir(folder))


def test_it_is_made_once(tiny_weights, tmp_path, monkeypatch):
    told, cache = Told(), tmp_path / "خبر" / "ذاكرة"
    assert works(tiny_weights, cache, told) and listed(cache) == ["json", "onnx"]
    assert len(told) == 1 and "once" in told[0]
    monkeypatch.setattr(graph, "encoder_graph", None)  # not called again
    assert encoder_of(tiny_weights, cache, told).run(ids_of(9))[0].shape == (64,) and len(told) == 1


def test_without_a_cache_it_is_made_each_time(tiny_weights, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = Told()
    assert works(tiny_weights, None, told) and len(told) == 1 and not list(tmp_path.iterdir())


@pytest.mark.parametrize("which", ["onnx", "json"])
@pytest.mark.parametrize("how", ["gone", "empty", "cut short", "altered", "another's", "a folder"])
def test_a_damaged_file_is_made_anew(tiny_weights, tmp_path, which, how):
    encoder_of(tiny_weights, tmp_path, lambda _: None)
    [file] = tmp_path.glob(f"*.{which}")
    content = file.read_bytes()
    if how == "gone":
        file.unlink()
    elif how == "a folder":
        file.unlink()
        file.mkdir()
    else:
        changed = bytearray(content)
        changed[len(content) // 2] ^= 1
        file.write_bytes({"empty": b"", "cut short": content[:-1], "altered": bytes(changed), "another's": b"[1]"}[how])
    told = Told()
    assert works(tiny_weights, tmp_path, told) and "once" in told[0]
    if how == "a folder":  # nothing is removed that is not its own
        assert "cannot be kept" in told[1] and listed(tmp_path) == ["json", "onnx"]
    else:
        assert len(told) == 1 and file.read_bytes() == content and listed(tmp_path) == ["json", "onnx"]


@pytest.mark.parametrize("place", ["file/cache", "file", "/proc/khabar"])
def test_a_place_that_cannot_be_written_is_told(tiny_weights, tmp_path, place):
    (tmp_path / "file").write_text("x")
    told = Told()
    assert works(tiny_weights, tmp_path / place, told)
    assert len(told) == 2 and str(tmp_path / place) in told[1] and "KHABAR_CACHE" in told[1] and "None" not in told[1]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_folder_of_another_user_is_told(tiny_file, tmp_path):
    script = (
        "import os, sys; from pathlib import Path; from index.e5.encoder import E5Encoder\n"
        "import shutil, tempfile; weights = Path(sys.argv[1]).read_bytes()\n"
        "E5Encoder(Path(sys.argv[1]), expected=None).embed_query('قمة')  # what it imports may be closed to others\n"
        "os.setgid(65534); os.setuid(65534); file = Path(tempfile.mkdtemp()) / 'w'; file.write_bytes(weights)\n"
        "print(E5Encoder(file, Path(sys.argv[2]), print, expected=None).embed_query('قمة').shape)\n"
        "shutil.rmtree(file.parent)"
    )
    command = [sys.executable, "-c", script, str(tiny_file), str(tmp_path / "cache")]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0 and "cannot be kept" in done.stdout and "(64,)" in done.stdout, done.stderr
    assert not (tmp_path / "cache").exists()


def no_space(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("call", ["replace", "mkstemp", "first write", "second write"])
def test_a_full_disk_is_told_and_leaves_nothing_behind(tiny_weights, tmp_path, call, monkeypatch):
    with monkeypatch.context() as patch:
        if call == "replace":
            patch.setattr(engine_module.os, "replace", no_space)
        elif call == "mkstemp":
            patch.setattr(engine_module.tempfile, "mkstemp", no_space)
        else:
            left = [1 if call == "second write" else 0]
            opened = os.fdopen

            def limited(descriptor: int, mode: str):
                if mode != "wb" or left[0] > 0:
                    left[0] -= 1
                    return opened(descriptor, mode)
                os.close(descriptor)
                return no_space()

            patch.setattr(engine_module.os, "fdopen", limited)
        told, cache = Told(), tmp_path / "cache"
        assert encoder_of(tiny_weights, cache, told).hidden == 64
        assert len(told) == 2 and "No space left on device" in told[1] and str(cache) in told[1]
    assert listed(cache) == (["onnx"] if call == "second write" else []), "nothing unfinished"
    assert works(tiny_weights, cache, told) and listed(cache) == ["json", "onnx"] and len(told) == 3


def test_a_disk_that_fills_while_the_file_is_written(tiny_weights, tmp_path):
    """A limit on the size of files stands for a full disk."""
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    told = Told()
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, unlimited[1]))
        engine = encoder_of(tiny_weights, tmp_path, told)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        signal.signal(signal.SIGXFSZ, ignored)
    assert engine.run(ids_of(5))[0].shape == (64,) and listed(tmp_path) == [] and len(told) == 2


@pytest.mark.slow
def test_several_processes_that_make_it_at_once(tiny_file, tmp_path):
    script = (
        "import sys; from pathlib import Path; import onnx, onnxruntime, index.e5.graph\n"
        "from index.e5.encoder import E5Encoder; print('ready', flush=True); sys.stdin.readline()\n"
        "encoder = E5Encoder(Path(sys.argv[1]), Path(sys.argv[2]), expected=None)\n"
        "print([round(float(number), 5) for number in encoder.embed_query('قمة بودابست دیدار')])"
    )
    command = [sys.executable, "-c", script, str(tiny_file), str(tmp_path / "cache")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    running = [subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, **pipes) for _ in range(3)]
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [process.communicate(timeout=60) for process in running]
    vectors = [json.loads(output) for output, _ in ended]
    assert vectors[0] == vectors[1] == vectors[2] and len(vectors[0]) == 64, ended
    assert listed(tmp_path / "cache") == ["json", "onnx"]
