"""What does the printed dossier of a sitting hold, one dwelling after the other?

Page 1 is a summary, with in red whoever is neutral or of a priority public and is overtaken by a line of the
strategy. The better scored demands that are not presented are counts, never names. Boxes are empty. It is
laid out by dossier.typ, with fonts of the library alone and no network.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from mixite.desk.dossier.candidates import EFFORT, REASONS, RESIDUAL, candidates
from mixite.desk.dossier.counts import BEFORE, IF_SIGNED, counters, overtaken
from mixite.desk.dossier.decided import FUNCTIONS, followed
from mixite.desk.dossier.dwellings import BETTER, PRESENTED, dwellings
from mixite.desk.dossier.labels import spoken
from mixite.desk.dossier.method import (
    CHECKED,
    DECIDES,
    FORGONE,
    INSTRUCTION_COPY,
    LIMITS,
    MOTIVES_COPY,
    POINTS,
    banner,
    forgone,
    grid_said,
)
from mixite.desk.dossier.saving import save
from mixite.desk.dossier.table import Cell, Column, Table
from mixite.desk.dossier.titles import DEMAND, DWELLING, RANK, ROW
from mixite.desk.suggesting import Suggestion
from mixite.report.numbers import number, percent
from mixite.report.words import POLICIES, day
from mixite.versions import code_version
from sim.rules.caleol import decisions

TEMPLATE = Path(__file__).with_name("dossier.typ")

SUGGESTED = "Ordre de présentation suggéré"

SHOWN = (
    (RANK, (RANK,)),
    ("Demande", (DEMAND, "Désignée par", "Déposée le")),
    ("Points", ("Points",)),
    ("Ménage", ("Personnes", "Tranches d'âge", "UC")),
    ("Demande et situation", ("Motif de la demande", "Situation actuelle", "Commune de travail")),
    ("Ressources", ("Ressources mensuelles", "RFR", "Plafond du logement")),
    ("Estimations", (EFFORT, RESIDUAL)),
    ("Priorité", ("Priorité", "Échéance DALO")),
    ("À examiner", ("Refus antérieurs", "Autres listes", "Pièces manquantes", "Alerte de taille")),
)
"""Columns of a dwelling's list, and what stands in each."""

UNDER = (REASONS, "Lignes de cotation")
"""What stands under the cells of a candidate, over the whole width."""

INDEX = (
    DWELLING,
    "Résidence",
    "Commune",
    "Typologie",
    "Réservataire",
    "Demandes éligibles",
    PRESENTED,
    BETTER,
)
"""Columns of the list of the sitting's dwellings."""

BARE = frozenset((RANK, DEMAND, "Points", "Tranches d'âge", "Priorité", "Motif de la demande"))
"""What needs no label inside its cell."""

NAMES = {
    RESIDUAL: "Reste à vivre",
    EFFORT: "Taux d'effort",
    "Ressources mensuelles": "Par mois",
    "Plafond du logement": "Plafond",
    "Situation actuelle": "Aujourd'hui",
    "Commune de travail": "Travail",
    "Échéance DALO": "Échéance",
    "Pièces manquantes": "Pièces",
    "Alerte de taille": "Taille",
}


def write(path: Path, found: Suggestion, *, instruction: bool = False) -> None:
    """Write the dossier to a file that does not exist yet.

    Raises
    ------
    FaultsFound
        when the file exists, or cannot be written.
    """
    save(path, content(found, instruction=instruction), "--pdf", ".pdf")


def content(found: Suggestion, *, instruction: bool = False) -> bytes:
    """Return the dossier as a PDF; the same suggestion gives the same bytes."""
    import typst

    made: bytes = typst.compile(
        str(TEMPLATE),
        sys_inputs={"data": json.dumps(data(found, instruction), ensure_ascii=False)},
        ignore_system_fonts=True,
        format="pdf",
    )
    return made


def data(found: Suggestion, instruction: bool) -> dict[str, Any]:
    """Return what the template lays out, every text ready to be read."""
    request = found.request
    homes, people, counts = dwellings(found), candidates(found, instruction), counters(found)
    each = [_dwelling(found, homes, people, counts, at) for at in range(len(homes.rows))]
    told = {
        "on": [request.on.year, request.on.month, request.on.day],
        "sitting": day(request.on.isoformat()),
        "bailleur": request.bailleur or ", ".join(request.territory.bailleurs),
        "epci": request.territory.epci,
        "banner": banner(found),
        "suggested": SUGGESTED,
        "decides": DECIDES,
        "copy": INSTRUCTION_COPY if instruction else MOTIVES_COPY,
        "summary": _summary(found, homes),
        "overtaken": _overtaken(found),
        "counters": {"header": [ROW, "Au moins", BEFORE, IF_SIGNED], "rows": _lines(counts)},
        "dwellings": each,
        "index": list(INDEX),
        "decisions": [one.label for one in decisions().values()],
        "functions": list(FUNCTIONS.shown),
        "notes": [said for said in dict.fromkeys(request.notes) if said != banner(found)],
        "limits": list(LIMITS),
    }
    digest = sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]
    return {**told, "digest": digest, "program": f"mixite {code_version()}"}


def _summary(found: Suggestion, homes: Table) -> list[tuple[str, str]]:
    request, sitting = found.request, found.sitting
    presented = len({one.demand for one in found.suggested})
    short = sum(1 for cell in homes.column("Liste courte") if cell)
    past = followed(request.past)
    return [
        ("Logements examinés", number(len(sitting))),
        ("Demandes présentées", number(presented)),
        ("Listes de moins de trois noms", number(short)),
        ("Demandes mieux cotées non présentées", number(sum(found.passed))),
        ("Politique suivie", POLICIES.get(request.policy, request.policy)),
        ("Points", POINTS.get(request.points) or grid_said(found)),
        (FORGONE, forgone(found)),
        ("Contrôle", CHECKED),
        *([("Séances passées", past)] if past else []),
    ]


def _overtaken(found: Suggestion) -> list[str]:
    """Say at which dwellings a line of the strategy passes before neutral or priority households."""
    names = found.today.world.territory.dwellings.dwelling_id
    counts = Counter((one.vacancy, one.rows, one.listed) for one in overtaken(found))
    stands = {False: "non présenté(s)", True: "présenté(s) après un autre"}
    return [
        f"{names[found.sitting.dwelling[vacancy]]} : {many} ménage(s) neutre(s) ou prioritaire(s), mieux "
        f"coté(s), {stands[listed]} du fait de {' et '.join(f'« {spoken(label)} »' for label in rows)}"
        for (vacancy, rows, listed), many in sorted(counts.items())
    ]


def _dwelling(found: Suggestion, homes: Table, people: Table, counts: Table, at: int) -> dict[str, Any]:
    row = dict(zip((one.title for one in homes.columns), homes.rows[at], strict=True))
    columns = {column.title: column for column in homes.columns}
    facts = [
        (column.title, _shown(cell, column))
        for column, cell in zip(homes.columns, homes.rows[at], strict=True)
        if cell is not None and column.title not in (DWELLING, BETTER)
    ]
    own = people.where(DWELLING, row[DWELLING])
    scope = found.sitting.rows.scope[:, at]
    better = int(row.get(BETTER) or 0)  # type: ignore[arg-type]
    return {
        "name": row[DWELLING],
        "place": at,
        "index": [_shown(row.get(title), columns[title]) if title in columns else "" for title in INDEX],
        "facts": facts,
        "better": better,
        "header": [title for title, _ in SHOWN if _has(own, title)],
        "candidates": [_candidate(own, place) for place in range(len(own.rows))],
        "demands": [
            f"{rank} — {name}" for rank, name in zip(own.column(RANK), own.column(DEMAND), strict=True)
        ],
        "counters": [_lines(counts)[line] for line in np.flatnonzero(scope).tolist()],
    }


def _has(own: Table, title: str) -> bool:
    return any(own.column(name) for name in dict(SHOWN)[title]) or not own.rows


def _candidate(own: Table, place: int) -> dict[str, Any]:
    """Return the cells of a candidate, each a few lines, and what stands under them."""
    columns = {one.title: (one, own.rows[place][at]) for at, one in enumerate(own.columns)}
    cells = []
    for title, names in SHOWN:
        if not _has(own, title):
            continue
        lines = []
        for name in names:
            column, cell = columns.get(name, (None, None))
            if column is not None and cell is not None and (column.kind != "integer" or cell):
                label = "" if name in BARE else f"{NAMES.get(name, name)} : "
                lines.append(f"{label}{_shown(cell, column)}")
        cells.append(lines)
    under = [(name, str(columns[name][1])) for name in UNDER if name in columns and columns[name][1]]
    return {"cells": cells, "under": under}


def _lines(counts: Table) -> list[list[str]]:
    columns = (counts.column(title) for title in (ROW, "Au moins", BEFORE, IF_SIGNED))
    return [[str(cell) if cell is not None else "" for cell in row] for row in zip(*columns, strict=True)]


def _shown(cell: Cell, column: Column) -> str:
    """Return a cell as it is printed."""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, str) or cell is None:
        return cell or ""
    if column.kind == "percent":
        return percent(float(cell), 0)
    if column.kind == "euro":
        return f"{number(float(cell))} €"
    decimals = 1 if column.kind == "decimal" else 0
    unit = " €/jour/UC" if column.title == RESIDUAL else ""
    return f"{number(float(cell), decimals)}{unit}"
