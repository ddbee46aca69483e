"""The reader of .csv and .tsv: each row is an article, in columns known by their names or named by the user."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from index.formats.options import Reader, ReadOptions
from index.load import Decoded, RawDocument, Rows, decode, too_large
from index.types import Problem

# Names that columns of exports have, beside the keys that every format knows.
_GUESSED = {
    "text": ("text", "body", "content", "article", "article_text", "full_text", "fulltext", "article body", "story",
             "نص", "النص", "نص الخبر", "نص المقال", "المحتوى", "متن", "متن خبر", "محتوا"),
    "title": ("title", "headline", "العنوان", "عنوان", "عنوان الخبر", "تیتر", "عنوان خبر"),
    "outlet": ("outlet", "source", "publisher", "site", "المصدر", "منبع", "رسانه", "الصحيفة", "خبرگزاری"),
    "published": ("published", "date", "published_at", "publish date", "publication date", "التاريخ", "تاريخ النشر", "تاریخ",
                  "تاریخ انتشار"),
    "language": ("language", "lang", "اللغة", "زبان"),
    "url": ("url", "link", "الرابط", "لینک"),
    "id": ("id", "_id", "article_id"),
}  # fmt: skip
_SAMPLE = 262_144


def reader(suffix: str) -> Reader:
    """Return the reader of .csv or .tsv."""

    def read(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
        text = decode(_whole_lines(file.read(_SAMPLE)), path)
        if isinstance(text, Problem):
            yield text
            return
        if not text.strip():
            yield Problem(path, "the file is empty (0 rows); put one article a row in it or remove it", kind="empty")
            return
        charset = text.charset if isinstance(text, Decoded) else None
        if charset:
            reason = f"it was read as {charset}, which it does not say it is; if letters are wrong, save it as UTF-8"
            yield Problem(path, reason, skipped=False, kind="encoding")
        file.seek(0)
        encoding = {None: "utf-8-sig", "UTF-16": "utf-16", "UTF-8 with damaged bytes": "utf-8"}.get(charset, charset)
        marked = "utf-16" if file.read(2) in (b"\xff\xfe", b"\xfe\xff") else encoding
        file.seek(0)
        lines = io.TextIOWrapper(file, (marked or "utf-8").lower().replace(" ", "_"), errors="replace", newline="")
        try:
            csv.field_size_limit(max(min(options.max_bytes, sys.maxsize), 1))
            yield from rows_of(csv.reader(lines, delimiter=_delimiter(text, suffix)), path, options)
        except csv.Error as error:
            if "field larger" in str(error):
                yield Problem(path, too_large(options.max_bytes + 1, options.max_bytes), kind="too large")
            else:
                yield Problem(path, f"damaged ({error}); export it anew as UTF-8", kind="broken")
        finally:
            lines.detach()

    return read


def rows_of(rows: Iterable[Sequence[Any]], path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    """Yield the document of each row under the first, which names the columns."""
    rows = iter(rows)
    names = [str(name or "").strip() for name in next(rows, [])]
    columns = columns_in(names, options.columns)
    if "text" not in columns:
        shown = ", ".join(name[:30] for name in names[:12] if name) or "none"
        reason = f"none of its columns ({shown}) is known to hold the text; tell with --columns text=NAME which does"
        yield Problem(path, reason, kind="no text")
        return
    documents = Rows(path)
    for number, row in enumerate(rows, 2):
        values = {key: row[place] for key, place in columns.items() if place < len(row) and row[place] not in (None, "")}
        if values:
            yield documents.document({key: _shown(value) for key, value in values.items()}, number)


def columns_in(names: Sequence[str], told: Mapping[str, str]) -> dict[str, int]:
    """Return the place of the column of each key: as it was told, else the first whose name is known."""
    folded = [name.casefold() for name in names]
    found: dict[str, int] = {}
    for key, guesses in _GUESSED.items():
        wanted = (told[key].casefold(),) if key in told else guesses
        place = next((folded.index(name) for name in wanted if name in folded), None)
        if place is not None:
            found[key] = place
    return found


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _whole_lines(sample: bytes) -> bytes:
    """Cut a sample behind its last line, so that no letter is halved."""
    end = sample.rfind(b"\n")
    return sample[: end + 1] if len(sample) == _SAMPLE and end > 0 and b"\0" not in sample else sample


def _delimiter(text: str, suffix: str) -> str:
    """Return what parts the columns: of the signs that may, the one that the first line has most of."""
    if suffix == ".tsv":
        return "\t"
    first = text.lstrip().split("\n", 1)[0]
    return max(",;\t|", key=first.count)
