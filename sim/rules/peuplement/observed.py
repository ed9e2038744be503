"""What is observed of each residence, indicator by indicator?

Shares come as counts and what they are counted of, so that a small residence is known to be small. What is
not known (no offers, no energy class, an income missing) is in neither count, never a zero. Left out on
purpose: what the figures are compared with (ruler.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.rules.eligibility import income_uc_eur, plus_ceiling_eur
from sim.rules.housing_aid import aid_resources_eur, aid_zone, housing_aid_eur
from sim.rules.law import Law
from sim.rules.peuplement.vocabulary import PATRIMOINE, POPULATION
from sim.territory.columns import DPES, FINANCINGS, Bools, Floats, Ints, Territory

YEAR_DAYS = 365
LEAST_CLASS = DPES.index("F")
ROOM_CLASSES = 6


@dataclass(frozen=True)
class Tally:
    """Counts of the population axis, one column an indicator of POPULATION.

    Attributes
    ----------
    x, n : (residences, k) float, how many have it, of how many
    within : (k, k) covariance of the indicators between households of one residence
    """

    x: Floats
    n: Floats
    within: Floats


@dataclass(frozen=True)
class Offered:
    """Offers made in some residences over a period, (offers,)."""

    residence: Ints
    refused: Bools


@dataclass(frozen=True)
class Observed:
    """The residences of a territory on its date.

    Attributes
    ----------
    dwellings, households : (residences,)
    population : counts of the shares
    patrimoine : (residences, indicators of PATRIMOINE) float, NaN where not known
    """

    dwellings: Ints
    households: Ints
    population: Tally
    patrimoine: Floats

    def value(self, name: str) -> Floats:
        """Return the raw figure of an indicator, (residences,), NaN where not known."""
        if name in PATRIMOINE:
            figure: Floats = self.patrimoine[:, PATRIMOINE.index(name)]
            return figure
        x, n = (counts[:, POPULATION.index(name)] for counts in (self.population.x, self.population.n))
        return _share(x, n)


def observe(
    territory: Territory,
    law: Law,
    q1_threshold_eur: float,
    offers: Offered | None = None,
    standing: Bools | None = None,
) -> Observed:
    """Return what is observed of each residence.

    Parameters
    ----------
    q1_threshold_eur : EUR a year and consumption unit
    offers : of the period observed, None where the territory has none
    standing : (dwellings,) those that stand on the territory's date, None for all
    """
    count = len(territory.residences.residence_id)
    residence = territory.dwellings.residence
    of = residence[territory.occupants.dwelling]
    has, known = _households(territory, law, q1_threshold_eur)
    households = np.bincount(of, minlength=count)
    dwellings = np.bincount(residence if standing is None else residence[standing], minlength=count)
    x, n = _by_residence(has & known, of, count), _by_residence(known, of, count)
    refused, made = np.zeros(count), np.zeros(count)
    if offers is not None:
        made = np.bincount(offers.residence, minlength=count).astype(float)
        refused = np.bincount(offers.residence[offers.refused], minlength=count).astype(float)
    lived_in = households.any()  # without any occupant, occupation is not known: nothing is "vacant"
    x = np.column_stack([x, (dwellings - households) * lived_in, refused])
    n = np.column_stack([n, dwellings * lived_in, made])
    within = np.zeros((len(POPULATION), len(POPULATION)))
    within[:-2, :-2] = _within(has, known, of, count)
    for place in (-2, -1):
        within[place, place] = _binomial(x[:, place], n[:, place])
    patrimoine = _patrimoine(territory, dwellings)
    return Observed(dwellings, households, Tally(x, n, within), patrimoine)


def _households(territory: Territory, law: Law, q1_threshold_eur: float) -> tuple[Bools, Bools]:
    """Return what each occupant household has, and whether it is known, (4, households) each."""
    occupants, dwellings = territory.occupants, territory.dwellings
    income, adults, children = occupants.monthly_income_eur, occupants.adults, occupants.children
    valid = income > 0
    per_unit = income_uc_eur(law, income, adults, children, occupants.teens)
    ceiling = plus_ceiling_eur(law, adults + children, (adults == 1) & (children > 0))
    zone = aid_zone(law, territory.residences.zone)[dwellings.residence[occupants.dwelling]]
    rent = dwellings.rent_eur[occupants.dwelling]
    aid = housing_aid_eur(law, adults, children, aid_resources_eur(law, income), rent, zone)
    days = (np.datetime64(territory.as_of, "D") - occupants.lease_on).astype(np.int64)
    has = [per_unit <= q1_threshold_eur, occupants.rfr_eur * 100 < 40 * ceiling, aid > 0, days < YEAR_DAYS]
    known = [
        valid & ~np.isnan(q1_threshold_eur),
        ~np.isnan(occupants.rfr_eur),
        valid,
        ~np.isnat(occupants.lease_on),
    ]
    return np.array(has), np.array(known)


def _patrimoine(territory: Territory, dwellings: Ints) -> Floats:
    """Return the facts of the buildings, (residences, indicators of PATRIMOINE)."""
    stock, residences, count = territory.dwellings, territory.residences, len(dwellings)
    of = stock.residence
    age = np.where(residences.build_year > 0, territory.as_of.year - residences.build_year, np.nan)
    rooms = np.bincount(of * ROOM_CLASSES + np.minimum(stock.rooms, ROOM_CLASSES) - 1, minlength=count * 6)
    mix = _share(rooms.reshape(count, ROOM_CLASSES), dwellings[:, None])
    whole = rooms.reshape(count, ROOM_CLASSES).sum(axis=0) / max(dwellings.sum(), 1)
    rent, surface = (np.bincount(of, column, count) for column in (stock.rent_eur, stock.surface_m2))
    price, mean = _share(rent, surface), _share(rent.sum(), surface.sum())
    classed = np.bincount(of[stock.dpe >= 0], minlength=count)
    columns = {
        "building_age": age,
        "size": np.log2(np.where(dwellings > 0, dwellings, np.nan)),
        "typology_gap": np.abs(mix - whole).sum(axis=1) / 2,
        "very_social": _share(
            np.bincount(of[stock.financing == FINANCINGS.index("PLAI")], minlength=count), dwellings
        ),
        "low_rent": 1 - _share(price, mean),
        "in_qpv": residences.in_qpv.astype(float),
        "energy_fg": _share(np.bincount(of[stock.dpe >= LEAST_CLASS], minlength=count), classed),
    }
    return np.column_stack([columns[name] for name in PATRIMOINE])


def _by_residence(flags: Bools, of: Ints, count: int) -> Floats:
    return np.column_stack([np.bincount(of[column], minlength=count) for column in flags]).astype(float)


def _within(has: Bools, known: Bools, of: Ints, count: int) -> Floats:
    """Return the covariance of household indicators inside residences, (k, k), pooled over residences.

    Deviations are from the residence's own share; a pair counts the households where both are known, less one
    for each residence that has some.
    """
    own = _share(_by_residence(has & known, of, count), _by_residence(known, of, count))
    own = np.nan_to_num(own)
    covariance = np.zeros((len(has), len(has)))
    for i, j in zip(*np.triu_indices(len(has)), strict=True):
        both = known[i] & known[j]
        flags = np.array([both, has[i] & both, has[j] & both, has[i] & has[j] & both])
        n, first, second, together = _by_residence(flags, of, count).T
        terms = together - own[:, j] * first - own[:, i] * second + n * own[:, i] * own[:, j]
        freedom = n.sum() - np.count_nonzero(n)
        if freedom > 0:
            covariance[i, j] = covariance[j, i] = terms.sum() / freedom
    return covariance


def _binomial(x: Floats, n: Floats) -> float:
    """Return the variance of one unit around its residence's share, pooled."""
    freedom = n.sum() - np.count_nonzero(n)
    return float(np.sum(x - x * _share(x, np.maximum(n, 1))) / freedom) if freedom > 0 else 0.0


def _share(top: ArrayLike, bottom: ArrayLike) -> Floats:
    over, under = np.broadcast_arrays(np.asarray(top, dtype=float), np.asarray(bottom, dtype=float))
    share: Floats = np.divide(over, under, out=np.full(under.shape, np.nan), where=under > 0)
    return share
