"""Figures -> a table, and a page: between its two comments, under the commit and the command that made them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from index.types import KhabarError

_ROOT = Path(__file__).parent.parent


def put_figures(page: Path, figures: str, place: str = "figures") -> None:
    """Replace what stands between a page's two comments by the figures. Raises KhabarError for a page without them."""
    text = page.read_text(encoding="utf-8")
    between = re.compile(rf"(<!-- {place} -->\n).*(<!-- end of {place} -->)", re.DOTALL)
    if not between.search(text):
        raise KhabarError(f"'{page}' has no place for figures", f"add <!-- {place} --> and <!-- end of {place} -->")
    made = f"Made {_COMMIT} by `{command_line(sys.argv)}`"
    page.write_text(between.sub(lambda found: f"{found[1]}\n{made}\n\n{figures}\n{found[2]}", text), encoding="utf-8")


def markdown_table(headings: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Return rows of cells as a table of Markdown: figures to the right, all but the first column."""
    rule = ["---", *("---:" for _ in headings[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, rule, *rows))


def command_line(arguments: Sequence[str]) -> str:
    """Return the command that remakes a page's figures; of folders that lie elsewhere only the names."""
    words = [word if not PurePath(word).is_absolute() else f"…/{PurePath(word).name}" for word in arguments[1:]]
    return " ".join([f"python -m benchmarks.{PurePath(arguments[0]).stem}", *words])


def _commit() -> str:
    """Return `at COMMIT, DAY`, and whether the code had been changed since; `commit not recorded` outside of a checkout."""
    try:
        shown = _git("show", "--no-patch", "--format=%h, %cs", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
    except (OSError, subprocess.CalledProcessError):
        return "(commit not recorded)"
    return f"at {shown}{', with changes' if changed else ''}"


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=_ROOT, capture_output=True, text=True, check=True).stdout.strip()


# Taken when a run begins: by its end, an hour later, the checkout may be another.
_COMMIT = _commit()
