"""Attribution rate by year and income bracket, worked by hand."""

import numpy as np
import pytest

from sim.indicators import attribution
from sim.outcomes import DAY_S, MONTH_S

NEW_YEAR = 365 * DAY_S
M = MONTH_S


def test_the_rate_is_of_the_demands_active_in_the_year(build, find):
    demands = [
        {"demand_id": "D1", "filed_s": -M, "closed_s": 3 * M, "closed_by": "lease"},  # active and housed 2027
        {"demand_id": "D2", "filed_s": 2 * M, "closed_s": 4 * M, "closed_by": "lapse"},  # active 2027
        {"demand_id": "D3", "filed_s": 6 * M, "closed_s": NEW_YEAR + M, "closed_by": "lease"},  # active both
        {"demand_id": "D4", "filed_s": 8 * M},  # active both, open at the end
        {"demand_id": "D5", "filed_s": NEW_YEAR + 5 * M},  # active 2028
    ]
    rows = attribution.compute(build(demands=demands))
    assert find(rows, "attribution_rate", "all", 2027) == pytest.approx(1 / 4)  # D1 of D1 to D4
    assert find(rows, "attribution_rate", "all", 2028) == pytest.approx(1 / 3)  # D3 of D3 to D5
    assert find(rows, "attribution_rate", "all") == pytest.approx(2 / 7)


def test_brackets_are_of_the_monthly_income_of_one_consumption_unit(build, find):
    incomes = {"A": 5999.0, "B": 6000.0, "C": 23_999.0, "D": 24_000.0, "E": np.nan}
    housed = {"closed_s": 3 * M, "closed_by": "lease"}
    demands = [{"demand_id": name, "income_uc_eur": income} for name, income in incomes.items()]
    rows = attribution.compute(build(demands=[{**demands[0], **housed}, *demands[1:]]))
    # 499.92 EUR a month: the first bracket, and the only one housed.
    assert find(rows, "attribution_rate", "uc_0_499", 2027) == 1
    assert find(rows, "attribution_rate", "uc_500_999", 2027) == 0  # 500.00
    assert np.isnan(find(rows, "attribution_rate", "uc_1000_1499", 2027))
    assert find(rows, "attribution_rate", "uc_1500_1999", 2027) == 0  # 1999.92
    assert find(rows, "attribution_rate", "uc_2000_plus", 2027) == 0  # 2000.00
    assert find(rows, "attribution_rate", "uc_unknown", 2027) == 0


def test_brackets_part_the_demands(random_run):
    demands = random_run().demands
    members = attribution.brackets(demands)
    everyone = members.pop("all")
    assert (sum(member.astype(int) for member in members.values()) == everyone).all()
