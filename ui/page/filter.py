"""The filter beside the question box -> HTML: its button, the panel to choose in, the sign that it is on, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.text import squash
from index.types import EVERYTHING, LANGUAGES, Filter, Language
from rag.filter import FilterError, Outlet
from rag.phrases import COMMA, filter_in_words, phrase, written_count
from ui.direction import direction_of
from ui.page.markup import apart, each, filled, in_each_language, spoken

# With this many outlets or more, typing finds one sooner than looking.
_MANY = 9
# Days up to today that one button chooses.
_PRESETS = {"today": 1, "week": 7, "month": 30}
_FUNNEL = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 5.5h14M6 10h8M8.5 14.5h3"/></svg>'
_CALENDAR = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3.5 5.5h13v11h-13zM3.5 9h13M7 3v4M13 3v4"/></svg>'
CROSS = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M5 5l10 10M15 5L5 15"/></svg>'


def filter_button_html() -> str:
    """Return the button that opens and closes the panel."""
    return (
        '<button type="button" id="filter-button" aria-expanded="false" aria-controls="filter-panel">'
        f"{_FUNNEL}{in_each_language('filter')}</button>"
    )


def filter_panel_html(outlets: Sequence[Outlet]) -> str:
    """Return the panel, closed: the outlets that there are, the languages, and the first and the last day."""
    days = [day for outlet in outlets for day in (outlet.first, outlet.last) if day]
    span = f' min="{min(days).isoformat()}" max="{max(days).isoformat()}"' if days else ""
    return (
        '<form id="filter-panel" tabindex="-1" aria-labelledby="filter-button" autocomplete="off" hidden>'
        f"{_languages_html()}"
        f'<fieldset class="days"><legend>{in_each_language("published")}</legend>'
        f"{_presets_html()}{_day_html('since', span)}{_day_html('until', span)}"
        f'<p class="hint" id="filter-hint">{_with_examples("any_calendar")}</p>'
        '<div role="status"><ul id="filter-told"></ul></div></fieldset>'
        f"{_outlets_html(outlets)}"
        f'<p class="ends"><button type="reset">{in_each_language("clear")}</button>'
        f'<button type="submit">{in_each_language("close")}</button></p></form>'
    )


def filter_sign_html(within: Filter) -> str:
    """Return the sign that a filter is on, with a button to clear it; nothing where none is."""
    if within == EVERYTHING:
        return ""
    chosen = each(lambda own: f'<span class="name">{filled("filter", own)}:</span> {filter_html(within, own)}')
    return f'<div class="sign" role="status"><p>{spoken(chosen)}</p>{_clear_html()}</div>'


def filter_fault_html(error: FilterError) -> str:
    """Return the sign that the choice is no filter, in the page's words."""
    told = fault_in_words(error.fault, error.value)
    return f'<div class="sign fault" role="alert"><p>{told}</p>{_clear_html()}</div>'


def fault_in_words(fault: str, value: str) -> str:
    """Return what is wrong with a choice (rag.filter.Fault), in three languages, and the value that was typed."""
    return _with_examples(f"fault.{fault}", value)


def filter_html(within: Filter, language: Language) -> str:
    """Return what a filter lets through as its user sees it: each piece isolated."""
    return f"{COMMA[language]} ".join(map(apart, filter_in_words(within, language)))


def _outlets_html(outlets: Sequence[Outlet]) -> str:
    if not outlets:
        return ""
    find = f'<label class="find">{in_each_language("find_outlet")}<input type="search"></label>'
    rows = "".join(map(_outlet_html, outlets))
    legend = f"<legend>{in_each_language('outlets')}</legend>"
    return f'<fieldset class="outlets">{legend}{find if len(outlets) >= _MANY else ""}<ul>{rows}</ul></fieldset>'


def _outlet_html(outlet: Outlet) -> str:
    name = escape(outlet.name)
    count = spoken(each(lambda language: written_count(outlet.articles, language)))
    return (
        f'<li data-folded="{escape(squash(outlet.name))}"><label><input type="checkbox" name="outlet" value="{name}">'
        f'<span><bdi>{name}</bdi></span><span class="count">{count}</span></label></li>'
    )


def _languages_html() -> str:
    rows = "".join(
        f'<li><label><input type="checkbox" name="language" value="{language}">'
        f'<span><bdi lang="{language}">{phrase(f"own_name.{language}", language)}</bdi></span></label></li>'
        for language in LANGUAGES
    )
    return f'<fieldset class="languages"><legend>{in_each_language("languages")}</legend><ul>{rows}</ul></fieldset>'


def _day_html(name: str, span: str) -> str:
    """Return the field for a day in any calendar, with a button for the browser's own calendar beside it."""
    return (
        f'<div class="day"><label for="filter-{name}">{in_each_language(name)}</label>'
        f'<span><input type="text" id="filter-{name}" name="{name}" dir="auto" aria-describedby="filter-hint">'
        f'<button type="button" class="calendar">{_CALENDAR}<span class="unseen">{in_each_language("calendar")}</span></button>'
        f'<input type="date" tabindex="-1" aria-hidden="true"{span}></span></div>'
    )


def _presets_html() -> str:
    """Return buttons for the days up to today; which days those are the browser knows, and tells in three calendars."""
    buttons = "".join(
        f'<button type="button" data-days="{days}" aria-pressed="false">{in_each_language(f"preset.{name}")}</button>'
        for name, days in _PRESETS.items()
    )
    return f'<p class="presets">{buttons}</p>'


def _clear_html() -> str:
    return f'<button type="button" class="clear">{CROSS}<span class="unseen">{in_each_language("clear")}</span></button>'


def _with_examples(key: str, value: str = "") -> str:
    """Return one of the page's sentences in three languages, its gaps filled with a value and with dates as examples."""
    return spoken(each(lambda language: filled(key, language, value=apart(value), examples=_example_days(language))))


def _example_days(language: Language) -> str:
    days = [phrase(f"example_day.{kind}", language) for kind in ("numeric", "words")]
    return f"{COMMA[language]} ".join(f'<bdi dir="{direction_of(day)}">{day}</bdi>' for day in days)
