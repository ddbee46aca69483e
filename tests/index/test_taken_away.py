from __future__ import annotations

from contextlib import closing

import pytest

from index.catalog import FILE_NAME, Catalog
from index.formats.options import ReadOptions
from index.taken_away import find_article, taken_away
from index.types import KhabarError
from tests.index.made import build, write_articles
from ui.terminal.articles import article_text, removed_text

TEXT = (
    "جسر الربوة\nافتتحت البلدية جسرا للمشاة صباح السبت.\nاقرأ أيضا: زلزال يضرب تونس\nوقالت إنه لن يُغلق.\n"
    "شارک‌گذاری\nTags: bridge\n"
)


def test_what_was_taken_away_is_told_from_the_file(tmp_path):
    write_articles(
        tmp_path / "news", {"جسر.txt": TEXT, "b/پل.txt": "پل دره\nشهرداری پل را گشود.", "c/پل.txt": "پل\nپل بسته شد."}
    )
    build(tmp_path / "data", tmp_path / "news")
    with closing(Catalog(tmp_path / "data" / FILE_NAME)) as catalog:
        article = find_article(catalog, "جسر.txt")
        assert find_article(catalog, article.article_id) == find_article(catalog, article.path) == article
        shown = removed_text(taken_away(catalog, article, ReadOptions()))
        assert "read also: \u2068اقرأ أيضا: زلزال يضرب تونس\u2069" in shown and "keyword row: \u2068Tags: bridge\u2069" in shown
        assert article.article_id in article_text(article) and "زلزال" not in article_text(article)
        assert "Nothing" in removed_text(taken_away(catalog, find_article(catalog, "b/پل.txt"), ReadOptions()))
        for name in ("نیست.txt", "پل.txt"):
            with pytest.raises(KhabarError, match=name):
                find_article(catalog, name)
        (tmp_path / "news" / "جسر.txt").unlink()
        with pytest.raises(KhabarError, match="read again"):
            taken_away(catalog, article, ReadOptions())
