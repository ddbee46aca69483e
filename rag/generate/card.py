"""What a server says of itself: the program, its models, and of one of them its context and its tokenizer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rag.generate.events import positive
from rag.generate.wire import Wire

Program = Literal["", "Ollama", "llama.cpp", "vLLM", "LM Studio"]
# How each signs the models in its list.
_SIGNED: Mapping[str, Program] = {"llamacpp": "llama.cpp", "vllm": "vLLM", "library": "Ollama"}
_NUM_CTX = re.compile(r"^\s*num_ctx\s+(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Card:
    """What a server says of itself.

    `models` are those that it offers, `known` whether the one asked for is among them (None where no list is to be had),
    `context` the tokens that it has loaded that model for (None where it does not say).
    """

    program: Program = ""
    models: tuple[str, ...] = ()
    known: bool | None = None
    context: int | None = None


def offered_models(wire: Wire) -> tuple[str, ...]:
    """Return the names of the models that a server offers, none where it has no list."""
    return tuple(name for name, _ in _listed(wire.told(f"{wire.address}/models")))


def is_api(wire: Wire, address: str) -> bool:
    """Tell whether an address has a list of models."""
    return isinstance(_part(wire.told(f"{address}/models")).get("data"), list)


def read_card(wire: Wire, model: str) -> Card:
    """Return what a server says of itself and of a model; nothing but its own address is asked, and no answer is no failure."""
    listed = dict(_listed(wire.told(f"{wire.address}/models")))
    if not wire.is_reached:
        return Card()
    signs = (str(row.get("owned_by")) for row in listed.values())
    program: Program = next((_SIGNED[sign] for sign in signs if sign in _SIGNED), "")
    own = listed.get(model) or listed.get(f"{model}:latest") or {}
    known = bool(own) if listed else None
    context = positive(own.get("max_model_len")) or positive(_part(own, "meta").get("n_ctx"))
    for asked, ask in _ASKED.items():
        if not context and program in ("", asked):
            told, context = ask(wire, model)
            program = asked if told else program
    return Card(program, tuple(listed), known, context)


def count_at(wire: Wire, card: Card, model: str, text: str) -> int | None:
    """Return how many tokens a text takes by the server's own tokenizer, None where it offers none."""
    if card.program == "llama.cpp":
        tokens = _part(wire.told(f"{wire.root}/tokenize", {"content": text})).get("tokens")
        return len(tokens) if isinstance(tokens, list) else None
    if card.program == "vLLM":
        told = _part(wire.told(f"{wire.root}/tokenize", {"model": model, "prompt": text, "add_special_tokens": False}))
        return positive(told.get("count"))
    return None


def loaded_context(wire: Wire, model: str) -> int | None:
    """Return the context for which Ollama has loaded a model, None where that is not to be had."""
    for row in _rows(wire.told(f"{wire.root}/api/ps"), "models"):
        if model in (names := {row.get("name"), row.get("model")}) or f"{model}:latest" in names:
            return positive(row.get("context_length"))
    return None


def _ollama(wire: Wire, model: str) -> tuple[bool, int | None]:
    """Return whether Ollama answers, and the context of a model: as loaded, else as its own file asks for it."""
    version = _part(wire.told(f"{wire.root}/api/version")).get("version")
    if not version:
        return False, None
    if loaded := loaded_context(wire, model):
        return True, loaded
    asked = _NUM_CTX.search(str(_part(wire.told(f"{wire.root}/api/show", {"model": model})).get("parameters") or ""))
    return True, int(asked.group(1)) if asked else None


def _lm_studio(wire: Wire, model: str) -> tuple[bool, int | None]:
    rows = list(_rows(wire.told(f"{wire.root}/api/v0/models"), "data"))
    own = next((row for row in rows if row.get("id") == model), {})
    return bool(rows), positive(own.get("loaded_context_length"))


def _llama_cpp(wire: Wire, _: str) -> tuple[bool, int | None]:
    told = _part(wire.told(f"{wire.root}/props"))
    return "default_generation_settings" in told, positive(_part(told, "default_generation_settings").get("n_ctx"))


# How each of them is asked for what OpenAI's protocol has no place for.
_ASKED: Mapping[Program, Callable[[Wire, str], tuple[bool, int | None]]] = {
    "Ollama": _ollama, "LM Studio": _lm_studio, "llama.cpp": _llama_cpp,
}  # fmt: skip


def _listed(told: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the models of a list, by name."""
    for row in _rows(told, "data"):
        if isinstance(row.get("id"), str):
            yield row["id"], row


def _rows(told: Any, name: str) -> Iterator[Mapping[str, Any]]:
    rows = _part(told).get(name)
    yield from (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()


def _part(told: Any, *names: str) -> Mapping[str, Any]:
    """Return an object, or a part of one; an empty one where it is none."""
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told if isinstance(told, dict) else {}
