"""Whose wait grows by over a year from one policy to another, and whose shrinks?

The same demand is followed under two policies of one replication: same identity, same filing, same chance. A
wait ends by the lease; observation ends by the demand's closing, whatever its cause, or with the run. What is
not observed is not counted: counts are lower bounds, and those that the horizon leaves open are told apart.
Left out on purpose: demands filed under one policy alone, those of tenants whose lives differ.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.concerned.conventions import conventions
from sim.concerned.dimensions import of_demands, summed, traits_for
from sim.indicators.calendar import seconds
from sim.indicators.indicator import Bools, Floats, Ints
from sim.outcomes import MONTH_S, NOWHERE, codes

KINDS = ("longer", "shorter", "left", "left_before", "open", "open_before")
"""Of the demands of both runs, a the first policy and b the second:

`longer` : housed under a, and under b active for over twelve months more than that
`left` : housed under a, closed under b without a lease no more than twelve months later
`open` : housed under a, still waiting under b at the end, which comes no more than twelve months later
`shorter`, `left_before`, `open_before` : the same, a and b exchanged
"""

ALONE = "alone"
"""Demands of the first policy that the second has not, or filed at another second."""

READ = (
    *("demand_id", "filed_s", "closed_s", "closed_by", "rooms_min", "rooms_max", "commune"),
    "dalo_recognised_s",
    *traits_for("indicator"),
)
"""Columns of `demands` that are read here; of the traits, those admitted for indicators."""


def kinds(a: pd.DataFrame, b: pd.DataFrame, end_s: float) -> tuple[Bools, dict[str, Bools]]:
    """Tell which demands of a are in b too, and of which kind each is.

    Parameters
    ----------
    a, b : tables `demands` of two runs of one replication
    end_s : end of both, seconds

    Returns
    -------
    (n,) bool, the demands of `a` that `b` holds, filed at the same second; and by kind (n,) bool
    """
    limit_s = conventions().much_longer * MONTH_S
    row = _rows(a, b)
    found = row != NOWHERE
    found[found] = seconds(a["filed_s"])[found] == seconds(b["filed_s"])[row[found]]
    (until_a, housed_a, open_a), (until_b, housed_b, open_b) = (_ends(table, end_s) for table in (a, b))
    until_b, housed_b, open_b = until_b[row], housed_b[row], open_b[row]
    grown, shrunk = until_b - until_a > limit_s, until_a - until_b > limit_s
    only_a, only_b = found & housed_a & ~housed_b, found & housed_b & ~housed_a
    return found, {
        "longer": found & housed_a & grown,
        "shorter": found & housed_b & shrunk,
        "left": only_a & ~open_b & ~grown,
        "left_before": only_b & ~open_a & ~shrunk,
        "open": only_a & open_b & ~grown,
        "open_before": only_b & open_a & ~shrunk,
    }


def tally_waits(a: pd.DataFrame, b: pd.DataFrame, end_s: float) -> pd.DataFrame:
    """Return how many demands of each group are of each kind: dimension, group, `ALONE`, `KINDS`.

    `a` and `b` hold the columns `READ`; groups are those of `a`, whose traits at filing are `b`'s too. A
    group none of whose demands is of a kind, or alone, may be absent.
    """
    found, of_kind = kinds(a, b, end_s)
    weights = {ALONE: ~found, **of_kind}
    told = np.flatnonzero(np.logical_or.reduce(list(weights.values())))
    rows = {name: member[told] for name, member in weights.items()}
    return summed(of_demands(a.iloc[told], "indicator"), rows)


def _rows(a: pd.DataFrame, b: pd.DataFrame) -> Ints:
    """Return the row of b of each demand of a, (n,), NOWHERE where it has none."""
    of_a, of_b = codes([a["demand_id"], b["demand_id"]])
    row = np.full(max(of_a.max(initial=NOWHERE), of_b.max(initial=NOWHERE)) + 1, NOWHERE)
    row[of_b] = np.arange(len(of_b))
    found: Ints = row[of_a]
    return found


def _ends(demands: pd.DataFrame, end_s: float) -> tuple[Floats, Bools, Bools]:
    """Return until when each demand was seen waiting, whether a lease ended it, whether it is open."""
    closed = seconds(demands["closed_s"])
    housed = demands["closed_by"].eq("lease").to_numpy(dtype=bool)
    return np.fmin(closed, end_s), housed, np.isnan(closed)
