"""Which of the four types is a residence?

A first, simple qualification: two income indicators of the occupants, shrunk for small residences,
averaged as z-scores against the EPCI, cut at the quarters of the base year. Family situation, age and
disability never enter. Left out on purpose: the segment de patrimoine, the concertation, the overrides.

Source: R.441-2-10 4° CCH (qualification of the supply from published indicators); the score is a
proposal of the project, not the method of any EPCI.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.territory.columns import Ints

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Qualification:
    """A ruler fixed in the base year: the EPCI's means and spreads, and the cuts between types.

    Attributes
    ----------
    mean, spread : (2,) of the two indicators, over residences weighted by households
    cuts : (3,) of the score, the highest of each of the first three types
    shrinkage : households' worth of weight given to the EPCI's mean
    """

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    cuts: NDArray[np.float64]
    shrinkage: float

    def score(self, households: Counts, first_quartile: Counts, below_40_plus: Counts) -> NDArray[np.float64]:
        """Return the score of each residence (higher: more fragile occupation), (residences,)."""
        shares = _shrunk(households, first_quartile, below_40_plus, self.mean, self.shrinkage)
        standard: NDArray[np.float64] = ((shares - self.mean) / self.spread).mean(axis=1)
        return standard

    def types(self, households: Counts, first_quartile: Counts, below_40_plus: Counts) -> Ints:
        """Return the type of each residence, an index into PEUPLEMENT_TYPES, (residences,)."""
        return np.searchsorted(self.cuts, self.score(households, first_quartile, below_40_plus), side="left")


def qualify(
    households: Counts, first_quartile: Counts, below_40_plus: Counts, shrinkage: float
) -> Qualification:
    """Fix the ruler on a base year.

    1. Shrink each residence's two shares towards the EPCI's, by `shrinkage` households' worth.
    2. Standardise each share over residences, weighted by households; the score is their mean.
    3. Cut the scores so that each type holds a quarter of the households.
    """
    counts = np.stack([first_quartile, below_40_plus], axis=1).astype(np.float64)
    weights = np.maximum(households, 0).astype(np.float64)
    if not weights.any():  # nobody lives there yet: residences weigh the same
        weights = np.ones(len(weights))
    total = weights.sum()
    mean = counts.sum(axis=0) / total
    shares = _shrunk(households, first_quartile, below_40_plus, mean, shrinkage)
    squares = np.sort(weights[:, None] * (shares - mean) ** 2, axis=0)  # summed in an order of their own
    spread = np.sqrt(squares.sum(axis=0) / total)
    ruler = Qualification(mean, np.where(spread > 0, spread, 1.0), np.zeros(3), shrinkage)
    scores = ruler.score(households, first_quartile, below_40_plus)
    order = np.argsort(scores, kind="stable")
    reached = np.cumsum(weights[order]) / total
    cuts = np.array([scores[order][np.searchsorted(reached, quarter)] for quarter in (0.25, 0.5, 0.75)])
    return Qualification(ruler.mean, ruler.spread, cuts, shrinkage)


def _shrunk(
    households: Counts,
    first_quartile: Counts,
    below_40_plus: Counts,
    mean: NDArray[np.float64],
    shrinkage: float,
) -> NDArray[np.float64]:
    counts = np.stack([first_quartile, below_40_plus], axis=1).astype(np.float64)
    weight = households[:, None] + shrinkage
    shares: NDArray[np.float64] = np.where(
        weight > 0, (counts + shrinkage * mean) / np.where(weight > 0, weight, 1.0), mean
    )
    return shares
