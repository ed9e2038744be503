"""Who may be housed where: properties that hold for every household and dwelling."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.eligibility import (
    UNLIMITED,
    ceiling_category,
    ceiling_eur,
    first_quartile_threshold,
    fits,
    income_uc_eur,
    least_persons,
    most_persons,
    plus_ceiling_eur,
    rooms_allowed,
)
from sim.rules.law import Law
from sim.territory.columns import FINANCINGS

LAW = Law.at(date(2026, 1, 1))


def test_categories_are_the_persons_up_to_six() -> None:
    np.testing.assert_array_equal(
        ceiling_category(np.array([1, 2, 3, 4, 5, 6, 7, 12])), [1, 2, 3, 4, 5, 6, 6, 6]
    )


def test_a_person_alone_with_dependants_is_one_category_higher() -> None:
    np.testing.assert_array_equal(ceiling_category(np.array([2, 3, 5, 6]), True), [3, 4, 6, 6])


def test_ceilings_broadcast_over_households_and_dwellings() -> None:
    ceilings = ceiling_eur(LAW, np.array([[1], [7]]), np.arange(len(FINANCINGS)))
    # 2026, other regions. Seven persons: category 6 and one supplement, for PLAI 33,086 + 3,690.
    np.testing.assert_array_equal(ceilings, [[12871, 23403, 30424], [36776, 66866, 86926]])
    np.testing.assert_array_equal(plus_ceiling_eur(LAW, np.array([1, 7])), [23403, 66866])


def test_fits_gives_every_pair_of_households_and_dwellings() -> None:
    persons, rfr_eur = np.array([[1], [2], [5]]), np.array([[9000.0], [np.nan], [60000.0]])
    rooms, surface_m2, financing = np.array([1, 3]), np.array([28.0, 64.0]), np.array([0, 1])
    # One person: the PLAI T1 fits; a T3 is more than 1 + 1 rooms.
    # Two, income to be checked: the T1 has 28 ≥ 16 m²; the T3 has 3 ≤ 2 + 1 rooms.
    # Five: 28 < 43 m²; in the PLUS T3 60,000 > 53,376 EUR.
    np.testing.assert_array_equal(
        fits(LAW, persons, rfr_eur, rooms, surface_m2, financing),
        [[True, False], [True, True], [False, False]],
    )


def test_a_missing_income_stays_missing_per_consumption_unit() -> None:
    one = np.array([1, 1])
    income = income_uc_eur(LAW, np.array([np.nan, 0.0]), one, one * 0, one * 0)
    np.testing.assert_array_equal(income, [np.nan, 0.0])


def test_the_project_matrix_never_breaks_the_under_occupation_rule() -> None:
    persons = np.arange(1, 12)
    fewest, most = rooms_allowed(LAW, persons)
    assert (fewest <= most).all()
    assert (least_persons(LAW, most) <= persons).all()


@given(st.floats(min_value=9, max_value=200))
def test_a_surface_is_large_enough_for_the_most_persons_it_admits(surface_m2: float) -> None:
    persons = int(most_persons(LAW, surface_m2))
    needed = {1: 9, UNLIMITED: 70}.get(persons, 16 + 9 * (persons - 2))
    larger = {1: 16, 7: 70, UNLIMITED: np.inf}.get(persons, needed + 9)
    assert needed <= surface_m2 < larger


@given(st.lists(st.floats(min_value=1, max_value=1e5), min_size=1, max_size=60))
def test_at_least_a_quarter_and_less_with_any_lower_threshold(incomes: list[float]) -> None:
    income_uc = np.array(incomes)
    threshold = first_quartile_threshold(income_uc)
    assert 4 * (income_uc <= threshold).sum() >= len(incomes)
    assert 4 * (income_uc < threshold).sum() < len(incomes)
