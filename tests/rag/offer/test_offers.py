"""What is offered: only what was found answered by its article, kept for the next start, never asked while users wait."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from datetime import date

import pytest

from index.types import Filter, KhabarError
from rag.offer import tuning
from rag.offer.asked import is_answered
from rag.offer.candidates import candidates_of
from rag.offer.examples import example_questions, in_order
from rag.offer.followups import followups
from rag.offer.kept import FILE_NAME, Examples, read_examples, write_examples
from rag.offer.offers import Offers
from rag.offer.types import OfferedQuestion
from tests.rag.offer.conftest import DAY, row

MAYOR = "Zohran Mamdani was elected mayor of New York on Tuesday. Voters queued in Brooklyn."
ARREST = "French police arrested two men near Paris on Saturday evening."
EARTHQUAKE = "قتل زلزال قوي 30 شخصا في إيران فجر الثلاثاء. وأغلقت المدارس."
VOTE = "مجلس نمایندگان ژاپن روز سه‌شنبه سانائه تاکائیچی را با ۲۳۷ رأی به نخست‌وزیری برگزید."
TRUMP = "قال الرئيس دونالد ترامب إن روسيا تريد السلام. ورحبت روسيا بذلك."
ROWS = [
    row(1, MAYOR, "en", "Mamdani wins"), row(2, ARREST, "en", "Arrests", "Wire"), row(3, EARTHQUAKE, "ar", "زلزال في إيران"),
    row(4, VOTE, "fa", "نخست‌وزیر تازهٔ ژاپن"), row(5, TRUMP, "ar", "ترامب عن روسيا"),
]  # fmt: skip
LONGER = [
    row(1, "Zohran Mamdani was elected mayor of New York on Tuesday. Andrew Cuomo visited supporters in Queens on Monday. "
        "More than 300 volunteers counted votes in Brooklyn.", "en", "Mamdani wins"),
    row(2, ARREST, "en", "Arrests"),
]  # fmt: skip
FOUND = ("Zohran Mamdani", "two", "30", "۲۳۷")


def question(number, language="en", **more):
    known = {"kind": "when", "article_id": f"a{number}", "article_language": language, "outlet": "O", "published": DAY} | more
    return OfferedQuestion(f"{language} {number}?", language, **known)


def candidate(archive, reader, glossary, text):
    found = [each for article in archive.catalog.articles() for each in candidates_of(article, reader, glossary)]
    return next(each for each in found if each.question == text)


def test_a_question_is_answered_where_it_was_taken_out_of_its_article(archive_with, reader, glossary):
    archive = archive_with(ROWS, "Zohran Mamdani", "New York")
    who = candidate(archive, reader, glossary, "Who was elected mayor of New York?")
    when = candidate(archive, reader, glossary, "When was Zohran Mamdani elected mayor of New York?")
    assert is_answered(archive.answerer, who)
    assert not is_answered(archive.answerer, when), "the reader marks the name, which is no day"
    assert not is_answered(archive.answerer, who, within=Filter(outlets=frozenset({"Wire"})))
    moved = replace(who, article=replace(who.article, article_id="another"))
    assert not is_answered(archive.answerer, moved), "another article answers"
    assert not is_answered(archive.answerer, replace(who, language="fa")), "it would be answered in another language"


def test_no_answer_is_drafted_and_no_failure_told(archive_with, reader, glossary):
    archive = archive_with(ROWS, *FOUND)
    who = candidate(archive, reader, glossary, "Who was elected mayor of New York?")
    assert is_answered(archive.answerer, who) and not archive.answerer.generator.asked

    class Away:
        def stream(self, *_):
            raise KhabarError("away", "wait")

    assert not is_answered(Away(), who)


def test_the_examples_of_an_archive(archive_with, reader, glossary):
    archive = archive_with(ROWS, *FOUND)
    found = {each.question: each for each in example_questions(archive, reader, glossary)}
    assert {"Who was elected mayor of New York?", "كم شخصا قتل في الزلزال الذي ضرب إيران؟"} <= set(found)
    assert "ماذا قال دونالد ترامب عن روسيا؟" in found
    assert "مجلس نمایندگان ژاپن سانائه تاکائیچی را با چند رأی به نخست‌وزیری برگزید؟" in found
    foreign = found["دونالد ترامپ دربارهٔ روسیه چه گفت؟"]
    assert (foreign.language, foreign.article_language, foreign.kind) == ("fa", "ar", "said")
    for language in ("ar", "fa", "en"):
        own = [each.article_id for each in found.values() if each.language == language]
        assert len(own) == len(set(own)), "two of one article"


def test_without_answers_there_are_no_examples(archive_with, reader, glossary):
    assert not example_questions(archive_with([row(1, ARREST, "en", "Arrests")], "nothing"), reader, glossary)
    assert not example_questions(archive_with([]), reader, glossary)


def test_looking_for_examples_ends_where_it_must(archive_with, reader, glossary):
    archive = archive_with(ROWS, *FOUND)
    whole = example_questions(archive, reader, glossary)
    left = iter([True] * 4 + [False])
    found = example_questions(archive, reader, glossary, lambda: next(left))
    assert found == whole[:3] and list(left) == [], "what was found until then"
    assert example_questions(archive, reader, glossary, lambda: False) == []


def test_those_in_the_users_language_come_first_and_are_varied():
    offered = [question(n, lang) for lang in ("en", "ar", "fa") for n in range(1, 7)]
    offered += [question(8, "fa", kind="who"), question(9, "fa", kind="where", outlet="P")]
    shown = in_order(offered, "fa")
    assert [each.language for each in shown[:tuning.SHOWN_IN_OWN]] == ["fa"] * tuning.SHOWN_IN_OWN
    assert len(shown) == tuning.SHOWN == len({(each.language, each.question) for each in shown})
    assert {"who", "where", "when"} == {each.kind for each in shown[:tuning.SHOWN_IN_OWN]}
    assert {each.language for each in shown[tuning.SHOWN_IN_OWN:]} == {"ar", "en"}
    alone = in_order([question(n) for n in range(20)], "en")
    assert len(alone) == tuning.SHOWN, "more of the one language where there is no other"
    assert in_order([question(1, "ar")], "fa") == [question(1, "ar")] and in_order([], "ar") == []


def test_followups_are_of_other_facts_and_never_the_same_again(archive_with, reader, glossary):
    archive = archive_with(LONGER, "Zohran Mamdani", "on Monday", "300")
    answer = archive.answerer.answer("Who was elected mayor of New York?")
    assert answer.direct and answer.direct.text == "Zohran Mamdani"
    found = followups(answer, archive, reader, glossary)
    assert set(found) == {"How many volunteers counted votes in Brooklyn?", "When did Andrew Cuomo visit supporters in Queens?"}
    again = followups(answer, archive, reader, glossary, earlier=["How many volunteers counted the votes in Brooklyn?"])
    assert again == (), "one alone is no choice"
    assert followups(answer, archive, reader, glossary, within=Filter(until=date(2020, 1, 1))) == ()
    assert followups(answer, archive, reader, glossary, go_on=lambda: False) == ()


def test_an_abstention_has_no_followups(archive_with, reader, glossary):
    archive = archive_with(ROWS)
    answer = archive.answerer.answer("Who painted the ceiling of the opera in Manaus?")
    assert answer.abstained and followups(answer, archive, reader, glossary) == ()


def test_examples_are_kept_as_they_are(tmp_path):
    file = tmp_path / FILE_NAME
    kept = Examples("state", (question(1), question(2, "fa", outlet=None, published=None)))
    write_examples(file, kept)
    assert read_examples(file) == kept
    write_examples(tmp_path / "none" / FILE_NAME, kept)  # a folder that is not there keeps none


KEPT = {"question": "?", "language": "en", "kind": "when", "article_id": "a", "article_language": "en", "outlet": None,
        "published": None}  # fmt: skip


@pytest.mark.parametrize("damage", [
    "", "{", "[]", "null", '{"state": "s", "questions": 3}',
    *(json.dumps({"state": "s", "questions": [row]}) for row in (
        {"question": "Who?"}, KEPT | {"question": 1}, KEPT | {"language": "fr"}, KEPT | {"published": "soon"}, [KEPT],
    )),
])  # fmt: skip
def test_a_damaged_file_offers_nothing_and_is_told(tmp_path, damage, caplog):
    file = tmp_path / FILE_NAME
    assert read_examples(file) == Examples() and not caplog.records, "there is none yet"
    file.write_text(damage, encoding="utf-8")
    assert read_examples(file) == Examples()
    assert [str(file) in record.getMessage() and "anew" in record.getMessage() for record in caplog.records] == [True]
    kept = Examples("state", (question(1, "ar"),))
    write_examples(file, kept)
    assert read_examples(file) == kept


def settled(offers):
    """Wait until the examples are of the archive's state."""
    until = time.monotonic() + 60
    while offers.are_looked_for and time.monotonic() < until:
        time.sleep(0.02)
    assert not offers.are_looked_for


def test_examples_are_found_in_the_background_and_are_there_at_the_next_start(archive_with, reader, glossary):
    archive = archive_with(ROWS, *FOUND)
    offers = Offers(archive, reader, glossary)
    assert not offers.examples("en") and not offers.are_looked_for, "nothing before it is started"
    offers.start()
    settled(offers)
    offers.stop()
    first = offers.examples("fa")
    assert first and first[0].language == "fa"
    stored = archive.catalog.file.parent / FILE_NAME
    assert len(json.loads(stored.read_text("utf-8"))["questions"]) >= len(first)
    again = Offers(archive, reader, glossary)
    assert again.examples("fa") == first
    again.start()
    asked = len(archive.answerer._reader.asked)
    settled(again)
    again.stop()
    assert len(archive.answerer._reader.asked) == asked, "found twice"


def test_what_an_article_told_goes_with_it(archive_with, reader, glossary):
    archive = archive_with(ROWS, *FOUND)
    write_examples(archive.catalog.file.parent / FILE_NAME, Examples("old", (question(77),)))
    assert not Offers(archive, reader, glossary).examples("en")


def test_nothing_is_asked_while_users_wait(archive_with, reader, glossary):
    archive, waiting = archive_with(LONGER, "Zohran Mamdani", "on Monday", "300"), threading.Event()
    offers = Offers(archive, reader, glossary, lambda: not waiting.is_set())
    answer = archive.answerer.answer("Who was elected mayor of New York?")
    asked = len(archive.answerer._reader.asked)
    offers.start()
    looked = threading.Thread(target=offers.followups, args=("turn", answer))
    looked.start()
    looked.join(1.5)
    assert looked.is_alive() and len(archive.answerer._reader.asked) == asked
    waiting.set()
    looked.join(60)
    settled(offers)
    offers.stop()
    assert len(archive.answerer._reader.asked) > asked and offers.examples("en")


def test_followups_are_looked_for_once_and_not_before_the_start(archive_with, reader, glossary):
    archive = archive_with(ROWS, *FOUND)
    answer = archive.answerer.answer("Who was elected mayor of New York?")
    offers = Offers(archive, reader, glossary)
    assert offers.followups("turn", answer) == ()
    offers.start()
    settled(offers)
    first = offers.followups("turn", answer)
    asked = len(archive.answerer._reader.asked)
    assert offers.followups("turn", answer) == first and len(archive.answerer._reader.asked) == asked
    offers.stop()
    assert offers.followups("another", answer) == (), "it is closed"


def test_a_bug_in_looking_for_followups_offers_nothing_and_is_logged(archive_with, reader, glossary, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("boom")

    archive = archive_with(ROWS, *FOUND)
    answer = archive.answerer.answer("Who was elected mayor of New York?")
    monkeypatch.setattr("rag.offer.offers.followups", broken)
    offers = Offers(archive, reader, glossary)
    offers.start()
    assert offers.followups("turn", answer) == () and "follow-ups" in caplog.text
    offers.stop()
