"""What is deleted leaves nothing behind, and an article is there as a whole or not at all, however many its file has."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from index.catalog import FILE_NAME, UNFINISHED, Catalog
from index.formats import process
from index.lexical import LexicalIndex
from index.types import LANGUAGES, Language
from tests.index.killed import ENVIRONMENT, HERE
from tests.index.made import build, grams_of, nearest, rows, search, write_articles

# A word of each language that nothing else holds.
SECRET: dict[Language, str] = {"ar": "الزعفرانستانيّون", "fa": "کهربایی‌گون‌ها", "en": "quizzacious"}
TEXTS: dict[Language, str] = {
    "ar": "التقى {} في الرياض يوم ٣٥ وتحدثوا عن القمة.",
    "fa": "{} در نشست ریاض ۳۵ دقیقه گفت‌وگو می‌کردند.",
    "en": "The {} delegates met in Riyadh for 35 minutes.",
}


def secret_articles(folder: Path) -> Path:
    return write_articles(
        folder,
        {f"secret/{code}.txt": f"---\nlanguage: {code}\n---\n{TEXTS[code].format(word)}" for code, word in SECRET.items()},
    )


def holding(data: Path, content: bytes) -> set[str]:
    return {file.name for file in data.rglob("*") if file.is_file() and content in file.read_bytes()}


@pytest.mark.slow
def test_a_deleted_article_leaves_nothing_in_any_file(built, news):
    folder = secret_articles(news.parent / "more")
    build(built, folder)
    words = [word.encode() for word in SECRET.values()]
    assert all(FILE_NAME in holding(built, word) for word in words)
    reader = LexicalIndex(built)
    secret_vectors = [
        row[0]
        for row in rows(built, "embeddings e JOIN chunks c USING (text_hash) JOIN articles a USING (article_id) "
                        "WHERE a.path LIKE 'more/%'", "e.vector")
    ]  # fmt: skip
    assert len(secret_vectors) == 3 and all(len(holding(built, vector)) >= 2 for vector in secret_vectors)
    for code in LANGUAGES:
        file = folder / "secret" / f"{code}.txt"
        if code != "fa":
            file.unlink()
        else:
            file.write_text(f"---\nlanguage: {code}\n---\n{TEXTS[code].format('35')}", "utf-8")
    # Chroma lays files out with whatever the memory of its process held before.
    script = "import sys; from pathlib import Path; from made import build; build(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", script, str(built)], env=ENVIRONMENT, check=True, capture_output=True)
    assert [holding(built, word) for word in words] == [set()] * 3
    assert [holding(built, vector) for vector in secret_vectors] == [set()] * 3
    for code, word in SECRET.items():
        assert all(reader.document_frequency(*key, code) <= 1 for key in grams_of(word))
        assert not any(word in text for text in search(built, word) + nearest(built, word))


# A file of many articles is stored in parts, each article as a whole


def lines(numbers: range, told: str = "انعقدت") -> str:
    texts = {"ar": f"{told} القمة رقم {{}} في الرياض.", "fa": "نشست شمارهٔ {} برگزار می‌شود.", "en": "Summit {} was held."}
    return "".join(
        json.dumps({"id": str(n), "language": LANGUAGES[n % 3], "text": texts[LANGUAGES[n % 3]].format(n)}, ensure_ascii=False)
        + "\n"
        for n in numbers
    )


@pytest.fixture
def in_tens(monkeypatch) -> None:
    monkeypatch.setattr(process, "_PART", 10)


def paths(data: Path) -> set[str]:
    return {str(path).split("#")[-1] for (path,) in rows(data, "articles", "path")}


def test_a_large_file_is_stored_in_parts_and_what_left_it_is_dropped(tmp_path, data, in_tens):
    folder = write_articles(tmp_path / "n", {"a.jsonl": lines(range(35)) + "not json\n"})
    report = build(data, folder)
    assert (report.added, report.articles, report.skipped) == (1, 35, 1) and build(data, folder).unchanged == 1
    assert rows(data, "problems", "path") == [("n/a.jsonl:36",)]
    kept = dict(rows(data, "chunks JOIN articles USING (article_id)", "path, chunk_id"))
    write_articles(folder, {"a.jsonl": lines(range(5, 25)) + lines(range(25, 40), "أُرجئت")})
    report = build(data, folder)
    assert report.changed == 1 and paths(data) == {str(n) for n in range(5, 40)} and not report.problems
    after = dict(rows(data, "chunks JOIN articles USING (article_id)", "path, chunk_id"))
    assert all(after[f"n/a.jsonl#{n}"] == kept[f"n/a.jsonl#{n}"] for n in range(5, 25))
    assert search(data, "أُرجئت القمة 30", ["ar"], 1) == ["أُرجئت القمة رقم 30 في الرياض."]


@pytest.mark.crash
def test_killed_between_two_parts_every_article_is_whole_and_the_next_run_has_all(tmp_path, data, in_tens):
    folder = write_articles(tmp_path / "n", {"a.jsonl": lines(range(35))})
    build(data, folder)
    write_articles(folder, {"a.jsonl": lines(range(5, 40), "أُرجئت")})
    script = (
        "import os, signal, sys; from pathlib import Path; from index import catalog; from index.formats import process\n"
        "from made import build\n"
        "process._PART, store, done = 10, catalog.Catalog.store_part, []\n"
        "def store_and_die(*given):\n"
        "    store(*given); done.append(1)\n"
        "    if len(done) == 2: os.kill(os.getpid(), signal.SIGKILL)\n"
        "catalog.Catalog.store_part = store_and_die; build(Path(sys.argv[1]))"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(data)], env=ENVIRONMENT, capture_output=True, cwd=HERE)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert rows(data, "sources", "fingerprint") == [(UNFINISHED,)] and paths(data) == {str(n) for n in range(35)}
    texts = {text for (text,) in rows(data, "articles WHERE language = 'ar'", "text")}
    assert {text.split()[0] for text in texts} == {"انعقدت", "أُرجئت"} and all(text.endswith("الرياض.") for text in texts)
    assert build(data, folder).changed == 1 and paths(data) == {str(n) for n in range(5, 40)}
    assert {text.split()[0] for (text,) in rows(data, "articles WHERE language = 'ar'", "text")} == {"أُرجئت"}


def test_of_a_large_file_an_article_whose_name_another_has_is_told_and_the_others_are_stored(tmp_path, data, in_tens):
    folder = write_articles(tmp_path / "n", {"a.jsonl#13": "x", "late.jsonl": lines(range(25)).replace('"13"', '"x.txt"')})
    (folder / "a.jsonl#13").unlink()
    write_articles(folder, {"late.jsonl#x.txt": "خبر\nقمة الرياض بدأت."})
    (folder / "late.jsonl").rename(folder.parent / "late.jsonl")
    build(data, folder)
    (folder.parent / "late.jsonl").rename(folder / "late.jsonl")
    report = build(data, folder)
    assert [(problem.path, problem.kind) for problem in report.problems] == [("n/late.jsonl#x.txt", "same name")]
    assert report.articles == 25 and len(rows(data, "articles WHERE location LIKE '%late.jsonl'", "path")) == 24


def test_an_article_whose_storing_fails_is_not_there_at_all(tmp_path, data, monkeypatch):
    folder = write_articles(tmp_path / "n", {"a.txt": "خبر\nقمة الرياض بدأت.", "b.txt": "خبر\nنشست ریاض آغاز شد."})
    build(data, folder)
    catalog = Catalog(data / FILE_NAME, writable=True)
    catalog.connection.execute("CREATE TEMP TRIGGER full BEFORE INSERT ON facts BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    before = rows(data, "chunks", "*"), rows(data, "articles", "*"), rows(data, "history", "*")
    articles = [(article, catalog._spans(article.article_id)) for article in catalog.articles()]
    with pytest.raises(sqlite3.IntegrityError):
        catalog.store_part(next(iter(catalog.sources().values())), articles[:1])
    assert (rows(data, "chunks", "*"), rows(data, "articles", "*"), rows(data, "history", "*")) == before
    catalog.close()
