"""Theil's H parted between groups of residences and within them."""

from itertools import combinations

import golden_tables
import numpy as np
import pytest

from sim.indicators import between, segregation

NAMES = ("R1", "R2", "R3", "R4")


def test_parts_of_two_quartiers_worked_by_hand():
    # Residences of 4 households, 1, 3, 0 and 0 of the public: quartier 0 holds 4 of 8, quartier 1 none of 8.
    found = between.parts(np.array([1, 3, 0, 0]), np.full(4, 4), np.array([0, 0, 1, 1]))
    # E(4/16) = 0.562335, E(1/2) = 0.693147: between = 1 − (8 × 0.693147) / (16 × 0.562335) = 0.383689.
    assert found.between == pytest.approx(0.383689, abs=1e-6)
    # Within: 8 × (0.693147 − 0.562335) / (16 × 0.562335) = 0.116311; H = 0.5.
    assert found.within == pytest.approx(0.116311, abs=1e-6)
    assert found.between + found.within == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(20))
def test_parts_sum_to_the_whole_and_within_is_the_weighted_mean_of_the_groups(seed):
    rng = np.random.default_rng(seed)
    households = rng.integers(0, 40, 50)
    members = rng.binomial(households, rng.uniform(0, 1, 50))
    group = rng.integers(0, rng.integers(1, 9), 50)
    found = between.parts(members, households, group)
    whole = segregation.indices(members, households).theil_h
    assert found.between + found.within == pytest.approx(whole, abs=1e-12)
    # Worked the other way: H of each group alone, weighted by N_g E_g / (N E).
    total, share = households.sum(), members.sum() / households.sum()
    expected = 0.0
    for one in np.unique(group):
        x, n = members[group == one], households[group == one]
        alone = segregation.indices(x, n).theil_h
        if not np.isnan(alone):
            weight = n.sum() * entropy(x.sum() / n.sum()) / (total * entropy(share))
            expected += weight * alone
    assert found.within == pytest.approx(expected, abs=1e-12)
    assert min(found.between, found.within) >= -1e-12


def entropy(share: float) -> float:
    return -sum(part * np.log(part) for part in (share, 1 - share) if part > 0)


@pytest.mark.parametrize("table", golden_tables.tables(), ids=lambda table: f"{len(table.members)}_places")
def test_the_part_between_is_pysal_s_index_of_the_quartiers(table):
    group = np.unique(table.quartiers, return_inverse=True)[1]
    found = between.parts(table.members, table.households, group)
    if group.max() == 0:
        assert found.between == pytest.approx(0, abs=1e-12)
    assert found.between == pytest.approx(table.found["theil_h_quartiers"], abs=1e-11)
    assert found.within == pytest.approx(table.found["theil_h"] - table.found["theil_h_quartiers"], abs=1e-11)


def test_parts_corrected_for_chance_sum_to_the_whole_corrected(random_run, find):
    run = random_run(demands=10, leases=5, offers=5)
    rows, whole = between.compute(run), segregation.compute(run)
    for public in segregation.PUBLICS:
        for year in (2027, 2028, 2029, 2030):
            for grouping in ("quartier", "bailleur"):
                for end in ("", "_corrected"):
                    group = f"{public}@{grouping}"
                    parts = [
                        find(rows, f"theil_h_{part}{end}", group, year) for part in ("between", "within")
                    ]
                    assert sum(parts) == pytest.approx(find(whole, f"theil_h{end}", public, year))


def test_corrected_parts_are_zero_on_average_over_every_spread():
    households, group = np.array([1, 2, 2, 4]), np.array([0, 0, 1, 1])
    home = np.repeat(np.arange(4), households)
    chance = between.expected_at_random(3, households, group)
    told = []
    for chosen in combinations(range(9), 3):
        raw = between.parts(np.bincount(home[list(chosen)], minlength=4), households, group)
        told.append(between.corrected(raw, chance))
    assert np.mean([each.between for each in told]) == pytest.approx(0, abs=1e-12)
    assert np.mean([each.within for each in told]) == pytest.approx(0, abs=1e-12)


def test_expected_parts_are_their_means_over_random_allocations():
    rng = np.random.default_rng(3)
    households = rng.integers(5, 30, 60)
    home = np.repeat(np.arange(60), households)
    group = rng.integers(0, 6, 60)
    public = len(home) // 4
    found = []
    for _ in range(300):
        members = np.bincount(rng.permutation(home)[:public], minlength=60)
        raw = between.parts(members, households, group)
        found.append((raw.between, raw.within))
    chance = between.expected_at_random(public, households, group)
    mean, error = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(300)
    # Most of the raw part within is that of small residences: about 0.05, ten times the part between.
    assert np.abs(mean - [chance.between, chance.within]) == pytest.approx([0, 0], abs=4 * error.max())
    assert (error < 0.05 * mean).all()
    assert chance.within > 8 * chance.between > 0


def test_a_quartier_is_of_its_commune_and_its_commune_where_none_is_known(build, find):
    places = (("59350", ""), ("59350", "sud"), ("59009", "sud"), ("59009", "sud"))
    occupation = [
        {
            "residence_id": name,
            "commune": commune,
            "quartier": quartier,
            "households": 4,
            "first_quartile_fixed": count,
        }
        for name, (commune, quartier), count in zip(NAMES, places, (0, 0, 1, 3), strict=True)
    ]
    run = build(occupation=occupation)
    group = between.quartiers(run.occupation)
    assert len(set(group)) == 3
    assert group[2] == group[3]
    # The public is in the second commune's quartier alone, 1 and 3 of 4: the parts worked by hand above.
    rows = between.compute(run)
    assert find(rows, "theil_h_between", "first_quartile@quartier", 2027) == pytest.approx(0.383689, abs=1e-6)
    assert find(rows, "theil_h_within", "first_quartile@quartier", 2027) == pytest.approx(0.116311, abs=1e-6)
    assert find(rows, "theil_h_between", "first_quartile@bailleur", 2027) == pytest.approx(0)
