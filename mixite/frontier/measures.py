"""What is read at each point of the trade-off, and how far from no targets is it?

Delays and legal shares on one side, residualisation on the other: *niveau* (who enters) and *répartition*
(where) apart. An interval is that of the mean over replications; a difference is paired with strength 0, on
the same replications. Both cover the chance of the simulation alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

DELAYS = tuple(
    (name, group)
    for name in ("wait_housed_months", "housed_12m")
    for group in ("l441_1", "dalo", "first_quartile")
)
HOUSED = tuple(
    (name, group)
    for name in ("net_new_households", "leases_of_group")
    for group in ("first_quartile", "l441_1")
)
LAW = (("r1_share", "all"), ("r2_share", "all"))
LEVEL = (("entrants_minus_stock", "first_quartile"), ("stock_first_quartile", "all"))
SPREAD = (
    ("dissimilarity", "first_quartile"),
    ("dissimilarity_corrected", "first_quartile"),
    ("isolation_corrected", "first_quartile"),
    ("in_type_share", "first_quartile@a_conforter"),
    ("residences_reaching_a_conforter", "all"),
    ("residences_less_favourable", "all"),
    ("stock_first_quartile", "qpv"),
    ("in_qpv_share", "first_quartile"),
)
ORDER = (("passed_over_per_lease", "all"), ("leases_total", "all"))
MEASURES = (*DELAYS, *HOUSED, *LAW, *LEVEL, *SPREAD, *ORDER)
"""(indicator, group), each at the whole run where it has a value there, else in its last year."""

COLUMNS = ("variant", "value", "indicator", "group", "mean", "ci_low", "ci_high", "n", "unit")
DIFFERENCES = (
    *("variant", "value", "indicator", "group"),
    *("difference", "ci_low", "ci_high", "n", "distinguished"),
)

At = tuple[str, float]
"""A point by its variant and its value."""

Rows = Mapping[tuple[str, float, str, str], dict[str, Any]]
"""The rows of a table by variant, value, indicator and group."""


def read(indicators: pd.DataFrame, measures: Sequence[tuple[str, str]] = MEASURES) -> pd.DataFrame:
    """Return the rows of a run's indicators that are measures, each once, at its reading year."""
    import pandas as pd

    keys = pd.MultiIndex.from_frame(indicators[["indicator", "group"]])
    kept = indicators[keys.isin(list(measures))]
    whole = kept.groupby(["indicator", "group"])["year"].transform("min") == 0
    last = kept["year"] == kept.groupby(["indicator", "group"])["year"].transform("max")
    return kept[(kept["year"] == 0) | (~whole & last)]


def means(values: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over replications of each measure at each point, with its interval, 95 %.

    Parameters
    ----------
    values : variant, value, replication, indicator, group, unit, `measure` (the value; NaN where unknown)

    Returns
    -------
    `COLUMNS`; the interval is mean ± t(n − 1) × standard deviation / √n, NaN where n < 2.
    """
    from scipy.special import stdtrit

    from sim.comparison import LEVEL as CONFIDENCE

    by = values.groupby(["variant", "value", "indicator", "group", "unit"], sort=False)["measure"]
    found = by.agg(mean="mean", n="count", sd="std").reset_index()
    n = found["n"].to_numpy()
    half = stdtrit(np.maximum(n - 1, 1), (1 + CONFIDENCE) / 2) * found["sd"] / np.sqrt(np.maximum(n, 1))
    found = found.assign(ci_low=found["mean"] - half, ci_high=found["mean"] + half)
    return found[list(COLUMNS)]


def paired(values: pd.DataFrame, pairs: Sequence[tuple[At, At]]) -> pd.DataFrame:
    """Return the paired difference of each measure between two points, the second less the first.

    Parameters
    ----------
    values : as for `means`
    pairs : a variant and its value, twice

    Returns
    -------
    `from_variant`, `from_value`, then `DIFFERENCES`.
    """
    import pandas as pd

    from sim.comparison import compare

    points = list(values[["variant", "value"]].drop_duplicates().itertuples(index=False, name=None))
    names = {point: f"{point[0]} {point[1]:g}" for point in points}
    named = [names[point] for point in values[["variant", "value"]].itertuples(index=False, name=None)]
    table = values.drop(columns=["value", "year"], errors="ignore")
    table = table.rename(columns={"measure": "value"}).assign(policy=named, year=0)
    found = compare(table, [(names[a], names[b]) for a, b in pairs])
    to = pd.DataFrame(points, columns=["variant", "value"]).assign(policy_b=list(names.values()))
    of = to.set_axis(["from_variant", "from_value", "policy_a"], axis=1)
    return found.merge(to, on="policy_b").merge(of, on="policy_a")[
        ["from_variant", "from_value", *DIFFERENCES]
    ]


def from_zero(values: pd.DataFrame, zero: At) -> pd.DataFrame:
    """Return the difference of each point with strength 0, columns `DIFFERENCES`."""
    points = values[["variant", "value"]].drop_duplicates().itertuples(index=False, name=None)
    found = paired(values, [(zero, (name, value)) for name, value in points if (name, value) != zero])
    return found[list(DIFFERENCES)]


def rows(table: pd.DataFrame) -> Rows:
    """Return the rows of `means`, `from_zero`, or `paired` of one pair, by point and measure."""
    return {
        (each["variant"], each["value"], each["indicator"], each["group"]): each
        for each in ({str(name): cell for name, cell in one.items()} for one in table.to_dict("records"))
    }
