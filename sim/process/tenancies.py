"""When does a household leave its dwelling, when does it ask for another, and what becomes of the dwelling?

The hazard of leaving is Weibull in the length of the tenancy, multiplied by typology. Moves to another social
dwelling are not in it: they are mutation demands, filed at a constant hazard and played as any demand.
Left out on purpose: tension, income against ceilings, works by condition, deliveries, demolitions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.chance import Keys, identity
from sim.outcomes import DAY_S, MONTH_S, YEAR_S
from sim.process.housing import NEVER
from sim.process.world import Vacancy, World
from sim.territory.columns import RESERVATAIRES, Ints

SHORT_NOTICE_S, LONG_NOTICE_S = MONTH_S, 3 * MONTH_S
"""Notice of one month in tight zones and listed cases, else three (loi 89-462, art. 15)."""

TYPICAL_ROOMS = 3
"""Rooms at which the typology multiplier is one: the middle of T1-T5."""


def notice_times(world: World, household: Keys, dwelling: Ints, lease_s: Ints, now_s: Ints | int) -> Ints:
    """Return when tenancies still running at `now_s` will end by a notice to leave the social stock, (n,).

    1. The hazard multiplier is outside_share × t1_over_t5^((3 − rooms)/4).
    2. T solves S(T)/S(t) = u for the Weibull survival S, given that t years have passed at `now_s`.
    """
    choice = world.scenario.departures
    rooms = np.clip(world.territory.dwellings.rooms[dwelling], 1, 5)
    multiplier = choice.outside_share * choice.t1_over_t5 ** ((TYPICAL_ROOMS - rooms) / 4.0)
    if not choice.outside_share:
        return np.full(len(dwelling), NEVER)
    passed = np.maximum(now_s - lease_s, 0) / YEAR_S / choice.weibull_scale_years
    drawn = world.chance.exponential("departure", household, world.dwelling_key[dwelling]) / multiplier
    length = choice.weibull_scale_years * (passed**choice.weibull_shape + drawn) ** (1 / choice.weibull_shape)
    end_s = lease_s + np.minimum(length * YEAR_S, 1e15).astype(np.int64)
    soonest: Ints = np.maximum(end_s, np.maximum(lease_s + MONTH_S, now_s))
    return soonest


def mutation_times(world: World, hazard: float, household: Keys, nth: Ints, from_s: Ints | int) -> Ints:
    """Return when households file their nth mutation demand, at a constant yearly hazard from `from_s`."""
    if hazard <= 0:
        return np.full(len(household), NEVER)
    wait = world.chance.exponential("mutation", household, np.asarray(nth, dtype=np.uint64)) / hazard
    return from_s + np.minimum(wait * YEAR_S, 1e15).astype(np.int64)


def vacate(world: World, dwelling: int, household_id: str, notice_s: int, cause: str) -> Vacancy:
    """Return the vacancy that a notice opens: keys, works, orientation and designation are drawn now.

    # Simplified: each vacancy is oriented independently, in the scenario's shares; legal exclusions from
    the flow (R7) are not applied.
    """
    chance, choice = world.chance, world.scenario.departures
    text = f"{world.territory.dwellings.dwelling_id[dwelling]}|{household_id}"
    key = identity(text)
    short = chance.one("notice", key) < choice.short_notice_share
    keys_s = notice_s + (SHORT_NOTICE_S if short else LONG_NOTICE_S)
    works_s = int(-np.log(chance.one("works", key)) * choice.works_days * DAY_S)
    holder = world.territory.dwellings.reservataire[dwelling]
    reservataire = int(holder) if holder >= 0 else oriented(world, chance.one("orientation", key))
    on_time = chance.one("designation", key) < world.scenario.designation.designated_share
    designated = on_time and RESERVATAIRES[reservataire] != "aucun"
    return Vacancy(key, text, dwelling, cause, keys_s, keys_s + works_s, reservataire, designated)


def oriented(world: World, uniform: float) -> int:
    """Return the réservataire of a vacancy under the `uniform` rule: the shares, by a keyed uniform."""
    bounds: NDArray[np.float64] = np.cumsum(world.scenario.orientation.shares)
    return min(int(np.searchsorted(bounds, uniform, side="right")), len(bounds) - 1)
