"""The page of an article that stands nowhere on the web."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.types import LANGUAGES, Article
from tests.ui.html_reader import ATTACK, Page
from tests.ui.staged import HOURS
from ui.page.articles import add_article_page, original_html, text_html

TEXTS = {"ar": "قال إنّ القمة لن تعقد.", "fa": "او گفت که دیدار لغو می‌شود.", "en": "He said that the summit is off."}


def client(*articles: Article) -> TestClient:
    api = FastAPI()
    add_article_page(api, SimpleNamespace(article={item.article_id: item for item in articles}.get))  # type: ignore[arg-type]
    return TestClient(api)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_is_shown_whole_in_its_direction_and_nothing_of_it_runs(language):
    name = "news/خبر – «قمة» #1 ١٢٪.txt"
    text = f"{TEXTS[language]}\n{ATTACK}\n{TEXTS[language]}"
    item = Article("a1", name, ATTACK, "النورس", date(2025, 10, 21), language, None, text)
    page = client(item).get("/article/a1")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert f'lang="{language}" dir="{"ltr" if language == "en" else "rtl"}"' in page.text
    assert page.text.count(TEXTS[language]) == 2 and "خبر – «قمة» #1 ١٢٪.txt" in page.text
    assert "<script>" not in page.text and "<img" not in page.text


def test_a_headline_that_stands_over_its_text_is_shown_once():
    item = Article("a", "a.txt", "قتل 12 في حريق", None, None, "ar", None, "قتل 12 في حريق\nوصل رجال الإطفاء بعد ساعة.")
    assert client(item).get("/article/a").text.count("قتل 12 في حريق") == 2, "in the head and in the body"


def test_an_article_that_is_not_there_is_404():
    assert client().get("/article/a%2F1<b>").status_code == 404 == client().get("/article/none").status_code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "ftp://a.example"])
def test_only_an_article_on_the_web_has_a_link_to_the_original(language, url):
    assert original_html(replace(HOURS[language], url=url), language) == ""
    assert f'href="{HOURS[language].url}"' in original_html(HOURS[language], language)


# The quote in it


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_quote_is_marked_in_every_paragraph_that_it_stands_in(language):
    text = f"Title\n{TEXTS[language]}\n\n{TEXTS[language]}\nend"
    item = Article("a", "a.txt", "Title", None, None, language, None, text)
    start = len("Title\n") + 3
    end = start + len(TEXTS[language]) + 5
    page = Page(text_html(item, (start, end)))
    assert page.texts("mark", "quoted") == [TEXTS[language][3:], TEXTS[language][: end - start - len(TEXTS[language][3:]) - 2]]
    assert [found["id"] for _, found in page.tags if "id" in found] == ["quoted"], "a link leads to where it begins"
    assert page.texts("p") == [TEXTS[language], TEXTS[language], "end"]


def test_a_headline_is_shown_where_the_quote_is_of_it():
    item = Article("a", "a.txt", "قتل 12 في حريق", None, None, "ar", None, "قتل 12 في حريق\nوصل رجال الإطفاء.")
    assert Page(text_html(item, (4, 6))).texts("mark", "quoted") == ["12"]
    assert Page(text_html(item, (15, 18))).texts("p") == ["وصل رجال الإطفاء."]


@pytest.mark.parametrize("span", [(0, 0), (-5, -1), (9, 3), (10**9, 10**9 + 4)])
def test_places_outside_the_text_mark_nothing(span):
    item = Article("a", "a.txt", "T", None, None, "fa", None, "او گفت.\nدیدار لغو شد.")
    assert "<mark" not in text_html(item, span) and "دیدار لغو شد." in text_html(item, span)
