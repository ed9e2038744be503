"""How sure is a share of so many counted?

Reference: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212. Left out on
purpose: differences of two shares (sim/concerned/wilson.py of two groups, sim/residences.py of paired ones).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]


def wilson(successes: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the bounds of Wilson's interval of shares, (k,) each, within 0 and 1; NaN where n is 0.

    Parameters
    ----------
    successes, n : (k,) float, counts or mean counts
    level : of confidence, 0.95 for 95 %
    """
    z = float(ndtri((1 + level) / 2))
    known = n > 0
    count = np.where(known, n, 1.0)
    share, spread = successes / count, z * z / count
    centre = (share + spread / 2) / (1 + spread)
    half = z * np.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    low, high = np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)
