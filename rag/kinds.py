"""Kinds of question: the words that ask for each, and what a sentence that answers it holds."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from index.dates import month_names
from index.text import ZWNJ, fold
from index.types import LANGUAGES
from rag.types import Kind

# Folded spelling throughout.
_ASKS: dict[Kind, str] = {
    "when": (
        r"و?متي|when|جه (?:وقت|زماني?|روزي|تاريخي)|كدام روز|با?ي يوم|(?:في اي|اي|ما) (?:يوم|تاريخ)|what (?:day|date|time|year)"
    ),
    "where": (
        r"و?اين|where|كجا\w*|ايه? (?:مدينه|مكان|دوله|بلد)|كدام (?:شهر|كشور)|جه (?:شهر|كشور)\w*|"
        r"(?:which|what) (?:city|country|place)"
    ),
    "howmany": r"و?ب?كم|how (?:many|much|long|old|far)|جند\w*|جقدر\w*|ما (?:مده|عدد|مدي)",
    "who": r"who|whom|whose|و?من (?:هو|هي|هم|الذي|التي|قال|كان)|جه كس\w*|كيست|كي بود|كدام (?:مقام|وزير|رهبر)",
    "why": r"و?لماذا|why|جرا|سبب|دليل|علت",
    "how": r"و?كيف|how|جكونه|جطور",
}
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    *((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in _ASKS.items()),
    ("who", re.compile(r"^\W*و?من\b")),
    ("yesno", re.compile(r"^\W*(?:و?هل|ايا|is|are|was|were|do|does|did|has|have|had|will|would|can|could)\b")),
)
# "What is X", "who was X": asked of X itself, not of something that X did or is about.
_DEFINITION = re.compile(
    r"\b(?:من (?:هو|هي|هم|كان|كانت)|ما ?(?:هو|هي|معني|المقصود|تعريف)|ماذا (?:تعني|يعني)|جيست|كيست|كه بود|كي بود|"
    r"جه كسي (?:است|بود)|يعني جه|who (?:is|was|were|are)|what (?:is|are|was|were))\b"
)
_LATEST = re.compile(
    r"\bو?(?:(?:ال)?احدث|اخر (?:ال)?(?:اخبار|تطورات|مستجدات|انباء|خبر|موقف|وضع|تصريح\w*|ما)|(?:ال)?مستجدات|حتي الان|الان|"
    r"حاليا|(?:ال)?وقت (?:الحالي|الراهن)|اخرين|تازه ?ترين|جديد ?ترين|(?:هم ?)?اكنون|تا ?كنون|حال حاضر|"
    r"latest|newest|most recent|so far|currently|at present|right now|up to now|to date)\b"
)
_NUMBER_WORDS = (
    "واحده? اثنان اثنين ساعتين ساعتان يومين يومان اسبوعين شهرين عامين ثلاثه? اربعه? خمسه? سته? سبعه? ثماني?ه? تسعه? "
    "عشره? عشرين ثلاثين تسعين تسعون مي?ه مليون مليار نصف يك دو سه جهار بنج شش هفت هشت نه ده صد هزار ميليون ميليارد نيم "
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty ninety hundred thousand million "
    "billion half"
)
_NUMBER = re.compile(rf"[ولب]?(?:{'|'.join(_NUMBER_WORDS.split())})")
_REASONS = "بسبب لانه? لانها نتيجه جراء اثر سبب بهدف جون زيرا دليل علت because due result since"


def kind_of(question: str) -> Kind:
    """Return what a question asks for; `what` where no other kind shows."""
    folded = fold(question).replace(ZWNJ, " ")
    return next((kind for kind, pattern in _KINDS if pattern.search(folded)), "what")


def asks_definition(question: str) -> bool:
    """Tell whether a question asks who somebody or what something is."""
    return _DEFINITION.search(fold(question).replace(ZWNJ, " ")) is not None


def asks_latest(question: str) -> bool:
    """Tell whether a question asks for the newest state of things."""
    return _LATEST.search(fold(question).replace(ZWNJ, " ")) is not None


def holds_answer_of(kind: Kind, sentence: str) -> bool:
    """Tell whether a sentence holds what such a question asks for: a time, a number or a reason. False for other kinds."""
    pattern = _answers().get(kind)
    return pattern is not None and pattern.search(fold(sentence).replace(ZWNJ, " ")) is not None


def is_number(word: str) -> bool:
    """Tell whether a folded word is a number, in digits or in letters."""
    return any(character.isdecimal() for character in word) or _NUMBER.fullmatch(word) is not None


@cache
def _answers() -> dict[Kind, re.Pattern[str]]:
    weeks = [Locale.parse(code).days["format"]["wide"] for code in LANGUAGES]
    days = {fold(name).replace(ZWNJ, " ") for week in weeks for name in week.values()}
    times = sorted(month_names() | days, key=len, reverse=True)
    return {
        "when": re.compile(rf"\d|\b(?:{'|'.join(map(re.escape, times))})\b"),
        "howmany": re.compile(rf"\d|\b{_NUMBER.pattern}\b"),
        "why": re.compile(rf"\b(?:{'|'.join(_REASONS.split())})\b"),
    }
