"""Scanned pages -> text, by the program `tesseract` where it is installed, in those of its languages that Khabar serves."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

_WANTED = ("ara", "fas", "eng")
_SECONDS = 120


def can_recognise() -> bool:
    """Tell whether the program is there."""
    return shutil.which("tesseract") is not None


def recognise(image: Any) -> list[str]:
    """Return the lines that a picture of a PDF (an LTImage) shows; none where it cannot be read."""
    from pdfminer.image import ImageWriter

    with tempfile.TemporaryDirectory(prefix="khabar-scan-") as folder:
        try:
            name = ImageWriter(folder).export_image(image)
            found = _run(str(Path(folder, name)), "stdout", "-l", _languages())
        except (OSError, ValueError, subprocess.SubprocessError, KeyError, TypeError, ImportError):
            return []
    return [line.strip() for line in found.splitlines() if line.strip()]


@cache
def _languages() -> str:
    there = set(_run("--list-langs").split())
    return "+".join(language for language in _WANTED if language in there) or "eng"


def _run(*arguments: str) -> str:
    done = subprocess.run(
        ["tesseract", *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=True
    )
    return done.stdout.decode("utf-8", "replace")
