"""One glossary for a whole answer: what open_archive loads serves retrieval, quoting and drafting, the user's own file too."""

from datetime import date

import pytest

from rag import archive as opening
from tests.rag.scripted import ScriptedGenerator, archive_of, excerpts_in

BESIDE = [
    ("en", "Wheat prices rise in spring",
     "Wheat prices rose for a third month. Traders blame a dry winter. The ministry will open its stores in April. Bakers hope "
     "that bread stays as cheap as it is."),
    ("ar", "مهرجان التمور",
     "افتُتح مهرجان التمور في الواحة. شارك فيه خمسون مزارعا. وقال المنظمون إن الأسعار جيدة. ويستمر أسبوعا."),
    ("fa", "قطار تندرو",
     "قطار تندرو تازه به راه افتاد. سفر با آن سه ساعت طول می‌کشد. بهای بلیت ۲۰ دلار است. مسافران راضی‌اند."),
]  # fmt: skip
TITLES = {"en": "Zorvan talks", "ar": "محادثات زورفان", "fa": "گفت‌وگوهای زورفان"}


@pytest.fixture
def asked(tmp_path):
    """Return a function that answers a question from an archive of some reports on one thing, among other articles."""
    opened = []

    def answer(question, language, *reports, history=()):
        told = [(language, TITLES[language], text) for text in reports]
        rows = [
            {"title": title, "text": text, "language": tongue, "outlet": f"outlet {n}", "date": date(2025, 4, 5)}
            for n, (tongue, title, text) in enumerate([*told, *BESIDE], 1)
        ]
        archive = archive_of(tmp_path / str(len(opened)), rows)
        opened.append(archive)
        return archive.answerer.answer(question, history)

    yield answer
    for archive in opened:
        archive.catalog.close()


def in_dispute(answer):
    return {value for found in answer.disagreements if found.kind == "place" for value in found.values}


# Places that the question names


@pytest.mark.parametrize(
    ("language", "question", "one", "other", "values"),
    [
        (
            "en",
            "Where did the Zorvan talks between France and Germany take place?",
            "Diplomats in France said the Zorvan talks between France and Germany took place in Spain. They were useful.",
            "The Zorvan talks between France and Germany took place in Italy, ministers in Germany said. No date was given.",
            {"Spain", "Italy"},
        ),
        (
            "ar",
            "أين عُقدت محادثات زورفان بين فرنسا وألمانيا؟",
            "قال دبلوماسيون في فرنسا إن محادثات زورفان بين فرنسا وألمانيا عقدت في إسبانيا. ووصفوها بالمفيدة.",
            "عقدت محادثات زورفان بين فرنسا وألمانيا في إيطاليا كما ذكر وزراء في ألمانيا. ولم يحدد موعد.",
            {"إسبانيا", "إيطاليا"},
        ),
        (
            "fa",
            "گفت‌وگوهای زورفان میان فرانسه و آلمان كجا برگزار شد؟",
            "دیپلمات‌ها در فرانسه گفتند گفت‌وگوهای زورفان میان فرانسه و آلمان در اسپانیا برگزار شد. سودمند بود.",
            "گفت‌وگوهای زورفان میان فرانسه و آلمان در ایتالیا برگزار شد و وزیران در آلمان خشنود بودند. دور دوم در پیش است.",
            {"اسپانیا", "ایتالیا"},
        ),
    ],
)
def test_a_place_that_the_question_names_is_no_answer_to_where(asked, language, question, one, other, values):
    assert in_dispute(asked(question, language, one, other)) == values


def test_where_in_a_country_is_not_answered_by_the_country(asked):
    one = "The Zorvan talks took place in Germany, in Berlin. Both sides called them useful."
    other = "The Zorvan talks took place in Germany, in Munich. No date was given."
    assert in_dispute(asked("Where in Germany did the Zorvan talks take place?", "en", one, other)) == {"Berlin", "Munich"}


HOSTED = {
    "en": (
        "The Zorvan talks between Egypt and Sudan took place in Egypt on Sunday. Both sides called them useful.",
        "The Zorvan talks between Egypt and Sudan took place in Sudan, delegates said. No date was given.",
        {"Egypt", "Sudan"},
    ),
    "ar": (
        "عُقدت محادثات زورفان بين مصر والسودان في مصر يوم الأحد. ووصفها مسؤولون بأنها مفيدة.",
        "قالت الوفود إن محادثات زورفان بين مصر والسودان عقدت في السودان. ولم يحدد موعد.",
        {"مصر", "السودان"},
    ),
    "fa": (
        "گفت‌وگوهای زورفان میان مصر و سودان یکشنبه در مصر برگزار شد. دو طرف آن را سودمند خواندند.",
        "به گفتهٔ هیئت‌ها گفت‌وگوهای زورفان میان مصر و سودان در سودان برگزار شد. دور دوم در پیش است.",
        {"مصر", "سودان"},
    ),
}


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Where did the Zorvan talks take place, in Egypt or in Sudan?"),
        ("en", "Were the Zorvan talks held in Egypt or Sudan?"),
        ("ar", "أين عُقدت محادثات زورفان، في مصر أم في السودان؟"),
        ("ar", "هل عقدت محادثات زورفان في مصر أو السودان؟"),
        ("fa", "آیا گفت‌وگوهای زورفان در مصر یا در سودان برگزار شد؟"),
        ("fa", "گفتگوهاي زورفان در مصر برگزار شد یا در سودان؟"),
    ],
)
def test_places_that_the_question_lets_choose_between_are_what_sources_differ_in(asked, language, question):
    one, other, values = HOSTED[language]
    assert in_dispute(asked(question, language, one, other)) == values


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Where did the Zorvan talks between Egypt and Sudan take place?"),
        ("ar", "أين عُقدت محادثات زورفان بين مصر والسودان؟"),
        ("fa", "گفت‌وگوهای زورفان میان مصر و سودان کجا برگزار شد؟"),
    ],
)
def test_those_who_meet_may_be_hosts_where_no_article_names_another_place(asked, language, question):
    one, other, values = HOSTED[language]
    assert in_dispute(asked(question, language, one, other)) == values


# The user's own file

OWN = "city\tTelmara\tتلمارة\tتلماره\ncity\tQuessin\tكويسين\tکویسین\nword\tsealed off | shut\tأوصد\tفروبست\n"


@pytest.fixture
def own(tmp_path, monkeypatch):
    path = tmp_path / "own.tsv"
    path.write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("KHABAR_GLOSSARY", str(path))


@pytest.mark.parametrize(
    ("language", "question", "one", "other", "values"),
    [
        (
            "en",
            "Where did the Zorvan talks take place?",
            "The Zorvan talks took place in Telmara. They were useful.",
            "The Zorvan talks took place in Quessin. No date was given.",
            {"Telmara", "Quessin"},
        ),
        (
            "ar",
            "أين عقدت محادثات زورفان؟",
            "عقدت محادثات زورفان في تلمارة. ووصفت بالمفيدة.",
            "عقدت محادثات زورفان في كويسين. ولم يحدد موعد آخر.",
            {"تلمارة", "كويسين"},
        ),
        (
            "fa",
            "گفت‌وگوهای زورفان کجا برگزار شد؟",
            "گفت‌وگوهای زورفان در تلماره برگزار شد. سودمند بود.",
            "گفت‌وگوهای زورفان در کویسین برگزار شد. دور دوم در پیش است.",
            {"تلماره", "کویسین"},
        ),
    ],
)
def test_a_place_of_ones_own_glossary_is_a_value(asked, own, language, question, one, other, values):
    assert in_dispute(asked(question, language, one, other)) == values


def test_without_it_nobody_knows_these_places(asked):
    one, other = "The Zorvan talks took place in Telmara. They were useful.", "The Zorvan talks took place in Quessin. No date."
    assert in_dispute(asked("Where did the Zorvan talks take place?", "en", one, other)) == set()


class Drafting(ScriptedGenerator):
    """Writes one sentence with the marker of the first passage."""

    def stream(self, messages, max_tokens):
        yield f"{self.pieces[0]} [{next(iter(excerpts_in(messages)))}]"


@pytest.mark.parametrize(
    ("question", "language", "article", "draft"),
    [
        ("What happened to Quessin port?", "ar", "أوصد الجيش ميناء كويسين.", "The army sealed off the port of Quessin."),
        ("ماذا جرى لميناء كويسين؟", "en", "The army shut the port of Quessin.", "أوصد الجيش ميناء كويسين."),
    ],
)
def test_a_draft_is_checked_with_ones_own_glossary(asked, own, monkeypatch, question, language, article, draft):
    monkeypatch.setattr(opening, "chosen_generator", lambda settings: Drafting([draft]))
    found = asked(question, language, article)
    assert (found.mode, found.answer) == ("written", f"{draft} [1]"), found


def test_without_it_the_draft_is_not_supported(asked, monkeypatch):
    draft = "The army sealed off the port of Quessin."
    monkeypatch.setattr(opening, "chosen_generator", lambda settings: Drafting([draft]))
    found = asked("What happened to Quessin port?", "ar", "أوصد الجيش ميناء كويسين.")
    assert found.mode == "quotes"
