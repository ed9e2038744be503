"""How much sooner some leave than others, and that all together leave as often as the base law says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.outcomes import MONTH_S, YEAR_S
from sim.process.hazards import exit_rates, income_multiplier, sls_multiplier, typology, year_ahead
from sim.process.replication import grid_of, initial_state, territory_of
from sim.process.tenancies import household_rates, notice_times, passed, reread_exits
from sim.process.world import World, world_of
from sim.scenario import load_scenario

OFF = {"abis_over_c": 1.0, "commune_tension": 0.0, "income_effect": 0.0, "residence_sd": 0.0}
SHAPE, SCALE, OUTSIDE = 0.664, 8.68, 0.7  # scenarios/hypotheses
MANY = 20_000


def world(**changed: float) -> World:
    """Return the tutorial with all multipliers off but those given, and nobody dying."""
    changes: dict[str, Any] = {f"departures.{name}": value for name, value in {**OFF, **changed}.items()}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={"household.active": False, **changes})
    return world_of(scenario, territory_of(scenario), grid_of(scenario), 0)


def with_zones(given: World, zones: list[str]) -> World:
    residences = given.territory.residences
    zone = np.array(zones * len(residences.zone))[: len(residences.zone)]
    territory = replace(given.territory, residences=replace(residences, zone=zone))
    return replace(given, territory=territory)


def expected_departures(given: World, multiplied: bool) -> float:
    """Return the departures expected of the occupants within a year, by the base law or by all."""
    occupants, choice = given.territory.occupants, given.scenario.departures
    days = (np.datetime64(given.territory.as_of) - occupants.lease_on).astype(int)
    base = typology(choice, given.territory.dwellings.rooms[occupants.dwelling]) * year_ahead(choice, days)
    if not multiplied:
        return float(base.sum())
    rate = household_rates(given, initial_state(given).housing, occupants.dwelling)
    return float((base * rate * given.exits.dwelling[occupants.dwelling]).sum())


def test_all_off_every_multiplier_is_one() -> None:
    given = world()
    assert (given.exits.dwelling == 1).all()
    assert given.exits.income_mean == given.exits.not_dying == 1
    everybody = given.territory.occupants.dwelling
    assert (household_rates(given, initial_state(given).housing, everybody) == 1).all()


@pytest.mark.parametrize(
    "changed",
    [
        {"residence_sd": 0.5},
        {"income_effect": 1.0},
        {"commune_tension": -0.4},
        {"abis_over_c": 0.46},
        {"abis_over_c": 0.3, "income_effect": 2.0, "residence_sd": 0.4, "commune_tension": -0.3},
    ],
)
def test_the_territory_as_given_has_as_many_expected_departures(changed: dict[str, float]) -> None:
    given = with_zones(world(**changed), ["A", "B1", "C"])
    assert np.std(given.exits.dwelling) > 0 or "income_effect" in changed
    assert expected_departures(given, True) == pytest.approx(expected_departures(given, False), rel=1e-12)


def test_zone_c_is_left_more_than_twice_as_often_as_a_bis() -> None:
    zones = ["Abis", "A", "B1", "B2", "C"]
    given = with_zones(world(abis_over_c=6 / 13), zones)
    first = [np.flatnonzero(given.territory.dwellings.residence == row)[0] for row in range(5)]
    found = given.exits.dwelling[first]
    # 6 against 13 % a year, in four equal steps: 13/6 in all, (13/6)^(1/4) = 1.2133 each.
    assert found[4] / found[0] == pytest.approx(13 / 6)
    np.testing.assert_allclose(found[1:] / found[:-1], 1.2133, atol=1e-4)


def test_a_commune_asked_for_twice_as_much_is_left_less() -> None:
    given = world(commune_tension=-0.5)
    territory = given.territory
    homes = territory.residences.commune[territory.dwellings.residence]
    firsts = territory.demands.first_commune[territory.demands.mutation_of < 0]
    tension = [(firsts == one).sum() / (homes == one).sum() for one in range(len(territory.communes))]
    usual = len(firsts) / len(homes)
    relative = np.clip(np.array(tension) / usual, 1 / 3, 3)
    one, other = (int(np.flatnonzero(homes == commune)[0]) for commune in (0, 1))
    expected = (relative[0] / relative[1]) ** -0.5
    assert given.exits.dwelling[one] / given.exits.dwelling[other] == pytest.approx(expected)


def test_the_residences_have_the_spread_of_the_scenario() -> None:
    given = world(residence_sd=0.3)
    residences = [
        given.exits.dwelling[given.territory.dwellings.residence == row][0]
        for row in np.unique(given.territory.dwellings.residence)
    ]
    count = len(residences)
    assert abs(np.std(np.log(residences)) - 0.3) < 4 * 0.3 / np.sqrt(2 * count)


def test_income_at_the_ceiling_multiplies_by_the_exponential_of_the_effect(toy: World) -> None:
    choice = toy.scenario.departures.model_copy(update={"income_effect": 0.5, "income_ratio_max": 1.5})
    # PLUS 2026, one person: 23,403 EUR. Half of it, all of it, three times: exp(0.25), exp(0.5), exp(0.75).
    income = np.array([0.0, 23_403 / 2, 23_403.0, 3 * 23_403.0, np.nan])
    one = np.ones(5, dtype=int)
    found = income_multiplier(choice, toy.law, income, one, one > 1)
    np.testing.assert_allclose(found, [1.0, np.exp(0.25), np.exp(0.5), np.exp(0.75), np.nan])


def test_an_unknown_income_multiplies_by_one() -> None:
    given = world(income_effect=1.0)
    state = initial_state(given)
    place = given.territory.occupants.dwelling[:1]
    state.housing.rfr_eur[place] = np.nan
    assert household_rates(given, state.housing, place) == 1


def test_times_follow_the_multiplied_hazard() -> None:
    given = world()
    place, lease_s = np.zeros(MANY, dtype=int), np.zeros(MANY, dtype=np.int64)
    rooms = given.territory.dwellings.rooms[0]
    years = notice_times(given, np.arange(MANY, dtype=np.uint64), place, lease_s, 0, rate=2.0) / YEAR_S
    # (T / scale)^shape is exponential: rate 0.7 × typology × 2.
    rate = OUTSIDE * 2 ** ((3 - min(rooms, 5)) / 4) * 2.0
    assert abs(((years / SCALE) ** SHAPE).mean() - 1 / rate) < 4 / rate / np.sqrt(MANY)


def test_a_hazard_that_has_not_changed_moves_no_time() -> None:
    given = world(income_effect=1.0)
    state = initial_state(given)
    before = state.housing.notice_s.copy()
    assert len(reread_exits(given, state, 200 * 86_400 + state.now_s)) == 0
    np.testing.assert_array_equal(state.housing.notice_s, before)


def test_a_changed_hazard_runs_the_rest_of_the_clock() -> None:
    given = world(income_effect=1.0)
    state = initial_state(given)
    housing, now_s = state.housing, state.now_s + YEAR_S // 2
    place = np.flatnonzero(housing.occupied & (housing.notice_s > now_s + YEAR_S))
    lease_s, before_s = housing.lease_s[place], housing.notice_s[place].copy()
    old = housing.exit_rate[place].copy()
    housing.rfr_eur[place] += 5000.0
    moved = reread_exits(given, state, now_s)
    assert set(moved) <= set(place.tolist())
    new = household_rates(given, housing, place)
    # What is left of the clock at `now` is run at the new hazard: H(T') − H(now) in proportion.
    left = passed(given, lease_s, before_s) - passed(given, lease_s, now_s)
    run = passed(given, lease_s, housing.notice_s[place]) - passed(given, lease_s, now_s)
    assert (new > old).any()
    np.testing.assert_allclose(run, left * old / new, rtol=1e-6, atol=1e-7)
    assert (housing.notice_s[place[new > old]] < before_s[new > old]).all()


def test_a_hazard_read_again_and_again_keeps_the_law_of_tenancies() -> None:
    # The hazard doubles after a year: survival at three years is S = exp(−(H(1) + 2 (H(3) − H(1))) m).
    given = world(income_effect=1.0)
    one = int(given.territory.occupants.dwelling[0])
    copies = np.full(MANY, one)
    keys = np.arange(MANY, dtype=np.uint64)
    clock = given.chance.exponential("departure", keys, given.dwelling_key[copies])
    multiplier = OUTSIDE * float(typology(given.scenario.departures, given.territory.dwellings.rooms[one]))
    lease_s = np.zeros(MANY, dtype=np.int64)
    at = [passed(given, lease_s[:1], years * YEAR_S)[0] for years in (1, 3)]
    ends = notice_times(given, keys, copies, lease_s, 0)
    left = clock - multiplier * at[0]
    later = (at[0] + np.maximum(left, 0) / (2 * multiplier)) ** (1 / SHAPE) * SCALE
    years = np.where(ends < YEAR_S, ends / YEAR_S, later)
    survives = float(np.exp(-multiplier * (at[0] + 2 * (at[1] - at[0]))))
    assert abs((years > 3).mean() - survives) < 4 * np.sqrt(survives * (1 - survives) / MANY)


def test_deaths_are_taken_out_of_the_departures() -> None:
    scenario = load_scenario(Path("scenarios/tutorial.toml"))
    given = world_of(scenario, territory_of(scenario), grid_of(scenario), 0)
    rates = exit_rates(scenario, given.territory, given.law, given.chance)
    occupants, life = given.territory.occupants, scenario.household
    alone = occupants.age[occupants.adults == 1]
    deaths = np.minimum(life.death_at_80 * np.exp(life.death_growth * (alone - 80.0)), 1).sum()
    expected = OUTSIDE * expected_departures(world(), False)
    assert 0 < rates.not_dying < 1
    assert rates.not_dying == pytest.approx(1 - deaths / expected)


def test_the_sls_hastens_departures_in_proportion_to_the_rent() -> None:
    # An effect of 0.7: a SLS of half the rent multiplies by exp(0.35).
    due, rent = np.array([0.0, 200.0, 50.0, 50.0]), np.array([400.0, 400.0, 0.0, np.nan])
    np.testing.assert_allclose(sls_multiplier(due, rent, 0.7), [1.0, np.exp(0.35), 1.0, 1.0])
    assert (sls_multiplier(due, rent, 0.0) == 1).all()


def test_nobody_leaves_before_a_month_when_the_hazard_rises() -> None:
    given = world(income_effect=5.0)
    state = initial_state(given)
    housing = state.housing
    place = np.flatnonzero(housing.occupied)
    housing.lease_s[place] = housing.exit_read_s[place] = state.now_s
    housing.exit_left[place] = 1e-9
    housing.rfr_eur[place] += 1.0
    reread_exits(given, state, state.now_s + 86_400)
    assert (housing.notice_s[place] == state.now_s + MONTH_S).all()
