"""What changes in the stock when a household moves in or gives notice?

Called by the engine at the second it happens. The times a household will leave, or ask to move, are drawn
for all who moved in since they were last drawn: vectors cost no more than one household.
"""

from __future__ import annotations

import numpy as np

from sim.outcomes import DAY_S, YEAR_S
from sim.process import closing
from sim.process.changes import changes_while_waiting
from sim.process.controls import COMPOSITION, composition, like_leaver
from sim.process.housing import ENDINGS, NEVER, Housing
from sim.process.records import ExitRecord
from sim.process.register import CLOSED
from sim.process.review import review_times
from sim.process.state import Left, State
from sim.process.tenancies import exit_clock, household_rates, mutation_times, notice_times
from sim.process.vacancy import Freed
from sim.process.world import World
from sim.territory.columns import Bools, Floats, Ints


def own_bailleur(world: World, mutation_of: Ints, dwelling: Ints) -> Bools:
    """Tell which leases keep a tenant with its own bailleur, (n,).

    Parameters
    ----------
    mutation_of : (n,) dwelling each household leaves, -1 where it leaves none
    dwelling : (n,) dwelling each moves to

    Source: these lettings are withdrawn from the base of the reservations' flow (R7, CCH R.441-5).
    """
    own: Bools = (mutation_of >= 0) & (world.bailleur[mutation_of] == world.bailleur[dwelling])
    return own


def move_in(world: World, state: State, dwelling: int, demand: int, now: int) -> None:
    """House the household of a demand; who it is made of is written with the others who move in.

    Where households that enter are made like those that leave (a control), it is written at once.
    """
    housing, register = state.housing, state.register
    composed = None if state.left is None else like_leaver(world, state, dwelling, demand)
    housing.household[dwelling] = register.household[demand]
    housing.household_id[dwelling] = register.household_id[demand]
    housing.lease_s[dwelling] = now
    if composed is not None:
        for name, value in zip(COMPOSITION, composed, strict=True):
            getattr(housing, name)[dwelling] = value
    elif state.left is not None:
        _settle_in(world, state, np.array([dwelling]), np.array([demand]))
    housing.ends_s[dwelling], housing.years_above[dwelling] = NEVER, 0
    housing.occupied[dwelling], housing.demand[dwelling] = True, -1
    housing.mutations[dwelling] = state.filed.pop(register.household.item(demand), 0)
    state.moved_in.append((dwelling, demand))


def _settle_in(world: World, state: State, place: Ints, demand: Ints) -> None:
    """Write who lives where people have moved in, as their demands said; their ages are of that day."""
    housing, register = state.housing, state.register
    for name in COMPOSITION:
        getattr(housing, name)[place] = getattr(register, name)[demand]
    if not changes_while_waiting(world):
        since_s = np.maximum(register.filed_s[demand], world.start_s)
        housing.age[place] += (housing.lease_s[place] - since_s) // (365 * DAY_S)


def move_out(state: State, dwelling: int, notice_s: int, cause: str, freed_by: str = "") -> None:
    """Give notice: the household is gone, the dwelling is freed; `freed_by` is the vacancy it moves to.

    # Simplified: a household no longer counts as an occupant from its notice on, before its keys.
    """
    housing = state.housing
    household, demand = int(housing.household[dwelling]), int(housing.demand[dwelling])
    lease_s = int(housing.lease_s[dwelling])
    if demand >= 0 and state.register.state[demand] != CLOSED:
        closing.close(state, demand, notice_s, "withdrawn")
    state.filed[household] = int(housing.mutations[dwelling])
    if state.left is not None:
        state.left.append(Left(dwelling, composition(housing, dwelling)))
    if lease_s < state.stock_s <= notice_s:
        state.records.exits.append(
            ExitRecord(state.year, (state.stock_s - lease_s) // YEAR_S, dwelling, cause)
        )
    state.freed.append(Freed(dwelling, housing.household_id[dwelling], lease_s, notice_s, cause, freed_by))
    housing.occupied[dwelling], housing.demand[dwelling] = False, -1
    housing.notice_s[dwelling] = housing.mutation_s[dwelling] = housing.review_s[dwelling] = NEVER


def give_notice(state: State, dwelling: int, household: int, now: int) -> bool:
    """End a tenancy whose time has come; tell whether the household and the time are still as foreseen."""
    housing = state.housing
    here = housing.occupied[dwelling] and housing.household[dwelling] == household
    if not here or housing.notice_s[dwelling] > now:
        return False
    cause = ENDINGS[housing.ends_by[dwelling]] if housing.ends_s[dwelling] <= now else "departure"
    move_out(state, dwelling, now, cause)
    return True


def make_way(state: State, dwelling: int, now: int) -> None:
    """End a tenancy without another vacancy: that of a stream frees the dwelling."""
    move_out(state, dwelling, now, "stream")
    state.records.end(state.freed.pop(), now)


def set_clocks(world: World, housing: Housing, place: Ints, read_s: Ints | int) -> Floats:
    """Start the clocks of departures of tenancies as they are at a second; return their rates."""
    rate = household_rates(world, housing, place)
    housing.exit_left[place] = exit_clock(world, housing.household[place], place)
    housing.exit_rate[place], housing.exit_read_s[place] = rate, read_s
    return rate


def draw_tenancies(world: World, state: State, hazard: float) -> Ints:
    """Write and foresee the life of those who moved in since the last call; return where they are.

    When they will leave or ask to move is drawn; when their occupation will be reviewed is known.
    """
    if not state.moved_in:
        return np.zeros(0, dtype=np.int64)
    place: Ints
    place, demand = np.array(state.moved_in, dtype=np.int64).T
    state.moved_in = []
    if state.left is None:
        _settle_in(world, state, place, demand)
    housing = state.housing
    key, lease_s = housing.household[place], housing.lease_s[place]
    template = state.register.template[demand]
    rate = 1.0 if world.laws.rules_demand else set_clocks(world, housing, place, lease_s)
    housing.notice_s[place] = notice_times(world, key, place, lease_s, lease_s, template, rate)
    housing.mutation_s[place] = mutation_times(world, hazard, key, housing.mutations[place], lease_s)
    housing.review_s[place] = review_times(world, place, lease_s, lease_s)
    return place
