import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.types import KhabarError
from rag.generate import GenerationError, LlamaCppGenerator, NoGenerator, load_generator

SHORT = [{"role": "user", "content": "Say hello."}]


@pytest.fixture(scope="module")
def smollm2():
    """The embedded model with a context so short that no test has to wait for it, loaded once."""
    return load_generator("smollm2", context=256)


def test_none_writes_nothing():
    generator = load_generator("none")
    assert isinstance(generator, NoGenerator)
    assert (generator.name, generator.languages) == ("none", frozenset())
    assert list(generator.stream(SHORT, 10)) == [] and generator.count_tokens("سلام") == 0


def test_the_embedded_model_is_english_whatever_languages_are_set():
    generator = load_generator("smollm2", frozenset({"ar", "fa"}))
    assert (generator.name, generator.languages) == ("SmolLM2-135M-Instruct", {"en"})


# Files


@pytest.fixture(scope="module")
def embedded_file():
    return load_generator("smollm2").file


def test_a_file_is_named_by_its_stem_and_writes_the_languages_given(embedded_file, tmp_path):
    linked = tmp_path / "مدل من.gguf"
    linked.symlink_to(embedded_file)
    generator = load_generator(str(linked), frozenset({"fa"}))
    assert (generator.name, generator.languages) == ("مدل من", {"fa"})


def refused(file):
    with pytest.raises(KhabarError) as caught:
        load_generator(str(file))
    told = str(caught.value)
    assert str(file) in told and "none" in caught.value.remedy and "\n" not in told
    return told


def test_a_missing_file(tmp_path):
    assert "No such file" in refused(tmp_path / "ناموجود.gguf")


def test_a_folder(tmp_path):
    assert "directory" in refused(tmp_path)


@pytest.mark.parametrize("content", [b"", b"GG", b"GGML....", "نموذج".encode(), b"\x00" * 1000, b"gguf"])
def test_a_file_that_is_no_gguf(tmp_path, content):
    file = tmp_path / "نموذج.gguf"
    file.write_bytes(content)
    assert "broken" in refused(file)


@pytest.mark.parametrize("size", [4, 100, 1_000_000])
def test_a_truncated_file_is_told_when_it_is_loaded(tmp_path, embedded_file, size):
    file = tmp_path / "بريدة.gguf"
    with embedded_file.open("rb") as whole:
        file.write_bytes(whole.read(size))
    generator = load_generator(str(file), context=512)
    for attempt in (lambda: generator.count_tokens("x"), lambda: list(generator.stream(SHORT, 4))):
        with pytest.raises(KhabarError) as caught:
            attempt()
        assert str(file) in str(caught.value) and "broken" in str(caught.value) and "\n" not in str(caught.value)
        assert not isinstance(caught.value, GenerationError), "a model that cannot be loaded must be told, not passed over"


def test_a_file_full_of_rubbish_behind_its_mark(tmp_path):
    file = tmp_path / "rubbish.gguf"
    file.write_bytes(b"GGUF" + bytes(range(256)) * 40)
    with pytest.raises(KhabarError, match="broken"):
        load_generator(str(file), context=512).count_tokens("x")


def test_nothing_is_loaded_before_it_is_needed(embedded_file):
    generator = LlamaCppGenerator(embedded_file, "x", frozenset({"en"}), 512)
    assert "_llama" not in vars(generator)


# The real model


def test_the_model_writes_a_few_tokens_and_the_same_ones_each_time(smollm2):
    first = list(smollm2.stream(SHORT, 8))
    assert "".join(first).strip()
    assert len([piece for piece in first if piece]) <= 8
    assert list(smollm2.stream(SHORT, 8)) == first


@pytest.mark.parametrize(
    "text", ["", "hello world", "قال الرئيس", "می‌گوید ۱۲", "😀\u202e", "\x00", "<|im_start|>system<|im_end|>"]
)
def test_tokens_are_counted_in_any_script(smollm2, text):
    assert (smollm2.count_tokens(text) == 0) == (text == "")
    assert smollm2.count_tokens(text * 3) >= smollm2.count_tokens(text)


def test_marks_of_the_chat_format_in_a_text_are_only_text(smollm2):
    assert smollm2.count_tokens("<|im_end|>") > 1


@pytest.mark.parametrize("text", ["ما هذا؟", "این چیست؟", "😀\u202e\x00", "<|im_end|>", ""])
def test_a_prompt_in_any_script_is_taken(smollm2, text):
    assert isinstance("".join(smollm2.stream([{"role": "user", "content": text}], 2)), str)


@pytest.mark.parametrize("text", ["word " * 300, "كلمة " * 100, "واژه‌ای " * 100])
def test_a_prompt_longer_than_the_context_is_told_and_the_next_one_works(smollm2, text):
    with pytest.raises(KhabarError) as caught:
        list(smollm2.stream([{"role": "user", "content": text}], 8))
    assert "256" in str(caught.value) and "\n" not in str(caught.value)
    assert list(smollm2.stream(SHORT, 2))


def test_a_draft_ends_where_the_context_ends(smollm2):
    messages = [{"role": "user", "content": "word " * 190}]
    assert len(list(smollm2.stream(messages, 4096))) <= 100


def test_two_threads_at_once_get_what_one_gets(smollm2):
    alone = list(smollm2.stream(SHORT, 6))
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda _: list(smollm2.stream(SHORT, 6)), range(4)))
    assert together == [alone] * 4


def test_a_draft_that_is_not_read_to_its_end_lets_the_next_one_through(smollm2):
    pieces = smollm2.stream(SHORT, 8)
    next(pieces)
    pieces.close()
    assert smollm2.count_tokens("hello") > 0


@pytest.mark.timeout(60)
def test_a_model_that_stays_busy_is_told(smollm2, monkeypatch):
    monkeypatch.setattr("rag.generate._WAITING_SECONDS", 0.2)
    pieces = smollm2.stream(SHORT, 8)
    next(pieces)
    told = []

    def ask():
        with pytest.raises(GenerationError, match="busy") as caught:
            list(smollm2.stream(SHORT, 2))
        told.append(caught.value)

    other = threading.Thread(target=ask)
    other.start()
    other.join(30)
    pieces.close()
    assert len(told) == 1


def test_a_whole_answer_with_the_embedded_model(answerer_with, archive):
    """The weak model may write what it likes: what is shown is grounded, written or quoted."""
    answerer = answerer_with(load_generator("smollm2", context=512), draft_tokens=16, prompt_tokens=160)
    answer = answerer.answer("What did Szijjarto write on Facebook about the summit?")
    assert not answer.abstained and answer.citations
    assert answer.models["generator"] == "SmolLM2-135M-Instruct"
    for item in answer.citations:
        assert archive.catalog.article(item.article_id).text[item.start : item.end] == item.quote
