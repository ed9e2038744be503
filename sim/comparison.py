"""What is the difference between two policies, and can it be told from chance?

Replications are paired: under two policies the same replication has the same arrivals, departures and
answers, so the interval is that of the mean of the paired differences. It covers the chance of the
simulation alone ("aléa de simulation seul"), neither the territory's synthesis nor the parameters; and it
covers one row at a time: among hundreds of rows, one in twenty excludes 0 by chance.

Source: A. Law, "Simulation Modeling and Analysis" (paired-t interval, common random numbers).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

KEY = ["indicator", "group", "year"]
COLUMNS = (
    *KEY,
    "policy_a",
    "policy_b",
    "mean_a",
    "mean_b",
    "difference",
    "ci_low",
    "ci_high",
    "n",
    "uncertainty",
    "distinguished",
)
LEVEL = 0.95
ALEA = "alea"

LADDER = ("cotation_only", "cotation_matched", "cotation_quotas", "cotation_peuplement")
"""Each step adds one thing: joint treatment, the legal rows, the targets of the stratégie de peuplement."""

WHOLE_RUN = 0
LAST_YEAR = -1

HEADLINES = (
    ("housed_12m", "dalo", WHOLE_RUN),
    ("housed_12m", "l441_1", WHOLE_RUN),
    ("housed_12m", "first_quartile", WHOLE_RUN),
    ("housed_12m", "q2_q4_no_priority", WHOLE_RUN),
    ("r1_share", "all", WHOLE_RUN),
    ("r2_share", "all", WHOLE_RUN),
    ("in_qpv_share", "first_quartile", WHOLE_RUN),
    ("stock_first_quartile", "all", LAST_YEAR),
    ("dissimilarity", "first_quartile", LAST_YEAR),
    ("entrants_minus_stock", "first_quartile", WHOLE_RUN),
    ("days_vacant", "all", WHOLE_RUN),
    ("passed_over_per_lease", "all", WHOLE_RUN),
    ("residences_changing_type", "all", LAST_YEAR),
)
"""The rows shown first: who is housed, the law, where, the four numbers of residualisation, the costs.

Delays come first and the legal shares second because a policy must be read by those who wait before it is
read by the residences; the last two rows are what a strategy may cost. (indicator, group, year).
"""

Floats = NDArray[np.float64]


def compare(table: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Compare policies two by two on every indicator, group and year.

    1. Keep, for each row, the replications where both policies have a value.
    2. difference = mean_b − mean_a over them; n is their number.
    3. Interval: difference ± t(n − 1) × standard deviation of the paired differences / √n, 95 %.
    4. A difference is distinguished when its interval excludes 0.

    Parameters
    ----------
    table : columns policy, replication, indicator, group, year, value; a value may be NaN
    pairs : (policy_a, policy_b); a policy against itself gives exactly 0, interval (0, 0)

    Returns
    -------
    The columns of the contract, `COLUMNS`; the interval is NaN when n < 2.

    Raises
    ------
    ValueError
        when a policy of a pair is not in the table, or when a value is given twice.
    """
    _check(table, pairs)
    rows = pd.MultiIndex.from_frame(table[KEY].drop_duplicates())
    replications = table["replication"].unique()
    values = {
        policy: table[table["policy"] == policy]
        .pivot(index=KEY, columns="replication", values="value")
        .reindex(index=rows, columns=replications)
        .to_numpy(dtype=float)
        for policy in dict.fromkeys(policy for pair in pairs for policy in pair)
    }
    keys = rows.to_frame(index=False)
    compared = [_pair(keys, a, b, values[a], values[b]) for a, b in pairs]
    return (
        pd.concat(compared, ignore_index=True)[list(COLUMNS)] if compared else pd.DataFrame(columns=COLUMNS)
    )


def ladder_pairs(policies: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs to compare among the policies played.

    First cotation only against cotation + stratégie, then the steps of the ladder that were played, then
    every other policy against `cotation_only` (against the first one where that was not played). A policy
    named twice is compared with itself.
    """
    steps = [policy for policy in LADDER if policy in policies]
    reference = LADDER[0] if LADDER[0] in policies else next(iter(policies), "")
    others = [policy for policy in policies if policy not in (*LADDER, reference)]
    twice = [policy for policy in policies if list(policies).count(policy) > 1]
    pairs = [(LADDER[0], LADDER[-1])] if {LADDER[0], LADDER[-1]} <= set(policies) else []
    pairs += pairwise(steps)
    pairs += [(reference, policy) for policy in others]
    if reference not in LADDER:
        pairs += [(reference, policy) for policy in steps]
    pairs += [(policy, policy) for policy in twice]
    return list(dict.fromkeys(pairs))


def headlines(comparison: pd.DataFrame, chosen: Sequence[tuple[str, str, int]] = HEADLINES) -> pd.DataFrame:
    """Return the rows shown first, pair by pair, in the order of `chosen`; absent ones are left out.

    Parameters
    ----------
    comparison : what `compare` returned
    chosen : (indicator, group, year), year 0 the whole run, `LAST_YEAR` the last one compared
    """
    couples = pd.MultiIndex.from_frame(comparison[["indicator", "group"]])
    last = comparison.groupby(["indicator", "group"])["year"].transform("max")
    pair = pd.factorize(pd.MultiIndex.from_frame(comparison[["policy_a", "policy_b"]]))[0]
    place = np.full(len(comparison), -1)
    for rank, (indicator, group, year) in enumerate(chosen):
        of_year = comparison["year"].eq(last if year == LAST_YEAR else year)
        place[(couples == (indicator, group)) & of_year.to_numpy()] = rank
    order = np.lexsort((place, pair))
    return comparison.iloc[order[place[order] >= 0]].reset_index(drop=True)


def _check(table: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> None:
    known = list(table["policy"].unique())
    for policy in (policy for pair in pairs for policy in pair):
        if policy not in known:
            raise ValueError(f"politique « {policy} » absente des résultats ; présentes : {', '.join(known)}")
    columns = ["policy", "replication", *KEY]
    twice = table[columns].duplicated()
    if twice.any():
        row = ", ".join(str(value) for value in table[columns].iloc[int(np.argmax(twice))])
        raise ValueError(f"valeur donnée deux fois : {row} ; attendu une ligne par indicateur et réplication")


def _pair(keys: pd.DataFrame, policy_a: str, policy_b: str, a: Floats, b: Floats) -> pd.DataFrame:
    """Return the comparison of one pair; a, b : (rows, replications) float, NaN where unknown."""
    both = ~np.isnan(a) & ~np.isnan(b)
    n = both.sum(axis=1)
    mean_a, mean_b = _mean(a, both, n), _mean(b, both, n)
    difference = mean_b - mean_a
    half_width = _half_width(b - a, both, n)
    if policy_a == policy_b:
        half_width = np.where(n > 0, 0.0, np.nan)
    low, high = difference - half_width, difference + half_width
    columns: dict[str, Any] = {
        "policy_a": policy_a,
        "policy_b": policy_b,
        "mean_a": mean_a,
        "mean_b": mean_b,
        "difference": difference,
        "ci_low": low,
        "ci_high": high,
        "n": n,
        "uncertainty": ALEA,
        "distinguished": (low > 0) | (high < 0),
    }
    return keys.assign(**columns)


def _mean(values: Floats, known: NDArray[np.bool_], n: NDArray[np.int64]) -> Floats:
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def _half_width(paired: Floats, known: NDArray[np.bool_], n: NDArray[np.int64]) -> Floats:
    """Return the half width of the t interval of the mean paired difference, NaN when n < 2."""
    freedom = np.maximum(n - 1, 1)
    centred = np.where(known, paired - _mean(paired, known, n)[:, None], 0.0)
    variance = (centred**2).sum(axis=1) / freedom
    quantile = student.ppf((1 + LEVEL) / 2, freedom)
    return np.where(n > 1, quantile * np.sqrt(variance / np.maximum(n, 1)), np.nan)
