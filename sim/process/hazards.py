"""How much sooner, or later, than usual does a household leave its dwelling?

The Weibull hazard of a tenancy (tenancies.py) is multiplied by the tension of its zone and commune, by its
residence, and by the household's income against the PLUS ceiling. Each multiplier is divided by its mean over
the territory's occupants, weighted by the departures the Weibull law expects of each in a year, the
multipliers before it included: with or without them the territory as given has the same expected departures.
Deaths of those who live alone are played apart (household_life.py) and taken out of that total.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, identities
from sim.process.household_life import death_share
from sim.rules.eligibility import plus_ceiling_eur
from sim.rules.law import Law
from sim.scenario import Scenario
from sim.scenario.stock import Departures
from sim.territory.columns import Bools, Floats, Ints, Territory

ZONES = ("Abis", "A", "B1", "B2", "C")
"""Tension zones, from the tightest."""

TYPICAL_ROOMS = 3
"""Rooms at which the typology multiplier is one: the middle of T1-T5."""

TIGHTEST = 3.0
"""How many times the mean of the territory, or the part of it, the tension of a commune is read up to."""


@dataclass(frozen=True)
class ExitRates:
    """By what the Weibull hazard is multiplied, besides typology and the share that leaves."""

    dwelling: Floats  # (D,) tension and residence
    income_mean: float  # of the raw multiplier, over the territory's occupants
    not_dying: float  # share of the expected departures that are no deaths


def exit_rates(scenario: Scenario, territory: Territory, law: Law, chance: Chance) -> ExitRates:
    """Return the multipliers of a territory, normalised on its occupants as given."""
    choice, occupants = scenario.departures, territory.occupants
    home = occupants.dwelling
    days = (np.datetime64(territory.as_of, "D") - occupants.lease_on.astype("datetime64[D]")).astype(np.int64)
    weight = (
        choice.outside_share * typology(choice, territory.dwellings.rooms[home]) * year_ahead(choice, days)
    )
    rate = np.ones(len(territory.dwellings.rooms))
    for raw in (_tension(choice, territory), _residence(choice, territory, chance)):
        raw = raw[territory.dwellings.residence]
        rate = rate * (raw / _mean(raw[home], weight * rate[home]))
    income = income_multiplier(
        choice,
        law,
        occupants.rfr_eur,
        occupants.adults + occupants.children,
        (occupants.adults == 1) & (occupants.children > 0),
    )
    known = ~np.isnan(income)
    income_mean = _mean(income[known], (weight * rate[home])[known])
    return ExitRates(rate, income_mean, _not_dying(scenario, occupants.adults, occupants.age, weight))


def typology(choice: Departures, rooms: Ints) -> Floats:
    """Return the multiplier of typologies, one for a T3."""
    factor: Floats = choice.t1_over_t5 ** ((TYPICAL_ROOMS - np.clip(rooms, 1, 5)) / 4.0)
    return factor


def year_ahead(choice: Departures, days: Ints) -> Floats:
    """Return the cumulative Weibull hazard of the coming year for tenancies of so many days."""
    years = np.maximum(days, 0) / 365.25
    shape, scale = choice.weibull_shape, choice.weibull_scale_years
    ahead: Floats = ((years + 1) / scale) ** shape - (years / scale) ** shape
    return ahead


def income_multiplier(
    choice: Departures, law: Law, rfr_eur: Floats, persons: Ints, single_parent: Bools
) -> Floats:
    """Return exp(effect × tax income / PLUS ceiling), not normalised; NaN where the income is missing."""
    ceiling = plus_ceiling_eur(law, np.maximum(persons, 1), single_parent)
    ratio = np.clip(rfr_eur / ceiling, 0.0, choice.income_ratio_max)
    raw: Floats = np.exp(choice.income_effect * ratio)
    return raw


def sls_multiplier(sls_eur: Floats, rent_eur: Floats, effect: float) -> Floats:
    """Return by what a supplément de loyer de solidarité multiplies the hazard: exp(effect × SLS / rent).

    One where none is due, where the rent is missing or nothing, and for an effect of 0. For the feedback of
    the scenario to multiply `tenancies.household_rates` by.

    Parameters
    ----------
    sls_eur, rent_eur : EUR a month; `snapshot.sls_due_eur` gives the first
    effect : log-hazard per unit of SLS over rent
    """
    known = rent_eur > 0
    raised: Floats = np.exp(effect * np.where(known, sls_eur, 0.0) / np.where(known, rent_eur, 1.0))
    return raised


def _tension(choice: Departures, territory: Territory) -> Floats:
    """Return the multiplier of each residence's zone and commune, (residences,)."""
    residences = territory.residences
    place = np.array([ZONES.index(zone) for zone in residences.zone.tolist()], dtype=np.int64)
    zone = choice.abis_over_c ** ((len(ZONES) - 1 - place) / (len(ZONES) - 1))
    if not choice.commune_tension:
        return zone
    size = len(territory.communes)
    first = territory.demands.mutation_of < 0
    asked = np.bincount(territory.demands.first_commune[first], minlength=size)
    there = np.bincount(residences.commune[territory.dwellings.residence], minlength=size)
    usual = asked.sum() / max(there.sum(), 1)
    tension = asked / np.maximum(there, 1) / usual if usual else np.ones(size)
    relative = np.clip(tension, 1 / TIGHTEST, TIGHTEST)
    effect: Floats = zone * relative[residences.commune] ** choice.commune_tension
    return effect


def _residence(choice: Departures, territory: Territory, chance: Chance) -> Floats:
    """Return the random effect of each residence, (residences,)."""
    key = identities(territory.residences.residence_id.tolist())
    if not choice.residence_sd:
        return np.ones(len(key))
    effect: Floats = np.exp(choice.residence_sd * chance.normal("residence-exits", key))
    return effect


def _not_dying(scenario: Scenario, adults: Ints, age: Ints, weight: Floats) -> float:
    """Return the share of a year's expected departures that are not deaths of persons who live alone."""
    total = fsum(weight.tolist())
    if not scenario.household.active or not total:
        return 1.0
    deaths = fsum(death_share(scenario.household, age)[adults == 1].tolist())
    return max(1.0 - deaths / total, 0.0)


def _mean(values: Floats, weight: NDArray[np.float64]) -> float:
    """Return a weighted mean, the same in any order of the rows; 1 where nothing weighs."""
    total = fsum(weight.tolist())
    return fsum((values * weight).tolist()) / total if total else 1.0
