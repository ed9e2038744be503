"""How do households and commissions react to what a policy makes of the residences, the waits and the points?

Six reactions, each off unless the scenario says otherwise ([feedback]), each a function here called from the
one place where what it changes is decided. They begin with the compared run: during the burn-in no residence
is qualified yet. Left out on purpose: rents, and reactions of households to each other's choices.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.chance import Keys
from sim.outcomes import YEAR_S
from sim.process.hazards import sls_multiplier
from sim.process.snapshot import sls_due_eur
from sim.process.state import State
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World
from sim.rules.eligibility import income_uc_eur
from sim.rules.fit_codes import MOST_ROOMS
from sim.rules.traits import has
from sim.territory.columns import PEUPLEMENT_TYPES, Floats, Ints

FRAGILITY = np.array([{"a_conforter": 1.0, "en_vigilance": 0.5}.get(name, 0.0) for name in PEUPLEMENT_TYPES])
"""How far each type of residence weighs in a reaction to it; a residence without a type weighs nothing."""


def fragility(state: State, residence: Ints) -> Floats:
    """Return how fragile residences were found last 1 January, (n,) from 0 to 1."""
    found = state.qualified[residence]
    weight: Floats = np.where(found >= 0, FRAGILITY[found], 0.0)
    return weight


def leaving(world: World, state: State, dwelling: Ints) -> Floats | float:
    """Return by what the hazard of leaving of occupants is multiplied, (n,).

    1. Exit: households above the first quartile leave fragile residences sooner.
    2. SLS: those who owe one leave sooner, the more it adds to their rent.
    """
    choice, housing = world.scenario.feedback, state.housing
    exit_, sls = choice.of("exit"), choice.of("sls")
    factor: Floats | float = 1.0
    if exit_ and len(state.qualified):
        declared = ("monthly_income_eur", "adults", "children", "teens")
        income = income_uc_eur(world.law, *(getattr(housing, name)[dwelling] for name in declared))
        better_off = income > state.q1_threshold_eur  # no quartile is known of a missing income
        factor = 1.0 + exit_ * better_off * fragility(state, world.territory.dwellings.residence[dwelling])
    if sls and state.reading is not None:
        due, rent_eur = sls_due_eur(world, state), world.territory.dwellings.rent_eur
        factor = factor * sls_multiplier(due[dwelling], rent_eur[dwelling], sls)
    return factor


def willingness(world: World, state: State, demand: Ints, dwelling: Ints) -> Floats | float:
    """Return what reputation takes from, and a malus adds to, the log-odds of accepting, (n,).

    1. Reputation: in proportion to the residence's fragility, more for those who have alternatives, the
       households above the first quartile without priority.
    2. Malus: where the grid takes points for a refusal; a DALO household has one adapted offer anyway.
    """
    choice, signature = world.scenario.feedback, state.register.signature[demand]
    reputation, malus = choice.of("reputation"), choice.of("malus")
    gained: Floats | float = 0.0
    if reputation and len(state.qualified):
        alternatives = 1.0 + choice.alternatives * has(signature, "q2_q4_no_priority")
        gained = -reputation * alternatives * fragility(state, world.territory.dwellings.residence[dwelling])
    if malus and world.refusals_cost:
        gained = gained + malus * ~has(signature, "dalo")
    return gained


def reorder(world: World, state: State, vacancy: Vacancy) -> None:
    """Let a commission drift from the order suggested: some lists are heard by seniority.

    Offers keep the rank they were suggested at, so that what was followed can be counted.
    """
    share = world.scenario.feedback.of("drift")
    if not share or state.reading is None or len(vacancy.offers) < 2:
        return
    if world.chance.one("drift", vacancy.key, vacancy.heard_s) < share:
        register = state.register

        def oldest(offer: Offer) -> tuple[int, float, int]:
            row = offer.demand
            return int(register.filed_s[row]), float(register.lottery[row]), int(register.key[row])

        vacancy.offers.sort(key=oldest)


def filed(world: World, state: State, demand: Keys, rooms_min: Ints) -> NDArray[np.bool_]:
    """Tell which demands of the superset of a year are filed, (n,).

    A demand is filed when its keyed uniform is under k / superset. k is 1, or, with the reaction on, the wait
    of the year before the start over that of last year, for the typology it asks first, to the power of the
    elasticity; at most `superset`, and 1 where either wait is not known.
    """
    choice = world.scenario.feedback
    drawn, elasticity = world.chance.uniform("deterrence", demand), choice.of("deterrence")
    if not elasticity or not len(state.waits_s):
        return drawn < 1.0 / choice.superset
    rooms = np.clip(rooms_min, 1, len(state.waits_s)) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        k = (state.waits_at_start_s[rooms] / state.waits_s[rooms]) ** elasticity
    k = np.where(np.isfinite(k), np.minimum(k, choice.superset), 1.0)
    return drawn < k / choice.superset


def read_waits(world: World, state: State) -> None:
    """Set the mean wait of the households housed in the last year, by rooms, NaN where nobody was."""
    register, rooms = state.register, world.territory.dwellings.rooms
    leases = [lease for lease in state.records.leases if lease.signed_s >= state.now_s - YEAR_S]
    dwelling = np.array([lease.dwelling for lease in leases], dtype=np.int64)
    demand = np.array([lease.demand for lease in leases], dtype=np.int64)
    signed_s = np.array([lease.signed_s for lease in leases], dtype=np.int64)
    place = np.clip(rooms[dwelling], 1, MOST_ROOMS) - 1
    housed = np.bincount(place, minlength=MOST_ROOMS)
    waited_s = np.bincount(place, weights=signed_s - register.filed_s[demand], minlength=MOST_ROOMS)
    state.waits_s = np.where(housed > 0, waited_s / np.maximum(housed, 1), np.nan)
