"""How are similar demands scored, and how long did those that were housed wait?

Similar: the same rooms asked for and the same first commune. The observed wait is that of leases signed in
that commune for those rooms; those still waiting are in no lease, so it tells less than the whole wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mixite.grids.pending import Pending
from sim.rules.cotation.amounts import Amounts
from sim.rules.cotation.ranking import UNRANKED

FEWEST = 11
"""Fewest demands, or leases, of which a page for an applicant tells a distribution."""


@dataclass(frozen=True)
class Kind:
    """Demands alike: how many have a rank, their points, the wait of those housed."""

    rooms_min: int
    rooms_max: int
    commune: str
    ranked: int
    points: tuple[float, ...]  # lowest, first quartile, median, third quartile, highest; () where none
    leases: int
    months: tuple[float, ...]  # first quartile, median, third quartile; () where none


@dataclass(frozen=True)
class Similar:
    """The kinds of demands, and each demand's place in its own."""

    kinds: tuple[Kind, ...]
    kind: NDArray[np.int64]  # (n,) index into kinds
    rank: NDArray[np.int64]  # (n,) rank in the kind, UNRANKED where none

    def of(self, row: int) -> Kind:
        """Return the kind of one demand."""
        return self.kinds[int(self.kind[row])]


def similar_demands(pending: Pending, points: Amounts, rank: NDArray[np.int64]) -> Similar:
    """Return the kinds of demands and the place of each demand in its own.

    1. Number the kinds, then sort the demands by kind and rank, those without a rank last.
    2. In each kind, the rank is one more than the demands strictly before; equal ranks stay equal.
    3. Read the leases of the commune for the rooms of the kind.
    """
    asked = np.array(
        [pending.first_commune, pending.rooms_min.astype(np.str_), pending.rooms_max.astype(np.str_)]
    )
    names, kind = np.unique(asked.T, axis=0, return_inverse=True)
    kind = kind.reshape(-1).astype(np.int64)
    own = np.full(pending.n, UNRANKED, dtype=np.int64)
    order = np.lexsort([np.where(rank == UNRANKED, np.iinfo(np.int64).max, rank), kind])
    kinds = []
    for rows, (commune, low, high) in zip(_runs(kind, order, len(names)), names.tolist(), strict=True):
        kept = rows[rank[rows] != UNRANKED]
        own[kept] = 1 + np.searchsorted(rank[kept], rank[kept], side="left")
        months = _months(pending.leases, commune, int(low), int(high))
        kinds.append(
            Kind(
                rooms_min=int(low),
                rooms_max=int(high),
                commune=commune,
                ranked=len(kept),
                points=_quantiles(points[kept], (0, 25, 50, 75, 100)),
                leases=len(months),
                months=_quantiles(months, (25, 50, 75)),
            )
        )
    return Similar(tuple(kinds), kind, own)


def _runs(kind: NDArray[np.int64], order: NDArray[np.int64], kinds: int) -> list[NDArray[np.int64]]:
    ends = np.cumsum(np.bincount(kind, minlength=kinds))[:-1]
    return np.split(order, ends) if kinds else []


def _months(leases: dict[str, NDArray[Any]], commune: str, low: int, high: int) -> NDArray[np.float64]:
    if not leases:
        return np.zeros(0)
    there = (leases["commune"] == commune) & (leases["rooms"] >= low) & (leases["rooms"] <= high)
    months: NDArray[np.float64] = leases["months"][there]
    return months


def _quantiles(values: NDArray[Any], percents: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(np.percentile(values, percents).round(2).tolist()) if len(values) else ()
