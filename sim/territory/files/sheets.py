"""What did people write in a workbook: which rows, under which headers?

Headers are recognised in any order, accents and case aside, wherever they stand in the first lines of a
sheet. Cells come out as text, number or date, as they are; what they mean is for who asks. Unknown columns
and sheets are named, never read further.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

from sim.territory.files.faults import Fault, FaultsFound, nearest, shown

Cell = Any  # what calamine gives: str, float, int, bool, date, datetime, time, timedelta; "" where empty

HEADER_LINES = 12
"""In how many first lines of a sheet the headers are looked for."""

LARGEST_BYTES = 100_000_000


@dataclass(frozen=True)
class Row:
    """One line of a sheet: its number as a spreadsheet shows it, its cells by the name of their column."""

    number: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        """Return a cell as text, "" where empty; a whole number has no decimal."""
        return as_text(self.cells.get(name, ""))


@dataclass(frozen=True)
class Sheet:
    """What is written under known headers.

    Attributes
    ----------
    missing : labels of the columns not found
    unknown : headers found that are none of ours
    """

    name: str
    rows: tuple[Row, ...]
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file, as cells."""

    file: str
    sheets: Mapping[str, Sequence[Sequence[Cell]]]

    def named(self, name: str) -> str | None:
        """Return the name that a sheet has in the file, accents and case aside; None where it is absent."""
        return next((found for found in self.sheets if folded(found) == folded(name)), None)

    def table(self, name: str, columns: Mapping[str, str]) -> Sheet | None:
        """Return a sheet read under its headers, None where the file has no such sheet.

        Parameters
        ----------
        columns : name of a column -> its header
        """
        found = self.named(name)
        if found is None:
            return None
        cells = self.sheets[found]
        known = {folded(label): column for column, label in columns.items()}
        marks = [[known.get(folded(as_text(cell)), "") for cell in line] for line in cells[:HEADER_LINES]]
        best = max(range(len(marks)), key=lambda line: len(set(marks[line]) - {""}), default=0)
        places: dict[str, int] = {}
        for place, column in enumerate(marks[best] if marks else ()):
            if column:
                places.setdefault(column, place)
        headers = cells[best] if marks else ()
        unknown = [
            as_text(cell)
            for place, cell in enumerate(headers)
            if as_text(cell) and place not in places.values()
        ]
        rows = []
        for number, line in enumerate(cells[best + 1 :], start=best + 2):
            row = {name: line[place] for name, place in places.items() if place < len(line)}
            if any(as_text(cell) for cell in row.values()):
                rows.append(Row(number, row))
        missing = [label for column, label in columns.items() if column not in places]
        return Sheet(found, tuple(rows), tuple(missing), tuple(unknown))


def read_workbook(path: Path) -> Workbook:
    """Read every cell of an Excel file (.xlsx, .xlsm, .xls, .ods).

    Raises
    ------
    FaultsFound
        when it is absent, too large, locked by a password or no workbook at all.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    name = str(path)
    if not path.is_file():
        near = [each.name for each in sorted(path.parent.glob("*.xlsx"))] if path.parent.is_dir() else []
        mend = nearest(path.name, near) if near else "vérifier le chemin"
        raise FaultsFound([Fault(name, "classeur introuvable", mend)])
    if path.stat().st_size > LARGEST_BYTES:
        raise FaultsFound([Fault(name, "classeur de plus de 100 Mo", "retirer ce qui n'y est pas utile")])
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = {
            sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            for sheet in book.sheet_names
        }
    except PasswordError:
        raise FaultsFound(
            [
                Fault(
                    name,
                    "classeur protégé par un mot de passe",
                    "l'enregistrer sans mot de passe d'ouverture",
                )
            ]
        ) from None
    except (CalamineError, OSError, ValueError):
        message = "ceci n'est pas un classeur Excel lisible"
        raise FaultsFound([Fault(name, message, "l'enregistrer au format .xlsx")]) from None
    return Workbook(name, sheets)


def as_text(cell: Cell) -> str:
    """Return a cell as text, without spaces around; a whole number has no decimal, a day no hour."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\xa0", " ").strip() if cell is not None else ""


def as_date(cell: Cell) -> date | None:
    """Return the day a cell holds (a date, 2026-03-12 or 12/03/2026), None where it holds none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = as_text(cell)
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def folded(text: str) -> str:
    """Return a header as it is compared: words alone, without accents or case."""
    simple = "".join(c for c in normalize("NFKD", text) if not combining(c)).casefold()
    return " ".join(re.findall(r"[a-z0-9]+", simple))


def code_named(text: str, choices: Mapping[str, str]) -> str | None:
    """Return the code of a closed list that a text names by label or code, None where it names none."""
    wanted = folded(text)
    return next((code for code, label in choices.items() if wanted in (folded(label), folded(code))), None)


def not_listed(text: str, choices: Mapping[str, str]) -> tuple[str, str]:
    """Return what is wrong with a text that a closed list does not hold, and the way out."""
    return "hors de la liste fermée", nearest(shown(text), list(choices.values()))
