"""Is what a policy proposes lawful?

Every legal invariant, read anew and independently of the pools; nothing is repaired. What depends on the day
and on the lists is checked name by name; what depends on a demand and a dwelling alone, for many pairs at
once, with the rules' own functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
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


class Pairs(NamedTuple):
    """Demands on lists, (n,); `reservataire` is whose labels each needs, ANYBODY where none."""

    held_s: Ints
    dwelling: Ints
    demand: Ints
    reservataire: Ints


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
    hold_pairs(world, state, policy, [hold_lists(world, state, policy, sitting, shortlist)])
    hold_pools(world, state, policy, sitting, shortlist)
    hold_first(world, state, policy, sitting, shortlist)


def hold_lists(world: World, state: State, policy: str, sitting: Sitting, shortlist: Shortlist) -> Pairs:
    """Check what depends on the day and on the lists; return the pairs listed."""
    lists = shortlist.rows
    if lists.shape != (len(sitting), sitting.list_length):
        rule = f"a table of lists was expected, found {lists.shape}"
        raise ShortlistRefused(policy, sitting.held_on, "all", "none", rule)

    vacancy, rank = np.nonzero(lists != NOBODY)
    position = lists[vacancy, rank]
    unknown = (position < 0) | (position >= len(sitting.demand))
    if unknown.any():
        found = f"position {position[unknown][0]}"
        raise ShortlistRefused(policy, sitting.held_on, "any", found, "not a demand of this sitting")
    for broken, rule in _rules_of_lists(state, sitting, lists, vacancy, rank, position):
        if broken.any():
            at = int(broken.argmax())
            raise _refused(world, state, policy, sitting, int(vacancy[at]), int(position[at]), rule)
    holder = np.where(sitting.designated, sitting.reservataire, ANYBODY)[vacancy]
    held_s = np.full(len(vacancy), sitting.held_s)
    return Pairs(held_s, sitting.dwelling[vacancy], sitting.demand[position], holder)


def _rules_of_lists(
    state: State, sitting: Sitting, lists: Ints, vacancy: Ints, rank: Ints, position: Ints
) -> Iterator[tuple[Bools, str]]:
    """Yield, for each rule of the day and of the lists, which names break it, (n,).

    Parameters
    ----------
    vacancy, rank, position : (n,) where each name of the lists stands, and who it is
    """
    register, demand = state.register, sitting.demand[position]
    yield register.state[demand] != OPEN, "not waiting"
    yield register.listed[demand] != 0, "on a list in hand"
    yield register.filed_s[demand] > sitting.held_s, "not filed yet"
    yield register.leaves_s[demand] <= sitting.held_s, "lapsed and not renewed (R16)"
    yield _tried(sitting, vacancy, demand), "proposed this vacancy before"
    before = [lists[vacancy, other] for other in range(lists.shape[1])]
    twice = np.zeros(len(rank), dtype=bool)
    for other, name in enumerate(before):
        twice |= (name == position) & (other < rank)
    yield twice, "twice on one list"
    yield (rank == 0) & _repeated(np.where(rank == 0, position, NOBODY)), "first twice"
    on_lists = np.bincount(position, minlength=1)
    yield on_lists[position] > sitting.max_lists, "on more lists than the scenario allows"
    holes = lists[vacancy, np.maximum(rank - 1, 0)] == NOBODY
    yield holes, "the list has a hole"


def _tried(sitting: Sitting, vacancy: Ints, demand: Ints) -> Bools:
    """Tell which names were proposed the same vacancy before, (n,)."""
    tried = np.zeros(len(vacancy), dtype=bool)
    again = np.array([bool(one) for one in sitting.tried], dtype=bool)
    for name in again[vacancy].nonzero()[0].tolist():
        tried[name] = int(demand[name]) in sitting.tried[vacancy[name]]
    return tried


def _repeated(numbers: Ints) -> Bools:
    """Tell which numbers have stood before in a column, (n,)."""
    order = numbers.argsort(kind="stable")
    repeated = np.zeros(len(numbers), dtype=bool)
    repeated[order[1:]] = numbers[order[1:]] == numbers[order[:-1]]
    return repeated


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
    lists = shortlist.rows
    vacancies, ranks = np.nonzero(lists != NOBODY)
    for vacancy, name in zip(vacancies.tolist(), lists[vacancies, ranks].tolist(), strict=True):
        if name not in sitting.pools[vacancy]:
            raise _refused(world, state, policy, sitting, vacancy, name, "outside the vacancy's pool")
    for short, free in _shorter_than_may_be(sitting, lists):
        rule = "shorter than R9 asks while this demand is free"
        raise _refused(world, state, policy, sitting, short, free, rule)


def _shorter_than_may_be(sitting: Sitting, lists: Ints) -> Iterator[tuple[int, int]]:
    """Yield each vacancy whose list is shorter than R9 asks, with a demand that was free to stand on it."""
    length = (lists != NOBODY).sum(axis=1)
    asked = np.minimum([len(pool) for pool in sitting.pools], sitting.min_candidates)
    short_lists = np.flatnonzero(length < asked)
    if not len(short_lists):
        return
    on_lists = np.bincount(lists[lists != NOBODY], minlength=len(sitting.demand))
    first = np.zeros(len(sitting.demand), dtype=bool)
    first[lists[:, 0][lists[:, 0] != NOBODY]] = True
    for short in short_lists.tolist():
        pool = sitting.eligible(short)
        # to be first, one must be so nowhere else
        busy = np.isin(pool, lists[short]) if length[short] else first[pool]
        free = pool[(on_lists[pool] < sitting.max_lists) & ~busy]
        if len(free):
            yield short, int(free[0])


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


def hold_pairs(world: World, state: State, policy: str, listed: list[Pairs]) -> None:
    """Check what depends on a demand and a dwelling alone.

    Raises
    ------
    ShortlistRefused
        as `hold`, at the first pair that breaks a rule.
    """
    if not listed:
        return
    held_s, *pairs = (np.concatenate(columns) for columns in zip(*listed, strict=True))
    dwelling, demand, reservataire = pairs
    for broken, rule in _rules_of_pairs(world, state, dwelling, demand, reservataire):
        if broken.any():
            at = int(broken.argmax())
            name = world.territory.dwellings.dwelling_id[dwelling[at]]
            who = state.register.demand_id[demand[at]]
            raise ShortlistRefused(policy, world.day(int(held_s[at])), str(name), str(who), rule)


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
