"""The exact decomposition of the yearly change of the stock."""

import pytest

from sim.indicators import decomposition
from sim.indicators.decomposition import TERMS

YEAR_2028 = {
    "year": 2028,
    "households": 100,
    "entrants": 10,
    "leavers": 10,
    "first_quartile_fixed": 34,
    "entrants_fixed": 5,
    "leavers_fixed": 2,
    "in_place_fixed": 1,
    "first_quartile_legal": 30,
    "entrants_legal_old": 4,
    "leavers_legal_old": 3,
    "in_place_legal_old": -1,
    "drift_legal": 5,
}
YEAR_2027 = {"year": 2027, "households": 100, "first_quartile_fixed": 30, "first_quartile_legal": 25}


def test_terms_of_a_year_worked_by_hand(build, find):
    rows = decomposition.compute(build(years=1, occupation=[YEAR_2027, YEAR_2028]))
    # Fixed ruler, S0 = 0.30: entrants (5 − 10 × 0.30)/100, leavers −(2 − 10 × 0.30)/100, in place 1/100.
    expected = {"total": 0.04, "entrants": 0.02, "leavers": 0.01, "in_place": 0.01, "stock": 0, "drift": 0}
    # Legal ruler, S0 = 0.25: (4 − 2.5)/100, −(3 − 2.5)/100, −1/100, and 5 households by the threshold alone.
    legal = {
        "total": 0.05,
        "entrants": 0.015,
        "leavers": -0.005,
        "in_place": -0.01,
        "stock": 0,
        "drift": 0.05,
    }
    for term in TERMS:
        assert find(rows, f"change_{term}", "first_quartile", 2027) == pytest.approx(expected[term])
        assert find(rows, f"change_{term}", "first_quartile_legal", 2027) == pytest.approx(legal[term])


@pytest.mark.parametrize("seed", range(5))
def test_terms_sum_to_the_change_of_every_year_and_of_the_run(random_run, find, seed):
    run = random_run(demands=10, leases=5, offers=5, years=6, seed=seed)
    rows = decomposition.compute(run)
    stock = run.occupation.groupby("year")[
        ["households", "first_quartile_fixed", "first_quartile_legal"]
    ].sum()
    for group, column in (
        ("first_quartile", "first_quartile_fixed"),
        ("first_quartile_legal", "first_quartile_legal"),
    ):
        share = stock[column] / stock["households"]
        for year in (0, *range(2027, 2033)):
            first, last = (2027, 2033) if year == 0 else (year, year + 1)
            terms = [find(rows, f"change_{term}", group, year) for term in TERMS[1:]]
            assert sum(terms) == pytest.approx(share[last] - share[first], abs=1e-12)
            assert find(rows, "change_total", group, year) == pytest.approx(sum(terms), abs=1e-12)


def test_flows_that_do_not_account_for_the_stock_are_named(build):
    run = build(years=1, occupation=[YEAR_2027, {**YEAR_2028, "leavers": 9}])
    with pytest.raises(ValueError, match=r"households, 1er janvier 2028 : 100, attendu 101"):
        decomposition.compute(run)
