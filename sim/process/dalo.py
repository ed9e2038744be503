"""What does the enforceable right to housing (DALO) owe a household, and when is it lost (R8)?

1. A recognised household is owed an offer by the date that its file states, else within the legal delay of
   its département, and is in the State's labelled pool; the préfet designates a bailleur to it.
2. On the State's contingent of that bailleur, the préfet names it alone for a dwelling it fits, the nearest
   deadlines first (R9 asks for no other name): the pool is that household, under every policy.
3. A household warned of it that refuses a dwelling, or does not answer, loses the priority, not its demand:
   what is offered has passed the pools, so it is adapted.
4. A demand that waits for longer than the abnormal delay may appeal to the commission de médiation.

Left out on purpose: the judge, the penalties on the State, temporary accommodation.
Source: CCH L.441-2-3, R.441-16-1; CE, avis 398546 du 1er juillet 2016; CE 436148 du 30 novembre 2021.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.chance import Keys
from sim.outcomes import MONTH_S, YEAR_S
from sim.policies.pool import Pool
from sim.policies.sitting import NO_DEADLINE
from sim.process.housing import NEVER
from sim.process.pools import Offered
from sim.process.register import Register
from sim.process.state import State
from sim.process.vacancy import Offer, Vacancy
from sim.process.world import World
from sim.rules.fit_codes import label_bit
from sim.rules.traits import has
from sim.territory.columns import RESERVATAIRES, Ints

ETAT = RESERVATAIRES.index("etat")

FOREVER_S = 1e15
"""A wait that ends in no run, in seconds: it can still be added to a date."""


def recognitions(world: World, key: Keys, filed_s: Ints, open_s: Ints | int, known_s: Ints) -> Ints:
    """Return when demands are recognised: as known, else by an appeal for an abnormal delay, (n,).

    The demands of the territory tell of recognitions in their first year alone; an appeal comes later.
    """
    choice = world.scenario.dalo
    hazard = choice.appeals_per_year * choice.recognised_share
    if not hazard:
        return known_s
    from_s = np.maximum(filed_s + round(choice.abnormal_delay_months * MONTH_S), open_s)
    wait_s = world.chance.exponential("dalo-appeal", key) * (YEAR_S / hazard)
    appealed_s = from_s + np.minimum(wait_s, FOREVER_S).astype(np.int64)
    return np.where(known_s == NEVER, appealed_s, known_s)


def designated_bailleurs(world: World, key: Keys, given: Ints | int) -> Ints:
    """Return the bailleur that the préfet designates to each demand, as given where it is known, (n,).

    # Simplified: a bailleur is drawn by its share of the stock, whatever the communes wished.
    """
    stock = world.stock_by_bailleur.cumsum()
    drawn = (world.chance.uniform("dalo-bailleur", key) * stock[-1]).astype(np.int64)
    return np.where(np.asarray(given) >= 0, given, np.searchsorted(stock, drawn, side="right"))


def deadlines(world: World, register: Register, rows: Ints) -> Ints:
    """Return by when an offer is owed to recognised demands: as stated, else by the legal delay.

    The delay is that of the first commune's département.
    """
    by_law = register.dalo_s[rows] + world.dalo_delay_s[register.first_commune[rows]]
    stated = register.dalo_due_s[rows]
    by_s: Ints = np.where(stated == NEVER, by_law, stated)
    return by_s


def owed_by(world: World, state: State, rows: Ints) -> Ints:
    """Return by when a dwelling is owed: at filing to households relogés, then under DALO, (n,)."""
    register = state.register
    under_dalo = register.under_dalo(rows, state.now_s)
    by_dalo = np.full(len(rows), NO_DEADLINE)
    by_dalo[under_dalo] = deadlines(world, register, rows[under_dalo])
    return np.where(has(register.signature[rows], "relogement"), register.filed_s[rows], by_dalo)


def label(state: State, rows: NDArray[np.int64]) -> None:
    """Put recognised demands into the State's labelled pool."""
    register = state.register
    rows = rows[register.labels[rows] >> ETAT & 1 == 0]
    register.labels[rows] |= 1 << ETAT
    register.fit[rows] |= label_bit(ETAT)


def named_alone(
    world: World, state: State, vacancies: Sequence[Vacancy], waiting: Ints, eligible: Sequence[Pool]
) -> Mapping[int, int]:
    """Return the position of the household that the préfet names alone, by vacancy of the State's contingent.

    Parameters
    ----------
    waiting : (N,) rows of the register by position
    eligible : (V,) as in a Sitting

    1. Read the recognised demands by deadline, then in cotation order.
    2. Each vacancy in order takes the first of its bailleur's that it fits and that is not named yet.
    """
    mine = [place for place, vacancy in enumerate(vacancies) if vacancy.holder == ETAT]
    if not mine or not world.scenario.dalo.presented_alone:
        return {}
    register = state.register
    due = np.flatnonzero(register.under_dalo(waiting, state.now_s))
    due = due[np.argsort(deadlines(world, register, waiting[due]), kind="stable")]
    of_bailleur = register.dalo_bailleur[waiting[due]]
    free = np.ones(len(due), dtype=bool)
    named: dict[int, int] = {}
    for place in mine:
        own = free & (of_bailleur == world.bailleur.item(vacancies[place].dwelling))
        if own.any():
            theirs = own.nonzero()[0]
            fitting = theirs[eligible[place].among(due[theirs])]
            if len(fitting):
                named[place] = int(due[fitting[0]])
                free[fitting[0]] = False
    return named


def cut(
    state: State, places: Offered, waiting: Ints, eligible: list[Pool], named: Mapping[int, int]
) -> list[Pool]:
    """Return the pools where who is named alone is in its own and in no other."""
    others = eligible.copy() if named else eligible
    for position in named.values():
        for place in places.fits(state.register, waiting.item(position)):
            others[place] = others[place].without([position])
    for place, position in named.items():
        others[place] = Pool.of(np.array([position], dtype=np.int32))
    return others


def priority_ends(world: World, state: State, offer: Offer, dwelling: int, refused_s: int) -> bool:
    """Count the refusal of an adapted offer; tell whether it ends the priority, and write when.

    It counts where the household was recognised when the offer was made, and warned.
    """
    register, demand = state.register, offer.demand
    if not register.under_dalo(np.array([demand]), offer.offered_s)[0]:
        return False
    drawn = world.chance.one("dalo-warned", int(register.key[demand]), int(world.dwelling_key[dwelling]))
    if drawn >= world.scenario.dalo.warned_share:
        return False
    register.dalo_refused[demand] += 1
    lost = bool(register.dalo_refused[demand] >= world.law.dalo_adapted_offers)
    if lost:
        register.dalo_lost_s[demand] = refused_s
    return lost
