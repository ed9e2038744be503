"""Is what a policy proposes lawful?

Every legal invariant, read anew and independently of the pools; nothing is repaired. What depends on the day
and on the lists is checked name by name; what depends on a demand and a dwelling alone, for many pairs at
once, with the rules' own functions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple

import numpy as np

from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.process.dalo import ETAT
from sim.process.register import OPEN
from sim.process.state import State
from sim.process.world import World
from sim.rules.eligibility import fits
from sim.territory.columns import Bools, Ints

ANYBODY = -1


class ShortlistRefused(RuntimeError):  # noqa: N818
    """A policy proposed something unlawful: a fault of ours, never of the user."""

    def __init__(self, policy: str, sitting: date, dwelling: str, demand: str, rule: str) -> None:
        super().__init__(policy, sitting, dwelling, demand, rule)

    def __str__(self) -> str:
        return "{}, sitting of {}, dwelling {}, demand {}: {}".format(*self.args)


class Pair(NamedTuple):
    """A demand on the list of a dwelling; `reservataire` is whose labels it needs, ANYBODY where none."""

    held_s: int
    dwelling: int
    demand: int
    reservataire: int


def hold(world: World, state: State, policy: str, sitting: Sitting, shortlist: Shortlist) -> None:
    """Check a shortlist against the legal invariants.

    Raises
    ------
    ShortlistRefused
        naming the sitting, the dwelling, the demand and the rule: a demand that is not waiting, not in the
        pool, above the ceiling, too many or too few for the dwelling (R12-R14), proposed this vacancy before,
        listed twice, first twice, on too many lists; a list with a hole, or shorter than R9 asks while
        eligible demands are free.
    """
    hold_pairs(world, state, policy, hold_lists(world, state, policy, sitting, shortlist))
    hold_pools(world, state, policy, sitting, shortlist)
    hold_first(world, state, policy, sitting, shortlist)


def hold_lists(world: World, state: State, policy: str, sitting: Sitting, shortlist: Shortlist) -> list[Pair]:
    """Check what depends on the day and on the lists; return the pairs listed."""
    lists = shortlist.rows
    if lists.shape != (len(sitting), sitting.list_length):
        rule = f"a table of lists was expected, found {lists.shape}"
        raise ShortlistRefused(policy, sitting.held_on, "all", "none", rule)

    def refuse(vacancy: int, position: int, rule: str) -> ShortlistRefused:
        return _refused(world, state, policy, sitting, vacancy, position, rule)

    register = state.register
    pairs, on_lists = [], dict[int, int]()
    first: set[int] = set()
    for vacancy, listed in enumerate(lists.tolist()):
        holder = int(sitting.reservataire[vacancy]) if sitting.designated[vacancy] else ANYBODY
        dwelling = int(sitting.dwelling[vacancy])
        for rank, position in enumerate(listed):
            if position == NOBODY:
                continue
            if not 0 <= position < len(sitting.demand):
                found = f"position {position}"
                raise ShortlistRefused(policy, sitting.held_on, "any", found, "not a demand of this sitting")
            demand = int(sitting.demand[position])
            on_lists[position] = on_lists.get(position, 0) + 1
            if register.state[demand] != OPEN:
                raise refuse(vacancy, position, "not waiting")
            if register.listed[demand]:
                raise refuse(vacancy, position, "on a list in hand")
            if register.filed_s[demand] > sitting.held_s:
                raise refuse(vacancy, position, "not filed yet")
            if register.leaves_s[demand] <= sitting.held_s:
                raise refuse(vacancy, position, "lapsed and not renewed (R16)")
            if demand in sitting.tried[vacancy]:
                raise refuse(vacancy, position, "proposed this vacancy before")
            if position in listed[:rank]:
                raise refuse(vacancy, position, "twice on one list")
            if rank == 0 and position in first:
                raise refuse(vacancy, position, "first twice")
            if on_lists[position] > sitting.max_lists:
                raise refuse(vacancy, position, "on more lists than the scenario allows")
            if rank and listed[rank - 1] == NOBODY:
                raise refuse(vacancy, position, "the list has a hole")
            if rank == 0:
                first.add(position)
            pairs.append(Pair(sitting.held_s, dwelling, demand, holder))
    return pairs


def _refused(
    world: World, state: State, policy: str, sitting: Sitting, vacancy: int, position: int, rule: str
) -> ShortlistRefused:
    dwelling = world.territory.dwellings.dwelling_id[sitting.dwelling[vacancy]]
    demand = state.register.demand_id[sitting.demand[position]]
    return ShortlistRefused(policy, sitting.held_on, str(dwelling), str(demand), rule)


def hold_pools(world: World, state: State, policy: str, sitting: Sitting, shortlist: Shortlist) -> None:
    """Check that lists draw on their pools alone, and enough; said last, as other rules say more.

    Raises
    ------
    ShortlistRefused
        for a name outside the pool of its vacancy, or a list shorter than R9 asks.
    """
    named = shortlist.rows.tolist()
    for vacancy, listed in enumerate(named):
        pool = sitting.eligible(vacancy)
        for position in listed:
            place = bisect_left(pool, position)
            if position != NOBODY and (place == len(pool) or pool[place] != position):
                raise _refused(world, state, policy, sitting, vacancy, position, "outside the vacancy's pool")
    for short, free in _shorter_than_may_be(sitting, named):
        rule = "shorter than R9 asks while this demand is free"
        raise _refused(world, state, policy, sitting, short, free, rule)


def _shorter_than_may_be(sitting: Sitting, named: list[list[int]]) -> Iterator[tuple[int, int]]:
    """Yield each vacancy whose list is shorter than R9 asks, with a demand that was free to stand on it."""
    start = sitting.pool_start.tolist()
    on_lists, first = Counter(chain.from_iterable(named)), {listed[0] for listed in named}
    for short, listed in enumerate(named):
        length = len(listed) - listed.count(NOBODY)
        if length >= min(sitting.min_candidates, start[short + 1] - start[short]):
            continue
        for free in sitting.eligible(short).tolist():
            # to be first, one must be so nowhere else
            busy = free in listed if length else free in first
            if on_lists[free] < sitting.max_lists and not busy:
                yield short, free
                break


def hold_first(world: World, state: State, policy: str, sitting: Sitting, shortlist: Shortlist) -> None:
    """Check that whom law puts first is first: read anew from the register and the debts, not from the pools.

    Raises
    ------
    ShortlistRefused
        for a name beside the one the préfet presents alone, or that one without the right to it; for a
        dwelling outside the RPMS with somebody else first while it is owed to a household it fits (R21).
    """
    register, lists = state.register, shortlist.rows.tolist()
    for vacancy, position in sitting.named.items():
        demand = sitting.demand[position]
        owner = world.bailleur[sitting.dwelling[vacancy]] == register.dalo_bailleur[demand]
        contingent = sitting.designated[vacancy] and sitting.reservataire[vacancy] == ETAT
        recognised = register.dalo_s[demand] <= sitting.held_s < register.dalo_lost_s[demand]
        if not (owner and contingent and recognised):
            rule = "presented alone without the préfet's designation (R9)"
            raise _refused(world, state, policy, sitting, vacancy, position, rule)
        if [name for name in lists[vacancy] if name != NOBODY] != [position]:
            rule = "not alone on its list, although the préfet names it (R9)"
            raise _refused(world, state, policy, sitting, vacancy, position, rule)
    for vacancy, position in _debts_passed_over(world, state, sitting, [listed[0] for listed in lists]):
        rule = "owed this dwelling since its refusal in an RPMS (R21)"
        raise _refused(world, state, policy, sitting, vacancy, position, rule)


def _debts_passed_over(
    world: World, state: State, sitting: Sitting, first: list[int]
) -> Iterator[tuple[int, int]]:
    """Yield (vacancy, position) of debtors who are first nowhere while a dwelling they fit goes to another.

    A household may be first before them only by the préfet's naming, or by a debt at least as old.
    """
    debts = state.rpms_debts
    if not debts:
        return
    outside = np.flatnonzero(~world.in_rpms[sitting.dwelling])
    for position in np.flatnonzero(np.isin(sitting.demand, list(debts))).tolist():
        demand = int(sitting.demand[position])
        if any(first[vacancy] == position for vacancy in outside.tolist() + list(sitting.named)):
            continue
        labels = np.where(sitting.designated, sitting.reservataire, ANYBODY)[outside]
        fits_none = np.zeros(len(outside), dtype=bool)
        for broken, _ in _rules_of_pairs(
            world, state, sitting.dwelling[outside], np.full(len(outside), demand), labels
        ):
            fits_none |= broken
        for vacancy in outside[~fits_none].tolist():
            leader = int(sitting.demand[first[vacancy]]) if first[vacancy] != NOBODY else NOBODY
            lawful = vacancy in sitting.named or debts.get(leader, sitting.held_s + 1) <= debts[demand]
            if not lawful and demand not in sitting.tried[vacancy]:
                yield vacancy, position


def hold_pairs(world: World, state: State, policy: str, pairs: list[Pair]) -> None:
    """Check what depends on a demand and a dwelling alone.

    Raises
    ------
    ShortlistRefused
        as `hold`, at the first pair that breaks a rule.
    """
    if not pairs:
        return
    _, dwelling, demand, reservataire = np.array(pairs, dtype=np.int64).T
    for broken, rule in _rules_of_pairs(world, state, dwelling, demand, reservataire):
        if broken.any():
            worst = pairs[int(np.flatnonzero(broken)[0])]
            name = world.territory.dwellings.dwelling_id[worst.dwelling]
            who = state.register.demand_id[worst.demand]
            raise ShortlistRefused(policy, world.day(worst.held_s), str(name), str(who), rule)


def _rules_of_pairs(
    world: World, state: State, dwelling: Ints, demand: Ints, reservataire: Ints
) -> Iterator[tuple[Bools, str]]:
    """Yield, for each rule a listed demand must meet by itself, who breaks it among the pairs."""
    register, dwellings = state.register, world.territory.dwellings
    rooms, commune = dwellings.rooms[dwelling], world.commune[dwelling]
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
    labelled = register.labels[demand] >> np.maximum(reservataire, 0) & 1 == 1
    yield (reservataire != ANYBODY) & ~labelled, "not in the réservataire's pool"
