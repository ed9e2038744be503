"""Tenants' demands may be scored by a grid of their own (CCH R.441-2-10, 11°)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mixite import playing
from mixite.report.method import _mutation_grid
from mixite.run_folder import identity
from sim.process.replication import (
    grid_of,
    initial_state,
    mutation_grid_of,
    replicate,
    territory_of,
)
from sim.process.scores import scores
from sim.process.world import World, world_of
from sim.scenario import Scenario, load_scenario
from sim.territory.files.faults import FaultsFound

MAIN, OWN = (f"grids/synthetic-{name}.toml" for name in ("seniority-capped", "urgency-tiered"))


def scenario(**changes: object) -> Scenario:
    return load_scenario(
        Path("scenarios/tutorial.toml"),
        changes={"time.years": 1, "time.burn_in_months": 0, "grid.file": MAIN, **changes},
    )


def world(**changes: object) -> World:
    chosen = scenario(**changes)
    return world_of(chosen, territory_of(chosen), grid_of(chosen), 0, mutation_grid_of(chosen))


def test_each_demand_has_the_points_of_its_own_grid() -> None:
    both = world(**{"grid.mutations": OWN})
    state = initial_state(both)
    rows = state.open_rows
    found = scores(both, state, rows)
    moves = state.register.mutation_of[rows] >= 0
    assert 0 < moves.sum() < len(rows)
    for grid, mine in ((MAIN, ~moves), (OWN, moves)):
        alone = scores(world(**{"grid.file": grid}), state, rows)
        for name in ("total", "absolute_priority", "excluded", "in_scope"):
            assert (getattr(found, name)[mine] == getattr(alone, name)[mine]).all(), (grid, name)
    assert (scores(world(), state, rows).total[moves] != found.total[moves]).any()


@pytest.mark.parametrize("rows", [slice(0), slice(1), slice(None)])
def test_a_list_of_tenants_alone_or_of_nobody_is_scored(rows: slice) -> None:
    both = world(**{"grid.mutations": OWN})
    state = initial_state(both)
    tenants = state.open_rows[state.register.mutation_of[state.open_rows] >= 0][rows]
    alone = scores(world(**{"grid.file": OWN}), state, tenants)
    assert np.array_equal(scores(both, state, tenants).total, alone.total)


def test_the_same_grid_twice_changes_nothing() -> None:
    runs = []
    for changes in ({}, {"grid.mutations": MAIN}):
        chosen = scenario(**changes)
        ((_, run),) = replicate(chosen, territory_of(chosen), ("cotation_only",), 0)
        runs.append(run)
    assert runs[0].leases.equals(runs[1].leases)
    assert runs[0].context["mutation_grid"] is None
    assert runs[1].context["mutation_grid"]["id"] == "synthetic-seniority-capped"


def test_an_own_grid_changes_who_is_housed() -> None:
    leases = []
    for changes in ({}, {"grid.mutations": OWN}):
        chosen = scenario(**changes)
        ((_, run),) = replicate(chosen, territory_of(chosen), ("cotation_only",), 0)
        leases.append(run.leases)
    assert not leases[0].demand_id.equals(leases[1].demand_id)


def test_its_worked_examples_are_checked_as_it_is_read(tmp_path: Path) -> None:
    text = Path("scenarios/grids/synthetic-urgency-tiered.toml").read_text(encoding="utf-8")
    broken = tmp_path / "propre.toml"
    first = text.index("expected = ")
    broken.write_text(text[:first] + "expected = 9999" + text[text.index("\n", first) :], encoding="utf-8")
    chosen = scenario(**{"grid.mutations": str(broken)})
    with pytest.raises(FaultsFound, match=r"propre\.toml"):
        next(iter(replicate(chosen, territory_of(chosen), ("cotation_only",), 0)))


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(FaultsFound, match=r"grid\.mutations"):
        scenario(**{"grid.mutations": "grids/absente.toml"})


def test_it_follows_the_scenario_from_grid_to_grid_and_names_the_run() -> None:
    both = scenario(**{"grid.mutations": OWN})
    assert both.with_grid(OWN).grid.mutations == OWN
    assert identity(both, "d", "lottery", 0)["mutation_grid_digest"]
    assert "mutation_grid_digest" not in identity(scenario(), "d", "lottery", 0)


def test_the_report_names_it_and_says_how_its_points_compare() -> None:
    ((title, said),) = _mutation_grid({"id": "propre", "status": "adopted", "label": ""})
    assert title == "Grille propre aux mutations"
    assert said.startswith("propre (adoptée) ; ses points sont comparés tels quels")
    assert _mutation_grid(None) == []


def test_two_grids_on_one_list_are_warned_of_once(capsys: pytest.CaptureFixture[str]) -> None:
    playing.loaded(scenario(**{"grid.mutations": OWN}))
    warned = capsys.readouterr()
    assert warned.err.count("se comparent tels quels") == 1
    playing.loaded(scenario())
    assert "se comparent" not in capsys.readouterr().err
