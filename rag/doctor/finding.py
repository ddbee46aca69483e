"""What a check found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from rag.settings import Settings

# A fault keeps Khabar from working, or will; with a warning it works, not as well or as safely as it could.
Level = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a subject, and what can be done about it; nothing has to be done about what is ok."""

    level: Level
    subject: str
    told: str
    remedy: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the finding as a JSON object."""
        return asdict(self)


# May raise KhabarError, which is a fault as well.
Check = Callable[[Settings], Iterator[Finding]]
