"""Would a residence have another type with other weights, or without one of the indicators?

Every setting fixes its own cuts, as a qualification with it would. Left out on purpose: shrinkage, which
the interval of the score already shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.rules.peuplement.qualified import Qualified
from sim.rules.peuplement.ruler import cuts, weights_of
from sim.rules.peuplement.vocabulary import POPULATION
from sim.territory.columns import Floats, Ints


@dataclass(frozen=True)
class Sensitivity:
    """The statistical type of each residence under each setting, -1 where its occupation is not known.

    Attributes
    ----------
    settings : "indicator=weight", the weight being 0 (left out) or an end of its range
    types : (residences, settings)
    same : (residences,) share of the settings that give the type of the choice, NaN where there is none
    """

    settings: tuple[str, ...]
    types: Ints
    same: Floats

    def moved_by(self, residence: int, statistical: int) -> tuple[str, ...]:
        """Return the settings under which a residence has another type."""
        other = self.types[residence] != statistical
        return tuple(name for name, moved in zip(self.settings, other.tolist(), strict=True) if moved)


def sensitivity(found: Qualified, ranges: Mapping[str, tuple[float, float]]) -> Sensitivity:
    """Return the types under every setting: each indicator left out, each weight at both ends of its range.

    A setting changes one weight; that of an indicator observed nowhere changes nothing and is left out.

    Parameters
    ----------
    ranges : lowest and highest weight of the indicators of POPULATION, by name
    """
    tally, households = found.observed.population, found.observed.households
    observed = tally.n.sum(axis=0) > 0
    base = np.where(observed, weights_of(found.choice.weights, POPULATION), 0.0)
    standard = found.ruler.standard(tally.x, tally.n)
    types: dict[str, Ints] = {}
    for place in np.flatnonzero(observed).tolist():
        name = POPULATION[place]
        for weight in sorted({0.0, *ranges[name]} - {float(base[place])}):
            weights = base.copy()
            weights[place] = weight
            if weights.any():
                score = (standard * (weights / weights.sum())).sum(axis=1)
                kinds = np.searchsorted(cuts(score, households), score, side="left")
                types[f"{name}={weight:g}"] = np.where(found.known, kinds, -1)
    if not types:  # nothing is observed: nothing to vary
        return Sensitivity(
            (), np.zeros((len(households), 0), dtype=np.int64), np.full(len(households), np.nan)
        )
    table = np.column_stack(list(types.values()))
    same = (table == found.statistical[:, None]).mean(axis=1)
    return Sensitivity(tuple(types), table, np.where(found.known, same, np.nan))
