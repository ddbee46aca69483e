"""The main path: a question comes in, an answer with verified citations goes out."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.language import detect_language
from index.types import EVERYTHING, Filter
from rag.cite import CitationList, check_sentence, complete_sentences
from rag.evidence import EvidenceWeigher, Weighed, choose_quotes
from rag.generate import GenerationError, Generator
from rag.glossary import Glossary
from rag.phrases import not_told
from rag.prompt import REFUSAL, draft_messages
from rag.question import Question, read_question
from rag.quote import quote_answer
from rag.retrieve import Retriever
from rag.types import Answer, Passage, Related, related

_RELATED = 3
_DRAFT_PASSAGES = 3
_PATIENCE = 2
_DRAFT_EVIDENCE = 12


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How much an answer draws on: passages, quotes, the draft's tokens, and the confidence below which it abstains."""

    top_k: int = 8
    quotes: int = 3
    draft_tokens: int = 200
    prompt_tokens: int = 3000
    max_question: int = 2000
    threshold: float = 0.38


class Answerer:
    """Answers questions about one archive."""

    def __init__(
        self, retriever: Retriever, generator: Generator, glossary: Glossary, embedder: str, options: AnswerOptions
    ) -> None:
        """Keep the stages that a question passes; `embedder` is the name to report."""
        self.generator = generator
        self._retriever = retriever
        self._weigher = EvidenceWeigher(retriever.lexical)
        self._glossary = glossary
        self._options = options
        self.models = {"embedder": embedder, "generator": generator.name}

    def warm_up(self) -> None:
        """Load the models now rather than at the first question that needs them. Raises KhabarError."""
        self._retriever.warm_up()
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
        understood = read_question(question, history, self._glossary, self._options.max_question)
        passages = self._retriever.retrieve(understood, self._options.top_k, within)
        retrieved = time.perf_counter()
        weighed = self._weigher.weigh(understood, passages)
        for partial in self._compose(understood, passages, weighed, within):
            now = time.perf_counter()
            timings = {
                "retrieve_ms": round(1000 * (retrieved - started), 2),
                "answer_ms": round(1000 * (now - started), 2),
            }
            yield replace(partial, models=self.models, timings=timings)

    def _compose(self, question: Question, passages: Sequence[Passage], weighed: Weighed, within: Filter) -> Iterator[Answer]:
        if weighed.confidence < self._options.threshold or not weighed.evidence:
            yield self._abstention(question, passages, within)
            return
        quoted = self._quoted(question, weighed)
        yield quoted
        # A model that cannot read the best passage would write from worse ones.
        if {question.language, weighed.evidence[0].passage.chunk.language} <= self.generator.languages:
            written: Answer | None = None
            with contextlib.suppress(GenerationError):
                for written in self._written(question, weighed):
                    yield written
            yield written or quoted

    def _abstention(self, question: Question, passages: Sequence[Passage], within: Filter) -> Answer:
        nearest: dict[str, Related] = {}
        for passage in passages:
            nearest.setdefault(passage.article.article_id, related(passage.article))
        return Answer(
            question.text, question.language, not_told(question.language, within), "quotes", True,
            related=tuple(nearest.values())[:_RELATED],
        )  # fmt: skip

    def _quoted(self, question: Question, weighed: Weighed) -> Answer:
        text, citations = quote_answer(choose_quotes(weighed.evidence, self._options.quotes), question.language)
        return Answer(question.text, question.language, text, "quotes", False, citations)

    def _written(self, question: Question, weighed: Weighed) -> Iterator[Answer]:
        """Yield the draft's sentences that pass, each as soon as it is checked; nothing where none does.

        A model that fails twice running is not listened to any longer: the reader has the quotes already.
        """
        passages = self._passages_to_draft_from(weighed)
        pieces = self.generator.stream(
            draft_messages(question.asked, question.language, passages), self._options.draft_tokens
        )
        numbers = CitationList()
        shown: dict[str, str] = {}
        failed = 0
        # Whatever the generator does, a draft ends: a piece is a token or more.
        for sentence in complete_sentences(itertools.islice(pieces, 2 * self._options.draft_tokens)):
            if REFUSAL in sentence:
                break
            checked = check_sentence(sentence, passages)
            failed = 0 if checked else failed + 1
            if failed == _PATIENCE:
                break
            if checked and checked.text not in shown and detect_language(checked.text) == question.language:
                shown[checked.text] = f"{checked.text} {numbers.marker(checked.evidence)}"
                text = " ".join(shown.values())
                yield Answer(question.text, question.language, text, "written", False, numbers.citations)

    def _passages_to_draft_from(self, weighed: Weighed) -> list[Passage]:
        """Return the passages of the best evidence, as many as the prompt has room for."""
        best: dict[int, Passage] = {}
        for evidence in weighed.evidence[:_DRAFT_EVIDENCE]:
            if evidence.passage.chunk.language in self.generator.languages:
                best.setdefault(evidence.passage.chunk.chunk_id, evidence.passage)
        chosen: list[Passage] = []
        room = self._options.prompt_tokens
        for passage in list(best.values())[:_DRAFT_PASSAGES]:
            room -= self.generator.count_tokens(passage.chunk.text) + 8
            if room < 0:
                break
            chosen.append(passage)
        return chosen
