from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dates import month_names, parse_date
from index.dating.deciding import Clues, StatedDate, Usage, decide, usage_of
from index.dating.publication import publication
from index.dating.written import plain, written_dates

TODAY = date(2026, 11, 26)
DAY = date(2025, 10, 21)


def told(stated: str, language: str = "ar", **clues: object) -> StatedDate:
    return decide(stated, Clues(language, TODAY, **clues))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stated", "language", "day"),
    [
        ("3 تشرين 1 2025", "ar", "2025-10-03"),
        ("۱۰ میزان ۱۴۰۴", "fa", "2025-10-02"),
        ("12/05/1410 هـ", "ar", "1989-12-10"),
        ("21 يونيه 2025", "ar", "2025-06-21"),
        ("1404 مهر 29", "fa", "2025-10-21"),
        ("9 ت2 2021", "ar", "2021-11-09"),
        ("30 كانون 2 2020", "ar", "2020-01-30"),
        ("18 جانفي 2024", "ar", "2024-01-18"),
        ("5 جويلية 2024", "ar", "2024-07-05"),
        ("٧ أفريل ٢٠٢٣", "ar", "2023-04-07"),
        ("15 أوت 2022", "ar", "2022-08-15"),
        ("۵ قوس ۱۳۹۷", "fa", "2018-11-26"),
        ("۷ جنوری ۲۰۲۳", "fa", "2023-01-07"),
        ("۱۴۰۴/۰۷/۲۹ هـ.ش", "fa", "2025-10-21"),
        ("29-04-1447 AH", "en", "2025-10-21"),
        ("05/06/2025", "ar", "2025-06-05"),
        ("Monday 12/05/2025", "en", "2025-05-12"),
        ("الجمعة 12/5/2025", "en", "2025-12-05"),
        ("1761004800", "en", "2025-10-21"),
        ("20251021T101010Z", "en", "2025-10-21"),
        ("29 ربيع الآخر 1447هـ الموافق 21 أكتوبر 2025م", "ar", "2025-10-21"),
        ("Updated 30 October 2025; published 21 October 2025", "en", "2025-10-21"),
        ("آخر تحديث: 30 أكتوبر 2025، نشر في 21 أكتوبر 2025", "ar", "2025-10-21"),
        ("بروزرسانی: ۸ آبان ۱۴۰۴ - انتشار: ۲۹ مهر ۱۴۰۴", "fa", "2025-10-21"),
    ],
)
def test_a_day(stated, language, day):
    assert told(stated, language).day == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("stated", "language", "reason"),
    [
        ("1404/07/29", "ar", "can be 1984-04-30 or 2025-10-21"),
        ("05/06/2025", "en", "can be 2025-05-06 or 2025-06-05"),
        ("۰۴/۰۷/۲۹", "fa", "can be"),
        ("21 أكتوبر 25", "ar", "can be 1925-10-21 or 2025-10-21"),
        ("2099-01-01", "en", "in the future (2099-01-01)"),
        ("۱۴۰۹/۰۱/۰۱", "fa", "in the future (2030-03-21)"),
        ("9999-12-31", "en", "in the future"),
        ("01/01/1700", "en", "before all newspapers"),
        ("0000-00-00", "ar", "not understood"),
        ("12 فبراير/مارس 2025", "ar", "not understood"),
        ("29 مهر 2025", "fa", "not understood"),
        ("أمس", "ar", "told from a day that is not known"),
        ("دیروز", "fa", "told from a day that is not known"),
        ("2 hours ago", "en", "told from a day that is not known"),
    ],
)
def test_wrong_is_worse_than_unknown(stated, language, reason):
    found = told(stated, language)
    assert found.day is None and found.about is None and reason in (found.reason or "")


@pytest.mark.parametrize(
    ("stated", "about"), [("أكتوبر/تشرين الأول 2025", "2025-10"), ("October 2025", "2025-10"), ("10/2025", "2025-10"),
                          ("مهر ۱۴۰۴", "2025"), ("2025", "2025"), ("دی ۱۴۰۳", None)],
)  # fmt: skip
def test_a_month_or_a_year_is_told_as_what_it_is(stated, about):
    assert told(stated).about == about and told(stated).day is None


@pytest.mark.parametrize("stated", ["أمس", "دیروز", "yesterday", "قبل 1 يوم", "۱ روز پیش", "1 day ago", "published yesterday"])
def test_yesterday_is_told_from_the_day_of_fetching(stated):
    assert told(stated, fetched=DAY + timedelta(days=1)).day == DAY


def test_an_outlet_that_writes_one_order_or_calendar_decides():
    american = usage_of([("10/21/2025", DAY), ("05/06/2025", None)])
    assert told("05/06/2025", "en", usage=american).day == date(2025, 5, 6)
    british = usage_of([("21/10/2025", DAY)])
    assert told("05/06/2025", "en", usage=british).day == date(2025, 6, 5)
    assert told("05/06/2025", "en", usage=usage_of([("21/10/2025", DAY), ("10/22/2025", None)])).day is None
    iranian = usage_of([("1404/07/28 ش", date(2025, 10, 20))])
    assert told("1404/07/29", "ar", usage=iranian).day == DAY


def test_the_span_of_the_archive_tells_the_century():
    span = Usage(first=date(2024, 1, 1), last=date(2025, 12, 1))
    assert told("21 أكتوبر 25", usage=span).day == told("۰۴/۰۷/۲۹", "fa", usage=span).day == DAY
    assert told("21/10/87", usage=span).day is None


def test_text_about_days_is_read_as_before():
    assert parse_date("5 اسد 1404") == date(2025, 7, 27) and "اسد" not in {*month_names()} and "ت1" not in month_names()
    assert [item.readings[0].day for item in written_dates(plain("من 3 ت1 2025 إلى ٢١/١٠/٢٠٢٥"))] == [date(2025, 10, 3), DAY]


@given(st.text() | st.text(st.sampled_from("0123456789۰۱۲٣/.-, مهرهـتشرين1أكتوبرOct ago\u200c"), max_size=40))
@settings(deadline=None, max_examples=60)
def test_any_text_tells_one_thing(stated):
    found = told(stated)
    assert (found.day is None) == (found.reason is not None)


def test_publication_by_header_line_or_link():
    link = {"url": "https://a.example/2025/10/21/خبر"}
    assert publication(link, None, "ar", TODAY).by == "link" and publication(link, None, "ar", TODAY).day == DAY
    both = publication(link | {"published": "soon"}, None, "ar", TODAY)
    assert both.day == DAY and "not understood" in (both.reason or "")
    month = publication({"published": "October 2025"}, "نشر في 21 أكتوبر 2025", "ar", TODAY)
    assert month.day == DAY and month.reason is None
    assert publication({}, None, "ar", TODAY).reason is None
