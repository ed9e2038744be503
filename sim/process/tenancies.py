"""When does a household leave its dwelling, when does it ask for another, and what becomes of the dwelling?

The hazard of leaving is Weibull in the length of the tenancy, multiplied by typology. Moves to another social
dwelling are not in it: they are mutation demands, filed at a constant hazard and played as any demand.
Left out on purpose: tension, income against ceilings, works by condition, deliveries, demolitions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.chance import Keys, identities
from sim.outcomes import DAY_S, MONTH_S, YEAR_S
from sim.process import funnel
from sim.process.housing import NEVER
from sim.process.laws import arrival_times, tenancy_ends
from sim.process.world import Freed, Vacancy, World
from sim.territory.columns import RESERVATAIRES, Ints

SHORT_NOTICE_S, LONG_NOTICE_S = MONTH_S, 3 * MONTH_S
"""Notice of one month in tight zones and listed cases, else three (loi 89-462, art. 15)."""

TYPICAL_ROOMS = 3
"""Rooms at which the typology multiplier is one: the middle of T1-T5."""


def notice_times(
    world: World,
    household: Keys,
    dwelling: Ints,
    lease_s: Ints,
    now_s: Ints | int,
    template: Ints | None = None,
) -> Ints:
    """Return when tenancies still running at `now_s` will end by a notice to leave the social stock, (n,).

    Where the scenario names laws, a tenancy follows that of the `template` of its demand; nobody gives notice
    in a dwelling that a stream frees.
    """
    laws = world.laws
    if template is not None and laws.rules_demand:
        end_s = tenancy_ends(laws, world.chance, household, world.dwelling_key[dwelling], template, lease_s)
    else:
        end_s = _weibull_ends(world, household, dwelling, lease_s, now_s)
    streamed = laws.stream[dwelling]
    return np.where(streamed, NEVER, end_s) if streamed.any() else end_s


def _weibull_ends(world: World, household: Keys, dwelling: Ints, lease_s: Ints, now_s: Ints | int) -> Ints:
    """Return the ends of tenancies by a Weibull law.

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


def vacancies(world: World, freed: Sequence[Freed]) -> list[Vacancy]:
    """Return the vacancies of freed dwellings: notice, works, orientation and designation are drawn.

    # Simplified: each vacancy is oriented independently, in the scenario's shares; legal exclusions from
    the flow (R7) are not applied.
    """
    if not freed:
        return []
    chance, choice = world.chance, world.scenario.departures
    names = world.territory.dwellings.dwelling_id
    texts = [f"{names[one.dwelling]}|{one.household_id}|{one.lease_s}" for one in freed]
    key = identities(texts)
    keys_s = available_s = np.array([one.notice_s for one in freed])
    holder = world.territory.dwellings.reservataire[[one.dwelling for one in freed]]
    on_time = holder != RESERVATAIRES.index("aucun")
    if choice.notice or (holder < 0).any():
        short, oriented = chance.uniforms("notice", key)
        if choice.notice:
            keys_s = keys_s + np.where(short < choice.short_notice_share, SHORT_NOTICE_S, LONG_NOTICE_S)
        bounds = np.cumsum(world.scenario.orientation.shares)[:-1]
        holder = np.where(holder >= 0, holder, np.searchsorted(bounds, oriented, side="right"))
        on_time = holder != RESERVATAIRES.index("aucun")
        available_s = keys_s
    if choice.works_days or on_time.any():
        works, designated = chance.uniforms("works", key)
        available_s = keys_s + (-np.log(works) * choice.works_days * DAY_S).astype(np.int64)
        on_time &= designated < world.scenario.designation.designated_share
    search_s = available_s
    if funnel.plays(world):
        lead_s = int(world.scenario.funnel.search_lead_days * DAY_S)
        search_s = np.maximum(available_s - lead_s, [one.notice_s for one in freed])
    drawn = (key, keys_s, available_s, holder, on_time, search_s)
    return [
        Vacancy(key, text, one.dwelling, one.cause, *rest)
        for one, text, key, *rest in zip(freed, texts, *(column.tolist() for column in drawn), strict=True)
    ]


def streams(world: World, from_s: int, until_s: int) -> list[Vacancy]:
    """Return the vacancies in [from_s, until_s) of dwellings freed at Poisson times, in their order."""
    rates, freed = world.laws.vacancies_per_s, []
    for dwelling in np.flatnonzero(rates).tolist():
        name = f"vacancy_law|{world.territory.dwellings.dwelling_id[dwelling]}"
        times = arrival_times(world.chance, name, rates[dwelling], world.start_s, world.end_s)
        freed += [Freed(dwelling, f"n{n}", s, s, "stream") for n, s in enumerate(times.tolist())]
    drawn = vacancies(world, [one for one in freed if from_s <= one.notice_s < until_s])
    return sorted(drawn, key=lambda vacancy: (vacancy.keys_s, vacancy.key))
