"""Answering many: asked at once, twice, given up, too much; of a stand-in for the archive that waits when it is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest

from index.types import EVERYTHING, Filter, KhabarError
from rag.answer import Quoted
from rag.answering import tuning
from rag.answering.memory import Memory
from rag.answering.pool import Pool
from rag.answering.seat import OwnSeat
from rag.answering.types import Asked, Overloaded, Stopping
from rag.types import Answer, DraftCount

ARABIC = "كم ساعة قضى ويتكوف مع بوتين؟"
PERSIAN = "نشست آلاسکا چند ساعت طول کشید؟"
WRITTEN = "Write: who met whom?"


class Archive:
    """Answers with the question's own words; some questions wait until they may go on, some are written, one breaks."""

    completes_by_model = False
    models = {"reader": "none"}

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go_on = threading.Event()
        self.at_work = threading.Semaphore(0)
        self.ended = threading.Event()
        self.lasting = True

    def quote(self, question: str, history: Sequence[str] = (), within: Filter = EVERYTHING) -> Quoted:
        self.asked.append(question)
        if question.startswith("wait"):
            self.at_work.release()
            assert self.go_on.wait(30)
        if question.startswith("break"):
            raise KhabarError("the index is damaged", "run khabar index --rebuild")
        answer = Answer(question, "en", f"“{question}”", "quotes", False, timings={"answer_ms": 1.0})
        return Quoted(answer, question if question.startswith("Write") else None, self.lasting)  # type: ignore[arg-type]

    def search(
        self, question: str, history: Sequence[str] = (), within: Filter = EVERYTHING, top_k: int = 10, meaning: bool = True
    ) -> list[str]:
        self.asked.append(question)
        return [question] * top_k

    def write(self, draftable: str, leash) -> Iterator[Answer]:
        pieces = self._pieces()
        leash.hold(pieces)
        for piece in pieces:
            yield Answer(draftable, "en", piece, "written", False, drafted=DraftCount(1))
        self.ended.set()

    def _pieces(self):
        archive = self

        class Pieces:
            closed = False
            count = 0

            def __iter__(self):
                return self

            def __next__(self) -> str:
                archive.at_work.release()
                while not (archive.go_on.wait(0.01) or self.closed):
                    pass
                self.count += 1
                if self.closed or self.count > 2:
                    raise StopIteration
                return f"sentence {self.count}"

            def close(self) -> None:
                self.closed = True

        return Pieces()


@pytest.fixture
def archive():
    return Archive()


@pytest.fixture
def state():
    return [1]


@pytest.fixture
def pool(archive, state):
    made = Pool(archive, Memory(lambda: state[0]), [OwnSeat(archive), OwnSeat(archive)])
    yield made
    archive.go_on.set()
    made.close()


async def all_of(pool: Pool, asked: Asked, asker: str = "local") -> list[Answer]:
    return [answer async for answer in pool.stream(asked, asker)]


async def until(found) -> None:
    for _ in range(1_000):
        if found():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to that")


def acquired(archive: Archive) -> bool:
    return archive.at_work.acquire(timeout=20)


def test_an_answer_a_search_and_other_work(pool, archive):
    async def ask() -> None:
        [answer] = await all_of(pool, Asked(ARABIC))
        assert answer.answer == f"“{ARABIC}”" and {"answer_ms", "wait_ms"} == answer.timings.keys()
        assert (await pool.answer(Asked(PERSIAN), "local")).answer == f"“{PERSIAN}”"
        assert await pool.search(Asked(PERSIAN), 3, "local") == [PERSIAN] * 3
        assert await pool.run(lambda: threading.current_thread().name, "local") == "aside-0"
        await until(lambda: pool.is_idle)

    asyncio.run(ask())


def test_who_is_answered_from_memory_is_there_for_a_while(pool, monkeypatch):
    monkeypatch.setattr(tuning, "STILL_THERE", 1e9)
    for is_idle in (True, False):
        asyncio.run(pool.answer(Asked(PERSIAN), "local"))
        assert pool.is_idle is is_idle
    monkeypatch.setattr(tuning, "STILL_THERE", 0.0)
    assert pool.is_idle


def test_what_fails_fails_for_who_asked(pool):
    async def ask() -> None:
        with pytest.raises(KhabarError, match="the index is damaged"):
            await pool.answer(Asked("break it"), "local")
        with pytest.raises(ZeroDivisionError):
            await pool.run(lambda: 1 / 0, "local")
        assert (await pool.answer(Asked(ARABIC), "local")).answer

    asyncio.run(ask())


def test_an_equal_question_is_remembered_until_the_archive_changes(pool, archive, state):
    async def ask() -> None:
        first = await pool.answer(Asked(ARABIC), "local")
        again = await pool.answer(Asked(ARABIC), "key:other")
        assert again.answer == first.answer and "remembered_ms" in again.timings
        await pool.answer(Asked(ARABIC, history=(PERSIAN,)), "local")
        await pool.answer(Asked(ARABIC, within=Filter(languages=frozenset({"fa"}))), "local")
        assert len(archive.asked) == 3
        assert await pool.search(Asked(ARABIC), 2, "local") == await pool.search(Asked(ARABIC), 2, "local")
        assert len(archive.asked) == 4
        state[0] = 2
        assert "remembered_ms" not in (await pool.answer(Asked(ARABIC), "local")).timings
        archive.lasting = False
        for _ in range(2):
            await pool.answer(Asked(PERSIAN), "local")
        assert archive.asked[5:] == [PERSIAN, PERSIAN]

    asyncio.run(ask())


def test_what_is_asked_while_the_archive_changes_is_not_remembered(pool, archive, state):
    async def ask() -> None:
        asking = asyncio.create_task(pool.answer(Asked("wait"), "local"))
        await asyncio.to_thread(acquired, archive)
        state[0] = 2
        archive.go_on.set()
        await asking
        state[0] = 1
        assert "remembered_ms" not in (await pool.answer(Asked("wait"), "local")).timings

    asyncio.run(ask())


def test_several_at_once_are_computed_once(pool, archive):
    async def ask() -> None:
        asking = [asyncio.create_task(pool.answer(Asked("wait"), f"key:{number}")) for number in range(5)]
        await asyncio.to_thread(acquired, archive)
        await asyncio.sleep(0.05)
        asking[0].cancel()  # the first to ask goes, the others wait on
        archive.go_on.set()
        answers = await asyncio.gather(*asking[1:])
        assert len({answer.answer for answer in answers}) == 1 and archive.asked == ["wait"]
        with suppress(asyncio.CancelledError):
            await asking[0]

    asyncio.run(ask())


def test_who_goes_away_leaves_the_line_at_once(pool, archive):
    async def ask() -> None:
        busy = [asyncio.create_task(pool.answer(Asked(f"wait {number}"), "local")) for number in range(2)]
        await asyncio.to_thread(lambda: acquired(archive) and acquired(archive))
        waiting = asyncio.create_task(pool.answer(Asked(PERSIAN), "local"))
        staying = asyncio.create_task(pool.answer(Asked(ARABIC), "local"))
        await until(lambda: len(pool._searching._line) == 2)
        waiting.cancel()
        await until(lambda: len(pool._searching._line) == 1)
        archive.go_on.set()
        await asyncio.gather(*busy, staying)
        assert PERSIAN not in archive.asked

    asyncio.run(ask())


def test_a_model_writes_apart_and_holds_up_no_quotes(pool, archive):
    async def ask() -> None:
        writing = pool.stream(Asked(WRITTEN), "local")
        assert (await anext(writing)).mode == "quotes"
        for number in range(9):  # more than there are seats
            assert (await pool.answer(Asked(f"{ARABIC} {number}"), "local")).mode == "quotes"
        [quoted] = await all_of(pool, Asked(WRITTEN, write=False))
        assert quoted.mode == "quotes"
        archive.go_on.set()
        rest = [answer.answer async for answer in writing]
        assert rest == ["sentence 1", "sentence 2"]
        again = await pool.answer(Asked(WRITTEN), "local")
        assert again.answer == "sentence 2" and "remembered_ms" in again.timings

    asyncio.run(ask())


def test_a_model_stops_when_its_reader_goes_away(pool, archive):
    async def ask() -> None:
        writing = pool.stream(Asked(WRITTEN), "local")
        await anext(writing)
        await asyncio.to_thread(acquired, archive)
        await writing.aclose()
        assert await asyncio.to_thread(archive.ended.wait, 20)
        await until(lambda: pool.is_idle)

    asyncio.run(ask())


def test_a_model_stops_when_the_page_closes_what_it_waits_for(pool, archive):
    stream = pool.of_page().stream(WRITTEN)
    quoted = next(stream)
    assert (quoted.mode, quoted.drafted) == ("quotes", DraftCount())
    acquired(archive)
    waiting = threading.Thread(target=lambda: list(stream))
    waiting.start()
    stream.close()
    assert archive.ended.wait(20)
    waiting.join(20)
    assert not waiting.is_alive() and list(stream) == []
    asyncio.run(until(lambda: pool.is_idle))


def test_where_a_model_is_long_in_coming_the_quotes_are_the_answer(pool, archive, monkeypatch):
    pool._writing._line._mean = 2 * tuning.PATIENCE_FOR_A_WRITER

    async def ask() -> None:
        first = asyncio.create_task(pool.answer(Asked(WRITTEN), "one"))
        await asyncio.to_thread(acquired, archive)
        quoted, answer = await all_of(pool, Asked(f"{WRITTEN} Again?"), "two")
        assert answer.answer == quoted.answer and "busy with other questions" in answer.notices[-1]
        archive.go_on.set()
        assert (await first).mode == "written"

    asyncio.run(ask())


def test_too_much_is_refused_with_a_time_to_come_again(pool, archive):
    pool._searching._line._most = 4

    async def ask() -> None:
        asking = [asyncio.create_task(pool.answer(Asked(f"wait {number}"), f"key:{number}")) for number in range(2)]
        await asyncio.to_thread(lambda: acquired(archive) and acquired(archive))
        asking += [asyncio.create_task(pool.answer(Asked(f"wait {number}"), f"key:{number}")) for number in range(2, 6)]
        await until(lambda: len(pool._searching._line) == 4)
        with pytest.raises(Overloaded) as full:
            await pool.search(Asked(PERSIAN), 3, "local")
        assert full.value.wait >= 1
        archive.go_on.set()
        await asyncio.gather(*asking)

    asyncio.run(ask())


def test_the_page_has_turns_of_its_own(pool, archive):
    async def ask() -> None:
        asking = [asyncio.create_task(pool.answer(Asked(f"wait {number}"), f"key:{number}")) for number in range(12)]
        await asyncio.to_thread(lambda: acquired(archive) and acquired(archive))
        page = asyncio.create_task(asyncio.to_thread(lambda: list(pool.of_page().stream(PERSIAN))))
        await until(lambda: len(pool._searching._line) == 11)
        archive.go_on.set()
        [answer] = await page
        assert answer.question == PERSIAN
        await asyncio.gather(*asking)
        assert archive.asked.index(PERSIAN) <= 4

    asyncio.run(ask())


def test_a_server_that_stops_ends_what_is_asked(pool, archive):
    async def ask() -> None:
        asking = [asyncio.create_task(pool.answer(Asked(f"wait {number}"), "local")) for number in range(4)]
        writing = pool.stream(Asked(WRITTEN), "local")
        await asyncio.to_thread(lambda: acquired(archive) and acquired(archive))
        waiting = asyncio.create_task(anext(writing))
        await asyncio.sleep(0.05)
        await asyncio.to_thread(pool.let_go)
        for one in (*asking, waiting):
            with pytest.raises(Stopping):
                await one
        with pytest.raises(Stopping):
            await pool.answer(Asked(ARABIC), "local")

    asyncio.run(ask())
