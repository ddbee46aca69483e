"""A written answer tells every value in which its sources differ, and the newest report; else the quotes stand."""

from dataclasses import dataclass
from datetime import date

import pytest

from index.types import LANGUAGES
from rag.ask.question import read_question
from rag.draft.dispute import lead_of
from rag.draft.prompt import TAGS
from rag.draft.writer import Writer
from rag.phrases import phrase, written_date
from rag.quote.quoted_answer import quoted_answer
from rag.text.glossary import load_glossary
from tests.rag.scripted import ScriptedGenerator, evidence, passage

TODAY = date(2025, 11, 20)
NEW, OLD = date(2025, 11, 5), date(2025, 10, 30)
FIRST, SECOND = TAGS[:2]


@dataclass(frozen=True)
class Case:
    """A question, what two articles say, and each of both in other words or digits."""

    question: str
    seven: str
    four: str
    first: str
    second: str


LASTED = {
    "en": Case(
        "How many minutes did the Louvre robbery take?",
        "The Louvre robbery took seven minutes.", "The Louvre robbery took only 4 minutes.",
        "The Louvre robbery took 7 minutes", "The Louvre robbery took only four minutes",
    ),
    "ar": Case(
        "كم دقيقة استغرق السطو على متحف اللوفر؟",
        "استغرق السطو على متحف اللوفر سبع دقائق.", "استغرق السطو على متحف اللوفر 4 دقائق.",
        "استغرق السطو على متحف اللوفر سبع دقائق", "استغرق السطو على متحف اللوفر ٤ دقائق",
    ),
    "fa": Case(
        "سرقت موزهٔ لوور چند دقیقه طول کشید؟",
        "سرقت موزهٔ لوور هفت دقیقه طول کشید.", "سرقت موزهٔ لوور تنها ۴ دقیقه طول کشید.",
        "سرقت موزه لوور ۷ دقیقه طول کشید", "سرقت موزهٔ لوور تنها چهار دقیقه طول کشید",
    ),
}  # fmt: skip


def asked(language, draft, days=(NEW, NEW), form="passages"):
    """Return what a writer makes of a draft about the two articles, all its answers, and the generator."""
    case = LASTED[language]
    found = [
        passage(text, language, rank=rank, article_id=f"article-{rank}", outlet=outlet, published=day)
        for rank, (text, outlet, day) in enumerate(
            ((case.seven, "Northgate Wire", days[0]), (case.four, "Lantern Post", days[1])), 1
        )
    ]
    ranked = [evidence(item, score=score) for item, score in zip(found, (1.0, 0.98), strict=True)]
    question = read_question(case.question, (), load_glossary(), 2000)
    quoted = quoted_answer(question, ranked, 3, TODAY)
    generator = ScriptedGenerator([draft])
    generator.form = form
    return quoted, list(Writer(generator, 300, 3000).write(question, ranked, quoted)), generator


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_that_tells_all_values_is_shown_with_its_dispute(language):
    case = LASTED[language]
    quoted, answers, _ = asked(language, f"{case.first} [{FIRST}]. {case.second} [{SECOND}].")
    [disagreement] = quoted.disagreements
    assert all(answer.mode == "written" for answer in answers)
    # Nothing is shown before all is told.
    assert all(case.first in answer.answer and case.second in answer.answer for answer in answers)
    last = answers[-1]
    assert last.drafted.supported == 2 and last.disagreements[0].values == disagreement.values
    by_number = {item.number: item for item in last.citations}
    for number, value in zip(last.disagreements[0].citations, last.disagreements[0].values, strict=True):
        assert value in by_number[number].quote


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_a_dispute_are_those_of_the_written_answer(language):
    case = LASTED[language]
    _, answers, _ = asked(language, f"{case.second} [{SECOND}]. {case.first} [{FIRST}].")
    last = answers[-1]
    by_number = {item.number: item for item in last.citations}
    told = last.disagreements[0]
    assert [by_number[number].outlet for number in told.citations] == ["Northgate Wire", "Lantern Post"]
    assert told.citations == (2, 1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("side", ["first", "second"])
def test_a_draft_that_tells_one_side_leaves_the_quotes(language, side):
    text = getattr(LASTED[language], side)
    tag = FIRST if side == "first" else SECOND
    quoted, answers, _ = asked(language, f"{text} [{tag}].")
    [last] = answers
    assert last.mode == "quotes" and last.answer == quoted.answer and last.disagreements == quoted.disagreements
    assert last.notices == (phrase("left.hides", language),) and last.drafted.supported == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_false_side_leaves_the_quotes(language):
    case = LASTED[language]
    false = case.second.replace("four", "five").replace("٤", "٥").replace("چهار", "پنج")
    _, answers, _ = asked(language, f"{case.first} [{FIRST}]. {false} [{SECOND}].")
    assert answers[-1].mode == "quotes" and answers[-1].notices == (phrase("left.hides", language),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_model_is_told_each_value_with_who_says_so_when(language):
    quoted, _, generator = asked(language, "")
    [(messages, _)] = generator.asked
    content = messages[1]["content"]
    for value, outlet in zip(quoted.disagreements[0].values, ("Northgate Wire", "Lantern Post"), strict=True):
        assert f"{value} ({outlet}" in content and written_date(NEW, language) in content
    assert content.endswith(LASTED[language].question)


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_an_overtaken_report_the_newer_one_is_told_and_the_older_not_as_if_it_were_news(language):
    case = LASTED[language]
    days = (NEW, OLD)
    quoted, answers, generator = asked(language, f"{case.first} [{FIRST}].", days)
    assert quoted.overtaken == (2,)
    assert answers[-1].mode == "written" and answers[-1].as_of == NEW
    [(messages, _)] = generator.asked
    assert written_date(NEW, language) in messages[1]["content"] and "Lantern Post" in messages[1]["content"]
    # Undated it is refused, and the quotes stand.
    _, answers, _ = asked(language, f"{case.second} [{SECOND}].", days)
    assert answers[-1].mode == "quotes" and answers[-1].notices == (phrase("nothing_supported", language),)
    _, answers, _ = asked(language, f"{case.first} [{FIRST}]. {case.second} [{SECOND}].", days)
    assert answers[-1].mode == "written" and case.second not in answers[-1].answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_differs_the_short_answer_is_offered_to_the_model(language):
    case = LASTED[language]
    found = passage(case.seven, language)
    one = evidence(found)
    value = {"en": "seven minutes", "ar": "سبع دقائق", "fa": "هفت دقیقه"}[language]
    at = case.seven.index(value)
    marked = type(one)(found, one.start, one.end, 1.0, (at, at + len(value)))
    question = read_question(case.question, (), load_glossary(), 2000)
    assert lead_of(question, quoted_answer(question, [marked], 3, TODAY)).short == value
    assert lead_of(question, quoted_answer(question, [one], 3, TODAY)).lines(language) == []


# Who reports it, and when

NAMED = {
    "en": ("According to Northgate Wire, the Louvre robbery took 7 minutes",
           "Lantern Post reported on {day} that the Louvre robbery took only four minutes"),
    "ar": ("بحسب Northgate Wire، استغرق السطو على متحف اللوفر سبع دقائق",
           "بحسب Lantern Post في {day}، استغرق السطو على متحف اللوفر ٤ دقائق"),
    "fa": ("به گزارش Northgate Wire، سرقت موزه لوور ۷ دقیقه طول کشید",
           "به گزارش Lantern Post در {day}، سرقت موزهٔ لوور تنها چهار دقیقه طول کشید"),
}  # fmt: skip
DAYS = {"en": "5 November 2025", "ar": "5 نوفمبر 2025", "fa": "۱۴ آبان ۱۴۰۴"}
WRONG = {"en": "6 November 2025", "ar": "6 نوفمبر 2025", "fa": "۱۵ آبان ۱۴۰۴"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_side_may_be_told_with_its_outlet_and_day(language):
    first, second = NAMED[language]
    second = second.format(day=DAYS[language])
    _, answers, _ = asked(language, f"{first} [{FIRST}]. {second} [{SECOND}].")
    assert answers[-1].mode == "written" and first in answers[-1].answer and second in answers[-1].answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_outlet_or_day_is_not_believed(language):
    first, second = NAMED[language]
    swapped = first.replace("Northgate Wire", "Lantern Post")
    for draft in (
        f"{swapped} [{FIRST}]. {second.format(day=DAYS[language])} [{SECOND}].",
        f"{first} [{FIRST}]. {second.format(day=WRONG[language])} [{SECOND}].",
        f"{first.replace('Northgate Wire', 'Harbour Courier')} [{FIRST}]. {second.format(day=DAYS[language])} [{SECOND}].",
    ):
        _, answers, _ = asked(language, draft)
        assert answers[-1].mode == "quotes" and answers[-1].notices == (phrase("left.hides", language),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_false_sentence_is_not_made_true_by_naming_its_outlet(language):
    first, second = NAMED[language]
    false = first.replace("7 ", "8 ").replace("سبع", "ثمان").replace("۷", "۸")
    assert false != first
    _, answers, _ = asked(language, f"{false} [{FIRST}]. {second.format(day=DAYS[language])} [{SECOND}].")
    assert answers[-1].mode == "quotes"
