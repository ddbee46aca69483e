"""A term, one thing that a question is about, and how a question's words are read as terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Language
from rag.ask import tuning
from rag.text.common_words import is_function_word, is_joined_function_word, is_light_word
from rag.text.glossary import Entry, Glossary
from rag.text.match import same_words


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question is about: its folded words, the glossary's terms for it, how much it matters (0 to 1)."""

    words: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    emphasis: float = 1.0
    is_name: bool = False

    @property
    def is_light(self) -> bool:
        """Whether its words are common in any news text."""
        return all(map(is_light_word, self.words))

    def variants(self, language: Language) -> list[tuple[str, ...]]:
        """Return the glossary's variants of the term in a language."""
        return [variant for entry in self.entries for variant in entry.variants.get(language, ())]

    def means(self, other: Term) -> bool:
        """Tell whether two terms are one thing: by a common glossary entry, or by the stems of their words."""
        if self.words == other.words or not set(self.entries).isdisjoint(other.entries):
            return True
        return same_words(self.words, other.words)


def terms_of(found: Sequence[str], language: Language, glossary: Glossary) -> tuple[Term, ...]:
    """Return the terms among a text's folded words in reading order: glossary terms whole, other content words one by one."""
    terms: list[Term] = []
    position = 0
    for match in glossary.find(found, language):
        terms.extend(_plain_terms(found[position : match.start]))
        span = tuple(found[match.start : match.end])
        if not all(map(_bears_no_topic, span)):
            terms.append(Term(span, match.entries, _emphasis(span), all(entry.is_name for entry in match.entries)))
        position = match.end
    terms.extend(_plain_terms(found[position:]))
    return tuple({term.words: term for term in terms}.values())


def _plain_terms(found: Sequence[str]) -> list[Term]:
    return [Term((word,), (), _emphasis([word])) for word in found if not _bears_no_topic(word)]


def _emphasis(found: Sequence[str]) -> float:
    return tuning.LIGHT_EMPHASIS if all(map(is_light_word, found)) else 1.0


def _bears_no_topic(word: str) -> bool:
    return is_function_word(word) or is_joined_function_word(word)
