from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from index.e5.tokenizer import UnigramTokenizer
from tests.index.e5.tiny_weights import SPECIAL

TEXTS = [
    "قال البيت الأبيض إنّ القمّة بين الرئيسين ترامب وبوتين في بودابست أُرجئت إلى موعد لم يُحدَّد.",
    "أجرى روبيو اتصالًا بنظيره لافروف استمرّ ٣٥ دقيقةً، وفق مصدرٍ مطّلع!",
    "وَقَالَتِ الوِزَارَةُ إِنَّ المُفَاوَضَاتِ «لَمْ تَنْتَهِ بَعْد».",
    "بلغ سعر البرميل ٦٧٫٤ دولارًا (١٢/١٠/٢٠٢٥)؛ أي أقلّ بـ٣٪.",
    "ﻣﺤﻤﺪ ﷺ وﷲ أكبر ﻻ ﻼ ﷽",
    "القـــمّـــة العـــربيّة",
    "کاخ سفید می‌گوید دیدار رئیس‌جمهور ترامپ با پوتین در بوداپست برگزار نمی‌شود.",
    "روبیو و لاوروف ۳۵ دقیقه گفت‌وگو کردند؛ خانه‌ی آن‌ها در تهران است.",
    "ي ی ى ئ ك ک ه ة ۀ هٔ آ ا أ إ ٱ",
    "۱۲۳۴۵۶۷۸۹۰ ١٢٣٤٥٦٧٨٩٠ 1234567890 １２３",
    "The White House said that the meeting of Trump and Putin in Budapest is put off.",
    "Don't — “quote” … #hashtag @user https://a.example/قمة?x=1&y=٢ 3.14% C++",
    "Ｆｕｌｌ ｗｉｄｔｈ　ｔｅｘｔ ﬁne ½ ™ ① Ⅷ ㎏",
    "tab\there\nline\r\nfeed\u2028para\u00a0nbsp\u3000wide\ufeffbom",
    "emoji 😀👨‍👩‍👧🇮🇷 ❤️ 🫠",
    "ελληνικά русский 中文新闻报道 日本語のニュース 한국어 हिन्दी ไทย",
    "naïve café naïve café Å Å",
    "\u202eمقلوب\u202c \u200fخبر\u200e \u061c",
    "▁ ▁▁a b▁c",
    "<s> </s> <unk> <pad> <mask>",
    "كلمةطويلةجدابلافاصل" * 30,
    "x" * 500,
    "ܐܒܓ 𐎀𐎁 𒀀 \U0001f9ff\U000e0041 \x01\x7f",
    "   three   spaces   within   ",
    "خبر. news، خبر؛ دیدار: نشست؟",
]


@pytest.fixture(scope="module")
def real(real_vocabulary) -> UnigramTokenizer:
    return UnigramTokenizer(real_vocabulary)


@pytest.fixture(scope="module")
def library(real_vocabulary) -> Tokenizer:
    """The same vocabulary under the `tokenizers` library."""
    pieces = {number: piece for piece, number in real_vocabulary.pieces.items()}
    special = real_vocabulary.special
    names = {special.begin: "<s>", special.padding: "<pad>", special.end: "</s>", special.unknown: "<unk>"}
    # Text never becomes a special token here; the library would take "<s>" for one.
    listed = [
        (pieces.get(number, f"\U000f0000{names.get(number)}"), score) for number, score in enumerate(real_vocabulary.scores)
    ]
    tokenizer = Tokenizer(models.Unigram(listed, unk_id=special.unknown, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    return tokenizer


def expected_ids(library: Tokenizer, tokenizer: UnigramTokenizer, text: str) -> list[int]:
    """Return the library's ids of a text whose characters are replaced and whose spaces are single, as SentencePiece's are."""
    words = [word for word in text.translate(tokenizer._replacements).split(" ") if word]
    return library.encode(" ".join(words)).ids if words else []


# The embedded vocabulary, against the library


@pytest.mark.parametrize("text", TEXTS)
def test_the_ids_are_those_of_the_library(real, library, text):
    found = real.ids(text)
    assert found == expected_ids(library, real, text) and found


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.lists(st.sampled_from([word for text in TEXTS for word in text.split()]), max_size=12).map(" ".join)
    | st.text("ابتةهيیكکمنورسل می\u200c\u064b\u0651ء٣۳3 .،؟aeinorst'-", max_size=60)
)
def test_the_ids_of_any_text_are_those_of_the_library(real, library, text):
    assert real.ids(text) == expected_ids(library, real, text)


def test_published_ids(real):
    """Of the published tokenizer of the model: begin and end left out."""
    assert real.ids("query: hello world") == [41, 1294, 12, 33600, 31, 8999]


@pytest.mark.parametrize("text", ["", " ", "   ", "\t\n", "\u200b\u200c\x7f", "\u3000"])
def test_nothing_has_no_ids(real, text):
    assert real.ids(text) == [] == real.tokens(text)


@pytest.mark.parametrize("text", ["خبر \ud800", "\udfff", "a\udc00b دیدار"])
def test_half_a_surrogate_pair_is_an_unknown_character(real, text):
    ids = real.ids(text)
    assert ids and [token.id for token in real.tokens(text)] == ids
    assert ids == real.ids("".join("\ufffe" if "\ud800" <= letter <= "\udfff" else letter for letter in text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("می‌شود", "می شود"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("ﷲ", "الله"),
        ("Ｂudapest", "Budapest"),
        ("خبر\tنشست\nقمة", "خبر نشست قمة"),
        ("１２", "12"),
        ("  خبر  ", "خبر"),
    ],
)
def test_spellings_that_the_model_takes_for_one(real, one, other):
    assert real.ids(one) == real.ids(other)


def test_a_word_of_many_thousand_letters(real):
    text = "كلمةطويلة" * 6_000
    assert len(real.ids(text)) > 6_000 and real.tokens(text)[-1].end == len(text)


# Tokens and their places


def check_places(tokenizer: UnigramTokenizer, text: str) -> None:
    tokens, replacements = tokenizer.tokens(text), tokenizer._replacements
    assert [token.id for token in tokens] == tokenizer.ids(text)
    assert all(0 <= token.start <= token.end <= len(text) for token in tokens)
    assert all(one.start <= other.start and one.end <= other.end for one, other in zip(tokens, tokens[1:], strict=False))
    covered = {place for token in tokens for place in range(token.start, token.end)}
    read = [replacements.get(ord(letter), letter) for letter in text]
    assert covered >= {place for place, letter in enumerate(read) if letter.strip(" ")}, "what says something is in a token"
    assert not any(read[place] and not read[place].strip(" ") for place in covered), "a space is in none"


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_lie_in_order_and_cover_the_text(real, text):
    check_places(real, text)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=40) | st.text("ابتة می\u200c\u0651ﷺﷲﻼ①½ \t\0a.", max_size=40))
def test_tokens_of_any_text_lie_in_order_and_cover_it(real, text):
    check_places(real, text)


@pytest.mark.parametrize(
    "text", ["قال البيت الأبيض في بودابست", "دیدار رئیس جمهور در بوداپست", "The summit was held in Budapest.", "۳۵ ٣٥ 35"]
)
def test_a_token_s_place_is_where_its_piece_stands(real, real_vocabulary, text):
    pieces = {number: piece for piece, number in real_vocabulary.pieces.items()}
    for token in real.tokens(text):
        assert text[token.start : token.end] == pieces[token.id].lstrip("▁")


def test_a_letter_that_becomes_several_is_the_place_of_them_all(real):
    text = "قيل ﷺ هنا"
    assert {(token.start, token.end) for token in real.tokens(text) if token.start == 4} == {(4, 5)}


# The small vocabulary, cut by hand


@pytest.fixture(scope="module")
def tiny(tiny_weights) -> UnigramTokenizer:
    return UnigramTokenizer(tiny_weights.vocabulary())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("قمة", ["▁قمة"]),
        ("قمةات", ["▁قمة", "ات"]),
        ("الرئيسين في بودابست", ["▁ال", "رئيس", "ين", "▁في", "▁بودابست"]),
        ("می‌شود", ["▁می", "▁", "شود"]),
        ("میشود", ["▁می", "شود"]),
        ("دیدارها", ["▁دیدار", "ها"]),
        ("meetings", ["▁meeting", "s"]),
        ("summiting", ["▁summit", "ing"]),
        ("Ａﷲ①", ["▁", "a", "ا", "ل", "ل", "ه", "1"]),
        ("٣۳3", ["▁", "٣", "۳", "3"]),
        ("query: قمة؟", ["▁query", ":", "▁قمة", "؟"]),
        ("قمة\0ات", ["▁قمة", "ات"]),
    ],
)
def test_the_most_probable_cut(tiny, model, text, pieces):
    assert tiny.ids(text) == model.ids(pieces)


def test_unknown_letters_in_a_row_are_one_token(tiny, model):
    assert tiny.ids("ЖЖЖ قمة中") == [*model.ids(["▁"]), 3, *model.ids(["▁قمة"]), 3]
    [_, unknown, _, last] = tiny.tokens("ЖЖЖ قمة中")
    assert (unknown.start, unknown.end, last.start, last.end) == (0, 3, 7, 8)


@pytest.mark.parametrize("name", SPECIAL)
def test_the_name_of_a_special_token_is_text(tiny, name):
    assert not {0, 1, 2} & set(tiny.ids(f"a {name} b"))
