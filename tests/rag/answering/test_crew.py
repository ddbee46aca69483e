"""Reading processes over seeds/: the same answers as in this process, also after one was killed; and none is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace

import pytest

from index.types import Filter, KhabarError
from rag.answering.crew import ReadingProcess, WorkerSeat
from rag.answering.opened import open_answering
from rag.answering.parcel import Parcels
from rag.answering.seat import OwnSeat
from rag.answering.types import Asked, Stopping
from rag.settings import Settings
from rag.text.glossary import load_glossary

pytestmark = [pytest.mark.slow, pytest.mark.crash]

ASKED = [
    Asked("كم ساعة قضى ويتكوف مع بوتين في موسكو؟"),
    Asked("نشست آلاسکا چند ساعت طول کشید؟"),
    Asked("What mark did Trump give his Alaska summit with Putin?"),
    Asked("و متى كان ذلك؟", history=("كم ساعة قضى ويتكوف مع بوتين في موسكو؟",)),
    Asked("ترامب", within=Filter(languages=frozenset({"fa"}))),
]


@pytest.fixture(scope="module")
def settings(archive):
    return Settings(data=archive.catalog.file.parent, llm="smollm2", embedder="none", reader="none", workers=1)


@pytest.fixture(scope="module")
def parcels():
    return Parcels(load_glossary())


@pytest.fixture(scope="module")
def process(settings, parcels):
    made = ReadingProcess(settings, parcels, 2)
    yield made
    made.close()
    assert made.pid is None


def untimed(answer):
    return replace(answer, timings={})


def test_answers_are_those_of_this_process(archive, process, parcels):
    seat, here = WorkerSeat(process, 0, parcels), OwnSeat(archive.answerer)
    for asked in ASKED:
        found, own = seat.quote(asked), here.quote(asked)
        models = own.answer.models | {"generator": found.answer.models["generator"]}
        assert untimed(found.answer) == replace(untimed(own.answer), models=models)
        assert seat.search(asked, 3) == here.search(asked, 3)


def test_what_a_model_needs_comes_along_without_the_glossary(process, parcels):
    seat = WorkerSeat(process, 1, parcels)
    draftable = seat.quote(ASKED[2]).draftable
    assert draftable and draftable.question.glossary is load_glossary()
    entries = [entry for term in draftable.question.terms for entry in term.entries]
    assert entries and all(any(entry is known for known in load_glossary().entries()) for entry in entries)
    assert len(parcels.packed(draftable)) < 200_000


def test_an_error_is_the_archive_s_own(process, parcels):
    with pytest.raises(KhabarError, match="has no words"):
        WorkerSeat(process, 0, parcels).quote(Asked("؟؟"))


def test_one_that_is_killed_is_started_again(process, parcels):
    seat, other = WorkerSeat(process, 0, parcels), WorkerSeat(process, 1, parcels)
    first = seat.quote(ASKED[0]).answer
    pid = process.pid
    os.kill(pid, signal.SIGKILL)
    assert seat.quote(ASKED[0]).answer.answer == other.quote(ASKED[0]).answer.answer == first.answer
    assert process.pid not in (None, pid)


def test_one_that_cannot_open_the_archive_says_why(tmp_path, parcels):
    missing = ReadingProcess(Settings(data=tmp_path, llm="none", embedder="none", reader="none"), parcels, 1)
    with pytest.raises(KhabarError, match="khabar index"):
        WorkerSeat(missing, 0, parcels).quote(ASKED[0])
    missing.close()
    with pytest.raises(Stopping):
        missing.connection(0)


def test_a_server_that_stops_leaves_no_process(archive, settings):
    pool = open_answering(archive, settings.model_copy(update={"workers": 2, "llm": "none"}))

    async def ask() -> list[str]:
        answers = await asyncio.gather(*(pool.answer(asked, "local") for asked in ASKED))
        return [answer.answer for answer in answers]

    try:
        assert asyncio.run(ask()) == [OwnSeat(archive.answerer).quote(asked).answer.answer for asked in ASKED]
        pids = [seat._process.pid for seat in pool._searching._seats]
        assert len({pid for pid in pids if pid}) == 2
    finally:
        pool.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
