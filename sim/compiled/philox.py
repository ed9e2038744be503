"""philox4x32-10 of many counters under one key, one counter at a time: the twin of `sim.chance.philox`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiled import loop

M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
W0, W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
LOW, HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


@loop
def _drawn(
    entity: np.uint64, partner: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four words of one (entity, partner)."""
    c0, c1, c2, c3 = entity & LOW, entity >> HALF, partner & LOW, partner >> HALF
    for _ in range(10):
        p0, p1 = M0 * c0, M1 * c2
        c0, c1, c2, c3 = (p1 >> HALF) ^ c1 ^ k0, p1 & LOW, (p0 >> HALF) ^ c3 ^ k1, p0 & LOW
        k0, k1 = (k0 + W0) & LOW, (k1 + W1) & LOW
    return c0, c1, c2, c3


@loop
def words(
    entity: NDArray[np.uint64], partner: NDArray[np.uint64], k0: np.uint64, k1: np.uint64
) -> NDArray[np.uint64]:
    """Return the four words of each (entity, partner), (4, n)."""
    drawn = np.empty((4, len(entity)), np.uint64)
    for i in range(len(entity)):
        drawn[0, i], drawn[1, i], drawn[2, i], drawn[3, i] = _drawn(entity[i], partner[i], k0, k1)
    return drawn


@loop
def uniform(
    entity: NDArray[np.uint64], partner: NDArray[np.uint64], k0: np.uint64, k1: np.uint64
) -> NDArray[np.float64]:
    """Return the uniform of the first two words of each (entity, partner), (n,), as `sim.chance.uniform`."""
    drawn = np.empty(len(entity), np.float64)
    for i in range(len(entity)):
        high, low, _, _ = _drawn(entity[i], partner[i], k0, k1)
        bits = (high << np.uint64(20)) ^ (low >> np.uint64(12))
        drawn[i] = (np.float64(bits) + 0.5) * 2.0**-52
    return drawn
