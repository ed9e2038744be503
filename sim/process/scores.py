"""How many points has each waiting demand today?

Points are kept with the demand, and counted again when a month of its seniority is full, or when one of its
facts has changed: a household, an income, a recognition, a refusal. What changes a fact says so (`stale`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import DAY_S
from sim.process.register import NOT_SCORED, Register, Rows
from sim.process.state import State
from sim.process.world import World
from sim.rules.cotation import Grid, Points, reads, score
from sim.rules.cotation.facts import DERIVED, derived, seniority_months
from sim.territory.columns import Ints

HOUSEHOLD = frozenset(("age", "adults", "children"))
"""Attributes that are columns of the register as they stand."""

EPOCH_DAY = np.datetime64("1970-01-01", "D")


def stale(register: Register, rows: Rows | int) -> None:
    """Have the points of demands counted again at the next sitting."""
    register.scored_month[rows] = NOT_SCORED


def kept(world: World, state: State, rows: Rows) -> Points:
    """Return the cotation of demands today, counting again those alone whose points may have changed.

    Points given with the demands stand for the grid's.
    """
    if state.given_points is not None:
        none = np.zeros(len(rows), dtype=bool)
        return Points(state.given_points[rows], none, none, ~none)
    grids = (world.grid, *filter(None, [world.mutation_grid]))
    if not any(grid.criteria for grid in grids):
        return scores(world, state, rows)
    register = state.register
    month = np.zeros(len(rows), dtype=np.int64)
    if any("seniority_months" in reads(grid) for grid in grids):
        month = seniority_months(_filed_on(world, register, rows), world.day(state.now_s))
    again = rows[register.scored_month[rows] != month]
    if len(again):
        points = scores(world, state, again)
        register.points[again], register.first_by_grid[again] = points.total, points.absolute_priority
        register.excluded[again], register.in_scope[again] = points.excluded, points.in_scope
        register.scored_month[rows] = month
    total = register.points[rows]
    if all(grid.whole for grid in grids):
        total = total.astype(np.int64)
    return Points(total, register.first_by_grid[rows], register.excluded[rows], register.in_scope[rows])


def scores(world: World, state: State, rows: Rows) -> Points:
    """Return the cotation of demands today; those of tenants by their own grid, where they have one."""
    own = world.mutation_grid
    if own is None:
        return _scored(world, world.grid, state, rows)
    tenants = state.register.of_tenants(rows)
    first = _scored(world, world.grid, state, rows[~tenants])
    transfers = _scored(world, own, state, rows[tenants])
    place = np.argsort(np.concatenate([np.flatnonzero(~tenants), np.flatnonzero(tenants)]))
    columns = (np.concatenate(both)[place] for both in zip(_columns(first), _columns(transfers), strict=True))
    return Points(*columns)


def _columns(points: Points) -> tuple[NDArray[Any], ...]:
    return points.total, points.absolute_priority, points.excluded, points.in_scope


def _scored(world: World, grid: Grid, state: State, rows: Rows) -> Points:
    """Return the cotation of demands by a grid."""
    return score(grid, facts_of(world, grid, state, rows), len(rows))


def facts_of(world: World, grid: Grid, state: State, rows: Rows) -> dict[str, NDArray[Any]]:
    """Return what a grid reads of demands today."""
    register, read = state.register, reads(grid)
    facts = {name: register.attribute(name)[rows] for name in register.attributes if name in read}
    if "unjustified_refusals_24m" in read:
        facts["unjustified_refusals_24m"] = register.refusals[rows].astype(np.float64)
    facts |= {name: getattr(register, name)[rows] for name in HOUSEHOLD & read}
    if (DERIVED - HOUSEHOLD) & read:
        facts |= derived(
            EPOCH_DAY + _filed_on(world, register, rows),
            world.day(state.now_s),
            register.of_tenants(rows),
            register.under_dalo(rows, state.now_s),
            register.age[rows],
            register.adults[rows],
            register.children[rows],
            read=read,
        )
    return facts


def _filed_on(world: World, register: Register, rows: Rows) -> Ints:
    """Return the day each demand was filed, in days since 1970-01-01."""
    filed: Ints = world.epoch_days + register.filed_s[rows] // DAY_S
    return filed
