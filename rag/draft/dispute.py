"""What a written answer must not hide: values in which its sources differ, and that newer reports have overtaken others.

The quoted answer knows both. A draft is shown in its place only where every differing value stands in what is shown of it, and
where a report is overtaken, or older than another, the newest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from index.text import fold
from index.types import Article, Chunk, Language
from rag.ask.question import Question
from rag.draft.check import CheckedSentence
from rag.draft.prompt import Lead, source_head
from rag.quote.claim import Claim, claims
from rag.render.short_answer import with_short_answer
from rag.text.days import names_a_time
from rag.text.quantity import quantities
from rag.types import Answer, Citation, Disagreement, Evidence, Passage, ShortAnswer


def is_disputed(quoted: Answer) -> bool:
    """Tell whether the quotes of an answer differ, or one of them is older than another and says so."""
    return bool(quoted.disagreements or quoted.overtaken or quoted.as_of)


def lead_of(question: Question, quoted: Answer) -> Lead:
    """Return what a model is told of a quoted answer: its short answer, where there is one, or where its quotes differ."""
    language = quoted.language
    if quoted.disagreements:
        sides = (f"{value} ({source_head(item, language)})" for item, value in _sides(quoted))
        return Lead(differing=tuple(dict.fromkeys(sides)))
    if quoted.overtaken or quoted.as_of:
        old = (item for item in quoted.citations if item.number in quoted.overtaken)
        heads = tuple(dict.fromkeys(source_head(item, language) for item in old))
        return Lead(newest=source_head(quoted.citations[0], language), overtaken=heads)
    return Lead(short=short_of(question, quoted))


def short_of(question: Question, quoted: Answer) -> str:
    """Return the short answer as an article has it, "" where the reader is not sure of one."""
    direct = with_short_answer(question, quoted).direct
    return direct.text if direct and not direct.others else ""


def told_of(
    question: Question, quoted: Answer, shown: Sequence[CheckedSentence], citations: Sequence[Citation]
) -> Answer | None:
    """Return the quoted answer with its dispute told in the numbers of `citations`; None where `shown` hides some of it.

    `citations` are those of the written answer, which `shown` makes.
    """
    number_of = {(item.article_id, item.start, item.end): item.number for item in citations}

    def number(evidence: Evidence) -> int:
        return number_of[evidence.passage.article.article_id, evidence.start, evidence.end]

    disagreements: list[Disagreement] = []
    for disagreement in quoted.disagreements:
        found = []
        for item, value in _sides(quoted, [disagreement]):
            evidence = next(_telling(question, quoted, item, value, shown), None)
            if evidence is None:
                return None
            found.append(number(evidence))
        disagreements.append(replace(disagreement, citations=tuple(found)))
    articles = [item.article_id for item in citations]
    if (quoted.overtaken or quoted.as_of) and quoted.citations[0].article_id not in articles:
        return None
    old = {item.article_id for item in quoted.citations if item.number in quoted.overtaken}
    overtaken = tuple(item.number for item in citations if item.article_id in old)
    return replace(quoted, disagreements=tuple(disagreements), overtaken=overtaken)


def is_dated_where_overtaken(checked: CheckedSentence, quoted: Answer) -> bool:
    """Tell whether a sentence that rests on nothing but overtaken reports names a time: undated it would pass for the news."""
    old = {item.article_id for item in quoted.citations if item.number in quoted.overtaken}
    rests = {evidence.passage.article.article_id for evidence in checked.evidence}
    return not rests <= old or names_a_time(checked.text)


def _sides(quoted: Answer, among: Iterable[Disagreement] | None = None) -> Iterator[tuple[Citation, str]]:
    """Yield each citation that differs from others, with its value."""
    by_number = {item.number: item for item in quoted.citations}
    for disagreement in quoted.disagreements if among is None else among:
        for number, value in zip(disagreement.citations, disagreement.values, strict=True):
            yield by_number[number], value


def _telling(
    question: Question, quoted: Answer, item: Citation, value: str, shown: Sequence[CheckedSentence]
) -> Iterator[Evidence]:
    """Yield the evidence behind each sentence that tells the value of a citation, from its own article."""
    for checked in shown:
        if not _tells(question, quoted, item, value, checked.text):
            continue
        for evidence in checked.evidence:
            if evidence.passage.article.article_id == item.article_id and value in evidence.quote:
                yield evidence


def _tells(question: Question, quoted: Answer, item: Citation, value: str, text: str) -> bool:
    """Tell whether a sentence holds a value: as it is written, as it is said in the question's language, or one that agrees."""
    told = f" {_spaced(text)} "
    if any(f" {_spaced(words)} " in told for words in (value, *_rendered(question, quoted, item)) if words.strip()):
        return True
    if _counts_the_same(value, item.language, text, quoted.language):
        return True
    mine = [claim for claim in _claims_of(question, item.quote, item.language, item.published) if claim.text == value]
    theirs = _claims_of(question, text, quoted.language, item.published)
    return any(one.agrees_with(other) for one in mine for other in theirs)


def _counts_the_same(value: str, of_value: Language, text: str, of_text: Language) -> bool:
    """Tell whether a value is one number, with its unit, and a text holds the same."""
    wanted = list(quantities(value, of_value))
    return len(wanted) == 1 and any(
        (one.low, one.high, one.unit) == (wanted[0].low, wanted[0].high, wanted[0].unit) for one in quantities(text, of_text)
    )


def _rendered(question: Question, quoted: Answer, item: Citation) -> Iterator[str]:
    """Yield how the short answer says the value of a citation in the question's language."""
    direct = with_short_answer(question, quoted).direct
    values: tuple[ShortAnswer, ...] = (direct, *direct.others) if direct else ()
    yield from (one.rendered for one in values if one.citation == item.number and one.rendered)


def _spaced(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())


@lru_cache(maxsize=64)
def _claims_of(question: Question, text: str, language: Language, published: date | None) -> tuple[Claim, ...]:
    """Return what a text claims in answer to a question, as if an article of that day consisted of it."""
    article = Article("", "", "", None, published, language, None, text)
    passage = Passage(Chunk(0, "", language, "", 0, len(text), text), article, 1, 1.0)
    return tuple(claims(question, Evidence(passage, 0, len(text), 1.0)))
