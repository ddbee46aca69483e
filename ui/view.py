"""Answer -> HTML: every text escaped, every block in the direction of its own language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Literal
from urllib.parse import urlsplit

from index.types import EVERYTHING, LANGUAGES, Filter, KhabarError, Language
from rag.phrases import (
    COMMA,
    NOT_TOLD,
    NOT_TOLD_WITHIN,
    QUOTATION_MARKS,
    QUOTES_FOLLOW,
    RELATED,
    SOURCES,
    filter_in_words,
    written_date,
)
from rag.types import Answer, Citation, Mode, Related

Direction = Literal["rtl", "ltr"]

_MARKERS = re.compile(r"\s*((?:\[\d+\])+)")
_RTL_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LTR_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f]")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and what came of it: an answer that may still grow, an error, or neither if stopped.

    `within` is the filter that was on when it was asked.
    """

    question: str
    answer: Answer | None = None
    error: KhabarError | None = None
    working: bool = False
    within: Filter = EVERYTHING


@dataclass(frozen=True, slots=True)
class Labels:
    """The words around an answer, in the language of its question."""

    source: str
    passage: str
    original: str
    languages: Mapping[Language, str]
    modes: Mapping[Mode, str]
    seconds: str
    not_sources: str


LABELS: dict[Language, Labels] = {
    "ar": Labels(
        source="المصدر",
        passage="المقطع كاملًا",
        original="المقال الأصلي",
        languages={"ar": "عربي", "fa": "فارسي", "en": "إنجليزي"},
        modes={"quotes": "اقتباسات حرفية", "written": "صاغه {model}، وكل جملة فيه لها مصدر"},
        seconds="{seconds} ث",
        not_sources="قريبة من موضوع السؤال، لكنها ليست مصادر لجواب.",
    ),
    "fa": Labels(
        source="منبع",
        passage="متن کامل این بخش",
        original="مقالهٔ اصلی",
        languages={"ar": "عربی", "fa": "فارسی", "en": "انگلیسی"},
        modes={"quotes": "نقل‌قول‌های عینی", "written": "نوشتهٔ {model}، با منبع برای هر جمله"},
        seconds="{seconds} ثانیه",
        not_sources="به موضوع پرسش نزدیک‌اند، اما منبع پاسخ نیستند.",
    ),
    "en": Labels(
        source="Source",
        passage="The whole passage",
        original="Original article",
        languages={"ar": "Arabic", "fa": "Persian", "en": "English"},
        modes={"quotes": "Verbatim quotes", "written": "Written by {model}, each sentence with its source"},
        seconds="{seconds} s",
        not_sources="Near the subject of the question, but not sources of an answer.",
    ),
}

# The page's own words; a reader sees those of the browser's language.
INTERFACE: dict[Language, dict[str, str]] = {
    "ar": {
        "tagline": "أسئلة وأجوبة من أرشيف الأخبار، وكل جملة بمصدرها",
        "invitation": "اسأل عن المقالات",
        "promise": "كل جملة في الجواب تشير إلى المقال الذي قالها. وما لا تذكره المقالات لا يقوله خبر.",
        "question": "سؤالك",
        "placeholder": "اسأل بأي من اللغات الثلاث",
        "send": "إرسال",
        "stop": "إيقاف",
        "new": "محادثة جديدة",
        "searching": "البحث في المقالات جارٍ…",
        "stopped": "أُوقف البحث.",
        "articles": "المقالات",
        "passages": "المقاطع",
        "embedder": "نموذج المعاني",
        "generator": "نموذج اللغة",
        "filter": "نطاق البحث",
        "outlets": "وسائل الإعلام",
        "find_outlet": "ابحث عن وسيلة إعلام",
        "languages": "لغة المقال",
        "published": "تاريخ النشر",
        "since": "من",
        "until": "إلى",
        "calendar": "اختر من التقويم",
        "any_calendar": "بأي تقويم، مثل {examples}",
        "clear": "إلغاء نطاق البحث",
        "close": "إغلاق",
        "unknown_outlet": "لا مقال من {value}.",
        "unknown_language": "ليست من لغات خبر: {value}.",
        "no_date": "هذا ليس تاريخًا: {value}. اكتبه مثل {examples}.",
        "days_reversed": "يوم البداية بعد يوم النهاية.",
    },
    "fa": {
        "tagline": "پرسش و پاسخ از بایگانی خبر، هر جمله با منبعش",
        "invitation": "از مقاله‌ها بپرسید",
        "promise": "هر جملهٔ پاسخ نشان می‌دهد کدام مقاله آن را گفته است. آنچه در مقاله‌ها نیست، خبر هم نمی‌گوید.",
        "question": "پرسش شما",
        "placeholder": "به هر یک از سه زبان بپرسید",
        "send": "ارسال",
        "stop": "توقف",
        "new": "گفت‌وگوی تازه",
        "searching": "جست‌وجو در مقاله‌ها…",
        "stopped": "جست‌وجو متوقف شد.",
        "articles": "مقاله‌ها",
        "passages": "بخش‌ها",
        "embedder": "مدل معنایی",
        "generator": "مدل زبانی",
        "filter": "محدودهٔ جست‌وجو",
        "outlets": "رسانه‌ها",
        "find_outlet": "یافتن رسانه",
        "languages": "زبان مقاله",
        "published": "تاریخ انتشار",
        "since": "از",
        "until": "تا",
        "calendar": "انتخاب از تقویم",
        "any_calendar": "به هر تقویمی، مانند {examples}",
        "clear": "برداشتن محدوده",
        "close": "بستن",
        "unknown_outlet": "هیچ مقاله‌ای از {value} نیست.",
        "unknown_language": "از زبان‌های خبر نیست: {value}.",
        "no_date": "این تاریخ نیست: {value}. مانند {examples} بنویسید.",
        "days_reversed": "روز آغاز پس از روز پایان است.",
    },
    "en": {
        "tagline": "Answers from the news archive, each sentence with its source",
        "invitation": "Ask the articles",
        "promise": "Each sentence of an answer points at the article that says so. What no article says, Khabar does not say.",
        "question": "Your question",
        "placeholder": "Ask in Arabic, Persian or English",
        "send": "Send",
        "stop": "Stop",
        "new": "New conversation",
        "searching": "Searching the articles…",
        "stopped": "The search was stopped.",
        "articles": "Articles",
        "passages": "Passages",
        "embedder": "Embedder",
        "generator": "Language model",
        "filter": "Filter",
        "outlets": "Outlets",
        "find_outlet": "Find an outlet",
        "languages": "Language of the article",
        "published": "Published",
        "since": "From",
        "until": "To",
        "calendar": "Choose from a calendar",
        "any_calendar": "In any calendar, such as {examples}",
        "clear": "Clear the filter",
        "close": "Close",
        "unknown_outlet": "No article is from {value}.",
        "unknown_language": "No language of Khabar: {value}.",
        "no_date": "This is no date: {value}. Write it like {examples}.",
        "days_reversed": "The first day is after the last.",
    },
}


def direction(language: Language) -> Direction:
    """Return the direction in which a language is written."""
    return "ltr" if language == "en" else "rtl"


def direction_of(text: str) -> Direction:
    """Return the direction of a text of unknown language: that of most of its letters."""
    return "rtl" if len(_RTL_LETTER.findall(text)) > len(_LTR_LETTER.findall(text)) else "ltr"


# The page


def masthead_html() -> str:
    """Return the head of the page: the name, and what it is."""
    return (
        '<div class="wordmark"><h1><span lang="en" dir="ltr">Khabar</span>'
        '<span class="dot" aria-hidden="true">·</span><span lang="ar" dir="rtl">خبر</span></h1>'
        f'<p class="tagline">{in_each_language("tagline")}</p></div>'
    )


def welcome_html(examples: Sequence[str]) -> str:
    """Return what a reader sees before the first question: an invitation and questions to start from."""
    buttons = "".join(
        f'<li><button type="button" class="example" dir="{direction_of(question)}" data-question="{escape(question)}">'
        f"{escape(question)}</button></li>"
        for question in examples
    )
    return (
        f'<div class="welcome"><h2>{in_each_language("invitation")}</h2><p>{in_each_language("promise")}</p>'
        f'<ul class="examples">{buttons}</ul></div>'
    )


def status_html(counts: Mapping[str, int], models: Mapping[str, str]) -> str:
    """Return the line that says what answers: how many articles, and which models."""
    facts = {"articles": f"{counts['articles']:,}", "passages": f"{counts['chunks']:,}"}
    facts |= {role: models[role] for role in ("embedder", "generator")}
    parts = [f"{in_each_language(name)}: <bdi>{escape(fact)}</bdi>" for name, fact in facts.items()]
    return '<p class="status">' + "".join(f"<span>{part}</span>" for part in parts) + "</p>"


def in_each_language(word: str) -> str:
    """Return one of the page's own words in three languages."""
    return spoken({language: escape(INTERFACE[language][word]) for language in LANGUAGES})


def spoken(texts: Mapping[Language, str]) -> str:
    """Return a text (as HTML) in three languages; the style sheet shows that of the page."""
    spans = (f'<span lang="{language}" dir="{direction(language)}">{text}</span>' for language, text in texts.items())
    return f'<span class="spoken">{"".join(spans)}</span>'


def filter_html(within: Filter, language: Language) -> str:
    """Return what a filter lets through as its reader sees it: each piece isolated."""
    return f"{COMMA[language]} ".join(f"<bdi>{escape(piece)}</bdi>" for piece in filter_in_words(within, language))


# The conversation


def conversation_html(turns: Sequence[Turn]) -> str:
    """Return a whole conversation; a screen reader hears what is added to it."""
    content = "".join(turn_html(turn, number) for number, turn in enumerate(turns, 1))
    return f'<div class="conversation" role="log" aria-live="polite">{content}</div>'


def turn_html(turn: Turn, number: int) -> str:
    """Return one question and its answer; `number` makes the anchors of its sources unique."""
    lang = f' lang="{turn.answer.language}"' if turn.answer else ""
    side = direction(turn.answer.language) if turn.answer else direction_of(turn.question)
    return (
        f'<article class="turn" id="turn-{number}" dir="{side}" aria-busy="{str(turn.working).lower()}">'
        f'<div class="question" dir="{side}"{lang}><p>{escape(turn.question)}</p></div>{_within_html(turn)}'
        f"{_reply_html(turn, number)}</article>"
    )


def _within_html(turn: Turn) -> str:
    """Return the filter that a question was asked under; an abstention names it itself."""
    if not turn.answer or turn.answer.abstained or not filter_in_words(turn.within, turn.answer.language):
        return ""
    language = turn.answer.language
    name = escape(INTERFACE[language]["filter"])
    return f'<p class="within" lang="{language}">{name}: {filter_html(turn.within, language)}</p>'


def _reply_html(turn: Turn, number: int) -> str:
    answered = answer_html(turn.answer, number, turn.working, turn.within) if turn.answer else ""
    if turn.error:
        return answered + problem_html(turn.error)
    if answered:
        return answered
    if turn.working:
        return f'<div class="notice working">{in_each_language("searching")}</div>'
    return f'<div class="notice">{in_each_language("stopped")}</div>'


def problem_html(error: KhabarError) -> str:
    """Return a message that tells what is wrong and what the reader can do about it."""
    return (
        '<div class="problem" role="alert" lang="en" dir="ltr">'
        f"<p><strong>{_sentence(error.problem)}</strong></p><p>{_sentence(error.remedy)}</p></div>"
    )


def _sentence(text: str) -> str:
    text = text.strip()
    return escape(text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else "."))


# An answer


def answer_html(answer: Answer, number: int = 1, working: bool = False, within: Filter = EVERYTHING) -> str:
    """Return an answer with its sources, in the direction of the question's language."""
    said = _abstention_html(answer, within) if answer.abstained else _said_html(answer, number)
    kind = "abstention" if answer.abstained else answer.mode
    foot = "" if working else _foot_html(answer)
    return (
        f'<div class="answer {kind}" lang="{answer.language}" dir="{direction(answer.language)}">'
        f'<div class="said">{said}{foot}</div>{_sources_html(answer, number)}</div>'
    )


def _said_html(answer: Answer, number: int) -> str:
    if answer.mode == "written":
        return f'<p class="sentences">{_with_chips(answer, number)}</p>'
    quotes = "".join(_quote_html(item, answer.language, number) for item in answer.citations)
    return f'<p class="intro">{escape(QUOTES_FOLLOW[answer.language])}</p>{quotes}'


def _with_chips(answer: Answer, number: int) -> str:
    """Return a written answer with its markers as chips; a marker without a citation stays text."""
    known = {item.number for item in answer.citations}

    def shown(marker: int) -> str:
        return _chip(marker, number, answer.language) if marker in known else f"[{marker}]"

    pieces: list[str] = []
    for index, piece in enumerate(_MARKERS.split(answer.answer)):
        if index % 2 == 0:
            pieces.append(escape(piece))
        else:
            pieces.append("\u00a0" + "".join(shown(int(marker)) for marker in re.findall(r"\d+", piece)))
    return "".join(pieces)


def _quote_html(item: Citation, language: Language, number: int) -> str:
    opening, closing = QUOTATION_MARKS[item.language]
    return (
        f'<figure class="quote"><blockquote lang="{item.language}" dir="{direction(item.language)}">'
        f"{opening}{escape(item.quote)}{closing}</blockquote>"
        f"<figcaption>{_chip(item.number, number, language)}"
        f' <span class="dash">—</span> {_attribution(item, language)}</figcaption></figure>'
    )


def _chip(marker: int, number: int, language: Language) -> str:
    """Return a marker that leads to its source card."""
    return (
        f'<a class="chip" href="#turn-{number}-source-{marker}" aria-label="{escape(LABELS[language].source)} {marker}">'
        f"<bdi>[{marker}]</bdi></a>"
    )


def _attribution(item: Citation | Related, language: Language) -> str:
    """Return outlet and date, each isolated; an article of no known outlet goes by its title."""
    opening, closing = QUOTATION_MARKS[item.language]
    where = item.outlet or f"{opening}{item.title}{closing}"
    return f'<bdi class="outlet">{escape(where)}</bdi>{COMMA[language]} {_day(item.published, language)}'


def _day(day: date | None, language: Language) -> str:
    written = escape(written_date(day, language))
    if day is None:
        return f"<bdi>{written}</bdi>"
    return f'<bdi><time datetime="{day.isoformat()}">{written}</time></bdi>'


def _foot_html(answer: Answer) -> str:
    """Return how the answer was made and how long that took."""
    labels = LABELS[answer.language]
    parts: list[str] = []
    if not answer.abstained:
        parts.append(_filled(labels.modes[answer.mode], "{model}", answer.models.get("generator", "")))
    if "answer_ms" in answer.timings:
        parts.append(_filled(labels.seconds, "{seconds}", f"{answer.timings['answer_ms'] / 1000:.2f}"))
    return f'<p class="foot">{"".join(f"<span>{part}</span>" for part in parts)}</p>' if parts else ""


def _filled(template: str, gap: str, value: str) -> str:
    return escape(template).replace(gap, f"<bdi>{escape(value)}</bdi>")


def _abstention_html(answer: Answer, within: Filter) -> str:
    chosen = filter_html(within, answer.language)
    told = escape((NOT_TOLD_WITHIN if chosen else NOT_TOLD)[answer.language]).replace("{chosen}", chosen)
    content = f'<p class="untold">{told}</p>'
    if not answer.related:
        return content
    rows = "".join(_related_html(item, answer.language) for item in answer.related)
    return (
        f'{content}<section class="related"><h3>{_heading(RELATED[answer.language])}</h3>'
        f"<p>{escape(LABELS[answer.language].not_sources)}</p><ul>{rows}</ul></section>"
    )


def _heading(text: str) -> str:
    return escape(text.rstrip(":"))


def _related_html(item: Related, language: Language) -> str:
    origin = _attribution(item, language) if item.outlet else _day(item.published, language)
    return (
        f"<li>{_title(item)}"
        f'<p class="origin"><span>{origin}</span>{_badge(item.language, language)}</p>'
        f'<p class="where">{_where(item, language)}</p></li>'
    )


# Its sources


def _sources_html(answer: Answer, number: int) -> str:
    if not answer.citations:
        return ""
    cards = "".join(_card_html(item, answer, number) for item in answer.citations)
    return f'<aside class="sources" aria-live="off"><h3>{_heading(SOURCES[answer.language])}</h3><ol>{cards}</ol></aside>'


def _card_html(item: Citation, answer: Answer, number: int) -> str:
    language = answer.language
    anchor = f"turn-{number}-source-{item.number}"
    outlet = f'<bdi class="outlet">{escape(item.outlet)}</bdi>' if item.outlet else ""
    # A written sentence is not the article's own: there the quote behind it is in sight at once.
    opened = " open" if answer.mode == "written" else ""
    return (
        f'<li class="source" id="{anchor}" tabindex="-1"><span class="number"><bdi>{item.number}</bdi></span><div class="card">'
        f'<p class="origin">{outlet}{_day(item.published, language)}{_badge(item.language, language)}</p>{_title(item)}'
        f'<details id="{anchor}-passage"{opened}><summary>{escape(LABELS[language].passage)}</summary>'
        f'<p class="passage" lang="{item.language}" dir="{direction(item.language)}">{marked_passage(item)}</p></details>'
        f'<p class="where">{_where(item, language)}</p></div></li>'
    )


def marked_passage(item: Citation) -> str:
    """Return a citation's passage, escaped, with the quote marked where it first stands."""
    if not item.quote or item.quote not in item.passage:
        return escape(item.passage)
    before, quote, after = item.passage.partition(item.quote)
    return f"{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}"


def _title(item: Citation | Related) -> str:
    return f'<p class="title" lang="{item.language}" dir="{direction(item.language)}">{escape(item.title)}</p>'


def _badge(language: Language, reader: Language) -> str:
    return f'<span class="badge">{escape(LABELS[reader].languages[language])}</span>'


def _where(item: Citation | Related, language: Language) -> str:
    """Return the article's path, and a link to it where it stands on the web."""
    path = f'<bdi class="path" dir="ltr">{escape(item.path)}</bdi>'
    if item.url is None or not is_web_address(item.url):
        return path
    return (
        f'{path} <a class="original" href="{escape(item.url)}" target="_blank" rel="noopener noreferrer">'
        f"{escape(LABELS[language].original)}</a>"
    )


def is_web_address(url: str) -> bool:
    """Tell whether a link may lead there: over http or https, to a named host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.netloc)
