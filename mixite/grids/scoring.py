"""What does a grid give each demand, line by line, and where does it stand among similar ones?

What an applicant is owed: the points of each criterion, declared and verified, what is missing, the rank, the
distribution of similar demands and how long similar demands waited. Two demands are similar when they ask for
the same rooms and the same first commune.

Source: CCH R.441-2-17; R.441-2-10 (the score helps to decide and decides nothing).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mixite.grids.pending import Pending, read_pending
from mixite.grids.similar import Similar, similar_demands
from sim.chance import Chance, identities
from sim.rules.cotation import Grid, Points, check_examples, lines, load, missing, score
from sim.rules.cotation.amounts import Amounts
from sim.rules.cotation.counted import counted
from sim.rules.cotation.evidence import verified_lines
from sim.rules.cotation.ranking import UNRANKED, ranked
from sim.rules.cotation.score import total_of
from sim.scenario import find
from sim.territory.files.faults import Fault, FaultsFound, nearest, shown

if TYPE_CHECKING:
    from datetime import date

PARTIAL = "Grille partielle : une partie des critères n'est pas connue ; points et rangs sont incomplets"
SYNTHETIC = "Grille de synthèse, points inventés : elle n'est celle d'aucun territoire"
PROPOSED = "Grille proposée, jamais adoptée par une autorité"


@dataclass(frozen=True)
class Scored:
    """Demands scored under a grid; every array has a row a demand."""

    grid: Grid
    pending: Pending
    points: Points
    lines: tuple[tuple[str, Amounts], ...]
    verified_lines: tuple[tuple[str, Amounts], ...]
    verified_total: Amounts
    counted: dict[str, NDArray[np.float64]]
    lacking: dict[str, NDArray[np.bool_]]
    rank: NDArray[np.int64]
    similar: Similar
    seed: int

    @property
    def banners(self) -> tuple[str, ...]:
        """Return the sentences every output of this grid must carry."""
        return (*banners_of(self.grid), *(note for note in self.pending.notes if "synthèse" in note.lower()))


def banners_of(grid: Grid) -> tuple[str, ...]:
    """Return what must be said wherever a grid is used: partial, synthetic, proposed."""
    partial = () if grid.complete else (PARTIAL,)
    return partial + {"synthetic": (SYNTHETIC,), "proposed": (PROPOSED,)}.get(grid.status, ())


def read_grid(path: Path, allow_partial: bool) -> Grid:
    """Read a grid whose own examples hold.

    Raises
    ------
    FaultsFound
        with every fault of the grid, or when it is partial and this was not allowed.
    """
    file = find(path)
    grid = load(file, allow_partial)
    if faults := check_examples(grid, str(file)):
        raise FaultsFound(faults)
    return grid


def score_file(
    grid_file: Path, demands: Path, on: date | None = None, allow_partial: bool = False, seed: int = 0
) -> Scored:
    """Score the demands of a file or a folder.

    Raises
    ------
    FaultsFound
        with the faults of the grid and of the tables, all of them.
    """
    faults: list[Fault] = []
    grid = pending = None
    try:
        grid = read_grid(grid_file, allow_partial)
    except FaultsFound as found:
        faults += found.faults
    try:
        pending = read_pending(demands, on)
    except FaultsFound as found:
        faults += found.faults
    if grid is None or pending is None:
        raise FaultsFound(faults)
    return scored(grid, pending, seed)


def scored(grid: Grid, pending: Pending, seed: int = 0) -> Scored:
    """Score demands: points, lines, what is proven, what is missing, ranks, similar demands."""
    n, facts = pending.n, pending.facts
    points = score(grid, facts, n)
    told = lines(grid, facts, n)
    proven = verified_lines(grid, facts, n, pending.proven)
    rank = ranked(grid, points, ties(pending, seed))
    return Scored(
        grid=grid,
        pending=pending,
        points=points,
        lines=told,
        verified_lines=proven,
        verified_total=total_of(grid, proven, points.in_scope),
        counted=counted(grid, told),
        lacking=missing(grid, facts, n),
        rank=rank,
        similar=similar_demands(pending, points.total, rank),
        seed=seed,
    )


def ties(pending: Pending, seed: int) -> dict[str, NDArray[Any]]:
    """Return what may settle a tie, the smallest first; one lottery number an applicant."""
    chance = Chance(seed)
    return {
        "seniority_days": pending.filed_on.astype("datetime64[D]").view(np.int64),
        "seniority_months": -np.asarray(pending.facts["seniority_months"]),
        "lottery": chance.uniform("grid/lottery", identities(pending.demand_id.tolist())),
    }


def row_of(found: Scored, demand: str) -> int:
    """Return the row of a demand.

    Raises
    ------
    FaultsFound
        when no demand bears this numéro unique.
    """
    rows = np.flatnonzero(found.pending.demand_id == demand)
    if not rows.size:
        few = found.pending.demand_id.tolist() if found.pending.n <= 2000 else []
        mend = nearest(demand, few) if few else "vérifier le numéro unique"
        raise FaultsFound([Fault(found.pending.file, "demande inconnue", mend, value=shown(demand))])
    return int(rows[0])


def rank_of(found: Scored, row: int) -> int | None:
    """Return the rank of a demand, None where it has none."""
    rank = int(found.rank[row])
    return None if rank == UNRANKED else rank
