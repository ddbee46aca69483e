"""The SDK's own client uses the tools, over standard input and output and over HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from mcp import Client, StdioServerParameters, stdio_client

from index.types import KhabarError
from rag.api.mcp.door import add_mcp
from rag.api.mcp.server import archive_server
from rag.archive import Archive
from rag.desk import open_desk
from rag.entities.extraction import GlossaryNames
from rag.entities.lookup import Entities
from rag.server.caller import Caller
from rag.settings import Settings
from rag.text.glossary import load_glossary
from tests.rag.api.guard import Guard
from tests.rag.scripted import archive_of
from tests.serving import serving

ROOT = Path(__file__).parents[4]
ASKED = {
    "ar": "متى كان الوزيران روبيو ولافروف يعتزمان الاجتماع في بودابست؟",
    "fa": "رادوسلاو سیکورسکی درباره هواپیمای پوتین چه هشداری داد؟",
    "en": "What did Szijjarto write on Facebook about the summit?",
}
UNTOLD = {"ar": "ما مكونات طبق الكشري؟", "fa": "دستور پخت قورمه‌سبزی چیست؟", "en": "How do I bake sourdough?"}


@pytest.fixture(scope="module")
def desk(archive: Archive):
    opened = open_desk(archive, Settings(data=archive.catalog.file.parent, llm="none", embedder="none", reader="none"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(desk):
    application = FastAPI()
    add_mcp(application, desk)
    with serving(application) as found:
        yield f"{found}/mcp"


def use(target, name, arguments, mode="auto"):
    """Return what a tool comes to."""

    async def call():
        async with Client(target, mode=mode) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(call())


def told(result):
    return "\n".join(part.text for part in result.content)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_say_what_they_take_and_give(address, mode):
    async def list_tools():
        async with Client(address, mode=mode) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(list_tools())}
    assert set(tools) == {"ask", "search_articles", "read_article", "list_entities"}
    for tool in tools.values():
        assert tool.description and tool.title and tool.annotations.read_only_hint and not tool.annotations.open_world_hint
        assert "context" not in tool.input_schema["properties"] and tool.output_schema["type"] == "object"
    assert tools["ask"].input_schema["required"] == ["question"]
    assert all("description" in field for tool in tools.values() for field in tool.input_schema["properties"].values())
    assert {"answer", "abstained", "citations", "direct"} <= set(tools["ask"].output_schema["properties"])


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("language", ASKED)
def test_a_question_is_answered_with_its_sources(address, language, mode):
    result = use(address, "ask", {"question": ASKED[language]}, mode)
    answer = result.structured_content
    assert not result.is_error and not answer["abstained"] and answer["language"] == language
    for item in answer["citations"]:
        assert item["quote"] in told(result) and f"[{item['number']}]" in told(result)


@pytest.mark.parametrize("language", UNTOLD)
def test_an_abstention_is_no_error(address, language):
    result = use(address, "ask", {"question": UNTOLD[language]})
    assert not result.is_error and result.structured_content["abstained"] and told(result).strip()


def test_a_question_of_a_conversation_and_of_some_articles(address):
    before = "آیا سیکورسکی درباره هواپیمای پوتین سخن گفت؟"
    asked = {"question": "و چه هشداری داد؟", "history": [before], "languages": ["fa"], "since": "۱۴۰۴/۰۷/۲۹"}
    answer = use(address, "ask", asked).structured_content
    assert not answer["abstained"] and {item["language"] for item in answer["citations"]} == {"fa"}


def test_a_passage_can_be_read_on_in_its_article(address):
    found = use(address, "search_articles", {"query": "هواپیمای پوتین", "top_k": 3}).structured_content["passages"]
    assert [passage["rank"] for passage in found] == [1, 2, 3]
    first = found[0]
    whole = use(address, "read_article", {"article_id": first["article_id"]}).structured_content
    assert whole["text"][first["start"] : first["end"]] == first["text"] and whole["characters"] == len(whole["text"])
    piece = use(address, "read_article", {"article_id": first["article_id"], "start": 10, "most": 7}).structured_content
    assert (piece["text"], piece["start"], piece["end"]) == (whole["text"][10:17], 10, 17)
    beyond = use(address, "read_article", {"article_id": first["article_id"], "start": 10**9}).structured_content
    assert beyond["text"] == "" and beyond["start"] == beyond["end"] == whole["characters"]


ROWS = [
    {"id": "r1", "text": "وصل الرئيس الروسي فلاديمير بوتين إلى موسكو والتقى ستيف ويتكوف.", "published": "2025-10-21"},
    {"id": "r2", "text": "ولادیمیر پوتین رئیس‌جمهور روسیه در مسکو با ویتکاف دیدار کرد.", "published": "2025-10-22"},
    {"id": "r3", "text": "President Vladimir Putin spoke to Donald Trump from Moscow.", "published": "2025-10-23"},
]


def test_names_are_found_in_any_script(desk, tmp_path):
    archive = archive_of(tmp_path, ROWS, GlossaryNames(load_glossary()))
    application = FastAPI()
    add_mcp(application, replace(desk, archive=archive, entities=Entities(archive.catalog, desk.glossary)))
    with serving(application) as found, closing(archive.catalog):
        address = f"{found}/mcp"
        every = use(address, "list_entities", {"kind": "person", "limit": 2}).structured_content["entities"]
        assert len(every) == 2 and {each["kind"] for each in every} == {"person"} and every[0]["articles"] == 3
        for name in ("بوتين", "پوتین", "Putin"):
            (found,) = use(address, "list_entities", {"name": name}).structured_content["entities"]
            assert (found["first"], found["last"], len(found["article_ids"])) == ("2025-10-21", "2025-10-23", 3)
            assert any("پوتین" in spelling for spelling in found["spellings"])
        assert use(address, "list_entities", {"name": "ققنوس‌پیشه"}).structured_content["entities"] == []


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("ask", {"question": "  "}, "the question is empty"),
        ("ask", {"question": "متى " * 700}, "more than the"),
        ("ask", {"question": "متى؟", "outlets": ["الرواقق"]}, "الرواق"),
        ("ask", {"question": "متى؟", "since": "دیروز بود"}, "is not a date"),
        ("ask", {"question": 7}, "question"),
        ("ask", {}, "question"),
        ("ask", {"question": "متى؟", "languages": ["fr"]}, "languages"),
        ("search_articles", {"query": "x", "top_k": 1_000_000}, "top_k"),
        ("read_article", {"article_id": "../../etc/passwd"}, "there is no article"),
        ("read_article", {"article_id": "a\0b"}, "there is no article"),
        ("read_article", {"article_id": "x" * 10_000}, "article_id"),
        ("list_entities", {"kind": "animal"}, "kind"),
    ],
)
def test_what_cannot_be_done_is_told(address, name, arguments, says):
    result = use(address, name, arguments)
    assert result.is_error and says in told(result)
    assert "Traceback" not in told(result) and str(ROOT) not in told(result)


def test_an_unknown_tool(address):
    async def call():
        async with Client(address) as client:
            with pytest.raises(Exception, match="delete_article"):
                result = await client.call_tool("delete_article", {})
                raise AssertionError(told(result)) if result.is_error else ValueError("it was called")

    asyncio.run(call())


class Failing:
    async def answer(self, asked, asker):
        raise KhabarError(f"'{ROOT}/secret.sqlite' is damaged", "run khabar index")


def test_no_place_of_the_machine_is_told(desk):
    application = FastAPI()
    add_mcp(application, replace(desk, answering=Failing()))
    with serving(application) as found:
        result = use(f"{found}/mcp", "ask", {"question": "متى؟"})
    assert result.is_error and "run khabar index" in told(result) and str(ROOT) not in told(result)


def test_who_calls_is_who_asks_and_needs_the_scope(desk):
    asked = []

    class Answering:
        async def answer(self, question, asker):
            asked.append(asker)
            return await desk.answering.answer(question, asker)

    application = FastAPI()
    add_mcp(application, replace(desk, answering=Answering()))
    with ExitStack() as opened:
        reader = opened.enter_context(serving(Guard(application, Caller("key:1", frozenset({"read"})))))
        assert not use(f"{reader}/mcp", "ask", {"question": ASKED["ar"]}).is_error and asked == ["key:1"]
    with serving(Guard(application, Caller("key:2", frozenset({"write"})))) as writer:
        refused = httpx.post(f"{writer}/mcp", json={})
        assert refused.status_code == 403 and refused.json()["code"] == "not-allowed"


def test_who_goes_away_is_not_answered(desk):
    given_up = []

    class Answering:
        async def answer(self, question, asker):
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                given_up.append(asker)
                raise

    application = FastAPI()
    add_mcp(application, replace(desk, answering=Answering()))
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": "متى؟"}}}
    with serving(application) as found:
        use(f"{found}/mcp", "read_article", {"article_id": ""})  # what opens the door takes a moment
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{found}/mcp", json=call, headers={"accept": "application/json, text/event-stream"}, timeout=0.5)
        waited = time.monotonic() + 5
        while not given_up and time.monotonic() < waited:
            time.sleep(0.02)
    assert given_up == ["local"]


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_only_messages_are_taken(address, method):
    refused = httpx.request(method, address)
    assert refused.status_code == 405 and refused.headers["allow"] == "POST" and refused.json()["code"] == "wrong-method"


@pytest.mark.parametrize("path", ["/", "/sse", "/خبر"])
def test_nothing_lies_below_it(address, path):
    refused = httpx.post(f"{address}{path}", json={})
    assert refused.status_code == 404 and refused.json()["code"] == "no-address"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{", {}), (b"[]", {}), (b"\xff", {}), (b"[" * 100_000, {}), (b"{}", {"content-type": "text/plain"}),
        (b'{"jsonrpc": "2.0"}', {}), (b"x" * 1_100_000, {}), (b'{"jsonrpc": "2.0", "id": 1, "method": "no/such"}', {}),
    ],
)  # fmt: skip
def test_what_is_no_message(address, body, headers):
    accepted = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
    response = httpx.post(address, content=body, headers=accepted | headers)
    assert response.status_code < 500 and "Traceback" not in response.text and str(ROOT) not in response.text
    assert response.status_code >= 400 or "error" in response.text


def test_how_a_process_logs_is_left_alone(desk):
    before = logging.getLogger().handlers[:], logging.getLogger().level
    archive_server(desk.archive, desk.answering, desk.entities)
    assert (logging.getLogger().handlers, logging.getLogger().level) == before


def test_without_the_extra_the_door_says_how_to_get_it(desk, monkeypatch):
    monkeypatch.setattr("rag.api.mcp.door.is_installed", lambda: False)
    application = FastAPI()
    add_mcp(application, desk)
    with serving(application) as found:
        refused = httpx.post(f"{found}/mcp", json={})
    assert refused.status_code == 501 and "khabar[mcp]" in refused.json()["remedy"]


def test_standard_input_and_output(data):
    flags = ["mcp", "--data", str(data), "--embedder", "none", "--reader", "none", "--llm", "none"]
    started = StdioServerParameters(command=sys.executable, args=["-c", "from ui.cli import main; main()", *flags], cwd=ROOT)

    async def talk():
        async with Client(stdio_client(started)) as client:
            tools = (await client.list_tools()).tools
            answers = [await client.call_tool("ask", {"question": question}) for question in ASKED.values()]
            return tools, answers

    tools, answers = asyncio.run(talk())
    assert len(tools) == 4
    for answer, (language, question) in zip(answers, ASKED.items(), strict=True):
        content = answer.structured_content
        assert (content["question"], content["language"], content["abstained"]) == (question, language, False)
        assert json.dumps(content) and content["citations"][0]["quote"] in told(answer)


def test_the_command_without_the_extra(data, monkeypatch):
    from click.testing import CliRunner

    from ui.cli import main

    monkeypatch.setattr("rag.api.mcp.server.find_spec", lambda name: None)
    done = CliRunner().invoke(main, ["mcp", "--data", str(data)])
    assert done.exit_code == 1 and "pip install 'khabar[mcp]'" in done.output
