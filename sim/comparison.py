"""What is the difference between two policies, and can it be told from chance?

Replications are paired: under two policies the same replication has the same arrivals, departures and
answers, so the interval is that of the mean of the paired differences. It covers the chance of the
simulation alone ("aléa de simulation seul"), neither the territory's synthesis nor the parameters; and it
covers one row at a time: among hundreds of rows, one in twenty excludes 0 by chance. The headlines, which
are read together, are also told after Holm's correction for their number (sim/multiplicity.py).

Source: A. Law, "Simulation Modeling and Analysis" (paired-t interval, common random numbers).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from sim.multiplicity import holm

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
ADDED = ("p_value", "correlation")
HOLM = ("p_holm", "distinguished_holm")
"""Columns after those of the contract, of every row, then of the headlines alone."""

LEVEL = 0.95
ALEA = "alea"

LADDER = ("status_quo", "cotation_only", "cotation_matched", "cotation_quotas", "cotation_peuplement")
"""Each step adds one thing: points, joint treatment, the legal rows, the stratégie de peuplement."""

WITHOUT, WITH = "cotation_only", "cotation_peuplement"
"""What is compared first: the cotation alone, and coupled with the stratégie."""

ROUNDING = 1e-12
"""Under this part of the values compared, a spread of their differences is that of their last bits."""

WHOLE_RUN = 0
LAST_YEAR = -1

SUBJECTS = {
    "delays": (
        ("housed_12m", "dalo", WHOLE_RUN),
        ("housed_12m", "l441_1", WHOLE_RUN),
        ("housed_12m", "first_quartile", WHOLE_RUN),
        ("housed_12m", "q2_q4_no_priority", WHOLE_RUN),
    ),
    "law": (("r1_share", "all", WHOLE_RUN), ("r2_share", "all", WHOLE_RUN)),
    "level": (
        ("stock_first_quartile", "all", LAST_YEAR),
        ("entrants_minus_stock", "first_quartile", WHOLE_RUN),
    ),
    "spread": (
        ("in_qpv_share", "first_quartile", WHOLE_RUN),
        ("dissimilarity_corrected", "first_quartile", LAST_YEAR),
        ("residences_changing_type", "all", LAST_YEAR),
    ),
    "costs": (("days_vacant", "all", WHOLE_RUN), ("passed_over_per_lease", "all", WHOLE_RUN)),
}
"""The rows shown first, by what they are about: (indicator, group, year).

Delays come first and the legal shares second because a policy must be read by those who wait before it is
read by the residences. The level (who enters) and the spread (where) are two questions, never one list; the
spread is read with the effect of chance taken off. The legal shares are of neither: a share of the leases of
a place moves with both. The last rows are what a strategy may cost.
"""

HEADLINES = tuple(chain.from_iterable(SUBJECTS.values()))

Floats = NDArray[np.float64]


def compare(table: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Compare policies two by two on every indicator, group and year.

    1. Keep, for each row, the replications where both policies have a value.
    2. difference = mean_b − mean_a over them; n is their number.
    3. Interval: difference ± t(n − 1) × standard deviation of the paired differences / √n, 95 %.
    4. Where all the paired differences are the same, other than 0, t has no spread to measure chance by. The
       sign test stands in its place: p = 2^(1 − n), under 5 % from six replications on; with fewer there is
       no interval and no verdict.
    5. A difference is distinguished when its interval excludes 0.
    6. p-value: two-sided, of the same t; correlation: of the two policies over the same replications.

    Parameters
    ----------
    table : columns policy, replication, indicator, group, year, value; a value may be NaN
    pairs : (policy_a, policy_b); a policy against itself gives exactly 0, interval (0, 0)

    Returns
    -------
    The columns of the contract, `COLUMNS`, then `ADDED`. Interval, p-value and correlation are NaN when
    n < 2; so are the interval of a same difference in fewer than six replications, the p-value of a policy
    against itself, where nothing is tested, and the correlation of a constant.

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
    columns = [*COLUMNS, *ADDED]
    return pd.concat(compared, ignore_index=True)[columns] if compared else pd.DataFrame(columns=columns)


def ladder_pairs(policies: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs to compare among the policies played.

    First cotation only against cotation + stratégie, then the steps of the ladder that were played, then
    every other policy against `cotation_only` (against the first one where that was not played). A policy
    named twice is compared with itself.
    """
    steps = [policy for policy in LADDER if policy in policies]
    reference = WITHOUT if WITHOUT in policies else next(iter(policies), "")
    others = [policy for policy in policies if policy not in (*LADDER, reference)]
    twice = [policy for policy in policies if list(policies).count(policy) > 1]
    pairs = [(WITHOUT, WITH)] if {WITHOUT, WITH} <= set(policies) else []
    pairs += pairwise(steps)
    pairs += [(reference, policy) for policy in others]
    if reference not in LADDER:
        pairs += [(reference, policy) for policy in steps]
    pairs += [(policy, policy) for policy in twice]
    return list(dict.fromkeys(pairs))


def subject(indicator: str, group: str) -> str:
    """Return what a headline is about, a key of `SUBJECTS`; nothing for a row that is no headline."""
    return next(
        (name for name, rows in SUBJECTS.items() if (indicator, group) in {row[:2] for row in rows}), ""
    )


def headlines(comparison: pd.DataFrame, chosen: Sequence[tuple[str, str, int]] = HEADLINES) -> pd.DataFrame:
    """Return the rows shown first, pair by pair, in the order of `chosen`; absent ones are left out.

    The columns `HOLM` are those of `with_holm`.

    Parameters
    ----------
    comparison : what `compare` returned
    chosen : (indicator, group, year), year 0 the whole run, `LAST_YEAR` the last one compared
    """
    shown = with_holm(comparison, chosen).iloc[_shown(comparison, chosen)].reset_index(drop=True)
    return shown.astype({"distinguished_holm": bool})


def with_holm(comparison: pd.DataFrame, chosen: Sequence[tuple[str, str, int]] = HEADLINES) -> pd.DataFrame:
    """Return a comparison with the columns `HOLM`, filled for its headlines and null elsewhere.

    The family is every headline of every pair that has a p-value. A headline is distinguished after Holm when
    its adjusted p-value is at most 5 %; it then is distinguished alone too.
    """
    shown = _shown(comparison, chosen)
    adjusted = np.full(len(comparison), np.nan)
    adjusted[shown] = holm(comparison["p_value"].to_numpy(dtype=float)[shown])
    alone = comparison["distinguished"].to_numpy(dtype=bool)
    told = pd.array([pd.NA] * len(comparison), dtype="boolean")
    told[shown] = (alone & (adjusted <= 1 - LEVEL))[shown]
    return comparison.assign(p_holm=adjusted, distinguished_holm=told)


def _shown(comparison: pd.DataFrame, chosen: Sequence[tuple[str, str, int]]) -> NDArray[np.int64]:
    """Return the positions of the headlines, pair by pair, in the order of `chosen`."""
    couples = pd.MultiIndex.from_frame(comparison[["indicator", "group"]])
    last = comparison.groupby(["indicator", "group"])["year"].transform("max")
    pair = pd.factorize(pd.MultiIndex.from_frame(comparison[["policy_a", "policy_b"]]))[0]
    place = np.full(len(comparison), -1)
    for rank, (indicator, group, year) in enumerate(chosen):
        of_year = comparison["year"].eq(last if year == LAST_YEAR else year)
        place[(couples == (indicator, group)) & of_year.to_numpy()] = rank
    order = np.lexsort((place, pair))
    return order[place[order] >= 0]


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
    error = _standard_error(b - a, both, n)
    same = _same(a, b, both, n)
    p_value = np.where(same, 2.0 ** (1 - n), _p_value(difference, error, n))
    half_width = stdtrit(np.maximum(n - 1, 1), (1 + LEVEL) / 2) * error
    half_width = np.where(same & (p_value >= 1 - LEVEL), np.nan, half_width)
    if policy_a == policy_b:
        half_width = np.where(n > 0, 0.0, np.nan)
        p_value = np.full(len(keys), np.nan)
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
        "p_value": p_value,
        "correlation": _correlation(a, b, both, n),
    }
    return keys.assign(**columns)


def _mean(values: Floats, known: NDArray[np.bool_], n: NDArray[np.int64]) -> Floats:
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def _standard_error(paired: Floats, known: NDArray[np.bool_], n: NDArray[np.int64]) -> Floats:
    """Return the standard error of the mean paired difference, NaN when n < 2."""
    centred = np.where(known, paired - _mean(paired, known, n)[:, None], 0.0)
    variance = (centred**2).sum(axis=1) / np.maximum(n - 1, 1)
    return np.where(n > 1, np.sqrt(variance / np.maximum(n, 1)), np.nan)


def _same(a: Floats, b: Floats, known: NDArray[np.bool_], n: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell of which rows the paired differences are one number other than 0, to the rounding of a and b."""
    paired = b - a
    lowest = np.where(known, paired, np.inf).min(axis=1, initial=np.inf)
    highest = np.where(known, paired, -np.inf).max(axis=1, initial=-np.inf)
    size = np.where(known, np.maximum(np.abs(a), np.abs(b)), 0.0).max(axis=1, initial=0.0)
    rounding = ROUNDING * size
    agree: NDArray[np.bool_] = (n > 1) & (highest - lowest <= rounding)
    agree &= np.maximum(lowest, -highest) > rounding
    return agree


def _p_value(difference: Floats, error: Floats, n: NDArray[np.int64]) -> Floats:
    """Return the two-sided p-value of a zero difference; without any spread, 1 at zero and 0 elsewhere."""
    distance = np.divide(np.abs(difference), error, out=np.zeros(len(n)), where=error > 0)
    p_value = 2 * stdtr(np.maximum(n - 1, 1), -distance)
    p_value = np.where((error == 0) & (difference != 0), 0.0, p_value)
    return np.where(n > 1, p_value, np.nan)


def _correlation(a: Floats, b: Floats, known: NDArray[np.bool_], n: NDArray[np.int64]) -> Floats:
    """Return the correlation of two policies over the replications, NaN when one of them does not vary."""
    x, y = (np.where(known, values - _mean(values, known, n)[:, None], 0.0) for values in (a, b))
    scale = np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    varies = scale > 0
    for values in (a, b):  # a sum rounds: a constant may stand a hair from its own mean
        varies &= np.where(known, values, -np.inf).max(axis=1) > np.where(known, values, np.inf).min(axis=1)
    found = np.full(len(n), np.nan)
    found[varies] = (x * y).sum(axis=1)[varies] / scale[varies]
    return found
