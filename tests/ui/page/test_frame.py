"""What stands around a conversation, in the three languages of the page."""

from __future__ import annotations

import pytest

from index.embedding import Embedded
from index.types import LANGUAGES
from rag.phrases import phrase
from tests.ui.html_reader import ATTACK, TAGS, Page
from ui.page.frame import shell_html, status_html, welcome_html
from ui.page.menu import early_head
from ui.page.models import Answering


@pytest.mark.parametrize(
    "content",
    [
        welcome_html([ATTACK]),
        status_html({"articles": 1, "chunks": 2}, Answering({"embedder": ATTACK, "generator": ATTACK}), Embedded(1, 2)),
    ],
)
def test_no_text_becomes_markup(content):
    page = Page(content)
    assert {tag for tag, _ in page.tags} <= TAGS | {"code"} and ATTACK in page.text
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_of_the_page_is_there_in_each_language(language):
    assert phrase("tagline", language) in Page(shell_html(2000)).text


def test_language_and_theme_are_set_before_anything_is_drawn():
    assert "<script>" in early_head() and "khabar.theme" in early_head()
