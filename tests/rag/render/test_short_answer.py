"""The short answer: what is marked in the first quote, or in those that differ."""

from dataclasses import replace

import pytest

from rag.ask.question import read_question
from rag.render.short_answer import with_direct
from rag.types import Answer, Disagreement, citation
from tests.rag.scripted import evidence, passage

TOLD = {
    "ar": ("كم دامت السرقة؟", "وقال الوزير إن السرقة استغرقت سبع دقائق.", "سبع دقائق"),
    "fa": ("سرقت چقدر طول کشید؟", "وزیر گفت سرقت تنها ۴ دقیقه طول کشید.", "۴ دقیقه"),
    "en": ("How long did the robbery last?", "The robbery lasted seven minutes, police said.", "seven minutes"),
}
LANGUAGES = list(TOLD)


def marked(number, language, phrase=True):
    _, text, value = TOLD[language]
    found = evidence(passage(text, language, rank=number, before="x. "))
    at = found.start + text.index(value)
    return citation(number, replace(found, phrase=(at, at + len(value)) if phrase else None))


def answered(glossary, language, *citations, differ=(), values=()):
    question = read_question(TOLD[language][0], [], glossary, 2000)
    disagreements = (Disagreement("number", tuple(differ), tuple(values)),) if differ else ()
    return with_direct(question, Answer(question.text, language, "…", "quotes", False, citations, disagreements=disagreements))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_marked_in_the_first_quote_is_the_short_answer(glossary, language):
    first = marked(1, language)
    direct = answered(glossary, language, first, marked(2, "en")).direct
    assert (direct.text, direct.citation, (direct.start, direct.end)) == (TOLD[language][2], 1, first.phrase)
    assert direct.others == () and direct.language == language


@pytest.mark.parametrize("asked", LANGUAGES)
def test_it_is_said_in_the_language_of_the_question(glossary, asked):
    expected = {"ar": "4 دقائق", "fa": None, "en": "4 minutes"}[asked]
    assert answered(glossary, asked, marked(1, "fa")).direct.rendered == expected


def test_only_the_first_quote_counts_for_others_may_be_old(glossary):
    assert answered(glossary, "en", marked(1, "en", phrase=False), marked(2, "ar")).direct is None
    assert answered(glossary, "en").direct is None


def test_values_that_differ_are_all_told(glossary):
    told = (marked(1, "ar"), marked(2, "fa"), marked(3, "en"))
    direct = answered(glossary, "ar", *told, differ=(1, 2), values=("سبع دقائق", "۴ دقیقه")).direct
    assert direct.text == "سبع دقائق" and [other.text for other in direct.others] == ["۴ دقیقه"]


def test_a_value_that_differs_is_told_though_the_reader_did_not_mark_it(glossary):
    told = (marked(1, "en"), marked(2, "fa", phrase=False))
    direct = answered(glossary, "en", *told, differ=(1, 2), values=("seven minutes", "۴ دقیقه")).direct
    (other,) = direct.others
    quote = told[1].quote
    assert (other.text, other.citation) == ("۴ دقیقه", 2) and quote[other.start - told[1].start :].startswith("۴ دقیقه")


def test_nearly_a_whole_long_sentence_is_no_short_answer(glossary):
    text = "The minister said " + "that the talks would go on and " * 4 + "end."
    found = evidence(passage(text))
    whole = citation(1, replace(found, phrase=(found.start, found.end - 1)))
    assert answered(glossary, "en", whole).direct is None
