"""What the answer to a request has beside its text -> HTML and lines: the days that were read, and the articles listed."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from index.types import ArticleRef, Filter, Language
from rag.phrases import COMMA, filter_in_words, written_count, written_date
from rag.request.phrases import ALL_DAYS, AND_MORE, LISTED, READ_DAYS
from rag.types import Answer
from ui.direction import closed
from ui.filter_view import filter_html
from ui.source_view import origin_html, title_html, where_html

_SHOWN = 10
_UNREAD = frozenset({"unclear", "unserved"})


def with_request_html(said: str, answer: Answer) -> str:
    """Return what an answer says with what its request adds; of what could not be read, the answer's own text alone."""
    if answer.request in _UNREAD:
        said = "".join(f'<p class="line">{escape(closed(line))}</p>' for line in answer.answer.split("\n") if line)
    return f"{said}{_days_html(answer)}{_listing_html(answer)}"


def request_lines(answer: Answer) -> Iterator[str]:
    """Yield the days that were read from a request, and the titles of the articles that it lists, for a terminal."""
    days = _days(answer)
    if days:
        told = COMMA[answer.language].join(filter_in_words(days, answer.language))
        yield READ_DAYS[answer.language].replace("{days}", told)
    if not (answer.listing and answer.listing.count):
        return
    yield LISTED[answer.language]
    shown = answer.listing.articles[:_SHOWN]
    yield from (f"- {_named(item, answer.language)}" for item in shown)
    more = _more(answer)
    if more:
        yield more


def _days(answer: Answer) -> Filter | None:
    return Filter(since=answer.within.since, until=answer.within.until) if answer.within else None


def _named(item: ArticleRef, language: Language) -> str:
    outlet = f"{item.outlet}{COMMA[language]} " if item.outlet else ""
    return f"\u2068{closed(item.title)}\u2069 (\u2068{closed(outlet)}\u2069{written_date(item.published, language)})"


def _more(answer: Answer) -> str:
    rest = answer.listing.count - min(_SHOWN, len(answer.listing.articles)) if answer.listing else 0
    return AND_MORE[answer.language].replace("{count}", written_count(rest, answer.language)) if rest > 0 else ""


def _days_html(answer: Answer) -> str:
    days = _days(answer)
    if days is None:
        return ""
    told = escape(READ_DAYS[answer.language]).replace("{days}", filter_html(days, answer.language))
    return f'<p class="line read-days">{told}{_all_days_html(answer)}</p>'


def _all_days_html(answer: Answer) -> str:
    """Return the button that asks again without the days, where something is left to ask."""
    if not answer.without_days:
        return ""
    question = escape(answer.without_days, quote=True)
    return f' <button type="button" class="again" data-question="{question}">{escape(ALL_DAYS[answer.language])}</button>'


def _listing_html(answer: Answer) -> str:
    if not (answer.listing and answer.listing.count):
        return ""
    rows = "".join(
        f"<li>{title_html(item)}{origin_html(item, answer.language)}{where_html(item, answer.language)}</li>"
        for item in answer.listing.articles[:_SHOWN]
    )
    more = _more(answer)
    foot = f"<p>{escape(more)}</p>" if more else ""
    head = escape(LISTED[answer.language].rstrip(":"))
    return f'<section class="related listing"><h3>{head}</h3><ul>{rows}</ul>{foot}</section>'
