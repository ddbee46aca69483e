import re
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import detect_language
from index.text import words
from index.types import LANGUAGES, KhabarError
from rag.archive import open_archive
from rag.ask.question import read_question
from rag.retrieve.expansion import expand
from rag.settings import read_settings
from rag.text.glossary import Glossary, load_glossary, parse_glossary

SMALL = """\
# tab-separated
person	vladimir putin | putin	فلاديمير بوتين | بوتين	ولادیمیر پوتین | پوتین
office	president	رئيس | رئيس الجمهورية	رئیس‌جمهور
organisation	nato | north atlantic treaty organization	حلف شمال الأطلسي | الناتو	ناتو | پیمان آتلانتیک شمالی
word	to meet | met	اجتمع	دیدار کرد
"""


@pytest.fixture(scope="module")
def small() -> Glossary:
    return Glossary(parse_glossary(SMALL, "small.tsv"))


def found(glossary: Glossary, text: str) -> list[tuple[str, str]]:
    """Return (the words of the text that name a term, the term's first English variant)."""
    sought = words(text)
    return [
        (" ".join(sought[match.start : match.end]), " ".join(match.entries[0].variants["en"][0]))
        for match in glossary.find(sought, detect_language(text))
    ]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("بوتين", "vladimir putin"),
        ("پوتین", "vladimir putin"),
        ("پوتين", "vladimir putin"),  # Persian with Arabic keys
        ("Putin", "vladimir putin"),
        ("PUTIN's", "vladimir putin"),
        ("بُوتِين", "vladimir putin"),
        ("بوتيـــن", "vladimir putin"),
        ("وبوتين", "vladimir putin"),
        ("لبوتين", "vladimir putin"),
        ("ولادیمیر پوتین", "vladimir putin"),
        ("لفلاديمير بوتين", "vladimir putin"),
        ("رئیس‌جمهور", "president"),
        ("رئیس جمهور", "president"),
        ("رئيس‌جمهور", "president"),
        ("رئیسجمهور", "president"),
        ("الرئيس", "president"),
        ("والرئيس", "president"),
        ("للرئيس", "president"),
        ("رئيس", "president"),
        ("رئيس الجمهورية", "president"),
        ("NATO", "nato"),
        ("الناتو", "nato"),
        ("حلف شمال الأطلسي", "nato"),
        ("حلف شمال الاطلسى", "nato"),
        ("يجتمع", "to meet"),
        ("سيجتمع", "to meet"),
    ],
)
def test_a_term_is_found_in_any_spelling(small, text, term):
    matches = found(small, text)
    assert term in [name for _, name in matches], matches


def test_the_longest_term_wins_and_no_term_stands_inside_another(small):
    assert found(small, "هل يجتمع فلاديمير بوتين مع حلف شمال الأطلسي؟") == [
        ("يجتمع", "to meet"),
        ("فلاديمير بوتين", "vladimir putin"),
        ("حلف شمال الاطلسي", "nato"),
    ]


@pytest.mark.parametrize("text", ["", "؟", "الكشري", "قهوه", "putting", "بوت", "شمال", "north"])
def test_other_words_name_no_term(small, text):
    assert found(small, text) == []


def test_an_entry_holds_its_variants_in_the_three_languages():
    entry = parse_glossary(SMALL, "small.tsv")[1]
    assert entry.kind == "office"
    assert entry.variants["en"] == (("president",),)
    assert entry.variants["ar"] == (("رييس",), ("رييس", "الجمهوريه"))
    assert entry.variants["fa"] == (("رييس\u200cجمهور",),)


@pytest.mark.parametrize(
    ("text", "line", "words_told"),
    [
        ("person\tputin\tبوتين", 1, "3 columns"),
        ("person putin بوتين پوتین", 1, "1 columns"),
        ("# ok\n\nperson\tputin\tبوتين\tپوتین\textra", 3, "5 columns"),
        ("person\tputin\tبوتين\tپوتین\nperson\tputin\t\t", 2, "one variant alone"),
        ("person\t\t\t", 1, "one variant alone"),
        ("person\t؟\t!\t…", 1, "one variant alone"),
    ],
)
def test_a_bad_line_is_told_with_its_number(text, line, words_told):
    with pytest.raises(KhabarError) as caught:
        parse_glossary(text, "قاموسي.tsv")
    assert f"قاموسي.tsv, line {line}: " in str(caught.value) and words_told in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment", "   \n\t\n"])
def test_no_line_is_no_error(text):
    assert parse_glossary(text, "x") == []


def test_lines_of_windows_and_synonyms_within_one_language():
    entries = parse_glossary("word\t\tهدنة | وقف إطلاق النار\t\r\nword\ttruce\tهدنة\tآتش‌بس\r\n", "x")
    assert [len(entry.variants["ar"]) for entry in entries] == [2, 1]
    assert entries[1].variants["fa"] == (("اتش\u200cبس",),)


@given(st.text(alphabet=st.sampled_from("ab\t|#\n\r \u200cبپیي۱١1\u0651\ud7ff\x00"), max_size=60))
def test_no_text_makes_anything_but_entries_or_a_khabar_error(text):
    try:
        entries = parse_glossary(text, "x")
    except KhabarError as error:
        assert "x, line " in str(error)
    else:
        Glossary(entries).find(words(text), "ar")


@given(
    st.lists(st.text(alphabet=st.sampled_from("ابتيیسوفلکكئآ\u200cputin1۱"), min_size=1, max_size=9), max_size=12),
    st.sampled_from(LANGUAGES),
)
def test_matches_lie_inside_the_question_and_never_overlap(glossary, texts, language):
    sought = words(" ".join(texts))
    end = 0
    for match in glossary.find(sought, language):
        assert end <= match.start < match.end <= len(sought)
        assert 1 <= len(match.entries) <= 3
        end = match.end


def test_the_users_own_file_adds_terms(tmp_path):
    own = tmp_path / "قاموسي.tsv"
    own.write_text("\ufeffword\tkoshari recipe\tالكشري المصري\tکشری\n", encoding="utf-8")
    both = load_glossary(own)
    assert found(both, "الكشري المصري") == [("الكشري المصري", "koshari recipe")]
    assert found(both, "کشری") == [("كشري", "koshari recipe")]
    assert [name for _, name in found(both, "بوتين")] == [name for _, name in found(load_glossary(), "بوتين")] != []
    assert found(load_glossary(), "کشری") == []


@given(st.lists(st.text("abاب ۲\u200c|-_", max_size=12), min_size=3, max_size=3))
def test_a_term_is_found_by_each_of_its_variants_and_by_nothing_else(columns):
    text = " | ".join(columns)
    try:
        [entry] = parse_glossary("\t".join(["word", *columns[:2], text]), "g") or [None]
    except KhabarError:
        return
    glossary = Glossary([entry])
    keys = set()
    for language, variants in entry.variants.items():
        for variant in variants:
            spaced = " ".join(variant)
            keys |= {(language, spaced.replace("\u200c", joint)) for joint in (" ", "")}
            if len(variant) < 5:
                [match] = glossary.find(variant, language)[:1]
                assert match.entries == (entry,)
    assert len(glossary) == len(keys)


@pytest.mark.parametrize("kind", ["missing", "folder", "latin"])
def test_a_file_of_ones_own_that_cannot_be_read(tmp_path, kind):
    own = tmp_path / f"{kind}.tsv"
    if kind == "folder":
        own.mkdir()
    elif kind == "latin":
        own.write_bytes("word\ttruce\tهدنة\tx".encode("windows-1256"))
    with pytest.raises(KhabarError) as caught:
        load_glossary(own)
    assert str(own) in str(caught.value) and "\n" not in str(caught.value)


EMBEDDED = resources.files("rag").joinpath("data/glossary.tsv").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def entries():
    return parse_glossary(EMBEDDED, "glossary.tsv")


def test_the_embedded_file_is_large_and_of_known_kinds(entries):
    assert len(entries) > 1_000
    assert all(entry.kind.isalpha() and entry.kind.islower() for entry in entries)
    assert max(Counter(entry.kind for entry in entries).values()) < len(entries) / 2


def test_every_row_of_the_embedded_file_links_two_languages(entries):
    assert [entry for entry in entries if sum(bool(found) for found in entry.variants.values()) < 2] == []


def test_no_entry_of_the_embedded_file_stands_twice(entries):
    rows = Counter(tuple(entry.variants[language] for language in LANGUAGES) for entry in entries)
    assert [row for row, times in rows.items() if times > 1] == []
    first = Counter((entry.kind, entry.variants["en"][0]) for entry in entries if entry.variants["en"])
    assert [name for name, times in first.items() if times > 1] == []


def test_no_variant_of_the_embedded_file_is_cut_off_or_stands_twice_in_its_column():
    for number, line in enumerate(EMBEDDED.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        for column in line.split("\t")[1:]:
            variants = [tuple(words(variant)) for variant in column.split("|") if variant.strip()]
            assert len(variants) <= 12, f"line {number}: more variants than are read"
            assert all(variants), f"line {number}: a variant without words"


def test_the_embedded_file_keeps_to_its_scripts():
    for number, line in enumerate(EMBEDDED.split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            _, english, arabic, persian = line.split("\t")
            assert not re.search("[\u0600-\u06ff]", english) and english == english.lower(), f"line {number}: {english}"
            assert not set("پچژگیک") & set(arabic), f"line {number}: Persian letters in the Arabic {arabic}"
            assert not set("يكة") & set(persian), f"line {number}: Arabic letters in the Persian {persian}"


@pytest.mark.parametrize("text", ["بوتين", "پوتین", "putin"])
def test_the_embedded_file_knows_putin_in_each_language(glossary, text):
    matches = glossary.find(words(text), detect_language(text))
    variants = {variant for match in matches for entry in match.entries for variant in entry.variants["ar"]}
    assert any("بوتين" in variant for variant in variants)


def test_expansion_is_bounded_even_where_every_word_is_a_term(archive, glossary):
    # Cyclic names: the longest question allowed, all of it terms.
    text = " ".join(["ترامب بوتين لافروف روبيو أوكرانيا روسيا الناتو بودابست ألاسكا واشنطن"] * 30)[:2000]
    question = read_question(text, [], glossary, 2000)
    assert len(question.terms) < 40
    for language in LANGUAGES:
        assert all(len(term.variants(language)) <= 36 for term in question.terms)
        assert len(expand(question, language, archive.retriever.lexical).weights) < 3_000


# Glossaries that a user might write: none makes a question raise, or search for more than a few hundred words.

NASTY = {
    "a cycle": "word\talpha | beta\tألفا\tآلفا\nword\tbeta | alpha\tبيتا | ألفا\tبتا\nword\tgamma\tبيتا | ألفا\tآلفا | بتا\n",
    "a word that means itself": "word\talpha\talpha\talpha\nword\tألفا | ألفا\tألفا\tألفا\n",
    "one variant in 500 entries": "".join(f"word\talpha | w{n} x{n}\tألفا | كلمة{n}\tآلفا | واژه{n}\n" for n in range(500)),
    "hundreds of variants": "word\talpha | {}\tألفا | {}\tآلفا | {}\n".format(
        *(" | ".join(f"{word} number{n} of many" for n in range(400)) for word in ("word", "كلمة", "واژه"))
    ),
    "a term that means everything": f"word\talpha | {' | '.join(f'w{n}' for n in range(300))}\tألفا\tآلفا\n"
    + "".join(f"word\talpha\tكل{n} شيء\tهمه{n} چیز\n" for n in range(300)),
    "a variant of two hundred words": f"word\talpha | {' '.join(f'w{n}' for n in range(200))}\tألفا | {'كلمة ' * 200}\tآلفا\n",
    "a variant of one long word": f"word\talpha | {'w' * 5_000}\tألفا | {'ب' * 5_000}\tآلفا\n",
    "function words": "word\tthe | of | in\tفي | من\tدر | از\n",
    "signs": 'word\talpha | AND OR NOT "x"~2 ^ [a TO b]\tألفا | \u202e؟\u202c كلمة\tآلفا | ‌‌واژه‌‌\n',
    "numbers": "word\talpha | 2025\tألفا | ٢٠٢٥\tآلفا | ۲۰۲۵\n",
}  # fmt: skip


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
@pytest.mark.parametrize("question", ["alpha in 2025", "ماذا عن ألفا وبيتا؟", "آلفا در ۲۰۲۵ چیست؟", "beta alpha gamma " * 100])
def test_no_glossary_makes_a_question_raise_or_search_for_everything(archive, text, question):
    nasty = Glossary(parse_glossary(text, "x"))
    asked = read_question(question, [], nasty, 2000)
    for term in asked.terms:
        assert len(term.entries) <= 3 and all(len(term.variants(language)) <= 36 for language in LANGUAGES)
    for language in LANGUAGES:
        query = expand(asked, language, archive.retriever.lexical)
        brought = sum(len(word) for term in asked.terms for variant in term.variants(language) for word in variant)
        assert len(query.weights) <= 2 * (len(" ".join(words(question))) + brought) + 20
        assert brought <= 36 * 5_000
        assert all(0 < weight < 10 for weight in query.weights.values()) and query.reach > 0
    assert isinstance(archive.retriever.retrieve(asked, 8), list)


def test_a_variant_that_stands_everywhere_brings_three_entries_at_most(archive):
    text = "".join(f"word\talpha\tكلمة{n}\tواژه{n}\n" for n in range(500))
    crowded = Glossary(parse_glossary(text, "x"))
    asked = read_question("alpha", [], crowded, 2000)
    assert [len(term.variants("ar")) for term in asked.terms] == [3]
    assert len(expand(asked, "ar", archive.retriever.lexical).weights) < 20


def test_a_cycle_of_entries_leads_no_further_than_to_its_neighbours():
    text = "".join(f"word\tw{n} | w{n + 1}\tكلمة{n}\t\n" for n in range(200)) + "word\tw200 | w0\tكلمة200\t\n"
    [match] = Glossary(parse_glossary(text, "x")).find(["w7"], "en")
    assert [entry.variants["ar"][0][0] for entry in match.entries] == ["كلمه6", "كلمه7"]


def test_the_users_own_file_reaches_an_opened_archive(data, tmp_path):
    own = tmp_path / "own.tsv"
    own.write_text("word\txqzwv\tقمة بودابست\tنشست بوداپست\n", encoding="utf-8")
    without = open_archive(read_settings(data=data, embedder="none", reader="none", llm="none"))
    before = without.answerer.answer("where was xqzwv?")
    assert before.abstained
    opened = open_archive(read_settings(data=data, embedder="none", reader="none", llm="none", glossary=own))
    answer = opened.answerer.answer("where was xqzwv?")
    assert answer.confidence > 2 * before.confidence
    assert any("بودابست" in item.title or "بوداپست" in item.title for item in (*answer.citations, *answer.related))
    for archive in (without, opened):
        archive.catalog.close()


def test_the_environment_names_the_users_own_file(data, tmp_path, monkeypatch):
    own = tmp_path / "own.tsv"
    own.write_text("word\tone column too few\tكلمة\n", encoding="utf-8")
    monkeypatch.setenv("KHABAR_GLOSSARY", str(own))
    with pytest.raises(KhabarError, match=r"own\.tsv, line 1: 3 columns instead of 4"):
        open_archive(read_settings(data=data, embedder="none", reader="none", llm="none"))


def test_a_path_is_taken_as_it_is(tmp_path):
    own = tmp_path / "terms"
    own.write_text("word\ta b\tت ث\tپ", encoding="utf-8")
    assert len(load_glossary(Path(own))) > len(load_glossary())


def test_a_word_of_two_languages_is_read_in_the_question_s_own():
    glossary = Glossary(parse_glossary("politics\tcoup\tانقلاب\tکودتا\npolitics\trevolution\tثورة\tانقلاب\n", "x"))
    [arabic], [persian] = glossary.find(["انقلاب"], "ar"), glossary.find(["انقلاب"], "fa")
    assert (arabic.entries[0].variants["en"], persian.entries[0].variants["en"]) == ((("coup",),), (("revolution",),))


def test_the_users_own_meaning_of_a_word_is_not_crowded_out(tmp_path, glossary):
    single = {variant[0] for entry in parse_glossary(EMBEDDED, "x") for variant in entry.variants["ar"] if len(variant) == 1}
    crowded = max(sorted(single), key=lambda word: len(glossary.find([word], "ar")[0].entries))
    assert len(glossary.find([crowded], "ar")[0].entries) > 1
    own = tmp_path / "own.tsv"
    own.write_text(f"word\tkhabar\t{crowded}\tخبر\n", encoding="utf-8")
    [match] = load_glossary(own).find([crowded], "ar")
    assert (("khabar",),) in [entry.variants["en"] for entry in match.entries]


def test_an_entry_keeps_how_the_glossary_writes_it():
    (entry,) = parse_glossary("city\tDeir ez-Zor\tدير الزور | ديرالزور\tپاوه", "own")
    assert entry.written == {"en": ("Deir ez-Zor",), "ar": ("دير الزور", "ديرالزور"), "fa": ("پاوه",)}
