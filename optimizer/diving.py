"""Which whole answer lies near a mix in parts?

A depth-first search, each step solved from the basis of the step before: give one more pair whole; where that
costs too much, forbid it instead. It goes down once and seldom turns back; what it cannot find is the
business of `whole.py`.
"""

from __future__ import annotations

import numpy as np

from optimizer.clock import Clock
from optimizer.columns import TOLERANCE
from optimizer.problem import Ints
from optimizer.relaxation import Floats, Mix, Programme, Relaxation

STEPS = 400
_SURE = 0.8  # a part this large is given whole without waiting for its turn


def dive(programme: Programme, pool: Ints, target: float, clock: Clock, *, steps: int = STEPS) -> Ints | None:
    """Return a whole answer of a pool worth at least `target`, None when so many steps came to none.

    1. Solve the mix of the pool; when it is whole, it is the answer.
    2. Give whole the pairs that nearly are, else the one with the largest part, first in (class, lottery)
       order among equals, and solve again.
    3. When that cannot reach the target any more, take the last gifts back and forbid the first of them.
    """
    solver = Relaxation(programme)
    solver.dual = True
    least, most = np.zeros(pool.size), np.ones(pool.size)
    open_gifts: list[tuple[Ints, Floats, Floats]] = []
    for _ in range(steps):
        if clock.over:
            return None
        mix = solver.mix(pool, clock, least, most)
        if mix is not None and mix.objective >= target - TOLERANCE:
            if not mix.in_parts:
                return pool[mix.share > 0.5]
            gifts = _gifts(mix, least)
            open_gifts.append((gifts, least.copy(), most.copy()))
            least[gifts] = 1.0
            continue
        if not open_gifts:
            return None
        gifts, least, most = open_gifts.pop()
        most[gifts[0]] = 0.0
    return None


def _gifts(mix: Mix, least: Floats) -> Ints:
    """Return the pairs to give whole next, the surest first."""
    parts = np.flatnonzero((least == 0) & (mix.share > TOLERANCE) & (mix.share < 1 - TOLERANCE))
    order = parts[np.argsort(-mix.share[parts], kind="stable")]
    sure = order[mix.share[order] >= _SURE]
    return sure if sure.size else order[:1]
