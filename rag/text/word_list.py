"""The lists of words by which sentences are compared: read once from rag/data, folded."""

from __future__ import annotations

from functools import cache
from importlib import resources

from index.text import ZWNJ, fold
from index.types import LANGUAGES, Language


@cache
def listed(name: str, *languages: Language) -> frozenset[str]:
    """Return the folded words of a list of sentence_words.tsv, of all languages or of some."""
    wanted = languages or LANGUAGES
    return frozenset(
        fold(word).replace(ZWNJ, "")
        for row_name, language, words in table("sentence_words.tsv")
        if row_name == name and language in wanted
        for word in words.split()
    )


@cache
def operators(language: Language) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return the words of a language that turn a sentence round, each with its class: whole words, and beginnings of words."""
    rows = [(row[0], fold(word)) for row in table("operators.tsv") if row[1] == language for word in row[2].split()]
    whole = {word.replace(ZWNJ, ""): name for name, word in rows if not word.endswith("*")}
    return whole, tuple((word[:-1], name) for name, word in rows if word.endswith("*"))


@cache
def synonym_groups() -> dict[str, frozenset[int]]:
    """Return for each folded word the numbers of the groups of synonyms that it is in, the same for all languages."""
    groups: dict[str, set[int]] = {}
    for number, row in enumerate(table("synonyms.tsv")):
        for word in " ".join(row).split():
            groups.setdefault(fold(word).replace(ZWNJ, ""), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}


def table(name: str) -> list[list[str]]:
    """Return the rows of a tab-separated file of rag/data, without comments."""
    text = resources.files("rag").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
