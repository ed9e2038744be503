"""How much housing aid would a household get in a social dwelling, and what would it pay and keep then?

An estimation from few columns, never a right: APL of a tenant in a dwelling under convention. Left out on
purpose: rooms, shared tenancies, hostels, ownership, overseas; it never excludes or orders anybody.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.rules.law import TENSION_ZONES, Law
from sim.territory.columns import Floats, Ints, Texts

MONTHS = 12

_COUPLE = 1
"""Place of a couple without dependant in the tables by family; n dependants are at n + 1."""

_MOST_DEPENDANTS = 6
"""Dependants beyond these add the tables' last entry each."""

_REFERENCE_ZONE = 2
"""The reference rent LR of article 14 is the rent cap of this zone (the two tables are the same)."""

_HAIR = 1e-6
"""Of the last decimal kept: what binary may lack of a half."""


def aid_zone(law: Law, tension_zone: Texts) -> Ints:
    """Return the zone of the housing aid, 1, 2 or 3.

    Parameters
    ----------
    tension_zone : text, one of TENSION_ZONES

    Source: arrêté du 17 mars 1978; the table is a configurable approximation of the project.
    """
    # Simplified: the tension zone stands for the commune's own class.
    place = np.array([TENSION_ZONES.index(zone) for zone in np.ravel(tension_zone).tolist()], dtype=np.int64)
    zones: Ints = law.aid_zones[place].reshape(np.shape(tension_zone))
    return zones


def aid_resources_eur(law: Law, monthly_income_eur: ArrayLike) -> Floats:
    """Return the resources R of the aid, EUR a year, NaN where the income is missing or negative.

    Parameters
    ----------
    monthly_income_eur : float, declared monthly resources, NaN where missing

    Source: CCH R.822-2 to R.822-4, D.823-17, 4°: twelve months after deduction, rounded up.
    """
    # Simplified: all declared income is taken as taxable wages or pensions, the same over twelve months.
    income = np.asarray(monthly_income_eur, dtype=np.float64)
    yearly = MONTHS * np.where(income >= 0, income, np.nan) * (1 - float(law.aid_income_deduction))
    step = law.aid_resources_step_eur
    # To the cent first: a rounding error of the product must not add a step.
    resources: Floats = np.ceil(_half_up(yearly, 2) / step) * step
    return resources


def housing_aid_eur(
    law: Law,
    adults: ArrayLike,
    children: ArrayLike,
    resources_eur: ArrayLike,
    rent_eur: ArrayLike,
    zone: Ints,
) -> Floats:
    """Return the estimated monthly aid, whole EUR after CRDS, NaN where resources or rent are missing.

    1. The rent L retained is capped by zone and family; C is the flat rate of charges.
    2. P0 is the least share: of L + C, but not under an amount.
    3. Tp = TF (family) + TL (by bands of L over the reference rent); Pp = P0 + Tp × (R − R0).
    4. The aid L + C − Pp declines when the rent is several times its cap; a flat cut, and the CRDS, come off.

    Parameters
    ----------
    adults, children : int, at least one adult; broadcast with the others
    resources_eur : float, R of `aid_resources_eur`, EUR a year
    rent_eur : float, a month, without charges
    zone : int, 1 to 3, of `aid_zone`

    Source: CCH D.823-16 and D.823-17; arrêté du 27 septembre 2019, art. 7 and 9 to 15.
    """
    # Simplified: two adults are a couple, further adults only bring income, every child is a dependant.
    # Simplified: the solidarity rent cut (RLS) and the aid withdrawn against it are both left out.
    # Simplified: wealth, students' flat resources, AAH and neutralised incomes (RSA) are left out.
    dependants, couple = np.asarray(children), np.asarray(adults) > 1
    rent = np.asarray(rent_eur, dtype=np.float64)
    cap = _rent_cap_eur(law, zone, couple, dependants)
    retained = np.minimum(rent, cap)
    charges = law.aid_charges_eur[0] + law.aid_charges_eur[1] * dependants
    least = np.maximum(float(law.aid_least_share) * (retained + charges), law.aid_least_eur)

    reference = _rent_cap_eur(law, _REFERENCE_ZONE, couple, dependants)
    rate = _by_family(law.aid_family_rates, couple, dependants) + _rent_rate(law, retained / reference)
    allowance = _by_family(law.aid_allowance_eur, couple, dependants)
    counted = np.maximum(np.asarray(resources_eur, dtype=np.float64) - allowance, 0.0)
    aid = np.maximum(retained + charges - least - rate * counted, 0.0)

    aid = np.where(aid >= law.aid_paid_from_eur, aid, np.where(np.isnan(aid), np.nan, 0.0))
    multiples = law.aid_rent_multiples[np.asarray(zone) - 1]
    first, last = multiples[..., 0], multiples[..., 1]
    kept = np.minimum(np.maximum((last * cap - rent) / ((last - first) * cap), 0.0), 1.0)
    gross = np.maximum(_half_up(aid * kept, 2) - law.aid_cut_eur, 0.0)
    # In cents: a sum of whole cents is not a whole number of them in binary.
    cents = np.round(gross * 100)
    net: Floats = np.floor((cents - np.floor(cents * float(law.aid_crds))) / 100)
    return net


def effort_rate(
    rent_eur: ArrayLike, charges_eur: ArrayLike, aid_eur: ArrayLike, monthly_income_eur: ArrayLike
) -> Floats:
    """Return the share of income that goes to rent and charges net of aid, NaN where income is not above 0.

    Parameters
    ----------
    charges_eur : heating in it, where the charges do not hold it and it is known
    rent_eur, aid_eur, monthly_income_eur : float, a month; broadcast

    Source: R15, CCH R.441-3-1.
    """
    # Simplified: no flat rate is added for water, or for heating that a file does not give.
    income = np.asarray(monthly_income_eur, dtype=np.float64)
    cost = np.asarray(rent_eur) + np.asarray(charges_eur) - np.asarray(aid_eur)
    rate: Floats = cost / np.where(income > 0, income, np.nan)
    return rate


def residual_income_eur(
    law: Law,
    rent_eur: ArrayLike,
    charges_eur: ArrayLike,
    aid_eur: ArrayLike,
    monthly_income_eur: ArrayLike,
    units: ArrayLike,
) -> Floats:
    """Return what is left to live on, EUR a day and consumption unit, NaN where an argument is missing.

    Parameters
    ----------
    rent_eur, charges_eur, aid_eur, monthly_income_eur : float, a month; broadcast
    units : float, consumption units, of `eligibility.consumption_units`

    Source: R15, CCH R.441-3-1.
    """
    cost = np.asarray(rent_eur) + np.asarray(charges_eur) - np.asarray(aid_eur)
    income = np.asarray(monthly_income_eur, dtype=np.float64)
    left: Floats = (income - cost) / np.asarray(units) / law.residual_days
    return left


def _rent_cap_eur(law: Law, zone: ArrayLike, couple: ArrayLike, dependants: Ints) -> Floats:
    """Return the rent cap, EUR a month: alone, couple, one dependant and so much for each further."""
    caps = law.aid_rent_caps_eur[np.asarray(zone) - 1]
    alone = np.where(couple, caps[..., 1], caps[..., 0])
    cap: Floats = np.where(dependants == 0, alone, caps[..., 2] + caps[..., 3] * (dependants - 1))
    return cap


def _by_family(table: Floats, couple: ArrayLike, dependants: Ints) -> Floats:
    """Return the entry of a table by family, the last one added for each dependant beyond six."""
    row = np.minimum(dependants, _MOST_DEPENDANTS) + _COUPLE
    further = np.maximum(dependants - _MOST_DEPENDANTS, 0)
    entry: Floats = table[np.where(dependants == 0, np.where(couple, _COUPLE, 0), row)] + table[-1] * further
    return entry


def _rent_rate(law: Law, ratio: Floats) -> Floats:
    """Return TL: progressive rates over bands of the rent ratio, each rounded as the arrêté says."""
    ratio = _half_up(ratio, 4)  # a percentage of two decimals
    bands = law.aid_rent_bands.tolist()
    ends = [start for start, _ in bands[1:]] + [np.inf]
    raw = np.zeros(ratio.shape)
    for (start, rate), end in zip(bands, ends, strict=True):
        raw = raw + rate * np.maximum(np.minimum(ratio, end) - start, 0.0)
    return _half_up(raw, 5)  # a percentage of three decimals


def _half_up(values: Floats, decimals: int) -> Floats:
    """Round a half up, as an arrêté means it, even where binary holds it a little low."""
    scale = 10.0**decimals
    rounded: Floats = np.floor(values * scale + 0.5 + _HAIR) / scale
    return rounded
