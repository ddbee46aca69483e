"""What became of a model's draft, and the lines that tell the reader so, in three languages."""

from __future__ import annotations

from index.types import KhabarError, Language
from rag.draft import tuning
from rag.phrases import say, written_count
from rag.types import DraftCount


def count_notices(count: DraftCount, language: Language) -> tuple[str, ...]:
    """Return the lines that say how many sentences of a draft were left out or replaced; none where all stand."""
    told = (("replaced", count.replaced), ("dropped", count.dropped))
    return tuple(say(key, language, number=written_count(number, language)) for key, number in told if number)


def failure_notice(error: BaseException, language: Language) -> str:
    """Return the line that says that the model failed, and of what, on one line and without a traceback."""
    problem = error.problem if isinstance(error, KhabarError) else f"{type(error).__name__}: {error}".rstrip(": ")
    return say("model_failed", language, problem=" ".join(problem.split())[:tuning.LONGEST_PROBLEM])
