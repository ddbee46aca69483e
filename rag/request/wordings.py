"""How requests are worded, dialect and colloquial words too: the name of a kind goes in, its compiled patterns come out."""

from __future__ import annotations

import re
from functools import cache

from index.text import spaced
from rag.text.word_list import rows

_FILE = "request_patterns.tsv"
# {name} or {one | two}; {2,40} is the regular expression's own.
_BRACES = re.compile(r"(\{[^\d{}][^{}]*\})")
_CAPTURED = {"person": ".{2,40}", "topic": ".+", "before": ".*"}


@cache
def patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a kind of wording, in the file's order; they match folded text whose ZWNJs are spaces."""
    return tuple(re.compile(_expression(text, language)) for name, language, text in rows(_FILE) if name == kind)


@cache
def beginning(kind: str) -> re.Pattern[str]:
    """Return one pattern for any wording of a kind, and the spaces before it."""
    return re.compile(r"\s*(?:" + "|".join(pattern.pattern for pattern in patterns(kind)) + ")")


def _expression(text: str, language: str) -> str:
    """Return the regular expression of a line of the file, whose signs the file explains."""
    parts = _BRACES.split(text)
    return "".join(_in_braces(part, language) if place % 2 else _plain(part) for place, part in enumerate(parts))


def _in_braces(part: str, language: str) -> str:
    inside = part[1:-1]
    if "|" in inside:
        return _any(inside)
    [text] = [text for name, tongue, text in rows(_FILE) if name == part and tongue == language]
    return f"(?:{_expression(text, language)})"


def _any(alternatives: str) -> str:
    found = {spaced(part.strip()) for part in alternatives.split("|")}
    longest_first = sorted(found, key=lambda part: (-len(part), part))
    return "(?:" + "|".join(re.escape(part).replace(r"\ ", r"\s+") for part in longest_first) + ")"


def _plain(part: str) -> str:
    part = re.sub(r"[^\x00-\x7f]+", lambda found: spaced(found[0]), part)
    part = re.sub(r"(?<!\\)\((?!\?)", "(?:", part)
    part = part.replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.sub(r"(?<!\?P)<(\w+)(\??)>", lambda found: f"(?P<{found[1]}>{_CAPTURED[found[1]]}{found[2]})", part)
