"""What a tenant's demand says of its own dwelling, worked by hand on the toy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.outcomes import DAY_S
from sim.process import demand_flow
from sim.process.replication import initial_state
from sim.process.situation import HLM, TOO_LARGE, TOO_SMALL, own_situation
from sim.process.state import State
from sim.process.world import World


@pytest.fixture
def opened(toy: World) -> State:
    return initial_state(toy)


def place_of(world: World, dwelling: str) -> np.ndarray:
    return np.flatnonzero(world.territory.dwellings.dwelling_id == dwelling)


def said(world: World, state: State, dwelling: str, motives: int = 1) -> dict[str, object]:
    place = place_of(world, dwelling)
    found = own_situation(world, state.housing, place, np.array([motives]))
    return {name: column[0].item() for name, column in found.items()}


def test_room_rent_and_place_are_those_of_the_dwelling(toy: World, opened: State) -> None:
    # M2 in L2: two adults and a child of 15, 2,700 EUR a month; T3 of 60 m², 400 + 80 EUR; 1 September 2015.
    found = said(toy, opened, "L2")
    assert found["occupants"] == 3
    assert (found["rooms"], found["surface"]) == (3, 60)
    assert (found["persons_per_room"], found["m2_per_person"]) == (1, 20)
    assert found["rent"] == 400
    assert found["effort_rate"] == 0.178  # 480 / 2,700 = 0.1778
    assert found["residual_income"] == 1110  # 2,700 × (1 − 0.178) / 2 UC (1 + 0.5 + 0.5) = 1,109.7
    assert found["housing_modes"] == HLM
    assert found["qpv_residence"] == 0
    assert np.datetime64("1970-01-01") + np.timedelta64(int(found["housed_since"]), "D") == np.datetime64(
        "2015-09-01"
    )
    assert said(toy, opened, "L5")["qpv_residence"] == 1


def test_without_resources_there_is_no_effort(toy: World, opened: State) -> None:
    for income in (np.nan, 0.0):
        opened.housing.monthly_income_eur[place_of(toy, "L2")] = income
        found = said(toy, opened, "L2")
        assert np.isnan(found["effort_rate"])
        assert np.isnan(found["residual_income"])


@pytest.mark.parametrize(
    ("persons", "drawn", "told"),
    [
        (3, 1 | TOO_SMALL, 1 | TOO_SMALL),  # the law calls it neither: what was drawn stays
        (7, 1 | TOO_LARGE, 1 | TOO_SMALL),  # 61 m² wanted, 60 m²
        (1, 1 | TOO_SMALL, 1 | TOO_LARGE),  # 3 rooms, 1 person + 1
        (3, -1, -1),  # missing
        (1, -1, TOO_LARGE),
    ],
)
def test_motives_of_size_follow_from_the_dwelling(
    toy: World, opened: State, persons: int, drawn: int, told: int
) -> None:
    place = place_of(toy, "L2")
    opened.housing.adults[place], opened.housing.children[place] = 1, persons - 1
    opened.housing.teens[place] = 0
    assert said(toy, opened, "L2", drawn)["motives"] == told


def test_a_tenant_s_points_follow_from_its_own_dwelling(toy: World) -> None:
    """It holds its own attributes, of those the territory's demands hold, and the template's others."""
    demands = toy.territory.demands
    count = len(demands.demand_id)
    held = {"persons_per_room": np.full(count, 9.0), "works_in_epci": np.ones(count, dtype=np.int8)}
    territory = replace(toy.territory, demands=replace(demands, attributes=held))
    world = replace(toy, territory=territory)
    state = initial_state(world)
    place = place_of(world, "L5")
    state.housing.mutation_s[place] = DAY_S
    (row,) = demand_flow.mutations(world, state, place)
    register = state.register
    assert register.attribute("persons_per_room")[row] == 1.25  # five persons in a T4
    assert register.attribute("works_in_epci")[row] == 1
    assert set(register.attributes) == {*held, "unjustified_refusals_24m"}
    assert register.filed_s[row] == DAY_S
