"""What does the workbook of a sitting look like, that the commission reads, fills and gives back?

Every text is written as a text: a cell that begins like a formula is never one, here or where it is pasted.
Left out on purpose: what the cells hold (candidates.py, dwellings.py, counts.py, method.py).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite.desk.dossier.candidates import candidates
from mixite.desk.dossier.counts import counters, gaps
from mixite.desk.dossier.decided import (
    ANSWERS,
    CODED,
    DECISION,
    FUNCTIONS,
    HISTORY,
    MOTIVES,
    Decided,
    after,
    chained,
)
from mixite.desk.dossier.dwellings import dwellings
from mixite.desk.dossier.method import DECIDES, banner, method
from mixite.desk.dossier.saving import save
from mixite.desk.dossier.table import Cell, Kind, Table
from mixite.desk.dossier.titles import DEMAND, DWELLING, RANK
from mixite.desk.dossier.trace import TRACE, Kept, cells, kept
from mixite.desk.suggesting import Suggestion
from mixite.desk.workbook.heading import FORMATS, Heading

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would run."""

LISTS = "Listes"
HEAD_ROW = 2
"""Rows of the title and of the banner above the headers."""

_NUMBERS: dict[Kind, str] = {
    "integer": "0",
    "euro": '#,##0" €"',
    "decimal": "0.00",
    "percent": "0.0 %",
    "date": "dd/mm/yyyy",
    "text": "@",
    "wrap": "@",
}
_DARK, _FILLED = "#1F4E79", "#FFF8E1"
_PER_LINE = 15.0
_MOST_SAID = 255
"""Characters of a message of a cell (Excel)."""


def write(path: Path, found: Suggestion, *, instruction: bool = False) -> None:
    """Write the workbook of a sitting to a file that does not exist yet.

    Raises
    ------
    FaultsFound
        when the file exists, or cannot be written.
    """
    save(path, content(found, instruction=instruction), "--out", ".xlsx")


def content(found: Suggestion, *, instruction: bool = False) -> bytes:
    """Return the workbook of a sitting.

    instruction : write the instructing officer's copy, with what is confidential
    """
    import xlsxwriter

    held = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, {**options, "in_memory": True}) as book:
        book.set_properties({"title": f"Commission du {found.request.on:%d/%m/%Y}", "comments": DECIDES})
        pages = _Pages(book, found)
        homes, people = dwellings(found), candidates(found, instruction)
        counts, passed = counters(found), gaps(found)
        pages.table(homes)
        pages.table(people)
        pages.decision(people)
        pages.table(counts)
        pages.table(passed, hint="feuille interne, à ne pas diffuser")
        pages.presence()
        pages.method(method(found, (homes, people, counts, passed), instruction))
        if found.request.past:
            pages.history(found.request.past)
        pages.lists()
        pages.trace(found)
    return held.getvalue()


def plain_text(text: str) -> str:
    """Return a text that no spreadsheet runs: an apostrophe before what begins like a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


class _Pages:
    """The sheets of the workbook, with their formats made once each."""

    def __init__(self, book: Workbook, found: Suggestion) -> None:
        self.book, self.found = book, found
        self.made: dict[str, Format] = {}

    def format(self, **properties: Any) -> Format:
        key = repr(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(
                {"font_name": "Calibri", "font_size": 11, "valign": "top", **properties}
            )
        return self.made[key]

    def page(self, title: str, headers: Sequence[tuple[str, float, bool]], *, hint: str = "") -> Worksheet:
        """Add a sheet with its title, banner and headers: title, width, whether people fill the column."""
        page = self.book.add_worksheet(title)
        said = f"{title} — commission du {self.found.request.on:%d/%m/%Y} — ordre de présentation suggéré"
        page.write_string(
            0, 0, f"{said} ; {hint or 'la commission décide'}", self.format(bold=True, font_size=13)
        )
        page.write_string(1, 0, banner(self.found), self.format(italic=True, font_color="#9C0006"))
        page.set_row(HEAD_ROW, 48)
        for place, (name, width, filled) in enumerate(headers):
            color = (
                {"bg_color": _FILLED, "font_color": "#1F1F1F"}
                if filled
                else {"bg_color": _DARK, "font_color": "#FFFFFF"}
            )
            look = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
            page.set_column(place, place, width)
            page.write_string(HEAD_ROW, place, name, self.format(**look, **color))
        page.freeze_panes(HEAD_ROW + 1, min(3, len(headers)))
        page.set_landscape()
        page.set_paper(9)
        page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        page.repeat_rows(HEAD_ROW)
        page.repeat_columns(0, 2 if len(headers) > 14 else 0)
        page.print_across()
        page.set_footer("&L" + banner(self.found) + "&RPage &P sur &N")
        page.fit_to_pages(1 if len(headers) <= 14 else 2, 0)
        return page

    def cell(self, page: Worksheet, line: int, place: int, value: Cell, kind: Kind) -> None:
        look = {
            "num_format": _NUMBERS[kind],
            "text_wrap": kind == "wrap",
            "border": 1,
            "border_color": "#BFBFBF",
        }
        if value is None or value == "":
            page.write_blank(line, place, None, self.format(**look))
        elif isinstance(value, str):
            page.write_string(line, place, plain_text(value), self.format(**look))
        elif isinstance(value, date):
            page.write_datetime(line, place, value, self.format(**look))
        else:
            page.write_number(line, place, value, self.format(**look))

    def table(self, table: Table, hint: str = "") -> None:
        headers = [(one.title, float(one.width), False) for one in table.columns]
        page = self.page(table.title, headers, hint=hint)
        for line, row in enumerate(table.rows, start=HEAD_ROW + 1):
            page.set_row(line, _height(row, [column.width for column in table.columns]))
            for place, (value, column) in enumerate(zip(row, table.columns, strict=True)):
                self.cell(page, line, place, value, column.kind)
        if table.rows:
            page.autofilter(HEAD_ROW, 0, HEAD_ROW + len(table.rows), len(table.columns) - 1)
        else:
            page.write_string(HEAD_ROW + 1, 0, "aucune ligne", self.format(italic=True))

    def decision(self, people: Table) -> None:
        """Write the sheet of decisions: who is presented, and cells that people alone fill."""
        page = self.page(
            DECISION.title, [_header(one) for one in DECISION.headings], hint="rien n'est prérempli"
        )
        known = [people.column(title) for title in (DWELLING, RANK, DEMAND)]
        last = HEAD_ROW + max(len(people.rows), 1)
        for line, row in enumerate(zip(*known, strict=True), start=HEAD_ROW + 1):
            for place, value in enumerate(row):
                self.cell(page, line, place, value, "integer" if place == 1 else "text")
            for place, heading in enumerate(DECISION.headings[3:], start=3):
                page.write_blank(line, place, None, self.format(**_filled(heading)))
        for place, heading in enumerate(DECISION.headings[3:], start=3):
            _validate(page, place, heading, last)

    def presence(self) -> None:
        """Write the empty sheet of who is there and of the votes, by function."""
        headers = [
            ("Fonction", 40.0, False),
            *((name, 16.0, True) for name in ("Présence", "Voix pour", "Voix contre", "Abstention")),
        ]
        page = self.page(
            "Présence et voix", [*headers, ("Observations", 50.0, True)], hint="par fonction, jamais par nom"
        )
        for line, word in enumerate(FUNCTIONS.shown, start=HEAD_ROW + 1):
            self.cell(page, line, 0, word, "text")
            for place in range(1, 6):
                page.write_blank(line, place, None, self.format(border=1, bg_color=_FILLED))
        end = HEAD_ROW + len(FUNCTIONS.shown)
        page.data_validation(HEAD_ROW + 1, 1, end, 1, {"validate": "list", "source": ["oui", "non"]})

    def method(self, lines: Sequence[tuple[str, Cell]]) -> None:
        page = self.page("Méthode", [("Élément", 40.0, False), ("Valeur", 110.0, False)])
        for line, (name, value) in enumerate(lines, start=HEAD_ROW + 1):
            page.set_row(line, _height((name, value), (40, 110)))
            self.cell(page, line, 0, name, "wrap")
            self.cell(
                page,
                line,
                1,
                value,
                "date" if isinstance(value, date) else "integer" if isinstance(value, int) else "wrap",
            )

    def history(self, past: Sequence[Decided]) -> None:
        """Write the decisions of the sittings before: they are not changed, answers and signatures come."""
        page = self.page(
            HISTORY.title,
            [_header(one) for one in _PAST],
            hint="réponses et signatures s'y ajoutent",
        )
        for line, (one, digest) in enumerate(zip(past, chained(past), strict=True), start=HEAD_ROW + 1):
            for place, (heading, value) in enumerate(zip(_PAST, _past_cells(one, digest), strict=True)):
                self.cell(page, line, place, value, _KINDS.get(heading.kind, "text"))
        for place, heading in enumerate(_PAST):
            if heading.column in _LATER:
                _validate(page, place, heading, HEAD_ROW + len(past))

    def lists(self) -> None:
        """Write the closed lists that the drop-downs read."""
        page = self.book.add_worksheet(LISTS)
        for place, (title, words) in enumerate(_LISTED.items()):
            page.set_column(place, place, 60)
            page.write_string(0, place, title, self.format(bold=True))
            for line, word in enumerate(words.shown, start=1):
                page.write_string(line, place, word, self.format())
        page.hide()

    def trace(self, found: Suggestion) -> None:
        """Write what the program alone reads back, of this sitting and of those before."""
        page = self.book.add_worksheet(TRACE.title)
        past = {(one.held_on, one.dwelling_id, one.demand_id): _kept(one) for one in found.request.past}
        for place, heading in enumerate(TRACE.headings):
            page.write_string(HEAD_ROW, place, heading.title, self.format(bold=True))
        for line, row in enumerate(cells({**past, **kept(found)}), start=HEAD_ROW + 1):
            for place, (heading, value) in enumerate(zip(TRACE.headings, row, strict=True)):
                self.cell(page, line, place, value, _KINDS.get(heading.kind, "text"))
        page.very_hidden()


_KINDS: dict[str, Kind] = {"integer": "integer", "date": "date"}
_PAST = tuple(one for one in HISTORY.headings if one.column not in ("rows", "served"))
"""Columns of the past as people read it; the lines in which a lease counts are on the sheet of the trace."""

_LATER = ("answer", "answered_on", "signed_on")
_LISTED = {
    "Décision": CODED["decision"],
    "Motif légal": MOTIVES,
    "Décidé par (fonction)": FUNCTIONS,
    "Réponse du demandeur": ANSWERS,
}


def _header(heading: Heading) -> tuple[str, float, bool]:
    width = {"dwelling_id": 16, "demand_id": 20, "suggested": 9, "rank": 9}.get(
        heading.column, 13 if heading.kind == "date" else 28
    )
    filled = heading.column not in (
        "dwelling_id",
        "demand_id",
        "suggested",
        "held_on",
        "rpms",
        "rows",
        "served",
        "digest",
        "after",
        "available_on",
    )
    return heading.title, width, filled


def _filled(heading: Heading) -> dict[str, Any]:
    number = {"date": "dd/mm/yyyy", "integer": "0"}.get(heading.kind, "@")
    return {
        "border": 1,
        "border_color": "#BFBFBF",
        "bg_color": _FILLED,
        "text_wrap": True,
        "num_format": number,
    }


def _validate(page: Worksheet, place: int, heading: Heading, last: int) -> None:
    """Offer the closed list of a column, and say what each cell expects; nothing is chosen beforehand."""
    rule: dict[str, Any] = {"validate": "any"}
    if heading.column in CODED:
        listed = list(_LISTED.values()).index(CODED[heading.column])
        column, many = chr(ord("A") + listed), len(CODED[heading.column].shown)
        rule = {"validate": "list", "source": f"={LISTS}!${column}$2:${column}${many + 1}"}
    elif heading.kind == "date":
        rule = {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
    elif heading.kind == "integer":
        rule = {"validate": "integer", "criteria": ">=", "value": 1}
    told = f"{heading.help[0].upper()}{heading.help[1:]} ({FORMATS[heading.kind]})."
    rule |= {"input_title": heading.title[:32], "input_message": told[:_MOST_SAID], "ignore_blank": True}
    page.data_validation(HEAD_ROW + 1, place, last, place, rule)


def _past_cells(one: Decided, digest: str) -> tuple[Cell, ...]:
    motive, other = (*(MOTIVES.word(code) for code in one.motives), "", "")[:2]
    return (
        *(one.held_on, one.dwelling_id, one.suggested or None, one.demand_id),
        *(CODED["decision"].word(one.decision), one.rank or None, one.condition, one.document, motive, other),
        *(one.measure, one.remarks, FUNCTIONS.word(one.by)),
        *(ANSWERS.word(one.answer), one.answered_on, one.signed_on),
        *("oui" if one.rpms else "non", one.available_on, digest, after(one, digest)),
    )


def _kept(one: Decided) -> Kept:
    return Kept(one.suggested, one.available_on, one.rpms, one.rows, one.served)


def _height(row: Sequence[Cell], widths: Sequence[float]) -> float:
    """Return the height of a row whose cells wrap, in points."""
    lines = (
        -(-len(str(cell)) // max(int(width) - 2, 4)) for cell, width in zip(row, widths, strict=True) if cell
    )
    return _PER_LINE * max(lines, default=1)
