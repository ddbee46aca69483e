"""A page of the archive's articles -> HTML: the conditions it is under, the table with sorted heads, and the other pages."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from html import escape

from index.copies.store import CopyGroup
from index.listing import Listed
from index.shelf import Sort
from index.types import Entry, Filter, Language, Problem
from rag.phrases import counted, filter_in_words, in_quotation_marks, phrase, say, written_count, written_date
from ui.direction import closed, direction, direction_of
from ui.page.archive.asked import Asked
from ui.page.archive.refusal import told_problem
from ui.page.markup import apart, filled, path_html

PAGE = 50
_COLUMNS: tuple[Sort, ...] = ("title", "outlet", "date", "language", "problems")
_BIN = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6M8.6 9v4.4M11.4 9v4.4"/></svg>'
_CROSS = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M6 6l8 8M14 6l-8 8"/></svg>'


def conditions_html(asked: Asked, within: Filter, name: str | None, language: Language) -> str:
    """Return a chip for each condition that the articles are under, each a link to the list without it; nothing without one.

    `name` is that of the entity that they name; it can be asked about.
    """
    chips: list[tuple[str, str]] = []
    if asked.words:
        chips.append((say("page_archive.searched", language, value=closed(asked.words)), asked.address(words="")))
    if name:
        chips.append((say("page_archive.naming", language, name=closed(name)), asked.address(entity="")))
    days = Filter(since=within.since, until=within.until)
    for part, changes in (
        (Filter(outlets=within.outlets), {"outlet": ""}),
        (Filter(languages=within.languages), {"language": ""}),
        (days, {"since": "", "until": ""}),
    ):
        for piece in filter_in_words(part, language):
            chips.append((piece, asked.address(**changes)))
    if asked.undated:
        chips.append((phrase("page_archive.undated", language), asked.address(undated=False)))
    if asked.problems:
        chips.append((phrase("page_archive.only_problems", language), asked.address(problems=False)))
    if not chips:
        return ""
    items = "".join(f"<li>{_chip(text, address, language)}</li>" for text, address in chips)
    clear = f'<a class="clear" data-archive href="archive">{filled("page_archive.clear", language)}</a>'
    return f'<div class="conditions"><ul>{items}</ul>{clear if len(chips) > 1 else ""}{_ask_html(name, language)}</div>'


def _chip(text: str, address: str, language: Language) -> str:
    told = escape(say("page_archive.drop_condition", language, value=text))
    return f'<a class="condition" data-archive href="{escape(address)}" aria-label="{told}">{apart(text)}{_CROSS}</a>'


def _ask_html(name: str | None, language: Language) -> str:
    if not name:
        return ""
    question = escape(say("page_archive.question_about", language, name=name))
    told = filled("page_archive.ask_about", language, name=apart(name))
    return f'<button type="button" class="quiet" data-fill="{question}">{told}</button>'


def table_html(
    asked: Asked,
    items: Sequence[Listed],
    articles: int,
    unread: int,
    groups: Mapping[str, CopyGroup],
    waiting: Collection[str],
    language: Language,
) -> str:
    """Return the articles of a page as a table, under their number; `waiting` are those that are still to be embedded."""
    told = counted("article", articles, language)
    if unread:
        told = f"{told} · {phrase('page_archive.not_read', language)}: {counted('file', unread, language)}"
    count = f'<p class="how-many" role="status">{apart(told)}</p>'
    if not items:
        return f'{count}<p class="none">{filled("page_archive.none_found", language)}</p>'
    heads = "".join(_head_html(asked, column, language) for column in _COLUMNS)
    heads += f'<th role="columnheader" scope="col"><span class="unseen">{filled("page_archive.actions", language)}</span></th>'
    name = filled("page_archive.table_name", language)
    rows = "".join(_row_html(item, groups, waiting, language) for item in items)
    return (
        f'{count}<table role="table" class="articles"><caption class="unseen">{name}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
        f"{pager_html(asked, articles + unread, PAGE, language)}"
    )


def _head_html(asked: Asked, column: Sort, language: Language) -> str:
    """Return the head of a column: a link that sorts by it, or by it the other way around."""
    current = asked.by == column
    # The newest, and what has most notes, is what is looked for first.
    down = not asked.descending if current else column in ("date", "problems")
    sorting = "descending" if asked.descending else "ascending"
    sign = f'<span class="way" aria-hidden="true">{"↓" if asked.descending else "↑"}</span>' if current else ""
    state = f' aria-sort="{sorting}"' if current else ""
    address = escape(asked.address(sort=f"{'-' if down else ''}{column}"))
    name = filled(f"page_archive.{column}", language)
    return f'<th role="columnheader" scope="col" class="{column}"{state}><a data-archive href="{address}">{name}{sign}</a></th>'


def _row_html(item: Listed, groups: Mapping[str, CopyGroup], waiting: Collection[str], language: Language) -> str:
    entry = item.entry
    notes = f'<td role="cell" class="problems">{"".join(_note_html(each, language) for each in item.problems)}</td>'
    if entry is None:
        badge = f'<span class="badge warn">{filled("page_archive.not_read", language)}</span>'
        name = f'<th role="rowheader" scope="row" class="title"><p class="where">{path_html(item.path)} {badge}</p></th>'
        empty = '<td role="cell"></td>' * 3
        return f'<tr role="row" class="unread">{name}{empty}{notes}<td role="cell"></td></tr>'
    group = groups.get(entry.article_id)
    badges = f'<span class="badge">{apart(counted("copy", len(group.copies), language))}</span>' if group else ""
    if entry.article_id in waiting:
        badges += f'<span class="badge">{filled("page_archive.being_embedded", language)}</span>'
    remove = escape(f"{phrase('page_archive.remove', language)}: {closed(entry.title)}")
    return (
        f'<tr role="row" data-row="{escape(entry.article_id)}"><th role="rowheader" scope="row" class="title">'
        f'{title_html(entry)}<p class="where">{path_html(entry.path)}{badges}</p></th>'
        f'<td role="cell" class="outlet">{apart(entry.outlet) if entry.outlet else ""}</td>'
        f'<td role="cell" class="date">{day_html(entry, language)}</td>'
        f'<td role="cell" class="language">{filled(f"language.{entry.language}", language)}</td>{notes}'
        f'<td role="cell" class="actions"><button type="button" class="icon" data-remove="{escape(entry.article_id)}" '
        f'aria-label="{remove}">{_BIN}</button></td></tr>'
    )


def title_html(entry: Entry) -> str:
    """Return an article's title as a button that opens it beside the list."""
    return (
        f'<button type="button" class="headline" data-article="{escape(entry.article_id)}" lang="{entry.language}" '
        f'dir="{direction(entry.language)}">{escape(entry.title)}</button>'
    )


def day_html(entry: Entry, language: Language) -> str:
    """Return the day of publication in words; the month or year where no day is known."""
    if entry.published is None:
        return apart(entry.day) if entry.day else f'<span class="soft">{filled("page_archive.undated", language)}</span>'
    first, mark, other = written_date(entry.published, language).partition(" (")
    second = f' <span class="soft">{escape(other.rstrip(")"))}</span>' if mark else ""
    return f'<time datetime="{entry.published.isoformat()}">{escape(first)}{second}</time>'


def _note_html(problem: Problem, language: Language) -> str:
    reason, remedy = told_problem(problem, language)
    side = direction_of(remedy)
    return f'<details class="remark"><summary>{apart(reason)}</summary><p dir="{side}">{escape(closed(remedy))}</p></details>'


def pager_html(asked: Asked, count: int, size: int, language: Language) -> str:
    """Return links to the page before and the page after, and which page it is; nothing where there is one."""
    pages = math.ceil(count / size)
    if pages < 2:
        return ""
    told = say(
        "page_archive.page", language, page=written_count(asked.page, language), pages=written_count(pages, language)
    )  # fmt: skip
    earlier = _step_html(asked, asked.page - 1, pages, "page_archive.earlier_page", language)
    later = _step_html(asked, asked.page + 1, pages, "page_archive.later_page", language)
    name = filled("page_archive.pages", language)
    return f'<nav class="pager" aria-label="{name}">{earlier}<p>{escape(told)}</p>{later}</nav>'


def _step_html(asked: Asked, page: int, pages: int, key: str, language: Language) -> str:
    name = filled(key, language)
    if not 1 <= page <= pages:
        return f'<span class="quiet" aria-disabled="true">{name}</span>'
    return f'<a class="quiet" data-archive="page" href="{escape(asked.address(page=page))}">{name}</a>'


def quoted_title(title: str, language: Language) -> str:
    """Return a title in the quotation marks of the reader's language."""
    return in_quotation_marks(closed(title), language)
