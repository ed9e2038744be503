"""Which values are drawn together for many parameters, so that a few draws cover each range evenly?

A Latin hypercube: each parameter has one value in each of N equal slices of (0, 1), slices in an order of its
own. Orders and places are keyed by the parameter's name and the draw's number: neither the other parameters
nor the order of anything changes them; another N changes all of them.

Source: M. McKay, R. Beckman, W. Conover, "A Comparison of Three Methods for Selecting Values of Input
Variables in the Analysis of Output from a Computer Code", Technometrics 21 (1979), 239-245.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, identity

Floats = NDArray[np.float64]


def stratified(chance: Chance, name: str, draws: int) -> Floats:
    """Return the uniforms of one parameter, (draws,) float in (0, 1), one in each slice of width 1 / draws.

    1. Order the draws by a keyed uniform: a draw's rank is its slice.
    2. Place each draw in its slice by another.
    """
    numbers, key = np.arange(draws, dtype=np.uint64), identity(name)
    slices = chance.order("uncertainty/slice", numbers, key)
    uniforms: Floats = (slices + chance.uniform("uncertainty/place", numbers, key)) / draws
    return uniforms
