"""On which row are the headers of a sheet, and which column is each of them?

Headers are recognised in any order, accents, case, spaces and line breaks aside; a title may stand above.
Left out on purpose: what stands under them (reading.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from mixite.desk.workbook.cell import shown
from mixite.desk.workbook.heading import Heading, Sheet
from sim.rules.cotation.attributes import forbidden
from sim.territory.files.faults import Fault
from sim.territory.files.faults import shown as cut
from sim.territory.files.opening import Cell, Opened
from sim.territory.files.sheets import HEADER_LINES, columns_of, headers_of, plain


@dataclass(frozen=True)
class Placed:
    """Where the headings of a sheet stand.

    Attributes
    ----------
    row : position of the header row, -1 where there is none
    columns : position of each heading
    ignored, dropped : headers unknown, and headers whose column is never read
    faults : headers absent or given twice
    """

    row: int
    columns: tuple[tuple[Heading, int], ...] = ()
    ignored: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = field(default=())

    def is_header(self, row: Sequence[Cell]) -> bool:
        """Tell whether a row repeats the headers."""
        return all(
            place < len(row) and plain(str(row[place])) in (plain(one.title), *map(plain, one.also))
            for one, place in self.columns
        )


def placed(opened: Opened, sheet: Sheet, file: str) -> Placed:
    """Find the header row of a sheet and place its headings.

    1. Among the first rows, the one with most headings is the header row.
    2. Each cell of it is a heading, a forbidden column, dropped unread, or an unknown one, ignored.
    3. A required heading that is absent, or one given twice, is a fault.
    """
    headers = headers_of(opened.rows, _columns(sheet))
    at = headers.row
    if at < 0:
        return Placed(at, faults=_no_header(opened, sheet, file))
    faults = _second(opened, sheet, file, at)
    of_column = {heading.column: heading for heading in sheet.headings}
    found: dict[str, tuple[Heading, int]] = {}
    ignored, dropped = [], []
    for place, name, column in headers.cells:
        if not column:
            if plain(name):
                (dropped if forbidden(name) else ignored).append(" ".join(name.split()))
        elif column in found:
            message = f"colonne donnée deux fois, aussi en colonne {letters(found[column][1])}"
            title = of_column[column].title
            faults.append(Fault(file, message, "n'en garder qu'une", opened.name, at + 1, title, cut(name)))
        else:
            found[column] = (of_column[column], place)
    faults += _absent(opened, sheet, file, at, found, ignored)
    return Placed(at, tuple(found.values()), tuple(ignored), tuple(dropped), tuple(faults))


def letters(place: int) -> str:
    """Return a column's letters, A for the first."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _columns(sheet: Sheet) -> dict[str, str]:
    return {name: heading.column for name, heading in sheet.recognised.items()}


def _second(opened: Opened, sheet: Sheet, file: str, at: int) -> list[Fault]:
    """Refuse a second row that could be the headers as well, unless it repeats them."""
    first, *others = (columns_of(row, _columns(sheet)) for row in opened.rows[at:HEADER_LINES])
    for other, columns in enumerate(others, start=at + 1):
        if len(columns) == len(first) > 1 and columns != first:
            message = f"deux lignes d'en-tête possibles, {at + 1} et {other + 1}"
            return [Fault(file, message, "n'en garder qu'une", opened.name, other + 1)]
    return []


def _absent(
    opened: Opened,
    sheet: Sheet,
    file: str,
    at: int,
    found: dict[str, tuple[Heading, int]],
    ignored: Sequence[str],
) -> list[Fault]:
    read = {plain(name): name for name in ignored}
    faults = []
    for heading in sheet.headings:
        if not heading.required or heading.column in found:
            continue
        close = get_close_matches(plain(heading.title), list(read), n=1, cutoff=0.6)
        mend = f"renommer la colonne « {cut(read[close[0]])} »" if close else "ajouter cette colonne"
        message = f"colonne absente, elle est requise ; en-têtes lus : {_picture(opened.rows[at])}"
        faults.append(Fault(file, message, mend, opened.name, at + 1, heading.title))
    return faults


def _no_header(opened: Opened, sheet: Sheet, file: str) -> tuple[Fault, ...]:
    if not any(any(cell != "" for cell in row) for row in opened.rows):
        return (Fault(file, "feuille vide", _wanted(sheet), opened.name),) if sheet.required else ()
    first = next(row for row in opened.rows if any(cell != "" for cell in row))
    message = f"pas d'en-tête dans les {HEADER_LINES} premières lignes ; lu d'abord : {_picture(first)}"
    return (Fault(file, message, _wanted(sheet), opened.name),)


def _wanted(sheet: Sheet) -> str:
    needed = ", ".join(one.title for one in sheet.headings if one.required)
    return f"une ligne d'en-tête est attendue, avec au moins : {needed}"


def _picture(row: Sequence[Cell]) -> str:
    """Return what was read on a row, as a picture of it."""
    texts = [" ".join(cut(shown(cell)).split()) or "(vide)" for cell in row[:12]]
    return " | ".join(texts) + (" | …" if len(row) > 12 else "")
