"""An answer in a terminal: isolates that close, a bold phrase, and everything that the page shows."""

from __future__ import annotations

import re
from dataclasses import replace

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import LANGUAGES
from rag.phrases import phrase, written_date
from rag.types import ShortAnswer
from tests.ui.staged import (
    HOURS,
    TITLES,
    as_of,
    days_read,
    differing,
    direct,
    foreign,
    merged,
    quoting,
    rendered,
    several,
    untold,
    written,
)
from ui.terminal.answer import answer_text

LRI, RLI, FSI, PDI = "\u2066\u2067\u2068\u2069"
BOLD, RESET = "\x1b[1m", "\x1b[0m"


def plain(text: str) -> str:
    return re.sub(f"[{LRI}{RLI}{FSI}{PDI}]", "", click.unstyle(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answering_phrase_is_bold(language):
    item = HOURS[language]
    phrase = item.quote[item.phrase[0] - item.start : item.phrase[1] - item.start]
    told = answer_text(quoting(language, item))
    assert f"{BOLD}{phrase}{RESET}" in told and told.count(BOLD) == 1
    assert item.quote in plain(told)


@pytest.mark.parametrize("make", [merged, differing, as_of, untold, written, direct, rendered, foreign, several])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_closes_its_isolates(make, language):
    answer = make(language)
    told = answer_text(answer)
    assert all(len(re.findall(f"[{LRI}{RLI}{FSI}]", line)) == line.count(PDI) for line in told.split("\n"))
    opening = f"{plain(told).split(chr(10))[0]}\n\n" if answer.direct else ""
    assert plain(told).startswith(f"{opening}{answer.answer}")


@pytest.mark.parametrize(
    ("make", "language", "line"),
    [
        (direct, "ar", f"{RLI}{RLI}ثلاث ساعات ونصف الساعة{PDI} [1]{PDI}"),
        (direct, "fa", f"{RLI}{RLI}۵ ساعت{PDI} [1]{PDI}"),
        (rendered, "fa", f"{RLI}{RLI}۳ ساعت و نیم{PDI} {RLI}«ثلاث ساعات ونصف الساعة»{PDI} [1]{PDI}"),
        (rendered, "en", f"{LRI}{LRI}three and a half hours{PDI} {RLI}«ثلاث ساعات ونصف الساعة»{PDI} [1]{PDI}"),
        (foreign, "fa", f"{RLI}{LRI}four hours{PDI} [1]{PDI}"),
        (
            several, "ar",
            f"{RLI}{RLI}ثلاث ساعات ونصف الساعة{PDI} [1] · {RLI}أربع ساعات{PDI} {LRI}“four hours”{PDI} [3]"
            f" · {RLI}۵ ساعت{PDI} [2]{PDI}",
        ),
    ],
)  # fmt: skip
def test_the_short_answer_is_the_first_line(make, language, line):
    answer = make(language)
    first, empty, second, *_ = answer_text(answer).split("\n")
    assert (click.unstyle(first), empty) == (line, "")
    assert plain(second) == answer.answer.split("\n")[0]
    read_first = [value.rendered or value.text for value in (answer.direct, *answer.direct.others)]
    assert [plain(bold) for bold in re.findall(re.escape(BOLD) + "(.*?)" + re.escape(RESET), first)] == read_first


def test_no_short_answer_breaks_its_line():
    wild = ShortAnswer(f"می‌گوید{PDI}\nچنین{RLI}", "fa", 2, 0, 9)
    first = click.unstyle(answer_text(quoting("en", HOURS["fa"], direct=wild))).split("\n")[0]
    assert first == f"{LRI}{RLI}می‌گوید چنین{RLI}{PDI}{PDI} [2]{PDI}"


@pytest.mark.parametrize(("language", "mark"), [("ar", RLI), ("fa", RLI), ("en", LRI)])
def test_lines_run_in_the_direction_of_the_answer_and_pieces_in_their_own(language, mark):
    answer = differing(language)
    lines = click.unstyle(answer_text(answer)).split("\n\n")
    assert len(lines) == 6 and all(line.startswith(mark) for line in lines[:5])
    for line, item in zip(lines[1:4], answer.citations, strict=True):
        assert line.count(item.quote) == 1 and f"{FSI}{item.outlet}{PDI}" in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_outlets_are_named_with_their_paths(language):
    answer = merged(language)
    lines = plain(answer_text(answer)).split("\n")
    [item] = answer.citations
    start = lines.index(f"[1] {item.path}")
    assert len(item.also) == 2
    for line, other in zip(lines[start + 1 :], item.also, strict=True):
        assert line.startswith(f"    + {other.outlet}") and line.endswith(other.path)
        assert written_date(other.published, language) in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_missing_words_are_named_once(language):
    answer = untold(language)
    told = plain(answer_text(answer))
    opening = phrase("not_mentioned", language).split("{", 1)[0].strip()
    assert opening in told and all(word in told for word in answer.missing)
    in_text = replace(answer, answer=f"{answer.answer} {' '.join(answer.missing)}")
    assert opening not in plain(answer_text(in_text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_notices_come_last(language):
    answer = written(language)
    assert plain(answer_text(answer)).endswith(f"\n\n{answer.notices[0]}")


@given(st.text(alphabet="خی\u200c\u2066\u2067\u2068\u2069\u202e\n1۱a«»", max_size=30))
def test_no_quote_breaks_the_lines_around_it(quote):
    item = replace(HOURS["fa"], quote=quote, phrase=(HOURS["fa"].start, HOURS["fa"].start + 2))
    told = click.unstyle(answer_text(quoting("ar", item)))
    for line in told.split("\n"):
        depth = 0
        for character in line:
            depth += (character in "\u2066\u2067\u2068") - (character == PDI)
            assert depth >= 0
        assert depth == 0
    assert told.endswith(f"[2] {FSI}{item.path}{PDI}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_request_adds_is_shown_and_closes_its_isolates(language):
    told = answer_text(days_read(language))
    assert TITLES[language] in told and phrase("articles_listed", language) in told
    for line in told.split("\n"):
        assert len(re.findall("[\u2066-\u2068]", line)) == line.count("\u2069")
