"""Each reaction alone: off it is nothing, on it is what the hypothesis says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.outcomes import Outcomes, events_sha256
from sim.process import feedback, snapshot
from sim.process.acceptance import accepts_probability
from sim.process.records import LeaseRecord
from sim.process.replication import grid_of, initial_state, open_run, replicate, territory_of
from sim.process.state import State
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World, world_of
from sim.rules.traits import has
from sim.scenario import load_scenario
from sim.scenario.feedback import REACTIONS
from sim.territory.columns import PEUPLEMENT_TYPES

FRAGILE, WATCHED, BALANCED = (
    PEUPLEMENT_TYPES.index(name) for name in ("a_conforter", "en_vigilance", "en_equilibre")
)
MONTH_S = 2_629_800
WITH_MALUS = "grids/synthetic-seniority-uncapped.toml"


def opened(**changes: Any) -> tuple[World, State]:
    """Return the tutorial standing at the start of the compared run."""
    dotted = {f"feedback.{key}": value for key, value in changes.items()}
    base = {"time.burn_in_months": 0, "time.years": 1, "scale": 0.5, "grid.file": WITH_MALUS}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={**base, **dotted})
    world = world_of(scenario, territory_of(scenario), grid_of(scenario), 0)
    state = initial_state(world)
    open_run(world, state)
    return world, state


def played(**changes: Any) -> Outcomes:
    dotted = {f"feedback.{key}": value for key, value in changes.items()}
    base = {"time.burn_in_months": 6, "time.years": 2, "scale": 0.5, "grid.file": WITH_MALUS}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={**base, **dotted})
    ((_, run),) = replicate(scenario, territory_of(scenario), ("cotation_only",), 0)
    return run


def log_odds(world: World, state: State, demand: np.ndarray, dwelling: np.ndarray) -> np.ndarray:
    probability = accepts_probability(world, state, demand, dwelling)
    return np.log(probability / (1 - probability))


def test_a_reaction_takes_its_own_strength_or_that_of_all() -> None:
    (world, _) = opened(all="central", drift="off", exit="strong")
    choice = world.scenario.feedback
    assert choice.of("drift") == 0
    assert choice.of("exit") == choice.exit_strong
    assert choice.of("malus") == choice.malus_central
    assert all(opened()[0].scenario.feedback.of(reaction) == 0 for reaction in REACTIONS)


def test_reputation_weighs_by_type_and_by_alternatives() -> None:
    world, state = opened(reputation="central")
    plain, _ = opened()
    choice = world.scenario.feedback
    rows = state.open_rows
    chosen = has(state.register.signature[rows], "q2_q4_no_priority")
    with_choice, without = rows[chosen][:1], rows[~chosen][:1]
    residence = world.territory.dwellings.residence
    for kind, weight in ((FRAGILE, 1.0), (WATCHED, 0.5), (BALANCED, 0.0), (-1, 0.0)):
        state.qualified = np.full(residence.max() + 1, kind)
        for demand, times in ((with_choice, 1.0 + choice.alternatives), (without, 1.0)):
            moved = log_odds(world, state, demand, np.array([0])) - log_odds(
                plain, state, demand, np.array([0])
            )
            assert moved == pytest.approx(-choice.reputation_central * weight * times, abs=1e-9)


def test_a_malus_moves_all_but_dalo_where_the_grid_has_one() -> None:
    world, state = opened(malus="strong")
    plain, _ = opened()
    assert world.refusals_cost
    demand = state.open_rows
    dwelling = np.zeros(len(demand), dtype=np.int64)
    moved = log_odds(world, state, demand, dwelling) - log_odds(plain, state, demand, dwelling)
    dalo = has(state.register.signature[demand], "dalo")
    assert dalo.any()
    np.testing.assert_allclose(moved[dalo], 0, atol=1e-9)
    np.testing.assert_allclose(moved[~dalo], world.scenario.feedback.malus_strong, atol=1e-9)


def test_better_off_tenants_leave_fragile_residences_sooner() -> None:
    world, state = opened(exit="strong")
    residence, housing = world.territory.dwellings.residence, state.housing
    place = np.flatnonzero(housing.occupied)
    income = 12 * housing.monthly_income_eur[place]  # one person: one consumption unit
    alone = (housing.adults[place] == 1) & (housing.children[place] == 0)
    for kind, weight in ((FRAGILE, 1.0), (WATCHED, 0.5), (BALANCED, 0.0)):
        state.qualified = np.full(residence.max() + 1, kind)
        factor = np.broadcast_to(feedback.leaving(world, state, place), place.shape)
        better_off = income > state.q1_threshold_eur
        expected = 1 + world.scenario.feedback.exit_strong * weight * better_off
        np.testing.assert_allclose(factor[alone], expected[alone])
    assert better_off[alone].any()
    assert not better_off[alone].all()


def test_a_tenant_who_owes_a_sls_leaves_sooner() -> None:
    world, state = opened(sls="central")
    housing, dwellings = state.housing, world.territory.dwellings
    outside = np.flatnonzero(housing.occupied & ~world.in_qpv)[:1]
    housing.rfr_eur[outside] = 60_000.0
    housing.adults[outside], housing.children[outside] = 1, 0
    due = snapshot.sls_due_eur(world, state)[outside]
    assert due > 0
    expected = np.exp(world.scenario.feedback.sls_central * due / dwellings.rent_eur[outside])
    np.testing.assert_allclose(feedback.leaving(world, state, outside), expected)
    inside = np.flatnonzero(housing.occupied & world.in_qpv)[:1]
    housing.rfr_eur[inside] = 60_000.0
    np.testing.assert_allclose(feedback.leaving(world, state, inside), 1.0)


def test_a_reaction_to_residences_moves_the_times_of_leaving_and_off_none() -> None:
    (_, off), (_, on) = opened(), opened(exit="strong")
    moved = off.housing.notice_s != on.housing.notice_s
    assert moved.any()
    assert (on.housing.notice_s <= off.housing.notice_s).all()


def test_drift_puts_its_share_of_lists_by_seniority_and_keeps_their_ranks() -> None:
    world, state = opened(drift="strong")
    rows = state.open_rows[:3]
    state.register.filed_s[rows] = [-10, -30, -20]
    changed = 0
    for key in range(2000):
        offers = [Offer(int(row), rank, 0, "accepted", "", 1) for rank, row in enumerate(rows, start=1)]
        vacancy = Vacancy(key, str(key), 0, "departure", 0, 0, 4, False, offers=offers)
        feedback.reorder(world, state, vacancy)
        ranks = [offer.rank for offer in vacancy.offers]
        assert ranks in ([1, 2, 3], [2, 3, 1])  # filed at -30, -20, -10
        changed += ranks == [2, 3, 1]
    share = world.scenario.feedback.drift_strong
    assert abs(changed / 2000 - share) < 4 * np.sqrt(share * (1 - share) / 2000)


def test_arrivals_follow_the_waits_to_the_power_of_the_elasticity() -> None:
    world, state = opened(deterrence="central")
    keys, rooms = np.arange(40_000, dtype=np.uint64), np.full(40_000, 3)
    superset = world.scenario.feedback.superset
    state.waits_at_start_s = np.full(9, 12.0 * MONTH_S)
    for months, expected in (
        (12.0, 1.0),
        (24.0, 0.5**0.3),  # central elasticity 0.3
        (6.0, min(2.0**0.3, superset)),
        (np.nan, 1.0),
    ):
        state.waits_s = np.full(9, months * MONTH_S)
        share = feedback.filed(world, state, keys, rooms).mean() * superset
        assert share == pytest.approx(expected, abs=4 * superset * 0.5 / np.sqrt(40_000))
    # Those filed after a longer wait were filed after a shorter one.
    state.waits_s = np.full(9, 24.0 * MONTH_S)
    long = feedback.filed(world, state, keys, rooms)
    state.waits_s = np.full(9, 12.0 * MONTH_S)
    assert (feedback.filed(world, state, keys, rooms) >= long).all()


def test_waits_are_those_of_last_years_housed_by_rooms() -> None:
    world, state = opened(deterrence="central")
    rows, rooms = state.open_rows[:3], world.territory.dwellings.rooms
    two, three = (int(np.flatnonzero(rooms == number)[0]) for number in (2, 3))
    state.now_s = 30 * MONTH_S
    state.register.filed_s[rows] = [0, 10 * MONTH_S, 0]
    state.records.leases = [
        LeaseRecord("a", two, int(rows[0]), 24 * MONTH_S, 1, 0, 4, 0),  # waited 24 months
        LeaseRecord("b", two, int(rows[1]), 26 * MONTH_S, 1, 0, 4, 0),  # 16
        LeaseRecord("c", three, int(rows[2]), 10 * MONTH_S, 1, 0, 4, 0),  # a year and a half ago
    ]
    feedback.read_waits(world, state)
    assert state.waits_s[1] == pytest.approx(20 * MONTH_S)
    assert np.isnan(state.waits_s[2])


def test_each_reaction_moves_a_run_and_none_is_the_run_itself() -> None:
    off = events_sha256(played())
    assert events_sha256(played(all="off")) == off
    for reaction in REACTIONS:
        assert events_sha256(played(**{reaction: "strong"})) != off, reaction
