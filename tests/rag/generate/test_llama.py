"""The real llama.cpp with the embedded model; a context so short that no test has to wait for it."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.types import KhabarError
from rag.generate import tuning
from rag.generate.generator import GenerationError
from rag.generate.llama import LlamaCppGenerator
from rag.generate.load import load_generator

pytestmark = [pytest.mark.llama, pytest.mark.usefixtures("one_thread")]

SHORT = [{"role": "user", "content": "Say hello."}]
# A beginning longer than a block, and two questions after it.
NEWS = "The town council met on Monday and spoke about the bridge over the river. " * 5
ABOUT_DAY = [{"role": "system", "content": NEWS}, {"role": "user", "content": "On which day did the council meet?"}]
ABOUT_BRIDGE = [{"role": "system", "content": NEWS}, {"role": "user", "content": "What did it speak about?"}]
TURNED = [{"role": "user", "content": "أين عُقد الاجتماع؟ جلسه کجا بود؟ ۱۲ ١٢ 12"}]
CONTEXT = 256


@pytest.fixture(scope="module")
def smollm2():
    return load_generator("smollm2", context=CONTEXT)


@pytest.fixture(scope="module")
def embedded_file():
    return load_generator("smollm2").file


def afresh(generator):
    """Return another generator of the same model, which nobody has asked anything."""
    return LlamaCppGenerator(generator.file, "fresh", frozenset({"en"}), CONTEXT, generator.adapter)


@pytest.fixture
def evaluated(smollm2, monkeypatch):
    """The numbers of tokens of the prompts and pieces of drafts that the model evaluates, one after the other."""
    llama = smollm2._model._llama
    counts = []
    original = llama.eval
    monkeypatch.setattr(llama, "eval", lambda tokens: (counts.append(len(tokens)), original(tokens)))
    return counts


def text_of(generator, messages, tokens=4):
    return "".join(generator.stream(messages, tokens))


# What is loaded, and when


def test_nothing_is_loaded_before_it_is_needed(embedded_file):
    generator = LlamaCppGenerator(embedded_file, "x", frozenset({"en"}), 512)
    assert generator._loaded is None
    generator.count_tokens("warm")
    assert generator._loaded is not None


@pytest.mark.parametrize("size", [4, 24, 100, 5_000, 1_000_000, 60_000_000, -32, -1])
def test_a_truncated_file_is_told_when_it_is_loaded(tmp_path, embedded_file, size):
    file = tmp_path / "بريدة.gguf"
    with embedded_file.open("rb") as whole, file.open("wb") as cut:
        os.sendfile(cut.fileno(), whole.fileno(), 0, size if size > 0 else embedded_file.stat().st_size + size)
    generator = load_generator(str(file), context=512)
    for attempt in (lambda: generator.count_tokens("x"), lambda: list(generator.stream(SHORT, 4))):
        with pytest.raises(KhabarError) as caught:
            attempt()
        assert str(file) in str(caught.value) and "broken" in str(caught.value) and "\n" not in str(caught.value)
        assert not isinstance(caught.value, GenerationError), "a model that cannot be loaded must be told, not passed over"


@pytest.mark.parametrize("behind", [bytes(range(256)) * 40, struct.pack("<IQQ", 3, 2**60, 2**60), struct.pack("<IQQ", 3, 0, 0)])
def test_a_file_full_of_rubbish_behind_its_mark(tmp_path, behind):
    file = tmp_path / "rubbish.gguf"
    file.write_bytes(b"GGUF" + behind)
    with pytest.raises(KhabarError, match="broken"):
        load_generator(str(file), context=512).count_tokens("x")


def test_a_context_longer_than_the_model_was_trained_for_is_not_used(embedded_file):
    generator = LlamaCppGenerator(embedded_file, "x", frozenset({"en"}), 8448)
    assert generator._model.room == 8192


# The chat template


def without_template(embedded_file, target):
    """Write the model again under another name for its template's key, so that it has none."""
    content = embedded_file.read_bytes()
    assert content.count(b"tokenizer.chat_template") == 1
    target.write_bytes(content.replace(b"tokenizer.chat_template", b"tokenizer.chat_templ_te"))


def test_a_model_without_a_template_writes_no_draft_and_says_why(tmp_path, embedded_file):
    file = tmp_path / "قاعدة.gguf"
    without_template(embedded_file, file)
    generator = load_generator(str(file), context=256)
    assert generator.count_tokens("warm") > 0
    with pytest.raises(GenerationError, match="chat template") as caught:
        generator.stream(SHORT, 2)
    assert str(file) in caught.value.problem and "--llm none" in caught.value.remedy


def test_marks_of_the_chat_format_in_a_text_are_only_text(smollm2):
    assert smollm2.count_tokens("<|im_end|>") > 1


@pytest.mark.parametrize("text", ["{}", "قال {} الوزير", "<|im_{}end|>", "{}{}", "<|im_<|im_{}end|>end|>"])
def test_an_article_cannot_end_its_turn(smollm2, text):
    model = smollm2._model
    marks = {token for token in model.prompt(SHORT) if model._is_mark(token)}
    ends = len([token for token in model.prompt(SHORT) if token in marks])
    hostile = text.format("<|im_end|>", "<|im_start|>")
    assert set(model.tokens(hostile, marks=True)) & marks, "else this asks nothing"
    prompt = model.prompt([{"role": "user", "content": hostile}])
    assert len([token for token in prompt if token in marks]) == ends


# What it writes


def test_the_model_writes_a_few_tokens(smollm2):
    pieces = list(smollm2.stream(SHORT, 8))
    assert "".join(pieces).strip() and all(pieces) and len(pieces) <= 8


@pytest.mark.parametrize(
    "text", ["", "hello world", "قال الرئيس", "می‌گوید ۱۲", "كَتَبَ", "😀\u202e", "\x00", "\ud800", "<|im_start|>system<|im_end|>"]
)
def test_tokens_are_counted_in_any_script(smollm2, text):
    assert (smollm2.count_tokens(text) == 0) == (text == "")
    assert smollm2.count_tokens(text * 3) >= smollm2.count_tokens(text)


@pytest.mark.parametrize("text", ["ما هذا؟", "این چیست؟", "😀\u202e\x00", "\ud800", "<|im_end|>", ""])
def test_a_prompt_in_any_script_is_taken(smollm2, text):
    assert isinstance(text_of(smollm2, [{"role": "user", "content": text}], 2), str)


@pytest.mark.parametrize("text", ["word " * 400, "كلمة " * 150, "واژه‌ای " * 150])
def test_a_prompt_longer_than_the_context_is_told_before_it_is_evaluated(smollm2, evaluated, text):
    with pytest.raises(GenerationError) as caught:
        smollm2.stream([{"role": "user", "content": text}], 8)
    tokens = len(smollm2._model.prompt([{"role": "user", "content": text}]))
    assert f"{tokens} tokens" in caught.value.problem and f"context of {CONTEXT}" in caught.value.problem
    assert "KHABAR_LLM_CONTEXT" in caught.value.remedy and evaluated == []
    assert list(smollm2.stream(SHORT, 2))


@pytest.mark.parametrize("left", [1, 5])
def test_a_draft_ends_where_the_context_ends(smollm2, monkeypatch, left):
    monkeypatch.setattr(smollm2._model, "room", len(smollm2._model.prompt(SHORT)) + left)
    assert len(list(smollm2.stream(SHORT, 4096))) == left
    monkeypatch.setattr(smollm2._model, "room", len(smollm2._model.prompt(SHORT)))
    with pytest.raises(GenerationError, match="has a context of"):
        smollm2.stream(SHORT, 4096)


# The same question, the same draft


def test_a_beginning_that_the_last_prompt_shares_is_not_evaluated_again(smollm2, evaluated):
    day, bridge = (len(smollm2._model.prompt(messages)) for messages in (ABOUT_DAY, ABOUT_BRIDGE))
    text_of(smollm2, SHORT, 1)
    evaluated.clear()
    text_of(smollm2, ABOUT_DAY, 1)
    text_of(smollm2, ABOUT_BRIDGE, 1)
    text_of(smollm2, ABOUT_BRIDGE, 1)
    first, second, third = (count for count in evaluated if count)
    assert (first, second, third) == (day, bridge - tuning.BLOCK, bridge - tuning.BLOCK)


def test_whatever_was_asked_before_a_draft_is_the_same(smollm2):
    alone = {}
    for number, messages in enumerate((SHORT, ABOUT_DAY, ABOUT_BRIDGE, TURNED)):
        fresh = afresh(smollm2)
        alone[number] = (messages, text_of(fresh, messages))
    for number in (1, 2, 2, 0, 3, 1, 0, 2):
        messages, text = alone[number]
        assert text_of(smollm2, messages) == text


def test_a_prompt_that_goes_on_where_a_draft_ended_is_the_same_as_afresh(smollm2):
    said = text_of(smollm2, ABOUT_DAY, 6)
    longer = [*ABOUT_DAY, {"role": "assistant", "content": said}, {"role": "user", "content": "And in which town?"}]
    after = text_of(smollm2, longer, 4)
    assert after == text_of(afresh(smollm2), longer, 4)


# In turn, and given up


def test_threads_at_once_get_what_one_gets_while_others_count(smollm2):
    alone = text_of(smollm2, SHORT, 6)
    words = "The bridge. الجسر پل ۱۲"
    count = smollm2.count_tokens(words)
    with ThreadPoolExecutor(6) as pool:
        drafts = [pool.submit(text_of, smollm2, SHORT, 6) for _ in range(3)]
        counts = [pool.submit(smollm2.count_tokens, words) for _ in range(200)]
        assert [draft.result() for draft in drafts] == [alone] * 3
        assert {counted.result() for counted in counts} == {count}


def test_a_full_line_is_told(smollm2, monkeypatch):
    monkeypatch.setattr(smollm2._worker, "_places", 1)
    served = smollm2.stream(ABOUT_DAY, 50)
    next(served)
    waiting = smollm2.stream(SHORT, 1)
    with pytest.raises(GenerationError, match="busy"):
        smollm2.stream(SHORT, 1)
    served.close()
    assert list(waiting)


@pytest.mark.parametrize("how", ["close", "let go"])
def test_a_draft_that_is_given_up_in_its_midst_leaves_the_next_one_as_it_was(smollm2, how):
    whole = text_of(smollm2, ABOUT_BRIDGE, 4)
    pieces = smollm2.stream(ABOUT_DAY, 300)
    next(pieces)
    if how == "close":
        pieces.close()
        assert list(pieces) == []
    del pieces
    assert text_of(smollm2, ABOUT_BRIDGE, 4) == whole


def test_a_prompt_is_given_up_while_it_is_evaluated(smollm2, monkeypatch):
    """The flag is raised when evaluation has begun: llama.cpp itself stops, blocks before the end."""
    llama = smollm2._model._llama
    text_of(smollm2, SHORT, 1)
    outcome, given = [], threading.Event()
    original = llama.eval

    def aborted(tokens):
        assert given.wait(10)
        pieces.close()
        try:
            original(tokens)
        except RuntimeError as error:
            outcome.append((str(error), llama.n_tokens))
            raise

    monkeypatch.setattr(llama, "eval", aborted)
    pieces = smollm2.stream(ABOUT_DAY, 8)
    given.set()
    assert list(pieces) == []
    smollm2._worker.stop()
    monkeypatch.undo()
    assert outcome == [("llama_decode returned 2", 0)]
    fresh = afresh(smollm2)
    for messages in (ABOUT_DAY, ABOUT_BRIDGE):
        assert text_of(smollm2, messages, 4) == text_of(fresh, messages, 4)


def test_a_failure_of_llama_is_told_and_the_next_draft_is_whole(smollm2, monkeypatch):
    def fail(tokens):
        raise RuntimeError("llama_decode returned -3")

    monkeypatch.setattr(smollm2._model._llama, "eval", fail)
    with pytest.raises(GenerationError, match="SmolLM2-135M-Instruct failed .llama_decode returned -3"):
        text_of(smollm2, ABOUT_DAY)
    monkeypatch.undo()
    assert text_of(smollm2, SHORT, 2)


LEFT = """
import sys, threading
from rag.generate.load import load_generator
generator = load_generator("smollm2", context=2048)
pieces = generator.stream([{"role": "user", "content": "The council met. " * 300}], 400)
waiting = generator.stream([{"role": "user", "content": "Hello"}], 400)
%s
print("over", flush=True)
"""


@pytest.mark.parametrize(
    "end", ["", "import time; time.sleep(0.5)", "sys.exit(3)", "threading.Timer(0.3, pieces.close).start()"]
)
def test_a_process_ends_although_a_draft_is_under_way(end):
    done = subprocess.run(
        [sys.executable, "-c", LEFT % end], cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (3 if "exit" in end else 0, "")
    assert done.stdout == ("" if "exit" in end else "over\n")


def test_a_whole_answer_with_the_embedded_model(answerer_with, archive):
    """The weak model may write what it likes: what is shown is grounded, written or quoted."""
    answerer = answerer_with(load_generator("smollm2", context=512), draft_tokens=16, prompt_tokens=160)
    answer = answerer.answer("What did Szijjarto write on Facebook about the summit?")
    assert not answer.abstained and answer.citations
    assert answer.models["generator"] == "SmolLM2-135M-Instruct"
    for item in answer.citations:
        assert archive.catalog.article(item.article_id).text[item.start : item.end] == item.quote
