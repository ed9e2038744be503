"""What is observed of each residence, indicator by indicator?

Shares come as counts and what they are counted of, so that a small residence is known to be small. What is
not known (no offers, no energy class, an income missing) is in neither count, never a zero. Left out on
purpose: what the figures are compared with (ruler.py).

Of a household the four indicators read its incomes, its lease and, because the law counts incomes by them,
the persons of its consumption units, of its ceiling and of its housing aid; never its age, its activity, or
who it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.rules.eligibility import income_uc_eur, plus_ceiling_eur
from sim.rules.housing_aid import aid_resources_eur, aid_zone, housing_aid_eur
from sim.rules.law import Law
from sim.rules.peuplement.vocabulary import PATRIMOINE, POPULATION
from sim.rules.traits import below_plus
from sim.territory.columns import DPES, FINANCINGS, Bools, Floats, Ints, Territory

YEAR_DAYS = 365
"""The trailing year, in which leases and offers are read."""

LEAST_CLASSES = (DPES.index("F"), DPES.index("G"))
ROOM_CLASSES = 6
"""Typologies told apart: T1 to T5, then T6 and more."""


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
    """Offers that candidates have answered in some residences over a period, (offers,)."""

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
    let: Bools | None = None,
    vacant: Bools | None = None,
) -> Observed:
    """Return what is observed of each residence.

    1. Count the households: of incomes, and of those whose lease is of the trailing year.
    2. Count the dwellings vacant and the offers refused; where the leases are told, the dwellings let.
    3. Describe the buildings.

    Parameters
    ----------
    q1_threshold_eur : EUR a year and consumption unit, NaN where it is not known
    offers : of the period observed, None where the territory has none
    standing : (dwellings,) those that stand on the territory's date, None for all
    let : (dwellings,) those with a lease signed in the trailing year, None to read the occupants' leases
    vacant : (dwellings,) those that count as vacant, None for those without an occupant
    """
    count, residence = len(territory.residences.residence_id), territory.dwellings.residence
    here = np.ones(len(residence), dtype=bool) if standing is None else standing
    occupied = np.zeros(len(residence), dtype=bool)
    occupied[territory.occupants.dwelling] = True

    def counted(of: Ints) -> Ints:
        return np.bincount(of, minlength=count)

    households, dwellings = counted(residence[occupied]), counted(residence[here])
    has, known = _households(territory, law, q1_threshold_eur)
    of, size, first = residence[territory.occupants.dwelling], len(POPULATION), len(has)
    x, n, within = np.zeros((count, size)), np.zeros((count, size)), np.zeros((size, size))
    patterns, yes, told = _patterns(has, known, of, count)
    x[:, :first], n[:, :first] = patterns @ yes.T, patterns @ told.T
    within[:first, :first] = _within(patterns, yes, told)

    others: dict[str, tuple[Ints, Ints]] = {}
    if vacant is not None or occupied.any():  # without any occupant, nothing is known to be vacant
        free = here & (~occupied if vacant is None else vacant)
        others["vacancy"] = counted(residence[free]), dwellings
    if offers is not None:
        others["refusals"] = counted(offers.residence[offers.refused]), counted(offers.residence)
    if let is not None:
        old = here & ~_new(territory)[residence]
        others["rotation"] = counted(residence[old & let]), counted(residence[old])
    for name, (having, among) in others.items():
        place = POPULATION.index(name)
        x[:, place], n[:, place] = having, among
        within[place, :] = within[:, place] = 0.0  # of dwellings or offers: apart from the households
        within[place, place] = _binomial(x[:, place], n[:, place])
    return Observed(dwellings, households, Tally(x, n, within), _patrimoine(territory, here))


def _new(territory: Territory) -> Bools:
    """Tell which residences were completed in the trailing year: first lettings are no rotation."""
    new: Bools = territory.residences.build_year >= territory.as_of.year - 1
    return new


def _households(territory: Territory, law: Law, q1_threshold_eur: float) -> tuple[Bools, Bools]:
    """Return what each occupant household has, and whether it is known, (4, households) each."""
    occupants, dwellings = territory.occupants, territory.dwellings
    income, adults, children = occupants.monthly_income_eur, occupants.adults, occupants.children
    valid = income > 0
    per_unit = income_uc_eur(law, income, adults, children, occupants.teens)
    ceiling = plus_ceiling_eur(law, adults + children, (adults == 1) & (children > 0))
    residence = dwellings.residence[occupants.dwelling]
    zone = aid_zone(law, territory.residences.zone)[residence]
    rent = dwellings.rent_eur[occupants.dwelling]
    aid = housing_aid_eur(law, adults, children, aid_resources_eur(law, income), rent, zone)
    days = (np.datetime64(territory.as_of, "D") - occupants.lease_on).astype(np.int64)
    has = {
        "first_quartile": per_unit <= q1_threshold_eur,
        "below_40_plus": below_plus(40, occupants.rfr_eur, ceiling),
        "housing_aid": aid > 0,
        "rotation": days < YEAR_DAYS,
    }
    known = {
        "first_quartile": valid & ~np.isnan(q1_threshold_eur),
        "below_40_plus": ~np.isnan(occupants.rfr_eur),
        "housing_aid": valid,
        "rotation": ~np.isnat(occupants.lease_on) & ~_new(territory)[residence],
    }
    names = [name for name in POPULATION if name in has]
    return np.array([has[name] for name in names]), np.array([known[name] for name in names])


def _patrimoine(territory: Territory, here: Bools) -> Floats:
    """Return the facts of the buildings, (residences, indicators of PATRIMOINE).

    here : (dwellings,) those that stand
    """
    stock, residences = territory.dwellings, territory.residences
    of, count = stock.residence, len(residences.residence_id)

    def counted(which: Bools) -> Ints:
        return np.bincount(of[which & here], minlength=count)

    dwellings = counted(here)
    rooms = np.column_stack(
        [counted(np.minimum(stock.rooms, ROOM_CLASSES) == kind) for kind in range(1, ROOM_CLASSES + 1)]
    )
    mix, whole = _share(rooms, dwellings[:, None]), _share(rooms.sum(axis=0), dwellings.sum())
    rent, surface = (np.bincount(of, column * here, count) for column in (stock.rent_eur, stock.surface_m2))
    columns = {
        "building_age": np.where(
            residences.build_year > 0, territory.as_of.year - residences.build_year, np.nan
        ),
        "size": np.where(dwellings > 0, dwellings, np.nan),
        "typology_gap": np.abs(mix - whole).sum(axis=1) / 2,
        "very_social": _share(counted(stock.financing == FINANCINGS.index("PLAI")), dwellings),
        "low_rent": 1 - _share(_share(rent, surface), _share(rent.sum(), surface.sum())),
        "in_qpv": residences.in_qpv.astype(float),
        "energy_fg": _share(counted(np.isin(stock.dpe, LEAST_CLASSES)), counted(stock.dpe >= 0)),
    }
    return np.column_stack([columns[name] for name in PATRIMOINE])


def _patterns(has: Bools, known: Bools, of: Ints, count: int) -> tuple[Floats, Bools, Bools]:
    """Return the households of each residence by pattern of answers, then what each pattern says.

    A household answers yes, no or not known to each of k indicators: one of 3^k patterns, read once; counts
    are whole numbers, exact whatever the order of households.

    Returns
    -------
    (residences, 3^k) households, (k, 3^k) yes, (k, 3^k) known
    """
    base = 3 ** np.arange(len(has))
    answer = np.where(known, 1 + has, 0)
    size = 3 ** len(has)
    households = np.bincount(of * size + base @ answer, minlength=count * size).reshape(count, size)
    answers = np.arange(size) // base[:, None] % 3
    return households.astype(float), answers == 2, answers > 0


def _within(households: Floats, yes: Bools, known: Bools) -> Floats:
    """Return the covariance of household indicators inside residences, (k, k), pooled over residences.

    Deviations are from the residence's own share; a pair counts the households where both are known, less one
    for each residence that has some.
    """
    own = np.nan_to_num(_share(households @ yes.T, households @ known.T))
    covariance = np.zeros((len(yes), len(yes)))
    for i, j in zip(*np.triu_indices(len(yes)), strict=True):
        both = known[i] & known[j]
        flags = np.array([both, yes[i] & both, yes[j] & both, yes[i] & yes[j]])
        n, first, second, together = (households @ flags.T).T
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
