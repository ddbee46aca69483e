from __future__ import annotations

import pytest

from benchmarks.whole_text import read_pages, shares, try_page

pytestmark = pytest.mark.slow


def test_the_body_of_pages_can_be_quoted_and_their_noise_cannot():
    pages = read_pages()
    found = [try_page(page) for page in pages if page.set == "development"]
    body, noise = shares(found)
    missed = [(item.page.name, item.lost, item.leaked) for item in found if item.lost or item.leaked]
    assert body >= 0.995 and noise <= 0.01, missed
    assert {page.language for page in pages} == {"ar", "fa", "en"}


def test_of_pages_built_in_other_ways_the_whole_body_can_be_quoted():
    found = [try_page(page) for page in read_pages() if page.set.startswith("third")]
    assert len(found) == 20 and [(item.page.name, item.lost) for item in found if item.lost] == []
