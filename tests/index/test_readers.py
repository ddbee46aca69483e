"""What a question finds while the index is written, and after a kill -9 at any moment: the old or the new, always whole."""

from __future__ import annotations

import random
import re
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import rag.archive
from index.clean import article_id
from rag.archive import Archive, open_archive
from rag.ask.question import read_question
from rag.settings import Settings, read_settings
from rag.text.glossary import load_glossary
from tests.index.made import TinyEmbedder, build, rows, write_articles

pytestmark = pytest.mark.crash

# A subject for each article; of the two sentences one stands so far down that it is in a chunk of its own.
SUBJECTS = {
    "ar": ["الزيتون", "الميناء", "السدود", "المتحف", "الجراد"],
    "fa": ["زعفران", "پتروشیمی", "دریاچه", "کتابخانه", "فرش‌بافی"],
    "en": ["lighthouse", "beekeepers", "glacier", "orchestra", "shipyard"],
}
SENTENCES = {
    "ar": ("قال مسؤول إن {} تغيّر في النشرة ver{}.", "وأضاف الوزير كلاما كثيرا لا صلة له بما سبق ذكره في هذا اليوم."),
    "fa": ("یک مقام گفت {} در ویراست ver{} دگرگون شد.", "وزیر سخنان بسیاری گفت که به این موضوع پیوندی نداشت و می‌گذرد."),
    "en": ("An official said that the {} changed in edition ver{}.", "The minister went on at length about other matters."),
}
TITLES = {"ar": "خبر {} ver{}", "fa": "گزارش {} ver{}", "en": "Report on the {} ver{}"}
QUESTIONS = {"ar": "ماذا جرى لـ{}؟", "fa": "چه بر سر {} آمد؟", "en": "What changed about the {}?"}
NAMES = {subject: f"{language}{number}.md" for language in SUBJECTS for number, subject in enumerate(SUBJECTS[language])}
SEED = 7
KILLS = 7


def article(language: str, subject: str, version: int) -> str:
    first, other = SENTENCES[language]
    told = first.format(subject, version)
    return f"# {TITLES[language].format(subject, version)}\n\n{told}\n\n" + f"{other}\n\n" * 12 + told


def write_version(folder: Path, version: int) -> None:
    write_articles(
        folder,
        {NAMES[subject]: article(language, subject, version) for language, known in SUBJECTS.items() for subject in known},
    )


def versions_in(*texts: str) -> set[int]:
    return {int(number) for text in texts for number in re.findall(r"ver(\d+)", text)}


@dataclass
class Reader:
    """Asks for every article in turn, and keeps what is wrong with what it finds."""

    archive: Archive
    seen: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    rounds: int = 0

    def ask_all(self) -> None:
        """Ask for each article once; a version goes never back."""
        glossary = load_glossary()
        for language, subjects in SUBJECTS.items():
            for subject in subjects:
                question = read_question(QUESTIONS[language].format(subject), [], glossary, 2_000)
                found = [
                    passage
                    for passage in self.archive.retriever.retrieve(question, 5)
                    if passage.article.path == f"news/{NAMES[subject]}"
                ]
                texts = [(one.chunk.title, one.chunk.text, one.article.title, one.article.text) for one in found]
                self._check(subject, versions_in(*(text for four in texts for text in four)), f"{len(found)} passages")
                shown = self.archive.article(article_id(f"news/{NAMES[subject]}"))
                self._check(subject, versions_in(shown.title, shown.text) if shown else set(), "the article")
        self.rounds += 1

    def _check(self, subject: str, versions: set[int], what: str) -> None:
        if len(versions) != 1 or min(versions) < self.seen.get(subject, 0):
            self.wrong.append(f"{subject}: {what} of {sorted(versions)} after {self.seen.get(subject)}")
        else:
            self.seen[subject] = versions.pop()

    def ask_until(self, done: threading.Event) -> None:
        try:
            while not done.is_set():
                self.ask_all()
        except BaseException as error:
            self.wrong.append(repr(error))


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """The settings of an index over version 0 of all articles, whose embedder is the tiny one."""
    monkeypatch.setattr(rag.archive, "load_embedder", lambda *_, **__: TinyEmbedder())
    write_version(tmp_path / "news", 0)
    build(tmp_path / "data", tmp_path / "news")
    return read_settings(data=tmp_path / "data", llm="none")


def newcomer_finds(version: int, settings: Settings) -> Reader:
    """Return a reader that opened the archive now, and has found each article in a version."""
    reader = Reader(open_archive(settings))
    reader.ask_all()
    assert not reader.wrong and set(reader.seen.values()) == {version}
    return reader


@pytest.fixture
def index(forks, tmp_path) -> Callable[[str], int]:
    """A function that runs khabar index until a moment, and returns how it ended."""
    return lambda moment: forks.index(tmp_path / "data", moment, tmp_path / "news")


def test_killed_at_any_moment_a_reader_finds_the_old_or_the_new(settings, index, tmp_path):
    random_moments, news = random.Random(SEED), tmp_path / "news"
    reader, done = Reader(open_archive(settings)), threading.Event()
    reader.ask_all()
    assert not reader.wrong and set(reader.seen.values()) == {0}
    write_version(news, 1)
    began = time.monotonic()
    assert index("never") == 0
    whole = time.monotonic() - began
    asking = threading.Thread(target=reader.ask_until, args=[done])
    asking.start()
    ended: list[int] = []
    latest = 1
    for latest in range(2, 2 + KILLS):
        write_version(news, latest)
        # One in each part of a run, for moments drawn anywhere may leave out a part.
        part = latest - 2 + random_moments.random()
        ended.append(index(f"after:{whole * part / KILLS:.3f}"))
        newcomer = Reader(open_archive(settings), dict(reader.seen))
        newcomer.ask_all()
        newcomer.archive.catalog.close()
        assert not newcomer.wrong and max(newcomer.seen.values()) <= latest
    assert index("never") == 0
    done.set()
    asking.join()
    assert not reader.wrong and reader.rounds > 2 and ended.count(-signal.SIGKILL) > 3
    reader.ask_all()
    assert not reader.wrong and set(reader.seen.values()) == {latest}
    reader.archive.catalog.close()


def test_while_runs_follow_each_other_a_reader_finds_one_of_two_versions(settings, index, tmp_path):
    archive, done = open_archive(settings), threading.Event()
    readers = [Reader(archive) for _ in range(3)]
    asking = [threading.Thread(target=reader.ask_until, args=[done]) for reader in readers]
    for thread in asking:
        thread.start()
    for version in range(1, 5):
        write_version(tmp_path / "news", version)
        assert index("never") == 0
    done.set()
    for thread in asking:
        thread.join()
    archive.catalog.close()
    assert [reader.wrong for reader in readers] == [[], [], []] and all(reader.rounds > 2 for reader in readers)


@pytest.mark.parametrize("moment", ["store", "read:15", "analyse:9", "lexical"])
def test_after_a_kill_before_the_words_are_swapped_in_the_old_version_is_found_at_once(settings, index, tmp_path, moment):
    write_version(tmp_path / "news", 1)
    assert index(moment) == -signal.SIGKILL
    reader = newcomer_finds(0, settings)
    assert index("never") == 0
    reader.ask_all()
    assert not reader.wrong and set(reader.seen.values()) == {1}
    reader.archive.catalog.close()


@pytest.mark.parametrize("moment", ["folders", "embed:0", "vectors", "embedder"])
def test_after_a_kill_later_on_the_new_version_is_found_at_once(settings, index, tmp_path, moment):
    write_version(tmp_path / "news", 1)
    assert index(moment) == -signal.SIGKILL
    newcomer_finds(1, settings).archive.catalog.close()


def test_killed_several_times_over_several_versions_the_last_that_was_seen_stays(settings, index, tmp_path):
    for version, moment in enumerate(["analyse:9", "store", "lexical"], 1):
        write_version(tmp_path / "news", version)
        assert index(moment) == -signal.SIGKILL
        newcomer_finds(0, settings).archive.catalog.close()
    assert index("never") == 0
    assert rows(tmp_path / "data", "past_articles", "article_id") == [] == rows(tmp_path / "data", "past_chunks", "chunk_id")


def test_removed_articles_are_found_until_the_words_are_swapped_in(settings, index, tmp_path):
    (tmp_path / "news" / NAMES["الميناء"]).unlink()
    (tmp_path / "news" / NAMES["زعفران"]).unlink()
    assert index("lexical") == -signal.SIGKILL
    reader = Reader(open_archive(settings))
    reader.ask_all()
    assert not reader.wrong
    assert index("never") == 0
    reader.ask_all()
    assert len(reader.wrong) == 4 and all("الميناء" in line or "زعفران" in line for line in reader.wrong)
    reader.archive.catalog.close()
