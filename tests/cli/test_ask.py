"""`khabar ask`: answers in a terminal and as JSON, filters, settings, and what is refused."""

import json
import re

import pytest

from rag.settings import Settings
from tests.cli.command import ARABIC, ENGLISH, PERSIAN, khabar, refused


def test_an_arabic_answer_in_the_terminal(data):
    result = khabar("ask", ARABIC, "--data", data)
    assert result.exit_code == 0 and result.stderr == ""
    plain = re.sub("[\u2066-\u2069]", "", result.stdout)
    assert plain.startswith("هذا ما تقوله المقالات:") and "[1]" in plain and "seeds/ar/" in plain
    assert len(re.findall("[\u2066-\u2068]", result.stdout)) == result.stdout.count("\u2069") > 0
    assert "\x1b" not in result.stdout, "no escape sequence where nothing shows it in bold"


def test_a_persian_answer_has_jalali_dates(data):
    stdout = khabar("ask", PERSIAN, "--data", data).stdout
    assert "مقاله‌ها چنین می‌گویند:" in stdout and "۲۹ مهر ۱۴۰۴" in stdout


@pytest.mark.parametrize(("question", "near"), [("ما مكونات طبق الكشري؟", False), ("ماذا قال ماكرون عن سرقة اللوفر؟", True)])
def test_an_abstention_names_articles_that_are_near_its_subject(data, question, near):
    result = khabar("ask", question, "--data", data)
    assert result.exit_code == 0
    assert "لا تذكر المقالات" in result.stdout and "[1]" not in result.stdout
    assert ("مقالات ذات صلة:" in result.stdout) is near


@pytest.mark.parametrize("question", [ARABIC, PERSIAN, ENGLISH, "ما مكونات طبق الكشري؟"])
def test_an_answer_as_json(data, question):
    result = khabar("ask", question, "--json", "--data", data)
    assert result.exit_code == 0 and result.stderr == ""
    answer = json.loads(result.stdout)
    assert set(answer) == {
        "question", "language", "answer", "mode", "abstained", "citations", "related", "confidence", "as_of", "disagreements",
        "overtaken", "missing", "notices", "drafted", "direct", "request", "within", "without_days", "listing",
        "models", "timings",
    }  # fmt: skip
    assert answer["question"] == question and "\\u" not in result.stdout
    for item in answer["citations"]:
        assert set(item) == {
            "number", "article_id", "path", "title", "outlet", "published", "language", "url", "passage", "quote", "start",
            "end", "phrase", "also", "agency",
        }  # fmt: skip
        assert item["phrase"] is None or item["start"] <= item["phrase"][0] < item["phrase"][1] <= item["end"]
    assert bool(answer["citations"]) != answer["abstained"]
    assert (answer["confidence"] < 0.5) == answer["abstained"] and (answer["drafted"], answer["notices"]) == (None, [])
    assert answer["missing"] == [] or answer["abstained"] and all(word in question for word in answer["missing"])


def test_the_history_of_a_conversation(data):
    arguments = ["ask", "و چه هشداری داد؟", "--json", "--data", data]
    with_history = json.loads(khabar(*arguments, "--history", "آیا سیکورسکی درباره هواپیمای پوتین سخن گفت؟").stdout)
    assert "سیکورسکی" in with_history["citations"][0]["quote"]
    assert json.loads(khabar(*arguments).stdout)["citations"] != with_history["citations"]


# Filters


@pytest.mark.parametrize(
    ("filters", "outlets"),
    [
        (["--outlet", "تارنماي سپیدار"], {"تارنمای سپیدار"}),  # an Arabic ya
        (["--outlet", "تارنمای سپیدار", "--outlet", "northgate wire"], {"تارنمای سپیدار", "Northgate Wire"}),
        (["--language", "fa", "--since", "۲۹ مهر ۱۴۰۴"], {"تارنمای سپیدار", "خبرگزاری آوند"}),
        (["--since", "1404/07/29", "--until", "29 ربيع الآخر 1447", "--language", "fa"], {"تارنمای سپیدار", "خبرگزاری آوند"}),
    ],
)
def test_an_answer_keeps_to_its_filter(data, filters, outlets):
    answer = json.loads(khabar("ask", PERSIAN, "--json", "--data", data, *filters).stdout)
    assert "سیکورسکی" in answer["answer"] and {item["outlet"] for item in answer["citations"]} <= outlets
    if "--since" in filters:
        assert all(item["published"] >= "2025-10-21" for item in answer["citations"])


@pytest.mark.parametrize("since", ["2025-10-22", "22 أكتوبر 2025", "22 تشرين الأول 2025", "۳۰ مهر ۱۴۰۴", "Oct 22, 2025"])
def test_an_abstention_under_a_filter_tells_the_filter(data, since):
    result = khabar("ask", ARABIC, "--data", data, "--since", since)
    assert result.exit_code == 0 and result.stderr == ""
    assert "نطاق البحث: منذ 22 أكتوبر 2025." in result.stdout and "[1]" not in result.stdout


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (["--outlet", "Northgate Wires"], ["'Northgate Wires'", "'Northgate Wire'"]),
        (["--outlet", "الرواق"], ["'الرواق'", "'جريدة الرواق'"]),
        (["--outlet", "Northgate Wire", "--outlet", ""], ["outlet ''"]),
        (["--language", "de"], ["'de'", "ar, fa and en"]),
        (["--since", "أمس"], ["'أمس'", "not a date", "1404/07/29"]),
        (["--until", "۳۱ مهر ۱۴۰۴"], ["'۳۱ مهر ۱۴۰۴'", "not a date"]),
        (["--until", ""], ["'' is not a date"]),
        (["--since", "2025-10-21", "--until", "۲۸ مهر ۱۴۰۴"], ["2025-10-21", "2025-10-20"]),
    ],
)
def test_a_filter_that_is_none(data, filters, told):
    refused(khabar("ask", ARABIC, "--data", data, *filters), *told)


def test_flags_and_variables(data):
    three = json.loads(khabar("ask", ARABIC, "--json", "--data", data).stdout)
    one = json.loads(khabar("ask", ARABIC, "--json", "--data", data, "--quotes", "1").stdout)
    by_variable = json.loads(khabar("ask", ARABIC, "--json", KHABAR_DATA=str(data), KHABAR_QUOTES="1").stdout)
    assert len(one["citations"]) == 1 < len(three["citations"])
    assert by_variable["citations"] == one["citations"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("😀😀", "no words"),
        ("؟!", "no words"),
        ("\u202e\u2066", "no words"),
        ("س" * 10_000, "10,000 characters"),
        ("ما هذا؟ " * 1_250, "characters"),
        ("😀" * 10_000, "10,000 characters"),
    ],
)
def test_a_question_that_is_none(data, question, told):
    assert len(refused(khabar("ask", question, "--data", data), told)) < 300


def test_no_index(tmp_path):
    refused(khabar("ask", ARABIC, "--data", tmp_path / "لا شيء"), tmp_path / "لا شيء", "khabar index")
    assert not (tmp_path / "لا شيء").exists()


@pytest.mark.parametrize("damage", ["catalog.sqlite", "lexical"])
def test_a_damaged_index(own, damage):
    if damage == "lexical":
        for file in (own / damage).rglob("*"):
            if file.is_file() and file.name != "current.json":
                file.write_bytes(b"x" * 100)
    else:
        (own / damage).write_bytes(b"x" * 10_000)
    refused(khabar("ask", ARABIC, "--data", own), own)


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "text"])
@pytest.mark.parametrize("command", ["ask", "models"])
def test_a_model_file_that_is_none(tmp_path, data, kind, command):
    file = tmp_path / "مدل.gguf"
    if kind == "folder":
        file.mkdir()
    elif kind != "missing":
        file.write_bytes(b"" if kind == "empty" else "لا شيء".encode())
    arguments = [command, ARABIC] if command == "ask" else [command]
    refused(khabar(*arguments, "--data", data, "--llm", file), file)


@pytest.mark.parametrize("name", [name for name, field in Settings.model_fields.items() if field.annotation in (int, float)])
def test_a_bad_value_names_flag_and_value(data, name):
    flag = f"--{name.replace('_', '-')}"
    refused(khabar("ask", ARABIC, "--data", data, flag, "هشت"), flag, f"KHABAR_{name.upper()}", "هشت")
    refused(khabar("ask", ARABIC, "--data", data, **{f"KHABAR_{name.upper()}": "-1"}), flag, "-1")


def test_bad_languages(data):
    refused(khabar("ask", ARABIC, "--data", data, "--llm-languages", "de"), "--llm-languages", "'de'")


def test_a_glossary_that_cannot_be_read(tmp_path, data):
    bad = tmp_path / "bad.tsv"
    bad.write_text("word\tone\n", "utf-8")
    refused(khabar("ask", ARABIC, "--data", data, "--glossary", bad), "line 1")
    refused(khabar("ask", ARABIC, "--data", data, "--glossary", tmp_path / "none.tsv"), "none.tsv")
