"""Written mode: a model's draft, of which only the sentences that a passage supports are shown."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence

from index.language import detect_language
from rag.cite import CitationList, check_sentence, complete_sentences
from rag.generate import GenerationError, Generator
from rag.prompt import REFUSAL, draft_messages
from rag.question import Question
from rag.types import Answer, Evidence, Passage

_DRAFT_PASSAGES = 3
_PATIENCE = 2
_DRAFT_EVIDENCE = 12


class Writer:
    """Lets a generator draft an answer from the passages of the best evidence, and checks what it writes."""

    def __init__(self, generator: Generator, draft_tokens: int, prompt_tokens: int) -> None:
        """Keep the generator, and the most tokens that a draft and the passages of its prompt may take."""
        self._generator = generator
        self._draft_tokens = draft_tokens
        self._prompt_tokens = prompt_tokens

    def write(self, question: Question, evidence: Sequence[Evidence], quoted: Answer) -> Iterator[Answer]:
        """Yield the written answer as it grows; the last one is whole: `quoted` where nothing of the draft may be shown.

        Yields nothing where the generator does not serve the language of the question or of the best evidence: a model that
        cannot read the best passage would write from worse ones.
        """
        if not {question.language, evidence[0].passage.chunk.language} <= self._generator.languages:
            return
        written: Answer | None = None
        with contextlib.suppress(GenerationError):
            for written in self._sentences(question, evidence):
                yield written
        yield written or quoted

    def _sentences(self, question: Question, evidence: Sequence[Evidence]) -> Iterator[Answer]:
        """Yield the answer with each sentence that passes, as soon as it is checked; nothing where none does.

        A model that fails twice running is not listened to any longer: the reader has the quotes already.
        """
        passages = self._passages(evidence)
        pieces = self._generator.stream(draft_messages(question.asked, question.language, passages), self._draft_tokens)
        numbers = CitationList()
        shown: dict[str, str] = {}
        failed = 0
        # Whatever the generator does, a draft ends: a piece is a token or more.
        for sentence in complete_sentences(itertools.islice(pieces, 2 * self._draft_tokens)):
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

    def _passages(self, ranked: Sequence[Evidence]) -> list[Passage]:
        """Return the passages of the best evidence, as many as the prompt has room for."""
        best: dict[int, Passage] = {}
        for evidence in ranked[:_DRAFT_EVIDENCE]:
            if evidence.passage.chunk.language in self._generator.languages:
                best.setdefault(evidence.passage.chunk.chunk_id, evidence.passage)
        chosen: list[Passage] = []
        room = self._prompt_tokens
        for passage in list(best.values())[:_DRAFT_PASSAGES]:
            room -= self._generator.count_tokens(passage.chunk.text) + 8
            if room < 0:
                break
            chosen.append(passage)
        return chosen
