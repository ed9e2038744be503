"""A small trade-off: the tutorial at half its size, one year, three strengths, two replications."""

from __future__ import annotations

from pathlib import Path

import pytest

from mixite.frontier import playing, telling
from mixite.frontier.playing import Frontier
from sim.scenario import Scenario, load_scenario

SHORT = {
    "time.years": 1,
    "time.burn_in_months": 6,
    "scale": 0.5,
    "frontier.points": 3,
    "frontier.replications": 2,
    "frontier.acceptable_delay_months": 7.5,
}


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return load_scenario(Path("scenarios/tutorial.toml"), changes=SHORT)


@pytest.fixture(scope="session")
def played(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Frontier:
    """The trade-off, played by one process and written."""
    found = playing.play(scenario, tmp_path_factory.mktemp("arbitrage"), workers=1)
    telling.write(found)
    return found
