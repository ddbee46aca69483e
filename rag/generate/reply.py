"""The events of one reply -> its text, and what else it tells: why it ended, its tokens, whether the model thought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rag.generate.events import DONE, Event, positive
from rag.generate.fault import ADDRESS_REMEDY, LOG_REMEDY, OnlyThoughts, ServerFault, WroteNothing
from rag.generate.letters import whole_letters
from rag.generate.refusal import fault_in, told_in
from rag.generate.thoughts import Aloud, Thoughts

# Reasons for which a reply ends before its text does.
_BROKEN = {"error", "abort", "content_filter"}
_THOUGHTS = ("reasoning_content", "reasoning", "thinking", "thought", "reasoning_details")
_TOOLS = ("tool_calls", "function_call")


class Reply:
    """One reply as it is read.

    `finish` is why it ended ("" where the server does not say), `prompt_tokens` and `written_tokens` what the server counted
    (None where it does not), `fingerprint` the mark that some servers leave.
    """

    def __init__(self, aloud: Aloud = "no") -> None:
        """Begin with nothing read; `aloud` says whether the model thinks where its answer should stand."""
        self.finish = ""
        self.fingerprint = ""
        self.prompt_tokens: int | None = None
        self.written_tokens: int | None = None
        self.wrote = False
        self._thoughts = Thoughts(aloud, lambda: self.finish == "length")
        self._told_thought = False
        self._asked_tool = False
        self._done = False

    @property
    def thought(self) -> bool:
        """Whether the model thought before it wrote."""
        return self._told_thought or self._thoughts.seen

    @property
    def aloud(self) -> Aloud:
        """Whether it thinks where its answer should stand, as far as this reply shows."""
        return self._thoughts.aloud

    def texts(self, events: Iterable[Event], framed: bool = False) -> Iterator[str]:
        """Yield the text of the events, whole letters and no thoughts, up to the end of the reply. Raises ServerFault.

        `framed` says that the connection itself tells a whole reply from one that was cut, so that no other end is needed.
        """
        for piece in whole_letters(self._thoughts.without(self._pieces(events))):
            self.wrote = self.wrote or bool(piece.strip())
            yield piece
        if not (self._done or self.finish or (framed and self.wrote)):
            raise ServerFault("broke off in the middle of a reply", LOG_REMEDY)
        if not self.wrote:
            raise self._empty()

    def _pieces(self, events: Iterable[Event]) -> Iterator[str]:
        for event in events:
            if event.data == DONE:
                self._done = True
                return
            if fault := _fault(event):
                raise fault
            if piece := self._read(event):
                yield piece
            if self.finish in _BROKEN:
                raise ServerFault(f"gave up ({self.finish})", LOG_REMEDY)

    def _read(self, event: Event) -> str:
        """Return what an event adds to the text."""
        try:
            choice: dict[str, Any] = next(iter(event.content.get("choices") or []), {})
            # The whole of a reply that is not streamed is a message; of one that is, each event has a delta.
            delta = choice.get("delta") or choice.get("message") or {}
            piece, finish = _text(delta.get("content")), choice.get("finish_reason") or ""
            if not isinstance(finish, str):
                raise TypeError(finish)
            self._note(event.content, delta, finish)
        except (AttributeError, TypeError, ValueError) as error:
            raise ServerFault("sends what is no reply", ADDRESS_REMEDY, event.data) from error
        return piece

    def _note(self, content: dict[str, Any], delta: dict[str, Any], finish: str) -> None:
        """Keep what an event tells beside its text."""
        self.finish = finish or self.finish
        self._told_thought = self._told_thought or any(delta.get(name) for name in _THOUGHTS)
        self._asked_tool = self._asked_tool or any(delta.get(name) for name in _TOOLS)
        self.fingerprint = str(content.get("system_fingerprint") or self.fingerprint)
        usage = content.get("usage")
        if isinstance(usage, dict):
            self.prompt_tokens = positive(usage.get("prompt_tokens")) or self.prompt_tokens
            self.written_tokens = positive(usage.get("completion_tokens")) or self.written_tokens

    def _empty(self) -> ServerFault:
        """Return what is to be told of a reply without a word."""
        if self._asked_tool:
            return ServerFault(
                "asks for a tool instead of writing", "serve the model without tools, or name another one with --llm-model"
            )
        if self.thought:
            return OnlyThoughts(
                "wrote nothing but thoughts",
                "switch off the model's thinking, or raise --llm-tokens (KHABAR_LLM_TOKENS)",
            )
        return WroteNothing(
            "wrote nothing",
            "switch off the model's thinking, raise --llm-tokens (KHABAR_LLM_TOKENS), or load it with a longer context",
        )


def _fault(event: Event) -> ServerFault | None:
    """Return what an event tells of a failure; None where it tells of none."""
    content = event.content
    if isinstance(content, dict) and (content.get("error") or content.get("object") == "error"):
        return fault_in(content)
    if event.kind == "error":
        return fault_in(content if content is not None else event.data)
    if isinstance(content, dict) and not content.get("choices") and (told := told_in(content)):
        return fault_in(told)
    return None


def _text(content: Any) -> str:
    """Return the text of a message: a string, or parts of which some are text. Raises TypeError for anything else."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, dict) for part in content):
        return "".join(_text(part.get("text")) for part in content if part.get("type") == "text")
    raise TypeError(type(content).__name__)
