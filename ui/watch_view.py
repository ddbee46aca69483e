"""The watchlist in a terminal: what is on it, and what is new after a run of the indexer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import click

from index.catalog import FILE_NAME, Catalog
from index.watching.store import Watched, WatchStore
from rag.settings import Settings
from rag.text.glossary import load_glossary
from rag.watchlist import Watchlist, WatchNews
from ui.list_view import apart, entry_line

_SHOWN = 10


def news_of_watchlist(settings: Settings) -> list[WatchNews]:
    """Return what came on the saved searches since they were last told; the glossary is read only where there are any."""
    with closing(Catalog(settings.data / FILE_NAME)) as catalog:
        return Watchlist(catalog, load_glossary(settings.glossary)).news() if WatchStore(catalog).all() else []


def tell_watchlist(settings: Settings) -> None:
    """Say what came on the saved searches, and note that it was said."""
    news = news_of_watchlist(settings)
    for line in news_lines(news):
        click.echo(line)
    told_watchlist(settings, news)


def told_watchlist(settings: Settings, news: Sequence[WatchNews]) -> None:
    """Note that a reader was told of this news, and that there is no other."""
    with closing(Catalog(settings.data / FILE_NAME, writable=True)) as catalog:
        if WatchStore(catalog).all():
            Watchlist(catalog, load_glossary(settings.glossary)).tell(news, catalog.revision)


def news_lines(news: Sequence[WatchNews]) -> list[str]:
    """Return a heading for each saved search with news, and a line for each new article."""
    lines: list[str] = []
    for each in news:
        lines.append(f"New on {apart(each.watched.text)}: {len(each.articles)}")
        lines += [f"    {entry_line(article)}" for article in each.articles[:_SHOWN]]
        left = len(each.articles) - _SHOWN
        lines += [f"    … {left} more (khabar list, or --json)"] if left > 0 else []
    return lines


def watchlist_text(watched: Sequence[Watched]) -> str:
    """Return a line for each saved search: its number, the day it was saved, its words."""
    if not watched:
        return 'Nothing is watched; add something with: khabar watchlist add "question or name"'
    return "\n".join(f"{each.watch_id:>4}  {each.added}  {apart(each.text)}" for each in watched)

