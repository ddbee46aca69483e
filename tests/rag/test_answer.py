import itertools
import json
import re
from datetime import date

import pytest

from index.chunk import split_sentences
from index.language import detect_language
from index.text import words
from index.types import EVERYTHING, Filter, KhabarError
from rag.ask.question import QuestionError
from rag.phrases import filter_in_words, not_told, phrase
from rag.retrieve.retriever import Retriever
from tests.rag.scripted import BROKEN, CopyingGenerator, ScriptedGenerator, passages_in

# A question in each language, and a word of the one sentence in seeds/ that answers it.
ASKED = {
    "ar": ("متى كان الوزيران روبيو ولافروف يعتزمان الاجتماع في بودابست؟", "يعتزمان"),
    "fa": ("رادوسلاو سیکورسکی درباره هواپیمای پوتین چه هشداری داد؟", "سیکورسکی"),
    "en": ("What did Szijjarto write on Facebook about the summit?", "Facebook"),
}
UNANSWERABLE = {
    "ar": "ما مكونات طبق الكشري؟",
    "fa": "دستور پخت قورمه‌سبزی چیست؟",
    "en": "How do I bake sourdough bread?",
}
# Of what articles are about, though none tells this.
NEAR = {
    "ar": "ماذا قال ماكرون عن سرقة اللوفر؟",
    "fa": "مرتس درباره توفان ملیسا چه گفت؟",
    "en": "How many people did Hurricane Melissa kill in Cuba?",
}
LANGUAGES = list(ASKED)
LINES = {  # a sentence of its language that no article says
    "ar": "أعلنت وزارة الزراعة المغربية أن محصول القمح تضاعف هذا الموسم",
    "fa": "وزارت کشاورزی اعلام کرد که برداشت گندم امسال دو برابر شده است",
    "en": "The ministry of agriculture announced that the wheat harvest has doubled",
}


def source_sentences(passages, language):
    """Return (number of the passage, sentence without its full stop) for each whole sentence of a prompt's passages."""
    return [
        (number, text[span.start : span.end].rstrip("."))
        for number, text in enumerate(passages, 1)
        for span in split_sentences(text, language)
        if text[span.start : span.end].endswith(".")
    ]


def saying(passages, language):
    word = ASKED[language][1]
    return next((number, text) for number, text in source_sentences(passages, language) if word in text)


def drafting(language, compose):
    """Return a generator that writes compose(number, sentence) of the sentence that answers the question."""
    return CopyingGenerator(lambda passages: compose(*saying(passages, language)))


def markers(answer):
    return [int(number) for number in re.findall(r"\[(\d+)\]", answer.answer)]


def check_grounding(answer, catalog):
    """Every citation is a verbatim slice of its article; numbers run from 1 in the order of their first use."""
    assert list(dict.fromkeys(markers(answer))) == [item.number for item in answer.citations]
    assert [item.number for item in answer.citations] == list(range(1, len(answer.citations) + 1))
    for item in answer.citations:
        article = catalog.article(item.article_id)
        assert article.text[item.start : item.end] == item.quote
        assert item.quote in item.passage and item.passage in article.text
        assert (item.path, item.title, item.outlet) == (article.path, article.title, article.outlet)
        assert (item.published, item.language, item.url) == (article.published, article.language, article.url)


def is_quoted(answer, language):
    return answer.mode == "quotes" and not answer.abstained and answer.answer.startswith(phrase("quotes_follow", language))


# Quotes


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_model_an_answer_is_made_of_quotes(archive, language):
    question, word = ASKED[language]
    answer = archive.answerer.answer(question)
    assert is_quoted(answer, language) and answer.language == language and answer.question == question
    assert any(word in item.quote for item in answer.citations)
    assert answer.models == {"embedder": "none", "reader": "none", "generator": "none"}
    assert set(answer.timings) == {"retrieve_ms", "answer_ms"}
    assert 0 <= answer.timings["retrieve_ms"] <= answer.timings["answer_ms"]
    assert answer.related == ()
    check_grounding(answer, archive.catalog)


@pytest.mark.parametrize("most", [1, 2, 5])
def test_no_more_quotes_than_the_setting_allows(answerer_with, archive, most):
    answer = answerer_with([], quotes=most).answer(ASKED["ar"][0])
    assert 1 <= len(answer.citations) <= most
    check_grounding(answer, archive.catalog)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_abstention_cites_nothing(archive, answerer_with, language):
    scripted = ScriptedGenerator(["never asked [1]."])
    for answerer in (archive.answerer, answerer_with(scripted)):
        answer = answerer.answer(UNANSWERABLE[language])
        assert answer.abstained and answer.mode == "quotes"
        assert answer.answer == not_told(language, missing=answer.missing) and answer.language == language
        assert answer.answer.startswith(phrase("not_told", language))
        assert answer.citations == () == answer.related, "no article is near the subject"
    assert scripted.asked == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_abstention_near_the_subject_of_articles_names_them(archive, language):
    answer = archive.answerer.answer(NEAR[language])
    assert answer.abstained and answer.citations == ()
    assert 1 <= len(answer.related) <= 3
    assert len({item.article_id for item in answer.related}) == len(answer.related)
    for item in answer.related:
        article = archive.catalog.article(item.article_id)
        assert (item.path, item.title, item.published) == (article.path, article.title, article.published)


def test_the_threshold_decides_on_abstaining(answerer_with):
    question = ASKED["fa"][0]
    assert not answerer_with([], threshold=0.0).answer(question).abstained
    assert answerer_with([], threshold=1.01).answer(question).abstained


# Written


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["{text} [{n}].", "{text}. [{n}]", "{text} 【{n}】."])
def test_a_good_draft_is_shown_with_verbatim_quotes_behind_it(answerer_with, archive, language, form):
    generator = drafting(language, lambda number, text: form.format(text=text, n=number))
    answer = answerer_with(generator).answer(ASKED[language][0])
    assert answer.mode == "written" and not answer.abstained and answer.language == language
    assert markers(answer) == [1] and len(answer.citations) == 1
    assert ASKED[language][1] in answer.answer and ASKED[language][1] in answer.citations[0].quote
    assert answer.models["generator"] == "scripted"
    check_grounding(answer, archive.catalog)


@pytest.mark.parametrize("language", LANGUAGES)
def test_markers_are_numbered_anew_in_the_order_of_first_use(answerer_with, archive, language):
    def draft(passages):
        found = source_sentences(passages, language)
        number, text = saying(passages, language)
        asked = set(words(ASKED[language][0]))
        # Another sentence to the point, and one that has nothing to do with the question.
        again, *_, last = sorted((pair for pair in found if pair[1] != text), key=lambda pair: -len(asked & {*words(pair[1])}))
        digits = str.maketrans("0123456789", {"ar": "٠١٢٣٤٥٦٧٨٩", "fa": "۰۱۲۳۴۵۶۷۸۹", "en": "0123456789"}[language])
        return " ".join(f"{sentence} {f'[{n}]'.translate(digits)}." for n, sentence in [again, (number, text), again, last])

    only = {"languages": [language]}  # so that every passage is of the question's language
    answer = answerer_with(CopyingGenerator(draft, **only)).answer(ASKED[language][0])
    assert answer.mode == "written"
    assert markers(answer) == list(range(1, len(answer.citations) + 1)) and len(answer.citations) >= 2
    check_grounding(answer, archive.catalog)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_generator_gets_the_question_and_the_passages(answerer_with, language):
    generator = ScriptedGenerator([])
    question = ASKED[language][0]
    answerer_with(generator, draft_tokens=77).answer(question)
    [(messages, max_tokens)] = generator.asked
    assert max_tokens == 77
    assert [message["role"] for message in messages] == ["system", "user"]
    assert question in messages[1]["content"]
    passages = passages_in(messages)
    assert passages and any(ASKED[language][1] in text for text in passages)


BAD = {
    "invents a passage": lambda number, text, other: f"{text} [7].",
    "cites passage zero": lambda number, text, other: f"{text} [0].",
    "invents one passage of two": lambda number, text, other: f"{text} [{number}][7].",
    "adds a number": lambda number, text, other: f"{text} 4711 [{number}].",
    "cites nothing": lambda number, text, other: f"{text}.",
    "cites in words": lambda number, text, other: f"{text} (passage {number}).",
    "says what no article says": lambda number, text, other: f"{other} [{number}].",
    "writes nothing": lambda number, text, other: "",
    "writes only blanks": lambda number, text, other: " \n\n \t",
    "writes only markers": lambda number, text, other: f"[{number}] [{number}].",
    "refuses": lambda number, text, other: "NOT TOLD",
    "refuses in a sentence": lambda number, text, other: f"NOT TOLD. {text} [{number}].",
    "stops within the marker": lambda number, text, other: f"{text} [",
    "stops within the marker's number": lambda number, text, other: f"{text} [{number}",
    "writes emoji": lambda number, text, other: "😀😀😀 [1].",
    "writes a bidi override": lambda number, text, other: f"\u202e{other}\u202c [1].",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("how", BAD)
def test_a_bad_draft_gives_way_to_quotes(answerer_with, archive, language, how):
    generator = drafting(language, lambda number, text: BAD[how](number, text, LINES[language]))
    answer = answerer_with(generator).answer(ASKED[language][0])
    assert len(generator.asked) == 1
    assert is_quoted(answer, language)
    assert any(ASKED[language][1] in item.quote for item in answer.citations)
    check_grounding(answer, archive.catalog)


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("ar", "23", "24"),
        ("ar", "23", "٢٤"),
        ("ar", "الخميس", "الأحد"),
        ("ar", "بودابست", "القاهرة"),
        ("fa", "سیکورسکی", "کلینتون"),
        ("fa", "لهستان", "پرتغال"),
        ("en", "Facebook", "Telegram"),
    ],
)
def test_a_swapped_number_or_name_is_not_shown(answerer_with, archive, language, right, wrong):
    def swap(number, text):
        assert right in text
        return f"{text.replace(right, wrong)} [{number}]."

    answer = answerer_with(drafting(language, swap)).answer(ASKED[language][0])
    assert is_quoted(answer, language) and wrong not in answer.answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_right_sentence_behind_the_wrong_passage_is_not_shown(answerer_with, language):
    def elsewhere(passages):
        number, text = saying(passages, language)
        others = [n for n in range(1, len(passages) + 1) if n != number]
        wrong = min(others, key=lambda n: len(set(words(text)) & set(words(passages[n - 1]))))
        return f"{text} [{wrong}]."

    assert is_quoted(answerer_with(CopyingGenerator(elsewhere)).answer(ASKED[language][0]), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_prompt_s_own_words_are_not_shown(answerer_with, language):
    class Parrot(ScriptedGenerator):
        def stream(self, messages, max_tokens):
            self.asked.append((messages, max_tokens))
            yield messages[0]["content"].replace(".", " [1].").replace("NOT TOLD", "")

    assert is_quoted(answerer_with(Parrot([])).answer(ASKED[language][0]), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_mixed_draft_only_what_passes_is_shown(answerer_with, archive, language):
    def mixed(number, text):
        return f"{LINES[language]} [{number}]. {text} [{number}]. {LINES[language]}. {text} 4711 [{number}]. {text} [7]."

    answer = answerer_with(drafting(language, mixed)).answer(ASKED[language][0])
    assert answer.mode == "written" and answer.drafted.supported == 1
    # What is written twice, with another marker or without, counts once.
    assert answer.drafted.dropped + answer.drafted.replaced == 2 and answer.notices
    assert LINES[language] not in answer.answer and "4711" not in answer.answer
    check_grounding(answer, archive.catalog)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_written_over_and_over_is_shown_once(answerer_with, language):
    generator = drafting(language, lambda number, text: f"{text} [{number}]. " * 5)
    answer = answerer_with(generator).answer(ASKED[language][0])
    assert answer.mode == "written" and markers(answer) == [1]
    assert answer.answer.count(ASKED[language][1]) == answer.citations[0].quote.count(ASKED[language][1])


def failing_after(language, compose, error=BROKEN):
    class Failing(CopyingGenerator):
        def stream(self, messages, max_tokens):
            yield from super().stream(messages, max_tokens)
            raise error

    return Failing(lambda passages: compose(*saying(passages, language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_model_that_fails_at_once_leaves_the_quotes(answerer_with, archive, language):
    answer = answerer_with([BROKEN]).answer(ASKED[language][0])
    assert is_quoted(answer, language)
    check_grounding(answer, archive.catalog)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_model_that_fails_on_its_way_leaves_the_quotes_and_is_told(answerer_with, archive, language):
    generator = failing_after(language, lambda number, text: f"{text} [{number}]. {LINES['en']}")
    answer = answerer_with(generator).answer(ASKED[language][0])
    assert is_quoted(answer, language) and answer.notices[-1].startswith(phrase("model_failed", language).split("{")[0])
    check_grounding(answer, archive.catalog)


def test_a_model_that_cannot_be_loaded_is_told(answerer_with):
    class Broken(ScriptedGenerator):
        def count_tokens(self, text):
            raise KhabarError("the language model 'x.gguf' is broken", "use --llm none")

    answer = answerer_with(Broken([])).answer(ASKED["ar"][0])
    assert is_quoted(answer, "ar") and "x.gguf" in answer.notices[-1]


ENDLESS = {
    "words": lambda: itertools.repeat("كلمة "),
    "nothing": lambda: itertools.repeat(""),
    "lines": lambda: itertools.repeat("\n"),
    "sentences": lambda: itertools.repeat("The wheat harvest has doubled [1]. "),
    "brackets": lambda: itertools.repeat("[1] "),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("what", ENDLESS)
def test_a_model_that_never_stops_is_cut_off(answerer_with, what):
    generator = ScriptedGenerator(ENDLESS[what]())
    answer = answerer_with(generator, draft_tokens=50).answer(ASKED["ar"][0])
    assert is_quoted(answer, "ar")
    assert generator.taken <= 200


def test_a_model_that_keeps_failing_is_not_listened_to_for_long(answerer_with):
    generator = ScriptedGenerator([f"{line} [1]. " for line in LINES.values()] * 10)
    assert is_quoted(answerer_with(generator).answer(ASKED["ar"][0]), "ar")
    assert 2 <= generator.taken < 10


def test_a_model_is_not_asked_in_a_language_that_it_does_not_write(answerer_with):
    generator = ScriptedGenerator(["كلام [1]."], languages=["en"])
    for language in ("ar", "fa"):
        assert is_quoted(answerer_with(generator).answer(ASKED[language][0]), language)
    assert generator.asked == []


def test_a_model_of_one_language_gets_no_passage_of_another(answerer_with):
    generator = ScriptedGenerator([], languages=["en"])
    answerer_with(generator).answer(ASKED["en"][0])
    [(messages, _)] = generator.asked
    passages = passages_in(messages)
    assert passages and not any(re.search("[\u0600-\u06ff]", text) for text in passages)


@pytest.mark.parametrize("room", [-500, 0, 10])
def test_a_prompt_without_room_for_a_passage_gives_quotes(answerer_with, room):
    answer = answerer_with(["Trump flew [1]."], prompt_tokens=room).answer(ASKED["en"][0])
    assert is_quoted(answer, "en")


def test_a_prompt_keeps_to_its_tokens(answerer_with):
    for room in (150, 300, 1000):
        generator = ScriptedGenerator([])
        answerer_with(generator, prompt_tokens=room).answer(ASKED["ar"][0])
        for messages, _ in generator.asked:
            assert sum(generator.count_tokens(message["content"]) for message in messages) <= room


# Streaming, repeating, refusing


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_of_a_stream_is_the_answer_and_it_only_grows(answerer_with, archive, language):
    def draft(passages):
        found = [saying(passages, language), *source_sentences(passages, language)[:3]]
        return " ".join(f"{text} [{number}]." for number, text in found)

    answerer = answerer_with(CopyingGenerator(draft, [language]))
    quoted, *parts = answerer.stream(ASKED[language][0])
    assert is_quoted(quoted, language)  # the quotes are there at once
    assert len(parts) >= 2 and all(part.mode == "written" and part.drafted.supported for part in parts)
    for before, after in itertools.pairwise(parts):
        assert after.answer.startswith(before.answer)
        assert after.citations[: len(before.citations)] == before.citations
    for part in (quoted, *parts):
        check_grounding(part, archive.catalog)
    assert without_times(parts[-1]) == without_times(answerer.answer(ASKED[language][0]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stream_ends_with_the_quotes_where_no_sentence_passes(answerer_with, language):
    for pieces in (["كذب [7]. "] * 9, [], [BROKEN], ["NOT TOLD"]):
        parts = list(answerer_with(ScriptedGenerator(pieces)).stream(ASKED[language][0]))
        assert all(is_quoted(part, language) for part in parts)
        assert {without_times(part)["answer"] for part in parts} == {parts[-1].answer}


def without_times(answer):
    content = answer.to_json()
    assert content.pop("timings")
    return content


@pytest.mark.parametrize("question", [*(question for question, _ in ASKED.values()), *UNANSWERABLE.values()])
def test_the_same_question_has_the_same_answer(archive, question):
    first = without_times(archive.answerer.answer(question))
    assert all(without_times(archive.answerer.answer(question)) == first for _ in range(3))
    [only] = archive.answerer.stream(question)
    assert without_times(only) == first


def test_a_sentence_is_shown_before_the_draft_is_finished(answerer_with):
    class Slow(CopyingGenerator):
        finished = False

        def stream(self, messages, max_tokens):
            yield from super().stream(messages, max_tokens)
            self.finished = True

    generator = Slow(lambda passages: "{1} [{0}]. And more".format(*saying(passages, "en")) + " words" * 20)
    stream = answerer_with(generator).stream(ASKED["en"][0])
    assert next(stream).mode == "quotes" and generator.asked == []
    assert next(stream).mode == "written" and not generator.finished


@pytest.mark.parametrize("text", ["", "😀", "؟" * 10, "س" * 10_000])
def test_a_question_that_is_none_is_refused_before_anything_is_done(answerer_with, monkeypatch, text):
    monkeypatch.setattr(Retriever, "find", lambda *_: pytest.fail("retrieved"))
    with pytest.raises(QuestionError):
        answerer_with([]).answer(text)


@pytest.mark.parametrize("text", ["هل هو هذا؟", "این چیست؟", "what is it?", "١", "؟ هو"])
def test_a_question_of_function_words_is_an_abstention(archive, text):
    answer = archive.answerer.answer(text)
    assert answer.abstained and answer.citations == ()


@pytest.mark.parametrize("dirt", ["\u202e", "\x00", "\ud800", "\x1b[31m", "\u2066", "😀"])
def test_dirt_in_a_question_does_not_reach_the_answer_s_json(archive, dirt):
    question = ASKED["ar"][0]
    answer = archive.answerer.answer(f"{dirt}{question}{dirt}")
    content = json.dumps(answer.to_json(), ensure_ascii=False).encode()
    assert b"\x00" not in content and "\x1b" not in answer.question
    assert [item.quote for item in answer.citations] == [item.quote for item in archive.answerer.answer(question).citations]


@pytest.mark.parametrize(
    ("history", "question", "word"),
    [
        (["هل التقى روبيو ولافروف في بودابست؟"], "ومتى كان يوم الاجتماع؟", "بودابست"),
        (["آیا سیکورسکی درباره هواپیمای پوتین سخن گفت؟"], "و چه هشداری داد؟", "سیکورسکی"),
        (["Who is Szijjarto of Hungary?"], "And what did he write on Facebook?", "Facebook"),
    ],
)
def test_a_follow_up_is_answered_from_the_history(archive, history, question, word):
    answer = archive.answerer.answer(question, history)
    assert not answer.abstained and word in " ".join(item.quote for item in answer.citations)
    assert answer.question == question


def test_the_json_of_an_answer(archive):
    content = json.loads(json.dumps(archive.answerer.answer(ASKED["fa"][0]).to_json()))
    assert list(content) == [
        "question", "language", "answer", "mode", "abstained", "citations", "related", "confidence", "as_of", "disagreements",
        "overtaken", "missing", "notices", "drafted", "direct", "request", "within", "without_days", "listing",
        "models", "timings",
    ]  # fmt: skip
    assert list(content["citations"][0]) == [
        "article_id", "path", "title", "outlet", "published", "language", "url", "quote", "start", "end", "number", "passage",
        "phrase", "also", "agency",
    ]  # fmt: skip
    assert content["citations"][0]["published"] == "2025-10-21"
    related = archive.answerer.answer(NEAR["fa"]).to_json()["related"]
    assert list(related[0]) == ["article_id", "path", "title", "outlet", "published", "language", "url"]


def test_warming_up_asks_the_generator(answerer_with):
    class Counting(ScriptedGenerator):
        counted = 0

        def count_tokens(self, text):
            self.counted += 1
            return 1

    generator = Counting([])
    answerer_with(generator).warm_up()
    assert generator.counted == 1 and generator.asked == []


# Filters

SPAN = {"since": date(2025, 8, 1), "until": date(2025, 8, 31)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "within",
    [
        Filter(languages=frozenset({"fa"})),
        Filter(frozenset({"Northgate Wire", "جريدة الرواق"})),
        Filter(until=date(2025, 8, 20)),
        Filter(languages=frozenset({"ar", "en"}), since=date(2025, 10, 1)),
    ],
)
def test_nothing_that_the_filter_keeps_out_is_quoted_or_named(answerer_with, archive, language, within):
    answer = answerer_with([], threshold=0.0).answer(ASKED[language][0], (), within)
    assert answer.citations or answer.abstained
    for item in (*answer.citations, *answer.related):
        assert item.language in within.languages
        assert not within.outlets or item.outlet in within.outlets
        assert (within.since or date.min) <= item.published <= (within.until or date.max)
    check_grounding(answer, archive.catalog)


def test_the_filter_of_everything_changes_nothing(archive):
    for question in (ASKED["ar"][0], UNANSWERABLE["fa"]):
        plain, filtered = (without_times(archive.answerer.answer(question, (), *more)) for more in ((), (EVERYTHING,)))
        assert plain == filtered


def test_a_filter_goes_with_a_follow_up(archive):
    history = ["آیا سیکورسکی درباره هواپیمای پوتین سخن گفت؟"]
    within = Filter(frozenset({"تارنمای سپیدار"}))
    answer = archive.answerer.answer("و چه هشداری داد؟", history, within)
    assert not answer.abstained and {item.outlet for item in answer.citations} == within.outlets


def test_a_draft_sees_nothing_that_the_filter_keeps_out(answerer_with):
    generator = ScriptedGenerator([])
    answerer_with(generator).answer(ASKED["en"][0], (), Filter(languages=frozenset({"en"})))
    [(messages, _)] = generator.asked
    assert not any(re.search("[\u0600-\u06ff]", text) for text in passages_in(messages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_abstention_under_a_filter_says_so_in_the_question_s_language(archive, language):
    within = Filter(frozenset({"Northgate Wire"}), **SPAN)
    answer = archive.answerer.answer(UNANSWERABLE[language], (), within)
    assert answer.abstained and answer.language == language
    assert answer.answer == not_told(language, within, answer.missing) != phrase("not_told", language)
    assert "Northgate Wire" in answer.answer and "{" not in answer.answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filter_that_nothing_passes_is_an_abstention(archive, language):
    answer = archive.answerer.answer(ASKED[language][0], (), Filter(until=date(1999, 12, 31)))
    assert answer.abstained and answer.related == () and "1999" in answer.answer.translate(DIGITS)


DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")


def test_the_phrases_of_a_filter_stand_in_their_own_language():
    told = {language: detect_language(phrase("not_told_within", language)) for language in LANGUAGES}
    assert told == {language: language for language in LANGUAGES}
    for language in ("ar", "fa"):
        told = not_told(language, Filter(languages=frozenset({"ar", "fa"}), **SPAN))
        assert not set("abcdefghijklmnopqrstuvwxyz") & set(told.lower())
        assert not set("يك" if language == "fa" else "یکپچژگ\u200c") & set(told)


@pytest.mark.parametrize(
    ("within", "arabic", "persian", "english"),
    [
        (EVERYTHING, [], [], []),
        (Filter(frozenset({"ب", "أ"})), ["أ", "ب"], ["أ", "ب"], ["أ", "ب"]),
        (Filter(frozenset("abcd")), [*"abcd"], [*"abcd"], [*"abcd"]),
        (
            Filter(frozenset("abcdef")),
            [*"abc", "و3 وسائل إعلام أخرى"],
            [*"abc", "و ۳ رسانهٔ دیگر"],
            [*"abc", "and 3 more outlets"],
        ),
        (
            Filter(languages=frozenset({"en", "fa"})),
            ["بالفارسية", "بالإنجليزية"],
            ["به فارسی", "به انگلیسی"],
            ["in Persian", "in English"],
        ),
        (
            Filter(**SPAN),
            ["من 1 أغسطس 2025 إلى 31 أغسطس 2025"],
            ["از ۱۰ مرداد ۱۴۰۴ (۱ اوت ۲۰۲۵) تا ۹ شهریور ۱۴۰۴ (۳۱ اوت ۲۰۲۵)"],
            ["from 1 August 2025 to 31 August 2025"],
        ),
        (
            Filter(since=SPAN["since"]),
            ["منذ 1 أغسطس 2025"],
            ["از ۱۰ مرداد ۱۴۰۴ (۱ اوت ۲۰۲۵)"],
            ["since 1 August 2025"],
        ),
        (
            Filter(until=SPAN["since"]),
            ["حتى 1 أغسطس 2025"],
            ["تا ۱۰ مرداد ۱۴۰۴ (۱ اوت ۲۰۲۵)"],
            ["until 1 August 2025"],
        ),
        (
            Filter(since=SPAN["since"], until=SPAN["since"]),
            ["يوم 1 أغسطس 2025"],
            ["روز ۱۰ مرداد ۱۴۰۴ (۱ اوت ۲۰۲۵)"],
            ["on 1 August 2025"],
        ),
    ],
)
def test_a_filter_in_words(within, arabic, persian, english):
    assert [filter_in_words(within, language) for language in LANGUAGES] == [arabic, persian, english]


def test_an_outlet_s_name_is_no_template():
    assert "{chosen} {since}" in not_told("en", Filter(frozenset({"{chosen} {since}"})))
