"""The reader of .xlsx: each sheet is a table, each row an article."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from index.formats.options import Reader, ReadOptions
from index.formats.table import rows_of
from index.formats.zipped import checked, damaged
from index.load import RawDocument
from index.types import Problem


def reader(_: str) -> Reader:
    """Return the reader of .xlsx."""
    return _read


def _read(file: BinaryIO, path: str, options: ReadOptions) -> Iterator[RawDocument | Problem]:
    checked(file, path, options)
    from openpyxl import load_workbook

    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        names = [sheet.title for sheet in book.worksheets]
        for sheet in book.worksheets:
            shown = path if len(names) == 1 else f"{path}#{sheet.title}"
            rows = ([_value(value) for value in row] for row in sheet.iter_rows(values_only=True))
            filled = (row for row in rows if any(value not in (None, "") for value in row))
            yield from rows_of(filled, shown, options)
    except Exception as error:  # a damaged sheet raises KeyError, ValueError, lxml's errors and others
        yield damaged(path, error)


def _value(value: Any) -> Any:
    return value.date().isoformat() if isinstance(value, datetime) else value
