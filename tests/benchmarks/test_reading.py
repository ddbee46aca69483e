"""The reader's figures: agreement of spans, AUROC and the reliability curve, in three languages."""

from __future__ import annotations

import pytest

from benchmarks.reader_data import Asked, Text
from benchmarks.reading import f1_of, outcome, passages_of, read_all, reliability, rows_of, tables
from rag.weigh.reader import AnswerSpan, Reading


def asked(language, *answers, source="set"):
    return Asked("?", language, source, "who", "a", answers, True)


@pytest.mark.parametrize(
    ("text", "gold", "f1"),
    [
        ("٤٠ مليون دولار", "40 مليون دولار", 1.0),
        ("أربعين مليون دولار", "40 مليون", 0.4),
        ("وزیر امور خارجه", "وزیر خارجه", 0.8),
        ("می‌رود", "ميرود", 0.0),
        ("the mayor of York", "York", 0.4),
        ("nobody", "York", 0.0),
        ("", "York", 0.0),
    ],
)
def test_f1_counts_folded_words(text, gold, f1):
    assert f1_of(text, gold) == pytest.approx(f1, abs=0.01) and f1_of(gold, text) == pytest.approx(f1, abs=0.01)


def test_the_best_of_the_answers_counts():
    one = outcome(asked("ar", "الأحد", "يوم الأَحد 3 مايو"), "يوم الأحد ٣ مايو", 0.9)
    assert (one.exact, one.f1, one.inside) == (1.0, 1.0, 1.0)
    part = outcome(asked("fa", "یکشنبه"), "روز یكشنبه", 0.9)
    assert part.exact == 0.0 and part.inside == 1.0 and 0 < part.f1 < 1
    assert outcome(asked("en"), "Sunday", 0.1).answerable is False


def test_rows_and_bins_by_language():
    arabic = [outcome(asked("ar", "الأحد"), "الأحد", 0.9), outcome(asked("ar"), "الأحد", 0.2)]
    found = [*arabic, outcome(asked("fa", "شنبه"), "جمعه", 0.95)]
    arabic, persian = rows_of(found)
    assert (arabic.questions, arabic.unanswerable, arabic.exact, arabic.auroc) == (2, 1, 1.0, 1.0)
    assert (persian.exact, persian.auroc) == (0.0, None)
    assert [(one.language, one.expected, one.answered) for one in reliability(found)] == [
        ("ar", 0.2, 0.0), ("ar", 0.9, 1.0), ("fa", 0.95, 1.0),
    ]  # fmt: skip
    assert "| set | ar | 2 | 1 | 1.000 | 1.000 | 1.000 | 1.000 |" in tables(found)


class Scripted:
    """Marks the last word of each passage's text, the surer the further on the passage is."""

    def read(self, question, passages):
        spans = [AnswerSpan(each.chunk.end - 5, each.chunk.end - 1, float(each.rank)) for each in passages]
        return [Reading(each, span.odds, {each.chunk.start: span}) for each, span in zip(passages, spans, strict=True)]


def test_the_surest_span_of_all_chunks_of_the_article_counts():
    text = Text("", " ".join(["كتب الوزير ٣ رسائل."] * 60) + " وصل يوم الأحد.", "ar")
    assert len(passages_of("a", text, 120, 20)) > 1
    (one,) = read_all(Scripted(), [asked("ar", "أحد")], {"a": text}, 120, 20)
    assert one.text == "لأحد" and one.inside == 1.0 and one.answers > 0.5
