"""Ollama, llama.cpp's server, vLLM and LM Studio, played: what each sends, by its source or by what its users report.

A played server reads a real request over a real connection and answers in the form of its program. Its tokens are words.
"""

from __future__ import annotations

import http.server
import json
import socket
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

MODEL = "gemma4:e4b"
Headers = dict[str, str]
DONE = b"data: [DONE]\n\n"


@dataclass
class Answer:
    """What is sent back: blocks of bytes, each a chunk of HTTP of its own, or functions that wait."""

    blocks: Iterable[bytes | Callable[[Any], None]]
    status: int = 200
    kind: str = "text/event-stream"


def as_json(content: Any, status: int = 200) -> Answer:
    return Answer([json.dumps(content, ensure_ascii=False).encode()], status, "application/json")


def as_event(content: Any) -> bytes:
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n".encode()


def tokens_of(messages: Iterable[dict[str, str]]) -> int:
    return sum(len(message["content"].split()) for message in messages)


@dataclass
class Ollama:
    """Cuts a long prompt in silence, and leaves its mark in every chunk."""

    pieces: Iterable[Any] = ("نعم", ".")
    thoughts: Iterable[str] = ()
    models: tuple[str, ...] = (MODEL,)
    context: int = 4096
    loading: int = 0
    refuses: tuple[str, ...] = ()
    breaks: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    signed = "library"
    thought_field = "reasoning"

    def get(self, path: str) -> Answer:
        if path == "/v1/models":
            return as_json({"object": "list", "data": [self.listed(name) for name in self.models]})
        told = self.told(path)
        return as_json({"error": "not found"}, 404) if told is None else as_json(told)

    def post(self, path: str, request: dict[str, Any]) -> Answer:
        if path == "/v1/chat/completions":
            self.asked.append(request)
            return self.chat(request)
        told = self.told_of(path, request)
        return as_json({"error": "not found"}, 404) if told is None else as_json(told)

    def chat(self, request: dict[str, Any]) -> Answer:
        if self.loading:
            self.loading -= 1
            return self.is_loading()
        if request["model"] not in self.models:
            return self.knows_no(request["model"])
        if refused := next((name for name in self.refuses if name in request), None):
            return self.refuses_field(refused)
        prompt = tokens_of(request["messages"])
        if prompt + request.get("max_tokens", 0) > self.context:
            return self.is_too_long(prompt, request)
        return Answer(self.stream(request, prompt))

    def stream(self, request: dict[str, Any], prompt: int) -> Iterator[Any]:
        written = 0
        yield from self.opening()
        for thought in self.thoughts:
            yield as_event(self.chunk({"role": "assistant", "content": "", self.thought_field: thought}))
        for piece in self.pieces:
            written += 1
            yield as_event(self.chunk({"role": "assistant", "content": piece})) if isinstance(piece, str) else piece
        if self.breaks:
            yield from self.broken()
            return
        yield as_event(self.chunk(self.last_delta(), "stop"))
        if request.get("stream_options"):
            usage = {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}
            yield as_event(self.chunk({}) | {"choices": [], "usage": usage})
        yield DONE

    def chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": MODEL,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        } | self.marks()  # fmt: skip

    # What differs

    def marks(self) -> dict[str, str]:
        return {"system_fingerprint": "fp_ollama"}

    def opening(self) -> Iterator[bytes]:
        yield from ()

    def last_delta(self) -> dict[str, Any]:
        return {"role": "assistant", "content": ""}

    def listed(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": 1, "owned_by": self.signed}

    def told(self, path: str) -> Any:
        rows = [{"name": name, "model": name, "context_length": self.context} for name in self.models]
        return {"/api/version": {"version": "0.13.1"}, "/api/ps": {"models": rows}}.get(path)

    def told_of(self, path: str, request: dict[str, Any]) -> Any:
        return {"parameters": f"num_ctx {self.context}\nstop \"<end>\""} if path == "/api/show" else None

    def knows_no(self, model: str) -> Answer:
        error = {"message": f"model '{model}' not found", "type": "not_found_error", "param": None, "code": None}
        return as_json({"error": error}, 404)

    def refuses_field(self, name: str) -> Answer:
        error = {"message": "invalid reasoning value: 'none' (must be \"high\", \"medium\" or \"low\")"}
        return as_json({"error": error | {"type": "invalid_request_error"}}, 400)

    def is_loading(self) -> Answer:
        raise NotImplementedError

    def is_too_long(self, prompt: int, request: dict[str, Any]) -> Answer:
        return Answer(self.stream(request, self.context // 2 + 2))

    def broken(self) -> Iterator[bytes]:
        yield as_event(self.chunk({"role": "assistant", "content": ""}))


class LlamaCpp(Ollama):
    """Sends bare colons while it reads the prompt, and tells its context and its tokens."""

    signed = "llamacpp"
    thought_field = "reasoning_content"

    def marks(self) -> dict[str, str]:
        return {"system_fingerprint": "b9465-23e6dab86"}

    def opening(self) -> Iterator[bytes]:
        yield b":\n\n"
        yield b": ping\n\n"
        yield as_event(self.chunk({"role": "assistant", "content": None}))

    def last_delta(self) -> dict[str, Any]:
        return {}

    def told(self, path: str) -> Any:
        settings = {"n_ctx": self.context, "params": {}}
        return {"default_generation_settings": settings, "total_slots": 1} if path == "/props" else None

    def told_of(self, path: str, request: dict[str, Any]) -> Any:
        return {"tokens": list(range(2 * len(request["content"].split())))} if path == "/tokenize" else None

    def knows_no(self, model: str) -> Answer:
        return as_json({"error": {"code": 400, "message": "model not found", "type": "invalid_request_error"}}, 400)

    def refuses_field(self, name: str) -> Answer:
        return as_json({"error": {"code": 500, "message": f"unsupported param: {name}", "type": "server_error"}}, 500)

    def is_loading(self) -> Answer:
        return as_json({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, 503)

    def is_too_long(self, prompt: int, request: dict[str, Any]) -> Answer:
        words = f"request ({prompt} tokens) exceeds the available context size ({self.context} tokens), try increasing it"
        error = {"code": 400, "message": words, "type": "exceed_context_size_error"}
        return as_json({"error": error | {"n_prompt_tokens": prompt, "n_ctx": self.context}}, 400)

    def broken(self) -> Iterator[bytes]:
        yield as_event({"error": {"code": 500, "message": "نفدت الذاكرة", "type": "server_error"}})


class Vllm(Ollama):
    """Tells its context in the list of models; its older versions refuse fields that they do not know."""

    signed = "vllm"
    thought_field = "reasoning"

    def marks(self) -> dict[str, str]:
        return {}

    def opening(self) -> Iterator[bytes]:
        yield as_event(self.chunk({"role": "assistant", "content": "", "reasoning_content": None}))

    def listed(self, name: str) -> dict[str, Any]:
        return super().listed(name) | {"max_model_len": self.context, "root": name}

    def told(self, path: str) -> Any:
        return None

    def told_of(self, path: str, request: dict[str, Any]) -> Any:
        return {"count": 2 * len(request["prompt"].split()), "max_model_len": 1} if path == "/tokenize" else None

    def knows_no(self, model: str) -> Answer:
        error = {"message": f"The model `{model}` does not exist.", "type": "NotFoundError", "param": "model", "code": 404}
        return as_json({"error": error}, 404)

    def refuses_field(self, name: str) -> Answer:
        words = f"[{{'type': 'extra_forbidden', 'loc': ('body', '{name}'), 'msg': 'Extra inputs are not permitted'}}]"
        return as_json({"object": "error", "message": words, "type": "BadRequestError", "param": None, "code": 400}, 400)

    def is_loading(self) -> Answer:
        raise NotImplementedError

    def is_too_long(self, prompt: int, request: dict[str, Any]) -> Answer:
        tokens = request["max_tokens"]
        words = (
            f"This model's maximum context length is {self.context} tokens. However, you requested {prompt + tokens} tokens "
            f"({prompt} in the messages, {tokens} in the completion). Please reduce the length of the messages or completion."
        )
        return as_json({"error": {"message": words, "type": "BadRequestError", "param": None, "code": 400}}, 400)

    def broken(self) -> Iterator[bytes]:
        error = {"message": "EngineCore encountered an issue", "type": "InternalServerError", "param": None, "code": 500}
        yield as_event({"error": error})
        yield DONE


class LmStudio(Ollama):
    """Begins a stream before it looks at the prompt, so that its errors come inside."""

    signed = "organization_owner"
    thought_field = "reasoning_content"

    def marks(self) -> dict[str, str]:
        return {"system_fingerprint": MODEL}

    def last_delta(self) -> dict[str, Any]:
        return {}

    def told(self, path: str) -> Any:
        rows = [{"id": name, "type": "llm", "state": "loaded", "loaded_context_length": self.context} for name in self.models]
        return {"object": "list", "data": rows} if path == "/api/v0/models" else None

    def told_of(self, path: str, request: dict[str, Any]) -> Any:
        return None

    def knows_no(self, model: str) -> Answer:
        words = f'Invalid model identifier "{model}". Please specify a valid downloaded model (e.g., {", ".join(self.models)}).'
        error = {"message": words, "type": "invalid_request_error", "param": "model", "code": "model_not_found"}
        return as_json({"error": error}, 400)

    def refuses_field(self, name: str) -> Answer:
        return as_json({"error": f"'{name}' must be one of ..."}, 400)

    def is_loading(self) -> Answer:
        raise NotImplementedError

    def is_too_long(self, prompt: int, request: dict[str, Any]) -> Answer:
        words = (
            f"The number of tokens to keep from the initial prompt is greater than the context length (n_keep: {prompt}>= "
            f"n_ctx: {self.context}). Try to load the model with a larger context length, or provide a shorter input."
        )
        return Answer([b"event: error\n", as_event({"error": {"message": words}, "message": words})])

    def broken(self) -> Iterator[bytes]:
        yield b"event: error\n" + as_event({"error": {"message": "Compute error."}, "message": "Compute error."})


PROGRAMS: dict[str, type[Ollama]] = {"Ollama": Ollama, "llama.cpp": LlamaCpp, "vLLM": Vllm, "LM Studio": LmStudio}


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._send(self.server.program.get(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._send(self.server.program.post(self.path, json.loads(body)))

    def _send(self, answer: Answer) -> None:
        rewritten, zipped = self.server.rewritten, self.server.zipped and zlib.compressobj(wbits=31)
        try:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Transfer-Encoding", "chunked")
            if zipped:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            for block in answer.blocks:
                if callable(block):
                    block(self)
                    continue
                block = rewritten(block)
                self._write(zipped.compress(block) + zipped.flush(zlib.Z_SYNC_FLUSH) if zipped else block)
            self._write(zipped.flush() if zipped else b"")
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True

    def _write(self, block: bytes) -> None:
        for part in self.server.cut(block) if block else ():
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.flush()


def in_one(block: bytes) -> list[bytes]:
    return [block]


def in_bytes(block: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in block]


@contextmanager
def played(
    program: Ollama,
    cut: Callable[[bytes], list[bytes]] = in_one,
    rewritten: Callable[[bytes], bytes] = bytes,
    zipped: bool = False,
) -> Iterator[str]:
    """Serve a program on this machine and give its address; `cut` says how a block is cut into chunks of HTTP."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads, server.block_on_close = True, False
    server.program, server.cut, server.rewritten, server.zipped = program, cut, rewritten, zipped
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


class Silent:
    """A server that takes a request, says as much as it is told to, and waits until the other side hangs up."""

    def __init__(self, says: bytes = b"") -> None:
        self.says = says
        self.asked, self.gone = threading.Event(), threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Silent:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._thread.join(20)

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with connection:
            connection.settimeout(20)
            received = b""
            while b"}}" not in received.replace(b" ", b"")[-4:]:
                received += connection.recv(65536)
            connection.sendall(self.says)
            self.asked.set()
            try:
                while connection.recv(65536):
                    pass
            except ConnectionError:
                pass
            except TimeoutError:
                return
            self.gone.set()
