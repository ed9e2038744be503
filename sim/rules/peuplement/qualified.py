"""How is each residence of a territory qualified: two segments, a capacity, a type now and a type aimed at?

1. The segment de population is the type that the occupation has on the ruler, with its interval; a residence
   none of whose occupants' incomes is known has none: it is not guessed.
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
from sim.rules.peuplement.ruler import Ruler, cuts, fix, weights_of
from sim.rules.peuplement.vocabulary import OF_INCOMES, PATRIMOINE, POPULATION, VOCABULARY
from sim.territory.columns import Bools, Floats, Ints

CAPACITY = np.array([[0, 0, 1, 2], [0, 1, 2, 3], [1, 2, 3, 3]])
"""Capacité d'accueil, an index into CAPACITIES, by segment de patrimoine and type now (rows: SEGMENTS)."""

AIMED = np.array([[0, 0, 1, 2], [0, 1, 1, 2], [0, 1, 2, 2]])
"""Type aimed at by segment de patrimoine and type now: a step forward where the buildings carry it."""

THIRDS = (1 / 3, 2 / 3)
"""Each segment de patrimoine holds a third of the dwellings."""


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
    known : whether the incomes of some of its occupants are known; where not, the occupation is not qualified
    score, score_low, score_high : of the occupation, in spreads of the EPCI, NaN where it is not known
    patrimoine : score of the buildings, in spreads of the EPCI
    segment : segment de patrimoine, an index into SEGMENTS
    statistical : type that the score falls in, -1 where the occupation is not known
    type : type now, `statistical` but where the evidence has not moved from the type set before; -1 none
    kept : where the type set before stays although the score falls in another, or there is no score
    capacity : an index into CAPACITIES, -1 where there is no type
    target : type aimed at, -1 where there is no type
    missing : names of the indicators observed nowhere
    """

    observed: Observed
    ruler: Ruler
    choice: Choice
    known: Bools
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

    def in_interval(self) -> Bools:
        """Tell of which types the interval of each score meets the band, (residences, PEUPLEMENT_TYPES)."""
        return self.ruler.meets(self.score_low, self.score_high)


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
    weights = weights_of(choice.weights, POPULATION)
    known = incomes_known(tally.n)
    typed = np.where(known, observed.households, 0)
    ruler = ruler or fix(tally.x, tally.n, typed, weights, choice.shrinkage)
    score = np.where(known, ruler.score(tally.x, tally.n), np.nan)
    reach = float(ndtri((1 + choice.level) / 2)) * ruler.error(tally.n, tally.within)
    statistical = np.where(known, ruler.types(score), -1)
    given = np.full(len(score), -1) if before is None else before
    stays = (given >= 0) & (~known | ruler.keeps(given, score - reach, score + reach))
    kind = np.where(stays, given, statistical)
    patrimoine = patrimoine_score(observed, choice)
    ends = cuts(patrimoine, observed.dwellings, THIRDS)
    segment = np.searchsorted(ends, patrimoine, side="left")
    return Qualified(
        observed=observed,
        ruler=ruler,
        choice=choice,
        known=known,
        score=score,
        score_low=score - reach,
        score_high=score + reach,
        patrimoine=patrimoine,
        segment=segment,
        statistical=statistical,
        type=kind,
        kept=stays & (kind != statistical),
        capacity=np.where(kind >= 0, CAPACITY[segment, kind], -1),
        target=np.where(kind >= 0, AIMED[segment, kind], -1),
        missing=_nowhere(observed),
    )


def incomes_known(n: Floats) -> Bools:
    """Tell of each residence whether some income is known, (residences,): without any it has no type.

    Parameters
    ----------
    n : (residences, POPULATION) float, what each indicator is counted of
    """
    known: Bools = np.any(n[:, [POPULATION.index(name) for name in OF_INCOMES]] > 0, axis=1)
    return known


def _nowhere(observed: Observed) -> tuple[str, ...]:
    """Return the names of the indicators observed in no residence."""
    return tuple(each.name for each in VOCABULARY if np.isnan(observed.value(each.name)).all())


def patrimoine_score(observed: Observed, choice: Choice) -> Floats:
    """Return the score of the buildings, (residences,): weighted mean of facts in spreads of the EPCI.

    A fact that is not known of a residence stands at the EPCI's mean; one known nowhere, or the same
    everywhere, weighs nothing.
    """
    doublings = [each.doublings for each in VOCABULARY if each.axis == "patrimoine"]
    facts = observed.patrimoine.copy()
    facts[:, doublings] = np.log2(facts[:, doublings])
    dwellings, known = observed.dwellings.astype(float)[:, None], ~np.isnan(facts)
    total = (known * dwellings).sum(axis=0)
    mean = _over((np.where(known, facts, 0.0) * dwellings).sum(axis=0), total)
    deviation = np.where(known, facts - mean, 0.0)
    spread = np.sqrt(_over((dwellings * deviation**2).sum(axis=0), total))
    weights = np.where(spread > 0, weights_of(choice.weights, PATRIMOINE), 0.0)
    weights = weights / weights.sum() if weights.any() else weights
    score: Floats = (deviation / np.where(spread > 0, spread, 1.0) * weights).sum(axis=1)
    return score


def _over(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.zeros(len(top)), where=bottom > 0)
