"""What does the commission read of each dwelling to let, and how many better scored are not presented?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mixite.desk.dossier.table import TO_VERIFY, Cell, Column, Table, table
from mixite.desk.dossier.titles import DWELLING, IN_RPMS
from mixite.desk.suggesting import Suggestion
from mixite.desk.told import SHORT, short_reason
from mixite.desk.workbook.headings import LOGEMENTS
from mixite.desk.workbook.words import MODES, RESERVATAIRES
from sim.territory.columns import FINANCINGS
from sim.territory.columns import RESERVATAIRES as HOLDERS

PRESENTED, BETTER = "Présentées", "Mieux cotées non présentées"


def dwellings(found: Suggestion) -> Table:
    """Return the table of the dwellings, in the order of the sitting."""
    territory, sitting = found.today.world.territory, found.sitting
    stock, residences = territory.dwellings, territory.residences
    vacant, rows = found.request.known.vacant, sitting.dwelling
    home = stock.residence[rows]
    commune = residences.commune[home]
    written = found.request.written.get(LOGEMENTS.title, {})

    def cell(column: str) -> list[Cell]:
        cells = written.get(LOGEMENTS.title_of(column))
        return [None if cells is None else cells[row] or None for row in rows.tolist()]

    def euros(values: Sequence[float]) -> list[Cell]:
        return [value if np.isfinite(value) else None for value in values]

    def yes(values: Sequence[bool]) -> list[Cell]:
        return ["oui" if value else "non" for value in values]

    return table(
        "Logements",
        [
            (Column(DWELLING, width=16), [str(name) for name in stock.dwelling_id[rows]]),
            (Column("Adresse", "wrap", 26), cell("address")),
            (Column("Résidence", "wrap", 18), [str(name) for name in residences.residence_id[home]]),
            (
                Column("Commune", width=18),
                [_commune(territory.commune_names, territory.communes, at) for at in commune.tolist()],
            ),
            (
                Column("Bailleur", width=14),
                [territory.bailleurs[at] for at in residences.bailleur[home].tolist()],
            ),
            (Column("Typologie", width=9), [f"T{rooms}" for rooms in stock.rooms[rows].tolist()]),
            (Column("Surface, m²", "decimal", 9, TO_VERIFY), euros(stock.surface_m2[rows].tolist())),
            (Column("Étage", width=6), cell("floor")),
            (Column("Accessible", width=10), yes(stock.accessible[rows].tolist())),
            (Column("Financement", width=13), [FINANCINGS[at] for at in stock.financing[rows].tolist()]),
            (Column("Loyer", "euro", 10, TO_VERIFY), euros(stock.rent_eur[rows].tolist())),
            (Column("Charges", "euro", 10, TO_VERIFY), euros(stock.charges_eur[rows].tolist())),
            (Column("Chauffage", width=10), cell("heating_eur")),
            (Column("Disponible le", "date", 12), [one.available_on for one in vacant]),
            (
                Column("Réservataire", width=18),
                [RESERVATAIRES.word(HOLDERS[one.reservataire]) for one in vacant],
            ),
            (Column("Mode de désignation", width=18), [MODES.word(one.mode) for one in vacant]),
            (Column("Tour", width=6), cell("round")),
            (Column("QPV", width=6), yes(residences.in_qpv[home].tolist())),
            (Column(IN_RPMS, width=6), yes(residences.is_rpms[home].tolist())),
            (Column("Demandes éligibles", "integer", 10), [len(pool) for pool in sitting.pools]),
            (Column(PRESENTED, "integer", 10), (found.shortlist.rows >= 0).sum(axis=1).tolist()),
            (
                Column("Liste courte", "wrap", 24),
                [SHORT[short_reason(found, at)] for at in range(len(sitting))],
            ),
            (Column(BETTER, "integer", 12), list(found.passed)),
        ],
    )


def _commune(names: Sequence[str], codes: Sequence[str], at: int) -> str:
    return names[at] if at < len(names) and names[at] else codes[at]
