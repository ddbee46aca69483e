"""A question as the pipeline sees it: its language, its kind, and the terms that evidence must cover."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.language import detect_language
from index.text import ZWNJ, fold, words
from index.types import KhabarError, Language
from rag.glossary import Entry, Glossary
from rag.types import Kind

# Words that ask, point or join, and so bear no topic; folded spelling.
_FUNCTION_WORDS = frozenset(
    fold(
        "ماذا ما من متى أين اين كيف لماذا لم كم هل أي اي أية هو هي هم هما هن هذا هذه ذلك تلك هؤلاء التي الذي الذين في على إلى عن مع "
        "بين عند لدى منذ حتى أن إن أنه أنها إنه قد لقد كان كانت يكون تكون ثم أو بل لا لن ليس ليست غير كل بعض أيضا فقط بعد قبل "
        "خلال حول ضد نحو وهل وما وماذا ومن ومتى وأين وكيف ولماذا وكم فهل وهو وهي به بها له لها فيه فيها عنه عنها منه منها عليه عليها "
        "بذلك كذلك ذاك التى الى إذا لو لكن يا تم بم لمن بمن ممن مما عما فيم مدى بشأن وفق وفقا بحسب حسب حدث جرى اسم "
        "چه چی چرا کی چند چندم کجا کدام آیا چگونه چطور چیست کیست کسی کسانی چقدر است هست بود بودند شد شده شدند می نمی را که از در به "
        "با برای تا بر این آن او وی آنها ایشان ما شما من هم نیز و یا اما ولی اگر پس هر همه باید شاید خود دیگر یک های ها ای اش شان "
        "درباره دربارهٔ مورد میان بین پیش روی هیچ کرد کرده کردند دارد داشت دارند گردید بوده اند ام "
        "a an the of in on at to for from by with about into over after before between during against and or but not no nor so "
        "if then than as is are was were be been being am do does did done has have had having will would shall should can could may might "
        "must it its he him his she her hers they them their theirs we us our you your i me my this that these those there here what "
        "which who whom whose when where why how many much long old far often any some all each both either such only also just very "
        "s t d ll re ve don didn doesn isn wasn weren said say says saying according tell told happen happened happens"
    ).split()
) - {"us"}
_POINTING_WORDS = frozenset(
    fold(
        "ذلك هذا هذه تلك هو هي هم هناك به بها له لها فيه فيها عنه عنها منه منها عليه عليها بذلك "
        "او وی آن این آنها آنجا ایشان it its he him his she her they them their this that these those there then"
    ).split()
)
_JOINED_START = re.compile(r"^\W*(?:و(?:هل|ما|ماذا|من|متي|اين|كيف|لماذا|كم)|and|so|but|what about|how about|و|ولي|بس)\b")
# An attached pronoun on a verb or noun: "استمرت"+"ها", "گفت"+"ش" are too short to tell, so only these.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("when", re.compile(r"\b(?:و?متي|when|جه (?:وقت|زمان(?:ي)?|روزي|تاريخي)|كدام روز|(?:اي|باي) يوم|(?:في اي|ما) (?:يوم|تاريخ)|what (?:day|date|time|year))\b")),
    ("where", re.compile(r"\b(?:و?اين|where|كجا\w*|(?:اي|ايه) (?:مدينه|مكان|دوله|بلد)|كدام (?:شهر|كشور)|جه (?:شهر|كشور)\w*|(?:which|what) (?:city|country|place))\b")),
    ("howmany", re.compile(r"\b(?:و?كم|بكم|how (?:many|much|long|old|far)|جند\w*|جقدر\w*|ما (?:مده|عدد|مدي))\b")),
    ("who", re.compile(r"\b(?:who|whom|whose|و?من (?:هو|هي|هم|الذي|التي|قال|كان)|جه كس\w*|كيست|كي بود|كدام (?:مقام|وزير|رهبر))\b|^\W*و?من\b")),
    ("why", re.compile(r"\b(?:و?لماذا|why|جرا|ما سبب|سبب|دليل|علت)\b")),
    ("how", re.compile(r"\b(?:و?كيف|how|جكونه|جطور)\b")),
    ("yesno", re.compile(r"^\W*(?:و?هل|ايا|is|are|was|were|do|does|did|has|have|had|will|would|can|could)\b")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that the question is about: its folded words, the glossary's terms for it, and how much it matters (0 to 1)."""

    words: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    emphasis: float = 1.0

    def variants(self, language: Language) -> list[tuple[str, ...]]:
        """Return the glossary's variants of the term in a language."""
        return [variant for entry in self.entries for variant in entry.variants.get(language, ())]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was understood; `context` are the terms that it takes over from the conversation."""

    text: str
    language: Language
    kind: Kind
    terms: tuple[Term, ...]
    context: tuple[Term, ...] = ()

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
    text = " ".join(text.split())
    _check(text, max_characters)
    question = _understand(text, glossary)
    earlier = [_understand(cleaned, glossary) for cleaned in (" ".join(old.split()) for old in history[-4:]) if words(cleaned)]
    if not earlier:
        return question
    if len(question.terms) == 0 and detect_language(text) == "en" != earlier[-1].language and not re.search("[a-zA-Z]", text):
        question = replace(question, language=earlier[-1].language)
    return _completed(question, earlier) if _leans_on_history(question) else question


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
    found = words(text)
    return Question(text, detect_language(text, default="en"), _kind(fold(text).replace(ZWNJ, " ")), _terms(found, glossary))


def _kind(folded: str) -> Kind:
    return next((kind for kind, pattern in _KINDS if pattern.search(folded)), "what")


def _terms(found: Sequence[str], glossary: Glossary) -> tuple[Term, ...]:
    """Return the terms of a question in reading order: glossary terms whole, other content words one by one."""
    terms: list[Term] = []
    position = 0
    for match in glossary.find(found):
        terms.extend(_plain_terms(found[position : match.start]))
        span = tuple(found[match.start : match.end])
        if not all(word in _FUNCTION_WORDS for word in span):
            terms.append(Term(span, match.entries))
        position = match.end
    terms.extend(_plain_terms(found[position:]))
    return tuple({term.words: term for term in terms}.values())


def _plain_terms(found: Sequence[str]) -> list[Term]:
    return [Term((word,)) for word in found if word.replace(ZWNJ, "") not in _FUNCTION_WORDS and word not in _FUNCTION_WORDS]


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
    emphasis = 0.6
    for old in reversed(earlier):
        for term in old.terms:
            if term.words not in {own.words for own in question.terms}:
                context.setdefault(term.words, replace(term, emphasis=emphasis))
        emphasis *= 0.6
        if not _leans_on_history(old):
            break
    return replace(question, context=tuple(context.values()))
