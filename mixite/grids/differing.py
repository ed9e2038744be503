"""Whose order moves from one grid to another, and by how much?

Points of two grids are on two scales: only orders are compared. A demand's standing is the share of the
others, ranked by both grids, that it precedes, ties counting by half: 1 first, 0 last. Demands that one grid
leaves without a rank are counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mixite.grids.pending import Pending, read_pending
from mixite.grids.scoring import banners_of, read_grid, ties
from mixite.report.numbers import number, percent, signed
from sim.rules.cotation import Grid, score
from sim.rules.cotation.ranking import UNRANKED, ranked
from sim.rules.traits import TRAITS, traits_of
from sim.territory.files.faults import Fault, FaultsFound

if TYPE_CHECKING:
    from datetime import date

FEWEST = 11
"""Fewest demands with a trait of which a move is told."""

MOVED = 0.1
"""Change of standing from which a demand is said to move: a tenth of the list."""

TOPS = (0.1, 0.25)
"""Tops of the list compared, as shares of the demands ranked by both grids."""


@dataclass(frozen=True)
class Top:
    """The first demands of both lists: `size` of them, those on both."""

    label: str
    size: int
    common: int


@dataclass(frozen=True)
class Move:
    """How the demands with a trait move from A to B."""

    trait: str
    label: str
    demands: int
    change: float | None  # mean change of standing, above 0 towards the top; None below FEWEST demands
    up: float | None  # share of them that gain MOVED or more
    down: float | None
    top_a: int  # demands among the first tenth under A
    top_b: int


@dataclass(frozen=True)
class Differing:
    """Two grids on the same demands."""

    a: Grid
    b: Grid
    pending: Pending
    both: int
    only_a: int
    only_b: int
    kendall_tau_b: float | None
    spearman: float | None
    tops: tuple[Top, ...]
    moves: tuple[Move, ...]


def compare_files(
    a: Path, b: Path, demands: Path, on: date | None = None, allow_partial: bool = False, seed: int = 0
) -> Differing:
    """Compare two grids on the demands of a file or a folder.

    Raises
    ------
    FaultsFound
        with the faults of both grids and of the tables, all of them.
    """
    faults: list[Fault] = []
    read: list[Any] = []
    for reading in (
        lambda: read_grid(a, allow_partial),
        lambda: read_grid(b, allow_partial),
        lambda: read_pending(demands, on),
    ):
        try:
            read.append(reading())
        except FaultsFound as found:
            faults += found.faults
    if faults:
        raise FaultsFound(faults)
    return compare(read[0], read[1], read[2], seed)


def compare(a: Grid, b: Grid, pending: Pending, seed: int = 0) -> Differing:
    """Compare the orders two grids give the same demands.

    1. Rank the demands under each grid, ties settled as each grid says, with one lottery number a demand.
    2. Among those ranked by both, turn ranks into standings; count the common top, average the change by
       trait.
    3. Correlate what the grids alone say, flags then points: a tie stays a tie, since settling both lists by
       the same seniority and lottery would make them look alike.
    """
    settled = ties(pending, seed)
    points = [score(grid, pending.facts, pending.n) for grid in (a, b)]
    ranks = [ranked(grid, given, settled) for grid, given in zip((a, b), points, strict=True)]
    kept = (ranks[0] != UNRANKED) & (ranks[1] != UNRANKED)
    unsettled = {"seniority_days": np.zeros(pending.n)}
    levels = [
        ranked(grid.model_copy(update={"tie_break": ()}), given, unsettled)[kept]
        for grid, given in zip((a, b), points, strict=True)
    ]
    of_both = [rank[kept] for rank in ranks]
    standings = [_standing(rank) for rank in of_both]
    traits = {name: held[kept] for name, held in traits_of(pending.people()).items()}
    return Differing(
        a=a,
        b=b,
        pending=pending,
        both=int(kept.sum()),
        only_a=int(((ranks[0] != UNRANKED) & ~kept).sum()),
        only_b=int(((ranks[1] != UNRANKED) & ~kept).sum()),
        kendall_tau_b=_correlation(stats.kendalltau, levels),
        spearman=_correlation(stats.spearmanr, levels),
        tops=tuple(_tops(of_both, pending.vacancies)),
        moves=tuple(_moves(of_both, standings, traits)),
    )


def _standing(rank: NDArray[np.int64]) -> NDArray[np.float64]:
    if len(rank) < 2:
        return np.full(len(rank), 0.5)
    before: NDArray[np.float64] = stats.rankdata(rank, method="average") - 1
    return 1 - before / (len(rank) - 1)


def _correlation(measure: Any, ranks: list[NDArray[np.int64]]) -> float | None:
    """Return a rank correlation, None where one order is all ties."""
    if any(len(np.unique(rank)) < 2 for rank in ranks):
        return None
    return float(measure(*ranks).statistic)


def _first(rank: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Return who stands among the first; demands tied at the edge are taken in the order of the file."""
    first = np.zeros(len(rank), np.bool_)
    first[np.argsort(rank, kind="stable")[:size]] = True
    return first


def _tops(ranks: list[NDArray[np.int64]], vacancies: int | None) -> list[Top]:
    n = len(ranks[0])
    sizes = [(percent(share, 0), int(np.ceil(share * n))) for share in TOPS]
    if vacancies:
        sizes.append(("logements à louer", min(vacancies, n)))
    return [
        Top(label, size, int((_first(ranks[0], size) & _first(ranks[1], size)).sum()))
        for label, size in sizes
    ]


def _moves(
    ranks: list[NDArray[np.int64]],
    standings: list[NDArray[np.float64]],
    traits: dict[str, NDArray[np.bool_]],
) -> list[Move]:
    size = int(np.ceil(TOPS[0] * len(ranks[0])))
    top_a, top_b = (_first(rank, size) for rank in ranks)
    change = standings[1] - standings[0]
    told = []
    for trait in TRAITS:
        held = traits[trait.name]
        count = int(held.sum())
        some = count >= FEWEST
        told.append(
            Move(
                trait.name,
                trait.label_fr,
                count,
                float(change[held].mean()) if some else None,
                float((change[held] >= MOVED).mean()) if some else None,
                float((change[held] <= -MOVED).mean()) if some else None,
                int((held & top_a).sum()),
                int((held & top_b).sum()),
            )
        )
    return sorted(told, key=lambda move: -abs(move.change or 0.0))


def as_json(found: Differing) -> dict[str, Any]:
    """Return the JSON document of a comparison."""
    grids = {key: _grid(grid) for key, grid in (("a", found.a), ("b", found.b))}
    return {
        **grids,
        "on": found.pending.on.isoformat(),
        "demands": found.pending.n,
        "ranked_by_both": found.both,
        "ranked_by_a_only": found.only_a,
        "ranked_by_b_only": found.only_b,
        "kendall_tau_b": found.kendall_tau_b,
        "spearman": found.spearman,
        "top": [
            {"label": one.label, "size": one.size, "common": one.common, "share": _share(one)}
            for one in found.tops
        ],
        "moves": [vars(move) for move in found.moves],
        "notes": _notes(found),
    }


def sentences(found: Differing) -> list[str]:
    """Return the comparison in French, for an officer."""
    said = [*_notes(found), f"demandes classées par les deux grilles : {found.both} sur {found.pending.n}"]
    if found.only_a or found.only_b:
        said.append(
            f"classées par une seule : {found.only_a} par {found.a.id}, {found.only_b} par {found.b.id}"
        )
    tau, rho = (None if x is None else number(x, 3) for x in (found.kendall_tau_b, found.spearman))
    said.append(f"corrélation des rangs : tau-b de Kendall {tau or '—'}, Spearman {rho or '—'}")
    for one in found.tops:
        share = "" if _share(one) is None else f" ({percent(one.common / one.size)})"
        said.append(f"tête de liste, {one.label} ({one.size}) : {one.common} demandes communes{share}")
    said.append(
        f"déplacement moyen dans la liste, de {found.a.id} à {found.b.id}, en points de pourcentage :"
    )
    for move in found.moves:
        if move.change is not None and move.up is not None and move.down is not None:
            moved = f"{percent(move.up)} montent d'un dixième ou plus, {percent(move.down)} descendent"
            said.append(f"  {move.label} ({move.demands}) : {signed(move.change * 100, 1)} ; {moved}")
    few = sum(move.change is None and move.demands > 0 for move in found.moves)
    if few:
        said.append(f"  critères de moins de {FEWEST} demandes, non montrés : {few}")
    return said


def _share(top: Top) -> float | None:
    return top.common / top.size if top.size else None


def _grid(grid: Grid) -> dict[str, Any]:
    return {"grid": grid.id, "label": grid.label, "status": grid.status, "complete": grid.complete}


def _notes(found: Differing) -> list[str]:
    both = [*banners_of(found.a), *banners_of(found.b), *found.pending.notes]
    return list(dict.fromkeys(both))
