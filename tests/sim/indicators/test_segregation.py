"""Indices between residences, raw and corrected for chance."""

from itertools import combinations

import golden_tables
import numpy as np
import pytest

from sim.indicators import segregation


def test_indices_of_two_residences_worked_by_hand():
    found = segregation.indices(np.array([1, 3]), np.array([4, 4]))
    # D = ½(|1/4 − 3/4| + |3/4 − 1/4|); I = 1/4·1/4 + 3/4·3/4; H = 1 − E(1/4)/E(1/2) = 1 − 0.562335/0.693147.
    assert found.dissimilarity == pytest.approx(0.5)
    assert found.isolation == pytest.approx(0.625)
    assert found.theil_h == pytest.approx(0.188722, abs=1e-6)


def test_expected_values_of_two_residences_worked_by_hand():
    chance = segregation.expected_at_random(4, np.array([4, 4]))
    # x is 0..4 with weights 1, 16, 36, 16, 1 of 70: E|x − 2| = 36/70, E x² = 320/70.
    assert chance.dissimilarity == pytest.approx(2 * (36 / 70) / (2 * 8 * 0.25))
    assert chance.isolation == pytest.approx(2 * (320 / 70) / 4 / 4)
    # (0.5 − 0.257143) / (1 − 0.257143) = 17/52
    assert segregation.corrected(0.5, chance.dissimilarity) == pytest.approx(17 / 52)


def test_expected_values_equal_the_mean_over_every_spread():
    households = np.array([1, 2, 2, 4])
    home = np.repeat(np.arange(4), households)
    spreads = [
        segregation.indices(np.bincount(home[list(chosen)], minlength=4), households)
        for chosen in combinations(range(9), 3)
    ]
    chance = segregation.expected_at_random(3, households)
    for name in ("dissimilarity", "isolation", "theil_h"):
        mean = np.mean([getattr(spread, name) for spread in spreads])
        assert getattr(chance, name) == pytest.approx(mean, rel=1e-9)


def test_corrected_indices_are_zero_on_average_over_every_spread():
    households = np.array([1, 2, 2, 4])
    home = np.repeat(np.arange(4), households)
    chance = segregation.expected_at_random(3, households)
    spreads = [
        segregation.indices(np.bincount(home[list(chosen)], minlength=4), households)
        for chosen in combinations(range(9), 3)  # the 84 ways to place three households, all as likely
    ]
    for name in ("dissimilarity", "isolation", "theil_h"):
        expected = getattr(chance, name)
        told = [segregation.corrected(getattr(spread, name), expected) for spread in spreads]
        assert min(told) < 0 < max(told), "the spreads stand on both sides of chance"
        assert np.mean(told) == pytest.approx(0, abs=1e-12), name


def test_a_difference_is_corrected_alike_on_both_sides_of_chance():
    # V* = 0.2: a step of 0.1 in the index is one of 0.1/0.8 corrected, below chance, across it and above.
    for low in (0.05, 0.15, 0.25):
        step = segregation.corrected(low + 0.1, 0.2) - segregation.corrected(low, 0.2)
        assert step == pytest.approx(0.125), low


def test_chance_is_corrected_to_zero_and_separation_stays_one():
    rng = np.random.default_rng(0)
    households = rng.integers(5, 40, 400)
    total = int(households.sum())
    chance = segregation.expected_at_random(total // 4, households)
    home = np.repeat(np.arange(400), households)
    chosen = rng.permutation(total)[: total // 4]
    even = segregation.indices(np.bincount(home[chosen], minlength=400), households)
    # Residences of 5 to 40: chance alone gives D near 0.2, and nothing once corrected.
    assert even.dissimilarity > 0.15
    assert abs(segregation.corrected(even.dissimilarity, chance.dissimilarity)) < 0.05
    apart = segregation.indices(np.where(np.arange(400) % 4 == 0, households, 0), households)
    assert apart.dissimilarity == pytest.approx(1)
    assert segregation.corrected(apart.dissimilarity, chance.dissimilarity) == pytest.approx(1)
    assert segregation.corrected(0.1, 0.2) == pytest.approx(-0.125)


def test_indices_do_not_see_empty_residences_nor_their_order():
    first = segregation.indices(np.array([1, 3, 0]), np.array([4, 4, 0]))
    assert first == segregation.indices(np.array([0, 3, 1]), np.array([0, 4, 4]))


@pytest.mark.parametrize("public", [0, 8])
def test_nobody_or_everybody_has_no_index(public):
    members = np.array([public // 2, public // 2])
    assert np.isnan(segregation.indices(members, np.array([4, 4])).dissimilarity)
    assert np.isnan(segregation.expected_at_random(public, np.array([4, 4])).theil_h)


def test_rows_hold_every_public_and_year(build, find):
    occupation = [
        {"residence_id": name, "year": year, "households": 4, "first_quartile_fixed": count}
        for year in (2027, 2028)
        for name, count in (("R1", 1), ("R2", 3))
    ]
    rows = segregation.compute(build(years=1, occupation=occupation))
    assert find(rows, "dissimilarity", "first_quartile", 2028) == pytest.approx(0.5)
    assert find(rows, "dissimilarity_corrected", "first_quartile", 2027) == pytest.approx(17 / 52)
    assert np.isnan(find(rows, "isolation", "below_40_plus", 2027))


@pytest.mark.parametrize("table", golden_tables.tables(), ids=lambda table: f"{len(table.members)}_places")
def test_indices_are_pysal_s(table):
    found = segregation.indices(table.members, table.households)
    for name in ("dissimilarity", "isolation", "theil_h"):
        assert getattr(found, name) == pytest.approx(table.found[name], abs=1e-11), name


@pytest.mark.parametrize("table", golden_tables.tables(), ids=lambda table: f"{len(table.members)}_places")
def test_expected_values_are_the_means_of_pysal_s_random_allocations(table):
    chance = segregation.expected_at_random(int(table.members.sum()), table.households)
    for name in ("dissimilarity", "isolation", "theil_h"):
        mean, error = (table.found[f"{name}_{what}"] for what in ("at_random", "error"))
        # 36 means, each within four standard errors: one in 400 such tests would fail by chance.
        assert abs(getattr(chance, name) - mean) < 4 * error, name
        assert error < 0.05 * mean, "a mean too vague would hide a wrong expectation"


def test_numbers_far_from_their_mean_weigh_nothing(monkeypatch):
    households = np.array([3, 40, 900, 900, 20_000])
    near = segregation.expected_at_random(4_000, households)
    monkeypatch.setattr(segregation, "REACH", 1e9)  # every number of every size
    whole = segregation.expected_at_random(4_000, households)
    for name in ("dissimilarity", "isolation", "theil_h"):
        assert getattr(near, name) == pytest.approx(getattr(whole, name), rel=1e-9), name
