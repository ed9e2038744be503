"""At which value of a parameter does a difference change sign, if it does within the declared range?

One parameter at a time, on the same replications. Left out on purpose: what is played at a value
(mixite/reversals.py), and a range within which the sign would change twice: ends and, between a changed end
and the central value, halves are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.uncertainty import Parameter

Floats = NDArray[np.float64]
Trial = tuple[str, float]
"""A parameter's name and a value of it, the others as in the scenario."""

CHANGES = "changes"
UNTOLD_AT_END = "not_distinguished_at_end"
NEVER = "never"
TOO_FEW = "too_few_replications"
NO_CONCLUSION = "not_distinguished"
"""Opposite sign, told from zero, at an end; not told at an end; one sign at both ends; not told at an end,
nor at the scenario's own value on as few replications; nothing to reverse."""


@dataclass(frozen=True)
class Reading:
    """The headline differences at one value: (h,) float each, and their sign where told from zero, else 0."""

    difference: Floats
    sign: Floats


Measure = Callable[[Sequence[Trial]], Mapping[Trial, Reading]]
"""Plays trials, all at once, and gives the reading of each."""


@dataclass(frozen=True)
class Reversal:
    """What a parameter does to one headline.

    Attributes
    ----------
    headline : its place among the headlines
    verdict : one of those above
    below, above : values at which the sign changes under and over the central one; NaN where it does not, or
        where the replications played do not show the headline's sign at the central value
    low, high : difference at each end
    told_low, told_high : its sign there where told from zero, else 0
    """

    parameter: Parameter
    headline: int
    verdict: str
    below: float
    above: float
    low: float
    high: float
    told_low: int
    told_high: int


@dataclass(frozen=True)
class Bracket:
    """Two values between which a difference changes sign; at `outside` it has the sign it changed to."""

    parameter: Parameter
    headline: int
    inside: float
    at_inside: float
    outside: float
    at_outside: float

    @property
    def middle(self) -> float:
        """The value halfway, a whole one where the parameter counts things."""
        found = (self.inside + self.outside) / 2
        return float(round(found)) if self.parameter.whole else found

    @property
    def open(self) -> bool:
        """Whether there is a value left to try."""
        return self.middle not in (self.inside, self.outside) and self.at_inside * self.at_outside < 0

    @property
    def root(self) -> float:
        """Where the straight line between the two crosses zero; NaN where they have one sign."""
        if self.at_inside == 0:
            return self.inside
        if self.at_inside * self.at_outside > 0:
            return float("nan")
        share = self.at_inside / (self.at_inside - self.at_outside)
        return self.inside + share * (self.outside - self.inside)


def search(
    parameters: Sequence[Parameter], central: Reading, conclusions: Floats, measure: Measure, steps: int
) -> list[Reversal]:
    """Return what each parameter does to each headline.

    1. Measure every parameter at its two ends.
    2. An end changes a headline when the difference is told from zero there with the opposite sign: the
       change lies between the central value and that end.
    3. `steps` times, measure all such pairs halfway at once, and keep the half where the sign changes.
    4. The value is where the straight line between the two last values crosses zero.

    Parameters
    ----------
    central : at the scenario's own values, over the replications of the trials
    conclusions : (h,) sign of each headline, 0 where it is not told from zero: nothing to reverse
    steps : times a pair is halved
    """
    ends = [(p.name, value) for p in parameters for value in p.ends]
    known = dict(measure(ends))
    brackets = {
        (parameter.name, headline, end): Bracket(
            parameter,
            headline,
            parameter.value,
            float(central.difference[headline]),
            end,
            float(known[parameter.name, end].difference[headline]),
        )
        for parameter in parameters
        for end in parameter.ends
        for headline in np.flatnonzero(conclusions).tolist()
        if known[parameter.name, end].sign[headline] == -conclusions[headline]
    }
    for _ in range(steps):
        open_ones = {key: bracket for key, bracket in brackets.items() if bracket.open}
        trials = [(bracket.parameter.name, bracket.middle) for bracket in open_ones.values()]
        new = [trial for trial in dict.fromkeys(trials) if trial not in known]
        known |= measure(new) if new else {}
        brackets |= {key: _halved(bracket, known) for key, bracket in open_ones.items()}
    return [
        _reversal(parameter, headline, float(conclusions[headline]), central, known, brackets)
        for parameter in parameters
        for headline in range(conclusions.size)
    ]


def _halved(bracket: Bracket, known: Mapping[Trial, Reading]) -> Bracket:
    middle = bracket.middle
    found = float(known[bracket.parameter.name, middle].difference[bracket.headline])
    if found * bracket.at_outside > 0:
        return replace(bracket, outside=middle, at_outside=found)
    return replace(bracket, inside=middle, at_inside=found)


def _reversal(
    parameter: Parameter,
    headline: int,
    conclusion: float,
    central: Reading,
    known: Mapping[Trial, Reading],
    brackets: Mapping[tuple[str, int, float], Bracket],
) -> Reversal:
    sides = [known[parameter.name, end] for end in parameter.ends]
    told = [int(side.sign[headline]) for side in sides]
    changed = [brackets.get((parameter.name, headline, end)) for end in parameter.ends]
    if conclusion == 0:
        verdict = NO_CONCLUSION
    elif any(changed):
        verdict = CHANGES
    elif 0 in told:
        verdict = UNTOLD_AT_END if central.sign[headline] == conclusion else TOO_FEW
    else:
        verdict = NEVER
    below, above = (bracket.root if bracket else float("nan") for bracket in changed)
    low, high = (float(side.difference[headline]) for side in sides)
    return Reversal(parameter, headline, verdict, below, above, low, high, *told)
