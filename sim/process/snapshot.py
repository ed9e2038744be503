"""Who lives in each residence on 1 January, and what made it change since the last one?

Counts by residence on two rulers: fixed (the start's threshold and ceilings, common to all policies) and
legal (the year's threshold); incomes, summed in whole euros so that no order of summing shows. The changes
of a year add up exactly: households who entered or left dwellings of the stock, who came with a dwelling
delivered or went with one demolished or sold, who stayed and changed, and, on the legal ruler, the
threshold's drift.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import YEAR_S
from sim.process.state import State
from sim.process.world import World
from sim.rules.eligibility import income_uc_eur, plus_ceiling_eur
from sim.rules.sls import sls_eur
from sim.rules.traits import VALID, People, first_quartile, income_state, traits_of
from sim.territory.columns import PEUPLEMENT_TYPES, Bools, Floats

LONGEST_TENURE = 30
"""Whole years in place from which tenures are not told apart."""

BRACKETS = ("below_20_plus", "below_40_plus", "below_60_plus")
PUBLICS = ("fixed", "legal_old", "below_40_plus")
"""Publics whose changes are decomposed: the first quartile by two thresholds, and a fixed bracket."""

FLOWS = ("entrants", "leavers", "new", "demolished", "sold")
CHANGES = (
    *(name for flow in FLOWS for name in (flow, *(f"{flow}_{public}" for public in PUBLICS))),
    *(f"in_place_{public}" for public in PUBLICS),
    "drift_legal",
    "entrants_incomes_known",
    "entrants_income_uc_sum_eur",
)


def take_stock(world: World, state: State) -> None:
    """Write one row a residence: its occupants now, and what changed them since last year."""
    housing, here = state.housing, state.housing.occupied
    counted = counter(world)
    people = occupants(world, state, state.q1_fixed_eur)
    traits = traits_of(people)
    fixed = traits["first_quartile"] & here
    legal = first_quartile(occupants(world, state, state.q1_threshold_eur)) & here
    row: dict[str, Any] = {
        "year": state.year,
        "dwellings": counted(housing.exists),
        "households": counted(here),
        "first_quartile_fixed": counted(fixed),
        "first_quartile_legal": counted(legal),
        **{name: counted(traits[name] & here) for name in BRACKETS},
        "sls_households": counted((sls_due_eur(world, state) > 0) & here),
        **_incomes(counted, people, here),
    }
    row["peuplement_type"] = np.array(PEUPLEMENT_TYPES)[state.qualified]
    below_40 = traits["below_40_plus"] & here
    before = state.last_year
    if before:
        old = first_quartile(occupants(world, state, state.previous_threshold_eur)) & here
        now = {"fixed": fixed, "legal_old": old, "below_40_plus": below_40}
        row |= _changes(world, state, now, people)
        row["drift_legal"] = counted(legal) - counted(old)
    else:
        row |= dict.fromkeys(CHANGES, np.zeros_like(row["households"]))
    housing.fresh &= ~here
    state.last_year = {
        "here": here.copy(),
        "household": housing.household.copy(),
        "lease_s": housing.lease_s.copy(),  # who comes back has left
        "fixed": fixed,
        "legal_old": legal,  # by the threshold that will be last year's
        "below_40_plus": below_40,
    }
    state.records.occupation.append(row)
    _count_tenures(world, state)


def _count_tenures(world: World, state: State) -> None:
    """Write how many households have been in place so many whole years, by rooms."""
    place = np.flatnonzero(state.housing.occupied)
    years = np.minimum((state.now_s - state.housing.lease_s[place]) // YEAR_S, LONGEST_TENURE)
    seen, households = np.unique(
        np.stack([world.territory.dwellings.rooms[place], years]), axis=1, return_counts=True
    )
    tenures = {"rooms": seen[0], "tenure": seen[1], "households": households}
    state.records.tenures.append({"year": state.year, **tenures})
    state.stock_s = state.now_s


def sls_due_eur(world: World, state: State) -> Floats:
    """Return the supplément de loyer de solidarité of the occupants of every dwelling, EUR a month, (D,)."""
    housing, dwellings = state.housing, world.territory.dwellings
    return sls_eur(
        world.law,
        housing.rfr_eur,
        np.maximum(housing.adults + housing.children, 1),
        (housing.adults == 1) & (housing.children > 0),
        dwellings.financing,
        dwellings.surface_m2,
        dwellings.rent_eur,
        world.territory.residences.zone[dwellings.residence],
        world.in_qpv,
    )


def _changes(
    world: World, state: State, now: Mapping[str, Bools], people: People
) -> dict[str, NDArray[np.int64]]:
    """Return each flow since last year, of all households and of each public, by residence.

    1. Who is there and was not entered; but in a dwelling delivered and never counted before, it came new.
    2. Who was there and is not left; but from a dwelling sold since, or vacated for good by an operation,
       it went with the dwelling.
    """
    housing, plan, before = state.housing, world.plan, state.last_year
    counted, here, was = counter(world), housing.occupied, before["here"]
    stays = was & here & (before["household"] == housing.household) & (before["lease_s"] == housing.lease_s)
    entered, left = here & ~stays, was & ~stays
    sold = left & ~housing.exists & (plan.sold_s <= state.now_s)
    demolished = left & ~here & (plan.announced_s <= state.now_s)
    flows = {
        "entrants": (entered & ~housing.fresh, now),
        "leavers": (left & ~sold & ~demolished, before),
        "new": (entered & housing.fresh, now),
        "demolished": (demolished, before),
        "sold": (sold, before),
    }
    row = {}
    for flow, (who, publics) in flows.items():
        row[flow] = counted(who)
        row |= {f"{flow}_{public}": counted(who & publics[public]) for public in PUBLICS}
    for public in PUBLICS:
        row[f"in_place_{public}"] = counted(stays & now[public]) - counted(stays & before[public])
    entrants, _ = flows["entrants"]
    incomes = _incomes(counted, people, entrants)
    return row | {f"entrants_{name}": sums for name, sums in incomes.items()}


def _incomes(counted: Any, people: People, who: Bools) -> dict[str, NDArray[np.int64]]:
    """Return how many of some households have a valid income per consumption unit, and its sum."""
    valid = who & (income_state(people.income_uc_eur) == VALID)
    return {
        "incomes_known": counted(valid),
        "income_uc_sum_eur": counted(valid, np.rint(people.income_uc_eur)),
    }


def occupants(world: World, state: State, threshold_eur: float) -> People:
    """Return the occupants of every dwelling as people whose traits can be read, (D,)."""
    housing = state.housing
    no = np.zeros(len(housing.occupied), dtype=bool)
    persons = housing.adults + housing.children
    alone = (housing.adults == 1) & (housing.children > 0)
    return People(
        adults=housing.adults,
        children=housing.children,
        teens=housing.teens,
        age=housing.age,
        activity=housing.activity,
        income_uc_eur=income_uc_eur(
            world.law, housing.monthly_income_eur, housing.adults, housing.children, housing.teens
        ),
        rfr_eur=housing.rfr_eur,
        mutation=no,
        dalo=no,
        recognised=no,
        violence=no,
        relogement=no,
        essential_worker=no,
        needs_accessible=no,
        q1_threshold_eur=threshold_eur,
        plus_ceiling_eur=plus_ceiling_eur(world.law, np.maximum(persons, 1), alone),
    )


def counter(world: World) -> Any:
    """Return a function that counts some dwellings by residence, (residences,), or sums a column of them."""
    residence = world.territory.dwellings.residence
    size = len(world.territory.residences.residence_id)

    def counted(dwellings: Bools, whole: Floats | None = None) -> NDArray[np.int64]:
        weights = None if whole is None else whole[dwellings]  # whole numbers, exact below 2⁵³
        return np.bincount(residence[dwellings], weights, size).astype(np.int64)

    return counted
