"""What maps, curves and gauges read of kept runs agrees with the indicators of the same runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mixite.comparing import compare, load
from mixite.report import curves, gauges, maps
from mixite.report.pictured import ABSENT, CURVE_GROUPS, Sites, lived_in
from mixite.report.study import Study
from sim.indicators.residualisation import LESS_FAVOURABLE
from sim.territory.columns import PEUPLEMENT_TYPES


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return a comparison of two policies on the tutorial's territory, played once."""
    changes = {
        "policies.compare": ("cotation_only", "cotation_peuplement"),
        "runs.replications": 2,
        "time.years": 1,
    }
    scenario = load(Path("scenarios/tutorial.toml"), changes)
    return compare(scenario, tmp_path_factory.mktemp("vu"), workers=1).study


def test_curves_at_6_and_12_months_are_the_indicators(study: Study) -> None:
    assert study.pictured is not None
    read = 0
    for policy in study.first_pair:
        for group in CURVE_GROUPS:
            mean = curves.band(study.pictured.curves[policy, group].housed)[0]
            for months in (6, 12):
                told = study.value(f"housed_{months}m", group, policy)
                assert mean[months] == pytest.approx(told, nan_ok=True)
                read += told == told
    assert read >= 8


def test_a_demand_is_housed_gone_or_waiting(study: Study) -> None:
    assert study.pictured is not None
    for found in study.pictured.curves.values():
        both = found.housed + found.left
        known = ~np.isnan(both)
        assert (both[known] <= 1 + 1e-12).all()


def test_gauges_are_the_indicators_of_the_law(study: Study) -> None:
    found = {
        (rule, gauge.label, gauge.policy): gauge.share
        for rule in ("R1", "R2")
        for gauge in gauges.gauges(study, rule)
        if not gauge.small
    }
    assert ("R1", "EPCI", "cotation_only") in found
    for (rule, label, policy), share in found.items():
        group = "all" if label == "EPCI" else f"bailleur:{label.removeprefix('Bailleur ')}"
        assert share == pytest.approx(study.value(f"{rule.lower()}_share", group, policy))


def test_moves_of_type_are_those_of_the_indicator(study: Study) -> None:
    assert study.pictured is not None
    for policy, lived in study.pictured.lived.items():
        less = (maps.moves(lived) == 2).sum(axis=1).mean()
        told = study.value(LESS_FAVOURABLE.name, "all", policy)
        # The indicator counts residences delivered since the territory's date too.
        assert less <= told <= less + lived.delivered.mean()


def test_residences_are_read_by_name_and_those_delivered_are_counted_apart() -> None:
    table = pd.DataFrame(
        {
            "residence_id": ["b", "a", "new", "a"],
            "year": [2026, 2026, 2027, 2027],
            "dwellings": [5, 9, 3, 8],
            "households": [4, 9, 3, 8],
            "first_quartile_fixed": [1, 2, 3, 4],
            "peuplement_type": ["a_conforter", "en_capacite", "en_equilibre", "en_vigilance"],
            "commune": ["2", "1", "2", "1"],
        }
    )
    nowhere = np.full(2, np.nan)
    sites = Sites(np.array(["a", "b"]), np.array(["1", "2"]), nowhere, nowhere, {})
    for rows in ([0, 1, 2, 3], [3, 2, 1, 0]):
        lived = lived_in([table.iloc[rows]], sites)
        # b stands in 2026 alone.
        assert lived.kind.tolist() == [[[0, 3], [2, ABSENT]]]
        assert lived.dwellings.tolist() == [[[9, 5], [8, 0]]]
        assert lived.first_quartile.tolist() == [[[2, 1], [4, 0]]]
        assert lived.delivered.tolist() == [1]
        # Its three dwellings stand in 2027, in the second commune, « en équilibre ».
        assert lived.later.sum() == lived.later[0, 1, 1, 1] == 3
    assert PEUPLEMENT_TYPES.index("en_vigilance") == 2
