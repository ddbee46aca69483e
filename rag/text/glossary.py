"""The news glossary: one term in three languages, for questions that meet articles in another language or wording."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from index.text import ZWNJ, fold, stems, words
from index.types import KhabarError, Language
from rag.text import tuning
from rag.text.word_list import text_of

Found = TypeVar("Found")

COLUMNS: tuple[Language, ...] = ("en", "ar", "fa")
_NAMING_KINDS = frozenset({"country", "city", "region", "person", "party", "group", "organisation", "agency", "outlet"})
_PRESENT = re.compile(r"(?:[وف]?س?)?[يتن](\w{3,})$")
_DOUBLED = re.compile(r"(.)\1")
# Private characters, which folding leaves alone; it makes a space of every line break and tab.
_NEWLINE, _TAB = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One term: its kind, and its folded columns, in which variants are parted by `|`; `line` is how the glossary writes it.

    Entries are told apart by identity: whatever is compared has been read with one glossary.
    """

    kind: str
    columns: tuple[str, ...]
    line: str = ""

    @property
    def variants(self) -> Mapping[Language, tuple[tuple[str, ...], ...]]:
        """In each language the variants, each a tuple of folded words; read only when needed."""
        return _variants_in(self.columns)

    @property
    def written(self) -> Mapping[Language, tuple[str, ...]]:
        """In each language the variants as the glossary spells them, for the user's eyes; empty where its line is not known."""
        columns = self.line.split("\t")[1:] or [""] * len(COLUMNS)
        return {
            language: tuple(filter(None, map(str.strip, column.split("|"))))
            for language, column in zip(COLUMNS, columns, strict=True)
        }

    def spelt(self, key: str, language: Language) -> str:
        """Return how the glossary writes the variant that folds to `key`; the key itself where its line is not known."""
        return next((name for name in self.written.get(language, ()) if " ".join(words(name)) == key), key)

    @property
    def is_name(self) -> bool:
        """Whether the term names somebody, some place or some body of people."""
        return self.kind in _NAMING_KINDS


@dataclass(frozen=True, slots=True)
class Match:
    """The words `start` to `end` of a question name the terms `entries`."""

    start: int
    end: int
    entries: tuple[Entry, ...]


class Glossary:
    """Finds the terms that a question names."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Index the entries by every variant, each language by itself."""
        self._first: dict[Language, dict[str, Entry]] = {language: {} for language in COLUMNS}
        self._others: dict[Language, dict[str, list[Entry]]] = {language: {} for language in COLUMNS}
        self._names: dict[Language, dict[str, list[str]]] = {}
        self._entries = tuple(entries)
        for entry in self._entries:
            for language, column in zip(COLUMNS, entry.columns, strict=True):
                known = self._first[language]
                for key in _keys(column):
                    if known.setdefault(key, entry) is not entry:
                        others = self._others[language].setdefault(key, [])
                        if entry not in others:
                            others.append(entry)
        # What a variant may begin with: at most words of a text no further look is needed.
        self._starts = frozenset(key.split(" ", 1)[0] for known in self._first.values() for key in known)

    def __len__(self) -> int:
        """Return the number of variants."""
        return sum(map(len, self._first.values()))

    def entries(self) -> tuple[Entry, ...]:
        """Return all terms, in the order in which they were given."""
        return self._entries

    def find(self, question: Sequence[str], language: Language) -> list[Match]:
        """Return the terms among a question's folded words, longest first and none inside another, in reading order.

        A word is looked up in the question's language first: انقلاب is a coup in Arabic and a revolution in Persian.
        """
        return one_after_another(len(question), lambda start: self._longest_at(question, start, language), attrgetter("end"))

    def entries_of(self, word: str) -> tuple[Entry, ...]:
        """Return the terms that a folded word by itself names, its language being told by the script alone."""
        found = self._longest_at([word], 0, "en" if word.isascii() else "ar")
        return found.entries if found else ()

    def nearest_name(self, word: str, language: Language) -> tuple[str, Entry] | None:
        """Return the one name of a language that is a single slip from a folded word, and its term; None where there is none.

        A slip is two letters changed about, or a double one written once, or one doubled: with another letter, or one more or
        less, most words are near to somebody's name. The first letter is seldom mistaken. Names of different terms are none.
        """
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        names = self._names_in(language)
        near = extract(word, names.get(word[0], ()), scorer=OSA.distance, score_cutoff=1, limit=tuning.MOST_NEAR_NAMES)
        slips = [name for name, *_ in near if _is_slip(word, name)]
        terms = {id(entry): (name, entry) for name in slips for entry in [self._first[language][name]]}
        return next(iter(terms.values())) if len(terms) == 1 else None

    def _names_in(self, language: Language) -> dict[str, list[str]]:
        """Return the names of a language that are a single word, by their first letter."""
        if language not in self._names:
            found: dict[str, list[str]] = {}
            for key, entry in self._first[language].items():
                if entry.is_name and key.isalpha():
                    found.setdefault(key[0], []).append(key)
            self._names[language] = found
        return self._names[language]

    def _longest_at(self, question: Sequence[str], start: int, language: Language) -> Match | None:
        first = question[start]
        beginnings = [form for form in (*stems(first), *_past_forms(first)) if self._may_begin(form)]
        if not beginnings:
            return None
        tongues = sorted(COLUMNS, key=lambda column: column != language)
        for end in range(min(start + tuning.LONGEST_TERM, len(question)), start, -1):
            rest = question[start + 1 : end]
            forms = [(form, *rest) for form in beginnings]
            for tongue in tongues:
                for form in forms:
                    entries = self._named(_key(form, " "), tongue) or self._named(_key(form, ""), tongue)
                    if entries:
                        return Match(start, end, entries)
        return None

    def _may_begin(self, word: str) -> bool:
        """Tell whether a variant begins with a word, with its ZWNJ as a space or as nothing."""
        return word.split(ZWNJ, 1)[0] in self._starts or word.replace(ZWNJ, "") in self._starts

    def _named(self, key: str, language: Language) -> tuple[Entry, ...]:
        first = self._first[language].get(key)
        return (first, *self._others[language].get(key, ()))[:tuning.MOST_MEANINGS] if first else ()


def one_after_another(count: int, read: Callable[[int], Found | None], end: Callable[[Found], int]) -> list[Found]:
    """Return what is read at the places of a text, each behind the `end` of the one before."""
    found: list[Found] = []
    at = 0
    while at < count:
        one = read(at)
        if one is not None:
            found.append(one)
        at = at + 1 if one is None else end(one)
    return found


def _is_slip(word: str, name: str) -> bool:
    """Tell whether two words an edit apart have the same letters, or differ in a letter that is doubled in one of them."""
    return sorted(word) == sorted(name) or _DOUBLED.sub(r"\1", word) == _DOUBLED.sub(r"\1", name)


def _past_forms(word: str) -> tuple[str, ...]:
    """Return what an Arabic verb of the present may be in the past, the form that the glossary lists: يجتمع -> اجتمع."""
    root = _PRESENT.match(word)
    return (f"ا{root[1]}", root[1]) if root else ()


def _key(variant: Sequence[str], joint: str) -> str:
    return " ".join(variant).replace(ZWNJ, joint)


def load_glossary(own: Path | None = None) -> Glossary:
    """Return the embedded glossary with the user's own file before it. Raises KhabarError with the first bad line."""
    if own is None:
        return _embedded_glossary()
    try:
        text = own.expanduser().read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KhabarError(f"the glossary '{own}' cannot be read ({error})", "give KHABAR_GLOSSARY a UTF-8 file") from error
    # The user's own come first, because a word with many meanings keeps only a few.
    return Glossary([*parse_glossary(text, str(own)), *_embedded_entries()])


@cache
def _embedded_glossary() -> Glossary:
    return Glossary(_embedded_entries())


@cache
def _embedded_entries() -> tuple[Entry, ...]:
    return tuple(parse_glossary(text_of("glossary.tsv"), "glossary.tsv"))


def parse_glossary(text: str, name: str, *, linked: bool = True) -> list[Entry]:
    """Return the entries of a glossary: tab-separated kind, English, Arabic, Persian; variants parted by `|`; # comments.

    `linked` is whether a line must have two variants, one of which finds the other. Raises KhabarError with the first bad line.
    """
    entries: list[Entry] = []
    for number, (line, folded) in enumerate(zip(text.split("\n"), _fold_lines(text), strict=True), 1):
        if not line.strip() or line.startswith("#"):
            continue
        kind, *columns = folded
        if len(columns) != len(COLUMNS):
            raise KhabarError(
                f"{name}, line {number}: {1 + len(columns)} columns instead of 4 ('{line[:60]}')",
                "write kind, English, Arabic and Persian with tabs between them",
            )
        if linked and not _links(columns):
            raise KhabarError(
                f"{name}, line {number}: one variant alone links nothing ('{line[:60]}')",
                "give a second one, or another language",
            )
        entries.append(Entry(kind.strip(), tuple(columns), line))
    return entries


def _links(columns: Sequence[str]) -> bool:
    """Tell whether there are two variants in a line; most have them in two languages, which their first letters tell."""
    return sum(column[:1].isalnum() for column in columns) > 1 or sum(len(_variants(column)) for column in columns) > 1


def _fold_lines(text: str) -> list[list[str]]:
    """Return the folded columns of each line of a table: the whole is folded at once, which is ten times as fast."""
    folded = fold(text.replace("\n", _NEWLINE).replace("\t", _TAB)).split(_NEWLINE)
    return [line.split(_TAB) for line in folded]


@lru_cache(maxsize=10_000)
def _variants_in(columns: Sequence[str]) -> Mapping[Language, tuple[tuple[str, ...], ...]]:
    return {language: _variants(column) for language, column in zip(COLUMNS, columns, strict=True)}


def _variants(column: str) -> tuple[tuple[str, ...], ...]:
    """Return the variants of a folded column, each as its words."""
    found = (tuple(words(variant)) for variant in column.split("|"))
    return tuple(dict.fromkeys(variant for variant in found if variant))[:tuning.MOST_VARIANTS]


def variants_of(column: str) -> list[tuple[str, ...]]:
    """Return the variants of a folded column, each as its words; ten times as fast as `Entry.variants`, which keeps them."""
    variants = column.split(" | ")
    if len(variants) > tuning.MOST_VARIANTS or not _is_plain(column, column.replace(" | ", "")):
        return list(_variants(column))
    return [tuple(variant.split(" ")) for variant in variants]


def _keys(column: str) -> Iterable[str]:
    """Return what the variants of a folded column are found by: their words, with a ZWNJ as a space and as nothing."""
    variants = column.split(" | ")
    if len(variants) > tuning.MOST_VARIANTS or "|" in column.replace(" | ", ""):
        variants = [" ".join(variant) for variant in _variants(column)]
    elif _is_plain(column, column.replace(" | ", "")):
        return variants
    return [key for variant in variants for key in _spellings(variant)]


def _spellings(variant: str) -> Iterable[str]:
    if _is_plain(variant, variant):
        return (variant,)
    spaced = " ".join(words(variant))
    return dict.fromkeys(filter(None, (spaced.replace(ZWNJ, " "), spaced.replace(ZWNJ, ""))))


def _is_plain(written: str, letters: str) -> bool:
    """Tell whether what is written is its own key: letters and digits, and single spaces; so are nine columns in ten."""
    return letters.replace(" ", "").isalnum() and "  " not in written and written[0] != " " != written[-1]
