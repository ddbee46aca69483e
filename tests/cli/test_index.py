"""`khabar index`, `watch`, `backup` and `restore`: files, words first and then meaning."""

import json
import os
import signal
import subprocess
import sys

import pytest
from filelock import FileLock

from index.e5.encoder import E5Encoder
from index.types import KhabarError
from tests.cli.command import ARABIC, BARE, ROOT, SEEDS, article, khabar, refused, status
from tests.letters import LetterEmbedder


def test_what_a_run_tells(tmp_path):
    folder, data = tmp_path / "أخبار", tmp_path / "data"
    folder.mkdir()
    for name in ("أول.txt", "دوم.md"):
        (folder / name).write_text(article(name), "utf-8")

    first = khabar("index", folder, "--data", data)
    assert first.exit_code == 0
    assert first.stdout.splitlines() == [
        "Files: 2 added, 0 changed, 0 unchanged, 0 removed.",
        f"The index in {data} holds 2 articles in 2 chunks.",
    ]
    again = khabar("index", folder, "--data", data)
    assert again.stdout.splitlines()[0] == "Nothing has changed: 2 files as before."

    (folder / "أول.txt").write_text(article("أول", "عُقدت القمة اليوم."), "utf-8")
    (folder / "دوم.md").unlink()
    (folder / "سوم.txt").write_text(article("سوم"), "utf-8")
    third = khabar("index", "--data", data)  # the folders of the run before
    assert third.stdout.splitlines() == [
        "Files: 1 added, 1 changed, 0 unchanged, 1 removed.",
        f"The index in {data} holds 2 articles in 2 chunks.",
    ]
    assert "عُقدت القمة اليوم." in khabar("ask", "متى عُقدت القمة؟", "--data", data).stdout


def test_rebuilding_keeps_every_answer(own):
    before = khabar("ask", ARABIC, "--data", own).stdout
    result = khabar("index", "--rebuild", "--data", own)
    assert result.exit_code == 0 and "Nothing has changed" in result.stdout
    assert khabar("ask", ARABIC, "--data", own).stdout == before


def test_files_that_cannot_be_read_are_named_and_the_others_indexed(tmp_path):
    folder, data = tmp_path / "mixed", tmp_path / "data"
    folder.mkdir()
    (folder / "good.txt").write_text(article("قمة"), "utf-8")
    (folder / "خوب.txt").write_text("---\nlanguage: fa\n---\nرئیس‌جمهور می‌گوید نشست عقب افتاد.", "utf-8")
    (folder / "latin.txt").write_bytes("تأجلت القمة".encode("windows-1256"))
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.md").write_text(" \n\u200c\n")
    (folder / "lines.jsonl").write_text('{"id": "1", "text": "عُقدت القمة في الرياض."}\n{"id": 2}\nnot json\n', "utf-8")
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(50_000_000)
    (folder / "dangling.txt").symlink_to(folder / "nowhere.txt")

    result = khabar("index", folder, "--data", data)
    assert result.exit_code == 0 and "Traceback" not in result.stderr
    skipped = {line.split(": ")[1] for line in result.stderr.splitlines() if line.startswith("skipped: ")}
    assert skipped == {
        "mixed/latin.txt",
        "mixed/binary.txt",
        "mixed/empty.txt",
        "mixed/blank.md",
        "mixed/huge.txt",
        "mixed/lines.jsonl:2",
        "mixed/lines.jsonl:3",
        "mixed/dangling.txt",
    }
    assert "Files: 3 added" in result.stdout and "8 could not be read (named above)." in result.stdout
    assert "holds 3 articles" in result.stdout
    assert "50.0 MB" in result.stderr and "20 MB" in result.stderr
    assert "[1]" in khabar("ask", "هل تأجلت القمة؟", "--data", data).stdout
    assert "[1]" in khabar("ask", "چه کسی می‌گوید نشست عقب افتاد؟", "--data", data).stdout


def test_a_folder_without_articles(tmp_path):
    (tmp_path / "none").mkdir()
    result = khabar("index", tmp_path / "none", "--data", tmp_path / "data")
    assert result.exit_code == 0 and "holds 0 articles in 0 chunks" in result.stdout
    answer = json.loads(khabar("ask", ARABIC, "--json", "--data", tmp_path / "data").stdout)
    assert answer["abstained"] and answer["related"] == [] and answer["citations"] == []


def test_a_missing_folder(tmp_path, own):
    missing = tmp_path / "ناپیدا"
    refused(khabar("index", missing, "--data", tmp_path / "data"), missing, "does not exist")
    refused(khabar("index", SEEDS, missing, "--data", own), missing, "nothing was changed")
    assert "[1]" in khabar("ask", ARABIC, "--data", own).stdout


def test_no_folder_at_all(tmp_path):
    refused(khabar("index", "--data", tmp_path / "data"), "no folder")


@pytest.mark.parametrize("command", [["index", SEEDS], ["ask", ARABIC]])
def test_a_data_folder_below_a_file(tmp_path, command):
    (tmp_path / "file").write_text("x")
    refused(khabar(*command, "--data", tmp_path / "file" / "data"), tmp_path / "file" / "data")
    refused(khabar(*command, "--data", tmp_path / "file"), tmp_path / "file")


# Following a folder, keeping a backup


@pytest.mark.slow
def test_watching_a_folder_until_it_is_ended(tmp_path):
    folder, data = tmp_path / "أخبار", tmp_path / "data"
    folder.mkdir()
    (folder / "أول.txt").write_text(article("أول"), "utf-8")
    command = [sys.executable, "-c", "from ui.cli import main; main()", "watch", str(folder), "--data", str(data)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | BARE, **pipes) as run:
        assert run.stdout.readline() == "1 added: 1 articles in 1 chunks.\n"
        assert run.stdout.readline() == f"Watching {folder}; Ctrl+C ends it.\n"
        (folder / "دوم.txt").write_text(article("دوم", "نشست برگزار می‌شود."), "utf-8")
        assert run.stdout.readline() == "1 added: 2 articles in 2 chunks.\n"
        run.send_signal(signal.SIGTERM)
        rest, errors = run.communicate(timeout=60)
    assert run.returncode == 0 and rest == "Watching has ended; the next khabar index or khabar watch goes on.\n"
    assert "Traceback" not in errors


def test_a_backup_comes_back(own, tmp_path):
    file, other = tmp_path / "نسخة.khabar", tmp_path / "other"
    made = khabar("backup", file, "--data", own)
    assert made.exit_code == 0 and made.stdout.startswith(f"{file} holds 36 articles in "), made.output
    restored = khabar("restore", file, "--data", other)
    assert restored.exit_code == 0 and f"The index in {other} holds what {file} has: 36 articles" in restored.stdout
    assert khabar("ask", ARABIC, "--data", other).stdout == khabar("ask", ARABIC, "--data", own).stdout
    refused(khabar("restore", file, "--data", own), "holds 36 articles already", "--replace")
    assert khabar("restore", file, "--replace", "--data", own).exit_code == 0
    refused(khabar("backup", file, "--data", tmp_path / "none"), "there is no index")


# The two strides: words first, then meaning


def test_words_can_be_asked_before_anything_is_embedded(letters, news, tmp_path):
    data, answers = tmp_path / "data", []

    def ask(call):
        if not call:
            answers.append(khabar("ask", "أين عقدت القمة رقم ٧؟", "--data", data))

    letters("letters", ask)
    result = khabar("index", news, "--data", data)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "Files: 90 added, 0 changed, 0 unchanged, 0 removed.",
        f"The index in {data} holds 90 articles in 90 chunks.",
        "It can be asked by words now, in another terminal; meaning follows, the newest articles first.",
        "It can be asked by meaning, too: all 90 chunks embedded.",
    ]
    [meanwhile] = answers
    assert meanwhile.exit_code == 0 and "القمّة رقم 7 في بودابست" in meanwhile.stdout
    assert meanwhile.stderr.splitlines() == [
        "So far 0 of 90 chunks (0%) can be found by meaning, the others by words; khabar index embeds the rest."
    ]
    again = khabar("index", "--data", data)
    assert again.stdout.splitlines() == [
        "Nothing has changed: 90 files as before.",
        f"The index in {data} holds 90 articles in 90 chunks.",
    ]
    assert khabar("ask", "أين عقدت القمة رقم ٧؟", "--data", data).stderr == ""


def test_an_interrupted_embedding_is_taken_up_where_it_stopped(letters, news, tmp_path):
    data = tmp_path / "data"

    def interrupt(call):
        if call == 1:
            raise KeyboardInterrupt

    embedder = letters("letters", interrupt)
    result = khabar("index", news, "--data", data)
    done = sum(embedder.given)
    assert result.exit_code == 130 and 0 < done < 90 and "Traceback" not in result.output
    assert result.stdout.splitlines()[-1] == (
        f"Stopped with {done} of 90 chunks ({100 * done // 90}%) embedded; the next khabar index, or khabar serve, goes on."
    )
    assert status(data)["embedded"] == {"chunks": done, "of": 90, "embedder": "letters", "before": None}
    assert f"{done} of 90 chunks" in khabar("ask", "نشست شماره ۷", "--data", data).stderr
    rest = letters()
    assert khabar("index", "--data", data).stdout.splitlines()[-1] == "It can be asked by meaning, too: all 90 chunks embedded."
    assert sum(rest.given) == 90 - done


def test_an_interrupt_before_words_can_be_asked(letters, news, tmp_path, monkeypatch):
    letters()

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("index.lexical.update_lexical", interrupt)
    result = khabar("index", news, "--data", tmp_path / "data")
    assert result.exit_code == 1 and result.stdout == "" and "Aborted!" in result.stderr


def test_an_embedder_that_fails_leaves_words(letters, news, tmp_path):
    def fail(_):
        raise KhabarError("the embedder 'حروف' is broken", "mend it")

    letters("letters", fail)
    result = khabar("index", news, "--data", tmp_path / "data")
    assert result.exit_code == 1 and result.stderr.splitlines()[-1] == "khabar: the embedder 'حروف' is broken; mend it"
    assert "It can be asked by words now" in result.stdout
    assert "[1]" in khabar("ask", "أين عقدت القمة رقم ٧؟", "--data", tmp_path / "data").stdout


def test_embedding_that_is_left_to_a_server(letters, news, tmp_path):
    embedder = letters()
    result = khabar("index", news, "--later", "--data", tmp_path / "data")
    assert result.exit_code == 0 and embedder.given == []
    assert result.stdout.splitlines()[-1] == (
        "It can be asked by words now; 0 of 90 chunks (0%) embedded, khabar serve does the rest."
    )


def test_an_archive_that_another_process_embeds(letters, news, tmp_path):
    data = tmp_path / "data"
    embedder = letters()
    khabar("index", news, "--later", "--data", data)
    with FileLock(data / "embed.lock"):
        result = khabar("index", "--data", data)
    assert result.exit_code == 0 and embedder.given == []
    assert result.stdout.splitlines()[-1] == (
        f"Another khabar is embedding the archive in '{data}'; nothing needs to be done: it embeds what is new, too."
    )


def test_an_archive_that_an_earlier_embedder_embedded(letters, news, tmp_path):
    data = tmp_path / "data"
    letters("all-MiniLM-L6-v2")
    khabar("index", news, "--data", data)
    assert status(data)["embedded"]["before"] is None
    letters()
    assert status(data)["embedded"] == {"chunks": 0, "of": 90, "embedder": "letters", "before": "all-MiniLM-L6-v2"}
    assert "Replaces   all-MiniLM-L6-v2; words answer" in khabar("status", "--data", data).stdout
    assert "[1]" in khabar("ask", "أين عقدت القمة رقم ٧؟", "--data", data).stdout
    lines = khabar("index", "--data", data).stdout.splitlines()
    assert "It was embedded by all-MiniLM-L6-v2; letters takes its place, and words answer until it is done." in lines
    assert lines[-1] == "It can be asked by meaning, too: all 90 chunks embedded."
    assert status(data)["embedded"] == {"chunks": 90, "of": 90, "embedder": "letters", "before": None}


@pytest.mark.parametrize("command", [["index"], ["ask", ARABIC], ["models", "--check"]])
def test_what_a_reader_waits_for_is_told_on_stderr(news, tmp_path, command, monkeypatch):
    data = tmp_path / "data"
    khabar("index", news, "--data", data)

    class Telling(LetterEmbedder):
        def __init__(self, tell):
            super().__init__()
            self._tell = tell

        def embed_query(self, text):
            self._tell("لحظة…")
            return super().embed_query(text)

    monkeypatch.setattr("rag.archive.load_embedder", lambda *_, tell, **__: Telling(tell))
    result = khabar(*command, "--data", data)
    assert result.exit_code == 0, result.output
    assert "لحظة…" in result.stderr.splitlines() and "لحظة…" not in result.stdout


def test_an_embedder_that_cannot_be_loaded_is_told_once(data, tmp_path, monkeypatch):
    """It is loaded in a thread of its own while the rest is read, which must neither end in a traceback nor tell it, too."""
    monkeypatch.setattr("rag.archive.load_embedder", lambda *_, **__: E5Encoder(tmp_path / "مفقود.bin"))
    refused(khabar("ask", ARABIC, "--data", data), "مفقود.bin", "KHABAR_EMBEDDER=none")
