"""Fitting the weights of evidence: on sentences made of numbers, and on folders of a few lines."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from benchmarks.train_evidence import Example, examples_of, fit_confidence, fit_sentences, main, report
from index.types import KhabarError
from rag.ask.question import read_question
from rag.text.glossary import Glossary
from rag.weigh.confidence import WordSigns, word_signs
from rag.weigh.logistic import BIAS, weights_of
from rag.weigh.sentences import Features

pytestmark = pytest.mark.slow

# In each folder and language: texts, questions with the string that answers them, and questions about the same without one.
FIRST = {
    "ar": (
        [
            "اجتمع الناس أمس. نام التمساح الأخضر يوم الأحد. ثم عاد الجميع.",
            "كان الجو حارا. غرقت سفينة الخروب قرب الميناء القديم. بكى الناس.",
            "تحدث الشيخ طويلا. أكل الفيل الأبيض عشر بطيخات كبيرة. ضحك الأطفال.",
        ],
        [
            ("متى نام التمساح الأخضر؟", "الأحد"),
            ("أين غرقت سفينة الخروب؟", "الميناء القديم"),
            ("كم بطيخة أكل الفيل الأبيض؟", "عشر"),
        ],
        ["متى طار الفيل الحديدي؟", "من بنى الميناء الزجاجي؟", "أين ولد الشيخ كرنبوش؟"],
    ),
    "fa": (
        [
            "مردم آمدند. تمساح سبز یکشنبه در باغ خوابید. همه برگشتند.",
            "هوا گرم بود. کشتی خرنوب نزدیک بندر کهنه غرق شد. مردم گریستند.",
        ],
        [("تمساح سبز چه روزی خوابيد؟", "یکشنبه"), ("كشتي خرنوب كجا غرق شد؟", "بندر کهنه")],
        ["تمساح آهنین کی پرواز کرد؟", "بندر شیشه‌ای را که ساخت؟"],
    ),
}
SECOND = {
    "en": (
        [
            "People came by. The green walrus slept on Sunday. Then they left.",
            "It was hot. The carob ship sank near the old harbour. People wept.",
            "An old man spoke. The white elephant ate ten big melons. Children laughed.",
        ],
        [
            ("When did the green walrus sleep?", "Sunday"),
            ("Where did the carob ship sink?", "old harbour"),
            ("How many melons did the white elephant eat?", "ten"),
        ],
        ["When did the iron elephant fly?", "Who built the glass harbour?", "Where was the old man Crumbosh born?"],
    ),
    "ar": (
        ["وصل الوفد مساء. اشترى الثعلب الرمادي ساعة ثمينة من السوق. انتهى اليوم.", "زرع الفلاح شجرة رمان عام ١٩٩٩. شرب الماء."],
        [("ماذا اشترى الثعلب الرمادي؟", "ساعة"), ("متى زرع الفلاح شجرة الرمان؟", "1999")],
        ["ماذا رسم الثعلب المتعب؟", "كم قمرا اكتشف الفلاح زرنوخ؟"],
    ),
}  # fmt: skip
TITLES = {"ar": "أخبار", "fa": "خبرها", "en": "News"}
Texts = Mapping[str, tuple[Sequence[str], Sequence[tuple[str, str]], Sequence[str]]]


@pytest.fixture(scope="module", autouse=True)
def no_variables():
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("KHABAR_")]:
            patch.delenv(name)
        patch.setenv("KHABAR_EMBEDDER", "none")
        patch.setenv("KHABAR_READER", "none")
        yield


def beir(folder: Path, texts: Texts) -> Path:
    folder.mkdir(parents=True)
    articles, queries = [], []
    for language, (bodies, asked, unanswerable) in texts.items():
        articles += [
            {"_id": f"{language}{number}", "title": TITLES[language], "text": text, "metadata": {"lang": language}}
            for number, text in enumerate(bodies)
        ]
        queries += [{"text": text, "metadata": {"lang": language, "answers": [answer]}} for text, answer in asked]
        queries += [{"text": text, "metadata": {"lang": language, "unanswerable": True}} for text in unanswerable]
    write_lines(folder / "corpus.jsonl", articles)
    write_lines(folder / "queries.jsonl", [{"_id": str(number), **row} for number, row in enumerate(queries)])
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n", encoding="utf-8")
    return folder


def write_lines(file: Path, rows: Sequence[Any]) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    there = tmp_path_factory.mktemp("sets")
    return beir(there / "first", FIRST), beir(there / "second", SECOND)


@pytest.fixture(scope="module")
def examples(folders):
    first, second = folders
    return [*examples_of(first, [second], 5), *examples_of(second, [first], 5)]


# Sentences of numbers


def example(features, holding):
    """Return an example of sentences that have the features named and nothing else."""
    rows = np.array([Features(*[0.0] * len(Features._fields))._replace(**row) for row in features], dtype=float)
    question = read_question("متى نام التمساح؟", (), Glossary([]), 100)
    return Example("a", "a", True, True, question, (), (), rows, np.array(holding))


def loss(examples, weights):
    """Return the mean surprise, in nats, at finding the answer where it stands."""
    vector = np.array([weights[name] for name in Features._fields])
    shares = []
    for one in examples:
        odds = np.exp(one.features @ vector)
        shares.append(odds[one.holding].sum() / odds.sum())
    return -float(np.mean(np.log(shares)))


NOTHING = dict.fromkeys(Features._fields, 0.0)


def test_what_tells_answers_apart_gets_the_weight():
    rows = [{"own": 0.9, "first": 1.0, "asks": 0.0}, {"own": 0.1, "first": 1.0, "asks": 1.0}, {"own": 0.2, "first": 0.0}]
    made = [example(rows, [True, False, False]), example(rows[::-1], [False, False, True])]
    weights = fit_sentences(made)
    assert list(weights) == list(Features._fields)
    assert weights["own"] > 0 > weights["asks"]
    assert weights["pairs"] == weights["echo"] == 0, "what is always the same tells nothing"
    assert loss(made, NOTHING) == pytest.approx(math.log(3)), "one of three, by chance"
    assert loss(made, weights) < 0.1


def test_what_a_sentence_meets_never_counts_against_it():
    against = example([{"own": 0.1, "fresh": 1.0}, {"own": 0.9}, {"own": 0.9}], [True, False, False])
    weights = fit_sentences([against])
    assert weights["own"] == 0 < weights["fresh"]
    assert weights_of("sentence")["own"] >= 0


@pytest.mark.parametrize("name", ["score", "rank", "title", "heading"])
def test_what_is_the_passage_s_is_held_down_whatever_the_folders_say(name):
    for holding in ([True, False], [False, True]):
        weights = fit_sentences([example([{name: 1.0, "own": 0.9}, {name: 0.1, "own": 0.1}], holding)])
        assert 0 <= weights[name] == weights_of("sentence")[name] <= 2


def test_the_order_of_sentences_does_not_matter():
    rows = [{"own": 0.9}, {"own": 0.4, "title": 1.0}, {"own": 0.2}]
    one, other = example(rows, [False, True, False]), example(rows[::-1], [False, True, False])
    assert fit_sentences([one]) == pytest.approx(fit_sentences([other]), abs=1e-3)


def test_a_question_without_an_answer_in_a_sentence_teaches_nothing():
    taught = example([{"own": 0.9}, {"own": 0.1}], [True, False])
    assert fit_sentences([taught, example([{"own": 0.1}, {"own": 0.9}], [False, False])]) == fit_sentences([taught])
    with pytest.raises(KhabarError) as caught:
        fit_sentences([example([{"own": 0.9}], [False])])
    assert "no question" in caught.value.problem and "metadata.answers" in caught.value.remedy


# Folders


def test_the_examples_of_a_folder(folders):
    first, second = folders
    found = list(examples_of(first, [second], 10))
    own = [one for one in found if one.set == "first"]
    assert {one.archive for one in found} == {"first"} and len(own) == 5 + 5
    assert [one.answerable for one in own] == [True] * 3 + [False] * 3 + [True] * 2 + [False] * 2
    assert all(one.has_answers == one.answerable for one in own)
    for one in own:
        assert one.features.shape == (len(one.sentences), len(Features._fields)) and len(one.holding) == len(one.sentences)
        assert one.question.size == 5, "chunks in the archive"
        held = [sentence.text for sentence, holds in zip(one.sentences, one.holding, strict=True) if holds]
        assert len(held) == one.answerable, "one sentence holds the answer; none of an unanswerable question"
    # Of the other folder's, those in languages of this one that meet anything; none of them is answered here.
    others = [one for one in found if one.set == "second"]
    assert others and {one.question.question.text for one in others} <= {*dict(SECOND["ar"][1]), *SECOND["ar"][2]}
    assert not any(one.answerable or one.holding.any() for one in others)


def test_the_loss_falls_and_every_answer_comes_first(examples):
    weights = fit_sentences(examples)
    taught = [one for one in examples if one.holding.any()]
    assert len(taught) == 10
    assert loss(taught, weights) < 0.2 < loss(taught, NOTHING)
    vector = np.array([weights[name] for name in Features._fields])
    for one in taught:
        assert one.holding[np.argmax(one.features @ vector)], one.question.question.text


def test_confidence_tells_the_answerable_from_the_others(examples):
    sentences = fit_sentences(examples)
    confidence = fit_confidence(examples, sentences)
    assert list(confidence) == [BIAS, *WordSigns._fields]
    sure = {True: [], False: []}
    for one in examples:
        sure[one.answerable].append(odds(one, sentences, confidence))
    # One of twenty answerable questions may be refused; there are ten, so the least sure of them stands at even odds.
    assert min(sure[True]) == pytest.approx(0, abs=0.01)
    assert np.mean(sure[True]) > 0 > np.mean(sure[False])


def odds(example, sentences, confidence):
    """Return the log odds that the best three sentences of an example answer."""
    places = np.argsort(-(example.features @ np.array([sentences[name] for name in Features._fields])), kind="stable")[:3]
    best = [example.sentences[place] for place in places]
    signs = word_signs(example.question, best, example.passages)
    return confidence[BIAS] + sum(confidence[name] * value for name, value in signs._asdict().items())


def test_a_line_for_each_group_of_questions(examples):
    sentences = fit_sentences(examples)
    lines = list(report(examples, sentences, fit_confidence(examples, sentences)))
    assert len(lines) == len({(one.archive, one.set, one.answerable) for one in examples})
    for name in ("first", "second"):
        [answerable] = [line for line in lines if line.startswith(f"{name} asked of {name}, answerable (5): refused 0.")]
        assert answerable.endswith("answer in the best sentence 1.000, in three 1.000")
        [silent] = [line for line in lines if line.startswith(f"{name} asked of {name}, not answerable (5): refused ")]
        assert float(silent.rsplit("auroc ", 1)[1]) >= 0.9


def test_the_weights_that_are_written_are_those_that_are_read(folders, tmp_path):
    out = tmp_path / "evidence.json"
    done = run(*folders, "--off", 5, "--write", out)
    assert done.exit_code == 0, (done.output, done.exception)
    written = json.loads(out.read_text(encoding="utf-8"))
    assert list(written) == ["sentence", "confidence"]
    for model in written:
        assert all(isinstance(weight, float) and math.isfinite(weight) for weight in written[model].values())
        assert set(written[model]) == ({BIAS, *WordSigns._fields} if model == "confidence" else set(Features._fields))
    for heading in ("fitted without first:", "fitted without second:", "fitted on all:"):
        assert heading in done.output
    assert out.read_text(encoding="utf-8") not in done.output
    again = run(*folders, "--off", 5)
    assert json.dumps(written, indent=1) in again.output, "the same folders give the same weights, shown where no file is named"
    assert weights_of("sentence") != written["sentence"], "the weights of the package are left alone"


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("queries.jsonl", None, "queries.jsonl"),
        ("queries.jsonl", "{", "queries.jsonl"),
        ("queries.jsonl", '{"_id": "1", "text": "قمة", "metadata": {"answers": 7}}\n', "metadata.answers"),
        ("corpus.jsonl", None, "corpus.jsonl"),
    ],
)
def test_a_bad_folder_is_told_in_one_line(folders, tmp_path, file, content, told):
    bad = beir(tmp_path / "مكسور", FIRST)
    if content is None:
        (bad / file).unlink()
    else:
        (bad / file).write_text(content, encoding="utf-8")
    done = run(bad, folders[1], "--write", tmp_path / "out.json")
    assert done.exit_code == 1 and told in done.output, (done.output, done.exception)
    assert len(done.output.strip().splitlines()) == 1 and not (tmp_path / "out.json").exists()


def test_no_folder_and_one_that_is_not_there(tmp_path):
    assert run().exit_code == 2 == run(tmp_path / "nowhere").exit_code
