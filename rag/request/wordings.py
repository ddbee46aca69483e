"""How requests are worded in Arabic, Persian and English, dialect and colloquial words too."""

from __future__ import annotations

import re

from index.text import ZWNJ, fold
from index.types import Language


def _any(*wordings: str) -> str:
    """Return a pattern of alternatives, each written in any spelling and parted by ` | `, the longest first."""
    found = {fold(part.strip()).replace(ZWNJ, " ") for wording in wordings for part in wording.split("|")}
    return "(?:" + "|".join(re.escape(part).replace(r"\ ", r"\s+") for part in sorted(found, key=len, reverse=True)) + ")"


def _patterns(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+")) for pattern in patterns)


def _told_in(language: Language, text: str) -> dict[str, Language]:
    return dict.fromkeys(_set(text), language)


def _set(text: str) -> frozenset[str]:
    return frozenset(" ".join(fold(part).replace(ZWNJ, " ").split()) for part in text.split("|"))


# What stands alone and asks nothing, with its language: an assent, a greeting, thanks.
UNTOLD: dict[str, Language] = _told_in(
    "en",
    "yes|no|ok|okay|yep|yeah|sure|right|fine|good|great|thanks|thank you|thx|hello|hi|hey|"
    "good morning|please|go on|continue|more",
) | _told_in(
    "ar",
    "نعم|لا|أجل|بلى|تمام|طيب|حسنا|حسنًا|أوكي|اوك|أيوه|ايوا|اه|أه|كلا|شكرا|شكرا لك|شكرا جزيلا|مرحبا|"
    "أهلا|السلام عليكم|صباح الخير|"
    "ماشي|أكيد|صح|كمل|المزيد",
) | _told_in(
    "fa",
    "بله|آره|اره|نه|خیر|باشه|باشد|چشم|خب|خوب|اوکی|اوکیه|مرسی|ممنون|متشکرم|سپاس|سلام|درود|صبح بخیر|"
    "حتما|درسته|ادامه بده|بیشتر",
)
# Words that call somebody and name nobody.
TITLES = _set(
    "mr|mrs|ms|dr|president|minister|prime|foreign|the|sir|السيد|السيدة|الرئيس|رئيس|الوزير|وزير|"
    "الدكتور|آقای|خانم|رئیس|دکتر|وزیر"
)
CONVERSATION = _set(
    "this|that|it|this one|the above|above|them|these|everything|your answer|the answer|"
    "هذا|هذه|ذلك|ده|دا|هاد|هيدا|ما سبق|المقال|المقالة|الخبر|النص|التقرير|الموضوع|هالمقال|هالخبر|"
    "این|اینو|اینا|همین|آن|اون|اونو|مقاله|خبر|متن|مطلب|این رو|همینو|بالا"
)
NO_SUMMARY = tuple(_set("چی|چه|که|کی|چرا"))

_EN_ASK = (
    r"(?:(?:and|so|please|kindly|hey|now|can you|could you|would you|will you|i want you to|i need you to|i'd like you to|"
    r"i want|i need|i'd like) )*"
)
_EN_GIVE = r"(?:(?:give|show|get|write|make|find|tell)(?: me| us)? )"
_EN_LIST = r"(?:list|enumerate|collect|show|give|find|name|quote)(?: me| us)?"
_AR_ASK = (
    "(?:"
    + _any(
        "من فضلك | لو سمحت | لو سمحتي | رجاء | أرجو | أرجوك | ممكن | هل يمكنك | هل تستطيع | هل ممكن |"
        " يمكنك | عايز | عاوز | عايزك | أريد |"
        "أريد منك | أريدك أن | بدي | بدي اياك | أبغى | أبي | بغيت | ودي | أحتاج | أحتاج إلى | يلا | طيب | و"
    )
    + r"\s+)*"
)
_AR_GIVE = "(?:" + _any(
    "أعطني | اعطيني | أعطنا | هات | هاتلي | قدم لي | اكتب لي | اكتب | اعمل لي | اعملي | عطيني | اعرض |"
    " اعرض لي") + r"\s+)?"
_FA_ASK = (
    "(?:"
    + _any(
        "لطفا | خواهشا | خواهش می‌کنم | میشه | می‌شه | می‌شود | می‌توانی | میتونی | می‌تونی | می‌توانید |"
        " ممکنه | ممکن است | بی‌زحمت | یه | یک")
    + r"\s+)*"
)
_FA_OBJECT = r"(?:\s*\b(?:را|رو)\b)?"
_FA_DO = (
    "(?:"
    + _any(
        "کن | کنید | کنین | کنی | بکن | بکنید | بده | بدید | بدهید | بدین | بگو | بگویید | بگید |"
        " بگین | بنویس | بنویسید | بیار | بیاور |"
        "بیاورید | نشان بده | نشون بده | فهرست کن | لیست کن | فهرست کنید | می‌خوام | میخوام | می‌خواهم | میخواهم"
    )
    + ")"
)
_FA_FOR_ME = "(?:" + _any("برایم | برام | برای من | به من | بهم | لطفا") + r"\s+)*"

SUMMARIES = _patterns(
    _EN_ASK +
        r"(?:summari[sz]e|sum up|recap|condense|tl;?dr)(?: of| for me)?(?: (?P<topic>.+?))?(?: for me|"
        r" briefly| please| in .{1,20} sentences)*",
    _EN_ASK + _EN_GIVE +
        r"?(?:an? |the )?(?:short |brief |quick )?(?:summary|recap|gist|tl;?dr)(?: of| on|"
        r" about)?(?: (?P<topic>.+?))?(?: please)?",
    _AR_ASK + _any(
        "لخص | لخصي | لخصوا | لخص لي | لخصلي | لخصي لي | تلخص | تلخص لي | تلخصلي | اختصر | اختصر لي") + r"(?: (?P<topic>.+))?",
    _AR_ASK + _AR_GIVE
    + _any("ملخص | ملخصا | موجز | موجزا | تلخيص | تلخيصا | خلاصة المقال | خلاصة الخبر | خلاصة التقرير")
    + r"(?: (?P<topic>.+))?",
    _FA_ASK + _FA_FOR_ME + _any("خلاصه") + " " + _FA_DO,
    _FA_ASK + r"(?P<topic>.+?)" + _FA_OBJECT + " " + _FA_FOR_ME + _any("خلاصه | تلخیص | جمع‌بندی") + " " + _FA_DO,
    _FA_ASK + _FA_FOR_ME + _any("خلاصه | خلاصه‌ای | خلاصهٔ | چکیده | چکیده‌ای") +
        r"(?:\s+(?:از|درباره|در مورد|كوتاهي از))?\s+(?P<topic>.+?)"
    + _FA_OBJECT + "(?: " + _FA_FOR_ME + _FA_DO + ")?",
    _FA_ASK + _any("خلاصه") + " " + _FA_DO + r" (?P<topic>.+)",
)
# What a topic begins with that only calls it an article.
ARTICLE_WORDS = re.compile(
    r"\s*(?:(?:(?:the|this|that|an?|latest|last|whole|full|entire)\s+)*"
    r"(?:articles?|story|stories|piece|reports?|news|text|page|coverage)(?:\s+(?:on|about|of|"
    r"regarding|concerning|by))?(?!\w)|"
    + r"(?:(?:ان|اون|اين|همين)\s+)?"
    + _any("مقاله | مقاله‌ی | خبر | خبر‌ی | گزارش | متن | مطلب | خبرهای | اخبار | مقاله‌های")
    + r"(?:\s+"
    + _any("مربوط به | درباره | راجع به | در مورد | در باره")
    + r")?(?!\w)|"
    + _any("هذا | هذه | هاد | كل")
    + r"\s+(?=ال)|"
    + r"(?:ل?لل?|ال|ل)?"
    + _any("مقال | مقالة | خبر | نص | تقرير | أخبار | مقالات")
    + r"(?:\s+"
    + _any("عن | حول | بخصوص | بشأن | المتعلق ب | الذي يتحدث عن | اللي عن")
    + r")?(?!\w)|"
    + _any("عن | حول | درباره | در مورد | راجع به | از | about | on | of")
    + r"(?!\w))"
)

_AR_SAID = _any("قال | قالت | قاله | قالته | يقول | تقول | صرح | صرحت | صرح به | بيقول | بتقول | قال به")
_AR_WHAT = _any("ماذا | ما الذي | ما | إيش | ايش | شو | وش | إيه اللي | ايه اللي | شنو | كل ما | ما هو ما")
_AR_ABOUT = _any("عن | حول | بشأن | بخصوص | في شأن | حيال | تجاه | على موضوع | عن موضوع")
_AR_STATEMENTS = _any("تصريحات | أقوال | تصريح | كلام | كلمات | اقتباسات")
_AR_LIST = _any(
    "اذكر | اذكر لي | عدد | عدد لي | اسرد | اسرد لي | أعطني | اعطيني | هات | هاتلي | اعرض | اعرض لي |"
    " قائمة | قائمة ب | اجمع | اجمع لي | أورد |"
    "ما هي | ما | أرني | ورجيني | فرجيني"
)
_AR_ALL = r"(?:(?:" + _any("كل | جميع | كافة | أهم | أبرز | آخر") + r")\s+)?"
_FA_ABOUT = _any("درباره | دربارهٔ | درباره‌ی | راجع به | در مورد | در باره | در خصوص | پیرامون")
_FA_WHAT = _any("چه | چی | چه چیزی | چه چیزهایی | چیا | چی چی")
_FA_SAID = "(?:" + _any("گفت | گفته | گفته است | گفته بود | می‌گوید | میگه | می‌گه | گفتش | اظهار کرد | فرمود") + ")"
_FA_STATEMENTS = _any(
    "اظهارات | گفته‌های | سخنان | حرف‌های | حرفای | حرفهای | صحبت‌های | صحبتای | نقل قول‌های | بیانات | اظهارنظرهای"
)
_FA_ALL = r"(?:" + _any("همه | همه‌ی | همهٔ | تمام | تمامی | کلیه | فهرست | لیست | فهرست همه") + r"\s+)*"

STATEMENTS = _patterns(
    r"(?:and )?what (?:did|has|have|does|do) (?P<person>.{2,40}?) (?:say|said|says)(?: (?:about|on|"
    r"regarding|concerning) (?P<topic>.+))?",
    _EN_ASK +
        r"(?:(?:tell me|show me|list|quote|find|give me) )?(?:everything |"
        r"all )?(?:that )?(?:what )?(?P<person>.{2,40}?) (?:has |had )?(?:said|says)"
    r"(?: (?:about|on|regarding|concerning) (?P<topic>.+))?",
    _EN_ASK + r"(?:" + _EN_LIST + r" )?(?:all |every |any )?(?:of )?(?:the )?(?:latest |recent )?"
    r"(?:statements?|quotes?|quotations?|remarks?|comments?)(?: made)? (?:by|of|from) (?P<person>.{2,40}?)"
    r"(?: (?:about|on|regarding|concerning) (?P<topic>.+))?",
    _EN_ASK + _EN_LIST +
        r" (?:all |every )?(?:of )?(?P<person>.{2,40}?)'s? (?:latest |recent )?(?:statements?|quotes?|"
        r"remarks?|comments?)"
    r"(?: (?:about|on|regarding|concerning) (?P<topic>.+))?",
    r"(?:و)?" + _AR_WHAT + " " + _AR_SAID + r" (?P<person>.{2,40}?) " + _AR_ABOUT + r" (?P<topic>.+)",
    r"(?:و)?" + _AR_WHAT + " " + _AR_SAID + r" (?P<person>.{2,40})",
    r"(?P<person>.{2,40}?) " + _AR_SAID + " " + _any("إيه | ايش | إيش | شو | ماذا | وش | شنو")
    + r"(?: (?:" + _AR_ABOUT + "|" + _any("على | ع") + r") (?P<topic>.+))?",
    _AR_SAID + " " + _any("إيه | ايش | شو") + r" (?P<person>.{2,40}?)(?: " + _AR_ABOUT + r" (?P<topic>.+))?",
    _AR_ASK + "(?:" + _AR_LIST + " )?" + _AR_ALL + _AR_STATEMENTS
    + r" (?P<person>.{2,40}?)(?: " + _AR_ABOUT + r" (?P<topic>.+))?",
    r"(?P<person>.{2,40}?) " + _FA_ABOUT + r" (?P<topic>.+?) " + _FA_WHAT + " " + _FA_SAID + "(?: (?:است|بود))?",
    _FA_ABOUT + r" (?P<topic>.+?)\s*[،,]?\s* (?P<person>\S+(?: \S+)?) " + _FA_WHAT + " " + _FA_SAID + "(?: (?:است|بود))?",
    r"(?P<person>.{2,40}?) " + _FA_WHAT + " " + _FA_SAID + "(?: (?:است|بود))?(?: " + _FA_ABOUT + r" (?P<topic>.+))?",
    _FA_ASK + _FA_ALL + _FA_STATEMENTS + r" (?P<person>.{2,40}?)(?: " + _FA_ABOUT + r" (?P<topic>.+?))?"
    + _FA_OBJECT + "(?: " + _FA_FOR_ME + "(?:" + _FA_DO + "|" + _any("چیست | چیه | چه بود | چی بود | چی بوده") + "))?",
)

_EN_TEXTS = r"(?:articles|article|stories|news stories|news items|news reports|texts)"
_EN_NAMES = (
    r"(?:(?:that |which )?(?:mention|mentions|mentioned|mentioning|name|naming|are about|is about|"
    r"were about|talk about|talks about|"
    r"talking about|speak of|refer to|refers to|discuss|discusses|cover|covers|covering|deal with|about|on|with)|"
    r"(?:are|were) there (?:that mention |mentioning |about |on )|do you have (?:about |on |mentioning ))"
)
_AR_TEXTS = _any(
    "مقال | مقالا | مقالة | مقالات | المقالات | مقالا صحفيا | خبر | خبرا | أخبار | نص | نصا |"
    " من المقالات | من مقال | عدد المقالات")
_AR_NAMES = r"(?:" + _any("التي | الذي | اللي") + r"\s+)?" + _any(
    "تذكر | يذكر | ذكرت | ذكر | بيذكر | بتذكر | ورد فيها | ورد فيه | ورد فيها اسم | يرد فيها |"
    " يرد فيها اسم | تتحدث عن | يتحدث عن | تحدثت عن |"
    "بيحكي عن | بتحكي عن | تتناول | يتناول | تناولت | عن | حول | تشير إلى | يشير إلى | فيها اسم |"
    " فيه اسم | فيها | هناك عن | توجد عن | يوجد عن |"
    "عندك عن | عندكم عن | تذكر اسم | يذكر اسم | ذكر فيها | تذكر فيها"
)
_FA_TEXTS = _any(
    "مقاله | مقاله‌ها | مقاله‌هایی | مقالات | مقاله‌ای | خبر | خبرها | اخبار | مطلب | مطلب‌ها | مطالب |"
    " مقاله‌های | مقالاتی")
_FA_OF = _any("از | به | درباره | دربارهٔ | راجع به | در مورد | در باره | نام | اسم | به نام | از نام | مربوط به")
_FA_NAMES = _any(
    "نام برده است | نام برده‌اند | نام بردند | نام می‌برد | نام می‌برند | نام برده | اسم برده‌اند |"
    " اسم بردن | یاد کرده‌اند | یاد می‌کنند | یاد کرده |"
    "اشاره کرده‌اند | اشاره کرده است | اشاره کرده | اشاره می‌کنند | اشاره دارند | اشاره دارد |"
    " اشاره شده | اشاره شده است | حرف می‌زنند | حرف زده‌اند |"
    "حرف زدن | سخن گفته‌اند | سخن می‌گویند | صحبت کرده‌اند | صحبت می‌کنند | هست | هستند | است |"
    " وجود دارد | وجود دارند | داریم | دارید | داری |"
    "را آورده‌اند | آمده است | آمده | را دارند | نوشته‌اند | نوشته شده | نام برده شده | نام برده شده است"
)
_FA_TIMES = r"جند (?:بار|دفعه|مرتبه)"
_FA_NAMED = _any(
    "نام برده شده | نام برده شده است | اسم برده شده | اسم برده | اشاره شده | اشاره شده است | یاد شده | آمده | آمده است |"
    " اومده | برده شده | تکرار شده | تکرار شده است | ذکر شده | ذکر شده است"
)

ARTICLES = _patterns(
    r"(?:in )?(?:how many|which|what) (?:of the )?" + _EN_TEXTS + r" " + _EN_NAMES + r" (?P<topic>.+?)(?: by name)?",
    r"how many " + _EN_TEXTS +
        r" (?:are|were) there(?: (?:that mention|mentioning|about|on) (?P<topic>.+))?(?: in (?:the|this|"
        r"your) archive)?",
    r"how many " + _EN_TEXTS + r" do you have(?: (?:that mention|mentioning|about|on) (?P<topic>.+))?",
    r"in (?:how many|which) " + _EN_TEXTS +
        r" (?:is|are|was|were|does|do) (?P<topic>.+?) (?:mentioned|named|appear|discussed)",
    r"how (?:many times|often) (?:is|was|are|were|has|have|does|do|did) (?P<topic>.+?)(?: been)?"
    r" (?:mentioned|named|appear|come up|referred to)(?: in (?:the|this|your) (?:archive|articles|news))?",
    r"how (?:many times|often) (?:does|do|did) the (?:archive|articles|news) (?:mention|name) (?P<topic>.+)",
    _EN_ASK +
        r"(?:list|count|show|find|give)(?: me| us)? (?:all |every |the |all the |all of the |"
        r"any )?(?:number of )?" + _EN_TEXTS
    + " " + _EN_NAMES + r" (?P<topic>.+)",
    r"(?:في |ف)?كم (?:عدد )?" + _AR_TEXTS + " " + _AR_NAMES + r" (?P<topic>.+)",
    r"(?:كم|ما) عدد (?:المقالات|الاخبار|النصوص) " + _AR_NAMES + r" (?P<topic>.+)",
    r"(?:و)?كم مره "
    + _any("ذكر | ذكرت | يذكر | تذكر | ورد | وردت | ورد ذكر | ورد اسم | ذكر اسم | يرد اسم | تكرر اسم | جاء ذكر | اتذكر")
    + r" (?P<topic>.+?)(?: في (?:المقالات|الاخبار|الارشيف|الصحف))?",
    r"(?:كم|كم عدد) (?:مقال|مقالا|مقاله|المقالات)(?: (?:في الارشيف|عندك|عندكم|لديك|هناك|يوجد))?",
    r"(?:اي|ايه|ما|ما هي|في اي) (?:المقالات|مقالات|مقال|مقاله) " + _AR_NAMES + r" (?P<topic>.+)",
    _AR_ASK + _any("اذكر | اذكر لي | عدد | اسرد | أعطني | اعطيني | هات | اعرض | قائمة | أرني") + r" " + _AR_ALL
    + r"(?:ال|ب|بال)?(?:مقالات|مقال) " + _AR_NAMES + r" (?P<topic>.+)",
    r"(?:در )?(?:جند ?تا|جند|جه تعداد|كدام|كدوم|جه) " + _FA_TEXTS + r" " + _FA_OF
    + r" (?P<topic>.+?)" + _FA_OBJECT + " " + _FA_NAMES,
    r"(?:نام |اسم )?(?P<topic>.+?) (?:در|توي|تو) (?:جند ?تا|جند|جه تعداد|كدام|كدوم) " + _FA_TEXTS + r"(?: " + _FA_NAMES + ")?",
    r"(?:از|به|درباره|راجع به|در مورد) (?P<topic>.+?) (?:در |توي |تو )?(?:جند ?تا|جند|جه تعداد|كدام|"
    r"كدوم) " + _FA_TEXTS + " " + _FA_NAMES,
    r"(?:(?:نام|اسم|از|به) )?(?P<topic>.+?) " + _FA_TIMES + " " + _FA_NAMED,
    _FA_TIMES + r" (?:(?:از|به|نام|اسم) )+(?P<topic>.+?) " + _FA_NAMED,
    r"(?:جند ?تا|جند|جه تعداد) " + _any("مقاله") + r" (?:داريم|داريد|داري|هست|وجود دارد)(?P<topic>)",
    _FA_ASK + _any("همه | همه‌ی | تمام | فهرست | لیست | فهرست همه") + " " + _any("مقاله‌های | مقالات | مقاله‌هایی که")
    + r"(?: " + _FA_OF + r")? (?P<topic>.+?)(?: " + _FA_NAMES + ")?" + _FA_OBJECT + "(?: " + _FA_FOR_ME + _FA_DO + ")?",
    _FA_ASK + _any("مقاله‌های | مقالات") + r"(?: " + _FA_OF + r")? (?P<topic>.+?)" + _FA_OBJECT + " " + _FA_FOR_ME + _FA_DO,
)

_EN_NEWS = (
    r"(?:(?:main|top|important|key|biggest|major|latest|all|the|any) )*(?:news|events?|headlines|"
    r"developments|stories|articles|reports)"
)
_AR_NEWS = r"(?:" + _any("أهم | أبرز | آخر | كل | جميع") + r"\s+)?(?:ال)?(?:احداث|اخبار|تطورات|مستجدات|مقالات|عناوين|وقايع)"
_FA_NEWS = r"(?:" + _any("مهم‌ترین | مهمترین | همه | همهٔ | تمام | عمده‌ترین | آخرین") + r"\s+)?" + _any(
    "خبرها | خبرهای | اخبار | رویدادها | رویدادهای | اتفاقات | اتفاق‌های | اتفاق‌ها | تحولات |"
    " وقایع | مقاله‌ها | مقاله‌های | مقالات"
)
_EN_TOPIC = r"(?: (?:about|on|in|with|to|of|regarding|from|at|around)? ?(?P<topic>.+?))?"

HAPPENINGS = _patterns(
    r"(?:and |so )?what(?:'s| is| was| has| had| all| else)* (?:happened|happen|happening|happens|"
    r"went on|going on|been happening|new|took place|occurred)" + _EN_TOPIC,
    r"(?:and |so )?what did happen" + _EN_TOPIC,
    r"what (?:was|is|were|are) (?:in )?" + _EN_NEWS + _EN_TOPIC,
    _EN_ASK + r"(?:(?:tell me|show me|give me|list|summari[sz]e|sum up|show|find|tell me about) )?" + _EN_NEWS + _EN_TOPIC,
    r"(?:و)?" + _AR_WHAT + " " + _any("حدث | حصل | جرى | صار | وقع | يحدث | استجد") +
        r"(?: (?:في|ب|مع|ل|بشان|حول)? ?(?P<topic>.+))?",
    _any("حصل | صار | حدث") + " " + _any("إيه | ايش | شو | ماذا | وش") + r"(?: (?:في|ب|مع|بشان|حول)? ?(?P<topic>.+))?",
    _AR_ASK + r"(?:" + _any(
        "ما | ما هي | ماهي | اذكر | اذكر لي | أعطني | اعطيني | هات | لخص | لخص لي | اعرض | اسرد") + r"\s+)?" + _AR_NEWS
    + r"(?: (?:عن|حول|في)? ?(?P<topic>.+))?",
    r"(?P<before>.*?)\s*\b" + _any(
        "چه اتفاقی افتاد | چه اتفاقی افتاده | چه اتفاقاتی افتاد | چه اتفاق‌هایی افتاد | چه شد |"
        " چی شد | چه رخ داد | چه گذشت | چه خبر بود | چه خبر شد |"
        "چه خبرهایی بود | چه رویدادهایی رخ داد | چه خبر | چه اتفاقی رخ داد | چیا شد | چه شده |"
        " چی شده | چه حوادثی رخ داد | چی پیش اومد"
    ) + r"(?: (?:است|بود))?(?: (?:در|براي|با)? ?(?P<topic>.+))?",
    r"(?:چه|جه) (?:اتفاقي|اتفاقاتي|خبري|خبرهايي)\s+(?P<before>.*?)\s*(?:افتاد|افتاده|رخ داد|شد|بود|بوده)(?: (?:است|بود))?",
    _FA_ASK + _FA_NEWS + r"(?: (?:درباره|در باره|راجع به|در مورد)? ?(?P<topic>.+?))??" + _FA_OBJECT
    + "(?: " + _FA_FOR_ME + "(?:" + _FA_DO + "|" + _any("چیست | چه بود | چی بود | کدامند | چه بودند") + "))?",
)
WHO_IS = _patterns(
    r"(?:and |so )?who(?: is|'s| was| are| were) (?P<topic>.+)",
    r"(?:و)?(?:من|مين|منو) (?:هو|هي|هم|هن|كان|كانت|يكون|تكون) (?P<topic>.+)",
    r"(?P<topic>.+?) (?:كيست|كيه|كي ?بود|كي هست|جه كسي (?:است|بود)|كيستند)",
)
# What asks for all that the articles tell of something.
ABOUT = _patterns(
    _EN_ASK + r"(?:tell me|inform me|brief me|fill me in)(?: more| something| everything| all| what you know)?"
    r" (?:about|on) (?P<topic>.+?)(?: please)?",
    r"(?:and )?what (?:else )?(?:do|does|did|can|could) (?:you|we|the (?:articles?|archive|papers?|news|sources?|reports?))"
    r" (?:know|say|tell(?: me| us)?|report|write) (?:about|of|on) (?P<topic>.+)",
    r"(?:and )?what (?:is|was|has been) (?:known|said|reported|written|told) (?:about|of|on) (?P<topic>.+)",
    _EN_ASK + r"(?:is there |do you have |have you )?(?:anything|information|details)(?: new)?"
    r" (?:about|on|regarding) (?P<topic>.+)",
    r"(?:و)?(?:ماذا|ما الذي|ايش|شو|وش) (?:تعرف|تعرفون|نعرف|يعرف|بتعرف|تعلم) (?:عن|حول|بشان) (?P<topic>.+)",
    r"(?:و)?(?:ماذا|ما الذي|ايش|شو|وش) (?:تقول|يقول|قالت|كتبت|ذكرت|ورد في|جاء في) (?:المقالات|الارشيف|الصحف|الاخبار|المصادر)"
    r" (?:عن|حول|بشان|بخصوص) (?P<topic>.+)",
    _AR_ASK + _any("أخبرني | أخبرنا | حدثني | حدثنا | احكي لي | احكيلي | احك لي | قل لي | خبرني | كلمني | عرفني")
    + r"(?: (?:كل شيء|المزيد|اكثر))? (?:عن|حول) (?P<topic>.+)",
    _AR_ASK + _AR_GIVE + r"(?:ال)?(?:معلومات|تفاصيل)(?: اكثر)? (?:عن|حول) (?P<topic>.+)",
    r"(?:و)?(?:ما|ما هي|ايش|شو|وش) (?:قصه|حكايه|قضيه) (?P<topic>.+)",
    _FA_ASK + _FA_FOR_ME + _FA_ABOUT + r" (?P<topic>.+?) " + _FA_FOR_ME
    + _any(
        "بگو | بگویید | بگید | بگین | توضیح بده | توضیح بدهید | توضیح بدید | حرف بزن | چه می‌دانی | چه می‌دانید | چی می‌دونی |"
        "چی میدونی | چی می‌دونید | چه نوشته‌اند | چه نوشته شده | چه نوشته شده است | چه گزارش شده است | چه اطلاعاتی داری |"
        "چه اطلاعاتی دارید | چه اطلاعاتی هست | اطلاعات بده | اطلاعات بدهید"
    ),
    r"(?:مقاله ها|مقالات|خبرها|روزنامه ها) " + _FA_ABOUT + r" (?P<topic>.+?) (?:جه|جي) (?:مي ?گويند|گفته اند|نوشته اند|مي ?گن)",
    r"(?:از|درباره|در مورد) (?P<topic>.+?) (?:جه|جي) (?:مي ?داني|مي ?دانيد|مي ?دوني|مي ?دونيد)",
    _any("ماجرای | قضیه‌ی | قضیه | قصه | داستان | جریان") + r" (?P<topic>.+?) " + _any("چیست | چیه | چه بود | چی بود"),
)
