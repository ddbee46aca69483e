"""Lines that are noise by what they say: read-also labels, keyword rows, share lines, newsletters, credits, footers.

Every function takes a line folded with its ZWNJ made a space (`spaced`), so that one spelling stands for all.
"""

from __future__ import annotations

import re

from index.cleaning.removed import Reason
from index.text import fold, spaced, words

FULL_STOP = re.compile(r"[.!?؟…۔][»”\"')\]]*\s*$")
_LABELS = (
    # Arabic
    r"اقر[اؤوئي]{1,3} ?(?:ايضا|المزيد|كذلك)|(?:طالع|شاهد|تابع|انظر|راجع)و?ا? (?:ايضا|المزيد|كذلك)"
    r"|(?:مواضيع|موضوعات|اخبار|مقالات|تقارير|مواد|قصص) (?:ذات صله|متعلقه|مشابهه|مرتبطه)|قد (?:يهمك|يعجبك|تهمك)(?: ايضا)?"
    r"|(?:اخترنا|ننصح|نرشح) لك|للمزيد (?:اقرا|من (?:الاخبار|التفاصيل))|المزيد (?:من الاخبار|(?:حول|عن) هذا الموضوع)"
    r"|لا يفوتك|لا تفوت(?: قراءه)?"
    # Persian
    r"|(?:در (?:همين|اين) (?:باره|زمينه|رابطه) )?(?:بيشتر|همجنين|حتما|اين(?:ها)?(?: \w+)? را (?:هم|نيز)|باز هم)"
    r" (?:بخوانيد|ببينيد|بدانيد)"
    r"|در (?:همين|اين) (?:باره|زمينه|رابطه) (?:بخوانيد|ببينيد)"
    r"|(?:مطالب|اخبار|خبر ?هاي|كزارش ?هاي|مقالات|محتواي) (?:مرتبط|مشابه|بيشنهادي|ديكر|بيشتر)|بيشنهاد (?:سردبير|ما)|از دست ندهيد"
    r"|بيشتر در اين (?:باره|زمينه)"
    # English
    r"|(?:also read|read(?: also| more| next| too)|see also|watch also|related(?: (?:stories|articles|news"
    r"|coverage|content|reading|links?))?"
    r"|more on this(?: story)?|you (?:may|might) also (?:like|be interested in)|(?:further"
    r"|recommended) reading|recommended(?: for you)?"
    r"|don['’]?t miss|up next|more (?:stories|from us))"
)  # fmt: skip
_MOST_READ = (
    r"الاكثر (?:قراءه|مشاهده|تداولا)|اخر الاخبار|احدث الاخبار|بر ?بازديد ?(?:ترين(?: ?ها)?)?|(?:اخرين"
    r"|تازه ?ترين) (?:اخبار|خبر ?ها)|most (?:read|popular|viewed)|latest news|top stories"
    r"|trending(?: now)?|editors?['’]? picks?"
)
_WEAK_LABELS = r"بخوانيد|ببينيد|شاهد|اقرا|related|watch|read|مرتبط|ذات صله"
_STRONG_LABELS = (
    r"اقر[اوي]{1,3} ?(?:ايضا|المزيد)|(?:طالع|شاهد|تابع)و?ا? ايضا|(?:بيشتر|همجنين|اين(?:ها)? را هم|حتما) (?:بخوانيد|ببينيد)"
    r"|read also|also read|see also"
)
_COLON = r"[^\w\n]*[:：|›»>←→–—-][^\w\n]*"
# After these a whole line that names no more than a headline belongs to another article.
_LABEL_ALONE = re.compile(rf"^\W*(?:{_LABELS}|{_MOST_READ}|{_WEAK_LABELS})\W*$")
_LABEL_AND_HEADLINE = re.compile(rf"^\W*(?:{_LABELS}){_COLON}\w.{{3,220}}$")
# A witness (شاهد) speaks in whole sentences; what is to be watched is a headline.
_WEAK_LABEL_AND_HEADLINE = re.compile(rf"^\W*(?:{_WEAK_LABELS}|{_MOST_READ})\s*[:：|]\s*\w.{{3,220}}$")
_LABEL_NO_COLON = re.compile(rf"^\W*(?:{_STRONG_LABELS})\W+\w.{{3,160}}$")
_TAIL = re.compile(rf"(?<=[.!?؟»”\"])\s*[(\[]?(?P<tail>(?:{_LABELS})\s*[:：].{{3,220}})$")
_TAIL_HINT = re.compile(rf"(?:{_LABELS})\s*[:：]")
_KEYWORDS = re.compile(
    r"^\W*(?:كلمات (?:دلاليه|مفتاحيه|البحث)|الكلمات (?:المفتاحيه|الدلاليه)|الوسوم|وسوم|هاشتا[كغ]"
    r"|كليد ?وازه ?ها|كلمات كليدي|برجسب ?ها"
    r"|tags?|keywords?|filed under|(?:suggested |related )?topics)\s*[:：|]"
)
_KEYWORDS_ALONE = re.compile(_KEYWORDS.pattern.removesuffix(r"\s*[:：|]") + r"\W*$")
_HASHTAGS = re.compile(r"^(?:[^\w#]*#+\w+)+\W*$")
_SHARE = re.compile(
    r"^\W*(?:(?:شارك|شاركنا|مشاركه|شاركها|شاركوا)(?: (?:هذا |هذه )?(?:المقال|المقاله|الخبر|الموضوع|الصفحه))?"
    r"(?: (?:مع|علي|عبر) (?:فيسبوك|فيس بوك|تويتر|واتساب|واتس اب|تلغرام|تيليجرام|منصه|وسائل|مواقع|اصدقائك|الاصدقاء)\b.{0,40})?"
    r"|اشتراك كذاري(?: (?:خبر|مطلب|در)\b.{0,30})?|(?:به اشتراك بكذاريد|(?:ارسال|هم ?رساني) (?:به|براي|در"
    r"|خبر) ?(?:دوستان|تلكرام|واتساب|واتس اب)?)"
    r"|(?:جاب|طباعه|حفظ)(?: (?:خبر|مطلب|صفحه|الخبر|المقال|الصفحه))?|(?:نسخ|كبي) (?:الرابط|لينك)"
    r"|لينك كوتاه(?: خبر)?.{0,60}|نسخ رابط.{0,20}"
    r"|تابعنا(?: (?:علي|عبر)\b.{0,60})?|تابعونا(?: (?:علي|عبر)\b.{0,60})?|اشتراك"
    r"|(?:ما را|خبر ?ها را) در .{2,40} (?:دنبال كنيد|بخوانيد)"
    r"|(?:يمكنكم متابعه|لمتابعه) .{0,40}(?:واتساب|تلغرام|قناتنا).{0,40}"
    r"|share(?: (?:this|on|via|with|article|story)\b.{0,40})?|follow (?:us|our)\b.{0,60}|(?:copy"
    r"|short) link|copy url|save article"
    r"|subscribe(?: (?:now|to our)\b.{0,40})?|tweet(?: this)?|email(?: this.{0,20})?|print(?: this.{0,20})?"
    r"|(?:(?:facebook|twitter|x|whatsapp|telegram|linkedin|instagram|email|pinterest|copy link|فيسبوك"
    r"|فيس بوك|تويتر|واتساب|واتس اب|تلغرام|تلكرام|لينكد ان|توييتر|ايتا|بله|روبيكا|بريد"
    r"|ايميل)\b\W*){2,12})\W*$"
)
_NEWSLETTER = re.compile(
    r"^\W*(?:اشترك|اشتركوا|اشتركي|سجل|سجلوا|انضم|انضموا|لتصلك|ليصلك|احصل|تابعوا?)\b.{0,60}(?:نشرتنا|قناتنا"
    r"|قنواتنا|بريدك|النشره (?:البريديه|الاخباريه|اليوميه))"
    r"|بريدك الالكتروني|^\W*(?:النشره البريديه|نشرتنا (?:البريديه|الاخباريه|اليوميه))\W*$"
    r"|(?:خبرنامه|كانال|ايميل|بيامك).{0,70}(?:شويد|كنيد|ببيونديد|بيونديد)\W*$|^\W*(?:عضويت در خبرنامه"
    r"|خبرنامه(?: روزانه| ما)?)\b.{0,30}$"
    r"|^\W*(?:sign up|subscribe|register|join|get)\b.{0,80}\b(?:newsletters?|briefing|inbox|emails?|alerts"
    r"|whatsapp|telegram)\b"
    r"|^\W*sign up (?:to|for) (?:[^\s.]+ ?){1,6}$|\bsign up here\W*$|^\W*(?:privacy )?notice: newsletters?\b"
    r"|\b(?:in|to|into) your inbox\b|\byour e-?mail address\b|\bour (?:free |daily |weekly |morning ){0,2}newsletters?\b"
)
_COMMENTS = re.compile(
    r"^\W*(?:(?:ال)?تعليقات(?: القراء| الزوار)?|اترك (?:تعليقا?|ردا?)|اضف تعليقا?(?:ك)?|\d+ تعليق(?:ات)?|شاركنا (?:ب)?رايك"
    r"|نظرات(?: (?:كاربران|خوانندكان|شما|مخاطبان))?|ديدكاه ?ها(?:ي (?:كاربران|شما|خوانندكان))?|(?:ارسال"
    r"|ثبت) (?:نظر|ديدكاه)|نظر (?:شما|بدهيد)|\d+ (?:نظر|ديدكاه)"
    r"|(?:(?:readers?['’]?|user) )?comments?|leave a (?:comment|reply)|(?:join|add to) the (?:conversation"
    r"|discussion)|\d+ comments?|post a comment|what do you think)"
    r"\W*\d{0,5}\W*$"
)
_FOOTER = re.compile(
    r"©|\bcopyright\b.{0,40}\b(?:19|20)\d\d|all rights reserved|(?:جميع|كافه|كل) الحقوق محفوظه"
    r"|حقوق (?:النشر|الطبع) (?:محفوظه|©)"
    r"|(?:تمامي?|كليه|همه) حقوق .{0,60}(?:محفوظ|متعلق)|(?:نقل|استفاده از|بازنشر|انتشار) (?:مطالب|محتوا"
    r"|اخبار|خبر) .{0,50}(?:ذكر (?:منبع|نام)|بلامانع)"
    r"|^\W*(?:(?:terms (?:of (?:use|service)|and conditions)|privacy policy|cookie policy|about us"
    r"|contact us|advertise with us|careers|help"
    r"|شروط الاستخدام|سياسه الخصوصيه|من نحن|اتصل بنا|اعلن معنا|درباره ما|تماس با ما|قوانين و مقررات"
    r"|تبليغات|نقشه سايت)(?:\W+|$)){2,}$"
)
_COOKIES = re.compile(
    r"\b(?:we use cookies|this (?:site|website) uses cookies|accept (?:all )?cookies)|(?:يستخدم|نستخدم"
    r"|تستخدم).{0,40}(?:ملفات تعريف الارتباط|الكوكيز)"
    r"|(?:از كوكي|كوكي ?ها).{0,40}(?:استفاده|سايت)"
)
_ADVERTISEMENT = re.compile(
    r"^\W*(?:اعلان(?:ات)?(?: ممول(?:ه)?)?|ماده اعلانيه|محتوي (?:ممول|مدفوع)|اكهي|تبليغات?|ربورتاز اكهي"
    r"|advertisements?|advertising|sponsored(?: content| by.{0,30})?|ads?"
    r"|article continues (?:below|after)(?: (?:this|the))? (?:ad|advertisement)"
    r"|story continues below(?: advertisement)?|(?:يستمر|تتابع) (?:المقال|القراءه) بعد الاعلان)"
    r"(?:\W+(?:scroll (?:down )?to continue|continue reading|تابع القراءه|ادامه مطلب))?\W*$"
)
_CREDIT = re.compile(
    r"^\W*(?:(?:التعليق علي الصوره|توضيح تصوير|image caption)|(?:(?:ص|مص)در الصوره|منبع (?:تصوير|عكس)|image source)\W.{2,40}"
    r"|(?:(?:ال)?(?:صوره|تصوير|مصدر الصوره|عدسه)|عكس(?: از)?|عكاس|منبع عكس|photos?(?: by)?"
    r"|images?(?: credit)?|picture(?: by)?|(?:photo|image"
    r"|picture) credits?)\s*[:：]\s*(?:[^\W\d]+[\W]+){0,5}[^\W\d]+"
    r"|[^/.!?؟:]{0,40}/ ?(?:getty(?: images)?|afp|reuters|epa|ap|shutterstock|ا ف ب|رويترز|الاناضول|غيتي"
    r"|كيتي|ايرنا|ايسنا)|getty images"
    r"|(?:reuters|afp|epa) ?/ ?[^/.!?؟:]{2,40}|(?:\[\d{1,2}/\d{1,2}\]|item \d{1,2} of \d{1,2}\b).{3,300})\W*$"
)
# Who wrote, edited and translated it, as agencies and papers close a report with.
_WRITERS = re.compile(
    r"^\W*(?:(?:additional |with )?(?:reporting|writing|editing)(?: and (?:writing|editing))? by\b.{3,200}"
    r"|(?:كتب(?:ت)?|بقلم|حوار|حاور(?:ه|ها|ته)|اعداد|تحرير|ترجمه|تغطيه صحفيه|نويسنده|خبرنكار|كزارشكر|مترجم|نوشته"
    r"|تهيه(?: و تنظيم)?|written by|author|reporter|translated by) ?[:：/] ?(?:[^\W\d]+\W*){1,7})$"
)
# What a page asks its reader to do, or to say about it.
_CALLS = re.compile(
    r"(?:اضغط|انقر|اضغطوا|انقروا) هنا\W*$|اينجا (?:ببينيد|بخوانيد|كليك كنيد)\W*$|^\W*(?:click|tap) here\b"
    r"|\b(?:click|tap) here\W*$|(?:حملوا?|نزلوا?) (?:ال)?تطبيق|ابليكيشن ما\b|\bdownload (?:the|our) app\b"
    r"|\bopens? in (?:a )?new tab\W*$"
    r"|^\W*(?:كزارش خطا|امتياز دهيد|قيم (?:هذا )?(?:المقال|الخبر)|report (?:a|an) (?:error|mistake|problem).{0,30})\W*$"
)
_FEEDBACK = re.compile(
    r"^\W*هل (?:(?:اعجبك|اعجبتك|استفدت من|افادك) (?:هذا |هذه )?(?:المقال|المقاله|الخبر|المحتوي|الصفحه)"
    r"|وجدت (?:خطا|هذا المقال|هذه الصفحه)|كانت? هذ[اه] (?:المقال|المقاله|الصفحه|المعلومات)).{0,40}$"
    r"|^\W*ايا (?:از )?اين (?:مطلب|خبر|مقاله|كزارش|صفحه) (?:راضي|مفيد|براي شما|را (?:بسند|مفيد)).{0,40}$"
    r"|^\W*(?:was|is) this (?:page|article|story|information) (?:useful|helpful).{0,40}$"
    r"|^\W*did you (?:like|enjoy|find) (?:this (?:page|article|story)|an? (?:error|mistake) ).{0,40}$"
)
# An address, a channel or a counter alone on its line.
_HANDLES = re.compile(r"^(?:[^\w@]*(?:https?://\S+|www\.\S+|t\.me/\S+|@\w+|\S+@\S+\.\w+)[^\w@]*)+$")
_COUNTER = re.compile(r"^\W*[\u2600-\u27bf\U0001f300-\U0001faff]\W*\d[\d.,]*[km]?\W*$")
_TIME_TO_READ = re.compile(
    r"^\W*(?:(?:مده|وقت|زمن) القراءه|زمان (?:مطالعه|خواندن)|reading time|time to read)\W*\d{1,3} ?\w*\W*$"
    r"|^\W*\d{1,3} ?(?:دقائق|دقيقه|دقايق) (?:قراءه|للقراءه|مطالعه|خواندن)\W*$|^\W*\d{1,3}[ -]?min(?:ute)?s?[ -]read\W*$"
)
# How an agency closes a report: what follows is the page's.
_END_MARK = re.compile(r"^\W*(?:انتهي|انتهاي (?:بيام|خبر|كزارش))\W*(?:\d{0,6}\W?\w{0,3})\W*$")
# A box among the text that a reader may pass over, as pages tell those who listen to them.
_SKIP = re.compile(r"^\W*(?:تخطي?|رد شدن از|skip)\b.{2,60}(?:واصل القراءه|ادامه دهيد|continue reading)\W*$")
MENU = frozenset(
    fold(word)
    for word in (
        "أخبار", "الأخبار", "الرئيسية", "القائمة", "مدونة ومقالات", "الطابق العلوي", "عاجل", "سياسة", "اقتصاد",
        "رياضة", "ملخص",
        "الأكثر قراءة", "اتصل بنا", "من نحن", "تسجيل الدخول", "صفحه اصلی", "خانه", "سیاسی", "بین الملل", "تماس با ما",
        "درباره ما", "پربازدید", "آخرین اخبار", "home", "news", "menu", "about us", "contact us", "top stories", "world",
        "login", "log in", "sign in", "most read", "back to top", "العودة إلى الأعلى", "بازگشت به بالا", "ورود",
        "بحث", "جستجو", "search",
        "skip to content", "skip to main content", "تخطي إلى المحتوى", "load more", "المزيد", "بیشتر", "تحميل المزيد",
    )
)  # fmt: skip


# Searching for these first is much faster, and nearly every line has none of them.
_COOKIE_HINTS = ("cook", "كوكي", "كوكيز", "الارتباط")
_NEWSLETTER_HINTS = (
    "نشر", "قنا", "قنوات", "بريد", "خبرنامه", "كانال", "ايميل", "بيامك", "mail", "inbox", "newsletter", "briefing",
    "alerts", "whatsapp",
    "telegram", "sign up",
)  # fmt: skip


_NETWORKS = frozenset(
    fold(name)
    for name in (
        "Facebook", "Twitter", "WhatsApp", "Telegram", "LinkedIn", "Instagram", "Pinterest", "Reddit", "Threads",
        "Bluesky", "Messenger",
        "فيسبوك", "فيس بوك", "تويتر", "واتساب", "واتس اب", "تلغرام", "تيليجرام", "انستغرام", "انستجرام", "لينكد إن",
        "يوتيوب", "YouTube",
        "فیس بوک", "توییتر", "واتس اپ", "واتساپ", "تلگرام", "اینستاگرام", "لینکدین", "ایتا", "بله", "روبیکا", "سروش",
        "آپارات",
    )
) - {fold("بله")}  # fmt: skip


def noise_of(folded: str) -> Reason | None:
    """Return what a line, taken alone, is noise of, if it is."""
    if not words(folded):
        return "no words"
    if folded.strip(" .:|›»«<>-–•*") in MENU:
        return "menu"
    if folded.strip(" .:|•*") in _NETWORKS:
        return "share line"
    if _KEYWORDS.match(folded) or _HASHTAGS.match(folded):
        return "keyword row"
    if len(folded) > 400:
        return None
    if _HANDLES.match(folded) or _COUNTER.match(folded):
        return "share line"
    if _TIME_TO_READ.match(folded):
        return "above the headline"
    if _FEEDBACK.match(folded):
        return "share line"
    if _SKIP.match(folded):
        return "links"
    if _LABEL_AND_HEADLINE.match(folded):
        return "read also"
    if _ADVERTISEMENT.match(folded):
        return "advertisement"
    if any(hint in folded for hint in _COOKIE_HINTS) and _COOKIES.search(folded) and len(folded.split()) <= 40:
        return "advertisement"
    return _unfinished_noise(folded) or ("newsletter" if _is_newsletter(folded) else None)


def _unfinished_noise(folded: str) -> Reason | None:
    """Return what a line without a full stop is noise of; with one it could be a sentence of the article."""
    if FULL_STOP.search(folded):
        return None
    if _SHARE.match(folded) or (len(folded.split()) <= 18 and _CALLS.search(folded)):
        return "share line"
    if _WRITERS.match(folded):
        return "byline"
    if _CREDIT.match(folded):
        return "credit"
    if _WEAK_LABEL_AND_HEADLINE.match(folded) or (_LABEL_NO_COLON.match(folded) and len(folded.split()) <= 22):
        return "read also"
    return None


def is_label(folded: str) -> bool:
    """Tell whether a line only announces other articles: "اقرأ أيضا:", "بیشتر بخوانید", "Related stories"."""
    return len(folded) < 80 and bool(_LABEL_ALONE.match(folded))


def is_end_mark(folded: str) -> bool:
    """Tell whether a line is an agency's mark for the end of a report: انتهى, انتهای پیام/."""
    return len(folded) < 40 and bool(_END_MARK.match(folded))


def opens_skipped_box(folded: str) -> bool:
    """Tell whether a line offers to skip the box that it stands in."""
    return len(folded) < 120 and bool(_SKIP.match(folded))


def is_keyword_label(folded: str) -> bool:
    """Tell whether a line only announces keywords, which stand on the next one."""
    return len(folded) < 40 and bool(_KEYWORDS_ALONE.match(folded))


def opens_comments(folded: str) -> bool:
    """Tell whether a line is the heading over readers' comments."""
    return len(folded) < 60 and bool(_COMMENTS.match(folded))


def is_footer(folded: str) -> bool:
    """Tell whether a line is one of those that close a page: whose it is, and on what terms."""
    count = len(folded.split())
    return count <= 40 and bool(_FOOTER.search(folded)) and (count <= 14 or "©" in folded or not FULL_STOP.search(folded))


def label_tail(line: str) -> str | None:
    """Return the read-also part that stands at the end of a line, behind a whole sentence."""
    if ":" not in line and "：" not in line:
        return None
    folded = spaced(line)
    if not _TAIL_HINT.search(folded) or not (found := _TAIL.search(folded)):
        return None
    # Folding may drop characters (harakat): the tail is found again by its words, counted from the end.
    count = len(found["tail"].split())
    tail = line.split()[-count:] if count < len(line.split()) else []
    return " ".join(tail) if tail and spaced(" ".join(tail)).split() == found["tail"].split() else None


def _is_newsletter(folded: str) -> bool:
    if not any(hint in folded for hint in _NEWSLETTER_HINTS):
        return False
    return len(folded.split()) <= 30 and bool(_NEWSLETTER.search(folded))
