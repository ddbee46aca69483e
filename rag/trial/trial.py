"""A language model and one question a language -> what becomes of the sentences that it writes."""

from __future__ import annotations

import re
import time
from dataclasses import asdict, dataclass
from typing import Any, Literal

from index.types import LANGUAGES, KhabarError, Language
from rag.ask.question import read_question
from rag.draft.judge import NO_JUDGE, Judge
from rag.draft.markers import draft_sentences
from rag.draft.writer import Writer
from rag.generate.card import Card
from rag.generate.generator import Generator
from rag.generate.reply import Reply
from rag.generate.server import OpenAIGenerator
from rag.quote.quoted_answer import quoted_answer
from rag.text.glossary import Glossary
from rag.text.marker import MARKER
from rag.trial.listening import Listening
from rag.trial.task import Task, tasks
from rag.types import Answer, DraftCount

Verdict = Literal["yes", "in part", "quotes only", "not asked"]
_QUOTES = 2
# A sentence of a written answer with the markers behind it.
_MARKED = re.compile(rf".+?(?:{MARKER.pattern})+")


@dataclass(frozen=True, slots=True)
class LanguageTrial:
    """What became of one question: how many sentences were shown, gave way to a quote, or were dropped.

    `example` is a sentence that was shown, or else the first that was not. Seconds are None where nothing was written, and
    tokens where nobody counts them; `counted` says whether they were counted by the model's own tokenizer. `failure` is the
    line that the model failed with.
    """

    language: Language
    verdict: Verdict
    shown: int = 0
    replaced: int = 0
    dropped: int = 0
    example: str = ""
    first_sentence_seconds: float | None = None
    tokens_per_second: float | None = None
    tokens_per_word: float | None = None
    counted: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class ModelTrial:
    """What a language model can do: `card` is what a server says of itself, None for a model of this process.

    `streams` and `thinks` are None where no reply came. `seconds` is what all of it took.
    """

    name: str
    card: Card | None
    streams: bool | None
    thinks: bool | None
    languages: tuple[LanguageTrial, ...]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return everything as a JSON object; what is not known is null."""
        return {**asdict(self), "writes": self.writes}

    @property
    def writes(self) -> bool:
        """Whether it writes answers in any language."""
        return any(item.verdict in ("yes", "in part") for item in self.languages)


@dataclass(frozen=True, slots=True)
class Budget:
    """The most tokens that a draft, and its whole prompt, may take."""

    draft_tokens: int
    prompt_tokens: int


def try_model(generator: Generator, glossary: Glossary, budget: Budget, judge: Judge = NO_JUDGE) -> ModelTrial:
    """Return what a model does with a question in each language that it serves.

    Raises KhabarError where it cannot be had at all: the failure that all its languages have in common.
    """
    began = time.perf_counter()
    served = [tasks()[language] for language in LANGUAGES if language in generator.languages]
    if not served:
        raise KhabarError(f"the language model {generator.name!r} writes no language", "name one that does with --llm")
    card = _card(generator)
    asked = [_asked(generator, task, glossary, budget, judge) for task in served]
    if all(isinstance(item.failure, KhabarError) for item in asked):
        raise next(item.failure for item in asked if item.failure)
    if card and not card.context:
        card = _card(generator)  # some servers know a model's context only once it is loaded
    told = {item.task.language: _told(item, generator, card) for item in asked}
    heard = [item for item in asked if item.listening.pieces and not item.failure]
    return ModelTrial(
        generator.name,
        card,
        any(item.listening.pieces > 1 for item in heard) if heard else None,
        any(item.reply.thought for item in heard if item.reply) if heard else None,
        tuple(told.get(language, LanguageTrial(language, "not asked")) for language in LANGUAGES),
        time.perf_counter() - began,
    )


def _card(generator: Generator) -> Card | None:
    return generator.card() if isinstance(generator, OpenAIGenerator) else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A task, what was heard of the model, the answer that came of it, and what a server told beside the text."""

    task: Task
    listening: Listening
    answer: Answer
    reply: Reply | None

    @property
    def failure(self) -> Exception | None:
        return self.listening.failure


def _asked(generator: Generator, task: Task, glossary: Glossary, budget: Budget, judge: Judge) -> _Asked:
    """Ask a model for a draft the way every draft is asked for and checked."""
    question = read_question(task.question, (), glossary, len(task.question))
    quoted = quoted_answer(question, task.evidence, _QUOTES, task.evidence[0].passage.article.published)
    listening = Listening(generator)
    writer = Writer(listening, budget.draft_tokens, budget.prompt_tokens, judge)
    *_, answer = [quoted, *writer.write(question, task.evidence, quoted)]
    return _Asked(task, listening, answer, generator.heard if isinstance(generator, OpenAIGenerator) else None)


def _told(asked: _Asked, generator: Generator, card: Card | None) -> LanguageTrial:
    drafted = asked.answer.drafted or DraftCount()
    refused = drafted.replaced + drafted.dropped
    verdict: Verdict = "quotes only" if not drafted.supported else "yes" if drafted.supported > refused else "in part"
    per_word, counted = _tokens_per_word(asked, generator, card)
    failure = asked.failure
    return LanguageTrial(
        asked.task.language, verdict, drafted.supported, drafted.replaced, drafted.dropped, _example(asked),
        asked.listening.sentence, _tokens_per_second(asked, generator), per_word, counted,
        failure.problem if isinstance(failure, KhabarError) else str(failure or ""),
    )  # fmt: skip


def _example(asked: _Asked) -> str:
    """Return the first sentence that was shown, or else the first that was written."""
    if asked.answer.mode == "written":
        shown = _MARKED.search(asked.answer.answer)
        return (shown.group() if shown else asked.answer.answer).strip()
    return next((sentence.text for sentence in draft_sentences([asked.listening.text])), "")


def _tokens_per_second(asked: _Asked, generator: Generator) -> float | None:
    """Return how fast the draft was written, behind its first piece where it came in several."""
    listening, tokens = asked.listening, _written_tokens(asked, generator)
    if not tokens or listening.first is None or listening.last is None:
        return None
    seconds = listening.last - listening.first
    return tokens / seconds if listening.pieces > 1 and seconds > 0 else tokens / listening.last


def _written_tokens(asked: _Asked, generator: Generator) -> int | None:
    if isinstance(generator, OpenAIGenerator):
        return asked.reply.written_tokens if asked.reply else None
    return generator.count_tokens(asked.listening.text)


def _tokens_per_word(asked: _Asked, generator: Generator, card: Card | None) -> tuple[float | None, bool]:
    """Return how many tokens a word takes, and whether the model's own tokenizer counted them; else its draft tells about."""
    text = asked.task.text
    if not isinstance(generator, OpenAIGenerator):
        return generator.count_tokens(text) / len(text.split()), True
    if card and (counted := generator.counted(card, text)):
        return counted / len(text.split()), True
    tokens, words = _written_tokens(asked, generator), len(asked.listening.text.split())
    return (tokens / words, False) if tokens and words else (None, False)
