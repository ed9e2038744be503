"""Who of a list comes to the commission, and to whom does it attribute?

A list is heard the day it is made, or, where it is instructed (funnel.py), once every candidate has left it
or brought its documents. Until then its candidates stand on no other list.
"""

from __future__ import annotations

import numpy as np

from sim.process import feedback, rpms
from sim.process.documents import verify
from sim.process.funnel import heard_from
from sim.process.housing import NEVER
from sim.process.state import State
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World
from sim.rules.fit_codes import ceiling_bit

LEAVES = {"silent": "contact", "refused": "visit", "withdrawn": "documents"}
"""At which stage a candidate leaves a list, by what it is then written to have done."""


def take_up(state: State, vacancy: Vacancy, offers: list[Offer]) -> int:
    """Give a vacancy its list, not heard yet; return when it is ready to be."""
    vacancy.offers, vacancy.heard = offers, False
    for offer in offers:
        state.register.listed[offer.demand] += offer.instruction is not None
    return heard_from(offers, state.now_s)


def see_documents(world: World, state: State, now_s: int) -> None:
    """Verify at once who comes of every list heard at a second: vectors cost no more than one household."""
    seen = [
        offer.demand
        for vacancy in state.vacancies.values()
        if not vacancy.heard and vacancy.heard_s == now_s
        for offer in vacancy.offers
        if _comes(state, offer, now_s)
    ]
    verify(world, state, np.array(sorted(set(seen)), dtype=np.int64))


def hear(world: World, state: State, vacancy: Vacancy, now_s: int) -> None:
    """Hear the list of a vacancy: keep, in its order, those to whom the commission attributes.

    1. Those who left it meanwhile are written down.
    2. The documents of the others are verified.
    3. Those found above the ceiling, or not of a size for the dwelling, and those the commission turns down
       are written down. A demand closed or lapsed meanwhile is kept: it withdraws when its turn comes.
    4. Where the scenario lets commissions drift, some lists are put in another order.
    """
    register = state.register
    for offer in vacancy.offers:
        register.listed[offer.demand] -= offer.instruction is not None
    come = [offer for offer in vacancy.offers if not _left(world, state, vacancy, offer)]
    seen = [offer.demand for offer in come if _comes(state, offer, now_s)]
    if not register.verified[seen].all():
        verify(world, state, np.array(seen, dtype=np.int64))
    vacancy.offers = [offer for offer in come if not _turned_down(world, state, vacancy, offer, now_s)]
    feedback.reorder(world, state, vacancy)
    vacancy.heard = True


def give_up(world: World, state: State, vacancy: Vacancy, now_s: int) -> None:
    """Let the candidates of a list not heard yet go, its dwelling withdrawn; write who left it before."""
    for offer in vacancy.offers:
        if offer.instruction is not None:
            state.register.listed[offer.demand] -= 1
            if offer.instruction.stops_s <= now_s:
                _left(world, state, vacancy, offer)


def meet(state: State, vacancy: Vacancy, offer: Offer) -> None:
    """Count that a household and a dwelling have met: its next answer there is another draw."""
    vacancy.tried.add(offer.demand)
    pair = vacancy.dwelling, int(state.register.household[offer.demand])
    state.proposed[pair] = state.proposed.get(pair, 0) + 1


def _left(world: World, state: State, vacancy: Vacancy, offer: Offer) -> bool:
    """Write down a candidate who left the list while it was instructed, and tell whether it did."""
    stops_s = offer.instruction.stops_s if offer.instruction else NEVER
    if stops_s >= _ends_s(state, offer):
        return False
    meet(state, vacancy, offer)
    if offer.outcome != "withdrawn":  # it was reached, and would not have the dwelling
        rpms.proposed(world, state, offer.demand, vacancy.dwelling)
    stage = LEAVES[offer.outcome]
    state.records.offers.append(vacancy.written(offer, offer.outcome, stops_s, stage))
    return True


def _comes(state: State, offer: Offer, now_s: int) -> bool:
    """Tell whether a candidate of an instructed list comes to a commission held at a second."""
    ends_s = _ends_s(state, offer)
    return offer.instruction is not None and offer.instruction.stops_s >= ends_s > now_s


def _ends_s(state: State, offer: Offer) -> int:
    """Return when a candidate's demand was closed, or lapses if nothing happens before."""
    register = state.register
    return min(int(register.closed_s[offer.demand]), int(register.leaves_s[offer.demand]))


def _turned_down(world: World, state: State, vacancy: Vacancy, offer: Offer, now_s: int) -> bool:
    """Write down a candidate to whom the commission does not attribute, and tell whether it does not."""
    if offer.instruction and _ends_s(state, offer) <= now_s:
        return False
    if offer.instruction and offer.outcome != "non_attribution":
        unfit = _unfit(world, state, vacancy.dwelling, offer.demand)
        if unfit:
            offer.outcome, offer.motive = "non_attribution", unfit
    if offer.outcome != "non_attribution":
        return False
    if offer.motive == rpms.MOTIVE:
        rpms.owe(state, offer.demand, now_s)
    vacancy.tried.add(offer.demand)
    state.records.offers.append(vacancy.written(offer, offer.outcome, now_s, "commission"))
    return True


def _unfit(world: World, state: State, dwelling: int, demand: int) -> str:
    """Return why a verified household may not have a dwelling, in the commission's words; "" if it may."""
    code = state.register.fit[demand]
    if not code & ceiling_bit(world.territory.dwellings.financing[dwelling]):
        return "plafond de ressources"
    return "" if code & world.codes.sizes[dwelling] else "taille du ménage"
