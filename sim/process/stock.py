"""What becomes of dwellings delivered, sold, or to be demolished, and of who lives there?

1. A programme delivered stands vacant, all at once; its first lettings are shared between réservataires.
2. A demolition announced: nobody moves in any more, and each tenant files a relogement demand in its time.
3. The last keys given back, or the deadline come, the residence is demolished; who is still there goes too,
   but for those who await a relogement: rehousing comes first, and what they live in stands until then.
4. A dwelling sold leaves the stock on its day: bought by its tenant, or vacant.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.chance import identities
from sim.outcomes import MONTH_S
from sim.process.closing import close
from sim.process.hearing import give_up
from sim.process.housing import NEVER
from sim.process.moves import move_out
from sim.process.orientation import WITHDRAWN
from sim.process.register import OFFERED, OPEN
from sim.process.state import State
from sim.process.supply import ANNOUNCED, DELIVERED, SOLD, Change
from sim.process.tenancies import vacancies
from sim.process.vacancy import Freed, Vacancy
from sim.process.world import World
from sim.territory.columns import RESERVATAIRES, Bools, Ints

NONE = RESERVATAIRES.index("aucun")
AT_ONCE = ("demolition", "sale")
"""Causes that give no notice: the household leaves with the dwelling."""


def change(world: World, state: State, what: Change, now: int) -> list[Vacancy]:
    """Play one change of the stock, and return the vacancies it opens."""
    if what.kind == DELIVERED:
        return _deliver(world, state, what.of, now)
    if what.kind == ANNOUNCED:
        _announce(world, state, what.of, now)
    elif what.kind == SOLD:
        _take_away(state, np.array([what.of]), now, "sale")
    else:
        own = world.plan.of_operation[what.of]
        _take_away(state, own[~_awaits_relogement(state, own)], now, "demolition")
    return []


def _deliver(world: World, state: State, residence: int, now: int) -> list[Vacancy]:
    """Let the dwellings of a programme stand, all vacant.

    1. Order them by a draw; give each réservataire its share of them, by largest remainder.
    2. Whether it designates in time, by name, and follows the strategy is drawn as for any vacancy.

    # Simplified: the reservation rights of a programme are the shares of orientation.
    """
    dwellings = world.territory.dwellings
    own = np.flatnonzero(dwellings.residence == residence)
    state.housing.exists[own] = state.housing.fresh[own] = True
    texts = [f"{name}|delivery|{now}" for name in dwellings.dwelling_id[own].tolist()]
    key = identities(texts)
    order, designated, names, leaning = world.chance.quarters("delivery", key)
    holder, flows = np.empty(len(own), dtype=np.int64), world.flows
    shares = flows.agreed[flows.member[own[0]]].tolist()
    holder[np.lexsort((key, order))] = np.repeat(np.arange(len(shares)), _seats(shares, len(own)))
    on_time = (holder != NONE) & (designated < world.scenario.designation.designated_share)
    by_name = on_time & (names < flows.named[holder])
    columns = (key, own, holder, on_time, by_name, leaning)
    return [
        Vacancy(
            key,
            text,
            dwelling,
            "delivery",
            now,
            now,
            holder,
            on_time,
            search_s=now,
            by_name=by_name,
            leaning=leaning,
        )
        for text, (key, dwelling, holder, on_time, by_name, leaning) in zip(
            texts, zip(*(column.tolist() for column in columns), strict=True), strict=True
        )
    ]


def _seats(shares: Sequence[float], count: int) -> Ints:
    """Return how many of `count` dwellings are each réservataire's, by largest remainder."""
    due = np.array(shares) * count
    seats = np.floor(due + 1e-9).astype(np.int64)
    more = np.argsort(seats - due, kind="stable")[: count - int(seats.sum())]
    seats[more] += 1
    return seats


def _announce(world: World, state: State, operation: int, now: int) -> None:
    """Set when each tenant of an operation files a relogement demand, but who has filed one already."""
    housing, one = state.housing, world.plan.operations[operation]
    tenants = world.plan.of_operation[operation]
    tenants = tenants[housing.occupied[tenants]]
    housing.review_s[tenants] = NEVER
    asked = housing.demand[tenants]
    owed = (asked >= 0) & (state.register.operation[asked] >= 0)
    housing.mutation_s[tenants[owed]] = NEVER
    tenants = tenants[~owed]
    if not len(tenants):
        return
    choice = world.scenario.relogement
    length_s = choice.months * MONTH_S if one.deadline_s == NEVER else one.deadline_s - one.announced_s
    drawn = world.chance.uniform("relogement", housing.household[tenants], world.dwelling_key[tenants])
    housing.mutation_s[tenants] = now + (drawn * choice.filing_share * length_s).astype(np.int64)


def _awaits_relogement(state: State, dwellings: Ints) -> Bools:
    """Tell in which dwellings a household still waits for the operation to rehouse it, (n,)."""
    housing, register = state.housing, state.register
    demand = housing.demand[dwellings]
    asks = housing.occupied[dwellings] & (demand >= 0)
    asks[asks] = register.operation[demand[asks]] >= 0
    return asks


def _take_away(state: State, dwellings: Ints, now: int, cause: str) -> None:
    """Take dwellings out of the stock, with who lives there.

    # Simplified: whoever lives in a dwelling on the day it is sold buys it, whatever its income.
    """
    housing = state.housing
    lived_in = dwellings[housing.occupied[dwellings]]
    for dwelling in lived_in[np.argsort(housing.household[lived_in])].tolist():  # whatever the order of rows
        move_out(state, dwelling, now, cause)
    housing.exists[dwellings] = False


def let_no_more(world: World, state: State, what: Change) -> list[Vacancy]:
    """Return the vacancies, by identity, of the dwellings that a change to come withdraws from letting."""
    if what.kind not in (SOLD, ANNOUNCED):
        return []
    own = np.array([what.of]) if what.kind == SOLD else world.plan.of_operation[what.of]
    vacant = set(own[~state.housing.occupied[own] | world.laws.stream[own]].tolist())
    if not vacant:
        return []
    found = [vacancy for vacancy in state.vacancies.values() if vacancy.dwelling in vacant]
    return sorted(found, key=lambda vacancy: vacancy.key)


def withdrawn_for(world: World, dwelling: int, now: int) -> str:
    """Return why a dwelling is let no more, "" where it is."""
    if world.plan.sold_s[dwelling] <= now:
        return "sale"
    return "demolition" if world.plan.announced_s[dwelling] <= now else ""


def keep_back(world: World, state: State, one: Freed, vacancy: Vacancy, now: int) -> bool:
    """Withdraw the vacancy of a freed dwelling if it is let no more; tell whether it is."""
    reason = withdrawn_for(world, one.dwelling, now)
    if not reason:
        return False
    since_s = int(min(world.plan.sold_s[one.dwelling], world.plan.announced_s[one.dwelling]))
    vacancy.withdrawn_s, vacancy.withdrawn_for = max(one.notice_s, since_s), reason
    vacancy.reservataire, vacancy.designated, vacancy.flow = NONE, False, WITHDRAWN
    if one.cause in AT_ONCE:
        vacancy.keys_s = one.notice_s
    vacancy.available_s = vacancy.search_s = vacancy.keys_s
    operation = int(world.plan.operation[one.dwelling])
    if operation >= 0:
        last = state.keys_back_s.get(operation, vacancy.keys_s)
        state.keys_back_s[operation] = max(last, vacancy.keys_s)
    return True


def vacated(world: World, state: State, now: int) -> list[Vacancy]:
    """Return the vacancies to be let of the dwellings freed since the last call; write those let no more."""
    freed, state.freed = state.freed, []
    found = []
    for one, vacancy in zip(freed, vacancies(world, freed, state), strict=True):
        kept_back = keep_back(world, state, one, vacancy, now)
        state.records.end(one, vacancy.keys_s)
        if kept_back:
            state.records.vacancies.append(vacancy.let(NEVER))
        else:
            found.append(vacancy)
    demolish_emptied(world, state, now)
    return found


def withdraw(world: World, state: State, vacancy: Vacancy, reason: str, now: int) -> None:
    """Close a vacancy whose dwelling is let no more; a demand that had it to answer waits again."""
    offer, register = vacancy.pending, state.register
    if not vacancy.heard:
        give_up(world, state, vacancy, now)
    elif offer is not None:
        offer.motive = ""
        state.records.offers.append(vacancy.written(offer, "withdrawn", now, "offer"))
        if register.state[offer.demand] == OFFERED:
            register.state[offer.demand] = OPEN
            if register.leaves_s[offer.demand] <= now:  # the offer kept it alive
                close(state, offer.demand, now, "lapse")
    vacancy.withdrawn_s, vacancy.withdrawn_for = now, reason
    state.records.vacancies.append(vacancy.let(NEVER))
    del state.vacancies[vacancy.key]


def demolish_emptied(world: World, state: State, now: int) -> None:
    """Demolish the residences of the operations whose last keys have been given back."""
    housing, plan = state.housing, world.plan
    for place, one in enumerate(plan.operations):
        if one.announced_s > now or state.keys_back_s.get(place, one.announced_s) > now:
            continue
        own = plan.of_operation[place]
        if housing.exists[own].any() and not housing.occupied[own].any():
            housing.exists[own] = False
