"""Quote mode: an answer made of verbatim sentences, each with its marker, outlet and date."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Language
from rag.phrases import COMMA, QUOTATION_MARKS, QUOTES_FOLLOW, written_date
from rag.types import Citation, Evidence, citation


def quote_answer(evidence: Sequence[Evidence], language: Language) -> tuple[str, tuple[Citation, ...]]:
    """Return the answer's text and its citations, one for each piece of evidence in its order."""
    citations = tuple(citation(number, item) for number, item in enumerate(evidence, 1))
    return "\n\n".join([QUOTES_FOLLOW[language], *(quoted(item, language) for item in citations)]), citations


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
