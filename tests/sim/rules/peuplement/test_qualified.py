"""Segments, capacity, type now and type aimed at, worked by hand; what is kept and what is not known."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from made_residences import three_residences, told
from scipy.stats import norm

from sim.rules.law import Law
from sim.rules.peuplement import (
    CAPACITIES,
    PATRIMOINE,
    POPULATION,
    SEGMENTS,
    Choice,
    Observed,
    Qualified,
    observe,
    qualify,
    sensitivity,
)
from sim.rules.peuplement.qualified import AIMED, CAPACITY
from sim.territory.columns import PEUPLEMENT_TYPES

PLAIN = Choice({"first_quartile": 1.0}, shrinkage=0.0)
TEN = [10] * 8
POOR = [0, 1, 2, 3, 4, 5, 6, 7]
SPREAD = np.sqrt(0.0525)  # of k/10 around 0.35, as in test_ruler.py


def eight(poor: list[int] = POOR, **facts: list[float]) -> Observed:
    return told({"first_quartile": (poor, TEN)}, **facts)


def test_the_score_its_interval_and_the_types() -> None:
    found = qualify(eight(), PLAIN)
    assert found.score == pytest.approx((np.array(POOR) / 10 - 0.35) / SPREAD)
    # One indicator known of ten: √(0.2 / 10) / spread, 1.645 times of each side.
    reach = norm.ppf(0.95) * np.sqrt(0.02) / SPREAD
    assert found.score_high - found.score == pytest.approx(np.full(8, reach))
    assert found.score - found.score_low == pytest.approx(np.full(8, reach))
    assert found.type.tolist() == found.statistical.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    # ± 0.2326 of share around 0.0 to 0.7; bands end at 0.1, 0.3, 0.5.
    assert found.in_interval().tolist() == [
        [True, True, False, False],  # −0.23 to 0.23
        [True, True, True, False],  # −0.13 to 0.33
        [True, True, True, False],  # −0.03 to 0.43
        [True, True, True, True],  # 0.07 to 0.53
        [False, True, True, True],  # 0.17 to 0.63
        [False, True, True, True],  # 0.27 to 0.73
        [False, False, True, True],  # 0.37 to 0.83
        [False, False, True, True],  # 0.47 to 0.93
    ]


def test_a_type_set_before_stays_while_the_interval_meets_its_band() -> None:
    before = np.array([1, 3, -1, 3, 0, 2, 1, 3])
    found = qualify(eight(), PLAIN, before)
    # Met: the first (en_equilibre), the fourth (a_conforter), the sixth and the last; not a_conforter of 0.1,
    # en_capacite of 0.4, en_equilibre of 0.6.
    assert found.type.tolist() == [1, 0, 1, 3, 2, 2, 3, 3]
    assert found.kept.tolist() == [True, False, False, True, False, False, False, False]


def test_a_wider_interval_keeps_more() -> None:
    before = np.full(8, 3)
    kept = [qualify(eight(), replace(PLAIN, level=level), before).kept.sum() for level in (0.5, 0.9, 0.999)]
    assert kept == sorted(kept)
    assert kept[0] < kept[-1]


def test_where_no_income_is_known_there_is_no_type_and_one_set_before_stays() -> None:
    shares = {"first_quartile": ([0, 5, 0], [10, 10, 0]), "vacancy": ([0, 0, 3], [10, 10, 3])}
    choice = Choice({"first_quartile": 1.0, "vacancy": 1.0}, shrinkage=10.0)
    found = qualify(told(shares), choice)
    assert found.known.tolist() == [True, True, False]
    assert found.type[2] == found.statistical[2] == found.capacity[2] == found.target[2] == -1
    assert np.isnan([found.score[2], found.score_low[2], found.score_high[2]]).all()
    assert not found.in_interval()[2].any()
    set_before = qualify(told(shares), choice, np.array([-1, -1, 2]))
    assert (set_before.type[2], set_before.statistical[2], set_before.kept[2]) == (2, -1, True)
    assert set_before.target[2] in (1, 2)


def test_each_type_holds_a_quarter_of_the_households_that_have_one() -> None:
    # Eight residences of ten households; of the last four no income is known, and they read in the middle of
    # the ruler. The four known ones have 0, 2, 6 and 10 of the first quartile: one in each type.
    observed = told(
        {
            "first_quartile": ([0, 2, 6, 10, 0, 0, 0, 0], [10, 10, 10, 10, 0, 0, 0, 0]),
            "rotation": ([5] * 8, [10] * 8),
        }
    )
    found = qualify(observed, Choice({"first_quartile": 0.5, "rotation": 0.5}, 0.0))
    assert found.statistical.tolist() == [0, 1, 2, 3, -1, -1, -1, -1]


def test_a_territory_without_occupants_has_segments_of_patrimoine_alone() -> None:
    nobody = told({"first_quartile": ([0, 0, 0], [0, 0, 0])}, building_age=[10, 20, 30])
    found = qualify(replace(nobody, dwellings=np.array([5, 5, 5])), Choice({"building_age": 1.0}, 10.0))
    assert found.type.tolist() == found.capacity.tolist() == found.target.tolist() == [-1, -1, -1]
    assert [SEGMENTS[place] for place in found.segment] == ["porteur", "courant", "contraint"]


def test_buildings_are_scored_in_spreads_and_cut_in_thirds_of_the_dwellings() -> None:
    # Ages 10, 20, 30 of ten dwellings each: mean 20, spread √(200/3). Rents unknown of the last: it stands at
    # the mean of the two others, ± 0.1 in spreads of 0.1. Weights 3 and 1.
    three = told(
        {"first_quartile": ([0, 0, 0], [10, 10, 10])}, building_age=[10, 20, 30], low_rent=[0.2, 0.0, np.nan]
    )
    found = qualify(three, Choice({"building_age": 3.0, "low_rent": 1.0}, 0.0))
    age = 10 / np.sqrt(200 / 3)
    assert found.patrimoine == pytest.approx([(-3 * age + 1) / 4, -1 / 4, 3 * age / 4])
    assert found.segment.tolist() == [0, 1, 2]


def test_a_size_is_read_by_its_doublings() -> None:
    # 4, 8, 16 dwellings: 2, 3, 4 doublings, weighted by dwellings: mean (8 + 24 + 64) / 28 = 24/7.
    sizes = [4, 8, 16]
    found = qualify(told({"first_quartile": ([0] * 3, sizes)}, size=sizes), Choice({"size": 1.0}, 0.0))
    deviations = np.array([2, 3, 4]) - 24 / 7
    assert found.patrimoine == pytest.approx(deviations / np.sqrt(deviations**2 @ sizes / 28))


def test_a_fact_that_is_the_same_everywhere_weighs_nothing() -> None:
    facts = {"building_age": [10, 20, 30], "in_qpv": [1, 1, 1]}
    three = told({"first_quartile": ([0] * 3, [1] * 3)}, **facts)
    both = qualify(three, Choice({"building_age": 1, "in_qpv": 9}, 0))
    alone = qualify(three, Choice({"building_age": 1}, 0))
    assert both.patrimoine.tolist() == alone.patrimoine.tolist()
    assert "in_qpv" not in both.missing
    assert {"low_rent", "refusals"} <= set(both.missing)


def test_the_type_aimed_at_is_one_step_at_most_and_never_a_less_favourable_one() -> None:
    for segment, kind in product(range(len(SEGMENTS)), range(len(PEUPLEMENT_TYPES))):
        assert 0 <= kind - AIMED[segment, kind] <= 1
    # From "à conforter" a step is aimed at wherever it stands, and nowhere is it the type aimed at.
    assert AIMED[:, 3].tolist() == [2, 2, 2]
    assert (np.diff(AIMED, axis=0) >= 0).all()


def test_the_capacity_grows_neither_with_the_type_nor_with_the_segment() -> None:
    assert CAPACITY.shape == (len(SEGMENTS), len(PEUPLEMENT_TYPES))
    assert (np.diff(CAPACITY, axis=0) >= 0).all()
    assert (np.diff(CAPACITY, axis=1) >= 0).all()
    assert set(CAPACITY.ravel().tolist()) == set(range(len(CAPACITIES)))


def test_capacity_and_type_aimed_at_are_read_in_their_tables() -> None:
    facts = {"building_age": [1, 1, 1, 1, 50, 50, 99, 99]}
    found = qualify(eight(**facts), Choice({"first_quartile": 1.0, "building_age": 1.0}, 0.0))
    # Porteur until 26.7 of 80 dwellings are reached: equal scores stand together, four residences.
    assert found.segment.tolist() == [0, 0, 0, 0, 1, 1, 2, 2]
    assert found.type.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert found.capacity.tolist() == [0, 0, 0, 0, 2, 2, 3, 3]
    assert found.target.tolist() == [0, 0, 0, 0, 1, 1, 2, 2]


def test_a_ruler_of_another_year_keeps_its_cuts() -> None:
    base = qualify(eight(), PLAIN)
    poorer = qualify(eight([k + 2 for k in POOR]), PLAIN, ruler=base.ruler)
    assert poorer.type.tolist() == [1, 1, 2, 2, 3, 3, 3, 3]


def test_the_three_residences_from_end_to_end() -> None:
    territory = three_residences()
    observed = observe(territory, Law.at(territory.as_of), 9600.0)
    found = qualify(observed, Choice(dict.fromkeys((*POPULATION, *PATRIMOINE), 1.0), 10.0))
    assert found.missing == ("refusals",)
    assert found.known.tolist() == [True, True, False]  # C is empty
    assert found.type[2] == -1
    assert found.score[0] > found.score[1]  # A has more of everything that is observed
    assert found.indicators()["first_quartile"] == pytest.approx([1.0, 0.0, np.nan], nan_ok=True)


# --- sensitivity ---


def two_indicators() -> Qualified:
    """Eight residences whose second share runs the other way."""
    shares = {"first_quartile": (POOR, TEN), "below_40_plus": (POOR[::-1], TEN)}
    return qualify(told(shares), Choice({"first_quartile": 3.0, "below_40_plus": 1.0}, 0.0))


def test_each_setting_changes_one_weight_and_cuts_again() -> None:
    found = two_indicators()
    assert found.type.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]  # (3 z − z) / 4
    varied = sensitivity(found, {"first_quartile": (0.5, 3.0), "below_40_plus": (1.0, 2.0)})
    # Their own weights, 3 and 1, are no setting. Where the second one weighs more, the order is turned round.
    assert varied.settings == ("first_quartile=0", "first_quartile=0.5", "below_40_plus=0", "below_40_plus=2")
    turned = [3, 3, 2, 2, 1, 1, 0, 0]
    straight = [0, 0, 1, 1, 2, 2, 3, 3]
    assert varied.types.T.tolist() == [turned, turned, straight, straight]
    assert varied.same.tolist() == [0.5] * 8
    assert varied.moved_by(0, 0) == ("first_quartile=0", "first_quartile=0.5")
    assert varied.moved_by(0, 3) == ("below_40_plus=0", "below_40_plus=2")


def test_an_indicator_observed_nowhere_is_not_varied_and_no_type_is_not_sensitive() -> None:
    shares = {"first_quartile": ([0, 5, 0], [10, 10, 0]), "vacancy": ([0, 0, 3], [10, 10, 3])}
    found = qualify(told(shares), Choice({"first_quartile": 1.0, "vacancy": 1.0, "refusals": 1.0}, 10.0))
    varied = sensitivity(found, dict.fromkeys(POPULATION, (0.5, 2.0)))
    assert {name.partition("=")[0] for name in varied.settings} == {"first_quartile", "vacancy"}
    assert varied.types[2].tolist() == [-1] * len(varied.settings)
    assert np.isnan(varied.same[2])
    assert varied.moved_by(2, -1) == ()


def test_nothing_observed_is_nothing_to_vary() -> None:
    nobody = qualify(told({"first_quartile": ([0, 0], [0, 0])}), PLAIN)
    varied = sensitivity(nobody, dict.fromkeys(POPULATION, (0.5, 2.0)))
    assert varied.settings == ()
    assert np.isnan(varied.same).all()
