"""What is asked before a commission: which vacancies, among which demands, on what day, by which rules?

One shape, whether it was read from an Excel workbook or from canonical tables. Left out on purpose: reading
(tables.py, workbook.py) and answering (suggesting.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mixite.desk.dossier.decided import Decided
from sim.process.today import Known
from sim.rules.cotation import Grid
from sim.scenario import Scenario
from sim.territory.columns import Dates, Territory

WITHOUT_GRID = Grid(id="sans-grille", status="synthetic", complete=True, criteria=())
"""No criterion: everybody has no point, and the oldest demand comes first."""


@dataclass(frozen=True)
class Request:
    """A sitting to be prepared.

    Attributes
    ----------
    points : where points come from: "grid", "given" or "seniority"
    bailleur : the one whose vacancies are examined, "" for all
    role : who prepares: "bailleur", "reservataire" or "epci"
    renewed_on : (demands,) day of the last renewal, NaT where unknown; None where no file says
    written : cells of the file as written, by sheet then header, in the order of the territory's rows
    past : what people decided in the sittings before, the oldest first
    notes : what is missing or assumed, one French sentence each
    dropped_columns : columns that no program may read, left out
    digests : SHA-256 of each file read, by its name
    """

    territory: Territory
    known: Known
    on: date
    scenario: Scenario
    grid: Grid = WITHOUT_GRID
    mutation_grid: Grid | None = None
    points: str = "grid"
    policy: str = "cotation_peuplement"
    bailleur: str = ""
    role: str = "bailleur"
    renewed_on: Dates | None = None
    written: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    past: tuple[Decided, ...] = ()
    notes: tuple[str, ...] = ()
    dropped_columns: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
