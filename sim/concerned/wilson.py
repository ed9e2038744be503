"""How sure is a difference of shares housed, for the size of the two groups?

The interval over replications says how far chance moves a difference in the simulation; this one, how far it
could move were each demand of one replication drawn anew: it is the wider, the smaller the group.
Reference: E. B. Wilson, JASA 22 (1927) 209-212, of one share; R. G. Newcombe, Statistics in Medicine 17
(1998) 873-890, method 10, of a difference.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.comparison import LEVEL
from sim.concerned.dimensions import TRAIT, traits_for
from sim.concerned.measures import others
from sim.indicators.indicator import Floats, ratio
from sim.shares import wilson

UNCERTAINTY = "wilson"


def gaps(tallies: pd.DataFrame) -> pd.DataFrame:
    """Return, of each policy and trait of the equity report, the share housed beside that of everybody else.

    Over the mean counts of a replication: `mean_a` everybody else, `mean_b` the group. `policy_a` is the
    policy too: it is held against itself.
    """
    demands = tallies[tallies["side"].eq("demands")]
    traits = demands["dimension"].eq(TRAIT) & demands["group"].isin(traits_for("equity_report"))
    table = demands[traits]
    rest = others(table, demands)
    counts = table[["policy", "group"]].assign(
        housed=table["leases"],
        size=table["demands"],
        housed_rest=rest["leases"],
        size_rest=rest["demands"],
    )
    mean = counts.groupby(["policy", "group"], sort=False).mean().reset_index()
    of_rest, own = (
        (mean[f"housed{side}"].to_numpy(dtype=float), mean[f"size{side}"].to_numpy(dtype=float))
        for side in ("_rest", "")
    )
    low, high = difference(*of_rest, *own)
    share_rest, share = ratio(*of_rest), ratio(*own)
    return pd.DataFrame(
        {
            "side": "demands",
            "dimension": TRAIT,
            "group": mean["group"],
            "measure": "housed_share_beside",
            "policy_a": mean["policy"],
            "policy_b": mean["policy"],
            "mean_a": share_rest,
            "mean_b": share,
            "difference": share - share_rest,
            "ci_low": low,
            "ci_high": high,
            "n": table.groupby(["policy", "group"], sort=False)["replication"].nunique().to_numpy(),
            "uncertainty": UNCERTAINTY,
            "distinguished": (low > 0) | (high < 0),
            "members": np.fmin(own[1], of_rest[1]),
        }
    )


def difference(housed_a: Floats, size_a: Floats, housed_b: Floats, size_b: Floats) -> tuple[Floats, Floats]:
    """Return Newcombe's interval of share b − share a, 95 %, from Wilson's of each."""
    a, b = ratio(housed_a, size_a), ratio(housed_b, size_b)
    (low_a, high_a), (low_b, high_b) = (wilson(*of, LEVEL) for of in ((housed_a, size_a), (housed_b, size_b)))
    below = np.sqrt((b - low_b) ** 2 + (high_a - a) ** 2)
    above = np.sqrt((high_b - b) ** 2 + (a - low_a) ** 2)
    return b - a - below, b - a + above
