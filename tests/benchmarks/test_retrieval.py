"""The retrieval benchmark on BEIR folders small enough to work out every figure by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from benchmarks.retrieval import main, read_query_set
from index.types import KhabarError
from tests.variables import without_variables

FIGURES = ("hit_at_1", "hit_at_5", "hit_at_10", "ndcg_at_10", "mrr_at_10")
COLUMNS = ("set", "query_language", "queries", *FIGURES, "articles_per_second", "p50_ms", "p95_ms")

ARTICLES = {
    "ar1": ("ar", "قمة الخروبة", "انعقدت قمة الخروبة."),
    "ar2": (
        "ar",
        "وفد الخروبة",
        "وصل إلى مطار بعيد وفد كبير من مدينة الخروبة بعد رحلة طويلة دامت يومين كاملين في البر والبحر.",
    ),
    "ar3": ("ar", "أسعار القمح", "ارتفعت أسعار القمح في الأسواق."),
    "fa1": ("fa", "نشست تمساح", "نشست تمساح در تالار برگزار نمی‌شود."),
    "fa2": ("fa", "بهای زعفران", "بهای زعفران در ۲۰۲۵ دو برابر شد."),
    "en1": ("en", "Crocodile", "A crocodile swam across the harbour."),
    "en2": ("en", "Saffron", "Saffron doubled its price within months."),
}
# A query, the articles that are right, and where they must stand among what is found; 0: nowhere.
QUERIES = {
    "q-ar1": ("ar", "قمة الخروبة", {"ar1": 1}),
    "q-ar2": ("ar", "الخروبة", {"ar2": 2}),
    "q-ar3": ("ar", "ضظغضظغ", {"ar3": 0}),
    "q-fa1": ("fa", "نشست تمساح برگزار نميشود؟", {"fa1": 1}),
    "q-en1": ("en", "crocodile harbour", {"en1": 1, "ar3": 0}),
}


@pytest.fixture(autouse=True)
def no_variables() -> Iterator[None]:
    with without_variables():
        yield


def beir(
    folder: Path,
    articles: Mapping[str, tuple[str, str, str]] | None,
    queries: Mapping[str, tuple[str, str, Mapping[str, int]]],
    *more_qrels: str,
) -> Path:
    """Write a folder; one without articles asks about those of others."""
    folder.mkdir(parents=True)
    if articles is not None:
        rows = (
            {"_id": name, "title": title, "text": text, "metadata": {"lang": language}}
            for name, (language, title, text) in articles.items()
        )
        write_lines(folder / "corpus.jsonl", rows)
    write_lines(
        folder / "queries.jsonl",
        ({"_id": name, "text": text, "metadata": {"lang": language}} for name, (language, text, _) in queries.items()),
    )
    relevant = [f"{name}\t{article}\t1" for name, (_, _, right) in queries.items() for article in right]
    (folder / "qrels.tsv").write_text(
        "\n".join(["query-id\tcorpus-id\tscore", *relevant, *more_qrels]) + "\n", encoding="utf-8"
    )
    return folder


def write_lines(file: Path, rows: Any) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env={"KHABAR_READER": "none"})


def figures(tmp_path: Path, *arguments: object) -> list[dict[str, Any]]:
    """Run the benchmark without an embedder and return its JSON."""
    out = tmp_path / "out.json"
    done = run(*arguments, "--embedder", "none", "--json", out)
    assert done.exit_code == 0, (done.output, done.exception)
    rows: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"))
    return rows


def expected(places: Sequence[Mapping[str, int]]) -> dict[str, float]:
    """Return the figures of queries whose right articles stand at these places."""

    def share(wanted: int) -> float:
        return sum(any(0 < place <= wanted for place in query.values()) for query in places) / len(places)

    gains = [
        sum(1 / math.log2(place + 1) for place in query.values() if 0 < place <= 10)
        / sum(1 / math.log2(rank + 1) for rank in range(1, len(query) + 1))
        for query in places
    ]
    first = [min((place for place in query.values() if place), default=0) for query in places]
    return {
        "hit_at_1": share(1),
        "hit_at_5": share(5),
        "hit_at_10": share(10),
        "ndcg_at_10": sum(gains) / len(places),
        "mrr_at_10": sum(1 / place for place in first if place) / len(places),
    }


def shares(row: Mapping[str, Any]) -> dict[str, float]:
    return {name: row[name] for name in FIGURES}


def test_figures_worked_out_by_hand(tmp_path):
    rows = figures(tmp_path, beir(tmp_path / "first", ARTICLES, QUERIES, "q-fa1\tfa2\t0"))
    assert [(row["set"], row["query_language"], row["queries"]) for row in rows] == [
        ("first", "ar", 3),
        ("first", "fa", 1),
        ("first", "en", 1),
    ]
    arabic, persian, english = rows
    # One first, one second, one nowhere.
    assert shares(arabic) == {
        "hit_at_1": 0.3333,
        "hit_at_5": 0.6667,
        "hit_at_10": 0.6667,
        "ndcg_at_10": round((1 + 1 / math.log2(3)) / 3, 4),
        "mrr_at_10": 0.5,
    }
    assert shares(persian) == dict.fromkeys(FIGURES, 1.0)
    # One of its two right articles first, the other not at all.
    assert shares(english) == {**dict.fromkeys(FIGURES, 1.0), "ndcg_at_10": round(1 / (1 + 1 / math.log2(3)), 4)}
    for row in rows:
        own = [right for language, _, right in QUERIES.values() if language == row["query_language"]]
        assert shares(row) == pytest.approx(expected(own), abs=1e-4)


def test_the_shape_of_the_json_and_of_the_table(tmp_path):
    folder = beir(tmp_path / "مجموعة", ARTICLES, QUERIES)
    out = tmp_path / "out.json"
    done = run(folder, "--embedder", "none", "--json", out)
    assert done.exit_code == 0
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert [tuple(row) for row in rows] == [COLUMNS] * 3 and out.read_text(encoding="utf-8").endswith("]\n")
    for row in rows:
        assert row["set"] == "مجموعة"
        assert all(0 <= row[name] <= 1 for name in FIGURES)
        assert row["articles_per_second"] > 0 and 0 < row["p50_ms"] <= row["p95_ms"]
        assert row["hit_at_1"] <= row["mrr_at_10"] <= row["hit_at_10"] and row["hit_at_5"] <= row["hit_at_10"]
    assert "hit@10" in done.output and "مجموعة" in done.output and "0.333" in done.output


def test_without_a_file_to_write_there_is_a_table_alone(tmp_path):
    done = run(beir(tmp_path / "first", ARTICLES, QUERIES), "--embedder", "none")
    assert done.exit_code == 0 and "first" in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first"], "the index is gone with the run"


@pytest.mark.parametrize(
    ("limit", "names"),
    [
        (1, ["q0"]),
        (2, ["q0", "q3"]),
        (3, ["q0", "q2", "q4"]),
        (5, ["q0", "q1", "q2", "q3", "q4"]),
        (6, ["q0", "q1", "q2", "q3", "q4", "q5"]),
        (100, ["q0", "q1", "q2", "q3", "q4", "q5"]),
        (None, ["q0", "q1", "q2", "q3", "q4", "q5"]),
    ],
)
def test_a_limit_takes_queries_evenly(tmp_path, limit, names):
    queries = {f"q{n}": ("ar", f"سؤال {n}", {"ar1": 1}) for n in range(6)}
    found = read_query_set(beir(tmp_path / "many", ARTICLES, queries), limit)
    assert [query.query_id for query in found.queries] == names


def test_a_limit_on_the_command_line(tmp_path):
    rows = figures(tmp_path, beir(tmp_path / "first", ARTICLES, QUERIES), "--limit", 2)
    assert [(row["query_language"], row["queries"], row["hit_at_10"]) for row in rows] == [("ar", 2, 0.5)]
    assert run(tmp_path / "first", "--limit", 0).exit_code == 2


def test_queries_without_a_right_article_are_not_asked(tmp_path):
    queries = QUERIES | {"unjudged": ("ar", "قمة", {})}
    folder = beir(tmp_path / "first", ARTICLES, queries, "q-none\tar1\t1", "unjudged\tar1\t0")
    found = read_query_set(folder, None)
    assert [query.query_id for query in found.queries] == list(QUERIES)
    assert found.queries[4].relevant == {"en1", "ar3"} and found.queries[0].language == "ar"


def test_a_query_says_its_language_or_a_question_mark(tmp_path):
    folder = beir(tmp_path / "first", ARTICLES, {})
    write_lines(
        folder / "queries.jsonl",
        [
            {"_id": "1", "text": "قمة"},
            {"_id": "2", "text": "قمة", "metadata": None},
            {"_id": "3", "text": "x", "metadata": {"lang": "fa"}},
        ],
    )
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\tar1\t1\n2\tar1\t2\n3\tfa1\t1\n", encoding="utf-8")
    assert [query.language for query in read_query_set(folder, None).queries] == ["?", "?", "fa"]


# Parts


WHEAT = ("en", "price of wheat", {"ar3": 1})


def test_parts_that_are_left_out_and_parts_alone(tmp_path):
    folder = beir(tmp_path / "across", {name: row for name, row in ARTICLES.items() if row[0] == "ar"}, {"wheat": WHEAT})

    def hit(*arguments: object) -> float:
        [row] = figures(tmp_path, folder, *arguments)
        found: float = row["hit_at_10"]
        return found

    assert (
        hit()
        == 1
        == hit("--without", "skeletons")
        == hit("--only", "bm25")
        == hit("--without", "dense", "--without", "opening")
    )
    assert hit("--without", "glossary") == 0 == hit("--only", "skeletons") == hit("--only", "grams")
    assert hit("--only", "grams", "--only", "glossary") == 1 == hit("--only", "stems", "--only", "glossary")
    assert hit("--only", "bm25", "--without", "glossary") == 0


def test_dense_takes_an_embedder_and_without_it_none_is_loaded(tmp_path):
    folder = beir(tmp_path / "first", ARTICLES, QUERIES)
    done = run(folder, "--embedder", tmp_path / "nowhere")
    assert done.exit_code == 1 and "nowhere" in done.output
    for without in (("--without", "dense"), ("--only", "bm25"), ("--only", "grams")):
        assert run(folder, "--embedder", tmp_path / "nowhere", *without).exit_code == 0


@pytest.mark.parametrize("part", ["bm24", "", "body"])
def test_no_part_of_another_name(tmp_path, part):
    done = run(beir(tmp_path / "first", ARTICLES, QUERIES), "--only", part)
    assert done.exit_code == 2 and "glossary" in done.output


# All in one index


def split(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Two folders with articles, and one that asks in other languages about the articles of both."""
    first = {name: row for name, row in ARTICLES.items() if row[0] == "ar"}
    second = {name: row for name, row in ARTICLES.items() if row[0] != "ar"}
    return (
        beir(tmp_path / "first", first, {name: row for name, row in QUERIES.items() if row[0] == "ar"}),
        beir(tmp_path / "second", second, {"q-fa1": QUERIES["q-fa1"], "q-en1": ("en", "crocodile harbour", {"en1": 1})}),
        beir(tmp_path / "third", None, {"q1": ("fa", "بهای گندم", {"ar3": 1}), "q2": ("en", "wheat price", {"ar3": 1})}),
    )


def test_a_folder_without_articles_is_asked_of_the_others(tmp_path):
    rows = figures(tmp_path, *split(tmp_path), "--mixed")
    assert [(row["set"], row["query_language"], row["queries"]) for row in rows] == [
        ("first", "ar", 3),
        ("second", "fa", 1),
        ("second", "en", 1),
        ("third", "fa", 1),
        ("third", "en", 1),
    ]
    assert [row["hit_at_5"] for row in rows] == [0.6667, 1, 1, 1, 1]


def test_without_mixed_each_folder_has_an_index_of_its_own(tmp_path):
    first, second, third = split(tmp_path)
    rows = figures(tmp_path, first, second)
    assert [row["hit_at_5"] for row in rows] == [0.6667, 1, 1]
    done = run(first, third, "--embedder", "none")
    assert done.exit_code == 1 and "no corpus.jsonl in 'third'" in done.output and "--mixed" in done.output
    assert run(third, "--mixed", "--embedder", "none").exit_code == 1


def test_one_language_does_not_drown_another(tmp_path):
    many = {f"many{n}": ("ar", f"قمة بودابست {n}", f"انعقدت قمة بودابست رقم {n} بحضور بوتين وترامب.") for n in range(60)}
    few = {"one": ("fa", "نشست بوداپست", "نشست بوداپست با حضور پوتین برگزار شد."), "two": ("fa", "گندم", "بهای گندم بالا رفت.")}
    rows = figures(
        tmp_path,
        beir(tmp_path / "many", many, {"q": ("ar", "قمة بودابست رقم 7", {"many7": 1})}),
        beir(tmp_path / "few", few, {"q": ("fa", "نشست بوداپست", {"one": 1})}),
        beir(
            tmp_path / "across",
            None,
            {"q": ("ar", "قمة بودابست بحضور بوتين", {"one": 1}), "w": ("en", "Budapest summit", {"one": 1})},
        ),
        "--mixed",
    )
    found = {(row["set"], row["query_language"]): row for row in rows}
    assert found["many", "ar"]["hit_at_1"] == 1 == found["few", "fa"]["hit_at_1"]
    assert found["across", "ar"]["hit_at_10"] == 1 == found["across", "en"]["hit_at_10"]


# Folders that are none


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("qrels.tsv", None),
        ("queries.jsonl", None),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq-ar1\tar1\tyes\n"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq-ar1\n"),
        ("qrels.tsv", "q-ar1\tar1\t1\nq-ar2\tar2\t1\n"),
        ("qrels.tsv", b"\xff\xfe\x00"),
        ("queries.jsonl", "{"),
        ("queries.jsonl", "[]\n"),
        ("queries.jsonl", '"قمة"\n'),
        ("queries.jsonl", '{"id": "q-ar1", "text": "قمة"}\n'),
        ("queries.jsonl", '{"_id": "q-ar1"}\n'),
        ("queries.jsonl", b"\xff\xfe\x00"),
    ],
)
def test_a_folder_that_is_none_is_named(tmp_path, file, content):
    folder = beir(tmp_path / "مكسور", ARTICLES, QUERIES)
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(KhabarError) as caught:
        read_query_set(folder, None)
    assert f"'{folder}' is no BEIR folder" in caught.value.problem and "queries.jsonl" in caught.value.remedy
    done = run(folder, "--embedder", "none")
    assert done.exit_code == 1 and "is no BEIR folder" in done.output and "Traceback" not in done.output


def test_a_folder_that_is_not_there(tmp_path):
    assert run(tmp_path / "nowhere").exit_code == 2 == run().exit_code


def test_empty_lines_and_questions_without_words_do_no_harm(tmp_path):
    queries = {
        "words": ("ar", "قمة الخروبة", {"ar1": 1}),
        "signs": ("ar", "؟!", {"ar1": 0}),
        "long": ("ar", "قمة الخروبة " * 500, {"ar1": 1}),
    }
    folder = beir(tmp_path / "first", ARTICLES, queries)
    with (folder / "queries.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n  \n")
    [row] = figures(tmp_path, folder)
    assert row["queries"] == 3 and shares(row) == dict.fromkeys(FIGURES, 0.6667)


def test_where_nothing_at_all_is_found_the_figures_are_nought(tmp_path):
    [row] = figures(tmp_path, beir(tmp_path / "first", ARTICLES, {"q": ("ar", "ضظغضظغ", {"ar3": 0})}))
    assert shares(row) == dict.fromkeys(FIGURES, 0.0)


@pytest.mark.parametrize("name", ["a b", "50%", "خبر", "set#1"])
def test_a_folder_of_any_name(tmp_path, name):
    [row, *_] = figures(tmp_path, beir(tmp_path / name, ARTICLES, QUERIES))
    assert row["set"] == name and row["hit_at_5"] == 0.6667


def test_two_folders_of_one_name(tmp_path):
    one = {name: row for name, row in ARTICLES.items() if row[0] == "ar"}
    other = {name: row for name, row in ARTICLES.items() if row[0] == "fa"}
    rows = figures(
        tmp_path,
        beir(tmp_path / "a" / "news", one, {"q": QUERIES["q-ar1"]}),
        beir(tmp_path / "b" / "news", other, {"q": QUERIES["q-fa1"]}),
        "--mixed",
    )
    assert [row["hit_at_1"] for row in rows] == [1, 1]


def test_ids_that_two_folders_share_are_told_apart(tmp_path):
    one = beir(tmp_path / "one", {"1": ARTICLES["ar1"], "2": ARTICLES["ar3"]}, {"q": ("ar", "قمة الخروبة", {"1": 1})})
    other = beir(tmp_path / "other", {"1": ARTICLES["en2"], "2": ARTICLES["en1"]}, {"q": ("ar", "قمة الخروبة", {"1": 0})})
    rows = figures(tmp_path, one, other, "--mixed", "--without", "glossary", "--without", "skeletons")
    assert [row["hit_at_10"] for row in rows] == [1, 0]


def test_ids_that_are_numbers(tmp_path):
    folder = beir(tmp_path / "numbers", {}, {})
    write_lines(folder / "corpus.jsonl", [{"_id": 7, "title": "قمة", "text": "انعقدت قمة الخروبة."}])
    write_lines(folder / "queries.jsonl", [{"_id": 1, "text": "قمة الخروبة", "metadata": {"lang": "ar"}}])
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\t7\t1\n", encoding="utf-8")
    assert [shares(row) for row in figures(tmp_path, folder)] == [dict.fromkeys(FIGURES, 1.0)]
