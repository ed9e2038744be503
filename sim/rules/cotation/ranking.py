"""In what order does a grid put demands, and what settles a tie?

Absolute priority first, then points, then what the grid names under `tie_break`, in its order; where it names
nothing the oldest demand comes first. Demands that nothing separates share a rank: the order between them is
not the grid's to say. A demand out of scope or excluded has no rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation.grid import Grid
from sim.rules.cotation.score import Points

UNRANKED = 0


def ranked(grid: Grid, points: Points, ties: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Return the rank of each demand, (n,) from 1, UNRANKED where it has none.

    Parameters
    ----------
    ties : what may settle a tie, by the names `tie_break` uses, (n,) each, the smallest first:
        `seniority_days` the day of filing, `seniority_months` the seniority with a minus sign, `lottery`
    """
    settled = [np.asarray(ties[name]) for name in grid.tie_break or ("seniority_days",)]
    keys = [~points.absolute_priority, -points.total, *settled]
    kept = np.flatnonzero(points.in_scope & ~points.excluded)
    order = kept[np.lexsort([key[kept] for key in reversed(keys)])]
    apart = np.zeros(len(order), dtype=np.bool_)
    for key in keys:
        apart[1:] |= key[order][1:] != key[order][:-1]
    apart[:1] = True
    place = np.maximum.accumulate(np.where(apart, np.arange(1, len(order) + 1), 0))
    rank = np.full(len(points.total), UNRANKED, dtype=np.int64)
    rank[order] = place
    return rank
