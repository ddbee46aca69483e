"""The examples of an archive on disk, so that the page has them at once: with the state of the archive that they are of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

from index.types import LANGUAGES
from rag.offer.types import OfferedQuestion, OfferKind

FILE_NAME = "examples.json"
# Goes up with every change of how questions are made.
VERSION = 1


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions that were found answered, and what they were made with: `state` tells one state of archive and models apart."""

    state: str = ""
    questions: tuple[OfferedQuestion, ...] = ()


def read_examples(file: Path) -> Examples:
    """Return what is kept in a file; none where there is no such file, or it is damaged."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        content = json.loads(file.read_text(encoding="utf-8"))
        return Examples(str(content["state"]), tuple(map(_question, content["questions"])))
    return Examples()


def write_examples(file: Path, examples: Examples) -> None:
    """Keep examples in a file, whole or not at all; a folder that cannot be written keeps none."""
    questions = [{**asdict(each), "published": each.published.isoformat() if each.published else None}
                 for each in examples.questions]  # fmt: skip
    beside = file.with_suffix(".new")
    with suppress(OSError):
        beside.write_text(json.dumps({"state": examples.state, "questions": questions}, ensure_ascii=False), encoding="utf-8")
        beside.replace(file)


def _question(row: dict[str, Any]) -> OfferedQuestion:
    day = date.fromisoformat(row["published"]) if row["published"] else None
    texts: Sequence[Any] = (row["question"], row["article_id"], row["outlet"] or "")
    known = row["kind"] in get_args(OfferKind) and {row["language"], row["article_language"]} <= set(LANGUAGES)
    if not known or not all(isinstance(text, str) for text in texts):
        raise ValueError("no offered question")
    return OfferedQuestion(
        row["question"], row["language"], row["kind"], row["article_id"], row["article_language"], row["outlet"], day
    )
