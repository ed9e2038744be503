"""What do a candidate's documents say that the demand did not?

Resources and household are declared when a demand is filed, and verified once, before the first commission
that hears it. What is verified may change points, quartile and eligibility from then on; the list it was
found on keeps its order.
"""

from __future__ import annotations

import numpy as np

from sim.process import demand_traits
from sim.process.register import Rows
from sim.process.state import State
from sim.process.world import World
from sim.rules.eligibility import consumption_units
from sim.territory.columns import Floats, Ints

MONTHS = 12


def verify(world: World, state: State, rows: Rows) -> None:
    """Verify demands that were not yet, and read again what follows from their columns.

    1. With the scenario's share, resources and tax income are found higher or lower by one factor.
    2. Resources not declared, or implausible, are read from the tax income.
    3. With the scenario's share, the household counts one child more, or one less.

    # Simplified: resources that are not declared are found to be a twelfth of the tax income.
    """
    register, choice = state.register, world.scenario.funnel
    if not len(rows) or register.verified[rows].all():
        return
    rows = rows[~register.verified[rows]]
    register.verified[rows] = True
    key = register.key[rows]
    differs, counts = world.chance.uniforms("verified", key)
    size = choice.income_difference * world.chance.normal("verified/income", key)
    factor = np.where(differs < choice.income_differs, np.exp(size), 1.0)
    declared, rfr = register.monthly_income_eur[rows], register.rfr_eur[rows]
    income = np.where(declared > 0, declared, np.where(rfr > 0, rfr / MONTHS, declared)) * factor
    register.monthly_income_eur[rows], register.rfr_eur[rows] = income, rfr * factor
    _recount(state, rows[counts < choice.household_differs])
    control = world.scenario.control
    holds_still = control.frozen_incomes or control.entrants_like_leavers
    if state.reading is None or not holds_still:  # controls begin with the compared run
        _tell_of_tenants(state, rows)
    _attributes(world, state, rows, declared, income)
    demand_traits.restate(world, state, rows)


def _recount(state: State, rows: Ints) -> None:
    """Give households one child more, or one less where there are any, every other one by identity."""
    register = state.register
    less = (register.children[rows] > 0) & (register.key[rows] % np.uint64(2) == 0)
    register.children[rows] += np.where(less, -1, 1).astype(register.children.dtype)
    register.teens[rows] = np.minimum(register.teens[rows], register.children[rows])


def _tell_of_tenants(state: State, rows: Ints) -> None:
    """Write what was found of tenants where they live: their demand reads it there each year."""
    register, housing = state.register, state.housing
    rows = rows[register.mutation_of[rows] >= 0]
    home = register.mutation_of[rows]
    there = housing.occupied[home] & (housing.household[home] == register.household[rows])
    rows, home = rows[there], home[there]
    for name in ("monthly_income_eur", "rfr_eur", "children", "teens"):
        getattr(housing, name)[home] = getattr(register, name)[rows]


def _attributes(world: World, state: State, rows: Ints, declared: Floats, income: Floats) -> None:
    """Set the attributes a grid may read that follow from resources; the present dwelling's rent stays."""
    register = state.register
    known = (declared > 0) & (income > 0)
    if "effort_rate" in register.attributes:
        effort = register.attribute("effort_rate")
        effort[rows[known]] *= declared[known] / income[known]
    if "residual_income" in register.attributes:
        residual = register.attribute("residual_income")
        units = consumption_units(
            world.law, *(getattr(register, name)[rows] for name in ("adults", "children", "teens"))
        )
        residual[rows[known]] += (income - declared)[known] / units[known]
    for name, column in (("monthly_received", income), ("rfr", register.rfr_eur[rows])):
        if name in register.attributes:
            register.attribute(name)[rows] = column
