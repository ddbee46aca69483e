import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scripted import evidence, passage

from rag.cite import CitationList, check_sentence, complete_sentences, supporting_sentence

ARABIC = passage(
    "وقال الكرملين إنّ المكالمة بين بوتين وترامب دامت ساعة ونصف الساعة يوم 12 فبراير. وحضر روبيو اجتماع الرياض بعد أسبوع.",
    "ar",
    before="مقدمة طويلة من سطرين.\n\n",
    article_id="arabic",
)
PERSIAN = passage(
    "کرملین گفت گفت‌وگوی تلفنی پوتین و ترامپ در ۱۲ فوریه نود دقیقه طول کشید. رئیس‌جمهور آمریکا آن را سازنده خواند.",
    "fa",
    rank=2,
    article_id="persian",
)
ENGLISH = passage(
    "The call between Trump and Putin on 12 February lasted 90 minutes, the Kremlin said. "
    "Marco Rubio met Sergei Lavrov in Riyadh for 4.5 hours six days later.",
    "en",
    rank=3,
    article_id="english",
)
PASSAGES = [ARABIC, PERSIAN, ENGLISH]

# Per language: the passage's number, a sentence that it supports, and the source sentence behind it.
SUPPORTED = {
    "ar": (1, "دامت المكالمة بين بوتين وترامب ساعة ونصف الساعة يوم 12 فبراير", 0),
    "fa": (2, "گفت‌وگوی تلفنی پوتین و ترامپ در ۱۲ فوریه نود دقیقه طول کشید", 0),
    "en": (3, "The call between Trump and Putin lasted 90 minutes, the Kremlin said", 0),
}

MARKERS = ["[{n}]", "[ {n} ]", "［{n}］", "【{n}】"]


def digits(number, script):
    return str(number).translate(
        str.maketrans("0123456789", {"latin": "0123456789", "ar": "٠١٢٣٤٥٦٧٨٩", "fa": "۰۱۲۳۴۵۶۷۸۹"}[script])
    )


@pytest.mark.parametrize("language", SUPPORTED)
@pytest.mark.parametrize("form", MARKERS)
@pytest.mark.parametrize("script", ["latin", "ar", "fa"])
def test_a_marker_of_any_form(language, form, script):
    number, text, source = SUPPORTED[language]
    marker = form.format(n=digits(number, script))
    expected = evidence(PASSAGES[number - 1], source)
    for sentence in (f"{text} {marker}.", f"{text}. {marker}", f"{text}{marker}", f"{marker} {text}."):
        checked = check_sentence(sentence, PASSAGES)
        assert checked is not None, sentence
        assert checked.text.rstrip(".") == text
        assert [(found.start, found.end) for found in checked.evidence] == [(expected.start, expected.end)]
        assert checked.evidence[0].quote == expected.quote


@pytest.mark.parametrize("markers", ["[1, 3]", "[1,3]", "[1][3]", "[1] [3]", "[١، ٣]", "[1; 3]", "［1］【3】", "[3, 1, 3]"])
def test_several_markers(markers):
    checked = check_sentence(
        f"The call between Trump and Putin on 12 February lasted 90 minutes {markers}.", [ENGLISH, PERSIAN, ENGLISH]
    )
    assert checked is not None
    assert {found.passage.article.article_id for found in checked.evidence} == {"english"}
    assert not set("[]［］【】") & set(checked.text)


@pytest.mark.parametrize(
    "sentence",
    [
        "وصف الكرملين المكالمة بأنها دامت ساعة ونصف الساعة",  # no marker
        "دامت المكالمة بين بوتين وترامب ساعة ونصف الساعة يوم 12 فبراير [7].",  # there is no seventh passage
        "دامت المكالمة بين بوتين وترامب ساعة ونصف الساعة يوم 12 فبراير [0].",
        "دامت المكالمة بين بوتين وترامب ساعة ونصف الساعة يوم 12 فبراير [1, 7].",
        "دامت المكالمة بين بوتين وترامب ساعة ونصف الساعة يوم 12 فبراير [١][۷].",
        "دامت المكالمة بين بوتين وترامب ساعة ونصف الساعة يوم 13 فبراير [1].",  # another number
        "دامت المكالمة بين بوتين وترامب ساعة ونصف الساعة يوم ١٣ فبراير [1].",
        "دامت المكالمة بين بوتين وترامب ساعة ونصف الساعة يوم 12 فبراير 2024 [1].",
        "دامت المكالمة بين بوتين وترامب ساعة ونصف الساعة يوم 12 فبراير [3].",  # another passage
        "أعلنت الحكومة المغربية زيادة أسعار القمح [1].",
        "گفت‌وگوی تلفنی پوتین و ترامپ در ۱۳ فوریه نود دقیقه طول کشید [2].",
        "گفت‌وگوی تلفنی پوتین و ترامپ در 13 فوریه نود دقیقه طول کشید [2].",
        "گفت‌وگوی تلفنی پوتین و ترامپ در ۱۲ فوریه نود دقیقه طول کشید [1].",
        "گفت‌وگوی تلفنی پوتین و ترامپ در ۱۲ فوریه نود دقیقه طول کشید [۹].",
        "The call between Trump and Putin lasted 80 minutes, the Kremlin said [3].",
        "The call between Trump and Putin lasted 9 minutes, the Kremlin said [3].",
        "The call between Trump and Putin lasted 90 minutes, the Kremlin said [2].",
        "The call between Trump and Zelensky lasted 90 minutes, the Kremlin said [3].",
        "Marco Rubio met Sergei Lavrov in Riyadh for 5 hours six days later [3].",
        "Marco Rubio met Sergei Lavrov in Riyadh for 45 hours six days later [3].",
        "Marco Rubio met Sergei Lavrov in Geneva for 4.5 hours six days later [3].",
        "The call lasted 90 minutes",
        "[3]",
        "[3].",
        "... [3]",
        "",
        "[]",
        "[3",
        "The call between Trump and Putin lasted 90 minutes, the Kremlin said [3",
        "The call between Trump and Putin lasted 90 minutes, the Kremlin said [2025].",
    ],
)
def test_what_no_cited_passage_says_does_not_pass(sentence):
    assert check_sentence(sentence, PASSAGES) is None


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("وقال الكرملين إنّ المكالمة بين بوتين وزيلينسكي دامت ساعة ونصف الساعة يوم 12 فبراير [1].", "a name"),
        ("وقال البنتاغون إنّ المكالمة بين بوتين وترامب دامت ساعة ونصف الساعة يوم 12 فبراير [1].", "a name at its start"),
        ("کرملین گفت گفت‌وگوی تلفنی پوتین و زلنسکی در ۱۲ فوریه نود دقیقه طول کشید [2].", "a name"),
        ("Zelensky met Sergei Lavrov in Riyadh for 4.5 hours six days later [3].", "a name at its start"),
        ("Marco Rubio met Vladimir Putin in Riyadh for 4.5 hours six days later [3].", "a name of another sentence"),
    ],
)
def test_a_name_swapped_does_not_pass(sentence, what):
    assert check_sentence(sentence, PASSAGES) is None, what


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("وقال الكرملين إنّ المكالمة بين بوتين وترامب دامت ثلاث ساعات ونصف الساعة يوم 12 فبراير [1].", "a number"),
        ("کرملین گفت گفت‌وگوی تلفنی پوتین و ترامپ در ۱۲ فوریه هشتاد دقیقه طول کشید [2].", "a number"),
        ("Marco Rubio met Sergei Lavrov in Riyadh for 4.5 hours seven days later [3].", "a number"),
        ("Marco Rubio met Sergei Lavrov in Riyadh for 12 hours six days later [3].", "a number of another sentence"),
        ("The call between Trump and Putin on 90 February lasted 12 minutes, the Kremlin said [2].", "another passage"),
    ],
)
def test_a_number_swapped_does_not_pass(sentence, what):
    assert check_sentence(sentence, PASSAGES) is None, what


@pytest.mark.parametrize(
    "sentence",
    [
        "لم يحضر روبيو اجتماع الرياض بعد أسبوع [1].",
        "رئیس‌جمهور آمریکا آن را سازنده نخواند [2].",
        "Marco Rubio did not meet Sergei Lavrov in Riyadh for 4.5 hours six days later [3].",
        "Marco Rubio never met Sergei Lavrov in Riyadh for 4.5 hours six days later [3].",
    ],
)
def test_a_negated_sentence_does_not_pass(sentence):
    assert check_sentence(sentence, PASSAGES) is None


PRESENT = [
    passage("كان روبيو في الرياض يوم الثلاثاء. ولم يكن كيلوغ في جدة يوم الخميس.", "ar"),
    passage("روبیو روز سه‌شنبه در ریاض بود. کلاگ روز پنجشنبه در جده نبود.", "fa", rank=2),
    passage("Rubio was in Riyadh on Tuesday. Kellogg was not in Jeddah on Thursday.", "en", rank=3),
]


@pytest.mark.parametrize(
    ("sentence", "passes"),
    [
        ("كان روبيو في الرياض يوم الثلاثاء [1].", True),
        ("ليس روبيو في الرياض يوم الثلاثاء [1].", False),
        ("لم يكن روبيو في الرياض يوم الثلاثاء [1].", False),
        ("لم يكن كيلوغ في جدة يوم الخميس [1].", True),
        ("كان كيلوغ في جدة يوم الخميس [1].", False),
        ("روبیو روز سه‌شنبه در ریاض بود [2].", True),
        ("روبیو روز سه‌شنبه در ریاض نبود [2].", False),
        ("کلاگ روز پنجشنبه در جده نبود [2].", True),
        ("کلاگ روز پنجشنبه در جده بود [2].", False),
        ("Rubio was in Riyadh on Tuesday [3].", True),
        ("Rubio was not in Riyadh on Tuesday [3].", False),
        ("Rubio wasn’t in Riyadh on Tuesday [3].", False),
        ("Kellogg was not in Jeddah on Thursday [3].", True),
        ("Kellogg was in Jeddah on Thursday [3].", False),
    ],
)
def test_a_no_that_is_dropped_or_added_does_not_pass(sentence, passes):
    assert (check_sentence(sentence, PRESENT) is not None) == passes


@pytest.mark.parametrize(
    "sentence",
    [
        "التقى بوتين وترامب في اجتماع الرياض بعد المكالمة [1].",
        "رئیس‌جمهور آمریکا در گفت‌وگوی تلفنی پوتین نود دقیقه طول کشید [2].",
        "Putin met Trump in Riyadh, the Kremlin said [3].",
        "The call between Trump and Putin produced several promising ideas about farming [3].",  # mostly words of its own
    ],
)
def test_a_sentence_put_together_from_two_does_not_pass(sentence):
    assert check_sentence(sentence, PASSAGES) is None


@pytest.mark.parametrize(
    ("sentence", "number", "source"),
    [
        ("حضر روبيو اجتماع الرياض بعد أسبوع [1].", 1, 1),
        ("وحَضَرَ روبيو اجتماعَ الرياض بعد اسبوع [1].", 1, 1),
        ("رئيس‌جمهور آمريكا آن را سازنده خواند [2].", 2, 1),
        ("رئیس جمهور آمریکا آن را سازنده خواند [2].", 2, 1),
        ("Marco Rubio met Sergei Lavrov in Riyadh for 4.5 hours [3].", 3, 1),
        ("MARCO RUBIO MET SERGEI LAVROV IN RIYADH [3].", 3, 1),
    ],
)
def test_what_a_passage_says_passes_in_any_spelling(sentence, number, source):
    checked = check_sentence(sentence, PASSAGES)
    assert checked is not None
    [found] = checked.evidence
    assert found.quote == evidence(PASSAGES[number - 1], source).quote
    assert found.passage.article.text[found.start : found.end] == found.quote


TURNED = [
    ("en", "Ukraine accepted the American truce proposal on Tuesday.", "Ukraine rejected the American truce proposal."),
    ("en", "Prices rose from 10 to 20 dollars in March.", "Prices fell from 10 to 20 dollars in March."),
    ("en", "Prices rose from 10 to 20 dollars in March.", "Prices rose from 20 to 10 dollars in March."),
    ("en", "The leaders spoke before the summit.", "The leaders spoke after the summit."),
    ("en", "The talks cost less than planned.", "The talks cost more than planned."),
    ("en", "In August Putin invited Trump to Moscow.", "In August Trump invited Putin to Moscow."),
    ("en", "Officials denied that Trump would meet Putin in Budapest.", "Trump would meet Putin in Budapest."),
    ("en", "If Ukraine refuses, Trump will end the aid.", "Trump will end the aid."),
    ("ar", "تحدث الزعيمان قبل القمة في ألاسكا.", "تحدث الزعيمان بعد القمة في ألاسكا."),
    ("ar", "نفى المسؤولون أن ترامب سيلتقي بوتين في بودابست.", "ترامب سيلتقي بوتين في بودابست."),
    ("ar", "دعا بوتين ترامب إلى موسكو.", "دعا ترامب بوتين إلى موسكو."),
    ("ar", "إذا رفضت أوكرانيا فستوقف واشنطن المساعدة.", "فستوقف واشنطن المساعدة."),
    ("fa", "رهبران پیش از نشست آلاسکا گفت‌وگو کردند.", "رهبران پس از نشست آلاسکا گفت‌وگو کردند."),
    ("fa", "پوتین ترامپ را به مسکو دعوت کرد.", "ترامپ پوتین را به مسکو دعوت کرد."),
    ("fa", "اگر اوکراین نپذیرد آمریکا کمک را قطع می‌کند.", "آمریکا کمک را قطع می‌کند."),
]


@pytest.mark.parametrize(("language", "source", "turned"), TURNED)
def test_a_sentence_turned_round_does_not_pass(language, source, turned):
    given = passage(source, language)
    assert check_sentence(f"{source} [1]", [given]) is not None
    assert check_sentence(f"{turned} [1]", [given]) is None


def test_a_passage_that_says_it_outweighs_one_that_does_not():
    checked = check_sentence("The call between Trump and Putin lasted 90 minutes, the Kremlin said [1, 3].", PASSAGES)
    assert checked is None or [found.passage for found in checked.evidence] == [ENGLISH]


def test_without_passages_nothing_passes():
    assert check_sentence("The call lasted 90 minutes [1].", []) is None
    assert check_sentence("دامت المكالمة [1].", []) is None


def test_function_words_alone_are_no_support():
    assert supporting_sentence("هذا هو ذلك", ARABIC) is None
    assert supporting_sentence("it is what it is", ENGLISH) is None


@given(st.text(alphabet=st.sampled_from("ab دامتیک۱٣3[]［】,،.؟ \n\u200c\u064e😀"), max_size=60))
def test_no_sentence_is_a_crash_and_none_passes_without_a_marker(sentence):
    checked = check_sentence(sentence, PASSAGES)
    if checked is not None:
        assert checked.evidence and set("[［【") & set(sentence)
        for found in checked.evidence:
            assert found.quote in found.passage.chunk.text


# Sentences as they are written


DRAFTS = [
    "دامت المكالمة ساعة [1]. وحضر روبيو! [2] هل وافق؟ [١] نعم [1][2].",
    "گفت‌وگو ۳.۵ ساعت بود [۱]؛ سپس رفت. [2] «چرا؟» [3]",
    "The call lasted 4.5 hours [1]. “Really?” [2] Yes.[3] It did… [1, 2] End",
    "One. [1]\n[2] Two\n\nThree [3].\n",
    "First line.\n[1] Second line",
    "قال د. أحمد [1].\r\nNOT TOLD",
]


def sentences(*pieces):
    return list(complete_sentences(pieces))


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft_cut_anywhere_gives_the_same_sentences(draft):
    whole = sentences(draft)
    assert sentences(*draft) == whole
    for cut in range(len(draft) + 1):
        assert sentences(draft[:cut], draft[cut:]) == whole, cut


@given(st.lists(st.text(alphabet=st.sampled_from("ab.؟! []1٢،\n»ی"), max_size=8), max_size=8))
@example(["A.\n", "[1] b"])
def test_any_draft_cut_anywhere_gives_the_same_sentences(pieces):
    assert sentences(*pieces) == sentences("".join(pieces))


@given(st.text(alphabet=st.sampled_from("ab.؟! []1٢،\n»ی"), max_size=40))
def test_no_word_of_a_draft_is_lost(draft):
    assert "".join("".join(sentences(draft)).split()) == "".join(draft.split())


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (
            "دامت المكالمة ساعة [1]. وحضر روبيو! [2] هل وافق؟ [١] نعم [1][2].",
            ["دامت المكالمة ساعة [1].", "وحضر روبيو! [2]", "هل وافق؟ [١]", "نعم [1][2]."],
        ),
        ("گفت‌وگو ۳.۵ ساعت بود [۱]. سپس رفت. [2]", ["گفت‌وگو ۳.۵ ساعت بود [۱].", "سپس رفت. [2]"]),
        ("It took 4.5 hours. [1] Then it ended.【2】 Over", ["It took 4.5 hours. [1]", "Then it ended.【2】", "Over"]),
        ("", []),
        (" \n ", []),
        ("no full stop", ["no full stop"]),
    ],
)
def test_sentences_keep_their_markers(draft, expected):
    assert sentences(draft) == expected


def test_a_sentence_is_shown_as_soon_as_the_next_begins():
    def pieces():
        yield "دامت ساعة [1]. "
        yield "و"
        raise AssertionError("more was drafted than was needed")

    assert next(complete_sentences(pieces())) == "دامت ساعة [1]."


# Numbering


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
