from datetime import date

import pytest
from scripted import evidence, passage

from rag.compare import compare, overtakes, valid_day
from rag.glossary import load_glossary
from rag.question import read_question

DAY, NEXT, LATER = date(2025, 5, 3), date(2025, 5, 4), date(2025, 5, 9)
TODAY = date(2025, 6, 1)


def asked(text):
    return read_question(text, (), load_glossary(), 2000)


def report(text, language, rank, outlet, day=DAY, title="", score=1.0):
    return evidence(passage(text, language, rank=rank, outlet=outlet, published=day, title=title), score=score)


def told(question, *reports):
    """Return what two or more reports contradict each other in: the values in dispute, and those overtaken."""
    found = compare(asked(question), [report(text, language, rank, f"outlet {rank}", *rest) for rank, (text, language, *rest) in
                                      enumerate(reports, 1)], TODAY)  # fmt: skip
    return found and ([claim.text for claim in found.current], [claim.text for claim in found.overtaken])


ENGLISH = "The earthquake in Izmir killed 15 people, officials said."
ARABIC = "أسفر زلزال إزمير عن مقتل ١٢ شخصا."
PERSIAN = "در زلزلهٔ ازمیر دوازده نفر کشته شدند."


@pytest.mark.parametrize(
    ("question", "one", "other", "values"),
    [
        ("How many people were killed in the earthquake in Izmir?", (ENGLISH, "en"), (ARABIC, "ar"), ["15", "١٢"]),
        ("كم قتيلا في زلزال إزمير؟", (ARABIC, "ar"), (ENGLISH, "en"), ["١٢", "15"]),
        ("چند نفر در زلزله ازمیر کشته شدند؟", (PERSIAN, "fa"), (ENGLISH, "en"), ["دوازده", "15"]),
        (
            "متى يُفتتح جسر الطواحين؟",
            ("يُفتتح جسر الطواحين يوم 15 أبريل/نيسان.", "ar"),
            ("سيفتتح جسر الطواحين يوم ٢٠ أبريل.", "ar"),
            ["15 أبريل/نيسان", "٢٠ أبريل"],
        ),
        (
            "Where will the dam talks be held?",
            ("The dam talks will be held in Geneva.", "en"),
            ("The dam talks will be held in Vienna.", "en"),
            ["Geneva", "Vienna"],
        ),
        (
            "Who is the new finance minister of Nordal?",
            ("Karin Linde is the new finance minister of Nordal.", "en"),
            ("Nordal named Oskar Brandt as its new finance minister.", "en"),
            ["Karin Linde", "Oskar Brandt"],
        ),
    ],
)
def test_reports_of_one_day_that_differ_stand_side_by_side(question, one, other, values):
    assert told(question, one, other) == (values, [])


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("How many people were killed in the earthquake in Izmir?", (ENGLISH, "en"), ("Izmir earthquake: fifteen dead.", "en")),
        ("كم قتيلا في زلزال إزمير؟", (ARABIC, "ar"), (PERSIAN, "fa")),
        ("كم قتيلا في زلزال إزمير؟", (ARABIC, "ar"), ("At least 12 people were killed in the Izmir earthquake.", "en")),
        ("چند نفر در زلزله ازمیر کشته شدند؟", (PERSIAN, "fa"), ("The Izmir earthquake killed more than 10 people.", "en")),
        ("How many people were killed in Izmir?", (ENGLISH, "en"), ("Dozens died in the Izmir earthquake.", "en")),
        (
            "متى يُفتتح جسر الطواحين؟",
            ("يُفتتح جسر الطواحين يوم 15 أبريل/نيسان.", "ar"),
            ("پل طواحین ۲۶ فروردین گشایش می‌یابد.", "fa"),
        ),
    ],
)
def test_the_same_value_in_other_words_is_no_difference(question, one, other):
    assert told(question, one, other) is None


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        # Another place, another outcome, a share of the whole, another event of the same kind, something else counted.
        (
            "How many people were killed in the earthquake in Izmir?",
            (ENGLISH, "en"),
            ("The earthquake in Tehran killed 40 people.", "en"),
        ),
        (
            "How many people were killed in the earthquake in Izmir?",
            (ENGLISH, "en"),
            ("The earthquake in Izmir injured 40 people.", "en"),
        ),
        ("كم قتيلا في زلزال إزمير؟", (ARABIC, "ar"), ("أصيب 40 شخصا في زلزال إزمير بينهم ثلاثة أطفال.", "ar")),
        ("چند نفر در زلزله ازمیر کشته شدند؟", (PERSIAN, "fa"), ("در سیل ازمیر ۴۰ نفر کشته شدند.", "fa")),
        ("كم قتيلا في زلزال إزمير؟", (ARABIC, "ar"), ("استمر زلزال إزمير 40 ثانية.", "ar")),
        ("What is the capital of Nordal?", ("Nordal has 12 provinces.", "en"), ("Nordal has 15 harbours.", "en")),
    ],
)
def test_values_of_other_things_are_no_difference(question, one, other):
    assert told(question, one, other) is None


def test_one_article_does_not_contradict_itself():
    first = report(ENGLISH, "en", 1, "Wire")
    second = report("The earthquake in Izmir killed 40 people.", "en", 1, "Wire")
    assert compare(asked("How many people were killed in the earthquake in Izmir?"), [first, second], TODAY) is None


@pytest.mark.parametrize(
    ("question", "old", "new", "language"),
    [
        ("كم قتيلا في زلزال إزمير؟", "أسفر زلزال إزمير عن مقتل ١٢ شخصا.", "ارتفع عدد قتلى زلزال إزمير إلى 25.", "ar"),
        ("چند نفر در زلزله ازمیر کشته شدند؟", "زلزلهٔ ازمیر ۱۲ کشته داشت.", "شمار کشته‌های زلزلهٔ ازمیر به ۲۵ رسید.", "fa"),
        ("How many died in the Izmir earthquake?", "The Izmir earthquake killed 12.", "Izmir earthquake deaths hit 25.", "en"),
    ],
)
def test_a_later_report_overtakes_an_earlier_one(question, old, new, language):
    for reports in ([(old, language, DAY), (new, language, LATER)], [(new, language, LATER), (old, language, DAY)]):
        current, overtaken = told(question, *reports)
        assert "25" in current[0] or "۲۵" in current[0]
        assert "12" in overtaken[0] or "١٢" in overtaken[0] or "۱۲" in overtaken[0]
        assert len(current) == len(overtaken) == 1


def test_undated_and_future_reports_overtake_nothing():
    question = "How many people were killed in the earthquake in Izmir?"
    old, new = "The Izmir earthquake killed 12 people.", "The Izmir earthquake killed 25 people."
    for odd in (None, date(9999, 12, 31)):
        assert told(question, (old, "en", DAY), (new, "en", odd)) == (["12", "25"], [])


def test_who_overtakes_whom():
    def article(day, outlet):
        return passage("x y.", outlet=outlet, published=day).article

    assert not overtakes(article(NEXT, "A"), article(DAY, "B"), TODAY)
    assert overtakes(article(NEXT, "جريدة المرفأ"), article(DAY, "جريدة المرفا"), TODAY)  # one outlet, a day later
    assert overtakes(article(LATER, "A"), article(DAY, "B"), TODAY)
    assert not overtakes(article(DAY, "A"), article(LATER, "B"), TODAY)
    assert not overtakes(article(None, "A"), article(DAY, "B"), TODAY)
    assert valid_day(article(date(2025, 6, 2), "A"), TODAY) and not valid_day(article(date(2025, 6, 3), "A"), TODAY)


def test_the_same_input_gives_the_same_output():
    reports = [(ENGLISH, "en"), (ARABIC, "ar"), (PERSIAN, "fa")]
    question = "How many people were killed in the earthquake in Izmir?"
    assert told(question, *reports) == told(question, *reports) == (["15", "١٢", "دوازده"], [])
