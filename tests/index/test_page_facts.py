from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.page_facts import page_facts

TITLES = {"ar": "الجسر القديم يفتح من جديد", "fa": "پل کهنه دوباره باز شد", "en": "Old bridge opens again"}


def page(head: str = "", top: str = "", after: str = "", before: str = "", title: str = TITLES["ar"]) -> str:
    body = f"<p>{'قال رئيس البلدية إن الأشغال كلفت أربعة ملايين وإن المرور عليه سيبقى للمشاة وحدهم. ' * 2}</p>"
    return (
        f"<html lang='ar'><head>{head}</head><body>{before}<article><h1>{title}</h1>{top}{body}</article>{after}</body></html>"
    )


def linked(**fields: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', **fields}, ensure_ascii=False)}</script>"


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_json_of_its_own_article_comes_first(title):
    head = linked(headline=title, datePublished="2025-10-21") + "<meta property='article:published_time' content='2025-10-29'>"
    facts = page_facts(page(head, "<time datetime='2025-10-30'>x</time>", title=title))
    assert (facts["published"], facts["dated_by"]) == ("2025-10-21", "JSON-LD")


@pytest.mark.parametrize(
    "parts",
    [
        {"head": linked(headline="افتتاح معرض الزهور", datePublished="2024-01-01")},
        {"head": linked(headline="نمایشگاه گل گشایش یافت", datePublished="2024-01-01")},
        {"head": linked(headline="A flower show opens in town", datePublished="2024-01-01")},
        {"before": "<header><time class='clock' datetime='2026-11-20'>الجمعة</time></header>"},
        {"before": "<div class='date-now'>پنجشنبه ۵ آذر ۱۴۰۵</div>"},
        {"before": "<div id='live-clock'>Friday 20 November 2026</div>"},
        {"after": "<section id='comments'><time datetime='2025-11-02'>2 نوفمبر</time></section>"},
        {"after": "<div class='related'><time datetime='2025-11-02'>۱۱ آبان</time></div>"},
        {"after": "<aside><time itemprop='datePublished' datetime='2023-01-01'>Jan 1</time></aside>"},
        {"top": "<time datetime='PT5M'>5 دقائق</time>"},
        {"top": "<p>Offer valid until <time datetime='2025-12-24'>24 December 2025</time></p>"},
        {"top": "<span>آخر تحديث: </span><time datetime='2025-12-24'>24</time>"},
        {"head": "<meta property='article:modified_time' content='2025-11-02'>"},
        {"head": "<meta property='article:expiration_time' content='2025-12-31'>"},
        {"head": linked(headline=TITLES["ar"], comment=[{"@type": "Comment", "datePublished": "2025-11-02"}])},
    ],
)
def test_what_dates_something_else_dates_no_article(parts):
    assert "published" not in page_facts(page(**parts))


@pytest.mark.parametrize(
    ("top", "published"),
    [
        ("<time datetime='2025-10-21T08:00'>اليوم</time>", "2025-10-21T08:00"),
        ("<span class='news-date'>۲۹ مهر ۱۴۰۴</span>", "۲۹ مهر ۱۴۰۴"),
        ("<div class='info'><i></i> 21 تشرين الأول 2025</div>", "21 تشرين الأول 2025"),
        ("<abbr class='published' title='2025-10-21'>21 Oct</abbr>", "2025-10-21"),
        ("<time class='updated' datetime='2025-10-30'></time><time pubdate datetime='2025-10-21'>Tue</time>", "2025-10-21"),
        (
            "<span>آخر تحديث</span><time datetime='2025-10-30'></time><span>نشر</span><time datetime='2025-10-21'></time>",
            "2025-10-21",
        ),
    ],
)
def test_the_header_of_the_article(top, published):
    assert page_facts(page(top=top))["published"].strip() == published


def test_metadata():
    head = (
        linked(
            headline=TITLES["ar"], author=[{"name": "ليلى سالم"}, {"name": "سامر حداد"}], publisher={"name": "النورس"},
            articleSection="محليات", keywords=["جسر", "ترميم"], sourceOrganization={"name": "وكالة الساحل"}, inLanguage="ar",
        )
        + "<link rel='canonical' href='https://nawras.example/1'><meta property='og:site_name' content='موقع'>"
    )  # fmt: skip
    assert page_facts(page(head)) == {
        "author": "ليلى سالم, سامر حداد", "outlet": "النورس", "section": "محليات", "tags": "جسر, ترميم",
        "origin": "وكالة الساحل", "url": "https://nawras.example/1", "page_language": "ar",
    }  # fmt: skip


def test_meta_tags_alone():
    head = (
        "<meta property='og:site_name' content='نورس'><meta name=author content='رضا کریمی'><meta property='article:section' "
        "content='شهری'><meta property='article:tag' content='پل'><meta property='article:tag' content='شهر'>"
    )
    facts = page_facts(page(head, title=TITLES["fa"]))
    assert (facts["outlet"], facts["author"], facts["section"], facts["tags"]) == ("نورس", "رضا کریمی", "شهری", "پل, شهر")


@given(st.text(st.sampled_from("<>/=\"' timearticlehdat{}[]:,2025-قمه\n"), max_size=120))
@settings(deadline=None, max_examples=60)
def test_any_page_states_something_or_nothing(text):
    assert all(isinstance(value, str) and value for value in page_facts(f"<article><h1>x</h1>{text}").values())
