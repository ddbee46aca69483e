"""A LoRA beside a model of llama.cpp's: Khabar's own for the embedded model, and what is said of one that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.types import KhabarError
from rag.draft.brief import brief_messages
from rag.generate.load import load_generator

pytestmark = [pytest.mark.llama, pytest.mark.usefixtures("one_thread")]

QUOTES = [
    "The storm killed 32 people on the island, the government said on Wednesday, and left half of its homes without power.",
    "Schools in the capital stay closed until Monday.",
]
MESSAGES = brief_messages("How many people did the storm kill?", "32 people", QUOTES)


@pytest.fixture(scope="module")
def taught():
    return load_generator("smollm2", context=512)


def test_the_embedded_model_writes_as_it_was_taught(taught):
    draft = "".join(taught.stream(MESSAGES, 60))
    assert taught.form == "quotes"
    assert "32" in draft and draft.rstrip().endswith("[1]")


def test_without_its_adapter_it_writes_otherwise_and_is_asked_otherwise(taught):
    bare = load_generator("smollm2", context=512, adapter="none")
    assert bare.adapter is None and bare.form == "passages"
    assert "".join(bare.stream(MESSAGES, 60)) != "".join(taught.stream(MESSAGES, 60))


def changed(taught, tmp_path: Path, old: bytes, new: bytes) -> Path:
    content = taught.adapter.read_bytes()
    assert old in content
    file = tmp_path / "آخر.gguf"
    file.write_bytes(content.replace(old, new))
    return file


@pytest.mark.parametrize(("old", "new"), [(b"blk.29.attn_q", b"blk.99.attn_q"), (b"llama", b"gemma")])
def test_an_adapter_for_another_model_is_named_with_the_remedy(taught, tmp_path, old, new):
    file = changed(taught, tmp_path, old, new)
    with pytest.raises(KhabarError, match="does not fit the language model") as refused:
        list(load_generator("smollm2", context=512, adapter=str(file)).stream(MESSAGES, 4))
    assert str(file) in refused.value.problem
    assert "--llm-adapter" in refused.value.remedy


def test_a_file_that_is_no_gguf_is_refused_before_anything_is_loaded(tmp_path):
    file = tmp_path / "مهايئ.gguf"
    file.write_bytes(b"PK\x03\x04")
    with pytest.raises(KhabarError, match="the adapter '.*مهايئ.gguf' is broken"):
        load_generator("smollm2", adapter=str(file))
    with pytest.raises(KhabarError, match="cannot be read"):
        load_generator("smollm2", adapter=str(tmp_path / "نیست.gguf"))


def test_what_is_taught_is_small(taught):
    assert taught.adapter.stat().st_size <= 8_000_000
