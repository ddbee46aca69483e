"""A moment as the API and the log write it."""

from __future__ import annotations

from datetime import UTC, datetime


def moment_in(seconds: float) -> str:
    """Return seconds since 1970 in ISO form, to the second and in UTC: 2025-10-21T09:30:00Z."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
