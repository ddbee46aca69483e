"""Which sentences of an article somebody says: "Trump said", ", said Trump", وقال ترامب إن, ترامپ گفت, به گفتهٔ ترامپ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from index.chunk import split_sentences
from index.text import ZWNJ, fold
from index.types import Article, Language
from rag.request.naming import Naming
from rag.request.wordings import TITLES
from rag.text.instruction import is_instruction
from rag.text.word_list import sentence_words


def _verbs(text: str) -> str:
    return "(?:" + "|".join(sorted(fold(text).replace(ZWNJ, " ?").split("|"), key=len, reverse=True)) + ")"


_SAYING: dict[Language, str] = {
    "en": _verbs(
        "said|says|told|tells|wrote|writes|announced|declared|stated|added|adds|noted|stressed|"
        "warned|warns|argued|insisted|denied|"
        "acknowledged|admitted|confirmed|claimed|complained|promised|pledged|vowed|explained|replied|"
        "answered|suggested|urged|"
        "accused|described|expects|predicted|demanded|rejected|asked"
    ),
    "ar": "[وف]?" + _verbs(
        "قال|قالت|يقول|تقول|ذكر|ذكرت|أعلن|أعلنت|أضاف|أضافت|أكد|أكدت|أفاد|أفادت|صرح|صرحت|أوضح|أوضحت|"
        "أشار|أشارت|كتب|كتبت|أبلغ|أبلغت|كشف|كشفت|"
        "حذر|حذرت|شدد|شددت|اعتبر|اعتبرت|رأى|رأت|توقع|توقعت|نفى|نفت|دعا|دعت|طالب|طالبت|رحب|رحبت|اتهم|"
        "اتهمت|وصف|وصفت|تعهد|تعهدت|تابع|تابعت|"
        "لفت|لفتت|رجح|رجحت|زعم|زعمت|أقر|أقرت|وعد|وعدت|أعرب|أعربت|نقل عن|بحسب|وفق|وفقا ل|مضيفا|استبعد"
    ),
    "fa": _verbs(
        "گفت(?! ?و ?گو)|گفته|گفته بود|گفته است|گفتند|گوید|می‌گوید|میگوید|می‌گویند|اعلام کرد|"
        "اعلام کرده|افزود|افزوده|تأکید کرد|تاکید کرد|اظهار کرد|اظهار داشت|"
        "اظهار امیدواری کرد|بیان کرد|نوشت|نوشته|نوشته بود|هشدار داد|هشدار داده|خواند|توصیف کرد|نامید|"
        "دانست|ادعا کرد|تصریح کرد|خبر داد|خواستار|"
        "وعده داد|رد کرد|تکذیب کرد|تأیید کرد|تایید کرد|متهم کرد|پیش‌بینی کرد|گفته‌اند|می‌داند|"
        "اذعان کرد|ابراز امیدواری کرد|توضیح داد|یادآور شد|نداد و گفت"
    ),
}
_THAT = r"(?<!\w)" + _verbs("إن|أن|إنه|إنها|أنه|أنها|إنهم|أنهم|بأن|بأنه|بأنها|بأنهم") + r"(?!\w)"
# Verbs behind whose subject the name may be whom it is done to: اتهم الموقعون بوتين.
_TAKES_OBJECT = re.compile("[وف]?" + _verbs("اتهم|اتهمت|وصف|وصفت|دعا|دعت|طالب|طالبت|أبلغ|أبلغت|نفى|نفت|حذر|حذرت"))
# A name behind one of these is not who says it.
_NOT_SUBJECT: dict[Language, frozenset[str]] = {
    "en": frozenset(fold("of to with from for by against about on at than between and under after before over s meet "
        "see").split()),
    "ar": frozenset(fold("من إلى مع عن على ضد بين بشأن حول باسم لدى قبل بعد في خلال").split()),
    "fa": frozenset(fold("از به با برای درباره بین میان علیه مورد و توسط نزد سوی").split()),
}
_ACCORDING = re.compile(
    fold(
        r"\b(?:according to|in the words of|[وف]?بحسب|[وف]?حسب|[وف]?وفقا ل|[وف]?وفق|نقلا عن|به ?گفته|"
        r"به نقل از|به ?گزارش)\b\s*"
    )
)
_PRONOUN: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"^\W*(?:he|she)\b"),
    "ar": re.compile(rf"^\W*{_SAYING['ar']}\s+{_THAT}"),
    "fa": re.compile(r"^\W*(?:او|وي)\b"),
}
# Words of a title before a name.
_TITLE = 3
_NEAR: dict[Language, int] = {"en": 6, "ar": 6, "fa": 14}
# A single sentence behind the verb, not a name that only stands in what is said.
_BEHIND = 7
_QUOTED = re.compile("[\"“”«»]")
_CLAUSE_END = re.compile(r"[.;؛!?؟]")


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of an article that somebody says: `article.text[start:end]`."""

    start: int
    end: int


def sayings(article: Article, naming: Naming) -> Iterator[Saying]:
    """Yield the sentences that the named says, in the article's order; those that go on with "he added" among them."""
    before = ""
    spoke = False
    for span in split_sentences(article.text, article.language):
        sentence = article.text[span.start : span.end]
        folded = _spaced(sentence)
        goes_on = _goes_on(folded, article.language) and (spoke or _is_alone(before, naming, article.language))
        spoke = says(folded, naming, article.language) or goes_on
        if spoke and not is_instruction(sentence):
            yield Saying(span.start, span.end)
        before = folded


def _spaced(text: str) -> str:
    return fold(text.replace("’", "'")).replace(ZWNJ, " ")


def says(folded: str, naming: Naming, language: Language) -> bool:
    """Tell whether a folded sentence, its ZWNJs made spaces, is said by the named; where it is not certain, it is not."""
    places = [found.span() for found in naming.pattern.finditer(folded)]
    if not places:
        return False
    source = _ACCORDING.search(folded)
    reads = {"en": _says_in_english, "ar": _says_in_arabic, "fa": _says_in_persian}[language]
    for start, end in places:
        if _is_another(folded, start, language) or _has_preposition(folded[start:end], naming):
            continue
        if source is None or start < source.start():
            if reads(folded, start, end):
                return True
        elif _is_source(folded[source.end() : start]):
            return True
    return False


def _is_source(between: str) -> bool:
    """Tell whether a name stands right behind "according to": of "according to two sources, Trump ..." they are the source."""
    return _words_between(between, 0, len(between)) <= _TITLE and not re.search(r"[،,.;؛:!?؟]", between)


def _words_between(text: str, start: int, end: int) -> int:
    return len(re.findall(r"\w+", text[start:end]))


def _ends_clause(text: str) -> bool:
    return bool(re.search(r"[،,.;؛:!?؟]", text))


def _is_another(folded: str, start: int, language: Language) -> bool:
    """Tell whether the name only belongs to who speaks, or is who is spoken to: Trump's envoy, مبعوث ترامب, با ترامپ."""
    before = re.findall(r"\w+", folded[:start])[-4:]
    if before and before[-1] in _NOT_SUBJECT[language]:
        return True
    related = sentence_words("relational", language)
    near = [word.removeprefix("ال") for word in before[-2:]] if language != "en" else []
    if any(word in related for word in near) and not re.search(r"[،,]\s*$", folded[:start]):
        return True
    if language == "en":
        return folded[start:].split(" ")[0].endswith(("'s", "s'")) or re.match(r"[^\s]*'s\b", folded[start:]) is not None
    return False


def _has_preposition(found: str, naming: Naming) -> bool:
    """Tell whether an Arabic name is written as one with a preposition: لترامب, وبترامب."""
    names = {name for name in naming.names if found.endswith(name.removeprefix("ال"))}
    before = {found.removesuffix(name).removesuffix(name.removeprefix("ال")) for name in names}
    return bool(names) and all(re.search("[بكل]", part.replace("ال", "")) for part in before)


_SAYS = {language: re.compile(rf"(?<!\w){pattern}(?!\w)") for language, pattern in _SAYING.items()}


def _says_in_english(folded: str, start: int, end: int) -> bool:
    after = _SAYS["en"].search(folded, end)
    if after:
        between = folded[end : after.start()]
        if _words_between(folded, end, after.start()) <= _NEAR["en"] and not _QUOTED.search(between) and _apposition(between):
            return True
    before = [found for found in _SAYS["en"].finditer(folded, 0, start)]
    if before and _words_between(folded, before[-1].end(), start) <= _NEAR["en"]:
        between = folded[before[-1].end() : start]
        # ", said the Kremlin's Dmitry Peskov": only at the beginning of a clause, else it is what is said.
        begins = re.search(r"[,\"”]\s*$", folded[: before[-1].start()]) is not None
        return begins and not re.search(r"\b(?:that|he|she|it)\b|,", between)
    return False


def _apposition(between: str) -> bool:
    """Tell whether nothing stands between a name and its verb but a title, a day or an adverb."""
    plain = re.sub(r",[^,]*,", " ", between)
    if "," in plain or _CLAUSE_END.search(plain):
        return False
    foreign = (
        r"\b(?:was|were|is|are|to|that|which|but|while|after|before|official|officials|aide|aides|lawyer|party|team|and)\b"
    )
    return not re.search(foreign, plain)


def _says_in_arabic(folded: str, start: int, end: int) -> bool:
    before = [found for found in _SAYS["ar"].finditer(folded) if found.end() <= start]
    for verb in before[-1:]:
        between = folded[verb.end() : start]
        plain = re.sub(r"،[^،]*،", " ", between)
        near = _words_between(folded, verb.end(), start) <= _BEHIND and "،" not in plain and not _CLAUSE_END.search(between)
        objects = _TAKES_OBJECT.fullmatch(verb[0]) and any(word not in TITLES for word in re.findall(r"\w+", between)[:1])
        if near and not objects and not re.search(_THAT, between) and not _preposed(between, folded[start:end]):
            return True
    # Also the subject first: ترامب قال إن, كان ترامب قد تعهد, أما ترامب فرجح أن.
    behind = _SAYS["ar"].search(folded, end)
    if behind and _words_between(folded, end, behind.start()) <= _TITLE and not _ends_clause(folded[end : behind.start()]):
        head = re.findall(r"\w+", folded[:start])
        return len(head) <= _TITLE or head[-1] in {"وكان", "كان", "اما", "واما"}
    return False


def _preposed(between: str, name: str) -> bool:
    """Tell whether a name behind the verb stands in something else than the subject: قال مسؤول في إدارة ترامب."""
    found = re.findall(r"\w+", between)
    others = any(word in _NOT_SUBJECT["ar"] or word.removeprefix("ال") in sentence_words("relational", "ar") for word in found)
    return others and not _is_office([*found, *name.split()[:-1]])


def _is_office(before: Sequence[str]) -> bool:
    """Tell whether the words before a name are an office and first names: المتحدث باسم البيت الأبيض كارولين (ليفيت).

    The office and whose it is both have the article, and no first name has it; whoever speaks for a president is not he.
    """
    place = max((place for place, word in enumerate(before) if word in _NOT_SUBJECT["ar"]), default=0)
    whose = list(takewhile(_is_definite, before[place + 1 :]))
    names = before[place + 1 + len(whose) :]
    persons = any(word in TITLES or word.removeprefix("ال") in TITLES for word in whose)
    return place > 0 and _is_definite(before[0]) and bool(whose) and bool(names) and not persons


def _is_definite(word: str) -> bool:
    return word.startswith("ال")


def _says_in_persian(folded: str, start: int, end: int) -> bool:
    verb = _SAYS["fa"].search(folded, end)
    if not verb or _CLAUSE_END.search(folded[end : verb.start()]) or ":" in folded[end : verb.start()]:
        return False
    between = re.sub(r"،[^،]*،", " ", folded[end : verb.start()], count=1)
    if _words_between(between, 0, len(between)) > _NEAR["fa"] or re.match(r"\s*(?:را|رو|ها)\b", between):
        return False
    if re.search(r"\b(?:كه|اما|ولي)\b", between):
        return False
    # The subject stands first in its clause: what is before it is at most a title or a time.
    head = re.split(r"[،؛:.]|\b(?:و|اما|ولي|كه)\b", folded[:start])[-1]
    said = _SAYS["fa"].search(folded[:start])
    beside = not _NOT_SUBJECT["fa"].isdisjoint(re.findall(r"\w+", head))
    return said is None and not beside and _words_between(head, 0, len(head)) <= 6


def _goes_on(folded: str, language: Language) -> bool:
    """Tell whether a sentence goes on with what the one of the sentence before says: he added that, وأضاف أن, او افزود."""
    pronoun = _PRONOUN[language].match(folded)
    if pronoun is None:
        return False
    if language == "ar":
        return True
    verb = _SAYS[language].search(folded, pronoun.end())
    return verb is not None and _words_between(folded, pronoun.end(), verb.start()) <= (2 if language == "en" else _NEAR["fa"])


def _is_alone(before: str, naming: Naming, language: Language) -> bool:
    """Tell whether a sentence begins with the named, so that a pronoun behind it can mean nobody else."""
    found = naming.pattern.search(before)
    if found is None or _words_between(before, 0, found.start()) > _TITLE:
        return False
    return not _is_another(before, found.start(), language)
