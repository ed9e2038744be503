"""What a year makes of households, each event alone, at the scenario's rates."""

from __future__ import annotations

import numpy as np
import pytest

from sim.process.household_life import (
    Members,
    YearOfLife,
    birth_share,
    death_share,
    grown_children,
    year_of_life,
)
from sim.process.world import World

MANY = 40_000
KEYS = np.arange(MANY, dtype=np.uint64)
STILL = {
    "leaves_home": 0.0,
    "separation": 0.0,
    "couple_formed": 0.0,
    "death_at_80": 0.0,
    "birth_couple": 0.0,
    "birth_alone": 0.0,
    "adult_age": 25.0,
}


def lived(
    toy: World,
    adults: int = 1,
    grown: int = 0,
    children: int = 0,
    teens: int = 0,
    age: int = 40,
    count: int = MANY,
    **changed: float,
) -> YearOfLife:
    """Return a year of many households alike, nothing happening but what is changed."""
    choice = toy.scenario.household.model_copy(update={**STILL, **changed})
    columns = (np.full(count, value) for value in (adults, grown, children, teens, age))
    return year_of_life(toy.law, choice, toy.chance, 2027, KEYS[:count], Members(*columns))


def near(found: float, share: float, count: int = MANY) -> bool:
    return bool(abs(found - share) < 4 * np.sqrt(share * (1 - share) / count))


def test_nothing_happens_where_nothing_may(toy: World) -> None:
    after = lived(toy, adults=3, grown=1)
    assert (after.members.adults == 3).all()
    assert (after.members.grown == 1).all()
    assert (after.income == 1).all()
    assert not after.separated.any()
    assert not after.died.any()


def test_children_under_fourteen_turn_fourteen_once_in_fourteen_years(toy: World) -> None:
    after = lived(toy, children=2).members
    assert (after.children == 2).all()
    assert near((after.teens / 2).mean(), 1 / 14, 2 * MANY)


def test_teenagers_come_of_age_at_the_scenario_s_age(toy: World) -> None:
    after = lived(toy, children=2, teens=2, adult_age=21.0).members  # seven years from fourteen on
    of_age = 2 - after.children
    assert near((of_age / 2).mean(), 1 / 7, 2 * MANY)
    np.testing.assert_array_equal(after.teens, after.children)
    np.testing.assert_array_equal(after.grown, of_age)
    np.testing.assert_array_equal(after.adults, 1 + of_age)


def test_grown_children_leave_and_partners_stay(toy: World) -> None:
    after = lived(toy, adults=4, grown=2, leaves_home=0.25).members
    assert near(((2 - after.grown) / 2).mean(), 0.25, 2 * MANY)
    assert (after.partners == 2).all()


def test_couples_part_and_children_stay_with_who_stays(toy: World) -> None:
    after = lived(toy, adults=2, children=1, separation=0.1, separation_income=0.6)
    assert near(after.separated.mean(), 0.1)
    np.testing.assert_array_equal(after.members.adults, 2 - after.separated)
    np.testing.assert_array_equal(after.income, np.where(after.separated, 0.6, 1.0))
    assert (after.members.children == 1).all()


@pytest.mark.parametrize(("adults", "grown", "age"), [(1, 0, 40), (2, 1, 40), (2, 0, 60)])
def test_only_couples_under_sixty_part(toy: World, adults: int, grown: int, age: int) -> None:
    assert not lived(toy, adults=adults, grown=grown, age=age, separation=1.0).separated.any()


def test_an_adult_without_a_partner_is_joined_by_one(toy: World) -> None:
    after = lived(toy, couple_formed=0.1, couple_income=1.5)
    joined = after.members.adults == 2
    assert near(joined.mean(), 0.1)
    np.testing.assert_array_equal(after.income, np.where(joined, 1.5, 1.0))
    assert (lived(toy, adults=2, couple_formed=1.0).members.adults == 2).all()
    assert (lived(toy, age=60, couple_formed=1.0).members.adults == 1).all()


def test_births_follow_the_table_of_insee(toy: World) -> None:
    ages = np.array([18, 24, 25, 29, 30, 34, 35, 39, 40, 50, 51, 80])
    expected = [0.017, 0.017, 0.082, 0.082, 0.108, 0.108, 0.066, 0.066, 0.009, 0.009, 0.0, 0.0]
    np.testing.assert_allclose(birth_share(toy.scenario.household, ages), expected)


@pytest.mark.parametrize(("adults", "share"), [(2, 0.108 * 1.5), (1, 0.108 * 0.5)])
def test_a_child_is_born_by_age_and_couple(toy: World, adults: int, share: float) -> None:
    after = lived(toy, adults=adults, age=32, birth_couple=1.5, birth_alone=0.5).members
    assert near(after.children.mean(), share)
    assert set(np.unique(after.children)) == {0, 1}
    assert (after.teens == 0).all()


def test_mortality_doubles_with_every_so_many_years(toy: World) -> None:
    # 5 % at 80; exp(0.11 × 10) = 3.004 times at 90, and a third at 70; never above one.
    found = death_share(toy.scenario.household, np.array([70, 80, 90, 140]))
    np.testing.assert_allclose(found, [0.05 / 3.00417, 0.05, 0.05 * 3.00417, 1.0], rtol=1e-5)


def test_a_person_alone_who_dies_ends_the_tenancy(toy: World) -> None:
    after = lived(toy, age=80, death_at_80=0.05)
    assert near(after.died.mean(), 0.05)
    assert (after.members.adults == 1).all()
    assert ((after.death_at > 0) & (after.death_at < 1)).all()
    grown = lived(toy, adults=2, grown=1, age=80, death_at_80=0.05)  # a grown child does not take over
    assert near(grown.died.mean(), 0.05)


def test_one_of_a_couple_dies_and_the_other_stays(toy: World) -> None:
    after = lived(toy, adults=2, age=80, death_at_80=0.05, separation_income=0.6)
    assert not after.died.any()
    assert near((after.members.adults == 1).mean(), 0.1)
    np.testing.assert_array_equal(after.income, np.where(after.members.adults == 1, 0.6, 1.0))


def test_adults_beyond_two_are_taken_for_grown_children() -> None:
    assert grown_children(np.array([1, 2, 3, 5], dtype=np.int8)).tolist() == [0, 0, 1, 3]


def test_a_household_lives_the_same_year_whoever_else_there_is(toy: World) -> None:
    choice = toy.scenario.household
    rng = np.random.default_rng(1)
    grown, children = rng.integers(0, 3, MANY), rng.integers(0, 5, MANY)
    adults, teens = grown + rng.integers(1, 3, MANY), children // 2
    age = rng.integers(18, 95, MANY)
    whole = year_of_life(
        toy.law, choice, toy.chance, 2027, KEYS, Members(adults, grown, children, teens, age)
    )
    rows = rng.permutation(MANY)[:500]
    part = Members(adults[rows], grown[rows], children[rows], teens[rows], age[rows])
    alone = year_of_life(toy.law, choice, toy.chance, 2027, KEYS[rows], part)
    for name in ("adults", "grown", "children", "teens"):
        np.testing.assert_array_equal(getattr(alone.members, name), getattr(whole.members, name)[rows])
    np.testing.assert_array_equal(alone.income, whole.income[rows])
    assert (whole.members.partners >= 1).all()
    assert (whole.members.teens <= whole.members.children).all()
    assert (whole.members.teens >= 0).all()
