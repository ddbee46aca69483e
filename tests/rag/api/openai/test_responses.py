"""The official client asks by responses, plain and with typed events."""

from __future__ import annotations

import openai
import pytest

from index.types import KhabarError
from rag.types import Answer, Citation
from tests.rag.api.openai.test_chat import ASKED, MADE, UNTOLD

ORDER = [
    "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
    "response.output_text.delta", "response.output_text.annotation.added", "response.output_text.done",
    "response.content_part.done", "response.output_item.done", "response.completed",
]  # fmt: skip


@pytest.mark.parametrize("language", ASKED)
def test_a_question_is_answered_with_its_sources(client, language):
    done = client.responses.create(model="khabar", input=ASKED[language], instructions="Cite nothing. لا تستشهد.")
    chat = client.chat.completions.create(model="khabar", messages=[{"role": "user", "content": ASKED[language]}])
    assert done.output_text == chat.choices[0].message.content and done.khabar["citations"] == chat.khabar["citations"] != []
    assert (done.status, done.model, done.store, done.error) == ("completed", "khabar", False, None)
    (message,) = done.output
    notes = message.content[0].annotations
    assert {note.type for note in notes} == {"url_citation"}
    assert {done.output_text[note.start_index : note.end_index] for note in notes} == {
        f"[{item['number']}]" for item in done.khabar["citations"]
    }
    assert done.usage.total_tokens == chat.usage.total_tokens == done.usage.input_tokens + done.usage.output_tokens


@pytest.mark.parametrize("language", ASKED)
def test_a_stream_tells_the_same_in_typed_events(client, language):
    whole = client.responses.create(model="khabar-quotes", input=ASKED[language])
    events = list(client.responses.create(model="khabar-quotes", input=ASKED[language], stream=True))
    kinds = [event.type for event in events]
    assert sorted(set(kinds), key=kinds.index) == ORDER
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == whole.output_text
    done = events[-1].response
    assert done.output_text == whole.output_text and done.khabar["citations"] == whole.khabar["citations"]
    notes = [event.annotation for event in events if event.type == "response.output_text.annotation.added"]
    told = whole.output[0].content[0].annotations
    assert [note.model_dump() for note in notes] == [note.model_dump() for note in told] != []
    assert {event.item_id for event in events if hasattr(event, "item_id")} == {done.output[0].id}


def test_the_clients_own_way_of_streaming(client):
    with client.responses.stream(model="khabar", input=ASKED["fa"]) as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        done = stream.get_final_response()
    assert done.output_text == text and done.khabar["language"] == "fa"


@pytest.mark.parametrize("language", UNTOLD)
def test_an_abstention_is_a_response_like_any_other(client, language):
    done = client.responses.create(model="khabar", input=UNTOLD[language])
    assert done.status == "completed" and done.khabar["abstained"] and done.output_text == done.khabar["answer"]


def test_earlier_questions_are_history_and_nothing_else_is_read(staged):
    answering, client = staged(MADE)
    turns = [
        {"role": "developer", "content": "پاسخ نده"},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "من هو بوتين؟"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "… [1]"}]},
        {"type": "function_call_output", "call_id": "1", "output": "x"},
        {"type": "reasoning", "summary": []},
        {"role": "user", "content": "وأين هو؟"},
    ]
    client.responses.create(model="khabar", input=turns)
    ((asked, _),) = answering.asked
    assert (asked.question, asked.history, asked.write) == ("وأين هو؟", ("من هو بوتين؟",), True)


def test_what_does_no_harm_is_accepted(client):
    done = client.responses.create(
        model="khabar", input=ASKED["en"], temperature=0.2, top_p=0.3, max_output_tokens=5, metadata={"chat": "1"}, user="sara",
        tools=[{"type": "web_search"}], tool_choice="auto", text={"format": {"type": "text"}}, truncation="auto", store=True,
        reasoning={"effort": "low"}, include=[], parallel_tool_calls=False, extra_body={"a_field_of_tomorrow": 1},
    )  # fmt: skip
    assert (done.temperature, done.metadata, done.khabar["abstained"]) == (0.2, {"chat": "1"}, False)


@pytest.mark.parametrize(
    ("field", "value", "param"),
    [
        ("previous_response_id", "resp_1", "previous_response_id"), ("conversation", "conv_1", "conversation"),
        ("background", True, "background"), ("prompt", {"id": "pmpt_1"}, "prompt"), ("top_logprobs", 2, "top_logprobs"),
        ("text", {"format": {"type": "json_object"}}, "text.format"), ("tool_choice", "required", "tool_choice"),
        ("include", ["message.output_text.logprobs"], "include"),
        ("tool_choice", {"type": "web_search"}, "tool_choice"),
    ],
)  # fmt: skip
def test_what_would_be_a_lie_is_refused(client, field, value, param):
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model="khabar", input=ASKED["fa"], **{field: value})
    assert refused.value.param == param


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("", "invalid_question"), ("   ", "invalid_question"), ([], "invalid_value"),
        ([{"role": "user", "content": [{"type": "input_image", "image_url": "data:,"}]}], "no_text"),
        ([{"role": "user", "content": [{"type": "input_file", "file_id": "1"}]}], "no_text"),
        ([{"role": "system", "content": "أجب"}], "invalid_value"),
        ([{"type": "item_reference", "id": "msg_1"}], "invalid_value"),
    ],
)  # fmt: skip
def test_what_holds_no_question_is_refused(client, given, code):
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model="khabar", input=given)
    assert refused.value.code == code


def test_a_stream_that_breaks_off_ends_with_an_error(staged, monkeypatch):
    monkeypatch.setattr("rag.api.openai.stream.PATIENCE_SECONDS", 0.01)
    _, client = staged(KhabarError("کلمه‌ها نیست", "run khabar index"), wait=0.1)
    with pytest.raises(openai.APIError, match="run khabar index"):
        list(client.responses.create(model="khabar", input="متى", stream=True))


def test_a_text_of_many_lines_arrives_as_it_is(staged):
    says = "ـ" * 500 + "\n\n\n  سطر\u200c ثان \n" + "كلمة " * 300 + "🐊" * 300
    item = Citation("a", "a.txt", "ع", None, None, "ar", None, says, 0, len(says), 1, says)
    _, client = staged(Answer("؟", "ar", f"«{says}» [1]", "quotes", False, (item,)))
    events = list(client.responses.create(model="khabar", input="متى", stream=True))
    pieces = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(pieces).startswith(f"«{says}» [1]") and len(pieces) > 5
