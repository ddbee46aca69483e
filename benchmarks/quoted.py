"""Our sentences about the public sets without the sets' words: longer runs are stored as places in their sources.

A stored text is a list of our own words and of places: ["On Monday ", [0, 12, 57], "."] takes the letters 12 to 57 of the
first source. A text without long runs is stored as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

Stored: TypeAlias = str | list[str | list[int]]

# Words in a row from which on they are the source's and not ours.
LONGEST_RUN = 4
_WORD = re.compile(r"\w+")


def stored(text: str, sources: Sequence[str]) -> Stored:
    """Return a text with each run of more than LONGEST_RUN words that a source has, to the letter, as its place there."""
    parts: list[str | list[int]] = []
    words = list(_WORD.finditer(text))
    done, number = 0, 0
    while number < len(words):
        found = max((_run(text, words, number, at, source) for at, source in enumerate(sources)), default=(0, 0, 0))
        count, at, begin = found
        if count <= LONGEST_RUN:
            number += 1
            continue
        start, end = words[number].start(), words[number + count - 1].end()
        parts += [part for part in (text[done:start],) if part]
        parts.append([at, begin, begin + end - start])
        done, number = end, number + count
    if not parts:
        return text
    return [*parts, *([text[done:]] if done < len(text) else [])]


def _run(text: str, words: Sequence[re.Match[str]], number: int, at: int, source: str) -> tuple[int, int, int]:
    """Return the most words from one on that a source has to the letter, the source's number, and where they begin there."""
    best = (0, at, 0)
    start = words[number].start()
    count = LONGEST_RUN + 1
    while number + count <= len(words):
        begin = source.find(text[start : words[number + count - 1].end()])
        if begin < 0:
            break
        best = (count, at, begin)
        count += 1
    return best


def restored(content: Stored, sources: Sequence[str]) -> str:
    """Return a stored text whole."""
    if isinstance(content, str):
        return content
    return "".join(part if isinstance(part, str) else sources[part[0]][part[1] : part[2]] for part in content)
