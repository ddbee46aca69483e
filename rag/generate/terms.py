"""What one server was found to take: requests are written by it, and each refusal changes it once."""

from __future__ import annotations

import math
from typing import Any

from rag.generate import tuning
from rag.generate.fault import FieldsRefused, PromptTooLong, ServerFault, ThinksAloud
from rag.generate.generator import Messages, without_system
from rag.generate.refusal import STREAM, SYSTEM, TOKENS
from rag.generate.shortening import shortened
from rag.generate.thoughts import Aloud, named_after_thinking

# Worth asking for, and done without where a server refuses it: the same draft each time, no thoughts, the tokens counted.
# Each of the last three switches thinking off at some servers and is passed over by the others.
_WISHES: dict[str, Any] = {
    "temperature": 0,
    "seed": 0,
    "stream_options": {"include_usage": True},
    "reasoning_effort": "none",
    "chat_template_kwargs": {"enable_thinking": False},
}


def estimated_tokens(text: str) -> int:
    """Return how many tokens a text takes, rather too many, whatever the tokenizer.

    Three ASCII characters or two bytes of any other script make a token: one for every Arabic letter, where multilingual
    models take one for two or three, and tokenizers made for English about one.
    """
    size = len(text.encode(errors="replace"))
    ascii_size = sum(character.isascii() for character in text)
    return math.ceil(ascii_size / 3 + (size - ascii_size) / 2)


class Terms:
    """How one model at one server is asked; drafts of several threads share it."""

    def __init__(self, model: str) -> None:
        """Begin with everything that is worth asking for."""
        self._model = model
        self._without: frozenset[str] = frozenset()
        # The context in tokens, once a refusal told it, how many tokens it counts for one of the estimate, and whether
        # that was told.
        self._context: int | None = None
        self._rate, self._is_counted = 1.0, False
        self.aloud: Aloud = named_after_thinking(model)

    @property
    def streams(self) -> bool:
        """Whether replies come piece by piece."""
        return STREAM not in self._without

    def request(self, messages: Messages, tokens: int) -> dict[str, Any]:
        """Return the body of a request for a draft of at most so many tokens. Raises PromptTooLong."""
        body: dict[str, Any] = {"model": self._model, "messages": self._fitting(messages, tokens), "stream": self.streams}
        body["max_completion_tokens" if TOKENS in self._without else "max_tokens"] = tokens
        left_out = self._without | (frozenset() if self.streams else {"stream_options"})
        return body | {name: wish for name, wish in _WISHES.items() if name not in left_out}

    def takes_in(self, fault: ServerFault, request: dict[str, Any]) -> bool:
        """Learn from what a request was refused for; tell whether one that is written anew may fare better.

        What is learnt may be known already, by another thread's draft.
        """
        if isinstance(fault, FieldsRefused):
            self._without |= fault.fields
            return True
        if isinstance(fault, PromptTooLong):
            self._take_in_size(fault, request)
            return True
        if isinstance(fault, ThinksAloud):
            self.aloud = "yes"
        return False

    def _take_in_size(self, fault: PromptTooLong, request: dict[str, Any]) -> None:
        estimate, apart = _estimate(request["messages"]), _tokens(request) + tuning.SERVER_TEMPLATE_TOKENS
        self._is_counted = self._is_counted or fault.prompt is not None
        if fault.prompt:
            self._rate = fault.prompt / estimate
        self._context = fault.context or math.floor(tuning.SHORTENED * estimate * self._rate) + apart
        if not self._is_counted:
            # All that is known is that so much is too long; the next prompt is some of it, whatever its tokens are.
            self._rate = max(1, self._context - apart) / (tuning.SHORTENED * estimate)

    def is_longer_than(self, request: dict[str, Any], context: int) -> bool:
        """Tell whether a request may take more tokens than a context has, as far as the estimate goes."""
        return _estimate(request["messages"]) * self._rate + _tokens(request) > context

    def _fitting(self, messages: Messages, tokens: int) -> Messages:
        """Return the messages as the server takes them: shortened to its context, without a system message."""
        if SYSTEM in self._without:
            messages = without_system(messages)
        if self._context is None:
            return messages
        # What the server counted of a prompt, its template was part of.
        margin = tuning.COUNTED_MARGIN if self._is_counted else tuning.SERVER_TEMPLATE_TOKENS
        room = math.floor((self._context - tokens - margin) / self._rate)
        shorter, fits = shortened(messages, room, estimated_tokens)
        if self._is_counted and not fits:
            raise PromptTooLong(self._context, None)
        return shorter


def _estimate(messages: Messages) -> int:
    return max(1, sum(estimated_tokens(message["content"]) for message in messages))


def _tokens(request: dict[str, Any]) -> int:
    return int(request.get("max_tokens") or request.get("max_completion_tokens") or 0)
