"""What is a table of the sitting: columns under French headers, cells as they are shown?

A column in which nobody has anything is left out, and said. Left out on purpose: where it is written
(workbook.py, printed.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Cell = str | int | float | date | None

Kind = Literal["text", "wrap", "integer", "euro", "decimal", "percent", "date"]

TO_VERIFY = "à vérifier"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    width : in characters
    empty : what is shown where one cell of the column is missing
    """

    title: str
    kind: Kind = "text"
    width: int = 12
    empty: str = ""


@dataclass(frozen=True)
class Table:
    """A table: a row has one cell a column, None where nothing is known."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: tuple[str, ...] = ()

    def column(self, title: str) -> list[Cell]:
        """Return the cells of a column; none where it was left out."""
        place = next((at for at, column in enumerate(self.columns) if column.title == title), None)
        return [] if place is None else [row[place] for row in self.rows]

    def where(self, title: str, value: Cell) -> Table:
        """Return the rows in which a column has a value."""
        kept = [row for row, cell in zip(self.rows, self.column(title), strict=True) if cell == value]
        return replace(self, rows=tuple(kept))


def table(title: str, columns: Sequence[tuple[Column, Sequence[Cell]]]) -> Table:
    """Return a table without the columns in which no row has anything."""
    kept = [(column, cells) for column, cells in columns if not cells or any(map(_said, cells))]
    left_out = tuple(column.title for column, cells in columns if cells and not any(map(_said, cells)))
    shown = [[cell if _said(cell) else column.empty or None for cell in cells] for column, cells in kept]
    return Table(title, tuple(column for column, _ in kept), tuple(zip(*shown, strict=True)), left_out)


def _said(cell: Cell) -> bool:
    return cell is not None and cell != ""
