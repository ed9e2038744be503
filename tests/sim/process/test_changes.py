"""What 1 January changes for those housed and those who wait."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.outcomes import MONTH_S, Outcomes
from sim.process.admission import new_year
from sim.process.ageing import income_levels
from sim.process.changes import change_demands, lose_the_right_to_stay
from sim.process.housing import ENDINGS, NEVER
from sim.process.replication import grid_of, initial_state, replicate, territory_of
from sim.process.state import State
from sim.process.world import World, world_of
from sim.rules.eligibility import ceiling_eur, income_uc_eur
from sim.scenario import load_scenario

PLS = 2
SHORT: Mapping[str, Any] = {"time.years": 3, "time.burn_in_months": 0}


def opened(**changes: Any) -> tuple[World, State]:
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={**SHORT, **changes})
    world = world_of(scenario, territory_of(scenario), grid_of(scenario), 0)
    return world, initial_state(world)


def turn(world: World, state: State, year: int) -> None:
    state.now_s = world.january(year)
    new_year(world, state, income_levels(world), year)


def played(**changes: Any) -> Outcomes:
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={**SHORT, **changes})
    ((_, outcomes),) = replicate(scenario, territory_of(scenario), ("cotation_only",), 0)
    return outcomes


def test_switched_off_nobody_who_waits_changes_and_occupants_keep_their_size() -> None:
    world, state = opened(**{"household.active": False})
    housing, register = state.housing, state.register
    before = housing.adults.copy(), housing.children.copy(), register.age.copy(), register.persons.copy()
    turn(world, state, 2027)
    rows = slice(len(before[2]))
    np.testing.assert_array_equal(housing.adults, before[0])
    np.testing.assert_array_equal(housing.children, before[1])
    np.testing.assert_array_equal(register.age[rows], before[2])
    np.testing.assert_array_equal(register.persons[rows], before[3])
    assert (housing.ends_s == NEVER).all()


def test_only_the_demands_are_switched_off() -> None:
    world, state = opened(**{"household.demands": False})
    ages, sizes = state.register.age.copy(), state.housing.adults + state.housing.children
    turn(world, state, 2027)
    np.testing.assert_array_equal(state.register.age[: len(ages)], ages)
    assert (state.housing.adults + state.housing.children != sizes).any()


def test_those_who_wait_are_a_year_older_and_what_follows_from_their_size_follows() -> None:
    world, state = opened(**{"household.birth_couple": 5.0, "household.birth_alone": 5.0})
    register = state.register
    rows = state.open_rows
    ages, persons, rooms = register.age[rows].copy(), register.persons[rows].copy(), register.rooms_max[rows]
    low, rooms = register.rooms_min[rows].copy(), rooms.copy()
    change_demands(world, state, 2027)
    first = register.mutation_of[rows] < 0
    assert (register.age[rows][first] == ages[first] + 1).all()
    grew = register.persons[rows] == persons + 1
    assert grew.sum() > 20
    np.testing.assert_array_equal(register.persons, register.adults + register.children)
    single = (register.adults == 1) & (register.children > 0)
    np.testing.assert_array_equal(register.ranked, register.persons + single)
    matrix = world.law.rooms_matrix
    for one in np.flatnonzero(grew):
        old, new = (matrix[min(size, len(matrix)) - 1] for size in (persons[one], persons[one] + 1))
        assert register.rooms_max[rows[one]] == max(rooms[one] + new[1] - old[1], 1)
        assert register.rooms_min[rows[one]] == max(low[one] + new[0] - old[0], 1)
    income = register.monthly_income_eur, register.adults, register.children, register.teens
    np.testing.assert_allclose(register.income_uc_eur[rows], income_uc_eur(world.law, *income)[rows])


def test_a_tenant_s_demand_says_what_has_become_of_the_tenant() -> None:
    world, state = opened(**{"household.birth_couple": 5.0, "household.separation": 0.5})
    turn(world, state, 2027)
    register, housing = state.register, state.housing
    rows = state.open_rows[register.mutation_of[state.open_rows] >= 0]
    home = register.mutation_of[rows]
    here = housing.household[home] == register.household[rows]
    assert here.sum() > 10
    for name in ("adults", "grown", "children", "teens", "age", "activity", "monthly_income_eur", "rfr_eur"):
        np.testing.assert_array_equal(getattr(register, name)[rows[here]], getattr(housing, name)[home[here]])


def test_partners_who_leave_file_a_demand_of_their_own_within_the_year() -> None:
    outcomes = played(**{"household.separation": 0.3, "household.split_files_demand": 1.0})
    demands = outcomes.demands
    split = demands[demands["demand_id"].str.startswith("P")]
    assert len(split) > 20
    assert split["household_id"].str.contains("|split|", regex=False).all()
    assert (split["filed_s"] >= 0).all()
    assert split["household_id"].is_unique
    none = played(**{"household.separation": 0.3, "household.split_files_demand": 0.0})
    assert not none.demands["demand_id"].str.startswith("P").any()


def test_deaths_free_dwellings_and_none_where_nobody_dies() -> None:
    outcomes = played(**{"household.death_at_80": 0.3})
    assert (outcomes.vacancies["cause"] == "death").sum() > 10
    assert outcomes.tenures["exits_death"].sum() > 10
    assert not (played(**{"household.death_at_80": 0.0}).vacancies["cause"] == "death").any()


def rich(world: World, state: State, in_qpv: bool) -> np.ndarray:
    """Make the households of every dwelling young, and twice above the PLS ceiling in or outside QPV."""
    housing = state.housing
    persons = np.maximum(housing.adults + housing.children, 1)
    above = 2 * ceiling_eur(world.law, persons, PLS, (housing.adults == 1) & (housing.children > 0))
    chosen = housing.occupied & (world.in_qpv == in_qpv)
    housing.age[:] = 40
    housing.rfr_eur[:] = np.where(chosen, above, 1000.0)
    return np.flatnonzero(chosen)


@pytest.mark.parametrize("in_qpv", [False, True])
def test_the_right_to_stay_is_lost_after_two_years_but_never_in_a_qpv(in_qpv: bool) -> None:
    world, state = opened(**{"household.death_at_80": 0.0})
    assert set(world.territory.residences.zone) <= {"Abis", "A", "B1"}
    place = rich(world, state, in_qpv)
    assert len(place)
    state.now_s = world.january(2027)
    lose_the_right_to_stay(world, state)
    assert (state.housing.ends_s == NEVER).all()
    state.now_s = world.january(2028)
    lose_the_right_to_stay(world, state)
    losing = np.flatnonzero(state.housing.ends_s < NEVER)
    np.testing.assert_array_equal(losing, [] if in_qpv else place)
    assert (state.housing.ends_s[losing] == world.january(2028) + 18 * MONTH_S).all()
    assert (state.housing.ends_by[losing] == ENDINGS.index("right_to_stay")).all()


def test_who_comes_below_the_ceiling_again_keeps_the_dwelling() -> None:
    world, state = opened(**{"household.death_at_80": 0.0})
    place = rich(world, state, in_qpv=False)
    for year in (2027, 2028):
        state.now_s = world.january(year)
        lose_the_right_to_stay(world, state)
    state.housing.rfr_eur[place[:3]] = 1000.0
    state.now_s = world.january(2029)
    lose_the_right_to_stay(world, state)
    assert (state.housing.ends_s[place[:3]] == NEVER).all()
    assert (state.housing.years_above[place[:3]] == 0).all()
    assert (state.housing.ends_s[place[3:]] == world.january(2028) + 18 * MONTH_S).all()


def test_the_loss_of_the_right_frees_dwellings_in_a_run_but_none_in_qpv() -> None:
    law = {"right_to_stay_percent": 30, "right_to_stay_months": 6}
    outcomes = played(**{"law.overrides": law})
    freed = outcomes.vacancies[outcomes.vacancies["cause"] == "right_to_stay"]
    assert len(freed) > 5
    assert not freed["in_qpv"].any()
    off = played(**{"law.overrides": {**law, "right_to_stay": False}})
    assert not (off.vacancies["cause"] == "right_to_stay").any()


def test_nobody_owes_a_supplement_in_a_qpv() -> None:
    occupation = played().occupation
    assert occupation.loc[~occupation["in_qpv"], "sls_households"].sum() > 0
    assert occupation.loc[occupation["in_qpv"], "sls_households"].sum() == 0


def test_tenures_account_for_every_household_and_every_exit_of_a_year() -> None:
    outcomes = played()
    tenures, occupation = outcomes.tenures, outcomes.occupation
    exits = [name for name in tenures if name.startswith("exits_")]
    held = tenures.groupby("year")["households"].sum()
    np.testing.assert_array_equal(held, occupation.groupby("year")["households"].sum())
    left = tenures[exits].sum(axis=1).groupby(tenures["year"]).sum()
    # Who was there on 1 January and left is counted as a leaver the next, but for those who left and whose
    # dwelling was let again to nobody else: the two counts are of the same households.
    leavers = occupation.groupby("year")[["leavers", "demolished", "sold"]].sum().sum(axis=1)
    np.testing.assert_array_equal(left.iloc[:-1], leavers.iloc[1:])
    assert left.iloc[-1] == 0
    assert (tenures[exits].sum(axis=1) <= tenures["households"]).all()
    assert tenures["tenure"].between(0, 30).all()


def test_the_first_year_has_its_deaths_too() -> None:
    _, state = opened(**{"household.death_at_80": 0.5, "time.burn_in_months": 6})
    housing, by = state.housing, ENDINGS.index("death")
    dying = np.flatnonzero(housing.ends_s < NEVER)
    assert len(dying) > 5
    assert (housing.ends_by[dying] == by).all()
    assert ((housing.ends_s[dying] >= state.now_s) & (housing.ends_s[dying] < 0)).all()  # by 1 January
    assert (housing.notice_s[dying] <= housing.ends_s[dying]).all()
