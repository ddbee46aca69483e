"""Chat messages -> the text of a prompt, by the template that a GGUF file brings along."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from rag.draft.prompt import Messages
from rag.generate.generator import GenerationError

if TYPE_CHECKING:
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter


class ChatTemplate:
    """The chat template of one model, written in Jinja and run in the library's sandbox."""

    def __init__(self, source: str | None, bos: str, eos: str, model: str) -> None:
        """Keep the template (None: the model has none), the marks of beginning and end, and the model's name for errors."""
        self._source = source
        self._bos = bos
        self._eos = eos
        self._model = model

    def render(self, messages: Messages) -> str:
        """Return the prompt that asks for a reply. Raises GenerationError where the template is missing or refuses.

        A template that knows no system message gets it as the beginning of the user's.
        """
        try:
            return self._rendered(messages)
        except GenerationError:
            if messages[0]["role"] != "system" or len(messages) < 2:
                raise
            first, second, *rest = messages
            return self._rendered([{**second, "content": f"{first['content']}\n\n{second['content']}"}, *rest])

    def _rendered(self, messages: Messages) -> str:
        from jinja2 import TemplateError

        try:
            # Models that think before they write are asked not to; templates of others do not look at it.
            return str(self._formatter(messages=messages, enable_thinking=False).prompt)
        except (TemplateError, ValueError, TypeError, LookupError, AttributeError) as error:
            reason = next(iter(str(error).splitlines()), "") or type(error).__name__
            raise self._unusable(f"does not fit the question ({reason})") from error

    @cached_property
    def _formatter(self) -> Jinja2ChatFormatter:
        from jinja2 import TemplateError
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        if not self._source:
            raise self._unusable("is missing: it is a base model, or an old file")
        try:
            return Jinja2ChatFormatter(self._source, self._eos, self._bos)
        except TemplateError as error:
            raise self._unusable(f"is broken ({error.message})") from error

    def _unusable(self, what: str) -> GenerationError:
        return GenerationError(
            f"the chat template of the language model '{self._model}' {what}",
            "name an instruction-tuned .gguf file with --llm, or use --llm none",
        )
