"""Whom the three-yearly review of occupation (R27) leads to ask for another dwelling."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.outcomes import DAY_S, YEAR_S
from sim.process import review
from sim.process.admission import admit
from sim.process.housing import NEVER
from sim.process.register import CAUSES
from sim.process.replication import grid_of, initial_state, replicate, territory_of
from sim.process.state import State
from sim.process.world import World, world_of
from sim.scenario import load_scenario

PERIOD_S = 3 * YEAR_S
SURE = {"review_files_unserved": 1.0, "review_files_spare": 1.0, "review_adapted_need": 0.0}


def choosing(world: World, **mutations: object) -> World:
    """Return the world with other choices of mutations, and no demand of a tenant's own accord."""
    scenario = world.scenario
    chosen = scenario.mutations.model_copy(update=mutations)
    quiet = scenario.demand.model_copy(update={"mutation_share": 0.0})
    return replace(world, scenario=scenario.model_copy(update={"mutations": chosen, "demand": quiet}))


def row(world: World, dwelling: str) -> int:
    return int(np.flatnonzero(world.territory.dwellings.dwelling_id == dwelling)[0])


def reviewed(world: World, place: int, **household: float) -> tuple[State, list[str]]:
    """Return the state a day after the review of one tenancy, and the causes of the demands it has led to."""
    state = initial_state(world)
    housing = state.housing
    housing.review_s[:] = NEVER
    housing.mutation_s[:] = NEVER
    for name, value in household.items():
        getattr(housing, name)[place] = value
    housing.review_s[place] = housing.lease_s[place] + PERIOD_S
    state.now_s = int(housing.review_s[place]) + DAY_S
    before = state.register.size
    admit(world, state, 0.0)
    return state, [CAUSES[cause] for cause in state.register.cause[before:]]


@pytest.mark.parametrize(
    ("dwelling", "household", "advised"),
    [
        ("L2", {}, False),  # 3 persons, T3 of 60 m², 29 000 EUR under the PLUS ceiling
        ("L2", {"children": 5}, True),  # 7 persons want 16 + 5 × 9 = 61 m²
        ("L2", {"children": 4}, False),  # 6 persons: 52 m²
        ("L2", {"adults": 1, "children": 0, "rfr_eur": 9000.0}, True),  # 3 rooms > 1 person + 1
        ("L2", {"adults": 2, "children": 0, "rfr_eur": 9000.0}, False),  # 3 rooms = 2 persons + 1
        ("L2", {"rfr_eur": 37_584.0}, False),  # at the PLUS ceiling of 3 persons
        ("L2", {"rfr_eur": 37_585.0}, True),  # above it
        ("L2", {"rfr_eur": np.nan}, False),  # to be checked: excludes nobody
    ],
)
def test_the_reasons_of_the_law_send_a_tenancy_to_the_commission(
    toy: World, dwelling: str, household: dict[str, float], advised: bool
) -> None:
    world = choosing(toy, **SURE)
    state, causes = reviewed(world, row(world, dwelling), **household)
    assert causes == ["review"] * advised
    if advised:
        place = row(world, dwelling)
        filed = int(state.housing.demand[place])
        # Filed on the day of the review, three years from the lease; the next one three years later.
        assert state.register.filed_s[filed] == state.housing.lease_s[place] + PERIOD_S
        assert state.register.mutation_of[filed] == place
        assert state.housing.review_s[place] == state.housing.lease_s[place] + 2 * PERIOD_S


def test_a_need_that_has_come_asks_for_an_accessible_dwelling(toy: World) -> None:
    world = choosing(toy, **SURE | {"review_adapted_need": 1.0})
    state, causes = reviewed(world, row(world, "L2"))
    assert causes == ["review"]
    assert state.register.needs_accessible[-1]


def test_an_adapted_dwelling_is_left_when_the_need_is_gone(toy: World) -> None:
    # L2 made accessible: a need that has come asks for nothing there.
    dwellings = toy.territory.dwellings
    accessible = dwellings.accessible.copy()
    accessible[row(toy, "L2")] = True
    territory = replace(toy.territory, dwellings=replace(dwellings, accessible=accessible))
    for left, causes in ((0.0, []), (1.0, ["review"])):
        world = replace(
            choosing(toy, **SURE | {"review_adapted_left": left, "review_adapted_need": 1.0}),
            territory=territory,
        )
        state, found = reviewed(world, row(world, "L2"))
        assert found == causes
        assert not state.register.needs_accessible[state.register.cause == 2].any()


def test_nobody_files_a_second_demand_beside_an_open_one(toy: World) -> None:
    # M4 has a pending demand (D10): too large a household for its dwelling, it files none after its review.
    world = choosing(toy, **SURE)
    place = row(world, "L4")
    state = initial_state(world)
    state.housing.review_s[:] = NEVER
    state.housing.children[place] = 6
    state.housing.review_s[place] = state.now_s
    leaves_s = int(state.register.leaves_s[state.housing.demand[place]])
    before = state.register.size
    admit(world, state, 0.0)
    assert state.register.size == before
    # On the day that demand lapses, and not before, there is none beside it.
    for due_s, filed in ((leaves_s - 1, 0), (leaves_s, 1)):
        branch = state.copy()
        branch.housing.review_s[place] = due_s
        branch.now_s = leaves_s + DAY_S
        admit(world, branch, 0.0)
        assert branch.register.size - before == filed


@pytest.mark.parametrize(("zone", "tight"), [("Abis", 1), ("A", 1), ("B1", 1), ("B2", 0), ("C", 0)])
def test_tenancies_are_reviewed_in_the_tight_zones_alone(toy: World, zone: str, tight: int) -> None:
    residences = replace(toy.territory.residences, zone=np.full(3, zone))
    world = replace(toy, territory=replace(toy.territory, residences=residences))
    state = initial_state(world)
    assert (state.housing.review_s < NEVER).sum() == 6 * tight
    assert (review.expected_a_year(world) > 0) == bool(tight)


def test_the_first_review_comes_three_six_or_nine_years_from_the_lease(toy: World) -> None:
    state = initial_state(toy)
    housing, place = state.housing, row(toy, "L5")
    # L5 was let on 1 July 2012, 4,932 days before 1 January 2026: 15 years, 5,478.75 days, are next.
    assert housing.review_s[place] - housing.lease_s[place] == 15 * YEAR_S
    assert 0 <= housing.review_s[place] - state.now_s < PERIOD_S


def test_reviews_switched_off_lead_to_nothing(toy: World) -> None:
    world = choosing(toy, review=False)
    assert (initial_state(world).housing.review_s == NEVER).all()
    assert review.expected_a_year(world) == 0


@pytest.mark.parametrize("on", [True, False])
def test_mutations_keep_their_share_of_new_demands_with_reviews_or_without(on: bool) -> None:
    # Alone: the same scenario with reviews that lead to many demands, and without them.
    changes = {
        "time.years": 10,
        "time.burn_in_months": 6,
        "mutations.review": on,
        "mutations.review_files_spare": 0.9,
    }
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes=changes)
    ((_, run),) = replicate(scenario, territory_of(scenario), ("seniority",), 0)
    demands = run.demands[run.demands.filed_s >= 0]
    reviews = int((demands.cause == "review").sum())
    assert (reviews > 150) if on else (reviews == 0), reviews
    assert ((demands.cause != "") == demands.mutation).all()
    # Beside those of their own accord, reviews alone would make it a third: 98 of 664 in four years.
    share, spread = demands.mutation.mean(), np.sqrt(0.27 * 0.73 / len(demands))
    assert abs(share - 0.28) < 4 * spread < 0.05


def test_expected_reviews_are_those_that_come(tutorial_world: World) -> None:
    # In the first year, from the territory as given; Poisson-like, so within 4 √n.
    world = choosing(tutorial_world, **SURE)
    expected = review.expected_a_year(world)
    state = initial_state(world)
    state.now_s += YEAR_S
    came = len(review.advise(world, state).dwelling)
    assert expected > 20, expected
    assert abs(came - expected) < 4 * np.sqrt(expected)


@pytest.fixture
def tutorial_world() -> World:
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={"time.burn_in_months": 0})
    return world_of(scenario, territory_of(scenario), grid_of(scenario), 0)
