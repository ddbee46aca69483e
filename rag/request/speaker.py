"""Who speaks: a typed name -> the person or body it means; an article -> the sentences that one says: وقال ترامب إن."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile

from index.chunk import Span, split_sentences
from index.text import ZWNJ, fold, spaced, words
from index.types import Article, Language
from rag.ask.term import Term, terms_of
from rag.request import tuning
from rag.request.naming import Naming
from rag.text.glossary import Glossary
from rag.text.instruction import is_instruction
from rag.text.word_list import sentence_words, word_list, written_words

# Whose words can be told apart: a person's, or those of a body that speaks.
_SPEAKING = frozenset({"person", "organisation", "party", "group", "agency", "outlet", "region"})
_BESIDE_A_PERSON = frozenset({"office", "country", "city", "organisation", "party", "region"})
_POSSESSIVE = re.compile(r"['’]s?\s+\w")
_QUOTED = re.compile("[\"“”«»]")
_CLAUSE_END = re.compile(r"[.;؛!?؟]")
_PAUSE = re.compile(r"[،,.;؛:!?؟]")
_ASIDE = re.compile(r"،[^،]*،")
_ACCORDING = re.compile(
    fold(
        r"\b(?:according to|in the words of|[وف]?بحسب|[وف]?حسب|[وف]?وفقا ل|[وف]?وفق|نقلا عن|به ?گفته|"
        r"به نقل از|به ?گزارش)\b\s*"
    )
)
# English words between a name and a verb of saying that give the verb another subject, or none.
_BETWEEN = re.compile(
    r"\b(?:was|were|is|are|to|that|which|but|while|after|before|official|officials|aide|aides|lawyer|party|team|and)\b"
)


def speaker_of(person: str, language: Language, glossary: Glossary) -> Term | None:
    """Return the one person or body whose words are wanted, or None where that is not certain: the ministry, Trump's lawyer."""
    found = words(person)
    if not found or _POSSESSIVE.search(person) or any(_is_relational(word, language) for word in found):
        return None
    terms = [term for term in terms_of(found, language, glossary) if term.words[0] not in _titles()]
    persons = [term for term in terms if is_person(term)]
    if persons:
        beside = [term for term in terms if term not in persons]
        return persons[0] if len(persons) == 1 and all(_kind(term) in _BESIDE_A_PERSON for term in beside) else None
    if len(terms) == 1 and terms[0].entries:
        return terms[0] if _kind(terms[0]) in _SPEAKING else None
    return _unlisted_person(person, terms, language)


def is_person(term: Term) -> bool:
    """Tell whether the glossary has a term as a person's name."""
    return _kind(term) == "person"


def _kind(term: Term) -> str:
    return term.entries[0].kind if term.entries else ""


def _unlisted_person(person: str, terms: Sequence[Term], language: Language) -> Term | None:
    """Return a name that the glossary lacks: words in capitals, or Arabic letters without an article."""
    if not terms or len(terms) > tuning.UNLISTED_NAME_WORDS or any(term.entries or term.is_light for term in terms):
        return None
    if language == "en" and not all(part[:1].isupper() for part in person.split()):
        return None
    found = [word for term in terms for word in term.words]
    if language != "en" and any(_is_definite(word) and len(word) >= tuning.SHORTEST_WITH_ARTICLE for word in found):
        return None
    # The last word alone is how articles name somebody after the first time.
    return Term((found[-1],), is_name=True)


def sayings(article: Article, naming: Naming) -> Iterator[Span]:
    """Yield the sentences that the named says, in the article's order; those that go on with "he added" among them."""
    before = ""
    spoke = False
    for span in split_sentences(article.text, article.language):
        sentence = article.text[span.start : span.end]
        folded = spaced(sentence.replace("’", "'"))
        goes_on = _goes_on(folded, article.language) and (spoke or _begins_with(before, naming, article.language))
        spoke = _says(folded, naming, article.language) or goes_on
        if spoke and not is_instruction(sentence):
            yield span
        before = folded


def _says(folded: str, naming: Naming, language: Language) -> bool:
    """Tell whether a folded sentence, its ZWNJs made spaces, is said by the named; where it is not certain, it is not."""
    source = _ACCORDING.search(folded)
    has_verb = {"en": _says_in_english, "ar": _says_in_arabic, "fa": _says_in_persian}[language]
    for start, end in (found.span() for found in naming.pattern.finditer(folded)):
        behind = source.end() if source and start >= source.end() else 0
        if _is_beside_speaker(folded[behind:], start - behind, language) or _has_preposition(folded[start:end], naming):
            continue
        if _is_source(folded[behind:start]) if behind else has_verb(folded, start, end):
            return True
    return False


def _is_source(between: str) -> bool:
    """Tell whether a name stands right behind "according to": of "according to two sources, Trump ..." they are the source."""
    return _count(between) <= tuning.TITLE_WORDS and not _PAUSE.search(between)


def _is_beside_speaker(folded: str, start: int, language: Language) -> bool:
    """Tell whether the name only belongs to who speaks, or is who is spoken to: Trump's envoy, مبعوث ترامب, با ترامپ."""
    before = re.findall(r"\w+", folded[:start])[-2:]
    if before and before[-1] in sentence_words("notsubject", language):
        return True
    if language == "en":
        return re.match(r"\S*'s\b|[^ ]*s'(?: |$)", folded[start:]) is not None
    return any(_is_relational(word, language) for word in before) and not re.search(r"[،,]\s*$", folded[:start])


def _has_preposition(found: str, naming: Naming) -> bool:
    """Tell whether an Arabic name is written as one with a preposition: لترامب, وبترامب."""
    names = {name for name in naming.names if found.endswith(name.removeprefix("ال"))}
    before = {found.removesuffix(name).removesuffix(name.removeprefix("ال")) for name in names}
    return bool(names) and all(re.search("[بكل]", part.replace("ال", "")) for part in before)


def _says_in_english(folded: str, start: int, end: int) -> bool:
    after = _verb("en").search(folded, end)
    if after:
        between = folded[end : after.start()]
        if _count(between) <= tuning.NAME_TO_VERB["en"] and not _QUOTED.search(between) and _is_apposition(between):
            return True
    before = [found for found in _verb("en").finditer(folded, 0, start)]
    if before and _count(between := folded[before[-1].end() : start]) <= tuning.NAME_TO_VERB["en"]:
        # ", said the Kremlin's Dmitry Peskov": only at the beginning of a clause, else it is what is said.
        begins = re.search(r"[,\"”]\s*$", folded[: before[-1].start()]) is not None
        return begins and not re.search(r"\b(?:that|he|she|it)\b|,", between)
    return False


def _is_apposition(between: str) -> bool:
    """Tell whether nothing stands between a name and its verb but a title, a day or an adverb."""
    plain = re.sub(r",[^,]*,", " ", between)
    return "," not in plain and not _CLAUSE_END.search(plain) and not _BETWEEN.search(plain)


def _says_in_arabic(folded: str, start: int, end: int) -> bool:
    before = [found for found in _verb("ar").finditer(folded) if found.end() <= start]
    for verb in before[-1:]:
        between = folded[verb.end() : start]
        plain = _ASIDE.sub(" ", between)
        near = _count(between) <= tuning.VERB_TO_ARABIC_NAME and "،" not in plain and not _CLAUSE_END.search(between)
        objects = _is_done_to(verb[0]) and any(word not in _titles() for word in re.findall(r"\w+", between)[:1])
        if near and not objects and not _that().search(between) and not _is_in_another_phrase(between, folded[start:end]):
            return True
    # Also the subject first: ترامب قال إن, كان ترامب قد تعهد, أما ترامب فرجح أن.
    behind = _verb("ar").search(folded, end)
    between = folded[end : behind.start()] if behind else ""
    if behind and _count(between) <= tuning.TITLE_WORDS and not _PAUSE.search(between):
        head = re.findall(r"\w+", folded[:start])
        return len(head) <= tuning.TITLE_WORDS or head[-1] in {"وكان", "كان", "اما", "واما"}
    return False


def _is_in_another_phrase(between: str, name: str) -> bool:
    """Tell whether a name behind the verb stands in something else than the subject: قال مسؤول في إدارة ترامب."""
    found = re.findall(r"\w+", between)
    others = any(word in sentence_words("notsubject", "ar") or _is_relational(word, "ar") for word in found)
    return others and not _is_office([*found, *name.split()[:-1]])


def _is_office(before: Sequence[str]) -> bool:
    """Tell whether the words before a name are an office and first names: المتحدث باسم البيت الأبيض كارولين (ليفيت).

    The office and whose it is both have the article, and no first name has it; whoever speaks for a president is not he.
    """
    place = max((place for place, word in enumerate(before) if word in sentence_words("notsubject", "ar")), default=0)
    whose = list(takewhile(_is_definite, before[place + 1 :]))
    names = before[place + 1 + len(whose) :]
    persons = any(word in _titles() or word.removeprefix("ال") in _titles() for word in whose)
    return place > 0 and _is_definite(before[0]) and bool(whose) and bool(names) and not persons


def _is_definite(word: str) -> bool:
    return word.startswith("ال")


def _says_in_persian(folded: str, start: int, end: int) -> bool:
    verb = _verb("fa").search(folded, end)
    if not verb or _CLAUSE_END.search(folded[end : verb.start()]) or ":" in folded[end : verb.start()]:
        return False
    between = _ASIDE.sub(" ", folded[end : verb.start()], count=1)
    if _count(between) > tuning.NAME_TO_VERB["fa"] or re.match(r"\s*(?:را|رو|ها)\b", between):
        return False
    if re.search(r"\b(?:كه|اما|ولي)\b", between):
        return False
    # The subject stands first in its clause: what is before it is at most a title or a time.
    head = re.split(r"[،؛:.]|\b(?:و|اما|ولي|كه)\b", folded[:start])[-1]
    said = _verb("fa").search(folded[:start])
    beside = not sentence_words("notsubject", "fa").isdisjoint(re.findall(r"\w+", head))
    return said is None and not beside and _count(head) <= tuning.WORDS_BEFORE_PERSIAN_NAME


def _goes_on(folded: str, language: Language) -> bool:
    """Tell whether a sentence goes on with what the one of the sentence before says: he added that, وأضاف أن, او افزود."""
    pronoun = _pronoun(language).match(folded)
    if pronoun is None or language == "ar":
        return pronoun is not None
    verb = _verb(language).search(folded, pronoun.end())
    return verb is not None and _count(folded[pronoun.end() : verb.start()]) <= tuning.PRONOUN_TO_VERB[language]


def _begins_with(before: str, naming: Naming, language: Language) -> bool:
    """Tell whether a sentence begins with the named, so that a pronoun behind it can mean nobody else."""
    found = naming.pattern.search(before)
    if found is None or _count(before[: found.start()]) > tuning.TITLE_WORDS:
        return False
    return not _is_beside_speaker(before, found.start(), language)


def _count(text: str) -> int:
    return len(re.findall(r"\w+", text))


def _is_relational(word: str, language: Language) -> bool:
    related = sentence_words("relational", language)
    return word in related or word.removeprefix("ال") in related


def _titles() -> frozenset[str]:
    return word_list("request_words.tsv", "title")


@cache
def _verb(language: Language) -> re.Pattern[str]:
    """Return the pattern of a verb of saying; a word that begins a listed verb of two (اعلام کرد) is none by itself."""
    further = [word.replace("+", " ") for word in written_words("sentence_words.tsv", "attribution", language)]
    plain = written_words("sentence_words.tsv", "report", language)
    plain = [word for word in plain if not any(longer.startswith(f"{word} ") for longer in further)]
    prefix = "[وف]?" if language == "ar" else ""
    return re.compile(rf"(?<!\w){prefix}{_any([*plain, *further])}(?!\w)")


def _any(listed: Sequence[str]) -> str:
    folded = sorted({fold(word).replace(ZWNJ, " ?") for word in listed}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(f"{word}(?! ?و ?كو)" if word == "كفت" else word for word in folded) + ")"  # گفت‌وگو is a talk


@cache
def _that() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any(written_words('sentence_words.tsv', 'that', 'ar'))}(?!\w)")


@cache
def _pronoun(language: Language) -> re.Pattern[str]:
    """Return the pattern of a beginning that means whoever spoke before; Arabic leaves the pronoun out."""
    arabic = rf"^\W*{_verb('ar').pattern}\s+{_that().pattern}"
    return re.compile({"en": r"^\W*(?:he|she)\b", "ar": arabic, "fa": r"^\W*(?:او|وي)\b"}[language])


@cache
def _done_to() -> re.Pattern[str]:
    return re.compile("[وف]?" + _any(written_words("sentence_words.tsv", "takesobject", "ar")))


def _is_done_to(verb: str) -> bool:
    """Tell whether a name behind the subject of a verb may be whom it is done to: اتهم الموقعون بوتين."""
    return _done_to().fullmatch(verb) is not None
