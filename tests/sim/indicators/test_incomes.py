"""Incomes of a part of the stock and of its entrants, beside the territory's."""

import numpy as np
import pytest

from sim.indicators import incomes

R1 = {"residence_id": "R1", "in_qpv": True, "peuplement_type": "a_conforter"}
R2 = {"residence_id": "R2", "peuplement_type": "en_capacite"}


def known(number: int, mean_eur: int) -> dict[str, int]:
    return {"incomes_known": number, "income_uc_sum_eur": number * mean_eur}


def came(number: int, mean_eur: int) -> dict[str, int]:
    return {"entrants_incomes_known": number, "entrants_income_uc_sum_eur": number * mean_eur}


def test_ratios_worked_by_hand(build, find):
    occupation = [
        {**R1, **known(20, 9_000)},
        {**R2, **known(30, 14_000)},
        # 1 January 2028: 4 and 5 entrants of 2027. The types have changed since.
        {**R1, "year": 2028, "peuplement_type": "en_vigilance", **known(20, 10_000), **came(4, 9_900)},
        {**R2, "year": 2028, "peuplement_type": "en_vigilance", **known(20, 12_000), **came(5, 7_000)},
        {**R1, "year": 2029, **known(20, 10_000), **came(6, 8_000)},
        {**R2, "year": 2029, **known(20, 12_000)},
    ]
    rows = incomes.compute(build(occupation=occupation))
    # The whole stock: (20 × 9 + 30 × 14)/50 = 12 thousand, then 11.
    assert find(rows, "income_uc_mean", "all", 2027) == pytest.approx(12_000)
    assert find(rows, "income_ratio", "qpv", 2027) == pytest.approx(9 / 12)
    assert find(rows, "income_ratio", "hors_qpv", 2028) == pytest.approx(12 / 11)
    assert find(rows, "income_ratio", "start:a_conforter", 2028) == pytest.approx(10 / 11)
    # Entrants of 2027 against 1 January 2027: 9.9/9 in QPV, 7/14 outside, (4 × 9.9 + 5 × 7)/9 over 12 in all.
    assert find(rows, "entrants_income_ratio", "qpv", 2027) == pytest.approx(1.1)
    assert find(rows, "entrants_income_ratio", "start:en_capacite", 2027) == pytest.approx(0.5)
    assert find(rows, "entrants_income_ratio", "all", 2027) == pytest.approx(74.6 / 9 / 12)
    # Run in QPV: (4 × 9.9 + 6 × 8) over what they would be at 9 then 10: 4 × 9 + 6 × 10.
    assert find(rows, "entrants_income_ratio", "qpv") == pytest.approx(87.6 / 96)
    assert find(rows, "entrants_income_ratio", "hors_qpv") == pytest.approx(0.5)


def test_a_perimeter_without_a_known_income_has_no_mean(build, find):
    occupation = [{**R2, "year": year, **known(10, 12_000)} for year in (2027, 2028)]
    occupation += [{**R1, "year": year} for year in (2027, 2028)]
    rows = incomes.compute(build(years=1, occupation=occupation))
    assert np.isnan(find(rows, "income_ratio", "qpv", 2027))
    assert np.isnan(find(rows, "entrants_income_ratio", "qpv"))
    assert np.isnan(find(rows, "entrants_income_ratio", "hors_qpv", 2027))  # nobody came
    assert find(rows, "income_ratio", "hors_qpv", 2027) == 1
