"""Every mechanism at once, strong, in combinations drawn: what each was tested for alone still holds.

A run keeps its accounts, is the same played in pieces from copies of its state, and whatever the order of
rows. Slow: run by hand before a release.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from transformations import permuted

from sim import invariants
from sim.outcomes import DAY_S, Outcomes, events_sha256
from sim.policies import POLICIES
from sim.process.engine import play
from sim.process.replication import (
    close_run,
    grid_of,
    initial_state,
    mutation_grid_of,
    open_run,
    territory_of,
)
from sim.process.telling import tell
from sim.process.world import world_of
from sim.scenario import Scenario, load_scenario
from sim.territory.columns import Territory

ON: dict[str, Any] = {
    "time.years": 2,
    "essential_workers.target": 0.3,
    "grid.mutations": "grids/synthetic-urgency-tiered.toml",
    "mutations.review_files_unserved": 0.8,
    "mutations.review_files_spare": 0.5,
    "demand.mutation_share": 0.4,
    "dalo.appeals_per_year": 1.5,
    "dalo.abnormal_delay_months": 12.0,
    "supply.delivered": 0.03,
    "supply.demolished": 0.03,
    "supply.sold": 0.03,
    "funnel.household_differs": 0.4,
    "funnel.income_differs": 0.4,
    "departures.income_effect": 2.0,
    "household.separation": 0.2,
    "household.split_files_demand": 1.0,
    "operation": [
        {"name": "Canal", "residences": ["R0003"], "on": "2025-10-01", "months": 8},
        {"name": "Mail", "residences": ["R0010", "R0014"], "on": "2026-03-01", "months": 7},
    ],
}
DRAWN: dict[str, tuple[Any, ...]] = {
    "time.burn_in_months": (0, 5, 9),
    "time.burn_in_policy": ("cotation_only", "seniority", "status_quo"),
    "feedback.all": ("strong", "strong", "central"),
    "rpms.refuses": ("first_quartile", "below_40_plus", "below_60_plus"),
    "rpms.refusal_share": (0.5, 1.0),
    "orientation.rule": ("by_capacity", "observed", "uniform"),
    "mutations.chain_aware": (True, False),
    "designation.adherence": (0.0, 0.5, 1.0),
    "designation.named_share": (0.3, 1.0),
    "designation.named_count": (1.0, 3.0),
    "designation.designated_share": (0.5, 1.0),
    "designation.days": (0.0, 7.0, 40.0),
    "dalo.warned_share": (0.5, 1.0),
    "funnel.search_lead_days": (0.0, 30.0, 90.0),
    "departures.weibull_scale_years": (2.0, 5.0),
    "control.entrants_like_leavers": (False, True),
    "sittings.every_days": (1, 7, 14),
    "sittings.rule": ("calendar", "calendar", "calendar", "immediate"),
}


def drawn(seed: int) -> tuple[Scenario, Territory, str, list[int]]:
    """Return a scenario, its territory with RPMS, a policy, and two seconds at which to part the run."""
    draw = np.random.default_rng(seed)
    choices = {name: values[int(draw.integers(len(values)))] for name, values in DRAWN.items()}
    changes = {**ON, **choices, "runs.seed": seed}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes=changes)
    territory = territory_of(scenario)
    listed = np.isin(
        territory.residences.residence_id, draw.permutation(territory.residences.residence_id)[:6]
    )
    residences = replace(territory.residences, is_rpms=listed)
    policy = tuple(POLICIES)[int(draw.integers(len(POLICIES)))]
    cuts = np.sort(draw.integers(20 * DAY_S, 700 * DAY_S, 2)).tolist()
    return scenario, replace(territory, residences=residences), policy, cuts


def played(scenario: Scenario, territory: Territory, policy: str, cuts: Sequence[int] = ()) -> Outcomes:
    """Play a run, in pieces if given where to part it; what is left at each is played on otherwise."""
    world = world_of(scenario, territory, grid_of(scenario), 0, mutation_grid_of(scenario))
    state, before = initial_state(world), scenario.time.burn_in_policy
    if state.now_s < 0:
        play(world, state, POLICIES[before], 0, parameters=scenario.policies.of(before))
    open_run(world, state)
    for cut in cuts:
        play(world, state, POLICIES[policy], cut, parameters=scenario.policies.of(policy))
        left, state = state, state.copy()
        play(world, left, POLICIES["lottery"], cut + 30 * DAY_S)
    play(world, state, POLICIES[policy], world.end_s, parameters=scenario.policies.of(policy))
    close_run(world, state)
    outcomes = tell(world, state)
    invariants.check(outcomes)
    return outcomes


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_everything_on_is_the_same_run_in_pieces_and_in_any_order_of_rows(seed: int) -> None:
    scenario, territory, policy, cuts = drawn(seed)
    whole = played(scenario, territory, policy)
    assert len(whole.leases) > 50
    assert whole.vacancies.withdrawn_s.notna().sum() > 10
    identity = events_sha256(whole)
    assert events_sha256(played(scenario, territory, policy, cuts)) == identity
    assert events_sha256(played(scenario, permuted(territory, seed), policy)) == identity
