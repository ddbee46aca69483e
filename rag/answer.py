"""The main path: a question comes in, an answer with verified citations goes out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from index.failures import StoreAway
from index.types import EVERYTHING, Filter, KhabarError
from rag.ask.followup import complete, question_before
from rag.ask.question import Question, read_question
from rag.ask.rewrite import Rewriter
from rag.ask.spelling import Correction, as_written, corrected
from rag.draft.writer import Writer
from rag.generate.generator import Generator
from rag.phrases import not_told, say, searched_by_meaning
from rag.quote.quotation import quote_answer
from rag.render.short_answer import with_direct
from rag.request.desk import RequestDesk
from rag.retrieve.coverage import Coverage
from rag.retrieve.retriever import Retriever
from rag.text.glossary import Glossary
from rag.types import Answer, Passage, Related, related
from rag.weigh.evidence import EvidenceWeigher, Weighed
from rag.weigh.reader import NoReader, Reader
from rag.weigh.weighted_term import Rarity

_RELATED = 3
# So much of an earlier turn's evidence was quoted.
_CITED_BEFORE = 2
# By so much must a question be answered more surely by itself before it is no follow-up.
_CLEARLY = 0.15
# With fewer terms it cannot stand by itself.
_WHOLE = 3


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How much an answer draws on: passages found and read, quotes, a draft's tokens; and the least confidence."""

    top_k: int = 10
    read_k: int = 5
    quotes: int = 3
    draft_tokens: int = 200
    prompt_tokens: int = 3000
    max_question: int = 2000
    threshold: float = 0.5


@dataclass(frozen=True, slots=True)
class _Found:
    """What the archive holds for a question, what of it was taken for misspelt, and the seconds that finding passages took.

    `away` says why only meaning was searched.
    """

    question: Question
    corrections: tuple[Correction, ...]
    passages: tuple[Passage, ...]
    weighed: Weighed
    seconds: float
    away: StoreAway | None = None


class Answerer:
    """Answers questions about one archive."""

    def __init__(
        self,
        retriever: Retriever,
        generator: Generator,
        glossary: Glossary,
        embedder: str,
        options: AnswerOptions,
        rewriter: Rewriter | None = None,
        coverage: Coverage | None = None,
        reader: Reader | None = None,
    ) -> None:
        """Keep the stages that a question passes; `embedder` is the name to report.

        `reader` tells which passages answer; without it their words alone do. `rewriter` completes follow-ups by a model;
        without it the conversation's terms alone do. With `coverage` an abstention says where only a part of the archive was
        searched by meaning.
        """
        self.generator = generator
        self._retriever = retriever
        self._reader = reader or NoReader()
        self._weigher = EvidenceWeigher(retriever.lexical, self._reader, options.read_k)
        self._glossary = glossary
        self._options = options
        self._rewriter = rewriter
        self._coverage = coverage
        self._desk = RequestDesk(retriever, glossary, self.stream)
        self._writer = Writer(generator, options.draft_tokens, options.prompt_tokens)
        self.models = {"embedder": embedder, "reader": self._reader.name, "generator": generator.name}

    def warm_up(self) -> None:
        """Load the models now rather than at the first question that needs them. Raises KhabarError."""
        self._retriever.warm_up()
        with suppress(KhabarError):  # told with each answer, which words alone must give then
            self._reader.load()
        self.generator.count_tokens("warm")

    def answer(self, question: str, history: Sequence[str] = (), within: Filter = EVERYTHING) -> Answer:
        """Return the whole answer from the articles that pass the filter. Raises KhabarError.

        `history` holds the earlier questions, oldest first.
        """
        *_, last = self.stream(question, history, within)
        return last

    def stream(self, question: str, history: Sequence[str] = (), within: Filter = EVERYTHING) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is whole. Raises KhabarError for a question that is none.

        Where a model drafts, the quotes come first, for they are there at once, and sentences that pass replace them.
        """
        started = time.perf_counter()
        if served := self._desk.serve(question, history, within):
            timings = {"retrieve_ms": 0.0, "answer_ms": round(1000 * (time.perf_counter() - started), 2)}
            yield replace(served, models=self.models, timings=timings)
            return
        found = self._found(self._understood(question, history, within), within)
        if found.question.earlier and self._reader.languages and len(found.question.terms) >= _WHOLE:
            alone = read_question(question, (), self._glossary, self._options.max_question)
            found = _likelier(found, self._found(alone, within))
        for partial in self._compose(found, within):
            answer_ms = round(1000 * (time.perf_counter() - started), 2)
            timings = {"retrieve_ms": round(1000 * found.seconds, 2), "answer_ms": answer_ms}
            notices = (*partial.notices, *_reservations(found))
            sure = partial.confidence or found.weighed.confidence
            yield replace(partial, confidence=sure, models=self.models, timings=timings, notices=notices)

    def _found(self, question: Question, within: Filter) -> _Found:
        """Return what the articles that pass the filter hold for a question."""
        started = time.perf_counter()
        question, corrections = corrected(question, Rarity(self._retriever.lexical).knows)
        retrieved = self._retriever.find(question, self._options.top_k, within)
        seconds = time.perf_counter() - started
        passages, weighed = retrieved.passages, self._weigher.weigh(question, retrieved.passages)
        return _Found(question, corrections, tuple(passages), weighed, seconds, retrieved.away)

    def _understood(self, text: str, history: Sequence[str], within: Filter) -> Question:
        """Return the question; a follow-up completed from the earlier ones and from what answered the last of them."""
        question = read_question(text, history, self._glossary, self._options.max_question)
        before = question_before(question)
        if before is None:
            return question
        weighed = self._found(before, within).weighed
        cited = weighed.evidence[:_CITED_BEFORE] if self._answers(weighed) else ()
        completed = complete(question, cited)
        return self._rewriter.rewrite(completed, cited) if self._rewriter else completed

    def _answers(self, weighed: Weighed) -> bool:
        return bool(weighed.evidence) and weighed.confidence >= self._options.threshold

    def _compose(self, found: _Found, within: Filter) -> Iterator[Answer]:
        question, evidence = found.question, found.weighed.evidence
        if not self._answers(found.weighed):
            told = None if found.away else self._desk.told_of(question.text, within)
            if told:
                yield told
                return
            yield replace(_abstention(found, within), notices=self._partly_searched(question))
            return
        quoted = quote_answer(question, evidence, self._options.quotes)
        yield with_direct(question, quoted)
        for written in self._writer.write(question, evidence, quoted):
            yield with_direct(question, written)

    def _partly_searched(self, question: Question) -> tuple[str, ...]:
        """Return what a reader must know of an abstention: that not all of the archive was searched by meaning yet."""
        share = self._coverage.now() if self._coverage else None
        return () if share is None or share.complete else (searched_by_meaning(share.percent, question.language),)


def _reservations(found: _Found) -> Iterator[str]:
    """Yield the lines on words that were taken for misspelt, and on a store or a reader that could not be used."""
    question = found.question
    if found.away:
        yield say("by_meaning_alone", question.language, problem=str(found.away))
    for correction in found.corrections:
        word = as_written(question.text, [correction.word])
        yield say("read_as", question.language, word=word, name=correction.name)
    if found.weighed.unread:
        yield say("unread", question.language, problem=str(found.weighed.unread))


def _likelier(leaning: _Found, alone: _Found) -> _Found:
    """Return what was found for a follow-up, or for it as a question that stands alone, if that is clearly answered better."""
    return alone if alone.weighed.confidence > leaning.weighed.confidence + _CLEARLY else leaning


def _abstention(found: _Found, within: Filter) -> Answer:
    question, missing, names = found.question, found.weighed.missing, found.weighed.names
    nearest: dict[str, Related] = {}
    for passage in found.passages:
        nearest.setdefault(passage.article.article_id, related(passage.article))
    return Answer(
        question.text, question.language, not_told(question.language, within, missing, names), "quotes", True,
        related=tuple(nearest.values())[:_RELATED], missing=missing,
    )  # fmt: skip

