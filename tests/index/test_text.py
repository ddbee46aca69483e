from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import ZWNJ, analyse, fold, fold_offsets, grams, index_stems, is_latin, skeletons, squash, stem, stems, words

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگکیىةئؤأإآٱ"
SOME_TEXT = st.text(
    st.characters() | st.sampled_from(f"{LETTERS}٠١٢۳۴۵aéZß İſŉﷺﻻ½²{ZWNJ}\u064b\u0651\u0670ـ\u0301\u200f\u202e\u00ad،؛؟.,'")
)
A_WORD = st.text(st.sampled_from(f"{LETTERS}abcdxyz0123456789۱۲۳{ZWNJ}"), min_size=1, max_size=14)
HARAKAT = [chr(code) for code in range(0x064B, 0x0653)] + ["\u0670"]


@given(SOME_TEXT)
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


def test_fold_of_every_character_is_idempotent():
    once = [fold(chr(code)) for code in range(0x32000)]
    assert [fold(folded) for folded in once] == once


@given(SOME_TEXT)
def test_fold_offsets_agree_with_fold_and_point_back(text):
    folded, offsets = fold_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)
    assert all(folded[place] in fold(text[offset]) for place, offset in enumerate(offsets))


@given(SOME_TEXT)
def test_folded_text_holds_no_mark_no_capital_no_foreign_digit(text):
    for character in fold(text).replace(ZWNJ, ""):
        assert unicodedata.category(character) not in {"Mn", "Me", "Cf", "Cc"}
        assert not character.isdecimal() or character in "0123456789"
        assert not character.isspace() or character == " "


@given(st.lists(st.tuples(st.sampled_from(LETTERS), st.lists(st.sampled_from([*HARAKAT, "ـ"]), max_size=3)), min_size=1))
def test_fold_does_not_see_harakat_and_tatweel(letters):
    plain = "".join(letter for letter, _ in letters)
    marked = "".join(letter + "".join(marks) for letter, marks in letters)
    assert fold(marked) == fold(plain)


@given(st.text(st.sampled_from(LETTERS + "abcéà "), max_size=30))
def test_fold_does_not_see_how_letters_are_composed(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


@pytest.mark.parametrize(
    "spellings",
    [
        "أحمد إحمد آحمد ٱحمد احمد أَحْمَد احـــمد",
        "علي على علی عَلِيّ",
        "كتاب کتاب كِتَابٌ کتــاب ڪتاب",
        "مدرسة مدرسه مدرسۀ",
        "مسؤول مسوول",
        "رئيس رييس رئیس",
        "بودابست بوداپست",
        "ترامب ترامپ",
        "جنيف چنيف ژنيف".replace("ژنيف", "جنیف"),
        "زنو ژنو",
        "كلشن گلشن",
        "2025 ٢٠٢٥ ۲۰۲۵ ２０２５",
        "٣٥ ۳۵ 35",
        "TRUMP Trump trump ｔｒｕｍｐ",
        "Orbán ORBAN orba\u0301n",
        "ﻻ لا",
        "\u202bقمة\u202c قمة قم\u200fة",
    ],
)
def test_every_spelling_has_the_same_fold(spellings):
    assert len({fold(spelling) for spelling in spellings.split(" ")}) == 1


@pytest.mark.parametrize("pair", [("سلام", "سلم"), ("قمة", "قمم"), ("trump", "tramp"), ("2016", "2018"), ("حرب", "خرب")])
def test_words_that_differ_stay_different(pair):
    assert fold(pair[0]) != fold(pair[1])


def test_fold_keeps_zwnj_for_words_to_weigh():
    assert fold("می‌شود") == f"مي{ZWNJ}شود"
    assert words("رئیس‌جمهور گفت") == [f"رييس{ZWNJ}جمهور", "كفت"]


def test_squash_unites_the_spellings_of_a_compound():
    assert squash("رئیس‌جمهور") == squash("رئیس جمهور") == squash("رئیسجمهور") == squash("رئيس - جمهور")
    assert squash("«البيت الأبيض»!") == squash("البيت الأبيض") == "البيتالابيض"


@given(SOME_TEXT)
def test_squash_is_letters_and_digits_only_and_idempotent(text):
    squashed = squash(text)
    assert squash(squashed) == squashed
    assert all(character.isalnum() for character in squashed)


@given(SOME_TEXT)
def test_words_hold_no_space_and_no_outer_zwnj(text):
    for word in words(text):
        assert word and " " not in word and "_" not in word
        assert word == word.strip(ZWNJ)
        assert fold(word) == word


def test_words_of_mixed_direction():
    text = "قال Trump إن اتفاق START-2 (۲۰۱۰) انتهى، و«ناتو» می‌ماند"
    assert words(text) == ["قال", "trump", "ان", "اتفاق", "start", "2", "2010", "انتهي", "و", "ناتو", f"مي{ZWNJ}ماند"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("قمه", ("_قمه", "قمه_")),
        ("في", ("_في_",)),
        ("و", ("_و_",)),
        ("2025", ("_2025_",)),
        ("1404", ("_1404_",)),
        ("35", ("_35_",)),
        ("trump", ("_tru", "trum", "rump", "ump_")),
        ("g20", ("_g20", "g20_")),
    ],
)
def test_grams_have_borders_and_numbers_are_whole(word, expected):
    assert grams(word) == expected


@given(A_WORD)
def test_grams_of_any_word(word):
    for part in words(word):
        found = grams(part)
        assert found
        assert all(gram and " " not in gram and ZWNJ not in gram for gram in found)
        if ZWNJ not in part:
            assert "_" in found[0][0] and found[-1].endswith("_")
            assert part.isdecimal() or all(len(gram) <= 4 for gram in found)


@pytest.mark.parametrize("compound", ["رئیس‌جمهور", "گفت‌وگو", "آتش‌بس", "بین‌المللی"])
def test_a_zwnj_compound_shares_grams_with_both_other_spellings(compound):
    half_spaced = set(analyse(compound))
    spaced, joined = set(analyse(compound.replace(ZWNJ, " "))), set(analyse(compound.replace(ZWNJ, "")))
    assert spaced <= half_spaced and joined <= half_spaced
    assert spaced & joined


def test_two_numbers_share_no_gram():
    assert not set(analyse("2016")) & set(analyse("2018 ۲۰۱۷ 20160"))
    assert analyse("٢٠١٦") == analyse("۲۰۱۶") == analyse("2016")


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("الرئيس", "رييس"),
        ("والقمة", "قمه"),
        ("بالقمة", "قمه"),
        ("للرئيس", "رييس"),
        ("کتاب‌ها", "كتاب"),
        ("meetings", "meeting"),
        ("مفاوضات", "مفاوض"),
        ("كلفته", "كلفه"),
        ("وألمانيا", "المانيا"),
        ("مستواها", "مستوي"),
        ("خانه‌هایشان", "خانه"),
    ],
)
def test_stems_hold_the_bare_word(long, short):
    assert short in stems(words(long)[0])


@given(SOME_TEXT)
def test_stems_begin_with_the_word_and_are_never_empty(text):
    for word in words(text):
        assert stems(word)[0] == word
        assert all(stems(word))


@pytest.mark.parametrize(
    "spellings",
    [
        "Trump ترامب ترامپ TRUMP",
        "Lavrov لافروف لاوروف",
        "Zelensky Zelenskyy زيلينسكي زلنسکی زيلنسكي",
        "Witkoff ويتكوف ویتکاف",
        "Kremlin الكرملين".replace("الكرملين", "كرملين") + " کرملین",
        "Macron ماكرون مکرون",
        "Budapest بودابست بوداپست",
        "Bondarenko بوندارينكو",
    ],
)
def test_a_name_has_a_skeleton_in_common_with_its_other_scripts(spellings):
    readings = [set(skeletons(fold(spelling))) for spelling in spellings.split(" ")]
    assert set.intersection(*readings), readings


@pytest.mark.parametrize("word", ["Rubio", "في", "آب", "a", "35", "aeiou", ""])
def test_too_short_a_skeleton_is_none(word):
    assert skeletons(fold(word)) == () or all(len(skeleton) >= 3 for skeleton in skeletons(fold(word)))


def test_names_that_are_not_alike_share_no_skeleton():
    assert not set(skeletons("trump")) & set(skeletons(fold("بوتين")))
    assert not set(skeletons("lavrov")) & set(skeletons(fold("زيلينسكي")))


@given(SOME_TEXT)
def test_nothing_raises_on_any_text(text):
    for word in [*words(text), fold(text), text]:
        if word:
            grams(word)
            stems(word)
            is_latin(word)
            assert all(skeleton.isalpha() and len(skeleton) >= 3 for skeleton in skeletons(word))
    squash(text)
    analyse(text)


def test_is_latin():
    assert is_latin("trump") and is_latin("g20")
    assert not is_latin(fold("ترامپ")) and not is_latin("2025")


# Every spelling of a word: what Arabic and Persian keyboards, editors and careful writers make of it.

SPELLINGS = {
    "ا": "اأإآٱﺍﺎ", "ب": "بپﺏﺑ", "ج": "جچﺝ", "ز": "زژ", "ف": "فڤ", "ك": "كکڪگﻛ", "ه": "هةۀەہھﻪ", "و": "وؤۇﻭ", "ي": "يىیئېےﻱﯾ",
    "ل": "لﻟ", "م": "مﻣ", "ن": "نﻧ", "ر": "رﺭ", "س": "سﺳ", "د": "د", "ت": "تﺗ", "ع": "عﻋ", "ش": "شﺷ",
}  # fmt: skip
DIGITS = {str(number): f"{number}{chr(0x0660 + number)}{chr(0x06F0 + number)}{chr(0xFF10 + number)}" for number in range(10)}
LATIN = {letter: letter + letter.upper() + chr(ord(letter) + 0xFEE0) for letter in "abcdefghijklmnopqrstuvwxyz"}
ALTERNATIVES = SPELLINGS | DIGITS | LATIN
UNSEEN = [*HARAKAT, "ـ", "\u0655", "\u0654", "\u200d", "\u200e", "\u200f", "\u202b", "\u2067", "\u00ad", "\ufeff"]


@st.composite
def spelt_twice(draw):
    """Return a word as the fold leaves it, and the same word as somebody may write it."""
    letters = draw(st.sampled_from(["".join(SPELLINGS), "".join(LATIN), "".join(DIGITS), "".join(SPELLINGS) + "0123456789"]))
    plain = draw(st.text(st.sampled_from(letters), min_size=1, max_size=14))
    written = "".join(
        draw(st.sampled_from(ALTERNATIVES[letter])) + "".join(draw(st.lists(st.sampled_from(UNSEEN), max_size=2)))
        for letter in plain
    )
    return plain, written


@given(spelt_twice())
def test_every_spelling_of_a_word_is_one_word_to_the_index(pair):
    plain, written = pair
    assert fold(written) == fold(plain) == plain
    assert words(written) == [plain] and squash(written) == plain
    assert analyse(written) == analyse(plain) == list(grams(plain))
    assert [stem(word) for word in words(written)] == [stem(plain)]
    assert skeletons(fold(written)) == skeletons(plain)


@given(st.lists(spelt_twice(), min_size=1, max_size=6), st.sampled_from([" ", "\n", "\u00a0", "\u2009", "، ", " - "]))
def test_every_spelling_of_a_text_has_the_same_grams(pairs, between):
    assert analyse(between.join(written for _, written in pairs)) == analyse(" ".join(plain for plain, _ in pairs))


@given(spelt_twice())
def test_offsets_lead_back_to_the_letters_that_were_written(pair):
    plain, written = pair
    folded, offsets = fold_offsets(f"«{written}» قال")
    assert folded == f"«{plain}» قال"
    raw = f"«{written}» قال"
    assert [fold(raw[offset]) for offset in offsets] == list(folded)
    assert raw[offsets[1] : offsets[len(plain) + 1]].startswith(written[0]), "a quote begins with the letter as it was written"


@given(SOME_TEXT, SOME_TEXT)
def test_a_text_folds_piece_by_piece(one, other):
    assert fold(one + other) == fold(one) + fold(other)


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("قمة", "القمة والقمة بالقمة للقمة فالقمة كالقمة"),
        ("رئيس", "الرئيس والرئيس للرئيس بالرئيس"),
        ("بيت", "البيت والبيت"),
    ],
)
def test_the_arabic_article_makes_no_gram(word, others):
    for other in others.split():
        assert analyse(other) == analyse(word), other


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("الله", "_الل"),  # two letters would be left
        ("الآن", "_الا"),
        ("بالي", "_بال"),
        ("المجر", "_مجر"),
        ("والمجر", "_مجر"),
        ("بالمجر", "_مجر"),
        ("للمجر", "_مجر"),
        ("ألمانيا", "_مان"),
        ("ولي", "_ولي"),
        ("trump", "_tru"),
    ],
)
def test_an_article_is_taken_off_only_where_three_letters_are_left(word, first):
    assert grams(fold(word))[0] == first


@given(st.text(st.sampled_from("البتكوفسيهن"), min_size=1, max_size=12))
def test_no_article_leaves_a_word_without_grams_or_takes_its_ending(word):
    found = grams(word)
    assert found and found[-1].endswith("_") and len(set(map(len, found))) == 1
    assert found[-1].strip("_") and word.endswith(found[-1].strip("_"))


@pytest.mark.parametrize(
    "forms",
    [
        "القمة قمة والقمة بالقمة",
        "الرئيس رئيس والرئيس",
        "المفاوضات مفاوضات والمفاوضات",
        "كتاب‌ها کتاب کتاب‌های",
        "meeting meets meet",
        "ministers minister",
    ],
)
def test_forms_of_a_word_have_one_stem(forms):
    assert len({stem(words(form)[0]) for form in forms.split(" ")}) == 1, [stem(words(form)[0]) for form in forms.split(" ")]


NOUNS = "وزير فريق كتاب لجنة فلسطين بودابست لافروف كييف واشنطن بريطانيا قمة هدنة رئيس وفد بيت مفاوضات"
ARTICLES = ("ال", "وال", "فال", "بال", "كال", "وبال", "لل", "ولل")


@pytest.mark.parametrize("noun", NOUNS.split())
def test_a_noun_has_one_stem_with_and_without_article(noun):
    assert {stem(fold(article + noun)) for article in ARTICLES} == {stem(fold(noun))}


# A noun with ة, and with the pronouns before which it is a ت; nouns with a ت of their own; plurals.


@pytest.mark.parametrize(
    "forms",
    [
        "كلفة كلفته كلفتها كلفتهم وكلفته كُلفتِه الكلفة كلفه كلفتهما كلفتنا",
        "سعة سعته سعتها وسعته السعة سعه",
        "قيمة قيمتها قيمته والقيمة وقيمتها",
        "مدة مدته مدتها المدة",
        "مسؤولية مسؤوليته المسؤولية مسؤوليتها",
        "وفاة وفاته وفاتها",
        "والدة والدته والدتها الوالدة",
        "بيت بيته بيتها البيت بيتهم",
        "صوت صوته صوتها",
        "وقت وقتها الوقت وقته",
        "علاقات علاقاتها علاقاته العلاقات",
        "مباراة مباراته المباراة",
        "مدى مداها المدى ومداها",
        "معنى معناها معناهما",
    ],
)
def test_a_noun_meets_itself_with_a_pronoun(forms):
    first, *others = [words(form)[0] for form in forms.split()]
    for other in others:
        assert set(index_stems(first, "ar")) & set(index_stems(other, "ar")), other
        assert set(stems(first)) & set(stems(other)), other


@pytest.mark.parametrize(
    "forms",
    [
        "خانه خانه‌اش خانهٔ خانۀ خانه‌ی خانه‌ها خانه‌هایش خانه‌هایشان خانه‌هایی",
        "سال سال‌ها سال‌هایی سالهایی سال‌های",
        "کتاب كتابهایش کتاب‌هایشان کتاب‌هایمان",
        "اطلاعات اطلاعاتش اطلاعاتشان اطلاعات‌شان",
        "مدرسه مدرسة مدرسهٔ مدرسه‌ای",
        "بزرگ بزرگ‌تر بزرگ‌ترین",
    ],
)
def test_a_persian_noun_meets_itself_with_its_endings(forms):
    first, *others = [words(form)[0] for form in forms.split()]
    for other in others:
        assert index_stems(first, "fa") == index_stems(other, "fa"), other
        assert set(stems(first)) & set(stems(other)), other


@pytest.mark.parametrize("word", ["هفته", "گفته", "نوشته", "وابسته", "دولتها", "سکته"])
def test_a_persian_word_is_kept_by_one_stem(word):
    assert index_stems(words(word)[0], "fa") == (stem(words(word)[0]),)


@given(st.one_of(SOME_TEXT, A_WORD), st.sampled_from(["ar", "fa", "en"]))
def test_the_stems_of_an_index_begin_with_the_stem_and_are_few(text, language):
    for word in words(text):
        found = index_stems(word, language)
        assert found[0] == stem(word) and len(found) <= 3 and all(found)
        assert not any(" " in kept or ZWNJ in kept for kept in found)


NOUN = st.text(st.sampled_from("تحدرسمنعقشجط"), min_size=3, max_size=8)
ENDING = st.sampled_from(["", "ة", "ات", "ين", "ون", "ان", "ها", "هم", "ي"])


@given(NOUN, st.sampled_from(ARTICLES), ENDING)
def test_article_and_ending_make_no_other_stem(noun, article, ending):
    whole = fold(noun + ending)
    assert stem(article + whole) == stem(whole)
    assert whole.startswith(stem(whole)) and len(stem(whole)) >= 3


@given(NOUN, st.sampled_from(["ی", "ها", "ای", "ش"]))
def test_a_persian_ending_after_a_zwnj_makes_no_other_stem(noun, ending):
    assert stem(fold(f"{noun}{ZWNJ}{ending}")) == stem(fold(noun))


@given(st.one_of(SOME_TEXT, A_WORD))
def test_a_stem_is_one_piece_of_its_word_and_never_empty(text):
    for word in words(text):
        assert stem(word) and ZWNJ not in stem(word) and " " not in stem(word)
        assert stem(word) in word
        assert not word.isdecimal() or stem(word) == word


@pytest.mark.parametrize("length", [10_000, 70_000])
@pytest.mark.parametrize("letter", ["ا", "ی", "x", "7", "١", f"ب{ZWNJ}"])
def test_a_word_of_many_thousand_letters_takes_no_time(letter, length):
    word = words(letter * length)[0]
    assert grams(word) and stems(word) and stem(word)
    skeletons(word)
