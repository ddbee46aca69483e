"""What is taken along, and what is said of answers, through the page's endpoints."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from io import BytesIO
from urllib.parse import unquote

import httpx
import pytest
from docx import Document

from index.types import LANGUAGES
from rag.conversation.feedback import VERDICTS, Feedback
from rag.filter import FilterInput
from rag.phrases import phrases
from tests.ui import staged
from tests.ui.html_reader import ATTACK, TAGS, Page
from ui.page.tools import copy_quote_html, named_source, tools_html

MINE, OTHERS = ({"X-Khabar": "page", "X-Khabar-Visitor": letter * 40, "X-Khabar-Language": "ar"} for letter in "ab")
TALK = "conversation-of-sharing"
FORMS = ("markdown", "html", "docx", "csl", "bibtex", "ris")


@pytest.fixture(scope="module")
def client(browser, address):
    with httpx.Client(base_url=address, timeout=60) as found:
        # Each request tells by itself who asks.
        found.event_hooks = {"request": [lambda request: request.headers.pop("cookie", "")]}
        yield found


@pytest.fixture(scope="module")
def talk(desk):
    """A conversation of two answered questions and one that was stopped."""
    visitor = hashlib.sha256(b"a" * 40).hexdigest()
    answers = {
        "turn-one-of-sharing": staged.rendered("ar"), "turn-two-of-sharing": staged.differing("fa"), "turn-three-of-talk": None,
    }  # fmt: skip
    for turn_id, answer in answers.items():
        question = answer.question if answer else "?"
        turn = desk.store.add(visitor, TALK, turn_id, question, FilterInput())
        desk.store.put(TALK, replace(turn, state="over" if answer else "stopped", answer=answer, within=staged.WITHIN))
    return f"/page/conversations/{TALK}"


def name_of(reply):
    return unquote(reply.headers["Content-Disposition"].partition("filename*=UTF-8''")[2])


@pytest.mark.parametrize("form", FORMS)
def test_a_conversation_and_a_turn_are_taken_along(client, talk, form):
    whole = client.get(f"{talk}/export?as={form}", headers=MINE)
    one = client.get(f"{talk}/turns/turn-one-of-sharing/export?as={form}", headers=MINE)
    assert whole.status_code == one.status_code == 200 and len(whole.content) > len(one.content)
    assert name_of(one).startswith("كم ساعة استمر اللقاء.") and whole.headers["Content-Disposition"].startswith("attachment;")
    if form == "docx":
        texts = [paragraph.text for paragraph in Document(BytesIO(whole.content)).paragraphs]
        assert staged.rendered("ar").question in texts and staged.differing("fa").question in texts
    elif form == "csl":
        assert len(json.loads(whole.content)) > len(json.loads(one.content)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_copied_names_its_source(client, desk, talk, language):
    copied = client.get(f"{talk}/turns/turn-two-of-sharing/copy?quote=1", headers=MINE).json()
    item = staged.HOURS["ar"]
    assert set(copied) == {"rich", "plain", "markdown"}
    for text in copied.values():
        assert item.quote in text and item.outlet in text and item.url in text and "۱۴۰۳" in text
    answer = client.get(f"{talk}/turns/turn-two-of-sharing/copy", headers=MINE).json()
    assert all(staged.HOURS[each].quote in answer["plain"] for each in LANGUAGES)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/export?as=pdf", 422),
        ("/export", 422),
        ("/turns/turn-three-of-talk/export?as=docx", 409),
        ("/turns/turn-three-of-talk/copy", 409),
        ("/turns/turn-one-of-sharing/copy?quote=9", 409),
        ("/turns/turn-one-of-sharing/copy?quote=x", 422),
        ("/turns/turn-of-nobody-at-all/copy", 404),
        ("/turns/%2e%2e%2fetc/export?as=docx", 404),
    ],
)
def test_what_cannot_be_taken_along_is_told(client, talk, path, status):
    reply = client.get(talk + path, headers=MINE)
    assert reply.status_code == status and not reply.headers.get("Content-Disposition")


@pytest.mark.parametrize("path", ["/export?as=docx", "/turns/turn-one-of-sharing/copy", "/judgements"])
def test_nobody_takes_along_what_another_asked(client, talk, path):
    assert client.get(talk + path, headers=OTHERS).status_code == 404
    assert client.get(talk + path, headers={}).status_code == 401


# Judging


@pytest.fixture
def judgement(client, talk):
    address = f"{talk}/turns/turn-one-of-sharing/judgement"
    yield address
    client.delete(address, headers=MINE)


def test_a_judgement_is_kept_changed_and_taken_back(client, desk, talk, judgement):
    feedback = Feedback(desk.store.connection)
    for verdict in VERDICTS:
        assert client.put(judgement, json={"verdict": verdict, "note": "لأن…"}, headers=MINE).status_code == 204
        assert client.get(f"{talk}/judgements", headers=MINE).json() == {
            "judgements": {"turn-one-of-sharing": {"verdict": verdict, "note": "لأن…"}}
        }
    (kept,) = feedback.all()
    assert (kept.verdict, kept.page_language, kept.within, kept.history) == ("wrong_source", "ar", staged.WITHIN, ())
    assert kept.answer == staged.rendered("ar") and kept.khabar and kept.revision == desk.archive.catalog.revision
    assert client.delete(judgement, headers=MINE).status_code == 204
    assert client.get(f"{talk}/judgements", headers=MINE).json() == {"judgements": {}} and feedback.all() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"verdict": "maybe"}, 422),
        ({"verdict": "right", "note": "x" * 2001}, 422),
        ({"note": "x"}, 422),
        ({"verdict": "right", "note": ATTACK}, 204),
    ],
)
def test_what_is_no_judgement_is_refused(client, judgement, body, status):
    assert client.put(judgement, json=body, headers=MINE).status_code == status


def test_only_the_page_of_who_asked_judges(client, talk, judgement):
    body = {"verdict": "right"}
    without = {name: value for name, value in MINE.items() if name != "X-Khabar"}
    assert client.put(judgement, json=body, headers=without).status_code == 403
    assert client.delete(judgement, headers=without).status_code == 403
    assert client.put(judgement, json=body, headers=OTHERS).status_code == 404
    assert client.delete(judgement, headers=OTHERS).status_code == 404
    unanswered = f"{talk}/turns/turn-three-of-talk/judgement"
    assert client.put(unanswered, json=body, headers=MINE).status_code == 409


# The row of tools


def test_the_tools_of_an_answer_are_its_judgements_and_whether_it_has_sources():
    page = Page(tools_html(staged.merged("ar")))
    assert [found["data-verdict"] for _, found in page.tags if "data-verdict" in found] == list(VERDICTS)
    for answer, cited in ((staged.merged("ar"), "true"), (staged.untold("fa"), "false")):
        assert [found["data-cited"] for _, found in Page(tools_html(answer)).tags if "data-cited" in found] == [cited]


def test_every_button_has_a_name_in_each_language():
    for html in (tools_html(staged.merged("ar")), copy_quote_html(1)):
        page = Page(html)
        assert {tag for tag, _ in page.tags} <= TAGS
        buttons = [tag for tag, _ in page.tags if tag == "button"]
        assert len(buttons) == len([text for text in page.texts("button") if text.strip()])


def test_what_an_article_holds_is_text_in_the_attributes_too():
    item = replace(staged.HOURS["en"], title=ATTACK, outlet=ATTACK, url=f"https://x.example/{ATTACK}")
    ((_, found),) = Page(f"<p {named_source(item, 'en')}></p>").tags
    assert set(found) == {"data-cite", "data-cite-language", "data-link"} and ATTACK in found["data-cite"]
    bare = Page(f"<p {named_source(replace(item, url='javascript:alert(1)'), 'en')}></p>")
    assert "data-link" not in bare.tags[0][1]


def test_each_form_and_verdict_has_its_text():
    assert all(f"page_export.{form}" in phrases() for form in FORMS) and all(f"judge.{each}" in phrases() for each in VERDICTS)
