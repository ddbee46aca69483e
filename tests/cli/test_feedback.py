"""`khabar feedback`, and its way back through `khabar eval`."""

import json
from contextlib import closing

import pytest

from rag.archive import open_archive
from rag.conversation.feedback import Feedback, Judgement
from rag.conversation.store import FILE_NAME, ConversationStore
from rag.settings import Settings
from tests.cli.command import ARABIC, ENGLISH, PERSIAN, done, khabar, refused

UNTOLD = "ما مكونات طبق الكشري؟"


@pytest.fixture
def judged(own):
    """An archive whose readers found three answers right, and one wrong."""
    archive = open_archive(Settings(data=own, llm="none", embedder="none", reader="none"))
    with closing(archive.catalog), closing(ConversationStore(own / FILE_NAME)) as store:
        feedback = Feedback(store.connection)
        for number, question in enumerate((ARABIC, PERSIAN, UNTOLD, ENGLISH)):
            verdict = "wrong" if question == ENGLISH else "right"
            answer = archive.answerer.answer(question)
            feedback.put(Judgement(f"turn{number}", verdict, question, answer, "سطر\nثانٍ", khabar="0.1", revision=1))
    return own


def test_what_was_judged_is_listed_and_can_be_read_by_programs(judged):
    lines = done("feedback", "--data", judged).stdout.splitlines()
    assert len(lines) == 8 and sum("  right " in line for line in lines) == 3 and any("سطر ثانٍ" in line for line in lines)
    rows = json.loads(done("feedback", "--json", "--data", judged).stdout)
    assert {row["question"] for row in rows} == {ARABIC, PERSIAN, UNTOLD, ENGLISH}
    assert {row["verdict"] for row in rows} == {"right", "wrong"} and all(row["answer"]["answer"] for row in rows)


def test_what_was_right_is_right_again_and_what_was_wrong_waits(judged, tmp_path):
    file = tmp_path / "أحكام.jsonl"
    told = done("feedback", "export", "--out", file, "--data", judged).stderr
    assert "Questions: 4, of which 1 wait to be completed" in told
    waiting = [line for line in map(json.loads, file.read_text("utf-8").splitlines()) if line.get("unfinished")]
    assert [line["question"] for line in waiting] == [ENGLISH] and "say what a right answer holds" in waiting[0]["comment"]
    result = done("eval", file, "--data", judged, "--json", tmp_path / "out.json")
    assert "left out, for they are unfinished: 1" in result.stdout and "wrong:" not in result.stdout
    summary = json.loads((tmp_path / "out.json").read_text("utf-8"))["summary"]["all"]
    assert (summary["questions"], summary["correct"]) == (3, 1.0)


def test_the_export_can_be_printed_and_the_folder_named_before_it(judged):
    result = done("feedback", "--data", judged, "export")
    assert len(result.stdout.splitlines()) == 4 and all(map(json.loads, result.stdout.splitlines()))


def test_where_nobody_judged_nothing_is_made(own):
    assert "Nobody has judged an answer yet" in done("feedback", "--data", own).stdout
    assert done("feedback", "export", "--data", own).stdout == "" and not (own / FILE_NAME).exists()


def test_an_archive_or_a_file_that_is_not_there_is_told(judged, tmp_path):
    refused(khabar("feedback", "--data", tmp_path / "none"), "there is no index")
    refused(khabar("feedback", "export", "--data", judged, "--out", tmp_path / "no" / "x.jsonl"), "cannot be written")
    (judged / FILE_NAME).write_bytes(b"no database at all, but long enough to be taken for one" * 40)
    for path in judged.glob(f"{FILE_NAME}-*"):
        path.unlink()
    refused(khabar("feedback", "--data", judged), FILE_NAME)
