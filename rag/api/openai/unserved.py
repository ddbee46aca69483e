"""What both doors to answers refuse: what would make the answer something else than it is asked to be."""

from __future__ import annotations

from typing import Any

from rag.api.openai.refusal import Refused

# A client leaves to the model whether it calls a tool, or forbids it.
_FREE = (None, "auto", "none")


def refuse_likelihoods(param: str, wanted: bool) -> None:
    """Refuse to tell how likely each token was: quotes have no such thing. Raises Refused."""
    if wanted:
        raise Refused(f"'{param}': an answer made of quotes has no likelihoods of tokens", "leave it out", param)


def refuse_json(param: str, wanted: Any) -> None:
    """Refuse to write JSON of another form: the answer's own stands in the field `khabar`. Raises Refused."""
    kind = wanted.get("type") if isinstance(wanted, dict) else wanted
    if kind not in (None, "text"):
        problem = f"'{param}' asks for {str(kind)[:80]!r}, and an answer is text"
        raise Refused(problem, "leave it out: the whole answer stands as JSON in the field khabar", param)


def refuse_forced_tools(param: str, wanted: Any) -> None:
    """Refuse to call a tool that must be called; where none has to be, none is. Raises Refused."""
    if wanted not in _FREE:
        problem = f"'{param}' asks for a call of a tool, and none is ever called"
        raise Refused(problem, 'leave it out, or send "auto" or "none"', param)
