"""`khabar status`."""

import re
from pathlib import Path

import pytest

from tests.cli.command import ARABIC, SEEDS, khabar, refused, status


def test_the_status_of_an_archive(data):
    lines = dict(re.findall(r"^(\w+) +(.+)$", khabar("status", "--data", data).stdout, re.MULTILINE))
    assert lines["Index"] == str(data) and lines["Folder"] == str(SEEDS)
    assert re.fullmatch(r"\d+ kB|\d+ MB", lines["Size"])
    assert lines["Articles"] == "36 (16 Arabic, 11 Persian, 9 English) in 56 chunks"
    assert lines["Outlets"] == "8" and lines["Published"] == "2025-02-13 to 2025-11-05"
    assert lines["Embedder"] == "none" and lines["Embedded"] == "nothing; words answer"
    told = status(data)
    assert told["data"] == str(data) and told["folders"] == [str(SEEDS)] and told["bytes"] > 100_000
    assert told["languages"] == {"ar": 16, "fa": 11, "en": 9} and (told["files"], told["articles"]) == (33, 36)
    assert (told["first"], told["last"], told["outlets"]) == ("2025-02-13", "2025-11-05", 8)
    assert told["embedded"] == {"chunks": 0, "of": 0, "embedder": "none", "before": None}


def test_the_status_of_an_archive_without_articles(tmp_path):
    (tmp_path / "none").mkdir()
    khabar("index", tmp_path / "none", "--data", tmp_path / "data")
    stdout = khabar("status", "--data", tmp_path / "data").stdout
    assert "Articles   0 (0 Arabic, 0 Persian, 0 English) in 0 chunks" in stdout and "no article has a date" in stdout
    assert status(tmp_path / "data")["first"] is None


def test_the_status_of_no_archive(tmp_path):
    refused(khabar("status", "--data", tmp_path / "لا شيء"), tmp_path / "لا شيء", "khabar index")
    (tmp_path / "catalog.sqlite").write_bytes(b"x" * 10_000)
    refused(khabar("status", "--data", tmp_path), tmp_path)


@pytest.mark.parametrize("command", [["ask", ARABIC], ["serve"], ["eval", "q.jsonl"], ["models"]])
def test_no_embedder_in_a_folder(tmp_path, data, command, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("q.jsonl").write_text('{"id":"1","language":"ar","kind":"x","question":"ما؟","abstain":true}', "utf-8")
    refused(khabar(*command, "--data", data, "--embedder", tmp_path), tmp_path)
