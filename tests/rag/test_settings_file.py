"""khabar.toml: what it sets, what goes before it, and each thing that can be wrong with it, told with file, key and remedy."""

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import KhabarError
from rag.settings import Settings, find_settings, read_settings
from rag.settings_file import FILE_NAME, example_file, read_settings_file, toml_value
from tests.rag.test_settings import GIVEN, plain


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(text: str, path: Path = Path(FILE_NAME)) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", GIVEN)
def test_a_line_of_the_file_sets_a_setting(name):
    text, value = GIVEN[name]
    default = Settings.model_fields[name].default
    written = value if isinstance(value, int | float) or isinstance(default, int | float) else text
    write(f"{name} = {toml_value(written)}")
    found = find_settings()
    expected = str(Path(str(value))) if Path in (type(default), type(getattr(found.settings, name))) else value
    assert plain(getattr(found.settings, name)) == expected
    assert found.origins == {name: "file"} and found.file == Path(FILE_NAME)


def test_flag_then_variable_then_file_then_default(monkeypatch):
    write('top_k = 3\nquotes = 4\nllm = "none"')
    monkeypatch.setenv("KHABAR_TOP_K", "5")
    monkeypatch.setenv("KHABAR_QUOTES", "6")
    found = find_settings(top_k="7")
    assert (found.settings.top_k, found.settings.quotes, found.settings.llm, found.settings.port) == (7, 6, "none", 7860)
    assert [found.origin(name) for name in ("top_k", "quotes", "llm", "port")] == ["flag", "variable", "file", "default"]


def test_the_file_is_named_by_flag_or_variable_or_lies_here(monkeypatch, tmp_path):
    assert read_settings().top_k == 10
    write("top_k = 1")
    named = write("top_k = 2", tmp_path / "إعدادات.toml")
    other = write("top_k = 3", tmp_path / "other.toml")
    assert read_settings().top_k == 1
    monkeypatch.setenv("KHABAR_CONFIG", str(named))
    assert read_settings().top_k == 2
    assert read_settings(other).top_k == 3
    monkeypatch.setenv("KHABAR_CONFIG", "")
    assert read_settings().top_k == 1


def test_a_path_counts_from_the_folder_of_the_file(tmp_path, monkeypatch):
    folder = tmp_path / "آرشیو"
    folder.mkdir()
    file = write('data = "فهرست"\nlogin = "/etc/khabar/users"\nmodels = "~/models"\nllm = "none"', folder / "k.toml")
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = read_settings(file)
    assert (settings.data, settings.login, settings.models, settings.llm) == (
        folder / "فهرست", Path("/etc/khabar/users"), tmp_path / "models", "none",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "told", "remedy"),
    [
        ("topk = 3", "'topk'", "top_k"),
        ("KHABAR_TOP_K = 3", "'KHABAR_TOP_K'", "top_k"),
        ("top-k = 3", "'top-k'", "top_k"),
        ("Quotes = 3", "'Quotes'", "quotes"),
        ('"منفذ" = 3', "'منفذ'", "khabar config --example"),
        ("[serve]\nport = 8080", "[serve]", "without tables"),
    ],
)
def test_what_is_no_setting_is_told_with_the_nearest(line, told, remedy):
    write(line)
    with pytest.raises(KhabarError) as caught:
        read_settings()
    assert FILE_NAME in caught.value.problem and told in caught.value.problem
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("line", "name", "value", "wanted"),
    [
        ('top_k = "ten"', "top_k", '"ten"', "a whole number"),
        ('top_k = "10"', "top_k", '"10"', "a whole number"),
        ("top_k = 7.5", "top_k", "7.5", "a whole number"),
        ("top_k = true", "top_k", "true", "a whole number"),
        ("max_mb = false", "max_mb", "false", "a number"),
        ("llm = 5", "llm", "5", "a text in quotation marks"),
        ("data = 5", "data", "5", "a text in quotation marks"),
        ('columns = ["text=المتن"]', "columns", "المتن", "a text in quotation marks"),
        ("llm = 2025-10-21", "llm", "2025-10-21", "a text in quotation marks"),
    ],
)
def test_a_value_of_another_kind_is_told(line, name, value, wanted):
    write(line)
    with pytest.raises(KhabarError) as caught:
        read_settings()
    assert all(part in caught.value.problem for part in (FILE_NAME, name, value, wanted))
    assert f"write {name} = " in caught.value.remedy and str(Settings.model_fields[name].description) in caught.value.remedy


def test_a_value_out_of_bounds_is_told_with_the_file():
    write("top_k = 0")
    with pytest.raises(KhabarError) as caught:
        read_settings()
    assert caught.value.problem.startswith(f"'{FILE_NAME}': top_k is '0'") and "KHABAR_TOP_K" not in str(caught.value)


def test_a_bad_value_is_not_told_where_a_flag_beats_it():
    write('top_k = "many"')
    assert read_settings(top_k="4").top_k == 4


def test_a_secret_of_another_kind_is_not_repeated():
    write("llm_key = 123456789")
    with pytest.raises(KhabarError) as caught:
        read_settings()
    assert "123456789" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"top_k = ", "no TOML"),
        (b"top_k = 3\ntop_k = 4", "no TOML"),
        (b"top_k 3", "no TOML"),
        (b"llm = \xff\xfe", "not UTF-8"),
        (b"a = " + b"[" * 5000, "no TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(content, told):
    Path(FILE_NAME).write_bytes(content)
    with pytest.raises(KhabarError) as caught:
        read_settings()
    assert FILE_NAME in caught.value.problem and told in caught.value.problem and caught.value.remedy


def test_a_file_that_is_named_has_to_be_there(tmp_path):
    for path in (tmp_path / "لا شيء.toml", tmp_path):
        with pytest.raises(KhabarError, match="cannot be read") as caught:
            read_settings(path)
        assert str(path) in caught.value.problem


def test_a_mark_at_the_beginning_and_empty_texts_change_nothing():
    Path(FILE_NAME).write_bytes(b'\xef\xbb\xbftop_k = 3\nllm_model = ""\n')
    found = find_settings()
    assert found.settings.top_k == 3 and found.origins == {"top_k": "file"}


@pytest.mark.parametrize(("mode", "told"), [(0o600, 0), (0o640, 1), (0o604, 1)])
def test_a_secret_that_others_may_read_is_told_without_it(mode, told):
    os.chmod(write('llm_key = "sk-secret"'), mode)
    found = find_settings()
    assert len(found.warnings) == told
    for warning in found.warnings:
        assert warning.remedy == "chmod 600 khabar.toml" and "llm_key" in warning.problem and "sk-secret" not in str(warning)
    os.chmod(write("top_k = 3"), 0o644)
    assert not find_settings().warnings


def test_the_example_has_every_setting_and_changes_nothing():
    example = example_file(Settings.model_fields)
    assert not tomllib.loads(example)
    lines = [line for line in example.splitlines() if not line.startswith("##")]
    uncommented = "\n".join(line.removeprefix("# ") for line in lines if " = " in line)
    assert set(tomllib.loads(uncommented)) == set(Settings.model_fields)
    write(uncommented)
    assert read_settings() == Settings()
    assert all(len(line) <= 128 for line in example.splitlines() if line.startswith("##"))


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_content_makes_anything_but_settings_or_a_khabar_error(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / FILE_NAME
    path.write_bytes(content)
    try:
        read_settings_file(path, Settings.model_fields)
        read_settings(path)
    except KhabarError as error:
        assert FILE_NAME in error.problem and error.remedy
