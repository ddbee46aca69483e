"""Articles of one text, grouped -> HTML; and those that were taken out of the archive, with a way back."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.copies.store import Copy, CopyGroup
from index.types import Entry, Language
from index.withdrawn import Withdrawn
from rag.phrases import counted, in_percent, phrase, say, written_date
from ui.direction import closed, direction
from ui.page.archive.asked import Asked
from ui.page.archive.table import day_html, pager_html, title_html
from ui.page.markup import apart, filled, path_html

# Groups of a page.
PAGE = 20


def copies_html(groups: Sequence[CopyGroup], asked: Asked, language: Language) -> str:
    """Return the groups of a page, each with its oldest article first."""
    if not groups:
        return f'<p class="none">{filled("page_archive.no_copies", language)}</p>'
    asked = asked.on_page_of(len(groups), PAGE)
    start = PAGE * (asked.page - 1)
    shown = "".join(_group_html(group, language) for group in groups[start : start + PAGE])
    return (
        f'<p class="hint">{filled("page_archive.copies_told", language)}</p><ol class="groups">{shown}</ol>'
        f"{pager_html(asked, len(groups), PAGE, language)}"
    )


def _group_html(group: CopyGroup, language: Language) -> str:
    oldest = _entry_html(group.first, phrase("page_archive.oldest", language), language)
    others = "".join(_entry_html(copy.entry, _alike(copy, language), language) for copy in group.copies)
    name = apart(counted("copy", len(group.copies), language))
    return f'<li><p class="badge">{name}</p><ul>{oldest}{others}</ul></li>'


def _alike(copy: Copy, language: Language) -> str:
    if copy.kind == "exact":
        return phrase("page_archive.exact", language)
    return say("page_archive.near", language, share=in_percent(int(100 * copy.alike), language))


def _entry_html(entry: Entry, told: str, language: Language) -> str:
    outlet = f"{apart(entry.outlet)} · " if entry.outlet else ""
    return (
        f'<li>{title_html(entry)}<p class="where">{outlet}{day_html(entry, language)} · '
        f'<span class="alike">{apart(told)}</span> {path_html(entry.path)}</p></li>'
    )


def withdrawn_html(found: Sequence[Withdrawn], language: Language) -> str:
    """Return what was taken out, each article with a button that puts it back."""
    if not found:
        return f'<p class="none">{filled("page_archive.none_withdrawn", language)}</p>'
    items = "".join(_withdrawn_html(item, language) for item in found)
    return f'<p class="hint">{filled("page_archive.withdrawn_told", language)}</p><ul class="withdrawn">{items}</ul>'


def _withdrawn_html(item: Withdrawn, language: Language) -> str:
    day = filled("page_archive.taken_out_on", language, day=apart(written_date(item.day, language)))
    name = escape(f"{phrase('page_archive.put_back', language)}: {closed(item.title)}")
    return (
        f'<li><div><p class="title" lang="{item.language}" dir="{direction(item.language)}">'
        f"{escape(item.title)}</p>"
        f'<p class="where">{day} {path_html(item.path)}</p></div>'
        f'<button type="button" class="quiet" data-restore="{escape(item.article_id)}" aria-label="{name}">'
        f"{filled('page_archive.put_back', language)}</button></li>"
    )
