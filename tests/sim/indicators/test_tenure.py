"""Hazards, shares and turnover by length of tenancy, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sim.indicators import tenure
from sim.outcomes import TENURES, YEAR_S, Outcomes


def tenures(*rows: tuple[int, ...]) -> pd.DataFrame:
    """Return the table: year, rooms, tenure, households, then exits by notice, mutation, death, law, rest."""
    return pd.DataFrame(rows, columns=list(TENURES)).astype("int64")


@pytest.fixture
def run(build) -> Outcomes:
    """Two years; twelve leases in the first, six in the second."""
    signed = [{"signed_s": second} for second in [1000] * 12 + [YEAR_S + 86_400] * 6]
    table = tenures(
        (2027, 1, 0, 10, 2, 0, 0, 0, 0),
        (2027, 3, 3, 30, 1, 2, 0, 1, 0),
        (2027, 3, 4, 40, 1, 1, 0, 0, 0),
        (2027, 3, 15, 15, 0, 0, 1, 0, 0),
        (2027, 3, 30, 5, 0, 0, 0, 0, 1),
        (2028, 3, 1, 20, 3, 0, 0, 0, 0),
        (2028, 3, 16, 30, 0, 0, 0, 0, 0),
        (2029, 3, 2, 25, 0, 0, 0, 0, 0),
        (2029, 3, 17, 25, 0, 0, 0, 0, 0),
    )
    return replace(build(years=2, leases=signed), tenures=table)


def test_who_left_among_those_of_less_than_four_years(run, find):
    rows = tenure.compute(run)
    # 2027: 2 + (1 + 2 + 1) of 10 + 30; 2028: 3 of 20; both: 9 of 60. 2029 has no year after it.
    assert find(rows, "exit_hazard_0_4y", "all", 2027) == pytest.approx(6 / 40)
    assert find(rows, "exit_hazard_0_4y", "all", 2028) == pytest.approx(3 / 20)
    assert find(rows, "exit_hazard_0_4y", "all") == pytest.approx(9 / 60)
    with pytest.raises(KeyError):
        find(rows, "exit_hazard_0_4y", "all", 2029)


def test_who_left_among_those_of_fifteen_years_and_more(run, find):
    rows = tenure.compute(run)
    # 2027: a death and another of 15 + 5; 2028: none of 30; both: 2 of 50.
    assert find(rows, "exit_hazard_15y_plus", "all", 2027) == pytest.approx(2 / 20)
    assert find(rows, "exit_hazard_15y_plus", "all", 2028) == 0
    assert find(rows, "exit_hazard_15y_plus", "all") == pytest.approx(2 / 50)


def test_hazards_by_typology(run, find):
    rows = tenure.compute(run)
    assert find(rows, "exit_hazard_0_4y", "t1", 2027) == pytest.approx(2 / 10)
    assert find(rows, "exit_hazard_0_4y", "t3", 2027) == pytest.approx(4 / 30)
    assert find(rows, "exit_hazard_15y_plus", "t1", 2027) != find(rows, "exit_hazard_15y_plus", "t1", 2027)


def test_shares_on_each_first_of_january(run, find):
    rows = tenure.compute(run)
    # 2027: 10 of 100 under two years, 20 of 100 at fifteen and more; 2028: 20 and 30 of 50; 2029: 0 and 25.
    assert find(rows, "share_tenure_under_2y", "all", 2027) == pytest.approx(0.1)
    assert find(rows, "share_tenure_15y_plus", "all", 2027) == pytest.approx(0.2)
    assert find(rows, "share_tenure_under_2y", "all", 2028) == pytest.approx(0.4)
    assert find(rows, "share_tenure_15y_plus", "all", 2028) == pytest.approx(0.6)
    assert find(rows, "share_tenure_under_2y", "all", 2029) == 0
    assert find(rows, "share_tenure_15y_plus", "all", 2029) == pytest.approx(0.5)


def test_turnover_is_leases_over_households_in_place(run, find):
    rows = tenure.compute(run)
    assert find(rows, "turnover", "all", 2027) == pytest.approx(12 / 100)
    assert find(rows, "turnover", "all", 2028) == pytest.approx(6 / 50)
    assert find(rows, "turnover", "all") == pytest.approx(18 / 150)


def test_a_run_without_tenures_has_none_of_these(build):
    assert tenure.compute(build()) == []
