"""Where does each row stand on a sitting date: signed, in flight, and expected to come?

Left out on purpose: a lease is signed some days after its sitting, so those of the last sittings of December
count in the next year; an offer's chance of a lease is one rate, whoever it is made to.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import MONTH_S, YEAR_S
from sim.process.state import Counted, Ledger, State
from sim.process.world import World
from sim.rules.quotas import TARGET, Family, Rows, no_rows
from sim.territory.columns import Bools, Ints

MONTHS_A_YEAR = 12

NO_LEASE = Counted(0, 0, 0)


class Leases(NamedTuple):
    """Signed leases of the longer of a period and the trailing year; the first `early` are of it alone."""

    every: Ledger
    early: int
    period_first: bool  # whether the period is the longer


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
    families, touched, scope, counts = [], [], [], []
    leases: dict[int, Leases] = {}  # by the months of a family
    for family in state.families:
        member = family.member(dwelling, reservataire)
        if follows is not None and family.tier == TARGET:
            member = np.where(follows, member, -1)
        here = np.bincount(member + 1, minlength=1)[1:].nonzero()[0]
        if len(here):
            families.append(family)
            touched.append(here)
            scope.append(member[None, :] == here[:, None])
            if family.months not in leases:
                leases[family.months] = _leases(world, state, family)
            counts.append(_counts(family, leases[family.months], flight)[:, here])
    if not families:
        return no_rows(len(dwelling))
    many = [len(here) for here in touched]

    def of_each(values: Iterable[int]) -> NDArray[np.int64]:
        return np.repeat(np.array(list(values), dtype=np.int64), many)

    labels = tuple(f.labels[i] for f, here in zip(families, touched, strict=True) for i in here.tolist())
    signed, counted, trailing, due, due_served = np.concatenate(counts, axis=1)
    if state.counted:
        told = np.array([state.counted.get(label, NO_LEASE) for label in labels], dtype=np.int64)
        signed, counted, trailing = signed + told[:, 0], counted + told[:, 1], trailing + told[:, 2]
    if state.due:
        made = np.array([state.due.get(label, (0, 0)) for label in labels], dtype=np.int64)
        due, due_served = due + made[:, 0], due_served + made[:, 1]
    accepts = np.float64(world.scenario.acceptance.accepts)
    left = (world.second(_next_january(world.day(state.now_s))) - state.now_s) / YEAR_S
    rolling = of_each(family.months for family in families) > 0
    return Rows(
        label=labels,
        rule=tuple(f.rule for f, number in zip(families, many, strict=True) for _ in range(number)),
        tier=of_each(family.tier for family in families),
        percent=of_each(family.percent for family in families),
        public=of_each(family.public for family in families),
        excluded=of_each(family.excluded for family in families),
        scope=np.concatenate(scope),
        signed=signed,
        counted=counted,
        signed_due=due * accepts,
        counted_due=due_served * accepts,
        month_flow=trailing / np.float64(MONTHS_A_YEAR),
        remaining=np.where(rolling, np.inf, trailing * np.float64(left)),
    )


def _leases(world: World, state: State, family: Family) -> Leases:
    """Return the signed leases that a family may count: those of its period and of the trailing year."""
    period_s, year_ago_s = period_start(world, state, family), state.now_s - YEAR_S
    every = state.ledger.since(min(period_s, year_ago_s))
    early = int(every.signed_s.searchsorted(max(period_s, year_ago_s)))
    return Leases(every, early, period_first=period_s < year_ago_s)


def _counts(family: Family, leases: Leases, flight: Ledger) -> NDArray[np.int64]:
    """Return the leases of each member, (5, members).

    In the period, and of these to the row's public; in the trailing year; in flight, and of these to the
    public. Signed leases are coded once, and those of both period and year counted apart from the earlier.
    """
    code = _codes(family, leases.every)
    late = _by_member(family, code[leases.early :])
    every = late + _by_member(family, code[: leases.early])
    period, year = (every, late) if leases.period_first else (late, every)
    due = _by_member(family, _codes(family, flight))
    return np.stack([period.sum(axis=1), period[:, 1], year.sum(axis=1), due.sum(axis=1), due[:, 1]])


def _codes(family: Family, leases: Ledger) -> Ints:
    """Return of each lease 2 · (member + 1), plus one where it went to the row's public, (n,)."""
    member = family.member(leases.dwelling, leases.reservataire)
    if family.excluded:
        member = np.where(leases.signature & family.excluded == 0, member, -1)
    code: Ints = 2 * (member + 1) + (leases.signature & family.public != 0)
    return code


def _by_member(family: Family, code: Ints) -> NDArray[np.int64]:
    """Return how many leases each member has, (members, to the row's public or not)."""
    size = len(family.labels) + 1
    return np.bincount(code, minlength=2 * size).reshape(size, 2)[1:]


def _in_flight(state: State) -> Ledger:
    """Return the offers that await their answer, as leases that may come."""
    rows = [
        (vacancy.dwelling, vacancy.holder, int(state.register.signature[offer.demand]))
        for vacancy in state.vacancies.values()
        if vacancy.offers and (offer := vacancy.pending) is not None
    ]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Ledger(np.full(len(rows), state.now_s), columns[:, 0], columns[:, 1], columns[:, 2])


def period_start(world: World, state: State, family: Family) -> int:
    """Return the second from which the leases of a row count."""
    if family.months:
        return state.now_s - family.months * MONTH_S
    return world.second(date(world.day(state.now_s).year, 1, 1))


def _next_january(day: date) -> date:
    return date(day.year + 1, 1, 1)
