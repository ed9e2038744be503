"""How many vacancies should a year bring, dwelling by dwelling, and how sure is it?

From the leases signed in the trailing year where there are enough of them, else from the law of tenancies.
Left out on purpose: deliveries, demolitions, sales, and the pool of each réservataire.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import gamma

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, poisson

from sim.portrait.pending import TYPOLOGIES, typology
from sim.territory.columns import Dates, Floats, Ints

YEAR_DAYS = 365
LEAST_DAYS = 90
"""A file of leases that covers fewer days says nothing of a year."""

TYPICAL_ROOMS = 3
"""Rooms at which the typology does not change the rate: the middle of T1-T5."""

LEVEL = 0.95


@dataclass(frozen=True)
class Expected:
    """Vacancies expected in a year."""

    of_dwelling: Floats  # (D,) vacancies a year
    source: str  # "leases" or "hypotheses"
    leases: int  # signed in the days covered
    days: int  # covered by the leases, 0 without them

    @property
    def per_lease(self) -> float:
        """Vacancies a year that a lease of the days covered stands for; 0 without leases."""
        return YEAR_DAYS / self.days if self.days else 0.0


@dataclass(frozen=True)
class Departures:
    """The numbers of behaviour the law of tenancies needs (scenarios/hypotheses/*.toml)."""

    weibull_shape: float
    weibull_scale_years: float
    t1_over_t5: float


def from_departures(rooms: Ints, law: Departures) -> Expected:
    """Return what the law of tenancies gives, whatever frees the dwelling (departure or mutation).

    In a stationary stock a dwelling is vacated once a mean tenancy, scale × Γ(1 + 1/shape); the rate is
    multiplied by t1_over_t5^((3 - rooms)/4).

    # Simplified: the same rate whatever the length of the present tenancy, and for a vacant dwelling.
    """
    mean_years = law.weibull_scale_years * gamma(1 + 1 / law.weibull_shape)
    several = np.clip(rooms, 1, len(TYPOLOGIES))
    rate: Floats = law.t1_over_t5 ** ((TYPICAL_ROOMS - several) / 4.0) / mean_years
    return Expected(rate, "hypotheses", 0, 0)


def from_leases(dwelling: Ints, signed_on: Dates, as_of: date, dwellings: int, least: int) -> Expected | None:
    """Return what the leases of the trailing year give, None where they are too few or cover too few days.

    A file that reaches back less than a year covers the days from the first of the month of its first lease;
    its leases are then brought to a year.

    Parameters
    ----------
    dwelling, signed_on : (L,) row of the dwelling and date of each lease of the file
    least : leases under which nothing is read
    """
    day = np.datetime64(as_of, "D")
    recent = (signed_on > day - YEAR_DAYS) & (signed_on <= day)
    if int(recent.sum()) < least:
        return None
    first = signed_on.min().astype("datetime64[M]").astype("datetime64[D]")
    days = min(YEAR_DAYS, int((day - first).astype(np.int64)))
    if days < LEAST_DAYS:
        return None
    counts = np.bincount(dwelling[recent], minlength=dwellings)
    return Expected(counts * (YEAR_DAYS / days), "leases", int(recent.sum()), days)


def by_place(expected: Expected, commune: Ints, rooms: Ints, communes: int) -> Floats:
    """Return the vacancies expected by commune and typology, with totals, (communes + 1, typologies + 1)."""
    table = np.zeros((communes + 1, len(TYPOLOGIES) + 1))
    np.add.at(table, (commune, typology(rooms)), expected.of_dwelling)
    table[:-1, -1], table[-1, :-1] = table[:-1, :-1].sum(axis=1), table[:-1, :-1].sum(axis=0)
    table[-1, -1] = table[-1, :-1].sum()
    return table


def interval(table: Floats, expected: Expected) -> tuple[Floats, Floats]:
    """Return the 95 % interval of each number of vacancies, low and high, same shape.

    From leases: of the yearly rate of a Poisson count (exact, Garwood 1936). From the law of tenancies: of
    the number of vacancies of a year, Poisson around its expectation. Neither covers the hypotheses.
    """
    tail = (1 - LEVEL) / 2
    if expected.source == "leases":
        count = np.round(table / expected.per_lease)
        low = np.where(count > 0, chi2.ppf(tail, 2 * np.maximum(count, 1)) / 2, 0.0)
        high = chi2.ppf(1 - tail, 2 * count + 2) / 2
        return low * expected.per_lease, high * expected.per_lease
    return _quantile(tail, table), _quantile(1 - tail, table)


def enough(table: Floats, expected: Expected, least: int) -> NDArray[np.bool_]:
    """Tell which numbers rest on at least `least` leases, signed or expected in a year."""
    counts = np.round(table / expected.per_lease) if expected.source == "leases" else table
    told: NDArray[np.bool_] = counts >= least
    return told


def _quantile(level: float, mean: Floats) -> Floats:
    found: Floats = np.where(mean > 0, poisson.ppf(level, np.maximum(mean, 1e-12)), 0.0)
    return found
