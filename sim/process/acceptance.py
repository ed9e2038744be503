"""Does the commission attribute, does the household accept what it is offered, and how soon does it answer?

One answer a (household, dwelling, nth offer of the pair), keyed: the same household answers the same way
under every policy. What comes before it (contact, visit, documents) is in funnel.py.
Left out on purpose: an effect of the wait on refusals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import DAY_S
from sim.policies.sitting import NOBODY, Sitting
from sim.process import feedback, funnel, rpms
from sim.process.affordability import Affordability, affordability, strained
from sim.process.state import State
from sim.process.vacancy import Instruction, Offer
from sim.process.world import World
from sim.rules.traits import has
from sim.territory.columns import Bools, Floats, Ints

MOTIVES = ("secteur", "caracteristiques", "autre logement", "autre")
MOTIVE_BOUNDS = (0.24, 0.57, 0.67, 1.0)
"""Cumulated shares of the motives of refusal (La Croix / USH 2012: area 24 %, criteria 33 %, housed
elsewhere 10 %, the rest unexplained)."""

OUTCOMES = ("non_attribution", "accepted", "silent", "refused")

TOO_HEAVY = "taux d'effort"
"""Motive of a non-attribution that the rent explains; of others none is known."""

SATURDAY, WEEK = 5, 7


@dataclass(frozen=True)
class Answers:
    """What each listed household will answer if its turn comes; same shape as the lists."""

    accepts: Bools
    silent: Bools
    wait_s: Ints  # from the offer to the answer; meaningless where silent
    motive: Ints  # index into MOTIVES, of a refusal


def answers(
    world: World, state: State, demand: Ints, dwelling: Ints, nth: Ints, cost: Affordability | None = None
) -> Answers:
    """Draw the answers of households to the nth offer of dwellings; `cost` is read anew where not given.

    1. Accept with the probability of `accepts_probability`.
    2. A refusal is silent with the scenario's share; an answer comes within the legal delay, uniformly.
    """
    household, place = state.register.household[demand], world.dwelling_key[dwelling]
    agrees, speaks = np.empty(demand.shape), np.empty(demand.shape)
    when, why = np.empty(demand.shape), np.empty(demand.shape)
    for times in np.unique(nth).tolist():
        same = nth == times
        agrees[same], speaks[same], when[same], why[same] = world.chance.quarters(
            f"answer/{times}", household[same], place[same]
        )
    accepts = agrees < accepts_probability(world, state, demand, dwelling, cost)
    return Answers(
        accepts,
        ~accepts & (speaks < world.scenario.acceptance.silent_share),
        np.maximum((when * world.law.answer_days * DAY_S).astype(np.int64), 1),
        np.searchsorted(MOTIVE_BOUNDS, why, side="right"),
    )


def draw_offers(
    world: World, state: State, sitting: Sitting, lists: Ints, vacancy_keys: Sequence[int]
) -> list[list[Offer]]:
    """Return the offers of each list in rank order, with the answer each will get if its turn comes.

    A candidate the commission does not attribute to has the outcome `non_attribution`, and no turn.

    Parameters
    ----------
    lists : (V, list_length) positions of the sitting, NOBODY where short
    vacancy_keys : (V,) identities
    """
    if world.scenario.acceptance.certain:
        return [_sure(sitting, listed) for listed in lists.tolist()]
    vacancy, slot = np.nonzero(lists != NOBODY)
    position = lists[vacancy, slot]
    demand, dwelling = sitting.demand[position], sitting.dwelling[vacancy]
    household = state.register.household[demand]
    key = np.array(vacancy_keys, dtype=np.uint64)[vacancy]
    refused = world.chance.uniform(f"commission/{sitting.held_on}", household, key)
    cost = affordability(world, state, demand, dwelling)
    attributed, too_heavy = attributions(world, state, demand, dwelling, refused, cost)
    elsewhere = rpms.kept_out(world, state, demand, dwelling, key)
    attributed &= ~elsewhere
    pairs = zip(dwelling.tolist(), household.tolist(), strict=True)
    nth = np.array([state.proposed.get(pair, 0) + 1 for pair in pairs], dtype=np.int64)
    drawn = answers(world, state, demand, dwelling, nth, cost)
    said = np.where(drawn.accepts, 1, np.where(drawn.silent, 2, 3))
    outcome = np.array(OUTCOMES)[np.where(attributed, said, 0)]
    motive = np.where(outcome == "refused", np.array(MOTIVES)[drawn.motive], "")
    motive = np.where(too_heavy, TOO_HEAVY, motive)
    motive = np.where(elsewhere, rpms.MOTIVE, motive)
    seen: Sequence[Instruction | None] = [None] * len(demand)
    if funnel.plays(world):
        passed = funnel.stages(world, sitting.held_s, household, world.dwelling_key[dwelling], nth, outcome)
        outcome = np.where(passed.incomplete, "withdrawn", outcome)
        motive = np.where(passed.incomplete, funnel.INCOMPLETE, motive)
        seen = passed.instructions()
    columns = (demand, slot + 1, sitting.points[position], outcome, motive, drawn.wait_s)
    offers: list[list[Offer]] = [[] for _ in range(len(lists))]
    candidates = zip(*(column.tolist() for column in columns), seen, strict=True)
    for place, candidate in zip(vacancy.tolist(), candidates, strict=True):
        offers[place].append(Offer(*candidate))
    return offers


def attributions(
    world: World,
    state: State,
    demand: Ints,
    dwelling: Ints,
    drawn: Floats,
    cost: Affordability | None = None,
) -> tuple[Bools, Bools]:
    """Tell to whom the commission attributes, and to whom it does not because of the rent.

    1. It does not attribute with the probability `not_attributed`, whatever the reason.
    2. Where the rent net of aid is heavy, it does not with `commission_effort` more (never a DALO household).

    Parameters
    ----------
    drawn : (n,) uniforms; those of step 1 are the same with step 2 on or off

    Source: R15, CCH R.441-3-1: a ratio is weighed, it bars nobody.
    """
    # Simplified: the rent is weighed on resources as they stand when the list is made, before its documents.
    choice = world.scenario.acceptance
    first = drawn < choice.not_attributed
    if choice.commission_effort == 0.0:
        return ~first, np.zeros(first.shape, dtype=bool)
    heavy = strained(world, cost or affordability(world, state, demand, dwelling))
    heavy &= ~has(state.register.signature[demand], "dalo")
    too_heavy = ~first & heavy & (drawn < choice.not_attributed + choice.commission_effort)
    return ~first & ~too_heavy, too_heavy


def _sure(sitting: Sitting, listed: list[int]) -> list[Offer]:
    """Return the offers of a list when each is accepted at once."""
    return [
        Offer(int(sitting.demand[position]), rank + 1, int(sitting.points[position]), "accepted", "", 0)
        for rank, position in enumerate(listed)
        if position != NOBODY
    ]


def accepts_probability(
    world: World, state: State, demand: Ints, dwelling: Ints, cost: Affordability | None = None
) -> Floats:
    """Return the probability of accepting: a logit of wish, rent net of aid against income, residence."""
    choice, register = world.scenario.acceptance, state.register
    base = np.where(has(register.signature[demand], "dalo"), choice.dalo_accepts, choice.accepts)
    log_odds = (
        np.log(base / (1 - base)) + world.residence_effect[world.territory.dwellings.residence[dwelling]]
    )
    log_odds = log_odds + choice.first_commune * (register.first_commune[demand] == world.commune[dwelling])
    log_odds = log_odds + feedback.willingness(world, state, demand, dwelling)
    effort = (cost or affordability(world, state, demand, dwelling)).effort
    # An unknown income weighs no rent.
    excess = np.where(np.isnan(effort), 0.0, np.clip(effort - choice.effort_threshold, 0.0, 1.0))
    probability: NDArray[np.float64] = 1.0 / (1.0 + np.exp(choice.effort * excess - log_odds))
    return probability


def silence_ends(world: World, offered_s: int) -> int:
    """Return when an unanswered offer counts as refused: a day after the last day to answer (R11).

    The last day is that of the legal delay, not counting the offer's, moved to the next working day.
    # Simplified: public holidays are not moved.
    """
    last_s = offered_s + world.law.answer_days * DAY_S
    weekday = world.day(last_s).weekday()
    return last_s + (1 + (WEEK - weekday if weekday >= SATURDAY else 0)) * DAY_S
