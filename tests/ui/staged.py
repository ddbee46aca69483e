"""Answers made by hand: one of each kind that a reader can see, in three languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from index.types import ArticleRef, Filter, Language
from rag.phrases import QUOTATION_MARKS, phrase, written_date
from rag.types import Answer, Citation, Differing, Disagreement, Listing, ShortAnswer, Source

WITHIN = Filter(frozenset({"Northgate Wire", "نداء الساحل"}), frozenset({"ar", "en"}), date(2025, 3, 1), date(2025, 3, 17))
MODELS = {"embedder": "e", "generator": "g"}


def cited(number: int, language: Language, quote: str, phrase: str = "", **changes) -> Citation:
    """A citation of a sentence that stands in the midst of its passage, `phrase` being what answers in it."""
    before, after = {"ar": ("قبل ذلك. ", " وبعد ذلك."), "fa": ("پیش از آن. ", " پس از آن."), "en": ("Before. ", " After.")}[
        language
    ]
    start = 100 + len(before)
    span = (start + quote.index(phrase), start + quote.index(phrase) + len(phrase)) if phrase else None
    outlet = {"ar": "صحيفة المرفأ", "fa": "روزنامهٔ بامداد", "en": "Northgate Wire"}[language]
    whole = Citation(
        f"a{number}", f"news/{language}/{number}.txt", quote[:24], outlet, date(2025, 3, 17), language,
        f"https://{language}.example/{number}", quote, start, start + len(quote), number, before + quote + after, span,
    )  # fmt: skip
    return replace(whole, **changes)


def source(language: Language, quote: str, **changes) -> Source:
    outlet = {"ar": "إذاعة الساحل", "fa": "خبرگزاری آوند", "en": "The Harbour Courier"}[language]
    whole = Source(
        "b", f"news/{language}/other.txt", quote[:20], outlet, date(2025, 3, 18), language, "https://b.example/", quote, 5,
        5 + len(quote),
    )  # fmt: skip
    return replace(whole, **changes)


def quoted(item: Citation) -> str:
    opening, closing = QUOTATION_MARKS[item.language]
    return f"{opening}{item.quote}{closing} [{item.number}] — {item.outlet}, 2025"


def quoting(language: Language, *parts: Citation | str, **changes) -> Answer:
    """An answer in quote mode, its text made of citations and of Khabar's own lines in the order given."""
    lines = (part if isinstance(part, str) else quoted(part) for part in parts)
    text = "\n\n".join([phrase("quotes_follow", language), *lines])
    found = tuple(part for part in parts if not isinstance(part, str))
    question = {"ar": "كم ساعة استمر اللقاء؟", "fa": "دیدار چند ساعت طول کشید؟", "en": "How long did the meeting last?"}
    whole = Answer(
        question[language], language, text, "quotes", False, found, models=MODELS, timings={"answer_ms": 12.0}, confidence=0.8
    )
    return replace(whole, **changes)


HOURS: dict[Language, Citation] = {
    "ar": cited(1, "ar", "استمر اللقاء في مبنى الميناء ثلاث ساعات ونصف الساعة مساء الإثنين.", "ثلاث ساعات ونصف الساعة"),
    "fa": cited(2, "fa", "سخنگو می‌گوید دیدار در ساختمان بندر ۵ ساعت طول کشید و بی‌نتیجه ماند.", "۵ ساعت"),
    "en": cited(3, "en", "The meeting in the harbour building lasted four hours, an aide said.", "four hours"),
}
SIDES = {"ar": "ثلاث ساعات ونصف الساعة", "fa": "۵", "en": "four"}
# A line of Khabar's that holds markers and what articles say.
CITING: dict[Language, str] = {
    "ar": "[1] و[2] كلاهما ينقل عن رويترز، لا {en}.",
    "fa": "[1] و [2] هر دو به نقل از رویترز است، نه {en}.",
    "en": "[1] and [2] both cite Reuters, not {fa}.",
}


def merged(language: Language) -> Answer:
    """The same told by three outlets, one of them in another language, resting on an agency."""
    others = (source(language, HOURS[language].quote), source("en", "It lasted hours.", outlet="Lantern Post", url=None))
    agency = {"ar": "رويترز", "fa": "رویترز", "en": "Reuters"}[language]
    return quoting(language, replace(HOURS[language], number=1, also=others, agency=agency))


def differing(language: Language, kind: Differing = "number", sides: tuple[Language, ...] = ("ar", "fa", "en")) -> Answer:
    """Outlets of several languages that give different numbers."""
    items = [HOURS[side] for side in sides]
    told = Disagreement(kind, tuple(item.number for item in items), tuple(SIDES[side] for side in sides))
    day = written_date(date(2025, 3, 17), language)
    text = [phrase("as_of_differ", language).format(day=day), *map(quoted, items), CITING[language].format(**SIDES)]
    return quoting(language, *items, answer="\n\n".join(text), disagreements=(told,), as_of=date(2025, 3, 17))


def as_of(language: Language) -> Answer:
    """The newest report under its day, an older one under a line that says so."""
    new = replace(HOURS[language], number=1)
    old = {"ar": "يستمر اللقاء ساعة واحدة.", "fa": "دیدار یک ساعت طول می‌کشد.", "en": "The meeting is to last an hour."}
    earlier = cited(2, language, old[language], published=date(2025, 3, 10))
    text = [as_of_line(language), quoted(new), phrase("earlier", language), quoted(earlier)]
    return quoting(language, new, earlier, answer="\n\n".join(text), as_of=date(2025, 3, 17), overtaken=(2,))


def as_of_line(language: Language) -> str:
    return phrase("as_of", language).format(day=written_date(date(2025, 3, 17), language))


def untold(language: Language) -> Answer:
    """An abstention that tells which words no article holds."""
    near = ArticleRef("a", "news/ar/9.txt", "أمطار على الساحل", "صحيفة المرفأ", date(2025, 3, 1), "ar", None)
    missing = {"ar": ("الكشري", "NATO"), "fa": ("قورمه‌سبزی", "NATO"), "en": ("koshari", "الكشري")}[language]
    question = {"ar": "ما مكونات الكشري عند NATO؟", "fa": "قورمه‌سبزی NATO چیست؟", "en": "What is in koshari (الكشري)?"}
    return Answer(
        question[language], language, phrase("not_told", language), "quotes", True, (), (near,), missing=missing, models=MODELS,
        timings={"answer_ms": 3.0},
    )  # fmt: skip


def written(language: Language) -> Answer:
    """A model's sentences, one of which holds a quotation, and what there is to say about the draft."""
    item = replace(HOURS[language], number=1)
    text = {
        "ar": f"دام اللقاء طويلًا. [1] وكما ذكرت الصحيفة: {quoted(item).split(' [')[0]} [1] ثم انتهى. [9]",
        "fa": f"دیدار طول کشید. [1] به نوشتهٔ روزنامه: {quoted(item).split(' [')[0]} [1] سپس پایان یافت. [9]",
        "en": f"The meeting was long. [1] As the wire has it: {quoted(item).split(' [')[0]} [1] Then it ended. [9]",
    }[language]
    notice = {
        "ar": "حُذفت جملتان من المسودة لأن المقالات لا تسندهما.",
        "fa": "دو جملهٔ پیش‌نویس حذف شد، زیرا مقاله‌ها آنها را تأیید نمی‌کنند.",
        "en": "2 sentences of the draft were dropped, for no article supports them.",
    }[language]
    return quoting(language, item, mode="written", answer=text, notices=(notice,))


# Short answers


def short(item: Citation, rendered: str | None = None, *others: ShortAnswer) -> ShortAnswer:
    """The answering phrase of a citation as a short answer."""
    assert item.phrase
    start, end = item.phrase
    text = item.quote[start - item.start : end - item.start]
    return ShortAnswer(text, item.language, item.number, start, end, rendered, others)


def direct(language: Language) -> Answer:
    """A short answer in the question's own language."""
    item = replace(HOURS[language], number=1)
    return quoting(language, item, direct=short(item))


def rendered(language: Language) -> Answer:
    """A short answer from an article of another language, said in the question's as well."""
    item = replace(HOURS["en" if language == "ar" else "ar"], number=1)
    told = {"ar": "أربع ساعات", "fa": "۳ ساعت و نیم", "en": "three and a half hours"}[language]
    return quoting(language, item, direct=short(item, told))


def foreign(language: Language) -> Answer:
    """A short answer from an article of another language that nobody said in the question's."""
    item = replace(HOURS["en" if language == "fa" else "fa"], number=1)
    return quoting(language, item, direct=short(item))


def several(language: Language) -> Answer:
    """Short answers that differ: two of other languages, one of them said in the question's, and one of its own."""
    told = {"ar": "أربع ساعات", "fa": "چهار ساعت", "en": "five hours"}[language]
    first, *rest = [language, *(other for other in ("en", "fa", "ar") if other != language)]
    others = (short(HOURS[rest[0]], told), short(HOURS[rest[1]]))
    return replace(differing(language), direct=short(HOURS[first], None, *others))


def wordy(language: Language) -> Answer:
    """A long short answer that runs against the line it stands in, beside one of a single long word."""
    told = {
        "ar": "الوزير السابق رادوسلاو سيكورسكي ونظيره المجري بيتر سيارتو في مبنى الميناء القديم",
        "fa": "وزیر پیشین رادوسواف سیکورسکی و همتای مجارستانی‌اش پتر سیارتو در ساختمان قدیمی بندر",
        "en": "The former minister Radoslaw Sikorski and his Hungarian colleague in the old harbour building",
    }
    other: Language = "ar" if language == "en" else "en"
    first = cited(1, other, f"{told[other]}.", told[other])
    word = "می\u200cگوید" * 12
    second = cited(2, "fa", f"{word}.", word)
    return quoting(language, first, second, direct=short(first, told[language], short(second)))


# Requests

TITLES = {"ar": "خبرٌ عن <الميناء>", "fa": "خبری از <بندر>", "en": "News of the <harbour>"}


def listing(language: Language, count: int) -> Listing:
    item = ArticleRef("a", "news/a.txt", TITLES[language], "O", date(2025, 10, 21), language, None)
    return Listing(count, date(2025, 10, 1), date(2025, 10, 21), (item,) * min(count, 50))


def days_read(language: Language) -> Answer:
    return quoting(
        language, HOURS[language], request="days", within=Filter(since=date(2025, 10, 16), until=date(2025, 10, 21)),
        listing=listing(language, 12),
    )  # fmt: skip
