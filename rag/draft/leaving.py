"""When a draft that leads nowhere is left, and why: reasons that a reader is told of, and the patience with each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from index.language import fits_script
from index.types import Language
from rag.draft import tuning
from rag.draft.markup import is_thought
from rag.generate.generator import Form

# unsupported: no passage says so. repeats: round in circles. endless: a sentence without an end. language: not the question's.
# markup: headings, tables, code. order: one was followed or repeated. thinks: aloud. refused: it says that it found no answer.
Reason = Literal["unsupported", "repeats", "endless", "language", "markup", "order", "thinks", "refused"]


class Patience:
    """Counts what of a draft has failed running, and tells when it is enough."""

    def __init__(self, form: Form) -> None:
        """Begin with nothing failed; a model that was asked in the short form gets fewer tries."""
        self._most = tuning.PATIENCE_WITH_QUOTES if form == "quotes" else tuning.PATIENCE
        self._running: list[Reason] = []
        self._failed: list[Reason] = []
        self._repeated = 0

    def stood(self) -> None:
        """Hear that a sentence stands."""
        self._running.clear()
        self._repeated = 0

    def failed(self, reason: Reason) -> Reason | None:
        """Hear that a sentence does not stand, and return why the draft is left, None where it is not yet."""
        self._running.append(reason)
        self._failed.append(reason)
        self._repeated = 0
        most = min(self._most, tuning.PATIENCE_WITH_LANGUAGE) if _only(self._running) == "language" else self._most
        return (_only(self._running) or "unsupported") if len(self._running) >= most else None

    def repeated(self) -> Reason | None:
        """Hear that a sentence was there before, and return why the draft is left, None where it is not yet."""
        self._repeated += 1
        return "repeats" if self._repeated >= tuning.PATIENCE_WITH_REPEATS else None

    @property
    def reason(self) -> Reason | None:
        """Why nothing stands, where something failed: one reason, or that no passage supports it."""
        return (_only(self._failed) or "unsupported") if self._failed else None


def _only(reasons: Sequence[Reason]) -> Reason | None:
    return reasons[0] if len(set(reasons)) == 1 else None


def fault_of_tail(text: str, language: Language) -> Reason | None:
    """Return what is wrong with a sentence that is still being written, None where nothing is so far."""
    if is_thought(text):
        return "thinks"
    written = text.split()
    if _goes_round(written[:-1]) or _is_one_letter(text.strip()[-tuning.SAME_LETTERS :]):
        return "repeats"
    if len(text) > tuning.LONGEST_SENTENCE:
        return "endless"
    if len(written) >= tuning.WORDS_OF_ANOTHER_SCRIPT and not fits_script(language, text):
        return "language"
    return None


def _is_one_letter(end: str) -> bool:
    """Tell whether the end of a text, as long as it is looked at, is made of one letter or two."""
    return len(end) == tuning.SAME_LETTERS and len(set(end)) <= 2


def _goes_round(words: Sequence[str]) -> bool:
    """Tell whether a text ends with the same few words over and over."""
    times = tuning.TIMES_ROUND
    for size in range(1, tuning.LONGEST_ROUND + 1):
        last = words[-size * times :]
        if len(last) == size * times and all(last[place] == last[place % size] for place in range(len(last))):
            return True
    return False
