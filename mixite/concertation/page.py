"""How does a sheet of the workbook look: banner, frozen headers, closed lists, cells that nobody changes?

A text is always written as text: no cell of a partner becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sim.rules.peuplement import forms

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HEADER = 3
"""Index of the line of headers, under the title, the banner and what to do."""

BLANK_LINES = 500
"""Lines to fill under those already filled."""

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

ALLOWED = dict.fromkeys(("sort", "autofilter", "format_columns", "format_rows", "select_locked_cells"), True)
"""What a protected sheet lets people do."""


@dataclass(frozen=True)
class Styles:
    """Formats of a workbook, by name."""

    formats: Mapping[str, Format]

    def __getitem__(self, name: str) -> Format:
        return self.formats[name]


def written(fill: Callable[[Workbook, Styles], None], title: str, on: date) -> bytes:
    """Return a workbook as bytes, the same for the same content."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.set_properties({"title": title, "created": datetime(on.year, on.month, on.day)})
        fill(book, styles(book))
    return content.getvalue()


def styles(book: Workbook) -> Styles:
    """Return the formats of a workbook."""
    base = {"valign": "top", "text_wrap": True}
    fill = {**base, "bg_color": "#FBFEFC", "border": 1, "border_color": "#D5E5DC", "locked": False}
    day = {"num_format": "dd/mm/yyyy", "align": "left"}
    grey = {"font_color": "#666666", "bg_color": "#F1F1F1", "border": 1, "border_color": "#DDDDDD"}
    made: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 14},
        "banner": {**base, "italic": True, "font_color": "#7A4B00", "bg_color": "#FFF4D6"},
        "said": {"italic": True, "font_color": "#444444"},
        "header": {**base, "bold": True, "bg_color": "#D9E2EC", "border": 1},
        "entry_header": {**base, "bold": True, "bg_color": "#CDE8D9", "border": 1},
        "text": base,
        "plain": {"valign": "top"},
        "number": {**base, "num_format": "0.00"},
        "whole": {**base, "num_format": "0"},
        "share": {**base, "num_format": "0 %"},
        "day": {**base, **day},
        "small": {"valign": "top", "font_color": "#888888", "font_size": 8},
        "entry": fill,
        "entry_day": {**fill, **day},
        "computed": {**base, **grey},
    }
    return Styles({name: book.add_format(spec) for name, spec in made.items()})


def head(
    sheet: Worksheet,
    style: Styles,
    title: str,
    banner: str,
    said: str,
    labels: Sequence[str],
    entered: Sequence[bool] = (),
) -> None:
    """Write the title, the banner, what to do, and frozen headers."""
    titled(sheet, style, title, banner, min(len(labels), 7))
    sheet.write_string(2, 0, said, style["said"])
    for place, label in enumerate(labels):
        own = bool(entered) and entered[place]
        sheet.write_string(HEADER, place, label, style["entry_header" if own else "header"])
    sheet.set_row(HEADER, 45)
    sheet.freeze_panes(HEADER + 1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(HEADER)


def titled(sheet: Worksheet, style: Styles, title: str, banner: str, across: int) -> None:
    """Write the title, and the banner across some columns; printed, a sheet is one page wide."""
    sheet.write_string(0, 0, title, style["title"])
    if across > 1:
        sheet.merge_range(1, 0, 1, across - 1, "", style["banner"])
    sheet.write_string(1, 0, banner, style["banner"])
    sheet.set_row(1, 45)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def cell(sheet: Worksheet, line: int, place: int, value: Any, style: Styles, form: str = "text") -> None:
    """Write one cell; a day as a day, a text as a text, nothing where there is nothing."""
    if value is None or value == "":
        sheet.write_blank(line, place, None, style[form])
    elif isinstance(value, bool):
        sheet.write_string(line, place, "oui" if value else "non", style[form])
    elif isinstance(value, date):
        sheet.write_datetime(line, place, datetime(value.year, value.month, value.day), style[form])
    elif isinstance(value, int | float):
        if value == value:
            sheet.write_number(line, place, value, style[form])
    else:
        sheet.write_string(line, place, str(value), style[form])


def line_height(sheet: Worksheet, line: int, cells: Mapping[str, Any], widths: Mapping[str, int]) -> None:
    """Make a line as high as its longest text needs, in columns of given widths (characters)."""
    lines = 1
    for name, width in widths.items():
        texts = str(cells.get(name) or "").split("\n")
        lines = max(lines, sum(len(text) // width + 1 for text in texts))
    sheet.set_row(line, 15 * lines)


def one_of(sheet: Worksheet, place: int, lines: int, source: str, what: str) -> None:
    """Ask for one of a closed list in a column of entries."""
    rule = {
        "validate": "list",
        "source": source,
        "error_title": "Liste fermée",
        "error_message": f"Choisir {what} dans la liste.",
    }
    sheet.data_validation(HEADER + 1, place, HEADER + lines, place, rule)


def a_day(sheet: Worksheet, place: int, lines: int) -> None:
    """Ask for a day in a column of entries."""
    rule = {
        "validate": "date",
        "criteria": "between",
        "minimum": date(1990, 1, 1),
        "maximum": date(2099, 12, 31),
        "error_title": "Date",
        "error_message": "Écrire une date, par exemple 12/03/2026.",
    }
    sheet.data_validation(HEADER + 1, place, HEADER + lines, place, rule)


def a_remark(sheet: Worksheet, place: int, lines: int, most: int) -> None:
    """Ask for a short text in a column of entries."""
    rule = {
        "validate": "length",
        "criteria": "<=",
        "value": most,
        "input_title": "Remarque",
        "input_message": "Le bâti, un service, la gestion ; jamais une personne, ni qui habite là.",
        "error_title": "Trop long",
        "error_message": f"{most} caractères au plus.",
    }
    sheet.data_validation(HEADER + 1, place, HEADER + lines, place, rule)


class Lists:
    """The hidden sheet that holds the closed lists; each is named by where it stands."""

    def __init__(self, book: Workbook) -> None:
        self.sheet = book.add_worksheet(forms.LISTS)
        self.sheet.hide()
        self.count = 0

    def add(self, texts: Sequence[str]) -> str:
        """Write a list and return the range that holds it."""
        from xlsxwriter.utility import xl_col_to_name

        for line, text in enumerate(texts):
            self.sheet.write_string(line, self.count, text)
        column = xl_col_to_name(self.count)
        self.count += 1
        return f"={forms.LISTS}!${column}$1:${column}${max(len(texts), 1)}"
