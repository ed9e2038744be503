"""A workbook of a sitting in which many households are owed a dwelling: what `desk.py` measures last.

Every candidate may fit several dwellings, incomes and files are often missing, one in three has priority, and
some 5 % are under DALO, few dwellings for many: nearly every reason is a legal row's. Data of synthesis.
"""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter

HOMES = (
    *(
        "Référence logement",
        "Résidence",
        "Commune (INSEE)",
        "Typologie",
        "Surface",
        "Accessible",
        "Financement",
    ),
    *("Loyer", "Charges", "Disponible le", "Réservataire", "QPV"),
)
PEOPLE = (
    *("Numéro unique", "Date de dépôt", "Adultes", "Enfants", "Ressources mensuelles", "RFR", "Communes"),
    *("Typologie min", "Typologie max", "Points", "Besoin PMR", "Prioritaire L.441-1", "DALO reconnu le"),
    "Vivier réservataire",
)
SIZES = {1: ("T1", "T2"), 2: ("T2", "T3"), 3: ("T3", "T3"), 4: ("T3", "T4"), 5: ("T4", "T5")}
HOLDERS = ("Non réservé", "Collectivité", "Action Logement")
ON = date(2026, 2, 2)


def workbook(path: Path, candidates: int, dwellings: int, due: float, seed: int = 0) -> Path:
    """Write the workbook: the same for the same numbers."""
    draw = np.random.default_rng(seed)

    def one_of(values: Any) -> Any:
        return values[int(draw.integers(len(values)))]

    homes: list[list[Any]] = [list(HOMES)]
    for at in range(dwellings):
        commune, qpv = ("59350", "59512")[at % 2], ("oui", "non")[at % 8 // 4]
        size = one_of(("T2", "T3", "T4"))
        home = [f"H{at:02}", f"RES{at % 8}", commune, size, 70, "non", "PLUS", 405, 70, date(2026, 3, 1)]
        homes.append([*home, one_of(HOLDERS), qpv])
    people: list[list[Any]] = [list(PEOPLE)]
    for at in range(candidates):
        adults, children = one_of((1, 1, 2, 2)), one_of((0, 0, 1, 2, 3))
        filed = date(int(draw.integers(2015, 2026)), int(draw.integers(1, 13)), int(draw.integers(1, 29)))
        income = (int(draw.integers(500, 3500)), None)[int(draw.integers(2))]
        taxed = (int(draw.integers(3000, 40000)), None)[int(draw.integers(2))]
        recognised = date(2025, 10, 20) if draw.random() < due else None
        people.append(
            [
                *(f"0590000000{at:08}", filed, adults, children, income, taxed),
                *(one_of(("59350", "59512", "59350;59512")), *SIZES[adults + children]),
                *(int(draw.integers(10, 200)), "non", one_of(("oui", "non", "non")), recognised),
                one_of((None, *HOLDERS[1:])),
            ]
        )
    sheets = {
        "Logements": homes,
        "Candidatures": people,
        "Objectifs": [
            ["Public à accueillir", "Plancher", "Publié dans", "Publié le", "Périmètre"],
            ["Premier quartile", "30 %", "CIA de l'exemple", "2024-06-01", "EPCI de l'exemple"],
        ],
        "Méthode": [
            ["Réglage", "Valeur"],
            *(["Date de la séance", ON], ["Seuil du premier quartile", 9600], ["Données de synthèse", "oui"]),
        ],
    }
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for line, row in enumerate(rows):
                page.write_row(line, 0, ["" if cell is None else cell for cell in row])
    path.write_bytes(held.getvalue())
    return path
