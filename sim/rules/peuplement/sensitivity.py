"""Would a residence have another type with other weights, or without one of the indicators?

Every setting fixes its own cuts, as a qualification with it would. Left out on purpose: shrinkage, which
the interval of the score already shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.rules.peuplement.qualified import Qualified
from sim.rules.peuplement.ruler import chosen, cuts
from sim.rules.peuplement.vocabulary import POPULATION
from sim.territory.columns import Floats, Ints


@dataclass(frozen=True)
class Sensitivity:
    """The statistical type of each residence under each setting.

    Attributes
    ----------
    settings : "indicator=weight", the weight being 0 (left out) or an end of its range
    types : (residences, settings)
    same : (residences,) share of the settings that give the type of the shipped weights
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

    Parameters
    ----------
    ranges : lowest and highest weight of the indicators of POPULATION, by name
    """
    tally, ruler = found.observed.population, found.ruler
    base = chosen(found.choice.weights, POPULATION)
    observed = tally.n.sum(axis=0) > 0
    standard = ruler.standard(tally.x, tally.n)
    names, rows = [], []
    for place, name in enumerate(POPULATION):
        if not observed[place] or not base[place]:
            continue
        low, high = ranges[name]
        for text, weight in ((f"{name}=0", 0.0), (f"{name}={low:g}", low), (f"{name}={high:g}", high)):
            changed = np.where(observed, base, 0.0)
            changed[place] = weight
            if changed.any() and text not in names:
                names.append(text)
                rows.append(changed / changed.sum())
    households = found.observed.households
    scores = [(standard * row).sum(axis=1) for row in rows]
    types = np.column_stack(
        [np.searchsorted(cuts(score, households), score, side="left") for score in scores]
        or [found.statistical]  # nothing is observed: nothing to vary
    )
    same: Floats = (types == found.statistical[:, None]).mean(axis=1)
    return Sensitivity(tuple(names), types, same)
