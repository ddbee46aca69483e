"""A reply with thoughts in it -> the reply without them: what a model thinks is no answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from rag.generate import tuning
from rag.generate.fault import ServerFault, ThinksAloud

# Whether a model begins with a thought of which only the end is marked: the beginning is part of such a model's prompt.
Aloud = Literal["no", "perhaps", "yes"]
# How models mark the beginning and the end of a thought, where their server does not tell it apart.
_MARKS = (
    ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>"), ("<reasoning>", "</reasoning>"),
    ("[think]", "[/think]"), ("<|channel>thought", "<channel|>"),
    ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),
)  # fmt: skip
_END_OF = dict(_MARKS)
_ALL = tuple({mark for pair in _MARKS for mark in pair})
_EITHER = re.compile("|".join(re.escape(mark) for mark in _ALL), re.IGNORECASE)
# Models that are named after it.
_NAMED_AFTER_IT = re.compile(r"think|reason|\br1\b|qwq|magistral", re.IGNORECASE)


def named_after_thinking(model: str) -> Aloud:
    """Return whether a model may think aloud, as far as its name tells."""
    return "perhaps" if _NAMED_AFTER_IT.search(model) else "no"


class Thoughts:
    """Takes the thoughts out of one reply, wherever its pieces are cut.

    Of a model that thinks aloud, or may, nothing is given out before its thought has ended. Where none ends, the whole reply
    was the answer, or, if it was cut off, a thought.
    """

    def __init__(self, aloud: Aloud = "no", is_cut: Callable[[], bool] = lambda: False) -> None:
        """Begin with nothing read; `is_cut` tells at the reply's end whether it was cut off."""
        self.aloud = aloud
        self.seen = False
        self._is_cut = is_cut
        self._waits = aloud != "no"
        self._waited = ""
        self._held = ""
        self._end: re.Pattern[str] | None = None
        self._begun = False
        self._wrote = False

    def without(self, pieces: Iterable[str]) -> Iterator[str]:
        """Yield what of the pieces is answer. Raises ThinksAloud where what was yielded turns out to be a thought."""
        for piece in pieces:
            self._held += piece
            yield from self._given(self._answer())
        if self._end:
            return
        if self._waits:
            if self.aloud == "yes" and self._is_cut():
                self.seen = True
                return
            self.aloud, self._waits = ("perhaps" if self.aloud == "yes" else "no"), False
        yield from self._given(self._held)

    def _answer(self) -> str:
        """Return what of the text held is answer, and keep what may be part of a mark."""
        answer = ""
        while not self._end or self._passed():
            found = _EITHER.search(self._held)
            if not found:
                ready = len(self._held) - _unfinished(self._held)
                answer, self._held = answer + self._held[:ready], self._held[ready:]
                break
            mark, before, self._held = found.group().lower(), self._held[: found.start()], self._held[found.end() :]
            answer = self._marked(mark, answer + before)
        return answer

    def _marked(self, mark: str, before: str) -> str:
        """Take note of a mark, and return what of the text before it is answer."""
        self.seen = True
        if mark in _END_OF:
            self._end, self._begun, self._waits = re.compile(re.escape(_END_OF[mark]), re.IGNORECASE), True, False
            return before
        if self._begun:
            return before  # some models write it twice
        self.aloud, self._waits, self._waited = "yes", False, ""
        if self._wrote:
            raise ThinksAloud(
                "wrote its thoughts as the answer",
                "ask again, for Khabar now waits for their end; or have the server tell them apart (llama-server "
                "--reasoning-format deepseek, vllm serve --reasoning-parser), or switch the model's thinking off",
            )
        return ""

    def _passed(self) -> bool:
        """Pass over a thought; tell whether its end has come."""
        found = self._end.search(self._held) if self._end else None
        if not found:
            self._held = self._held[-max(map(len, _ALL)) :]
            return False
        self._held, self._end = self._held[found.end() :], None
        return True

    def _given(self, text: str) -> Iterator[str]:
        """Yield a text: none of it yet where it may be a thought, and without the empty lines at the beginning."""
        if self._waits:
            self._waited += text
            if len(self._waited) > tuning.LONGEST_EVENT:
                raise ServerFault("sends thoughts without end", "switch off the model's thinking")
            return
        text, self._waited = self._waited + text, ""
        if not self._wrote:
            text = text.lstrip()
        if text:
            self._wrote = True
            yield text


def _unfinished(text: str) -> int:
    """Return how many characters at a text's end may be the beginning of a mark."""
    tail = text[-max(map(len, _ALL)) :]
    starts = (tail[at:] for at in range(len(tail)))
    return next((len(start) for start in starts if any(mark.startswith(start.lower()) for mark in _ALL)), 0)
