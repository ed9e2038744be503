"""What may be known on a sitting date, and what may a policy answer?

The Sitting is a read-only snapshot over all bailleurs that sit that day. Demands stand in cotation order
(flag of absolute priority, then points, then the oldest, then the lottery); a demand is named by its
position in that order. Nothing of the future is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.quotas import TARGET, Rows
from sim.territory.columns import Bools, Floats, Ints

NOBODY = -1


@dataclass(frozen=True)
class Sitting:
    """One sitting of the commissions of a territory.

    Attributes
    ----------
    vacancies, (V,), by available_on then dwelling_id : `dwelling` (row), `bailleur`, `residence`, `in_qpv`,
        `rooms`, `peuplement_type`, `reservataire`, `designated` (true: the list is cut to its labels)
    demands, (N,), in cotation order : `demand` (row of the register), `absolute_priority` (a flag of the
        grid, before any points), `points`, `filed_s`, `seniority` (rank by filing, the oldest 0), `lottery`
        (this period's uniform), `signature` (mask of traits)
    pool_start (V+1,), pool : eligible demands of vacancy v are `pool[pool_start[v]:pool_start[v+1]]`,
        positions, ascending, hence in cotation order
    """

    held_on: date
    held_s: int
    dwelling: Ints
    bailleur: Ints
    residence: Ints
    in_qpv: Bools
    rooms: Ints
    peuplement_type: Ints
    reservataire: Ints
    designated: Bools
    demand: Ints
    absolute_priority: Bools
    points: Ints
    filed_s: Ints
    seniority: Ints
    lottery: Floats
    signature: Ints
    pool_start: Ints
    pool: Ints
    standing: Callable[[], Rows]  # computes `rows`, when a policy reads them
    min_candidates: int
    list_length: int
    max_lists: int
    max_points_forgone: int
    weight: str  # "points", "rank" or "log": how points weigh in a joint matching
    carry: Any = None

    def __len__(self) -> int:
        return len(self.dwelling)

    @cached_property
    def rows(self) -> Rows:
        """Legal and target rows touching these vacancies."""
        return self.standing()

    @property
    def welcome(self) -> Ints:
        """Mask of the publics the strategy asks each vacancy's residence to welcome, 0 where none, (V,)."""
        public, scope = self.rows.public, self.rows.scope & (self.rows.tier == TARGET)[:, None]
        asked: Ints = np.bitwise_or.reduce(np.where(scope, public[:, None], 0), axis=0, initial=0)
        return asked

    def eligible(self, vacancy: int) -> Ints:
        """Return the positions of the demands eligible for a vacancy, in cotation order."""
        return self.pool[self.pool_start[vacancy] : self.pool_start[vacancy + 1]]


@dataclass(frozen=True)
class Shortlist:
    """A policy's answer: candidates of each vacancy in suggested order.

    `rows` is (V, list_length): positions of the Sitting, NOBODY where the list is short.
    `carry` comes back to the same policy at the next sitting; `evidence` explains, and decides nothing.
    """

    rows: NDArray[np.int64]
    carry: Any = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


Policy = Callable[[Sitting], Shortlist]
