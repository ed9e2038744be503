"""Who of a list comes to the commission, and to whom does it attribute?

A list is heard the day it is made, or, where it is instructed (funnel.py), once every candidate has left it
or brought its documents. Until then its candidates stand on no other list.
"""

from __future__ import annotations

import numpy as np

from sim.process import feedback, rpms
from sim.process.documents import verify
from sim.process.funnel import heard_from
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
    stay: list[tuple[Offer, bool]] = []  # and whether its documents are there
    for offer in vacancy.offers:
        if offer.instruction is None:
            stay.append((offer, False))
            continue
        state.register.listed[offer.demand] -= 1
        ends_s, stops_s = _ends_s(state, offer), offer.instruction.stops_s
        if stops_s < ends_s:
            _leave(world, state, vacancy, offer)
        else:
            stay.append((offer, ends_s > now_s))
    verified = state.register.verified
    unseen = [offer.demand for offer, seen in stay if seen and not verified.item(offer.demand)]
    if unseen:  # where documents were not seen with the others of this second
        verify(world, state, np.array(unseen, dtype=np.int64))
    vacancy.offers = [
        offer for offer, seen in stay if not _turned_down(world, state, vacancy, offer, now_s, seen=seen)
    ]
    feedback.reorder(world, state, vacancy)
    vacancy.heard = True


def give_up(world: World, state: State, vacancy: Vacancy, now_s: int) -> None:
    """Let the candidates of a list not heard yet go, its dwelling withdrawn; write who left it before."""
    for offer in vacancy.offers:
        if offer.instruction is not None:
            state.register.listed[offer.demand] -= 1
            if offer.instruction.stops_s <= now_s and offer.instruction.stops_s < _ends_s(state, offer):
                _leave(world, state, vacancy, offer)


def meet(state: State, vacancy: Vacancy, offer: Offer) -> None:
    """Count that a household and a dwelling have met: its next answer there is another draw."""
    vacancy.tried.add(offer.demand)
    pair = vacancy.dwelling, state.register.household.item(offer.demand)
    state.proposed[pair] = state.proposed.get(pair, 0) + 1


def _leave(world: World, state: State, vacancy: Vacancy, offer: Offer) -> None:
    """Write down a candidate who left the list while it was instructed, before its demand ended."""
    assert offer.instruction is not None
    meet(state, vacancy, offer)
    if offer.outcome != "withdrawn":  # it was reached, and would not have the dwelling
        rpms.proposed(world, state, offer.demand, vacancy.dwelling)
    stage = LEAVES[offer.outcome]
    state.records.offers.append(vacancy.written(offer, offer.outcome, offer.instruction.stops_s, stage))


def _comes(state: State, offer: Offer, now_s: int) -> bool:
    """Tell whether a candidate of an instructed list comes to a commission held at a second."""
    if offer.instruction is None:
        return False
    return offer.instruction.stops_s >= _ends_s(state, offer) > now_s


def _ends_s(state: State, offer: Offer) -> int:
    """Return when a candidate's demand was closed, or lapses if nothing happens before."""
    register, demand = state.register, offer.demand
    return int(min(register.closed_s.item(demand), register.leaves_s.item(demand)))


def _turned_down(
    world: World, state: State, vacancy: Vacancy, offer: Offer, now_s: int, *, seen: bool
) -> bool:
    """Write down a candidate to whom the commission does not attribute, and tell whether it does not."""
    if offer.instruction and not seen:
        return False
    if seen and offer.outcome != "non_attribution":
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
    code = state.register.fit.item(demand)
    if not code & ceiling_bit(world.territory.dwellings.financing.item(dwelling)):
        return "plafond de ressources"
    return "" if code & world.codes.sizes.item(dwelling) else "taille du ménage"
