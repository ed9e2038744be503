"""Which demands wait today? The register brought up to date before a sitting, and on 1 January."""

from __future__ import annotations

import numpy as np

from sim.outcomes import MONTH_S
from sim.process import closing, demand_flow, demand_traits, filing, review
from sim.process.ageing import IncomeLevels, age
from sim.process.changes import change_demands, live, lose_the_right_to_stay
from sim.process.controls import freeze_incomes
from sim.process.feedback import read_waits
from sim.process.housing import NEVER
from sim.process.register import CLOSED, OPEN, Rows
from sim.process.requalified import qualify_again
from sim.process.scores import stale
from sim.process.snapshot import take_stock
from sim.process.state import State
from sim.process.tenancies import mutation_times, reread_exits
from sim.process.world import World
from sim.rules.eligibility import first_quartile_threshold
from sim.territory.columns import Ints

REFUSALS_COUNT_S = 24 * MONTH_S
"""How long a refusal counts, as the attribute `unjustified_refusals_24m` says."""


def admit(world: World, state: State, hazard: float) -> None:
    """Bring the register up to `state.now_s`: new demands, mutation demands, lapses, recognitions."""
    register, now = state.register, state.now_s
    advised = review.advise(world, state)  # while the demands of that day are open
    _lapse(state, state.open_rows)  # before their tenants ask again
    filed = int(state.arrivals_s.searchsorted(now, side="right"))
    arrived = state.arrivals[:filed]
    state.arrivals, state.arrivals_s = state.arrivals[filed:], state.arrivals_s[filed:]
    asked = _mutations(world, state, hazard, advised)
    if len(asked):
        arrived = np.concatenate([arrived, asked])
    rows = state.open_rows
    if len(arrived):
        rows = np.concatenate([rows, demand_traits.oldest_first(register, arrived)])
        _lapse(state, arrived)
    state.open_rows = rows[register.state[rows] != CLOSED]
    demand_traits.recognise(world, state, state.open_rows)
    _forget_refusals(state)


def _forget_refusals(state: State) -> None:
    """Count no longer what was refused 24 months ago or before."""
    while state.refused and state.refused[0][0] <= state.now_s - REFUSALS_COUNT_S:
        _, demand = state.refused.popleft()
        state.register.refusals[demand] -= 1
        stale(state.register, demand)


def _lapse(state: State, rows: Rows) -> None:
    """Close those of these demands that were not renewed and have no offer."""
    register = state.register
    leaving = rows[(register.leaves_s[rows] <= state.now_s) & (register.state[rows] == OPEN)]
    if len(leaving):
        closing.lapse(state, leaving)


def _mutations(world: World, state: State, hazard: float, advised: review.Advised) -> Rows:
    """File the demands of the tenants whose time to ask has come, and return their rows."""
    housing = state.housing
    if not hazard and not len(advised.dwelling) and not world.plan.operations:
        return np.zeros(0, dtype=np.int64)
    asking = np.flatnonzero(housing.occupied & (housing.mutation_s <= state.now_s))
    if not len(asking):
        return asking
    waits = housing.demand[asking] >= 0  # an offer keeps its demand alive: no second one beside it
    owed = world.plan.announced_s[asking] <= state.now_s
    if owed.any():
        _rehouse(world, state, asking[waits & owed])
    housing.mutation_s[asking[waits & ~owed]] = state.now_s + 1
    asking, owed = asking[~waits], owed[~waits]
    asked = demand_flow.mutations(world, state, asking, advised)
    housing.mutation_s[asking[owed]] = NEVER
    own, leaves_s = asking[~owed], state.register.leaves_s[asked[~owed]]
    housing.mutation_s[own] = mutation_times(
        world, hazard, housing.household[own], housing.mutations[own], leaves_s
    )
    return asked


def _rehouse(world: World, state: State, tenants: Rows) -> None:
    """Let the operation that the tenants of some dwellings are in rehouse them on the demand they have."""
    rows = state.housing.demand[tenants].astype(np.int64)
    filing.owe(state.register, rows, world.plan.operation[tenants])
    demand_traits.read_traits(world, state, rows, at_filing=False)
    state.housing.mutation_s[tenants] = NEVER


def new_year(world: World, state: State, levels: IncomeLevels, year: int) -> Ints:
    """Turn the year; return the dwellings in which a tenancy ends at another time than was foreseen.

    1. Occupants live a year and age; some lose the right to stay; the hazards of leaving are read again.
    2. The households that wait live a year.
    3. The legal threshold is set anew, the year's demands are drawn.

    Source of the threshold: the top of the quarter of applicants with the lowest incomes, pending on 31
    December (arrêté of each year, CCH L.441-1).
    """
    state.year = year
    held = world.scenario.control.frozen_incomes and state.reading is not None
    before = state.housing.copy() if held else None
    parted = live(world, state, year)
    age(world, state.housing, levels, year)
    if before is not None:
        freeze_incomes(state.housing, before)
    lose_the_right_to_stay(world, state)
    moved = reread_exits(world, state, state.now_s)
    change_demands(world, state, year)
    open_rows = state.open_rows[state.register.state[state.open_rows] != CLOSED]
    state.previous_threshold_eur = state.q1_threshold_eur
    state.q1_threshold_eur = first_quartile_threshold(state.register.income_uc_eur[open_rows])
    state.records.thresholds[year] = state.q1_threshold_eur
    if state.reading is not None:
        read_waits(world, state)
    filed_not_seen = state.arrivals
    demand_traits.read_traits(world, state, np.concatenate([open_rows, filed_not_seen]), at_filing=False)
    state.open_rows = demand_traits.oldest_first(state.register, open_rows)
    drawn = demand_flow.arrivals(world, state, year), demand_flow.splits(world, state, parted, year)
    coming = np.concatenate([filed_not_seen, *drawn])
    state.await_filing(coming[np.lexsort((state.register.key[coming], state.register.filed_s[coming]))])
    if state.reading is not None:
        qualify_again(world, state)
        take_stock(world, state)
    return moved
