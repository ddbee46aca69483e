"""Written mode: a model's draft, of which only the sentences that a passage supports are shown."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Generator as Pieces
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from index.types import KhabarError, Language
from rag.ask.question import Question
from rag.draft import tuning
from rag.draft.brief import brief_messages
from rag.draft.dispute import is_disputed, lead_of, short_of
from rag.draft.draft import Draft
from rag.draft.prompt import TAGS, Excerpt, draft_messages, excerpts_that_fit
from rag.generate.generator import Generator, Messages
from rag.generate.leash import Leash
from rag.phrases import say
from rag.types import Answer, Citation, DraftCount, Evidence

_Result = TypeVar("_Result")


class _GeneratorFailed(Exception):
    """Whatever a generator raised; its cause is what there is to tell."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a model is asked: the messages, what it may cite (nothing where that does not fit), and for how many tokens."""

    messages: Messages
    excerpts: list[Excerpt]
    tokens: int


class Writer:
    """Has a generator draft an answer from the passages of the best evidence, and checks what it writes."""

    def __init__(self, generator: Generator, draft_tokens: int, prompt_tokens: int) -> None:
        """Keep the generator, and the most tokens that a draft and its whole prompt may take."""
        self._generator = generator
        self._draft_tokens = draft_tokens
        self._prompt_tokens = prompt_tokens

    def serves(self, question: Question, evidence: Sequence[Evidence], quoted: Answer) -> bool:
        """Tell whether the generator may write the answer.

        Not where it does not serve the language of the question or of the best evidence: a model that cannot read the best
        passage would write from worse ones. Nor, where it writes about a few quotes only, if these differ or are in the order
        of their days.
        """
        if not {question.language, evidence[0].passage.chunk.language} <= self._generator.languages:
            return False
        return self._generator.form == "passages" or not is_disputed(quoted)

    def write(
        self, question: Question, evidence: Sequence[Evidence], quoted: Answer, leash: Leash | None = None
    ) -> Iterator[Answer]:
        """Yield the written answer as it grows; the last one is whole, and says what became of the draft.

        Where nothing of the draft may be shown, or the generator fails at any point, the last one is `quoted` with a line that
        says so: half an answer of a model that failed is none. Yields nothing where the generator does not serve it. Whoever
        pulls the leash ends it.
        """
        if not self.serves(question, evidence, quoted):
            return
        try:
            asked = (self._brief if self._generator.form == "quotes" else self._full)(question, evidence, quoted)
            if not asked.excerpts:
                yield replace(quoted, notices=(*quoted.notices, say("no_room", question.language)))
                return
            draft = Draft(question, asked.excerpts, quoted, self._generator.form)
            with contextlib.closing(self._pieces(asked, leash or Leash())) as pieces:
                yield from draft.read(pieces)
            yield draft.whole()
        except _GeneratorFailed as failed:
            notice = _failure_notice(failed.__cause__ or failed, question.language)
            yield replace(quoted, notices=(*quoted.notices, notice), drafted=DraftCount())

    def _full(self, question: Question, ranked: Sequence[Evidence], quoted: Answer) -> _Asked:
        """Return the long form: the passages of the quotes, then of the best evidence, in languages that the model serves."""
        best: dict[int, Evidence] = {}
        shown = _evidence_of(quoted.citations, ranked)
        for evidence in self._served([*shown, *ranked[:tuning.EVIDENCE]]):
            best.setdefault(evidence.passage.chunk.chunk_id, evidence)
        first = list(best.values())[: max(tuning.PASSAGES, len(shown))]
        lead = lead_of(question, quoted)
        excerpts = _shielded(
            lambda: excerpts_that_fit(
                question.asked, question.language, first, self._prompt_tokens, self._generator.count_tokens, lead
            )
        )
        return _Asked(draft_messages(question.asked, question.language, excerpts, lead), excerpts, self._draft_tokens)

    def _brief(self, question: Question, ranked: Sequence[Evidence], quoted: Answer) -> _Asked:
        """Return the short form: the quotes that are shown first, and the short answer."""
        first = self._served(_evidence_of(quoted.citations, ranked))[:tuning.QUOTES] or self._served(ranked)[:1]
        excerpts = [Excerpt(tag, one.passage, one.quote) for tag, one in zip(TAGS, first, strict=False)]
        messages = brief_messages(question.asked, short_of(question, quoted), [item.text for item in excerpts])
        sizes = [_shielded(partial(self._generator.count_tokens, message["content"])) for message in messages]
        if tuning.TEMPLATE_TOKENS + sum(sizes) > self._prompt_tokens:
            excerpts = []
        return _Asked(messages, excerpts, min(self._draft_tokens, tuning.BRIEF_TOKENS))

    def _served(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Return the evidence in languages that the model serves."""
        return [one for one in evidence if one.passage.chunk.language in self._generator.languages]

    def _pieces(self, asked: _Asked, leash: Leash) -> Pieces[str, None, None]:
        """Yield what the generator writes; whatever it does, a draft ends, for a piece is a token or more."""
        pieces = _shielded(lambda: iter(self._generator.stream(asked.messages, asked.tokens)))
        leash.hold(pieces)
        try:
            for _ in range(tuning.PIECES_PER_TOKEN * asked.tokens):
                piece = _shielded(lambda: next(pieces, None))
                if piece is None:
                    return
                if not isinstance(piece, str):
                    raise _GeneratorFailed from TypeError(f"it wrote {type(piece).__name__} in place of text")
                yield piece
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                with contextlib.suppress(_GeneratorFailed):
                    _shielded(close)


def _evidence_of(citations: Sequence[Citation], ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence that quotes were made of, in their order."""
    by_place = {(one.passage.article.article_id, one.start, one.end): one for one in ranked}
    places = ((item.article_id, item.start, item.end) for item in citations)
    return [by_place[place] for place in places if place in by_place]


def _shielded(step: Callable[[], _Result]) -> _Result:
    """Return what a step of a generator returns. Raises _GeneratorFailed in place of whatever it raises."""
    try:
        return step()
    # A model is foreign code: there is no telling what it raises, and the user has the quotes.
    except Exception as error:
        raise _GeneratorFailed from error


def _failure_notice(error: BaseException, language: Language) -> str:
    """Return the line that says that the model failed, and of what, on one line and without a traceback."""
    problem = error.problem if isinstance(error, KhabarError) else f"{type(error).__name__}: {error}".rstrip(": ")
    return say("model_failed", language, problem=" ".join(problem.split())[:tuning.LONGEST_PROBLEM])
