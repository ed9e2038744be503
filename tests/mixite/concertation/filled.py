"""Fill a workbook as a person would, with another program: values kept, formulas and looks gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

TOY = Path(__file__).parents[3] / "scenarios" / "territories" / "jouet"
TUTORIAL = Path("scenarios/territories/tutoriel.toml")

APPRAISAL = {
    "Référence résidence": "R0001",
    "Partenaire": "Commune",
    "Constat": "Bâti : désordres du bâti constatés",
    "Période": "2023",
    "Source": "visite sur place",
    "Capacité d'accueil": "à reconstituer",
    "Date": date(2024, 2, 1),
    "Remarque": "=Infiltrations au pignon nord",
}
PROPOSAL = {
    "Référence résidence": "R0001",
    "Type proposé": "à conforter",
    "Motif": "travaux ou réhabilitation",
    "Argument": "Chantier de deux ans",
    "Proposée le": date(2024, 2, 1),
}
SIGNATURES = {
    "Bailleur signataire": "A",
    "Fonction (bailleur)": "direction générale",
    "Signée le (bailleur)": date(2024, 2, 10),
    "Fonction (EPCI)": "vice-présidence déléguée à l'habitat",
    "Signée le (EPCI)": date(2024, 2, 12),
}


def fill(
    source: Path,
    to: Path,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    change: Mapping[tuple[str, str, str], Any] | None = None,
    more: Sequence[str] = (),
    less: Sequence[str] = (),
) -> None:
    """Copy a workbook's values to another file, with lines more.

    Parameters
    ----------
    rows : sheet -> lines by header, added under those that are there
    change : (sheet, first cell of the line, header) -> value to put there
    more, less : sheets of the person's own, and sheets removed
    """
    book = CalamineWorkbook.from_path(source)
    with xlsxwriter.Workbook(to, {"strings_to_formulas": False, "strings_to_urls": False}) as copy:
        day = copy.add_format({"num_format": "dd/mm/yyyy"})
        for name in (each for each in book.sheet_names if each not in less):
            cells = [list(line) for line in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
            header = next((line for line in cells if line[:1] == ["Référence résidence"]), None)
            if header is not None:
                while cells and not cells[-1][0]:
                    cells.pop()
                for (sheet, first, label), value in (change or {}).items():
                    if sheet == name:
                        (line,) = (line for line in cells if line[0] == first)
                        line[header.index(label)] = value
                for row in rows.get(name, ()):
                    assert set(row) <= set(header), set(row) - set(header)
                    cells.append([row.get(label, "") for label in header])
            sheet = copy.add_worksheet(name)
            for number, line in enumerate(cells):
                for place, value in enumerate(line):
                    if isinstance(value, date):
                        sheet.write_datetime(number, place, datetime(value.year, value.month, value.day), day)
                    elif isinstance(value, str):
                        sheet.write_string(number, place, value)
                    else:
                        sheet.write(number, place, value)
        for name in more:
            copy.add_worksheet(name).write_string(0, 0, "à moi")


def lines(path: Path, sheet: str) -> list[dict[str, Any]]:
    """Return the lines of a sheet by header."""
    cells = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    start = next(number for number, line in enumerate(cells) if line[0] == "Référence résidence")
    return [dict(zip(cells[start], line, strict=True)) for line in cells[start + 1 :] if line[0]]
