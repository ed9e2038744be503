"""The tutorial and the toy, with the targets a test asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.process.replication import territory_of
from sim.scenario import Scenario, changed, load_scenario
from sim.territory.columns import Territory

PUBLISHED = {"reference": "CIA de synthèse", "on": date(2026, 1, 1), "perimeter": "EPCI"}


@pytest.fixture(scope="session")
def tutorial() -> tuple[Scenario, Territory]:
    scenario = load_scenario(Path("scenarios/tutorial.toml"))
    return scenario, territory_of(scenario)


@pytest.fixture(scope="session")
def toy() -> tuple[Scenario, Territory]:
    scenario = load_scenario(Path("scenarios/jouet.toml"))
    return scenario, territory_of(scenario)


@pytest.fixture(scope="session")
def asking() -> Callable[..., Scenario]:
    """Return a function that gives a scenario other targets, published."""

    def of(scenario: Scenario, *targets: Mapping[str, Any], **changes: Any) -> Scenario:
        told = tuple({"published_in": PUBLISHED} | dict(target) for target in targets)
        return changed(scenario, {"target": told, **changes})

    return of
