"""How is each residence of a territory qualified: two segments, a capacity, a type now and a type aimed at?

1. The segment de population is the type that the occupation has on the ruler, with its interval.
2. A type set before stays while the interval meets its band: a residence changes type when the evidence does.
3. The segment de patrimoine is the third, by dwellings, in which the buildings stand.
4. Both give the capacité d'accueil, and the type aimed at: never a less favourable one, a step at most.

Left out on purpose: what the partners say of it (concertation.py). A residence is never closed to anyone.

Source: method of the URH Hauts-de-France as published (rules.md §9.2): two kinds of segments, a capacity to
welcome, four types, one now and one aimed at. Indicators, weights and tables are proposals of the project.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.special import ndtri

from sim.rules.peuplement.observed import Observed
from sim.rules.peuplement.ruler import Ruler, chosen, fix
from sim.rules.peuplement.vocabulary import PATRIMOINE, POPULATION, VOCABULARY
from sim.territory.columns import Bools, Floats, Ints

CAPACITY = np.array([[0, 0, 1, 2], [0, 1, 2, 3], [1, 2, 3, 3]])
"""Capacité d'accueil, an index into CAPACITIES, by segment de patrimoine and type now (rows: SEGMENTS)."""

AIMED = np.array([[0, 0, 1, 2], [0, 1, 1, 2], [0, 1, 2, 2]])
"""Type aimed at by segment de patrimoine and type now: a step forward where the buildings carry it."""

THIRDS = (1 / 3, 2 / 3)


@dataclass(frozen=True)
class Choice:
    """What a qualification chooses: weights of the indicators by name, shrinkage, level of its intervals."""

    weights: Mapping[str, float]
    shrinkage: float
    level: float = 0.9


@dataclass(frozen=True)
class Qualified:
    """The residences of a territory, qualified; columns by residence, (residences,).

    Attributes
    ----------
    observed, ruler, choice : what it was computed from
    score, score_low, score_high : of the occupation, in spreads of the EPCI
    patrimoine : score of the buildings, in spreads of the EPCI
    segment : segment de patrimoine, an index into SEGMENTS
    statistical : type that the score falls in
    type : type now, `statistical` but where the evidence has not moved from the type set before
    kept : where the type set before stays although the score falls in another
    capacity : an index into CAPACITIES
    target : type aimed at
    missing : names of the indicators observed nowhere
    """

    observed: Observed
    ruler: Ruler
    choice: Choice
    score: Floats
    score_low: Floats
    score_high: Floats
    patrimoine: Floats
    segment: Ints
    statistical: Ints
    type: Ints
    kept: Bools
    capacity: Ints
    target: Ints
    missing: tuple[str, ...]

    def indicators(self) -> Mapping[str, Floats]:
        """Return the raw figure of every indicator, NaN where not known."""
        return MappingProxyType({each.name: self.observed.value(each.name) for each in VOCABULARY})


def qualify(
    observed: Observed, choice: Choice, before: Ints | None = None, ruler: Ruler | None = None
) -> Qualified:
    """Qualify the residences of a territory.

    Parameters
    ----------
    before : (residences,) type set before, an index into PEUPLEMENT_TYPES, -1 where none
    ruler : of the base year; None fixes one on what is observed now
    """
    tally = observed.population
    weights = chosen(choice.weights, POPULATION)
    ruler = ruler or fix(tally.x, tally.n, observed.households, weights, choice.shrinkage)
    score, error = ruler.score(tally.x, tally.n), ruler.error(tally.n, tally.within)
    reach = float(ndtri((1 + choice.level) / 2)) * error
    low, high = score - reach, score + reach
    statistical = ruler.types(score)
    known = np.full(len(score), -1) if before is None else before
    kept = ruler.keeps(known, low, high)
    kind = np.where(kept, known, statistical)
    patrimoine = patrimoine_score(observed, choice)
    segment = _thirds(patrimoine, observed.dwellings)
    nowhere = [name for name, n in zip(POPULATION, tally.n.sum(axis=0), strict=True) if n == 0]
    nowhere += [name for name in PATRIMOINE if np.isnan(observed.value(name)).all()]
    return Qualified(
        observed=observed,
        ruler=ruler,
        choice=choice,
        score=score,
        score_low=low,
        score_high=high,
        patrimoine=patrimoine,
        segment=segment,
        statistical=statistical,
        type=kind,
        kept=kept & (kind != statistical),
        capacity=CAPACITY[segment, kind],
        target=AIMED[segment, kind],
        missing=tuple(nowhere),
    )


def patrimoine_score(observed: Observed, choice: Choice) -> Floats:
    """Return the score of the buildings, (residences,): weighted mean of facts in spreads of the EPCI.

    A fact that is not known of a residence stands at the EPCI's mean; one known nowhere weighs nothing.
    """
    facts, dwellings = observed.patrimoine, np.maximum(observed.dwellings, 0).astype(float)[:, None]
    known = ~np.isnan(facts)
    total = (known * dwellings).sum(axis=0)
    mean = _over((np.where(known, facts, 0.0) * dwellings).sum(axis=0), total)
    deviation = np.where(known, facts - mean, 0.0)
    spread = np.sqrt(_over((dwellings * deviation**2).sum(axis=0), total))
    weights = np.where(spread > 0, chosen(choice.weights, PATRIMOINE), 0.0)
    weights = weights / weights.sum() if weights.any() else weights
    score: Floats = (deviation / np.where(spread > 0, spread, 1.0) * weights).sum(axis=1)
    return score


def _thirds(score: Floats, dwellings: Ints) -> Ints:
    """Return the third of the dwellings in which each score stands, 0 to 2, equal scores together."""
    weights = np.maximum(dwellings, 0).astype(float)
    if not weights.any():
        weights = np.ones(len(weights))
    order = np.argsort(score, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    ends = np.array([score[order][np.searchsorted(reached, third)] for third in THIRDS])
    return np.searchsorted(ends, score, side="left")


def _over(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.zeros(len(top)), where=bottom > 0)
