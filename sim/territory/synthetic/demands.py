"""Which requests are pending, who filed them and what do they wish?

Wishes weigh communes by the size of their stock: published margins hold no distance between communes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, Keys, identities
from sim.territory.columns import Demands, Occupants
from sim.territory.synthetic.draws import chosen, code, happens
from sim.territory.synthetic.fitting import largest_remainder
from sim.territory.synthetic.households import Composition, draw_households, joined, size_shares
from sim.territory.synthetic.situations import describe_situations
from sim.territory.synthetic.spec import AGE_EDGES, SyntheticTerritory
from sim.territory.synthetic.stock import SyntheticStock

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def pending_demands(
    spec: SyntheticTerritory,
    stock: SyntheticStock,
    occupants: Occupants,
    people: Composition,
    number: int,
    chance: Chance,
) -> Demands:
    """Draw the requests pending on the territory's date.

    1. Mutations: the assumed share of requests, filed by occupant households, more often crowded ones.
    2. First requests: households that meet the margins of the profile, with as many single persons as makes
       the published share over all requests.
    3. Date of filing, wishes, rooms, incomes as declared, situation, labels.

    Parameters
    ----------
    people : the occupant households, in the order of `occupants`.
    number : requests in all; mutations are at most the occupants.
    """
    moving = _moving(spec, stock, occupants, people, number, chance)
    movers = np.flatnonzero(moving)
    first_ids = [f"HD{i + 1:07d}" for i in range(number - movers.size)]
    sizes = _first_sizes(spec, people.take(movers), number)
    first = draw_households(
        spec.demand.profile, spec.households, sizes, identities(first_ids), chance, "demand"
    )
    households = joined(first, people.take(movers))
    household_id = np.concatenate([np.array(first_ids, dtype="U9"), occupants.household_id[movers]])
    mutation_of = np.concatenate([np.full(len(first_ids), -1), occupants.dwelling[movers]])
    order = chance.order("demand/order", households.keys)
    households, household_id, mutation_of = households.take(order), household_id[order], mutation_of[order]
    longest = households.age - AGE_EDGES[0] + 1.0
    lease = np.full(number, np.datetime64("NaT", "D"))
    lease[mutation_of >= 0] = occupants.lease_on[
        np.searchsorted(occupants.dwelling, mutation_of[mutation_of >= 0])
    ]
    today = np.datetime64(spec.as_of, "D")
    tenure = np.where(mutation_of >= 0, (today - lease).astype(np.float64) / 365.25, np.inf)
    filed_on = _filed_on(spec, households.keys, np.minimum(longest, tenure), chance)
    declared = _declared(spec, households, chance)
    wishes, first_commune = _wishes(spec, stock, households.keys, mutation_of, chance)
    rooms = spec.demand.rooms.array[np.minimum(households.persons, 7) - 1].astype(np.int64)
    stated = happens(chance, "demand/max_rent", households.keys, spec.demand.stated_max_rent.value)
    most = np.rint(spec.demand.max_rent_effort.value * households.monthly_income_eur)
    situation = describe_situations(spec, stock, households, mutation_of, filed_on, declared, chance)
    return Demands(
        demand_id=np.array([f"SYNTHESE{i + 1:010d}" for i in range(number)]),
        household_id=household_id,
        filed_on=filed_on,
        adults=households.adults,
        children=households.children,
        teens=households.teens,
        age=households.age,
        activity=households.activity,
        monthly_income_eur=declared,
        rfr_eur=households.rfr_eur,
        wishes=wishes,
        first_commune=first_commune,
        rooms_min=rooms[:, 0],
        rooms_max=rooms[:, 1],
        max_rent_eur=np.where(stated, most, np.nan),
        needs_accessible=situation.needs_accessible,
        mutation_of=mutation_of,
        labels=situation.labels,
        l441_1=np.zeros(number, dtype=np.bool_),
        dalo_recognised_on=situation.dalo_recognised_on,
        dalo_deadline=np.full(number, np.datetime64("NaT", "D")),
        dalo_bailleur=np.full(number, -1),
        attributes=situation.attributes,
    )


def share_pending(share_over_a_year: float, years: Floats) -> Floats:
    """Return the share of pending requests filed less than `years` ago, (n,).

    The same share of requests remains from one anniversary to the next, and filing dates are uniform inside
    a year: F(j + f) = 1 - s^j + f s^j (1 - s).
    """
    whole = np.floor(np.minimum(years, 100.0))
    left = share_over_a_year**whole
    share: Floats = 1 - left + (np.minimum(years, 100.0) - whole) * left * (1 - share_over_a_year)
    return share


def time_pending(share_over_a_year: float, drawn: Floats, longest: Floats) -> Floats:
    """Return the time since filing, years, of a pending request: the inverse of `share_pending`.

    Parameters
    ----------
    drawn : (n,) uniforms.
    longest : (n,) years the request may at most have been pending.
    """
    share = share_over_a_year
    level = drawn * share_pending(share, longest)
    whole = np.floor(np.log1p(-level) / np.log(share))
    time: Floats = whole + (level - 1 + share**whole) / (share**whole * (1 - share))
    return time


def _moving(
    spec: SyntheticTerritory,
    stock: SyntheticStock,
    occupants: Occupants,
    people: Composition,
    number: int,
    chance: Chance,
) -> Mask:
    """Return which occupants ask for a mutation, (occupants,) bool."""
    rooms = stock.dwellings.rooms[occupants.dwelling]
    odds = np.ones(rooms.size)
    odds[people.persons > rooms] = spec.demand.crowded_odds.value
    odds[rooms > people.persons + 1] = spec.demand.spacious_odds.value
    tenure = (np.datetime64(spec.as_of, "D") - occupants.lease_on).astype(np.float64) / 365.25
    odds *= share_pending(spec.demand.pending_over_a_year.value, tenure)
    mutations = round(spec.demand.mutations.value * number)
    return chosen(chance, "demand/mutation", people.keys, odds, mutations)


def _first_sizes(spec: SyntheticTerritory, movers: Composition, number: int) -> Ints:
    """Return the first requests of 1, 2, ... 6 and more persons, (6,), mutations being counted."""
    shares = size_shares(spec.demand.profile, spec.households)
    left = number - len(movers.keys)
    singles = round(shares[0] * number) - int((movers.persons == 1).sum())
    singles = min(max(singles, 0), left)
    others = shares[1:] / shares[1:].sum() * (left - singles)
    return np.concatenate([[singles], largest_remainder(others, left - singles, np.arange(5.0))])


def _filed_on(
    spec: SyntheticTerritory, keys: Keys, longest: Floats, chance: Chance
) -> NDArray[np.datetime64]:
    drawn = chance.uniform("demand/filed", keys)
    years = time_pending(spec.demand.pending_over_a_year.value, drawn, longest)
    return np.datetime64(spec.as_of, "D") - np.floor(years * 365.25).astype("timedelta64[D]")


def _declared(spec: SyntheticTerritory, households: Composition, chance: Chance) -> Floats:
    """Return the monthly resources as filed: a share missing (NaN), a share zero."""
    drawn = chance.uniform("demand/income-filed", households.keys)
    missing, zero = spec.demand.missing_income.value, spec.demand.zero_income.value
    declared = np.where(drawn < missing + zero, 0.0, households.monthly_income_eur)
    return np.where(drawn < missing, np.nan, declared)


def _wishes(
    spec: SyntheticTerritory, stock: SyntheticStock, keys: Keys, mutation_of: Ints, chance: Chance
) -> tuple[Mask, Ints]:
    """Return the communes accepted, (n, communes), and the first wish, (n,)."""
    by_stock = spec.commune_margin("dwellings")
    first = code(chance, "demand/first_commune", keys, by_stock)
    home = stock.residences.commune[stock.dwellings.residence[mutation_of]]
    attached = happens(chance, "demand/own_commune", keys, spec.demand.own_commune.value)
    first = np.where((mutation_of >= 0) & attached, home, first)
    wishes = np.zeros((keys.size, by_stock.size), dtype=np.bool_)
    wishes[np.arange(keys.size), first] = True
    more = code(chance, "demand/wishes", keys, spec.demand.wishes.array)
    for wish in range(1, int(more.max(initial=0)) + 1):
        rows = np.flatnonzero(more >= wish)
        wishes[rows, code(chance, f"demand/wish/{wish}", keys[rows], by_stock)] = True
    return wishes, first
