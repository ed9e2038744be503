"""How likely is each residence to become « à conforter » within the horizon, under each policy?

A statistic over the replications of one policy. A residence is followed in the replications where it was not
« à conforter » on the first 1 January; it moves when it is on a later one, even if it comes back. Policies
branch from the same state: a residence is followed in the same replications under each, and the difference
between two policies is paired. Left out on purpose: why it moves, and the mean over the EPCI, which is an
indicator like any other (`residences_reaching_a_conforter`, sim/indicators/transitions.py).

Sources: E. Wilson, Journal of the American Statistical Association 22 (1927) 209-212 (interval of a share);
D. Bonett, R. Price, Journal of Educational and Behavioral Statistics 37 (2012) 479-488 (adjusted Wald
interval of a difference of paired shares).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.comparison import LEVEL
from sim.indicators.types import A_CONFORTER, NONE, by_residence, ranks
from sim.shares import wilson
from sim.territory.columns import PEUPLEMENT_TYPES

Floats = NDArray[np.float64]

READ = ("residence_id", "year", "dwellings", "households", "peuplement_type")
"""Columns of `occupation` that are read."""

FOLLOWED = ("policy", "replication", "residence_id", "followed", "moved", "dwellings", "households", "type")
CHANCES = (
    *("residence_id", "policy", "n", "chance", "ci_low", "ci_high"),
    *("dwellings", "households_min", "peuplement_type"),
)
DIFFERENCES = (
    *("residence_id", "policy_a", "policy_b", "n", "chance_a", "chance_b"),
    *("difference", "ci_low", "ci_high", "distinguished"),
)
Z = float(ndtri((1 + LEVEL) / 2))


def follow(runs: Iterable[tuple[str, int, pd.DataFrame]]) -> pd.DataFrame:
    """Follow every residence that stands on the first 1 January through every run.

    Parameters
    ----------
    runs : policy, replication and table `occupation` of each run (columns `READ`)

    Returns
    -------
    Columns `FOLLOWED`: whether it is followed and has moved; dwellings, households and type (a place in
    PEUPLEMENT_TYPES, NONE where none) of the first 1 January.
    """
    parts = [_of_run(table).assign(policy=policy, replication=number) for policy, number, table in runs]
    return pd.concat(parts, ignore_index=True)[list(FOLLOWED)] if parts else pd.DataFrame(columns=FOLLOWED)


def chances(followed: pd.DataFrame) -> pd.DataFrame:
    """Return each residence's chance of moving, policy by policy.

    1. n : replications where it is followed; chance : of them, the share where it moves, NaN where n is 0.
    2. Interval: Wilson's, 95 %.

    Parameters
    ----------
    followed : what `follow` returned

    Returns
    -------
    Columns `CHANCES`; `dwellings` is the mean and `households_min` the fewest of the first 1 January over
    replications, `peuplement_type` the type most often had then, the least favourable of equals.
    """
    moving = followed["followed"] & followed["moved"]
    by = followed.assign(moving=moving).groupby(["policy", "residence_id"], sort=True)
    found = by.agg(
        n=("followed", "sum"),
        moves=("moving", "sum"),
        dwellings=("dwellings", "mean"),
        households_min=("households", "min"),
    ).reset_index()
    n, moves = (found[name].to_numpy(dtype=float) for name in ("n", "moves"))
    low, high = wilson(moves, n, LEVEL)
    kinds = _commonest(
        np.asarray(by.ngroup(), dtype=np.int64), followed["type"].to_numpy(dtype=np.int64), len(found)
    )
    told = found.assign(
        chance=np.divide(moves, n, out=np.full(n.size, np.nan), where=n > 0),
        ci_low=low,
        ci_high=high,
        peuplement_type=np.array([*PEUPLEMENT_TYPES, ""])[kinds],
    )
    return told[list(CHANCES)]


def differences(followed: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Compare policies two by two on each residence, over the replications where it is followed under both.

    1. Of n replications, f₀₁ see it move under the second policy alone, f₁₀ under the first alone.
    2. difference = (f₀₁ − f₁₀) / n.
    3. Interval of Bonett and Price, 95 %: with p₀₁ = (f₀₁ + 1)/(n + 2) and p₁₀ alike,
       p₀₁ − p₁₀ ± z √((p₀₁ + p₁₀ − (p₀₁ − p₁₀)²)/(n + 2)), within [−1, 1].
    4. A difference is distinguished when its interval excludes 0; a policy against itself is exactly 0.

    Parameters
    ----------
    followed : what `follow` returned
    pairs : (policy_a, policy_b)

    Returns
    -------
    Columns `DIFFERENCES`; a residence followed under both in no replication is left out.
    """
    known = followed[followed["followed"].to_numpy(dtype=bool)]
    keys = ["residence_id", "replication"]
    rows = []
    for a, b in pairs:
        first, second = (known.loc[known["policy"] == name, [*keys, "moved"]] for name in (a, b))
        both = first.merge(second, on=keys, suffixes=("_a", "_b"))
        under_a, under_b = (both[f"moved_{side}"].to_numpy(dtype=bool) for side in "ab")
        counted = both.assign(n=1, a=under_a, b=under_b, only_a=under_a & ~under_b, only_b=under_b & ~under_a)
        names = ["n", "a", "b", "only_a", "only_b"]
        found = counted.groupby("residence_id", sort=True)[names].sum().reset_index()
        rows.append(_compared(found, a, b))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=list(DIFFERENCES))


def _of_run(occupation: pd.DataFrame) -> pd.DataFrame:
    """Return what becomes of each residence of one run, a row each that stands on the first 1 January."""
    types, line, _ = by_residence(occupation, ranks(occupation["peuplement_type"]))
    first = (occupation["year"] == occupation["year"].min()).to_numpy()
    start = occupation[first]
    begun, path = types[line[first], 0], types[line[first], 1:]
    return pd.DataFrame(
        {
            "residence_id": start["residence_id"].to_numpy(),
            "followed": (begun != NONE) & (begun != A_CONFORTER),
            "moved": (path == A_CONFORTER).any(axis=1),
            "dwellings": start["dwellings"].to_numpy(),
            "households": start["households"].to_numpy(),
            "type": begun,
        }
    )


def _commonest(group: NDArray[np.int64], kind: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    """Return the kind most often had in each group, the largest of equals; NONE is kind −1."""
    kinds = len(PEUPLEMENT_TYPES) + 1
    counts = np.bincount(group * kinds + kind + 1, minlength=groups * kinds).reshape(groups, kinds)
    most: NDArray[np.int64] = kinds - 2 - counts[:, ::-1].argmax(axis=1)
    return most


def _compared(found: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """Return the differences of one pair from the counts n, a, b, only_a, only_b of each residence."""
    n, of_a, of_b, only_a, only_b = (
        found[name].to_numpy(dtype=float) for name in ("n", "a", "b", "only_a", "only_b")
    )
    p_a, p_b = (only_a + 1) / (n + 2), (only_b + 1) / (n + 2)
    centre = p_b - p_a
    half = Z * np.sqrt((p_a + p_b - centre**2) / (n + 2))
    if a == b:
        centre, half = np.zeros(n.size), np.zeros(n.size)
    told = found.assign(
        policy_a=a,
        policy_b=b,
        chance_a=of_a / n,
        chance_b=of_b / n,
        difference=(only_b - only_a) / n,
        ci_low=np.maximum(centre - half, -1.0),
        ci_high=np.minimum(centre + half, 1.0),
    )
    told["distinguished"] = (told["ci_low"] > 0) | (told["ci_high"] < 0)
    return told.astype({"n": "int64"})[list(DIFFERENCES)]
