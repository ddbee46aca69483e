"""What became of a model's draft, and the lines that tell the reader so, in three languages."""

from __future__ import annotations

from index.types import KhabarError, Language
from rag.draft import tuning
from rag.phrases import written_count
from rag.types import DraftCount

MODEL_FAILED: dict[Language, str] = {
    "ar": "تعذّر على نموذج اللغة إكمال الجواب ({problem})؛ هذه اقتباسات.",
    "fa": "مدل زبانی پاسخ را به پایان نبرد ({problem})؛ اینها نقل‌قول‌اند.",
    "en": "The language model failed ({problem}); these are quotes.",
}
NOTHING_SUPPORTED: dict[Language, str] = {
    "ar": "لم تسند المقاطع أي جملة من مسودة النموذج؛ هذه اقتباسات.",
    "fa": "هیچ جمله‌ای از پیش‌نویس مدل در بخش‌ها پشتوانه نداشت؛ اینها نقل‌قول‌اند.",
    "en": "The passages support no sentence of the model's draft; these are quotes.",
}
NOTHING_WRITTEN: dict[Language, str] = {
    "ar": "لم يكتب النموذج جوابًا؛ هذه اقتباسات.",
    "fa": "مدل پاسخی ننوشت؛ اینها نقل‌قول‌اند.",
    "en": "The model wrote no answer; these are quotes.",
}
NO_ROOM: dict[Language, str] = {
    "ar": "لا تتسع ذاكرة النموذج للمقاطع؛ هذه اقتباسات.",
    "fa": "بخش‌ها در حافظهٔ مدل جا نمی‌شوند؛ اینها نقل‌قول‌اند.",
    "en": "The passages do not fit into the model's context; these are quotes.",
}
_DROPPED: dict[Language, str] = {
    "ar": "جمل حُذفت من مسودة النموذج لأن المقاطع لا تسندها: {number}.",
    "fa": "جمله‌های حذف‌شده از پیش‌نویس مدل که در بخش‌ها پشتوانه نداشت: {number}.",
    "en": "Sentences of the model's draft left out because no passage supports them: {number}.",
}
_REPLACED: dict[Language, str] = {
    "ar": "جمل من مسودة النموذج حلّت محلها اقتباسات لأن المقاطع لا تسندها: {number}.",
    "fa": "جمله‌های پیش‌نویس مدل که چون در بخش‌ها پشتوانه نداشت نقل‌قول جایشان را گرفت: {number}.",
    "en": "Sentences of the model's draft replaced by quotes because no passage supports them: {number}.",
}


def count_notices(count: DraftCount, language: Language) -> tuple[str, ...]:
    """Return the lines that say how many sentences of a draft were left out or replaced; none where all stand."""
    told = ((_REPLACED, count.replaced), (_DROPPED, count.dropped))
    return tuple(phrase[language].format(number=written_count(number, language)) for phrase, number in told if number)


def failure_notice(error: BaseException, language: Language) -> str:
    """Return the line that says that the model failed, and of what, on one line and without a traceback."""
    problem = error.problem if isinstance(error, KhabarError) else f"{type(error).__name__}: {error}".rstrip(": ")
    return MODEL_FAILED[language].replace("{problem}", " ".join(problem.split())[:tuning.LONGEST_PROBLEM])
