"""What a language server did wrong, by what can be done about it."""

from __future__ import annotations

ADDRESS_REMEDY = "give --llm (KHABAR_LLM) the address of the API itself, which usually ends in /v1"
LOG_REMEDY = "ask again, or see the server's log"
_CONTEXT_REMEDY = (
    "load the model with a longer context (Ollama: OLLAMA_CONTEXT_LENGTH; llama-server: -c; vLLM: --max-model-len; "
    "LM Studio: context length), or lower --llm-context (KHABAR_LLM_CONTEXT)"
)


class ServerFault(Exception):
    """A server's failure: `problem` goes on where its address stands ("refuses the key"), `remedy` is what one can do.

    `said` are the server's own words, of any length and as they came.
    """

    def __init__(self, problem: str, remedy: str, said: str = "") -> None:
        """Keep all three."""
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.said = said


class NotTheApi(ServerFault):
    """What answers at the address is not the API; it may be one step further."""


class ModelUnknown(NotTheApi):
    """It serves no model of the name asked for."""


class FieldsRefused(ServerFault):
    """It does not take some of the fields of a request; it may without them."""

    def __init__(self, fields: frozenset[str], problem: str, remedy: str, said: str = "") -> None:
        """Keep the fields' names."""
        super().__init__(problem, remedy, said)
        self.fields = fields


class PromptTooLong(ServerFault):
    """Prompt and draft are more than it takes; `context` and `prompt` are tokens as it counts them, None where it is silent."""

    def __init__(self, context: int | None, prompt: int | None, said: str = "", problem: str = "") -> None:
        """Keep the two numbers; `problem` is what is told of them, where it is not that the context is too short."""
        super().__init__(problem or _too_short(context), _CONTEXT_REMEDY, said)
        self.context = context
        self.prompt = prompt


class StillLoading(ServerFault):
    """It is there, and its model is not yet."""

    def __init__(self, said: str = "") -> None:
        """Keep the server's words."""
        super().__init__("is still loading its model", "ask again in a minute", said)


class ThinksAloud(ServerFault):
    """It wrote its thoughts as if they were the answer, and said so only at their end."""


class WroteNothing(ServerFault):
    """Its reply ended without a word, and nothing says why."""


class OnlyThoughts(ServerFault):
    """Its model had not finished thinking when its tokens were used up."""


def _too_short(context: int | None) -> str:
    if context:
        return f"has a context of {context} tokens, too short for the question and one passage"
    return "has a context too short for the question and its passages"
