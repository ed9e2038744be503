"""Waits by household type and typology, worked by hand."""

import numpy as np
import pytest

from sim.indicators import household_waits
from sim.outcomes import MONTH_S

M = MONTH_S


def test_waits_are_told_by_household_by_typology_and_by_both(build, find):
    demands = [
        {"demand_id": "D1", "adults": 1, "children": 0},
        {"demand_id": "D2", "adults": 1, "children": 2},
        {"demand_id": "D3", "adults": 2, "children": 1},
        {"demand_id": "D4", "adults": 2, "children": 0},
    ]
    leases = [
        {"vacancy_id": "V1", "demand_id": "D1", "rooms": 2, "filed_s": -4 * M, "signed_s": 2 * M},  # 6
        {"vacancy_id": "V2", "demand_id": "D2", "rooms": 3, "filed_s": 0, "signed_s": 10 * M},  # 10
        {
            "vacancy_id": "V3",
            "demand_id": "D3",
            "rooms": 3,
            "filed_s": -4 * M,
            "signed_s": 14 * M,
        },  # 18, 2028
        {"vacancy_id": "V4", "demand_id": "D4", "rooms": 2, "filed_s": M, "signed_s": 9 * M},  # 8
    ]
    rows = household_waits.compute(build(demands=demands, leases=leases))
    assert find(rows, "wait_by_household_months", "person_alone") == pytest.approx(6)
    assert find(rows, "wait_by_household_months", "single_parent", 2027) == pytest.approx(10)
    assert find(rows, "wait_by_household_months", "t3") == pytest.approx(14)
    assert find(rows, "wait_by_household_months", "t2", 2027) == pytest.approx(7)
    assert find(rows, "wait_by_household_months", "adults_children@t3", 2028) == pytest.approx(18)
    assert find(rows, "wait_by_household_months", "adults_only@t2") == pytest.approx(8)
    assert np.isnan(find(rows, "wait_by_household_months", "single_parent@t2"))
