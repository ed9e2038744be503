"""What does a year do to one household, and how fast does it leave? The part of the reference engine on that.

Plain Python, one household at a time; powers and exponentials go through numpy on one value.
"""

from __future__ import annotations

from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from reference_people import MONTH_S, NEVER, YEAR_S, Dwelling, Household, Tenancy, columns, household_of, one

from sim.chance import identity
from sim.rules.eligibility import plus_ceiling_eur
from sim.rules.sls import above_the_right_to_stay

if TYPE_CHECKING:
    from reference_world import World

BIRTHS = ((25, "birth_under_25"), (30, "birth_25_29"), (35, "birth_30_34"), (40, "birth_35_39"))
TIGHT_FIRST = ("Abis", "A", "B1", "B2", "C")


class Lived(NamedTuple):
    """A household after a year, and what happened in it."""

    people: Household
    separated: bool
    died: bool
    death_at: float


def power(base: float, exponent: float) -> float:
    return one(np.array([base]) ** exponent)


class Life:
    """The scenario's laws of household life and of departures, for one replication."""

    def __init__(self, world: World) -> None:
        self.world, self.chosen = world, world.scenario.household
        self.waiting = self.chosen.active and self.chosen.demands
        self.factor = self.factors()
        self.income_mean = self.mean_of_incomes()
        self.alive = self.share_alive()

    # --- a year

    def count(self, purpose: str, household: int, persons: int, share: float) -> int:
        return sum(self.world.chance.one(purpose, household, k) < share for k in range(persons))

    def death(self, age: int) -> float:
        grown = one(np.exp(np.array([self.chosen.death_growth * (age - 80)])))
        return min(self.chosen.death_at_80 * grown, 1.0)

    def birth(self, age: int) -> float:
        for end, name in BIRTHS:
            if age < end:
                return float(getattr(self.chosen, name))
        return self.chosen.birth_40_50 if age < 51 else 0.0

    def year(self, household: int, was: Household, year: int) -> Lived:
        """The year before a 1 January: children, couple, birth, death."""
        chosen, teen_from = self.chosen, self.world.law.uc_further_person_age
        partners, young = was.adults - was.grown, was.children - was.teens
        left = self.count(f"leaves/{year}", household, was.grown, chosen.leaves_home)
        turned = self.count(f"turns-teen/{year}", household, young, 1 / teen_from)
        teen_years = max(chosen.adult_age - teen_from, 1.0)
        of_age = self.count(f"comes-of-age/{year}", household, was.teens, 1 / teen_years)
        mating, born, dying, death_at = map(one, self.world.chance.quarters(f"life/{year}", household))
        early, income = was.age < chosen.couple_until_age, 1.0
        parts = partners >= 2 and early and mating < chosen.separation
        pairs = partners < 2 and early and mating < chosen.couple_formed
        often = chosen.birth_couple if partners >= 2 else chosen.birth_alone
        children = was.children - of_age + (born < self.birth(was.age) * often)
        if parts:
            partners, income = partners - 1, chosen.separation_income
        elif pairs:
            partners, income = partners + 1, chosen.couple_income
        died = partners < 2 and dying < self.death(was.age)
        if partners >= 2 and dying < 2 * self.death(was.age):
            partners, income = partners - 1, income * chosen.separation_income
        grown = was.grown - left + of_age
        people = replace(
            was,
            adults=partners + grown,
            grown=grown,
            children=children,
            teens=was.teens + turned - of_age,
            income_eur=was.income_eur * income,
            rfr_eur=was.rfr_eur * income,
        )
        return Lived(people, parts, died, death_at)

    def loses_right(self, people: Household, row: int) -> bool:
        """Whether a household is above what the right to stay admits, this 1 January."""
        territory = self.world.territory
        residence = territory.dwellings.residence[row]
        zone, in_qpv = territory.residences.zone[residence], territory.residences.in_qpv[residence]
        persons = max(people.persons, 1)
        given = (people.rfr_eur, persons, people.single_parent, people.age, zone, in_qpv)
        return bool(above_the_right_to_stay(self.world.law, *given))

    # --- leaving

    def weight(self, row: int) -> float:
        """The departures expected in a year of an occupant of the territory, all multipliers left out."""
        chosen, occupants = self.world.scenario.departures, self.world.territory.occupants
        day = np.datetime64(self.world.territory.as_of, "D")
        years = max(int((day - occupants.lease_on[row]).astype(int)), 0) / 365.25
        scale, shape = chosen.weibull_scale_years, chosen.weibull_shape
        ahead = power((years + 1) / scale, shape) - power(years / scale, shape)
        return chosen.outside_share * self.typology(int(occupants.dwelling[row])) * ahead

    def typology(self, row: int) -> float:
        rooms = min(max(int(self.world.territory.dwellings.rooms[row]), 1), 5)
        chosen = self.world.scenario.departures
        return one(chosen.t1_over_t5 ** np.array([(3 - rooms) / 4.0]))

    def factors(self) -> list[float]:
        """The multiplier of each dwelling: tension then residence, each of mean one over the occupants."""
        territory, chosen = self.world.territory, self.world.scenario.departures
        residences, homes = territory.residences, territory.dwellings.residence.tolist()
        tension, liking = [], []
        dwellings = [int(residences.commune[home]) for home in homes]
        firsts = [
            int(commune)
            for commune, place in zip(
                territory.demands.first_commune, territory.demands.mutation_of, strict=True
            )
            if place < 0
        ]
        usual = len(firsts) / max(len(dwellings), 1)
        for row, name in enumerate(residences.residence_id.tolist()):
            steps = 4 - TIGHT_FIRST.index(residences.zone[row])
            zone = one(chosen.abis_over_c ** np.array([steps / 4]))
            commune = int(residences.commune[row])
            asked = firsts.count(commune) / max(dwellings.count(commune), 1) / usual if usual else 1.0
            near = min(max(asked, 1 / 3), 3.0)
            effect = power(near, chosen.commune_tension) if chosen.commune_tension else 1.0
            tension.append(zone * effect)
            drawn = self.world.chance.normal("residence-exits", identity(name))
            liking.append(one(np.exp(chosen.residence_sd * drawn)) if chosen.residence_sd else 1.0)
        found = [1.0] * len(homes)
        places = territory.occupants.dwelling.tolist()
        for raw in (tension, liking):
            weights = [self.weight(row) * found[place] for row, place in enumerate(places)]
            mean = average([raw[homes[place]] for place in places], weights)
            found = [factor * (raw[home] / mean) for factor, home in zip(found, homes, strict=True)]
        return found

    def mean_of_incomes(self) -> float:
        occupants = self.world.territory.occupants
        known = [row for row in range(len(occupants.dwelling)) if not np.isnan(occupants.rfr_eur[row])]
        weights = [self.weight(row) * self.factor[int(occupants.dwelling[row])] for row in known]
        return average([self.by_income(household_of(occupants, row)) for row in known], weights)

    def by_income(self, people: Household) -> float:
        chosen = self.world.scenario.departures
        ceiling = one(
            plus_ceiling_eur(self.world.law, *columns(max(people.persons, 1), people.single_parent))
        )
        ratio = min(max(people.rfr_eur / ceiling, 0.0), chosen.income_ratio_max)
        return one(np.exp(np.array([chosen.income_effect * ratio])))

    def rate(self, people: Household) -> float:
        """By what a household multiplies the hazard."""
        return 1.0 if np.isnan(people.rfr_eur) else self.by_income(people) / self.income_mean

    def share_alive(self) -> float:
        """The share of expected departures that are not deaths of persons who live alone."""
        occupants = self.world.territory.occupants
        everybody = [household_of(occupants, row) for row in range(len(occupants.dwelling))]
        total = fsum(self.weight(row) for row in range(len(everybody)))
        if not self.chosen.active or not total:
            return 1.0
        return max(1.0 - fsum(self.death(who.age) for who in everybody if who.adults == 1) / total, 0.0)

    def multiplier(self, place: Dwelling, rate: float) -> float:
        chosen = self.world.scenario.departures
        return chosen.outside_share * self.typology(place.row) * self.factor[place.row] * self.alive * rate

    def passed(self, lease_s: int, at_s: int) -> float:
        chosen = self.world.scenario.departures
        return power(max(at_s - lease_s, 0) / YEAR_S / chosen.weibull_scale_years, chosen.weibull_shape)

    def start(self, tenant: Tenancy, place: Dwelling, now_s: int) -> None:
        """A tenancy begins, or is known from now on: its clock is drawn."""
        drawn = self.world.chance.exponential("departure", tenant.household, identity(place.dwelling_id))
        tenant.left, tenant.rate, tenant.read_s = one(drawn), self.rate(tenant.people), now_s
        tenant.notice_s = self.leaves_s(tenant, place)

    def leaves_s(self, tenant: Tenancy, place: Dwelling) -> int:
        """When the clock of a tenancy has run."""
        chosen = self.world.scenario.departures
        if not chosen.outside_share:
            return NEVER
        hazard = self.multiplier(place, tenant.rate)
        if not hazard:
            return tenant.lease_s + int(1e15)
        reached = self.passed(tenant.lease_s, tenant.read_s) + tenant.left / hazard
        years = chosen.weibull_scale_years * power(reached, 1 / chosen.weibull_shape)
        end_s = tenant.lease_s + int(min(years * YEAR_S, 1e15))
        return max(end_s, tenant.lease_s + MONTH_S, tenant.read_s)

    def reread(self, tenant: Tenancy, place: Dwelling, now_s: int) -> None:
        """The hazard has changed with the income: the clock runs on at the new one."""
        rate = self.rate(tenant.people)
        if rate != tenant.rate:
            since = self.passed(tenant.lease_s, now_s) - self.passed(tenant.lease_s, tenant.read_s)
            tenant.left = max(tenant.left - self.multiplier(place, tenant.rate) * since, 0.0)
            tenant.rate, tenant.read_s = rate, now_s
        tenant.notice_s = min(self.leaves_s(tenant, place), tenant.ends_s)


def average(values: list[float], weights: list[float]) -> float:
    total = fsum(weights)
    return fsum(v * w for v, w in zip(values, weights, strict=True)) / total if total else 1.0
