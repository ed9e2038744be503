"""The tutorial and the toy of three residences, as worlds ready to be played."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from sim.outcomes import Outcomes
from sim.policies import POLICIES
from sim.process.replication import grid_of, replicate, territory_of
from sim.process.world import World, world_of
from sim.scenario import Scenario, load_scenario

sys.path.append(str(Path(__file__).parent))  # transformations.py, under --import-mode=importlib

SHORT = {"time.years": 2, "time.burn_in_months": 6}


@pytest.fixture(scope="session")
def tutorial() -> Scenario:
    return load_scenario(Path("scenarios/tutorial.toml"), changes=SHORT)


@pytest.fixture(scope="session")
def played(tutorial: Scenario) -> Mapping[str, Outcomes]:
    """Every policy played on the tutorial, two years after six months of burn-in."""
    return dict(replicate(tutorial, territory_of(tutorial), tuple(POLICIES), 0))


@pytest.fixture
def toy() -> World:
    scenario = load_scenario(Path("scenarios/jouet.toml"))
    return world_of(scenario, territory_of(scenario), grid_of(scenario), 0)
