"""Where does each row stand on a sitting date: signed, in flight, and expected to come?"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import MONTH_S, YEAR_S
from sim.process.world import Ledger, State, World
from sim.rules.quotas import Family, Rows, no_rows
from sim.territory.columns import Ints

MONTHS_A_YEAR = 12


def rows_for(world: World, state: State, dwelling: Ints, reservataire: Ints) -> Rows:
    """Return the rows that touch the vacancies of a sitting.

    Parameters
    ----------
    dwelling, reservataire : (V,) of the vacancies examined
    """
    flight = _in_flight(state)
    parts = [_family_rows(world, state, family, dwelling, reservataire, flight) for family in state.families]
    return _joined([part for part in parts if len(part)], len(dwelling))


def _family_rows(
    world: World, state: State, family: Family, dwelling: Ints, reservataire: Ints, flight: Ledger
) -> Rows:
    member = family.member(dwelling, reservataire)
    touched = np.unique(member[member >= 0])
    period_s = _period_start(world, state, family)
    signed, counted = _counts(family, state.ledger.since(period_s))
    signed_due, counted_due = _counts(family, flight)
    trailing, _ = _counts(family, state.ledger.since(state.now_s - YEAR_S))
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
        signed=signed[touched],
        counted=counted[touched],
        signed_due=(signed_due[touched] * accepts).astype(np.float64),
        counted_due=(counted_due[touched] * accepts).astype(np.float64),
        month_flow=trailing[touched] / MONTHS_A_YEAR,
        remaining=(trailing[touched] * left).astype(np.float64),
    )


def _counts(family: Family, leases: Ledger) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the leases that count for each member, and those among them to the row's public."""
    member = family.member(leases.dwelling, leases.reservataire)
    inside = (member >= 0) & (leases.signature & family.excluded == 0)
    served = inside & (leases.signature & family.public != 0)
    size = len(family.labels)
    return np.bincount(member[inside], minlength=size), np.bincount(member[served], minlength=size)


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
