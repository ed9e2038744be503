"""When does a demand lapse, and what does its closing change?

Each demand's lapse is drawn when it is filed: it renews on each anniversary with a constant probability. Left
out on purpose: withdrawals before an anniversary, and leases, which offers.py signs.
"""

from __future__ import annotations

import numpy as np

from sim.chance import Keys
from sim.outcomes import DAY_S
from sim.process.laws import patience_ends
from sim.process.register import CLOSED, CLOSINGS, Rows
from sim.process.state import State
from sim.process.world import World
from sim.territory.columns import Ints


def lapse_times(world: World, key: Keys, template: Rows, filed_s: Ints, open_s: Ints | int) -> Ints:
    """Return when each demand lapses, given that it is open at `open_s` (R16: one year, renewable)."""
    if world.laws.rules_demand:
        return patience_ends(world.laws, world.chance, key, template, filed_s)
    renewal = world.scenario.demand.renewal
    validity_s = world.law.demand_validity_days * DAY_S
    passed = np.maximum(open_s - filed_s, 0) // validity_s
    drawn = world.chance.uniform("renewal", key)
    renewals = np.floor(np.log(drawn) / np.log(renewal)) if renewal > 0 else np.zeros(len(key))
    lapse_s: Ints = filed_s + (passed + 1 + np.minimum(renewals, 100).astype(np.int64)) * validity_s
    return lapse_s


def close(state: State, demand: int, closed_s: int, by: str) -> None:
    """Close a demand; a tenant's dwelling has no open mutation demand any more."""
    register = state.register
    register.state[demand] = CLOSED
    register.closed_s[demand] = closed_s
    register.closed_by[demand] = CLOSINGS.index(by)
    tenant = register.mutation_of[demand]
    if tenant >= 0 and state.housing.demand[tenant] == demand:
        state.housing.demand[tenant] = -1


def lapse(state: State, rows: Rows) -> None:
    """Close demands that were not renewed, at the time of their anniversary."""
    register = state.register
    register.state[rows] = CLOSED
    register.closed_s[rows] = register.leaves_s[rows]
    register.closed_by[rows] = CLOSINGS.index("lapse")
    own = rows[register.mutation_of[rows] >= 0]
    own = own[state.housing.demand[register.mutation_of[own]] == own]
    state.housing.demand[register.mutation_of[own]] = -1
