from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.kept_bytes import with_bytes_kept
from index.load import RawDocument, readable
from index.repair import repaired
from index.types import Article
from tests.index.made import articles_of, outcomes

TEXTS = {
    "ar": "أعلن الوزير استقالته يوم الأحد 21 أكتوبر في بغداد، وقال إن القرار نهائي (بحسب النورس) ولا رجعة عنه.",
    "fa": "رئیس‌جمهور گفت که ۳۵ نفر در زلزله کشته شدند و گفت‌وگوها در پاکستان ادامه دارد، چنان که ژاله نوشت.",
    "en": "The minister’s office said “no” to the café’s owner on 21 October – and that was that.",
}
ARABIC_FORMS = {"ا": "ﺎ", "ل": "ﻟ", "و": "ﻮ", "ز": "ﺰ", "ي": "ﻳ", "ر": "ﺮ", "ن": "ﻦ", "م": "ﻣ", "س": "ﺳ"}


def mended(text: str) -> tuple[str | None, list[str]]:
    found, problems = repaired(RawDocument("a.txt", readable(with_bytes_kept(text))))
    return found and found.text, [problem.reason for problem in problems]


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("table", ["latin-1", "cp1252", "twice", "cp1256"])
def test_utf_8_that_was_read_by_another_table(language, table):
    content = TEXTS[language].encode()
    if table == "twice":
        garbled = content.decode("latin-1").encode().decode("latin-1")
    else:
        garbled = "".join(bytes([byte]).decode(table, "ignore") or chr(byte) for byte in content)
    text, notes = mended(garbled)
    if language == "en" and table == "cp1256":
        return  # too few such letters to be sure of
    assert text == TEXTS[language] and len(notes) == 1 and "garbled" in notes[0]


def test_windows_1256_that_was_read_as_latin():
    assert mended(TEXTS["ar"].encode("cp1256").decode("latin-1"))[0] == TEXTS["ar"]
    arabic = "أظهرت الدراسة أن تظاهرة صفاقس عظيمة"
    assert mended(arabic.encode("cp1256").decode("latin-1"))[0] == arabic
    persian = "وزير گفت که پنج نفر در ژرفاي دره زخمي شدند و چند تن نجات يافتند."
    content = persian.encode("cp1256", "ignore")
    assert mended(content.decode("latin-1"))[0] == content.decode("cp1256")


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("ربوتكأ 12 دحألا موي هتلاقتسا ريزولا نلعأ", "أعلن الوزير استقالته يوم الأحد 12 أكتوبر"),
        (".دندش هتشک رفن ۳۵ هلزلز رد هک تفگ ریزو", "وزیر گفت که در زلزله ۳۵ نفر کشته شدند."),
        (".Reuters ةلاكو عم 2025 ماع ةلباقم يف ريزولا لاق", "قال الوزير في مقابلة عام 2025 مع وكالة Reuters."),
    ],
)
def test_text_that_is_stored_in_reverse(stored, read):
    text, notes = mended(stored)
    assert text == read and "stored in reverse" in notes[0]


def test_shapes_of_letters_become_letters_also_in_reverse():
    shaped = "".join(ARABIC_FORMS.get(letter, letter) for letter in TEXTS["ar"])
    assert mended(shaped) == (TEXTS["ar"], [])
    assert mended("ﻻ ﷲ")[0] == unicodedata.normalize("NFKC", "ﻻ ﷲ")
    stored = "".join(ARABIC_FORMS.get(letter, letter) for letter in "ربوتكأ 12 دحألا موي هتلاقتسا ريزولا نلعأ")
    assert mended(stored)[0] == "أعلن الوزير استقالته يوم الأحد 12 أكتوبر"


@pytest.mark.parametrize("language", ["ar", "fa"])
@pytest.mark.parametrize("mark", ["?", "\ufffd"])
def test_letters_that_are_lost_are_told_and_never_quoted(language, mark):
    lost = "".join(mark if character.isalpha() else character for character in TEXTS[language])
    [problem] = outcomes(lost)
    assert not isinstance(problem, Article) and problem.skipped and "lost" in problem.reason and "UTF-8" in problem.reason
    found = outcomes("\n".join([TEXTS[language], lost, TEXTS[language].replace("21", "22").replace("۳۵", "۳۶")]))
    article = next(item for item in found if isinstance(item, Article))
    reasons = [item.reason for item in found if not isinstance(item, Article)]
    assert mark * 3 not in article.text and any("1 of 3 lines" in reason for reason in reasons)


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS.values(), "ماذا قال؟؟ لا شيء!! really??? yes", "El niño está en São Paulo: à bientôt, Łódź", "دژ", "۳۵٪ ﴿الحمد﴾",
        "شرکت‌کننده‌ها\nگل سرخ محمدی گل داد\nنوشت فاطمه تعریف دیگری دارد و سیب سرخ گلاب را بو کرد",
        "لا إله إلا الله", "كلها لا لا لا",
    ],
)  # fmt: skip
def test_sound_text_stays(text):
    assert mended(text) == (text, [])


def test_numbers_of_letters():
    assert mended("&#1602;&#1605;&#1577; &#1604;&#1606; تعقد")[0] == "قمة لن تعقد"
    assert mended(r"\u062e\u0628\u0631 \u0639\u0627\u062c\u0644")[0] == "خبر عاجل"


def test_the_title_of_a_header_is_repaired_too():
    title = "الوزير يعلن استقالته".encode().decode("latin-1")
    found = articles = [item for item in outcomes(f"---\ntitle: {title}\n---\n{TEXTS['ar']}") if isinstance(item, Article)]
    assert found and articles[0].title == "الوزير يعلن استقالته"


@given(st.text() | st.text(st.sampled_from("ØÙÚ§„ â€Œقمه?\ufffd\n ab\x85\x81()"), max_size=60))
@settings(deadline=None, max_examples=80)
def test_no_text_raises(text):
    once, _ = mended(text)
    assert once is None or isinstance(once, str)


def test_repair_leaves_an_article_of_a_file_whole():
    assert [item.text for item in articles_of(TEXTS["ar"])] == [TEXTS["ar"]]
