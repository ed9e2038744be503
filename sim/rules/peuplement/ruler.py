"""Where does the occupation of a residence stand on a ruler fixed once, and which of the four types is it?

The ruler is the EPCI's own mean and spread of each indicator in a base year, the weights of the indicators
and the cuts between types: it stays when residences change, so that a type moves because the residence did.
Left out on purpose: the segment de patrimoine and what is decided of it (qualified.py).

Source: R.441-2-10 4° CCH (qualification of the supply from published indicators); the score is a proposal of
the project, not the method of any EPCI.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.territory.columns import Bools, Floats, Ints

QUARTERS = (0.25, 0.5, 0.75)
"""Each type holds a quarter of the households of the base year, in the residences that have a type."""


@dataclass(frozen=True)
class Ruler:
    """A ruler fixed in the base year.

    Attributes
    ----------
    mean, spread : (k,) of each indicator over residences, weighted by what it is observed of
    weights : (k,) sum 1, or all 0 where nothing is observed; 0 for an indicator observed nowhere
    shrinkage : households' worth of weight given to the EPCI's mean
    cuts : (3,) of the score, the highest of each of the first three types
    """

    mean: Floats
    spread: Floats
    weights: Floats
    shrinkage: float
    cuts: Floats

    def standard(self, x: Floats, n: Floats) -> Floats:
        """Return how many spreads each shrunk share is above the EPCI's, (residences, k)."""
        standard: Floats = (_shrunk(x, n, self.mean, self.shrinkage) - self.mean) / self.spread
        return standard

    def score(self, x: Floats, n: Floats) -> Floats:
        """Return the score of each residence (higher: less in capacity to welcome), (residences,)."""
        score: Floats = (self.standard(x, n) * self.weights).sum(axis=1)  # row by row, whatever their order
        return score

    def error(self, n: Floats, within: Floats) -> Floats:
        """Return the standard error of each score, (residences,).

        Those observed are read as one draw of those whom the residence houses over the years: an indicator
        counted on n of them, with the ruler's weight given to the EPCI, is known as from n + shrinkage.
        """
        per_unit = self.weights / self.spread
        known = per_unit / np.sqrt(np.maximum(n + self.shrinkage, 1.0))
        variance: Floats = np.einsum("ri,ij,rj->r", known, within, known)
        return np.sqrt(np.maximum(variance, 0.0))

    def types(self, score: Floats) -> Ints:
        """Return the type of each score, an index into PEUPLEMENT_TYPES, (residences,)."""
        return np.searchsorted(self.cuts, score, side="left")

    def meets(self, low: Floats, high: Floats) -> Bools:
        """Tell of which types an interval of the score meets the band, (residences, PEUPLEMENT_TYPES).

        A type's band goes from the cut below it, excluded, to its own; no band meets NaN.
        """
        edges = np.concatenate([[-np.inf], self.cuts, [np.inf]])
        met: Bools = (low[:, None] <= edges[1:]) & (high[:, None] > edges[:-1])
        return met

    def keeps(self, kind: Ints, low: Floats, high: Floats) -> Bools:
        """Tell of each residence whether an interval of its score meets the band of a type, (residences,).

        A residence without a type (-1) keeps none.
        """
        kept: Bools = (kind >= 0) & self.meets(low, high)[np.arange(len(kind)), np.maximum(kind, 0)]
        return kept


def fix(x: Floats, n: Floats, households: Ints, weights: Floats, shrinkage: float) -> Ruler:
    """Fix the ruler on a base year.

    1. Shrink each residence's shares towards the EPCI's, by `shrinkage` households' worth.
    2. Standardise each share over residences, weighted by what it is counted of; the score is their weighted
       mean, over the indicators that are observed somewhere.
    3. Cut the scores so that each type holds a quarter of the households of the residences that have one.

    Parameters
    ----------
    x, n : (residences, k) float, counts of each indicator and what they are counted of
    households : (residences,) 0 where a residence has no type, so that it moves no cut
    weights : (k,) of the indicators, at least 0
    """
    total = n.sum(axis=0)
    mean = np.divide(x.sum(axis=0), total, out=np.zeros(len(total)), where=total > 0)
    squares = np.sort(n * (_shrunk(x, n, mean, shrinkage) - mean) ** 2, axis=0)  # summed in their own order
    spread = np.sqrt(np.divide(squares.sum(axis=0), total, out=np.zeros(len(total)), where=total > 0))
    kept = np.where(total > 0, weights, 0.0)
    kept = kept / kept.sum() if kept.any() else kept
    ruler = Ruler(mean, np.where(spread > 0, spread, 1.0), kept, shrinkage, np.zeros(3))
    return replace(ruler, cuts=cuts(ruler.score(x, n), households))


def cuts(scores: Floats, weights: Ints, parts: tuple[float, ...] = QUARTERS) -> Floats:
    """Return the scores at which parts of a whole are reached, in ascending order of scores, (parts,).

    Parameters
    ----------
    weights : (residences,) households or dwellings; where there are none, residences weigh the same
    """
    weighed = weights if weights.any() else np.ones_like(weights)
    order = np.argsort(scores, kind="stable")
    reached = np.cumsum(weighed[order]) / weighed.sum()
    return scores[order][np.searchsorted(reached, parts)]


def weights_of(weights: Mapping[str, float], names: tuple[str, ...]) -> Floats:
    """Return the weights of some indicators in their order, (k,); one not given weighs nothing."""
    return np.array([weights.get(name, 0.0) for name in names])


def _shrunk(x: Floats, n: Floats, mean: Floats, shrinkage: float) -> Floats:
    weight = n + shrinkage
    shares: Floats = np.where(weight > 0, (x + shrinkage * mean) / np.where(weight > 0, weight, 1.0), mean)
    return shares
