"""Which cells of an .xlsx hold an error: #N/A, #REF!, #VALUE!?

The library that reads the values gives such a cell as empty, and an empty cell says something else: an income
that is not known, a household in no pool. Here they are found in the sheets themselves and put back as the
text that a spreadsheet shows. Left out on purpose: what is said of them, which is for who reads the cell.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import TypeVar
from xml.etree import ElementTree

Errors = dict[tuple[int, int], str]
"""The error of each cell that holds one, by (row, column) from 0."""

ERRORS = (
    *("#N/A", "#REF!", "#VALEUR!", "#VALUE!", "#DIV/0!", "#NOM?", "#NAME?"),
    *("#NUL!", "#NULL!", "#NOMBRE!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA"),
)
"""How a spreadsheet shows errors, in French or in English."""

Cell = TypeVar("Cell")

_BLOCK = 1_000_000
_MARK = re.compile(rb"""\st\s*=\s*["']e["']""")
"""What a cell of an error bears: a sheet without it is read no further."""


def errors_of(content: bytes) -> dict[str, Errors]:
    """Return the cells that hold an error, by the title of their sheet; sheets without any are left out.

    content : of an .xlsx that defines no entity
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = ((title, _errors(archive, part)) for title, part in _sheets(archive))
        return {title: errors for title, errors in found if errors}


def with_errors(rows: Sequence[Sequence[Cell]], errors: Errors) -> list[list[Cell | str]]:
    """Return rows of cells, each as long, with the errors in their places and "" in what is added."""
    high = max([len(rows), *(row + 1 for row, _ in errors)])
    wide = max([0, *map(len, rows), *(column + 1 for _, column in errors)])
    found: list[list[Cell | str]] = [[*row, *[""] * (wide - len(row))] for row in rows]
    found += [[""] * wide for _ in range(high - len(rows))]
    for (row, column), text in errors.items():
        found[row][column] = text
    return found


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Give the title and the part of each sheet."""
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for one in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        named = next(
            (text for key, text in one.items() if key.endswith("}id")), None
        )  # r:id, of any standard
        target = targets.get(named) if _name(one) == "sheet" else None
        if target:
            yield one.get("name", ""), posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _errors(archive: zipfile.ZipFile, part: str) -> Errors:
    """Return the errors of one sheet: a cell is where its reference says, else after the one before."""
    if part not in archive.namelist() or not _has_any(archive, part):
        return {}
    found: Errors = {}
    row = column = -1
    with archive.open(part) as stream:
        for event, one in ElementTree.iterparse(stream, ("start", "end")):
            name = _name(one)
            if event == "start" and name == "row":
                row, column = int(one.get("r", row + 2)) - 1, -1
            elif event == "start" and name == "c":
                column = _column(one.get("r", "")) if one.get("r") else column + 1
            elif event == "end" and name == "c" and one.get("t") == "e":
                found[row, column] = next((each.text or "" for each in one if _name(each) == "v"), "#N/A")
            elif event == "end" and name == "row":
                one.clear()
    return found


def _has_any(archive: zipfile.ZipFile, part: str) -> bool:
    last = b""
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            if _MARK.search(last + block):
                return True
            last = block[-20:]
    return False


def _name(one: ElementTree.Element) -> str:
    """Return the name of an element without its namespace."""
    return one.tag.rpartition("}")[2]


def _column(reference: str) -> int:
    """Return the column of a reference, from 0: A1 is in the first, AA7 in the twenty-seventh."""
    column = 0
    for letter in reference:
        if letter.isalpha():
            column = 26 * column + ord(letter.upper()) - ord("A") + 1
    return column - 1
