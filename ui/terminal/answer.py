"""An answer as lines for a terminal, safe for text of both directions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from index.types import ArticleRef, Language
from rag.phrases import COMMA, filter_in_words, say, written_date
from rag.quote.quoted_answer import attribution
from rag.types import Answer, Citation, Source
from ui.answer_parts import BETWEEN, Value, Words, days_read, listed_articles, phrase_in, quotation, short_answer
from ui.direction import closed, direction, isolated

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT, _END = "\u2066\u2067\u2069"


def answer_text(answer: Answer) -> str:
    """Return an answer as lines of text.

    Each line runs in the direction of the answer's language, and each piece that has a direction of its own stands in
    Unicode isolates (Unicode Standard Annex 9), so that a terminal that knows them keeps [1], outlet and date in place. The
    short answer and the answering phrases are bold by escape sequences, which `click.echo` takes out where it writes to no
    terminal.
    """
    language = answer.language
    lines = [*_direct_lines(answer), *_lines(_with_pieces_apart(answer.answer, answer), language)]
    if answer.mode == "written":
        lines += ["", *(line for item in answer.citations for line in _source(item, answer))]
    lines += _missing_lines(answer)
    lines += [line for told in _request_lines(answer) for line in _lines(told, language)]
    if answer.related:
        told = [say("related", language), *(_row(item, language) for item in answer.related)]
        lines += ["", *(line for row in told for line in _lines(row, language))]
    if answer.citations:
        lines += ["", *(line for item in answer.citations for line in _paths(item, language))]
    if answer.notices:
        lines += ["", *map(isolated, answer.notices)]
    return "\n".join(lines)


def _direct_lines(answer: Answer) -> list[str]:
    """Return the short answer as the first line, with an empty one below it; nothing where there is none."""
    told = f" {BETWEEN} ".join(map(_value, short_answer(answer)))
    return [*_lines(told, answer.language), ""] if told else []


def _value(value: Value) -> str:
    """Return a value of the short answer: what is read first, bold, the article's own words if they are others, its marker."""
    own = [_words(value.own)] if value.own else []
    return " ".join([click.style(_words(value.first), bold=True), *own, f"[{value.citation}]"])


def _words(words: Words) -> str:
    [line] = _lines(words.text, words.language)
    return line


def _lines(text: str, language: Language) -> list[str]:
    """Return the lines of a text in the direction of a language."""
    start = _LEFT_TO_RIGHT if direction(language) == "ltr" else _RIGHT_TO_LEFT
    return [f"{start}{closed(line)}{_END}" if line else "" for line in text.split("\n")]


def _with_pieces_apart(text: str, answer: Answer) -> str:
    """Return a text with the quotes and the outlets in it isolated, and the phrases in the quotes bold."""
    quotes = {quotation(item): item for item in answer.citations}
    outlets = {item.outlet for item in answer.citations} | {other.outlet for item in answer.citations for other in item.also}
    names = [name for name in outlets if name]
    pieces = [re.escape(piece) for found in (list(quotes), names) for piece in sorted(found, key=len, reverse=True)]
    pattern = "|".join(pieces) or "(?!)"
    return re.sub(pattern, lambda match: _quoted(quotes[match[0]]) if match[0] in quotes else isolated(match[0]), text)


def _quoted(item: Citation) -> str:
    opening, closing = quotation(item)[0], quotation(item)[-1]
    text = item.quote
    for start, end in phrase_in(item):
        text = f"{text[:start]}{click.style(text[start:end], bold=True)}{text[end:]}"
    return "\n".join(map(isolated, f"{opening}{text}{closing}".split("\n")))


def _source(item: Citation, answer: Answer) -> list[str]:
    told = f"[{item.number}] {attribution(item, answer.language)}: {quotation(item)}"
    return _lines(_with_pieces_apart(told, answer), answer.language)


def _missing_lines(answer: Answer) -> list[str]:
    """Return the line on the words that even the nearest articles lack, unless the answer's own text names them."""
    if all(word in answer.answer for word in answer.missing):
        return []
    words = f"{COMMA[answer.language]} ".join(map(isolated, answer.missing))
    return _lines(say("not_mentioned", answer.language, words=words), answer.language)


def _paths(item: Citation, language: Language) -> list[str]:
    """Return where a citation's article lies, and those of the other outlets that say the same."""
    others = (f"    + {_other(other, language)}: {isolated(other.path)}" for other in item.also)
    return [f"[{item.number}] {isolated(item.path)}", *others]


def _other(other: Source, language: Language) -> str:
    return f"{isolated(other.outlet or other.title)}{COMMA[language]} {isolated(written_date(other.published, language))}"


def _row(item: ArticleRef, language: Language) -> str:
    """Return an article as a row of a list: its title, and who published it when."""
    outlet = f"{isolated(item.outlet)}{COMMA[language]} " if item.outlet else ""
    return f"- {isolated(item.title)} ({outlet}{written_date(item.published, language)})"


def _request_lines(answer: Answer) -> Iterator[str]:
    """Yield the days that were read from a request, and the titles of the articles that it lists."""
    if days := days_read(answer):
        told = COMMA[answer.language].join(filter_in_words(days, answer.language))
        yield say("days_read", answer.language, days=told)
    articles, more = listed_articles(answer)
    if not articles:
        return
    yield say("articles_listed", answer.language)
    yield from (_row(item, answer.language) for item in articles)
    if more:
        yield more
