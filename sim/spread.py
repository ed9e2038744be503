"""How far does a difference move from one drawn world to another?

A draw plays one replication of each policy in a world of its own: its difference holds the world and the
chance of one replication. The interval is that of the difference expected in a world taken at random, the
chance of a single replication removed: it does not shrink to nothing as draws are added, since one does not
know a territory better for having drawn it more often. Where the worlds do not differ it is the interval of
`alea`. Left out on purpose: drawing (sim/draws.py) and playing (mixite/drawn.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.comparison import ADDED, COLUMNS, KEY, LEVEL

Floats = NDArray[np.float64]


def spread(drawn: pd.DataFrame, alea: pd.DataFrame, uncertainty: str) -> pd.DataFrame:
    """Return the rows of a comparison over drawn worlds, with their own interval.

    1. V, the variance of the paired differences over the n draws; C, that over the replications of the
       scenario itself (0 where it is not known).
    2. W = max(V − C, 0): how the expected difference varies between worlds.
    3. Interval: difference ± t(n − 1) × √(W + V / n), 95 %; NaN when n < 2.
    4. Distinguished when it excludes 0.

    Parameters
    ----------
    drawn : what `sim.comparison.compare` returned, a draw standing for a replication
    alea : the same rows, in the same order, over the replications of the scenario itself

    Returns
    -------
    Columns of a comparison; no p-value, which would be that of the mean over draws.
    """
    n = drawn["n"].to_numpy(dtype=int)
    total, chance = variance(drawn), np.nan_to_num(variance(alea))
    between = np.maximum(total - chance, 0.0)
    half_width = _quantile(n) * np.sqrt(between + total / np.maximum(n, 1))
    difference = drawn["difference"].to_numpy(dtype=float)
    low, high = difference - half_width, difference + half_width
    columns: dict[str, Any] = {
        "ci_low": low,
        "ci_high": high,
        "uncertainty": uncertainty,
        "distinguished": (low > 0) | (high < 0),
        "p_value": np.nan,
    }
    return drawn.assign(**columns)[[*COLUMNS, *ADDED]]


def variance(comparison: pd.DataFrame) -> Floats:
    """Return the variance of the paired differences of each row, from its interval; NaN when n < 2."""
    n = comparison["n"].to_numpy(dtype=int)
    half_width = (comparison["ci_high"] - comparison["ci_low"]).to_numpy(dtype=float) / 2
    error = half_width / _quantile(n)
    return np.where(n > 1, error**2 * n, np.nan)


def differences(values: pd.DataFrame, pair: tuple[str, str], rows: pd.DataFrame) -> pd.DataFrame:
    """Return the difference of each replication, or draw, on some rows.

    Parameters
    ----------
    values : columns policy, replication, indicator, group, year, value
    rows : columns indicator, group, year

    Returns
    -------
    replication, `KEY`, value_a, value_b, difference, in the order of replications then of rows; NaN where a
    value is not known.
    """
    numbers = sorted(values["replication"].unique())
    wanted = pd.DataFrame({"replication": numbers}).merge(rows[KEY], how="cross")
    for policy, side in zip(pair, ("value_a", "value_b"), strict=True):
        known = values[values["policy"] == policy].rename(columns={"value": side})
        wanted = wanted.merge(known[["replication", *KEY, side]], on=["replication", *KEY], how="left")
    return wanted.assign(difference=wanted["value_b"] - wanted["value_a"])


def _quantile(n: NDArray[np.int64]) -> Floats:
    found: Floats = stdtrit(np.maximum(n - 1, 1), (1 + LEVEL) / 2)
    return found
