"""What does a commission see, and what does it write? The sitting of the reference engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reference_people import NEVER, Demand, Offer, Vacancy
from reference_policies import Lists, Sitting
from reference_world import ETAT

from sim.rules.traits import mask

if TYPE_CHECKING:
    from reference_engine import Town

DALO = mask(["dalo"])


def convene(town: Town, examined: list[Vacancy]) -> Sitting:
    """What the commission sees: who may be given what, in the order of the cotation.

    Whom the grid puts first; then the points; then the oldest; then the lottery.
    """
    world, waiting = town.world, [d for d in town.pending if d.state == "open" and not d.in_hand]
    pools = [
        [
            demand
            for demand in waiting
            if world.suits(demand, vacancy.dwelling)
            and (not vacancy.designated or world.labelled(demand, vacancy.reservataire))
            and demand not in vacancy.tried
        ]
        for vacancy in examined
    ]
    found = {demand: world.points(demand, town.now) for pool in pools for demand in pool}
    order = [demand for demand, (_, _, excluded) in found.items() if not excluded]
    order.sort(key=lambda d: (not found[d][1], -found[d][0], d.filed_s, d.lottery, d.key))
    pools = [[demand for demand in order if demand in pool] for pool in map(set, pools)]
    points = {demand: int(found[demand][0]) for demand in order}
    first = {demand for demand in order if found[demand][1]}
    named = named_alone(town, examined, pools, order)
    pools = [
        [named[place]] if place in named else [d for d in pool if d not in named.values()]
        for place, pool in enumerate(pools)
    ]
    for place, vacancy in enumerate(examined):
        if vacancy.by_name and vacancy.designated and place not in named:
            if vacancy.named is None:
                vacancy.named = names(town, vacancy, pools[place])
            pools[place] = [demand for demand in pools[place] if demand in vacancy.named]
    flight = [(v, v.offers[0]) for v in town.vacancies if v.let_s == NEVER and v.offers]
    due = [(v, offer.demand.traits) for v, offer in flight if offer.offered_s is not None]
    rows = town.ledger.rows(town.now, examined, due)

    def usual(place: int, demand: Demand) -> float:
        return world.usual(demand, examined[place].dwelling, town.now)

    chosen = world.scenario.mutations
    bonus = chosen.chain_bonus_points if chosen.chain_aware else 0.0
    return Sitting(pools, points, first, rows, world.scenario.sittings, usual, named, bonus)


def named_alone(town: Town, examined: list[Vacancy], pools: Lists, order: list[Demand]) -> dict[int, Demand]:
    """Whom the préfet presents alone on the State's contingent of the bailleur it has designated to him.

    The nearest deadline first, then in the order of the cotation.
    """
    world, named = town.world, dict[int, Demand]()
    for place, vacancy in enumerate(examined):
        due = [
            demand
            for demand in pools[place]
            if demand.under_dalo(town.now)
            and demand.bailleur == world.owner(vacancy.dwelling)
            and demand not in named.values()
        ]
        if due and vacancy.holder == ETAT and world.scenario.dalo.presented_alone:
            named[place] = min(due, key=lambda d: (world.offer_due_s(d), order.index(d)))
    return named


def names(town: Town, vacancy: Vacancy, pool: list[Demand]) -> list[Demand]:
    """Whom a réservataire names in its pool: the best scored, or whom its practice has."""
    world, chosen = town.world, town.world.scenario.designation
    if world.follows(vacancy):
        best = pool
    elif chosen.practice == "seniority":
        best = sorted(pool, key=lambda demand: (demand.filed_s, demand.lottery, demand.key))
    else:
        best = sorted(pool, key=lambda demand: world.names(demand, vacancy))
    return best[: int(chosen.named_count)]


def candidates(town: Town, sitting: Sitting, vacancy: Vacancy, listed: list[Demand]) -> list[Offer]:
    """The offers of a list, with the answer each will get if its turn comes."""
    world, offers = town.world, []
    for rank, demand in enumerate(listed, start=1):
        nth = town.proposed[vacancy.dwelling.row, demand.household] + 1
        dalo = bool(demand.traits & DALO)
        answer = world.answer(demand, vacancy.dwelling, nth, dalo)
        why = world.refuses(demand, vacancy, world.day(town.now), dalo)
        if why is not None:
            answer = "non_attribution", why, 0
        offer = Offer(demand, rank, sitting.points[demand], *answer)
        if world.scenario.funnel.stages:
            seen = world.stages(demand, vacancy.dwelling, nth, town.now, offer.outcome)
            offer.seen_s, offer.stops_s, offer.outcome = seen
            offer.instructed = True
            if offer.outcome == "withdrawn":
                offer.motive = "dossier incomplet"
        offers.append(offer)
    return offers


def written(town: Town, sitting: Sitting, lists: Lists, place: int, vacancy: Vacancy) -> tuple[Any, ...]:
    """The row of a vacancy examined: why its list is short, how many better scored are on no list."""
    pool, listed, least = sitting.pools[place], lists[place], town.world.law.min_candidates
    reason = "" if len(listed) >= least else "listes" if len(pool) >= least else "vivier"
    reason = "prefet" if place in sitting.named else reason
    before = pool[: pool.index(listed[0])] if listed else []
    better = {demand for demand in before if sitting.points[demand] > sitting.points[listed[0]]}
    hidden = better - {demand for other in lists for demand in other}
    counts = len(pool), len(listed), reason, len(hidden)
    return vacancy.sitting_id, town.now, vacancy.vacancy_id, *counts
