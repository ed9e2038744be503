"""What would a dwelling cost a household that demands it, net of the estimated housing aid?

Read by the commission and by the household in the simulation only; it never filters, orders or excludes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.process.state import State
from sim.process.world import World
from sim.rules.eligibility import consumption_units
from sim.rules.housing_aid import aid_resources_eur, effort_rate, housing_aid_eur, residual_income_eur
from sim.territory.columns import Bools, Floats, Ints


@dataclass(frozen=True)
class Affordability:
    """What is paid and what is left, pair by pair; NaN where the income is missing or not above 0."""

    effort: Floats  # share of income to rent, charges and heating, net of aid
    residual_eur: Floats  # left to live on, a day and consumption unit


def affordability(world: World, state: State, demand: Ints, dwelling: Ints) -> Affordability:
    """Estimate effort and residual income of pairs of demand and dwelling, those offered and no other.

    Heating that the charges do not hold is paid too, where it is known.

    Parameters
    ----------
    demand, dwelling : (n,) rows of the register and of the territory's dwellings
    """
    register, stock, law = state.register, world.territory.dwellings, world.law
    income = register.monthly_income_eur[demand]
    income = np.where(income > 0, income, np.nan)
    adults, children = register.adults[demand], register.children[demand]
    rent = stock.rent_eur[dwelling]
    charges = stock.charges_eur[dwelling] + np.nan_to_num(stock.heating_eur[dwelling])
    resources = aid_resources_eur(law, income)
    aid = housing_aid_eur(law, adults, children, resources, rent, world.aid_zone[dwelling])
    units = consumption_units(law, adults, children, register.teens[demand])
    return Affordability(
        effort_rate(rent, charges, aid, income),
        residual_income_eur(law, rent, charges, aid, income, units),
    )


def strained(world: World, found: Affordability) -> Bools:
    """Tell for which pairs the commission finds the rent heavy: an unknown income never is."""
    choice = world.scenario.acceptance
    heavy: Bools = (found.effort > choice.commission_effort_threshold) | (
        found.residual_eur < choice.commission_residual_eur
    )
    return heavy
