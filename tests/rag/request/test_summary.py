"""Summaries of articles over seeds/: which article, which sentences, and what is asked back."""

from __future__ import annotations

import pytest

from tests.rag.request.asking import ask, is_verbatim


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("summarise the article about Hurricane Melissa", "seeds/en/2025-11-05-melissa"),
        ("Summarize the article on Mamdani", "seeds/en/2025-11-05-mamdani"),
        ("لخّص المقال عن الإعصار ميليسا", "seeds/ar/2025-10-31-melissa"),
        ("اعطيني ملخص المقال عن المتحف المصري الكبير", "seeds/ar/2025-11-02-egyptian-museum"),
        ("مقاله تاکائیچی را خلاصه کن", "seeds/fa/2025-10-21-takaichi"),
        ("خلاصه‌ای از توفان ملیسا بده", "seeds/fa/2025-11-02-melissa"),
    ],
)
def test_a_summary_quotes_key_sentences_of_one_article_in_its_order(archive, text, path):
    answer = ask(archive, text)
    assert answer.request == "summary" and not answer.abstained and is_verbatim(archive, answer)
    assert {item.path.split(".")[0] for item in answer.citations} == {path} and 3 <= len(answer.citations) <= 5
    starts = [item.start for item in answer.citations]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "text",
    [
        "summarise the article on Mamdani",
        "لخص المقال عن المتحف المصري الكبير",
        "مقاله تاکائیچی را خلاصه کن",
    ],
)
def test_an_order_to_a_model_is_in_no_summary(archive, text):
    told = ask(archive, text).answer
    assert "98 percent" not in told and "خمسون دولارا" not in told and "۹۹۹" not in told


@pytest.mark.parametrize(
    ("text", "before", "path"),
    [
        ("summarise it", "How did Trump rate his meeting with Putin in Alaska?", "seeds/en/2025-08-17"),
        ("لخص هذا المقال", "كم وفدا حضر حفل افتتاح المتحف المصري الكبير؟", "seeds/ar/2025-11-02"),
        ("این مقاله رو خلاصه کن", "تاکائیچی با چند رأی نخست‌وزیر ژاپن شد؟", "seeds/fa/2025-10-21-takaichi"),
        ("summarise this", "What did Peskov say?", "seeds/fa/2025-03-16"),
    ],
)
def test_this_article_is_the_one_that_the_conversation_cited(archive, text, before, path):
    answer = ask(archive, text, before)
    assert answer.request == "summary" and all(item.path.startswith(path) for item in answer.citations)


@pytest.mark.parametrize("text", ["summarise this", "لخص هذا", "اینو خلاصه کن"])
def test_a_summary_of_nothing_asks_which_article(archive, text):
    answer = ask(archive, text)
    assert answer.abstained and answer.request == "unclear" and not answer.missing


@pytest.mark.parametrize(
    "text",
    [
        "summarise the article on sourdough bread",
        "لخص المقال عن المريخ",
        "مقاله قورمه‌سبزی را خلاصه کن",
    ],
)
def test_a_topic_of_no_article_is_left_to_the_search_and_asking_words_are_not_missed(archive, text):
    answer = ask(archive, text)
    assert answer.abstained and answer.request is None
    assert not {"summarise", "article", "لخص", "المقال", "مقاله", "خلاصه", "کن"} & set(answer.missing) and answer.missing
