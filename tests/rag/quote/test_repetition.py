import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES
from rag.quote.repetition import same_sentence
from rag.quote.selection import choose_quotes
from rag.text.glossary import load_glossary
from tests.rag.quote.reports import APART, ASKED, SAME, asked
from tests.rag.scripted import evidence, passage

NOT_SAME = [
    ("أسفر القصف عن مقتل 12 شخصا في المدينة يوم الجمعة.", "أسفر القصف عن مقتل ١٥ شخصا في المدينة يوم الجمعة."),
    ("در این حمله ۱۲ نفر در شهر کشته شدند.", "در این حمله ۱۵ نفر در شهر کشته شدند."),
    ("The summit will be held in Geneva next Friday.", "The summit will be held in Vienna next Friday."),
    ("قال الوزير إن الاتفاق قد وُقّع أمس في المدينة.", "قال الوزير إن الاتفاق لم يوقّع أمس في المدينة."),
    ("The minister said the deal was signed last night.", "The minister said the deal was not signed last night."),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_almost_the_same_letters_are_the_same_sentence(one, other):
    assert same_sentence(one, other, load_glossary()) and same_sentence(other, one, load_glossary())
    items = [evidence(passage(one, "ar")), evidence(passage(other, "ar", rank=2), score=0.99)]
    [chosen] = choose_quotes(asked(ASKED["ar"]), items, 3)
    assert (chosen.evidence.quote, [item.quote for item in chosen.also]) == (one, [other])


@pytest.mark.parametrize(("one", "other"), NOT_SAME)
def test_another_number_name_or_negation_makes_another_sentence(one, other):
    assert not same_sentence(one, other, load_glossary()) and not same_sentence(other, one, load_glossary())


@pytest.mark.parametrize("language", LANGUAGES)
def test_different_sentences_are_not_the_same(language):
    one, other, third = APART[language]
    assert not same_sentence(one, other, load_glossary()) and not same_sentence(other, third, load_glossary())


@given(st.text(max_size=60), st.text(max_size=60))
def test_sameness_has_no_direction(one, other):
    assert same_sentence(one, other, load_glossary()) == same_sentence(other, one, load_glossary())
