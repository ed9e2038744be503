"""How do occupants change while they stay? A year older, in or out of work, richer or poorer.

A first, simple ageing: it moves the composition of the stock for reasons other than leases. Left out on
purpose: births, separations, children leaving, the changes of demands while they wait.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.process.housing import Housing
from sim.process.world import World
from sim.rules.eligibility import consumption_units
from sim.territory.columns import ACTIVITIES

EMPLOYED, UNEMPLOYED, RETIRED = (ACTIVITIES.index(name) for name in ("employed", "unemployed", "retired"))


@dataclass(frozen=True)
class IncomeLevels:
    """Mean and spread of the logarithm of monthly income per consumption unit, by activity."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]


def income_levels(world: World) -> IncomeLevels:
    """Return the levels of the territory's occupants as given: the process keeps them stationary."""
    occupants = world.territory.occupants
    units = consumption_units(world.law, occupants.adults, occupants.children, occupants.teens)
    known = occupants.monthly_income_eur > 0
    logs = np.log(np.where(known, occupants.monthly_income_eur, 1.0) / units)
    order = np.argsort(logs, kind="stable")  # a sum of floats depends on their order, a level must not
    logs, known, activities = logs[order], known[order], occupants.activity[order]
    mean, spread = np.zeros(len(ACTIVITIES)), np.full(len(ACTIVITIES), 0.5)
    overall = logs[known].mean() if known.any() else 0.0
    for activity in range(len(ACTIVITIES)):
        own = logs[known & (activities == activity)]
        mean[activity], spread[activity] = (own.mean(), own.std()) if len(own) > 1 else (overall, 0.5)
    return IncomeLevels(mean, spread)


def age(world: World, housing: Housing, levels: IncomeLevels, year: int) -> None:
    """Age every occupant household by one year.

    1. One year older.
    2. Reaching the age of retirement, retired; else job lost or found by a keyed draw.
    3. The logarithm of income per unit moves around its activity's level: x' = m' + r (x − m) + √(1−r²) s z.
       The tax income follows in proportion.
    """
    choice, chance = world.scenario.ageing, world.chance
    housing.age += 1
    drawn = chance.uniform(f"work/{year}", housing.household)
    before = housing.activity.copy()
    after = before.copy()
    after[(before == EMPLOYED) & (drawn < choice.job_loss)] = UNEMPLOYED
    after[(before == UNEMPLOYED) & (drawn < choice.job_found)] = EMPLOYED
    working = (before == EMPLOYED) | (before == UNEMPLOYED)
    after[working & (housing.age >= choice.retirement_age)] = RETIRED
    housing.activity[:] = after

    units = consumption_units(world.law, housing.adults, housing.children, housing.teens)
    known = housing.occupied & (housing.monthly_income_eur > 0)
    income = np.where(known, housing.monthly_income_eur, 1.0)
    gap = np.log(income / units) - levels.mean[before]
    kept = choice.income_persistence
    noise = np.sqrt(1 - kept**2) * levels.spread[after] * chance.normal(f"income/{year}", housing.household)
    new_income = units * np.exp(levels.mean[after] + kept * gap + noise)
    factor = np.where(known, new_income / income, 1.0)
    housing.monthly_income_eur *= factor
    housing.rfr_eur *= factor
