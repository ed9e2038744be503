"""Of the vacancies a year should bring, how many could be offered to each demand, and to each band of points?

A vacancy could be offered to a demand that wishes its commune and typology, whose stated maximum its rent and
charges do not exceed, and that income, surface, rooms and accessibility admit (R12-R14). Left out on purpose:
the réservataires' pools and the competition of others: what could be offered to a band could be to another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.portrait.bands import Banded
from sim.portrait.pending import TYPOLOGIES
from sim.portrait.vacancies import Expected
from sim.rules.fit_codes import DwellingCodes, demand_codes, dwelling_codes
from sim.rules.law import Law
from sim.territory.columns import Demands, Dwellings, Floats, Ints, Territory

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Offered:
    """What the expected vacancies of a year could be offered to."""

    of_demand: Floats  # (n,) vacancies of the year each demand is eligible for
    of_band: Floats  # (bands,) vacancies of the year at least one demand of the band is eligible for
    total: float  # vacancies of the year


def offered(territory: Territory, law: Law, expected: Expected, banded: Banded) -> Offered:
    """Return how many of the year's expected vacancies each demand, and each band, is eligible for.

    1. Dwellings alike in commune, rooms, surface class, financing and accessibility form a class; inside it,
       vacancies add up by rent.
    2. For each class, keep who wishes the commune and fits; each may pay so many of its vacancies.
    3. A band could be offered what the demand of it with the highest limit could.
    """
    demands, dwellings = territory.demands, territory.dwellings
    codes = dwelling_codes(
        law, dwellings.rooms, dwellings.surface_m2, dwellings.financing, dwellings.accessible
    )
    commune = territory.residences.commune[dwellings.residence]
    asked = asking(territory, law)
    most = np.where(np.isnan(demands.max_rent_eur), np.inf, demands.max_rent_eur)
    of_demand, of_band = np.zeros(len(most)), np.zeros(len(banded.bands))
    for place in np.unique(commune).tolist():
        wishing = np.flatnonzero(demands.wishes[:, place])
        for members in _classes(dwellings, codes, np.flatnonzero(commune == place)):
            fitting = wishing[_fits(asked[wishing], codes, int(members[0]))]
            if len(fitting):
                rent = dwellings.rent_eur[members] + dwellings.charges_eur[members]
                order = rent.argsort(kind="stable")
                under = np.concatenate([[0.0], np.cumsum(expected.of_dwelling[members[order]])])
                could = under[np.searchsorted(rent[order], most[fitting], side="right")]
                of_demand[fitting] += could
                reach = np.zeros(len(of_band))
                np.maximum.at(reach, banded.of[fitting], could)
                of_band += reach
    return Offered(of_demand, of_band, float(expected.of_dwelling.sum()))


def asking(territory: Territory, law: Law) -> NDArray[np.int32]:
    """Return what a dwelling reads of each pending demand (sim/rules/fit_codes.py), (n,)."""
    demands = territory.demands
    persons = demands.adults + demands.children
    return demand_codes(
        law,
        demands.needs_accessible,
        demands.labels,
        demands.rfr_eur,
        persons + ((demands.adults == 1) & (demands.children > 0)),
        persons,
        demands.rooms_min,
        demands.rooms_max,
    )


def _classes(dwellings: Dwellings, codes: DwellingCodes, rows: Rows) -> Iterator[Rows]:
    """Yield the rows of each class among some dwellings of one commune."""
    keys = np.stack([codes.reads[rows], codes.wants[rows], codes.sizes[rows]])
    number = np.unique(keys, axis=1, return_inverse=True)[1].reshape(-1)
    order = number.argsort(kind="stable")
    yield from np.split(rows[order], np.flatnonzero(np.diff(number[order])) + 1)


def _fits(asked: NDArray[np.int32], codes: DwellingCodes, dwelling: int) -> NDArray[np.bool_]:
    wants, reads = codes.wants[dwelling], codes.reads[dwelling]
    fitting: NDArray[np.bool_] = (asked & reads == wants) & (asked & codes.sizes[dwelling] != 0)
    return fitting


def accepting(demands: Demands) -> Ints:
    """Return how many demands accept each commune and typology, eligible or not.

    Returns
    -------
    (communes + 1, typologies + 1) int; the last row and column: whatever the commune, or the typology. A
    demand is counted wherever it accepts, so that rows and columns do not add up.
    """
    sizes = np.arange(1, len(TYPOLOGIES) + 1)
    most = np.minimum(demands.rooms_max, sizes[-1])[:, None]
    takes = (np.minimum(demands.rooms_min, sizes[-1])[:, None] <= sizes) & (sizes <= most)
    everywhere = np.ones((len(most), 1), dtype=np.bool_)
    wishes = np.concatenate([demands.wishes, everywhere], axis=1).astype(np.int64)
    accepted: Ints = wishes.T @ np.concatenate([takes, everywhere], axis=1).astype(np.int64)
    return accepted
