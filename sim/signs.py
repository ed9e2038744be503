"""Does the sign of a difference survive another weight of the points?

Points are ordinal: a grid says who comes first, not by how much. The same comparison is therefore read with
the points as they are, by rank and by logarithm. Left out on purpose: playing the runs, and the correction
for the number of rows (each interval is read alone).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import numpy as np
import pandas as pd

from sim.comparison import KEY
from sim.scenario import Sittings

WEIGHTS: tuple[str, ...] = get_args(Sittings.model_fields["weight"].annotation)
"""How points may weigh in a joint matching: points, rank, log."""

KEPT, CHANGES, UNTOLD = "kept", "changes", "not_distinguished"
"""Same sign, told from zero under every weight; opposite signs, each told; anything else."""

PAIR = [*KEY, "policy_a", "policy_b"]
READ = ("difference", "ci_low", "ci_high", "distinguished")


def signs(headlines: pd.DataFrame, comparisons: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return, for each headline, its difference under each weight and whether its sign survives.

    1. Take the row of the headline in the comparison of each weight.
    2. `kept`: distinguished under every weight, always with one sign. `changes`: distinguished with one sign
       under a weight and with the other under another. `not_distinguished`: the rest, even where the
       differences themselves have one sign.

    Parameters
    ----------
    headlines : rows of a comparison
    comparisons : weight to what `sim.comparison.compare` returned under it

    Returns
    -------
    One row a headline, in their order: `PAIR`, `sign`, then `READ` of each weight (difference_rank ...); a
    row that a comparison lacks is not distinguished there.
    """
    found = headlines[PAIR].reset_index(drop=True)
    told = []
    for weight, comparison in comparisons.items():
        rows = found.merge(comparison[[*PAIR, *READ]], on=PAIR, how="left", validate="one_to_one")
        rows["distinguished"] = rows["distinguished"].eq(True)
        told.append(np.where(rows["distinguished"], np.sign(rows["difference"].to_numpy(float)), 0.0))
        for name in READ:
            found[f"{name}_{weight}"] = rows[name].to_numpy()
    under = np.stack(told) if told else np.zeros((1, len(found)))
    changes = (under > 0).any(axis=0) & (under < 0).any(axis=0)
    kept = (under > 0).all(axis=0) | (under < 0).all(axis=0)
    found.insert(len(PAIR), "sign", np.select([changes, kept], [CHANGES, KEPT], UNTOLD))
    return found
