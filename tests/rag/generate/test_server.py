"""A language server on this machine that behaves in every way that one may, and what a reader is told of it."""

from __future__ import annotations

import http.server
import json
import socket
import threading
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import KhabarError
from rag.archive import chosen_generator
from rag.generate.events import read_events
from rag.generate.fault import ServerFault
from rag.generate.generator import GenerationError
from rag.generate.load import load_generator
from rag.generate.reply import Reply
from rag.generate.server import OpenAIGenerator, is_address
from rag.settings import Settings, read_settings

MESSAGES = [{"role": "system", "content": "أجب."}, {"role": "user", "content": "چه شد؟ ۱۲ ١٢ 12 می‌گوید"}]
KEY = "sk-test-0123456789"
LANGUAGES = frozenset({"ar", "fa"})


def event(content, finish=None, **more):
    choice = {"index": 0, "delta": {} if content is None else {"content": content}, "finish_reason": finish}
    return f"data: {json.dumps({'choices': [choice], **more}, ensure_ascii=False)}\n\n".encode()


DONE = b"data: [DONE]\n\n"
STREAM = {"Content-Type": "text/event-stream; charset=utf-8"}


class Script(http.server.BaseHTTPRequestHandler):
    """Answers every request with `server.status`, `server.headers` and the blocks of `server.body`.

    A block may be bytes, or a function that is called with the server, to wait.
    """

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        server = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.asked.append((self.path, dict(self.headers), json.loads(body)))
        try:
            if server.status:
                self.send_response(server.status)
                self.send_header("Connection", "close")
                for name, value in server.headers.items():
                    self.send_header(name, value)
                self.end_headers()
            for block in server.body:
                if callable(block):
                    block(server)
                else:
                    self.wfile.write(block)
                    self.wfile.flush()
        except OSError:
            server.hung_up.set()

    do_GET = do_POST


@contextmanager
def serving(*body, status=200, headers=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Script)
    server.daemon_threads, server.block_on_close = True, False
    server.body, server.status, server.headers = body, status, STREAM if headers is None else headers
    server.asked, server.hung_up, server.over = [], threading.Event(), threading.Event()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()


def hang(server):
    server.over.wait(20)


def generator_for(server, timeout=20.0, key=KEY, path="/v1"):
    return OpenAIGenerator(f"http://127.0.0.1:{server.server_port}{path}", "qwen3:4b", key, LANGUAGES, timeout)


def failure_of(*body, timeout=20.0, received=(), **options):
    """Return the error that a draft ends with, after the pieces `received`; it is one line, and the key is not in it."""
    with serving(*body, **options) as server:
        pieces, heard = generator_for(server, timeout).stream(MESSAGES, 50), []
        with pytest.raises(GenerationError) as caught:
            for piece in pieces:
                heard.append(piece)
        assert list(pieces) == []
    assert heard == list(received)
    told = str(caught.value)
    assert "\n" not in told and KEY not in told and caught.value.remedy
    return caught.value


# A reply


def test_a_reply_comes_piece_by_piece():
    pieces = ["اجتمع ", "المجلس", "، می‌گوید", " ۱۲ [1]."]
    with serving(event(""), *map(event, pieces), event(None, "stop"), DONE) as server:
        generator = generator_for(server)
        assert generator.languages == LANGUAGES and generator.name == f"qwen3:4b at {generator.address}"
        assert list(generator.stream(MESSAGES, 50)) == pieces
    [(path, headers, asked)] = server.asked
    assert path == "/v1/chat/completions" and headers["Authorization"] == f"Bearer {KEY}"
    assert asked == {
        "model": "qwen3:4b", "messages": MESSAGES, "max_tokens": 50, "temperature": 0, "seed": 0, "stream": True,
        "stream_options": {"include_usage": True}, "reasoning_effort": "none",
        "chat_template_kwargs": {"enable_thinking": False},
    }  # fmt: skip


def test_without_a_key_none_is_sent():
    with serving(event("نعم"), DONE) as server:
        assert list(generator_for(server, key="").stream(MESSAGES, 5)) == ["نعم"]
    assert "Authorization" not in server.asked[0][1]


@pytest.mark.parametrize(
    "body",
    [
        [event("نعم", "stop")],  # no [DONE], as some servers have it
        [b": still there\r\n\r\n", b"event: message\r\nid: 1\r\n", event("نعم").replace(b"\n", b"\r\n"), b"data:[DONE]\r\n"],
        [event("نعم")[:25], event("نعم")[25:43], event("نعم")[43:] + DONE],
        [bytes([byte]) for byte in event("نعم") + DONE],
        [event("نعم"), b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\n', DONE],
        [b'data: {"choices": [{"delta": {"reasoning_content": "hm"}}]}\n\n', event("نعم", "length"), DONE, event("more")],
    ],
)
def test_other_ways_to_write_the_same_reply(body):
    with serving(*body) as server:
        assert list(generator_for(server).stream(MESSAGES, 50)) == ["نعم"]


def test_drafts_do_not_wait_for_each_other():
    with serving(event("أول"), hang) as slow, serving(event("دوم", "stop"), DONE) as quick:
        held = generator_for(slow).stream(MESSAGES, 5)
        assert next(held) == "أول"
        assert list(generator_for(quick).stream(MESSAGES, 5)) == ["دوم"]


def test_a_draft_that_nobody_wants_is_hung_up_on():
    with serving(*[event("كلمة ") * 200] * 2000, DONE) as server:
        pieces = generator_for(server).stream(MESSAGES, 10**6)
        assert next(pieces) == "كلمة "
        pieces.close()
        assert list(pieces) == [] and server.hung_up.wait(20)


def test_nothing_is_asked_before_the_first_draft():
    with serving(DONE) as server:
        generator = generator_for(server)
        assert generator.count_tokens("warm") > 0
        assert server.asked == []


# Failures


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(GenerationError, match="is not reached") as caught:
        list(OpenAIGenerator(f"http://127.0.0.1:{port}/v1", "m", KEY, LANGUAGES, 5.0).stream(MESSAGES, 5))
    assert str(port) in caught.value.problem and "start it" in caught.value.remedy


@pytest.mark.parametrize(
    ("status", "problem", "remedy"),
    [
        (400, "refuses the request", "server's log"),
        (401, "refuses the key", "KHABAR_LLM_KEY"),
        (403, "refuses the key", "KHABAR_LLM_KEY"),
        (404, "knows no model 'qwen3:4b'", "KHABAR_LLM_MODEL"),
        (429, "busy", "in a minute"),
        (500, "failed", "ask again"),
        (503, "failed", "ask again"),
    ],
)
@pytest.mark.parametrize(
    "form", ['{"error": {"message": "%s"}}', '{"error": "%s"}', '{"detail": "%s"}', '"%s"', "<p>%s</p>", ""]
)
def test_a_refusal(status, problem, remedy, form):
    said = f"سبب\\n<b>key {KEY}</b>"
    body = form.replace("%s", said).encode()
    error = failure_of(body, status=status, headers={"Content-Type": "application/json"})
    assert problem in error.problem and str(status) in error.problem and remedy in error.remedy
    assert ("سبب <b>key …</b>" in error.problem) == (form.startswith(("{", '"')))


def test_a_refusal_of_any_length_is_cut():
    error = failure_of(json.dumps({"error": "خطأ " * 5000}).encode(), status=500)
    assert len(str(error)) < 600
    assert "500" in failure_of(*[b"x" * 100_000] * 30, status=500).problem


@pytest.mark.parametrize("headers", [{"Content-Type": "text/html"}, {"Content-Type": "application/json"}, {}])
def test_a_page_instead_of_a_stream(headers):
    error = failure_of(b"<!doctype html><title>Login</title>", headers=headers)
    assert "does not stream" in error.problem and "/v1" in error.remedy


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirection_is_not_followed(status):
    with serving(event("secret"), DONE) as other:
        there = f"http://127.0.0.1:{other.server_port}/v1/chat/completions"
        error = failure_of(status=status, headers={"Location": there})
        assert f"127.0.0.1:{other.server_port}" in error.problem and str(status) in error.problem
    assert other.asked == []


@pytest.mark.parametrize(("body", "status"), [([hang], 0), ([hang], 200), ([event("نص"), hang], 200)])
def test_a_server_that_hangs(body, status):
    error = failure_of(*body, status=status, timeout=2.0, received=["نص"] if len(body) == 2 else [])
    assert "2 seconds" in error.problem and "KHABAR_LLM_TIMEOUT" in error.remedy


def drip(block):
    def body(server):
        server.over.wait(0.02)

    return [part for _ in range(2000) for part in (block, body)]


@pytest.mark.parametrize("block", [b": wait\n\n", b"x", b"\n", event("")])
def test_a_server_that_trickles_without_a_word_is_left(block):
    with serving(*drip(block)) as server:
        with pytest.raises(GenerationError, match="longer than 0.3 seconds"):
            list(generator_for(server, timeout=0.3).stream(MESSAGES, 5))
        assert server.hung_up.wait(10)


def test_a_stream_without_end_ends():
    with serving(*drip(event("و"))) as server:
        heard = []
        with pytest.raises(GenerationError, match="longer than 0.3 seconds"):
            heard.extend(generator_for(server, timeout=0.3).stream(MESSAGES, 5))
        assert server.hung_up.wait(10)


def test_a_line_without_end():
    assert "without end" in failure_of(*[b"data: " + b"x" * 500_000] * 5).problem


@pytest.mark.parametrize(
    "garbage",
    [
        b"data: {not json\n\n",
        b"data: [1]\n\n",
        b"data: null\n\n",
        b"data: \xff\xfe\n\n",
        b'data: "x"\n\n',
        b'data: {"choices": [3]}\n\n',
        b'data: {"choices": {"a": 1}}\n\n',
        b'data: {"choices": [{"delta": {"content": 5}}]}\n\n',
        b'data: {"choices": [{"delta": {"content": ["x"]}}]}\n\n',
        b'data: {"choices": [{"delta": "x"}]}\n\n',
        b'data: {"choices": [{"finish_reason": {"a": 1}}]}\n\n',
        b"data: " + b"[" * 100_000 + b"\n\n",
    ],
)
def test_garbage_in_the_stream(garbage):
    assert "what is no reply" in failure_of(event("نص"), garbage, DONE, received=["نص"]).problem


@pytest.mark.parametrize("body", [[b"hello\n"], [b"<html>\n</html>\n"], [b"\x00\x01\n\n"], []])
def test_what_is_no_stream_of_events(body):
    assert "broke off" in failure_of(*body).problem


@pytest.mark.parametrize("header", [{}, {"Content-Length": "5000"}, {"Transfer-Encoding": "chunked"}])
def test_a_server_that_leaves_in_the_midst(header):
    block = event("نص")
    sent = b"%x\r\n%s\r\n" % (len(block), block) if "Transfer-Encoding" in header else block
    assert "broke off" in failure_of(sent, headers=STREAM | header, received=["نص"]).problem


@pytest.mark.parametrize("message", ['{"message": "out of memory"}', '"out of memory"'])
def test_an_error_inside_the_stream(message):
    error = failure_of(event("نص"), f'data: {{"error": {message}}}\n\n'.encode(), DONE, received=["نص"])
    assert "out of memory" in error.problem


@pytest.mark.parametrize("reason", ["error", "abort", "content_filter"])
def test_a_reply_that_is_given_up(reason):
    assert reason in failure_of(event("نص"), event(None, reason), DONE, received=["نص"]).problem


@pytest.mark.parametrize("body", [[DONE], [event(None, "length"), DONE], [event(""), event(None, "stop")]])
def test_a_reply_without_a_word(body):
    error = failure_of(*body)
    assert "wrote nothing" in error.problem and "thinking" in error.remedy


def test_proxies_and_passwords_of_the_environment_are_left_alone(monkeypatch, tmp_path):
    with serving(event("proxied"), DONE) as proxy, serving(event("نعم", "stop"), DONE) as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.server_port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        (tmp_path / "netrc").write_text("default login me password secret\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        assert list(generator_for(server, key="").stream(MESSAGES, 5)) == ["نعم"]
    assert proxy.asked == [] and "Authorization" not in server.asked[0][1]


# Tokens


@pytest.mark.llama
def test_the_estimate_is_rather_too_high():
    real = load_generator("smollm2")
    estimate = OpenAIGenerator("http://localhost/v1", "m", "", LANGUAGES, 1.0).count_tokens
    english = "The ministers of 27 states agreed on Thursday, after nine hours, to lower the price cap to $47.60 a barrel. "
    assert real.count_tokens(english) <= estimate(english) <= 2 * real.count_tokens(english)
    # Gemma's tokenizer takes 1.6 tokens for a word of Arabic or Persian, Qwen's 3.2 for one of Persian.
    for text in ("وافق وزراء الدول السبع والعشرين على خفض سقف السعر", "وزیران بیست‌وهفت کشور با کاهش سقف قیمت موافقت کردند"):
        assert 3.3 * len(text.split()) <= estimate(text) <= 7 * len(text.split())


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens(first, second):
    count = OpenAIGenerator("http://localhost/v1", "m", "", LANGUAGES, 1.0).count_tokens
    assert (count(first) == 0) == (first == "")
    assert max(count(first), count(second)) <= count(first + second) <= count(first) + count(second)
    assert count(first) <= len(first.encode(errors="replace"))


# Settings


@pytest.mark.parametrize("choice", ["http://127.0.0.1:11434/v1", "https://llm.example/v1/", "HTTP://localhost:8080/v1"])
def test_an_address_chooses_a_server(choice):
    settings = read_settings(llm=choice, llm_model="gemma4", llm_key=KEY, llm_languages="fa", llm_timeout="7")
    generator = chosen_generator(settings)
    assert isinstance(generator, OpenAIGenerator) and generator.address == choice.rstrip("/")
    assert generator.languages == {"fa"} and generator.name.startswith("gemma4 at ")


@pytest.mark.parametrize("choice", ["smollm2", "none", "model.gguf", "/models/http://x.gguf", "httpx.gguf", ""])
def test_anything_else_is_no_address(choice):
    assert not is_address(choice)


def test_a_server_without_a_model_named():
    with pytest.raises(KhabarError, match="no model") as caught:
        chosen_generator(read_settings(llm="http://localhost:11434/v1", llm_key=KEY))
    assert "KHABAR_LLM_MODEL" in caught.value.remedy and KEY not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["http://", "http:///v1", "http://host:99999/v1", "http://host:x/v1", "http://host:0/v1", "http://[::1/v1",
     "http://h/v1?key=1", "http://h/v1#a", "http://h/\u202ev1", "https://:8080"],
)  # fmt: skip
def test_an_address_that_is_none(address):
    with pytest.raises(KhabarError, match="language server") as caught:
        OpenAIGenerator(address, "m", "", LANGUAGES, 1.0)
    assert "/v1" in caught.value.remedy and "\n" not in str(caught.value)


@pytest.mark.parametrize("address", ["http://me:secret@host/v1", "http://secret@host/v1", "https://:secret@host/v1"])
def test_a_password_in_the_address_is_refused_and_not_repeated(address):
    with pytest.raises(KhabarError) as caught:
        OpenAIGenerator(address, "m", "", LANGUAGES, 1.0)
    assert "secret" not in str(caught.value) and "KHABAR_LLM_KEY" in caught.value.remedy


@pytest.mark.parametrize("key", ["sk secret", "sk\nsecret", "سرّ-secret", "secret\x00"])
def test_a_key_that_cannot_be_sent_is_refused_and_not_repeated(key):
    with pytest.raises(KhabarError, match="KHABAR_LLM_KEY") as caught:
        OpenAIGenerator("http://localhost/v1", "m", key, LANGUAGES, 1.0)
    assert "secret" not in str(caught.value)


def test_the_key_is_shown_nowhere(monkeypatch):
    monkeypatch.setenv("KHABAR_LLM_KEY", KEY)
    settings = read_settings(llm="http://localhost:11434/v1", llm_model="m")
    generator = chosen_generator(settings)
    for shown in (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json(), repr(generator)):
        assert KEY not in shown
    assert KEY not in generator.name and isinstance(settings, Settings)


FRAGMENTS = [event("نص"), DONE, b"data: {}\n\n", b"data:", b"{}", b"\n", b"\r\n", b": x\n", b"\xd8", b'"']


@given(st.lists(st.sampled_from(FRAGMENTS)))
def test_any_bytes_make_pieces_or_a_fault(blocks):
    try:
        heard = list(Reply().texts(read_events(blocks)))
    except ServerFault as fault:
        assert fault.problem and fault.remedy
    else:
        assert "".join(heard).strip("نص") == "" and heard
