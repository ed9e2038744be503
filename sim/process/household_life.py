"""What does a year of life do to a household? Children grow and leave, couples part and form, births, deaths.

One pure function for those housed and those who wait, so that a tenant and its mutation demand live the same
year. Left out on purpose: the age of each child (only those of 14 and more are told apart), flat-sharing,
disability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.chance import Chance, Keys
from sim.rules.law import Law
from sim.scenario.stock import Household
from sim.territory.columns import Bools, Floats, Ints

AGES_OF_BIRTH = (25, 30, 35, 40, 51)
"""Ages that end the bands of INSEE's table of births."""

GOMPERTZ_AGE = 80


@dataclass(frozen=True)
class Members:
    """Who lives together, a household a row, (n,)."""

    adults: Ints  # grown children included
    grown: Ints  # children of the household who are adults
    children: Ints
    teens: Ints  # of the children
    age: Ints  # years, reference person

    @property
    def partners(self) -> Ints:
        """Adults who are no grown children: two or more are a couple."""
        return self.adults - self.grown


@dataclass(frozen=True)
class YearOfLife:
    """What a year made of households, (n,); `members` keep their age."""

    members: Members
    income: Floats  # by what the household's incomes are multiplied
    separated: Bools  # one of the couple has left
    died: Bools  # no adult but grown children is left: a tenancy ends
    death_at: Floats  # when in the year, 0-1


def grown_children(adults: Ints) -> Ints:
    """Return how many adults of a household as given are taken for grown children: beyond two."""
    return np.maximum(np.asarray(adults, dtype=np.int64) - 2, 0)


def death_share(choice: Household, age: Ints) -> Floats:
    """Return the probability that a person dies within the year: Gompertz, at most one."""
    share: Floats = choice.death_at_80 * np.exp(choice.death_growth * (age - GOMPERTZ_AGE))
    return np.minimum(share, 1.0)


def birth_share(choice: Household, age: Ints) -> Floats:
    """Return births a year and woman of an age, 0 from 51 on."""
    rates = (
        choice.birth_under_25,
        choice.birth_25_29,
        choice.birth_30_34,
        choice.birth_35_39,
        choice.birth_40_50,
        0.0,
    )
    share: Floats = np.array(rates)[np.searchsorted(AGES_OF_BIRTH, age, side="right")]
    return share


def year_of_life(
    law: Law, choice: Household, chance: Chance, year: int, household: Keys, members: Members
) -> YearOfLife:
    """Return what the year before 1 January of `year` made of households.

    1. Each grown child leaves with a constant probability.
    2. Each child under 14 turns 14, each teenager comes of age, with the probability of one year in so many.
    3. Under an age, a couple parts (one leaves, alone), or an adult without a partner is joined by one.
    4. A child is born, by the age of the reference person and as a couple or not.
    5. One of a couple dies, or the one adult there is: that ends a tenancy within the coming year.
    """
    # Simplified: children have no age of their own, and all stay with who keeps the dwelling.
    teen_from = law.uc_further_person_age
    young = members.children - members.teens
    left = _met(chance, f"leaves/{year}", household, members.grown, choice.leaves_home)
    turned = _met(chance, f"turns-teen/{year}", household, young, 1 / teen_from)
    teen_years = max(choice.adult_age - teen_from, 1.0)
    of_age = _met(chance, f"comes-of-age/{year}", household, members.teens, 1 / teen_years)
    mating, born, dying, death_at = chance.quarters(f"life/{year}", household)
    couple, early = members.partners >= 2, members.age < choice.couple_until_age
    separated = couple & early & (mating < choice.separation)
    formed = ~couple & early & (mating < choice.couple_formed)
    often = np.where(couple, choice.birth_couple, choice.birth_alone)
    birth = born < birth_share(choice, members.age) * often
    partners = members.partners - separated + formed
    dies = death_share(choice, members.age)
    bereaved = (partners >= 2) & (dying < 2 * dies)
    died = (partners < 2) & (dying < dies)
    grown = members.grown - left + of_age
    after = Members(
        adults=partners - bereaved + grown,
        grown=grown,
        children=members.children - of_age + birth,
        teens=members.teens + turned - of_age,
        age=members.age,
    )
    income = np.where(separated, choice.separation_income, 1.0)
    income = np.where(formed, choice.couple_income, income)
    income = np.where(bereaved, income * choice.separation_income, income)
    return YearOfLife(after, income, separated, died, death_at)


def _met(chance: Chance, purpose: str, household: Keys, persons: Ints, share: float) -> Ints:
    """Return how many persons of each household meet an event, each with the same probability."""
    found = np.zeros(len(household), dtype=np.int64)
    for number in range(int(persons.max(initial=0))):
        rows = np.flatnonzero(number < persons)
        found[rows] += chance.uniform(purpose, household[rows], number) < share
    return found
