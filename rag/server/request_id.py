"""The name of a request, by which its caller, its answer and the log speak of the same one."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

HEADER = "x-request-id"
# What a caller or a proxy may choose itself: nothing that could break a line of the log or a header.
_HARMLESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

# The request at work, also in the threads that work on it.
CURRENT: ContextVar[str | None] = ContextVar("khabar_request_id", default=None)


def request_id_of(given: str | None) -> str:
    """Return the name that a request brings, where that is harmless, or a new one of 32 letters and digits."""
    return given if given and _HARMLESS.fullmatch(given) else secrets.token_hex(16)
