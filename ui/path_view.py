"""A file's path -> HTML that reads from left to right, whatever the letters of its folders and names."""

from __future__ import annotations

from html import escape

from ui.direction import closed


def path_html(path: str) -> str:
    """Return a path, each of its names isolated: else the number behind an Arabic folder's name would change sides with it."""
    names = "/".join(f"<bdi>{escape(closed(name))}</bdi>" for name in path.split("/"))
    return f'<bdi class="path" dir="ltr">{names}</bdi>'
