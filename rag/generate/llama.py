"""A GGUF file run by llama.cpp in this process."""

from __future__ import annotations

import codecs
import ctypes
import itertools
import logging
import threading
import weakref
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.types import KhabarError, Language
from rag.generate import tuning
from rag.generate.generator import Form, GenerationError, Messages, without_system
from rag.generate.worker import Flag, Pieces, Worker

if TYPE_CHECKING:
    from llama_cpp import Llama
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

_MAGIC = b"GGUF"
_MODEL_REMEDY = "copy it again, name another with --llm FILE.gguf (KHABAR_LLM), or use --llm none"
_ADAPTER_REMEDY = "name one that was trained for this model with --llm-adapter (KHABAR_LLM_ADAPTER), or use --llm-adapter none"


class LlamaCppGenerator:
    """A GGUF file run by llama.cpp in this process, loaded at its first use.

    A Llama object that two threads evaluate aborts the process: one worker's thread writes all drafts, in turn. Only its
    vocabulary, which never changes, is read by any thread.
    """

    def __init__(
        self, file: Path, name: str, languages: frozenset[Language], context: int, adapter: Path | None = None
    ) -> None:
        """Remember the file; its first bytes are checked here, the rest when it is loaded. `context` counts tokens.

        `adapter` is a LoRA, a GGUF as well, that is loaded beside it.
        """
        _check_file(file)
        if adapter is not None:
            _check_file(adapter, "adapter", _ADAPTER_REMEDY)
        self.file = file
        self.adapter = adapter
        self.name = name
        self.languages = languages
        self.form: Form = "passages"
        self._context = context
        self._loading = threading.Lock()
        self._loaded: _Model | None = None
        self._worker = Worker()
        # At exit too: the process must not take llama.cpp apart while it computes.
        weakref.finalize(self, self._worker.stop)

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text takes. Raises KhabarError for a file that cannot be loaded."""
        return len(self._model.tokens(text))

    def stream(self, messages: Messages, max_tokens: int) -> Pieces:
        """Return the reply piece by piece, always the same for the same messages; closing it stops llama.cpp at once.

        Raises GenerationError where too many others wait, where the model has no chat template, and where the prompt is
        longer than the context; KhabarError for a file that cannot be loaded.
        """
        model = self._model
        prompt = model.prompt(messages)
        if len(prompt) >= model.room:
            raise GenerationError(
                f"the prompt takes {len(prompt)} tokens, and the language model {self.name} has a context of {model.room}",
                "raise --llm-context (KHABAR_LLM_CONTEXT) if the model allows it, or ask a shorter question",
            )
        tokens = min(max_tokens, model.room - len(prompt))
        return self._worker.ask(lambda cancelled: self._draft(model, prompt, tokens, cancelled))

    def _draft(self, model: _Model, prompt: list[int], tokens: int, cancelled: Flag) -> Iterator[str]:
        try:
            yield from model.draft(prompt, tokens, cancelled)
        except (ValueError, RuntimeError) as error:
            raise GenerationError(
                f"the language model {self.name} failed ({error})", "ask again, or answer with quotes only: --llm none"
            ) from error

    @property
    def _model(self) -> _Model:
        with self._loading:
            if self._loaded is None:
                self._loaded = _Model(self.file, self._context, self.adapter)
            return self._loaded


class _Model:
    """A loaded model with its state: the blocks of the last prompt that it has evaluated."""

    def __init__(self, file: Path, context: int, adapter: Path | None) -> None:
        from llama_cpp import llama_cpp

        self._library = llama_cpp
        self._llama = _load(file, context, adapter)
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)
        self.room = min(context, llama_cpp.llama_model_n_ctx_train(self._llama.model))
        bos, eos = (self._mark(token) for token in (self._llama.token_bos(), self._llama.token_eos()))
        self._template = ChatTemplate(self._llama.metadata.get("tokenizer.chat_template"), bos, eos, str(file))
        self._last: list[int] = []
        # strlen reads the flag without Python's lock, for which a function of Python would wait at each of the thousand
        # steps of every token: its length, 0 or 1, is the answer to "abort?".
        self._abort = ctypes.cast(ctypes.CDLL(None).strlen, llama_cpp.ggml_abort_callback)

    def tokens(self, text: str, marks: bool = False) -> list[int]:
        """Return the tokens of a text; with `marks`, those of the chat format are read as such."""
        return list(self._llama.tokenize(text.encode(errors="replace"), add_bos=False, special=marks))

    def prompt(self, messages: Messages) -> list[int]:
        """Return the tokens of the whole prompt, the template's included. Raises GenerationError."""
        bare = [{**message, "content": self._without_marks(message["content"])} for message in messages]
        return self.tokens(self._template.render(bare), marks=True)

    def draft(self, prompt: list[int], tokens: int, cancelled: Flag) -> Iterator[str]:
        """Yield what the model writes after a prompt, at most so many tokens. Only one thread may do so at a time."""
        self._library.llama_set_abort_callback(self._llama.ctx, self._abort, ctypes.addressof(cancelled.text))
        self._evaluate(prompt)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        # It finds the prompt evaluated, and goes on from there.
        written = self._llama.generate(prompt, temp=0.0, repeat_penalty=tuning.REPEAT_PENALTY)
        for token in itertools.islice(written, tokens):
            if cancelled or self._library.llama_vocab_is_eog(self._vocabulary, token):
                return
            yield decoder.decode(self._piece(token))

    def _evaluate(self, prompt: list[int]) -> None:
        """Bring the model's state to the end of a prompt; at least its last token is evaluated, for what comes next."""
        llama = self._llama
        kept = min(_shared(self._last, prompt), llama.n_tokens, len(prompt) - 1) // tuning.BLOCK * tuning.BLOCK
        if not kept or not self._library.llama_memory_seq_rm(self._library.llama_get_memory(llama.ctx), 0, kept, -1):
            llama.reset()  # a recurrent state cannot be cut back
            kept = 0
        llama.n_tokens = kept
        self._last = prompt
        llama.eval(prompt[kept:])

    def _without_marks(self, text: str) -> str:
        """Return a text without the marks by which the model tells turns apart: an article must not end one."""
        while True:
            bare = text
            for token in set(self.tokens(text, marks=True)):
                if self._is_mark(token) and (mark := self._mark(token)):
                    bare = bare.replace(mark, "")
            if bare == text:
                return text
            text = bare

    def _is_mark(self, token: int) -> bool:
        library, vocabulary = self._library, self._vocabulary
        return bool(library.llama_vocab_is_control(vocabulary, token) or library.llama_vocab_is_eog(vocabulary, token))

    def _mark(self, token: int) -> str:
        return "" if token < 0 else self._library.llama_vocab_get_text(self._vocabulary, token).decode(errors="replace")

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(tuning.LONGEST_PIECE)
        length = self._library.llama_token_to_piece(self._vocabulary, token, buffer, tuning.LONGEST_PIECE, 0, False)
        return buffer.raw[: max(length, 0)]


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
            bare = without_system(messages)
            if bare == messages:
                raise
            return self._rendered(bare)

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


def broken_model(file: Path, reason: str, whose: str = "language model", remedy: str = _MODEL_REMEDY) -> KhabarError:
    """Return the error for a GGUF file, of a model or of an adapter, that llama.cpp does not load."""
    return KhabarError(f"the {whose} '{file}' is broken or of an unknown kind ({reason})", remedy)


def _check_file(file: Path, whose: str = "language model", remedy: str = _MODEL_REMEDY) -> None:
    try:
        with file.open("rb") as opened:
            magic = opened.read(4)
    except OSError as error:
        raise KhabarError(f"the {whose} '{file}' cannot be read ({error.strerror})", remedy) from error
    if magic != _MAGIC:
        raise broken_model(file, f"it starts with {magic!r}, not {_MAGIC!r}", whose, remedy)


def _load(file: Path, context: int, adapter: Path | None) -> Llama:
    from llama_cpp import Llama, llama_cpp

    try:
        # The whole cache of a sliding window is kept, or the beginning of a prompt could not be used again.
        llama = Llama(str(file), n_ctx=context, n_batch=tuning.BLOCK, swa_full=True, verbose=False, seed=0)
    except (ValueError, OSError, RuntimeError) as error:
        raise broken_model(file, str(error)) from error
    logging.getLogger("llama-cpp-python").setLevel(logging.CRITICAL + 1)  # it tells of every abort on stderr
    if llama_cpp.llama_model_has_encoder(llama.model) or llama_cpp.llama_get_memory(llama.ctx) is None:
        raise broken_model(file, "it is no model that writes text")
    if adapter is not None:
        _put_beside(llama, adapter, file)
    return llama


def _put_beside(llama: Llama, adapter: Path, file: Path) -> None:
    """Put an adapter beside a loaded model; the library's own way goes on without one that does not fit, and dies of it."""
    from llama_cpp import llama_cpp

    loaded = llama_cpp.llama_adapter_lora_init(llama.model, str(adapter).encode())
    held = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(loaded)
    if not loaded or llama_cpp.llama_set_adapters_lora(llama.ctx, held, 1, (ctypes.c_float * 1)(1.0)):
        raise KhabarError(
            f"the adapter '{adapter}' does not fit the language model '{file.name}', or is broken", _ADAPTER_REMEDY
        )


def _shared(first: Sequence[int], second: Sequence[int]) -> int:
    """Return how many tokens two prompts begin with in common."""
    pairs = zip(first, second, strict=False)
    return next((number for number, (one, other) in enumerate(pairs) if one != other), min(len(first), len(second)))
