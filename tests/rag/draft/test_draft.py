"""The numbers of the citations behind a draft's sentences."""

from rag.draft.draft import CitationList
from rag.types import citation
from tests.rag.scripted import evidence, passage

ARABIC = passage("دامت المكالمة ساعة يوم 12 فبراير. وحضر روبيو اجتماع الرياض.", "ar", article_id="arabic")
PERSIAN = passage("گفت‌وگوی پوتین و ترامپ نود دقیقه طول کشید. رئیس‌جمهور آن را سازنده خواند.", "fa", rank=2, article_id="persian")
ENGLISH = passage("The call lasted 90 minutes. Marco Rubio met Sergei Lavrov.", "en", rank=3, article_id="english")


def test_citations_are_numbered_in_the_order_of_first_use():
    numbers = CitationList()
    first, second, third = evidence(ENGLISH), evidence(ARABIC), evidence(ARABIC, 1)
    assert numbers.marker([first]) == "[1]"
    assert numbers.marker([second, first]) == "[2][1]"
    assert numbers.marker([third, third]) == "[3]"
    assert numbers.marker([second]) == "[2]"
    assert [item.number for item in numbers.citations] == [1, 2, 3]
    assert [item.quote for item in numbers.citations] == [first.quote, second.quote, third.quote]


def test_no_evidence_has_no_marker():
    numbers = CitationList()
    assert numbers.marker([]) == "" and numbers.citations == ()


def test_citations_so_far_do_not_change_under_the_reader():
    numbers = CitationList()
    numbers.marker([evidence(PERSIAN)])
    before = numbers.citations
    numbers.marker([evidence(PERSIAN, 1)])
    assert len(before) == 1 and len(numbers.citations) == 2


def test_a_citation_made_elsewhere_keeps_what_it_tells():
    quote = citation(7, evidence(PERSIAN))
    numbers = CitationList([quote])
    assert not numbers.holds(quote) and numbers.marker([evidence(ARABIC), evidence(PERSIAN)]) == "[1][2]"
    assert numbers.holds(quote) and numbers.number(quote) == 2
    assert [item.number for item in numbers.citations] == [1, 2]
