"""Why a file is not in the archive, or what was noted of it, in the words of a reader's language, and what to do about it."""

from __future__ import annotations

import re

from index.report import Group
from index.types import Language, Problem
from rag.intake.uploads import UploadRefused
from rag.phrases import phrase, phrases, say, written_count
from ui.page.report import reason_of, remedy_of

# How the reader of files tells of one that is larger than it reads (index/load.py); others of the kind have too many parts.
_LIMIT = re.compile(r"is over the limit of ([0-9.]+) MB")
_MEGABYTE = 1_000_000


def told_refusal(error: UploadRefused, limit: int, language: Language) -> tuple[str, str]:
    """Return reason and remedy of a file that was not taken; `limit` is how many bytes it could have had."""
    return _told(Group(error.kind, True, (), error.remedy, 1, error.suffix), limit, language)


def told_problem(problem: Problem, language: Language) -> tuple[str, str]:
    """Return reason and remedy of what was met in reading a file; its size only where that is the reason."""
    _, _, remedy = problem.reason.rpartition("; ")
    found = _LIMIT.search(problem.reason)
    limit = int(float(found[1]) * _MEGABYTE) if found else None
    return _told(Group(problem.kind, problem.skipped, (), remedy, 1), limit, language)


def megabytes(size: int, language: Language) -> str:
    """Return a size in megabytes, in the digits of a language; a part of one as one."""
    return say("page_archive.megabytes", language, number=written_count(max(round(size / _MEGABYTE), 1), language))


def _told(group: Group, limit: int | None, language: Language) -> tuple[str, str]:
    """Return reason and remedy, in the page's own words where it has some: a reader cannot change a setting."""
    own = f"page_archive_refused.{group.kind}"
    if own not in phrases():
        reason = reason_of(group, language)
    elif "{limit}" not in phrases()[own][language]:
        reason = phrase(own, language)
    else:
        reason = say(own, language, limit=megabytes(limit, language)) if limit else reason_of(group, language)
    remedy = f"page_archive_remedy.{group.kind}"
    return reason, say(remedy, language) if remedy in phrases() else remedy_of(group, language)
