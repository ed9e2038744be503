"""Is a simulated value inside, outside or not to be told apart from what is published?

Let the band be published ± tolerance and the range the 2.5 and 97.5 % quantiles of the replications.
inside: the mean of the replications lies in the band.
outside: the range and the band do not meet.
not distinguished: they meet and the mean is out of the band: chance alone may explain it.
not measured: no replication has a value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

INSIDE, OUTSIDE = "inside", "outside"
NOT_DISTINGUISHED, NOT_MEASURED = "not distinguished", "not measured"
LEVEL = 0.95


@dataclass(frozen=True)
class Verdict:
    """The simulated values of one figure: mean, bounds of the range, how many, and where they stand."""

    mean: float
    low: float
    high: float
    replications: int
    outcome: str


def judge(published: float, tolerance: float, values: Sequence[float | None]) -> Verdict:
    """Compare the values of the replications, in the unit of the figure, with the published one."""
    known = np.array([value for value in values if value is not None and math.isfinite(value)], dtype=float)
    if not known.size:
        return Verdict(math.nan, math.nan, math.nan, 0, NOT_MEASURED)
    mean = float(known.mean())
    low, high = (float(bound) for bound in np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))
    if published - tolerance <= mean <= published + tolerance:
        outcome = INSIDE
    elif high < published - tolerance or low > published + tolerance:
        outcome = OUTSIDE
    else:
        outcome = NOT_DISTINGUISHED
    return Verdict(mean, low, high, known.size, outcome)
