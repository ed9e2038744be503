"""Which demands are filed, by whom and when?

1. The territory's pending demands open the register.
2. Exogenous demands exist before the run, whatever the policy: a Poisson number a year, each a keyed draw of
   a template among the demands filed in the territory's last twelve months (the joint profile). More are
   drawn than are filed, and thinned: those a wait deters, or attracts, are the same under every policy.
3. Tenants file mutation demands at a constant hazard; their household is read from the dwelling, their
   wishes and attributes from a template.
4. Partners who leave a couple's dwelling file a demand of their own.

Left out on purpose: what the register then holds of each (filing.py), changes of situation while waiting
(changes.py), lapses (closing.py).
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance import Keys, identity
from sim.outcomes import DAY_S
from sim.process import feedback
from sim.process.demand_traits import read_traits
from sim.process.filing import HOUSEHOLD, REHOUSED, Ids, demand_keys, file, household_keys, owe
from sim.process.housing import Housing
from sim.process.laws import arrival_times, poisson
from sim.process.register import CAUSES, Register, Rows, wish_words
from sim.process.review import NO_ADVICE, Advised, expected_a_year
from sim.process.situation import own_situation
from sim.process.state import State
from sim.process.world import World
from sim.territory.columns import Dates, Floats, Ints, take

TEMPLATE_DAYS = 365
"""Demands younger than this are the templates of new ones: older ones are survivors."""


def pending_register(world: World) -> Register:
    """Return the register opened with the territory's pending demands."""
    rows = np.flatnonzero(~world.laws.template)
    demands = take(world.territory.demands, rows)
    kinds = {name: column.dtype for name, column in demands.attributes.items()}
    kinds.setdefault("unjustified_refusals_24m", np.dtype(np.float64))
    if world.plan.operations:
        kinds.setdefault(REHOUSED, np.dtype(np.int8))
    register = Register(wish_words(demands.wishes).shape[1], kinds)
    filed_s = world.start_s - days_before(world.territory.as_of, demands.filed_on) * DAY_S
    names = demands.demand_id.astype(object), demands.household_id.astype(object)
    ids = Ids(*names, demand_keys(names[0]), household_keys(names[1]))
    file(world, register, ids, filed_s, rows, open_s=world.start_s, mutation_of=demands.mutation_of)
    places = {one.name: place for place, one in enumerate(world.plan.operations)}
    for row, text in enumerate(demands.demand_id.tolist()):
        if text in world.territory.operations:
            owe(register, np.array([row]), np.array([places[world.territory.operations[text]]]))
    return register


def arrivals(world: World, state: State, year: int) -> Rows:
    """Add the exogenous demands of a calendar year to the register, by filing, and return their rows.

    A DALO recognition later than the templates' own age comes by appeal alone (dalo.recognitions).
    """
    demands = world.territory.demands
    recent = days_before(world.territory.as_of, demands.filed_on) <= TEMPLATE_DAYS
    templates = world.templates[((demands.mutation_of < 0) & recent)[world.templates]]
    expected = new_per_year(world) * (1 - world.scenario.demand.mutation_share)
    if not len(templates) or not expected:
        return np.empty(0, dtype=np.int64)
    superset = expected * world.scenario.feedback.superset
    count = poisson(superset, world.chance.one("arrivals", identity(f"arrivals|{year}")))
    demand_ids = np.array([f"S{year}{i:013d}" for i in range(count)], dtype=object)
    first = world.january(year)
    length = world.january(year + 1) - first
    keys = demand_keys(demand_ids)
    when, pick = world.chance.uniforms("arrival", keys)
    filed_s = first + (when * length).astype(np.int64)
    template = templates[(pick * len(templates)).astype(np.int64)]
    filed = feedback.filed(world, state, keys, demands.rooms_min[template])
    return _arrive(world, state, demand_ids[filed], keys[filed], filed_s[filed], template[filed])


def arrivals_by_law(world: World, state: State) -> Rows:
    """Add the demands of the whole run that follow the scenario's laws, and return their rows, by filing."""
    ids: list[str] = []
    filed: list[Ints] = []
    templates = np.flatnonzero(world.laws.template)
    names = world.territory.demands.demand_id[templates].tolist()
    for name, per_s in zip(names, world.laws.arrivals_per_s[templates].tolist(), strict=True):
        times = arrival_times(world.chance, f"demand_law|{name}", per_s, state.now_s, world.end_s)
        ids += [f"{name}/{n}" for n in range(len(times))]
        filed.append(times)
    demand_ids = np.array(ids, dtype=object)
    template = np.repeat(templates, [len(times) for times in filed])
    return _arrive(world, state, demand_ids, demand_keys(demand_ids), np.concatenate(filed), template)


def _arrive(
    world: World, state: State, demand_ids: NDArray[Any], key: Keys, filed_s: Ints, template: Rows
) -> Rows:
    """Add demands of new households, by filing then by identity; their traits are those of that day."""
    order = np.lexsort((key, filed_s))
    order = order[filed_s[order] >= state.now_s]  # the territory as given holds those filed before
    demand_ids, filed_s, template = demand_ids[order], filed_s[order], template[order]
    households = np.array([f"N{text}" for text in demand_ids], dtype=object)
    ids = Ids(demand_ids, households, key[order], household_keys(households))
    rows = file(world, state.register, ids, filed_s, template)
    read_traits(world, state, rows)
    return rows


def mutations(world: World, state: State, dwelling: Rows, advised: Advised = NO_ADVICE) -> Rows:
    """File the mutation demands of the tenants of some dwellings, whose `mutation_s` has come.

    # Simplified: wishes, needs, labels and what does not follow from the dwelling are the template's.
    """
    housing, demands = state.housing, world.territory.demands
    templates = world.of_tenants
    named = zip(housing.household_id[dwelling].tolist(), housing.mutations[dwelling].tolist(), strict=True)
    demand_ids = np.array([f"M{text}/{n}" for text, n in named], dtype=object)
    ids = Ids(
        demand_ids, housing.household_id[dwelling], demand_keys(demand_ids), housing.household[dwelling]
    )
    pick = world.chance.uniform("mutation-template", ids.key)
    template = templates[(pick * len(templates)).astype(np.int64)]
    household = {name: getattr(housing, name)[dwelling] for name in ("grown", *HOUSEHOLD)}
    persons = household["adults"] + household["children"]
    low, high = world.law.rooms_matrix[np.clip(persons, 1, len(world.law.rooms_matrix)) - 1].T
    reviewed = np.isin(dwelling, advised.dwelling)
    tenant = {
        **household,
        **_own_attributes(world, housing, dwelling, template),
        "rooms_min": low,
        "rooms_max": high,
        "mutation_of": dwelling,
        "needs_accessible": demands.needs_accessible[template] | np.isin(dwelling, advised.adapted),
        "cause": np.where(reviewed, CAUSES.index("review"), CAUSES.index("mutation")),
    }
    rows = file(world, state.register, ids, housing.mutation_s[dwelling], template, **tenant)
    owed = world.plan.announced_s[dwelling] <= state.now_s
    if owed.any():
        owe(state.register, rows[owed], world.plan.operation[dwelling[owed]])
    read_traits(world, state, rows)
    housing.demand[dwelling] = rows
    housing.mutations[dwelling] += 1
    return rows


class Parted(NamedTuple):
    """Partners who leave a couple's dwelling and will file a demand, (n,)."""

    parent_id: NDArray[Any]  # household they leave
    filed_s: Ints
    age: Ints
    activity: Ints
    monthly_income_eur: Floats
    rfr_eur: Floats


NOBODY = Parted(np.empty(0, dtype=object), *(np.zeros(0, dtype=np.int64),) * 3, *(np.zeros(0),) * 2)


def splits(world: World, state: State, parted: Parted, year: int) -> Rows:
    """Add the demands of those who leave a couple's dwelling, to be filed later, and return their rows.

    # Simplified: the partner who leaves is alone, of the reference person's age and activity, with wishes and
    attributes drawn as those of a new demand of one person.
    """
    demands = world.territory.demands
    recent = days_before(world.territory.as_of, demands.filed_on) <= TEMPLATE_DAYS
    recent &= demands.mutation_of < 0
    alone = recent & (demands.adults == 1) & (demands.children == 0)
    templates = world.templates[(alone if alone.any() else recent)[world.templates]]
    count = len(parted.parent_id)
    if not count or not len(templates):
        return np.zeros(0, dtype=np.int64)
    demand_ids = np.array([f"P{text}/{year}" for text in parted.parent_id], dtype=object)
    households = np.array([f"{text}|split|{year}" for text in parted.parent_id], dtype=object)
    ids = Ids(demand_ids, households, demand_keys(demand_ids), household_keys(households))
    pick = world.chance.uniform("split-template", ids.key)
    template = templates[(pick * len(templates)).astype(np.int64)]
    people: dict[str, NDArray[Any]] = {
        "adults": np.ones(count, dtype=np.int64),
        "children": np.zeros(count, dtype=np.int64),
        "teens": np.zeros(count, dtype=np.int64),
        **{name: getattr(parted, name) for name in ("age", "activity", "monthly_income_eur", "rfr_eur")},
    }
    rows = file(world, state.register, ids, parted.filed_s, template, None, **people)
    read_traits(world, state, rows)
    return rows


def _own_attributes(
    world: World, housing: Housing, dwelling: Rows, template: Rows
) -> dict[str, NDArray[Any]]:
    """Return the attributes of the register that follow from the tenants' dwellings, as its columns."""
    held = world.territory.demands.attributes
    motives = held["motives"][template] if "motives" in held else np.full(len(template), -1)
    own = own_situation(world, housing, dwelling, motives)
    return {f"attribute:{name}": column for name, column in own.items() if name in held}


def days_before(day: date, dates: Dates) -> Ints:
    """Return how many days each date is before a day."""
    days: Ints = (np.datetime64(day, "D") - dates.astype("datetime64[D]")).astype(np.int64)
    return days


def new_per_year(world: World) -> float:
    """Return the expected number of new demands a year in the territory as played."""
    choice = world.scenario.demand
    if choice.new_per_year is not None:
        return choice.new_per_year * world.scenario.scale
    return choice.new_per_pending * len(world.territory.demands.demand_id)


def mutation_hazard(world: World) -> float:
    """Return the hazard, a year, of filing a mutation demand of its own accord, for a tenant without one.

    The demands expected after a review are part of the scenario's share of mutations.
    """
    asking = int((world.territory.demands.mutation_of >= 0).sum())
    tenants = len(world.territory.occupants.dwelling) - asking
    filed = world.scenario.demand.mutation_share * new_per_year(world)
    filed = max(filed - expected_a_year(world), 0.0)  # the others follow from a review
    return filed / tenants if tenants > 0 else 0.0
