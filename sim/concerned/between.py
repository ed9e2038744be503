"""What changes for each group between two policies, and can it be told from chance?

The statistics are those of sim/comparison.py, in pairs of the same replication. A group of fewer members than
the convention has no figure. Hundreds of rows are read here, and one in twenty excludes no change by chance
alone: Holm's correction counts all those of a pair of policies (sim/multiplicity.py). Left out on purpose:
any list of demands.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.comparison import HOLM, LEVEL, compare
from sim.concerned import wilson
from sim.concerned.conventions import conventions
from sim.concerned.dimensions import OF_DEMANDS, TRAIT, traits_for
from sim.concerned.measures import NEUTRAL_VALUE, measured
from sim.concerned.waits import ALONE, KINDS
from sim.multiplicity import holm

COLUMNS = (
    *("policy_a", "policy_b", "measure", "side", "dimension", "group"),
    *("mean_a", "mean_b", "difference", "ci_low", "ci_high", "n"),
    *("uncertainty", "distinguished", "members", "small"),
    *("p_value", *HOLM, "family"),
)
"""Columns of concerned.csv. `members` is the mean number of members in a replication, of the smaller of the
two policies; `small` when it is under the convention: the row then has no figure. `family` is how many rows
of its pair Holm's rule counts; the three before it are null where there is no figure, and where the interval
is not that of the replications."""

REFERENCE = "reference"
"""Policy named as the first of a pair where a policy is held against a group that is as all the others."""

FIGURES = ["mean_a", "mean_b", "difference", "ci_low", "ci_high", "p_value"]
ROW = ["side", "dimension", "group", "measure"]


def concerned(tallies: pd.DataFrame, waits: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Return every change of every group, pair by pair, then each policy beside an even one.

    Parameters
    ----------
    tallies : tallies of the runs, with columns policy and replication
    waits : what `tally_waits` counted, with columns policy_a, policy_b and replication
    pairs : (policy_a, policy_b)
    """
    values = measured(tallies)
    parts = [
        between(values, pairs),
        against_even(values),
        *between_waits(waits, tallies),
        wilson.gaps(tallies),
    ]
    whole = pd.concat([part for part in parts if len(part)], ignore_index=True)
    small = ~(whole["members"] >= conventions().smallest_group)
    whole.loc[small, FIGURES] = np.nan
    whole["distinguished"] = whole["distinguished"].astype(bool) & ~small
    return counted(whole.assign(small=small))[list(COLUMNS)]


def counted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the columns `HOLM` and `family`: what is still told once its pair's are counted.

    The family is every row of a pair (policy_a, policy_b) that has a p-value, whatever its measure and group.
    A row is distinguished after Holm when its adjusted p-value is at most 5 %; it then is distinguished alone
    too.
    """
    adjusted, size = np.full(len(rows), np.nan), np.zeros(len(rows), dtype=np.int64)
    p_values = rows["p_value"].to_numpy(dtype=float)
    for family in rows.groupby(["policy_a", "policy_b"], sort=False).indices.values():
        adjusted[family] = holm(p_values[family])
        size[family] = np.count_nonzero(~np.isnan(p_values[family]))
    told = pd.array(rows["distinguished"].to_numpy(dtype=bool) & (adjusted <= 1 - LEVEL), dtype="boolean")
    told[np.isnan(adjusted)] = pd.NA
    return rows.assign(p_holm=adjusted, distinguished_holm=told, family=size)


def between(values: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Compare policies two by two on every measure of every group; columns of `values` as `measured` has."""
    keys = values[ROW].drop_duplicates(ignore_index=True)
    place = keys.assign(row=np.arange(len(keys)))
    rows = values.merge(place, on=ROW, how="left", sort=False)
    plain = rows[["policy", "replication", "value"]].assign(indicator=rows["row"], group="", year=0)
    found = compare(plain, pairs)
    members = rows.groupby(["policy", "row"])["base"].mean()
    a, b = (
        members.reindex(pd.MultiIndex.from_arrays([found[side], found["indicator"]])).to_numpy()
        for side in ("policy_a", "policy_b")
    )
    named = keys.iloc[found["indicator"].to_numpy(dtype=int)].reset_index(drop=True)
    told = found.drop(columns=["indicator", "group", "year"]).reset_index(drop=True)
    return pd.concat([named, told], axis=1).assign(members=np.fmin(a, b))


def against_even(values: pd.DataFrame) -> pd.DataFrame:
    """Hold each policy against a group that is as all the others, on the measures that have such a value."""
    chosen = values[values["measure"].isin(list(NEUTRAL_VALUE))]
    policies = list(dict.fromkeys(chosen["policy"]))
    once = chosen.drop_duplicates(["replication", *ROW])
    even = once.assign(policy=REFERENCE, value=once["measure"].map(NEUTRAL_VALUE), base=np.inf)
    both = pd.concat([chosen, even], ignore_index=True)
    return between(both, [(REFERENCE, policy) for policy in policies]) if policies else chosen.head(0)


def between_waits(waits: pd.DataFrame, tallies: pd.DataFrame) -> list[pd.DataFrame]:
    """Return how many demands of each group wait much longer, or less, under the second policy of each pair.

    A number is that of a mean replication, with the interval of that mean; `wait_net` is the longer waits
    less the shorter ones. Members are the demands of both policies.
    """
    names, counted = ["replication", "dimension", "group"], [ALONE, *KINDS]
    traits = tallies["group"].isin(traits_for("indicator"))
    shown = tallies["side"].eq("demands") & tallies["dimension"].isin(OF_DEMANDS)
    shown &= tallies["dimension"].ne(TRAIT) | traits
    everybody = tallies.loc[shown, ["policy", *names, "demands"]]
    found = []
    apart = waits[["policy_a", "policy_b"]].drop_duplicates().astype(str)
    for a, b in apart.itertuples(index=False, name=None):
        of_pair = waits[waits["policy_a"].eq(a) & waits["policy_b"].eq(b)]
        counts = everybody[everybody["policy"].eq(a)].merge(of_pair[[*names, *counted]], on=names, how="left")
        counts = counts.fillna(dict.fromkeys(counted, 0.0))
        counts["net"] = counts["longer"] - counts["shorter"]
        counts["base"] = counts["demands"] - counts[ALONE]
        long = counts.melt([*names, "base"], [*KINDS, "net"], "measure")
        long = long.assign(side="demands", measure="wait_" + long["measure"], policy=b)
        nobody = long.assign(policy=REFERENCE, value=0.0)  # the first policy against itself
        both = pd.concat([nobody, long], ignore_index=True)
        found.append(between(both, [(REFERENCE, b)]).assign(policy_a=a))
    return found
