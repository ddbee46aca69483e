"""Articles by month and outlet -> HTML bars: each column a link to its days, each outlet one to its articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import jdatetime
from babel.dates import format_date

from index.text import squash
from index.types import Filter, Language
from rag.phrases import counted, in_digits, phrase, written_count
from ui.direction import closed
from ui.page.archive.asked import Asked
from ui.page.markup import apart, filled

# More months than this are shown as years.
_MOST_MONTHS = 36
# Of so many years those without an article are left out: some files are dated 9999.
_MOST_YEARS = 60
# Outlets that have a colour of their own; the others share one.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Column:
    """A month or a year: its first and last day, how it is called in short and in full, and its articles by outlet."""

    since: date
    until: date
    short: str
    full: str
    outlets: Counter[str]


# (day, outlet, articles); a day may be a month, a year or empty
Counts = Sequence[tuple[str, str, int]]


def chart_html(asked: Asked, counts: Counts, within: Filter, language: Language) -> str:
    """Return the chart of articles that pass every condition but those of days; `within` has the days that are chosen."""
    dated = [(date.fromisoformat(day), outlet, number) for day, outlet, number in counts if len(day) == 10]
    if not dated:
        return ""
    days = [day for day, _, _ in dated]
    months = _months_between(min(days), max(days), language)
    zoomed = _year_of(within, language) if months > _MOST_MONTHS else None
    if zoomed:
        dated = [each for each in dated if zoomed[0] <= each[0] <= zoomed[1]]
    by_year = months > _MOST_MONTHS and not zoomed
    columns = _columns(dated, zoomed or (min(days), max(days)), by_year, language)
    chosen = [each for each in dated if _is_within(each[0], within)]
    outlets = _outlets(chosen or dated)
    named = [outlet for outlet, _ in outlets[:_NAMED]]
    undated = sum(number for day, _, number in counts if len(day) < 10)
    name = filled("page_archive.by_year" if by_year else "page_archive.by_month", language)
    back = f'<a class="quiet" data-archive href="{escape(asked.address(since="", until=""))}">' if zoomed else ""
    back += f"{filled('page_archive.all_years', language)}</a>" if zoomed else ""
    most = max(column.outlets.total() for column in columns)
    # A choice of all that is shown marks nothing in it.
    marks = Filter() if _is_within(columns[0].since, within) and _is_within(columns[-1].until, within) else within
    bars = "".join(_column_html(each, most, named, asked, marks, language) for each in columns)
    return (
        f'<h3 class="unseen">{filled("page_archive.chart", language)}</h3>'
        f'<div class="over-time"><p class="name">{name}{back}</p><ol class="columns">{bars}</ol>'
        f"{_undated_html(asked, undated, language)}</div>"
        f'<div class="by-outlet"><p class="name">{filled("page_archive.by_outlet", language)}</p>'
        f"{_outlets_html(outlets, asked, language)}</div>"
    )


def _column_html(column: _Column, most: int, named: Sequence[str], asked: Asked, within: Filter, language: Language) -> str:
    total = column.outlets.total()
    foremost = column.outlets.most_common(3)
    told = [f"{closed(_name(outlet, language))} {written_count(number, language)}" for outlet, number in foremost]
    label = f"{column.full}: {counted('article', total, language)}{'. ' if told else ''}{' · '.join(told)}"
    pressed = bool(within.since or within.until) and _is_within(column.since, within) and _is_within(column.until, within)
    since, until = ("", "") if pressed else (_typed(column.since, language), _typed(column.until, language))
    address = escape(asked.address(since=since, until=until, undated=False))
    pieces = [(rank, column.outlets[outlet]) for rank, outlet in enumerate(named, 1)]
    others = total - sum(number for _, number in pieces)
    segments = "".join(
        f'<span class="o{rank}" style="flex-grow:{number}"></span>' for rank, number in [*pieces, (0, others)] if number
    )
    height = max(100 * total / most, 2) if total else 0
    return (
        f'<li><a data-archive href="{address}" aria-label="{escape(label)}" title="{escape(label)}"'
        f'{" aria-current=true" if pressed else ""}><span class="bar" style="block-size:{height:.1f}%">{segments}</span>'
        f'<span class="tick" aria-hidden="true">{escape(column.short)}</span></a></li>'
    )


def _outlets_html(outlets: Sequence[tuple[str, int]], asked: Asked, language: Language) -> str:
    most = outlets[0][1] if outlets else 1
    rows = [
        _outlet_html(rank, outlet, number, most, asked, language) for rank, (outlet, number) in enumerate(outlets[:_NAMED], 1)
    ]
    others = outlets[_NAMED:]
    if others:
        name = f"{phrase('page_archive.other_outlets', language)} ({written_count(len(others), language)})"
        rows.append(f"<li>{_bar_html(0, name, sum(number for _, number in others), most, language)}</li>")
    return f"<ul>{''.join(rows)}</ul>"


def _outlet_html(rank: int, outlet: str, number: int, most: int, asked: Asked, language: Language) -> str:
    bar = _bar_html(rank, _name(outlet, language), number, most, language)
    if not outlet:
        return f"<li>{bar}</li>"
    chosen = squash(outlet) == squash(asked.outlet)
    address = escape(asked.address(outlet="" if chosen else outlet))
    return f'<li><a data-archive href="{address}"{" aria-current=true" if chosen else ""}>{bar}</a></li>'


def _bar_html(rank: int, name: str, number: int, most: int, language: Language) -> str:
    share = min(100 * number / most, 100)
    return (
        f'<span class="outlet">{apart(name)}</span><span class="number">{written_count(number, language)}</span>'
        f'<span class="track"><span class="o{rank}" style="inline-size:{share:.1f}%"></span></span>'
    )


def _undated_html(asked: Asked, undated: int, language: Language) -> str:
    if not undated:
        return ""
    told = f"{phrase('page_archive.undated', language)}: {counted('article', undated, language)}"
    address = escape(asked.address(undated=not asked.undated, since="", until=""))
    current = " aria-current=true" if asked.undated else ""
    return f'<p class="undated"><a data-archive href="{address}"{current}>{escape(told)}</a></p>'


def _outlets(dated: Sequence[tuple[date, str, int]]) -> list[tuple[str, int]]:
    found: Counter[str] = Counter()
    for _, outlet, number in dated:
        found[outlet] += number
    return found.most_common()


def _name(outlet: str, language: Language) -> str:
    return outlet or phrase("page_archive.no_outlet", language)


def _is_within(day: date, within: Filter) -> bool:
    return (within.since is None or day >= within.since) and (within.until is None or day <= within.until)


# Months and years of the reader's calendar


def _month(day: date, language: Language) -> tuple[int, int]:
    if language != "fa":
        return day.year, day.month
    try:
        own = jdatetime.date.fromgregorian(date=day)
    except ValueError:  # the calendar library ends before the calendar does
        return day.year - 621, 1
    return int(own.year), int(own.month)


def _first_day(year: int, month: int, language: Language) -> date:
    """Return the first day of a month; the thirteenth of a year is the first of the next."""
    year, month = (year + 1, 1) if month > 12 else (year, month)
    try:
        found: date = jdatetime.date(year, month, 1).togregorian() if language == "fa" else date(year, month, 1)
    except ValueError:
        return date.max
    return found


def _months_between(first: date, last: date, language: Language) -> int:
    (year, month), (last_year, last_month) = _month(first, language), _month(last, language)
    return 12 * (last_year - year) + last_month - month + 1


def _year_of(within: Filter, language: Language) -> tuple[date, date] | None:
    """Return the first and last day of the year that the chosen days are in, where it is one."""
    if not within.since or not within.until:
        return None
    year, _ = _month(within.since, language)
    if year != _month(within.until, language)[0]:
        return None
    return _first_day(year, 1, language), _first_day(year, 13, language) - timedelta(days=1)


def _columns(
    dated: Sequence[tuple[date, str, int]], span: tuple[date, date], by_year: bool, language: Language
) -> list[_Column]:
    counts: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for day, outlet, number in dated:
        year, month = _month(day, language)
        counts[year, 1 if by_year else month][outlet] += number
    (year, month), last = _month(span[0], language), _month(span[1], language)
    if by_year:
        every = [(each, 1) for each in range(year, last[0] + 1)] if last[0] - year < _MOST_YEARS else sorted(counts)
    else:
        every = [divmod(each, 12) for each in range(12 * year + month - 1, 12 * last[0] + last[1])]
        every = [(year, month + 1) for year, month in every]
    return [_column(*each, by_year, counts[each], language) for each in every]


def _column(year: int, month: int, by_year: bool, outlets: Counter[str], language: Language) -> _Column:
    since = _first_day(year, month, language)
    until = _first_day(year, 13 if by_year else month + 1, language) - timedelta(days=1)
    short, full = _named_span(since, year, by_year, language)
    return _Column(since, until, short, full, outlets)


def _named_span(since: date, year: int, by_year: bool, language: Language) -> tuple[str, str]:
    written_year = in_digits(str(year), language)
    if by_year:
        return written_year, written_year
    if language == "fa":
        name = jdatetime.date.fromgregorian(date=since, locale="fa_IR").strftime("%B")
        return name, f"{name} {written_year}"
    short = format_date(since, "MMM", locale=language)
    return short, format_date(since, "MMMM y", locale=language)


def _typed(day: date, language: Language) -> str:
    """Return a day as a reader would type it, in the calendar of the language."""
    if language != "fa":
        return day.isoformat()
    try:
        return in_digits(jdatetime.date.fromgregorian(date=day).strftime("%Y/%-m/%-d"), language)
    except ValueError:
        return day.isoformat()
