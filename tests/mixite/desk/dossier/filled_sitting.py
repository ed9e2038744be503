"""How a person fills the workbook of a sitting: the sheets are read, cells written, and all written again."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from toy_workbook import written

HEAD = 2
"""Position of the header row."""

Cells = Mapping[tuple[str, str], Mapping[str, Any]]


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    """Return every sheet as rows of cells, None where empty."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: [[None if cell == "" else cell for cell in row] for row in _rows(book, name)]
        for name in book.sheet_names
    }


def _rows(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def table_of(content: bytes, sheet: str) -> list[dict[str, Any]]:
    """Return the lines of a sheet under its headers."""
    rows = sheets_of(content)[sheet]
    return [
        dict(zip(rows[HEAD], row, strict=False))
        for row in rows[HEAD + 1 :]
        if any(c is not None for c in row)
    ]


def filled(content: bytes, cells: Cells, sheet: str = "Décision") -> bytes:
    """Return the workbook with cells written, by (dwelling, demand) then header."""
    sheets = sheets_of(content)
    rows = sheets[sheet]
    header = rows[HEAD]
    left = dict(cells)
    for row in rows[HEAD + 1 :]:
        row += [None] * (len(header) - len(row))
        pair = (row[header.index("Référence logement")], row[header.index("Numéro unique")])
        for name, value in left.pop(pair, {}).items():
            row[header.index(name)] = value
    assert not left, f"no such candidates: {left}"
    return written(sheets)


def saved(path: Path, content: bytes) -> Path:
    """Write bytes and return their path."""
    path.write_bytes(content)
    return path
