"""What a year does to those who stay."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from sim.process.ageing import EMPLOYED, RETIRED, UNEMPLOYED, IncomeLevels, age, income_levels
from sim.process.housing import Housing
from sim.process.world import World
from sim.territory.columns import ACTIVITIES

MANY = 20_000
MEAN, SPREAD = 6.5, 0.4
LEVELS = IncomeLevels(np.full(len(ACTIVITIES), MEAN), np.full(len(ACTIVITIES), SPREAD))


def housed(count: int = MANY, **columns: object) -> Housing:
    """Return persons living alone, employed at 40, their incomes already at their level."""
    normal = np.random.default_rng(0).normal(MEAN, SPREAD, count)
    given = {
        "occupied": np.ones(count, dtype=bool),
        "household": np.arange(count, dtype=np.uint64),
        "adults": np.ones(count, dtype=np.int64),
        "age": np.full(count, 40),
        "activity": np.full(count, EMPLOYED),
        "monthly_income_eur": np.exp(normal),
        "rfr_eur": 10 * np.exp(normal),
        **columns,
    }
    return Housing(**{spec.name: given.get(spec.name, np.zeros(count, np.int64)) for spec in fields(Housing)})


def test_incomes_move_but_their_distribution_stays(toy: World) -> None:
    housing = housed()
    before = np.log(housing.monthly_income_eur)
    for year in range(2027, 2037):
        age(toy, housing, LEVELS, year)
    after = np.log(housing.monthly_income_eur)
    assert abs(after.mean() - MEAN) < 4 * SPREAD / np.sqrt(MANY)
    assert after.std() == pytest.approx(SPREAD, rel=0.03)
    # Ten years at a persistence of 0.9: 0.9^10 = 0.349.
    assert np.corrcoef(before, after)[0, 1] == pytest.approx(0.349, abs=0.03)
    np.testing.assert_allclose(housing.rfr_eur, 10 * housing.monthly_income_eur)  # in proportion


def test_who_changes_activity_keeps_the_distance_to_the_level(toy: World) -> None:
    mean = np.array([7.0, 6.0, 6.5, 6.5, 6.5])
    housing = housed(monthly_income_eur=np.full(MANY, np.exp(7.2)))
    age(toy, housing, IncomeLevels(mean, np.full(5, 1e-9)), 2027)
    logs = np.log(housing.monthly_income_eur)
    # 0.2 above 7.0: 0.9 × 0.2 above the new level, 7.18 in work and 6.18 out of it.
    np.testing.assert_allclose(logs, np.where(housing.activity == UNEMPLOYED, 6.18, 7.18))


def test_jobs_are_lost_and_found_at_the_scenario_s_rates(toy: World) -> None:
    activity = np.where(np.arange(MANY) < MANY // 2, EMPLOYED, UNEMPLOYED)
    housing = housed(activity=activity.copy())
    age(toy, housing, LEVELS, 2027)
    lost = (housing.activity[activity == EMPLOYED] == UNEMPLOYED).mean()
    found = (housing.activity[activity == UNEMPLOYED] == EMPLOYED).mean()
    assert abs(lost - 0.06) < 4 * np.sqrt(0.06 * 0.94 / (MANY / 2))
    assert abs(found - 0.2) < 4 * np.sqrt(0.2 * 0.8 / (MANY / 2))


def test_working_households_retire_at_64(toy: World) -> None:
    student, other = ACTIVITIES.index("student"), ACTIVITIES.index("other")
    activity = np.array([EMPLOYED, UNEMPLOYED, EMPLOYED, student, other, RETIRED])
    housing = housed(6, age=np.array([63, 63, 62, 63, 63, 70]), activity=activity)
    age(toy, housing, LEVELS, 2027)
    assert housing.age.tolist() == [64, 64, 63, 64, 64, 71]
    assert housing.activity.tolist()[:2] == [RETIRED, RETIRED]
    assert housing.activity[2] != RETIRED
    assert housing.activity.tolist()[3:] == [student, other, RETIRED]


def test_unknown_incomes_and_empty_dwellings_stay_as_they_are(toy: World) -> None:
    income = np.array([np.nan, 0.0, 900.0])
    housing = housed(3, monthly_income_eur=income.copy(), occupied=np.array([True, True, False]))
    tax = housing.rfr_eur.copy()
    age(toy, housing, LEVELS, 2027)
    np.testing.assert_array_equal(housing.monthly_income_eur, income)
    np.testing.assert_array_equal(housing.rfr_eur, tax)


def test_a_household_ages_the_same_whoever_else_is_housed(toy: World) -> None:
    whole, part = housed(), housed()
    for spec in fields(Housing):
        setattr(part, spec.name, getattr(part, spec.name)[100:110])
    age(toy, whole, LEVELS, 2027)
    age(toy, part, LEVELS, 2027)
    np.testing.assert_array_equal(part.monthly_income_eur, whole.monthly_income_eur[100:110])


def test_levels_are_those_of_the_territory(toy: World) -> None:
    levels = income_levels(toy)
    # Employed: M1 1200 / 1, M2 2700 / 2 (a teenager of 15), M4 1800 / 1.8, M8 3600 / 2.1.
    logs = np.log([1200, 1350, 1000, 3600 / 2.1])
    assert levels.mean[EMPLOYED] == pytest.approx(logs.mean())
    assert levels.spread[EMPLOYED] == pytest.approx(logs.std())
    # One unemployed occupant: everybody's mean and a spread of 0.5. M5: 1500 / (1 + 0.5 × 3 + 0.3) = 535.7;
    # M7: 1000.
    everybody = np.log([1200, 1350, 1000, 1500 / 2.8, 1000, 3600 / 2.1])
    assert levels.mean[UNEMPLOYED] == pytest.approx(everybody.mean())
    assert levels.spread[UNEMPLOYED] == 0.5
