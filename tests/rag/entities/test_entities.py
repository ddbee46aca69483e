"""Names in articles: read in three languages, one thing over spellings and scripts, nobody else's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article
from rag.entities.extraction import GlossaryNames, name_sounds
from rag.entities.known import known_names
from rag.entities.parts import parts_of
from rag.text.glossary import Glossary, load_glossary, parse_glossary


@pytest.fixture(scope="module")
def reader() -> GlossaryNames:
    return GlossaryNames(load_glossary())


def article(text: str, language: str, title: str = "") -> Article:
    return Article("a", "a.txt", title, None, None, language, None, text)


def read(reader, text: str, language: str, title: str = "") -> dict[str, set[str]]:
    """Return the names of an article by kind, each as it is shown."""
    found: dict[str, set[str]] = {"person": set(), "place": set(), "organisation": set()}
    for mention in reader.mentions(article(text, language, title)):
        found[mention.kind].add(mention.name)
    return found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "قال بوتين إن المحادثات مفيدة."),
        ("ar", "وصل الوفد وبوتين إلى القصر، ثم قال لبوتين كلمة."),
        ("ar", "وصل فلادِيمير بُوتيـــن مساء أمس."),
        ("fa", "پوتین روز گذشته سخنرانی کرد."),
        ("fa", "ولاديمير پوتين روز گذشته سخنراني كرد."),
        ("en", "On Monday Vladimir Putin spoke for an hour."),
        ("en", "PUTIN spoke for an hour."),
    ],
)
def test_one_person_has_one_key_in_every_spelling_and_script(reader, language, text):
    assert {mention.key for mention in reader.mentions(article(text, language))} == {"=vladimir putin"}


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ar", "زار الوفد بسوسة معرضا وعاد.", "سوسة"),
        ("ar", "وصل الفريق إلى ولاية مدنين أمس.", "مدنين"),
        ("fa", "رئیس‌جمهور به اصفهان رفت.", "اصفهان"),
        ("fa", "نیروهای عراقی‌ها عقب نشستند.", "عراقی‌ها"),
        ("en", "The talks were held in Budapest on Friday.", "Budapest"),
        ("en", "Two U.S. officials left.", "U.S."),
    ],
)
def test_places_are_shown_without_what_is_joined_to_them(reader, language, text, name):
    assert name in read(reader, text, language)["place"]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ar", "أكد وليد الزغواني أن الأشغال انتهت.", "وليد الزغواني"),
        ("ar", "وقال عبد الوهاب المرزاقي إن القرار نهائي.", "عبد الوهاب المرزاقي"),
        ("ar", "التقى الوفد بالسيدة بسمة بن أحمد أمس.", "بسمة بن أحمد"),
        ("fa", "فرهاد کاوه‌زاد در گفت‌وگو با خبرنگاران افزود که کار تمام شده است.", "فرهاد کاوه‌زاد"),
        ("fa", "حجت‌الاسلام رضا جوکارنیا امام جمعه گفت.", "رضا جوکارنیا"),
        ("en", "The award went to Kevin Orlebar on Sunday.", "Kevin Orlebar"),
        ("en", "Finance minister Tolv Askrim said no.", "Tolv Askrim"),
    ],
)
def test_persons_that_no_glossary_has_are_told_by_first_names_titles_and_verbs(reader, language, text, name):
    assert read(reader, text, language)["person"] == {name}


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ar", "أعلنت وزارة الداخلية عن حملة جديدة.", "وزارة الداخلية"),
        ("ar", "وافقت جمعية القضاة التونسيين على الاقتراح.", "جمعية القضاة التونسيين"),
        ("fa", "به گزارش خبرنگار فارس، باران بارید.", "فارس"),
        ("fa", "شهرداری تبریز پل را گشود.", "شهرداری تبریز"),
        ("en", "The Helsing Transport Authority opened the bridge.", "Helsing Transport Authority"),
        ("en", "A spokesman for NASA declined to comment.", "NASA"),
    ],
)
def test_bodies_are_told_by_the_glossary_and_by_their_kind(reader, language, text, name):
    assert name in read(reader, text, language)["organisation"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Eric Trump opened a hotel on Tuesday."),
        ("ar", "افتتح إريك ترامب فندقا يوم الثلاثاء."),
        ("fa", "اریک ترامپ روز سه‌شنبه هتلی را گشود."),
    ],
)
def test_a_relative_is_not_the_famous_one(reader, language, text):
    names = {mention.key for mention in reader.mentions(article(text, language))}
    assert "=donald trump" not in names and names


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "على سليمان أن ينتظر نتيجة المشهد السياسي بمسقط رأسه."),
        ("ar", "أفادت المحكمة الابتدائية والمستشفى الجهوي بأن الحالة مستقرة."),
        ("fa", "علی‌رغم این که امکان دارد، پیمان منع آزمایش امضا نشد."),
        ("fa", "چهارشنبه سوری امسال آرام بود و ایران‌شناس خندید."),
        ("en", "will smith his way to success? He may march, and china plates may break."),
    ],
)
def test_ordinary_words_are_no_names(reader, language, text):
    assert not any(read(reader, text, language).values())


def test_places_and_offsets_count_in_the_text_and_not_in_the_title(reader):
    text = "مقدمة. زار الوفد باريس ثم عاد من باريس."
    whole = reader.mentions(article(text, "ar", "عنوان عن باريس"))
    assert [(mention.key, mention.count) for mention in whole] == [("=paris", 3)]
    assert reader.mentions(article(text, "ar"))[0].start == text.index("باريس")


def test_a_glossary_of_ones_own_is_read_and_changes_what_names_are_made_with():
    own = Glossary(parse_glossary("person\tzorvan tesh | tesh\tزورفان تش\tزوروان تش", "own"))
    reader = GlossaryNames(own)
    assert reader.made_with != GlossaryNames(load_glossary()).made_with
    for language, text in (("en", "Then Tesh spoke."), ("ar", "ثم تحدث زورفان تش."), ("fa", "سپس زوروان تش گفت.")):
        assert {mention.key for mention in reader.mentions(article(text, language))} == {"=zorvan tesh"}
    assert known_names(own) is known_names(own)


def test_names_of_two_scripts_sound_alike_and_brothers_do_too():
    assert set(name_sounds("Mikael Sorensen")) & set(name_sounds("ميكائيل سورنسن"))
    assert name_sounds("Putin") == () and name_sounds("لي كو") == ()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_parts_lie_in_the_text_in_their_order(text):
    parts = parts_of(text)
    assert all(part.start < part.end <= len(text) for part in parts)
    assert all(one.end <= other.start for one, other in zip(parts, parts[1:], strict=False))
    assert "".join(part.gap for part in parts) == "".join(
        text[(parts[at - 1].end if at else 0) : part.start] for at, part in enumerate(parts)
    )
