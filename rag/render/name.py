"""Names and offices of a short answer in another language: what the glossary and CLDR know by one meaning alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale

from index.text import ZWNJ, fold, squash, words
from index.types import Language
from rag.render.number import is_spaced
from rag.text.amount import Token
from rag.text.glossary import Entry, Glossary
from rag.text.match import sounds_of

_LONGEST = 6
PLACES = frozenset({"country", "city", "region"})
NAMES = PLACES | {"person", "office", "body"}
_BODIES = frozenset({"organisation", "group", "party", "agency"})
# Of offices and bodies the glossary has looser words too, for searching: these mean one thing by their first variant.
_OFFICES = frozenset(
    fold(
        "president|vice president|first vice president|former president|president-elect|acting president|prime minister|king|"
        "queen|deputy prime minister|crown prince|foreign minister|deputy foreign minister|defence minister|interior minister|"
        "finance minister|economy minister|oil minister|energy minister|health minister|justice minister|culture minister|"
        "agriculture minister|intelligence minister|minister|ambassador|secretary general|mayor|pope|national security adviser|"
        "national security council|foreign ministry|defence ministry|interior ministry|finance ministry|health ministry|"
        "justice ministry"
    ).split("|")
)
_KNOWN_BODIES = frozenset(
    fold(
        "united nations|nato|european union|european commission|european parliament|iaea|opec|world health organization|"
        "international monetary fund|world bank|world trade organization|world food programme|unicef|unesco|unrwa|unifil|"
        "international court of justice|international criminal court|red cross|arab league|gulf cooperation council|"
        "african union|brics|european central bank|international energy agency|international olympic committee|hamas|"
        "hezbollah|taliban|islamic jihad|fatah|security council|irgc|al-qaeda|likud"
    ).split("|")
)
_MORE_COUNTRIES = {
    "united states": "us|u.s.|usa|america|united states of america|أمريكا|أميركا|الولايات المتحدة الأمريكية|"
    "الولايات المتحدة الأميركية|آمریکا|امریکا|ایالات متحده آمریکا",
    "united kingdom": "uk|u.k.|britain|great britain|بريطانيا|بریتانیا",
    "united arab emirates": "uae|الإمارات العربية المتحدة|امارات",
    "saudi arabia": "المملكة العربية السعودية|عربستان",
    "turkey": "türkiye",
    "bosnia and herzegovina": "bosnia",
}
# Places that the glossary has beside wider ones, for searching.
_MORE_PLACES: tuple[dict[Language, str], ...] = ({"en": "Gaza Strip", "ar": "قطاع غزة", "fa": "نوار غزه"},)
# One word, more than one thing: a state and its capital, a country and a surname, a name and an everyday word.
_MORE_THAN_ONE = frozenset(
    fold(
        "georgia|جورجيا|congo|الكونغو|کنگو|korea|كوريا|کره|jordan|chad|guinea|تونس|الجزائر|الجزایر|عمان|صور|المدينة|الباب|"
        "الرمادي|نور|سراب|بم|سلام|عون|الشرع|شرع|رئيسي|رئیسی|بري|بری|روحانی|ظریف|شاه|may|rice|bush|west|nice|reading|split|"
        "المغرب|west|western|الغرب|غرب|east|الشرق|شرق|north|الشمال|شمال|south|الجنوب|جنوب|مالي|مالی|بنين|بنین|غنا|عباس|موسى|موسی|خليل|خلیل|سنا|قم|ری"
    ).split("|")
)
_SMALL_WORDS = frozenset(fold("of the and bin ibn al el e de da van von for in on").split())
_ARTICLED = frozenset(
    fold(
        "united states|united kingdom|united arab emirates|netherlands|philippines|maldives|bahamas|gambia|united nations|"
        "european union|red cross|taliban|security council|world bank|african union|arab league|white house|kremlin|"
        "oval office|middle east|vatican|west bank|gaza strip|red sea|black sea|dead sea|caspian sea|mediterranean|"
        "persian gulf|suez canal|strait of hormuz|soviet union|czech republic"
    ).split("|")
)
_THE = "ال"
# The head of anything, until a country stands behind it.
_HEAD = fold("رئيس")
_TITLES = frozenset(fold("president king queen prince sheikh الرئيس الملك الأمير الشيخ السلطان سردار ملك رئيس").split())
_INITIALISMS = frozenset(fold("iaea irgc opec nato unicef unesco unrwa unifil brics").split())
_INITIALS = re.compile(r"(?!St|Dr|Mr)[B-DF-HJ-NP-TV-XZ][b-df-hj-np-tv-xz]{1,3}")
_SHORT = 3
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "PS", "HK", "MO"})
_PLAIN_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
_BIG_AFTER = re.compile(r"(?:^|(?<=[\s-]))(?:(mc)(?=\w{4})|(o'))?(\w)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in another language, the token behind it, and what it names: a kind of place, `person`, `office` or `body`."""

    written: str
    last: int
    kind: str


def read_name(
    tokens: Sequence[Token], first: int, text: str, language: Language, into: Language, glossary: Glossary
) -> Name | None:
    """Return the longest name that begins with a token, an office with its country or its holder; None if uncertain."""
    at = first
    article = language == "en" and tokens[at].text == "the" and at + 1 < len(tokens) and is_spaced(tokens[at + 1].gap)
    head = _plain_name(tokens, at + article, text, language, into, glossary)
    if head is None or head.kind != "office":
        return head
    alone = None if tokens[head.last - 1].text == _HEAD else head
    of = language == "en" and head.last < len(tokens) and tokens[head.last].text == "of"
    follower = head.last + of
    if follower >= len(tokens) or not all(is_spaced(token.gap) for token in tokens[head.last : follower + 1]):
        return None if of else alone
    tail = _plain_name(tokens, follower, text, language, into, glossary, after_the=of)
    if tail is None:
        return None if of else alone
    if tail.kind in PLACES and (of or language != "en"):
        written = _office_of(head.written, tail.written, into)
    elif tail.kind == "person" and alone and not of:
        written = f"{head.written.title() if into == 'en' else _definite(head.written, into)} {tail.written}"
    else:
        return alone
    return Name(written, tail.last, "office") if written else None


def finish(name: Name, into: Language) -> str:
    """Return a name as it stands by itself: an Arabic office of one word with its article."""
    is_bare_office = name.kind == "office" and " " not in name.written
    return _definite(name.written, into) if is_bare_office else name.written


def with_article(written: str, into: Language) -> str:
    """Return an English name with the article that it has inside a sentence: the United States."""
    return f"the {written}" if into == "en" and written.lower() in _ARTICLED else written


def _office_of(office: str, place: str, into: Language) -> str | None:
    if into == "en":
        return f"{office} of {with_article(place, into)}"
    if into == "fa":
        return f"{office} {place}"
    first, *rest = office.split()
    if not rest:
        return f"{first.removeprefix(_THE)} {place}"
    # رئيس الوزراء is رئيس وزراء مصر before a country; what has an adjective is said otherwise.
    return f"{first} {rest[0].removeprefix(_THE)} {place}" if len(rest) == 1 and not first.startswith(_THE) else None


def _definite(office: str, into: Language) -> str:
    return f"{_THE}{office}" if into == "ar" and " " not in office and not office.startswith(_THE) else office


def _plain_name(
    tokens: Sequence[Token], first: int, text: str, language: Language, into: Language, glossary: Glossary, *,
    after_the: bool = False,
) -> Name | None:  # fmt: skip
    if after_the and tokens[first].text == "the" and first + 1 < len(tokens):
        first += 1
    for last in range(min(first + _LONGEST, len(tokens) - 1), first, -1):
        read = tokens[first:last]
        if all(is_spaced(token.gap) or token.gap in "-'’." for token in read[1:]):
            known = _known(read, text[read[0].start : read[-1].end], language, into, glossary)
            if known is not None:
                return Name(known[0], last, known[1]) if known else None
    return None


def _known(
    read: Sequence[Token], raw: str, language: Language, into: Language, glossary: Glossary
) -> tuple[str, str] | tuple[()] | None:
    """Return the name and its kind; () where the words name something that is not certain, None where they name nothing."""
    key = " ".join(token.text for token in read)
    country = _countries(language, into).get(key)
    for place in _MORE_PLACES:
        if key in _forms(words(place[language])):
            return place[into], "region"
    meant = _meant(key, [token.text for token in read], language, glossary)
    if not meant and language == "ar" and len(read) == 2:
        # رئيس وزراء is what رئيس الوزراء becomes before a country.
        whole = [read[0].text, f"{_THE}{read[1].text}"]
        meant = [entry for entry in _meant(" ".join(whole), whole, language, glossary) if entry.kind == "office"]
        key = " ".join(whole) if meant else key
    if not meant and not country:
        return None
    if key in _MORE_THAN_ONE or len(meant) > 2:
        return ()
    # Hamas is zeal in Arabic, and a body of news first.
    meant = [entry for entry in meant if entry.kind != "word" or not any(_is_known_body(other) for other in meant)]
    said = {_rendered(entry, key, raw, language, into) for entry in meant}
    if not said and country:
        said = {(country, "country")}
    only = said.pop() if len(said) == 1 else None
    if only and only[1] != "office" and language == "en" and not (raw.isupper() if len(key) <= _SHORT else raw[0].isupper()):
        return ()
    return only or ()


def _meant(key: str, read: Sequence[str], language: Language, glossary: Glossary) -> list[Entry]:
    """Return the entries that have the words as a variant of the language, letter by letter."""
    found = glossary.find(read, language)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(read)):
        return []
    exact = [entry for entry in found[0].entries if key in {form for v in entry.variants[language] for form in _forms(v)}]
    # President Trump is told word by word, that the office is not lost.
    is_titled = len(exact) == 1 and exact[0].kind == "person" and read[0] in _TITLES
    return [] if is_titled and not _is_first(exact[0], key, language) else exact


def _is_first(entry: Entry, key: str, language: Language) -> bool:
    return key in _forms(entry.variants[language][0])


def _forms(variant: Sequence[str]) -> tuple[str, str]:
    joined = " ".join(variant)
    return joined.replace(ZWNJ, " "), joined.replace(ZWNJ, "")


def _rendered(entry: Entry, key: str, raw: str, language: Language, into: Language) -> tuple[str, str] | None:
    written = entry.written
    sources = [_forms(words(variant)) for variant in written[language]]
    if not sources or not written[into] or not written["en"]:
        return None
    english, target = written["en"][0].lower(), written[into][0]
    is_first = key in sources[0]
    kind = _kind(entry, english)
    if kind in PLACES and not is_first and not _is_same_place(entry, english, key, sources):
        return None
    if kind == "office" and not (is_first or (language == "ar" and _without_articles(key) == _without_articles(sources[0][0]))):
        return None
    if kind == "body" and not _is_same_body(english, raw, sources, key, written, language, into):
        return None
    if kind == "person":
        one = _person(key, sources, written[into], into)
        if one is None:
            return None
        target = one
    return (_in_english(target, kind) if into == "en" else target, kind) if kind else None


def _without_articles(office: str) -> str:
    """Return an Arabic office of one or two words without the article of either, which its place in a sentence decides."""
    parts = office.split()
    return " ".join(part.removeprefix(_THE) for part in parts) if len(parts) <= 2 else office


def _kind(entry: Entry, english: str) -> str:
    if entry.kind in PLACES:
        return entry.kind
    if entry.kind == "office":
        return "office" if english in _OFFICES else ""
    if entry.kind in _BODIES or english in _KNOWN_BODIES:
        return "body"
    return "person" if entry.kind == "person" else ""


def _is_known_body(entry: Entry) -> bool:
    return entry.written["en"][:1] != () and entry.written["en"][0].lower() in _KNOWN_BODIES


def _is_same_place(entry: Entry, english: str, key: str, sources: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a later variant is a place's name and neither its adjective nor a part or a surrounding of it."""
    if entry.kind == "country":
        return key in {form for name in _MORE_COUNTRIES.get(english, "").split("|") for form in _forms(words(name))} - {""}
    return entry.kind == "city" and not sounds_of([squash(key)]).isdisjoint(sounds_of([squash(sources[0][0])]))


def _is_same_body(
    english: str, raw: str, sources: Sequence[tuple[str, str]], key: str, written: Mapping[Language, tuple[str, ...]],
    language: Language, into: Language,
) -> bool:  # fmt: skip
    """Tell whether a body is one whose first variants are each other's translation, or sound alike letter by letter."""
    if english in _KNOWN_BODIES:
        return key in sources[0] or (language == "en" and raw.isupper())
    one, other = (sounds_of([squash(written[each][0])]) for each in (language, into))
    return key in sources[0] and not one.isdisjoint(other)


def _person(key: str, sources: Sequence[tuple[str, str]], targets: Sequence[str], into: Language) -> str | None:
    """Return a person's name: the whole for a whole one, the surname for one that sounds like it."""
    if key in sources[0]:
        return targets[0]
    ends = (key.split()[0], sources[0][0].split()[0]), (key.split()[-1], sources[0][0].split()[-1])
    if " " in key and all(one == other or _sounds_like(one, other) for one, other in ends):
        return targets[0]
    length = key.count(" ") + 1
    alike = [name for name in targets if len(words(name)) == length == len(name.split()) and _sounds_like(squash(key), name)]
    return alike[0] if alike else None


def _sounds_like(key: str, name: str) -> bool:
    bare = key.removeprefix(_THE)
    return not sounds_of([key, bare]).isdisjoint(sounds_of([squash(name), squash(name).removeprefix("al")]))


def _in_english(name: str, kind: str) -> str:
    """Return an English name with its capitals, which the glossary leaves out; an office keeps its small letters."""
    if kind == "office" or name != name.lower():
        return name
    if name in _INITIALISMS:
        return name.upper()
    capitals = _BIG_AFTER.sub(lambda match: f"{(match[1] or match[2] or '').capitalize()}{match[3].upper()}", name)
    first, *rest = re.split(r"([\s-])", capitals)
    cased = [first, *(word.lower() if word.lower() in _SMALL_WORDS else word for word in rest)]
    return "".join(word.upper() if _INITIALS.fullmatch(word) else word for word in cased)


@cache
def _countries(language: Language, into: Language) -> dict[str, str]:
    """Return the countries by CLDR's folded name in one language, as it writes them in another; plain names alone."""
    names, targets = Locale.parse(language).territories, Locale.parse(into).territories
    plain = [
        code
        for code, english in Locale.parse("en").territories.items()
        if len(code) == 2 and code not in _NO_COUNTRIES and _PLAIN_NAME.fullmatch(english) and code in names and code in targets
    ]
    return {" ".join(words(names[code])).replace(ZWNJ, " "): str(targets[code]) for code in plain}
