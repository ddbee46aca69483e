"""The server's log: quiet, lines to read, or lines of JSON, always on stderr."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Literal

from rag.server.moment import moment_in
from rag.server.request_id import CURRENT
from rag.server.request_log import LOGGER

# none: warnings and errors only.
Log = Literal["none", "text", "json"]
_SERVER = logging.getLogger("khabar")
# What a line of JSON calls the parts of a record.
_NAMES = {"levelname": "level", "name": "logger", "message": "event"}


def set_up_log(log: Log) -> None:
    """Send what this process logs, uvicorn's lines among it, to stderr as the setting says."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_json_lines() if log == "json" else _TextLines())
    handler.addFilter(_named)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    _SERVER.setLevel(logging.WARNING if log == "none" else logging.INFO)


def teller(log: Log, tell: Callable[[str], None]) -> Callable[[str], None]:
    """Return who tells what an operator has to know: in the log where that is of JSON, else `tell`."""
    return _SERVER.warning if log == "json" else tell


def _named(record: logging.LogRecord) -> bool:
    """Give what is logged while a request is at work the id of that request."""
    if not hasattr(record, "request_id") and (name := CURRENT.get()):
        record.request_id = name
    return True


def _json_lines() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    return JsonFormatter(list(_NAMES), rename_fields=_NAMES, timestamp="time", json_ensure_ascii=False)


class _TextLines(logging.Formatter):
    """A line of text: when, what, and with whose request."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as a line, and its traceback below, where it has one."""
        when = moment_in(record.created)
        if record.name == LOGGER.name:
            told = vars(record)
            parts = [told["method"], told["route"] or told["door"], told["status"], f"{told['ms']} ms", told["caller"] or "-"]
            return " ".join(map(str, [when, *parts, told["request_id"], *([told["query"]] if "query" in told else [])]))
        return f"{when} {record.levelname.lower()} {record.name}: {super().format(record)}"
