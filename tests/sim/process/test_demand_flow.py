"""How many demands are filed, by whom, and when they lapse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from sim.outcomes import DAY_S
from sim.policies.sitting import Shortlist, Sitting
from sim.process import closing, demand_flow, demand_traits
from sim.process.housing import NEVER
from sim.process.laws import poisson as poisson_quantile
from sim.process.register import CLOSED, CLOSINGS, OPEN
from sim.process.replication import initial_state, replicate, territory_of
from sim.process.state import State
from sim.process.world import World
from sim.rules.traits import has
from sim.scenario import Scenario

MANY = 20_000
KEYS = np.arange(MANY, dtype=np.uint64)
ROWS = np.zeros(MANY, dtype=np.int64)
RENEWAL = 0.49  # scenarios/hypotheses

VALIDITY_S = 365 * DAY_S
"""A demand is valid a year (R16)."""


def choosing(world: World, **demand: float) -> World:
    """Return the world with other choices of demand."""
    chosen = world.scenario.demand.model_copy(update=demand)
    return replace(world, scenario=world.scenario.model_copy(update={"demand": chosen}))


@pytest.fixture
def opened(toy: World) -> State:
    return initial_state(toy)


@given(st.floats(0.01, 20_000), st.floats(1e-9, 1 - 1e-9))
def test_a_count_is_the_poisson_quantile(mean: float, uniform: float) -> None:
    assert poisson_quantile(mean, uniform) == poisson.ppf(uniform, mean)


@pytest.mark.parametrize("mean", [0.5, 4.7, 300.0])
def test_the_mean_count_is_the_expected_number(mean: float) -> None:
    grid = (np.arange(2000) + 0.5) / 2000
    counts = [poisson_quantile(mean, uniform) for uniform in grid]
    assert np.mean(counts) == pytest.approx(mean, rel=0.01)


def test_exogenous_demands_are_expected_from_the_pending_less_the_mutations(toy: World) -> None:
    # 10 pending × 0.65 = 6.5 a year, of which 27 % are mutations, filed by tenants: 4.745.
    assert demand_flow.new_per_year(toy) == 6.5
    many = choosing(toy, new_per_year=600.0)
    state = initial_state(many)
    counts = [len(demand_flow.arrivals(many, state, year)) for year in range(2027, 2037)]
    assert abs(np.mean(counts) - 600 * 0.73) < 4 * np.sqrt(600 * 0.73 / 10)
    assert len(set(counts)) > 1


def test_new_demands_are_filed_within_their_year_in_order(toy: World) -> None:
    many = choosing(toy, new_per_year=600.0)
    state = initial_state(many)
    rows = demand_flow.arrivals(many, state, 2027)
    register = state.register
    filed_s = register.filed_s[rows]
    assert (np.diff(filed_s) >= 0).all()
    assert 365 * DAY_S <= filed_s.min() < 370 * DAY_S
    assert 725 * DAY_S < filed_s.max() < 730 * DAY_S
    assert len(set(register.household[rows].tolist())) == len(rows)
    assert (register.mutation_of[rows] == -1).all()


def test_templates_are_the_first_demands_of_the_last_twelve_months(toy: World) -> None:
    many = choosing(toy, new_per_year=600.0)
    state = initial_state(many)
    rows = demand_flow.arrivals(many, state, 2027)
    found = state.register.rfr_eur[rows]
    # Filed in 2025: D05 (8 000) on 1 January, 365 days before, and D08 (27 000), each as often.
    assert set(found.tolist()) == {8000.0, 27_000.0}
    assert abs((found == 8000.0).mean() - 0.5) < 4 * 0.5 / np.sqrt(len(found))
    demands = toy.territory.demands
    tenant = np.where(demands.demand_id == "D08", 0, demands.mutation_of)
    moved = replace(many, territory=replace(toy.territory, demands=replace(demands, mutation_of=tenant)))
    state = initial_state(moved)
    rows = demand_flow.arrivals(moved, state, 2027)
    assert set(state.register.rfr_eur[rows].tolist()) == {8000.0}


def test_demands_renew_a_geometric_number_of_times(toy: World) -> None:
    filed_s = np.full(MANY, 1000)
    lapse_s = closing.lapse_times(toy, KEYS, ROWS, filed_s, filed_s)
    renewals, rest = np.divmod(lapse_s - filed_s, VALIDITY_S)
    assert (rest == 0).all()  # never but on an anniversary
    assert renewals.min() == 1  # nor before the first
    for times in range(1, 5):
        share = RENEWAL**times
        assert abs((renewals > times).mean() - share) < 4 * np.sqrt(share * (1 - share) / MANY)
    # Mean renewals: r / (1 − r) = 0.49 / 0.51 = 0.961; variance r / (1 − r)².
    spread = np.sqrt(RENEWAL) / (1 - RENEWAL)
    assert abs((renewals - 1).mean() - 0.961) < 4 * spread / np.sqrt(MANY) + 0.001


def test_an_old_demand_lapses_at_an_anniversary_to_come(toy: World) -> None:
    open_s = 10 * VALIDITY_S
    filed_s = open_s - np.array([0, 1, VALIDITY_S - 1, VALIDITY_S, 5 * VALIDITY_S + 3])
    lapse_s = closing.lapse_times(choosing(toy, renewal=0.0), KEYS[:5], ROWS[:5], filed_s, open_s)
    # The next anniversary; on an anniversary itself, the next one.
    assert (lapse_s - open_s).tolist() == [VALIDITY_S, VALIDITY_S - 1, 1, VALIDITY_S, VALIDITY_S - 3]


def test_tenants_without_a_demand_file_the_share_of_mutations(toy: World) -> None:
    # 0.27 × 6.5 a year; 6 tenants, of whom M4 has a pending demand (D10). Reviews are expected to lead
    # to some of them (zone A, every lease over 18 months old): no dwelling occupied is accessible, so each
    # of the five tenants needs an adapted one 2 % of times and then files 30 % of times; M1 (13 000 EUR,
    # PLAI ceiling 12 871) is above its ceiling, and files 5 % of the other times. A third of it a year:
    # (5 × 0.02 × 0.3 + 0.98 × 0.05) / 3 = (0.03 + 0.049) / 3 = 0.079 / 3.
    assert demand_flow.mutation_hazard(toy) * 5 == pytest.approx(0.27 * 6.5 - 0.079 / 3)


def test_a_tenant_with_a_pending_demand_files_again_once_it_has_lapsed(opened: State) -> None:
    housing, register = opened.housing, opened.register
    pending = int(np.flatnonzero(register.mutation_of >= 0)[0])
    place = register.mutation_of[pending]
    assert housing.demand[place] == pending
    assert register.leaves_s[pending] < housing.mutation_s[place] < NEVER


def test_a_mutation_demand_is_its_household_s_own(toy: World, opened: State) -> None:
    housing = opened.housing
    place = np.flatnonzero(toy.territory.dwellings.dwelling_id == "L2")
    housing.mutation_s[place] = 0
    (row,) = demand_flow.mutations(toy, opened, place)
    register = opened.register
    assert register.demand_id[row] == "MM2/0"
    assert register.household[row] == housing.household[place[0]]
    # M2: two adults, one child, 2700 a month; three persons ask the T3 and T4 of the project's matrix.
    assert (register.adults[row], register.children[row]) == (2, 1)
    assert register.monthly_income_eur[row] == 2700
    low, high = toy.law.rooms_matrix[2]
    assert (register.rooms_min[row], register.rooms_max[row]) == (low, high)
    assert housing.demand[place[0]] == row
    assert housing.mutations[place[0]] == 1


def test_lapse_and_close_free_the_tenant_to_ask_again(opened: State) -> None:
    register = opened.register
    pending = np.flatnonzero(register.mutation_of >= 0)
    closing.lapse(opened, pending)
    assert register.state[pending].tolist() == [CLOSED]
    assert register.closed_s[pending] == register.leaves_s[pending]
    assert [CLOSINGS[by] for by in register.closed_by[pending]] == ["lapse"]
    assert opened.housing.demand[register.mutation_of[pending]].tolist() == [-1]
    closing.close(opened, 0, 77, "withdrawn")
    assert (register.state[0], register.closed_s[0]) == (CLOSED, 77)
    assert CLOSINGS[register.closed_by[0]] == "withdrawn"
    assert register.state[1] == OPEN


def test_recognition_comes_at_its_own_delay(toy: World, opened: State) -> None:
    register = opened.register
    who = np.flatnonzero(register.demand_id == "D07")
    # Filed 2024-07-01, recognised 2025-09-15, seen on 2026-01-01: 108 days before.
    assert register.dalo_s[who].tolist() == [-108 * DAY_S]
    late = np.flatnonzero(register.demand_id == "D01")
    register.dalo_s[late] = 50 * DAY_S
    for now, held in ((49 * DAY_S, False), (50 * DAY_S, True)):
        opened.now_s = now
        demand_traits.recognise(toy, opened, np.arange(10))
        assert has(register.signature[late], "dalo").tolist() == [held]


def test_a_demand_has_one_lottery_number_a_year(tutorial: Scenario) -> None:
    """The same at every sitting of a year, another the next year; nobody shares it."""
    seen: dict[tuple[int, int], set[float]] = {}

    def watch(sitting: Sitting, _: Shortlist) -> None:
        for demand, number in zip(sitting.demand.tolist(), sitting.lottery.tolist(), strict=True):
            seen.setdefault((demand, sitting.held_on.year), set()).add(number)

    for _ in replicate(tutorial, territory_of(tutorial), ["lottery"], 0, watch):
        pass
    assert all(len(numbers) == 1 for numbers in seen.values())
    numbers = [(year, number) for (_, year), (number,) in seen.items()]
    assert len(set(numbers)) == len(numbers)
    years = {(demand, year): number for (demand, year), (number,) in seen.items()}
    both = [(years[key], years[key[0], 2027]) for key in years if key[1] == 2026 and (key[0], 2027) in years]
    assert len(both) > 50
    assert all(one != other for one, other in both)


def test_oldest_first_then_by_lottery(opened: State) -> None:
    register = opened.register
    register.filed_s[:3], register.lottery[:3] = [5, 5, 4], [0.9, 0.1, 0.5]
    assert demand_traits.oldest_first(register, np.array([0, 1, 2])).tolist() == [2, 1, 0]


def test_an_equal_lottery_is_settled_by_identity_whatever_the_order_of_rows(opened: State) -> None:
    register = opened.register
    register.filed_s[:4], register.lottery[:4] = 5, 0.5
    register.key[:4] = [30, 10, 40, 20]
    for rows in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]):
        assert demand_traits.oldest_first(register, np.array(rows)).tolist() == [1, 3, 0, 2]
