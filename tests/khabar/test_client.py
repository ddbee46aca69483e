"""The client asks an archive, embedded and at a server alike."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

import khabar
from khabar import Answer, BadRequest, Denied, Khabar, KhabarError, NotFound, NotReached
from rag.types import Filter, Listing
from tests.rag.api.test_ask import WHOLE

ROOT = Path(__file__).parents[2]
ASKED = {
    "ar": "متى كان الوزيران روبيو ولافروف يعتزمان الاجتماع في بودابست؟",
    "fa": "رادوسلاو سیکورسکی درباره هواپیمای پوتین چه هشداری داد؟",
    "en": "What did Szijjarto write on Facebook about the summit?",
}


@pytest.mark.parametrize("language", ASKED)
def test_a_question(archive, language):
    answer = archive.ask(ASKED[language])
    assert isinstance(answer, Answer)
    assert (answer.question, answer.language, answer.abstained) == (ASKED[language], language, False)
    for item in answer.citations:
        assert archive.article(item.article_id).text[item.start : item.end] == item.quote


def test_both_ways_are_the_same(embedded, at_server):
    for question in ASKED.values():
        here, there = (dataclasses.replace(archive.ask(question), timings={}) for archive in (embedded, at_server))
        assert here == there


def test_a_question_of_a_conversation_and_of_some_articles(archive):
    before = "آیا سیکورسکی درباره هواپیمای پوتین سخن گفت؟"
    answer = archive.ask("و چه هشداری داد؟", [before], languages=["fa"], since=date(2025, 10, 1), until=date(2025, 10, 31))
    assert not answer.abstained and {item.language for item in answer.citations} == {"fa"}
    outlet = answer.citations[0].outlet
    assert {item.outlet for item in archive.ask(ASKED["fa"], outlets=[outlet], write=False).citations} == {outlet}


@pytest.mark.parametrize("language", ASKED)
def test_an_answer_as_it_grows(archive, language):
    events = list(archive.stream(ASKED[language]))
    whole = archive.ask(ASKED[language])
    assert events[-1].kind == "done" and {event.kind for event in events} >= {"stage", "quote", "citation", "token"}
    assert "".join(event.content["text"] for event in events if event.kind == "token") == whole.answer
    told = Answer.from_json(events[-1].content["answer"])
    assert dataclasses.replace(told, timings={}) == dataclasses.replace(whole, timings={})


def test_a_stream_that_nobody_reads_to_its_end(archive):
    with closing(archive.stream(ASKED["ar"])) as events:
        assert next(events).kind == "stage"
    assert not archive.ask(ASKED["ar"]).abstained


def test_passages(archive):
    found = archive.search("هواپیمای پوتین", 3, languages=["fa"], meaning=False)
    assert [passage.rank for passage in found] == [1, 2, 3] and {passage.language for passage in found} == {"fa"}
    for passage in found:
        assert archive.article(passage.article_id).text[passage.start : passage.end] == passage.text
        assert isinstance(passage.published, date) and passage.score > 0


def test_what_the_archive_holds(archive):
    status = archive.status()
    assert status.articles == sum(status.languages.values()) >= 18 and status.first < status.last
    assert status.models["generator"] == "none" and (status.embedded, status.embeddable) == (0, 0)


@pytest.mark.parametrize(
    ("ask", "kind", "told"),
    [
        (lambda archive: archive.ask("  "), BadRequest, "question"),
        (lambda archive: archive.ask("؟؟"), BadRequest, "has no words"),
        (lambda archive: archive.ask("متى " * 600), BadRequest, "more than the 2,000 allowed"),
        (lambda archive: archive.ask("متى؟", outlets=["لا أحد"]), BadRequest, "لا أحد"),
        (lambda archive: archive.ask("متى؟", languages=["fr"]), BadRequest, "languages"),
        (lambda archive: archive.ask("متى؟", since=date(2025, 2, 1), until=date(2025, 1, 1)), BadRequest, "end before"),
        (lambda archive: archive.search("متى؟", 0), BadRequest, "top_k"),
        (lambda archive: list(archive.stream("  ")), BadRequest, "question"),
        (lambda archive: list(archive.stream("متى " * 600)), BadRequest, "more than"),
        (lambda archive: archive.article("لا"), NotFound, "لا"),
        (lambda archive: archive.article("../../etc/passwd"), NotFound, "no"),
        (lambda archive: archive.article("a/b?c#d e"), NotFound, "no"),
    ],
)
def test_what_cannot_be_asked(archive, ask, kind, told):
    with pytest.raises(kind) as failed:
        ask(archive)
    assert told in failed.value.problem and failed.value.remedy and isinstance(failed.value, KhabarError)
    assert failed.value.status in (404, 413, 422) and failed.value.code


def test_an_answer_is_the_same_after_its_json():
    within = Filter(frozenset({"ب", "ا"}), frozenset({"fa"}), date(2025, 1, 1), None)
    listing = Listing(3, date(2025, 1, 1), None, WHOLE.related)
    whole = dataclasses.replace(WHOLE, within=within, listing=listing, request="articles", without_days="و")
    assert Answer.from_json(whole.to_json()) == whole
    assert Answer.from_json(whole.to_json() | {"a_field_of_tomorrow": [1]}) == whole
    with pytest.raises(ValueError, match="language"):
        Answer.from_json(whole.to_json() | {"language": "fr"})


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({}, "at an address or in a folder"),
        ({"address": "http://127.0.0.1:1", "data": "x"}, "at an address or in a folder"),
        ({"address": "127.0.0.1:7860"}, "not the address of a server"),
        ({"address": "http://sara:secret@127.0.0.1"}, "not the address of a server"),
        ({"address": "http://[::1"}, "not the address of a server"),
        ({"address": "file:///etc/passwd"}, "not the address of a server"),
        ({"address": "http://127.0.0.1:1", "key": "نا درست"}, "the key holds"),
        ({"address": "http://127.0.0.1:1", "llm": "none"}, "llm"),
    ],
)
def test_what_is_no_archive(arguments, told):
    with pytest.raises(BadRequest) as failed:
        Khabar(**arguments)
    assert told in failed.value.problem and "secret" not in str(failed.value) and "نا درست" not in str(failed.value)


def test_a_folder_without_an_archive(tmp_path):
    with pytest.raises(KhabarError, match="khabar index"):
        Khabar(data=tmp_path / "خالی", llm="none", embedder="none", reader="none")


def test_a_server_that_is_not_there():
    with Khabar("http://127.0.0.1:9", timeout=2) as archive, pytest.raises(NotReached) as failed:
        archive.status()
    assert "khabar serve" in failed.value.remedy


def test_closing_twice(data):
    archive = Khabar(data=data, embedder="none", reader="none", llm="none")
    archive.close()
    archive.close()


def test_importing_it_loads_next_to_nothing():
    script = "import sys, khabar; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"httpx2", "fastapi", "pydantic", "numpy", "tantivy", "anyio"} & set(done.stdout.split())


def test_all_that_is_offered_is_there():
    assert all(hasattr(khabar, name) for name in khabar.__all__) and issubclass(Denied, KhabarError)
    assert (Path(khabar.__file__).parent / "py.typed").is_file()


def test_a_script_that_closes_nothing_ends(data):
    script = (
        "import sys; from khabar import Khabar\n"
        "archive = Khabar(data=sys.argv[1], embedder='none', reader='none', llm='none')\n"
        f"print(archive.ask({ASKED['fa']!r}).citations[0].quote)"
    )
    command = [sys.executable, "-X", "utf8", "-c", script, str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert "سیکورسکی" in done.stdout and done.stderr == ""
