"""Measures of a run, worked by hand from tables of a few rows. A unit is 10 s, the run ends at 100 s."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from sim.outcomes import Outcomes
from sim.steady_state import SteadyState, measure

DEMANDS = [
    # demand_id, filed_s, closed_s, closed_by
    ("a/0", 0, 30, "lease"),  # before the warm-up, waits 10 s after it
    ("a/1", 30, 70, "lease"),  # waits 40 s
    ("a/2", 40, 40, "lease"),  # served at once
    ("a/3", 50, 90, "lapse"),  # leaves after 40 s
    ("a/4", 80, None, None),  # waits until the end, 20 s
    ("x/y/0", 60, 61, "lapse"),
    ("x/y/1", 95, 97, "lease"),  # 2 s
]
VACANCIES = [
    # commune, available_s, lost
    ("A", 10, True),  # before the warm-up
    ("A", 20, True),
    ("A", 40, False),
    ("A", 70, False),
    ("A", 80, True),
    ("B/1", 97, False),
]


def outcomes(demands: list[tuple[object, ...]] = DEMANDS) -> Outcomes:
    told = pd.DataFrame(demands, columns=["demand_id", "filed_s", "closed_s", "closed_by"])
    told = told.astype({"demand_id": str, "filed_s": "Int64", "closed_s": "Int64", "closed_by": object})
    vacancies = pd.DataFrame(VACANCIES, columns=["commune", "available_s", "lost"])
    none = pd.DataFrame()
    return Outcomes(told, vacancies.astype({"available_s": "Int64"}), none, none, none, none, {"end_s": 100})


def found(warm_up_s: int = 20) -> SteadyState:
    return measure(outcomes(), ["a", "x/y"], ["A", "B/1", "C"], warm_up_s, 10)


def test_the_number_waiting_is_averaged_over_time_after_the_warm_up() -> None:
    # a: 10 (a/0, from 20 to 30) + 40 + 0 + 40 + 20 = 110 s in 80 s; x/y: 1 + 2 = 3 s in 80 s
    assert found().waiting_mean == pytest.approx((110 / 80, 3 / 80))
    # Without a warm-up a/0 waits its 30 s: 130 s in 100 s
    assert found(0).waiting_mean == pytest.approx((1.3, 0.03))


def test_the_wait_is_that_of_who_came_after_the_warm_up_and_was_housed() -> None:
    # a/1 and a/2: (40 + 0) / 2 = 20 s, 2 units; with a/0: (30 + 40 + 0) / 3 s
    assert found().wait_mean == pytest.approx((2.0, 0.2))
    assert found(0).wait_mean[0] == pytest.approx(7 / 3)


def test_the_share_housed_leaves_out_who_still_waits() -> None:
    # a: a/1, a/2 housed of a/1, a/2, a/3; x/y: one of two
    assert found().housed_share == pytest.approx((2 / 3, 1 / 2))


def test_the_share_lost_is_of_the_vacancies_after_the_warm_up() -> None:
    # A: lost at 20 and 80 of 20, 40, 70, 80; none of B/1; C has had no vacancy
    lost = found().lost_share
    assert lost[:2] == pytest.approx((2 / 4, 0.0))
    assert math.isnan(lost[2])


def test_who_is_not_served_at_once_is_delayed_housed_or_not() -> None:
    # After the warm-up six have come (a/1 to a/4, x/y/0, x/y/1); a/2 alone is served at once
    assert found().delay_probability == pytest.approx(5 / 6)


def test_of_nobody_nothing_is_known() -> None:
    nobody = measure(outcomes([]), ["a"], [], 0, 10)
    assert nobody.waiting_mean == (0.0,)
    assert all(math.isnan(value) for value in (*nobody.wait_mean, *nobody.housed_share))
    assert math.isnan(nobody.delay_probability)
