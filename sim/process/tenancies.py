"""When does a household leave its dwelling, when does it ask for another, and what becomes of the dwelling?

The hazard of leaving is Weibull in the length of the tenancy, multiplied by typology, tension, residence and
income (hazards.py). Moves to another social dwelling are not in it: they are mutation demands, filed at a
constant hazard and played as any demand. Dwellings that leave the stock with their tenants are in stock.py;
to whom a freed one is oriented is drawn in orientation.py. Left out on purpose: works by condition.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.chance import Keys, identities
from sim.outcomes import DAY_S, MONTH_S, YEAR_S
from sim.process import feedback, funnel
from sim.process.hazards import income_multiplier, typology
from sim.process.housing import NEVER, Housing
from sim.process.laws import arrival_times, tenancy_ends
from sim.process.orientation import IN_STOCK, Oriented, orient
from sim.process.state import State
from sim.process.vacancy import Freed, Vacancy
from sim.process.world import World
from sim.territory.columns import RESERVATAIRES, Floats, Ints

SHORT_NOTICE_S, LONG_NOTICE_S = MONTH_S, 3 * MONTH_S
"""Notice of one month in tight zones and listed cases, else three (loi 89-462, art. 15)."""


def notice_times(
    world: World,
    household: Keys,
    dwelling: Ints,
    lease_s: Ints,
    now_s: Ints | int,
    template: Ints | None = None,
    rate: Floats | float = 1.0,
) -> Ints:
    """Return when tenancies still running at `now_s` will end by a notice to leave the social stock, (n,).

    Where the scenario names laws, a tenancy follows that of the `template` of its demand; nobody gives notice
    in a dwelling that a stream frees. `rate` multiplies the Weibull hazard (see `household_rates`).
    """
    laws = world.laws
    if template is not None and laws.rules_demand:
        end_s = tenancy_ends(laws, world.chance, household, world.dwelling_key[dwelling], template, lease_s)
    else:
        left = exit_clock(world, household, dwelling)
        end_s = weibull_ends(world, dwelling, lease_s, now_s, left, rate, now_s)
    streamed = laws.stream[dwelling]
    return np.where(streamed, NEVER, end_s) if streamed.any() else end_s


def exit_clock(world: World, household: Keys, dwelling: Ints) -> Floats:
    """Return the cumulative hazard at which each household leaves each dwelling: exponential of mean one."""
    return world.chance.exponential("departure", household, world.dwelling_key[dwelling])


def weibull_ends(
    world: World,
    dwelling: Ints,
    lease_s: Ints,
    read_s: Ints | int,
    left: Floats,
    rate: Floats | float,
    now_s: Ints | int,
) -> Ints:
    """Return when tenancies end whose clock had `left` to run at `read_s`, no sooner than now nor a month.

    1. The hazard multiplier is outside_share × t1_over_t5^((3 − rooms)/4) × tension, residence × `rate`.
    2. T solves H(T) − H(t) = left / multiplier for the Weibull cumulative hazard H, t years having passed.
    """
    choice = world.scenario.departures
    if not choice.outside_share:
        return np.full(len(dwelling), NEVER)
    with np.errstate(divide="ignore"):  # a hazard of 0, where deaths are all the departures there are
        reached = passed(world, lease_s, read_s) + left / _multiplier(world, dwelling, rate)
    length = choice.weibull_scale_years * reached ** (1 / choice.weibull_shape)
    end_s = lease_s + np.minimum(length * YEAR_S, 1e15).astype(np.int64)
    soonest: Ints = np.maximum(end_s, np.maximum(lease_s + MONTH_S, now_s))
    return soonest


def passed(world: World, lease_s: Ints, at_s: Ints | int) -> Floats:
    """Return the cumulative hazard of tenancies at a second, for a multiplier of one."""
    choice = world.scenario.departures
    reached: Floats = (
        np.maximum(at_s - lease_s, 0) / YEAR_S / choice.weibull_scale_years
    ) ** choice.weibull_shape
    return reached


def household_rates(world: World, housing: Housing, place: Ints) -> Floats:
    """Return by what the incomes of occupants multiply their hazard, (n,): by one where it is missing."""
    choice, exits = world.scenario.departures, world.exits
    adults, children = housing.adults[place], housing.children[place]
    raw = income_multiplier(
        choice, world.law, housing.rfr_eur[place], adults + children, (adults == 1) & (children > 0)
    )
    return np.where(np.isnan(raw), 1.0, raw / exits.income_mean)


def reread_exits(world: World, state: State, now_s: int) -> Ints:
    """Set the time of leaving anew for those whose hazard has changed; return the dwellings it moved in.

    The hazard is that of the household's incomes, and of its reaction to the residence and to the SLS
    (feedback.py) where the scenario has one.

    The clock of a tenancy runs as fast as its hazard: what it has run since it was last read is taken off,
    and the rest is run at the new hazard. A death or the loss of the right to stay may come before.
    """
    if world.laws.rules_demand:
        return np.zeros(0, dtype=np.int64)
    housing = state.housing
    place = np.flatnonzero(housing.occupied & ~world.laws.stream)
    rate = household_rates(world, housing, place) * feedback.leaving(world, state, place)
    changed = rate != housing.exit_rate[place]
    rows, lease_s = place[changed], housing.lease_s[place[changed]]
    since = passed(world, lease_s, now_s) - passed(world, lease_s, housing.exit_read_s[rows])
    run = _multiplier(world, rows, housing.exit_rate[rows]) * since
    housing.exit_left[rows] = np.maximum(housing.exit_left[rows] - run, 0.0)
    housing.exit_rate[rows], housing.exit_read_s[rows] = rate[changed], now_s
    read_s, left = housing.exit_read_s[place], housing.exit_left[place]
    end_s = weibull_ends(world, place, housing.lease_s[place], read_s, left, rate, read_s)
    end_s = np.minimum(end_s, housing.ends_s[place])
    moved: Ints = place[end_s != housing.notice_s[place]]
    housing.notice_s[place] = end_s
    return moved


def _multiplier(world: World, dwelling: Ints, rate: Floats | float) -> Floats:
    choice, exits = world.scenario.departures, world.exits
    rooms = typology(choice, world.territory.dwellings.rooms[dwelling])
    factor: Floats = choice.outside_share * rooms * exits.dwelling[dwelling] * exits.not_dying * rate
    return factor


def mutation_times(world: World, hazard: float, household: Keys, nth: Ints, from_s: Ints | int) -> Ints:
    """Return when households file their nth mutation demand, at a constant yearly hazard from `from_s`."""
    if hazard <= 0:
        return np.full(len(household), NEVER)
    wait = world.chance.exponential("mutation", household, np.asarray(nth, dtype=np.uint64)) / hazard
    return from_s + np.minimum(wait * YEAR_S, 1e15).astype(np.int64)


def vacancies(world: World, freed: Sequence[Freed], state: State | None = None) -> list[Vacancy]:
    """Return the vacancies of freed dwellings: notice and works are drawn, then to whom they are oriented.

    `state` holds the types of residences and the account of dwellings oriented; without it neither is known.
    """
    if not freed:
        return []
    chance, choice = world.chance, world.scenario.departures
    names = world.territory.dwellings.dwelling_id
    texts = [f"{names[one.dwelling]}|{one.household_id}|{one.lease_s}" for one in freed]
    key = identities(texts)
    keys_s = available_s = np.array([one.notice_s for one in freed])
    if choice.notice:
        short = chance.uniform("notice", key)
        keys_s = keys_s + np.where(short < choice.short_notice_share, SHORT_NOTICE_S, LONG_NOTICE_S)
        available_s = keys_s
    if choice.works_days:
        works = chance.uniform("works", key)
        available_s = keys_s + (-np.log(works) * choice.works_days * DAY_S).astype(np.int64)
    search_s = available_s
    if funnel.plays(world):
        lead_s = int(world.scenario.funnel.search_lead_days * DAY_S)
        search_s = np.maximum(available_s - lead_s, [one.notice_s for one in freed])
    oriented = _oriented(world, freed, key, state)
    drawn = (key, keys_s, available_s, oriented.reservataire, oriented.designated, search_s)
    found = [
        Vacancy(key, text, one.dwelling, one.cause, *rest)
        for one, text, key, *rest in zip(freed, texts, *(column.tolist() for column in drawn), strict=True)
    ]
    more = zip(oriented.by_name.tolist(), oriented.flow.tolist(), oriented.leaning.tolist(), strict=True)
    for one, vacancy, rest in zip(freed, found, more, strict=True):
        vacancy.freed_by = one.freed_by
        vacancy.by_name, vacancy.flow, vacancy.leaning = rest
    return found


def _oriented(world: World, freed: Sequence[Freed], key: Keys, state: State | None) -> Oriented:
    dwelling = np.array([one.dwelling for one in freed], dtype=np.int64)
    reserved = world.territory.dwellings.reservataire[dwelling]
    if (reserved == RESERVATAIRES.index("aucun")).all() and not world.scenario.target:  # nothing to draw
        none = np.zeros(len(freed), dtype=bool)
        return Oriented(reserved, np.full(len(freed), IN_STOCK), none, none, np.zeros(len(freed)))
    notice_s = np.array([one.notice_s for one in freed])
    types = reserved[:0] if state is None else state.peuplement_type
    return orient(world, key, dwelling, notice_s, types, {} if state is None else state.oriented)


def streams(world: World, from_s: int, until_s: int) -> list[Vacancy]:
    """Return the vacancies in [from_s, until_s) of dwellings freed at Poisson times, in their order."""
    rates, freed = world.laws.vacancies_per_s, []
    for dwelling in np.flatnonzero(rates).tolist():
        name = f"vacancy_law|{world.territory.dwellings.dwelling_id[dwelling]}"
        times = arrival_times(world.chance, name, rates[dwelling], world.start_s, world.end_s)
        freed += [Freed(dwelling, f"n{n}", s, s, "stream") for n, s in enumerate(times.tolist())]
    drawn = vacancies(world, [one for one in freed if from_s <= one.notice_s < until_s])
    return sorted(drawn, key=lambda vacancy: (vacancy.keys_s, vacancy.key))
