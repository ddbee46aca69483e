"""What a number counts: a folded word goes in, its unit, its kind of casualty or its group of people comes out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from index.text import fold

MINUTES = {"minute": 1.0, "hour": 60.0, "day": 1440.0, "week": 10080.0, "month": 43830.0, "year": 525960.0}
# Words with all their endings; a vertical bar parts them. They are folded below.
_UNITS = {
    "minute": r"minutes?|دقيقة|دقائق|دقیقه\w*",
    "hour": r"hours?|ساعات|ساعت|ساعة|ساعته",
    "day": r"days?|يوم|يوما|أيام|روز|روزه",
    "week": r"weeks?|أسبوع|أسبوعا|أسابيع|هفته\w*",
    "month": r"months?|شهر|شهرا|أشهر|شهور|ماه|ماهه",
    "year": r"years?|عام|عاما|أعوام|سنة|سنوات|سنين|سال|ساله",
    "percent": r"percent|بالمئة|بالمائة|المئة|المائة|درصد",
    "dollar": r"dollars?|دولارا?|دولارات|دلار\w*",
    "euro": r"euros?|يورو|یورو",
    "pound": r"pounds?|جنيه\w*|پوند",
    "rial": r"rials?|riyals?|ريالا?|ريالات",
    "toman": r"tomans?|تومان",
    "dinar": r"dinars?|دينارا?|دنانير",
    "rouble": r"roubles?|rubles?|روبل\w*",
    "lira": r"liras?|ليرة|ليرات|لیر|لیره",
    "cent": r"cents?|pence|سنتا?|سنتات",
    "crown": r"crowns?|كرون\w*|کرون\w*",
    "tonne": r"tonnes?|tons?|طنا?|أطنان|تن",
    "barrel": r"barrels?|برميلا?|براميل|بشکه\w*",
    "kilometre": r"kilomet(?:er|re)s?|km|كيلومترا?|كيلومترات|کیلومتر\w*",
    "metre": r"met(?:er|re)s?|مترا?|أمتار",
    "degree": r"degrees?|درجة|درجات|درجه",
    "megawatt": r"megawatts?|ميغاواط|مگاوات",
    "hectare": r"hectares?|هكتارا?|هكتارات|هکتار",
}
_MAGNITUDE = r"magnitude|بقوة|قوته|قوتها|بزرگی|شدت|بشدة|ريختر|richter"
_OUTCOMES = {
    "dead": (
        r"kill\w*|dead|died|dies|die|deaths?|fatalit\w+|lives|slain|perished|drowned|قتل\w*|قتيل\w*|قتلى|مقتل\w*|وفاة|وفيات|"
        r"توفي\w*|توفوا|متوف\w*|وفاته|مصرع\w*|مصارع\w*|حتفهم|حتفه|حتفها|استشهد\w*|شهيد\w*|شهداء|استشهاد|موت\w*|ماتوا|مات|بحياة|أرواح|غرقوا|"
        r"کشته\w*|کشتار|کشت|کشتند|باخت\w*|باختگان|جانباختگان|جان|قربانیان|فوت\w*|مرگ|درگذشت\w*|شهادت|تلفات"
    ),
    "hurt": (
        r"wound\w*|injur\w*|hurt|cases?|infect\w*|جرح\w*|جريح\w*|جرحى|أصيب\w*|أصاب\w*|إصاب\w*|مصاب\w*|زخم\w*|مجروح\w*|مصدوم\w*|جراحت\w*|مبتلا\w*|ابتلا\w*"
    ),
    "missing": r"missing|unaccounted|مفقود\w*|فقدان|فقد|ناپدید\w*|گمشده\w*",
    "held": r"arrest\w*|detain\w*|detentions?|اعتقل\w*|اعتقال\w*|معتقل\w*|احتجز\w*|أوقف\w*|توقيف|موقوف\w*|بازداشت\w*|دستگیر\w*",
    "displaced": (
        r"displac\w*|evacuat\w*|homeless|نزح\w*|نازح\w*|نزوح|إجلاء|أجلي\w*|أجلت|أخلي\w*|إخلاء|تشريد|مشرد\w*|آواره\w*|"
        r"آوارگان\w*|تخلیه\w*"
    ),
    "freed": r"free[ds]?|freeing|releas\w*|أفرج\w*|الإفراج|إفراج|سراح|أطلقت|آزاد\w*",
    "saved": r"rescu\w*|surviv\w*|saved|alive|زنده|أنقذ\w*|إنقاذ|ناج\w*|نجاة|نجو\w*|نجات|بازمانده\w*|بازماندگان",
}
_PEOPLE = {
    "worker": r"workers?|miners?|labourers?|عاملا?|عمال|کارگر(?:ان|ها)?",
    "soldier": r"soldiers?|troops|جنديا?|جنود|سرباز(?:ان|ها)?",
    "passenger": r"passengers?|راكبا?|ركاب|مسافر(?:ان|ها)?|سرنشین(?:ان|ها)?",
    "student": r"students?|pupils?|طالبا?|طلاب|دانشجو(?:یان)?|دانش ?آموز(?:ان)?",
    "civilian": r"civilians?|مدني(?:ا|ين)?|غیرنظامی(?:ان)?",
}
# Two of a thing in one Arabic word, by unit; of what has none under nothing.
_PAIRS = {
    "hour": "ساعتان ساعتين", "day": "يومان يومين", "week": "أسبوعان أسبوعين", "month": "شهران شهرين",
    "year": "عامان عامين سنتان سنتين", "minute": "دقيقتان دقيقتين",
    "": "قتيلان قتيلين شخصان شخصين جريحان جريحين جنديان جنديين طفلان طفلين شهيدان شهيدين",
}  # fmt: skip
_ARABIC_PREFIX = r"(?:[وف]?(?:ال|بال|لل|[بلك])?)"


def outcomes_of(words: Sequence[str]) -> frozenset[str]:
    """Return the kinds of casualty that folded words name: dead, hurt, missing, held, displaced, freed, saved."""
    return frozenset(name for word in words for name in _outcomes_of(word))


def people_of(words: Sequence[str]) -> frozenset[str]:
    """Return the groups of people that folded words name: worker, soldier, passenger, student, civilian."""
    return frozenset(name for word in words for name, pattern in _people_patterns().items() if pattern.fullmatch(word))


def units_of(words: Sequence[str]) -> frozenset[str]:
    """Return the units that folded words name; all of time are one, in minutes."""
    return frozenset(name for name in map(unit_of, words) if name)


def unit_of(word: str) -> str:
    """Return the unit that a folded word names, or nothing; every unit of time is `time`."""
    name = unit_name(word)
    return "time" if name in MINUTES else name


@cache
def unit_name(word: str) -> str:
    """Return the unit that a folded word names, those of time by themselves; nothing where it names none."""
    return next((name for name, pattern in _unit_patterns().items() if pattern.fullmatch(word)), "")


def minutes_of(word: str) -> float:
    """Return the minutes of the unit of time that a folded word names; 0 where it names none."""
    return MINUTES.get(unit_name(word), 0.0)


def pair_unit(word: str) -> str | None:
    """Return the unit of which a folded word means two (ساعتين, وقتيلان), nothing where it has none; None for other words."""
    pairs = _pairs()
    return pairs.get(word, pairs.get(word[1:]) if word[0] in "وفبل" else None)


@cache
def _pairs() -> dict[str, str]:
    return {fold(word): unit for unit, words in _PAIRS.items() for word in words.split()}


@cache
def _outcomes_of(word: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in _outcome_patterns().items() if pattern.fullmatch(word))


@cache
def _outcome_patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(f"{_ARABIC_PREFIX}(?:{fold(words)})") for name, words in _OUTCOMES.items()}


@cache
def _people_patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(f"{_ARABIC_PREFIX}(?:{fold(words)})") for name, words in _PEOPLE.items()}


@cache
def _unit_patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(f"{_ARABIC_PREFIX}(?:{fold(words)})") for name, words in _UNITS.items()} | {
        "magnitude": re.compile(fold(_MAGNITUDE))
    }
