"""A language model at a server that speaks OpenAI's chat protocol: Ollama, vLLM, llama.cpp's own server, or a remote one."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.types import KhabarError, Language
from rag.generate import tuning
from rag.generate.generator import GenerationError, Messages
from rag.generate.worker import Flag, Pieces, Worker

if TYPE_CHECKING:
    from httpx2 import Response

_DONE = "[DONE]"
# Reasons for which a reply ends before its text does.
_BROKEN = {"error", "abort", "content_filter"}
_ADDRESS_REMEDY = "give --llm (KHABAR_LLM) the address of the API itself, which usually ends in /v1"


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
        self.address = _checked(address)
        self.name = f"{model} at {self.address}"
        self.languages = languages
        self._model = model
        self._key = _sendable(key)
        self._timeout = timeout

    def count_tokens(self, text: str) -> int:
        """Return an estimate that is rather too high, for the server's tokenizer is unknown.

        Three ASCII characters or two bytes of any other script make a token: one for every Arabic letter, where multilingual
        models take one for two or three, and tokenizers made for English about one.
        """
        size = len(text.encode(errors="replace"))
        ascii_size = sum(character.isascii() for character in text)
        return math.ceil(ascii_size / 3 + (size - ascii_size) / 2)

    def stream(self, messages: Messages, max_tokens: int) -> Pieces:
        """Return the reply piece by piece, and hang up when it is closed. Raises GenerationError while it is read."""
        question = {
            "model": self._model, "messages": messages, "max_tokens": max_tokens, "temperature": 0, "seed": 0, "stream": True,
        }  # fmt: skip
        # A thread of its own reads for every draft, so that neither a server that hangs nor one that trickles holds the asker.
        return Worker().ask(lambda cancelled: self._ask(question, cancelled), self._timeout)

    def _ask(self, question: dict[str, Any], cancelled: Flag) -> Iterator[str]:
        """Yield the reply to one request; errors of the network and of the protocol become GenerationErrors."""
        from httpx2 import Client, ConnectError, ConnectTimeout, HTTPError, InvalidURL, Timeout, TimeoutException

        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        timeout = Timeout(self._timeout, connect=min(tuning.CONNECTING, self._timeout))
        try:
            with (
                Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
                client.stream("POST", f"{self.address}/chat/completions", json=question, headers=headers) as response,
            ):
                self._check(response)
                yield from self._texts(self._events(response, cancelled))
        except (ConnectError, ConnectTimeout) as error:
            raise self._failed(f"is not reached ({self._line(error)})", "start it, or correct --llm (KHABAR_LLM)") from error
        except TimeoutException as error:
            raise self._failed(
                f"was silent for {self._timeout:g} seconds", "ask again, or raise --llm-timeout (KHABAR_LLM_TIMEOUT)"
            ) from error
        except (HTTPError, InvalidURL) as error:
            raise self._failed(f"broke off ({self._line(error)})", "ask again, or see the server's log") from error

    def _check(self, response: Response) -> None:
        """Raise GenerationError unless a stream of events follows."""
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if response.is_success:
            if kind != "text/event-stream":
                raise self._failed(f"does not stream (it sends {self._clean(kind) or 'no type'})", _ADDRESS_REMEDY)
            return
        status = response.status_code
        if response.has_redirect_location:
            target = urlsplit(response.headers["location"])
            raise self._failed(f"sends on to '{self._clean(target.netloc or target.path)}' ({status})", _ADDRESS_REMEDY)
        reason = self._clean(_said(response))
        what, remedy = _refusal(status, self._model)
        raise self._failed(f"{what} ({status}{f': {reason}' if reason else ''})", remedy)

    def _events(self, response: Response, cancelled: Flag) -> Iterator[str]:
        """Yield what each event holds: in this protocol one line, `data: ` before it. Other lines keep the connection open."""
        rest = b""
        for block in response.iter_bytes():
            if cancelled:
                return
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                if line.startswith(b"data:"):
                    yield line.removeprefix(b"data:").decode(errors="replace").strip()
            if len(rest) > tuning.LONGEST_EVENT:
                raise self._failed("sends a line without end", _ADDRESS_REMEDY)

    def _texts(self, events: Iterator[str]) -> Iterator[str]:
        """Yield the text of each event up to the end that the protocol asks for."""
        wrote = ended = False
        for event in events:
            if event == _DONE:
                ended = True
                break
            piece, finish = self._read(event)
            if piece:
                wrote = True
                yield piece
            if finish in _BROKEN:
                raise self._failed(f"gave up ({finish})", "ask again, or see the server's log")
            ended = ended or bool(finish)
        if not ended:
            raise self._failed("broke off in the middle of a reply", "ask again, or see the server's log")
        if not wrote:
            raise self._failed("wrote nothing", "switch off the model's thinking, or raise --llm-tokens (KHABAR_LLM_TOKENS)")

    def _read(self, data: str) -> tuple[str, str]:
        """Return what an event adds to the text, and why the text ends, "" where it does not. Raises GenerationError."""
        try:
            content = json.loads(data)
            if content.get("error"):
                reason = self._clean(_message(content))
                raise self._failed(f"failed in the middle ({reason})", "ask again, or see the server's log")
            choice: dict[str, Any] = next(iter(content.get("choices") or []), {})
            piece, finish = (choice.get("delta") or {}).get("content") or "", choice.get("finish_reason") or ""
        except (ValueError, AttributeError, TypeError, RecursionError) as error:
            raise self._failed(f"sends what is no reply ('{self._clean(data)}')", _ADDRESS_REMEDY) from error
        if not isinstance(piece, str) or not isinstance(finish, str):
            raise self._failed(f"sends what is no reply ('{self._clean(data)}')", _ADDRESS_REMEDY)
        return piece, finish

    def _failed(self, problem: str, remedy: str) -> GenerationError:
        return GenerationError(f"the language server {self.address} {problem}", f"{remedy}; --llm none does without it")

    def _line(self, error: Exception) -> str:
        return self._clean(str(error)) or type(error).__name__

    def _clean(self, text: str) -> str:
        """Return the beginning of a text of the server's as one line, without the key if it repeats it."""
        if self._key:
            text = text.replace(self._key, "…")
        line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
        return line if len(line) <= tuning.LONGEST_REASON else line[:tuning.LONGEST_REASON] + "…"


def _refusal(status: int, model: str) -> tuple[str, str]:
    """Return what a status means, and what to do about it."""
    if status in (401, 403):
        return "refuses the key", "set KHABAR_LLM_KEY to one that it knows"
    if status == 404:
        return f"knows no model '{model}'", f"name one that it serves with --llm-model (KHABAR_LLM_MODEL), or {_ADDRESS_REMEDY}"
    if status == 429:
        return "is busy or its limit is reached", "ask again in a minute"
    if status >= 500:
        return "failed", "ask again, or see the server's log"
    return "refuses the request", "correct --llm-model or lower --llm-context, or see the server's log"


def _said(response: Response) -> str:
    """Return the reason that a refusal gives in its body, "" where it gives none in JSON."""
    body = b""
    for block in response.iter_bytes(tuning.REFUSAL_BLOCK):
        body += block
        if len(body) > tuning.LONGEST_EVENT:
            break
    try:
        return _message(json.loads(body))
    except (ValueError, RecursionError):
        return ""


def _message(content: Any) -> str:
    """Return the message of an error object in any of its usual forms."""
    for name in ("error", "message", "detail"):
        if isinstance(content, dict) and content.get(name):
            return _message(content[name])
    return content if isinstance(content, str) else ""


def _checked(address: str) -> str:
    """Return the address of an API without a slash at its end. Raises KhabarError for one that cannot be used."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise KhabarError(f"the language server's address cannot be read ({error})", _ADDRESS_REMEDY) from error
    if parts.username is not None or parts.password is not None:
        # The address is shown in errors and lists; what may be a password is not.
        raise KhabarError("the language server's address holds a name or a password", "give the key in KHABAR_LLM_KEY instead")
    if not parts.hostname or port == 0 or parts.query or parts.fragment or not address.isprintable():
        raise KhabarError(f"'{address}' is not the address of a language server", _ADDRESS_REMEDY)
    return address.rstrip("/")


def _sendable(key: str) -> str:
    """Return a key that can stand in a header. Raises KhabarError, which does not repeat it."""
    key = key.strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise KhabarError("KHABAR_LLM_KEY holds characters that no key has", "use only ASCII letters, digits and marks")
    return key
