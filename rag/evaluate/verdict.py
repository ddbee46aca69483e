"""Whether an answer is what its fixed question accepts, and whether its quotes are what the articles say."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.catalog import Catalog
from index.text import fold, squash
from rag.evaluate.fixed_question import FixedQuestion
from rag.text.marker import MARKER, numbers_in
from rag.types import Answer, Citation, Disagreement, ShortAnswer


def failures(question: FixedQuestion, answer: Answer) -> tuple[str, ...]:
    """Return the fields of the question that the answer does not satisfy, `abstain` first; none where it is right."""
    if question.abstain != answer.abstained:
        return ("abstain",)
    return tuple(name for name, holds in _CHECKS.items() if not holds(question, answer))


def is_cited(question: FixedQuestion, answer: Answer) -> bool:
    """Tell whether one of the question's articles is cited; any article will do where it names none."""
    return any(is_at(path, question.articles or ("",)) for citation in answer.citations for path in _paths(citation))


def is_verbatim(answer: Answer, catalog: Catalog) -> bool:
    """Tell whether every quote is the stated slice of its stored article, and markers and citations agree one to one.

    The short answer is a slice of the quote that it cites.
    """
    for citation in answer.citations:
        inside = citation.phrase is None or citation.start <= citation.phrase[0] < citation.phrase[1] <= citation.end
        if not inside or not all(_is_slice(catalog, quoted) for quoted in _quoted(citation)):
            return False
    if not all(_is_in_its_quote(direct, answer) for direct in _each(answer.direct)):
        return False
    used = list(numbers_in(answer.answer))
    return used == [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))


def is_between_articles(found: Disagreement, answer: Answer) -> bool:
    """Tell whether a disagreement names several articles and its values stand in their quotes, one in each."""
    cited = {citation.number: citation for citation in answer.citations}
    named = [cited[number] for number in found.citations if number in cited]
    return (
        len(named) == len(found.values)
        and len({citation.article_id for citation in named}) > 1
        and all(value and value in citation.quote for value, citation in zip(found.values, named, strict=True))
    )


def _each(direct: ShortAnswer | None) -> list[ShortAnswer]:
    return [direct, *(one for other in direct.others for one in _each(other))] if direct else []


def _is_in_its_quote(direct: ShortAnswer, answer: Answer) -> bool:
    return any(
        item.number == direct.citation
        and item.start <= direct.start < direct.end <= item.end
        and item.quote[direct.start - item.start : direct.end - item.start] == direct.text
        for item in answer.citations
    )


_Quoted = tuple[str, int, int, str]


def _quoted(citation: Citation) -> list[_Quoted]:
    return [(source.article_id, source.start, source.end, source.quote) for source in (citation, *citation.also)]


def _is_slice(catalog: Catalog, quoted: _Quoted) -> bool:
    article_id, start, end, quote = quoted
    article = catalog.article(article_id)
    return article is not None and bool(quote) and article.text[start:end] == quote


def _paths(citation: Citation) -> list[str]:
    return [citation.path, *(source.path for source in citation.also)]


def is_at(path: str, prefixes: tuple[str, ...]) -> bool:
    """Tell whether a cited path begins with one of some prefixes, from its start or from the start of one of its folders."""
    parts = path.split("/")
    return any("/".join(parts[start:]).startswith(prefix) for start in range(len(parts)) for prefix in prefixes)


def stands_in(wanted: str, text: str) -> bool:
    """Tell whether a text says what is wanted, compared folded; no marker and no part of a longer number says it."""
    said = MARKER.sub(" ", text)
    folded, squashed = " ".join(fold(wanted).split()), squash(wanted)
    return _holds_whole(folded, " ".join(fold(said).split())) or (
        not squashed.isdecimal() and _holds_whole(squashed, squash(said))
    )


def _holds_whole(needle: str, text: str) -> bool:
    before = r"(?<!\d)" if needle[:1].isdecimal() else ""
    after = r"(?!\d)" if needle[-1:].isdecimal() else ""
    return re.search(f"{before}{re.escape(needle)}{after}", text) is not None


def _says_any(question: FixedQuestion, answer: Answer) -> bool:
    return not question.any or any(stands_in(wanted, answer.answer) for wanted in question.any)


def _says_all(question: FixedQuestion, answer: Answer) -> bool:
    return all(stands_in(wanted, answer.answer) for wanted in question.all)


def is_told_directly(question: FixedQuestion, answer: Answer) -> bool:
    """Tell whether the short answer holds an accepted string: of the question's `direct`, of its `any` where it has none.

    Values that differ from the short answer's own do not count.
    """
    if answer.direct is None or answer.abstained:
        return False
    told = (answer.direct.text, answer.direct.rendered or "")
    return any(stands_in(wanted, text) for text in told for wanted in question.direct or question.any)


def _says_directly(question: FixedQuestion, answer: Answer) -> bool:
    return not question.direct or is_told_directly(question, answer)


def _cites(question: FixedQuestion, answer: Answer) -> bool:
    return question.abstain or is_cited(question, answer)


def _differs(question: FixedQuestion, answer: Answer) -> bool:
    if not question.differ:
        return question.differ is None or not answer.disagreements
    return any(
        is_between_articles(found, answer) and _is_over(question.values, found.values) for found in answer.disagreements
    )


def _is_over(wanted: tuple[str, ...], values: tuple[str, ...]) -> bool:
    """Tell whether each wanted value is one of a disagreement's, or a part of one, or has one as its part."""
    return all(any(stands_in(one, other) or stands_in(other, one) for other in values) for one in wanted)


def _begins_with(question: FixedQuestion, answer: Answer) -> bool:
    return not question.first or any(
        is_at(path, question.first) for citation in answer.citations[:1] for path in _paths(citation)
    )


def _is_as_of(question: FixedQuestion, answer: Answer) -> bool:
    return question.as_of in (None, answer.as_of)


def _never_says(question: FixedQuestion, answer: Answer) -> bool:
    quotes = (quote for citation in answer.citations for *_, quote in _quoted(citation))
    return not any(stands_in(banned, text) for text in (answer.answer, *quotes) for banned in question.never)


def _names_missing(question: FixedQuestion, answer: Answer) -> bool:
    told = " ".join(answer.missing)
    return all(stands_in(wanted, told) for wanted in question.missing)


def _names_agency(question: FixedQuestion, answer: Answer) -> bool:
    told = " ".join(citation.agency or "" for citation in answer.citations)
    return not question.agency or any(stands_in(wanted, told) for wanted in question.agency)


def _says_once(question: FixedQuestion, answer: Answer) -> bool:
    """Tell whether one citation stands for all the articles that say the same."""
    return not question.once or any(
        all(any(is_at(path, (prefix,)) for path in _paths(citation)) for prefix in question.once)
        for citation in answer.citations
    )


_CHECKS: dict[str, Callable[[FixedQuestion, Answer], bool]] = {
    "articles": _cites,
    "any": _says_any,
    "all": _says_all,
    "direct": _says_directly,
    "differ": _differs,
    "first": _begins_with,
    "as_of": _is_as_of,
    "never": _never_says,
    "missing": _names_missing,
    "agency": _names_agency,
    "once": _says_once,
}
