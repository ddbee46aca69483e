"""Articles as lines for a terminal: one, a list, copies, and the people, places and organisations that they name."""

from __future__ import annotations

from collections.abc import Sequence

from index.cleaning.removed import Removed
from index.copies.store import CopyGroup
from index.entities.store import Entity
from index.listing import Listed
from index.types import Article, ArticleRef, Entry
from rag.entities.same_story import Story
from rag.phrases import counted
from ui.direction import isolated

_NONE = "–"
_SHOWN_SPELLINGS = 6


def list_text(found: Sequence[Listed]) -> str:
    """Return a line for each article (day, language, outlet, title, path), under it what else is known and what was met."""
    count = sum(item.entry is not None for item in found)
    lines = [line for item in found for line in _lines(item)]
    return "\n".join([*lines, counted("article", count, "en")])


def _lines(item: Listed) -> list[str]:
    told = [f"    {'skipped' if problem.skipped else 'note'}: {apart(problem.reason)}" for problem in item.problems]
    if item.entry is None:
        return [f"{_NONE}  {apart(item.path)}", *told]
    entry = item.entry
    more = _more(entry)
    if item.copies:
        copies = f"copies: {', '.join(map(apart, item.copies))}"
        more = f"{more}; {copies}" if more else copies
    return [entry_line(entry), *([f"    {more}"] if more else []), *told]


def entry_line(entry: ArticleRef) -> str:
    """Return the line of an article: day, language, outlet, title, path."""
    return f"{entry.day or _NONE:<10}  {entry.language}  {apart(entry.outlet)}  {apart(entry.title)}  ({apart(entry.path)})"


def _more(entry: Entry) -> str:
    facts = entry.facts
    named = {"author": facts.author, "section": facts.section, "origin": facts.origin, "tags": ", ".join(facts.tags)}
    return "; ".join(f"{name}: {apart(value)}" for name, value in named.items() if value)


def apart(text: str | None) -> str:
    """Return a piece of text in isolates, so that its direction moves nothing beside it."""
    return isolated(text or "") or _NONE


# One article


def article_text(article: Article, copies: Sequence[str] = ()) -> str:
    """Return what is known of an article, the lines on its copies, and its text, each piece in its own direction."""
    told = {
        "id": article.article_id,
        "path": article.path,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published,
        "language": article.language,
        "url": article.url,
    }
    lines = [f"{name}: {isolated(str(value))}" for name, value in told.items() if value is not None]
    return "\n".join([*lines, *copies, "", *map(isolated, article.text.split("\n"))])


def removed_text(removed: Sequence[Removed]) -> str:
    """Return what was taken away, in its order, a line each with the reason before it."""
    if not removed:
        return "\nNothing was taken away."
    return "\n".join(["", "Taken away:", *(f"- {item.reason}: {isolated(' '.join(item.text.split()))}" for item in removed)])


# Copies and stories


def duplicates_text(groups: Sequence[CopyGroup], stories: Sequence[Story]) -> str:
    """Return each group of copies with how much is the same, then each story with its articles."""
    lines: list[str] = []
    for group in groups:
        lines.append(entry_line(group.first))
        for copy in group.copies:
            told = "copy" if copy.kind == "exact" else f"{copy.alike:.0%} the same"
            lines.append(f"    {told}: {entry_line(copy.entry)}")
    for story in stories:
        lines.append(f"one story: {entry_line(story.articles[0])}")
        lines += [f"    also: {entry_line(each)}" for each in story.articles[1:]]
    copies = sum(len(group.copies) for group in groups)
    told = f"{counted('copy', copies, 'en')} of {counted('text', len(groups), 'en')}"
    return "\n".join([*lines, f"{told}; {len(stories)} told in several languages"])


def copies_lines(group: CopyGroup | None, article_id: str) -> list[str]:
    """Return a line for each copy of an article."""
    return [f"copy: {apart(each.path)}" for each in group.others(article_id)] if group else []


# People, places and organisations


def entities_text(found: Sequence[Entity], most: int) -> str:
    """Return a line for each entity: articles, first and last day, kind, spellings; the last line says how many there are."""
    lines = [_entity_line(entity) for entity in found[:most]]
    left = len(found) - len(lines)
    told = counted("name", len(found), "en")
    return "\n".join([*lines, f"{told}, {left} of them not shown (--limit)" if left else told])


def entity_text(entity: Entity, articles: Sequence[Entry], together: Sequence[tuple[Entity, int]], most: int) -> str:
    """Return all there is of one entity: its spellings, its articles, the newest first, and who is named with it."""
    spellings = (f"{apart(each.name)} ({each.language}, {each.articles})" for each in entity.spellings)
    lines = [_entity_line(entity), f"spellings: {', '.join(spellings)}"]
    if together:
        lines.append(f"named with: {', '.join(f'{apart(other.name)} ({count})' for other, count in together)}")
    lines += ["", *map(entry_line, articles[:most])]
    left = len(articles) - most
    return "\n".join([*lines, *([f"… {left} more (--limit)"] if left > 0 else [])])


def _entity_line(entity: Entity) -> str:
    days = f"{entity.first or '–'} – {entity.last or '–'}"
    names = list(dict.fromkeys(each.name for each in entity.spellings))
    shown = ", ".join(map(apart, names[:_SHOWN_SPELLINGS])) + (", …" if len(names) > _SHOWN_SPELLINGS else "")
    return f"{entity.articles:>6}  {days:<23}  {entity.kind:<12}  {shown}"
