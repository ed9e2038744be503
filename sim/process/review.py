"""Which tenants does the three-yearly review of occupation lead to ask for another dwelling? (R27)

1. In the tight zones a tenancy is reviewed every three years from its lease; reviews are played before each
   sitting, each of its own day.
2. Its file goes to the commission for one of five reasons: over-occupied, under-occupied, adapted and the
   need gone, an adapted dwelling needed, income above the dwelling's ceiling.
3. On the commission's advice the tenant files a mutation demand, more often where the dwelling no longer
   serves it than where it is spacious or cheap; not while it has one open.

Source: CCH L.442-5-2. Left out on purpose: the end of the right to stay after three refusals (L.442-3-1).
"""

from __future__ import annotations

from math import fsum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import MONTH_S, YEAR_S
from sim.process.housing import NEVER
from sim.process.register import OPEN
from sim.process.situation import too_large, too_small
from sim.process.state import State
from sim.process.world import World
from sim.rules.eligibility import under_ceiling
from sim.territory.columns import Bools, Floats, Ints

NOBODY = np.zeros(0, dtype=np.int64)


class Advised(NamedTuple):
    """Tenants who file a demand after their review, by dwelling; `adapted`: who need an adapted one."""

    dwelling: Ints = NOBODY
    adapted: Ints = NOBODY


NO_ADVICE = Advised()


class Findings(NamedTuple):
    """What the review may find in a tenancy by itself, (n,) each."""

    small: Bools  # over-occupied: the dwelling no longer serves the household
    spare: Bools  # under-occupied, or income above the ceiling


def review_times(world: World, dwelling: Ints, lease_s: Ints, from_s: Ints | int) -> Ints:
    """Return when tenancies are first reviewed from `from_s` on, (n,); NEVER where they are not."""
    period_s = _period_s(world)
    due_s = lease_s + np.maximum(1, -((lease_s - from_s) // period_s)) * period_s
    return np.where(_tight(world, dwelling) & world.scenario.mutations.review, due_s, NEVER)


def advise(world: World, state: State) -> Advised:
    """Review the tenancies whose time has come; who is to file does so on that day (`mutation_s`).

    # Simplified: the review, the commission's advice and the tenant's demand are of one day.
    """
    housing = state.housing
    place = np.flatnonzero(housing.occupied & (housing.review_s <= state.now_s))
    if not len(place):
        return NO_ADVICE
    housing.review_s[place] += _period_s(world)
    due_s = housing.review_s[place] - _period_s(world)
    free = ~_asks(state, place, due_s)
    place, due_s = place[free], due_s[free]
    found = findings_of(world, place, housing.adults[place], housing.children[place], housing.rfr_eur[place])
    files, needs = _drawn(world, housing.household[place], place, due_s)
    choice, accessible = world.scenario.mutations, world.territory.dwellings.accessible[place]
    adapted = ~accessible & (needs < choice.review_adapted_need)
    spare = found.spare | (accessible & (needs < choice.review_adapted_left))
    share = np.where(spare, choice.review_files_spare, 0.0)
    advised = files < np.where(found.small | adapted, choice.review_files_unserved, share)
    housing.mutation_s[place[advised]] = due_s[advised]
    return Advised(place[advised], place[advised & adapted])


def findings_of(world: World, dwelling: Ints, adults: Ints, children: Ints, rfr_eur: Floats) -> Findings:
    """Return what the review finds in tenancies from columns alone (reasons 1, 2 and 5 of L.442-5-2)."""
    persons, alone = adults + children, (adults == 1) & (children > 0)
    financing = world.territory.dwellings.financing[dwelling]
    above = ~under_ceiling(world.law, rfr_eur, persons, financing, alone)
    return Findings(too_small(world, dwelling, persons), too_large(world, dwelling, persons) | above)


def expected_a_year(world: World) -> float:
    """Return the expected demands a year after a review, from the tenants of the territory as given.

    A tenancy at least half a period old stands for a third of a review a year: those of 3, 6, 9 … years are
    the middles of periods. Tenants with a pending demand file none.
    """
    choice, occupants = world.scenario.mutations, world.territory.occupants
    if not choice.review:
        return 0.0
    tenure = np.datetime64(world.territory.as_of, "D") - occupants.lease_on.astype("datetime64[D]")
    years = _period_s(world) / YEAR_S
    counted = tenure.astype(np.int64) >= years * 365.25 / 2
    counted &= _tight(world, occupants.dwelling)
    counted &= ~np.isin(occupants.dwelling, world.territory.demands.mutation_of)
    found = findings_of(world, occupants.dwelling, occupants.adults, occupants.children, occupants.rfr_eur)
    accessible = world.territory.dwellings.accessible[occupants.dwelling]
    unserved = np.where(found.small, 1.0, np.where(accessible, 0.0, choice.review_adapted_need))
    spare = np.where(found.spare, 1.0, np.where(accessible, choice.review_adapted_left, 0.0))
    filing = unserved * choice.review_files_unserved + (1 - unserved) * spare * choice.review_files_spare
    return fsum(filing[counted].tolist()) / years  # the same in any order of rows


def _period_s(world: World) -> int:
    return world.law.review_months * MONTH_S


def _tight(world: World, dwelling: Ints) -> Bools:
    """Tell which dwellings are where the law has tenancies reviewed."""
    residences = world.territory.residences
    tight: Bools = np.isin(residences.zone, world.law.review_zones)
    return tight[world.territory.dwellings.residence[dwelling]]


def _asks(state: State, place: Ints, due_s: Ints) -> Bools:
    """Tell which tenants have a demand open on the day of their review, or filed one that day or before."""
    housing, register = state.housing, state.register
    asks: Bools = housing.mutation_s[place] <= due_s
    held = np.flatnonzero(housing.demand[place] >= 0)
    demand = housing.demand[place[held]]
    over = (register.state[demand] == OPEN) & (register.leaves_s[demand] <= due_s[held])
    asks[held] |= ~over
    return asks


def _drawn(world: World, household: NDArray[np.uint64], place: Ints, due_s: Ints) -> tuple[Floats, Floats]:
    """Return the uniforms of filing on advice, and of a need that has come or gone, (n,) each."""
    files, needs = np.ones(len(place)), np.ones(len(place))
    year = np.array([world.day(second).year for second in due_s.tolist()], dtype=np.int64)
    for one in np.unique(year).tolist():
        rows = np.flatnonzero(year == one)
        drawn = world.chance.uniforms(f"review/{one}", household[rows], world.dwelling_key[place[rows]])
        files[rows], needs[rows] = drawn
    return files, needs
