"""Which households may be housed in which dwellings, by income, surface and rooms?

Pure functions over columns; every argument of n households or pairs broadcasts. Left out on purpose: the
regular stay (checked before a demand is registered), the effort rate (weighed by the commission, never a
bar) and local derogations of the préfet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.rules.law import Law
from sim.rules.traits import VALID, income_state
from sim.territory.columns import FINANCINGS, Bools, Floats, Ints

UNLIMITED = 99
"""Persons of "no upper limit": what `most_persons` returns from the cap surface up."""

MONTHS = 12

_CATEGORIES = 6


def ceiling_category(persons: ArrayLike, single_parent: ArrayLike = False) -> Ints:
    """Return the household category of the income ceilings, 1 to 6.

    Parameters
    ----------
    persons : int, at least 1
    single_parent : bool, one adult alone with dependants: ranked one category higher

    Source: arrêté du 29 juillet 1987, annexe I ("une personne seule avec une personne à charge" is in
    category 3, and so on).
    """
    # Simplified: the young-couple and disability variants are left out.
    return np.clip(_ranked(persons, single_parent), 1, _CATEGORIES)


def ceiling_eur(
    law: Law, persons: ArrayLike, financing: ArrayLike, single_parent: ArrayLike = False
) -> Floats:
    """Return the income ceiling, RFR in EUR a year.

    Parameters
    ----------
    persons : int, at least 1
    financing : int, index into FINANCINGS
    single_parent : bool, as in `ceiling_category`

    Source: R12, arrêté du 29 juillet 1987, annexe I.
    """
    table = law.ceilings_by_rank_eur
    ranked = np.minimum(np.maximum(_ranked(persons, single_parent), 0), table.shape[1] - 1)
    ceiling: Floats = table[np.asarray(financing), ranked]
    return ceiling


def plus_ceiling_eur(law: Law, persons: ArrayLike, single_parent: ArrayLike = False) -> Floats:
    """Return the PLUS ceiling, EUR a year, against which income brackets are read."""
    return ceiling_eur(law, persons, FINANCINGS.index("PLUS"), single_parent)


def under_ceiling(
    law: Law, rfr_eur: ArrayLike, persons: ArrayLike, financing: ArrayLike, single_parent: ArrayLike = False
) -> Bools:
    """Tell whose tax income does not exceed the ceiling; a missing one (NaN, "à vérifier") excludes nobody.

    Source: R12, CCH R.441-1.
    """
    # Simplified: one RFR a household; the year N-1, taken when 10 % lower, is the caller's to choose.
    above: Bools = np.asarray(rfr_eur) > ceiling_eur(law, persons, financing, single_parent)
    return ~above


def most_persons(law: Law, surface_m2: ArrayLike) -> Ints:
    """Return the largest household a surface admits, UNLIMITED from the cap up or where it is missing.

    Parameters
    ----------
    surface_m2 : float, habitable surface, NaN where missing

    Source: R13, CCH L.822-10 and R.822-25 (9, 16, then 9 a person, enough at 70).
    """
    first, second = law.over_occupation_one_m2, law.over_occupation_two_m2
    further = np.arange(second, law.over_occupation_cap_m2, law.over_occupation_further_m2)
    least = np.concatenate([[first], further, [law.over_occupation_cap_m2]])
    # NaN sorts after every number: a missing surface is to be checked, it excludes nobody.
    persons = np.searchsorted(least, np.asarray(surface_m2, dtype=np.float64), side="right")
    return np.where(persons == len(least), UNLIMITED, persons)


def least_persons(law: Law, rooms: ArrayLike) -> Ints:
    """Return the smallest household for which so many rooms are not too many, at least 1.

    Source: R14, CCH L.621-2 (rooms without the kitchen at most persons + 1).
    """
    # Simplified: rooms used for a profession, and exceptions with a reason, are left out.
    least: Ints = np.maximum(np.asarray(rooms) - law.under_occupation_margin, 1)
    return least


def rooms_allowed(law: Law, persons: ArrayLike) -> tuple[Ints, Ints]:
    """Return the fewest and the most rooms proposed by default to a household (project's matrix, not law)."""
    # Simplified: the flagged exceptions (one person in a T3, a couple with a baby in a T2) are left out.
    row = np.clip(persons, 1, len(law.rooms_matrix)) - 1
    return law.rooms_matrix[row, 0], law.rooms_matrix[row, 1]


def fits(
    law: Law,
    persons: ArrayLike,
    rfr_eur: ArrayLike,
    rooms: ArrayLike,
    surface_m2: ArrayLike,
    financing: ArrayLike,
    single_parent: ArrayLike = False,
) -> Bools:
    """Tell which pairs of household and dwelling pass income, surface and rooms (R12, R13, R14).

    Households and dwellings are given pair by pair, or as (n, 1) against (m,) to have every pair.

    Parameters
    ----------
    persons, single_parent, rfr_eur : the household's; int, bool, EUR a year (NaN missing)
    rooms, surface_m2, financing : the dwelling's; int, float (NaN missing), index into FINANCINGS
    """
    size = np.asarray(persons)
    fitting: Bools = (
        (size >= least_persons(law, rooms))
        & (size <= most_persons(law, surface_m2))
        & under_ceiling(law, rfr_eur, persons, financing, single_parent)
    )
    return fitting


def consumption_units(law: Law, adults: Ints, children: Ints, teens: Ints) -> Floats:
    """Return the household's consumption units.

    Parameters
    ----------
    adults, children : (n,) int; at least one adult
    teens : (n,) int, of the children, those aged `law.uc_further_person_age` and more

    Source: INSEE's scale (modified OECD), R3.
    """
    # Simplified: a child in alternate custody or not yet born counts as the columns count it.
    further = law.uc_further_person * (adults - 1 + teens)
    units: Floats = law.uc_first_person + further + law.uc_child * (children - teens)
    return units


def income_uc_eur(law: Law, monthly_income_eur: Floats, adults: Ints, children: Ints, teens: Ints) -> Floats:
    """Return the declared income, EUR a year and consumption unit, NaN where missing.

    Parameters
    ----------
    monthly_income_eur : (n,) float, the household's declared monthly resources, NaN where missing

    Source: R3, arrêté du 3 juin 2025: 12 × monthly incomes and pensions / consumption units.
    """
    yearly: Floats = MONTHS * monthly_income_eur / consumption_units(law, adults, children, teens)
    return yearly


def first_quartile_threshold(income_uc: Floats) -> float:
    """Return the first-quartile threshold, EUR a year and consumption unit.

    "The highest income of the quarter of applicants with the lowest incomes": of n valid incomes in
    ascending order, the one of rank ceil(n / 4), never interpolated. Missing and implausible incomes are
    not counted. NaN where no income is valid: the threshold is unknown and nobody is in any quartile.

    Parameters
    ----------
    income_uc : (n,) float, EUR a year and consumption unit, NaN where missing

    Source: arrêté du premier quartile (JORFTEXT000042056679).
    """
    valid: NDArray[np.float64] = np.sort(income_uc[income_state(income_uc) == VALID])
    return float(valid[-(-len(valid) // 4) - 1]) if len(valid) else float("nan")


def _ranked(persons: ArrayLike, single_parent: ArrayLike) -> Ints:
    """Return the rank in the table of ceilings, beyond 6 where further persons are added."""
    ranked: Ints = np.asarray(persons) + np.asarray(single_parent)
    return ranked
