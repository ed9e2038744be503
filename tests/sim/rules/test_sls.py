"""What a household far above the ceilings pays, and when it loses the right to stay, worked by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.rules.law import Law
from sim.rules.sls import above_the_right_to_stay, overrun_coefficient, overrun_percent, sls_eur
from sim.territory.columns import FINANCINGS

LAW = Law.at(date(2026, 1, 1))
PLAI, PLUS, PLS = range(len(FINANCINGS))


@pytest.mark.parametrize(
    ("percent", "coefficient"),
    [
        (-100, 0.0),
        (19, 0.0),
        (20, 0.27),
        (21, 0.33),  # 0.27 + 0.06
        (59, 2.61),  # 0.27 + 39 × 0.06
        (60, 2.69),  # + 0.08
        (149, 9.81),  # 2.61 + 90 × 0.08
        (150, 9.91),  # + 0.10
        (160, 10.91),
    ],
)
def test_the_coefficient_of_the_decree(percent: int, coefficient: float) -> None:
    assert overrun_coefficient(LAW, percent) == pytest.approx(coefficient)


@pytest.mark.parametrize(
    ("rfr", "percent"),
    [(23_403.0, 0), (23_402.0, -1), (28_083.6, 20), (28_083.5, 19), (46_806.0, 100), (np.nan, -100)],
)
def test_the_overrun_is_in_whole_percents_of_the_ceiling_of_one_person(rfr: float, percent: int) -> None:
    # PLUS 2026, one person: 23,403 EUR; 120 % of it is 28,083.60.
    assert overrun_percent(LAW, rfr, 1, PLUS) == percent


def amount(**changed: Any) -> float:
    """Return the SLS of one person in a PLUS dwelling of 50 m2 and 350 EUR, in zone B1, not in QPV."""
    given = {
        "rfr_eur": 30_424.0,
        "persons": 1,
        "single_parent": False,
        "financing": PLUS,
        "surface_m2": 50.0,
        "rent_eur": 350.0,
        "tension_zone": "B1",
        "in_qpv": False,
        **changed,
    }
    return float(sls_eur(LAW, **given))


def test_thirty_percent_over_the_ceiling() -> None:
    # 30,424 / 23,403 = 1.30: coefficient 0.27 + 10 × 0.06 = 0.87; 50 m2 × 0.87 × 1.24 = 53.94 EUR a month.
    assert amount() == pytest.approx(53.94)
    # In zone 3: 50 × 0.87 × 0.29 = 12.615.
    assert amount(tension_zone="C") == pytest.approx(12.615)


def test_rent_and_supplement_stop_at_thirty_percent_of_the_resources() -> None:
    # 30 % of 30,424 / 12 = 760.60: with a rent of 720 EUR 40.60 are left, with 800 nothing.
    assert amount(rent_eur=720.0) == pytest.approx(40.60)
    assert amount(rent_eur=800.0) == 0.0


def test_the_ceiling_is_that_of_the_dwelling() -> None:
    # PLS: 30,424 is the ceiling itself. PLAI, 12,871: 136 % over, 2.61 + 77 × 0.08 = 8.77;
    # 8.77 × 50 × 1.24 = 543.74, cut to what 30 % of the resources leave beside the rent: 760.60 − 350.
    assert amount(financing=PLS) == 0.0
    assert amount(financing=PLAI) == pytest.approx(410.60)


def test_nobody_pays_in_a_qpv() -> None:
    assert amount(in_qpv=True) == 0.0
    assert amount(rfr_eur=100_000.0, in_qpv=True) == 0.0


def test_a_single_parent_is_read_one_category_higher() -> None:
    # Two persons, a parent and a child: category 3, 37,584 EUR; 45,101 is 20.0 % over, 45,100 is 19.99 %.
    assert amount(persons=2, single_parent=True, rfr_eur=45_101.0) == pytest.approx(50 * 0.27 * 1.24)
    assert amount(persons=2, single_parent=True, rfr_eur=45_100.0) == 0.0


@pytest.mark.parametrize("missing", ["rfr_eur", "surface_m2", "rent_eur"])
def test_what_is_missing_makes_nobody_pay(missing: str) -> None:
    assert amount(**{missing: np.nan}) == 0.0


@pytest.mark.parametrize(
    ("rfr", "age", "zone", "in_qpv", "above"),
    [
        (45_637.0, 40, "B1", False, True),  # 150 % of the PLS ceiling of one person: 1.5 × 30,424 = 45,636
        (45_636.0, 40, "B1", False, False),
        (45_637.0, 65, "B1", False, False),
        (45_637.0, 64, "A", False, True),
        (45_637.0, 40, "B2", False, False),
        (45_637.0, 40, "B1", True, False),
        (np.nan, 40, "B1", False, False),
    ],
)
def test_who_is_above_what_the_right_to_stay_admits(
    rfr: float, age: int, zone: str, in_qpv: bool, above: bool
) -> None:
    assert bool(above_the_right_to_stay(LAW, rfr, 1, False, age, zone, in_qpv)) is above


def test_the_loss_of_the_right_is_switched_off_by_the_law() -> None:
    law = Law.at(date(2026, 1, 1), {"right_to_stay": False})
    assert not above_the_right_to_stay(law, 90_000.0, 1, False, 40, "A", False)


def test_columns_broadcast() -> None:
    rfr = np.array([20_000.0, 30_424.0, np.nan])
    zone, qpv = np.array(["B1", "B1", "B1"]), np.array([False, False, False])
    ones = np.ones(3, dtype=int)
    due = sls_eur(LAW, rfr, ones, ones > 1, ones * PLUS, ones * 50.0, ones * 350.0, zone, qpv)
    np.testing.assert_allclose(due, [0.0, 53.94, 0.0])
