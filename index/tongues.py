"""The languages that Khabar does not serve: told apart by their letters and their smallest words, and by name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

NAMES = {
    "ckb": "Sorani Kurdish", "ur": "Urdu", "ps": "Pashto", "ug": "Uyghur", "sd": "Sindhi", "tr": "Turkish", "fr": "French",
    "ru": "Russian", "de": "German", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "ku": "Kurdish",
    "kmr": "Kurmanji Kurdish", "az": "Azerbaijani", "id": "Indonesian", "ms": "Malay", "sv": "Swedish", "pl": "Polish",
    "uk": "Ukrainian",
    "bg": "Bulgarian", "tg": "Tajik", "he": "Hebrew", "el": "Greek", "hi": "Hindi", "bn": "Bengali", "zh": "Chinese",
    "ja": "Japanese",
    "ko": "Korean", "hy": "Armenian", "ka": "Georgian", "th": "Thai", "am": "Amharic", "so": "Somali", "sw": "Swahili",
    "bal": "Balochi",
    "uz": "Uzbek", "kk": "Kazakh", "ro": "Romanian", "da": "Danish", "no": "Norwegian", "fi": "Finnish", "cs": "Czech",
    "hu": "Hungarian",
    "vi": "Vietnamese", "sq": "Albanian", "sr": "Serbian", "bs": "Bosnian", "hr": "Croatian", "azb": "Azerbaijani",
    "glk": "Gilaki",
    "mzn": "Mazandarani", "lrc": "Luri", "arc": "Aramaic", "syr": "Syriac", "pa": "Punjabi",
    "und": "a language that it does not know",
}  # fmt: skip
# Letters of the Arabic script that a language writes all the time, and Arabic and Persian never.
_LETTERS = {
    "ckb": frozenset("ەێۆڕڵ"),
    "ur": frozenset("ےںہٹڈڑھۓۂ"),
    "ps": frozenset("ښځڅڼړږېۍګټډ"),
    "ug": frozenset("ۇۈۋڭېە"),
    "sd": frozenset("ٻڀٺٽڄڃڏڌڊڙڦڳڱڻ"),
}
# Small words of the same script, for texts typed on a keyboard without those letters.
_SCRIPT_WORDS = {
    "ur": frozenset("کے کی کا میں ہے ہیں نے سے اور کو پر یہ وہ بھی تھا گیا نہیں ایک کیا جو تک ہو".split()),  # noqa: SIM905
    "ps": frozenset("د په چې کې او له ته دی وو کړی شوي وايي هم پر سره ده نه یې خو دې کړه شي وویل لري کوي شو ډېر".split()),  # noqa: SIM905
    "ckb": frozenset("لە بۆ بە و کە ئەم ئەو لەگەڵ دەکات کرد بوو هەیە سەر نێوان".split()),  # noqa: SIM905
}
_LATIN_WORDS = {
    tongue: frozenset(words.split())
    for tongue, words in {
        "en": "the of to and in a is that for on was with as it by at from he she his her be are has have had an not "
        "this but who will "
        "were which their they said after its been would than when where what how did does do if or up out about into "
        "over more no",
        "fr": "le la les de des du un une et est en que qui dans pour sur par pas au aux avec ce cette ces il elle "
        "ils sont a été ont "
        "son sa ses plus se ne mais ou où après selon dont leur être était fait entre deux l d qu s",
        "de": "der die das und in den von zu mit ist des nicht ein eine einen dem sich auf für im er sie es auch als "
        "an nach wie bei "
        "aus wird wurde werden hat haben dass über zum zur vor sind war einer einem noch durch um",
        "es": "el la los las de del y en que un una es se por con para al lo su sus no más como pero fue ha han este "
        "esta entre "
        "cuando muy sin sobre también hasta desde según son ser años dijo",
        "it": "il lo la i gli le di del della dei che e è un una in per con non si da dal sono ha hanno nel nella "
        "anche come più "
        "al alla ma dopo questo questa tra stato ed suo sua",
        "pt": "o a os as de do da dos das e em que um uma não para com por se no na nos nas mais foi ao à são como mas também "
        "pelo pela após disse entre seu sua é ter foram",
        "nl": "de het een van en in is op te dat die voor met zijn niet aan er om ook als maar bij naar uit door over "
        "werd worden "
        "heeft hebben nog na wordt tot dan deze",
        "tr": "ve bir bu da de için ile olarak olan daha çok en gibi kadar sonra ise ne o değil oldu göre dedi var yok ancak "
        "olduğunu tarafından karşı her iki yeni arasında etti ki",
        "az": "və bir bu da də üçün ilə olan daha çox ən sonra isə nə o deyil oldu görə dedi var yox edib olub tərəfindən ki",
        "kmr": "û li ji bi di de ku ya yên yê wê ew ev jî bo ser ne dike kir bû hat nav gel xwe dibe hate vê her",
        "id": "yang dan di dari untuk dengan ini itu pada tidak akan dalam adalah ke oleh juga telah bahwa mereka ada "
        "kata saat "
        "sebagai karena lebih tersebut atas",
        "sv": "och i att det som en på är av för med den till inte om har de ett han var men så från vid efter under kan",
        "pl": "i w na z do nie się że to jest o po od przez za jak dla ale oraz które który była był przed też tym jego są",
        "so": "iyo ka ku ee in oo la u ah waxaa uu ay si ayaa kale waa mid lagu kala soo",
        "sw": "na ya wa kwa ni katika za la kuwa hii hiyo cha baada alisema yake wake lakini huo watu",
        "ro": "și de la în a cu pe un o nu că este care din pentru au fost mai s-a sunt după prin lui dar",
    }.items()
}
# A letter that a language has and its neighbours have not counts as much as a small word.
_LATIN_LETTERS = {"tr": "ığş", "az": "ə", "de": "ß", "es": "ñ¿¡", "pt": "ãõ", "pl": "łąęśż", "ro": "țșă", "kmr": "êîû"}
_SCRIPTS = {
    "CYRILLIC": "ru", "HEBREW": "he", "GREEK": "el", "DEVANAGARI": "hi", "BENGALI": "bn", "CJK": "zh", "HIRAGANA": "ja",
    "KATAKANA": "ja", "HANGUL": "ko", "ARMENIAN": "hy", "GEORGIAN": "ka", "THAI": "th", "ETHIOPIC": "am", "SYRIAC": "syr",
    "GURMUKHI": "pa",
}  # fmt: skip
_CYRILLIC = (("tg", "ӣӯҷ"), ("kk", "әұөң"), ("uk", "іїєґ"), ("sr", "јљњћђџ"))
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_MARKED_SHARE, _WORD_SHARE, _LATIN_SHARE, _LONG = 0.25, 0.3, 0.15, 25
_LETTERS_OF_WORD = 20
_LETTERS_SEEN = 2_000
_WORDS_SEEN = 400
_LONGEST_SEEN = 200_000


def other_tongue(text: str) -> str:
    """Return the code of the unserved language that a text is surely in, `und` for one that no word tells; else nothing."""
    plain = unicodedata.normalize("NFC", text[:_LETTERS_SEEN]).replace("’", "'")
    found = _WORD.findall(plain.casefold())
    if not found:
        return ""
    script = script_of(plain)
    if script == "ARABIC":
        return _of_arabic_script(found)
    if script == "LATIN":
        return _of_latin_script(found)
    if script == "CYRILLIC":
        return next(
            (tongue for tongue, letters in _CYRILLIC if sum(map(plain.casefold().count, letters)) > len(found) / 20), "ru"
        )
    if script == "CJK" and re.search("[\u3040-\u30ff]", plain):
        return "ja"
    return _SCRIPTS.get(script, "und")


def script_of(text: str) -> str:
    """Return the script that most letters of a text are of, by Unicode's name of it: ARABIC, LATIN, CYRILLIC; or nothing."""
    # A word counts this many letters at most, else one of a thousand outweighs a sentence.
    shown = "".join(word[:_LETTERS_OF_WORD] for word in text[:_LONGEST_SEEN].split()[:_WORDS_SEEN])
    letters = Counter(character for character in shown if character.isalpha())
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[unicodedata.name(letter, "?").split()[0].split("-")[0]] += count
    return scripts.most_common(1)[0][0] if scripts else ""


def marked_words(found: list[str], tongue: str) -> int:
    """Return how many words hold a letter that this language writes, and Arabic and Persian do not."""
    return sum(not _LETTERS[tongue].isdisjoint(word) for word in found)


def _of_arabic_script(found: list[str]) -> str:
    marked = {tongue: marked_words(found, tongue) for tongue in _LETTERS}
    if "ۇ" in "".join(found) and marked["ug"] >= marked["ckb"]:
        marked["ckb"] = 0
    best = max(marked, key=lambda tongue: marked[tongue])
    if marked[best] >= max(2, _MARKED_SHARE * len(found)):
        return best
    own = {
        tongue: sum(word in words or not _LETTERS[tongue].isdisjoint(word) for word in found)
        for tongue, words in _SCRIPT_WORDS.items()
    }
    best = max(own, key=lambda tongue: own[tongue])
    return best if marked[best] and own[best] >= max(2, _WORD_SHARE * len(found)) else ""


def _of_latin_script(found: list[str]) -> str:
    english = sum(word in _LATIN_WORDS["en"] for word in found)
    own = [word for word in found if word not in _LATIN_WORDS["en"]]
    scores = {tongue: float(sum(word in words for word in own)) for tongue, words in _LATIN_WORDS.items() if tongue != "en"}
    for tongue, letters in _LATIN_LETTERS.items():
        scores[tongue] += sum(any(letter in word for letter in letters) for word in own if word not in _LATIN_WORDS[tongue])
    best = max(scores, key=lambda tongue: scores[tongue])
    if scores[best] >= max(2, _LATIN_SHARE * len(found)) and scores[best] > 1.3 * english:
        return best
    return "und" if len(found) >= _LONG and english < 0.04 * len(found) else ""
