"""The embedded judge: what was taught, run on own sentences in three languages, and what it is told of damaged weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index.types import KhabarError
from rag.draft.judge import E5Judge, NoJudge, load_judge, read_together
from rag.draft.tuning import SURE

pytestmark = pytest.mark.slow

# A source, what it says in other words, and what it does not say.
PAIRS = [
    (
        "وقال وزير الزراعة إن محصول القمح ارتفع هذا العام إلى ٣ ملايين طن بفضل الأمطار.",
        "ارتفع محصول القمح هذا العام إلى 3 ملايين طن، كما قال وزيرُ الزراعة.",
        "تراجع محصول القمح هذا العام بسبب الجفاف، كما قال وزير الزراعة.",
    ),
    (
        "سخنگوی شهرداری گفت پل تازه روز شنبه با حضور صدها نفر گشوده شد و ساخت آن دو سال زمان برد.",
        "به گفتهٔ سخنگوی شهرداری، ساخت پل تازه دو سال طول کشید و روز شنبه گشایش یافت.",
        "سخنگوي شهرداري گفت ساخت پل تازه دو سال دیگر آغاز می‌شود.",
    ),
    (
        "The coach resigned on Monday after his team lost a fifth match in a row, the club announced.",
        "The club announced that the coach stepped down on Monday following a fifth straight defeat of his team.",
        "The club announced that it had dismissed the players after the coach won a fifth match in a row.",
    ),
    (
        "The minister opened the hospital in the northern province on Sunday.",
        "افتتح الوزير المستشفى في المحافظة الشمالية يوم الأحد.",
        "أغلق الوزير المدرسة في المحافظة الجنوبية يوم الأحد.",
    ),
]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> E5Judge:
    return E5Judge(cache=tmp_path_factory.mktemp("cache"))


def test_what_is_said_in_other_words_is_likelier_than_what_is_not_said(judge):
    for source, said, unsaid in PAIRS:
        assert judge.odds(said, source) > judge.odds(unsaid, source), said


def test_texts_that_are_too_long_to_be_read_together_are_not_judged(judge):
    assert judge.odds("خبر " * 150, "news " * 150) is None


def test_both_sentences_are_read_with_what_they_share():
    class Special:
        begin, end = 0, 2

    ids, shared = read_together([11, 12, 13], [12, 14], Special)
    assert ids == [0, 11, 12, 13, 2, 2, 12, 14, 2]
    assert shared == [False, False, True, False, False, False, True, False, False]


def test_where_the_first_is_sure_the_mean_of_both_counts(judge, tmp_path_factory):
    alone = [E5Judge([file], cache=tmp_path_factory.mktemp("alone")) for file in judge.files]
    counts = set()
    for source, said, unsaid in PAIRS:
        for claim in (said, unsaid):
            odds = [one.odds(claim, source) for one in alone]
            counted = odds if odds[0] >= SURE else odds[:1]
            counts.add(len(counted))
            assert judge.odds(claim, source) == pytest.approx(sum(counted) / len(counted), abs=1e-4)
    assert counts == {1, 2}


@pytest.mark.parametrize("kind", ["missing", "broken", "of another size"])
def test_weights_that_cannot_be_used_are_named(kind, judge, tmp_path):
    file = tmp_path / "judge.safetensors"
    if kind == "broken":
        file.write_bytes(b"\0" * 99)
    if kind == "of another size":
        save_file(load_file(judge.files[1]) | {"shared": np.zeros((2, 768), np.float16)}, file)
    with pytest.raises(KhabarError, match="the judge's weights") as refused:
        E5Judge([judge.files[0], file], cache=tmp_path).odds("قال", "قال")
    assert str(file) in refused.value.problem
    assert "KHABAR_JUDGE" in refused.value.remedy


def test_a_judge_is_chosen_by_its_name():
    assert load_judge("none").odds("he said", "او گفت") is None
    assert isinstance(load_judge("none"), NoJudge)
    assert load_judge("e5-judge", Path("nowhere")).name == "e5-judge"
    with pytest.raises(KhabarError, match="there is no judge 'قاضٍ'"):
        load_judge("قاضٍ")
