"""Misspelt names: a question goes in and comes out with the glossary's spelling; and words as a text spells them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.text import fold_offsets, is_latin
from rag.ask import tuning
from rag.ask.question import Question
from rag.ask.term import Term


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as the question has it, folded, and the name that it is read as, as the glossary writes it."""

    word: str
    name: str


def corrected(question: Question, known: Callable[[str], bool]) -> tuple[Question, tuple[Correction, ...]]:
    """Return the question with its misspelt names understood, and what they were read as.

    `known` tells whether the archive has a word: one that it has is no slip, however odd it looks. A word that is one slip
    from names of different things is left alone.
    """
    terms: list[Term] = []
    corrections: list[Correction] = []
    for term in question.terms:
        read = _read(term, question) if _may_be_misspelt(term) and not known(term.words[0]) else None
        terms.append(read[0] if read else term)
        corrections += [read[1]] if read else []
    if not corrections:
        return question, ()
    rewritten = None if question.earlier else _mended(question.text, corrections)
    return replace(question, terms=tuple(terms), rewritten=question.rewritten or rewritten), tuple(corrections)


def _mended(text: str, corrections: Sequence[Correction]) -> str:
    """Return the question with the names in place of the misspelt words."""
    for correction in corrections:
        text = text.replace(as_written(text, [correction.word]), correction.name)
    return text


def _may_be_misspelt(term: Term) -> bool:
    if term.entries or term.is_light or len(term.words) != 1:
        return False
    word = term.words[0]
    return word.isalpha() and len(word.removeprefix("ال")) >= tuning.SHORTEST_MISSPELT


def _read(term: Term, question: Question) -> tuple[Term, Correction] | None:
    """Return the term as the name that it is nearest to, with the name as it is written."""
    word = term.words[0]
    language = "en" if is_latin(word) else question.language if question.language != "en" else "ar"
    found = question.glossary.nearest_name(word, language)
    if found is None:
        return None
    name, entry = found
    return replace(term, entries=(entry,), is_name=True), Correction(word, _capitals(entry.spelt(name, language)))


def _capitals(name: str) -> str:
    """Return a name with the capitals that the glossary leaves out."""
    return name.title() if is_latin(name) else name


def as_written(text: str, folded_words: Sequence[str]) -> str:
    """Return neighbouring folded words as a text writes them; the folded words where it does not hold them so."""
    folded, offsets = fold_offsets(text)
    pattern = r"\W+".join(map(re.escape, folded_words))
    found = re.search(rf"(?<!\w){pattern}(?!\w)", folded)
    if not found:
        return " ".join(folded_words)
    # One character may fold to several letters: a word that ends within one ends behind it.
    end = offsets[found.end() - 1] + 1
    while end < len(text) and unicodedata.category(text[end]) == "Mn":
        end += 1
    return text[offsets[found.start()] : end]
