from dataclasses import replace
from datetime import date

import pytest

from rag.evaluate.fixed_question import FixedQuestion
from rag.evaluate.verdict import failures, is_cited, is_told_directly, is_verbatim
from rag.phrases import phrase
from rag.types import Answer, Disagreement, ShortAnswer, citation, source
from tests.rag.scripted import evidence, passage

ARABIC = passage("دامت المكالمة قُرابة ساعةٍ ونصف الساعة. حضرها ٣ وزراء و2500 صحفي.", "ar", before="مقدمة. ", article_id="a")
PERSIAN = passage("رئیس‌جمهور می‌گوید نشست ۱۲ فوریه بود.", "fa", rank=2, article_id="b")
ABSTENTION = Answer("ماذا؟", "ar", phrase("not_told", "ar"), "quotes", True)


class Catalog:
    """Holds the articles of the passages above."""

    def article(self, article_id):
        return {"a": ARABIC.article, "b": PERSIAN.article}.get(article_id)


def question(**fields):
    given = {"id": "q1", "language": "ar", "kind": "what", "question": "ماذا؟", "articles": ("seeds/ar/a",), "any": ("ساعة",)}
    return FixedQuestion(**(given | fields))


def unanswerable(**fields):
    return question(**({"articles": (), "any": (), "abstain": True} | fields))


def answer(*pieces):
    """Return an answer that quotes some evidence: two sentences of the Arabic article and the Persian one, if not told."""
    quoted = pieces or (evidence(ARABIC), evidence(ARABIC, 1), evidence(PERSIAN))
    citations = tuple(citation(number, piece) for number, piece in enumerate(quoted, 1))
    text = "\n\n".join(f"«{made.quote}» [{made.number}]" for made in citations)
    return Answer("ماذا؟", "ar", text, "quotes", False, citations)


@pytest.mark.parametrize(
    "wanted",
    [
        "ساعة ونصف الساعة",
        "ساعه ونصف الساعه",
        "ساعةٍ ونِصف",
        "ســاعة ونصف",
        "قرابة  ساعة",
        "2500",
        "٢٥٠٠",
        "۲۵۰۰",
        "3 وزراء",
        "۳ وزراء",
        "۱۲ فوریه",
        "12 فوريه",
        "رئیس جمهور می گوید",
        "رئيس‌جمهور",
        "رئیسجمهور",
    ],
)
def test_an_accepted_text_is_compared_folded(wanted):
    assert not failures(question(any=(wanted,)), answer())


@pytest.mark.parametrize(
    "wanted",
    ["ساعتان", "250", "500", "25000", "۲۵۰", "5", "00 صحفي", "500 صحفي", "٥٠٠ صحفي", "2 فوریه", "و250", "رئیس‌مجلس"],
)
def test_no_part_of_a_number_and_no_other_text_is_accepted(wanted):
    assert failures(question(any=(wanted,)), answer()) == ("any",)


@pytest.mark.parametrize("number", ["1", "2"])
def test_a_marker_is_no_answer(number):
    given = answer(evidence(ARABIC), evidence(PERSIAN))
    assert f"[{number}]" in given.answer
    assert failures(question(any=(number,)), given) == ("any",)


def test_one_of_any_and_all_of_all():
    assert failures(question(any=("كذب", "ساعة")), answer()) == ()
    assert failures(question(any=(), all=("ساعة", "2500")), answer()) == ()
    assert failures(question(any=(), all=("ساعة", "كذب")), answer()) == ("all",)
    assert failures(question(any=("كذب",), all=("ساعة",)), answer()) == ("any",)


@pytest.mark.parametrize(
    ("prefix", "cited"),
    [
        ("seeds/ar/a", True),
        ("seeds/ar/a.txt", True),
        ("seeds/ar", True),
        ("ar/a", True),
        ("seeds/fa", True),
        ("eds/ar/a", False),
        ("r/a", False),
        ("seeds/ar/b", False),
        ("seeds/ar/a.txt/", False),
        ("seeds/en", False),
    ],
)
def test_a_cited_path_begins_with_an_expected_one(prefix, cited):
    asked = question(articles=(prefix,))
    assert is_cited(asked, answer()) == cited and failures(asked, answer()) == (() if cited else ("articles",))


def test_an_article_that_says_the_same_counts_as_cited():
    given = changed(answer(evidence(ARABIC)), also=(source(evidence(PERSIAN)),))
    assert is_cited(question(articles=("seeds/fa/b",)), given)


def test_without_articles_any_citation_will_do():
    assert failures(question(articles=()), answer()) == ()
    assert failures(question(articles=(), any=("لا شيء من هذا",)), answer()) == ("any",)


def test_abstaining():
    assert failures(question(), ABSTENTION) == ("abstain",)
    assert failures(unanswerable(), ABSTENTION) == ()
    assert failures(unanswerable(), answer()) == ("abstain",)


def changed(given, **fields):
    citations = list(given.citations)
    citations[0] = replace(citations[0], **fields)
    return replace(given, citations=tuple(citations))


@pytest.mark.parametrize(
    "break_it",
    [
        lambda given: changed(given, quote=given.citations[0].quote.replace("ساعة", "ساعتين")),
        lambda given: changed(given, quote=given.citations[0].quote + " "),
        lambda given: changed(given, quote="قرابة ساعة"),  # folded, not verbatim
        lambda given: changed(given, quote="", start=0, end=0),
        lambda given: changed(given, start=given.citations[0].start + 1),
        lambda given: changed(given, end=given.citations[0].end - 1),
        lambda given: changed(given, start=0, end=len(given.citations[0].quote)),
        lambda given: changed(given, article_id="b"),
        lambda given: changed(given, article_id="nope"),
        lambda given: changed(given, number=2),
        lambda given: changed(given, number=7),
        lambda given: replace(given, answer=given.answer.replace("[2]", "[7]")),
        lambda given: replace(given, answer=given.answer.replace("[2]", "")),
        lambda given: replace(given, answer=given.answer.replace("[1]", "[2]")),
        lambda given: replace(given, answer=given.answer + " [4]"),
        lambda given: replace(given, answer=given.answer.replace("[1]", "[x]").replace("[2]", "[1]").replace("[x]", "[2]")),
        lambda given: replace(given, citations=given.citations[:-1]),
        lambda given: replace(given, citations=given.citations[::-1]),
    ],
)
def test_a_changed_quote_offset_or_marker_is_caught(break_it):
    assert is_verbatim(answer(), Catalog())
    assert not is_verbatim(break_it(answer()), Catalog())


def test_a_marker_used_twice_is_in_order():
    given = answer(evidence(ARABIC), evidence(PERSIAN))
    assert is_verbatim(replace(given, answer=f"{given.answer} [1]"), Catalog())


@pytest.mark.parametrize(
    ("phrase", "verbatim"),
    [((7, 12), True), ((0, 5), False), ((7, 7), False), ((12, 7), False), ((7, 500), False)],
)
def test_a_phrase_lies_within_its_quote(phrase, verbatim):
    given = answer(evidence(ARABIC))
    assert given.citations[0].start == 7
    assert is_verbatim(changed(given, phrase=phrase), Catalog()) == verbatim


def test_the_quotes_of_articles_that_say_the_same_are_verbatim_too():
    given = answer(evidence(ARABIC))
    assert is_verbatim(changed(given, also=(source(evidence(PERSIAN)),)), Catalog())
    assert not is_verbatim(changed(given, also=(replace(source(evidence(PERSIAN)), quote="رییس جمهور"),)), Catalog())


# The short answer


def short(text, number=1, **fields):
    """Return the answer above with a short answer, at its place in the article that the number's citation is of."""
    cited = answer().citations[number - 1]
    article = {"a": ARABIC.article, "b": PERSIAN.article}[cited.article_id]
    start = article.text.index(text)
    return ShortAnswer(text, cited.language, number, start, start + len(text), **fields)


SHORT = short("ساعةٍ ونصف الساعة", others=(short("۱۲ فوریه", 3, rendered="١٢ فبراير"),))


@pytest.mark.parametrize(
    ("accepted", "direct", "right"),
    [
        (("ساعة ونصف الساعة",), SHORT, True),
        (("ساعتان", "ساعه ونصف"), SHORT, True),
        (("ساعتان",), SHORT, False),
        (("قرابة ساعة",), SHORT, False),  # in the quote, not in the short answer
        (("12 فوریه",), SHORT, False),  # another value is no answer of its own
        (("12 فبراير",), short("۱۲ فوریه", 3, rendered="١٢ فبراير"), True),
        (("12 فوريه",), short("۱۲ فوریه", 3, rendered="١٢ فبراير"), True),
        (("2 فبراير",), short("۱۲ فوریه", 3, rendered="١٢ فبراير"), False),
        (("رئيس‌جمهور",), short("رئیس‌جمهور", 3), True),
        (("250",), short("2500 صحفي"), False),
        (("ساعة",), None, False),
    ],
)
def test_the_short_answer_holds_an_accepted_text(accepted, direct, right):
    asked = question(direct=accepted)
    assert failures(asked, replace(answer(), direct=direct)) == (() if right else ("direct",))
    # Without texts of its own those of `any` are looked for, and none is demanded.
    if asked := question(any=accepted):
        assert is_told_directly(asked, replace(answer(), direct=direct)) == right
        assert "direct" not in failures(asked, replace(answer(), direct=direct))


@pytest.mark.parametrize(
    "broken",
    [
        replace(SHORT, text="ساعة ونصف الساعة"),  # folded, not verbatim
        replace(SHORT, start=SHORT.start + 1),
        replace(SHORT, end=SHORT.end + 1),
        replace(SHORT, citation=3),
        replace(SHORT, citation=9),
        replace(SHORT, text="", end=SHORT.start),
        replace(SHORT, text=ARABIC.article.text[:5], start=0, end=5),  # of the article, not of the quote
        replace(SHORT, others=(replace(SHORT, citation=2),)),
    ],
)
def test_a_short_answer_is_a_part_of_the_quote_that_it_cites(broken):
    assert is_verbatim(replace(answer(), direct=SHORT), Catalog())
    assert not is_verbatim(replace(answer(), direct=broken), Catalog())


# Disagreements


def differing(kind="number", citations=(1, 3), values=("ساعةٍ ونصف الساعة", "۱۲ فوریه")):
    return replace(answer(), disagreements=(Disagreement(kind, citations, values),))


def test_a_disagreement_is_one_between_articles():
    asked = question(differ=True)
    assert failures(asked, differing()) == ()
    assert failures(asked, answer()) == ("differ",)
    assert failures(question(differ=False), differing()) == ("differ",)
    assert failures(question(differ=False), answer()) == failures(question(), differing()) == ()


@pytest.mark.parametrize(
    "broken",
    [
        differing(citations=(1, 2), values=("ساعةٍ", "٣")),  # both from one article
        differing(citations=(1, 7)),
        differing(citations=(1,), values=("ساعةٍ",)),
        differing(values=("ساعة ونصف", "۱۲ فوریه")),  # folded, not verbatim
        differing(values=("۱۲ فوریه", "ساعةٍ ونصف الساعة")),
        differing(values=("ساعةٍ ونصف الساعة", "")),
        differing(values=("ساعةٍ ونصف الساعة",)),
    ],
)
def test_a_disagreement_without_two_quoted_values_is_none(broken):
    assert failures(question(differ=True), broken) == ("differ",)


@pytest.mark.parametrize(
    ("values", "right"),
    [
        (("ساعة ونصف", "12 فوريه"), True),
        (("ساعة ونصف الساعة تقريبا",), True),
        (("۱۲",), True),
        (("ثلاث ساعات", "12 فوريه"), False),
        (("۲",), False),
    ],
)
def test_the_values_are_those_expected_or_parts_of_them(values, right):
    assert failures(question(differ=True, values=values), differing()) == (() if right else ("differ",))


# What an answer opens with, how new it is, what it must not say


def test_the_first_quote_is_of_one_of_the_first_articles():
    assert failures(question(first=("seeds/fa", "seeds/ar/a")), answer()) == ()
    assert failures(question(first=("seeds/fa",)), answer()) == ("first",)
    assert failures(question(first=("seeds/fa",)), changed(answer(), also=(source(evidence(PERSIAN)),))) == ()


def test_the_day_that_an_answer_is_of():
    asked = question(as_of="2025-10-21")
    assert failures(asked, replace(answer(), as_of=date(2025, 10, 21))) == ()
    assert failures(asked, replace(answer(), as_of=date(2025, 10, 20))) == failures(asked, answer()) == ("as_of",)


@pytest.mark.parametrize("banned", ["قُرابة", "قرابه", "۲۵۰۰", "رئیسجمهور"])
def test_what_an_answer_must_never_say(banned):
    assert failures(question(never=(banned,)), answer()) == ("never",)


def test_an_answer_may_say_anything_else():
    assert failures(question(never=("ساعتان", "250")), answer()) == ()
    assert failures(unanswerable(never=("ساعة",)), ABSTENTION) == ()


def test_what_must_not_be_said_must_not_be_quoted_either():
    given = replace(answer(evidence(ARABIC), evidence(PERSIAN)), answer="ساعة [1] [2]")
    assert failures(question(never=("فوريه",)), given) == ("never",)
    given = replace(changed(answer(evidence(ARABIC)), also=(source(evidence(PERSIAN)),)), answer="ساعة [1]")
    assert failures(question(never=("فوريه",)), given) == ("never",)


def test_the_words_that_no_article_holds():
    asked = unanswerable(missing=("ماكرون", "القمة"))
    assert failures(asked, replace(ABSTENTION, missing=("ماكرون", "القِمّة"))) == ()
    assert failures(asked, replace(ABSTENTION, missing=("ماكرون",))) == failures(asked, ABSTENTION) == ("missing",)


def test_the_agency_of_one_citation_is_named():
    given = changed(answer(), agency="وكالة الميناء للأنباء")
    assert failures(question(agency=("Northgate", "الميناء")), given) == ()
    assert failures(question(agency=("Northgate",)), given) == ("agency",)
    assert failures(question(agency=("الميناء",)), answer()) == ("agency",)


def test_one_citation_stands_for_all_that_say_the_same():
    asked = question(once=("seeds/ar/a", "seeds/fa/b"))
    assert failures(asked, changed(answer(evidence(ARABIC)), also=(source(evidence(PERSIAN)),))) == ()
    assert failures(asked, answer(evidence(ARABIC), evidence(PERSIAN))) == ("once",)


def test_all_that_failed_is_told():
    asked = question(articles=("seeds/en",), any=("كذب",), differ=True, as_of="2025-10-21")
    assert failures(asked, answer()) == ("articles", "any", "differ", "as_of")
