"""What do the sheets of a workbook say, and what is wrong in them?

Each sheet becomes columns of canonical texts under its headings, with the row and the cell of each. Every
fault of every sheet is collected; nothing is raised for a fault of a cell. Left out on purpose: bounds and
links between sheets, which are the canonical tables' (tables.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from mixite.desk.workbook.cell import SERIAL, TRIMMED, ZERO, Refused, shown, text_of
from mixite.desk.workbook.heading import EXAMPLE, Heading, Sheet
from mixite.desk.workbook.headings import METHODE, SHEETS
from mixite.desk.workbook.placing import Placed, letters, placed
from sim.rules.cotation.attributes import forbidden
from sim.territory.files.faults import Fault
from sim.territory.files.faults import shown as cut
from sim.territory.files.opening import LAST_ROW, Cell, Opened
from sim.territory.files.sheets import Workbook, plain

PERSONAL = frozenset(("demand_id",))
"""Columns whose cells no message shows."""

_OURS = ("aide",)
"""Sheets of the empty workbook that hold nothing to read."""

_SAID = {
    ZERO: "codes INSEE complétés de leur zéro initial",
    SERIAL: "dates lues d'un nombre de jours d'Excel",
    TRIMMED: "cellules dont les espaces autour ont été ôtées",
}


@dataclass
class Lines:
    """One sheet as read: canonical texts by column, "" where empty; of each line, its row and its cells."""

    sheet: Sheet
    file: str
    name: str
    rows: list[int] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    cells: dict[str, list[str]] = field(default_factory=dict)
    refused: set[tuple[int, str]] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, column: str) -> bool:
        """Tell whether the column holds at least one value."""
        return any(self.texts.get(column, ()))

    def of(self, column: str, default: str = "") -> list[str]:
        """Return the texts of a column, the default where a cell or the whole column is empty."""
        return [text or default for text in self.texts.get(column, [""] * len(self))]

    def refuse(self, at: int, column: str, message: str, mend: str = "", value: str = "") -> None:
        """Add a fault of a cell of a line."""
        row = self.rows[at]
        self.refused.add((row, column))
        value = "" if column in PERSONAL else cut(" ".join(value.split()))
        title = self.sheet.title_of(column)
        self.faults.append(Fault(self.file, message, mend, self.name, row, title, value))


@dataclass
class Read:
    """A workbook as read: its tables by the title of their sheets, its settings, and what to say of it."""

    file: str
    lines: dict[str, Lines] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    setting_rows: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def read(book: Workbook) -> Read:
    """Read the sheets of a workbook; an optional one without a line is absent."""
    found = Read(book.file, notes=list(book.notes))
    sheets = _recognised(book, found)
    for sheet in SHEETS:
        opened = sheets.get(sheet.title)
        if opened is None:
            if sheet.required:
                found.faults.append(_absent(book, sheet))
            continue
        lines = lines_of(opened, sheet, book.file)
        found.faults += lines.faults
        found.notes += lines.notes
        found.dropped += lines.dropped
        if len(lines):
            found.lines[sheet.title] = lines
        elif sheet.required and not lines.faults:
            mend = f"une ligne par {sheet.key.title.lower()}, sous l'en-tête"
            found.faults.append(Fault(book.file, "aucune ligne à lire", mend, opened.name))
    if METHODE.title in sheets:
        _settings(sheets[METHODE.title], found)
    return found


def _recognised(book: Workbook, found: Read) -> dict[str, Opened]:
    """Return the sheets by their titles; what is not one is ignored and said, what is twice is a fault."""
    known = {plain(name): one.title for one in (*SHEETS, METHODE) for name in (one.title, *one.also)}
    sheets: dict[str, Opened] = {}
    ignored = []
    for opened in book.opened():
        title = known.get(plain(opened.name))
        if title is None:
            if plain(opened.name) not in _OURS:
                ignored.append(opened.name)
        elif title in sheets:
            message = f"feuille {title} donnée deux fois, aussi « {sheets[title].name} »"
            found.faults.append(Fault(book.file, message, "n'en garder qu'une", opened.name))
        else:
            sheets[title] = opened
    if ignored:
        found.notes.append(f"{book.file} : feuilles ignorées : {', '.join(map(cut, ignored))}")
    return sheets


def _absent(book: Workbook, sheet: Sheet) -> Fault:
    names = list(book.sheets)
    close = get_close_matches(plain(sheet.title), [plain(name) for name in names], n=1, cutoff=0.5)
    near = next((name for name in names if close and plain(name) == close[0]), "")
    mend = f"renommer la feuille « {cut(near)} »" if near else "l'ajouter, ou partir de « mixite modele »"
    read_ = ", ".join(cut(name) for name in names[:8])
    return Fault(book.file, f"feuille absente, elle est requise ; feuilles lues : {read_}", mend, sheet.title)


def lines_of(opened: Opened, sheet: Sheet, file: str) -> Lines:
    """Read the lines of a sheet under its headers."""
    place = placed(opened, sheet, file)
    lines = Lines(sheet, file, opened.name, faults=list(place.faults), dropped=list(place.dropped))
    if place.row < 0 or not place.columns:
        return lines
    _say_columns(lines, place)
    _refuse_merged(lines, opened, place)
    body = [(at + 1, row) for at, row in enumerate(opened.rows) if at > place.row]
    said: dict[str, int] = {}
    seen: set[tuple[str, ...]] = set()
    lines.texts = {heading.column: [] for heading, _ in place.columns}
    lines.cells = {heading.column: [] for heading, _ in place.columns}
    for number, row in _kept(body, lines, place):
        _read_line(lines, place, number, row, said, seen)
    if len(opened.rows) >= LAST_ROW:
        limit = f"{LAST_ROW} lignes, la limite d'Excel : la suite est sans doute perdue"
        lines.notes.append(f"{_where(lines)} : {limit}")
    twice = said.pop("twice", 0)
    if twice:
        lines.notes.append(f"{_where(lines)} : lignes identiques à une autre, lues une seule fois : {twice}")
    lines.notes += [f"{_where(lines)} : {_SAID.get(kind, kind)} : {count}" for kind, count in said.items()]
    return lines


def _kept(
    body: Sequence[tuple[int, Sequence[Cell]]], lines: Lines, place: Placed
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the lines that say something; say how many were examples, empty or repeated headers."""
    columns = [at for _, at in place.columns]
    key = next((at for heading, at in place.columns if heading == lines.sheet.key), columns[0])
    counts = {"lignes d'exemple, non lues": 0, "lignes vides ignorées": 0, "en-têtes répétés ignorés": 0}
    examples, empty, repeated = counts
    blank = 0
    for number, row in body:
        if all(row[at] == "" or (isinstance(row[at], str) and not str(row[at]).strip()) for at in columns):
            blank += 1
            continue
        counts[empty] += blank
        blank = 0
        name = shown(row[key])
        if name.upper().startswith(EXAMPLE):
            counts[examples] += 1
        elif len(columns) > 1 and place.is_header(row):
            counts[repeated] += 1
        else:
            yield number, row
    for said, count in counts.items():
        if count:
            lines.notes.append(f"{_where(lines)} : {said} : {count}")


def _read_line(
    lines: Lines,
    place: Placed,
    number: int,
    row: Sequence[Cell],
    said: dict[str, int],
    seen: set[tuple[str, ...]],
) -> None:
    """Read a line; one of totals is a fault, one the same as another is read once."""
    told = sorted(at for _, at in place.columns if row[at] != "")
    first = plain(str(row[told[0]])) if told else ""
    if first.split(" ")[0] in ("total", "totaux") or first.startswith("sou total"):
        message = "ligne de total, une ligne est attendue par " + lines.sheet.key.title.lower()
        lines.faults.append(Fault(lines.file, message, "la retirer", lines.name, number))
        return
    texts: dict[str, str] = {}
    wrong: list[tuple[Heading, Refused, Cell]] = []
    for heading, at in place.columns:
        try:
            texts[heading.column] = text_of(row[at], heading, said)
        except Refused as refused:
            texts[heading.column] = ""
            wrong.append((heading, refused, row[at]))
    if not wrong:
        same = tuple(texts.values())
        if same in seen:
            said["twice"] = said.get("twice", 0) + 1
            return
        seen.add(same)
    lines.rows.append(number)
    for heading, at in place.columns:
        lines.texts[heading.column].append(texts[heading.column])
        lines.cells[heading.column].append(shown(row[at]))
    for heading, refused, cell in wrong:
        value = "" if refused.masked else shown(cell)
        lines.refuse(len(lines) - 1, heading.column, str(refused), refused.mend, value)


def _say_columns(lines: Lines, place: Placed) -> None:
    if place.ignored:
        listed = ", ".join(cut(name) for name in place.ignored)
        lines.notes.append(f"{_where(lines)} : colonnes ignorées : {listed}")
    if place.dropped:
        listed, many = ", ".join(cut(name) for name in place.dropped), len(place.dropped)
        lines.notes.append(
            f"{_where(lines)} : colonnes interdites écartées sans être lues : {many} ({listed})"
        )
    if place.row > 0:
        lines.notes.append(f"{_where(lines)} : en-tête lu ligne {place.row + 1}")


def _refuse_merged(lines: Lines, opened: Opened, place: Placed) -> None:
    """Refuse merged cells in the columns that are read: only the first of them holds a value."""
    read_ = {at for _, at in place.columns}
    for top, left, bottom, right in opened.merged:
        if bottom < place.row or not read_ & set(range(left, right + 1)):
            continue
        where = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
        said = "en-tête fusionné" if top <= place.row else "cellules fusionnées"
        mend = "défaire la fusion, puis écrire chaque cellule"
        lines.faults.append(Fault(lines.file, f"{said}, {where}", mend, lines.name, top + 1))


def _where(lines: Lines) -> str:
    return f"feuille {lines.name}"


def _settings(opened: Opened, found: Read) -> None:
    """Read the sheet of settings: a name, its value in the cell at its right."""
    known, said, ignored = METHODE.recognised, dict[str, int](), []
    for number, row in enumerate(opened.rows, start=1):
        cells = [cell for cell in row if cell != ""]
        if not cells or not isinstance(cells[0], str):
            continue
        heading = known.get(plain(cells[0]))
        if heading is None:
            if len(cells) > 1 and plain(cells[0]) not in ("reglage", "parametre"):
                (found.dropped if forbidden(cells[0]) else ignored).append(" ".join(cells[0].split()))
            continue
        value = _value(row)
        try:
            text = text_of(value, heading, said)
        except Refused as refused:
            shown_ = "" if refused.masked else cut(shown(value))
            fault = Fault(found.file, str(refused), refused.mend, opened.name, number, heading.title, shown_)
            found.faults.append(fault)
            continue
        if text and heading.column in found.settings:
            message = "réglage donné deux fois"
            found.faults.append(
                Fault(found.file, message, "n'en garder qu'un", opened.name, number, heading.title)
            )
        elif text:
            found.settings[heading.column] = text
            found.setting_rows[heading.column] = number
    if ignored:
        found.notes.append(f"feuille {opened.name} : réglages ignorés : {', '.join(map(cut, ignored))}")


def _value(row: Sequence[Cell]) -> Cell:
    """Return the cell at the right of the first one that is not empty."""
    first = next(at for at, cell in enumerate(row) if cell != "")
    return row[first + 1] if first + 1 < len(row) else ""
