"""However a reply is cut into blocks of bytes, events and pieces, it reads the same."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.generate import tuning
from rag.generate.events import DONE, Event, read_events
from rag.generate.fault import PromptTooLong, ServerFault
from rag.generate.letters import LOST, whole_letters
from rag.generate.refusal import refusal
from rag.generate.shortening import shortened
from rag.generate.terms import estimated_tokens
from rag.generate.thoughts import Thoughts

TEXTS = st.text(alphabet=list("قال نعم می‌گوید ۱۲ ١٢ 12 <>/[]|thinkoug\n😀َ"), max_size=40)
MARKS = [("<think>", "</think>"), ("[THINK]", "[/THINK]"), ("<|channel>thought", "<channel|>")]
# Hypothesis tries the words of the code, too; a mark in an answer begins a thought.
UNMARKED = TEXTS.filter(lambda text: not re.search(r"[<\[]/?th(?:ink|inking|ought)[>\]]", text))
CUTS = st.lists(st.integers(0, 400), max_size=12)


def cut(whole, places):
    marks = [0, *sorted(min(place, len(whole)) for place in places), len(whole)]
    return [whole[start:end] for start, end in zip(marks, marks[1:], strict=False)]


@given(st.lists(TEXTS, min_size=1), st.sampled_from(["\n", "\r\n", "\r"]), CUTS)
def test_events_are_the_same_wherever_the_network_cuts(texts, end, places):
    contents = [{"choices": [{"delta": {"content": text}}]} for text in texts]
    lines = [f": ping{end}{end}data: {json.dumps(content, ensure_ascii=False)}{end}{end}" for content in contents]
    stream = ("".join(lines) + f"data: {DONE}{end}{end}").encode()
    events = list(read_events(cut(stream, places)))
    assert [event.content for event in events[:-1]] == contents and events[-1].data == DONE


def test_a_mark_of_the_encoding_at_the_beginning():
    for size in (1, 2, 3, 100):
        stream = b'\xef\xbb\xbfdata: {"a": 1}\n\n'
        blocks = [stream[at : at + size] for at in range(0, len(stream), size)]
        assert list(read_events(blocks)) == [Event("", '{"a": 1}', {"a": 1})]


def test_an_event_of_too_many_lines():
    with pytest.raises(ServerFault, match="without end"):
        list(read_events([b"data: [\n"] * (tuning.LINES_OF_AN_EVENT + 1)))


def test_an_event_of_too_long_lines():
    line = b"data: " + b"1" * (tuning.LONGEST_EVENT // 8) + b",\n"
    with pytest.raises(ServerFault, match="without end"):
        list(read_events([line] * 9))


@given(UNMARKED, UNMARKED, CUTS, st.sampled_from(MARKS))
def test_a_thought_is_taken_out_wherever_the_pieces_are_cut(thought, answer, places, marks):
    begin, end = marks
    thoughts = Thoughts()
    heard = "".join(thoughts.without(cut(f"{begin}{thought}{end}{answer}", places)))
    assert thoughts.seen and heard == answer.lstrip()


@given(UNMARKED, CUTS)
def test_a_text_without_thoughts_stays_as_it_is(text, places):
    for aloud in ("no", "perhaps", "yes"):
        thoughts = Thoughts(aloud)
        assert "".join(thoughts.without(cut(text, places))) == text.lstrip() and not thoughts.seen


@given(UNMARKED, UNMARKED, CUTS)
def test_of_a_model_that_thinks_aloud_only_what_follows_is_heard(thought, answer, places):
    thoughts = Thoughts("yes")
    assert "".join(thoughts.without(cut(f"{thought}</think>{answer}", places))) == answer.lstrip() and thoughts.aloud == "yes"


def test_of_a_model_that_thinks_aloud_a_reply_that_was_cut_is_a_thought():
    assert list(Thoughts("yes", lambda: True).without(["و من باید ", "فکر کنم"])) == []
    once = Thoughts("yes", lambda: False)
    assert list(once.without(["قال ", "نعم."])) == ["قال نعم."] and once.aloud == "perhaps"


@given(st.text(max_size=40), CUTS)
def test_letters_in_halves_are_joined(text, places):
    halves = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    pieces = ["".join(map(chr, units)) for units in cut(utf16_units(halves), places)]
    text = text.rstrip(LOST)
    if text.count(LOST) <= tuning.LOST_LETTERS:
        assert "".join(whole_letters(pieces)) == text


def utf16_units(text):
    raw = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]


def test_half_a_letter_alone_can_be_written_to_a_file():
    for pieces in (["قال \ud83d", " نعم"], ["\ude00 بله"], ["می‌گوید \ud83d"]):
        "".join(whole_letters(pieces)).encode("utf-8")


@given(st.lists(TEXTS.filter(lambda text: "\n" not in text), min_size=3, max_size=8), st.integers(0, 400))
def test_the_last_passages_are_left_out_first(blocks, room):
    messages = [{"role": "system", "content": "أجب."}, {"role": "user", "content": "\n\n".join(blocks)}]
    shorter, fits = shortened(messages, room, estimated_tokens)
    kept = shorter[-1]["content"].split("\n\n")
    assert kept[0] == blocks[0] and kept[-1] == blocks[-1] and kept[1:-1] == blocks[1 : len(kept) - 1] and len(kept) >= 3
    assert fits == (sum(estimated_tokens(message["content"]) for message in shorter) <= room)
    assert messages[-1]["content"] == "\n\n".join(blocks)


@pytest.mark.parametrize(
    ("said", "context", "prompt"),
    [
        ("request (9412 tokens) exceeds the available context size (8192 tokens), try increasing it", 8192, 9412),
        ("maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages", 16384, 112946),
        ("(n_keep: 13055>= n_ctx: 4096). Try to load the model with a larger context length", 4096, 13055),
        ("Trying to keep the first 10136 tokens when context the overflows. … context length of only 7866 tokens", 7866, 10136),
        ("the prompt is too long", None, None),
    ],
)
def test_the_numbers_in_a_refusal(said, context, prompt):
    fault = refusal(400, {"error": {"message": said}}, "نموذج")
    assert isinstance(fault, PromptTooLong) and (fault.context, fault.prompt) == (context, prompt)


JSON = st.recursive(st.none() | st.integers() | TEXTS, lambda some: st.lists(some) | st.dictionaries(TEXTS, some))


@given(st.integers(400, 599), JSON)
def test_any_refusal_is_a_fault_with_a_remedy(status, content):
    fault = refusal(status, content, "مدل")
    assert fault.problem and fault.remedy and str(status) in fault.said
