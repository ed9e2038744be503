"""The toy of three residences as an officer would type it into a workbook, and how a test fills one."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import xlsxwriter

Sheets = Mapping[str, list[list[Any]]]

TOY: dict[str, list[list[Any]]] = {
    "Logements": [
        [
            *("Référence logement", "Résidence", "Commune (INSEE)", "Typologie", "Surface", "Accessible"),
            *(
                "Financement",
                "Loyer",
                "Charges",
                "Disponible le",
                "Réservataire",
                "Mode de désignation",
                "QPV",
            ),
        ],
        [
            *("L3", "R1", "59350", "T3", 60, "non", "PLUS", 400, 80, date(2026, 2, 1)),
            *("Collectivité", "Vivier du réservataire", "non"),
        ],
        [
            *("L6", "R2", "59512", "T2", 45, "oui", "PLUS", 250, 60, date(2026, 2, 1)),
            *("Non réservé", "Bailleur", "oui"),
        ],
        [
            *("L9", "R3", "59350", "T1", 30, "oui", "PLAI", 200, 40, date(2026, 2, 1)),
            *("État", "Vivier du réservataire", "non"),
        ],
    ],
    "Candidatures": [
        [
            *("Numéro unique", "Date de dépôt", "Adultes", "Enfants", "Âges des adultes", "Âges des enfants"),
            *("Ressources mensuelles", "RFR", "Communes", "Typologie min", "Typologie max", "Besoin PMR"),
            *(
                "Vivier réservataire",
                "DALO reconnu le",
                "Logement actuel",
                "Motif",
                "Situation professionnelle",
            ),
        ],
        [
            *("D01", date(2024, 1, 1), 1, 0, 24, None, 600, 5000, "59350;59512", "T1", "T2", "non"),
            *(None, None, "Hôtel", "01", "CHO"),
        ],
        [
            *("D02", date(2022, 1, 1), 1, 0, 35, None, 1400, 15000, "59350", "T1", "T2", "non"),
            *("Action Logement", None, "Locataire du parc privé", "Logement trop cher", "CDI"),
        ],
        [
            *("D03", date(2023, 7, 1), 2, 2, "30;29", "6;4", 1260, 9000, "59512;59350", "T3", "T4", "non"),
            *("Collectivité", None, "LP", "13", "CHO"),
        ],
        [
            *("D04", date(2021, 1, 1), 2, 1, "37;36", 7, 2340, 25000, "59350", "T3", "T3", "non"),
            *("Action Logement", None, "LP", "13", "CDI"),
        ],
        [
            *("D05", date(2025, 1, 1), 1, 1, 32, 3, 910, 8000, "59512", "T2", "T3", "non"),
            *(None, None, "LP", "11", "CDD"),
        ],
        [
            *("D06", date(2020, 7, 1), 1, 0, 68, None, 1100, 12500, "59350;59512", "T1", "T2", "oui"),
            *(None, None, "LP", "07", "RET"),
        ],
        [
            *("D07", date(2024, 7, 1), 1, 2, 41, "12;10", 800, 6000, "59350;59512", "T2", "T4", "non"),
            *("État", date(2025, 9, 15), "Hôtel", "06", "AUT"),
        ],
        [
            *("D08", date(2025, 7, 1), 2, 0, "26;25", None, 2700, 27000, "59350", "T2", "T3", "non"),
            *(None, None, "CP", "14", "CDI"),
        ],
        [
            *("D09", date(2019, 1, 1), 1, 0, 55, None, 750, 6500, "59512", "T1", "T2", "non"),
            *(None, None, "LP", "09", "CHO"),
        ],
        [
            *("D10", date(2023, 1, 1), 2, 1, "33;31", 2, 1800, 19500, "59512;59350", "T3", "T3", "non"),
            *("Collectivité", None, "HLM", "13", "CDI"),
        ],
    ],
    "Méthode": [
        ["Réglage", "Valeur"],
        ["Date de la séance", date(2026, 2, 2)],
        ["Seuil du premier quartile", 9600],
        ["Données de synthèse", "oui"],
    ],
}


def written(sheets: Sheets) -> bytes:
    """Write a workbook as a person fills it: texts, numbers, dates, True or None."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(2026, 1, 30, 9)})  # the same bytes at any second
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(line, place, cell, day)
                    elif isinstance(cell, str):
                        page.write_string(line, place, cell)
                    elif cell is not None:
                        page.write(line, place, cell)
    return held.getvalue()


def toy(**changes: list[list[Any]]) -> dict[str, list[list[Any]]]:
    """Return the toy's sheets, some of them other."""
    return {**{title: [list(row) for row in rows] for title, rows in TOY.items()}, **changes}


def with_cell(sheet: str, row: int, header: str, value: Any) -> dict[str, list[list[Any]]]:
    """Return the toy with one other cell, the row as a spreadsheet shows it."""
    sheets = toy()
    sheets[sheet][row - 1][sheets[sheet][0].index(header)] = value
    return sheets


def with_column(sheet: str, header: str, *values: Any) -> dict[str, list[list[Any]]]:
    """Return the toy with one more column; the last value is repeated."""
    sheets = toy()
    for at, row in enumerate(sheets[sheet]):
        row.append(header if at == 0 else values[min(at, len(values)) - 1])
    return sheets
