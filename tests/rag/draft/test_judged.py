"""When a judge speaks for a claim, and when it is not asked: in three languages."""

from __future__ import annotations

import pytest

from rag.draft.check import supporting_evidence
from rag.draft.tuning import BAR, DOUBT, JUDGED
from rag.text.glossary import load_glossary
from tests.rag.scripted import passage

# A source, a close cut of it, and a claim in other words.
SAID = {
    "ar": (
        "وأوضحت الوزارة أنّ المستشفى الجديد يضم ٢٤٠ سريرا، وأن العمل فيه بدأ في مارس.",
        "أوضحت الوزارة أن المستشفى الجديد يضم 240 سريرا.",
        "بدأ العمل في المستشفى الجديد في مارس، كما أوضحت الوزارة.",
    ),
    "fa": (
        "وزارت بهداشت گفت بیمارستان تازه ۲۴۰ تخت دارد و کار آن در فروردین آغاز شد.",
        "وزارت بهداشت گفت بيمارستان تازه 240 تخت دارد.",
        "به گفتهٔ وزارت بهداشت، کار بیمارستان نو در فروردین شروع شد.",
    ),
    "en": (
        "The ministry said that the new hospital has 240 beds, and that it began to work in March.",
        "The ministry said that the new hospital has 240 beds.",
        "According to the ministry, the hospital opened its doors in March.",
    ),
}


class Judge:
    """Says always the same, and notes what it was asked."""

    name = "scripted"
    languages = frozenset(SAID)

    def __init__(self, odds):
        self._odds = odds
        self.asked = []

    def odds(self, claim, source):
        self.asked.append((claim, source))
        return self._odds


@pytest.mark.parametrize("language", SAID)
def test_a_claim_in_other_words_is_said_where_the_judge_is_sure_and_only_there(language):
    source, _, reworded = SAID[language]
    assert supporting_evidence(reworded, passage(source, language), load_glossary()) is None
    assert supporting_evidence(reworded, passage(source, language), load_glossary(), Judge(-9.0)) is None
    found = supporting_evidence(reworded, passage(source, language), load_glossary(), Judge(40.0))
    assert found is not None and found.quote == source and 0.5 <= found.score <= 1.0


@pytest.mark.parametrize("language", SAID)
def test_a_close_cut_is_shown_unless_the_judge_doubts_it(language):
    source, cut, _ = SAID[language]
    for odds, is_shown in ((None, True), (DOUBT, True), (DOUBT - 0.1, False)):
        judge = Judge(odds)
        found = supporting_evidence(cut, passage(source, language), load_glossary(), judge)
        assert (found is not None) is is_shown and (cut, source) in judge.asked
    assert supporting_evidence(cut, passage(source, language), load_glossary()) is not None, "without a judge the rules decide"


@pytest.mark.parametrize("language", SAID)
def test_what_a_guard_refuses_is_not_judged(language):
    source, cut, _ = SAID[language]
    judge = Judge(40.0)
    assert supporting_evidence(cut.replace("240", "420"), passage(source, language), load_glossary(), judge) is None
    assert judge.asked == []


@pytest.mark.parametrize("language", SAID)
def test_the_surer_the_judge_the_surer_the_verdict_from_the_bar_on(language):
    source, _, reworded = SAID[language]
    found = [
        supporting_evidence(reworded, passage(source, language), load_glossary(), Judge(odds))
        for odds in (BAR - 0.01, BAR, BAR + 1, 40.0)
    ]
    assert found[0] is None
    scores = [item.score for item in found[1:]]
    assert scores == sorted(set(scores)) and 0.5 < scores[0] <= scores[-1] <= 1.0


@pytest.mark.parametrize("language", SAID)
def test_a_judge_that_cannot_tell_leaves_it_to_the_rules(language):
    source, cut, reworded = SAID[language]
    silent = Judge(None)
    assert supporting_evidence(cut, passage(source, language), load_glossary(), silent) is not None
    assert supporting_evidence(reworded.replace("240", "999"), passage(source, language), load_glossary(), silent) is None
    assert silent.asked


@pytest.mark.parametrize("language", SAID)
def test_a_copy_needs_no_judge(language):
    source = SAID[language][0]
    found = supporting_evidence(source, passage(source, language), load_glossary(), Judge(-30.0))
    assert found is not None and found.quote == source


# Two sentences that follow one another, a claim that merges them, and a claim about them in another language.
MERGED = {
    "ar": (
        "افتتحت البلديةُ جسر السلام يوم الأحد. استغرق بناؤه سنتين وكلف ٤٠ مليون درهم.",
        "جسر السلام الذي افتُتح الأحد بُني في سنتين بكلفة 40 مليون درهم.",
        "It took two years to build the bridge, at a cost of 40 million dirhams.",
    ),
    "fa": (
        "شهرداری پل آشتی را روز یکشنبه گشود. ساخت آن دو سال طول کشید و ۴۰ میلیارد تومان هزینه داشت.",
        "پل آشتی كه یک‌شنبه گشوده شد دو ساله و با ۴۰ میلیارد تومان ساخته شد.",
        "استغرق بناء الجسر سنتين وكلف ٤٠ مليار تومان.",
    ),
    "en": (
        "The city opened the Peace Bridge on Sunday. It was built in two years and cost 40 million pounds.",
        "The Peace Bridge, opened on Sunday, took two years to build at a cost of 40 million pounds.",
        "ساخت این پل دو سال زمان برد و ۴۰ میلیون پوند خرج برداشت.",
    ),
}


class SureOf(Judge):
    """Is sure of one source only."""

    def __init__(self, source):
        super().__init__(-30.0)
        self._source = source

    def odds(self, claim, source):
        self.asked.append((claim, source))
        return 40.0 if source == self._source else -30.0


@pytest.mark.parametrize("language", MERGED)
def test_a_claim_that_merges_two_sentences_has_both_as_its_evidence(language):
    text, claim, _ = MERGED[language]
    judge = SureOf(text)
    found = supporting_evidence(claim, passage(text, language), load_glossary(), judge)
    assert found is not None and found.quote == text
    apart = supporting_evidence(claim, passage(text.replace(". ", ".\n\n"), language), load_glossary(), judge)
    assert apart is None, "sentences of two paragraphs are not read together"


@pytest.mark.parametrize("language", MERGED)
def test_a_claim_in_another_language_is_not_judged(language):
    text, _, claim = MERGED[language]
    judge = Judge(40.0)
    assert supporting_evidence(claim, passage(text, language), load_glossary(), judge) is None and judge.asked == []


def test_what_the_rules_pass_in_another_language_is_not_doubted():
    judge = Judge(-30.0)
    said = passage("التقى روبيو لافروف في الرياض.", "ar")
    found = supporting_evidence("Rubio met Lavrov in Riyadh.", said, load_glossary(), judge)
    assert found is not None and judge.asked == []


@pytest.mark.parametrize("language", MERGED)
def test_few_sentences_of_a_long_passage_are_judged(language):
    text, claim, _ = MERGED[language]
    judge = Judge(-30.0)
    assert supporting_evidence(claim, passage(f"{text} " * 6, language), load_glossary(), judge) is None
    assert 0 < len(judge.asked) <= JUDGED
