"""What may be known on a sitting date, and what may a policy answer?

The Sitting is a read-only snapshot over all bailleurs that sit that day. Demands stand in cotation order
(flag of absolute priority, then points, then the oldest, then the lottery); a demand is named by its
position in that order. Nothing of the future is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.policies.parameters import UsualOrder
from sim.policies.pool import Pool
from sim.rules.quotas import TARGET, Rows
from sim.rules.traits import mask
from sim.territory.columns import Bools, Floats, Ints

NOBODY = -1
NO_DEADLINE = int(np.iinfo(np.int64).max)


@dataclass(frozen=True)
class Sitting:
    """One sitting of the commissions of a territory.

    Attributes
    ----------
    vacancies, (V,), by available_on then dwelling_id : `dwelling` (row), `reservataire`, `designated` (true:
        the list is cut to its labels), `tried` (rows of the demands proposed it before, in no pool)
    demands, (N,), in cotation order : `demand` (row of the register), `absolute_priority` (a flag of the
        grid, before any points), `points`
    named, owed : by vacancy, the position of who is first by law: named alone by the préfet under DALO (the
        pool is that household, which is in no other), or owed the dwelling by an RPMS debt
    locked : by vacancy, the position of who is first there by a person's choice, where law leaves it free
    pools : (V,) the eligible demands of each vacancy, positions, ascending, hence in cotation order; written
        out and joined they are `pool`, and those of vacancy v `pool[pool_start[v]:pool_start[v+1]]`
    look_up : further columns by name, for those who read them: of the vacancies `bailleur`, `residence`,
        `in_qpv`, `rooms`, `peuplement_type`; of the demands `filed_s`, `seniority` (rank by filing, the
        oldest 0), `lottery` (this period's uniform), `signature` (mask of traits), `deadline_s` (by when a
        dwelling is owed), `position` (of every demand of the register); for the usual order `commune`,
        `rent_due_eur` of the vacancies, `first_commune`, `rooms_min`, `max_rent_eur` of the demands
    discretion : (vacancies, positions) -> a uniform a pair, the same household and dwelling always the same
    usual : what weighs in the usual order
    """

    held_on: date
    held_s: int
    dwelling: Ints
    reservataire: Ints
    designated: Bools
    tried: Sequence[Set[int]]
    demand: Ints
    absolute_priority: Bools
    points: Ints
    pools: Sequence[Pool]
    look_up: Callable[[str], NDArray[Any]]
    discretion: Callable[[Ints, Ints], Floats]
    usual: UsualOrder
    standing: Callable[[], Rows]  # computes `rows`, when a policy reads them
    min_candidates: int
    list_length: int
    max_lists: int
    max_points_forgone: int
    weight: str  # "points", "rank" or "log": how points weigh in a joint matching
    named: Mapping[int, int] = field(default_factory=dict)
    owed: Mapping[int, int] = field(default_factory=dict)
    locked: Mapping[int, int] = field(default_factory=dict)
    carry: Any = None
    form: str = "weighted"  # or "lexicographic": how a joint matching is sought
    gap: float = 0.0  # what a joint matching may lose to the bound, see Parameters
    chain_bonus: float = 0.0  # points that a mutation weighs more in a joint matching, no points of its own

    def __len__(self) -> int:
        return len(self.dwelling)

    @property
    def first_by_law(self) -> Mapping[int, int]:
        """Position of who is first by law, or by a person's choice, by vacancy: a policy has no say there."""
        by_law = {**self.owed, **self.named}
        taken = set(by_law.values())
        return {**{place: who for place, who in self.locked.items() if who not in taken}, **by_law}

    @cached_property
    def bailleur(self) -> Ints:
        """Row of the bailleur of each vacancy, (V,)."""
        return self.look_up("bailleur")

    @cached_property
    def residence(self) -> Ints:
        """Row of the residence of each vacancy, (V,)."""
        return self.look_up("residence")

    @cached_property
    def in_qpv(self) -> Bools:
        """Whether each vacancy is in a QPV, (V,)."""
        return self.look_up("in_qpv")

    @cached_property
    def rooms(self) -> Ints:
        """Rooms of each vacancy, (V,)."""
        return self.look_up("rooms")

    @cached_property
    def peuplement_type(self) -> Ints:
        """Type of each vacancy's residence, -1 where none, (V,)."""
        return self.look_up("peuplement_type")

    @cached_property
    def commune(self) -> Ints:
        """Commune of each vacancy, (V,)."""
        return self.look_up("commune")

    @cached_property
    def rent_due_eur(self) -> Floats:
        """Rent and charges of each vacancy, EUR a month, (V,)."""
        return self.look_up("rent_due_eur")

    @cached_property
    def first_commune(self) -> Ints:
        """Commune each demand wishes first, (N,)."""
        return self.look_up("first_commune")

    @cached_property
    def rooms_min(self) -> Ints:
        """Fewest rooms each demand asks for, (N,)."""
        return self.look_up("rooms_min")

    @cached_property
    def max_rent_eur(self) -> Floats:
        """Rent each demand states as a maximum, EUR a month, NaN where none, (N,)."""
        return self.look_up("max_rent_eur")

    @cached_property
    def filed_s(self) -> Ints:
        """When each demand was filed, (N,)."""
        return self.look_up("filed_s")

    @cached_property
    def seniority(self) -> Ints:
        """Rank of each demand by filing, the oldest 0, (N,)."""
        return self.look_up("seniority")

    @cached_property
    def lottery(self) -> Floats:
        """This period's uniform of each demand, (N,)."""
        return self.look_up("lottery")

    @cached_property
    def signature(self) -> Ints:
        """Mask of the traits of each demand, (N,)."""
        return self.look_up("signature")

    @property
    def moves(self) -> Bools:
        """Whether a lease of each demand frees a dwelling: a mutation, (N,)."""
        moving: Bools = self.signature & mask(["mutation"]) != 0
        return moving

    @cached_property
    def deadline_s(self) -> Ints:
        """When a dwelling is owed to each demand at the latest, NO_DEADLINE where at no time, (N,)."""
        return self.look_up("deadline_s")

    def written(self) -> Sitting:
        """Return the sitting with every column read, as they stand now: to be kept and read later."""
        for name, value in vars(Sitting).items():
            if isinstance(value, cached_property):
                getattr(self, name)
        return self

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
        return self.pools[vacancy].all()

    @cached_property
    def pool(self) -> Ints:
        """The pools of all vacancies, joined end to end."""
        return np.concatenate([np.zeros(0, dtype=np.int32), *(pool.all() for pool in self.pools)])

    @cached_property
    def pool_start(self) -> Ints:
        """Where the pool of each vacancy begins in `pool`, and where the last one ends, (V+1,)."""
        return np.cumsum([0, *map(len, self.pools)], dtype=np.int64)

    @cached_property
    def in_pools(self) -> Bools:
        """Whether each demand is in some pool, (N,)."""
        found = np.zeros(len(self.demand), dtype=bool)
        found[self.pool] = True
        return found

    @cached_property
    def drawn(self) -> NDArray[np.int64]:
        """Rank of each demand by lottery among those of the pools, the lowest 0, and 0 for others, (N,)."""
        rank, those = np.zeros(len(self.demand), dtype=np.int64), self.in_pools.nonzero()[0]
        rank[those[_order_of(self.lottery[those])]] = np.arange(len(those))
        return rank

    @cached_property
    def position(self) -> Ints:
        """Position of each demand by its row, NOBODY where it is not in the sitting, (register.size,)."""
        return self.look_up("position")


def positions(demand: Ints, rows: int) -> Ints:
    """Return the position of each of so many rows in `demand`, NOBODY where it is not there."""
    found = np.full(rows, NOBODY, dtype=np.int32)
    found[demand] = np.arange(len(demand), dtype=np.int32)
    return found


def _order_of(numbers: Floats) -> NDArray[np.int64]:
    """Return the order of numbers, equal ones as they stand."""
    order: NDArray[np.int64] = numbers.argsort()
    ordered = numbers[order]
    return numbers.argsort(kind="stable") if (ordered[1:] == ordered[:-1]).any() else order


class Matching(NamedTuple):
    """How a sitting was matched jointly, and how far from the best it may be.

    `gap` and `proved_by` are those of docs/outcomes.md, table `matchings`; shortfalls are in leases.
    """

    vacancies: int
    pairs: int
    rows: int
    rounds: int
    gap: float
    proved_by: str
    legal_shortfall: float
    target_shortfall: float


@dataclass(frozen=True)
class Shortlist:
    """A policy's answer: candidates of each vacancy in suggested order.

    `rows` is (V, list_length): positions of the Sitting, NOBODY where the list is short.
    `carry` comes back to the same policy at the next sitting; `evidence` and `matching` explain, and decide
    nothing.
    """

    rows: NDArray[np.int64]
    carry: Any = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    matching: Matching | None = None


Policy = Callable[[Sitting], Shortlist]
