from __future__ import annotations

from datetime import date

import jdatetime
import pytest
from hijridate import Gregorian
from hypothesis import given
from hypothesis import strategies as st

from index.dates import is_date_line, parse_date

DAY = date(2025, 10, 21)
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
LEVANTINE = [
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول",
    "تشرين الأول", "تشرين الثاني", "كانون الأول",
]  # fmt: skip
EGYPTIAN = ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]
MOROCCAN = ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"]
TUNISIAN = ["جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان", "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]
PERSIAN = ["ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"]
ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
JALALI = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
HIJRI = [
    "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان",
    "رمضان", "شوال", "ذو القعدة", "ذو الحجة",
]  # fmt: skip
CALENDARS = [LEVANTINE, EGYPTIAN, MOROCCAN, TUNISIAN, PERSIAN, ENGLISH]
SOME_DAY = st.dates(date(1925, 1, 1), date(2075, 12, 31))
DIGITS = st.sampled_from([{}, ARABIC_DIGITS, PERSIAN_DIGITS])


@pytest.mark.parametrize(
    "text",
    [
        "2025-10-21",
        "21/10/2025",
        "21st, October 2025",
        "21st, October 2025 GMT",
        "October 21, 2025",
        "Oct. 21, 2025",
        "Tue, 21 Oct 2025 10:00:00 GMT",
        "2025-10-21T23:30:00+03:30",
        "21 تشرين الأول 2025",
        "21 تشرین الاول ۲۰۲۵",
        "٢١ أكتوبر ٢٠٢٥م",
        "الثلاثاء 21 أكتوبر/تشرين الأول 2025 - 14:30 بتوقيت مكة",
        "21 من أكتوبر عام 2025",
        "٢١‏/١٠‏/٢٠٢٥",
        "۲۹ مهر ۱۴۰۴",
        "سه‌شنبه ۲۹ مهرماه ۱۴۰۴ ساعت ۱۴:۳۰",
        "۱۴۰۴/۷/۲۹",
        "۱۴۰۴/۰۷/۲۹",
        "۲۹/۷/۱۴۰۴",
        "29 ربيع الآخر 1447 هـ",
        "٢٩ ربيع الثاني ١٤٤٧",
        "۲۹ ربیع‌الثانی ۱۴۴۷",
        "29-04-1447",
        "۲۱ اکتبر ۲۰۲۵",
        "10/21/2025",
        "21.10.2025",
    ],
)
def test_forms(text):
    assert parse_date(text) == DAY


def test_two_names_of_one_month():
    assert parse_date("12 فبراير/شباط 2025") == parse_date("12 شباط (فبراير) 2025") == date(2025, 2, 12)


@pytest.mark.parametrize(
    "text",
    [
        "", "😀", "2025", "October 2025", "21 أكتوبر", "مهر ۱۴۰۴", "31 فبراير 2025", "2025-02-30", "2025-13-45",
        "30 اسفند 1404",
        "31 مهر 1404", "30 صفر 1447", "99999-10-21", "1 January 0000", "00/00/0000", "12-2025-10",
        "21 10 2025", "قال 21 مسؤولا",
        "3.5", "1,200", "192.168.2025",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None


def test_the_first_date_in_the_text_wins():
    assert parse_date("نشر في 21 أكتوبر 2025 وعدل في 2025-10-30") == DAY
    assert parse_date("۲۹ مهر ۱۴۰۴ (۲۰۲۴-۰۱-۰۱)") == DAY
    assert parse_date("2025-02-30, and so 21 October 2025") == DAY


@given(SOME_DAY, st.sampled_from(CALENDARS), DIGITS)
def test_gregorian_months_of_every_region_round_trip(day, months, digits):
    assert parse_date(f"{day.day} {months[day.month - 1]} {day.year}".translate(digits)) == day
    assert parse_date(f"في يوم {day.day} {months[day.month - 1]}، {day.year} عقدت".translate(digits)) == day


@given(SOME_DAY, DIGITS)
def test_numbers_round_trip(day, digits):
    for text in (day.isoformat(), f"{day:%Y/%m/%d}", f"{day.day}/{day.month}/{day.year}", f"{day.day}.{day.month}.{day.year}"):
        assert parse_date(text.translate(digits)) == day


@given(SOME_DAY)
def test_english_round_trips(day):
    for form in ("%B %d, %Y", "%d %B %Y", "%d %b %Y", "%a, %d %b %Y", "%b %d %Y"):
        assert parse_date(day.strftime(form)) == day


@given(SOME_DAY, DIGITS)
def test_jalali_round_trips(day, digits):
    jalali = jdatetime.date.fromgregorian(date=day)
    text = f"{jalali.day} {JALALI[jalali.month - 1]} {jalali.year}"
    assert parse_date(text.translate(digits)) == day
    if jalali.year <= 1420:  # by itself, a later year of three calendars is a Hijri one
        assert parse_date(f"{jalali.year}/{jalali.month}/{jalali.day}".translate(digits)) == day


@given(SOME_DAY, DIGITS)
def test_hijri_round_trips(day, digits):
    hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    year, month, number = hijri.datetuple()
    assert parse_date(f"{number} {HIJRI[month - 1]} {year} هـ".translate(digits)) == day
    if year > 1420:
        assert parse_date(f"{year}-{month}-{number}".translate(digits)) == day


@given(st.text() | st.text(st.sampled_from("0123456789۰۱۲٣/.-, مهرشباطOct\u200c"), max_size=40))
def test_nothing_raises_on_any_text(text):
    found = parse_date(text)
    assert found is None or isinstance(found, date)
    is_date_line(text)


@pytest.mark.parametrize(
    "line", ["21 أكتوبر 2025", "تاريخ النشر: 21st, October 2025 GMT", "تاریخ انتشار: ۲۹ مهر ۱۴۰۴", "Updated 21 October 2025"]
)
def test_a_date_line(line):
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "قال الوزير يوم 21 أكتوبر 2025 إن القمة لن تعقد في بودابست",
        "وزیر خارجه گفت که دیدار ۲۹ مهر ۱۴۰۴ در بوداپست برگزار نمی‌شود و لغو شد",
        "تاريخ النشر",
        "2025",
    ],
)
def test_no_date_line(line):
    assert not is_date_line(line)
