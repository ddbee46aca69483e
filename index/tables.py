"""A table's rows -> lines that keep together what belongs together: each value beside its column's name."""

from __future__ import annotations

from collections.abc import Sequence

# A cell: its text, how many columns and rows it spans, and whether it is marked as a header.
Cell = tuple[str, int, int, bool]


def rows_as_lines(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return a line for each row: "Day: Thursday; Hours: 10-18" under a header, "Thursday: 10-18" without one.

    A cell that spans rows or columns belongs to each of them. Empty cells are left out.
    """
    grid, marked = _filled(rows)
    headers = 0
    while headers < len(grid) - 1 and marked[headers] and grid[headers]:
        headers += 1
    names = [_joined(column) for column in _columns(grid[:headers])]
    told = [line for line in (_line(row, names) for row in grid[headers:]) if line]
    used = {place for row in grid[headers:] if not _is_heading(row) for place, cell in enumerate(row) if cell}
    # What no value stands under is said once.
    idle = [name for place, name in enumerate(names) if name and place not in used]
    return ["; ".join(dict.fromkeys(idle)), *told] if idle else told


def _filled(rows: Sequence[Sequence[Cell]]) -> tuple[list[list[str]], list[bool]]:
    """Return the texts of all cells by row and column, and for each row whether it consists of headers."""
    grid: list[list[str]] = []
    marked: list[bool] = []
    pending: dict[int, tuple[str, int]] = {}
    for row in rows:
        texts: list[str] = []
        waiting = list(row)
        while waiting or len(texts) in pending:
            column = len(texts)
            if column in pending:
                text, left = pending.pop(column)
                texts.append(text)
                if left > 1:
                    pending[column] = (text, left - 1)
                continue
            text, wide, high, _ = waiting.pop(0)
            for offset in range(wide):
                texts.append(text)
                if high > 1:
                    pending[column + offset] = (text, high - 1)
        grid.append(texts)
        marked.append(bool(row) and all(cell[3] for cell in row))
    return grid, marked


def _columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    return [[row[place] for row in rows if place < len(row)] for place in range(width)]


def _joined(names: Sequence[str]) -> str:
    """Return the name of a column over which several header cells stand."""
    return " ".join(dict.fromkeys(name.rstrip(" :") for name in names if name))


def _is_heading(cells: Sequence[str]) -> bool:
    """Tell whether a row is one cell across the table, or one cell and nothing else."""
    return len({cell for cell in cells if cell}) == 1


def _line(cells: Sequence[str], names: Sequence[str]) -> str:
    if not any(names):
        told = [cell for cell in cells if cell]
        return f"{told[0].rstrip(' :')}: {'; '.join(told[1:])}" if len(told) > 1 else "".join(told)
    if _is_heading(cells):
        return next(cell for cell in cells if cell)
    pairs = [(names[place] if place < len(names) else "", cell) for place, cell in enumerate(cells) if cell]
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs)
