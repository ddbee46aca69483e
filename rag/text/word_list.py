"""The word lists of rag/data, read nowhere else: the names of a file and a list go in, folded words come out."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from index.text import ZWNJ, fold
from index.types import LANGUAGES, Language


def text_of(file: str) -> str:
    """Return the text of a file of rag/data."""
    return resources.files("rag").joinpath(f"data/{file}").read_text(encoding="utf-8")


@cache
def rows(file: str) -> tuple[tuple[str, ...], ...]:
    """Return the tab-separated columns of each line of a file, as they are written and without comments."""
    return tuple(tuple(line.split("\t")) for line in text_of(file).splitlines() if line and not line.startswith("#"))


def written_words(file: str, name: str, *languages: Language) -> list[str]:
    """Return the words of a list as a file spells them, of all languages or of some; one line: list, language, words."""
    wanted = languages or LANGUAGES
    return [word for row in rows(file) if row[0] == name and row[1] in wanted for word in row[2].split()]


def spellings(word: str) -> tuple[str, str]:
    """Return a listed word folded, a + in it as a space: with its ZWNJ, and without."""
    folded = fold(word.replace("+", " "))
    return folded, folded.replace(ZWNJ, "")


@cache
def word_list(file: str, name: str, *languages: Language) -> frozenset[str]:
    """Return the folded words of a list, of all languages or of some, in both spellings of a word with a ZWNJ."""
    return frozenset(form for word in written_words(file, name, *languages) for form in spellings(word))


def sentence_words(name: str, *languages: Language) -> frozenset[str]:
    """Return the folded words of a list of sentence_words.tsv, by which a sentence is taken apart."""
    return word_list("sentence_words.tsv", name, *languages)


@cache
def quote_words(name: str) -> re.Pattern[str]:
    """Return the wordings of a list of quote_words.tsv, in all languages, as one pattern over folded text."""
    listed = [wording for row in rows("quote_words.tsv") if row[0] == name for wording in row[2].split(" | ")]
    return re.compile(rf"\b(?:{'|'.join(map(fold, listed))})\b")


@cache
def operators(language: Language) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return the words of a language that turn a sentence round, each with its class: whole words, and beginnings of words."""
    own = [(name, words.split()) for name, tongue, words in rows("operators.tsv") if tongue == language]
    listed = [(name, spellings(word)[1]) for name, words in own for word in words]
    whole = {word: name for name, word in listed if not word.endswith("*")}
    return whole, tuple((word[:-1], name) for name, word in listed if word.endswith("*"))


@cache
def synonym_groups() -> dict[str, frozenset[int]]:
    """Return for each folded word the numbers of the groups of synonyms that it is in, the same for all languages."""
    groups: dict[str, set[int]] = {}
    for number, row in enumerate(rows("synonyms.tsv")):
        for word in " ".join(row).split():
            groups.setdefault(spellings(word)[1], set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}
