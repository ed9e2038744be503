"""Which households meet the margins of a profile, and what are their ages, children and two incomes?

Origin, nationality, name, sex, religion and health have no place here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, Keys
from sim.territory.synthetic.draws import chosen, code
from sim.territory.synthetic.fitting import Margin, fit, integerise, largest_remainder
from sim.territory.synthetic.spec import AGE_EDGES, INCOME_EDGES, Households, Profile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Composition:
    """Households as columns, (n,) each."""

    keys: Keys
    adults: Ints
    children: Ints
    teens: Ints
    age: Ints
    activity: Ints
    monthly_income_eur: Floats  # declared, a month
    rfr_eur: Floats  # tax income, a year

    @property
    def persons(self) -> Ints:
        """Persons of each household."""
        return self.adults + self.children

    @property
    def units(self) -> Floats:
        """Consumption units: 1, 0.5 per further person of 14 and more, 0.3 per younger child."""
        units: Floats = 1 + 0.5 * (self.adults - 1 + self.teens) + 0.3 * (self.children - self.teens)
        return units

    def take(self, rows: Any) -> Composition:
        """Return the households `rows`, in that order."""
        return replace(self, **{spec.name: getattr(self, spec.name)[rows] for spec in fields(self)})


def joined(first: Composition, second: Composition) -> Composition:
    """Return the households of both, the first ones first."""
    return Composition(
        *(np.concatenate([getattr(first, spec.name), getattr(second, spec.name)]) for spec in fields(first))
    )


def size_shares(profile: Profile, assumed: Households) -> Floats:
    """Return the shares of 1, 2, ... 6 and more persons, (6,).

    The weights of 2 persons and more are tilted by a geometric factor until the mean size is the published
    one, where the profile has one.
    """
    single = profile.single_persons.value
    weights = profile.sizes.shares
    if profile.mean_persons is not None:
        persons = np.array([2.0, 3.0, 4.0, 5.0, float(assumed.six_and_more.shares @ (6, 7, 8))])
        wanted = (profile.mean_persons.value - single) / (1 - single)
        if not persons[0] < wanted < persons[-1]:
            raise ValueError(
                f"taille moyenne de {profile.mean_persons.value:g} impossible "
                f"avec {single:.0%} de personnes seules"
            )

        def tilted(power: float) -> Floats:
            odds = weights * np.exp(power * persons)
            leaning: Floats = odds / odds.sum()
            return leaning

        from scipy.optimize import brentq  # who plays a territory does not wait for it

        weights = tilted(brentq(lambda power: float(tilted(power) @ persons) - wanted, -10.0, 10.0))
    return np.concatenate([[single], (1 - single) * weights])


def age_shares(profile: Profile) -> Floats:
    """Return the shares of the age bands, (6,), half of them on each side of the published median age."""
    shares = profile.ages.shares
    if profile.median_age is None:
        return shares
    edges = np.array(AGE_EDGES, dtype=np.float64)
    under = np.clip((profile.median_age.value - edges[:-1]) / np.diff(edges), 0, 1) * shares
    balanced: Floats = under * 0.5 / under.sum() + (shares - under) * 0.5 / (1 - under.sum())
    return balanced


def activity_shares(profile: Profile) -> Floats:
    """Return the shares of employed, unemployed, retired, student, other reference persons, (5,)."""
    employed = profile.activity_income.value * profile.reference_earner.value
    return np.concatenate([[employed], (1 - employed) * profile.other_activities.shares])


def income_shares(profile: Profile) -> Floats:
    """Return the shares of the income bands, (6,)."""
    below = profile.below_60.value
    return np.concatenate([below * profile.bands_below.shares, (1 - below) * profile.bands_above.shares])


def draw_households(
    profile: Profile, assumed: Households, sizes: Ints, keys: Keys, chance: Chance, purpose: str
) -> Composition:
    """Draw households that meet the margins of a profile within one household a cell.

    1. Fit size × age × activity × income band, in whole households.
    2. Hand the cells to the households in a drawn order.
    3. Draw what lies inside a cell: age, composition, tax income, declared income.

    Parameters
    ----------
    sizes : (6,) int, households of 1, 2, ... 6 and more persons; their sum is the number of keys.
    keys : (n,) identities of the households.
    """
    margins = [Margin((0,), sizes)]
    for axis, shares in (
        (1, age_shares(profile)),
        (2, activity_shares(profile)),
        (3, income_shares(profile)),
    ):
        totals = largest_remainder(shares * keys.size, keys.size, np.arange(shares.size, dtype=np.float64))
        margins.append(Margin((axis,), totals))
    seed = np.einsum(
        "as,aw,wi->sawi",
        assumed.size_by_age.array,
        assumed.activity_by_age.array,
        assumed.income_by_activity.array,
    )
    counts = integerise(fit(seed, margins), margins, chance, f"{purpose}/rounding")
    cells = np.repeat(np.argwhere(counts), counts[counts > 0], axis=0)
    size, age_band, activity, income_band = cells[chance.order(f"{purpose}/cell", keys)].T
    extra = code(chance, f"{purpose}/six_and_more", keys, assumed.six_and_more.array)
    persons = size + 1 + np.where(size == 5, extra, 0)
    age = _inside(AGE_EDGES, age_band, chance.uniform(f"{purpose}/age", keys)).astype(np.int64)
    adults, children, teens = _members(assumed, persons, age_band, keys, chance, purpose)
    ratio = _inside(INCOME_EDGES, income_band, chance.uniform(f"{purpose}/income", keys))
    rfr = np.rint(ratio * plus_ceiling(assumed, adults, children))
    units = 1 + 0.5 * (adults - 1 + teens) + 0.3 * (children - teens)
    declared = np.maximum(
        rfr * assumed.declared_over_tax.array[activity] / 12, assumed.minimum_eur_uc.value * units
    )
    declared *= np.exp(assumed.declared_spread.value * chance.normal(f"{purpose}/declared", keys))
    declared += assumed.child_benefit_eur.value * children
    return Composition(keys, adults, children, teens, age, activity, np.rint(declared), rfr)


def plus_ceiling(assumed: Households, adults: Ints, children: Ints) -> Floats:
    """Return the PLUS ceiling of households, (n,) EUR of tax income a year.

    Source: categories of the arrêté of 29 July 1987, annexe I. # Simplified: a person alone with children
    is one category higher; the young couple and disability variants are left to the rules.
    """
    persons = adults + children
    category = np.minimum(persons + ((adults == 1) & (children > 0)), 6)
    beyond = np.maximum(persons - 6, 0)
    ceiling: Floats = assumed.plus_ceilings_eur.array[category - 1] + beyond * assumed.plus_extra_eur.value
    return ceiling


def _members(
    assumed: Households, persons: Ints, age_band: Ints, keys: Keys, chance: Chance, purpose: str
) -> tuple[Ints, Ints, Ints]:
    """Return adults, children and, of these, teens: single parents first, then couples with children."""
    larger = np.clip(persons - 2, 0, 4)
    odds = assumed.single_parents_by_size.array[larger] * assumed.single_parents_by_age.array[age_band]
    number = round(assumed.single_parents.value * keys.size)
    single = chosen(chance, f"{purpose}/single_parent", keys, np.where(persons > 1, odds, 0), number)
    adults = np.where(single | (persons == 1), 1, 2)
    children = persons - adults
    grown, teens = np.zeros_like(persons), np.zeros_like(persons)
    for child in range(int(children.max(initial=0))):
        born = children > child
        first, second = chance.uniforms(f"{purpose}/child", keys, child)
        left = born & ~single & (first < assumed.grown_children.array[age_band])
        grown += left
        teens += born & ~left & (second < assumed.teens_by_age.array[age_band])
    return adults + grown, children - grown, teens


def _inside(edges: tuple[float, ...], band: Ints, drawn: Floats) -> Floats:
    """Return a point of each band, uniform between its edges."""
    limits = np.array(edges, dtype=np.float64)
    point: Floats = limits[band] + drawn * (limits[band + 1] - limits[band])
    return point
