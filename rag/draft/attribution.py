"""Which outlet a sentence of a draft names as its source: "According to Northgate Wire, ...", بحسب جريدة الرواق، به گزارش ...

That a passage stands in an outlet's article, and of which day, is known; what is left of the sentence is what must be checked.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.types import Article, Language
from rag.text.days import named_days

# How an outlet stands before what is said, or behind it, where a day would be read as that of what is said. {who} is the
# outlet, {when} a day or nothing.
_FRAMES: dict[Language, tuple[str, ...]] = {
    "en": (
        r"(?:according to|as reported by) (?:the )?{who}{when}, (?P<said>.+)",
        r"(?:the )?{who} (?:reported|wrote|reports|writes|said)(?: that)?{when}(?:,? that)? (?P<said>.+)",
        r"(?P<said>.+?),? (?:according to|as reported by) (?:the )?{who}",
        r"(?P<said>.+?) \((?:the )?{who}{when}\)",
    ),
    "ar": (
        r"(?:بحسب|وفقًا ل|وفقا ل|وفق|حسب|نقلًا عن|نقلا عن) ?{who}{when}[،,] (?P<said>.+)",
        r"(?:ذكرت|ذكر|أفادت|أفاد|كتبت|كتب|نشرت|نشر|أوردت|أورد) {who}{when} (?:أن|بأن) (?P<said>.+)",
        r"(?P<said>.+?)[،,] (?:بحسب|وفقًا ل|وفقا ل|وفق|حسب|نقلًا عن|نقلا عن|كما ذكرت|كما أفادت) ?{who}",
        r"(?P<said>.+?) \({who}{when}\)",
    ),
    "fa": (
        r"(?:به گزارش|به نوشتهٔ|به نوشته|به نوشته‌ی|بنا بر گزارش|بر پایهٔ گزارش|طبق گزارش) {who}{when}[،,] (?P<said>.+)",
        r"{who}{when} (?:گزارش داد|گزارش داده است|گزارش داده|نوشت|نوشته است|نوشته)(?: که)? (?P<said>.+)",
        r"(?P<said>.+?)[،,] (?:به گزارش|به نوشتهٔ|به نوشته|بنا بر گزارش) {who}",
        r"(?P<said>.+?) \({who}{when}\)",
    ),
}  # fmt: skip
_DAY: dict[Language, str] = {
    "en": r"(?:\w+day,? )?(?:\d{1,2} \w+(?: \d{4})?|[a-z]+ \d{1,2}(?:, \d{4})?)",
    "ar": r"(?:ال\w+ )?\d{1,2} \S+(?: \d{4})?",
    "fa": r"(?:\S+ )?\d{1,2} \w+(?: \d{4})?(?: \([^()]{4,30}\))?",
}
_WHEN: dict[Language, str] = {
    "en": r"(?:,? (?:on|of|dated) (?P<day>{day})|, (?P<bare>{day})| \((?P<inside>{day})\))?",
    "ar": r"(?:،? (?:في|يوم|بتاريخ) (?P<day>{day})|، (?P<bare>{day})| \((?P<inside>{day})\))?",
    "fa": r"(?:،? (?:در|روز|مورخ|به تاریخ) (?P<day>{day})|، (?P<bare>{day})| \((?P<inside>{day})\))?",
}


def without_attribution(text: str, article: Article, language: Language) -> str | None:
    """Return what a sentence says where it names an article's own outlet as its source, and no other day than the article's.

    None where it does not.
    """
    if not article.outlet:
        return None
    stop = text[-1:] if text[-1:] in ".!؟?" else ""
    for frame in _frames(article.outlet, language):
        found = frame.fullmatch(text.removesuffix(stop))
        if not found:
            continue
        day = next((found[name] for name in ("day", "bare", "inside") if found.re.groupindex.get(name) and found[name]), None)
        if day and not _is_day(day, article):
            continue
        said = found["said"].strip()
        return f"{said[:1].upper() if language == 'en' else said[:1]}{said[1:]}{stop}"
    return None


def _is_day(told: str, article: Article) -> bool:
    """Tell whether a day is that of an article's publication."""
    days = named_days(told, article.published)
    return article.published is not None and any(article.published in day.dates for day in days)


@lru_cache(maxsize=64)
def _frames(outlet: str, language: Language) -> tuple[re.Pattern[str], ...]:
    who, when = r"\s+".join(re.escape(word) for word in outlet.split()), _WHEN[language].replace("{day}", _DAY[language])
    filled = (frame.replace("{who}", who).replace("{when}", when) for frame in _FRAMES[language])
    return tuple(re.compile(frame, re.IGNORECASE) for frame in filled)
