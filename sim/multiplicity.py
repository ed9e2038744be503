"""When many differences are read together, which are still told from zero?

Holm's step-down rule bounds by 5 % the probability that at least one difference of the family is called
distinguished while it is zero, whatever the dependence between the rows. Left out on purpose: what the family
is (see sim/comparison.py).

Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics
6 (1979), 65-70.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def holm(p_values: Floats) -> Floats:
    """Return the p-values adjusted for their number: a row is kept at level α when its own is at most α.

    1. Order the m known p-values from the smallest.
    2. Multiply the i-th smallest by m − i + 1.
    3. None is smaller than the one before it, none exceeds 1.

    Parameters
    ----------
    p_values : (n,) float in 0-1; NaN where nothing is tested: it stays NaN and does not count in m

    Raises
    ------
    ValueError
        when a value is not in 0-1.
    """
    values = np.asarray(p_values, dtype=float)
    if ((values < 0) | (values > 1)).any():
        raise ValueError(f"valeurs p hors de 0-1 : {values[(values < 0) | (values > 1)].tolist()}")
    tested = np.flatnonzero(~np.isnan(values))
    order = tested[np.argsort(values[tested], kind="stable")]
    adjusted = np.full(values.shape, np.nan)
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(values[order] * factors), 1.0)
    return adjusted
