"""Do the texts of a sheet hold what the canonical columns admit, and how is a fault said of the sheet?

The same types, bounds and checks as for a folder of tables; a fault names the sheet, the row, the header and
the cell as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from mixite.desk.workbook.headings import METHODE, SHEETS
from mixite.desk.workbook.reading import PERSONAL, Lines
from sim.territory.files.canonical import CanonicalTable
from sim.territory.files.faults import Fault
from sim.territory.files.faults import shown as cut
from sim.territory.files.schema import Table
from sim.territory.files.tables import check

ABSENT = "valeur absente"

_NAMES = {"adults", "children", "teens", "rooms"}


def typed(table: Table, lines: Lines, texts: Mapping[str, Sequence[str]], on: date) -> CanonicalTable:
    """Return texts as a canonical table checked on a day, its faults yet to be said of the sheet."""
    found = CanonicalTable(
        table,
        f"la feuille {lines.name}",
        rows=np.array(lines.rows, dtype=np.int64),
        texts={name: pa.array(list(column), pa.string()) for name, column in texts.items()},
    )
    check(found, on)
    return found


def said_of(found: CanonicalTable, lines: Lines) -> Iterable[Fault]:
    """Give the faults of a table as faults of its sheet, but those of cells already refused."""
    places = {row: at for at, row in enumerate(lines.rows)}
    for fault in found.faults:
        absent = fault.message.startswith(ABSENT) and fault.column not in lines.texts
        if absent or (fault.row, fault.column) in lines.refused:
            continue  # said already, of the header or of the cell
        at = places.get(fault.row)
        cells = lines.cells.get(fault.column)
        value = cells[at] if cells and at is not None else fault.value
        heading = next((one for one in lines.sheet.headings if one.column == fault.column), None)
        mend = fault.mend or (heading.help if heading else "corriger cette cellule")
        yield Fault(
            lines.file,
            _in_french(fault.message, lines),
            _in_french(mend, lines),
            lines.name,
            fault.row,
            lines.sheet.title_of(fault.column),
            "" if fault.column in PERSONAL else cut(" ".join(value.split())),
        )


def bounded(lines: Lines, column: str, low: int, high: int) -> None:
    """Refuse the whole numbers of a column that are out of bounds."""
    for at, text in enumerate(lines.of(column)):
        if text and not low <= int(text) <= high:
            message = f"hors bornes, attendu de {low} à {high}"
            help_ = next(one.help for one in lines.sheet.headings if one.column == column)
            lines.refuse(at, column, message, help_, lines.cells[column][at])


def required(lines: Lines) -> None:
    """Refuse the empty cells of required columns."""
    for heading in lines.sheet.headings:
        if not heading.required or heading.column not in lines.texts:
            continue
        for at, text in enumerate(lines.of(heading.column)):
            if not text and (lines.rows[at], heading.column) not in lines.refused:
                lines.refuse(at, heading.column, f"{ABSENT}, elle est requise", heading.help)


def _in_french(text: str, lines: Lines) -> str:
    """Return a sentence with the headers in place of canonical names, dates as they are written in French."""
    text = text.replace("celle du territoire", "la séance").replace("ajouter la ligne à la", "l'ajouter à la")
    text = re.sub(r"\b(\d{4})-(\d\d)-(\d\d)\b", r"\3/\2/\1", text)
    return re.sub(r"\b[a-z]+(?:_[a-z0-9]+)*\b", lambda found: _header(found.group(), lines), text)


def _header(word: str, lines: Lines) -> str:
    if "_" not in word and word not in _NAMES:
        return word
    own = lines.sheet.title_of(word)
    if own != word:
        return f"« {own} »"
    others = (sheet.title_of(word) for sheet in (*SHEETS, METHODE))
    return next((f"« {title} »" for title in others if title != word), word)


def without_numbers(faults: Iterable[Fault]) -> Iterable[Fault]:
    """Give faults whose way out names no other numéro unique."""
    personal = {sheet.title_of(column) for sheet in SHEETS for column in PERSONAL}
    for fault in faults:
        near = fault.column in personal and "vouliez-vous dire" in fault.mend
        yield replace(fault, mend="vérifier le numéro") if near else fault
