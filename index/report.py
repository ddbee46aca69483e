"""What a run of the indexer did, for people and for programs: counts, and what was left out by reason, with its remedy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from index.embedding import Embedded, EmbeddingElsewhere
from index.formats.kinds import remedy_for
from index.types import Problem

_NUMBER = re.compile(r"\d+")
_OUTCOMES = ("added", "changed", "unchanged", "removed")
_KEPT_PATHS = 20
TITLES = {
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
    "disk": "no room on the disk", "header": "header not understood",
}  # fmt: skip


@dataclass(slots=True)
class BuildReport:
    """What one run did: files by outcome, every problem met, and the files that were left out by what ends their names.

    `embedded` is how far the second pass got, None where it was left to others; `elsewhere` says who is at it.
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
            "files": {name: getattr(self, name) for name in _OUTCOMES},
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
    """What was left out or noted for one reason: its kind, the paths, and what can be done about the first.

    `suffix` is what ends the names of files of a kind that is not read; `files` counts them all where `paths` are but some.
    """

    kind: str
    skipped: bool
    paths: Sequence[str]
    remedy: str
    files: int
    suffix: str | None = None

    @property
    def title(self) -> str:
        """How the reason reads."""
        return TITLES.get(self.kind, self.kind) if self.suffix is None else f"{self.suffix or 'no suffix'}: not read"


@dataclass(frozen=True, slots=True)
class KeptReport:
    """What is kept of the last run's report: its day, the files by outcome, and the groups with a few paths each."""

    day: date
    files: Mapping[str, int]
    hidden: int
    groups: tuple[Group, ...]

    @property
    def left_out(self) -> int:
        """How many files, or parts of files, are not in the archive."""
        return sum(group.files for group in self.groups if group.skipped)

    def to_json(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        names = ("kind", "suffix", "skipped", "files", "paths", "title", "remedy")
        return {
            "day": self.day.isoformat(),
            "files": dict(self.files),
            "hidden": self.hidden,
            "groups": [{name: getattr(group, name) for name in names} for group in self.groups],
        }


def kept(report: BuildReport, day: date) -> str:
    """Return what is kept of a report, as JSON of some thousand bytes however many files it names."""
    some = tuple(replace(group, paths=list(group.paths[:_KEPT_PATHS])) for group in groups(report))
    files = {name: getattr(report, name) for name in _OUTCOMES}
    return json.dumps(KeptReport(day, files, report.hidden, some).to_json(), ensure_ascii=False)


def last_report(stored: str | None) -> KeptReport | None:
    """Return the report that `kept` made, None where there is none, or one of an earlier Khabar."""
    told = json.loads(stored or "{}")
    if "day" not in told:
        return None
    names = ("kind", "skipped", "paths", "remedy", "files", "suffix")
    found = tuple(Group(**{name: group[name] for name in names}) for group in told["groups"])
    return KeptReport(date.fromisoformat(told["day"]), told["files"], told["hidden"], found)


def groups(report: BuildReport) -> Iterator[Group]:
    """Yield what was skipped, then what is not read, then what was noted, the most frequent reason first."""
    yield from _grouped(report, skipped=True)
    for suffix, files in _by_number(report.unread):
        yield Group("not read", True, files, remedy_for(suffix), len(files), suffix)
    yield from _grouped(report, skipped=False)


def _grouped(report: BuildReport, *, skipped: bool) -> Iterator[Group]:
    """Yield a group for each kind of problem and what is to be done about it; a remedy may name a number of its own."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for problem in report.problems:
        if problem.skipped == skipped:
            found.setdefault((problem.kind, _NUMBER.sub("", _parted(problem)[1])), []).append(problem)
    for (kind, _), problems in sorted(found.items(), key=lambda pair: -len(pair[1])):
        yield Group(kind, skipped, [problem.path for problem in problems], _parted(problems[0])[1], len(problems))


def _by_number(unread: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    return sorted(unread.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _parted(problem: Problem) -> tuple[str, str]:
    reason, _, remedy = problem.reason.rpartition("; ")
    return reason, remedy


def _problem_json(problem: Problem) -> dict[str, Any]:
    reason, remedy = _parted(problem)
    return {"path": problem.path, "kind": problem.kind, "skipped": problem.skipped, "reason": reason, "remedy": remedy}
