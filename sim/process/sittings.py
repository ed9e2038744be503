"""What does a commission see, and is what it is proposed lawful?

`convene` builds the Sitting from the state; `hold` checks a policy's shortlist against every legal invariant
with rules read anew, pair by pair, and repairs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.process.register import OFFERED, OPEN
from sim.process.steering import rows_for
from sim.process.world import State, Vacancy, World
from sim.rules.cotation import Points, score
from sim.rules.cotation.facts import derived
from sim.rules.eligibility import fits
from sim.rules.fit_codes import demand_codes, label_bit
from sim.territory.columns import Bools, Floats, Ints

EPOCH_DAY = np.datetime64("1970-01-01", "D")


class ShortlistRefused(RuntimeError):  # noqa: N818
    """A policy proposed something unlawful: a fault of ours, never of the user."""

    def __init__(self, policy: str, sitting: date, dwelling: str, demand: str, rule: str) -> None:
        super().__init__(policy, sitting, dwelling, demand, rule)

    def __str__(self) -> str:
        return "{}, sitting of {}, dwelling {}, demand {}: {}".format(*self.args)


def convene(world: World, state: State, vacancies: Sequence[Vacancy], carry: object) -> Sitting:
    """Build the Sitting of `state.now_s` for the vacancies examined.

    1. Order the waiting demands by cotation: absolute priority, points, oldest, lottery.
    2. For each typology and commune asked, keep who wishes it; for each vacancy, who fits and is in its pool.
    3. Say where each legal and target row stands.
    """
    register = state.register
    waiting = state.open_rows[register.state[state.open_rows] != OFFERED]
    cotation = scores(world, state, waiting)
    order = _cotation_order(cotation)
    waiting, points = waiting[order], cotation.total[order].astype(np.int64)
    dwelling = np.array([vacancy.dwelling for vacancy in vacancies], dtype=np.int64)
    reservataire = np.array([vacancy.holder for vacancy in vacancies], dtype=np.int64)
    start, pool = _pools(world, state, vacancies, waiting)
    residence = world.territory.dwellings.residence[dwelling]
    return Sitting(
        held_on=world.day(state.now_s),
        held_s=state.now_s,
        dwelling=dwelling,
        bailleur=world.bailleur[dwelling],
        residence=residence,
        in_qpv=world.in_qpv[dwelling],
        rooms=world.territory.dwellings.rooms[dwelling],
        peuplement_type=state.peuplement_type[residence] if len(state.peuplement_type) else residence * 0 - 1,
        reservataire=reservataire,
        designated=np.array([vacancy.designated for vacancy in vacancies], dtype=bool),
        demand=waiting,
        absolute_priority=cotation.absolute_priority[order],
        points=points,
        filed_s=register.filed_s[waiting],
        seniority=order,
        lottery=register.lottery[waiting],
        signature=register.signature[waiting],
        pool_start=start,
        pool=pool,
        standing=lambda: rows_for(world, state, dwelling, reservataire),
        min_candidates=world.law.min_candidates,
        list_length=world.scenario.sittings.list_length,
        max_lists=world.scenario.sittings.max_lists,
        max_points_forgone=world.scenario.sittings.max_points_forgone,
        weight=world.scenario.sittings.weight,
        carry=carry,
    )


def scores(world: World, state: State, rows: NDArray[np.int64]) -> Points:
    """Return the cotation of demands today."""
    register = state.register
    filed_on = EPOCH_DAY + (world.epoch_days + register.filed_s[rows] // 86_400)
    facts = {name: register.attribute(name)[rows] for name in register.attributes}
    facts["unjustified_refusals_24m"] = register.refusals[rows].astype(np.float64)
    facts |= derived(
        filed_on,
        world.day(state.now_s),
        register.mutation_of[rows] >= 0,
        register.dalo_s[rows] <= state.now_s,
        register.age[rows],
        register.adults[rows],
        register.children[rows],
    )
    return score(world.grid, facts, len(rows))


def _cotation_order(cotation: Points) -> NDArray[np.int64]:
    """Return the order of demands given oldest first: flagged, then points; a stable sort keeps the oldest.

    A demand the grid excludes is in no order: it is not proposed.
    """
    level = cotation.total.max(initial=0) - cotation.total
    if level.dtype == np.int64 and level.max(initial=0) < np.iinfo(np.int16).max:
        level = level.astype(np.int16)  # numpy sorts 16-bit integers by radix
    order = np.argsort(level, kind="stable")
    order = order[~cotation.excluded[order]]
    return np.concatenate(
        [order[cotation.absolute_priority[order]], order[~cotation.absolute_priority[order]]]
    )


def _pools(
    world: World, state: State, vacancies: Sequence[Vacancy], waiting: NDArray[np.int64]
) -> tuple[Ints, Ints]:
    """Return the eligible positions of each vacancy, joined end to end, and where each begins.

    1. For each typology, who asks for it; for each (typology, commune), who wishes to live there.
    2. For each vacancy among them: ceiling, size, stated maximum rent, accessibility, réservataire's pool.
    """
    register, dwellings = state.register, world.territory.dwellings
    codes = demand_codes(
        world.law,
        register.needs_accessible[waiting],
        register.labels[waiting],
        register.rfr_eur[waiting],
        register.ranked[waiting],
        register.persons[waiting],
    )
    stated = register.max_rent_eur[waiting]
    most_rent = np.where(np.isnan(stated), np.inf, stated)
    rooms_min, rooms_max = register.rooms_min[waiting], register.rooms_max[waiting]
    position = np.full(register.size, NOBODY, dtype=np.int32)
    position[waiting] = np.arange(len(waiting))
    reads, wants, sizes = world.codes.reads, world.codes.wants, world.codes.sizes
    asked: dict[int, tuple[Ints, NDArray[np.uint64]]] = {}
    wanted: dict[tuple[int, int], tuple[Ints, Ints, Floats]] = {}
    pools = []
    rows: Ints
    for vacancy in vacancies:
        dwelling = vacancy.dwelling
        rooms, commune = place = int(dwellings.rooms[dwelling]), int(world.commune[dwelling])
        if rooms not in asked:
            rows = np.flatnonzero((rooms_min <= rooms) & (rooms_max >= rooms)).astype(np.int32)
            asked[rooms] = rows, np.ascontiguousarray(register.wishes[waiting[rows]].T)
        if place not in wanted:
            rows, words = asked[rooms]
            rows = rows[np.flatnonzero(words[commune // 64] & np.uint64(1 << commune % 64) != 0)]
            wanted[place] = rows, codes[rows], most_rent[rows]
        rows, code, rent = wanted[place]
        if len(rows):
            label = label_bit(vacancy.reservataire) if vacancy.designated else np.int32(0)
            fitting = code & (reads[dwelling] | label) == wants[dwelling] | label
            fitting &= code & sizes[dwelling] != 0
            fitting &= rent >= world.rent_due_eur[dwelling]
            rows = rows[np.flatnonzero(fitting)]
            for demand in vacancy.tried:
                rows = rows[rows != position[demand]]
        pools.append(rows)
    start = np.zeros(len(vacancies) + 1, dtype=np.int64)
    np.cumsum([len(pool) for pool in pools], out=start[1:])
    return start, np.concatenate(pools) if pools else np.zeros(0, dtype=np.int64)


def hold(world: World, state: State, policy: str, sitting: Sitting, shortlist: Shortlist) -> None:
    """Check a shortlist against the legal invariants.

    Raises
    ------
    ShortlistRefused
        naming the sitting, the dwelling, the demand and the rule: a demand that is not waiting, not in the
        pool, above the ceiling, too many or too few for the dwelling (R12-R14), listed twice, first twice, on
        too many lists; a list with a hole, or shorter than R9 asks while eligible demands are free.
    """
    lists = shortlist.rows
    if lists.shape != (len(sitting), sitting.list_length):
        rule = f"a table of lists was expected, found {lists.shape}"
        raise ShortlistRefused(policy, sitting.held_on, "all", "none", rule)
    vacancy, rank = np.nonzero(lists != NOBODY)
    position = lists[vacancy, rank]
    strange = (position < 0) | (position >= len(sitting.demand))
    if strange.any():
        found = f"position {position[strange][0]}"
        raise ShortlistRefused(policy, sitting.held_on, "any", found, "not a demand of this sitting")

    def refuse(vacancy: int, position: int, rule: str) -> ShortlistRefused:
        dwelling = world.territory.dwellings.dwelling_id[sitting.dwelling[vacancy]]
        demand = state.register.demand_id[sitting.demand[position]]
        return ShortlistRefused(policy, sitting.held_on, str(dwelling), str(demand), rule)

    for rules in (_rules_of_pairs(world, state, sitting, vacancy, position), _rules_of_lists(sitting, lists)):
        for broken, rule in rules:
            if broken.any():
                worst = int(np.flatnonzero(broken)[0])
                raise refuse(int(vacancy[worst]), int(position[worst]), rule)
    for short, free in _shorter_than_may_be(sitting, lists):
        raise refuse(short, free, "shorter than R9 asks while this demand is free")


def _rules_of_pairs(
    world: World, state: State, sitting: Sitting, vacancy: Ints, position: Ints
) -> Iterator[tuple[Bools, str]]:
    """Yield, for each rule a listed demand must meet by itself, who breaks it among the pairs listed."""
    demand, dwelling = sitting.demand[position], sitting.dwelling[vacancy]
    register, dwellings = state.register, world.territory.dwellings
    rooms, commune = dwellings.rooms[dwelling], world.commune[dwelling]
    yield register.state[demand] != OPEN, "not waiting"
    fitting = fits(
        world.law,
        register.persons[demand],
        register.rfr_eur[demand],
        rooms,
        dwellings.surface_m2[dwelling],
        dwellings.financing[dwelling],
        register.ranked[demand] > register.persons[demand],
    )
    yield ~fitting, "above the ceiling or not of a size for the dwelling (R12-R14)"
    yield register.needs_accessible[demand] & ~dwellings.accessible[dwelling], "not accessible"
    asked = (register.rooms_min[demand] <= rooms) & (register.rooms_max[demand] >= rooms)
    yield ~asked, "typology not asked for"
    words = register.wishes[demand, commune // 64] >> (commune % 64).astype(np.uint64)
    yield words & np.uint64(1) == 0, "commune not wished"
    yield register.max_rent_eur[demand] < world.rent_due_eur[dwelling], "above the rent stated as a maximum"
    labelled = register.labels[demand] & (1 << sitting.reservataire[vacancy]) != 0
    yield sitting.designated[vacancy] & ~labelled, "not in the réservataire's pool"


def _rules_of_lists(sitting: Sitting, lists: Ints) -> Iterator[tuple[Bools, str]]:
    """Yield, for each rule that lists must meet together, which of the names listed breaks it."""
    vacancy, rank = np.nonzero(lists != NOBODY)
    position = lists[vacancy, rank]
    yield _repeated(vacancy * len(sitting.demand) + position), "twice on one list"
    alone = -1 - np.arange(len(position))
    yield (rank == 0) & _repeated(np.where(rank == 0, position, alone)), "first twice"
    counts = np.bincount(position, minlength=len(sitting.demand))
    yield counts[position] > sitting.max_lists, "on more lists than the scenario allows"
    yield (rank > 0) & (lists[vacancy, rank - 1] == NOBODY), "the list has a hole"


def _shorter_than_may_be(sitting: Sitting, lists: Ints) -> Iterator[tuple[int, int]]:
    """Yield each vacancy whose list is shorter than R9 asks, with a demand that was free to stand on it."""
    listed = (lists != NOBODY).sum(axis=1)
    counts = np.bincount(lists[lists != NOBODY], minlength=len(sitting.demand))
    first = np.zeros(len(sitting.demand), dtype=bool)
    first[lists[listed > 0, 0]] = True
    wanted = np.minimum(sitting.min_candidates, np.diff(sitting.pool_start))
    for short in np.flatnonzero(listed < wanted).tolist():
        free = sitting.eligible(short)
        free = free[counts[free] < sitting.max_lists]
        listable = (free[:, None] != lists[short]).all(axis=1)
        free = free[listable if listed[short] else ~first[free]]  # to be first, one must be so nowhere else
        if len(free):
            yield short, int(free[0])


def _repeated(values: Ints) -> Bools:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    repeated: Bools = counts[inverse] > 1
    return repeated


def passed_over(sitting: Sitting, lists: Ints) -> NDArray[np.int64]:
    """Return, for each vacancy with a list, how many better scored eligible demands are on no list, (V,)."""
    presented = np.zeros(len(sitting.demand), dtype=bool)
    presented[lists[lists != NOBODY]] = True
    counts = np.zeros(len(sitting), dtype=np.int64)
    hidden = np.flatnonzero(~presented)
    last = hidden[0] if len(hidden) else len(presented)
    for vacancy in np.flatnonzero(lists[:, 0] > last).tolist():  # before that, everybody is on some list
        eligible = sitting.eligible(vacancy)
        lead = lists[vacancy, 0]
        better = eligible[: np.searchsorted(eligible, lead)]
        counts[vacancy] = (~presented[better] & (sitting.points[better] > sitting.points[lead])).sum()
    return counts
