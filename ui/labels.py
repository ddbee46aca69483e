"""The page's words in three languages: those around an answer, and those of the page itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.types import Language
from rag.types import Mode


@dataclass(frozen=True, slots=True)
class Labels:
    """The words around an answer, in the language of its question.

    `via` names the news agency behind a report, `also` further outlets of the same report, `missing` the words of the
    question that no article holds, `direct` stands over the short answer.
    """

    source: str
    passage: str
    original: str
    whole: str
    via: str
    also: str
    missing: str
    languages: Mapping[Language, str]
    modes: Mapping[Mode, str]
    seconds: str
    not_sources: str
    direct: str


LABELS: dict[Language, Labels] = {
    "ar": Labels(
        source="المصدر",
        passage="المقطع كاملًا",
        original="المقال الأصلي",
        whole="المقال كاملًا",
        via="نقلًا عن {agency}",
        also="ورد كذلك في",
        missing="أقرب المقالات لا تذكر: {words}",
        languages={"ar": "عربي", "fa": "فارسي", "en": "إنجليزي"},
        modes={"quotes": "اقتباسات حرفية", "written": "صاغه {model}، وكل جملة فيه لها مصدر"},
        seconds="{seconds} ث",
        not_sources="قريبة من موضوع السؤال، لكنها ليست مصادر لجواب.",
        direct="الجواب باختصار",
    ),
    "fa": Labels(
        source="منبع",
        passage="متن کامل این بخش",
        original="مقالهٔ اصلی",
        whole="متن کامل مقاله",
        via="به نقل از {agency}",
        also="همین خبر در",
        missing="نزدیک‌ترین مقاله‌ها از این سخنی نمی‌گویند: {words}",
        languages={"ar": "عربی", "fa": "فارسی", "en": "انگلیسی"},
        modes={"quotes": "نقل‌قول‌های عینی", "written": "نوشتهٔ {model}، با منبع برای هر جمله"},
        seconds="{seconds} ثانیه",
        not_sources="به موضوع پرسش نزدیک‌اند، اما منبع پاسخ نیستند.",
        direct="پاسخ کوتاه",
    ),
    "en": Labels(
        source="Source",
        passage="The whole passage",
        original="Original article",
        whole="The whole article",
        via="via {agency}",
        also="Also in",
        missing="Even the nearest articles do not mention: {words}",
        languages={"ar": "Arabic", "fa": "Persian", "en": "English"},
        modes={"quotes": "Verbatim quotes", "written": "Written by {model}, each sentence with its source"},
        seconds="{seconds} s",
        not_sources="Near the subject of the question, but not sources of an answer.",
        direct="Short answer",
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
        "articles": "المقالات: {value}",
        "passages": "المقاطع: {value}",
        "embedder": "نموذج المعاني: {value}",
        "meaning": "البحث بالمعنى: {value} من الأرشيف",
        "generator": "نموذج اللغة: {value}",
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
        "left_out": "لم يدخل الأرشيف: {value}",
        "noted": "ملاحظات على ملفات: {value}",
        "indexed": "آخر فهرسة {day}. الملفات: أضيف {added}، تغيّر {changed}، بقي {unchanged}، حُذف {removed}.",
        "hidden": "ملفات مخفية لم تُقرأ: {value}.",
        "left_out_title": "لم يدخل الأرشيف",
        "noted_title": "دخل الأرشيف مع ملاحظة",
        "more_files": "و{value} غيرها",
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
        "articles": "مقاله‌ها: {value}",
        "passages": "بخش‌ها: {value}",
        "embedder": "مدل معنایی: {value}",
        "meaning": "جست‌وجوی معنایی: {value} از بایگانی",
        "generator": "مدل زبانی: {value}",
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
        "left_out": "به بایگانی نیامد: {value}",
        "noted": "یادداشت دربارهٔ پرونده‌ها: {value}",
        "indexed": "آخرین نمایه‌سازی {day}. پرونده‌ها: {added} افزوده، {changed} تغییر، {unchanged} مانند پیش، {removed} حذف.",
        "hidden": "پرونده‌های پنهان که خوانده نشد: {value}.",
        "left_out_title": "به بایگانی نیامد",
        "noted_title": "با یادداشت به بایگانی آمد",
        "more_files": "و {value} تای دیگر",
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
        "articles": "Articles: {value}",
        "passages": "Passages: {value}",
        "embedder": "Embedder: {value}",
        "meaning": "Search by meaning: {value} of the archive",
        "generator": "Language model: {value}",
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
        "left_out": "Left out of the archive: {value}",
        "noted": "Notes on files: {value}",
        "indexed": "Last indexed {day}. Files: {added} added, {changed} changed, {unchanged} unchanged, {removed} removed.",
        "hidden": "Hidden files passed over: {value}.",
        "left_out_title": "Left out of the archive",
        "noted_title": "In the archive, with a note",
        "more_files": "and {value} more",
    },
}
