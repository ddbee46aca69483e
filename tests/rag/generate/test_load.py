import pytest

from index.types import KhabarError
from rag.generate.generator import NoGenerator
from rag.generate.load import load_generator

SHORT = [{"role": "user", "content": "Say hello."}]


def test_none_writes_nothing():
    generator = load_generator("none")
    assert isinstance(generator, NoGenerator)
    assert (generator.name, generator.languages) == ("none", frozenset())
    pieces = generator.stream(SHORT, 10)
    pieces.close()
    assert list(pieces) == [] and generator.count_tokens("سلام") == 0


def test_the_embedded_model_is_english_whatever_languages_are_set():
    generator = load_generator("smollm2", frozenset({"ar", "fa"}))
    assert (generator.name, generator.languages) == ("SmolLM2-135M-Instruct", {"en"})


def test_an_embedded_model_that_is_not_installed(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(KhabarError, match="not installed") as caught:
        load_generator("smollm2")
    assert "--llm none" in caught.value.remedy


def test_a_file_is_named_by_its_stem_and_writes_the_languages_given(tmp_path):
    linked = tmp_path / "مدل من.gguf"
    linked.symlink_to(load_generator("smollm2").file)
    generator = load_generator(str(linked), frozenset({"fa"}))
    assert (generator.name, generator.languages) == ("مدل من", {"fa"})


def test_a_file_of_ones_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "own.gguf").write_bytes(b"GGUF")
    assert load_generator("~/own.gguf").file == tmp_path / "own.gguf"


def refused(file):
    with pytest.raises(KhabarError) as caught:
        load_generator(str(file))
    told = str(caught.value)
    assert str(file) in told and "none" in caught.value.remedy and "\n" not in told
    return told


def test_a_missing_file(tmp_path):
    assert "No such file" in refused(tmp_path / "ناموجود.gguf")


def test_a_folder(tmp_path):
    assert "directory" in refused(tmp_path)


@pytest.mark.parametrize("content", [b"", b"GG", b"GGML....", "نموذج".encode(), b"\x00" * 1000, b"gguf"])
def test_a_file_that_is_no_gguf(tmp_path, content):
    file = tmp_path / "نموذج.gguf"
    file.write_bytes(content)
    assert "broken" in refused(file)
