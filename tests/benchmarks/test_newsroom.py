"""The newsroom benchmark: the make-up of its questions, and its figures on an archive made for it."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from benchmarks.newsroom import QUESTIONS, Figures, Outcome, Refusals, Share, Shown, figures, main, outcome, page_text, refusals
from index.catalog import FILE_NAME, Catalog
from index.clean import article_id
from index.language import detect_language
from index.text import squash
from rag.evaluate.fixed_question import FixedQuestion, read_questions
from rag.evaluate.run import Row
from rag.types import Answer, Citation, Source
from rag.weigh.logistic import BIAS

# A question of which all words are met is answered, one of which none is met is refused.
WEIGHTS = {"sentence": {"own": 4.0, "completed": 2.0}, "confidence": {BIAS: -4.0, "own": 8.0}}
LANGUAGE_OF = {"JA": "ar", "fars": "fa", "mh": "en"}


@pytest.fixture(autouse=True)
def known_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("KHABAR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("rag.weigh.logistic.weights_of", WEIGHTS.__getitem__)


# The questions


def raw() -> list[dict[str, Any]]:
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def place(question: FixedQuestion) -> str:
    return question.kind if question.kind in ("across", "none", "near-miss") else "within"


def test_the_questions_have_the_make_up_that_is_claimed():
    asked = read_questions([QUESTIONS])
    per_language = {"within": 40, "across": 10, "none": 10, "near-miss": 10}
    assert Counter((question.language, place(question)) for question in asked) == {
        (language, name): count for language in ("ar", "fa", "en") for name, count in per_language.items()
    }
    within = [question for question in asked if place(question) == "within"]
    traits = Counter(trait for question in within for trait in question.traits)
    assert traits == {"reworded": 47, "typo": 16, "dialect": 5, "colloquial": 6}
    kinds = Counter(question.kind for question in within)
    assert kinds == {
        "who": 21, "when": 18, "where": 12, "howmany": 18, "what": 17, "why": 12, "how": 6, "yesno": 9, "followup": 6,
        "list": 1,
    }  # fmt: skip
    assert all(bool(question.history) == (question.kind == "followup") for question in asked)


def test_each_question_stands_once_in_its_language_and_order():
    asked = read_questions([QUESTIONS])
    ids = [f"{code}-{number:03}" for code in ("ar", "fa", "en") for number in range(1, 71)]
    assert [question.id for question in asked] == ids
    assert [text for text, times in Counter(squash(question.question) for question in asked).items() if times > 1] == []
    assert [question.id for question in asked if detect_language(question.question) != question.language] == []
    fields = ("id", "language", "kind", "question", "history", "articles", "any", "all", "abstain", "about", "traits")
    for row in raw():
        assert list(row) == [name for name in fields if name in row]


def test_articles_are_named_by_their_ids_in_the_public_sets():
    for row in raw():
        named = [*row.get("articles", ()), *([row["about"]] if "about" in row else [])]
        found = [re.fullmatch(r"corpus\.jsonl#(JA|fars|mh)-[\w-]+", name) for name in named]
        assert all(found), row["id"]
        assert bool(named) == (row["kind"] != "none"), row["id"]
        languages = {LANGUAGE_OF[match[1]] for match in found if match}
        if row["kind"] == "across":
            assert row["language"] not in languages
        elif named:
            assert languages == {row["language"]}, row["id"]


def test_an_answer_is_checkable_and_not_given_away():
    for question in read_questions([QUESTIONS]):
        assert question.abstain == (question.kind in ("none", "near-miss"))
        assert bool(question.any) != question.abstain
        for accepted in (*question.any, *question.all):
            assert squash(accepted) not in squash(question.question), question.id
            assert len(accepted) <= 50, f"{question.id}: a string to look for, not a text of the set"
        compared = [accepted if squash(accepted).isdecimal() else squash(accepted) for accepted in question.any]
        assert len(set(compared)) == len(compared), question.id


# An archive of six articles

SETS = {
    "antcorpus": [
        ("JA-1", "ar", "", "نام التمساح الأخضر يوم الأحد في حديقة سوسة. استيقظ الناس.", "2017-03-05", "إذاعة الخروب"),
        ("JA-2", "ar", "", "أكل الفيل الأبيض ١٢ تفاحة. سكت الناس.", "2017-03-06", "إذاعة الخروب"),
        ("JA-12", "ar", "", "غرقت سفينة الخروب وبكى الناس.", "2017-03-07", "إذاعة الخروب"),
    ],
    "farsnews": [
        ("fars-1", "fa", "", "کتاب‌فروشی بزرگ تبریز دیروز سوخت و ۱۲ نفر مردند.", "2008-10-22", "خبرگزاری"),
        ("fars-2", "fa", "", "یک روباه پیر در باغ خوابید و بیدار نشد.", None, "خبرگزاری"),
    ],
    "multihop": [("mh-1", "en", "Walrus", "The green walrus slept in Alaska. People wept.", "2023-11-05", "The Carob")],
}
ASKED: list[dict[str, Any]] = [
    {"id": "ar1", "language": "ar", "kind": "when", "question": "متى نام التمساح الأخضر؟", "traits": ["typo"],
     "articles": ["corpus.jsonl#JA-1"], "any": ["يوم الأحد"]},
    # The right article is quoted without the string.
    {"id": "ar2", "language": "ar", "kind": "howmany", "question": "كم تفاحة أكل الفيل الأبيض؟",
     "articles": ["corpus.jsonl#JA-2"], "any": ["13 تفاحة"]},
    # Refused, though an article answers: no word of it is met.
    {"id": "fa1", "language": "fa", "kind": "where", "question": "ژچپگژچ پژگچ کجا؟", "traits": ["reworded"],
     "articles": ["corpus.jsonl#fars-1"], "any": ["تبریز"]},
    {"id": "fa2", "language": "fa", "kind": "followup", "question": "در کتابفروشي تبریز چند نفر مردند؟",
     "history": ["روباه پیر؟"], "articles": ["corpus.jsonl#fars-1"], "any": ["12 نفر"]},
    {"id": "fa3", "language": "fa", "kind": "across", "question": "walrus در Alaska", "articles": ["corpus.jsonl#mh-1"],
     "any": ["Alaska"]},
    {"id": "ar3", "language": "ar", "kind": "none", "question": "ضظغضظغ ظضغ؟", "abstain": True},
    {"id": "ar4", "language": "ar", "kind": "near-miss", "question": "لماذا غرقت سفينة الخروب؟", "abstain": True,
     "about": "corpus.jsonl#JA-12"},
]  # fmt: skip


def archive(folder: Path) -> list[Path]:
    for name, articles in SETS.items():
        (folder / name).mkdir(parents=True)
        write_lines(
            folder / name / "corpus.jsonl",
            [
                {"_id": id, "title": title, "text": text,
                 "metadata": {"lang": language, "source": source, **({"date": day} if day else {})}}
                for id, language, title, text, day, source in articles
            ],
        )  # fmt: skip
    return [folder / name for name in SETS]


def write_lines(file: Path, rows: Sequence[Any]) -> Path:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


def run(*arguments: object) -> Result:
    arguments = (*arguments, "--embedder", "none")
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env={"KHABAR_READER": "none"})


def test_what_comes_of_each_question(tmp_path):
    questions, out = write_lines(tmp_path / "asked.jsonl", ASKED), tmp_path / "out.json"
    done = run(*archive(tmp_path / "sets"), "--questions", questions, "--json", out, "--archive", tmp_path / "index")
    assert done.exit_code == 0, (done.output, done.exception)
    rows = {row["id"]: row for row in json.loads(out.read_text(encoding="utf-8"))}
    measures = ("right", "first_quote", "cited", "both", "abstained", "hit_at_1", "hit_at_5")
    assert {name: "".join("ty"[row[measure]] for measure in measures) for name, row in rows.items()} == {
        "ar1": "yyyytyy", "ar2": "ttyttyy", "fa1": "ttttytt", "fa2": "yyyytyy", "fa3": "yyyytyy",
        "ar3": "ttttytt", "ar4": "ttttttt",
    }  # fmt: skip
    first = rows["ar1"]
    assert first["found"][0] == "antcorpus/corpus.jsonl#JA-1" == first["shown"][0]["article"]
    assert first["shown"][0]["bears"] and first["accepted"] == ["يوم الأحد"] and first["traits"] == ["typo"]
    assert 0 < first["confidence"] <= 1 and first["milliseconds"] > 0
    assert rows["fa1"]["shown"] == [] and rows["fa2"]["history"] == ["روباه پیر؟"]
    assert "7 questions, 6 articles, embedder none" in done.output and "near-miss" in done.output
    # An archive that is kept is used again; a limit takes questions evenly.
    folders = [tmp_path / "sets" / name for name in SETS]
    again = run(*folders, "--questions", questions, "--archive", tmp_path / "index", "--limit", 2)
    assert again.exit_code == 0 and "2 questions, 6 articles" in again.output, (again.output, again.exception)


def test_outlets_and_days_are_those_of_the_sets(tmp_path):
    done = run(*archive(tmp_path), "--questions", write_lines(tmp_path / "q.jsonl", ASKED[:1]), "--archive", tmp_path / "index")
    assert done.exit_code == 0, (done.output, done.exception)
    catalog = Catalog(tmp_path / "index" / FILE_NAME)
    paths = ("antcorpus/corpus.jsonl#JA-2", "farsnews/corpus.jsonl#fars-2")
    known = [catalog.article(article_id(path)) for path in paths]
    catalog.close()
    told = [(one.outlet, one.published) for one in known if one]
    assert told == [("إذاعة الخروب", date(2017, 3, 6)), ("خبرگزاری", None)]


def test_figures_go_into_the_page(tmp_path):
    page = tmp_path / "صفحة.md"
    before = "<!-- figures -->\nold\n<!-- end of figures -->\n<!-- newsroom -->\n"
    page.write_text(f"{before}old\n<!-- end of newsroom -->\nend\n", "utf-8")
    questions = write_lines(tmp_path / "asked.jsonl", ASKED)
    done = run(*archive(tmp_path / "sets"), "--questions", questions, "--write", page)
    assert done.exit_code == 0, (done.output, done.exception)
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"{before}\nMade ") and "\n\n| questions of | n | right |" in text
    assert "| within, ar | 2 | 0.50 | 0.50 |" in text and "| near-miss, ar | 1 | 0.00 |" in text and text.endswith("\nend\n")
    assert "kind when" not in text and "| typo | 1 | 1.00 (0.21–1.00) |" in text


@pytest.mark.parametrize("left_out", SETS)
def test_a_set_that_is_missing_is_told_in_one_line(tmp_path, left_out):
    folders = [folder for folder in archive(tmp_path) if folder.name != left_out]
    done = run(*folders, "--questions", write_lines(tmp_path / "q.jsonl", ASKED))
    assert done.exit_code == 1 and len(done.output.strip().splitlines()) == 1, (done.output, done.exception)
    assert "the archive lacks 'corpus.jsonl#" in done.output and "antcorpus, farsnews and multihop" in done.output


def test_a_folder_that_is_none_is_told(tmp_path):
    (tmp_path / "فارغ").mkdir()
    done = run(tmp_path / "فارغ")
    assert done.exit_code == 1 and "corpus.jsonl" in done.output and "فارغ" in done.output
    assert run(tmp_path / "nowhere").exit_code == 2


def test_a_page_without_a_place_is_told(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- figures -->\n<!-- end of figures -->\n", "utf-8")
    done = run(*archive(tmp_path), "--questions", write_lines(tmp_path / "q.jsonl", ASKED[:1]), "--write", page)
    assert done.exit_code == 1 and "<!-- newsroom -->" in done.output


# The measures

QUESTION = FixedQuestion(
    id="1", language="ar", kind="howmany", question="كم؟", articles=("corpus.jsonl#JA-1",), any=("38%", "٣٨ بالمائة")
)
PATH = "antcorpus/corpus.jsonl#JA-1"


def cited(quote: str, path: str = PATH, phrase: tuple[int, int] | None = None, also: tuple[Source, ...] = ()) -> Citation:
    return Citation("a", path, "", None, None, "ar", None, quote, 5, 5 + len(quote), 1, quote, phrase, also)


def judged(
    *citations: Citation, failed: tuple[str, ...] = (), right_article: bool = True, found: Sequence[str] = ()
) -> Outcome:
    abstained = not citations
    answer = Answer("كم؟", "ar", "", "quotes", abstained, citations, confidence=0.5)
    row = Row("1", "ar", "howmany", not failed, not abstained, right_article, None, abstained, 0.25, answer, failed)
    return outcome(QUESTION, row, found)


def test_a_mark_holds_the_string_whole():
    quote = "نحو 38% من 1938"
    assert judged(cited(quote, phrase=(9, 12))).mark and judged(cited(quote, phrase=(9, 12))).first_quote
    for phrase in [(9, 11), (16, 20), None]:
        found = judged(cited(quote, phrase=phrase))
        assert found.first_quote and not found.mark
    assert judged(cited(quote, phrase=(9, 12))).shown[0] == Shown(PATH, quote, "38%", True)
    assert not judged(cited("سنة 1938")).first_quote


def test_a_quote_bears_on_the_question_by_its_article_or_its_string():
    other = "antcorpus/corpus.jsonl#JA-2"
    source = Source("b", PATH, "", None, None, "ar", None, "قال", 0, 3)
    bearing = [judged(one).shown[0].bears for one in (
        cited("سكت"), cited("٣٨ بالمائة", other), cited("سكت", other), cited("سكت", other, also=(source,)),
    )]  # fmt: skip
    assert bearing == [True, True, False, True]


def test_right_and_cited_are_told_apart():
    found = judged(cited("38%"), right_article=False, failed=("articles",))
    assert (found.right, found.cited, found.both) == (True, False, False)
    found = judged(cited("39%"), failed=("any",))
    assert (found.right, found.cited, found.both) == (False, True, False)
    found = judged(failed=("abstain",), right_article=False)
    assert (found.abstained, found.right, found.first_quote, found.mark, found.milliseconds) == (True, False, False, False, 250)


@pytest.mark.parametrize(
    ("place_of_it", "first", "few"), [(0, True, True), (4, False, True), (5, False, False), (None, False, False)]
)
def test_hits_are_counted_over_passages(place_of_it, first, few):
    paths = ["farsnews/corpus.jsonl#fars-1"] * 8
    if place_of_it is not None:
        paths[place_of_it] = PATH
    found = judged(cited("38%"), found=paths)
    assert (found.hit_at_1, found.hit_at_5, len(found.found)) == (first, few, 5)


@pytest.mark.parametrize(
    ("part", "whole", "interval", "shown"),
    [
        (20, 40, (0.352, 0.648), "0.50 (0.35–0.65)"),
        (0, 30, (0, 0.114), "0.00 (0.00–0.11)"),
        (30, 30, (0.886, 1), "1.00 (0.89–1.00)"),
    ],
)
def test_wilson(part, whole, interval, shown):
    share = Share(part, whole)
    assert share.interval == pytest.approx(interval, abs=0.001) and share.with_interval == shown
    assert str(Share(0, 0)) == "–" == Share(0, 0).with_interval


def test_groups():
    rows = [
        made("1", "ar", "who", ("reworded", "typo")), made("2", "fa", "who"), made("3", "ar", "across"),
        made("4", "en", "none"),
        made("5", "ar", "near-miss", abstained=True), made("6", "ar", "when", abstained=True),
    ]  # fmt: skip
    assert [(row.group, row.questions) for row in figures(rows)] == [
        ("all", 4), ("within", 3), ("within, ar", 2), ("within, fa", 1), ("across", 1), ("across, ar", 1), ("reworded", 1),
        ("typo", 1), ("kind who", 2), ("kind when", 1),
    ]  # fmt: skip
    whole: Figures = figures(rows)[0]
    assert str(whole.wrongly_refused) == "0.25" and str(whole.bearing) == "–"
    unsure = replace(made("7", "fa", "none", abstained=True), confidence=0.2)
    assert refusals([*rows, unsure]) == [
        Refusals("none and near-miss", 3, Share(2, 3), 0.667),
        Refusals("none and near-miss, en", 1, Share(0, 1), 0.5), Refusals("none and near-miss, ar", 1, Share(1, 1), 0.5),
        Refusals("none and near-miss, fa", 1, Share(1, 1), 1.0),
        Refusals("none", 2, Share(1, 2), 0.75), Refusals("none, en", 1, Share(0, 1), 0.5),
        Refusals("none, fa", 1, Share(1, 1), 1.0),
        Refusals("near-miss", 1, Share(1, 1), 0.5), Refusals("near-miss, ar", 1, Share(1, 1), 0.5),
    ]  # fmt: skip
    assert page_text(rows, "6 questions").endswith("6 questions: p50 10 ms, p95 10 ms.")


def made(name: str, language: str, kind: str, traits: tuple[str, ...] = (), abstained: bool = False) -> Outcome:
    return Outcome(
        id=name, language=language, kind=kind, traits=traits, question="؟", history=(), accepted=(), articles=(),
        abstained=abstained, confidence=0.5, right=False, first_quote=False, mark=False, direct=False, cited=False, both=False,
        hit_at_1=False, hit_at_5=False, milliseconds=10.0, shown=(), found=(),
    )  # fmt: skip
