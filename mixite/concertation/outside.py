"""How is the workbook of the CIL, or of the public, written? Tables to read, nothing to fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from mixite.concertation.page import HEADER, Styles, cell, head, written
from mixite.concertation.phrases import CAPACITY, SEGMENT, banner
from mixite.concertation.workbook import FORMS, method
from mixite.diffusion import FEWEST
from sim.rules.peuplement import VOCABULARY, forms
from sim.rules.peuplement.partners import PARTNERS, TYPES

if TYPE_CHECKING:
    from xlsxwriter import Workbook

    from mixite.concertation.diffusion import Published

MASKED = "n. c."
MASKED_SAID = (
    f"« {MASKED} » : non communiqué, résidence ou base de moins de {FEWEST} ménages, ou indicateur absent."
)

CIL_COLUMNS: Mapping[str, str] = {
    **{
        name: forms.RESIDENCE_COLUMNS[name]
        for name in ("residence_id", "name", "bailleur", "commune", "commune_name", "dwellings", "households")
    },
    "segment": forms.RESIDENCE_COLUMNS["segment"],
    "score_class": "Classe du score",
    "type_before": forms.RESIDENCE_COLUMNS["before"],
    "type": forms.RESIDENCE_COLUMNS["kept"],
    "target": forms.RESIDENCE_COLUMNS["target"],
    "capacity": forms.RESIDENCE_COLUMNS["capacity"],
    "active": forms.RESIDENCE_COLUMNS["active"],
    "signed_on": "Type signé le",
    "ends_on": "Prend fin le",
    **{f"appraisals_{name}": f"Appréciations, {label}" for name, label in PARTNERS.items()},
    **{each.name: f"{each.label_fr} ({each.unit})" for each in VOCABULARY},
}

PUBLIC_COLUMNS: Mapping[str, str] = {
    "commune": "Commune (INSEE)",
    "commune_name": "Commune",
    "view": "Vue",
    "type": "Type",
    "residences": "Résidences",
}

PUBLIC_SAID = (
    f"Résidences d'au moins {FEWEST} ménages ; les plus petites sont comptées quand celles de leur commune, "
    f"de leur type actuel et de leur type cible réunissent au moins {FEWEST} ménages, et dans aucun total "
    "sinon. « — » : aucune, ou non comptée."
)


def outside_workbook(told: Published) -> bytes:
    """Return the workbook of the level `cil` or `public`."""
    title = f"Qualification, {told.about['territory']['name']}"
    return written(lambda book, style: _fill(book, style, told), title, date.fromisoformat(told.about["on"]))


def _fill(book: Workbook, style: Styles, told: Published) -> None:
    if told.level == "public":
        name, columns, said = "Peuplement par commune", PUBLIC_COLUMNS, PUBLIC_SAID
        rows: Sequence[Mapping[str, Any]] = [{**row, "type": TYPES[row["type"]]} for row in told.communes]
    else:
        name, columns, said = forms.RESIDENCES, CIL_COLUMNS, MASKED_SAID
        rows = [_cil_cells(row) for row in told.residences]
    sheet = book.add_worksheet(name)
    head(sheet, style, name, banner(told), said, list(columns.values()))
    for line, row in enumerate(rows, start=HEADER + 1):
        for place, column in enumerate(columns):
            value = row[column]
            form = "day" if isinstance(value, date) else FORMS.get(column, "text")
            cell(sheet, line, place, value, style, form)
    sheet.set_column(0, len(columns) - 1, 16)
    sheet.protect("")
    method(book.add_worksheet(forms.METHOD), style, told)


def _cil_cells(row: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("signed_on", "ends_on")}
    return {
        **row,
        **{name: TYPES.get(row[name], "") for name in ("score_class", "type_before", "type", "target")},
        "segment": SEGMENT.get(row["segment"], ""),
        "capacity": CAPACITY.get(row["capacity"], ""),
        "households": MASKED if row["households"] is None else row["households"],
        **days,
        **{f"appraisals_{name}": count for name, count in row["appraisals"].items()},
        **{
            name: MASKED if figure["value"] is None else figure["value"]
            for name, figure in row["indicators"].items()
        },
    }
