"""Copies, and stories told in several languages, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from index.copies.store import CopyGroup
from rag.entities.same_story import Story
from ui.list_view import apart, entry_line


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
    told = f"{copies} cop{'y' if copies == 1 else 'ies'} of {len(groups)} text{'' if len(groups) == 1 else 's'}"
    return "\n".join([*lines, f"{told}; {len(stories)} told in several languages"])


def copies_lines(group: CopyGroup | None, article_id: str) -> list[str]:
    """Return a line for each copy of an article."""
    others = [each for each in group.entries if each.article_id != article_id] if group else []
    return [f"copy: {apart(each.path)}" for each in others]
