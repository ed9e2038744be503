"""The exact decomposition of the yearly change of the stock."""

import pytest

from sim.indicators import decomposition
from sim.indicators.decomposition import PARTS, TERMS

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


def test_the_stock_s_term_worked_by_hand(build, find):
    # 100 households, 40 below the bracket. 20 come with a programme, 12 of them below it; 10 leave an
    # operation, 6 below; 10 buy, 1 below: 100 + 20 - 10 - 10 = 100 households, 40 + 12 - 6 - 1 = 45 below.
    before = {"year": 2027, "households": 100, "below_40_plus": 40}
    moved = {"new": 20, "demolished": 10, "sold": 10}
    below = {"new_below_40_plus": 12, "demolished_below_40_plus": 6, "sold_below_40_plus": 1}
    after = {"year": 2028, "households": 100, "below_40_plus": 45, **moved, **below}
    rows = decomposition.compute(build(years=1, occupation=[before, after]))
    # (12 - 20 × 0.4)/100, -(6 - 10 × 0.4)/100, -(1 - 10 × 0.4)/100
    expected = {
        "stock_new": 0.04,
        "stock_demolished": -0.02,
        "stock_sold": 0.03,
        "stock": 0.05,
        "total": 0.05,
    }
    for term, value in expected.items():
        assert find(rows, f"change_{term}", "below_40_plus", 2027) == pytest.approx(value), term


@pytest.mark.parametrize("seed", range(5))
def test_terms_sum_to_the_change_of_every_year_and_of_the_run(random_run, find, seed):
    run = random_run(demands=10, leases=5, offers=5, years=6, seed=seed)
    rows = decomposition.compute(run)
    stock = run.occupation.groupby("year")[
        ["households", "first_quartile_fixed", "first_quartile_legal", "below_40_plus"]
    ].sum()
    for group, column in (
        ("first_quartile", "first_quartile_fixed"),
        ("first_quartile_legal", "first_quartile_legal"),
        ("below_40_plus", "below_40_plus"),
    ):
        share = stock[column] / stock["households"]
        for year in (0, *range(2027, 2033)):
            first, last = (2027, 2033) if year == 0 else (year, year + 1)
            terms = [find(rows, f"change_{term}", group, year) for term in TERMS[1:]]
            assert sum(terms) == pytest.approx(share[last] - share[first], abs=1e-12)
            assert find(rows, "change_total", group, year) == pytest.approx(sum(terms), abs=1e-12)
            parts = [find(rows, f"change_{part}", group, year) for part in PARTS]
            assert find(rows, "change_stock", group, year) == pytest.approx(sum(parts), abs=1e-12)


def test_flows_that_do_not_account_for_the_stock_are_named(build):
    run = build(years=1, occupation=[YEAR_2027, {**YEAR_2028, "leavers": 9}])
    with pytest.raises(ValueError, match=r"households, 1er janvier 2028 : 100, attendu 101"):
        decomposition.compute(run)
