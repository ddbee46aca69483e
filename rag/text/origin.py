"""Where a report comes from: the news agency or outlet that an article says it took it from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from index.chunk import split_sentences
from index.text import ZWNJ, fold, squash, words
from index.types import LANGUAGES, Article, Language
from rag.text import tuning
from rag.text.amount import Token, tokens_of
from rag.text.match import sound_alike, sounds_of
from rag.text.word_list import rows
from rag.types import Evidence

_COLUMNS: tuple[Language, ...] = ("en", "ar", "fa")
# Short names that mean an agency only where a byline stands; the glossary has the long ones.
BYLINE_NAMES = {
    "ap": "associated press", "spa": "saudi press agency", "ا ف ب": "afp", "اف ب": "afp", "ا ب": "associated press",
    "وفا": "wafa", "قنا": "qna", "ارنا": "irna", "فارس": "fars news agency", "مهر": "mehr news agency", "ايسنا": "isna",
}  # fmt: skip
# Folded below: what stands right before the name of a source, with the words that say what it is, and right after it.
_BEFORE = re.compile(
    fold(
        r"(?:^|[\s(])و?(?:according to|reported by|told|quoting|citing|quoted by|cited by|via|source ?:|نقلا عن|نقلت|نقل عن|"
        r"نقلته|حسبما (?:أوردت|أفادت|ذكرت|نقلت)|بحسب|حسب|وفقا ل|وفق|ذكرت|ذكر|أفادت|أوردت|قالت|كشفت|كشف|نشرت|نشرته|أبلغ|"
        r"المصدر ?:|"
        r"به نقل از|به گزارش|به نوشته|به گفته|منبع ?:) ?"
        r"(?:(?:the|شبكة|صحيفة|موقع|قناة|وكالة|وكالة أنباء|مجلة|خبرگزاری|شبکه|روزنامه|وبگاه|پایگاه|پایگاه خبری) )*$"
    )
)
_AFTER = re.compile(
    fold(
        r"^[,،]? ?(?:reported|reports|said|says|quoted|cited|has learned|wrote|نقلت|ذكرت|أفادت|أوردت|عن مصدر|"
        r"عن مسؤول\w*|عن مصادر|"
        r"گزارش (?:داد\w*|داده|کرد\w*|می ?دهد)|نوشت\w*|خبر داد\w*|اعلام کرد|گفت\w*|به نقل از)\b"
    )
)
# Told to an outlet: the Arabic preposition is written with its name, or with what it is.
_TOLD = frozenset(fold("لوكالة لصحيفة لموقع لقناة لشبكة لمجلة").split())
_AGENCY: dict[Language, re.Pattern[str]] = {
    "ar": re.compile(
        fold(r"(?<!\w)[وفب]?ل?(?:ل|ال)?وكالة (?:أنباء )?") + r"(?P<name>\w+)" + fold("(?: (?:للأنباء|الإخبارية))?")
    ),
    "fa": re.compile(fold(r"(?<!\w)خبرگزاری ") + r"(?P<name>\w+)"),
    "en": re.compile(r"(?<!\w)(?:the )?(?P<name>\w+(?: \w+)?) (?:news|press) agency"),
}
_LABELS = frozenset(fold("wire news agency press the وكالة أنباء للأنباء صحيفة جريدة خبرگزاری روزنامه تارنمای").split())
_NO_NAMES = frozenset(
    fold(
        "أنباء الأنباء للأنباء رسمية محلية دولية خاصة الطاقة الاستخبارات الفضاء المخابرات های رسمی ها the a state"
    ).split()
)
# Rows of the glossary that name a kind of outlet rather than one.
KINDS_OF_OUTLET = frozenset(
    {
        "state media", "media", "social media", "newspaper", "news agency", "website", "broadcast", "television", "radio",
        "interview", "report", "news", "article", "source", "documentary", "photo", "disinformation", "propaganda",
        "censorship", "press freedom", "unian", "iran newspaper",
    }
)  # fmt: skip
_BYLINE_PARTS = re.compile(r"[()\[\]\-–—:|/،,\n.]")
_CREDITED = re.compile(fold(r"^(?:نقلا عن|المصدر|source|via|منبع|به نقل از|بقلم|by) ?"))


@dataclass(frozen=True, slots=True)
class Origin:
    """A source: a key that is the same in all three languages, and its name as it may be shown in each."""

    key: str
    names: Mapping[Language, str]

    def name(self, language: Language) -> str:
        """Return the source's name in a language, else as an article writes it."""
        return self.names.get(language) or next(iter(self.names.values()))

    def is_same(self, other: Origin) -> bool:
        """Tell whether two sources are one, a name unknown to the glossary by its consonants."""
        if self.key == other.key:
            return True
        across = self.key.isascii() != other.key.isascii()
        return across and sound_alike(sounds_of([self.key]), sounds_of([other.key]), across_scripts=True)


def origin_of(evidence: Evidence) -> Origin | None:
    """Return the agency or outlet that a quote, else its article's byline, says the report is from; None if it names none.

    An article's own outlet is no origin to speak of: "told Northgate Wire" in Northgate Wire.
    """
    article = evidence.passage.article
    found = _cited(evidence.quote, article.language) or byline_origin(article)
    own = outlet_origin(article)
    return None if found is None or (own is not None and found.is_same(own)) else found


def outlet_origin(article: Article) -> Origin | None:
    """Return an article's own outlet as a source."""
    if not article.outlet:
        return None
    found = _named(tokens_of(article.outlet))
    whole = [origin for origin, start, end in found if end - start >= len(tokens_of(article.outlet)) - 1]
    if whole:
        return whole[0]
    # "Harbour News Agency" and وكالة الميناء are known by the one word that is a name.
    named = [word for word in words(article.outlet) if word not in _LABELS] or words(article.outlet)
    key = re.sub("^ال", "", squash("".join(named)))
    return Origin(key, {article.language: article.outlet})


def same_origin(one: Evidence, other: Evidence) -> Origin | None:
    """Return the one source that both quotes go back to; None where they are two, or where it is not told."""
    mine, theirs = origin_of(one), origin_of(other)
    if (mine is None) != (theirs is None):
        # A short name in brackets is a source where the other report shows that it is one.
        mine = mine or _bracketed(one.passage.article, theirs)
        theirs = theirs or _bracketed(other.passage.article, mine)
    own, their_own = outlet_origin(one.passage.article), outlet_origin(other.passage.article)
    if mine and theirs and mine.is_same(theirs):
        return mine
    if mine and their_own and theirs is None and mine.is_same(their_own):
        return mine
    if theirs and own and mine is None and theirs.is_same(own):
        return theirs
    return None


def _bracketed(article: Article, known: Origin | None) -> Origin | None:
    """Return a known source if the beginning of an article has its bare name in brackets."""
    pieces = re.findall(r"\(([^()]{2,40})\)", article.text[: tuning.BYLINE_HEAD])
    return known if known and any(squash(piece) == squash(known.key) for piece in pieces) else None


@lru_cache(maxsize=4_096)
def _cited(text: str, language: Language) -> Origin | None:
    """Return the source that a sentence cites: a name beside words that cite, or one that is told something."""
    tokens = tokens_of(text)
    for origin, start, end in sorted([*_named(tokens), *_unlisted(text, tokens, language)], key=lambda found: found[1]):
        before = fold(text[: tokens[start].start]).replace(ZWNJ, " ").rstrip("\"'«“ ")
        after = fold(text[tokens[end - 1].end :]).replace(ZWNJ, " ").lstrip("\"'»” ")
        first = tokens[start].text
        told = first in _TOLD or (start and tokens[start - 1].text in _TOLD) or _is_joined(first, "ل", origin)
        if told or _BEFORE.search(f"{before} ") or _AFTER.match(after):
            return origin
    return None


def _is_joined(word: str, preposition: str, origin: Origin) -> bool:
    return word[0] == preposition and not any(fold(name).startswith(preposition) for name in origin.names.values())


def _unlisted(text: str, tokens: Sequence[Token], language: Language) -> Iterator[tuple[Origin, int, int]]:
    """Yield agencies that say so in their name and are in no glossary: وكالة الميناء, خبرگزاری آوند, Harbour News Agency."""
    listed = {at for _, start, end in _named(tokens) for at in range(start, end)}
    folded = " ".join(token.text for token in tokens)
    for match in _AGENCY[language].finditer(folded):
        first, last = (folded[: match.start(side)].count(" ") for side in (0, "name"))
        end = first + match[0].count(" ") + 1
        name = match["name"].split()[-1]
        if name in _NO_NAMES or listed.intersection(range(first, end)):
            continue
        stop = last + match["name"].count(" ")
        while stop + 1 < len(tokens) and tokens[stop + 1].gap == ZWNJ:
            stop += 1
        name += "".join(token.text for token in tokens[last + match["name"].count(" ") + 1 : stop + 1])
        shown = text[tokens[last].start : tokens[stop].end]
        label = {"ar": "وكالة {}", "fa": "خبرگزاری {}", "en": "{} News Agency"}[language].format(shown)
        yield Origin(re.sub("^ال", "", name), {language: label}), first, max(end, stop + 1)


@lru_cache(maxsize=512)
def byline_origin(article: Article) -> Origin | None:
    """Return the source that the first or the last lines of an article consist of, or that its first sentence cites."""
    head = article.text[: tuning.BYLINE_HEAD]
    tail = article.text[max(len(head), len(article.text) - tuning.BYLINE_TAIL) :]
    first_lines = "\n".join([line for line in head.split("\n") if line.strip()][:2])
    for part in (first_lines, tail):
        for piece in _BYLINE_PARTS.split(part):
            origin = _whole_name(piece, article.language)
            if origin:
                return origin
    spans = split_sentences(first_lines, article.language)
    return _cited(first_lines[: spans[0].end], article.language) if spans else None


def outlet_name(outlet: str, language: Language) -> str:
    """Return an outlet's name in a language as the glossary has it; its own where the glossary does not know it there."""
    known = _by_variant().get(" ".join(words(outlet)).replace(ZWNJ, " "))
    return known.names.get(language, outlet) if known else outlet


def _whole_name(piece: str, language: Language) -> Origin | None:
    """Return the source that a piece of a byline is, and nothing but that."""
    bare = _CREDITED.sub("", " ".join(words(piece)).replace(ZWNJ, " ")).strip(" .")
    if not bare or len(bare.split()) > tuning.LONGEST_OUTLET:
        return None
    listed = _by_variant().get(bare) or _by_variant().get(BYLINE_NAMES.get(bare, ""))
    if listed or not _AGENCY[language].fullmatch(bare):
        return listed
    return next((origin for origin, *_ in _unlisted(piece, tokens_of(piece), language)), None)


def _named(tokens: Sequence[Token]) -> Iterator[tuple[Origin, int, int]]:
    """Yield the outlets of the glossary that stand among some tokens, longest first, with the tokens that name them."""
    at = 0
    while at < len(tokens):
        for end in range(min(at + tuning.LONGEST_OUTLET, len(tokens)), at, -1):
            texts = [token.text for token in tokens[at:end]]
            origin = _variant_of(texts)
            if origin:
                yield origin, at, end
                at = end - 1
                break
        at += 1


def _variant_of(texts: Sequence[str]) -> Origin | None:
    known, starts = _by_variant(), _starts()
    first = texts[0]
    bare = first[1:] if len(first) > 3 and first[0] in "وفبل" else first
    for start in dict.fromkeys((first, bare)):
        if start not in starts:
            continue
        found = known.get(" ".join([start, *texts[1:]])) or known.get("".join([start, *texts[1:]]))
        if found:
            return found
    return None


@cache
def _starts() -> frozenset[str]:
    """Return what a name of an outlet may begin with: most words need no further look."""
    joined = (key.replace(" ", "") for key in _by_variant())
    return frozenset(key[:end] for key in joined for end in range(1, len(key) + 1))


@cache
def _by_variant() -> dict[str, Origin]:
    """Return the outlets of the embedded glossary by each of their folded names."""
    found: dict[str, Origin] = {}
    outlets = (columns for kind, *columns in rows("glossary.tsv") if kind == "outlet")
    for columns in outlets:
        if columns[0].split("|")[0].strip() in KINDS_OF_OUTLET:
            continue
        first = {language: column.split("|")[0].strip() for language, column in zip(_COLUMNS, columns, strict=True)}
        names = {language: shown_name(first[language], language) for language in LANGUAGES if first[language]}
        origin = Origin(squash(first["en"]), names)
        for column in columns:
            for variant in column.split("|"):
                plain = " ".join(words(variant)).replace(ZWNJ, " ")
                for key in {plain, plain.replace(" ", "")} if ZWNJ in variant else {plain}:
                    if len(key) > 2:
                        found.setdefault(key, origin)
    return found


def shown_name(name: str, language: Language) -> str:
    """Return a name of the glossary with the capitals that English gives it: AFP, Reuters, New York Times."""
    if language != "en":
        return name
    return " ".join(word.upper() if len(word) <= 4 and len(name) <= 4 else word.capitalize() for word in name.split())
