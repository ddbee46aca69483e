"""The page's own files (scripts, styles, fonts) -> responses: one style sheet, addresses that change with their content."""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request, Response

from index.types import LANGUAGES
from rag.phrases import phrases

FOLDER = Path(__file__).parent / "static"
# In the order of the cascade; page.css before the others, because it names the colours.
STYLES = ("fonts.css", "page.css", "desk.css", "shell.css", "reader.css", "archive.css", "offers.css", "share.css")
# Texts that scripts show: all families of phrases.toml that begin so.
_SPOKEN_BY_SCRIPTS = ("page_", "count_")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".json": "application/json"}
_YEAR = "public, max-age=31536000, immutable"


def add_assets(application: FastAPI) -> None:
    """Serve GET page/static/VERSION/NAME; the version is that of all files together."""

    @application.get("/page/static/{version}/{name:path}", include_in_schema=False)
    def asset(version: str, name: str, request: Request) -> Response:
        content = _content(name)
        if content is None:
            raise HTTPException(404, f"there is no file '{name[:80]}'")
        kept = _YEAR if version == version_of() else "no-cache"
        suffix = Path(name).suffix
        kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(content, media_type=kind, headers={"Cache-Control": kept})


@cache
def version_of() -> str:
    """Return the version of all files together, as it stands in their addresses: counted once, they do not change in use."""
    names = ["page.css", "texts.json", *sorted(_files())]
    return hashlib.sha256(b"".join(_content(name) or b"" for name in names)).hexdigest()[:12]


@cache
def _files() -> Mapping[str, Path]:
    """Return the files by the names in their addresses; what is no such name is no file, whatever it would lead to."""
    return {str(file.relative_to(FOLDER)): file for file in FOLDER.rglob("*") if file.is_file()}


def _content(name: str) -> bytes | None:
    if name == "page.css":
        return "\n".join((FOLDER / style).read_text(encoding="utf-8") for style in STYLES).encode()
    if name == "texts.json":
        return texts_json().encode()
    file = _files().get(name)
    return file.read_bytes() if file else None


def faces_css(base: str = "") -> str:
    """Return the faces of Arabic script for a page of its own, which lies `base` away from the page."""
    return _faces().replace('url("', f'url("{base}page/static/{version_of()}/')


@cache
def _faces() -> str:
    return (FOLDER / "fonts.css").read_text(encoding="utf-8")


def texts_json() -> str:
    """Return the texts that scripts show, by language and then by name."""
    shown = {key: texts for key, texts in phrases().items() if key.startswith(_SPOKEN_BY_SCRIPTS)}
    # Of the forms of what is counted a language has those that it needs.
    by_language = {
        language: {key: texts[language] for key, texts in shown.items() if language in texts} for language in LANGUAGES
    }
    return json.dumps(by_language, ensure_ascii=False, separators=(",", ":"))
