"""What is not embedded yet, embedded beside a server: picked up, renewed, left to others, tried again, and stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from index.build import BuildOptions, build_index
from index.progress import Silent
from index.types import KhabarError
from rag.archive import Archive, open_archive
from rag.settings import Settings
from tests.letters import LetterEmbedder
from ui.commands.serve import BackgroundEmbedding

pytestmark = pytest.mark.slow

QUESTIONS = ("أين عقدت القمة رقم ٧؟", "نشست شماره ۷ کجا برگزار شد؟", "Where was summit 7 held?")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "أخبار"
    folder.mkdir()
    return write(folder, range(20))


def write(folder: Path, numbers: range) -> Path:
    """Write an article in each language for each number."""
    for number in numbers:
        for language, text in (
            ("ar", f"عُقِدت القمّة رقم {number} في بودابست"),
            ("fa", f"نشست شمارهٔ {number} در بوداپست برگزار می‌شود"),
            ("en", f"Summit {number} was held in Budapest"),
        ):
            head = f"---\ntitle: {text}\nlanguage: {language}\n---\n"
            (folder / f"{language}{number}.txt").write_text(f"{head}{text}.\n", "utf-8")
    return folder


def index(data: Path, folder: Path, embedder: LetterEmbedder | None = None) -> None:
    """Index a folder, as `khabar index --later` does where there is no embedder."""
    build_index(data, [folder], embedder or LetterEmbedder(), BuildOptions(), Silent(), embed=embedder is not None)


@pytest.fixture
def opened(tmp_path: Path, news: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[LetterEmbedder], Archive]]:
    """A function that opens the archive with an embedder."""
    archives: list[Archive] = []

    def open_with(embedder: LetterEmbedder) -> Archive:
        monkeypatch.setattr("rag.archive.load_embedder", lambda *_, **__: embedder)
        archives.append(open_archive(Settings(data=tmp_path / "data", llm="none")))
        return archives[-1]

    yield open_with
    for archive in archives:
        archive.catalog.close()


def soon(condition: Callable[[], Any]) -> Any:
    """Wait until something is so, at most a minute of a busy machine."""
    until = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < until, "it never came so"
        time.sleep(0.02)
    return found


def found_by_meaning(archive: Archive) -> list[int]:
    """Return how many chunks the server's own vectors find in each language."""
    vectors = archive.retriever._vectors
    return [len(vectors.search(archive.embedder.embed_query("Budapest"), language, 100)) for language in ("ar", "fa", "en")]


def test_what_was_left_to_a_server_is_embedded_and_used_without_a_restart(tmp_path, news, opened):
    index(tmp_path / "data", news)
    archive, told = opened(LetterEmbedder()), []
    assert found_by_meaning(archive) == [0, 0, 0]
    with BackgroundEmbedding(archive, told.append, look_seconds=0.05):
        soon(lambda: found_by_meaning(archive) == [20, 20, 20])
        assert archive.catalog.meta("embedder") == "letters"
        # `khabar index --later` beside the running server
        index(tmp_path / "data", write(news, range(20, 23)))
        soon(lambda: found_by_meaning(archive) == [23, 23, 23])
        for question in QUESTIONS:
            assert archive.answerer.answer(question).citations
        (news / "ar7.txt").unlink()
        index(tmp_path / "data", news)
        soon(lambda: found_by_meaning(archive) == [22, 23, 23])
    assert told == []


def test_vectors_of_another_embedder_are_renewed_while_words_answer(tmp_path, news, opened):
    index(tmp_path / "data", news, LetterEmbedder("all-MiniLM-L6-v2"))
    meanwhile = []

    def ask(_: int) -> None:
        meanwhile.extend(archive.answerer.answer(question) for question in QUESTIONS)

    archive = opened(LetterEmbedder("letters", ask))
    with BackgroundEmbedding(archive, pytest.fail, look_seconds=0.05):
        soon(lambda: archive.catalog.meta("embedder") == "letters")
    assert len(meanwhile) >= len(QUESTIONS) and all(answer.citations for answer in meanwhile)
    assert found_by_meaning(archive) == [20, 20, 20]


def test_an_archive_that_another_process_embeds_is_looked_at_again(tmp_path, news, opened):
    index(tmp_path / "data", news)
    embedder = LetterEmbedder()
    archive = opened(embedder)
    lock = FileLock(tmp_path / "data" / "embed.lock")
    lock.acquire()
    with BackgroundEmbedding(archive, pytest.fail, look_seconds=0.05):
        time.sleep(0.3)
        assert embedder.given == []
        lock.release()
        soon(lambda: archive.catalog.meta("embedder") == "letters")


@pytest.mark.parametrize("error", [KhabarError("the model 'حروف' is broken", "mend it"), RuntimeError("خلل")])
def test_an_error_is_told_once_tried_again_and_harms_no_question(tmp_path, news, opened, error, caplog):
    index(tmp_path / "data", news)
    told: list[str] = []

    def fail(call: int) -> None:
        failed.append(call)
        if len(failed) < 4:
            raise error

    failed: list[int] = []
    archive = opened(LetterEmbedder("letters", fail))
    with BackgroundEmbedding(archive, told.append, look_seconds=0.05, retry_seconds=0.05):
        soon(lambda: len(failed) > 1)
        assert all(archive.answerer.answer(question).citations for question in QUESTIONS)
        soon(lambda: archive.catalog.meta("embedder") == "letters")
    [line] = told
    assert line.startswith("khabar: ") and ("'حروف' is broken; mend it" in line or "RuntimeError" in line) and "again" in line
    assert ("خلل" in caplog.text) is isinstance(error, RuntimeError)


def test_it_stops_with_its_server_and_keeps_what_is_done(tmp_path, news, opened):
    index(tmp_path / "data", news)
    embedder = LetterEmbedder("letters", lambda call: background.stop())
    archive = opened(embedder)
    background = BackgroundEmbedding(archive, pytest.fail, look_seconds=0.05)
    with background:
        soon(lambda: embedder.given and not background.is_running)
    assert not background.is_running and len(embedder.given) == 1
    assert 0 < archive.catalog.embeddings.count("letters", embedder.languages) < 60
    index(tmp_path / "data", news, LetterEmbedder())
    assert found_by_meaning(archive) == [20, 20, 20]


def test_nothing_runs_without_an_embedder(tmp_path, news, opened):
    index(tmp_path / "data", news)
    embedder = LetterEmbedder()
    embedder.languages = frozenset()
    with BackgroundEmbedding(opened(embedder), pytest.fail) as background:
        assert not background.is_running
