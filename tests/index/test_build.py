from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from index import lexical
from index import vectors as vector_store
from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder
from index.embedding import Embedded, EmbeddingElsewhere
from index.generation import read_generation
from index.lexical import LexicalIndex
from index.types import LANGUAGES, KhabarError
from index.vectors import VectorIndex
from tests.index.killed import ENVIRONMENT, HERE
from tests.index.made import ARABIC, ENGLISH, PERSIAN, Quiet, TinyEmbedder, build, nearest, rows, search, size, write_articles

EMBEDDED = "embeddings JOIN chunks USING (text_hash)"
QUESTIONS = ["قمة بودابست", "دیدار رئیس جمهور", "35 minutes", "Rubio", "الرياض", "نشست ریاض", "Budapest"]
NEWER = {
    "ar.txt": ARABIC.replace("٣٥ دقيقة", "٤٠ دقيقة"),
    "sub/رياض.md": "# قمة الرياض\n\nحضر ٧٧ وزيرا قمة الرياض.",
    "sub/دیدار.jsonl": '{"id": 1, "title": "نشست ریاض", "text": "وزیران به ریاض رفتند."}\n'
    '{"id": 2, "text": "آتش‌بس برقرار شد."}',
}


def state(data: Path) -> dict[str, object]:
    """Return everything that an index holds and finds, without the numbers that depend on its history."""
    embedder = TinyEmbedder()
    return {
        "sources": rows(data, "sources", "path, fingerprint"),
        "articles": rows(data, "articles", "article_id, path, title, outlet, published, language, url, text"),
        "chunks": rows(data, "chunks", 'article_id, start, "end", text, text_hash'),
        "embeddings": rows(data, EMBEDDED, "text_hash, embedder, vector"),
        "meta": rows(data, "meta WHERE key IN ('format', 'embedder', 'folders')", "key, value"),
        "sizes": LexicalIndex(data).sizes,
        "vectors": [len(VectorIndex(data, embedder).search(embedder.embed_query("قمة"), code, 10_000)) for code in LANGUAGES],
        "found": [search(data, question) for question in QUESTIONS],
        "near": [nearest(data, question) for question in QUESTIONS],
    }


def paths(data: Path) -> list[str]:
    return [str(path) for (path,) in rows(data, "articles", "path")]


def refusal(data: Path, *given: Path, **more: object) -> str:
    with pytest.raises(KhabarError) as error:
        build(data, *given, **more)  # type: ignore[arg-type]
    return str(error.value)


# What a run does


def test_first_run(news, data):
    progress = Quiet()
    report = build_index(data, [news], TinyEmbedder(), BuildOptions(), progress)
    assert (report.added, report.changed, report.unchanged, report.removed, report.articles) == (3, 0, 0, 0, 3)
    assert report.chunks == 3 and not report.problems and not report.nothing_to_do
    assert progress.heard == [("read", 3), ("analyse", 3), ("embed", 3)] and progress.steps == 9
    assert report.embedded == Embedded(3, 3) and report.embedded.complete and report.elsewhere is None
    assert paths(data) == ["news/ar.txt", "news/en.txt", "news/fa.txt"]
    assert dict(rows(data, "articles", "path, published")) == dict.fromkeys(paths(data), "2025-10-21")
    assert dict(rows(data, "articles", "path, outlet"))["news/fa.txt"] == "خبرگزاری کبوتر"


def test_second_run_does_nothing(built, news):
    before, embedder = state(built), TinyEmbedder()
    generations = [read_generation(built / store.FOLDER) for store in (lexical, vector_store)]
    report = build(built, news, embedder=embedder)
    assert report.unchanged == 3 and report.nothing_to_do and report.articles == 3 and not embedder.embedded
    assert (
        state(built) == before and [read_generation(built / store.FOLDER) for store in (lexical, vector_store)] == generations
    )


def test_added_changed_removed(built, news, tmp_path):
    ids = dict(rows(built, "chunks", "article_id, chunk_id"))
    write_articles(news, NEWER)
    (news / "en.txt").unlink()
    embedder = TinyEmbedder()
    report = build(built, news, embedder=embedder)
    assert (report.added, report.changed, report.unchanged, report.removed) == (2, 1, 1, 1)
    assert len(embedder.embedded) == 4, "the Persian article is not embedded again"
    assert search(built, "الرياض", ["ar"])[0].startswith("حضر") and not search(built, "Northgate official", ["en"])
    assert "٤٠ دقيقة" in search(built, "40")[0]
    kept = [known for known in ids.items() if known in set(rows(built, "chunks", "article_id, chunk_id"))]
    assert len(kept) == 1
    build(tmp_path / "clean", news)
    after, clean = state(built), state(tmp_path / "clean")
    assert after == clean


def test_a_touched_file_is_unchanged(built, news):
    os.utime(news / "fa.txt", (0, 0))
    assert build(built, news).unchanged == 3


def test_other_chunk_sizes_or_limits_read_the_files_again(built, news):
    assert build(built, news, chunk_words=8, overlap_words=0).changed == 3
    assert len(rows(built, "chunks", "chunk_id")) > 3
    assert build(built, news, chunk_words=8, overlap_words=0).unchanged == 3


def test_a_raised_limit_reads_the_lines_that_were_too_long(news, data):
    write_articles(news, {"a.jsonl": '{"text": "' + "خبر " * 500 + '"}\n{"text": "او گفت."}'})
    assert build(data, news, max_bytes=3_000).skipped == 1
    assert build(data, news, max_bytes=30_000).skipped == 0 and "news/a.jsonl#1" in paths(data)


def test_single_file(news, data):
    report = build(data, news / "fa.txt")
    assert report.added == 1 and paths(data) == ["news/fa.txt"]
    assert build(data, news).added == 2 and len(paths(data)) == 3


def test_one_file_by_two_roots_stands_once(news, data, monkeypatch):
    write_articles(news, {"sub/x.txt": "خبر\nقمة الرياض بدأت."})
    monkeypatch.chdir(news)
    report = build(data, news, news / "sub", news / "sub" / "x.txt", Path("sub/../sub"), Path())
    assert report.added == 4 and paths(data).count("news/sub/x.txt") == 1


def test_two_folders_of_one_name_have_their_own_paths(tmp_path, data):
    one = write_articles(tmp_path / "one" / "news", {"a.txt": "خبر\nقمة الرياض بدأت."})
    two = write_articles(tmp_path / "two" / "news", {"a.txt": "خبر\nنشست ریاض آغاز شد."})
    build(data, one)
    build(data, two)
    assert paths(data) == ["news/a.txt", "two/news/a.txt"]
    assert build(data, one, two).unchanged == 2
    (two / "a.txt").write_text("خبر\nنشست ریاض پایان یافت.")
    build(data, two)
    assert paths(data) == ["news/a.txt", "two/news/a.txt"], "a path, once shown, stays"


def test_two_folders_of_one_name_in_one_run(tmp_path, data):
    one = write_articles(tmp_path / "one" / "news", {"a.txt": "خبر\nقمة الرياض بدأت."})
    two = write_articles(tmp_path / "two" / "news", {"a.txt": "خبر\nنشست ریاض آغاز شد."})
    report = build(data, one, two)
    assert report.added == 2 and not report.problems and paths(data) == ["news/a.txt", "two/news/a.txt"]


def test_no_path_means_the_folders_of_before(tmp_path, built, news):
    other = write_articles(tmp_path / "other\nnames", {"a.txt": "خبر\nقمة الرياض بدأت."})
    build(built, other)
    write_articles(news, {"new.txt": "خبر\nنشست ریاض آغاز شد."})
    (other / "a.txt").unlink()
    report = build(built)
    assert (report.added, report.unchanged, report.removed) == (1, 3, 1)


def test_forget_drops_what_came_from_a_folder_that_is_gone(tmp_path, built, news):
    other = write_articles(tmp_path / "other", {"a.txt": "خبر\nقمة الرياض بدأت."})
    build(built, other)
    shutil.rmtree(other)
    with pytest.raises(KhabarError, match="--forget"):
        build(built)
    report = build_index(built, [other], TinyEmbedder(), BuildOptions(), Quiet(), forget=True)
    assert (report.removed, report.articles) == (1, 3)
    assert paths(built) == ["news/ar.txt", "news/en.txt", "news/fa.txt"]
    assert all("قمة الرياض" not in found for found in search(built, "قمة الرياض", ["ar"]))
    assert build(built).unchanged == 3
    with pytest.raises(KhabarError, match="no folder to forget"):
        build_index(built, [], TinyEmbedder(), BuildOptions(), Quiet(), forget=True)


def test_an_embedder_that_fails_leaves_the_index_to_the_one_before(built, news):
    class Broken(TinyEmbedder):
        def embed_passages(self, texts):
            raise KhabarError("the embedder is broken", "choose another")

    write_articles(news, NEWER)
    with pytest.raises(KhabarError, match="broken"):
        build(built, news, embedder=Broken(name="broken"), rebuild=True)
    assert len(nearest(built, "قمة")) == 2 and search(built, "الرياض"), "what is new can be asked by its words"
    assert build(built, news).unchanged == 5 and len(nearest(built, "قمة")) == 6


def test_a_folder_that_is_not_named_is_left_as_it_is(tmp_path, built, news):
    other = write_articles(tmp_path / "other", {"a.txt": "خبر\nقمة الرياض بدأت."})
    (news / "en.txt").unlink()
    report = build(built, other)
    assert (report.added, report.removed) == (1, 0) and "news/en.txt" in paths(built)


def test_a_relative_and_a_home_path_are_the_same_folder(built, news, monkeypatch):
    monkeypatch.chdir(news.parent)
    monkeypatch.setenv("HOME", str(news.parent))
    assert build(built, Path("news")).unchanged == 3 == build(built, Path("~/news")).unchanged


# What cannot be read


def test_problems_stop_no_other_file(news, data):
    write_articles(
        news, {"empty.txt": "", "a.jsonl": '{"text": "خبر ریاض."}\n{', "words.md": "***", "page.html": "<html></html>"}
    )
    (news / "binary.txt").write_bytes(b"PK\0\0")
    (news / "1256.txt").write_bytes("خبر".encode("windows-1256"))
    (news / "dead.txt").symlink_to(news / "nowhere")
    report = build(data, news)
    assert report.added == 4 and report.skipped == 7 == len(report.problems)
    assert [problem.path for problem in report.problems] == [
        "news/1256.txt", "news/a.jsonl:2", "news/binary.txt", "news/dead.txt", "news/empty.txt", "news/page.html",
        "news/words.md",
    ]  # fmt: skip
    assert all(";" in problem.reason and str(problem).startswith(f"{problem.path}: ") for problem in report.problems)
    again = build(data, news)
    assert again.unchanged == 4 and again.nothing_to_do and again.skipped == 6, "what is not in the index is named again"


@pytest.mark.parametrize("content", [b"", b"PK\0\0", "خبر".encode("windows-1256"), b"*** ...", b"x" * 5_000, None])
def test_a_file_that_turns_unreadable_keeps_its_old_content(built, news, content):
    before = search(built, "رئیس جمهور", ["fa"])
    (news / "fa.txt").unlink()
    if content is None:
        (news / "fa.txt").symlink_to(news / "nowhere")
    else:
        (news / "fa.txt").write_bytes(content)
    report = build(built, news, max_bytes=4_000)
    assert [problem.path for problem in report.problems] == ["news/fa.txt"] and report.removed == 0
    assert search(built, "رئیس جمهور", ["fa"]) == before != []


def test_nasty_names(tmp_path, data):
    folder = tmp_path / "خبر"
    write_articles(
        folder,
        {"a\nb\x1b.txt": ARABIC, "x\u202etxt.txt": PERSIAN, "دی‌ماه \u200f.txt": ENGLISH, "dir.txt/in.md": "خبر\nقمة الرياض."},
    )
    Path(os.fsdecode(os.fsencode(folder) + b"/\xce\xc8\xd1.txt")).write_text("خبر\nقمة أخرى.")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xce\xc8.jsonl")).write_text("{\n")
    report = build(data, folder)
    assert report.added == 5 and len(report.problems) == 1
    for shown in [*paths(data), str(report.problems[0])]:
        shown.encode()
        assert not set("\n\x1b\u202e") & set(shown)
    assert "خبر/دی‌ماه \u200f.txt" in paths(data)
    assert build(data).unchanged == 5
    shutil.rmtree(folder)
    folder.mkdir()
    assert build(data).removed == 5 and paths(data) == []


def test_a_folder_whose_name_is_not_utf8(tmp_path, data):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xce\xc8"))
    write_articles(folder)
    assert build(data, folder).added == 3 and build(data).unchanged == 3
    shutil.rmtree(folder)
    refusal(data).encode()


def test_two_files_whose_articles_have_one_name(tmp_path, data):
    folder = write_articles(
        tmp_path / "n", {"a.jsonl": '{"id": "b.txt", "text": "خبر ریاض."}', "a.jsonl#b.txt": "خبر\nقمة الرياض."}
    )
    report = build(data, folder)
    assert report.added == 1 and [problem.path for problem in report.problems] == ["n/a.jsonl#b.txt"]
    assert build(data, folder).unchanged == 1


def test_surrogates_in_a_jsonl(tmp_path, data):
    folder = write_articles(
        tmp_path / "n",
        {"a.jsonl": '{"id": "\\ud800", "title": "\\udfff", "outlet": "\\ud800", "text": "خبر \\ud800 ریاض \\u0000."}'},
    )
    assert build(data, folder).added == 1 and len(nearest(data, "خبر")) == 1


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_many_tiny_files(tmp_path, data):
    folder = write_articles(
        tmp_path / "many", {f"{number}.txt": f"خبر {number}\nقمة {number} في بودابست." for number in range(1_000)}
    )
    report = build(data, folder, embedder=TinyEmbedder([]))
    assert report.added == 1_000 and build(data, folder, embedder=TinyEmbedder([])).unchanged == 1_000


# What stops a run


def test_no_folder_ever(data):
    assert "no folder to index was given" in refusal(data)


@pytest.mark.parametrize("name", ["nowhere", "news/no.txt", "x" * 5_000, "~nosuchuser/news", "news/ar.txt/below"])
def test_a_missing_folder_is_named_and_changes_nothing(built, news, name, monkeypatch):
    monkeypatch.chdir(news.parent)
    before = state(built)
    (news / "en.txt").unlink()
    message = refusal(built, news, Path(name))
    assert name in message and "does not exist" in message and "nothing was changed" in message
    assert state(built) == before


def test_a_folder_that_cannot_be_listed_is_no_empty_folder(built, news, monkeypatch):
    listing = Path.iterdir

    def refused(self: Path):
        if self.name == "sub":
            raise PermissionError(13, "Permission denied", str(self))
        return listing(self)

    (news / "sub").mkdir()
    monkeypatch.setattr(Path, "iterdir", refused)
    message = refusal(built, news)
    assert f"'{news / 'sub'}'" in message and "Permission denied" in message and len(paths(built)) == 3


def test_a_pipe_is_no_folder(data, tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert "pipe.txt" in refusal(data, tmp_path / "pipe.txt")


@pytest.mark.slow
def test_another_embedder_takes_the_place_of_the_one_before(built, news):
    before, words = state(built), read_generation(built / lexical.FOLDER)
    other = TinyEmbedder(name="other")
    report = build(built, news, embedder=other)
    assert report.unchanged == 3 and report.nothing_to_do and report.embedded == Embedded(3, 3) and len(other.embedded) == 3
    assert len(nearest(built, "قمة", other)) == 3 and nearest(built, "قمة") == []
    assert read_generation(built / lexical.FOLDER) == words, "the words stay as they are"
    embedder = TinyEmbedder()
    build(built, news, embedder=embedder)
    assert state(built) == {**before, "embeddings": rows(built, EMBEDDED, "text_hash, embedder, vector")}
    assert not embedder.embedded, "the vectors of before are still known"
    build(built, news, rebuild=True)
    assert state(built) == before, "a rebuild forgets those of others"


def test_to_no_embedder_and_back(built, news):
    report = build_index(built, [news], NoEmbedder(), BuildOptions(), Quiet(), rebuild=True)
    assert report.embedded == Embedded(0, 0) and report.embedded.complete
    assert len(search(built, "بودابست")) >= 2
    embedder = TinyEmbedder()
    build(built, news, embedder=embedder, rebuild=True)
    assert len(nearest(built, "قمة")) == 3 and not embedder.embedded, "vectors of before are still known"


def test_rebuild_derives_the_same_anew(built, news):
    before = state(built)
    generations = [read_generation(built / store.FOLDER) for store in (lexical, vector_store)]
    assert build(built, rebuild=True).unchanged == 3
    assert state(built) == before
    assert all(
        read_generation(built / store.FOLDER) != old for store, old in zip((lexical, vector_store), generations, strict=True)
    )


@pytest.mark.parametrize("place", ["file/data", "/proc/khabar", "/dev/null/x"])
def test_a_data_folder_that_cannot_be_written(news, tmp_path, place):
    (tmp_path / "file").write_text("x")
    message = refusal(tmp_path / place, news)
    assert str(tmp_path / place) in message and "cannot be written" in message and "--data" in message


def test_a_foreign_catalog_is_refused(news, data):
    data.mkdir()
    (data / FILE_NAME).write_bytes(b"something else entirely" * 100)
    assert "not a catalog" in refusal(data, news) and (data / FILE_NAME).read_bytes().startswith(b"something")


@pytest.mark.crash
@pytest.mark.parametrize(("stage", "limit"), [("catalog", 4_000), ("lexical", 4_000), ("lexical", 400), ("vectors", 400)])
def test_a_full_disk_is_told_and_loses_nothing(built, news, stage, limit, monkeypatch, tmp_path):
    """A limit on the size of files stands for a full disk."""
    write_articles(
        news, {**NEWER, "long.txt": "خبر طويل\n" + "".join(f"قمة رقم {number} في بودابست اليوم. " for number in range(400))}
    )
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limited(original):
        def run(*arguments, **more):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, unlimited[1]))
            try:
                return original(*arguments, **more)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)

        return run

    place = {
        "catalog": (Catalog, "replace_source"),
        "lexical": (lexical, "update_lexical"),
        "vectors": (vector_store, "update_vectors"),
    }[stage]
    with monkeypatch.context() as patch:
        patch.setattr(*place, limited(getattr(*place)))
        try:
            message = refusal(built, news)
        finally:
            signal.signal(signal.SIGXFSZ, ignored)
    assert f"'{built}'" in message and "cannot be written" in message and len(message) < 600
    assert "make room on it" in message and "nothing is lost" in message
    build(built, news)
    build(tmp_path / "clean", news)
    left, clean = state(built), state(tmp_path / "clean")
    for key in ("sources", "articles", "chunks", "embeddings", "sizes", "vectors"):
        assert left[key] == clean[key], key


@pytest.mark.crash
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_without_the_right_to_write_can_ask_and_is_told_that_he_cannot_index(built, news):
    script = (
        # Python's own modules that are imported late may lie where the other user cannot read them.
        "import encodings.cp437, os, sys, zipfile; from pathlib import Path; from made import *\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "data = Path(sys.argv[1])\n"
        "print(Catalog(data / FILE_NAME).counts()['articles'])\n"
        "print(len(search(data, 'بودابست')), VectorIndex(data, TinyEmbedder()).can_be_opened)\n"
        "for attempt in (lambda: nearest(data, 'بودابست'), lambda: build(data, Path(sys.argv[2]))):\n"
        "    try: attempt()\n"
        "    except Exception as error: print(type(error).__name__, error)"
    )
    with tempfile.TemporaryDirectory() as place:  # pytest's own are closed to other users
        data = Path(shutil.copytree(built, Path(place) / "data"))
        for path in [Path(place), data, *data.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        command = [sys.executable, "-c", script, str(data), str(news)]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and len(lines) == 4, done.stderr
    assert lines[:2] == ["3", "2 False"]
    assert all(line.startswith("KhabarError") and "writ" in line for line in lines[2:]), lines


# Two at once, and kill -9


def start(data: Path, moment: str, *given: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "killed.py"), str(data), moment, *map(str, given)]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def heard(process: subprocess.Popen[str], stage: str) -> None:
    """Wait until a run has come to a stage."""
    assert process.stdout
    while process.stdout.readline().strip() != stage:
        assert process.poll() is None


@pytest.mark.crash
def test_one_process_at_a_time(data, news):
    other = start(data, "wait:analyse", news)
    try:
        heard(other, "analyse")
        message = refusal(data, news)
        assert "another khabar is indexing" in message and str(data) in message and "wait" in message
    finally:
        other.kill()  # the signal 9
        other.communicate()
    assert build(data, news).unchanged == 3, "the lock of a killed process holds nobody up"
    assert len(nearest(data, "قمة")) == 3 == size(data)


@pytest.mark.crash
def test_one_process_at_a_time_embeds_and_others_may_index(data, news):
    other = start(data, "wait:embed", news)
    try:
        heard(other, "embed")
        write_articles(news, NEWER)
        embedder = TinyEmbedder()
        report = build(data, news, embedder=embedder)
        assert (report.added, report.changed) == (2, 1) and report.embedded is None and not embedder.embedded
        assert isinstance(report.elsewhere, EmbeddingElsewhere) and str(data) in report.elsewhere.problem
        assert search(data, "الرياض", ["ar"])[0].startswith("حضر") and nearest(data, "قمة") == []
    finally:
        other.kill()  # the signal 9
        other.communicate()
    assert build(data, news).embedded == Embedded(6, 6), "the lock of a killed process holds nobody up"
    assert len(nearest(data, "قمة")) == 6 == size(data)


MOMENTS = ["read:1", "store", "analyse:1", "lexical", "folders", "embed:0", "embed:4", "vectors", "embedder"]


@pytest.mark.crash
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_while_updating_then_run_again(built, news, moment, tmp_path, forks):
    write_articles(news, NEWER)
    (news / "en.txt").unlink()
    reader = LexicalIndex(built)
    assert forks.index(built, moment, news) == -signal.SIGKILL
    assert sum(reader.sizes.values()) >= 3 and search(built, "بودابست") and nearest(built, "قمة"), "what is left can be read"
    build(built, news)
    build(tmp_path / "clean", news)
    assert state(built) == state(tmp_path / "clean")
    assert build(built, news).nothing_to_do


@pytest.mark.crash
@pytest.mark.parametrize("moment", ["store", "lexical", "vectors"])
def test_killed_in_the_first_run_then_run_again(news, data, moment, tmp_path, forks):
    assert forks.index(data, moment, news) == -signal.SIGKILL
    build(data, news)
    build(tmp_path / "clean", news)
    assert state(data) == state(tmp_path / "clean")


@pytest.mark.crash
def test_killed_twice_at_different_moments(news, data, tmp_path):
    for moment in ("read:2", "lexical", "embed:3"):
        killed = start(data, moment, news)
        killed.communicate(timeout=60)
        assert killed.returncode == -signal.SIGKILL
    build(data, news)
    build(tmp_path / "clean", news)
    assert state(data) == state(tmp_path / "clean")
