"""What `khabar index` tells of files, in the page's languages: each reason by its kind, and what can be done about it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.types import Language

# By the kind of a Problem: how the reason reads and what to do, in Arabic and in Persian. English has the report's own words.
_REASONS: Mapping[str, Mapping[Language, tuple[str, str]]] = {
    "too large": {
        "ar": ("أكبر من الحد", "قسّمه، أو ارفع الحد (KHABAR_MAX_MB أو KHABAR_UNPACKED_MB)"),
        "fa": ("بزرگ‌تر از اندازهٔ مجاز", "آن را چند بخش کنید یا اندازه را بالا ببرید (KHABAR_MAX_MB یا KHABAR_UNPACKED_MB)"),
    },
    "empty": {"ar": ("فارغ", "ضع نص المقال فيه أو احذفه"), "fa": ("خالی", "متن مقاله را در آن بگذارید یا حذفش کنید")},
    "encoding": {
        "ar": ("ترميز الحروف", "احفظه بترميز UTF-8"),
        "fa": ("کدگذاری نویسه‌ها", "آن را با کدگذاری UTF-8 ذخیره کنید"),
    },
    "binary": {
        "ar": ("ملف لا نص فيه", "احفظ نصه بترميز UTF-8 أو احذفه"),
        "fa": ("پروندهٔ بی‌متن", "متنش را با UTF-8 ذخیره یا حذفش کنید"),
    },
    "broken": {
        "ar": ("تالف", "احفظه من جديد أو بصيغة ‎.txt"),
        "fa": ("خراب", "از نو یا با پسوند ‎.txt ذخیره‌اش کنید"),
    },
    "no text": {
        "ar": ("لا نص مقال فيه", "احفظ نص المقال بصيغة ‎.txt"),
        "fa": ("بی متن مقاله", "متن مقاله را با پسوند ‎.txt ذخیره کنید"),
    },
    "same name": {
        "ar": ("اسم سبق لمقال آخر", "أعطه اسمًا آخر"),
        "fa": ("نامی که مقالهٔ دیگری دارد", "نام دیگری به آن بدهید"),
    },
    "date": {
        "ar": ("تاريخ غير مفهوم", "اكتب التاريخ مثل ‎2025-10-21"),
        "fa": ("تاریخ نامفهوم", "تاریخ را مانند ۱۴۰۴/۷/۲۹ بنویسید"),
    },
    "link": {
        "ar": ("رابط إلى خارج المجلد", "فهرس المجلد الذي يشير إليه باسمه"),
        "fa": ("پیوندی به بیرون از پوشه", "پوشه‌ای را که به آن می‌رسد، با نام خودش نمایه کنید"),
    },
    "locked": {"ar": ("مقفل بكلمة سر", "احفظه بلا كلمة سر"), "fa": ("قفل‌شده با گذرواژه", "بدون گذرواژه ذخیره‌اش کنید")},
    "scanned": {
        "ar": ("صفحات مصورة", "ثبّت برنامج tesseract بلغات ara وfas وeng"),
        "fa": ("صفحه‌های اسکن‌شده", "برنامهٔ tesseract را با زبان‌های ara، fas و eng نصب کنید"),
    },
    "wrong kind": {
        "ar": ("نوع غير ما يقوله الاسم", "أعطه لاحقة نوعه"),
        "fa": ("نوعی جز آنچه نامش می‌گوید", "پسوند نوع خودش را به آن بدهید"),
    },
    "not read": {
        "ar": ("نوع لا يُقرأ", "احفظ ما فيه من مقال بصيغة ‎.txt أو ‎.html أو ‎.pdf"),
        "fa": ("نوعی که خوانده نمی‌شود", "اگر مقاله‌ای در آن است، با پسوند ‎.txt یا ‎.html یا ‎.pdf ذخیره کنید"),
    },
    "memory": {
        "ar": ("يتطلب ذاكرة كثيرة", "قسّمه، أو ارفع KHABAR_READ_MEMORY_MB"),
        "fa": ("حافظهٔ زیادی می‌خواهد", "آن را چند بخش کنید یا KHABAR_READ_MEMORY_MB را بالا ببرید"),
    },
    "time": {
        "ar": ("يتطلب وقتًا طويلًا", "قسّمه، أو ارفع KHABAR_READ_SECONDS"),
        "fa": ("زمان زیادی می‌خواهد", "آن را چند بخش کنید یا KHABAR_READ_SECONDS را بالا ببرید"),
    },
    "crash": {
        "ar": ("تعطل قارئه", "احفظه من جديد أو بصيغة ‎.txt"),
        "fa": ("خواننده‌اش از کار افتاد", "از نو یا با پسوند ‎.txt ذخیره‌اش کنید"),
    },
    "nested": {
        "ar": ("متداخل أكثر مما يُقرأ", "فك ضغطه، أو احفظ نصه بصيغة ‎.txt"),
        "fa": ("بیش از اندازه تودرتو", "خودتان بازش کنید، یا متنش را با پسوند ‎.txt ذخیره کنید"),
    },
    "changing": {
        "ar": ("كُتب أثناء القراءة", "شغّل khabar index من جديد"),
        "fa": ("هنگام خواندن تغییر کرد", "khabar index را دوباره اجرا کنید"),
    },
    "language": {
        "ar": ("بلغة لا يقرؤها خبر", "أخرجه من المجلد، أو اكتب لغته في رأسه إن كان هذا خطأ"),
        "fa": ("به زبانی که خبر نمی‌خواند", "از پوشه بیرونش ببرید، یا اگر اشتباه است زبانش را در سرآیند بنویسید"),
    },
    "letters": {
        "ar": ("حروف تالفة", "صدّره من جديد بترميز UTF-8"),
        "fa": ("نویسه‌های آسیب‌دیده", "دوباره با کدگذاری UTF-8 خروجی بگیرید"),
    },
    "list page": {
        "ar": ("قائمة مقالات", "احفظ الصفحات التي تشير إليها"),
        "fa": ("فهرست مقاله‌ها", "صفحه‌هایی را که به آن‌ها می‌رسد ذخیره کنید"),
    },
    "unreadable": {
        "ar": ("لا يُفتح", "تأكد من وجوده ومن أذوناته"),
        "fa": ("باز نمی‌شود", "ببینید هست و اجازهٔ خواندنش را دارید"),
    },
    "attached": {
        "ar": ("مرفقات رسائل", "احفظ المرفق إلى جانب الرسالة"),
        "fa": ("پیوست‌های نامه", "پیوست را کنار نامه ذخیره کنید"),
    },
    "disk": {
        "ar": ("لا مكان على القرص", "أفرغ مكانًا، ثم شغّل khabar index من جديد"),
        "fa": ("جایی روی دیسک نیست", "جا باز کنید و khabar index را دوباره اجرا کنید"),
    },
    "header": {
        "ar": ("رأس غير مفهوم", "اكتب كل سطر منه هكذا: ‎key: value، واختمه بسطر ‎---"),
        "fa": ("سرآیند نامفهوم", "هر سطرش را به شکل ‎key: value بنویسید و با سطر ‎--- ببندید"),
    },
    "": {
        "ar": ("أسباب أخرى", "شغّل khabar index لترى السبب"),
        "fa": ("دلیل‌های دیگر", "برای دیدن دلیل khabar index را اجرا کنید"),
    },
}
# Remedies of their own, by how the report's begin; the others are their kind's.
_REMEDIES: Mapping[str, Mapping[Language, str]] = {
    "tell with --columns": {
        "ar": "اذكر عمود النص: ‎--columns text=NAME",
        "fa": "بگویید متن در کدام ستون است: ‎--columns text=NAME",
    },
    "save what is attached": {"ar": "احفظ المرفق ملفًا قائمًا بذاته", "fa": "پیوست را جداگانه ذخیره کنید"},
    "fetch": {"ar": "أعد تنزيله", "fa": "دوباره دریافتش کنید"},
    "get it anew": {"ar": "أعد تنزيله أو صحح اسمه", "fa": "دوباره دریافتش کنید یا نامش را درست کنید"},
    "save the pages": {"ar": "احفظ الصفحات التي تشير إليها", "fa": "صفحه‌هایی را که به آن‌ها می‌رسد ذخیره کنید"},
    "correct it": {"ar": "صحح التاريخ", "fa": "تاریخ را درست کنید"},
    "take it out": {"ar": "أخرجه من المجلد", "fa": "از پوشه بیرونش ببرید"},
    "export it": {"ar": "صدّره من جديد", "fa": "دوباره خروجی بگیرید"},
    "save it as .docx or .xlsx without": {
        "ar": "احفظه بصيغة ‎.docx أو ‎.xlsx بلا كلمة سر",
        "fa": "با پسوند ‎.docx یا ‎.xlsx بی گذرواژه ذخیره‌اش کنید",
    },
    "unpack it": {"ar": "فك ضغطه بنفسك", "fa": "خودتان بازش کنید"},
    "remove it": {"ar": "احذفه", "fa": "حذفش کنید"},
}
_SAVE_AS: Mapping[Language, str] = {"ar": "احفظه بصيغة ‎{suffix}", "fa": "با پسوند ‎{suffix} ذخیره‌اش کنید"}
_ONE_SUFFIX = re.compile(r"\b(?:save it|export it|pack it) as (\.\w+)$")
_UNREAD_SUFFIX: Mapping[Language, str] = {
    "ar": "‎{suffix}: لا يُقرأ",
    "fa": "‎{suffix}: خوانده نمی‌شود",
}


def reason_in_words(kind: str, suffix: str | None, title: str, remedy: str) -> dict[Language, tuple[str, str]]:
    """Return how a reason of the report reads and what can be done about it, in three languages.

    `title` and `remedy` are the report's own words; a kind that is not known here is told as another reason.
    """
    told: dict[Language, tuple[str, str]] = {"en": (title, remedy)}
    one = _ONE_SUFFIX.search(remedy)
    own = next((words for start, words in _REMEDIES.items() if remedy.startswith(start)), {})
    for language, (reason, what) in _REASONS.get(kind, _REASONS[""]).items():
        named = _UNREAD_SUFFIX[language].format(suffix=suffix) if suffix else reason
        saved = _SAVE_AS[language].format(suffix=one[1]) if one and kind == "not read" else None
        told[language] = named, saved or own.get(language, what)
    return told


def is_translated(kind: str) -> bool:
    """Tell whether a kind of reason has words of its own in Arabic and Persian."""
    return kind in _REASONS
