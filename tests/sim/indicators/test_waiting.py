"""Waits of the housed, stock and age of the pending."""

import numpy as np
import pytest

from sim.indicators import waiting
from sim.outcomes import DAY_S, MONTH_S

M = MONTH_S


def test_wait_is_the_mean_from_filing_to_signature(build, find):
    leases = [
        {"vacancy_id": "V1", "filed_s": -6 * M, "signed_s": 4 * M, "dalo": True},  # 10 months, 2027
        {"vacancy_id": "V2", "filed_s": 2 * M, "signed_s": 4 * M},  # 2 months, 2027
        {"vacancy_id": "V3", "filed_s": 0, "signed_s": 15 * M, "rooms": 1},  # 15 months, 2028
    ]
    rows = waiting.compute(build(leases=leases))
    assert find(rows, "wait_housed_months", "all") == pytest.approx(9)
    assert find(rows, "wait_housed_months", "all", 2027) == pytest.approx(6)
    assert find(rows, "wait_housed_months", "dalo", 2027) == pytest.approx(10)
    assert find(rows, "wait_housed_months", "t1", 2028) == pytest.approx(15)
    assert np.isnan(find(rows, "wait_housed_months", "dalo", 2028))


def test_pending_are_the_demands_open_on_31_december(build, find):
    end_2027 = 365 * DAY_S
    demands = [
        {"demand_id": "D1", "filed_s": end_2027 - 3 * M},  # open at the end of both years
        {"demand_id": "D2", "filed_s": end_2027 - 5 * M, "closed_s": end_2027 + M, "closed_by": "lease"},
        {"demand_id": "D3", "filed_s": -M, "closed_s": end_2027 - M, "closed_by": "lapse"},
        {"demand_id": "D4", "filed_s": end_2027 + M},
        # Recognised during 2028 only.
        {"demand_id": "D5", "filed_s": end_2027 - 4 * M, "dalo_recognised_s": end_2027 + 2 * M},
    ]
    rows = waiting.compute(build(demands=demands))
    assert find(rows, "pending", "all", 2027) == 3  # D1, D2, D5
    assert find(rows, "age_pending_months", "all", 2027) == pytest.approx((3 + 5 + 4) / 3)
    assert find(rows, "pending", "all", 2028) == 3  # D1, D4, D5
    assert find(rows, "pending", "dalo", 2027) == 0
    assert np.isnan(find(rows, "age_pending_months", "dalo", 2027))
    # The run of 2 × 365.25 days ends 365.5 days after 31 December 2027; D5 was filed 4 months before that.
    assert find(rows, "age_pending_months", "dalo", 2028) == pytest.approx(4 + 365.5 * DAY_S / M)


def test_pending_equals_a_plain_count(random_run, find):
    run = random_run()
    rows = waiting.compute(run)
    demands, end = run.demands, 365 * DAY_S
    still_open = demands["filed_s"].le(end) & ~demands["closed_s"].le(end).fillna(False)
    chosen = demands[still_open & demands["l441_1"]]
    assert find(rows, "pending", "l441_1", 2027) == len(chosen)
    expected = (end - chosen["filed_s"].astype(float)).mean() / M
    assert find(rows, "age_pending_months", "l441_1", 2027) == pytest.approx(expected)
