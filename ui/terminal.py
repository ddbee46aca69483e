"""Answers and the state of an archive for a terminal, safe for text of both directions."""

from __future__ import annotations

import re

import click

from index.embedding import Embedded
from index.status import Status
from index.stores import LOCAL
from index.types import Language
from rag.phrases import COMMA, RELATED, written_date
from rag.quote.quoted_answer import attribution
from rag.types import Answer, Citation, Related, Source
from ui.blocks import quotation
from ui.direct import BETWEEN, Value, Words, values
from ui.direction import closed, direction
from ui.labels import LABELS
from ui.marks import phrase_in
from ui.request_view import request_lines

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT, _ISOLATE, _END = "\u2066\u2067\u2068\u2069"


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
    lines += [line for told in request_lines(answer) for line in _lines(told, language)]
    if answer.related:
        lines += ["", *_lines(RELATED[language], language), *(f"- {_related(item, language)}" for item in answer.related)]
    if answer.citations:
        lines += ["", *(line for item in answer.citations for line in _paths(item, language))]
    if answer.notices:
        lines += ["", *map(_isolated, answer.notices)]
    return "\n".join(lines)


def _direct_lines(answer: Answer) -> list[str]:
    """Return the short answer as the first line, with an empty one below it; nothing where there is none."""
    told = f" {BETWEEN} ".join(map(_value, values(answer)))
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
    return re.sub(pattern, lambda match: _quoted(quotes[match[0]]) if match[0] in quotes else _isolated(match[0]), text)


def _quoted(item: Citation) -> str:
    opening, closing = quotation(item)[0], quotation(item)[-1]
    text = item.quote
    for start, end in phrase_in(item):
        text = f"{text[:start]}{click.style(text[start:end], bold=True)}{text[end:]}"
    return "\n".join(map(_isolated, f"{opening}{text}{closing}".split("\n")))


def _source(item: Citation, answer: Answer) -> list[str]:
    told = f"[{item.number}] {attribution(item, answer.language)}: {quotation(item)}"
    return _lines(_with_pieces_apart(told, answer), answer.language)


def _missing_lines(answer: Answer) -> list[str]:
    """Return the line on the words that no article holds, unless the answer's own text names them."""
    if all(word in answer.answer for word in answer.missing):
        return []
    words = f"{COMMA[answer.language]} ".join(map(_isolated, answer.missing))
    return _lines(LABELS[answer.language].missing.replace("{words}", words), answer.language)


def _paths(item: Citation, language: Language) -> list[str]:
    """Return where a citation's article lies, and those of the other outlets that say the same."""
    others = (f"    + {_other(other, language)}: {_isolated(other.path)}" for other in item.also)
    return [f"[{item.number}] {_isolated(item.path)}", *others]


def _other(other: Source, language: Language) -> str:
    return f"{_isolated(other.outlet or other.title)}{COMMA[language]} {_isolated(written_date(other.published, language))}"


def _related(item: Related, language: Language) -> str:
    outlet = f"{_isolated(item.outlet)}{COMMA[language]} " if item.outlet else ""
    [line] = _lines(f"{_isolated(item.title)} ({outlet}{written_date(item.published, language)})", language)
    return line


def _isolated(text: str) -> str:
    """Return a piece of a line that has the direction of its own first letter."""
    return f"{_ISOLATE}{closed(text)}{_END}" if text else ""


def status_text(status: Status) -> str:
    """Return what `khabar status` prints: what the index holds, how far it is embedded, where it lies."""
    holdings = status.holdings
    names = LABELS["en"].languages
    languages = ", ".join(f"{count:,} {names[language]}" for language, count in holdings.articles.items())
    articles = f"{sum(holdings.articles.values()):,} ({languages}) in {holdings.chunks:,} chunks"
    days = f"{holdings.first} to {holdings.last}" if holdings.first else "no article has a date"
    rows = [
        ("Index", str(status.data)),
        *([("Store", status.store)] if status.store != LOCAL else []),
        ("Size", megabytes(status.size)),
        *(("Folder", str(folder)) for folder in status.folders),
        ("Articles", articles),
        ("Outlets", f"{holdings.outlets:,}"),
        ("Published", days),
        ("Embedder", status.embedder),
        ("Embedded", _embedded_row(status.embedded)),
    ]
    if status.before:
        rows.append(("Replaces", f"{status.before}; words answer until all is embedded anew"))
    return "\n".join(f"{name:<10} {told}" for name, told in rows)


def _embedded_row(embedded: Embedded) -> str:
    if not embedded.of:
        return "nothing; words answer"
    told = embedded_text(embedded)
    return told if embedded.complete else f"{told}; khabar index and khabar serve go on with the rest"


def embedded_text(embedded: Embedded) -> str:
    """Return how many of the chunks are embedded: 12 of 56 chunks (21%)."""
    if embedded.complete:
        return f"all {embedded.of:,} chunks"
    return f"{embedded.chunks:,} of {embedded.of:,} chunks ({embedded.percent}%)"


def megabytes(size: int) -> str:
    """Return a number of bytes as a reader wants it."""
    return f"{size / 1_000_000:,.0f} MB" if size >= 950_000 else f"{size / 1_000:,.0f} kB"


def tell(text: str) -> None:
    """Write a line beside the answer: what a reader waits for, or should know."""
    click.echo(text, err=True)
