"""Drafts by the four servers that people run, in three languages: what each sends differently reads the same."""

from __future__ import annotations

import json
import threading

import pytest

from rag.generate import tuning
from rag.generate.first_words import write_first_words
from rag.generate.generator import GenerationError
from rag.generate.leash import Leash
from rag.generate.server import OpenAIGenerator
from tests.rag.generate.played import (
    DONE,
    MODEL,
    PROGRAMS,
    Answer,
    LlamaCpp,
    LmStudio,
    Ollama,
    Silent,
    Vllm,
    as_event,
    as_json,
    in_bytes,
    in_one,
    played,
)

LANGUAGES = frozenset({"ar", "fa", "en"})
DRAFTS = {
    "ar": ["وَافَقَ ", "المجلسُ", " على ١٢ مادة", " [k3]", "."],
    "fa": ["رئیس‌جمهور ", "گفت", " ۱۲ نفر", " می‌آیند [k3]", "."],
    "en": ["The board ", "agreed", " on 12 items", " [k3]", "."],
}
QUESTIONS = {"ar": "على ماذا وافق المجلس؟", "fa": "رئیس‌جمهور چه گفت؟", "en": "What did the board agree on?"}
THOUGHTS = ["Okay, ", "المستخدم يسأل", " و من باید فکر کنم [k3]. "]


@pytest.fixture(params=sorted(PROGRAMS))
def program(request):
    return PROGRAMS[request.param]


@pytest.fixture(params=sorted(DRAFTS))
def language(request):
    return request.param


def messages_in(language, passages=1, words=8):
    blocks = [f"<<<\n{'كلمة ' * words}[k{number}]\n>>>" for number in range(passages)]
    content = "\n\n".join(["Passages:", *blocks, f"Question: {QUESTIONS[language]}"])
    return [{"role": "system", "content": "أجب."}, {"role": "user", "content": content}]


def generator_at(address, model=MODEL, timeout=20.0):
    return OpenAIGenerator(address, model, "", LANGUAGES, timeout)


def drafted(server, language="ar", passages=1, words=8, **wire):
    with played(server, **wire) as address:
        generator = generator_at(address)
        return generator, "".join(generator.stream(messages_in(language, passages, words), 20))


def failure_of(server, model=MODEL, passages=1, words=8):
    with played(server) as address, pytest.raises(GenerationError) as caught:
        list(generator_at(address, model).stream(messages_in("fa", passages, words), 20))
    assert "\n" not in str(caught.value) and caught.value.remedy
    return caught.value


# The same reply in every form


@pytest.mark.parametrize("cut", [in_one, in_bytes])
def test_a_reply(program, language, cut):
    generator, text = drafted(program(pieces=DRAFTS[language]), language, cut=cut)
    assert text == "".join(DRAFTS[language])
    heard = generator.heard
    assert (heard.thought, heard.written_tokens, heard.finish) == (False, 5, "stop") and heard.prompt_tokens


def with_returns(block):
    return block.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("rewritten", [with_returns, lambda block: block.replace(b"\n", b"\r")])
@pytest.mark.parametrize("cut", [in_one, in_bytes])
def test_a_reply_with_other_line_ends(program, language, rewritten, cut):
    assert drafted(program(pieces=DRAFTS[language]), language, rewritten=rewritten, cut=cut)[1] == "".join(DRAFTS[language])


@pytest.mark.parametrize("cut", [in_one, in_bytes])
def test_a_reply_that_comes_compressed_though_nobody_asked(program, language, cut):
    assert drafted(program(pieces=DRAFTS[language]), language, zipped=True, cut=cut)[1] == "".join(DRAFTS[language])


def test_a_reply_of_which_the_end_is_not_told(program, language):
    server = program(pieces=DRAFTS[language])
    assert drafted(server, language, cut=lambda block: [] if block == DONE else [block])[1] == "".join(DRAFTS[language])


def test_what_a_server_tells_as_thoughts_is_no_answer(program, language):
    generator, text = drafted(program(pieces=DRAFTS[language], thoughts=THOUGHTS), language)
    assert text == "".join(DRAFTS[language]) and generator.heard.thought


@pytest.mark.parametrize(
    ("begin", "end"),
    [("<think>", "</think>"), ("<THINK>\n", "\n</THINK>\n\n"), ("[THINK]", "[/THINK]"), ("<|channel>thought\n", "<channel|>"),
     ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>")],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_thoughts_in_the_text_are_no_answer(language, begin, end, size):
    whole = begin + "".join(THOUGHTS) + end + "".join(DRAFTS[language])
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    generator, text = drafted(LlamaCpp(pieces=pieces), language)
    assert text == "".join(DRAFTS[language]) and generator.heard.thought


def test_a_thought_that_does_not_end_is_no_answer(program):
    error = failure_of(program(pieces=["<think>", *THOUGHTS]))
    assert "nothing but thoughts" in error.problem and "thinking" in error.remedy


def test_a_model_that_thinks_is_one_that_writes(program):
    for pieces in (["نعم"], ["<think>", *THOUGHTS]):
        with played(program(pieces=pieces)) as address:
            write_first_words(generator_at(address))
    with played(program(pieces=[])) as address, pytest.raises(GenerationError, match="wrote nothing"):
        write_first_words(generator_at(address))


def test_a_thought_of_which_only_the_end_is_marked(language):
    """The first reply fails, for its beginning was given out; from then on such thoughts are waited for."""
    pieces = [*THOUGHTS, "</thi", "nk>\n\n", *DRAFTS[language]]
    with played(LlamaCpp(pieces=pieces)) as address:
        generator = generator_at(address)
        with pytest.raises(GenerationError, match="thoughts as the answer"):
            list(generator.stream(messages_in(language), 20))
        assert "".join(generator.stream(messages_in(language), 20)) == "".join(DRAFTS[language])


def test_a_model_named_after_thinking_is_waited_for_from_the_first(language):
    name = "qwen3-4b-thinking"
    for pieces in ([*THOUGHTS, "</think>", *DRAFTS[language]], DRAFTS[language]):
        with played(Vllm(pieces=pieces, models=(name,))) as address:
            text = "".join(generator_at(address, name).stream(messages_in(language), 20))
            assert text == "".join(DRAFTS[language])


def test_what_looks_like_the_beginning_of_a_mark_is_text():
    text = "5 <7 and <thin air> [ok] < /think > end <"
    assert drafted(Ollama(pieces=list(text)))[1] == text


def test_letters_that_are_split_between_events():
    halves = [b'data: {"choices":[{"delta":{"content":"\\u%s"}}]}\n\n' % half for half in (b"d83d", b"de00")]
    assert drafted(LmStudio(pieces=["قال ", *halves, "نعم"]))[1] == "قال 😀نعم"


def test_half_a_letter_at_the_end_is_left_out():
    assert drafted(Vllm(pieces=["وقال نع", "\N{REPLACEMENT CHARACTER}", "\N{REPLACEMENT CHARACTER}"]))[1] == "وقال نع"


def test_a_server_that_breaks_letters_apart():
    error = failure_of(LmStudio(pieces=["\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}م "] * 9))
    assert "breaks letters apart" in error.problem


def test_a_reply_that_comes_whole(program, language):
    class Whole(program):
        def chat(self, request):
            message = {"role": "assistant", "content": "<think>فكرة</think>" + "".join(DRAFTS[language])}
            return as_json(self.chunk({}) | {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})

    assert drafted(Whole(), language)[1] == "".join(DRAFTS[language])


def test_a_reply_in_parts_of_which_some_are_text():
    parts = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "نعم."}]
    assert drafted(Ollama(pieces=[as_event({"choices": [{"delta": {"content": parts}}]})]))[1] == "نعم."


def test_events_over_several_lines_and_without_lines_between():
    several = b'event: message\ndata: {"choices":\ndata: [{"delta": {"content":\ndata: "\xd9\x86\xd8\xb9\xd9\x85"}}]}\n\n'
    close = b'id: 1\ndata: {"choices":[{"delta":{"content":" "}}]}\ndata: {"choices":[{"delta":{"content":"\xd9\x84"}}]}\n'
    bare = b'{"choices":[{"delta":{"content":"."}}]}\n'
    empty = b"data:\n\nretry: 3000\n\nevent: ping\ndata: {}\n\n"
    assert drafted(LlamaCpp(pieces=[several, empty, close, bare]), cut=in_bytes)[1] == "نعم ل."


# Refusals


@pytest.mark.parametrize("name", ["stream_options", "reasoning_effort", "chat_template_kwargs", "seed", "temperature"])
def test_a_field_that_is_refused_is_left_out_and_stays_out(name, language):
    server = Vllm(pieces=DRAFTS[language], refuses=(name,))
    with played(server) as address:
        generator = generator_at(address)
        for _ in range(2):
            assert "".join(generator.stream(messages_in(language), 20)) == "".join(DRAFTS[language])
    assert [name in asked for asked in server.asked] == [True, False, False]


def test_each_server_refuses_in_its_own_way(program):
    server = program(refuses=("reasoning_effort",))
    assert drafted(server)[1] == "نعم."
    assert ["reasoning_effort" in asked for asked in server.asked] == [True, False]


def test_all_fields_are_refused_one_after_the_other():
    server = Vllm(refuses=("stream_options", "reasoning_effort", "chat_template_kwargs", "seed", "temperature"))
    assert drafted(server)[1] == "نعم." and len(server.asked) == 6
    assert server.asked[-1].keys() == {"model", "messages", "stream", "max_tokens"}


def test_two_first_drafts_at_once_that_are_refused_the_same_field():
    """What the one learns the other has not to learn again: both are asked for anew."""
    together = threading.Barrier(2, timeout=20)

    class Both(Vllm):
        def chat(self, request):
            if "seed" in request:
                together.wait()
            return super().chat(request)

    server, texts = Both(pieces=DRAFTS["fa"], refuses=("seed",)), []
    with played(server) as address:
        generator = generator_at(address)
        drafts = [generator.stream(messages_in("fa"), 20) for _ in range(2)]
        for draft in drafts:
            texts.append("".join(draft))
    assert texts == ["".join(DRAFTS["fa"])] * 2
    assert ["seed" in asked for asked in server.asked] == [True, True, False, False]


def refusing(words, name, status=400):
    class Refusing(Ollama):
        def chat(self, request):
            if name(request):
                return as_json({"error": {"message": words}}, status)
            if not request["stream"]:
                choice = {"index": 0, "message": {"content": "بله."}, "finish_reason": "stop"}
                return as_json({"choices": [choice]})
            return Answer(self.stream(request, 5))

    return Refusing(pieces=["بله", "."])


def test_a_server_that_wants_the_newer_name_of_a_field():
    words = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    server = refusing(words, lambda request: "max_tokens" in request)
    assert drafted(server)[1] == "بله." and server.asked[-1]["max_completion_tokens"] == 20


@pytest.mark.parametrize("words", ["System role not supported", "Conversation roles must alternate user/assistant"])
def test_a_model_that_takes_no_system_message(words):
    server = refusing(words, lambda request: request["messages"][0]["role"] == "system", 500)
    assert drafted(server)[1] == "بله."
    [message] = server.asked[-1]["messages"]
    assert message["role"] == "user" and message["content"].startswith("أجب.\n\nPassages:")


def test_a_server_that_does_not_stream():
    server = refusing("streaming is not supported", lambda request: request["stream"])
    generator, text = drafted(server)
    assert text == "بله." and not generator.streams and "stream_options" not in server.asked[-1]


def test_a_server_that_refuses_a_field_that_was_not_sent():
    error = failure_of(refusing("Unknown parameter: 'seed'", lambda _: True))
    assert "refuses seed (400: Unknown parameter: 'seed')" in error.problem


def test_a_model_that_is_not_served(program):
    names = ("gemma4:e4b", "نموذج", *[f"m{number}" for number in range(9)])
    error = failure_of(program(models=names), model="qwen9")
    assert "knows no model 'qwen9'; it offers gemma4:e4b, نموذج, m0, m1, m2 and 6 more (40" in error.problem
    assert "--llm-model" in error.remedy


@pytest.mark.parametrize(
    "words",
    [
        "No models loaded. Please load a model in the developer page or use the 'lms load' command.",
        'Model "qwen9" not found. Please specify a valid model.\n\nYour models:\n\ngemma',
        "Unknown Model, please check the model code.",
    ],
)
def test_other_words_for_a_model_that_is_not_served(words):
    class Refusing(LmStudio):
        def knows_no(self, model):
            return as_json({"error": words}, 400)

    assert f"it offers {MODEL}" in failure_of(Refusing(), model="qwen9").problem


@pytest.mark.parametrize("inside", [True, False])
def test_an_address_without_its_last_part(program, inside):
    class Elsewhere(program):
        def post(self, path, request):
            if path.startswith("/v1/"):
                return super().post(path, request)
            return as_json({"error": f"Unexpected endpoint or method. (POST {path})"}, 200 if inside else 404)

    with played(Elsewhere()) as address, pytest.raises(GenerationError) as caught:
        list(generator_at(address.removesuffix("/v1")).stream(messages_in("ar"), 20))
    assert f"has its API at {address} (" in caught.value.problem and "that address" in caught.value.remedy


def test_a_server_that_loads_its_model_is_waited_for(monkeypatch):
    monkeypatch.setattr(tuning, "LOADING_PAUSE", 0.01)
    server = LlamaCpp(loading=3)
    assert drafted(server)[1] == "نعم." and len(server.asked) == 4
    with played(LlamaCpp(loading=10**6)) as address, pytest.raises(GenerationError, match="still loading") as caught:
        list(generator_at(address, timeout=0.5).stream(messages_in("ar"), 20))
    assert "Loading model" in caught.value.problem


def test_a_failure_in_the_midst(program):
    server = program(pieces=["نص "], breaks=True)
    if program is Ollama:  # which ends the stream as if all was well; what is whole of the draft is whole
        assert drafted(server)[1] == "نص "
        return
    assert "failed in the middle" in failure_of(server).problem


@pytest.mark.parametrize("error", ["نفدت الذاكرة", {"message": "نفدت الذاكرة"}, {"error": {"message": "نفدت الذاكرة"}}])
def test_an_error_in_place_of_a_stream(error):
    class Failing(LmStudio):
        def chat(self, request):
            return as_json({"error": error})

    assert "failed in the middle (نفدت الذاكرة)" in failure_of(Failing()).problem


@pytest.mark.parametrize("line", [b'error: {"code": 500, "message": "%s"}\n\n', b'{"object": "error", "message": "%s"}\n',
                                  b"event: error\ndata: %s\n\n", b'data: {"detail": "%s"}\n\n'])  # fmt: skip
def test_errors_in_other_forms(line):
    error = failure_of(LlamaCpp(pieces=[line.replace(b"%s", "خطأ".encode())]))
    assert "failed in the middle (خطأ)" in error.problem


def test_a_model_that_asks_for_a_tool(program):
    call = {"index": 0, "id": "1", "type": "function", "function": {"name": "search", "arguments": "{}"}}
    block = as_event({"choices": [{"delta": {"content": None, "tool_calls": [call]}, "finish_reason": "tool_calls"}]})
    assert "asks for a tool" in failure_of(program(pieces=[block])).problem


# A context shorter than ours


def test_a_prompt_too_long_is_sent_again_with_fewer_passages(program, language):
    server = program(pieces=DRAFTS[language], context=150)
    with played(server) as address:
        generator = generator_at(address)
        if program is Ollama:  # which reads a part of it in silence: that draft is of no use, but the next is
            with pytest.raises(GenerationError, match="read only 77 tokens of the prompt, because its context is 150"):
                monkeypatched(generator, messages_in(language, 5, 40))
        for _ in range(2):
            assert "".join(generator.stream(messages_in(language, 5, 40), 20)) == "".join(DRAFTS[language])
    prompts = [asked["messages"][-1]["content"] for asked in server.asked]
    assert len(prompts) == 3 and prompts[0].count("<<<") == 5
    assert 1 <= prompts[1].count("<<<") == prompts[2].count("<<<") < 5
    assert prompts[1].startswith("Passages:") and prompts[1].endswith(QUESTIONS[language]) and "[k0]" in prompts[1]


def monkeypatched(generator, messages):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tuning, "ROUND_CONTEXT", 75)
        list(generator.stream(messages, 20))


@pytest.mark.parametrize("program", [LlamaCpp, Vllm, LmStudio])
def test_a_context_too_short_for_one_passage_is_told_with_its_size(program):
    server = program(context=64)
    error = failure_of(server, passages=3, words=200)
    assert "has a context of 64 tokens" in error.problem and "longer context" in error.remedy
    assert len(server.asked) == 1


FORMS = [
    "'max_tokens' or 'max_completion_tokens' is too large: 20. This model's maximum context length is 150 tokens and your "
    "request has 222 input tokens (20 > 150 - 222).",
    "You passed 222 input tokens and requested 20 output tokens. However, the model's context length is only 150 tokens.",
    "The decoder prompt (length 222) is longer than the maximum model length of 150. Make sure that `max_model_len` is",
    "Trying to keep the first 222 tokens when context the overflows. However, the model is loaded with context length of only "
    "150 tokens, which is not enough.",
    "Cannot truncate prompt with n_keep (222) >= n_ctx (150)",
    "the request exceeds the available context size, try increasing it",
    "Context size has been exceeded.",
]


@pytest.mark.parametrize("words", FORMS)
@pytest.mark.parametrize("inside", [True, False])
def test_other_words_for_a_context_too_short(words, inside):
    class Refusing(LlamaCpp):
        def is_too_long(self, prompt, request):
            return as_json({"error": words}, 200 if inside else 400)

    server = Refusing(context=150)
    assert drafted(server, passages=5, words=40)[1] == "نعم." and len(server.asked) == 2


def test_a_server_that_writes_nothing_for_a_prompt_too_long():
    class Wordless(LmStudio):
        def is_too_long(self, prompt, request):
            return Answer([as_event(self.chunk({}, "stop")), DONE])

    server = Wordless(context=150)
    assert drafted(server, passages=5, words=40)[1] == "نعم." and len(server.asked) == 2


def test_it_is_sent_again_only_once():
    class Stubborn(LlamaCpp):
        def chat(self, request):
            return self.is_too_long(1000 + len(self.asked), request)

    server = Stubborn(context=400)
    failure_of(server, passages=5, words=40)
    assert len(server.asked) <= 2


# What a server says of itself


def test_the_card(program):
    with played(program(context=2048, models=(MODEL, "other"))) as address:
        card = generator_at(address).card()
        assert (card.program, card.known, card.context) == (expected_name(program), True, 2048)
        assert card.models == (MODEL, "other")
        assert generator_at(address, "missing").card().known is False


def expected_name(program):
    return next(name for name, known in PROGRAMS.items() if known is program)


def test_tokens_by_the_servers_own_tokenizer(program):
    with played(program()) as address:
        generator = generator_at(address)
        counted = generator.counted(generator.card(), "قال رئیس‌جمهور yes")
    assert counted == (6 if program in (LlamaCpp, Vllm) else None)


def test_a_server_that_says_nothing_of_itself():
    class Mute(Ollama):
        def get(self, path):
            return as_json({"detail": "Not Found"}, 404)

    with played(Mute()) as address:
        generator = generator_at(address)
        card = generator.card()
        assert (card.program, card.models, card.known, card.context) == ("", (), None, None)
        assert generator.counted(card, "نص") is None


# Stopping


HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


@pytest.mark.parametrize("says", [b"", HEADERS, HEADERS + b": ping\n\n"])
def test_a_silent_server_sees_that_its_reader_hangs_up(says):
    with Silent(says) as server:
        leash, heard, ended = Leash(), [], threading.Event()

        def read():
            pieces = generator_at(server.address, timeout=60.0).stream(messages_in("fa"), 20)
            leash.hold(pieces)
            heard.extend(pieces)
            ended.set()

        threading.Thread(target=read, daemon=True).start()
        assert server.asked.wait(20) and not server.gone.is_set()
        leash.pull()
        assert server.gone.wait(10) and ended.wait(10) and heard == []


def test_a_server_sees_that_its_draft_is_let_go_of_in_the_midst():
    with Silent(HEADERS + as_event({"choices": [{"delta": {"content": "بله"}}]})) as server:
        pieces = generator_at(server.address, timeout=60.0).stream(messages_in("fa"), 20)
        assert next(pieces) == "بله"
        del pieces
        assert server.gone.wait(10)


def test_a_server_sees_that_a_draft_is_over_when_its_time_is():
    with Silent() as server:
        with pytest.raises(GenerationError, match=r"0\.5 seconds"):
            list(generator_at(server.address, timeout=0.5).stream(messages_in("en"), 20))
        assert server.gone.wait(10)


def test_a_request_is_whole_json_in_any_script():
    server = Ollama()
    drafted(server, "fa")
    assert QUESTIONS["fa"] in json.dumps(server.asked[0], ensure_ascii=False)
