"""Quote mode: an answer made of verbatim sentences, each with its marker, outlet and date."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from index.text import squash
from index.types import Language
from rag.phrases import COMMA, QUOTATION_MARKS, QUOTES_FOLLOW, written_date
from rag.question import Question
from rag.types import Answer, Citation, Evidence, citation

_SAME_SENTENCE = 82


def choose_quotes(evidence: Sequence[Evidence], most: int) -> list[Evidence]:
    """Return the evidence worth quoting: the best sentence, and others that come near it and do not repeat it."""
    chosen: list[Evidence] = []
    for candidate in evidence[: 6 * most]:
        if len(chosen) == most or (chosen and candidate.score < 0.72 * chosen[0].score):
            break
        if not any(same_sentence(candidate.quote, kept.quote) for kept in chosen):
            chosen.append(candidate)
    return chosen


def same_sentence(one: str, other: str) -> bool:
    """Tell whether two sentences say the same in almost the same letters."""
    return fuzz.ratio(squash(one), squash(other)) >= _SAME_SENTENCE


def quote_answer(question: Question, evidence: Sequence[Evidence], most: int) -> Answer:
    """Return the answer made of the best of the evidence (best first, at least one piece), in at most `most` quotes."""
    citations = tuple(citation(number, item) for number, item in enumerate(choose_quotes(evidence, most), 1))
    text = "\n\n".join([QUOTES_FOLLOW[question.language], *(quoted(item, question.language) for item in citations)])
    return Answer(question.text, question.language, text, "quotes", False, citations)


def quoted(item: Citation, language: Language) -> str:
    """Return one quote as a reader sees it: in quotation marks, with its marker and where it stands."""
    opening, closing = QUOTATION_MARKS[item.language]
    return f"{opening}{item.quote}{closing} [{item.number}] — {attribution(item, language)}"


def attribution(item: Citation, language: Language) -> str:
    """Return outlet and date in the reader's language; an article of no known outlet goes by its title.

    A title that was only taken from the quote's own beginning says nothing new: then the path stands for the article.
    """
    opening, closing = QUOTATION_MARKS[item.language]
    retold = item.quote.startswith(item.title.removesuffix(" …"))
    where = item.outlet or (item.path if retold else f"{opening}{item.title}{closing}")
    return f"{where}{COMMA[language]} {written_date(item.published, language)}"
