from datetime import date

import pytest

from rag.quote.comparison import compare, overtakes, valid_day
from tests.rag.quote.reports import asked, report
from tests.rag.scripted import passage

DAY, NEXT, LATER = date(2025, 5, 3), date(2025, 5, 4), date(2025, 5, 9)
TODAY = date(2025, 6, 1)


def told(question, *given):
    """Return what two or more reports contradict each other in: the values in dispute, and those overtaken."""
    found = compare(asked(question), [report(text, language, rank, f"outlet {rank}", *(rest or (DAY,)))
                                      for rank, (text, language, *rest) in enumerate(given, 1)], TODAY)  # fmt: skip
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


OUTAGE = "The outage in Dunmarsh lasted seven hours."


@pytest.mark.parametrize(
    ("question", "one", "other", "values"),
    [
        # The only stretch of time in an article about the same event, whatever it stands beside.
        (
            "How long did the outage in Dunmarsh last?",
            (OUTAGE, "en"),
            ("Power was back after five hours, the mayor said.", "en", DAY, "Outage in Dunmarsh"),
            ["seven hours", "five hours"],
        ),
        (
            "انفجار بندر سارین چند دقیقه طول کشید؟",
            ("انفجار بندر سارین بیست دقیقه طول کشید.", "fa"),
            ("واستمر الحريق ٤٥ دقيقة.", "ar", DAY, "انفجار في ميناء سارين"),
            ["بیست دقیقه", "٤٥ دقيقة"],
        ),
        # Where somebody goes is named behind "to", and only a country answers which country.
        (
            "Which country was the suspect stopped at the airport about to fly to?",
            ("The suspect was stopped at the airport as he was about to fly to Mali.", "en"),
            ("أوقف المشتبه به في المطار وهو يستعد للسفر إلى الجزائر.", "ar"),
            ["Mali", "الجزائر"],
        ),
        (
            "مظنون بازداشت‌شده در فرودگاه می‌خواست به کدام کشور برود؟",
            ("مظنون در فرودگاه پاریس بازداشت شد؛ می‌خواست به ترکیه برود.", "fa"),
            ("أوقف المشتبه به في مطار باريس وهو يستعد للسفر إلى الجزائر.", "ar"),
            ["ترکیه", "الجزائر"],
        ),
        # A share and what it is a share of; a sum of money with its hundredths; a group of people in two languages.
        (
            "How many seats did the Reform List get in Belmora?",
            ("The Reform List got 74 of the 150 seats.", "en", DAY, "Belmora votes"),
            ("The Reform List got 77 seats.", "en", DAY, "Belmora votes"),
            ["74", "77"],
        ),
        (
            "كم مقعدا نالت قائمة الإصلاح؟",
            ("نالت قائمة الإصلاح ٧٤ مقعدا من أصل ١٥٠ مقعدا.", "ar"),
            ("نالت قائمة الإصلاح ۷۷ مقعدا.", "ar"),
            ["٧٤", "۷۷"],
        ),
        (
            "How much is a ticket for the Coldbridge tram?",
            ("A ticket for the Coldbridge tram costs two crowns.", "en"),
            ("A ticket for the Coldbridge tram will cost two crowns and fifty cents.", "en"),
            ["two crowns", "two crowns and fifty cents"],
        ),
        (
            "چند کارگر در معدن کارداش گرفتارند؟",
            ("پنج نفر هنوز در معدن کارداش گرفتارند.", "fa"),
            ("حوصر 16 عاملا في منجم كارداش.", "ar"),
            ["پنج", "16"],
        ),
    ],
)
def test_the_value_that_is_asked_for_is_compared(question, one, other, values):
    assert told(question, one, other) == (values, [])


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        # Several stretches of time, one that only says when, a share where the whole is asked for.
        (
            "How long did the outage in Dunmarsh last?",
            (OUTAGE, "en"),
            ("The mayor spoke for two hours. Power was back after five hours.", "en", DAY, "Outage in Dunmarsh"),
        ),
        (
            "How long did the outage in Dunmarsh last?",
            (OUTAGE, "en"),
            ("Five hours later the mayor resigned.", "en", DAY, "Outage in Dunmarsh"),
        ),
        (
            "قطعی برق دانمارش چند ساعت طول کشید؟",
            ("قطعی برق دانمارش هفت ساعت طول کشید.", "fa"),
            ("پنج ساعت بعد شهردار کناره گرفت.", "fa", DAY, "قطعی برق دانمارش"),
        ),
        (
            "How many seats does the assembly of Belmora have?",
            ("The Reform List won 74 of the 150 seats.", "en", DAY, "The assembly of Belmora"),
            ("The Reform List took 77 seats.", "en", DAY, "The assembly of Belmora"),
        ),
        # The day on which it was said, and days so far apart that they are of two calls.
        (
            "متى يُفتتح جسر الطواحين؟",
            ("يُفتتح جسر الطواحين يوم 15 أبريل.", "ar"),
            ("قال الوزير يوم ٣ مايو إن جسر الطواحين يُفتتح قريبا.", "ar"),
        ),
        (
            "When was the call between Linde and Brandt?",
            ("The call between Linde and Brandt was on 2 May.", "en"),
            ("The call between Linde and Brandt was on 12 January.", "en", LATER),
        ),
        # Where something is, not where somebody goes.
        (
            "Which country was the suspect stopped at the airport about to fly to?",
            ("The suspect was stopped at the airport as he was about to fly to Mali.", "en"),
            ("The suspect was stopped at the airport in France.", "en"),
        ),
        # Without a day, articles that tell of other years are no news.
        (
            "چند سال پادشاهان نوردال فرمان راندند؟",
            ("پادشاهان نوردال ۱۳۰ سال فرمان راندند.", "fa", None),
            ("پادشاهان نوردال ۵۰۰ سال فرمان راندند.", "fa", None),
        ),
    ],
)
def test_another_value_of_the_same_kind_is_no_difference(question, one, other):
    assert told(question, one, other) is None


def test_sentences_of_another_language_are_weaker_and_still_compared():
    found = told("كم قتيلا في زلزال إزمير؟", (ARABIC, "ar", DAY, "", 0.99), (ENGLISH, "en", DAY, "", 0.2))
    assert found == (["١٢", "15"], [])


def test_only_what_contradicts_the_best_article_is_told():
    reports = [("The Izmir earthquake killed 12 people.", "en"), ("About 12 people were killed in the Izmir earthquake.", "en"),
               ("The Izmir earthquake killed twelve people.", "en")]  # fmt: skip
    question = "How many people were killed in the earthquake in Izmir?"
    assert told(question, *reports) is None
    assert told(question, *reports, (ENGLISH, "en")) == (["12", "15"], [])


def test_a_rate_that_changed_overtakes_the_old_one_though_both_name_a_day():
    old = ("Valtora raised its key interest rate on Monday to 7.5 percent.", "en", date(2025, 3, 4))
    new = ("بانک مرکزی والتورا روز سه‌شنبه نرخ بهره را به ۸ درصد رساند.", "fa", date(2025, 5, 7))
    assert told("What is the key interest rate in Valtora?", old, new) == (["۸ درصد"], ["7.5 percent"])


@pytest.mark.parametrize(
    ("question", "old", "new", "language"),
    [
        ("كم قتل الزلزال؟", "أودى الزلزال بحياة ٥٤ شخصا.", "قتل الزلزال 32 شخصا.", "ar"),
        ("زلزله چند کشته داشت؟", "زلزله ۵۴ کشته داشت.", "زلزله ۳۲ نفر را کشت.", "fa"),
        ("How many did the earthquake kill?", "The earthquake killed 54 people.", "The earthquake killed 32 people.", "en"),
    ],
)
def test_tolls_told_months_apart_are_of_two_events(question, old, new, language):
    assert told(question, (old, language, DAY), (new, language, LATER)) is not None
    assert told(question, (old, language, date(2023, 1, 12)), (new, language, LATER)) is None


@pytest.mark.parametrize(
    ("question", "been", "coming", "language"),
    [
        ("متى عقدت القمة؟", "عقدت القمة يوم 2 مايو 2025.", "عقدت القمة يوم 8 مايو 2025.", "ar"),
        ("نشست کی برگزار شد؟", "نشست روز ۱۲ اردیبهشت ۱۴۰۴ برگزار شد.", "نشست روز ۱۸ اردیبهشت ۱۴۰۴ برگزار شد.", "fa"),
        ("When was the summit held?", "The summit was held on 2 May 2025.", "The summit was held on 8 May 2025.", "en"),
    ],
)
def test_a_day_behind_one_that_had_been_is_another_event_and_one_put_off_is_not(question, been, coming, language):
    assert told(question, (been, language, DAY), (coming, language, LATER)) is None
    assert told(question, (been, language, date(2025, 4, 28)), (coming, language, LATER)) is not None
