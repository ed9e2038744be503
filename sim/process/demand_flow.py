"""Which demands are filed, by whom and when, and when do they lapse?

1. The territory's pending demands open the register.
2. Exogenous demands exist before the run, whatever the policy: a Poisson number a year, each a keyed draw of
   a template among the demands filed in the territory's last twelve months (the joint profile). More are
   drawn than are filed, and thinned: those a wait deters, or attracts, are the same under every policy.
3. Tenants file mutation demands at a constant hazard; their household is read from the dwelling, their
   wishes and attributes from a template.
4. Each demand's lapse is drawn when it is filed: it renews on each anniversary with a constant probability.
5. Partners who leave a couple's dwelling file a demand of their own.

Changes of situation while waiting are in changes.py. Left out on purpose: withdrawals before an anniversary.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance import Keys, identities, identity
from sim.outcomes import DAY_S
from sim.process import dalo, feedback
from sim.process.household_life import grown_children
from sim.process.housing import NEVER, Housing
from sim.process.laws import arrival_times, patience_ends, poisson
from sim.process.register import CAUSES, CLOSED, CLOSINGS, Register, wish_words
from sim.process.review import NO_ADVICE, Advised, expected_a_year
from sim.process.situation import own_situation
from sim.process.state import State
from sim.process.world import World
from sim.rules.eligibility import income_uc_eur, plus_ceiling_eur
from sim.rules.fit_codes import demand_codes
from sim.rules.traits import People, mask, signature
from sim.territory.columns import Dates, Demands, Floats, Ints, take

Rows = NDArray[np.int64]

TEMPLATE_DAYS = 365
"""Demands younger than this are the templates of new ones: older ones are survivors."""

HOUSEHOLD = ("adults", "children", "teens", "age", "activity", "monthly_income_eur", "rfr_eur")
FITS = ("needs_accessible", "labels", "rfr_eur", "ranked", "persons", "rooms_min", "rooms_max")
"""What a demand fits follows from these."""

ASKED = ("first_commune", "rooms_min", "rooms_max", "max_rent_eur", "needs_accessible", "labels")


REHOUSED = "right_to_rehousing"
"""The attribute of who is rehoused by an operation."""


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
    ids = demands.demand_id.astype(object), demands.household_id.astype(object)
    _file(world, register, ids, filed_s, rows, open_s=world.start_s, mutation_of=demands.mutation_of)
    places = {one.name: place for place, one in enumerate(world.plan.operations)}
    for row, text in enumerate(demands.demand_id.tolist()):
        if text in world.territory.operations:
            owe(register, np.array([row]), np.array([places[world.territory.operations[text]]]))
    return register


def owe(register: Register, rows: Rows, operation: Ints) -> None:
    """Let an operation rehouse the households of demands: a right that no anniversary ends."""
    register.operation[rows] = operation
    register.attribute(REHOUSED)[rows] = 1
    register.leaves_s[rows] = NEVER


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
    keys = _demand_keys(demand_ids)
    when, pick = world.chance.uniforms("arrival", keys)
    filed_s = first + (when * length).astype(np.int64)
    template = templates[(pick * len(templates)).astype(np.int64)]
    filed = feedback.filed(world, state, keys, demands.rooms_min[template])
    return _arrive(world, state, demand_ids[filed], filed_s[filed], template[filed])


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
    return _arrive(world, state, demand_ids, np.concatenate(filed), template)


def _arrive(world: World, state: State, demand_ids: NDArray[Any], filed_s: Ints, template: Rows) -> Rows:
    """Add demands of new households, by filing then by identity; their traits are those of that day."""
    order = np.lexsort((_demand_keys(demand_ids), filed_s))
    order = order[filed_s[order] >= state.now_s]  # the territory as given holds those filed before
    demand_ids, filed_s, template = demand_ids[order], filed_s[order], template[order]
    ids = demand_ids, np.array([f"N{text}" for text in demand_ids], dtype=object)
    rows = _file(world, state.register, ids, filed_s, template)
    read_traits(world, state, rows)
    return rows


def mutations(world: World, state: State, dwelling: Rows, advised: Advised = NO_ADVICE) -> Rows:
    """File the mutation demands of the tenants of some dwellings, whose `mutation_s` has come.

    # Simplified: wishes, needs, labels and what does not follow from the dwelling are the template's.
    """
    housing, demands = state.housing, world.territory.demands
    templates = world.templates[(demands.mutation_of >= 0)[world.templates]]
    if not len(templates):
        templates = world.templates
    nth = housing.mutations[dwelling]
    ids = housing.household_id[dwelling]
    demand_ids = np.array([f"M{text}/{n}" for text, n in zip(ids, nth, strict=True)], dtype=object)
    pick = world.chance.uniform("mutation-template", _demand_keys(demand_ids))
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
    rows = _file(world, state.register, (demand_ids, ids), housing.mutation_s[dwelling], template, **tenant)
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
    ids = demand_ids, np.array([f"{text}|split|{year}" for text in parted.parent_id], dtype=object)
    pick = world.chance.uniform("split-template", _demand_keys(demand_ids))
    template = templates[(pick * len(templates)).astype(np.int64)]
    people: dict[str, NDArray[Any]] = {
        "adults": np.ones(count, dtype=np.int64),
        "children": np.zeros(count, dtype=np.int64),
        "teens": np.zeros(count, dtype=np.int64),
        **{name: getattr(parted, name) for name in ("age", "activity", "monthly_income_eur", "rfr_eur")},
    }
    rows = _file(world, state.register, ids, parted.filed_s, template, None, **people)
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
        dalo=register.under_dalo(rows, np.maximum(state.now_s, register.filed_s[rows])),
        recognised=flags["pdalhpd"] | flags["accord_collectif"],
        violence=flags["violence_proven"],
        relogement=flags["right_to_rehousing"],
        essential_worker=_verified(world, register.household[rows], flags["essential_worker"]),
        needs_accessible=register.needs_accessible[rows],
        q1_threshold_eur=state.q1_threshold_eur,
        plus_ceiling_eur=plus_ceiling_eur(world.law, register.persons[rows], _single_parent(register, rows)),
    )


def restate(world: World, state: State, rows: Rows) -> None:
    """Read again what follows from the columns of demands, once these have changed."""
    register = state.register
    household = register.adults[rows], register.children[rows]
    register.persons[rows] = sum(household)
    register.ranked[rows] = register.persons[rows] + ((household[0] == 1) & (household[1] > 0))
    register.income_uc_eur[rows] = income_uc_eur(
        world.law, register.monthly_income_eur[rows], *household, register.teens[rows]
    )
    asked = tuple(getattr(register, name)[rows] for name in FITS)
    register.fit[rows] = demand_codes(world.law, *asked)
    register.signature[rows] = signature(_people(world, state, rows))


def oldest_first(register: Register, rows: Rows) -> Rows:
    """Return rows by filing, then by lottery number, then by identity."""
    if len(rows) < 2:
        return rows
    return rows[np.lexsort((register.key[rows], register.lottery[rows], register.filed_s[rows]))]


def _verified(world: World, household: Keys, declared: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which declared statuses of essential worker a household's documents confirm (R22)."""
    rows, verified = np.flatnonzero(declared), declared.copy()
    if len(rows):
        drawn = world.chance.uniform("essential-documents", household[rows])
        verified[rows] = drawn < world.scenario.essential_workers.verified_share
    return verified


def recognise(world: World, state: State, rows: Rows) -> None:
    """Give the DALO trait and the State's label to demands whose recognition has come."""
    register = state.register
    due = rows[register.dalo_s[rows] <= state.now_s]
    due = due[register.under_dalo(due, state.now_s)]
    if len(due):
        dalo.label(state, due)
        reread(world, state, due[register.signature[due] & mask(["dalo"]) == 0])


def reread(world: World, state: State, rows: Rows) -> None:
    """Compute anew the traits of demands whose situation has changed."""
    state.register.signature[rows] = signature(_people(world, state, rows))


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


def _file(
    world: World,
    register: Register,
    ids: tuple[NDArray[Any], NDArray[Any]],
    filed_s: Ints,
    template: Rows,
    open_s: Ints | int | None = None,
    **known: NDArray[Any],
) -> Rows:
    """Add demands to the register and return their rows.

    Parameters
    ----------
    ids : (demand_id, household_id), each (n,) object
    filed_s : (n,)
    template : (n,) row of the territory's demands each is, or is drawn from
    open_s : when they are known to be open, if later than their filing
    known : columns that are not the template's
    """
    drawn = take(world.territory.demands, template)
    key, household = _demand_keys(ids[0]), household_keys(ids[1])
    own = {name: known.get(name, getattr(drawn, name)) for name in HOUSEHOLD}
    asked = {name: known.get(name, getattr(drawn, name)) for name in ASKED}
    persons, count = own["adults"] + own["children"], len(filed_s)
    mutation_of = known.get("mutation_of", np.full(count, -1))
    ranked = persons + ((own["adults"] == 1) & (own["children"] > 0))
    income = own["monthly_income_eur"], own["adults"], own["children"], own["teens"]
    open_from = filed_s if open_s is None else open_s
    columns = {
        "mutation_of": mutation_of,
        "cause": np.where(mutation_of >= 0, CAUSES.index("mutation"), 0),
        "grown": grown_children(own["adults"]),
        "operation": np.full(count, -1),
        **known,
        **own,
        **asked,
        "key": key,
        "household": household,
        "template": template,
        "demand_id": ids[0],
        "household_id": ids[1],
        "filed_s": filed_s,
        "leaves_s": lapse_times(world, key, template, filed_s, open_from),
        "dalo_s": dalo.recognitions(world, key, filed_s, open_from, _recognition(drawn, filed_s)),
        "dalo_bailleur": dalo.designated_bailleurs(world, key, -1 if open_s is None else drawn.dalo_bailleur),
        "income_uc_eur": income_uc_eur(world.law, *income),
        "persons": persons,
        "ranked": ranked,
        "fit": demand_codes(
            world.law,
            asked["needs_accessible"],
            asked["labels"],
            own["rfr_eur"],
            ranked,
            persons,
            asked["rooms_min"],
            asked["rooms_max"],
        ),
        "attribute:unjustified_refusals_24m": drawn.attributes.get(
            "unjustified_refusals_24m", np.zeros(count)
        ),
    }
    for name, column in drawn.attributes.items():
        columns.setdefault(f"attribute:{name}", column)
    if REHOUSED in register.attributes:
        columns.setdefault(f"attribute:{REHOUSED}", np.full(count, -1))
    return register.append(columns, wish_words(drawn.wishes))


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
