"""Which demands are filed, by whom and when, and when do they lapse?

1. The territory's pending demands open the register.
2. Exogenous demands exist before the run, whatever the policy: a Poisson number a year, each a keyed draw of
   a template among the demands filed in the territory's last twelve months (the joint profile).
3. Tenants file mutation demands at a constant hazard; their household is read from the dwelling, their
   wishes and attributes from a template.
4. Each demand's lapse is drawn when it is filed: it renews on each anniversary with a constant probability.

Left out on purpose: changes of situation while waiting, withdrawals before an anniversary.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

from sim.chance import Keys, identities, identity
from sim.outcomes import DAY_S
from sim.process.housing import NEVER
from sim.process.register import CLOSED, CLOSINGS, OPEN, Register, wish_words
from sim.process.world import State, World
from sim.rules.eligibility import income_uc_eur, plus_ceiling_eur
from sim.rules.traits import People, mask, signature
from sim.territory.columns import Dates, Demands, Ints, take

Rows = NDArray[np.int64]

TEMPLATE_DAYS = 365
"""Demands younger than this are the templates of new ones: older ones are survivors."""


def pending_register(world: World) -> Register:
    """Return the register opened with the territory's pending demands."""
    demands = world.territory.demands
    kinds = {name: column.dtype for name, column in demands.attributes.items()}
    kinds.setdefault("unjustified_refusals_24m", np.dtype(np.float64))
    words = wish_words(demands.wishes)
    register = Register(words.shape[1], kinds)
    filed_s = world.start_s - days_before(world.territory.as_of, demands.filed_on) * DAY_S
    key = _demand_keys(demands.demand_id)
    columns = {
        **_columns(world, demands),
        "key": key,
        "household": household_keys(demands.household_id),
        "demand_id": demands.demand_id.astype(object),
        "household_id": demands.household_id.astype(object),
        "filed_s": filed_s,
        "leaves_s": lapse_times(world, key, filed_s, world.start_s),
        "mutation_of": demands.mutation_of,
        "dalo_s": _recognition(demands, filed_s),
    }
    register.append(columns, words)
    return register


def arrivals(world: World, state: State, year: int) -> Rows:
    """Add the exogenous demands of a calendar year to the register, by filing, and return their rows.

    # Simplified: a DALO recognition later than the templates' own age is not seen.
    """
    demands = world.territory.demands
    recent = days_before(world.territory.as_of, demands.filed_on) <= TEMPLATE_DAYS
    templates = np.flatnonzero((demands.mutation_of < 0) & recent)
    expected = new_per_year(world) * (1 - world.scenario.demand.mutation_share)
    if not len(templates) or not expected:
        return np.empty(0, dtype=np.int64)
    count = _poisson(expected, world.chance.one("arrivals", identity(f"arrivals|{year}")))
    demand_ids = np.array([f"S{year}{i:013d}" for i in range(count)], dtype=object)
    key = _demand_keys(demand_ids)
    first = world.january(year)
    length = world.january(year + 1) - first
    when, pick = world.chance.uniforms("arrival", key)
    filed_s = first + (when * length).astype(np.int64)
    order = np.lexsort((key, filed_s))
    key, filed_s, demand_ids = key[order], filed_s[order], demand_ids[order]
    household_ids = np.array([f"N{text}" for text in demand_ids], dtype=object)
    template = templates[(pick[order] * len(templates)).astype(np.int64)]
    drawn = take(demands, template)
    columns = {
        **_columns(world, drawn),
        "key": key,
        "household": household_keys(household_ids),
        "demand_id": demand_ids,
        "household_id": household_ids,
        "filed_s": filed_s,
        "leaves_s": lapse_times(world, key, filed_s, filed_s),
        "mutation_of": np.full(count, -1),
        "dalo_s": _recognition(drawn, filed_s),
    }
    return state.register.append(columns, wish_words(drawn.wishes))


def mutations(world: World, state: State, dwelling: Rows) -> Rows:
    """File the mutation demands of the tenants of some dwellings, whose `mutation_s` has come.

    # Simplified: motives and situation are the template's, not those of the household in its dwelling.
    """
    housing, demands = state.housing, world.territory.demands
    templates = np.flatnonzero(demands.mutation_of >= 0)
    if not len(templates):
        templates = np.arange(len(demands.demand_id))
    nth = housing.mutations[dwelling]
    ids = housing.household_id[dwelling]
    demand_ids = np.array([f"M{text}/{n}" for text, n in zip(ids, nth, strict=True)], dtype=object)
    key = _demand_keys(demand_ids)
    pick = world.chance.uniform("mutation-template", key)
    drawn = take(demands, templates[(pick * len(templates)).astype(np.int64)])
    household = {
        name: getattr(housing, name)[dwelling]
        for name in ("adults", "children", "teens", "age", "activity", "monthly_income_eur", "rfr_eur")
    }
    persons = household["adults"] + household["children"]
    low, high = world.law.rooms_matrix[np.clip(persons, 1, len(world.law.rooms_matrix)) - 1].T
    filed_s = housing.mutation_s[dwelling]
    columns = {
        **_columns(world, drawn, household),
        "rooms_min": low,
        "rooms_max": high,
        "key": key,
        "household": housing.household[dwelling],
        "demand_id": demand_ids,
        "household_id": ids,
        "filed_s": filed_s,
        "leaves_s": lapse_times(world, key, filed_s, filed_s),
        "mutation_of": dwelling,
        "dalo_s": _recognition(drawn, filed_s),
    }
    rows = state.register.append(columns, wish_words(drawn.wishes))
    housing.demand[dwelling] = rows
    housing.mutations[dwelling] += 1
    return rows


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
    """Return the hazard, a year, of filing a mutation demand for a tenant without one."""
    asking = int((world.territory.demands.mutation_of >= 0).sum())
    tenants = len(world.territory.occupants.dwelling) - asking
    filed = world.scenario.demand.mutation_share * new_per_year(world)
    return filed / tenants if tenants > 0 else 0.0


def lapse_times(world: World, key: Keys, filed_s: Ints, open_s: Ints | int) -> Ints:
    """Return when each demand lapses, given that it is open at `open_s` (R16: one year, renewable)."""
    renewal = world.scenario.demand.renewal
    validity_s = world.law.demand_validity_days * DAY_S
    passed = np.maximum(open_s - filed_s, 0) // validity_s
    drawn = world.chance.uniform("renewal", key)
    renewals = np.floor(np.log(drawn) / np.log(renewal)) if renewal > 0 else np.zeros(len(key))
    lapse_s: Ints = filed_s + (passed + 1 + np.minimum(renewals, 100).astype(np.int64)) * validity_s
    return lapse_s


def read_traits(world: World, state: State, rows: Rows, *, at_filing: bool = True) -> None:
    """Compute the traits of demands and draw their lottery number of the year."""
    register = state.register
    register.signature[rows] = signature(_people(world, state, rows))
    register.lottery[rows] = world.chance.uniform(
        f"lottery/{world.day(state.now_s).year}", register.key[rows]
    )
    if at_filing:
        register.signature_filed[rows] = register.signature[rows]


def _people(world: World, state: State, rows: Rows) -> People:
    register = state.register
    flags = {
        name: register.attribute(name)[rows] == 1
        if name in register.attributes
        else np.zeros(len(rows), bool)
        for name in (
            "pdalhpd",
            "accord_collectif",
            "violence_proven",
            "right_to_rehousing",
            "essential_worker",
        )
    }
    return People(
        adults=register.adults[rows],
        children=register.children[rows],
        teens=register.teens[rows],
        age=register.age[rows],
        activity=register.activity[rows],
        income_uc_eur=register.income_uc_eur[rows],
        rfr_eur=register.rfr_eur[rows],
        mutation=register.mutation_of[rows] >= 0,
        dalo=register.dalo_s[rows] <= np.maximum(state.now_s, register.filed_s[rows]),
        recognised=flags["pdalhpd"] | flags["accord_collectif"],
        violence=flags["violence_proven"],
        relogement=flags["right_to_rehousing"],
        essential_worker=flags["essential_worker"],
        needs_accessible=register.needs_accessible[rows],
        q1_threshold_eur=state.q1_threshold_eur,
        plus_ceiling_eur=plus_ceiling_eur(world.law, register.persons[rows], _single_parent(register, rows)),
    )


def oldest_first(register: Register, rows: Rows) -> Rows:
    """Return rows by filing, then by lottery number, then by identity."""
    return rows[np.lexsort((register.key[rows], register.lottery[rows], register.filed_s[rows]))]


def recognise(world: World, state: State, rows: Rows) -> None:
    """Give the DALO trait to demands whose recognition has come."""
    register = state.register
    due = rows[(register.dalo_s[rows] <= state.now_s) & (register.signature[rows] & mask(["dalo"]) == 0)]
    if len(due):
        register.signature[due] = signature(_people(world, state, due))


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


def _single_parent(register: Register, rows: Rows) -> NDArray[np.bool_]:
    return register.ranked[rows] > register.persons[rows]


def _columns(
    world: World, demands: Demands, household: Mapping[str, NDArray[Any]] | None = None
) -> dict[str, NDArray[Any]]:
    """Return the register's columns that follow from demands, with another household where given."""
    named = ("adults", "children", "teens", "age", "activity", "monthly_income_eur", "rfr_eur")
    own = household or {name: getattr(demands, name) for name in named}
    count = len(demands.demand_id)
    persons = own["adults"] + own["children"]
    columns = {
        **own,
        "income_uc_eur": income_uc_eur(
            world.law, own["monthly_income_eur"], own["adults"], own["children"], own["teens"]
        ),
        "persons": persons,
        "ranked": persons + ((own["adults"] == 1) & (own["children"] > 0)),
        "first_commune": demands.first_commune,
        "rooms_min": demands.rooms_min,
        "rooms_max": demands.rooms_max,
        "max_rent_eur": demands.max_rent_eur,
        "needs_accessible": demands.needs_accessible,
        "labels": demands.labels,
        "state": np.full(count, OPEN),
        "closed_s": np.full(count, NEVER),
        "closed_by": np.full(count, -1),
        "signature": np.zeros(count, dtype=np.int64),
        "signature_filed": np.zeros(count, dtype=np.int64),
        "lottery": np.zeros(count),
        "refusals": np.zeros(count),
        "attribute:unjustified_refusals_24m": np.zeros(count),
    }
    columns |= {f"attribute:{name}": column for name, column in demands.attributes.items()}
    return columns


def household_keys(household_ids: NDArray[Any]) -> Keys:
    """Return the identities of households, the same whether they wait or are housed."""
    return np.array([identity(f"household|{text}") for text in household_ids.tolist()], dtype=np.uint64)


def _demand_keys(demand_ids: NDArray[Any]) -> Keys:
    return identities(f"demand|{text}" for text in demand_ids.tolist())


def _recognition(demands: Demands, filed_s: Ints) -> Ints:
    """Return when each demand is recognised under DALO, at the delay of its own recognition after filing."""
    recognised = ~np.isnat(demands.dalo_recognised_on)
    delay = (demands.dalo_recognised_on - demands.filed_on).astype("timedelta64[D]").astype(np.int64)
    return np.where(recognised, filed_s + np.maximum(np.where(recognised, delay, 0), 0) * DAY_S, NEVER)


def _poisson(mean: float, uniform: float) -> int:
    """Return the Poisson quantile of a uniform: the least n with P(N ≤ n) ≥ uniform."""
    low = max(0, int(mean - 12 * np.sqrt(mean) - 12))
    counts = np.arange(low, int(mean + 12 * np.sqrt(mean) + 24))
    return int(counts[np.searchsorted(pdtr(counts, mean), uniform)])
