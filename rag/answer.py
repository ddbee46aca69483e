"""The main path: a question comes in, an answer with verified citations goes out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from index.failures import StoreUnreachable
from index.types import EVERYTHING, ArticleRef, Filter, KhabarError, Language
from rag.ask.followup import complete, question_before
from rag.ask.question import Question, read_question
from rag.ask.spelling import Correction, as_written, corrected
from rag.draft.writer import Writer
from rag.generate.generator import Generator
from rag.generate.leash import Leash
from rag.generate.rewrite import Rewriter
from rag.phrases import not_told, say, searched_by_meaning
from rag.quote.quoted_answer import quoted_answer
from rag.render.short_answer import with_short_answer
from rag.request.answer import RequestAnswerer
from rag.retrieve.coverage import Coverage
from rag.retrieve.retriever import Retriever
from rag.text.glossary import Glossary
from rag.types import Answer, DraftCount, Evidence, Passage
from rag.weigh.evidence import EvidenceWeigher, Weighed
from rag.weigh.reader import NoReader, Reader
from rag.weigh.weighted_question import rarity_in

# Articles that an abstention names as the nearest.
_MOST_RELATED = 3
# Sentences of the previous answer whose names complete a follow-up.
_CITED_BEFORE = 2
# How much more confident (0 to 1) the answer to a question alone must be for it not to count as a follow-up.
_CLEARLY = 0.15
# Terms that a question needs to stand on its own.
_LEAST_TERMS = 3


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
    """What the archive holds for a question, and which words of it were taken for misspelt.

    `seconds` is what finding the passages took; `away` says why only meaning was searched.
    """

    question: Question
    corrections: tuple[Correction, ...]
    weighed: Weighed
    seconds: float
    away: StoreUnreachable | None = None


@dataclass(frozen=True, slots=True)
class Draftable:
    """What a model may write an answer of: the question as it was read, the evidence for it, and the quotes to fall back on.

    `confidence`, `reservations` (as notices) and `seconds` (of finding, and in all) are those of the answer made of quotes.
    """

    question: Question
    evidence: tuple[Evidence, ...]
    quoted: Answer
    confidence: float
    reservations: tuple[str, ...]
    seconds: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Quoted:
    """An answer made of quotes, or an abstention; and what a model may write of it, where one serves it.

    It is not `lasting` where a store or the reader could not be used: asked again, the archive may say more.
    """

    answer: Answer
    draftable: Draftable | None = None
    lasting: bool = True


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
        self._requests = RequestAnswerer(retriever, glossary, self.stream)
        self._writer = Writer(generator, options.draft_tokens, options.prompt_tokens)
        self.models = {"embedder": embedder, "reader": self._reader.name, "generator": generator.name}

    @property
    def completes_by_model(self) -> bool:
        """Whether a language model completes follow-ups, which takes seconds."""
        return self._rewriter is not None

    def warm_up(self, write: bool = True) -> None:
        """Load the models now rather than at the first question that needs them; the one that writes only with `write`.

        Raises KhabarError.
        """
        self._retriever.warm_up()
        with suppress(KhabarError):  # told with each answer, which words alone must give then
            self._reader.load()
        if write:
            self.generator.count_tokens("warm")

    def answer(self, question: str, history: Sequence[str] = (), within: Filter = EVERYTHING) -> Answer:
        """Return the whole answer from the articles that pass the filter. Raises KhabarError.

        `history` holds the earlier questions, oldest first.
        """
        *_, last = self.stream(question, history, within)
        return last

    def stream(
        self, question: str, history: Sequence[str] = (), within: Filter = EVERYTHING, write: bool = True
    ) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is whole. Raises KhabarError for a question that cannot be asked.

        Where a model drafts, the quotes come first, because they are ready at once; sentences that pass replace them. Without
        `write` none drafts.
        """
        quoted = self.quote(question, history, within)
        if not write or not quoted.draftable:
            yield quoted.answer
            return
        yield being_written(quoted.answer)
        yield from self.write(quoted.draftable)

    def quote(self, question: str, history: Sequence[str] = (), within: Filter = EVERYTHING) -> Quoted:
        """Return the answer made of quotes, or an abstention. Raises KhabarError for a question that cannot be asked."""
        started = time.perf_counter()
        if requested := self._requests.answer(question, history, within):
            return Quoted(self._timed(requested, started))
        found = self._find(question, history, within)
        asked, evidence, confidence = found.question, found.weighed.evidence, found.weighed.confidence
        reservations = tuple(_reservations(found))
        lasting = found.away is None and found.weighed.unread is None
        if not self._is_answered(found.weighed):
            abstention = self._abstain(found, within)
            return Quoted(self._composed(abstention, confidence, reservations, started, found.seconds), None, lasting)
        quoted = quoted_answer(asked, evidence, self._options.quotes)
        answer = self._composed(with_short_answer(asked, quoted), confidence, reservations, started, found.seconds)
        if not self._writer.serves(asked, evidence, quoted):
            return Quoted(answer, None, lasting)
        seconds = (found.seconds, time.perf_counter() - started)
        return Quoted(answer, Draftable(asked, evidence, quoted, confidence, reservations, seconds), lasting)

    def write(self, draftable: Draftable, leash: Leash | None = None) -> Iterator[Answer]:
        """Yield what a model writes of the evidence, as it grows; the last one is whole. Pulling the leash ends it."""
        retrieving, before = draftable.seconds
        started = time.perf_counter() - before
        for written in self._writer.write(draftable.question, draftable.evidence, draftable.quoted, leash):
            short = _with_short_answer(draftable, written)
            yield self._composed(short, draftable.confidence, draftable.reservations, started, retrieving)

    def search(
        self,
        question: str,
        history: Sequence[str] = (),
        within: Filter = EVERYTHING,
        top_k: int | None = None,
        *,
        meaning: bool = True,
    ) -> list[Passage]:
        """Return the passages nearest to a question, best first; without `meaning` they are found by words alone.

        Raises KhabarError for a question that cannot be asked.
        """
        return self.nearest(self.read(question, history), within, top_k, meaning=meaning)

    def nearest(
        self, question: Question, within: Filter = EVERYTHING, top_k: int | None = None, *, meaning: bool = True
    ) -> list[Passage]:
        """Return the passages nearest to a question that was read. Raises KhabarError."""
        return self._retriever.retrieve(question, top_k or self._options.top_k, within, meaning=meaning)

    def read(self, question: str, history: Sequence[str] = ()) -> Question:
        """Return a question as it is searched with: its spelling mended. Raises KhabarError for one that cannot be asked."""
        return corrected(self._understand(question, history), rarity_in(self._retriever.lexical).knows)[0]

    def _find(self, text: str, history: Sequence[str], within: Filter) -> _Found:
        """Return what the archive holds for a question; a follow-up completed or alone, whichever is answered better."""
        question = self._understand(text, history)
        before = question_before(question)
        if before is None:
            return self._search(question, within)
        leaning = self._search(self._complete(question, before, within), within)
        if not self._reader.languages or len(question.terms) < _LEAST_TERMS:
            return leaning
        alone = self._search(self._understand(text), within)
        return alone if alone.weighed.confidence > leaning.weighed.confidence + _CLEARLY else leaning

    def _understand(self, text: str, history: Sequence[str] = ()) -> Question:
        return read_question(text, history, self._glossary, self._options.max_question)

    def _complete(self, question: Question, before: Question, within: Filter) -> Question:
        """Return a follow-up completed from what answers the question before it."""
        weighed = self._search(before, within).weighed
        cited = weighed.evidence[:_CITED_BEFORE] if self._is_answered(weighed) else ()
        completed = complete(question, cited)
        return self._rewriter.rewrite(completed, cited) if self._rewriter else completed

    def _search(self, question: Question, within: Filter) -> _Found:
        """Return what the archive holds for a question that is understood: its spelling mended, passages found and weighed."""
        started = time.perf_counter()
        question, corrections = corrected(question, rarity_in(self._retriever.lexical).knows)
        retrieved = self._retriever.find(question, self._options.top_k, within)
        seconds = time.perf_counter() - started
        weighed = self._weigher.weigh(question, retrieved.passages)
        return _Found(question, corrections, weighed, seconds, retrieved.away)

    def _is_answered(self, weighed: Weighed) -> bool:
        return bool(weighed.evidence) and weighed.confidence >= self._options.threshold

    def _abstain(self, found: _Found, within: Filter) -> Answer:
        """Return what takes the place of an answer: the news of what an open question is about, or the nearest articles.

        A question off the subject of any article has none that is near.
        """
        question = found.question
        if not found.away and (told := self._requests.answer_open_question(question.text, within)):
            return told
        missing = found.weighed.missing
        near = found.weighed.passages if found.weighed.is_near else ()
        nearest = dict.fromkeys(ArticleRef(*passage.article.reference) for passage in near)
        return Answer(
            question.text,
            question.language,
            not_told(question.language, within, missing, found.weighed.names),
            mode="quotes",
            abstained=True,
            related=tuple(nearest)[:_MOST_RELATED],
            missing=missing,
            notices=self._partly_searched(question.language),
        )

    def _partly_searched(self, language: Language) -> tuple[str, ...]:
        """Return what the user should know about an abstention: that only a part could be searched by meaning yet."""
        share = self._coverage.now() if self._coverage else None
        return () if share is None or share.complete else (searched_by_meaning(share.percent, language),)

    def _composed(
        self, answer: Answer, confidence: float, reservations: Sequence[str], started: float, retrieving: float
    ) -> Answer:
        """Return an answer with how sure it is, and what its reader should know of how it came to be."""
        notices = (*answer.notices, *reservations)
        return self._timed(replace(answer, confidence=answer.confidence or confidence, notices=notices), started, retrieving)

    def _timed(self, answer: Answer, started: float, retrieving: float = 0.0) -> Answer:
        """Return an answer with the models that made it, and the milliseconds that it took."""
        timings = {"retrieve_ms": retrieving, "answer_ms": time.perf_counter() - started}
        return replace(answer, models=self.models, timings={name: round(1000 * took, 2) for name, took in timings.items()})


def being_written(answer: Answer) -> Answer:
    """Return an answer made of quotes as one that a model is writing anew: of its draft nothing has been read yet."""
    return replace(answer, drafted=DraftCount())


def _with_short_answer(draftable: Draftable, written: Answer) -> Answer:
    """Return a written answer with its short answer: that of its own quotes, or of the quoted answer's where it cites that."""
    short = with_short_answer(draftable.question, written)
    if short.direct or written.mode != "written":
        return short
    place = [(item.article_id, item.start, item.end) for item in draftable.quoted.citations[:1]]
    first = tuple(item for item in written.citations if (item.article_id, item.start, item.end) in place)
    return replace(short, direct=with_short_answer(draftable.question, replace(written, citations=first)).direct)


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
