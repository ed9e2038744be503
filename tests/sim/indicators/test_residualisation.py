"""Stock, entrants and residences changing type."""

import numpy as np
import pytest

from sim.indicators import residualisation


def test_stock_and_entrants_worked_by_hand(build, find):
    occupation = [
        {
            "residence_id": "R1",
            "households": 60,
            "first_quartile_fixed": 12,
            "below_20_plus": 6,
            "in_qpv": True,
        },
        {"residence_id": "R2", "households": 40, "first_quartile_fixed": 8},
        # 1 January 2028: 10 entrants during 2027, 5 of the first quartile.
        {
            "residence_id": "R1",
            "year": 2028,
            "households": 60,
            "first_quartile_fixed": 15,
            "in_qpv": True,
            "entrants": 10,
            "entrants_fixed": 5,
        },
        {"residence_id": "R2", "year": 2028, "households": 40, "first_quartile_fixed": 10},
        # 1 January 2029: 30 entrants during 2028, 6 of the first quartile.
        {"residence_id": "R1", "year": 2029, "households": 60, "first_quartile_fixed": 15, "in_qpv": True},
        {
            "residence_id": "R2",
            "year": 2029,
            "households": 40,
            "first_quartile_fixed": 10,
            "entrants": 30,
            "entrants_fixed": 6,
        },
    ]
    rows = residualisation.compute(build(occupation=occupation))
    assert find(rows, "stock_first_quartile", "all", 2027) == pytest.approx(0.20)
    assert find(rows, "stock_first_quartile", "qpv", 2028) == pytest.approx(0.25)
    assert find(rows, "stock_below_20_plus", "all", 2027) == pytest.approx(0.06)
    # 2027: 5/10 − 20/100 = +0.30. 2028: 6/30 − 25/100 = −0.05. Run: (10 × 0.30 − 30 × 0.05)/40 = 0.0375.
    assert find(rows, "entrants_minus_stock", "first_quartile", 2027) == pytest.approx(0.30)
    assert find(rows, "entrants_minus_stock", "first_quartile", 2028) == pytest.approx(-0.05)
    assert find(rows, "entrants_minus_stock", "first_quartile") == pytest.approx(0.0375)


def test_types_are_compared_with_the_first_year(build, find):
    moves = {
        "R1": ("en_equilibre", "en_capacite"),  # more favourable
        "R2": ("en_equilibre", "a_conforter"),  # less favourable
        "R3": ("en_vigilance", "en_vigilance"),
        "R4": ("", "en_capacite"),  # no type in the first year: compared with 2028, its first
    }
    occupation = [
        {"residence_id": name, "year": year, "peuplement_type": kind}
        for name, kinds in moves.items()
        for year, kind in zip((2027, 2028), kinds, strict=True)
    ]
    rows = residualisation.compute(build(occupation=occupation))
    assert find(rows, "residences_changing_type", "all", 2027) == 0
    assert find(rows, "residences_changing_type", "all", 2028) == pytest.approx(2 / 4)
    assert find(rows, "residences_more_favourable", "all", 2028) == 1
    assert find(rows, "residences_less_favourable", "all", 2028) == 1


def test_a_year_without_entrants_is_unknown(build, find):
    occupation = [{"year": year} for year in (2027, 2028)]
    rows = residualisation.compute(build(years=1, occupation=occupation))
    assert np.isnan(find(rows, "entrants_minus_stock", "first_quartile", 2027))
