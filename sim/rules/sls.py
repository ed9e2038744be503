"""Who pays a supplément de loyer de solidarité (SLS), how much, and who loses the right to stay?

Pure functions over columns, all broadcast. Left out on purpose: the adaptation of the scale by a convention
d'utilité sociale or a PLH, the cap by square metre of tenants who entered above the ceilings, the penalty for
not answering the survey.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.rules.eligibility import MONTHS, ceiling_eur
from sim.rules.law import Law
from sim.territory.columns import FINANCINGS, Bools, Floats, Ints

PER_CENT = 100

ROUNDING = 1e-9
"""Percents that a quotient of floats may fall short of a whole one."""


def overrun_percent(
    law: Law, rfr_eur: ArrayLike, persons: ArrayLike, financing: ArrayLike, single_parent: ArrayLike = False
) -> Ints:
    """Return by how many whole percents the tax income exceeds the dwelling's ceiling; -100 where missing.

    Parameters
    ----------
    rfr_eur : float, EUR a year, NaN where missing
    persons, single_parent : as in `eligibility.ceiling_eur`
    financing : int, index into FINANCINGS, of the dwelling

    Source: CCH L.441-3, R.441-20.
    """
    share = np.asarray(rfr_eur) / ceiling_eur(law, persons, financing, single_parent)
    return np.floor(PER_CENT * (np.nan_to_num(share, nan=0.0) - 1) + ROUNDING).astype(np.int64)


def overrun_coefficient(law: Law, percent: ArrayLike) -> Floats:
    """Return the coefficient of so many percents over the ceiling, 0 below the threshold.

    1. At the threshold (20 %) a first value.
    2. For each percent more, a step that depends on where this percent lies: low, middle, high.

    Source: CCH R.441-21 1°.
    """
    over = np.asarray(percent)
    start, middle, high = law.sls_threshold_percent, law.sls_middle_percent - 1, law.sls_high_percent - 1
    low_steps = np.clip(over, start, middle) - start
    middle_steps = np.clip(over, middle, high) - middle
    high_steps = np.maximum(over, high) - high
    steps = law.sls_step_low * low_steps + law.sls_step_middle * middle_steps + law.sls_step_high * high_steps
    return np.where(over >= start, law.sls_coefficient + steps, 0.0)


def reference_eur_m2(law: Law, tension_zone: ArrayLike) -> Floats:
    """Return the monthly supplément de loyer de référence, EUR a square metre.

    Source: CCH R.441-21 2°.
    """
    # Simplified: the zones of the decree are read from those of the ceilings and of tension.
    zone = np.asarray(tension_zone)
    if law.zone == "paris_communes_limitrophes":
        return np.full(zone.shape, law.sls_reference_paris_eur_m2)
    if law.zone == "ile_de_france":
        return np.full(zone.shape, law.sls_reference_zone_1_eur_m2)
    dense = np.isin(zone, ("Abis", "A", "B1"))
    return np.where(dense, law.sls_reference_zone_2_eur_m2, law.sls_reference_zone_3_eur_m2)


def sls_eur(
    law: Law,
    rfr_eur: ArrayLike,
    persons: ArrayLike,
    single_parent: ArrayLike,
    financing: ArrayLike,
    surface_m2: ArrayLike,
    rent_eur: ArrayLike,
    tension_zone: ArrayLike,
    in_qpv: ArrayLike,
) -> Floats:
    """Return the SLS of each household, EUR a month.

    1. Nothing in QPV, nor below the threshold, nor where income, surface or rent is missing.
    2. Surface × coefficient of overrun × reference.
    3. No more than what brings the rent without charges to the capped share of the monthly resources.

    Parameters
    ----------
    rfr_eur : float, EUR a year, NaN where missing
    surface_m2, rent_eur : float, square metres and EUR a month without charges, NaN where missing

    Source: CCH L.441-3, L.441-4, R.441-21.
    """
    # Simplified: the monthly resources of the cap are the tax income / 12; ZRR have no column.
    coefficient = overrun_coefficient(law, overrun_percent(law, rfr_eur, persons, financing, single_parent))
    coefficient = np.where(np.asarray(in_qpv) & (not law.sls_qpv), 0.0, coefficient)
    amount = np.asarray(surface_m2) * coefficient * reference_eur_m2(law, tension_zone)
    room = float(law.sls_rent_share_max) * np.asarray(rfr_eur) / MONTHS - np.asarray(rent_eur)
    due = np.minimum(amount, np.maximum(room, 0.0))
    return np.where(coefficient > 0, np.nan_to_num(due, nan=0.0), 0.0)


def above_the_right_to_stay(
    law: Law,
    rfr_eur: ArrayLike,
    persons: ArrayLike,
    single_parent: ArrayLike,
    age: ArrayLike,
    tension_zone: ArrayLike,
    in_qpv: ArrayLike,
) -> Bools:
    """Tell whose income this year is above what the right to stay admits, where it can be lost.

    Source: CCH L.442-3-3.
    """
    # Simplified: occupants have no column for disability, whose holders keep the right.
    ceiling = ceiling_eur(law, persons, FINANCINGS.index("PLS"), single_parent)
    above = PER_CENT * np.asarray(rfr_eur) > law.right_to_stay_percent * ceiling
    tight = np.isin(np.asarray(tension_zone), law.right_to_stay_zones)
    young = np.asarray(age) < law.right_to_stay_age
    exempt = np.asarray(in_qpv) & (not law.right_to_stay_qpv)
    lost: Bools = above & tight & young & ~exempt & law.right_to_stay
    return lost
