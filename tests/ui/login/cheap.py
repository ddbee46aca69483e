"""Lines of users whose passwords cost nothing to check."""

from __future__ import annotations

from unittest.mock import patch

from ui.login import users


def cheap_line(name: str, password: str) -> str:
    with patch.object(users, "_LOG_N", 4):
        return users.new_line(name, password)
