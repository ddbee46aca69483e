"""Which language a text is written in: one of the three, or another one, which is named."""

from __future__ import annotations

import re

from index.text import ZWNJ, fold
from index.tongues import NAMES, other_tongue, script_of
from index.types import LANGUAGES, Language

# Words that one of the two languages uses all the time and the other never writes so; folded spelling.
_PERSIAN_WORDS = frozenset(
    fold(
        "است از در که را این آن با برای شد شده بود کرد کرده گفت چه چرا کی چند کجا کدام آیا چگونه چطور چیست کیست بین "
        "تا هم نیز او ما شما آنها خود دیگر اگر اما ولی یا هر باید نمی می ها های اند هست نیست دارد داد شود کند "
        "خواهد روز سال درباره پس وی پیش"
    ).split()
)
_ARABIC_WORDS = frozenset(
    fold(
        "في من على إلى عن ما ماذا هل متى أين كيف لماذا كم هذا هذه ذلك تلك التي الذي الذين كان كانت قد أن إن لم لن "
        "لا ثم أو بعد قبل مع بين عند منذ حتى وقال قال أي كل هو هي هم بأن لكن غير حول خلال ضد أكد يوم"
    ).split()
) - {"تا"}
_SHARED_WORDS = _PERSIAN_WORDS & _ARABIC_WORDS
_PERSIAN_LETTERS = re.compile("[پچژگ]")
_PERSIAN_KEYS = re.compile("[یک]")
_ARABIC_LETTERS = re.compile("[ةأإٱ]")
_ARABIC_KEYS = re.compile("[يكى]")
_ARABIC_SCRIPT = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN_SCRIPT = re.compile("[A-Za-z\u00c0-\u024f]")
_ANY_WORD = re.compile(rf"[^\W_]+(?:{ZWNJ}[^\W_]+)*")


def detect_language(text: str, default: Language = "en") -> Language:
    """Return the language of `text`, from its script, its letters and its commonest words.

    `default` is the answer where there is no letter of either script (a number, an emoji).
    """
    arabic_script = len(_ARABIC_SCRIPT.findall(text))
    latin_script = len(_LATIN_SCRIPT.findall(text))
    if not arabic_script and not latin_script:
        return default
    if latin_script > arabic_script:
        return "en"
    return "fa" if _persian_evidence(text) > _arabic_evidence(text) else "ar"


# Names by which headers call the three, beside their codes.
_CALLED: dict[str, Language] = {
    "ara": "ar", "arabic": "ar", "arb": "ar", "عربي": "ar", "العربية": "ar", "عربية": "ar", "per": "fa", "fas": "fa",
    "prs": "fa",
    "pes": "fa", "farsi": "fa", "persian": "fa", "dari": "fa", "فارسی": "fa", "فارسي": "fa", "دری": "fa", "eng": "en",
    "english": "en",
}  # fmt: skip
_ARABIC_SCRIPT_TONGUES = frozenset({"ar", "fa", "ckb", "ur", "ps", "ug", "sd", "ku", "bal", "azb", "glk", "mzn", "lrc", "az"})


def tongue_of(text: str, stated: str | None = None, hint: str | None = None) -> str:
    """Return the code of the language of a text, which need not be one of the three.

    What its header states counts, unless the text is of another script; what its page has for a `hint` counts where the text
    itself does not tell.
    """
    code = _code(stated)
    if code and fits_script(code, text):
        return code
    other = other_tongue(text)
    if other:
        return other
    hinted = _code(hint)
    if hinted and fits_script(hinted, text) and (hinted in LANGUAGES or script_of(text) == "LATIN"):
        return hinted
    return detect_language(text)


def language_name(code: str) -> str:
    """Return the English name of a language that is not served."""
    return NAMES.get(code, f"'{code}'")


def _code(stated: str | None) -> str:
    """Return the code that a header or page means: AR-eg, fas, Farsi, ckb; nothing where it is none."""
    called = (stated or "").strip().casefold()
    first = re.split(r"[-_ ]", called)[0]
    if called in _CALLED or first in _CALLED:
        return _CALLED.get(called) or _CALLED[first]
    names = {name.casefold(): code for code, name in NAMES.items()} | {"kurdish": "ku", "sorani": "ckb"}
    return names.get(called, first if first in NAMES or first in LANGUAGES else "")


def fits_script(code: str, text: str) -> bool:
    """Tell whether a language can be written in the script of a text."""
    script = script_of(text)
    if script == "ARABIC":
        return code in _ARABIC_SCRIPT_TONGUES
    if script == "LATIN":
        return code not in {"ar", "fa", "ckb", "ur", "ps", "ru", "he", "uk", "zh", "ja", "ko", "hi", "el", "hy", "ka"}
    return code not in LANGUAGES or not script


def _persian_evidence(text: str) -> float:
    found = [word for word in _ANY_WORD.findall(fold(text)) if word in _PERSIAN_WORDS - _SHARED_WORDS]
    letters = 2.0 * len(_PERSIAN_LETTERS.findall(text)) + 0.5 * len(_PERSIAN_KEYS.findall(text))
    return letters + 2.0 * text.count(ZWNJ) + 2.0 * len(found)


def _arabic_evidence(text: str) -> float:
    found = _ANY_WORD.findall(fold(text))
    common = [word for word in found if word in _ARABIC_WORDS - _SHARED_WORDS]
    definite = [word for word in found if word.startswith("ال") and len(word) > 4]
    letters = 2.0 * len(_ARABIC_LETTERS.findall(text)) + 0.3 * len(_ARABIC_KEYS.findall(text))
    return letters + 2.0 * len(common) + 1.0 * len(definite)
