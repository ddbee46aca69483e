"""Which door of the server a request knocks at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

# The API, OpenAI's protocol, MCP, figures for an operator, whether the server lives, files of the page, the page.
Door = Literal["api", "openai", "mcp", "metrics", "health", "files", "page"]
PROGRAMS: frozenset[Door] = frozenset({"api", "openai", "mcp", "metrics"})
_DOORS: Mapping[Door, re.Pattern[str]] = {
    "api": re.compile(r"/api(/.*)?|/openapi\.json", re.DOTALL),
    "openai": re.compile(r"/v1(/.*)?", re.DOTALL),
    "mcp": re.compile(r"/mcp(/.*)?", re.DOTALL),
    "metrics": re.compile(r"/metrics"),
    "health": re.compile(r"/(healthz|readyz)"),
    "files": re.compile(r"/(page/static|assets|static)/.+|/favicon\.ico|/theme\.css"),
}


def door_of(path: str) -> Door:
    """Return the door of a path below the root path."""
    return next((door for door, paths in _DOORS.items() if paths.fullmatch(path)), "page")


def path_within(scope: Mapping[str, Any]) -> str:
    """Return the path of a request below the root path: a proxy may have taken that away already, or not."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(root) :] if root and path.startswith(f"{root}/") else path
