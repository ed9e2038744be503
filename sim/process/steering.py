"""Where does each row stand on a sitting date: signed, in flight, and expected to come?

Left out on purpose: a lease is signed some days after its sitting, so those of the last sittings of December
count in the next year; an offer's chance of a lease is one rate, whoever it is made to.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import MONTH_S, YEAR_S
from sim.process.state import Ledger, State
from sim.process.world import World
from sim.rules.quotas import TARGET, Family, Rows, no_rows
from sim.territory.columns import Bools, Ints

MONTHS_A_YEAR = 12


def rows_for(
    world: World, state: State, dwelling: Ints, reservataire: Ints, follows: Bools | None = None
) -> Rows:
    """Return the rows that touch the vacancies of a sitting.

    Parameters
    ----------
    dwelling, reservataire : (V,) of the vacancies examined
    follows : (V,) whether whoever holds it follows the strategy, all where not given: targets bear on these
    """
    flight = _in_flight(state)
    parts = []
    for family in state.families:
        member = family.member(dwelling, reservataire)
        if follows is not None and family.tier == TARGET:
            member = np.where(follows, member, -1)
        touched = np.unique(member[member >= 0])
        if len(touched):
            parts.append(_family_rows(world, state, family, touched, member, flight))
    return _joined(parts, len(dwelling))


def _family_rows(
    world: World, state: State, family: Family, touched: Ints, member: Ints, flight: Ledger
) -> Rows:
    """Return the rows of the members touched; `member` is that of each vacancy."""
    period_s, year_ago_s = _period_start(world, state, family), state.now_s - YEAR_S
    leases = state.ledger.since(min(period_s, year_ago_s))
    counts, served = _counting(family, leases)
    size = len(family.labels)
    in_period = slice(np.searchsorted(leases.signed_s, period_s), None)
    in_year = slice(np.searchsorted(leases.signed_s, year_ago_s), None)
    signed = _by_member(counts[in_period], size)[touched]
    counted = _by_member(np.where(served, counts, -1)[in_period], size)[touched]
    trailing = _by_member(counts[in_year], size)[touched]
    due, due_served = _counting(family, flight)
    accepts = world.scenario.acceptance.accepts
    left = (world.second(_next_january(world.day(state.now_s))) - state.now_s) / YEAR_S
    return Rows(
        label=tuple(family.labels[i] for i in touched),
        rule=(family.rule,) * len(touched),
        tier=np.full(len(touched), family.tier),
        percent=np.full(len(touched), family.percent),
        public=np.full(len(touched), family.public),
        excluded=np.full(len(touched), family.excluded),
        scope=member[None, :] == touched[:, None],
        signed=signed,
        counted=counted,
        signed_due=_by_member(due, size)[touched] * np.float64(accepts),
        counted_due=_by_member(np.where(due_served, due, -1), size)[touched] * np.float64(accepts),
        month_flow=trailing / np.float64(MONTHS_A_YEAR),
        remaining=np.full(len(touched), np.inf) if family.months else trailing * np.float64(left),
    )


def _counting(family: Family, leases: Ledger) -> tuple[Ints, Bools]:
    """Return the member each lease counts for, -1 for none, and whether it went to the row's public."""
    member = family.member(leases.dwelling, leases.reservataire)
    if family.excluded:
        member = np.where(leases.signature & family.excluded == 0, member, -1)
    return member, leases.signature & family.public != 0


def _by_member(member: Ints, size: int) -> NDArray[np.int64]:
    """Return how many leases each member has."""
    return np.bincount(member + 1, minlength=size + 1)[1:]


def _in_flight(state: State) -> Ledger:
    """Return the offers that await their answer, as leases that may come."""
    rows = [
        (vacancy.dwelling, vacancy.holder, int(state.register.signature[offer.demand]))
        for vacancy in state.vacancies.values()
        if (offer := vacancy.pending) is not None
    ]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Ledger(np.full(len(rows), state.now_s), columns[:, 0], columns[:, 1], columns[:, 2])


def _period_start(world: World, state: State, family: Family) -> int:
    if family.months:
        return state.now_s - family.months * MONTH_S
    return world.second(date(world.day(state.now_s).year, 1, 1))


def _next_january(day: date) -> date:
    return date(day.year + 1, 1, 1)


def _joined(parts: list[Rows], vacancies: int) -> Rows:
    if not parts:
        return no_rows(vacancies)
    names = [name for name in Rows.__dataclass_fields__ if name not in ("label", "rule")]
    return Rows(
        sum((part.label for part in parts), ()),
        sum((part.rule for part in parts), ()),
        *(np.concatenate([getattr(part, name) for part in parts]) for name in names),
    )
