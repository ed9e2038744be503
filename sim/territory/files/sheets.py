"""What did people write in a workbook: which rows, under which headers?

Headers are recognised in any order, accents, case, plural and punctuation aside, wherever they stand in the
first lines of a sheet. Cells come out as text, number or date, as they are; what they mean is for who asks.
Unknown columns and sheets are named, never read further. Left out on purpose: whether a file is a workbook
at all (opening.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from unicodedata import combining, normalize

from sim.territory.files.faults import nearest, shown
from sim.territory.files.opening import Cell, Opened, Source, content_of, opened

HEADER_LINES = 20
"""In how many first lines of a sheet the headers are looked for."""

_LINKING = frozenset(("de", "du", "des", "d", "la", "le", "les", "l", "en", "m2", "eur", "euro", "euros"))
"""Words that make no difference between two headers, units among them."""

_CONCERTATION = "« mixite qualify --out » écrit un classeur à remplir"


@dataclass(frozen=True)
class Headers:
    """Where the known headers of a sheet stand.

    Attributes
    ----------
    row : position of their line, -1 where no line has any
    cells : of each header of that line, its place, as it is written, and its column, "" for one unknown
    """

    row: int = -1
    cells: tuple[tuple[int, str, str], ...] = ()

    @property
    def places(self) -> dict[str, int]:
        """Return the place of each column, the first one where a header is given twice."""
        return {column: place for place, _, column in reversed(self.cells) if column}


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
    """The sheets of a file, as cells.

    Attributes
    ----------
    merged : ranges of merged cells, by sheet, as `Opened` gives them
    notes : what is to be said of the file
    """

    file: str
    sheets: Mapping[str, Sequence[Sequence[Cell]]]
    merged: Mapping[str, tuple[tuple[int, int, int, int], ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def opened(self) -> Iterator[Opened]:
        """Give each sheet as it is."""
        for name, rows in self.sheets.items():
            yield Opened(name, rows, self.merged.get(name, ()))

    def named(self, name: str) -> str | None:
        """Return the name that a sheet has in the file, accents and case aside; None where it is absent."""
        return next((found for found in self.sheets if plain(found) == plain(name)), None)

    def table(self, name: str, columns: Mapping[str, str]) -> Sheet | None:
        """Return a sheet read under its headers, None where the file has no such sheet.

        Parameters
        ----------
        columns : name of a column -> its header
        """
        found = self.named(name)
        if found is None:
            return None
        lines = self.sheets[found]
        headers = headers_of(lines, {plain(label): column for column, label in columns.items()})
        places = headers.places
        rows = []
        for number, line in enumerate(lines[headers.row + 1 :], start=headers.row + 2):
            row = {name: line[place] for name, place in places.items() if place < len(line)}
            if any(as_text(cell) for cell in row.values()):
                rows.append(Row(number, row))
        missing = [label for column, label in columns.items() if column not in places]
        unknown = [text for place, text, _ in headers.cells if place not in places.values()]
        return Sheet(found, tuple(rows), tuple(missing), tuple(unknown))


def read_workbook(path: Path, name: str = "", empty: str = _CONCERTATION) -> Workbook:
    """Read every cell of an Excel file (.xlsx).

    Parameters
    ----------
    name : how faults call it, its path where not given
    empty : how to get an empty one to fill, for whom this one is no workbook

    Raises
    ------
    FaultsFound
        when it is absent, too large, locked by a password, or no workbook that can be read.
    """
    source = Source(name or str(path), empty)
    return book_of(content_of(path, source), source.name, empty)


def book_of(content: bytes, name: str, empty: str = _CONCERTATION) -> Workbook:
    """Read every cell of a workbook given as bytes, as `read_workbook` does.

    Raises
    ------
    FaultsFound
        when it is no workbook that can be read.
    """
    sheets, notes = opened(content, Source(name, empty))
    cells, merged = {one.name: one.rows for one in sheets}, {one.name: one.merged for one in sheets}
    return Workbook(name, cells, merged, notes)


def headers_of(rows: Sequence[Sequence[Cell]], known: Mapping[str, str]) -> Headers:
    """Return where headers stand: on the first line that has most of them.

    Parameters
    ----------
    known : header as `plain` compares it -> its column
    """
    counts = [len(columns_of(line, known)) for line in rows[:HEADER_LINES]]
    if not any(counts):
        return Headers()
    row = counts.index(max(counts))
    texts = [(place, as_text(cell)) for place, cell in enumerate(rows[row])]
    return Headers(row, tuple((place, text, known.get(plain(text), "")) for place, text in texts if text))


def columns_of(line: Sequence[Cell], known: Mapping[str, str]) -> set[str]:
    """Return the columns whose headers stand on a line."""
    return {known.get(plain(as_text(cell)), "") for cell in line} - {""}


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
    """Return the day a cell holds, a date or a text that `written_date` reads, None where it holds none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return written_date(as_text(cell))
    except ValueError:
        return None


def written_date(text: str) -> date | None:
    """Return the day of 03/04/2025 (3 April), 3.4.2025 or 2025-04-03, with or without an hour.

    None for any other text.

    Raises
    ------
    ValueError
        when the calendar has no such day.
    """
    text = re.sub(r"[T ]\d{1,2}[:h]\d{2}(:\d{2})?(\.\d+)?Z?$", "", text)
    french = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", text)
    iso = re.fullmatch(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})", text)
    if french:
        day, month, year = map(int, french.groups())
    elif iso:
        year, month, day = map(int, iso.groups())
    else:
        return None
    return date(year, month, day)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return a text as it is compared: no accent, case, plural, punctuation or line break."""
    letters = "".join(c for c in normalize("NFKD", text) if not combining(c)).lower().replace("œ", "oe")
    words = (word for word in re.findall(r"[a-z0-9]+", letters) if word not in _LINKING)
    return " ".join(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in words)


def code_named(text: str, choices: Mapping[str, str]) -> str | None:
    """Return the code of a closed list that a text names by label or code, None where it names none."""
    wanted = plain(text)
    return next((code for code, label in choices.items() if wanted in (plain(label), plain(code))), None)


def not_listed(text: str, choices: Mapping[str, str]) -> tuple[str, str]:
    """Return what is wrong with a text that a closed list does not hold, and the way out."""
    return "hors de la liste fermée", nearest(shown(text), list(choices.values()))
