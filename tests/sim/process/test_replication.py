"""The state from which compared policies branch: opened once, shared by none."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np

from sim.outcomes import DAY_S, YEAR_S
from sim.policies import POLICIES
from sim.process.closing import close, lapse
from sim.process.engine import play
from sim.process.replication import grid_of, initial_state, open_run, replicate, territory_of
from sim.process.world import World, world_of
from sim.scenario import Scenario


def test_a_branch_changes_nothing_of_the_state_it_leaves(tutorial: Scenario) -> None:
    world = world_of(tutorial, territory_of(tutorial), grid_of(tutorial), 0)
    state = initial_state(world)
    play(world, state, POLICIES["seniority"], 0)
    open_run(world, state)
    before = pickle.dumps(state)
    play(world, state.copy(), POLICIES["cotation_peuplement"], YEAR_S)
    assert pickle.dumps(state) == before


def test_without_burn_in_each_demand_is_filed_once_and_nobody_has_aged(toy: World) -> None:
    state = initial_state(toy)
    open_run(toy, state)
    occupants = toy.territory.occupants
    np.testing.assert_array_equal(state.housing.age[occupants.dwelling], occupants.age)
    assert set(state.records.thresholds) == {2026}
    ((_, run),) = replicate(toy.scenario, toy.territory, ("seniority",), 0)
    assert run.demands.demand_id.is_unique
    assert set(run.context["q1_threshold_eur"]) == {"2026", "2027", "2028"}


def test_a_burn_in_ends_by_turning_the_year(toy: World) -> None:
    time = toy.scenario.time.model_copy(update={"burn_in_months": 12})
    world = replace(toy, scenario=toy.scenario.model_copy(update={"time": time}))
    state = initial_state(world)
    assert state.now_s == -365 * DAY_S
    play(world, state, POLICIES["seniority"], 0)
    open_run(world, state)
    occupants = toy.territory.occupants
    stayed = state.housing.household_id[occupants.dwelling] == occupants.household_id
    aged = state.housing.age[occupants.dwelling][stayed] - occupants.age[stayed]
    assert stayed.any()
    assert set(aged.tolist()) == {1}


def test_a_household_who_waited_before_the_start_is_not_aged_twice(toy: World) -> None:
    # Ages are given on the territory's day, second 0: D09, 55, has waited since 2019 and is still 55 in May.
    ((_, run),) = replicate(toy.scenario, toy.territory, ("seniority",), 0)
    assert run.leases.filed_s.min() < -YEAR_S
    state = initial_state(toy)
    open_run(toy, state)
    play(toy, state, POLICIES["seniority"], 200 * DAY_S)
    moved = {str(h): int(a) for h, a in zip(state.housing.household_id, state.housing.age, strict=True)}
    given = dict(
        zip(toy.territory.demands.household_id.tolist(), toy.territory.demands.age.tolist(), strict=True)
    )
    housed = set(moved) & set(given) - set(toy.territory.occupants.household_id.tolist())
    assert housed
    assert {moved[name] - given[name] for name in housed} == {0}


def test_closing_an_old_demand_leaves_the_tenants_new_one(toy: World) -> None:
    # D10 leaves L4; were another demand of the tenant open by then, closing D10 must not hide it, or the
    # tenant could file under an id already given.
    state = initial_state(toy)
    old = state.register.demand_id.tolist().index("D10")
    tenant = int(state.register.mutation_of[old])
    assert state.housing.demand[tenant] == old
    state.housing.demand[tenant] = 12345
    close(state, old, 0, "lapse")
    assert state.housing.demand[tenant] == 12345
    lapse(state, np.array([old]))
    assert state.housing.demand[tenant] == 12345
