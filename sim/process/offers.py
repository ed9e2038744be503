"""What happens when the turn of a candidate comes, when the household answers, and when it signs?

Left out on purpose: what it will answer, drawn when the list is made (acceptance.py), and who is heard at all
(hearing.py).
"""

from __future__ import annotations

import numpy as np

from sim.process import dalo, rpms
from sim.process.acceptance import silence_ends
from sim.process.closing import close
from sim.process.demand_traits import reread
from sim.process.hearing import meet
from sim.process.moves import make_way, move_in, move_out
from sim.process.records import LeaseRecord
from sim.process.register import CLOSED, OFFERED, OPEN
from sim.process.scores import stale
from sim.process.state import Signed, State
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World


def propose(world: World, state: State, vacancy: Vacancy, offer: Offer, now: int) -> bool:
    """Make the offer whose turn has come; tell whether its demand is still waiting for one."""
    register = state.register
    if register.state[offer.demand] != OPEN or register.leaves_s[offer.demand] <= now:
        elsewhere = register.state[offer.demand] == OFFERED
        offer.motive = ""
        _write(state, vacancy, offer, "superseded" if elsewhere else "withdrawn", now, "commission")
        return False
    silent = offer.outcome == "silent"
    offer.offered_s = now
    offer.answer_s = silence_ends(world, now) if silent else now + offer.wait_s
    register.state[offer.demand] = OFFERED
    meet(state, vacancy, offer)
    rpms.proposed(world, state, offer.demand, vacancy.dwelling)
    return True


def answered(world: World, state: State, vacancy: Vacancy, offer: Offer, now: int) -> None:
    """Take the answer: a yes waits to be signed, a no lets the demand wait again, or lapse."""
    register = state.register
    if register.state[offer.demand] == CLOSED:  # a tenant who has given notice meanwhile
        offer.outcome, offer.motive = "withdrawn", ""
    _write(state, vacancy, offer, offer.outcome, offer.answer_s, "offer")
    if offer.outcome in ("accepted", "withdrawn"):
        return
    register.state[offer.demand] = OPEN
    register.refusals[offer.demand] += 1
    stale(register, offer.demand)
    state.refused.append((now, offer.demand))
    if dalo.priority_ends(world, state, offer, vacancy.dwelling, now):
        reread(world, state, np.array([offer.demand]))
    if register.leaves_s[offer.demand] <= now:  # an offer kept the demand alive until its answer
        close(state, offer.demand, now, "lapse")


def sign(world: World, state: State, vacancy: Vacancy, offer: Offer, now: int) -> Signed:
    """Sign the lease: the demand is closed, the household moves in, its old dwelling is freed.

    Returns
    -------
    the lease, as a row of the ledger.
    """
    register, housing = state.register, state.housing
    demand, dwelling, holder = offer.demand, vacancy.dwelling, vacancy.holder
    household = register.household[demand]
    old = int(register.mutation_of[demand])
    signature = int(register.signature[demand])
    close(state, demand, now, "lease")
    state.records.leases.append(
        LeaseRecord(vacancy.vacancy_id, dwelling, demand, now, offer.rank, offer.points, holder, signature)
    )
    state.records.vacancies.append(vacancy.let(now))
    del state.vacancies[vacancy.key]
    if old >= 0 and housing.occupied[old] and housing.household[old] == household:
        rehoused = register.operation[demand] >= 0
        move_out(state, old, now, "relogement" if rehoused else "mutation", vacancy.vacancy_id)
    if housing.occupied[dwelling]:  # two vacancies of a stream at one second
        make_way(state, dwelling, now)
    move_in(world, state, dwelling, demand, now)
    return now, dwelling, holder, signature


def _write(state: State, vacancy: Vacancy, offer: Offer, outcome: str, answered_s: int, stage: str) -> None:
    state.records.offers.append(vacancy.written(offer, outcome, answered_s, stage))
