"""Demands per lease by typology, worked by hand."""

import numpy as np
import pytest

from sim.indicators import pressure
from sim.outcomes import DAY_S, MONTH_S

NEW_YEAR = 365 * DAY_S


def test_a_demand_is_shared_among_the_typologies_it_asks_for(build, find):
    demands = [
        {"demand_id": "D1", "rooms_min": 2, "rooms_max": 3},  # a half T2, a half T3
        {"demand_id": "D2", "rooms_min": 3, "rooms_max": 3},
        {"demand_id": "D3", "rooms_min": 4, "rooms_max": 6},  # a third T4, two thirds T5 and more
        {"demand_id": "D4", "rooms_min": 1, "rooms_max": 1, "closed_s": NEW_YEAR - 1, "closed_by": "lease"},
        {"demand_id": "D5", "rooms_min": 2, "rooms_max": 2, "filed_s": NEW_YEAR + 1},  # pending in 2028 alone
    ]
    leases = [
        {"vacancy_id": "V1", "rooms": 1, "signed_s": NEW_YEAR - 1},
        {"vacancy_id": "V2", "rooms": 3, "signed_s": MONTH_S},
        {"vacancy_id": "V3", "rooms": 3, "signed_s": NEW_YEAR + 5},
        {"vacancy_id": "V4", "rooms": 7, "signed_s": NEW_YEAR + 5},
    ]
    rows = pressure.compute(build(demands=demands, leases=leases))
    assert find(rows, "pressure", "all", 2027) == pytest.approx(3 / 2)
    assert find(rows, "pressure", "t1", 2027) == 0
    assert np.isnan(find(rows, "pressure", "t2", 2027))  # nobody was housed in a T2
    assert find(rows, "pressure", "t3", 2027) == pytest.approx(1.5)
    assert find(rows, "pressure", "t5_plus", 2028) == pytest.approx(2 / 3)
    assert find(rows, "pressure", "t3") == pytest.approx((1.5 + 1.5) / 2)
    assert find(rows, "pressure", "all") == pytest.approx((3 + 4) / 4)


def test_shares_of_a_demand_add_up_to_one(random_run):
    np.testing.assert_allclose(pressure.asked(random_run().demands).sum(axis=1), 1)
