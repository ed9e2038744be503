"""What changes in the stock when a household moves in or gives notice?

Called by the engine at the second it happens. The times a household will leave, or ask to move, are drawn
for all who moved in since they were last drawn: vectors cost no more than one household.
"""

from __future__ import annotations

import numpy as np

from sim.outcomes import DAY_S
from sim.process import demand_flow
from sim.process.demand_flow import HOUSEHOLD
from sim.process.housing import NEVER
from sim.process.register import CLOSED
from sim.process.tenancies import mutation_times, notice_times
from sim.process.world import Freed, State, World
from sim.territory.columns import Ints


def move_in(world: World, state: State, dwelling: int, demand: int, now: int) -> None:
    """House the household of a demand."""
    housing, register = state.housing, state.register
    for name in ("household", "household_id", *HOUSEHOLD):
        getattr(housing, name)[dwelling] = getattr(register, name)[demand]
    since_s = max(int(register.filed_s[demand]), world.start_s)  # ages are those of that day
    housing.age[dwelling] += (now - since_s) // (365 * DAY_S)
    housing.occupied[dwelling] = True
    housing.lease_s[dwelling], housing.demand[dwelling] = now, -1
    housing.mutations[dwelling] = state.filed.pop(int(register.household[demand]), 0)
    state.moved_in.append((dwelling, demand))


def move_out(state: State, dwelling: int, notice_s: int, cause: str) -> None:
    """Give notice: the household is gone, the dwelling is freed.

    # Simplified: a household no longer counts as an occupant from its notice on, before its keys.
    """
    housing = state.housing
    household, demand = int(housing.household[dwelling]), int(housing.demand[dwelling])
    lease_s = int(housing.lease_s[dwelling])
    if demand >= 0 and state.register.state[demand] != CLOSED:
        demand_flow.close(state, demand, notice_s, "withdrawn")
    state.filed[household] = int(housing.mutations[dwelling])
    state.freed.append(Freed(dwelling, housing.household_id[dwelling], lease_s, notice_s, cause))
    housing.occupied[dwelling], housing.demand[dwelling] = False, -1
    housing.notice_s[dwelling] = housing.mutation_s[dwelling] = NEVER


def draw_tenancies(world: World, state: State, hazard: float) -> Ints:
    """Draw when those who moved in since the last call will leave, or ask to move; return where they are."""
    if not state.moved_in:
        return np.zeros(0, dtype=np.int64)
    place: Ints
    place, demand = np.array(state.moved_in, dtype=np.int64).T
    state.moved_in = []
    housing = state.housing
    key, lease_s = housing.household[place], housing.lease_s[place]
    template = state.register.template[demand]
    housing.notice_s[place] = notice_times(world, key, place, lease_s, lease_s, template)
    housing.mutation_s[place] = mutation_times(world, hazard, key, housing.mutations[place], lease_s)
    return place
