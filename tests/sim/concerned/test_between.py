"""Changes between two policies, from counts made by hand: paired, told or not, and too few."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.concerned import COLUMNS, REFERENCE, concerned
from sim.concerned.between import counted
from sim.concerned.tally import COUNTS
from sim.concerned.waits import ALONE, KINDS

PAIR = ("a", "b")
HOUSED = {"a": (10.0, 12.0, 11.0), "b": (14.0, 17.0, 15.0)}  # leases of the young by replication
SIZE = 40.0


def run(policy: str, number: int, young: float = SIZE) -> list[dict[str, Any]]:
    """Return the counts of a run: a hundred demands, thirty of them housed, whatever becomes of the young."""
    same = {"policy": policy, "replication": number, "side": "demands", **dict.fromkeys(COUNTS, 0.0)}
    whole = {"dimension": "all", "group": "all", "demands": 100.0, "active_years": 200.0, "leases": 30.0}
    few = {"group": "size_1", "demands": young, "active_years": 80.0, "leases": HOUSED[policy][number]}
    return [same | whole, same | few | {"dimension": "trait"}]


def waits(longer: tuple[float, ...], shorter: tuple[float, ...]) -> pd.DataFrame:
    same = {"policy_a": "a", "policy_b": "b", ALONE: 2.0, **dict.fromkeys(KINDS, 0.0)}
    return pd.DataFrame(
        [
            same | {"dimension": "all", "group": "all", "replication": n, "longer": up, "shorter": down}
            for n, (up, down) in enumerate(zip(longer, shorter, strict=True))
        ]
    )


def found(young: float = SIZE) -> pd.DataFrame:
    rows = [row for policy in PAIR for number in range(3) for row in run(policy, number, young)]
    return concerned(pd.DataFrame(rows), waits((4, 6, 5), (1, 3, 5)), [PAIR])


def row(table: pd.DataFrame, measure: str, group: str, pair: tuple[str, str] = PAIR) -> Any:
    chosen = table[
        table["policy_a"].eq(pair[0])
        & table["policy_b"].eq(pair[1])
        & table["measure"].eq(measure)
        & table["group"].eq(group)
    ]
    assert len(chosen) == 1, (measure, group)
    return chosen.iloc[0]


def test_a_change_is_that_of_paired_replications() -> None:
    told = row(found(), "leases", "size_1")
    # Differences 4, 5, 4: mean 13/3; Student's interval of three pairs.
    low, high = stats.t.interval(0.95, 2, loc=13 / 3, scale=stats.sem([4, 5, 4]))
    assert told["difference"] == pytest.approx(13 / 3)
    assert (told["ci_low"], told["ci_high"]) == (pytest.approx(low), pytest.approx(high))
    assert told["distinguished"]
    assert (told["n"], told["members"], told["small"]) == (3, 40, False)


def test_a_policy_is_held_against_a_group_that_is_as_the_others() -> None:
    told = row(found(), "rate_ratio", "size_1", (REFERENCE, "b"))
    # (h / 80) / ((30 − h) / 120) for h = 14, 17, 15.
    ratios = [1.5 * h / (30 - h) for h in HOUSED["b"]]
    assert told["mean_a"] == 1
    assert told["mean_b"] == pytest.approx(np.mean(ratios))
    assert told["ci_low"] == pytest.approx(
        stats.t.interval(0.95, 2, loc=np.mean(ratios), scale=stats.sem(ratios))[0] - 1
    )


def test_a_group_of_fewer_than_thirty_has_no_figure() -> None:
    told = found(young=29.0)
    of_group = told[told["group"].eq("size_1")]
    assert of_group["small"].all()
    assert not of_group["distinguished"].any()
    assert of_group[["mean_a", "mean_b", "difference", "ci_low", "ci_high"]].isna().all(axis=None)
    assert not row(found(young=30.0), "leases", "size_1")["small"]


def test_longer_and_shorter_waits_are_counted_apart_and_netted_in_pairs() -> None:
    table = found()
    longer, shorter, net = (row(table, f"wait_{kind}", "all") for kind in ("longer", "shorter", "net"))
    assert (longer["mean_a"], longer["mean_b"], shorter["mean_b"]) == (0, 5, 3)
    # 4 − 1, 6 − 3, 5 − 5: mean 2, interval over the three; 98 demands are of both policies.
    assert net["difference"] == pytest.approx(2)
    low, high = stats.t.interval(0.95, 2, loc=2, scale=stats.sem([3, 3, 0]))
    assert (net["ci_low"], net["ci_high"]) == (pytest.approx(low), pytest.approx(high))
    assert not net["distinguished"]
    assert net["members"] == 98


def test_a_group_without_any_changed_wait_is_counted_as_none() -> None:
    told = row(found(), "wait_longer", "size_1")
    assert (told["mean_b"], told["members"]) == (0, 40)


def test_the_share_housed_has_wilson_s_interval_over_a_mean_replication() -> None:
    told = row(found(), "housed_share_beside", "size_1", ("a", "a"))
    assert told["mean_b"] == pytest.approx(11 / 40)  # (10 + 12 + 11) / 3 of 40
    assert told["mean_a"] == pytest.approx(19 / 60)
    assert told["uncertainty"] == "wilson"
    assert told["ci_low"] < told["difference"] < told["ci_high"]


def test_the_columns_are_those_of_the_contract() -> None:
    assert tuple(found().columns) == COLUMNS


def test_rows_of_a_pair_are_counted_together_by_the_rule_of_holm() -> None:
    rows = pd.DataFrame(
        {
            "policy_a": ["a", "a", "a", REFERENCE, "a", "a"],
            "policy_b": ["b", "b", "b", "b", "c", "b"],
            "p_value": [0.01, 0.02, 0.03, 0.03, 0.04, np.nan],
            "distinguished": [True, True, True, True, True, True],
        }
    )
    told = counted(rows)
    # Three rows of a-b: 0.01 × 3, 0.02 × 2, then 0.03 × 1, none under the one before: 0.03, 0.04, 0.04. The
    # others are alone in their families. The last has no p-value: an interval of another kind.
    assert told["p_holm"].tolist()[:5] == pytest.approx([0.03, 0.04, 0.04, 0.03, 0.04])
    assert told["distinguished_holm"].tolist()[:5] == [True] * 5
    assert told.iloc[-1][["p_holm", "distinguished_holm"]].isna().all()
    assert told["family"].tolist() == [3, 3, 3, 1, 1, 3]
    more = counted(pd.concat([rows, rows.assign(p_value=0.5, distinguished=False)]))
    # Six more of a-b, and one of each other: 0.01 × 7 = 0.07 and 0.03 × 2 = 0.06 are over 5 %.
    assert more["p_holm"].tolist()[:5] == pytest.approx([0.07, 0.12, 0.15, 0.06, 0.08])
    assert more["distinguished_holm"].tolist()[:5] == [False] * 5


def test_a_group_too_small_and_an_interval_of_wilson_are_not_counted() -> None:
    told = found(young=29.0)
    assert told.loc[told["small"], ["p_value", "p_holm"]].isna().all(axis=None)
    wilson = told[told["uncertainty"].eq("wilson")]
    assert len(wilson)
    assert wilson["p_holm"].isna().all()
    shown = told[~told["small"] & told["p_value"].notna()]
    pair = shown[shown["policy_a"].eq("a") & shown["policy_b"].eq("b")]
    smallest = pair["p_value"].min()
    assert pair["family"].eq(len(pair)).all()
    assert pair["p_holm"].min() == pytest.approx(min(1, smallest * len(pair)))
