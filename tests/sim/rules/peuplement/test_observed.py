"""Every indicator of three residences, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from made_residences import three_residences

from sim.rules.law import Law
from sim.rules.peuplement import POPULATION, VOCABULARY, Offered, observe
from sim.rules.traits import below_plus, trait
from sim.territory.columns import take

TERRITORY = three_residences()
LAW = Law.at(TERRITORY.as_of)
THRESHOLD = 9600.0
SEEN = observe(TERRITORY, LAW, THRESHOLD)


def counts(name: str, seen=SEEN) -> tuple[list[float], list[float]]:
    place = POPULATION.index(name)
    return seen.population.x[:, place].tolist(), seen.population.n[:, place].tolist()


# A: 700 a month alone, 8,400 a year and unit: in. 1,600 for a couple and a child of 14, 19,200 / 2 = 9,600:
# at the threshold, in. The third household's income is missing. B: 60,000 / 1.5, out; an income of 0 is not
# plausible and counts nowhere. C is empty.
def test_the_first_quartile_is_of_valid_incomes_by_consumption_unit() -> None:
    assert counts("first_quartile") == ([2, 0, 0], [2, 1, 0])


# 40 % of the PLUS ceilings of 2026: 23,403 alone, 9,361.2: 9,361 is under; 37,584 for three, 15,033.6: 15,034
# is not. B: 50,000 is not, 0 is: a tax income of 0 is one.
def test_the_bracket_is_of_known_tax_incomes() -> None:
    assert counts("below_40_plus") == ([1, 1, 0], [2, 2, 0])


# Of 214 and of 2,192 days; 2025-01-01 is 365 days before, a year. B is of 2025: first lettings, no rotation.
def test_rotation_is_of_leases_of_less_than_a_year_but_first_lettings() -> None:
    assert counts("rotation") == ([1, 0, 0], [3, 0, 0])


def test_housing_aid_is_of_those_who_would_have_some() -> None:
    # 700 alone and 1,600 for three at a rent of 250 have some; 5,000 for two has none; 0 is not plausible.
    assert counts("housing_aid") == ([2, 0, 0], [2, 1, 0])


def test_a_dwelling_without_occupant_is_vacant_and_offers_are_not_told() -> None:
    assert counts("vacancy") == ([1, 0, 1], [4, 2, 1])
    assert counts("refusals") == ([0, 0, 0], [0, 0, 0])


def test_tables_that_tell_replace_what_the_occupants_say() -> None:
    let, vacant = np.zeros(7, dtype=bool), np.zeros(7, dtype=bool)
    let[[0, 3, 4]], vacant[6] = True, True
    offers = Offered(np.array([0, 0, 2]), np.array([True, False, True]))
    seen = observe(TERRITORY, LAW, THRESHOLD, offers, let=let, vacant=vacant)
    assert counts("rotation", seen) == ([2, 0, 0], [4, 0, 1])  # B, of 2025, in neither
    assert counts("vacancy", seen) == ([0, 0, 1], [4, 2, 1])
    assert counts("refusals", seen) == ([1, 0, 1], [2, 0, 1])
    # Two of four: 4 × 1/4 over 3; C, a single dwelling, says nothing of its own spread.
    place = POPULATION.index("rotation")
    assert seen.population.within[place, place] == pytest.approx(1 / 3)
    assert not np.delete(seen.population.within[place], place).any()


def test_buildings_are_described_by_facts() -> None:
    # Typologies of all seven: T1 1/7, T2 2/7, T3 3/7, T5 1/7. A is 1/4, 1/4, 1/2, 0:
    # ½ (3/28 + 1/28 + 2/28 + 4/28) = 5/28. B is 0, 0, 1/2, 1/2: ½ (4/28 + 8/28 + 2/28 + 10/28) = 12/28.
    # C is all T2: ½ (4/28 + 20/28 + 12/28 + 4/28) = 20/28.
    # Rents a m²: 1,250 / 195, 1,200 / 160, 300 / 50, of 2,750 / 405.
    mean = 2750 / 405
    facts = {
        "building_age": [50, 1, np.nan],
        "size": [4, 2, 1],
        "typology_gap": [5 / 28, 12 / 28, 20 / 28],
        "very_social": [1 / 4, 0, 0],
        "low_rent": [1 - 1250 / 195 / mean, 1 - 7.5 / mean, 1 - 6 / mean],
        "in_qpv": [1, 0, 0],
        "energy_fg": [1 / 2, np.nan, np.nan],
    }
    for name, expected in facts.items():
        assert SEEN.value(name) == pytest.approx(expected, nan_ok=True), name


def test_what_moves_together_inside_a_residence_is_pooled() -> None:
    # below_40: 1, 0 in A and 0, 1 in B, each ± 1/2: four quarters over 4 − 2 = 1/2.
    # rotation: 1, 0, 0 in A: 2/3 over 3 − 1 = 1/3. Both known of two households of A, (1, 1) and (0, 0):
    # ½ × 2/3 + (−½) × (−1/3) = 1/2 over 2 − 1.
    within, name = SEEN.population.within, POPULATION.index
    assert within[name("below_40_plus"), name("below_40_plus")] == pytest.approx(1 / 2)
    assert within[name("rotation"), name("rotation")] == pytest.approx(1 / 3)
    assert within[name("below_40_plus"), name("rotation")] == pytest.approx(1 / 2)
    assert within[name("first_quartile"), name("first_quartile")] == 0  # both of A are in
    # vacancy: 1 of 4 in A, 0 of 2 in B, 1 of 1 in C: 3/4 over 7 − 3.
    assert within[name("vacancy"), name("vacancy")] == pytest.approx(3 / 16)
    assert np.array_equal(within, within.T)


def test_nothing_is_vacant_nor_poor_where_occupants_are_not_told() -> None:
    empty = replace(TERRITORY, occupants=take(TERRITORY.occupants, np.zeros(0, dtype=np.int64)))
    seen = observe(empty, LAW, THRESHOLD)
    assert not seen.population.n.any()
    assert all(np.isnan(seen.value(name)).all() for name in POPULATION)
    assert seen.value("size").tolist() == [4, 2, 1]


def test_without_a_threshold_the_quartile_is_unknown_and_nothing_else() -> None:
    seen = observe(TERRITORY, LAW, np.nan)
    assert counts("first_quartile", seen) == ([0, 0, 0], [0, 0, 0])
    for name in POPULATION[1:]:
        assert counts(name, seen) == counts(name)


def test_a_dwelling_that_does_not_stand_is_in_no_figure() -> None:
    standing = np.ones(7, dtype=bool)
    standing[[3, 6]] = False  # the empty T3 of A, the only dwelling of C
    seen = observe(TERRITORY, LAW, THRESHOLD, standing=standing)
    assert seen.dwellings.tolist() == [3, 2, 0]
    assert counts("vacancy", seen) == ([0, 0, 0], [3, 2, 0])
    assert seen.value("very_social")[0] == pytest.approx(1 / 3)
    # T1 1/5, T2 1/5, T3 2/5, T5 1/5; A is a third each: ½ (2/15 + 2/15 + 1/15 + 3/15) = 4/15.
    assert seen.value("typology_gap") == pytest.approx([4 / 15, 2 / 5, np.nan], nan_ok=True)
    assert np.isnan(seen.value("size")[2])


def test_the_bracket_is_that_of_the_trait() -> None:
    rfr, ceiling = np.array([0.0, 3999, 4000, np.nan]), np.full(4, 10000.0)
    people = SimpleNamespace(rfr_eur=rfr, plus_ceiling_eur=ceiling)
    flags = below_plus(40, rfr, ceiling)
    assert flags.tolist() == [True, True, False, False]
    assert trait("below_40_plus").of(people).tolist() == flags.tolist()


def test_the_vocabulary_says_of_what_each_share_is() -> None:
    assert all(bool(each.observed) == (each.axis == "population") for each in VOCABULARY)
    assert len({each.name for each in VOCABULARY}) == len(VOCABULARY) == 13
