"""`khabar watchlist`: saved questions and names, and what each index run finds new about them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from index.catalog import FILE_NAME, Catalog
from index.watching.store import Watched, WatchStore
from rag.archive import chosen_stores
from rag.phrases import counted
from rag.settings import Settings
from rag.text.glossary import load_glossary
from rag.watchlist import Watchlist, WatchNews
from ui.commands.options import echo_json, settings_in, settings_options, writes_archive
from ui.terminal.articles import apart, entry_line

# New articles shown for each search.
_SHOWN = 10


@click.group()
def watchlist() -> None:
    """Watch questions and names: each run of khabar index reports what is new about them."""


@watchlist.command()
@click.argument("text")
@settings_options
@writes_archive
def add(text: str, **values: Any) -> None:
    """Watch TEXT, a question or a name."""
    settings = settings_in(values)
    with closing(_writable_catalog(settings.data)) as catalog:
        lexical = chosen_stores(settings, catalog).open_lexical(catalog)
        watched, known = Watchlist(catalog, load_glossary(settings.glossary)).add(text, lexical)
    click.echo(f"Watched as number {watched.watch_id}; {counted('article', known, 'en')} so far.")


@watchlist.command("list")
@click.option("--json", "as_json", is_flag=True, help="print it as JSON")
@settings_options
def list_watched(as_json: bool, **values: Any) -> None:
    """List what is watched."""
    with closing(Catalog(settings_in(values).data / FILE_NAME)) as catalog:
        found = WatchStore(catalog).all()
    if as_json:
        echo_json([{"id": each.watch_id, "watched": each.text, "added": each.added.isoformat()} for each in found])
    else:
        click.echo(_watchlist_text(found))


@watchlist.command()
@click.argument("name")
@settings_options
@writes_archive
def remove(name: str, **values: Any) -> None:
    """Stop watching NAME: a number in the list, or the words of a search."""
    with closing(_writable_catalog(settings_in(values).data)) as catalog:
        watched = WatchStore(catalog).remove(name)
    click.echo(f"No longer watched: {watched.text}")


def _writable_catalog(data: Path) -> Catalog:
    """Return the catalog to write a user's own tables in. Raises KhabarError where there is none, and makes none."""
    Catalog(data / FILE_NAME).close()
    return Catalog(data / FILE_NAME, writable=True)


def _watchlist_text(watched: Sequence[Watched]) -> str:
    """Return a line for each saved search: its number, the day it was saved, its words."""
    if not watched:
        return 'Nothing is watched; add something with: khabar watchlist add "question or name"'
    return "\n".join(f"{each.watch_id:>4}  {each.added}  {apart(each.text)}" for each in watched)


# What is new after an index run


def tell_watchlist(settings: Settings) -> None:
    """Say what came on the saved searches, and note that it was said."""
    news = news_of_watchlist(settings)
    for line in _news_lines(news):
        click.echo(line)
    note_told(settings, news)


def news_of_watchlist(settings: Settings) -> list[WatchNews]:
    """Return what came on the saved searches since they were last told; the glossary is read only where there are any."""
    with closing(Catalog(settings.data / FILE_NAME)) as catalog:
        return Watchlist(catalog, load_glossary(settings.glossary)).news() if WatchStore(catalog).all() else []


def note_told(settings: Settings, news: Sequence[WatchNews]) -> None:
    """Note that the user was told this news, and that there is no other."""
    with closing(Catalog(settings.data / FILE_NAME, writable=True)) as catalog:
        if WatchStore(catalog).all():
            Watchlist(catalog, load_glossary(settings.glossary)).tell(news, catalog.revision)


def _news_lines(news: Sequence[WatchNews]) -> list[str]:
    """Return a heading for each saved search with news, and a line for each new article."""
    lines: list[str] = []
    for each in news:
        lines.append(f"New on {apart(each.watched.text)}: {len(each.articles)}")
        lines += [f"    {entry_line(article)}" for article in each.articles[:_SHOWN]]
        left = len(each.articles) - _SHOWN
        lines += [f"    … {left} more (khabar list, or --json)"] if left > 0 else []
    return lines
