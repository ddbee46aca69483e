"""The turns of a client's conversation -> a question and the questions before it.

The last turn of the user is the question. Earlier turns of the user are the history; nothing else is read: not what an
assistant said, for what answered is found again, and no system prompt, for none can switch verification off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rag.api.openai.refusal import Refused

# Earlier questions that are passed on; fewer are read.
_MOST_HISTORY = 50
# Parts of a turn that are text; the others hold images, sounds and files.
_TEXT_PARTS = frozenset({"text", "input_text", "output_text"})
_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})


@dataclass(frozen=True, slots=True)
class Talk:
    """A question and the earlier ones of its conversation, oldest first."""

    question: str
    history: tuple[str, ...] = ()


def talk_of(turns: Sequence[Any], param: str) -> Talk:
    """Return what the turns of a conversation ask; `param` is the field that holds them. Raises Refused."""
    said = [turn["content"] for at, turn in enumerate(turns) if _role(turn, f"{param}.{at}") == "user"]
    if not said:
        raise Refused(f"'{param}' holds no question", 'let its last turn be {"role": "user", "content": "…"}', param)
    history = (_text(content) for content in said[:-1][-_MOST_HISTORY:])
    return Talk(_question(said[-1], param), tuple(text for text in history if text))


def _role(turn: Any, param: str) -> str:
    """Return whose a turn is; what is no message, such as a call of a tool, is nobody's. Raises Refused."""
    if not isinstance(turn, dict):
        raise Refused(f"'{param}' is no object", 'give {"role": "user", "content": "…"}', param, code="wrong_type")
    if turn.get("type", "message") != "message":
        return ""
    role = turn.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        told = f"is '{role[:80]}'" if isinstance(role, str) else "is missing or no text"
        raise Refused(f"'{param}.role' {told}", "give user, assistant, system or developer", f"{param}.role")
    if role == "user" and not isinstance(turn.get("content"), (str, list)):
        raise Refused(f"'{param}.content' is neither text nor a list", "give the question as text", f"{param}.content")
    return role


def _question(content: str | list[Any], param: str) -> str:
    """Return the text of the question. Raises Refused where it comes with what cannot be read."""
    for part in content if isinstance(content, list) else ():
        kind = part.get("type") if isinstance(part, dict) else None
        if kind not in _TEXT_PARTS:
            told = f"'{kind[:80]}'" if isinstance(kind, str) else "of no type"
            problem = f"the question has a part {told}, and text alone is read"
            raise Refused(problem, "ask with text parts", param, code="no_text")
        if not isinstance(part.get("text"), str):
            raise Refused("a text part of the question has no text", 'give {"type": "text", "text": "…"}', param)
    return _text(content)


def _text(content: str | list[Any]) -> str:
    """Return the text of a turn: its text parts joined, whatever else it holds."""
    if isinstance(content, str):
        return content
    parts = (part for part in content if isinstance(part, dict) and part.get("type") in _TEXT_PARTS)
    return "\n".join(text for part in parts if isinstance(text := part.get("text"), str))
