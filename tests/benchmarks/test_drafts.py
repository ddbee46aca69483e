"""The stored drafts: what each line must hold to be worth replaying, and the replay of one into a prompt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from types import SimpleNamespace

import pytest

from benchmarks import written
from benchmarks.drafts import FOLDER, KINDS, SEEDS, Sentence, WrittenDraft, index_articles, read_drafts, within_reach
from benchmarks.replay import Replay, Replayed, replay, sources
from benchmarks.writer_data import articles_learned_from
from benchmarks.written import Written, replayed_text, written_text
from index.language import detect_language
from index.text import squash
from index.types import Article, KhabarError
from rag.types import Answer, Citation

DRAFTS = read_drafts()
SENTENCES = [(draft, place, sentence) for draft in DRAFTS for place, sentence in enumerate(draft.draft)]


def test_there_are_thirty_drafts_a_language_or_more_and_a_quarter_of_them_are_about_public_sets() -> None:
    for language in ("ar", "fa", "en"):
        own = [draft for draft in DRAFTS if draft.language == language]
        assert len(own) >= 30 and sum(bool(draft.sets) for draft in own) >= len(own) / 4, language
    assert len({draft.id for draft in DRAFTS}) == len({draft.question for draft in DRAFTS}) == len(DRAFTS)


def test_drafts_are_as_long_as_models_write_them_in_the_language_of_the_question() -> None:
    for draft in DRAFTS:
        claims = [sentence for sentence in draft.draft if sentence.label != "neutral"]
        assert 3 <= len(claims) <= 7, draft.id
        assert detect_language(draft.question) == draft.language, draft.id
        assert detect_language(" ".join(sentence.text for sentence in draft.draft)) == draft.language, draft.id


def test_three_fifths_of_the_sentences_are_true_and_every_kind_of_fault_is_there() -> None:
    for language in ("ar", "fa", "en"):
        labels = Counter(sentence.label for draft, _, sentence in SENTENCES if draft.language == language)
        assert 0.52 <= labels["true"] / labels.total() <= 0.65, labels
        assert labels["false"] >= 60 and labels["neutral"] >= 8, labels
    assert {sentence.kind for *_, sentence in SENTENCES} == {*KINDS, None}


def test_a_true_sentence_cites_an_article_of_its_draft_and_one_without_a_marker_is_neutral_or_named_so() -> None:
    for draft, place, sentence in SENTENCES:
        named = f"{draft.id}: {sentence.text}"
        if sentence.label == "true":
            assert sources(draft, place), named
        elif sentence.label == "neutral" or sentence.kind == "no marker":
            assert not re.search(r"[\[【]", sentence.text), named
        else:
            assert sentence.because, named


def test_models_mark_in_more_than_one_way() -> None:
    text = " ".join(sentence.text for *_, sentence in SENTENCES)
    for marked in (r"\. \[1\]", r" \[1\]\.", r"\w\[1\]\.", r"【1】", r"\[1\]\[2\]", r"\[1, 2\]", r"\[١\]", r"\[۲\]", r"\[4\]"):
        assert re.search(marked, text), marked
    assert sum(sentence.shared for *_, sentence in SENTENCES) >= 4


def test_true_sentences_are_no_copies_of_their_article() -> None:
    letters = [squash(file.read_text("utf-8")) for file in SEEDS.glob("*/*")]
    for draft, _, sentence in SENTENCES:
        if sentence.label == "true":
            said = squash(re.sub(r"[\[【].*?[\]】]", "", sentence.text))
            assert not any(said in text for text in letters), f"{draft.id}: {sentence.text}"


def test_an_article_is_a_file_of_seeds_or_an_id_of_a_public_set() -> None:
    for draft in DRAFTS:
        for name in draft.articles:
            of_a_set = re.fullmatch(r"(antcorpus|farsnews|multihop)#[\w-]+", name)
            assert of_a_set or (SEEDS / name.partition("#")[0]).is_file(), f"{draft.id}: {name}"


def test_drafts_about_sets_that_are_not_given_are_left_out(tmp_path) -> None:
    (tmp_path / "multihop").mkdir()
    assert {name for draft in within_reach(DRAFTS, [tmp_path / "multihop"]) for name in draft.sets} == {"multihop"}
    assert not any(draft.sets for draft in within_reach(DRAFTS, []))


def test_a_set_that_lacks_an_article_is_named(tmp_path) -> None:
    (tmp_path / "multihop").mkdir()
    (tmp_path / "multihop" / "corpus.jsonl").write_text('{"_id": "mh-another"}\n')
    with pytest.raises(KhabarError, match=r"corpus\.jsonl' lacks .*mh-"):
        index_articles(DRAFTS, [tmp_path / "multihop"], SimpleNamespace(), tmp_path / "made")


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "x", "language": "en", "question": "Q?", "articles": ["a"], "draft": [{"text": "T", "label": "false"}]}',
        '{"id": "x", "language": "en", "question": "Q?", "articles": ["a"], "draft": [{"text": "T", "label": "maybe"}]}',
        '{"id": "x", "language": "fr", "question": "Q?", "articles": ["a"], "draft": [{"text": "T", "label": "true"}]}',
        "no json",
    ],
)
def test_a_line_that_is_no_draft_is_named(tmp_path, line: str) -> None:
    (tmp_path / "en.jsonl").write_text(f"{(FOLDER / 'en.jsonl').read_text('utf-8').splitlines()[0]}\n{line}\n", "utf-8")
    with pytest.raises(KhabarError, match=r"'en\.jsonl' line 2 is no draft"):
        read_drafts(tmp_path)


def test_a_folder_without_drafts_is_named(tmp_path) -> None:
    with pytest.raises(KhabarError, match="holds no drafts"):
        read_drafts(tmp_path)


def _article(name: str, language: str, text: str) -> Article:
    return Article(name, f"seeds/{name}", name, "", None, language, "", text)


ARTICLES = {
    "en/walrus": _article("en/walrus", "en", "The green walrus slept in Alaska. People [all of them] wept on Friday."),
    "ar/elephant": _article("ar/elephant", "ar", "أكل الفيلُ الأبيض يوم الخميس. سكت الناس جميعا."),
    "fa/fox": _article("fa/fox", "fa", "روباه پیر در باغ می‌خوابید. کسی بیدارش نکرد."),
}
DRAFT = WrittenDraft(
    id="en-00",
    language="en",
    question="Who slept?",
    articles=("en/walrus", "ar/elephant", "fa/fox"),
    draft=(
        Sentence(text="In short:\n", label="neutral"),
        Sentence(text="A walrus was asleep in Alaska.", label="true", shared=True),
        Sentence(text="Everybody cried [1].", label="true"),
        Sentence(text="The elephant ate on Friday. [١, ٢]", label="false", kind="date"),
        Sentence(text="An old fox slept【3】.", label="true"),
        Sentence(text="It snowed [4].", label="false", kind="wrong source cited"),
    ),
)  # fmt: skip
# The passages are in another order than in the draft, and the third is missing.
PROMPT = (
    "Passages:\n\nRiwaq, 3 May:\n<<<\nأكل الفيل الابيض يوم الخميس. [k3] سكت الناس جميعا. [k3]\n>>>\n\n"
    "<<<\nThe green walrus slept in Alaska. [m7] People (all of them) wept on Friday. [m7]\n>>>\n\nQuestion: Who slept?"
)


def _replayed(say: Callable[[Iterable[str]], Answer]) -> list[Replayed]:
    generator = Replay(ARTICLES)

    def answer(question: str) -> Answer:
        return say(generator.stream([{"role": "user", "content": PROMPT}], 200))

    return replay(DRAFT, generator, SimpleNamespace(answer=answer), ARTICLES)


def _answer(text: str = "", mode: str = "written", citations: tuple[Citation, ...] = ()) -> Answer:
    return Answer(DRAFT.question, "en", text, mode, False, citations)


def test_markers_become_the_tags_that_the_prompt_gave() -> None:
    said: list[str] = []
    _replayed(lambda pieces: (said.extend(pieces), _answer())[1])
    assert "".join(said) == (
        "In short:\nA walrus was asleep in Alaska. Everybody cried [m7]. The elephant ate on Friday. [m7, k3] It snowed [99]. "
    )


def test_what_became_of_each_sentence_is_told() -> None:
    quote = Citation("ar/elephant", "seeds/ar/elephant", "", "", None, "ar", "", "أكل الفيل الأبيض", 0, 16, 2, "")
    text = "A walrus was asleep in Alaska. [1] «أكل الفيل الأبيض» [2]"
    rows = _replayed(lambda pieces: (list(pieces), _answer(text, citations=(quote,)))[1])
    assert [row.fate for row in rows] == ["dropped", "shown", "dropped", "replaced", "not given", "dropped"]


def test_sentences_behind_the_place_where_a_draft_is_given_up_are_unread() -> None:
    def give_up(pieces: Iterable[str]) -> Answer:
        for piece in pieces:
            if piece.startswith("elephant"):
                break
        return _answer("The quotes.", "quotes")

    assert [row.fate for row in _replayed(give_up)] == ["dropped", "dropped", "dropped", "unread", "not given", "unread"]


def test_a_draft_that_was_not_asked_for_is_told() -> None:
    assert {row.fate for row in _replayed(lambda pieces: _answer("No.", "quotes"))} == {"not asked"}


def test_figures_are_shares_of_what_a_reader_could_have_seen() -> None:
    fates = ("shown", "shown", "dropped", "replaced", "not given", "not asked")
    rows = [Replayed("ar-01", "ar", Sentence(text="جملة", label="true"), fate) for fate in fates]
    false = Sentence(text="جملهٔ نادرست [۱].\n", label="false", kind="unit", because="یورو")
    rows.append(Replayed("fa-07", "fa", false, "shown"))
    text = replayed_text(rows)
    assert "| ar | 6 | 1 | 1 | 4 | 0.50 | 0.25 | 0.25 | 0.00 |" in text
    assert "| fa | 0 | 0 | 0 | 0 | – | – | – | – |" in text
    assert "| unit | 1 | 1 | 1 |" in text
    assert "- fa-07, unit: جملهٔ نادرست [۱]. (یورو)" in text


def test_drafts_pass_whole_in_part_or_not_at_all() -> None:
    def row(supported: int, dropped: int, asked: bool = True) -> Written:
        return Written("seeds", "en", "Q?", asked, supported, 0, dropped, 2.0, "")

    text = written_text([row(2, 0), row(1, 1), row(0, 1), row(0, 0), row(0, 0, asked=False)])
    assert "| seeds | en | 5 | 4 | 0.25 | 0.25 | 0.50 | 5 | 0.60 | 0.00 | 0.40 | 2.0 |" in text


def test_the_questions_asked_stand_alone_and_are_answered_by_an_article(tmp_path) -> None:
    multihop = tmp_path / "multihop"
    multihop.mkdir()
    asked = {name: questions for name, questions, _ in written._asked_of([multihop], frozenset({"en"}))}
    assert set(asked) == {"seeds", "multihop"} and len(asked["seeds"]) > 20
    # Those of multihop are about articles that the writer has not learned from.
    assert len(asked["multihop"]) > 10
    assert not {path.partition("#")[2] for one in asked["multihop"] for path in one.articles} & articles_learned_from()
    assert not any(one.abstain or one.history or one.language != "en" for questions in asked.values() for one in questions)
