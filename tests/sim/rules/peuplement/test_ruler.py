"""The type of a residence, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.peuplement import qualify

# Eight residences of ten households. First quartile: 0, 1, … 7, in all 28 of 80: 35 %. Below 40 % of PLUS:
# the same counts. Without shrinkage the score is (share − 0.35) / spread, the spread being
# √mean((k/10 − 0.35)²) = √(((0.35² + 0.25² + 0.15² + 0.05²) × 2) / 8) = √0.0525.
TEN = np.full(8, 10)
POOR = np.arange(8)
SPREAD = np.sqrt(0.0525)


def test_each_type_holds_a_quarter_of_the_households() -> None:
    ruler = qualify(TEN, POOR, POOR, shrinkage=0.0)
    assert ruler.mean == pytest.approx([0.35, 0.35])
    assert ruler.spread == pytest.approx([SPREAD, SPREAD])
    assert ruler.score(TEN, POOR, POOR) == pytest.approx((POOR / 10 - 0.35) / SPREAD)
    assert ruler.types(TEN, POOR, POOR).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_the_score_is_the_mean_of_both_shares() -> None:
    # The second share runs the other way: the two z-scores cancel, every residence is alike.
    assert qualify(TEN, POOR, POOR[::-1], 0.0).score(TEN, POOR, POOR[::-1]) == pytest.approx(np.zeros(8))


def test_a_quarter_is_of_households_not_of_residences() -> None:
    # 40, then seven of 10: the first alone holds 40 of 110 households, more than a quarter.
    households = np.array([40, 10, 10, 10, 10, 10, 10, 10])
    kinds = qualify(households, POOR, POOR, 0.0).types(households, POOR, POOR)
    # Reached: 40, 50, 60, 70, 80, 90, 100, 110 of 110; quarters at 27.5, 55, 82.5.
    assert kinds.tolist() == [0, 1, 1, 2, 2, 2, 3, 3]


def test_a_small_residence_is_drawn_towards_the_epci() -> None:
    ruler = qualify(TEN, POOR, POOR, shrinkage=10.0)
    # 1 household of 1: (1 + 10 × 0.35) / (1 + 10) = 0.409, hardly above the EPCI's 0.35;
    # 100 of 100: (100 + 3.5) / 110 = 0.941.
    small, large = ruler.score(np.array([1, 100]), np.array([1, 100]), np.array([1, 100]))
    assert (small * ruler.spread[0] + 0.35, large * ruler.spread[0] + 0.35) == pytest.approx(
        (4.5 / 11, 103.5 / 110)
    )


@pytest.mark.parametrize("shrinkage", [0.0, 10.0])
def test_an_empty_residence_scores_as_the_epci(shrinkage: float) -> None:
    households, poor = np.append(TEN, 0), np.append(POOR, 0)
    assert qualify(households, poor, poor, shrinkage).score(households, poor, poor)[-1] == pytest.approx(0)


def test_a_ruler_stays_when_residences_change() -> None:
    ruler = qualify(TEN, POOR, POOR, 0.0)
    poorer = np.minimum(POOR + 2, 10)
    # Each residence takes the place of the one two further: one type up, the last stays.
    assert ruler.types(TEN, poorer, poorer).tolist() == [1, 1, 2, 2, 3, 3, 3, 3]


@given(st.permutations(range(8)), st.floats(0, 30))
def test_the_order_of_residences_changes_no_type(order: list[int], shrinkage: float) -> None:
    households = np.array([12, 30, 7, 45, 22, 9, 61, 18])
    poor, poorest = np.array([5, 3, 6, 9, 11, 0, 20, 8]), np.array([6, 5, 6, 12, 13, 1, 31, 7])
    kinds = qualify(households, poor, poorest, shrinkage).types(households, poor, poorest)
    again = [column[order] for column in (households, poor, poorest)]
    np.testing.assert_array_equal(qualify(*again, shrinkage).types(*again), kinds[order])
