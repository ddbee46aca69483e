"""The second stride: the archive is asked by words meanwhile, and nothing is embedded twice whatever interrupts it."""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from index import embedding, vectors
from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder, Vectors
from index.embedding import Embedded, EmbeddingElsewhere, embed_archive, embedded_share
from index.generation import read_generation
from index.ordinary import ORDINARY
from index.report import BuildReport
from index.types import KhabarError
from index.vectors import held_by
from tests.index.made import Quiet, TinyEmbedder, build, is_ordinary, nearest, rows, search, write_articles


class Watched(TinyEmbedder):
    """Calls what it is given before each stride is embedded, with the number of texts that were embedded before."""

    def __init__(self, before: Callable[[int], object], **named: str) -> None:
        super().__init__(**named)
        self._before = before
        self.calls: list[list[str]] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if not is_ordinary(texts):
            self._before(len(self.embedded))
            self.calls.append(list(texts))
        return super().embed_passages(texts)


def words_only(data: Path, *folders: Path) -> BuildReport:
    return build_index(data, folders, TinyEmbedder(), BuildOptions(), Quiet(), embed=False)


def embed(data: Path, embedder: TinyEmbedder, **more: object) -> Embedded:
    return embed_archive(data, embedder, Quiet(), **more)  # type: ignore[arg-type]


def share(data: Path, embedder: TinyEmbedder) -> Embedded:
    catalog = Catalog(data / FILE_NAME)
    try:
        return embedded_share(catalog, embedder)
    finally:
        catalog.close()


@pytest.fixture
def one_by_one(monkeypatch) -> None:
    """Embed a text a stride."""
    for name in ("_STRIDE", "_FIRST_STRIDE", "_LEAST_STRIDE"):
        monkeypatch.setattr(embedding, name, 1, raising=False)


@pytest.fixture
def many(tmp_path) -> Path:
    """A folder with 20 articles in three languages, a day apart, the first the newest."""
    days = [date(2025, 10, 21) - timedelta(days=number) for number in range(20)]
    texts = {
        f"{number:02}.md": f"---\npublished: {day}\n---\n# {('قمة', 'دیدار', 'Summit')[number % 3]} {number}\n\n"
        f"{('قال الوزير إن القمة رقم', 'وزیر گفت دیدار شماره‌ی', 'The minister said that summit number')[number % 3]} {number}."
        for number, day in enumerate(days)
    }
    return write_articles(tmp_path / "many", texts)


# Words first


def test_words_can_be_asked_before_anything_is_embedded(news, data):
    heard: list[object] = []

    def ready(report: BuildReport) -> None:
        heard.append((report.added, report.chunks, report.embedded))
        heard.append(search(data, "قمة بودابست")[0][:10])
        heard.append((nearest(data, "قمة"), len(embedder.embedded), (data / vectors.FOLDER).exists()))

    embedder = TinyEmbedder()
    report = build_index(data, [news], embedder, BuildOptions(), Quiet(), words_ready=ready)
    assert heard == [(3, 3, None), "قال البيت ", ([], 0, False)]
    assert report.embedded == Embedded(3, 3) == share(data, embedder) and len(nearest(data, "قمة")) == 3


def test_the_second_stride_can_be_left_to_others(news, data):
    report = words_only(data, news)
    assert report.embedded is None and report.elsewhere is None and search(data, "بوداپست") and nearest(data, "قمة") == []
    assert share(data, TinyEmbedder()) == Embedded(0, 3) and not share(data, TinyEmbedder()).complete
    embedder = TinyEmbedder()
    assert embed(data, embedder) == Embedded(3, 3) and len(nearest(data, "قمة")) == 3 == len(embedder.embedded)


def test_an_embedder_that_serves_no_language_does_nothing(news, data):
    words_only(data, news)
    assert embed_archive(data, NoEmbedder(), Quiet()) == Embedded(0, 0) and not (data / vectors.FOLDER).exists()
    few = TinyEmbedder(["fa"])
    assert embed(data, few) == Embedded(1, 1) and [text[:4] for text in few.embedded] == ["دیدا"]


def test_the_newest_articles_come_first_and_those_without_a_day_last(many, data, one_by_one):
    write_articles(many, {"aa.txt": "خبر بلا تاريخ\nقال مصدر شيئا.", "zz.txt": "خبر بی تاریخ\nکسی چیزی گفت."})
    embedder = TinyEmbedder()
    build(data, many, embedder=embedder)
    titles = [text.split("\n")[0] for text in embedder.embedded]
    assert [title.split()[-1] for title in titles[:20]] == [str(number) for number in range(20)]
    assert titles[20:] == ["خبر بلا تاريخ", "خبر بی تاریخ"]


# Interrupted, and taken up again


@pytest.mark.parametrize("after", [0, 1, 7, 19])
def test_stopped_half_way_the_next_run_does_the_rest(many, data, one_by_one, after):
    words_only(data, many)
    first, second = TinyEmbedder(), TinyEmbedder()
    stopped = embed(data, first, stopping=lambda: len(first.embedded) > after)
    assert stopped == Embedded(after + 1, 20) and stopped.complete == (after == 19)
    assert search(data, "القمة رقم 3") and search(data, "summit number 17")
    assert embed(data, second) == Embedded(20, 20)
    assert sorted(first.embedded + second.embedded) == sorted(set(first.embedded + second.embedded))
    assert len(first.embedded) == after + 1 and len(nearest(data, "قمة", top_k=30)) == 20


def test_what_raises_half_way_loses_nothing_that_was_embedded(many, data, one_by_one):
    def fail(done: int) -> None:
        if done == 6:
            raise KhabarError("the embedder is broken", "choose another")

    broken, embedder = Watched(fail), TinyEmbedder()
    with pytest.raises(KhabarError, match="broken"):
        build(data, many, embedder=broken)
    assert share(data, broken) == Embedded(6, 20) and search(data, "وزیر گفت دیدار")
    report = build(data, embedder=embedder)
    assert report.nothing_to_do and report.embedded == Embedded(20, 20) and len(embedder.embedded) == 14
    assert len(nearest(data, "قمة", top_k=30)) == 20


def test_that_it_is_done_is_remembered_only_then(many, data, one_by_one):
    words_only(data, many)
    embed(data, TinyEmbedder(), stopping=lambda: True)
    assert rows(data, "meta WHERE key = 'embedder'", "value") == []
    embed(data, TinyEmbedder())
    assert rows(data, "meta WHERE key = 'embedder'", "value") == [("tiny",)]


@pytest.mark.slow
def test_the_vectors_in_use_are_renewed_ever_less_often(many, data, one_by_one, monkeypatch):
    words_only(data, many)
    monkeypatch.setattr(embedding, "_FIRST_RENEWAL", 2)
    held: list[int] = []
    embedder = Watched(lambda _: held.append(held_by(data, embedder)))
    embed(data, embedder)
    assert held == [0, 0, 2, 2, 4, 4, 4, 4, *[8] * 8, *[16] * 4] and held_by(data, embedder) == 20


def test_what_is_new_in_a_large_archive_is_found_at_the_end(many, data, one_by_one, monkeypatch):
    build(data, many)
    write_articles(many, {"new.txt": "قمة الرياض\nحضر وزراء قمة الرياض."})
    renewals: list[int] = []
    renew = vectors.update_vectors
    monkeypatch.setattr(vectors, "update_vectors", lambda *given: renewals.append(1) or renew(*given))
    build(data)
    assert len(renewals) == 1 and nearest(data, "حضر وزراء قمة الرياض")[0].startswith("حضر")


def test_nothing_to_embed_is_no_stage(many, data):
    build(data, many)
    progress, before = Quiet(), read_generation(data / vectors.FOLDER)
    assert embed_archive(data, TinyEmbedder(), progress) == Embedded(20, 20)
    assert progress.heard == [] and read_generation(data / vectors.FOLDER) == before


# Several at once


def test_while_another_embeds_a_run_leaves_it_to_that_one(news, data):
    data.mkdir()
    embedder = TinyEmbedder()
    with FileLock(data / "embed.lock"):
        report = build(data, news, embedder=embedder)
        assert report.added == 3 and report.embedded is None and not embedder.embedded
        assert isinstance(report.elsewhere, EmbeddingElsewhere) and "nothing needs to be done" in report.elsewhere.remedy
        assert search(data, "بودابست") and nearest(data, "قمة") == []
        with pytest.raises(EmbeddingElsewhere):
            embed(data, embedder)
    assert build(data, news, embedder=embedder).embedded == Embedded(3, 3)


def test_what_comes_while_it_embeds_is_embedded_too(many, data, one_by_one):
    later = write_articles(many.parent / "later", {"new.txt": "قمة الرياض\nحضر وزراء قمة الرياض."})

    def add(done: int) -> None:
        if done == 5:
            report = build(data, later)
            assert report.added == 1 and report.elsewhere is not None

    embedder = Watched(add)
    words_only(data, many)
    assert embed(data, embedder) == Embedded(21, 21) and len(embedder.embedded) == 21
    assert nearest(data, "حضر وزراء قمة الرياض")[0].startswith("حضر")


@pytest.mark.parametrize("moment", ["renewal", "release"])
def test_what_comes_at_the_last_moment_is_embedded_too(many, data, moment, monkeypatch):
    """Who finds the lock taken is told that all is done: also where its holder has looked for the last time."""
    later = write_articles(many.parent / "later", {"new.txt": "قمة الرياض\nحضر وزراء قمة الرياض."})
    reports: list[BuildReport] = []

    def add() -> None:
        if not reports:
            reports.append(build(data, later))

    words_only(data, many)
    if moment == "renewal":
        renew = vectors.update_vectors
        monkeypatch.setattr(vectors, "update_vectors", lambda *given: (renew(*given), add()))
    else:
        release = FileLock.release

        def release_late(self: FileLock, force: bool = False) -> None:
            if self.lock_file.endswith("embed.lock"):
                add()
            release(self, force)

        monkeypatch.setattr(FileLock, "release", release_late)
    embedder = TinyEmbedder()
    assert embed(data, embedder) == Embedded(21, 21) and reports[0].elsewhere is not None
    assert len(embedder.embedded) == 21 and nearest(data, "حضر وزراء قمة الرياض")[0].startswith("حضر")


def test_what_goes_while_it_embeds_is_not_embedded(many, data, one_by_one):
    def remove(done: int) -> None:
        if done == 5:
            for number in range(8, 20):
                (many / f"{number:02}.md").unlink()
            assert words_only(data, many).removed == 12

    embedder = Watched(remove)
    words_only(data, many)
    assert embed(data, embedder) == Embedded(8, 8) and len(embedder.embedded) == 8 and all(embedder.calls)
    assert held_by(data, embedder) == 8 == len(nearest(data, "قمة", top_k=30))


def test_an_article_that_changes_while_it_embeds_has_the_vectors_of_its_new_text(many, data, one_by_one):
    def change(done: int) -> None:
        if done == 2:
            for number in (0, 19):  # one that has its vector, and one that waits
                write_articles(many, {f"{number:02}.md": f"# قمة {number}\n\nأُلغيت القمة {number} نهائيا."})
            assert words_only(data, many).changed == 2

    embedder = Watched(change)
    words_only(data, many)
    assert embed(data, embedder) == Embedded(20, 20)
    assert all("أُلغيت" in text for text in nearest(data, "أُلغيت القمة نهائيا")[:2])
    assert held_by(data, embedder) == 20 == len(nearest(data, "قمة", top_k=30))


# Another embedder


@pytest.mark.slow
def test_vectors_of_another_embedder_answer_nothing_until_they_are_renewed(many, data, one_by_one, monkeypatch):
    build(data, many)
    monkeypatch.setattr(embedding, "_FIRST_RENEWAL", 4)
    other, seen = Watched(lambda done: seen.append((done, len(nearest(data, "قمة", other, 30)))), name="other"), []
    assert nearest(data, "قمة", other) == [] and search(data, "القمة رقم")
    stopped = embed(data, other, stopping=lambda: len(other.embedded) == 11)
    assert stopped == Embedded(11, 20) and seen[:6] == [(0, 0), (1, 0), (2, 0), (3, 0), (4, 4), (5, 4)]
    assert share(data, TinyEmbedder()) == Embedded(20, 20), "those of before are kept, for who changes back"
    assert rows(data, "meta WHERE key = 'embedder'", "value") == [("tiny",)]
    assert embed(data, other) == Embedded(20, 20) and len(other.embedded) == 20
    assert len(nearest(data, "قمة", other, 30)) == 20 and nearest(data, "قمة") == []
    assert rows(data, "meta WHERE key = 'embedder'", "value") == [("other",)]


@pytest.mark.slow
def test_a_rebuild_forgets_the_vectors_of_others_and_of_texts_that_are_gone(many, data):
    build(data, many)
    (many / "00.md").unlink()
    build(data, many, embedder=TinyEmbedder(name="other"))
    steadying = sum(map(len, ORDINARY.values()))
    assert len(rows(data, "embeddings", "text_hash, embedder")) == 38 + 2 * steadying
    build(data, many)
    build(data, many, rebuild=True)
    assert {name for _, name in rows(data, "embeddings", "text_hash, embedder")} == {"tiny"}
    assert len(rows(data, "embeddings", "text_hash")) == 19 + steadying


# What stops it


def test_a_full_disk_while_vectors_are_stored(many, data, one_by_one):
    """A limit on the size of files stands for a full disk."""
    words_only(data, many)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(done: int) -> None:
        if done == 3:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, unlimited[1]))

    try:
        with pytest.raises(KhabarError, match=r"cannot be written: its disk is full.*; make room on it"):
            embed(data, Watched(fill))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        signal.signal(signal.SIGXFSZ, ignored)
    embedder = TinyEmbedder()
    assert search(data, "القمة رقم") and embed(data, embedder) == Embedded(20, 20) and len(embedder.embedded) == 17


def test_a_folder_without_an_index(tmp_path):
    with pytest.raises(KhabarError, match="there is no index in"):
        embed(tmp_path / "nowhere", TinyEmbedder())
    assert not (tmp_path / "nowhere").exists()
