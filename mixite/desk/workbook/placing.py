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
from mixite.desk.workbook.opening import Cell, Opened
from mixite.desk.workbook.words import plain
from sim.rules.cotation.attributes import forbidden
from sim.territory.files.faults import Fault
from sim.territory.files.faults import shown as cut

SEARCHED = 20
"""Rows among which the headers are looked for."""


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
    counts = [len(_headings(row, sheet)) for row in opened.rows[:SEARCHED]]
    best = max(counts, default=0)
    if not best:
        return Placed(-1, faults=_no_header(opened, sheet, file))
    at = counts.index(best)
    faults = _second(opened, sheet, file, at, counts)
    found: dict[str, tuple[Heading, int]] = {}
    ignored, dropped = [], []
    for place, cell in enumerate(opened.rows[at]):
        name = str(cell)
        heading = sheet.recognised.get(plain(name))
        if heading is None:
            if plain(name):
                (dropped if forbidden(name) else ignored).append(" ".join(name.split()))
        elif heading.column in found:
            message = f"colonne donnée deux fois, aussi en colonne {letters(found[heading.column][1])}"
            mend = "n'en garder qu'une"
            faults.append(Fault(file, message, mend, opened.name, at + 1, heading.title, cut(shown(cell))))
        else:
            found[heading.column] = (heading, place)
    faults += _absent(opened, sheet, file, at, found, ignored)
    return Placed(at, tuple(found.values()), tuple(ignored), tuple(dropped), tuple(faults))


def letters(place: int) -> str:
    """Return a column's letters, A for the first."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _headings(row: Sequence[Cell], sheet: Sheet) -> set[str]:
    names = (plain(cell) for cell in row if isinstance(cell, str) and cell)
    return {sheet.recognised[name].column for name in names if name in sheet.recognised}


def _second(opened: Opened, sheet: Sheet, file: str, at: int, counts: list[int]) -> list[Fault]:
    """Refuse a second row that could be the headers as well, unless it repeats them."""
    first = _headings(opened.rows[at], sheet)
    for other in range(at + 1, len(counts)):
        if counts[other] == counts[at] > 1 and _headings(opened.rows[other], sheet) != first:
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
    message = f"pas d'en-tête dans les {SEARCHED} premières lignes ; lu d'abord : {_picture(first)}"
    return (Fault(file, message, _wanted(sheet), opened.name),)


def _wanted(sheet: Sheet) -> str:
    needed = ", ".join(one.title for one in sheet.headings if one.required)
    return f"une ligne d'en-tête est attendue, avec au moins : {needed}"


def _picture(row: Sequence[Cell]) -> str:
    """Return what was read on a row, as a picture of it."""
    texts = [" ".join(cut(shown(cell)).split()) or "(vide)" for cell in row[:12]]
    return " | ".join(texts) + (" | …" if len(row) > 12 else "")
