import ast
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import detect_language
from index.types import LANGUAGES
from rag.phrases import counted, in_percent, listed, not_told, phrase, phrases, say, written_count, written_date

ROOT = Path(__file__).parents[2]
# English says these in the words of the report itself.
OF_REPORT = ("reason.", "remedy.", "own_remedy.", "unread_suffix", "save_as")
# Languages by their own names, and numbers: the same in all three.
SHARED = ("own_name.", "percent", "example_day.numeric")
SAYING = {"say", "phrase", "filled", "heading", "in_each_language", "_told", "_with_examples", "_groups_html"}


def gaps(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


# The forms of what is counted, as CLDR names them: those that a language can need. Arabic alone needs a word for none of them.
FORMS = {"ar": ("zero", "one", "two", "few", "many", "other"), "fa": ("other",), "en": ("one", "other")}
HOLD_THEIR_NUMBER = ("zero", "one", "two")


def nouns() -> list[str]:
    return sorted({key.split(".")[0].removeprefix("count_") for key in phrases() if key.startswith("count_")})


def languages_of(key: str) -> tuple[str, ...]:
    if key.startswith("count_"):
        return tuple(language for language in LANGUAGES if key.split(".")[1] in FORMS[language])
    return ("ar", "fa") if key.startswith(OF_REPORT) else LANGUAGES


@pytest.mark.parametrize("key", phrases())
def test_a_text_has_three_languages_and_the_same_gaps_in_each(key):
    texts = phrases()[key]
    assert set(texts) == set(languages_of(key)) and all(text.strip() == text and text for text in texts.values())
    if key.startswith("count_"):
        assert all(gaps(text) == ["number"] for language, text in texts.items() if language != "ar")
        return
    assert all(gaps(text) == gaps(texts["ar"]) for text in texts.values())
    assert key.startswith(SHARED) or len(set(texts.values())) == len(texts)


@pytest.mark.parametrize("key", [key for key in phrases() if not key.startswith("own_name.")])
def test_a_text_is_written_in_the_letters_of_its_language(key):
    arabic, persian = (re.sub(r"\{\w+\}", "", phrases()[key].get(language, "")) for language in ("ar", "fa"))
    assert not set("یکپچژگ\u200cەہۀ") & set(arabic) and not set("يكةىۀ") & set(persian)
    assert not set("\"'“”,;?") & set(arabic + persian), "the marks of another language"
    assert not set("0123456789٠١٢٣٤٥٦٧٨٩") & set(re.sub("[-A-Z]*UTF-8", "", persian)), "Persian has its own digits"


def said_in(file: Path) -> tuple[set[str], set[str]]:
    """The names of texts that a module says, and the families that it says a member of."""
    names, families = set(), set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            families.add(node.values[0].value)
    return names, families


def said_by_scripts():
    """The texts that the page's scripts name; a count's forms are all of its noun's."""
    scripts = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "ui/page/static").glob("*.js"))
    nouns = re.findall(r'counted\("(\w+)"', scripts)
    counted = {key for noun in nouns for key in phrases() if key.startswith(f"count_{noun}.")}
    return {*re.findall(r"page_\w+\.\w+", scripts)} | counted


def test_scripts_name_no_text_that_is_not_there():
    assert {name for name in said_by_scripts() if not name.endswith("_")} <= set(phrases())


def test_no_text_is_left_over():
    found = [said_in(file) for folder in ("rag", "ui") for file in (ROOT / folder).rglob("*.py")]
    names, families = (set().union(*each) for each in zip(*found, strict=True))
    families |= {name for name in names if name.endswith(".")}
    names |= said_by_scripts()
    families |= {f"count_{noun}." for noun in nouns() if noun in names}
    bounds = {f"{bound}_day" for bound in ("since", "until", "before", "after")}
    left = [key for key in phrases() if key not in names | bounds and key.split(".")[0] + "." not in families]
    assert left == []


def test_no_text_is_missing():
    missing = []
    for file in [file for folder in ("rag", "ui") for file in (ROOT / folder).rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING and node.args:
                key = node.args[0]
                if isinstance(key, ast.Constant) and key.value not in phrases():
                    missing.append((file.name, key.value))
    assert missing == []


def test_a_gap_is_filled_and_what_it_is_filled_with_is_not_read():
    assert say("read_as", "en", word="{name}", name="x") == "“{name}” is in no article; it was read as “x”."
    with pytest.raises(KeyError):
        say("read_as", "fa", word="x")
    with pytest.raises(KeyError):
        say("no such text", "ar")


@pytest.mark.parametrize("key", ["quotes_follow", "not_told", "not_told_within"])
def test_the_long_texts_are_taken_for_their_language(key):
    assert {language: detect_language(phrase(key, language)) for language in LANGUAGES} == {
        language: language for language in LANGUAGES
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", ["أ", "أ وب", "أ وب وج"]), ("fa", ["أ", "أ و ب", "أ، ب و ج"]), ("en", ["أ", "أ and ب", "أ, ب and ج"])],
)
def test_names_in_a_list(language, expected):
    assert [listed(["أ", "ب", "ج"][:length], language) for length in (1, 2, 3)] == expected


@pytest.mark.parametrize(
    ("day", "arabic", "persian", "english"),
    [
        (date(2025, 8, 15), "15 أغسطس 2025", "۲۴ مرداد ۱۴۰۴ (۱۵ اوت ۲۰۲۵)", "15 August 2025"),
        (date(2025, 2, 12), "12 فبراير 2025", "۲۴ بهمن ۱۴۰۳ (۱۲ فوریهٔ ۲۰۲۵)", "12 February 2025"),
        (date(2025, 3, 21), "21 مارس 2025", "۱ فروردین ۱۴۰۴ (۲۱ مارس ۲۰۲۵)", "21 March 2025"),
        (date(2025, 3, 20), "20 مارس 2025", "۳۰ اسفند ۱۴۰۳ (۲۰ مارس ۲۰۲۵)", "20 March 2025"),  # a leap year
        (date(2023, 3, 20), "20 مارس 2023", "۲۹ اسفند ۱۴۰۱ (۲۰ مارس ۲۰۲۳)", "20 March 2023"),
        (date(2024, 1, 1), "1 يناير 2024", "۱۱ دی ۱۴۰۲ (۱ ژانویهٔ ۲۰۲۴)", "1 January 2024"),
    ],
)
def test_dates(day, arabic, persian, english):
    assert [written_date(day, language) for language in ("ar", "fa", "en")] == [arabic, persian, english]


@pytest.mark.parametrize(("language", "text"), [("ar", "بلا تاريخ"), ("fa", "بی‌تاریخ"), ("en", "undated")])
def test_an_unknown_date(language, text):
    assert written_date(None, language) == text


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_any_date_is_written_in_the_digits_of_its_reader(day):
    assert str(day.year) in written_date(day, "ar") and str(day.year) in written_date(day, "en")
    persian = written_date(day, "fa")
    assert not set("0123456789") & set(persian)
    assert not set("٤٥٦يك") & set(persian)
    assert persian.endswith(f"{day.year})".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")))


@pytest.mark.parametrize("day", [date(1, 1, 1), date(622, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_of_nonsense_is_no_crash(day, language):
    assert written_date(day, language)


def test_counts_and_shares_in_the_digits_of_a_language():
    assert [written_count(1_234_567, language) for language in LANGUAGES] == ["1,234,567", "۱٬۲۳۴٬۵۶۷", "1,234,567"]
    assert [in_percent(45, language) for language in LANGUAGES] == ["45%", "۴۵٪", "45%"]


@pytest.mark.parametrize("noun", nouns())
def test_what_is_counted_has_every_form_that_its_languages_need(noun):
    for language, forms in FORMS.items():
        found = {form: phrases()[f"count_{noun}.{form}"].get(language) for form in forms if f"count_{noun}.{form}" in phrases()}
        assert set(forms) - {"zero"} <= {form for form, text in found.items() if text}
    arabic = {form: texts["ar"] for form in FORMS["ar"] if (texts := phrases().get(f"count_{noun}.{form}"))}
    assert all(gaps(text) == ([] if form in HOLD_THEIR_NUMBER else ["number"]) for form, text in arabic.items())


@pytest.mark.parametrize(
    ("number", "arabic", "persian", "english"),
    [
        (0, "لا مقالات", "۰ مقاله", "0 articles"),
        (1, "مقال واحد", "۱ مقاله", "1 article"),
        (2, "مقالان", "۲ مقاله", "2 articles"),
        (3, "3 مقالات", "۳ مقاله", "3 articles"),
        (10, "10 مقالات", "۱۰ مقاله", "10 articles"),
        (11, "11 مقالًا", "۱۱ مقاله", "11 articles"),
        (99, "99 مقالًا", "۹۹ مقاله", "99 articles"),
        (100, "100 مقال", "۱۰۰ مقاله", "100 articles"),
        (102, "102 مقال", "۱۰۲ مقاله", "102 articles"),
        (103, "103 مقالات", "۱۰۳ مقاله", "103 articles"),
        (12_345, "12,345 مقالًا", "۱۲٬۳۴۵ مقاله", "12,345 articles"),
    ],
)
def test_a_number_with_what_it_counts(number, arabic, persian, english):
    assert [counted("article", number, language) for language in ("ar", "fa", "en")] == [arabic, persian, english]


def test_nobody_counts_what_has_no_name():
    with pytest.raises(KeyError):
        counted("no such noun", 1, "ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_near_miss_tells_of_whom_the_articles_do_tell(language):
    names = {"ar": ["عمر صالح", "أحمد", "مصر"], "fa": ["پزشکیان", "ایران", "قم"], "en": ["Omar Saleh", "Egypt"]}[language]
    told = not_told(language, names=names)
    first, last = told.split("\n\n")
    assert first == phrase("not_told", language) and all(name in last for name in names)
    assert "\n" not in not_told(language)
