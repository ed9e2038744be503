"""Is a share of leases owed to essential workers whose status is verified, and to nobody by default (R22)?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from sim.outcomes import events_sha256
from sim.process import demand_traits
from sim.process.replication import grid_of, initial_state, replicate, territory_of
from sim.process.world import World, world_of
from sim.rules.traits import has, mask
from sim.scenario import load_scenario
from sim.territory.columns import Territory


def world(**changes: object) -> World:
    named = {name.replace("__", "."): value for name, value in changes.items()}
    scenario = load_scenario(Path("scenarios/jouet.toml"), changes=named)
    return world_of(scenario, declared(territory_of(scenario)), grid_of(scenario), 0)


def declared(territory: Territory) -> Territory:
    """The territory, every demand declaring an essential worker."""
    everybody = np.ones(len(territory.demands.demand_id), dtype=np.int8)
    attributes = {**territory.demands.attributes, "essential_worker": everybody}
    return replace(territory, demands=replace(territory.demands, attributes=attributes))


def test_a_target_is_one_legal_row_over_the_leases_of_the_epci() -> None:
    assert not [f for f in initial_state(world()).families if f.rule == "R22"]
    with_target = world(essential_workers__target=0.1)
    (row,) = [f for f in initial_state(with_target).families if f.rule == "R22"]
    assert (row.tier, row.percent, row.months, row.excluded, row.holder) == (0, 10, 0, 0, None)
    assert row.public == mask(["essential_worker"])
    assert (row.by_dwelling == 0).all()
    assert with_target.law.on == date(2026, 1, 1)


def test_a_declared_status_counts_once_its_documents_are_seen() -> None:
    for share, found in ((0.0, 0), (1.0, 10)):
        played = world(essential_workers__verified_share=share)
        state = initial_state(played)
        assert has(state.register.signature[:10], "essential_worker").sum() == found
    # By household, whatever the rows it is read with: a share of 0.6, √(0.24 / 20000) = 0.0035.
    played = world(essential_workers__verified_share=0.6)
    households, everybody = np.arange(20_000, dtype=np.uint64), np.ones(20_000, dtype=bool)
    verified = demand_traits._verified(played, households, everybody)
    assert abs(verified.mean() - 0.6) < 0.014
    assert (demand_traits._verified(played, households[::7], everybody[::7]) == verified[::7]).all()


def test_the_row_moves_leases_towards_essential_workers_under_the_legal_policies() -> None:
    """The tutorial, a year: with a target of a half, more of the leases go to them under cotation_quotas.

    Under cotation_only, which reads no row, not one lease is another.
    """
    signed: dict[tuple[float, str], int] = {}
    events: dict[float, str] = {}
    for target in (0.0, 0.5):
        changes = {"time.years": 1, "time.burn_in_months": 0, "essential_workers.target": target}
        scenario = load_scenario(Path("scenarios/tutorial.toml"), changes=changes)
        for policy, outcomes in replicate(
            scenario, territory_of(scenario), ["cotation_only", "cotation_quotas"], 0
        ):
            signed[target, policy] = int(outcomes.leases["essential_worker"].sum())
            assert outcomes.context["law_shares"]["R22"] == target
            if policy == "cotation_only":
                events[target] = events_sha256(outcomes)
    assert events[0.5] == events[0.0]
    assert signed[0.5, "cotation_quotas"] > signed[0.0, "cotation_quotas"]
