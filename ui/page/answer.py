"""Answer -> HTML: every text escaped, every block in the direction of its own language."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from html import escape

from index.types import EVERYTHING, Filter
from rag.phrases import COMMA, written_date
from rag.render.noun import write_number
from rag.types import Answer
from ui.answer_parts import Contrast, Line, contrasts, days_read, lines_of, listed_articles
from ui.direction import closed, direction, direction_of
from ui.page.articles import row_html, sources_html
from ui.page.filter import CROSS, filter_html
from ui.page.markup import apart, filled, heading
from ui.page.quote import contrast_html, line_html, quote_html, short_answer_html
from ui.page.tools import tools_html

# Answers that say what Khabar could not read; their own text is all there is to them.
_UNREAD = frozenset({"unclear", "unserved"})


def answer_html(
    answer: Answer, turn: int = 1, working: bool = False, within: Filter = EVERYTHING, quoted: Answer | None = None
) -> str:
    """Return an answer with its sources, in the direction of the question's language.

    While a model writes it, the `quoted` answer stands under what is written so far.
    """
    if answer.request in _UNREAD:
        said = _own_text_html(answer)
    elif answer.abstained:
        said = _abstention_html(answer, within)
    else:
        said = _said_html(answer, turn, working, quoted)
    kind = "abstention" if answer.abstained else answer.mode
    foot = "" if working else _notices_html(answer) + _foot_html(answer) + tools_html(answer)
    return (
        f'<div class="answer {kind}" lang="{answer.language}" dir="{direction(answer.language)}">'
        f'<div class="said">{_days_html(answer)}{said}{_listing_html(answer)}{foot}</div>{sources_html(answer, turn)}</div>'
    )


def _said_html(answer: Answer, turn: int, working: bool, quoted: Answer | None) -> str:
    """Return an answer in its order: the short answer, what a model has written, that it is still at it, the quotes.

    Each has its place from the first, so that none is drawn anew when another comes or goes. While a model writes, the quotes'
    own numbers are not those of its sentences: their markers and what is done by them step back (.meanwhile).
    """
    is_written = answer.mode == "written"
    sentences = "".join(_spoken(answer, turn)) if is_written else ""
    is_being_written = working and bool(is_written or answer.drafted)
    writing = f'<p class="writing">{filled("writing", answer.language)}</p>' if is_being_written else ""
    # What the sources differ in stands under the sentences already.
    beside = quoted if is_written and not answer.disagreements else None
    found = "".join(_spoken(beside or answer, turn)) if beside or not is_written else ""
    kind = "found meanwhile" if beside else "found"
    return f'{short_answer_html(answer, turn)}<div class="draft">{sentences}{writing}</div><div class="{kind}">{found}</div>'


def _spoken(answer: Answer, turn: int) -> Iterator[str]:
    """Yield the lines of an answer in their order, quotes from the citations, all others from the text."""
    lines = lines_of(answer)
    yield _as_of_html(answer, lines)
    together = {number: contrast for contrast in contrasts(answer) for number in contrast.numbers}
    shown: set[int] = set()
    for line in lines:
        if not line.quoted:
            yield _line_html(line.text, answer, turn)
        for number in line.quoted:
            if number in shown:
                continue
            contrast = together.get(number)
            shown |= set(contrast.numbers) if contrast else {number}
            yield _contrast_html(contrast, answer, turn) if contrast else _quote_html(number, answer, turn)
    yield from _left_out(answer, turn, shown)


def _left_out(answer: Answer, turn: int, shown: set[int]) -> Iterator[str]:
    """Yield what the text did not quote: contradicting quotes with a line that says so, and in quote mode the others."""
    rest: set[int] = set(shown)
    for contrast in contrasts(answer):
        if rest.isdisjoint(contrast.numbers):
            rest |= set(contrast.numbers)
            yield f'<p class="line">{heading("sources_differ", answer.language)}</p>{_contrast_html(contrast, answer, turn)}'
    if answer.mode == "quotes":
        yield from (_quote_html(item.number, answer, turn) for item in answer.citations if item.number not in rest)


def _quote_html(number: int, answer: Answer, turn: int) -> str:
    item = next(item for item in answer.citations if item.number == number)
    return quote_html(item, answer.language, turn, number in answer.overtaken)


def _contrast_html(contrast: Contrast, answer: Answer, turn: int) -> str:
    by_number = {item.number: item for item in answer.citations}
    items = [by_number[number] for number in contrast.numbers]
    return contrast_html(items, [contrast.values[item.number] for item in items], answer.language, turn)


def _line_html(text: str, answer: Answer, turn: int) -> str:
    kind = "sentences" if answer.mode == "written" else "line"
    return f'<p class="{kind}">{line_html(text, answer, turn)}</p>'


def _as_of_html(answer: Answer, lines: list[Line]) -> str:
    """Return the line that tells the day of the newest article, unless the answer's own text tells it."""
    if answer.as_of is None:
        return ""
    day = written_date(answer.as_of, answer.language)
    if any(day in line.text for line in lines if not line.quoted):
        return ""
    return f'<p class="line as-of">{heading("as_of", answer.language, day=apart(day))}</p>'


def _notices_html(answer: Answer) -> str:
    """Return how the answer came about, for users who wonder; a screen reader reads it after the answer."""
    rows = "".join(f'<p dir="{direction_of(notice)}">{escape(closed(notice))}</p>' for notice in answer.notices)
    return f'<div class="notices" role="status">{rows}</div>' if rows else ""


def _foot_html(answer: Answer) -> str:
    """Return how the answer was made and how long that took."""
    parts: list[str] = []
    if not answer.abstained:
        model = apart(answer.models.get("generator", ""))
        parts.append(filled(f"mode.{answer.mode}", answer.language, model=model))
    if "answer_ms" in answer.timings:
        seconds = apart(write_number(Decimal(f"{answer.timings['answer_ms'] / 1000:.2f}"), answer.language))
        parts.append(filled("seconds", answer.language, seconds=seconds))
    return f'<p class="foot">{"".join(f"<span>{part}</span>" for part in parts)}</p>' if parts else ""


def _abstention_html(answer: Answer, within: Filter) -> str:
    chosen = filter_html(within, answer.language)
    told = filled("not_told_within" if chosen else "not_told", answer.language, chosen=chosen)
    return f'<p class="untold">{told}</p>{_further_html(answer)}{_missing_html(answer)}{_related_html(answer)}'


def _further_html(answer: Answer) -> str:
    """Return what the text says beside the abstention itself; the missing words have a line of their own."""
    _, *further = lines_of(answer) or [Line("")]
    lines = (line.text for line in further if not any(word in line.text for word in answer.missing))
    return "".join(f'<p class="line">{escape(closed(line))}</p>' for line in lines)


def _missing_html(answer: Answer) -> str:
    """Return the words of the question that even the nearest articles lack, each isolated."""
    if not answer.missing:
        return ""
    words = f"{COMMA[answer.language]} ".join(map(apart, answer.missing))
    return f'<p class="missing">{filled("not_mentioned", answer.language, words=words)}</p>'


def _related_html(answer: Answer) -> str:
    if not answer.related:
        return ""
    rows = "".join(row_html(item, answer.language) for item in answer.related)
    return (
        f'<section class="related"><h3>{heading("related", answer.language)}</h3>'
        f"<p>{filled('not_sources', answer.language)}</p><ul>{rows}</ul></section>"
    )


# What a request adds


def _own_text_html(answer: Answer) -> str:
    return "".join(f'<p class="line">{escape(closed(line))}</p>' for line in answer.answer.split("\n") if line)


def _days_html(answer: Answer) -> str:
    """Return the days that were read from a request, as a chip whose cross asks again without them."""
    days = days_read(answer)
    if days is None:
        return ""
    told = filled("days_read", answer.language, days=filter_html(days, answer.language))
    return f'<div class="sign read-days"><p>{told}</p>{_all_days_html(answer)}</div>'


def _all_days_html(answer: Answer) -> str:
    """Return the button, if something is left to ask."""
    if not answer.without_days:
        return ""
    question = escape(answer.without_days, quote=True)
    name = filled("all_days", answer.language)
    return (
        f'<button type="button" class="clear" data-question="{question}" title="{name}">{CROSS}'
        f'<span class="unseen">{name}</span></button>'
    )


def _listing_html(answer: Answer) -> str:
    articles, more = listed_articles(answer)
    if not articles:
        return ""
    rows = "".join(row_html(item, answer.language) for item in articles)
    foot = f"<p>{escape(more)}</p>" if more else ""
    head = heading("articles_listed", answer.language)
    return f'<section class="related listing"><h3>{head}</h3><ul>{rows}</ul>{foot}</section>'
