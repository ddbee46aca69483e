"""The main path: a question comes in, an answer with verified citations goes out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.types import EVERYTHING, Filter
from rag.evidence import EvidenceWeigher, Weighed
from rag.generate import Generator
from rag.glossary import Glossary
from rag.phrases import not_told
from rag.question import Question, read_question
from rag.quote import quote_answer
from rag.retrieve import Retriever
from rag.types import Answer, Passage, Related, related
from rag.write import Writer

_RELATED = 3


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
        self._writer = Writer(generator, options.draft_tokens, options.prompt_tokens)
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
        quoted = quote_answer(question, weighed.evidence, self._options.quotes)
        yield quoted
        yield from self._writer.write(question, weighed.evidence, quoted)

    def _abstention(self, question: Question, passages: Sequence[Passage], within: Filter) -> Answer:
        nearest: dict[str, Related] = {}
        for passage in passages:
            nearest.setdefault(passage.article.article_id, related(passage.article))
        return Answer(
            question.text, question.language, not_told(question.language, within), "quotes", True,
            related=tuple(nearest.values())[:_RELATED],
        )  # fmt: skip
