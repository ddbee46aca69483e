"""A language model at a server that speaks OpenAI's chat protocol: Ollama, llama.cpp's own server, vLLM, LM Studio, or another.

No two of them speak it alike. What they send is read by events.py, reply.py, thoughts.py and letters.py; why they refuse, by
refusal.py; and terms.py writes the next request by what was refused.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.types import Language
from rag.generate import tuning
from rag.generate.card import Card, count_at, is_api, loaded_context, offered_models, read_card
from rag.generate.events import Event, read_events, read_json
from rag.generate.fault import ADDRESS_REMEDY, ModelUnknown, NotTheApi, PromptTooLong, ServerFault, StillLoading, WroteNothing
from rag.generate.generator import Form, GenerationError, Messages
from rag.generate.refusal import refusal
from rag.generate.reply import Reply
from rag.generate.terms import Terms, estimated_tokens
from rag.generate.wire import Wire, body_of
from rag.generate.worker import Flag, Pieces, Worker

if TYPE_CHECKING:
    from httpx2 import Response

_STREAMED = "text/event-stream"
_WHOLE = "application/json"
_OLLAMA = "fp_ollama"


def is_address(choice: str) -> bool:
    """Tell whether a setting names a server rather than a file."""
    return choice.lower().startswith(("http://", "https://"))


class OpenAIGenerator:
    """A model at a server. Nothing is sent before the first draft is asked for, and never through a proxy.

    Neither proxies, certificates nor passwords are taken from the environment, and no redirection is followed: what is asked
    of one's articles goes to the address that was given, or nowhere. The key is in no error, name or listing.
    """

    def __init__(self, address: str, model: str, key: str, languages: frozenset[Language], timeout: float) -> None:
        """Check the address and the key; `timeout` is how many seconds a draft may take. Raises KhabarError."""
        self._wire = Wire(address, key, timeout)
        self._terms = Terms(model)
        self._model = model
        self._timeout = timeout
        self.address = self._wire.address
        self.name = f"{model} at {self.address}"
        self.languages = languages
        self.form: Form = "passages"
        # The last reply, once it has ended well, for whoever wants to know more of it than its text.
        self.heard: Reply | None = None

    @property
    def streams(self) -> bool:
        """Whether replies come piece by piece, as far as is known."""
        return self._terms.streams

    def count_tokens(self, text: str) -> int:
        """Return an estimate that is rather too high, for a server's tokenizer is unknown."""
        return estimated_tokens(text)

    def stream(self, messages: Messages, max_tokens: int) -> Pieces:
        """Return the reply piece by piece, and hang up when it is closed. Raises GenerationError while it is read."""
        # A thread of its own reads for every draft, so that neither a server that hangs nor one that trickles holds the asker.
        return Worker().ask(lambda cancelled: self._draft(messages, max_tokens, cancelled), self._timeout)

    def card(self) -> Card:
        """Return what the server says of itself; it may say nothing."""
        return read_card(self._wire, self._model)

    def counted(self, card: Card, text: str) -> int | None:
        """Return how many tokens a text takes by the server's own tokenizer, None where it offers none."""
        return count_at(self._wire, card, self._model, text)

    def _draft(self, messages: Messages, tokens: int, cancelled: Flag) -> Iterator[str]:
        self.heard = None
        try:
            yield from self._asked(messages, tokens, cancelled)
        except ServerFault as fault:
            raise self._failed(fault) from fault

    def _asked(self, messages: Messages, tokens: int, cancelled: Flag) -> Iterator[str]:
        """Yield the reply; what the server refuses is done without, if that makes another request. Raises ServerFault."""
        began, wrote, shortened = time.monotonic(), False, False
        request = self._terms.request(messages, tokens)
        while True:
            try:
                for piece in self._reply(request, cancelled):
                    wrote = True
                    yield piece
                return
            except ServerFault as fault:
                if cancelled:
                    return
                told = self._explained(fault, request)
            if isinstance(told, StillLoading) and not wrote and self._has_waited(began, cancelled):
                continue
            too_long = isinstance(told, PromptTooLong)
            if not self._terms.takes_in(told, request) or wrote or (too_long and shortened):
                raise told
            shortened, before = shortened or too_long, request
            request = self._terms.request(messages, tokens)
            if request == before:
                raise told

    def _reply(self, request: dict[str, Any], cancelled: Flag) -> Iterator[str]:
        """Yield the reply to one request. Raises ServerFault."""
        reply = Reply(self._terms.aloud)
        with self._wire.post("/chat/completions", request, cancelled) as response:
            yield from reply.texts(self._events(response, cancelled), _is_framed(response))
        self._terms.aloud, self.heard = reply.aloud, reply
        if fault := self._truncated(reply, request):
            raise fault

    def _events(self, response: Response, cancelled: Flag) -> Iterable[Event]:
        """Return the events of a response; a reply that comes whole is one. Raises ServerFault for a refusal."""
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not response.is_success:
            raise self._refused(response)
        if kind == _STREAMED:
            return read_events(_until(cancelled, response.iter_bytes()))
        body = body_of(response) if kind == _WHOLE else ""
        content = read_json(body)
        if content is None:
            raise NotTheApi("does not stream", ADDRESS_REMEDY, f"it sends {kind or 'no type'}")
        return [Event("", body, content)]

    def _refused(self, response: Response) -> ServerFault:
        status = response.status_code
        if response.has_redirect_location:
            target = urlsplit(response.headers["location"])
            return ServerFault(f"sends on to '{self._clean(target.netloc or target.path)}'", ADDRESS_REMEDY, str(status))
        content = read_json(body_of(response))
        return refusal(status, "" if content is None else content, self._model)

    def _explained(self, fault: ServerFault, request: dict[str, Any]) -> ServerFault:
        """Return a fault with what the server itself can add: the models that it offers, where its API is, its context."""
        if isinstance(fault, ModelUnknown) and (offered := offered_models(self._wire)):
            names = ", ".join(self._clean(name) for name in offered[:tuning.MODELS_TOLD])
            more = f" and {len(offered) - tuning.MODELS_TOLD} more" if len(offered) > tuning.MODELS_TOLD else ""
            return ModelUnknown(f"{fault.problem}; it offers {names}{more}", fault.remedy, fault.said)
        if isinstance(fault, NotTheApi) and is_api(self._wire, f"{self.address}/v1"):
            return NotTheApi(f"has its API at {self.address}/v1", "give --llm (KHABAR_LLM) that address", fault.said)
        silent = isinstance(fault, WroteNothing) or (isinstance(fault, PromptTooLong) and not fault.context)
        if silent and (context := self.card().context) and self._terms.is_longer_than(request, context):
            prompt = fault.prompt if isinstance(fault, PromptTooLong) else None
            return PromptTooLong(context, prompt, fault.said)
        return fault

    def _truncated(self, reply: Reply, request: dict[str, Any]) -> PromptTooLong | None:
        """Return what is to be told where Ollama has cut a prompt that is longer than its context, which it does in silence.

        Of such a prompt it reads as much as the context holds, or a little more than half of that.
        """
        read = reply.prompt_tokens
        # A context, and its half, is a round number: the server is asked for it only where the prompt seems to be one.
        if reply.fingerprint != _OLLAMA or not read or read % tuning.ROUND_CONTEXT > tuning.TRUNCATED_BEHIND:
            return None
        context = loaded_context(self._wire, self._model) or 0
        cut = read == context or 0 <= read - context // 2 <= tuning.TRUNCATED_BEHIND
        if not cut or not self._terms.is_longer_than(request, context):
            return None
        problem = f"read only {read} tokens of the prompt, because its context is {context}"
        return PromptTooLong(context, None, problem=problem)

    def _has_waited(self, began: float, cancelled: Flag) -> bool:
        """Wait a moment for a server that loads its model; tell whether it is worth asking again."""
        over = threading.Event()
        cancelled.when_hoisted(over.set)
        gone = over.wait(tuning.LOADING_PAUSE)
        return not gone and time.monotonic() - began < tuning.LOADING_SHARE * self._timeout

    def _failed(self, fault: ServerFault) -> GenerationError:
        said = self._clean(fault.said)
        problem = f"the language server {self.address} {fault.problem}{f' ({said})' if said else ''}"
        return GenerationError(problem, f"{fault.remedy}; --llm none does without it")

    def _clean(self, text: str) -> str:
        """Return the beginning of a text of the server's as one line, without the key if it repeats it."""
        if self._wire.key:
            text = text.replace(self._wire.key, "…")
        line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
        return line if len(line) <= tuning.LONGEST_REASON else line[:tuning.LONGEST_REASON] + "…"


def _until(cancelled: Flag, blocks: Iterable[bytes]) -> Iterator[bytes]:
    for block in blocks:
        if cancelled:
            return
        yield block


def _is_framed(response: Response) -> bool:
    """Tell whether the connection itself says when a response is whole: one that was cut raises an error then."""
    headers = response.headers
    return "content-length" in headers or "chunked" in headers.get("transfer-encoding", "").lower()
