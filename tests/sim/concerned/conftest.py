"""Small runs made by hand, and a year of the tutorial under three policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.outcomes import YEAR_S, Outcomes
from sim.process.replication import replicate, territory_of
from sim.rules.traits import NAMES
from sim.scenario import load_scenario

DEFAULTS: dict[str, dict[str, Any]] = {
    "demands": {
        "demand_id": "D1",
        "filed_s": 0,
        "closed_s": None,
        "closed_by": None,
        "rooms_min": 2,
        "rooms_max": 2,
        "commune": "59350",
        "dalo_recognised_s": None,
        **dict.fromkeys(NAMES, False),
    },
    "vacancies": {
        "vacancy_id": "V1",
        "available_s": 0,
        "withdrawn_s": None,
        "lost": False,
        "rooms": 2,
        "commune": "59350",
        "bailleur_id": "A",
        "in_qpv": False,
        "designation_mode": "bailleur",
        "freed_by": None,
    },
    "sittings": {"vacancy_id": "V1", "passed_over": 0},
    "offers": {"demand_id": "D1", "vacancy_id": "V1"},
    "leases": {
        "vacancy_id": "V1",
        "demand_id": "D1",
        "filed_s": 0,
        "signed_s": 0,
        "in_qpv": False,
        "first_quartile": False,
    },
    "occupation": {"residence_id": "R1"},
    "passed_over": {"demand_id": "D1", "reason": "R1", "times": 1},
}


def made(years: int = 2, **tables: Sequence[Mapping[str, Any]]) -> Outcomes:
    """Return outcomes from tables given as rows, columns left out at their defaults."""
    context = {"start": "2027-01-01", "years": years, "end_s": years * YEAR_S}
    return Outcomes(**{name: table(name, tables.get(name, ())) for name in DEFAULTS}, context=context)


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return a table of some rows, of the kinds of a run's."""
    defaults = DEFAULTS[name]
    found = pd.DataFrame([{**defaults, **row} for row in rows], columns=list(defaults))
    kinds = {bool: "bool", int: "int64", str: "str"}
    plain = {column: kinds[type(value)] for column, value in defaults.items() if type(value) in kinds}
    times = {column: "Int64" for column in defaults if column.endswith("_s")}
    return found.astype(plain | times)


@pytest.fixture
def make() -> Callable[..., Outcomes]:
    return made


@pytest.fixture
def rows_of() -> Callable[..., pd.DataFrame]:
    return table


PLAYED = ("status_quo", "cotation_only", "cotation_peuplement")


@pytest.fixture(scope="session")
def played() -> dict[str, Outcomes]:
    """Return one year of the tutorial, by policy."""
    changes = {"time.years": 1, "time.burn_in_months": 6}
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes=changes)
    return dict(replicate(scenario, territory_of(scenario), PLAYED, 0))
