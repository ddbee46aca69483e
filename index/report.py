"""What a run of the indexer did, for people and for programs: counts, and what was left out by reason, with its remedy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from index.embedding import Embedded, EmbeddingElsewhere
from index.formats.kinds import remedy_for
from index.types import Problem

_TITLES = {
    "too large": "too large", "empty": "empty", "encoding": "charset", "binary": "no text but a binary file",
    "broken": "damaged",
    "no text": "no article text in it", "same name": "a name that another article has",
    "date": "date not understood",
    "link": "a link that is not followed", "locked": "locked by a password", "scanned": "scanned pages",
    "wrong kind": "another kind than its name says", "not read": "of a kind that is not read",
    "memory": "takes too much memory",
    "time": "takes too much time", "crash": "its reader crashed", "nested": "nested too deep", "changing": "written meanwhile",
    "language": "in a language that is not served", "letters": "damaged letters", "list page": "a list of articles",
    "unreadable": "cannot be opened", "attached": "attachments of mails",
    "disk": "no room on the disk",
}  # fmt: skip


@dataclass(slots=True)
class BuildReport:
    """What one run did: files by outcome, every problem met, and the files that were left out by what ends their names.

    `embedded` is how far the second stride got, None where it was left to others; `elsewhere` says who is at it.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    articles: int = 0
    chunks: int = 0
    problems: list[Problem] = field(default_factory=list)
    unread: dict[str, list[str]] = field(default_factory=dict)
    hidden: int = 0
    embedded: Embedded | None = None
    elsewhere: EmbeddingElsewhere | None = None

    @property
    def nothing_to_do(self) -> bool:
        """Whether every file was as the index knows it."""
        return not (self.added or self.changed or self.removed)

    @property
    def skipped(self) -> int:
        """How many files, or lines of files, could not be read."""
        return sum(problem.skipped for problem in self.problems)

    def to_json(self) -> dict[str, Any]:
        """Return the report as a JSON object: every problem with its remedy, and every file that was left out."""
        return {
            "files": {name: getattr(self, name) for name in ("added", "changed", "unchanged", "removed")},
            "articles": self.articles,
            "chunks": self.chunks,
            "skipped": self.skipped,
            "problems": [_problem_json(problem) for problem in self.problems],
            "unread": [
                {"suffix": suffix, "count": len(files), "remedy": remedy_for(suffix), "files": files}
                for suffix, files in _by_number(self.unread)
            ],
            "hidden": self.hidden,
            "embedded": {"chunks": self.embedded.chunks, "of": self.embedded.of} if self.embedded else None,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """What was left out or noted for one reason: how the reason reads, the paths, and what can be done about the first."""

    title: str
    skipped: bool
    paths: Sequence[str]
    remedy: str


def groups(report: BuildReport) -> Iterator[Group]:
    """Yield what was skipped, then what is not read, then what was noted, the most frequent reason first."""
    yield from _grouped(report, skipped=True)
    for suffix, files in _by_number(report.unread):
        yield Group(f"{suffix or 'no suffix'}: not read", True, files, remedy_for(suffix))
    yield from _grouped(report, skipped=False)


def _grouped(report: BuildReport, *, skipped: bool) -> Iterator[Group]:
    found: dict[str, list[Problem]] = {}
    for problem in report.problems:
        if problem.skipped == skipped:
            found.setdefault(problem.kind, []).append(problem)
    for kind, problems in sorted(found.items(), key=lambda pair: -len(pair[1])):
        yield Group(_TITLES.get(kind, kind), skipped, [problem.path for problem in problems], _parted(problems[0])[1])


def _by_number(unread: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    return sorted(unread.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _parted(problem: Problem) -> tuple[str, str]:
    reason, _, remedy = problem.reason.rpartition("; ")
    return reason, remedy


def _problem_json(problem: Problem) -> dict[str, Any]:
    reason, remedy = _parted(problem)
    return {"path": problem.path, "kind": problem.kind, "skipped": problem.skipped, "reason": reason, "remedy": remedy}
