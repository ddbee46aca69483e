"""A question as the pipeline sees it: its language, its kind, and the terms that evidence must cover."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.language import detect_language
from index.load import readable
from index.text import ZWNJ, fold_offsets, spaced, words
from index.types import KhabarError, Language
from rag.ask import tuning
from rag.ask.counted import Counted, counted_in
from rag.ask.dependence import asks_instead, is_parallel, leans
from rag.ask.kind import asked_words, asks_definition, asks_latest, kind_of
from rag.ask.offers import place_offers
from rag.ask.term import Term, terms_of
from rag.text.common_words import is_function_word
from rag.text.glossary import Glossary
from rag.types import Kind

__all__ = ["Question", "QuestionError", "QuestionTooLong", "Term", "read_question"]

# Glossary kinds that may take each other's place in a question.
_REPLACEABLE: dict[str, str] = {
    "country": "place", "city": "place", "region": "place", "person": "person",
    "party": "body", "group": "body", "organisation": "body", "agency": "body", "outlet": "body",
}  # fmt: skip
# Colour and cursor codes of a terminal, copied along with a question.
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_ARABIC_ASKER = r"(?:ماذا|ما|من|متي|اين|كيف|لماذا|كم|هل|اي)"
_ASKER = rf"(?:whom?|whose|what|when|where|why|how|which|جه|جيست|كي|كيست|كجا|جرا|جكونه|جند|كدام|جقدر|{_ARABIC_ASKER})"
_ASKS = re.compile(rf"\b(?:[وف]|[وف]?[بلف])?{_ASKER}\b")
# An "and" with the question word right behind it, or in Persian, which may put it later, a few words on.
_JOINT = re.compile(
    rf"[,;،؛]?\s+and\s+(?:(?:in|on|at|by|for|to|from|with|of|since|until)\s+)?(?={_ASKER}\b)|"
    rf"[,;،؛]?\s+و(?={_ARABIC_ASKER}\b)|[,;،؛]?\s+و\s+(?=(?:\w+\s+){{0,2}}{_ASKER}\b)|[?؟]\s+(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was understood; `context` are the terms, and `earlier` the questions, that it leans on.

    `rewritten` is the question that a model made of it and of the conversation, or it with misspelt names mended. `glossary`
    is the one that it was read with: whatever is compared with the question is read with the same, so that one thing is one
    entry.
    """

    text: str
    language: Language
    kind: Kind
    terms: tuple[Term, ...]
    glossary: Glossary = field(repr=False)
    context: tuple[Term, ...] = ()
    earlier: tuple[str, ...] = ()
    rewritten: str | None = None

    @property
    def asked(self) -> str:
        """The question as a model is asked it: rewritten, or with the earlier ones that it leans on."""
        return self.rewritten or " ".join([*self.earlier, self.text])

    @property
    def asking_words(self) -> tuple[str, ...]:
        """The folded words that say what it asks for: its question word and the noun that this asks about."""
        return asked_words(self.text)

    @property
    def counted(self) -> Counted:
        """The words around its "how many"."""
        return counted_in(self.text)

    @property
    def asks_definition(self) -> bool:
        """Whether it asks who somebody or what something is."""
        return len(self.terms) <= tuning.MOST_DEFINED_TERMS and asks_definition(self.text)

    @property
    def asks_latest(self) -> bool:
        """Whether it asks for the newest state of things."""
        return asks_latest(self.text)

    @property
    def all_terms(self) -> tuple[Term, ...]:
        """The question's own terms and those of the conversation."""
        return self.terms + self.context


class QuestionError(KhabarError):
    """A question that cannot be asked."""


class QuestionTooLong(QuestionError):
    """A question of more characters than the settings allow."""


def read_question(text: str, history: Sequence[str], glossary: Glossary, max_characters: int) -> Question:
    """Return the question, completed from the earlier ones (oldest first) where it leans on them. Raises QuestionError.

    Of an earlier question, no more is read than a question may have.
    """
    text = one_line(text)
    _check(text, max_characters)
    before: Question | None = None
    for old in filter(words, (one_line(turn)[:max_characters] for turn in history[-tuning.REMEMBERED_QUESTIONS:])):
        before = _in_conversation(old, before, glossary)
    return _in_conversation(text, before, glossary)


def one_line(text: str) -> str:
    """Return what was typed as it can be stored and shown, on one line: without control characters and lone surrogates."""
    return " ".join(readable(_TERMINAL.sub("", text)).split())


def _check(text: str, max_characters: int) -> None:
    if not text:
        raise QuestionError("the question is empty", "ask something about the articles")
    if len(text) > max_characters:
        raise QuestionTooLong(
            f"the question has {len(text):,} characters, more than the {max_characters:,} allowed",
            "shorten it, or raise KHABAR_MAX_QUESTION",
        )
    if not words(text):
        raise QuestionError(f"the question '{text[:40]}' has no words", "ask with words, in Arabic, Persian or English")


def _understand(text: str, glossary: Glossary) -> Question:
    language, found = detect_language(text), words(text)
    kind, terms = _kind(text, language, glossary), terms_of(found, language, glossary)
    # Texts give somebody's name or office without saying "name" or "office".
    given = set(asked_words(text)) if kind == "what" else set()
    kept = tuple(term for term in terms if not given.issuperset(term.words))
    return Question(text, language, kind, kept or tuple(terms), glossary)


def _kind(text: str, language: Language, glossary: Glossary) -> Kind:
    """Return what a question asks for; one that lets choose between places, in Egypt or in Sudan, asks where."""
    kind = kind_of(text)
    plain = kind == "yesno" or not asked_words(text)
    return "where" if plain and any(offer.located for offer in place_offers(words(text), language, glossary)) else kind


def _in_conversation(text: str, before: Question | None, glossary: Glossary) -> Question:
    """Return a question with what it takes over from the one before, which has taken over its own."""
    question = _understand(text, glossary)
    if before is None or not leans(text, question.language, question.terms, before.all_terms):
        return question
    earlier = (*before.earlier, before.text)
    if asks_instead(text, question.language, question.terms):
        context = _taken_over(without_replaced(before.all_terms, question.terms), question.terms, tuning.ASKED_ANEW)
        return replace(question, kind=before.kind, context=context, earlier=earlier)
    # What the question before asked for, a day or a city, is not what this one asks about.
    kept = [term for term in before.all_terms if not set(term.words) <= set(asked_words(before.text))]
    if is_parallel(text, question.language, question.terms, before.all_terms):
        kept = without_replaced(kept, question.terms)
    return replace(question, context=_taken_over(kept, question.terms, tuning.TAKEN_OVER), earlier=earlier)


def _taken_over(terms: Sequence[Term], own: Sequence[Term], emphasis: float) -> tuple[Term, ...]:
    """Return the terms that the question does not have itself, at less weight."""
    kept = (term for term in terms if not any(term.means(other) for other in own))
    return tuple(replace(term, emphasis=emphasis * term.emphasis) for term in kept)


def without_replaced(terms: Sequence[Term], own: Sequence[Term]) -> list[Term]:
    """Return the terms without the names in whose place the question puts its own: the first of its sort, or the only one."""
    kept = list(terms)
    for name in (term for term in own if term.is_name or not (term.entries or term.is_light)):
        names = [term for term in kept if term.is_name and not term.means(name)]
        alike = [term for term in names if _sort(term) == _sort(name)] or (names if len(names) == 1 else [])
        if alike and not any(term.means(name) for term in terms):
            kept.remove(alike[0])
    return kept


def _sort(term: Term) -> str | None:
    return next((_REPLACEABLE[entry.kind] for entry in term.entries if entry.kind in _REPLACEABLE), None)


def asks_several(question: str) -> bool:
    """Tell whether a question asks several things, also where one is too short to stand alone: who came, and when."""
    folded = spaced(question)
    joints = [joint.span() for joint in _JOINT.finditer(folded)]
    return any(_ASKS.search(folded[:start]) and _ASKS.search(folded[end:]) for start, end in joints)


def questions_in(question: str) -> tuple[str, ...]:
    """Return the questions that one text asks, as it writes them; the whole alone where it is not certain to ask several."""
    folded, offsets = fold_offsets(question)
    folded = folded.replace(ZWNJ, " ")
    parts: list[str] = []
    begin = 0
    for joint in _JOINT.finditer(folded):
        before, behind = folded[begin : joint.start()], folded[joint.end() :]
        if _asks_something(before) and _asks_something(behind):
            parts.append(question[offsets[begin] : offsets[joint.start()]])
            begin = joint.end()
    return (*parts, question[offsets[begin] :]) if parts else (question,)


def _asks_something(folded: str) -> bool:
    """Tell whether words ask, and name something that they ask about."""
    return bool(_ASKS.search(folded)) and not all(_ASKS.fullmatch(word) or is_function_word(word) for word in words(folded))
