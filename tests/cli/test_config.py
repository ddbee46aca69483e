"""`khabar config`, and the settings file as every command reads it."""

import json
import tomllib

import pytest

from tests.cli.command import khabar, refused


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_every_value_is_shown_with_its_origin(tmp_path):
    (tmp_path / "khabar.toml").write_text('quotes = 4\nglossary = "قاموس.tsv"\n', encoding="utf-8")
    shown = khabar("config", "--top-k", "7", KHABAR_HOST="::1").stdout.splitlines()
    assert shown[0] == "Settings file: khabar.toml"
    rows = {line.split()[0]: line.split()[1:] for line in shown[2:]}
    assert rows["top_k"] == ["7", "flag", "--top-k"]
    assert rows["host"] == ["::1", "variable", "KHABAR_HOST"]
    assert rows["quotes"] == ["4", "file"] and rows["glossary"] == ["قاموس.tsv", "file"]
    assert rows["port"] == ["7860", "default"] and rows["llm_model"] == ["default"]


def test_programs_read_it_too(tmp_path):
    file = tmp_path / "تنظیمات.toml"
    file.write_text("recency = 1\n", encoding="utf-8")
    shown = json.loads(khabar("config", "--json", "--config", file).stdout)
    assert shown["file"] == str(file)
    assert shown["settings"]["recency"] == {"value": 1.0, "origin": "file"}
    assert shown["settings"]["login"] == {"value": None, "origin": "default"}
    assert json.loads(khabar("config", "--json").stdout)["file"] is None


def test_a_secret_is_hidden_and_told_where_others_may_read_it(tmp_path):
    file = tmp_path / "khabar.toml"
    file.write_text('llm_key = "sk-secret"', encoding="utf-8")
    file.chmod(0o644)
    result = khabar("config")
    assert "(hidden)" in result.stdout and "chmod 600 khabar.toml" in result.stderr
    assert "sk-secret" not in result.output + khabar("config", "--json").output


def test_the_example_is_a_settings_file(tmp_path):
    example = khabar("config", "--example").stdout
    assert tomllib.loads(example) == {} and "# top_k = 10" in example
    (tmp_path / "khabar.toml").write_text(example.replace("# top_k = 10", "top_k = 4"), encoding="utf-8")
    assert json.loads(khabar("config", "--json").stdout)["settings"]["top_k"] == {"value": 4, "origin": "file"}


def test_every_command_reads_the_file(data, tmp_path):
    (tmp_path / "k.toml").write_text(f'data = "{data}"', encoding="utf-8")
    assert "36" in khabar("status", "--config", tmp_path / "k.toml").stdout
    refused(khabar("status", "--config", tmp_path / "other.toml"), "other.toml", "khabar config --example")
    (tmp_path / "bad.toml").write_text("models = 3", encoding="utf-8")
    refused(khabar("login", "sara", "--config", "bad.toml"), "bad.toml", "models")
    refused(khabar("models", "--config", "bad.toml", "download", "embedder"), "bad.toml", "models")
    refused(khabar("models", "download", "embedder", KHABAR_CONFIG="bad.toml"), "bad.toml", "models")
    refused(khabar("serve", KHABAR_CONFIG="bad.toml"), "bad.toml", "models")
