"""The examples of an archive on disk, so that the page has them at once: with the state of the archive that they are of."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from rag.offer.types import OfferedQuestion

_LOGGER = logging.getLogger(__name__)
FILE_NAME = "examples.json"
# Goes up with every change of how questions are made.
VERSION = 1


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions that were found answered, and what they were made with: `state` tells one state of archive and models apart."""

    state: str = ""
    questions: tuple[OfferedQuestion, ...] = ()


_EXAMPLES = TypeAdapter(Examples)


def read_examples(file: Path) -> Examples:
    """Return what is kept in a file, none where there is no such file; of one that is damaged the log tells, and none."""
    try:
        return _EXAMPLES.validate_json(file.read_bytes())
    except FileNotFoundError:
        return Examples()
    except (OSError, ValueError) as error:
        _LOGGER.warning("the example questions in '%s' cannot be read (%s); they are made anew", file, type(error).__name__)
        return Examples()


def write_examples(file: Path, examples: Examples) -> None:
    """Keep examples in a file, whole or not at all; a folder that cannot be written keeps none."""
    beside = file.with_suffix(".new")
    with suppress(OSError):
        beside.write_bytes(_EXAMPLES.dump_json(examples))
        beside.replace(file)
