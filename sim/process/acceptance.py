"""Does a household accept the dwelling it is offered, and when does it answer?

One answer a (household, dwelling, nth offer of the pair), keyed: the same household answers the same way
under every policy. Left out on purpose: visits, documents, the wait's effect on refusals (later feedbacks).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from sim.outcomes import DAY_S
from sim.process.world import State, World
from sim.rules.traits import mask

MOTIVES = (("secteur", 0.24), ("caracteristiques", 0.57), ("autre logement", 0.67), ("autre", 1.0))
"""Cumulated shares of the motives of refusal (La Croix / USH 2012: area 24 %, criteria 33 %, housed
elsewhere 10 %, the rest unexplained)."""

SATURDAY = 5


@dataclass(frozen=True)
class Answer:
    """What a household will answer, drawn when the offer is made."""

    outcome: str  # accepted, refused, silent
    answer_s: int
    motive: str


def answer(world: World, state: State, demand: int, dwelling: int, nth: int) -> Answer:
    """Draw the answer of a household to the nth offer of a dwelling.

    1. Accept with the probability of `accepts_probability`.
    2. A refusal is silent with the scenario's share; an answer comes within the legal delay, uniformly.
    3. Silence is known at the end of the delay, moved to the next working day (R11).
    """
    choice = world.scenario.acceptance
    household, place = int(state.register.household[demand]), int(world.dwelling_key[dwelling])
    chance, days = world.chance, world.law.answer_days
    if chance.one(f"answer/{nth}", household, place) < accepts_probability(world, state, demand, dwelling):
        outcome = "accepted"
    elif chance.one(f"silence/{nth}", household, place) < choice.silent_share:
        return Answer("silent", _working(world, state.now_s + (days + 1) * DAY_S), "sans réponse")
    else:
        outcome = "refused"
    wait_s = int(chance.one(f"delay/{nth}", household, place) * days * DAY_S)
    motive = ""
    if outcome == "refused":
        drawn = chance.one(f"motive/{nth}", household, place)
        motive = next(name for name, bound in MOTIVES if drawn < bound)
    return Answer(outcome, state.now_s + max(wait_s, 1), motive)


def accepts_probability(world: World, state: State, demand: int, dwelling: int) -> float:
    """Return the probability of accepting: a logit of wish, rent against income, residence.

    # Simplified: the rent burden is before housing aid.
    """
    choice, register = world.scenario.acceptance, state.register
    is_dalo = bool(register.signature[demand] & _DALO)
    base = choice.dalo_accepts if is_dalo else choice.accepts
    log_odds = (
        np.log(base / (1 - base)) + world.residence_effect[world.territory.dwellings.residence[dwelling]]
    )
    if register.first_commune[demand] == world.commune[dwelling]:
        log_odds += choice.first_commune
    income = register.monthly_income_eur[demand]
    if income > 0:
        burden = world.rent_due_eur[dwelling] / income
        log_odds -= choice.effort * min(max(burden - choice.effort_threshold, 0.0), 1.0)
    return float(1.0 / (1.0 + np.exp(-log_odds)))


_DALO = mask(["dalo"])


def _working(world: World, second: int) -> int:
    """Return the same time on the next working day.

    # Simplified: public holidays are not moved.
    """
    day = world.day(second)
    late = max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0
    return second + timedelta(days=late).days * DAY_S
