import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from filelock import FileLock

from index.e5.encoder import E5Encoder
from index.models import RECOMMENDED
from index.types import KhabarError
from rag.settings import Settings
from tests import tiny
from tests.cli.command import ARABIC, BARE, ENGLISH, PERSIAN, ROOT, SEEDS, khabar, refused
from tests.letters import LetterEmbedder
from ui.cli import main

# Index


def article(title, text="تأجلت القمة إلى أجل غير مسمى."):
    return f"---\ntitle: {title}\nlanguage: ar\n---\n{text}\n"


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


@pytest.fixture
def letters(monkeypatch):
    """A function that makes the command embed with a LetterEmbedder of its arguments."""

    def choose(*arguments):
        embedder = LetterEmbedder(*arguments)
        monkeypatch.setattr("rag.archive.load_embedder", lambda *_, **__: embedder)
        return embedder

    return choose


@pytest.fixture
def news(tmp_path):
    """Ninety articles: more than are embedded before progress is told and a stop is heard."""
    folder = tmp_path / "أخبار"
    folder.mkdir()
    for number in range(30):
        day = f"2025-10-{number % 28 + 1:02}"
        for language, text in (
            ("ar", f"عُقِدت القمّة رقم {number} في بودابست"),
            ("fa", f"نشست شمارهٔ {number} برگزار می‌شود"),
            ("en", f"Summit {number} was held"),
        ):
            head = f"---\ntitle: {text}\nlanguage: {language}\noutlet: جريدة الرواق\npublished: {day}\n---\n"
            (folder / f"{language}{number}.txt").write_text(f"{head}{text}.\n", "utf-8")
    return folder


def status(data):
    result = khabar("status", "--json", "--data", data)
    assert result.exit_code == 0 and result.stderr == "", result.output
    return json.loads(result.stdout)


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
        "So far 0 of 90 chunks (0%) can be found by meaning, the others by words; khabar index goes on with them."
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


# Status


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


# Ask


def test_an_arabic_answer_in_the_terminal(data):
    result = khabar("ask", ARABIC, "--data", data)
    assert result.exit_code == 0 and result.stderr == ""
    plain = re.sub("[\u2066-\u2069]", "", result.stdout)
    assert plain.startswith("هذا ما تقوله المقالات:") and "[1]" in plain and "seeds/ar/" in plain
    assert len(re.findall("[\u2066-\u2068]", result.stdout)) == result.stdout.count("\u2069") > 0
    assert "\x1b" not in result.stdout, "no escape sequence where nothing shows it in bold"


def test_a_persian_answer_has_jalali_dates(data):
    stdout = khabar("ask", PERSIAN, "--data", data).stdout
    assert "مقاله‌ها چنین می‌گویند:" in stdout and "۲۹ مهر ۱۴۰۴" in stdout


def test_an_abstention_names_related_articles(data):
    result = khabar("ask", "ما مكونات طبق الكشري؟", "--data", data)
    assert result.exit_code == 0
    assert "لا تذكر المقالات" in result.stdout and "مقالات ذات صلة:" in result.stdout and "[1]" not in result.stdout


@pytest.mark.parametrize("question", [ARABIC, PERSIAN, ENGLISH, "ما مكونات طبق الكشري؟"])
def test_an_answer_as_json(data, question):
    result = khabar("ask", question, "--json", "--data", data)
    assert result.exit_code == 0 and result.stderr == ""
    answer = json.loads(result.stdout)
    assert set(answer) == {
        "question", "language", "answer", "mode", "abstained", "citations", "related", "confidence", "as_of", "disagreements",
        "overtaken", "missing", "notices", "drafted", "direct", "request", "within", "without_days", "listing",
        "models", "timings",
    }  # fmt: skip
    assert answer["question"] == question and "\\u" not in result.stdout
    for item in answer["citations"]:
        assert set(item) == {
            "number", "article_id", "path", "title", "outlet", "published", "language", "url", "passage", "quote", "start",
            "end", "phrase", "also", "agency",
        }  # fmt: skip
        assert item["phrase"] is None or item["start"] <= item["phrase"][0] < item["phrase"][1] <= item["end"]
    assert bool(answer["citations"]) != answer["abstained"]
    assert (answer["confidence"] < 0.5) == answer["abstained"] and (answer["drafted"], answer["notices"]) == (None, [])
    assert answer["missing"] == [] or answer["abstained"] and all(word in question for word in answer["missing"])


def test_the_history_of_a_conversation(data):
    arguments = ["ask", "و چه هشداری داد؟", "--json", "--data", data]
    with_history = json.loads(khabar(*arguments, "--history", "آیا سیکورسکی درباره هواپیمای پوتین سخن گفت؟").stdout)
    assert "سیکورسکی" in with_history["citations"][0]["quote"]
    assert json.loads(khabar(*arguments).stdout)["citations"] != with_history["citations"]


# Filters


@pytest.mark.parametrize(
    ("filters", "outlets"),
    [
        (["--outlet", "تارنماي سپیدار"], {"تارنمای سپیدار"}),  # an Arabic ya
        (["--outlet", "تارنمای سپیدار", "--outlet", "northgate wire"], {"تارنمای سپیدار", "Northgate Wire"}),
        (["--language", "fa", "--since", "۲۹ مهر ۱۴۰۴"], {"تارنمای سپیدار", "خبرگزاری آوند"}),
        (["--since", "1404/07/29", "--until", "29 ربيع الآخر 1447", "--language", "fa"], {"تارنمای سپیدار", "خبرگزاری آوند"}),
    ],
)
def test_an_answer_keeps_to_its_filter(data, filters, outlets):
    answer = json.loads(khabar("ask", PERSIAN, "--json", "--data", data, *filters).stdout)
    assert "سیکورسکی" in answer["answer"] and {item["outlet"] for item in answer["citations"]} <= outlets
    if "--since" in filters:
        assert all(item["published"] >= "2025-10-21" for item in answer["citations"])


@pytest.mark.parametrize("since", ["2025-10-22", "22 أكتوبر 2025", "22 تشرين الأول 2025", "۳۰ مهر ۱۴۰۴", "Oct 22, 2025"])
def test_an_abstention_under_a_filter_tells_the_filter(data, since):
    result = khabar("ask", ARABIC, "--data", data, "--since", since)
    assert result.exit_code == 0 and result.stderr == ""
    assert "نطاق البحث: منذ 22 أكتوبر 2025." in result.stdout and "[1]" not in result.stdout


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (["--outlet", "Northgate Wires"], ["'Northgate Wires'", "'Northgate Wire'"]),
        (["--outlet", "الرواق"], ["'الرواق'", "'جريدة الرواق'"]),
        (["--outlet", "Northgate Wire", "--outlet", ""], ["outlet ''"]),
        (["--language", "de"], ["'de'", "ar, fa and en"]),
        (["--since", "أمس"], ["'أمس'", "not a date", "1404/07/29"]),
        (["--until", "۳۱ مهر ۱۴۰۴"], ["'۳۱ مهر ۱۴۰۴'", "not a date"]),
        (["--until", ""], ["'' is not a date"]),
        (["--since", "2025-10-21", "--until", "۲۸ مهر ۱۴۰۴"], ["2025-10-21", "2025-10-20"]),
    ],
)
def test_a_filter_that_is_none(data, filters, told):
    refused(khabar("ask", ARABIC, "--data", data, *filters), *told)


def test_flags_and_variables(data):
    three = json.loads(khabar("ask", ARABIC, "--json", "--data", data).stdout)
    one = json.loads(khabar("ask", ARABIC, "--json", "--data", data, "--quotes", "1").stdout)
    by_variable = json.loads(khabar("ask", ARABIC, "--json", KHABAR_DATA=str(data), KHABAR_QUOTES="1").stdout)
    assert len(one["citations"]) == 1 < len(three["citations"])
    assert by_variable["citations"] == one["citations"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("😀😀", "no words"),
        ("؟!", "no words"),
        ("\u202e\u2066", "no words"),
        ("س" * 10_000, "10,000 characters"),
        ("ما هذا؟ " * 1_250, "characters"),
        ("😀" * 10_000, "10,000 characters"),
    ],
)
def test_a_question_that_is_none(data, question, told):
    assert len(refused(khabar("ask", question, "--data", data), told)) < 300


def test_no_index(tmp_path):
    for command in (["ask", ARABIC], ["serve"]):
        refused(khabar(*command, "--data", tmp_path / "لا شيء"), tmp_path / "لا شيء", "khabar index")
    assert not (tmp_path / "لا شيء").exists()


@pytest.mark.parametrize("damage", ["catalog.sqlite", "lexical"])
def test_a_damaged_index(own, damage):
    if damage == "lexical":
        for file in (own / damage).rglob("*"):
            if file.is_file() and file.name != "current.json":
                file.write_bytes(b"x" * 100)
    else:
        (own / damage).write_bytes(b"x" * 10_000)
    refused(khabar("ask", ARABIC, "--data", own), own)


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "text"])
@pytest.mark.parametrize("command", ["ask", "models"])
def test_a_model_file_that_is_none(tmp_path, data, kind, command):
    file = tmp_path / "مدل.gguf"
    if kind == "folder":
        file.mkdir()
    elif kind != "missing":
        file.write_bytes(b"" if kind == "empty" else "لا شيء".encode())
    arguments = [command, ARABIC] if command == "ask" else [command]
    refused(khabar(*arguments, "--data", data, "--llm", file), file)


@pytest.mark.parametrize("name", [name for name, field in Settings.model_fields.items() if field.annotation in (int, float)])
def test_a_bad_value_names_flag_and_value(data, name):
    flag = f"--{name.replace('_', '-')}"
    refused(khabar("ask", ARABIC, "--data", data, flag, "هشت"), flag, f"KHABAR_{name.upper()}", "هشت")
    refused(khabar("ask", ARABIC, "--data", data, **{f"KHABAR_{name.upper()}": "-1"}), flag, "-1")


def test_bad_languages(data):
    refused(khabar("ask", ARABIC, "--data", data, "--llm-languages", "de"), "--llm-languages", "'de'")


def test_a_glossary_that_cannot_be_read(tmp_path, data):
    bad = tmp_path / "bad.tsv"
    bad.write_text("word\tone\n", "utf-8")
    refused(khabar("ask", ARABIC, "--data", data, "--glossary", bad), "line 1")
    refused(khabar("ask", ARABIC, "--data", data, "--glossary", tmp_path / "none.tsv"), "none.tsv")


# What Click itself refuses: a wrong way to write the command ends with status 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", ARABIC, "--topk", "3"], "--topk"),
        (["ask"], "QUESTION"),
        (["ask", "one", "two"], "two"),
        (["eval"], "FILES"),
        (["nothing"], "nothing"),
        (["--nothing"], "--nothing"),
        (["models", "nothing"], "nothing"),
        (["models", "download"], "NAME"),
    ],
)
def test_a_command_written_wrongly(arguments, told):
    result = khabar(*arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert told in result.stderr.splitlines()[-1] and "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["index", "ask", "serve", "eval", "models"])
def test_every_setting_is_a_flag_with_its_description_and_default(command):
    found = main.get_command(click.Context(main), command)
    options = {parameter.name: parameter for parameter in found.params if isinstance(parameter, click.Option)}
    for name, field in Settings.model_fields.items():
        assert options[name].opts == [f"--{name.replace('_', '-')}"]
        assert field.description in options[name].help
        assert field.default is None or str(field.default) in options[name].help


def test_help_and_version():
    listed = khabar("--help")
    assert listed.exit_code == 0 and all(name in listed.stdout for name in ("index", "ask", "serve", "eval", "models"))
    assert khabar("-h").stdout == listed.stdout
    assert "0.1" in khabar("--version").stdout


# Eval


QUESTIONS = [
    {"id": "a", "language": "ar", "kind": "when", "question": ARABIC, "articles": ["seeds/ar/2025-10-21"], "any": ["23"]},
    {"id": "b", "language": "fa", "kind": "what", "question": PERSIAN, "articles": ["seeds/fa/2025-10-21"], "any": ["لهستان"]},
    {"id": "c", "language": "ar", "kind": "unanswerable", "question": "ما مكونات طبق الكشري؟", "abstain": True},
]


@pytest.fixture
def questions(tmp_path):
    file = tmp_path / "پرسش‌ها.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in QUESTIONS), "utf-8")
    return file


def test_an_evaluation(tmp_path, data, questions):
    out = tmp_path / "out.json"
    result = khabar("eval", questions, "--data", data, "--json", out)
    assert result.exit_code == 0, result.output
    for heading in ("all", "language ar", "language fa", "kind unanswerable", "100.0%"):
        assert heading in result.stdout
    content = json.loads(out.read_text("utf-8"))
    assert set(content) == {"summary", "rows"}
    assert content["summary"]["all"]["questions"] == 3 and content["summary"]["all"]["verbatim"] == 1.0
    assert {"direct", "direct_shown"} <= set(content["summary"]["all"]) and "direct" in content["rows"][0]
    assert [row["id"] for row in content["rows"]] == ["a", "b", "c"]
    assert content["rows"][0]["answer"]["citations"]
    same = khabar("eval", questions, "--data", data, "--baseline", out)
    assert same.exit_code == 0 and "fallen" not in same.stderr


def test_an_evaluation_that_falls_below_its_baseline(tmp_path, data, questions):
    out = tmp_path / "out.json"
    khabar("eval", questions, "--data", data, "--json", out)
    worse = [{**QUESTIONS[0], "any": ["كذب"]}, *QUESTIONS[1:]]
    questions.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in worse), "utf-8")
    result = khabar("eval", questions, "--data", data, "--baseline", out, "--json", tmp_path / "worse.json")
    assert result.exit_code == 1
    fallen = [line for line in result.stderr.splitlines() if line.startswith("fallen: ")]
    assert {line.split(": ")[1] for line in fallen} == {"all", "language ar", "kind when"}
    assert "wrong: a (ar, when)" in result.stdout
    assert json.loads((tmp_path / "worse.json").read_text("utf-8"))["summary"]["all"]["correct"] < 1


def test_questions_that_cannot_be_asked(tmp_path, data, questions):
    refused(khabar("eval", tmp_path / "none.jsonl", "--data", data), "none.jsonl")
    questions.write_text(questions.read_text("utf-8") + '\n{"id": "d"}\n', "utf-8")
    refused(khabar("eval", questions, "--data", data), f"{questions}:4: ")


def test_a_baseline_or_output_that_cannot_be_used(tmp_path, data, questions):
    for arguments in (["--baseline", tmp_path / "none.json"], ["--json", tmp_path / "no" / "out.json"]):
        result = khabar("eval", questions, "--data", data, *arguments)
        assert result.exit_code == 1
        assert str(arguments[1]) in result.stderr.splitlines()[-1] and "Traceback" not in result.stderr


# Models and serve


def test_models(tmp_path):
    stdout = khabar("models", KHABAR_MODELS=str(tmp_path)).stdout
    assert "embedder: none" in stdout and "reranker: none" in stdout and "language model: none" in stdout
    assert "--llm FILE.gguf" in stdout and f"lie in {tmp_path}" in stdout
    for model in RECOMMENDED:
        assert f"{model.name}: " in stdout and f"{model.licence}: not downloaded" in stdout
    stdout = khabar("models", KHABAR_EMBEDDER="multilingual-e5-small", KHABAR_LLM="smollm2").stdout
    assert "embedder: multilingual-e5-small-int8, languages: ar, en, fa, 72 MB, in /" in stdout and "e5-small-q4.bin;" in stdout
    assert "SmolLM2-135M-Instruct, languages: en" in stdout and ".gguf;" in stdout


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A models folder with a downloaded embedder and a reranker of the user's own, both small and made here."""
    folder = tmp_path_factory.mktemp("models")
    tiny.published_e5(folder / "multilingual-e5-base")
    tiny.cross_encoder(folder / "مرتب")
    (folder / ".bge-reranker-v2-m3@0123").mkdir()
    return folder


@pytest.mark.slow
def test_models_that_are_here_and_in_use(models):
    chosen = {"KHABAR_MODELS": str(models), "KHABAR_EMBEDDER": "multilingual-e5-base", "KHABAR_RERANKER": "مرتب"}
    result = khabar("models", "--check", "--reranker-languages", "fa", **chosen)
    assert result.exit_code == 0, result.output
    place = models / "multilingual-e5-base"
    lines = result.stdout.splitlines()
    assert lines[0].startswith("embedder: multilingual-e5-base@") and f"in {place}" in lines[0]
    assert "languages: ar, en, fa, 1" in lines[0] and "prompts 'query: ' and 'passage: '" in lines[0]
    assert lines[1].startswith("reader: none") and "--reader e5-reader" in lines[1]
    assert lines[2].startswith("reranker: مرتب, languages: fa") and "kB" in lines[2]
    told = {line.strip().split(": ")[0]: line for line in lines if line.startswith("  ")}
    assert "MIT: downloaded, " in told["multilingual-e5-base"] and "not downloaded" in told["bge-reranker-v2-m3"]
    assert "kB" in told["مرتب"] and len(told) == len(RECOMMENDED) + 1
    assert lines[-1] == "All of them work."


@pytest.mark.slow
def test_a_downloaded_model_that_is_damaged_is_told_in_the_list(models, tmp_path):
    shutil.copytree(models / "multilingual-e5-base", tmp_path / "multilingual-e5-base")
    (tmp_path / "multilingual-e5-base" / "khabar.json").write_text('{"files": {"model.safetensors": 7}}')
    assert "model.safetensors has" in khabar("models", "--models", tmp_path).stdout
    refused(khabar("models", "--models", tmp_path, "--embedder", "multilingual-e5-base"), "not whole")


def test_a_model_that_is_not_downloaded(tmp_path):
    for flag, name in (("--embedder", "multilingual-e5-base"), ("--reranker", "bge-reranker-v2-m3")):
        refused(khabar("models", "--models", tmp_path, flag, name), tmp_path, f"khabar models download {name}")


@pytest.mark.slow
def test_an_index_with_a_downloaded_embedder_and_other_prompts(models, tmp_path):
    news, data = tmp_path / "news", tmp_path / "data"
    news.mkdir()
    (news / "قمة.txt").write_text(article("قمة", "عُقدت القمة في بودابست."), "utf-8")
    (news / "قمح.txt").write_text(article("قمح", "ارتفعت أسعار القمح في الأسواق."), "utf-8")
    chosen = {"KHABAR_MODELS": str(models), "KHABAR_EMBEDDER": "multilingual-e5-base", "KHABAR_DATA": str(data)}
    assert khabar("index", news, **chosen).exit_code == 0
    assert "[1]" in khabar("ask", "أين عُقدت القمة؟", **chosen).stdout
    before = status_with(chosen)
    assert before["chunks"] == before["of"] == 2 and before["embedder"].startswith("multilingual-e5-base@")
    # Other prompts make other vectors: they are made beside those in use, and words answer until all are there.
    other = chosen | {"KHABAR_QUERY_PROMPT": "سؤال: "}
    assert "[1]" in khabar("ask", "أين عُقدت القمة؟", **other).stdout
    assert status_with(other)["before"] == before["embedder"] and status_with(other)["chunks"] == 0
    assert f"It was embedded by {before['embedder']}" in khabar("index", **other).stdout
    assert status_with(other)["before"] is None and status_with(other)["chunks"] == 2
    assert "[1]" in khabar("ask", "أين عُقدت القمة؟", **other).stdout


def status_with(chosen):
    return json.loads(khabar("status", "--json", **chosen).stdout)["embedded"]


def test_the_embedder_of_an_earlier_khabar(data):
    for command in (["ask", ARABIC], ["index"], ["status"]):
        told = refused(khabar(*command, "--data", data, "--embedder", "minilm"), "'minilm'", "no longer part of Khabar")
        assert "multilingual-e5-small" in told


@pytest.mark.parametrize("before", [True, False])
def test_the_download_of_a_model(tmp_path, monkeypatch, before):
    """What the command says; tests/rag/test_download.py has the download itself."""
    asked = []

    def download(model, folder, progress):
        asked.append((model.name, folder))
        progress.stage("fetch", 10)
        progress.advance(10)
        return folder / model.name

    monkeypatch.setattr("ui.commands.models.download", download)
    place = tmp_path / "my models"
    flags = ["--models", place]
    result = khabar("models", *(flags if before else []), "download", "embedder", *([] if before else flags))
    assert result.exit_code == 0, result.output
    assert asked == [("multilingual-e5-base", place)]
    assert result.stdout.splitlines() == [
        f"multilingual-e5-base is in {place / 'multilingual-e5-base'}.",
        f"To use it: export KHABAR_EMBEDDER='{place / 'multilingual-e5-base'}' && khabar index",
    ]
    named = khabar("models", "download", "bge-reranker-v2-m3", KHABAR_MODELS=str(place), KHABAR_EMBEDDER="not there")
    assert named.stdout.splitlines()[-1] == "To use it: export KHABAR_RERANKER=bge-reranker-v2-m3"


def test_the_download_of_no_known_model(tmp_path):
    refused(khabar("models", "download", "نموذج", "--models", tmp_path), "'نموذج'", "multilingual-e5-base")


def test_a_port_in_use(data):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(khabar("serve", "--data", data, "--port", port), f"127.0.0.1:{port}", "--port")


@pytest.mark.parametrize("host", ["203.0.113.7", "2001:db8::1"])
def test_an_address_of_another_machine(data, host):
    refused(khabar("serve", "--data", data, "--host", host), host)


# Real processes


def process(*arguments, **variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KHABAR_")}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        env=environment | BARE | variables,
        timeout=120,
        cwd=ROOT,
        check=False,
    )


RUN = "from ui.cli import main; main()"


@pytest.mark.slow
def test_asking_loads_no_slow_library(data):
    """With the default embedder, whose own file is read; no vectors are in use, so that Chroma is not opened either."""
    code = (
        "import sys\nfrom ui.cli import main\n"
        "slow = {'torch', 'llama_cpp', 'chromadb', 'gradio', 'transformers', 'sentence_transformers', 'fastapi', 'rich'}\n"
        "for question in sys.argv[1:]:\n"
        "    main(['ask', question], standalone_mode=False)\n"
        "    print(sorted(slow & set(sys.modules)), file=sys.stderr)\n"
        "    print('next', flush=True)"
    )
    chosen = {"KHABAR_EMBEDDER": "multilingual-e5-small", "KHABAR_DATA": str(data)}
    done = process("-c", code, ARABIC, PERSIAN, ENGLISH, **chosen)
    assert done.returncode == 0, done.stderr.decode()
    assert all("[1]" in answer for answer in done.stdout.decode().split("next\n")[:3])
    assert [line for line in done.stderr.decode().splitlines() if line.startswith("[")] == ["[]"] * 3


@pytest.mark.slow
def test_a_failure_in_a_real_process(tmp_path):
    done = process("-c", RUN, "ask", ARABIC, "--data", str(tmp_path / "لا شيء"))
    assert done.returncode == 1 and done.stdout == b""
    [line] = done.stderr.decode().splitlines()
    assert line.startswith("khabar: ")


@pytest.mark.slow
def test_bytes_that_are_no_utf8_and_a_terminal_that_is_not_either(data):
    arguments = [os.fsencode(argument) for argument in (sys.executable, "-c", RUN, "ask", "--data", data, "--json")]
    environment = {**os.environ, **BARE, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([*arguments, b"\xff\xfe Putin Trump"], capture_output=True, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert "Putin" in json.loads(done.stdout)["question"]


@pytest.mark.slow
def test_a_terminal_of_ascii_still_gets_its_answer(data):
    code = (
        "import sys\nfrom ui.cli import main\n"
        "for more in ([], ['--json']):\n"
        "    main(['ask', *sys.argv[1:], *more], standalone_mode=False)\n"
        "    print('next', flush=True)"
    )
    done = process("-c", code, ARABIC, "--data", str(data), PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0 and done.stderr == b"", done.stderr.decode()
    plain, as_json, _ = done.stdout.decode().split("next\n")
    assert plain.strip() and json.loads(as_json)["question"] == ARABIC


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_traceback(data):
    environment = {**os.environ, **BARE}
    running = subprocess.Popen(
        [sys.executable, "-c", RUN, "ask", ARABIC, "--json", "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    running.stdout.close()
    stderr = running.stderr.read()
    running.stderr.close()
    running.wait(60)
    assert stderr == b"" and running.returncode == 0, stderr.decode()


def test_a_defect_is_one_line_too_with_the_details_in_a_file(data, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("عطل\nsecond line")

    monkeypatch.setattr("ui.commands.ask.open_archive", broken)
    result = khabar("ask", ARABIC, "--data", data)
    line = refused(result, "RuntimeError: عطل", "defect", status=70)
    details = Path(line.rsplit(" ", 1)[1])
    assert "Traceback" in details.read_text("utf-8")
    details.unlink()
