"""How many leases should a year bring, where, and which publics could take and pay for them?

1. Leases: of each dwelling from the law of tenancies, its level that of the territory's own leases where it
   has enough of them; shared between réservataires as the scenario's flows are.
2. Households: the pending demands, in classes that every row of law and of targets counts alike.
3. A dwelling is affordable to a public where as many of its demands as a list needs names (R9) wish the
   commune, are eligible (R12-R14) and would pay and live within the bounds the commission uses.

Left out on purpose: who is preferred, and what changes after the territory's date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.portrait.offered import asking
from sim.portrait.pending import people_of
from sim.portrait.vacancies import Departures, Expected, from_departures
from sim.process.flows import flows_of
from sim.process.orientation import held
from sim.rules.eligibility import consumption_units
from sim.rules.fit_codes import DwellingCodes, dwelling_codes
from sim.rules.housing_aid import (
    aid_resources_eur,
    aid_zone,
    effort_rate,
    housing_aid_eur,
    residual_income_eur,
)
from sim.rules.law import Law
from sim.rules.peuplement import POPULATION, fix, observe, weights_of
from sim.rules.peuplement.qualified import incomes_known
from sim.rules.quotas import Family
from sim.rules.traits import People, signature
from sim.scenario import Scenario
from sim.territory.columns import RESERVATAIRES, Bools, Demands, Floats, Ints, Territory

Counts = NDArray[np.int64]

MOST_READ = 10_000
"""Pending demands above which one in so many is read: to whom dwellings are affordable moves little."""

_AT_ONCE = 500
"""Demands of a commune per part in which its groups are tried, to bound memory."""


@dataclass(frozen=True)
class Stock:
    """What a year should bring, by group: the dwellings of a residence that a demand cannot tell apart.

    Attributes
    ----------
    group : (D,) group of each dwelling
    first, residence : (G,) a dwelling of each group, and its residence
    leases : (G, réservataires) leases a year
    """

    group: Ints
    first: Ints
    residence: Ints
    leases: Floats


@dataclass(frozen=True)
class Publics:
    """Who could take what: K classes of households, alike in every public of the rows.

    Attributes
    ----------
    holds : public's mask -> (K,) bool, which classes are of it
    neutral : (K,) classes in no numerator and no denominator of a target
    demand : (K,) households of each class who ask in a year
    pending : (G, K) pending demands of each class that fit a group and can pay for it
    """

    holds: dict[int, Bools]
    neutral: Bools
    demand: Floats
    pending: Counts

    def affordable(self, least: int) -> Bools:
        """Tell which classes can take what is in each group, (G, K); neutral ones are told apart.

        A public is there where `least` of its demands are, or all where fewer demands are in all; a class is
        there with each public it is of. Where that leaves nobody, one demand is enough.
        """
        counts = np.where(self.neutral, 0, self.pending)
        enough = np.minimum(least, counts.sum(axis=1, keepdims=True))
        there = counts > 0
        for held_by in self.holds.values():
            public = counts[:, held_by].sum(axis=1, keepdims=True) >= enough
            there &= public | ~held_by
        alone = ~there.any(axis=1, keepdims=True)
        return np.where(alone, counts > 0, there)


def stock_of(scenario: Scenario, territory: Territory, law: Law, observed: Expected | None) -> Stock:
    """Return the leases a year should bring by group and réservataire.

    Parameters
    ----------
    observed : leases of the trailing year, None where the territory has none, or too few
    """
    dwellings = territory.dwellings
    chosen = scenario.departures
    law_of_tenancies = Departures(chosen.weibull_shape, chosen.weibull_scale_years, chosen.t1_over_t5)
    yearly = from_departures(dwellings.rooms, law_of_tenancies).of_dwelling
    if observed is not None and yearly.sum() > 0:
        # The level is observed; few residences sign enough leases a year to read their own rate.
        yearly = yearly * (observed.of_dwelling.sum() / yearly.sum())
    shares = held(scenario, flows_of(scenario, territory, law))
    reserved = np.flatnonzero(dwellings.reservataire >= 0)
    shares[reserved] = np.eye(len(RESERVATAIRES))[dwellings.reservataire[reserved]]
    codes = _codes(territory, law)
    keys = np.stack([dwellings.residence, codes.reads, codes.wants, codes.sizes])
    _, first, group = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    group = group.reshape(-1)
    leases = np.zeros((len(first), len(RESERVATAIRES)))
    np.add.at(leases, group, shares * yearly[:, None])
    return Stock(group, first, dwellings.residence[first], leases)


def publics_of(
    scenario: Scenario,
    territory: Territory,
    law: Law,
    families: Sequence[Family],
    stock: Stock,
    people: People | None = None,
) -> Publics:
    """Return the classes of households that the rows tell apart, and how many fit each group and can pay."""
    people = people or people_of(territory, law)
    traits = signature(people)
    masks = sorted({family.public for family in families})
    outside = 0
    for family in families:
        outside |= family.excluded
    bits = [(traits & each) != 0 for each in (*masks, outside)]
    kinds, kind = np.unique(np.stack(bits), axis=1, return_inverse=True)
    kind = kind.reshape(-1)
    count = len(traits)
    asked = scenario.demand.new_per_year
    yearly = scenario.demand.new_per_pending * count if asked is None else asked * scenario.scale
    pending = np.zeros((len(stock.first), kinds.shape[1]), dtype=np.int64)
    rows = _evenly(territory)
    for group, demand in payable(scenario, territory, law, people, stock, rows):
        np.add.at(pending, (group, kind[demand]), 1)
    pending *= round(count / max(len(rows), 1))
    return Publics(
        {each: kinds[place] for place, each in enumerate(masks)},
        kinds[-1],
        # Simplified: each class asks in a year for as much as its part of the pending demands.
        np.bincount(kind, minlength=kinds.shape[1]) * (yearly / max(count, 1)),
        pending,
    )


def payable(
    scenario: Scenario, territory: Territory, law: Law, people: People, stock: Stock, rows: Ints
) -> Iterator[tuple[Ints, Ints]]:
    """Give, commune by commune, the pairs of group and demand that fit and can be paid for: (group, demand).

    # Simplified: the dwellings of a group are read at their mean rent, charges and heating.

    Parameters
    ----------
    rows : of the pending demands that are read
    """
    demands, dwellings, residences = territory.demands, territory.dwellings, territory.residences
    codes, asked = _codes(territory, law), asking(territory, law)
    commune = residences.commune[stock.residence]
    size = np.maximum(np.bincount(stock.group), 1)
    rent = np.bincount(stock.group, dwellings.rent_eur) / size
    charges = np.bincount(stock.group, dwellings.charges_eur) / size
    heating = np.bincount(stock.group, np.nan_to_num(dwellings.heating_eur)) / size
    zone = aid_zone(law, residences.zone)[stock.residence]
    for place in np.unique(commune).tolist():
        wishing = rows[demands.wishes[rows, place]]
        for here in np.array_split(np.flatnonzero(commune == place), len(wishing) // _AT_ONCE + 1):
            who, one = asked[wishing], stock.first[here, None]
            fits = (who & codes.reads[one] == codes.wants[one]) & (who & codes.sizes[one] != 0)
            at, which = np.nonzero(fits)
            group, demand = here[at], wishing[which]
            cost = rent[group], charges[group], heating[group]
            light = ~_heavy(scenario, law, people, demands, demand, *cost, zone[group])
            yield group[light], demand[light]


def _heavy(
    scenario: Scenario,
    law: Law,
    people: People,
    demands: Demands,
    demand: Ints,
    rent: Floats,
    charges: Floats,
    heating: Floats,
    zone: Ints,
) -> Bools:
    """Tell for which pairs a commission would hesitate, or the rent is above what is asked for at most."""
    income = np.where(demands.monthly_income_eur > 0, demands.monthly_income_eur, np.nan)[demand]
    adults, children, teens = people.adults[demand], people.children[demand], people.teens[demand]
    aid = housing_aid_eur(law, adults, children, aid_resources_eur(law, income), rent, zone)
    units = consumption_units(law, adults, children, teens)
    left = residual_income_eur(law, rent, charges + heating, aid, income, units)
    choice = scenario.acceptance
    heavy = effort_rate(rent, charges + heating, aid, income) > choice.commission_effort_threshold
    heavy |= left < choice.commission_residual_eur  # an unknown income never is
    over: Bools = heavy | (rent + charges > demands.max_rent_eur[demand])
    return over


def _evenly(territory: Territory) -> Ints:
    """Return the rows of the pending demands that are read: all, or so many evenly taken by their identity.

    # Simplified: of more than 10,000 demands one in so many is read, and stands for them.
    """
    order = np.argsort(territory.demands.demand_id, kind="stable")
    return np.sort(order[:: -(-len(order) // MOST_READ) or 1])


def types_of(scenario: Scenario, territory: Territory, law: Law, q1_threshold_eur: float) -> Ints:
    """Return the type of each residence: as given, else by its occupation on the territory's date."""
    seen, choice = observe(territory, law, q1_threshold_eur), scenario.qualification
    counts = seen.population.x, seen.population.n
    typed = np.where(incomes_known(seen.population.n), seen.households, 0)
    ruler = fix(*counts, typed, weights_of(choice.weights(), POPULATION), choice.shrinkage)
    given = territory.residences.peuplement_type
    return np.where(given >= 0, given, ruler.types(ruler.score(*counts)))


def _codes(territory: Territory, law: Law) -> DwellingCodes:
    own = territory.dwellings
    return dwelling_codes(law, own.rooms, own.surface_m2, own.financing, own.accessible)
