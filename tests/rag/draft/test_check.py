import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.draft.check import check_sentence, cited_passages, needs_antecedent, supporting_evidence, with_sentence_before
from rag.draft.markers import DraftSentence, draft_sentences
from rag.draft.prompt import TAGS, Excerpt
from rag.text.glossary import load_glossary
from tests.rag.scripted import evidence, passage

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


def checked(text, passages=PASSAGES):
    """Return the first sentence of a draft as checked against passages, under the tags that the prompt gives them."""
    excerpts = [Excerpt(tag, found, found.chunk.text) for tag, found in zip(TAGS, passages, strict=False)]
    return next((check_sentence(sentence, excerpts, load_glossary()) for sentence in draft_sentences([text])), None)


# Per language: the passage's number, a sentence that it supports, and the source sentence behind it.
SUPPORTED = {
    "ar": (1, "قال الكرملين إن المكالمة بين بوتين وترامب دامت ساعة ونصف الساعة يوم 12 فبراير", 0),
    "fa": (2, "کرملین گفت گفت‌وگوی تلفنی پوتین و ترامپ در ۱۲ فوریه ۹۰ دقیقه طول کشید", 0),
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
        passed = checked(sentence)
        assert passed is not None, sentence
        assert passed.text.rstrip(".") == text
        assert [(found.start, found.end) for found in passed.evidence] == [(expected.start, expected.end)]
        assert passed.evidence[0].quote == expected.quote


@pytest.mark.parametrize("markers", ["[1, 3]", "[1,3]", "[1][3]", "[1] [3]", "[١، ٣]", "[1; 3]", "［1］【3】", "[3, 1, 3]"])
def test_several_markers(markers):
    call = "The call between Trump and Putin on 12 February lasted 90 minutes, the Kremlin said"
    passed = checked(f"{call} {markers}.", [ENGLISH, ARABIC, ENGLISH])
    assert passed is not None
    assert "english" in {found.passage.article.article_id for found in passed.evidence}
    assert not set("[]［］【】") & set(passed.text)


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
        "The call between Trump and Putin lasted 90 minutes, the Kremlin said [k3][q9].",
        "The call between Trump and Putin lasted 90 minutes [3].",  # who says so is left out
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
    assert checked(sentence) is None


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
    assert checked(sentence) is None, what


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
    assert checked(sentence) is None, what


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
    assert checked(sentence) is None


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
    assert (checked(sentence, PRESENT) is not None) == passes


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
    assert checked(sentence) is None


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
    passed = checked(sentence)
    assert passed is not None
    [found] = passed.evidence
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
    assert checked(f"{source} [1]", [given]) is not None
    assert checked(f"{turned} [1]", [given]) is None


def test_a_passage_that_says_it_is_cited_without_one_that_does_not():
    passed = checked("Marco Rubio met Sergei Lavrov in Riyadh for 4.5 hours [1, 3].")
    assert passed is not None and [found.passage for found in passed.evidence] == [ENGLISH]


def test_without_passages_nothing_passes():
    assert checked("The call lasted 90 minutes [1].", []) is None
    assert checked("دامت المكالمة [1].", []) is None


def test_function_words_alone_are_no_support():
    assert supporting_evidence("هذا هو ذلك", ARABIC, load_glossary()) is None
    assert supporting_evidence("این همان است", PERSIAN, load_glossary()) is None
    assert supporting_evidence("it is what it is", ENGLISH, load_glossary()) is None


@given(st.text(alphabet=st.sampled_from("ab دامتیک۱٣3[]［】,،.؟ \n\u200c\u064e😀"), max_size=60))
def test_no_sentence_is_a_crash_and_none_passes_without_a_marker(sentence):
    passed = checked(sentence)
    if passed is not None:
        assert passed.evidence and set("[［【") & set(sentence)
        for found in passed.evidence:
            assert found.quote in found.passage.chunk.text


@pytest.mark.parametrize(
    ("tags", "broken", "named"),
    [
        (("1",), False, ["arabic"]), ((TAGS[0],), False, ["arabic"]), ((TAGS[2], "1", "3"), False, ["english", "arabic"]),
        ((), False, []), (("0",), False, []), (("4",), False, []), ((TAGS[3],), False, []), (("1", "7"), False, []),
        (("1",), True, []),
    ],
)  # fmt: skip
def test_the_passages_that_markers_name(tags, broken, named):
    excerpts = [Excerpt(tag, found, found.chunk.text) for tag, found in zip(TAGS, PASSAGES, strict=False)]
    found = cited_passages(DraftSentence("x", tags, broken), excerpts)
    assert [item.article.article_id for item in found] == named


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("He said that the talks were useful.", True), ("She left.", True), ("Rubio said that he was glad.", False),
        ("وقال إن المحادثات مفيدة.", True), ("وقال روبيو إنه سعيد.", False), ("وهو سعيد.", True),
        ("او گفت که خوشحال است.", True), ("وی رفت.", True), ("روبیو گفت که او خوشحال است.", False),
    ],
)  # fmt: skip
def test_a_sentence_that_leaves_open_who_it_is_about(text, back):
    assert needs_antecedent(text, load_glossary()) == back


def test_a_piece_of_evidence_with_the_sentence_before_it():
    second = evidence(ARABIC, 1)
    wider = with_sentence_before(second)
    assert wider is not None and wider.quote == ARABIC.chunk.text and wider.end == second.end
    assert with_sentence_before(evidence(ARABIC)) is None
    assert with_sentence_before(evidence(passage("روبیو رفت.\nاو برگشت.", "fa"), 1)) is None
