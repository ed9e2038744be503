"""The pace of the stock and of its spread between residences."""

import numpy as np
import pytest

from sim.indicators import slope


def test_slope_of_three_years_worked_by_hand():
    # Mean 0.27: (−1)(0.20 − 0.27) + 0 (0.35 − 0.27) + 1 (0.26 − 0.27) = 0.06, over 1 + 0 + 1.
    found = slope.slope(np.array([2027, 2028, 2029]), np.array([0.20, 0.35, 0.26]))
    assert found == pytest.approx(0.03)


def test_a_year_unknown_is_left_out_and_one_year_has_no_slope():
    years = np.array([2027, 2028, 2030])
    assert slope.slope(years, np.array([0.20, np.nan, 0.26])) == pytest.approx(0.02)
    assert np.isnan(slope.slope(years, np.array([0.20, np.nan, np.nan])))
    assert np.isnan(slope.slope(np.array([2027]), np.array([0.2])))


@pytest.mark.parametrize("seed", range(5))
def test_slope_is_that_of_numpy_s_polynomial_fit(seed):
    rng = np.random.default_rng(seed)
    years, values = np.arange(2027, 2038), rng.random(11)
    assert slope.slope(years, values) == pytest.approx(np.polyfit(years - 2032, values, 1)[0])


def test_stock_and_dissimilarity_of_two_residences_worked_by_hand(build, find):
    stocks = {2027: (1, 3), 2028: (2, 2), 2029: (2, 6)}  # of 4 and 4, then of 4 and 4, then of 8 and 8
    kinds = {"R1": "en_capacite", "R2": "a_conforter"}
    occupation = [
        {
            "residence_id": name,
            "year": year,
            "households": 8 if year == 2029 else 4,
            "first_quartile_fixed": count,
            "peuplement_type": kinds[name] if year == 2027 else "en_vigilance",
        }
        for year, counts in stocks.items()
        for name, count in zip(kinds, counts, strict=True)
    ]
    rows = slope.compute(build(occupation=occupation))
    # In all 4/8, 4/8, 8/16: flat. « À conforter » at the start, the second: 3/4, 2/4, 6/8: (0.75 − 0.75)/2.
    assert find(rows, "stock_first_quartile_slope", "all") == pytest.approx(0)
    assert find(rows, "stock_first_quartile_slope", "start:a_conforter") == pytest.approx(0)
    assert find(rows, "stock_first_quartile_slope", "start:en_capacite") == pytest.approx(0)
    assert np.isnan(find(rows, "stock_first_quartile_slope", "start:en_equilibre"))
    # D = 0.5, 0, 0.5: slope 0. Corrected: chance weighs less on 8 households than on 4, so that it rises:
    # 17/52 on 4 and 4 (test_segregation); 8 of 16 in residences of 8: E|x − 4| = 9800/12870, D* a quarter.
    assert find(rows, "dissimilarity_slope", "first_quartile") == pytest.approx(0)
    chance = 9800 / 12870 / 4
    last = (0.5 - chance) / (1 - chance)
    assert find(rows, "dissimilarity_corrected_slope", "first_quartile") == pytest.approx(
        (last - 17 / 52) / 2
    )
