"""How are a share of people, or one code of a list, drawn so that a person's draw is their own?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, Keys

Mask = NDArray[np.bool_]


def chosen(chance: Chance, purpose: str, keys: Keys, weights: Any, count: int) -> Mask:
    """Choose exactly `count` entities, each round with odds `weights`, without replacement.

    Parameters
    ----------
    keys : (n,) uint64 identities.
    weights : (n,) or scalar, at least 0; a weight of 0 is never chosen, even if that leaves fewer.

    Returns
    -------
    (n,) bool

    Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006.
    """
    weights = np.broadcast_to(np.asarray(weights, dtype=np.float64), keys.shape)
    times = np.full(keys.size, np.inf)
    able = weights > 0
    times[able] = chance.exponential(purpose, keys[able]) / weights[able]
    mask = np.zeros(keys.size, dtype=np.bool_)
    mask[np.argsort(times, kind="stable")[: min(count, int(able.sum()))]] = True
    return mask


def code(chance: Chance, purpose: str, keys: Keys, shares: Any, row: Any = 0) -> NDArray[np.int64]:
    """Draw one code per entity from the shares of its row.

    Parameters
    ----------
    shares : (codes,) or (rows, codes), weights at least 0; each row is brought to a sum of 1.
    row : (n,) int or scalar, the row of `shares` each entity draws from.

    Returns
    -------
    (n,) int, position of the code
    """
    table = np.atleast_2d(np.asarray(shares, dtype=np.float64))
    limits = np.cumsum(table, axis=1)
    limits /= limits[:, -1:]
    drawn = chance.uniform(purpose, keys)
    if len(limits) == 1:
        return np.searchsorted(limits[0, :-1], drawn)
    rows = np.broadcast_to(np.asarray(row), keys.shape)
    codes = np.zeros(keys.size, dtype=np.int64)
    for limit in range(table.shape[1] - 1):
        codes += drawn > limits[rows, limit]
    return codes


def happens(chance: Chance, purpose: str, keys: Keys, probability: Any) -> Mask:
    """Say for each entity whether an event of probability (n,) or scalar happens, (n,) bool."""
    return np.asarray(chance.uniform(purpose, keys) < probability)
