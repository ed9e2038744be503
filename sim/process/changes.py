"""What does 1 January change in the households that wait, and in those housed?

Occupants live a year (household_life.py), then age (ageing.py); demands of tenants follow the tenant, the
others live a year of their own. Rooms asked move with the size of the household, so do ceilings, fit and
traits. Left out on purpose: the incomes of those who wait, but for those who part or pair.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import MONTH_S
from sim.process import demand_flow, demand_traits, filing
from sim.process.household_life import Members, YearOfLife, year_of_life
from sim.process.housing import ENDINGS, NEVER
from sim.process.register import CLOSED, Rows
from sim.process.state import State
from sim.process.world import World
from sim.rules.sls import above_the_right_to_stay
from sim.territory.columns import Ints

COMPOSITION = ("adults", "grown", "children", "teens")


def changes_while_waiting(world: World) -> bool:
    """Tell whether the households that wait age and change."""
    return world.scenario.household.active and world.scenario.household.demands


def live(world: World, state: State, year: int) -> demand_flow.Parted:
    """Let occupants live a year; return the partners who leave and will file a demand within the next.

    # Simplified: nobody but a partner takes over the lease of a person who dies.
    """
    choice, housing = world.scenario.household, state.housing
    place = np.flatnonzero(housing.occupied)
    if not choice.active or not len(place):
        return demand_flow.NOBODY
    household, lived = housing.household[place], _lived(world, state, place, year)
    files, when = world.chance.uniforms(f"split/{year}", household)
    filing = lived.separated & (files < choice.split_files_demand)
    length_s = world.january(year + 1) - state.now_s
    for name in COMPOSITION:
        getattr(housing, name)[place] = getattr(lived.members, name)
    housing.monthly_income_eur[place] *= lived.income
    housing.rfr_eur[place] *= lived.income
    _foresee_deaths(world, state, place, lived, year)
    who = place[filing]
    return demand_flow.Parted(
        housing.household_id[who],
        state.now_s + (when[filing] * length_s).astype(np.int64),
        housing.age[who] + 1,
        housing.activity[who].copy(),
        housing.monthly_income_eur[who],
        housing.rfr_eur[who],
    )


def first_deaths(world: World, state: State) -> None:
    """Foresee the deaths of the year in which the territory as given stands, from then on."""
    housing = state.housing
    place = np.flatnonzero(housing.occupied & ~world.laws.stream)
    if world.scenario.household.active and len(place):
        _foresee_deaths(world, state, place, _lived(world, state, place, state.year), state.year)
        housing.notice_s[place] = np.minimum(housing.notice_s[place], housing.ends_s[place])


def _lived(world: World, state: State, place: Ints, year: int) -> YearOfLife:
    housing = state.housing
    members = Members(*(getattr(housing, name)[place] for name in (*COMPOSITION, "age")))
    household, choice = housing.household[place], world.scenario.household
    return year_of_life(world.law, choice, world.chance, year, household, members)


def _foresee_deaths(world: World, state: State, place: Ints, lived: YearOfLife, year: int) -> None:
    """Set when tenancies end in a year by a death that is still to come."""
    housing, first_s = state.housing, world.january(year)
    length_s = world.january(year + 1) - first_s
    died = place[lived.died]
    death_s = first_s + (lived.death_at[lived.died] * length_s).astype(np.int64)
    sooner = (death_s < housing.ends_s[died]) & (death_s >= state.now_s)
    housing.ends_s[died[sooner]] = death_s[sooner]
    housing.ends_by[died[sooner]] = ENDINGS.index("death")


def lose_the_right_to_stay(world: World, state: State) -> None:
    """Count the years above what the right to stay admits; after enough in a row the tenancy has an end.

    Who comes below again before that end has the right back. Source: CCH L.442-3-3.
    """
    law, housing = world.law, state.housing
    if not law.right_to_stay:
        return
    residences, residence = world.territory.residences, world.territory.dwellings.residence
    above = housing.occupied & above_the_right_to_stay(
        law,
        housing.rfr_eur,
        np.maximum(housing.adults + housing.children, 1),
        (housing.adults == 1) & (housing.children > 0),
        housing.age,
        residences.zone[residence],
        world.in_qpv,
    )
    housing.years_above[:] = np.where(above, housing.years_above + 1, 0)
    by = ENDINGS.index("right_to_stay")
    leaving = (housing.ends_s < NEVER) & (housing.ends_by == by)
    housing.ends_s[leaving & ~above] = NEVER
    last_s = state.now_s + law.right_to_stay_months * MONTH_S
    losing = above & ~leaving & (housing.years_above >= law.right_to_stay_years) & (housing.ends_s > last_s)
    housing.ends_s[losing], housing.ends_by[losing] = last_s, by


def change_demands(world: World, state: State, year: int) -> None:
    """Let the households of pending demands live a year and age; a tenant's demand follows its tenant.

    # Simplified: attributes a grid reads besides age, adults and children stay as declared.
    """
    register, housing = state.register, state.housing
    rows = state.open_rows[register.state[state.open_rows] != CLOSED]
    if not changes_while_waiting(world) or not len(rows):
        return
    home = register.mutation_of[rows]
    tenant = (home >= 0) & housing.occupied[home] & (housing.household[home] == register.household[rows])
    before = register.adults[rows].astype(np.int64) + register.children[rows]
    own, theirs, at = rows[~tenant], rows[tenant], home[tenant]
    _live_on(world, state, own, year)
    for name in ("grown", *filing.HOUSEHOLD):
        getattr(register, name)[theirs] = getattr(housing, name)[at]
    _refit(world, state, rows, before)


def _live_on(world: World, state: State, rows: Ints, year: int) -> None:
    register = state.register
    members = Members(*(_whole(state, rows, name) for name in (*COMPOSITION, "age")))
    lived: YearOfLife = year_of_life(
        world.law, world.scenario.household, world.chance, year, register.household[rows], members
    )
    for name in COMPOSITION:
        getattr(register, name)[rows] = getattr(lived.members, name)
    register.age[rows] += 1
    register.monthly_income_eur[rows] *= lived.income
    register.rfr_eur[rows] *= lived.income


def _refit(world: World, state: State, rows: Rows, before: Ints) -> None:
    """Set what follows from the size and the incomes of households; `before` is their size last year."""
    register, matrix = state.register, world.law.rooms_matrix
    persons = _whole(state, rows, "adults") + _whole(state, rows, "children")
    row, was = (np.clip(size, 1, len(matrix)) - 1 for size in (persons, before))
    for name, column in (("rooms_min", 0), ("rooms_max", 1)):
        moved = _whole(state, rows, name) + matrix[row, column] - matrix[was, column]
        getattr(register, name)[rows] = np.maximum(moved, 1)
    demand_traits.restate(world, state, rows)


def _whole(state: State, rows: Ints, name: str) -> NDArray[np.int64]:
    """Return a column of whole numbers of some demands, wide enough to count with."""
    column: NDArray[np.int64] = getattr(state.register, name)[rows].astype(np.int64)
    return column
