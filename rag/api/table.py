"""Rows as a table to take away: CSV that spreadsheets open with their letters whole, or a workbook."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from typing import Literal

Cell = str | int | float | bool | None
TableFormat = Literal["json", "csv", "xlsx"]
MEDIA_TYPES: Mapping[TableFormat, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What makes a spreadsheet compute a cell of a CSV rather than show it: article text comes from anybody.
_COMPUTED = ("=", "+", "-", "@", "\t", "\r")
# Characters that a cell of a workbook can have.
_LONGEST_CELL = 32_767


def as_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Cell]]) -> bytes:
    """Return a table as CSV in UTF-8 with its mark, by which spreadsheets know the charset."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_shown(row.get(column)) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(columns: Sequence[str], rows: Sequence[Mapping[str, Cell]], from_right: bool) -> bytes:
    """Return a table as a workbook of one sheet, which begins at the right where its text does."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook()
    sheet = book.active
    sheet.sheet_view.rightToLeft = from_right
    sheet.append(list(columns))
    for number, row in enumerate(rows, 2):
        for place, column in enumerate(columns, 1):
            value = row.get(column)
            cell = sheet.cell(number, place)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_CELL]
                cell.data_type = "s"  # never a formula
            else:
                cell.value = value
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _shown(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(_COMPUTED) else value
