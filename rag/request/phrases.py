"""What Khabar says to a request, in three languages; dates and numbers as each language writes them."""

from __future__ import annotations

from index.types import Filter, Language
from rag.phrases import COMMA, filter_in_words, written_count

ARTICLE_SAYS: dict[Language, str] = {
    "ar": "أهم ما في مقال {title}:",
    "fa": "مهم‌ترین گفته‌های مقالهٔ {title}:",
    "en": "Key sentences of the article {title}:",
}
PERSON_SAID: dict[Language, str] = {
    "ar": "ما نُسب من أقوال إلى {person}، الأحدث أولًا:",
    "fa": "آنچه مقاله‌ها از {person} نقل کرده‌اند، تازه‌ترین نخست:",
    "en": "What the articles attribute to {person}, newest first:",
}
MORE_WAS_SAID: dict[Language, str] = {
    "ar": "وفي الأرشيف أقوال أخرى؛ حدّد موضوعًا أو أيامًا لتظهر.",
    "fa": "گفته‌های دیگری هم در بایگانی هست؛ با نام بردن از موضوع یا روزها پیدا می‌شود.",
    "en": "The archive has more; name a topic or days to see it.",
}
NEWS_OF_DAYS: dict[Language, str] = {
    "ar": "عدد المقالات المنشورة {days}: {count}. من أبرز ما تقوله:",
    "fa": "شمار مقاله‌هایی که {days} منتشر شده‌اند: {count}. از مهم‌ترین گفته‌هایشان:",
    "en": "Articles published {days}: {count}. Among what they say:",
}
NEWS_OF_DAYS_ABOUT: dict[Language, str] = {
    "ar": "عدد المقالات المنشورة {days} والتي تذكر {topic}: {count}. من أبرز ما تقوله:",
    "fa": "شمار مقاله‌هایی که {days} منتشر شده‌اند و از {topic} نام می‌برند: {count}. از مهم‌ترین گفته‌هایشان:",
    "en": "Articles published {days} that mention {topic}: {count}. Among what they say:",
}
NEWS_ABOUT: dict[Language, str] = {
    "ar": "عدد المقالات التي تذكر {topic}: {count}. من أبرز ما تقوله، الأحدث أولًا:",
    "fa": "شمار مقاله‌هایی که از {topic} نام می‌برند: {count}. از مهم‌ترین گفته‌هایشان، تازه‌ترین نخست:",
    "en": "Articles that mention {topic}: {count}. Among what they say, newest first:",
}
MENTIONED: dict[Language, str] = {
    "ar": "عدد المقالات التي تذكر {topic}: {count}",
    "fa": "شمار مقاله‌هایی که از {topic} نام می‌برند: {count}",
    "en": "Articles that mention {topic}: {count}",
}
IN_ARCHIVE: dict[Language, str] = {
    "ar": "عدد مقالات الأرشيف: {count}",
    "fa": "شمار مقاله‌های بایگانی: {count}",
    "en": "Articles in the archive: {count}",
}
NOWHERE_MENTIONED: dict[Language, str] = {
    "ar": "لا يذكر أي مقال {topic}.",
    "fa": "هیچ مقاله‌ای از {topic} نام نمی‌برد.",
    "en": "No article mentions {topic}.",
}
ONE_SPELLING: dict[Language, str] = {
    "ar": "الاسم غير موجود في المسرد، فلم يُحسب إلا بهذه الكتابة.",
    "fa": "این نام در واژه‌نامه نیست و تنها با همین نوشتار شمرده شد.",
    "en": "The glossary does not know this name, so only this spelling was counted.",
}
SPELLINGS: dict[Language, str] = {
    "ar": "حُسبت معه الكتابات الأخرى: {names}.",
    "fa": "نوشتارهای دیگر هم شمرده شد: {names}.",
    "en": "Other spellings were counted, too: {names}.",
}
READ_DAYS: dict[Language, str] = {
    "ar": "الأيام المقروءة من السؤال: {days}",
    "fa": "روزهایی که از پرسش خوانده شد: {days}",
    "en": "Days read from the question: {days}",
}
ALL_DAYS: dict[Language, str] = {"ar": "اسأل عن كل الأيام", "fa": "از همهٔ روزها بپرس", "en": "Ask of all days"}
LISTED: dict[Language, str] = {
    "ar": "المقالات، الأحدث أولًا:",
    "fa": "مقاله‌ها، تازه‌ترین نخست:",
    "en": "The articles, newest first:",
}
AND_MORE: dict[Language, str] = {"ar": "و{count} غيرها", "fa": "و {count} مقالهٔ دیگر", "en": "and {count} more"}
WHAT_IS_MEANT: dict[Language, str] = {
    "ar": "ما المقصود بـ{word}؟ اكتب سؤالًا كاملًا عن المقالات.",
    "fa": "منظور از {word} چیست؟ پرسشی کامل دربارهٔ مقاله‌ها بنویسید.",
    "en": "What do you mean by {word}? Write a whole question about the articles.",
}
ONE_WORD: dict[Language, str] = {
    "ar": "كلمة {word} وحدها ليست سؤالًا. ما الذي تريد معرفته؟",
    "fa": "واژهٔ {word} به‌تنهایی پرسش نیست. چه چیزی را می‌خواهید بدانید؟",
    "en": "The word {word} alone is no question. What would you like to know?",
}
WHICH_ARTICLE: dict[Language, str] = {
    "ar": "أي مقال تريد تلخيصه؟ اذكر موضوعه، مثل: لخص المقال عن الزلزال.",
    "fa": "کدام مقاله خلاصه شود؟ موضوعش را بنویسید، مثلاً: مقالهٔ زلزله را خلاصه کن.",
    "en": "Which article? Name its topic, as in: summarise the article on the earthquake.",
}
NOT_SERVED: dict[Language, str] = {
    "ar": "يبدو أن السؤال مكتوب {tongue}. يقرأ خبر الأسئلة بالعربية والفارسية والإنجليزية؛ أعد كتابته بإحداها.",
    "fa": "به نظر می‌رسد پرسش {tongue} نوشته شده است. خبر پرسش‌های عربی، فارسی و انگلیسی را می‌خواند؛ لطفاً به یکی از آنها بپرسید.",
    "en": (
        "The question seems to be written in {tongue}. Khabar reads questions in Arabic, Persian and English; "
        "please ask in one of them."
    ),
}
# By the code of the tongue; those in Latin letters first in the language whose readers type so.
TONGUES: dict[str, dict[Language, str]] = {
    "fr": {"ar": "بالفرنسية", "fa": "به فرانسوی", "en": "French"},
    "es": {"ar": "بالإسبانية", "fa": "به اسپانیایی", "en": "Spanish"},
    "de": {"ar": "بالألمانية", "fa": "به آلمانی", "en": "German"},
    "tr": {"ar": "بالتركية", "fa": "به ترکی", "en": "Turkish"},
    "ur": {"ar": "بالأردية", "fa": "به اردو", "en": "Urdu"},
    "ckb": {"ar": "بالكردية السورانية", "fa": "به کردی سورانی", "en": "Sorani Kurdish"},
    "fa-latin": {"ar": "بالفارسية بحروف لاتينية", "fa": "به فارسی با حروف لاتین", "en": "Persian in Latin letters"},
    "ar-latin": {"ar": "بالعربية بحروف لاتينية", "fa": "به عربی با حروف لاتین", "en": "Arabic in Latin letters"},
}


def counted(phrase: dict[Language, str], language: Language, count: int, days: Filter, **gaps: str) -> str:
    """Return a phrase with a number of articles in it, and behind it the first and the last day of them."""
    told = phrase[language].format(count=written_count(count, language), **gaps)
    between = filter_in_words(days, language)
    return f"{told}{COMMA[language]} {between[0]}." if between and count else f"{told}."
