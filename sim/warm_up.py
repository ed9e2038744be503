"""From when on is a series in its steady state, or is the run too short to tell?

MSER-5: the truncation that gives the mean of what is kept the smallest estimated squared error. For studies
of a steady state, such as the cases with a known answer. The comparisons of policies use none of it: they
forecast from the list and the tenants as they stand, and the way to any steady state is part of the answer.

Source: K. P. White, "An effective truncation heuristic for bias reduction in simulation output", Simulation
69 (1997), 323-334; K. Hoad, S. Robinson, R. Davies, "Automating warm-up length estimation", Journal of the
Operational Research Society 61 (2010), 1389-1403 (truncation in the first half, the last five batches kept
out of the search).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BATCH = 5
KEPT = 5
"""Batches always kept: the criterion of fewer is small by luck."""


@dataclass(frozen=True)
class WarmUp:
    """What MSER found.

    Attributes
    ----------
    truncated : observations to leave out, a multiple of the batch; None when the run is too short
    best : the truncation that minimises the criterion, wherever it falls; None when there are too few batches
    batches : number of whole batches in the series
    criterion : (candidates,) the criterion after 0, 1, 2 … batches left out
    """

    truncated: int | None
    best: int | None
    batches: int
    criterion: Floats

    @property
    def too_short(self) -> bool:
        """Tell whether no steady state shows in the first half: the run must be longer."""
        return self.truncated is None


def mser(series: Floats, batch: int = BATCH) -> WarmUp:
    """Return the warm-up to leave out of a series.

    1. Y_1 … Y_n: means of successive batches; an incomplete last batch is dropped.
    2. Criterion of d: Σ_{i>d} (Y_i − Ȳ_d)² / (n − d)², Ȳ_d the mean of Y_{d+1} … Y_n, for d ≤ n − 5.
    3. d is the smallest that minimises it; beyond n / 2, or with n under 10, the run is too short.

    Parameters
    ----------
    series : (observations,) float, in order of time, equally spaced
    batch : observations in a batch; 5 is MSER-5

    Raises
    ------
    ValueError
        when the series has a value that is not finite.
    """
    values = np.asarray(series, dtype=float)
    if not np.isfinite(values).all():
        place = int(np.argmin(np.isfinite(values)))
        raise ValueError(f"série, observation {place} : {values[place]}, attendu un nombre fini")
    n = len(values) // batch
    if n < 2 * KEPT:
        return WarmUp(None, None, n, np.empty(0))
    means = values[: n * batch].reshape(n, batch).mean(axis=1)
    criterion = np.array([means[d:].var() / (n - d) for d in range(n - KEPT + 1)])
    best = int(np.argmin(criterion))
    return WarmUp(best * batch if best <= n / 2 else None, best * batch, n, criterion)
