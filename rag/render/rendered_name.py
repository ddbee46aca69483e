"""Names and offices of a short answer in another language: what the glossary and CLDR know by one meaning alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from babel import Locale

from index.text import ZWNJ, fold, squash, words
from index.types import Language
from rag.render import tuning
from rag.render.excerpt import Excerpt, Rendered
from rag.text.certain_number import is_spaced
from rag.text.glossary import Entry, Glossary
from rag.text.match import sounds_of
from rag.text.word_list import rows

PLACES = frozenset({"country", "city", "region"})
NAMES = PLACES | {"person", "office", "body"}
_BODIES = frozenset({"organisation", "group", "party", "agency"})
_THE = "ال"
# The head of anything, until a country stands behind it.
_HEAD = fold("رئيس")
_INITIALS = re.compile(r"(?!St|Dr|Mr)[B-DF-HJ-NP-TV-XZ][b-df-hj-np-tv-xz]{1,3}")
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "PS", "HK", "MO"})
_PLAIN_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
_BIG_AFTER = re.compile(r"(?:^|(?<=[\s-]))(?:(mc)(?=\w{4})|(o'))?(\w)")


def render_name(excerpt: Excerpt, first: int) -> Rendered | None:
    """Return the longest name that begins with a token, an office with its country or its holder; None if uncertain."""
    name = _name(excerpt, first)
    is_bare_office = name is not None and name.kind == "office" and " " not in name.written
    return replace(name, written=_definite(name.written, excerpt.into)) if name and is_bare_office else name


def _name(excerpt: Excerpt, first: int) -> Rendered | None:
    tokens, english = excerpt.tokens, excerpt.language == "en"
    article = english and tokens[first].text == "the" and first + 1 < len(tokens) and is_spaced(tokens[first + 1].gap)
    head = _plain_name(excerpt, first + article)
    if head is None or head.kind != "office":
        return head
    alone = None if tokens[head.last - 1].text == _HEAD else head
    of = english and excerpt.word(head.last) == "of"
    follower = head.last + of
    if follower >= len(tokens) or not all(is_spaced(token.gap) for token in tokens[head.last : follower + 1]):
        return None if of else alone
    tail = _plain_name(excerpt, follower, after_the=of)
    if tail is None:
        return None if of else alone
    if tail.kind in PLACES and (of or not english):
        written = _office_of(head.written, tail.written, excerpt.into)
    elif tail.kind == "person" and alone and not of:
        title = head.written.title() if excerpt.into == "en" else _definite(head.written, excerpt.into)
        written = f"{title} {tail.written}"
    else:
        return alone
    return Rendered(written, tail.last, "office") if written else None


def with_article(written: str, into: Language) -> str:
    """Return an English name with the article that it has inside a sentence: the United States."""
    return f"the {written}" if into == "en" and written.lower() in _listed("articled") else written


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


def _plain_name(excerpt: Excerpt, first: int, *, after_the: bool = False) -> Rendered | None:
    tokens = excerpt.tokens
    if after_the and tokens[first].text == "the" and first + 1 < len(tokens):
        first += 1
    for last in range(min(first + tuning.LONGEST_NAME, len(tokens) - 1), first, -1):
        if all(is_spaced(token.gap) or token.gap in "-'’." for token in tokens[first + 1 : last]):
            known = _known(excerpt, first, last)
            if known is not None:
                return Rendered(known[0], last, known[1]) if known else None
    return None


def _known(excerpt: Excerpt, first: int, last: int) -> tuple[str, str] | tuple[()] | None:
    """Return the name and its kind; () where the words name something that is not certain, None where they name nothing."""
    language, into, glossary = excerpt.language, excerpt.into, excerpt.glossary
    read = [token.text for token in excerpt.tokens[first:last]]
    raw = excerpt.text[excerpt.tokens[first].start : excerpt.tokens[last - 1].end]
    key = " ".join(read)
    country = _countries(language, into).get(key)
    for place in _more_places():
        if key in _forms(words(place[language])):
            return place[into], "region"
    meant = _meant(key, read, language, glossary)
    if not meant and language == "ar" and len(read) == 2:
        # رئيس وزراء is what رئيس الوزراء becomes before a country.
        whole = [read[0], f"{_THE}{read[1]}"]
        meant = [entry for entry in _meant(" ".join(whole), whole, language, glossary) if entry.kind == "office"]
        key = " ".join(whole) if meant else key
    if not meant and not country:
        return None
    if key in _listed("ambiguous") or len(meant) > 2:
        return ()
    # Hamas is zeal in Arabic, and a body of news first.
    meant = [entry for entry in meant if entry.kind != "word" or not any(_is_known_body(other) for other in meant)]
    said = {_rendered(entry, key, raw, language, into) for entry in meant}
    if not said and country:
        said = {(country, "country")}
    only = said.pop() if len(said) == 1 else None
    capital = raw.isupper() if len(key) <= tuning.SHORT_NAME else raw[0].isupper()
    if only and only[1] != "office" and language == "en" and not capital:
        return ()
    return only or ()


def _meant(key: str, read: Sequence[str], language: Language, glossary: Glossary) -> list[Entry]:
    """Return the entries that have the words as a variant of the language, letter by letter."""
    found = glossary.find(read, language)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(read)):
        return []
    exact = [entry for entry in found[0].entries if key in {form for v in entry.variants[language] for form in _forms(v)}]
    # President Trump is rendered word by word, so that the office is not lost.
    is_titled = len(exact) == 1 and exact[0].kind == "person" and read[0] in _listed("title")
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
        return "office" if english in _listed("office") else ""
    if entry.kind in _BODIES or english in _listed("body"):
        return "body"
    return "person" if entry.kind == "person" else ""


def _is_known_body(entry: Entry) -> bool:
    return entry.written["en"][:1] != () and entry.written["en"][0].lower() in _listed("body")


def _is_same_place(entry: Entry, english: str, key: str, sources: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a later variant is a place's name and neither its adjective nor a part or a surrounding of it."""
    if entry.kind == "country":
        return key in _more_countries().get(english, frozenset())
    return entry.kind == "city" and not sounds_of([squash(key)]).isdisjoint(sounds_of([squash(sources[0][0])]))


def _is_same_body(
    english: str, raw: str, sources: Sequence[tuple[str, str]], key: str, written: Mapping[Language, tuple[str, ...]],
    language: Language, into: Language,
) -> bool:  # fmt: skip
    """Tell whether a body is one whose first variants are each other's translation, or sound alike letter by letter."""
    if english in _listed("body"):
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
    if name in _listed("initialism"):
        return name.upper()
    capitals = _BIG_AFTER.sub(lambda match: f"{(match[1] or match[2] or '').capitalize()}{match[3].upper()}", name)
    first, *rest = re.split(r"([\s-])", capitals)
    cased = [first, *(word.lower() if word.lower() in _listed("small") else word for word in rest)]
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


_FILE = "rendered_names.tsv"


@cache
def _listed(name: str) -> frozenset[str]:
    """Return a list of names, folded."""
    return frozenset(fold(listed) for row in rows(_FILE) if row[0] == name for listed in row[1].split(" | "))


@cache
def _more_countries() -> dict[str, frozenset[str]]:
    """Return other names of countries by their English one."""
    found = {row[1]: row[2].split(" | ") for row in rows(_FILE) if row[0] == "country"}
    return {english: frozenset(form for name in names for form in _forms(words(name))) for english, names in found.items()}


@cache
def _more_places() -> tuple[dict[Language, str], ...]:
    """Return places that the glossary has beside wider ones, by language."""
    return tuple({"en": row[1], "ar": row[2], "fa": row[3]} for row in rows(_FILE) if row[0] == "place")
