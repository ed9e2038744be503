"""What do the counts of a run say of each group: leases, rates, waits, burden, and beside everybody else?

Formula of each measure, on the counts of tally.py, over the whole run:
`leases`; `attribution_rate` = leases / years of activity, a yearly rate; `wait_housed_months` and
`age_pending_months`, means; `q1_per_vacancy` = leases of the first quartile / vacancies, and `q1_ratio`, the
same over that of the whole territory; `passed_per_100` = times a better scored demand was on no list, for 100
demands, `passed_ratio` the same over that of all demands, `passed_share` and `passed_often_share` of the
demands. A group beside all the demands that are not of it: `rate_ratio` of attribution rates, `housed_gap` of
the shares of demands housed, `wait_ratio` of the mean waits of the housed, `qpv_gap` of the shares of leases
in QPV.
Reference: the ratio of rates is that of 29 CFR 1607.4 D, which compares with the group of the highest rate;
here with everybody else, so that traits that overlap are read alike.
Known flaw: groups differ in more than one trait: a ratio says that two rates differ, not why.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.concerned.dimensions import ALL, TRAIT, traits_for
from sim.concerned.tally import REASON
from sim.indicators.indicator import Floats, ratio

KEY = ["policy", "replication", "dimension", "group"]
OF_DEMANDS = (
    *("leases", "attribution_rate", "wait_housed_months", "age_pending_months"),
    *("passed_per_100", "passed_legal_per_100", "passed_target_per_100"),
    *("passed_ratio", "passed_share", "passed_often_share"),
)
OF_DWELLINGS = ("leases", "wait_housed_months", "q1_per_vacancy", "q1_ratio", "passed_per_vacancy")
BESIDE_OTHERS = ("rate_ratio", "housed_gap", "wait_ratio", "qpv_gap")

NEUTRAL_VALUE = {"q1_ratio": 1.0, "passed_ratio": 1.0, "rate_ratio": 1.0, "wait_ratio": 1.0}
NEUTRAL_VALUE |= {"housed_gap": 0.0, "qpv_gap": 0.0}
"""Where a group stands that is as all the others: each policy is held against this too."""


def measured(tallies: pd.DataFrame) -> pd.DataFrame:
    """Return every measure of every group: side, policy, replication, dimension, group, measure, value, base.

    `base` is how many the value is a mean or share of: demands, leases, pending demands, vacancies; for a
    group beside the others, of the smaller of the two. Traits admitted for `indicator` have the measures of
    demands, those admitted for `equity_report` stand beside the others, and nothing else.

    Parameters
    ----------
    tallies : tallies of runs (see tally.py), with columns policy and replication
    """
    demands, dwellings = (tallies[tallies["side"].eq(side)] for side in ("demands", "dwellings"))
    demands = demands[demands["dimension"].ne(REASON)]
    indicator, equity = (traits_for(use) for use in ("indicator", "equity_report"))
    is_trait = demands["dimension"].eq(TRAIT)
    shown = demands[~is_trait | demands["group"].isin(indicator)]
    beside = demands[is_trait & demands["group"].isin(equity)]
    parts = [_of_demands(shown), _of_dwellings(dwellings), _beside_others(beside, demands), _reasons(tallies)]
    return pd.concat(parts, ignore_index=True)


def _of_demands(table: pd.DataFrame) -> pd.DataFrame:
    demands, leases, whole = table["demands"], table["leases"], _whole(table, table)
    per_100 = 100 * ratio(table["passed"], demands)
    values = {
        "leases": (leases, demands),
        "attribution_rate": (ratio(leases, table["active_years"]), demands),
        "wait_housed_months": (ratio(table["waited_months"], leases), leases),
        "age_pending_months": (ratio(table["pending_months"], table["pending"]), table["pending"]),
        "passed_per_100": (per_100, demands),
        "passed_legal_per_100": (100 * ratio(table["passed_legal"], demands), demands),
        "passed_target_per_100": (100 * ratio(table["passed_target"], demands), demands),
        "passed_ratio": (ratio(per_100, 100 * ratio(whole["passed"], whole["demands"])), demands),
        "passed_share": (ratio(table["passed_demands"], demands), demands),
        "passed_often_share": (ratio(table["passed_often"], demands), demands),
    }
    return _long(table, values)


def _of_dwellings(table: pd.DataFrame) -> pd.DataFrame:
    leases, vacancies, whole = table["leases"], table["vacancies"], _whole(table, table)
    per_vacancy = ratio(table["leases_first_quartile"], vacancies)
    everywhere = ratio(whole["leases_first_quartile"], whole["vacancies"])
    values = {
        "leases": (leases, vacancies),
        "wait_housed_months": (ratio(table["waited_months"], leases), leases),
        "q1_per_vacancy": (per_vacancy, vacancies),
        "q1_ratio": (ratio(per_vacancy, everywhere), vacancies),
        "passed_per_vacancy": (ratio(table["passed"], vacancies), vacancies),
    }
    return _long(table, values)


def _beside_others(table: pd.DataFrame, everybody: pd.DataFrame) -> pd.DataFrame:
    counts = ["demands", "active_years", "leases", "waited_months", "leases_in_qpv"]
    own, rest = table[counts], others(table, everybody)[counts]
    few = own["demands"].clip(upper=rest["demands"])
    few_leases = own["leases"].clip(upper=rest["leases"])

    def both(top: str, bottom: str) -> tuple[Floats, Floats]:
        return ratio(own[top], own[bottom]), ratio(rest[top], rest[bottom])

    rate, rate_rest = both("leases", "active_years")
    housed, housed_rest = both("leases", "demands")
    wait, wait_rest = both("waited_months", "leases")
    qpv, qpv_rest = both("leases_in_qpv", "leases")
    values = {
        "rate_ratio": (ratio(rate, rate_rest), few),
        "housed_gap": (housed - housed_rest, few),
        "wait_ratio": (ratio(wait, wait_rest), few_leases),
        "qpv_gap": (qpv - qpv_rest, few_leases),
    }
    return _long(table, values)


def others(table: pd.DataFrame, everybody: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of all the demands that are not of each group of a table, row by row."""
    counts = table.select_dtypes("number").columns.drop("replication")
    return _whole(table, everybody)[counts] - table[counts]


def _reasons(tallies: pd.DataFrame) -> pd.DataFrame:
    """Return how often demands were passed over for each reason, for 100 leases; 0 where a run has none."""
    named = tallies[tallies["dimension"].eq(REASON)]
    if named.empty:
        return _long(named, {"passed_per_100_leases": (named["passed"], named["passed"])})
    whole = tallies[tallies["dimension"].eq(ALL) & tallies["side"].eq("demands")]
    runs = whole[["policy", "replication", "leases"]]
    table = runs.merge(pd.DataFrame({"group": sorted(set(named["group"]))}), how="cross")
    table = table.merge(named[["policy", "replication", "group", "passed"]], how="left")
    table = table.fillna({"passed": 0.0}).assign(side="demands", dimension=REASON)
    values = {"passed_per_100_leases": (100 * ratio(table["passed"], table["leases"]), table["leases"])}
    return _long(table, values)


def _whole(table: pd.DataFrame, everybody: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of the group of everybody in the run of each row, with the rows' own index."""
    whole = everybody[everybody["dimension"].eq(ALL)].set_index(["policy", "replication"])
    runs = pd.MultiIndex.from_frame(table[["policy", "replication"]])
    return whole.select_dtypes("number").reindex(runs).set_axis(table.index)


def _long(table: pd.DataFrame, values: dict[str, tuple[Any, Any]]) -> pd.DataFrame:
    named = table[["side", *KEY]]
    parts = [
        named.assign(measure=name, value=pd.Series(value, index=table.index, dtype=float), base=base)
        for name, (value, base) in values.items()
    ]
    return pd.concat(parts, ignore_index=True)
