"""What does a commission see, on a sitting date?

`convene` builds the Sitting from the state; legality.py checks what a policy proposes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.policies.parameters import Parameters
from sim.policies.sitting import NOBODY, Sitting, positions
from sim.process import dalo, rpms
from sim.process.designation import follows
from sim.process.pools import offered, pools
from sim.process.register import OFFERED
from sim.process.scores import kept
from sim.process.state import State
from sim.process.steering import rows_for
from sim.process.vacancy import Vacancy
from sim.process.world import World
from sim.rules.cotation import Points
from sim.territory.columns import Floats, Ints

OF_DEMANDS = ("filed_s", "lottery", "signature", "first_commune", "rooms_min", "max_rent_eur")
"""Columns of a Sitting that are the register's."""

SMALL = 1000
"""Up to so many numbers are sorted as they are."""

PLAIN = Parameters()

_NOBODY: Ints = np.zeros(0, dtype=np.int32)


def convene(
    world: World,
    state: State,
    vacancies: Sequence[Vacancy],
    carry: object,
    parameters: Parameters = PLAIN,
) -> Sitting:
    """Build the Sitting of `state.now_s` for the vacancies examined.

    1. Order the waiting demands by cotation: absolute priority, points, oldest, lottery. Those whom an
       operation rehouses have absolute priority where the scenario says so, whatever the grid.
    2. For each typology and commune asked, keep who wishes it; for each vacancy, who fits and is in its pool.
    3. Where the préfet names a DALO household alone, its pool is that household; say who is first by an RPMS
       debt.
    4. Say where each legal and target row stands.
    """
    register = state.register
    waiting = state.open_rows
    busy = (register.state[waiting] == OFFERED) | (register.listed[waiting] > 0)
    if busy.any():
        waiting = waiting[~busy]
    cotation = kept(world, state, waiting)
    if world.plan.operations and world.scenario.relogement.first:
        first = cotation.absolute_priority | (register.operation[waiting] >= 0)
        cotation = replace(cotation, absolute_priority=first)
    order = _cotation_order(cotation)
    waiting, points = waiting[order], cotation.total[order].astype(np.int64, copy=False)
    dwelling = np.array([vacancy.dwelling for vacancy in vacancies], dtype=np.int64)
    reservataire = np.array([vacancy.holder for vacancy in vacancies], dtype=np.int64)
    position = positions(waiting, register.size)
    places = offered(world, vacancies)
    eligible = pools(state, vacancies, places, waiting, position)
    named = dalo.named_alone(world, state, vacancies, waiting, eligible)
    eligible = dalo.cut(state, places, waiting, eligible, named)
    choice, read = world.scenario.sittings, {"seniority": order, "position": position}
    return Sitting(
        held_on=world.day(state.now_s),
        held_s=state.now_s,
        dwelling=dwelling,
        reservataire=reservataire,
        designated=np.array([vacancy.designated for vacancy in vacancies], dtype=bool),
        tried=[vacancy.tried for vacancy in vacancies],
        demand=waiting,
        absolute_priority=cotation.absolute_priority[order],
        points=points,
        pools=eligible,
        named=named,
        owed=rpms.owed_first(world, state, vacancies, position, eligible, named),
        look_up=lambda name: (
            _column(world, state, name, dwelling, waiting) if name not in read else read[name]
        ),
        discretion=lambda vacancy, positions: _discretion(
            world, state, dwelling[vacancy], waiting[positions]
        ),
        usual=world.scenario.status_quo,
        standing=lambda: rows_for(world, state, dwelling, reservataire, follows(world, vacancies)),
        min_candidates=world.law.min_candidates,
        list_length=choice.list_length,
        max_lists=choice.max_lists,
        max_points_forgone=choice.max_points_forgone,
        weight=choice.weight,
        carry=carry,
        form=parameters.form,
        gap=parameters.gap,
        chain_bonus=world.scenario.mutations.bonus,
    )


def _column(world: World, state: State, name: str, dwelling: Ints, waiting: Ints) -> NDArray[Any]:
    """Return a column of the vacancies or of the waiting demands by its name in a Sitting."""
    if name in OF_DEMANDS:
        column: NDArray[Any] = getattr(state.register, name)[waiting]
        return column
    if name == "deadline_s":
        return dalo.owed_by(world, state, waiting)
    residence = world.territory.dwellings.residence[dwelling]
    of_vacancy: dict[str, NDArray[Any]] = {
        "bailleur": world.bailleur[dwelling],
        "residence": residence,
        "in_qpv": world.in_qpv[dwelling],
        "rooms": world.territory.dwellings.rooms[dwelling],
        "commune": world.commune[dwelling],
        "rent_due_eur": world.rent_due_eur[dwelling],
        "peuplement_type": state.peuplement_type[residence]
        if len(state.peuplement_type)
        else residence * 0 - 1,
    }
    return of_vacancy[name]


def _discretion(world: World, state: State, dwelling: Ints, demand: Ints) -> Floats:
    """Return the commission's own part about demands for dwellings, pair by pair, uniform, (n,)."""
    household = state.register.household[demand]
    return world.chance.uniform("discretion", household, world.dwelling_key[dwelling])


def _cotation_order(cotation: Points) -> NDArray[np.int64]:
    """Return the order of demands given oldest first: flagged, then points; a stable sort keeps the oldest.

    A demand the grid excludes is in no order: it is not proposed.
    """
    level = cotation.total.max(initial=0) - cotation.total
    if len(level) > SMALL and level.dtype == np.int64 and level.max() < np.iinfo(np.int16).max:
        level = level.astype(np.int16)  # numpy sorts 16-bit integers by radix
    order = level.argsort(kind="stable")
    if cotation.excluded.any():
        order = order[~cotation.excluded[order]]
    first = cotation.absolute_priority[order]
    return np.concatenate([order[first], order[~first]]) if first.any() else order


def passed_over(sitting: Sitting, lists: Ints) -> list[Ints]:
    """Return, for each vacancy, the better scored eligible demands that are on no list, positions, ascending.

    Better scored than the first of its list; nobody where it has none.
    """
    leads, found = lists[:, 0].tolist(), [_NOBODY] * len(sitting)
    if max(leads, default=NOBODY) <= 0:
        return found
    presented = np.zeros(len(sitting.demand), dtype=bool)
    presented[lists[lists != NOBODY]] = True
    hidden = np.flatnonzero(~presented)
    last = hidden[0] if len(hidden) else len(presented)
    for vacancy, lead in enumerate(leads):
        if lead > last:  # before that, everybody is on some list
            better = sitting.pools[vacancy].before(lead)
            better = better[~presented[better]]
            found[vacancy] = better[sitting.points[better] > sitting.points[lead]]
    return found
