"""Asks a question of the archive and tells whether the article that it was made of answers it, where it should."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import EVERYTHING, Filter, KhabarError
from rag.answer import Answerer
from rag.offer import tuning
from rag.offer.types import Candidate
from rag.types import Answer, Citation


def is_answered(answerer: Answerer, candidate: Candidate, history: Sequence[str] = (), within: Filter = EVERYTHING) -> bool:
    """Tell whether a question is answered by what it was made of: the short answer, or the statement that was asked for.

    What more there is about something is answered by other articles.

    Only the quotes are waited for: no language model is asked for a draft.
    """
    try:
        answer = next(answerer.stream(candidate.question, history, within))
    except KhabarError:  # what is away now may answer another time
        return False
    if answer.abstained or answer.language != candidate.language:
        return False
    if candidate.kind == "news":
        return answer.request == "news" and any(not _is_own(item, candidate) for item in answer.citations)
    return _is_quoted(answer, candidate) if candidate.kind == "said" else _is_direct(answer, candidate)


def _is_direct(answer: Answer, candidate: Candidate) -> bool:
    """Tell whether the short answer stands where the question was taken out of its article, and no source differs."""
    direct = answer.direct
    if direct is None or direct.others or answer.disagreements or answer.confidence < tuning.LEAST_CONFIDENCE:
        return False
    cited = next(item for item in answer.citations if item.number == direct.citation)
    return _is_own(cited, candidate) and direct.start < candidate.end and candidate.start < direct.end


def _is_quoted(answer: Answer, candidate: Candidate) -> bool:
    """Tell whether the statement is among the quotes of what somebody said."""
    return answer.request == "statements" and any(
        _is_own(item, candidate) and item.start < candidate.end and candidate.start < item.end for item in answer.citations
    )


def _is_own(item: Citation, candidate: Candidate) -> bool:
    return item.article_id == candidate.article.article_id
