"""Page noise out, metadata in: a raw document becomes an article, or several where a page carries a second story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b

from index.dates import is_date_line, is_dateline
from index.dating.publication import Publication, publication
from index.language import language_name, tongue_of
from index.load import RawDocument, readable
from index.repair import repaired
from index.text import ZWNJ, fold, words
from index.types import LANGUAGES, Article, Facts, Problem, Unserved

_READ_ALSO = re.compile(
    r"^\W*(?:اقرا ايضا|اقراوا ايضا|اقرا المزيد|طالع ايضا|شاهد ايضا|مواضيع ذات صله|اخبار ذات صله|مقالات ذات صله|قد يهمك"
    r"|بيشتر بخوانيد|همجنين بخوانيد|مطالب مرتبط|اخبار مرتبط|خبرهاي مرتبط|بخوانيد"
    r"|read also|read more|related (?:stories|articles|news))\b.{0,20}$"
)
_KEYWORDS = re.compile(
    r"^\W*(?:كلمات دلاليه|كلمات مفتاحيه|الكلمات المفتاحيه|الوسوم|وسوم|كليد ?وازه ?ها|برجسب ?ها|tags|keywords)\s*:"
)
_OUTLET = re.compile(r"^\W*(?P<label>المصدر|مصدر|منبع|source)\s*:\s*(?P<outlet>.{2,60})$", re.IGNORECASE)
# "مصدر: ..." and "Source: ..." also open headlines ("a source: no talks planned"): only a name of few words is an outlet.
_OUTLET_WORDS = {"مصدر": 2, "source": 4}
_PUBLISHED = re.compile(
    r"^\W*(?:تاريخ النشر|نشر في|نشر بتاريخ|اخر تحديث|تاريخ انتشار|زمان انتشار|published(?: on| at)?|updated|date)\b"
    r"(?:\s*:\W*(?:[^\W\d]+\W+){0,3}|\W*(?:[^\W\d]+\W+)?)(?=\d)"
)
_SHARE = re.compile(
    r"^\W*(?:(?:شارك|شاركنا|مشاركه)(?: (?:هذا |هذه )?(?:المقال|المقاله|الخبر|الموضوع|الصفحه))?"
    r"(?: (?:مع|علي|عبر) (?:فيسبوك|تويتر|واتساب|تلغرام|تيليجرام|منصه|وسائل|مواقع|اصدقائك|الاصدقاء)\b.{0,30})?"
    r"|اشتراك كذاري(?: (?:خبر|مطلب|در)\b.{0,30})?|(?:جاب|طباعه)(?: (?:خبر|مطلب|صفحه|الخبر|المقال|الصفحه))?"
    r"|تابعنا(?: (?:علي|عبر)\b.{0,40})?|اشتراك|share(?: (?:this|on|via)\b.{0,40})?|follow us\b.{0,60}"
    r"|subscribe(?: (?:now|to our)\b.{0,40})?|tweet(?: this)?|print(?: this.{0,20})?)\W*$"
)
_MENU = frozenset(
    fold(word)
    for word in (
        "أخبار", "الرئيسية", "القائمة", "مدونة ومقالات", "الطابق العلوي", "عاجل", "سياسة", "اقتصاد", "رياضة", "ملخص",
        "الأكثر قراءة", "اتصل بنا", "من نحن", "تسجيل الدخول", "صفحه اصلی", "خانه", "سیاسی", "بین الملل", "تماس با ما",
        "درباره ما", "پربازدید", "آخرین اخبار", "home", "news", "menu", "about us", "contact us", "top stories", "world",
        "login", "sign in", "most read", "back to top",
    )
)  # fmt: skip
_REFERENCE = re.compile(r"[^\S\n]*[\[［【]\s*\d{1,3}(?:\s*[,،;–-]\s*\d{1,3})*\s*[\]］】]")
_SENTENCE_END = re.compile(r"[.!?؟。…:»”\"')\]]\s*$")
# Stands behind a title that is but the beginning of a text.
_CUT = " …"
_FULL_STOP = re.compile(r"[.!?؟…]\s*$")
# A line that is only a date, as papers have it over a text, stands among the first lines.
_DATELINES = 4
_STORY_WORDS = 40
_LINE_BREAK = re.compile(r"\n+")


@dataclass(frozen=True, slots=True)
class _Page:
    """What the lines of one page hold, once its noise is told apart."""

    lines: tuple[str, ...]
    outlet: str | None
    published: str | None
    second_story: tuple[str, ...]


def clean(raw: RawDocument) -> Iterator[Article | Problem]:
    """Yield the article of a raw document, and after it the story under its "read also" line, if there is one.

    That story comes from another article of an unknown outlet and date: it stands alone, as `path#read-also`. A Problem
    that is not `skipped` tells of metadata that could not be understood.
    """
    mended, repairs = repaired(raw)
    if mended is None:
        yield from repairs
        return
    raw = mended
    # A text with a header was put in order by somebody; only where there is none may the last lines be a footer.
    page = _sort_lines(_plain(raw.text).split("\n"), with_footer=not raw.metadata)
    title, lines = _take_title(raw.metadata.get("title"), list(page.lines))
    text = "\n".join(lines)
    if not words(text):
        reason = "no words are left once headings and page noise are out; put the article's text in it"
        yield Problem(raw.path, reason, kind="no text")
        return
    language = next((code for code in LANGUAGES if code == _tongue(raw, text)), None)
    if language is None:
        yield _unserved(raw, text)
        return
    yield from repairs
    told = publication(raw.metadata, page.published, language)
    if told.reason:
        yield Problem(raw.path, told.reason, skipped=False, kind="date")
    main = Article(
        article_id=article_id(raw.path),
        path=raw.path,
        title=title,
        outlet=raw.metadata.get("outlet") or page.outlet,
        published=told.day,
        language=language,
        url=raw.metadata.get("url"),
        text=text,
        facts=_facts(raw.metadata, told),
    )
    yield main
    if page.second_story:
        yield from _second_story(main, list(page.second_story))


def article_id(path: str) -> str:
    """Return the id of the article at a path: 12 hexadecimal digits that stay the same from one run to the next."""
    return blake2b(path.encode(), digest_size=6).hexdigest()


def _plain(text: str) -> str:
    """Return the text without reference marks like [3], which a reader would take for a citation, and stray spacing."""
    return re.sub(r"[^\S\n]+", " ", _REFERENCE.sub("", readable(text)))


def _sort_lines(raw_lines: list[str], *, with_footer: bool) -> _Page:
    lines: list[str] = []
    second_story: list[str] = []
    target = lines
    outlet: str | None = None
    published: str | None = None
    for line in (line.strip() for line in raw_lines):
        folded = fold(line).replace(ZWNJ, " ")
        if not words(line) or _is_noise(folded):
            continue
        if _READ_ALSO.match(folded):
            target = second_story
            continue
        named = _outlet(line)
        if named:
            outlet = outlet or (named if target is lines else None)
        elif _PUBLISHED.match(folded) and is_date_line(line) and not _FULL_STOP.search(line):
            published = published or (line if target is lines else None)
        else:
            target.append(line)
    published = published or next(filter(_is_dateline, lines[1:_DATELINES]), None)
    lines = _without_footer(lines) if with_footer else list(dict.fromkeys(lines))
    if sum(len(words(line)) for line in second_story if len(words(line)) > 12) < _STORY_WORDS:
        second_story = []
    return _Page(tuple(lines), outlet, published, tuple(second_story))


def _is_dateline(line: str) -> bool:
    return is_dateline(line) and not _FULL_STOP.search(line)


def _outlet(line: str) -> str | None:
    """Return the outlet that a line like "المصدر: وكالات" names."""
    found = _OUTLET.match(line)
    if not found:
        return None
    count = len(words(found["outlet"]))
    if count > _OUTLET_WORDS.get(found["label"].lower(), 6) or (count > 3 and _FULL_STOP.search(line)):
        return None
    return found["outlet"].strip(" .")


def _is_noise(folded: str) -> bool:
    if _KEYWORDS.match(folded) or folded.strip(" .:|›»«<>-–•*") in _MENU:
        return True
    return bool(_SHARE.match(folded)) and not _FULL_STOP.search(folded)


def _without_footer(lines: list[str]) -> list[str]:
    """Drop what is left of a footer or menu: lines of one or two words at the very end, and repeated lines."""
    while len(lines) > 1 and len(words(lines[-1])) <= 2 and not _SENTENCE_END.search(lines[-1]):
        lines = lines[:-1]
    return list(dict.fromkeys(lines))


def _take_title(given: str | None, lines: list[str]) -> tuple[str, list[str]]:
    """Return the title and the lines of the body; a title that opens the body again is taken out of it."""
    if given:
        return given, [line for line in lines if fold(line) != fold(given)] or lines
    first = lines[0] if lines else ""
    if len(lines) > 1 and len(words(first)) <= 22 and not re.search(r"[.؟?!]\s*$", first):
        return first.lstrip("# "), lines[1:]
    start = first.split()
    return " ".join(start[:12]) + (_CUT if len(start) > 12 else ""), lines


def opens_with(text: str, title: str) -> bool:
    """Tell whether a text begins with a title: it was only taken from there then, and tells nothing new."""
    return text.startswith(title.removesuffix(_CUT))


def _tongue(raw: RawDocument, text: str) -> str:
    return tongue_of(text, raw.metadata.get("language"), raw.metadata.get("page_language"))


def _unserved(raw: RawDocument, text: str) -> Unserved:
    code = _tongue(raw, text)
    reason = f"its text is in {language_name(code)} ({code}), and Khabar reads Arabic, Persian and English"
    remedy = "take it out, or write language: ar, fa or en in its header where that is wrong"
    return Unserved(raw.path, f"{reason}; {remedy}", kind="language")


def _facts(metadata: Mapping[str, str], told: Publication) -> Facts:
    tags = (tag.strip(" []\"'#") for tag in re.split(r"[,،;|؛]", metadata.get("tags", "")))
    return Facts(
        author=metadata.get("author"),
        section=metadata.get("section"),
        tags=tuple(dict.fromkeys(filter(None, tags))),
        origin=metadata.get("origin"),
        about=told.about,
        stated=told.stated,
        dated_by=told.by,
    )


def _second_story(main: Article, lines: list[str]) -> Iterator[Article]:
    title, body = _take_title(None, _without_footer(lines))
    path = f"{main.path}#read-also"
    if body:
        text = "\n".join(body)
        yield replace(
            main, article_id=article_id(path), path=path, title=title, outlet=None, published=None, url=None, text=text,
            facts=Facts(),
        )  # fmt: skip
