"""A question as the pipeline sees it: its language, its kind, and the terms that evidence must cover."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.language import detect_language
from index.load import readable
from index.text import fold, words
from index.types import KhabarError, Language
from rag.common_words import is_function_word, is_light_word
from rag.glossary import Entry, Glossary
from rag.kinds import asks_definition, asks_latest, kind_of
from rag.types import Kind

_POINTING_WORDS = frozenset(
    fold(
        "ذلك هذا هذه تلك هو هي هم هناك به بها له لها فيه فيها عنه عنها منه منها عليه عليها بذلك "
        "او وی آن این آنها آنجا ایشان it its he him his she her they them their this that these those there then"
    ).split()
)
# How many earlier questions a follow-up may reach back to.
_REMEMBERED = 4
# A question for a definition is about one thing, of few words.
_DEFINED_TERMS = 3
# What a light word counts beside a topic word.
_LIGHT = 0.3
_JOINED_START = re.compile(r"^\W*(?:و(?:هل|ما|ماذا|من|متي|اين|كيف|لماذا|كم)|and|so|but|what about|how about|و|ولي|بس)\b")

@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question is about: its folded words, the glossary's terms for it, how much it matters (0 to 1)."""

    words: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    emphasis: float = 1.0
    is_name: bool = False

    def variants(self, language: Language) -> list[tuple[str, ...]]:
        """Return the glossary's variants of the term in a language."""
        return [variant for entry in self.entries for variant in entry.variants.get(language, ())]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was understood; `context` are the terms, and `earlier` the questions, that it leans on."""

    text: str
    language: Language
    kind: Kind
    terms: tuple[Term, ...]
    context: tuple[Term, ...] = ()
    earlier: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """The question with the earlier ones that it leans on, for a model that writes."""
        return " ".join([*self.earlier, self.text])

    @property
    def asks_definition(self) -> bool:
        """Whether it asks who somebody or what something is."""
        return len(self.terms) <= _DEFINED_TERMS and asks_definition(self.text)

    @property
    def asks_latest(self) -> bool:
        """Whether it asks for the newest state of things."""
        return asks_latest(self.text)

    @property
    def all_terms(self) -> tuple[Term, ...]:
        """The question's own terms and those of the conversation."""
        return self.terms + self.context


class QuestionError(KhabarError):
    """A question that cannot be asked; `status` is the HTTP status that says so."""

    def __init__(self, problem: str, remedy: str, status: int = 422) -> None:
        """Keep the status beside problem and remedy."""
        super().__init__(problem, remedy)
        self.status = status


def read_question(text: str, history: Sequence[str], glossary: Glossary, max_characters: int) -> Question:
    """Return the question, completed from the earlier ones where it leans on them. Raises QuestionError."""
    text = _one_line(text)
    _check(text, max_characters)
    question = _understand(text, glossary)
    earlier = [_understand(old, glossary) for old in map(_one_line, history[-_REMEMBERED:]) if words(old)]
    return _completed(question, earlier) if earlier and _leans_on_history(question) else question


def _one_line(text: str) -> str:
    """Return a question as it can be stored and shown, on one line: without control characters and lone surrogates."""
    return " ".join(readable(text).split())


def _check(text: str, max_characters: int) -> None:
    if not text:
        raise QuestionError("the question is empty", "ask something about the articles")
    if len(text) > max_characters:
        raise QuestionError(
            f"the question has {len(text):,} characters, more than the {max_characters:,} allowed",
            "shorten it, or raise KHABAR_MAX_QUESTION",
            status=413,
        )
    if not words(text):
        raise QuestionError(f"the question '{text[:40]}' has no words", "ask with words, in Arabic, Persian or English")


def _understand(text: str, glossary: Glossary) -> Question:
    language = detect_language(text)
    return Question(text, language, kind_of(text), _terms(words(text), language, glossary))


def _terms(found: Sequence[str], language: Language, glossary: Glossary) -> tuple[Term, ...]:
    """Return the terms of a question in reading order: glossary terms whole, other content words one by one."""
    terms: list[Term] = []
    position = 0
    for match in glossary.find(found, language):
        terms.extend(_plain_terms(found[position : match.start]))
        span = tuple(found[match.start : match.end])
        if not all(map(is_function_word, span)):
            light = all(map(is_light_word, span))
            terms.append(Term(span, match.entries, _LIGHT if light else 1.0, all(entry.is_name for entry in match.entries)))
        position = match.end
    terms.extend(_plain_terms(found[position:]))
    return tuple({term.words: term for term in terms}.values())


def _plain_terms(found: Sequence[str]) -> list[Term]:
    return [Term((word,), (), _LIGHT if is_light_word(word) else 1.0) for word in found if not is_function_word(word)]


def _leans_on_history(question: Question) -> bool:
    """Tell whether a question needs the earlier ones: it joins on, points back, or names hardly a thing itself."""
    found = words(question.text)
    folded = fold(question.text)
    if len(question.terms) <= 1:
        return True
    if len(question.terms) <= 3 and (_JOINED_START.search(folded) or any(word in _POINTING_WORDS for word in found)):
        return True
    return len(question.terms) <= 2 and len(found) <= 4


def _completed(question: Question, earlier: Sequence[Question]) -> Question:
    """Return the question with the terms of the last question that stood on its own, and of those between, at less weight."""
    context: dict[tuple[str, ...], Term] = {}
    texts: list[str] = []
    emphasis = 0.6
    for old in reversed(earlier):
        texts.insert(0, old.text)
        for term in old.terms:
            if term.words not in {own.words for own in question.terms}:
                context.setdefault(term.words, replace(term, emphasis=emphasis * term.emphasis))
        emphasis *= 0.6
        if not _leans_on_history(old):
            break
    return replace(question, context=tuple(context.values()), earlier=tuple(texts))
