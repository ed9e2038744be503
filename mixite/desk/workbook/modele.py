"""What does the empty workbook look like, that an officer fills before a commission?

Its sheets, headers, drop-downs and messages, and the sheet « Aide », all follow the one description of the
headings. Columns that a program would spoil (numéro unique, code INSEE) are in the Text format.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite.desk.workbook.heading import EXAMPLE, FORMATS, Heading, Kind, Sheet
from mixite.desk.workbook.headings import CANDIDATURES, LOGEMENTS, METHODE, SHEETS
from sim.territory.files.faults import Fault, FaultsFound

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LINES = 2000
"""Lines of a sheet that carry formats and drop-downs."""

OTHER_LINES = 200
"""The same of the optional sheets."""

_REQUIRED, _OPTIONAL, _FOR_GRID = "#1F4E79", "#BDD7EE", "#D9D9D9"
_WIDTHS: Mapping[Kind, int] = {
    "free": 24,
    "communes": 18,
    "choice": 19,
    "choices": 24,
    "date": 12,
    "text": 20,
}
_NUMBERS: Mapping[Kind, str] = {
    "date": "dd/mm/yyyy",
    "text": "@",
    "commune": "@",
    "communes": "@",
    "share": "0 %",
}
LINE_POINTS = 15.0
_CENTERED = frozenset(("flag", "rooms", "date", "integer", "ages"))
_MOST_LISTED = 255
"""Characters of a drop-down written in its cell (Excel)."""


def write(path: Path) -> None:
    """Write the empty workbook to a file that does not exist yet.

    Raises
    ------
    FaultsFound
        when the file exists, or cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise FaultsFound([Fault("--out", "un nom en .xlsx est attendu", "commission.xlsx", value=str(path))])
    try:
        with path.open("xb") as stream:
            stream.write(content())
    except FileExistsError:
        mend = "donner un autre nom par --out, ou déplacer ce fichier"
        message = "ce fichier existe déjà, il n'est pas remplacé"
        raise FaultsFound([Fault("--out", message, mend, value=str(path))]) from None
    except OSError as error:
        message = f"écriture impossible : {error.strerror}"
        raise FaultsFound([Fault("--out", message, "choisir un autre dossier", value=str(path))]) from None


def content() -> bytes:
    """Return the empty workbook."""
    import xlsxwriter

    held = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(held, options) as book:
        formats = _Formats(book)
        for sheet in SHEETS:
            _table(book, sheet, formats)
        _settings(book, formats)
        _help(book, formats)
    return held.getvalue()


class _Formats:
    """The formats of a workbook, made once each."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[str, Format] = {}

    def of(self, **properties: Any) -> Format:
        key = repr(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"font_name": "Calibri", "font_size": 11, **properties})
        return self.made[key]

    def header(self, heading: Heading) -> Format:
        fill = _FOR_GRID if heading.for_grid else _REQUIRED if heading.required else _OPTIONAL
        color = "#FFFFFF" if heading.required else "#1F1F1F"
        look = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
        return self.of(bg_color=fill, font_color=color, border_color="#7F7F7F", **look)

    def cell(self, heading: Heading, **more: Any) -> Format:
        centered = {"align": "center"} if heading.kind in _CENTERED else {}
        number = _NUMBERS.get(heading.kind, "General")
        return self.of(**{"num_format": number, "valign": "top", **centered, **more})


def _table(book: Workbook, sheet: Sheet, formats: _Formats) -> None:
    page = book.add_worksheet(sheet.title)
    page.set_row(0, 48)
    page.freeze_panes(1, 1)
    last = LINES if sheet.required else OTHER_LINES
    for place, heading in enumerate(sheet.headings):
        folded = {"level": 1} if heading.for_grid else {}
        page.set_column(place, place, _width(heading), formats.cell(heading), folded)
        page.write_string(0, place, heading.title, formats.header(heading))
        _validate(page, place, heading, last)
        for line, example in enumerate(heading.examples if sheet.required else (), start=1):
            _example(page, line, place, example, formats.cell(heading, italic=True, font_color="#7F7F7F"))
    page.set_tab_color(_REQUIRED if sheet.required else _OPTIONAL)
    _print_setup(page, sheet)


def _print_setup(page: Worksheet, sheet: Sheet) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.repeat_rows(0)
    page.repeat_columns(0)
    page.set_header(f"&L{sheet.title}&R&D")
    page.set_footer("&CPage &P sur &N")
    if len(sheet.headings) <= 12:
        page.fit_to_pages(1, 0)
    else:
        page.set_print_scale(70)
        page.print_across()


def _width(heading: Heading) -> int:
    longest = max(len(word) for word in heading.title.split())
    return max(_WIDTHS.get(heading.kind, 11), longest + 3, 16 if len(heading.title) > 18 else 0)


def _validate(page: Worksheet, place: int, heading: Heading, last: int) -> None:
    """Show what a cell expects, and refuse or question another thing."""
    told = {"input_title": heading.title[:32], "input_message": _message(heading), "ignore_blank": True}
    rule: dict[str, Any] = {"validate": "any"}
    if heading.kind == "flag":
        rule = {"validate": "list", "source": ["oui", "non"]}
    elif heading.kind == "rooms":
        rule = {"validate": "list", "source": [f"T{rooms}" for rooms in range(1, 10)]}
    elif heading.kind == "choice" and heading.words is not None:
        words = [heading.words.word(code) for code in _offered(heading)]
        if len(",".join(words)) <= _MOST_LISTED and not any("," in word for word in words):
            rule = {"validate": "list", "source": words}
    elif heading.kind == "date":
        rule = {"validate": "date", "criteria": ">=", "value": date(1950, 1, 1)}
    elif heading.kind in ("integer", "number") and heading.column != "floor":  # which may be RDC
        rule = {"validate": "decimal", "criteria": ">=", "value": 0}
    warned = {} if rule["validate"] == "any" else _warned(heading)
    page.data_validation(1, place, last, place, {**rule, **told, **warned})


def _offered(heading: Heading) -> list[str]:
    """Return the codes that a drop-down offers: those that are known and refused are not."""
    assert heading.words is not None
    refused = ("PLI", "LLI") if heading.column == "financing" else ()
    return [code for code, _ in heading.words.of if code not in refused]


def _warned(heading: Heading) -> dict[str, str]:
    said = f"Attendu : {FORMATS[heading.kind]}. La cellule serait signalée à la lecture."
    return {"error_type": "warning", "error_title": heading.title[:32], "error_message": said}


def _message(heading: Heading) -> str:
    need = "Requis. " if heading.required else ""
    text = f"{need}{heading.help[0].upper()}{heading.help[1:]} ({FORMATS[heading.kind]})."
    return text if len(text) <= _MOST_LISTED else text[: _MOST_LISTED - 1] + "…"


def _example(page: Worksheet, line: int, place: int, example: Any, look: Format) -> None:
    if example is None:
        page.write_blank(line, place, None, look)
    elif isinstance(example, str):
        page.write_string(line, place, example, look)
    elif isinstance(example, date):
        page.write_datetime(line, place, example, look)
    else:
        page.write_number(line, place, example, look)


def _settings(book: Workbook, formats: _Formats) -> None:
    page = book.add_worksheet(METHODE.title)
    page.set_column(0, 0, 32)
    page.set_column(1, 1, 30)
    page.set_column(2, 2, 90)
    head = formats.of(bold=True, bg_color=_OPTIONAL, border=1, border_color="#7F7F7F")
    for place, text in enumerate(("Réglage", "Valeur", "Ce que c'est")):
        page.write_string(0, place, text, head)
    for line, heading in enumerate(METHODE.headings, start=1):
        page.write_string(line, 0, heading.title, formats.of(bold=True, valign="top"))
        page.write_blank(line, 1, None, formats.cell(heading, border=1, border_color="#7F7F7F", align="left"))
        page.write_string(line, 2, _setting(heading), formats.of(text_wrap=True, valign="top"))
        page.set_row(line, _height([_setting(heading)], [90]))
        _validate_setting(page, line, heading)
    page.freeze_panes(1, 0)
    page.set_tab_color(_OPTIONAL)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _setting(heading: Heading) -> str:
    return f"{heading.help[0].upper()}{heading.help[1:]} ({FORMATS[heading.kind]}). Vide : {heading.without}."


def _validate_setting(page: Worksheet, line: int, heading: Heading) -> None:
    source = list(heading.words.shown) if heading.words else ["oui", "non"] if heading.kind == "flag" else []
    if source:
        page.data_validation(line, 1, line, 1, {"validate": "list", "source": source, **_warned(heading)})


def _help(book: Workbook, formats: _Formats) -> None:
    """Write the sheet that explains each column."""
    page = book.add_worksheet("Aide")
    widths = (15, 25, 11, 48, 34, 44, 44)
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    page.write_string(0, 0, "Préparer une commission", formats.of(bold=True, font_size=14))
    lines = _introduction()
    for line, text in enumerate(lines, start=1):
        page.write_string(line, 0, text, formats.of())
    top = len(lines) + 2
    head = formats.of(bold=True, bg_color=_REQUIRED, font_color="#FFFFFF", border=1, text_wrap=True)
    titles = ("Feuille", "Colonne", "Requise", "Ce qu'on y écrit", "Format", "Sans elle", "Aussi reconnue")
    for place, text in enumerate(titles):
        page.write_string(top, place, text, head)
    look = formats.of(text_wrap=True, valign="top", border=1, border_color="#BFBFBF")
    for line, cells in enumerate(help_lines(), start=top + 1):
        page.set_row(line, _height(cells, widths))
        for place, text in enumerate(cells):
            page.write_string(line, place, text, look)
    page.freeze_panes(top + 1, 2)
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(top)
    page.fit_to_pages(1, 0)
    page.set_footer("&CPage &P sur &N")


def _height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """Return the height of a row whose cells wrap, in points: a line holds about its width in characters."""
    lines = max(-(-len(text) // (width - 2)) for text, width in zip(texts, widths, strict=True))
    return LINE_POINTS * max(lines, 1)


def _introduction() -> tuple[str, ...]:
    needed = " et ".join(sheet.title for sheet in (LOGEMENTS, CANDIDATURES))
    return (
        f"Les feuilles {needed} sont requises ; les autres sont facultatives, chacune a son effet.",
        "Ordre des colonnes, accents et majuscules sont libres ; une colonne inconnue est ignorée et dite.",
        f"Une ligne dont la référence commence par {EXAMPLE} n'est pas lue.",
        "Ni nom, ni nationalité, ni sexe, ni santé : une telle colonne est écartée sans être lue.",
        "Le programme suggère un ordre de présentation et dit ses raisons ; la commission décide.",
        "Ensuite : mixite suggest commission.xlsx --out seance.xlsx --pdf dossier.pdf",
    )


def help_lines() -> list[tuple[str, ...]]:
    """Return the lines of « Aide »: sheet, header, whether required, help, format, cost, synonyms."""
    return [
        (
            sheet.title,
            heading.title,
            "oui" if heading.required else "pour la grille" if heading.for_grid else "non",
            heading.help,
            _expected(heading),
            heading.without,
            ", ".join(heading.also),
        )
        for sheet in (*SHEETS, METHODE)
        for heading in sheet.headings
    ]


def _expected(heading: Heading) -> str:
    if heading.words is None:
        return FORMATS[heading.kind]
    return f"{FORMATS[heading.kind]} : " + " ; ".join(heading.words.word(code) for code in _offered(heading))
