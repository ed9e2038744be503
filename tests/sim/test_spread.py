"""The interval over drawn worlds, on differences small enough to be worked by hand."""

import numpy as np
import pandas as pd
import pytest

from sim.comparison import KEY, compare
from sim.spread import differences, spread, variance

PAIR = ("a", "b")


def compared(paired: list[float], indicator: str = "r1_share") -> pd.DataFrame:
    """Compare policies whose differences are these, from 10 under `a`."""
    return compare(table(paired, indicator), [PAIR])


def table(paired: list[float], indicator: str = "r1_share") -> pd.DataFrame:
    rows = [
        (policy, number, indicator, "all", 0, 10.0 + (difference if policy == "b" else 0))
        for number, difference in enumerate(paired)
        for policy in PAIR
    ]
    return pd.DataFrame(rows, columns=["policy", "replication", *KEY, "value"])


def test_variance_is_read_back_from_the_interval() -> None:
    # 0, 2, 4: mean 2, variance ((−2)² + 0 + 2²) / 2 = 4.
    assert variance(compared([0, 2, 4])) == pytest.approx([4])
    assert np.isnan(variance(compared([1]))).all()


def test_interval_holds_the_worlds_and_what_chance_leaves_in_their_mean() -> None:
    # V = 4 over 3 draws, C = 2 over the replications 0 and 2: W = 2.
    # Half width: t(2) = 4.302653 × √(2 + 4 / 3) = 7.855535.
    found = spread(compared([0, 2, 4]), compared([0, 2]), "parametres").iloc[0]
    assert found["difference"] == pytest.approx(2)
    assert found["ci_high"] - found["difference"] == pytest.approx(7.855535, abs=1e-5)
    assert found["difference"] - found["ci_low"] == pytest.approx(7.855535, abs=1e-5)
    assert (found["uncertainty"], found["n"], found["distinguished"]) == ("parametres", 3, False)
    assert np.isnan(found["p_value"])


def test_worlds_that_do_not_differ_give_the_interval_of_chance_alone() -> None:
    drawn = compared([0, 2, 4])
    found = spread(drawn, compared([-9, 9]), "territoire")  # chance varies more than the draws: W = 0
    assert found["ci_low"].tolist() == pytest.approx(drawn["ci_low"].tolist())
    assert found["ci_high"].tolist() == pytest.approx(drawn["ci_high"].tolist())


def test_interval_does_not_shrink_to_nothing_with_more_draws() -> None:
    still = compared([5, 5])  # no chance at all: worlds alone vary, half of them 1 under 5, half 1 over
    wide = [spread(compared([4, 6] * n), still, "parametres").iloc[0] for n in (50, 500)]
    # W → 1, so the half width → 1.96; over 100 and 1,000 draws it is t × √(V + V / n), V = n / (n − 1).
    assert [row["ci_high"] - row["difference"] for row in wide] == pytest.approx([2.004, 1.964], abs=0.002)
    assert all(row["distinguished"] for row in wide)


def test_without_a_variance_of_chance_all_that_draws_vary_counts_as_worlds() -> None:
    # V = 4, C unknown: 4.302653 × √(4 + 4 / 3) = 9.936551.
    found = spread(compared([0, 2, 4]), compared([2]), "territoire").iloc[0]
    assert found["ci_high"] - found["difference"] == pytest.approx(9.936551, abs=1e-5)


def test_one_draw_has_no_interval() -> None:
    found = spread(compared([3]), compared([0, 2]), "territoire").iloc[0]
    assert np.isnan(found["ci_low"])
    assert not found["distinguished"]


def test_difference_of_each_draw_is_unknown_where_a_value_is() -> None:
    values = table([1, -2])
    values.loc[(values["policy"] == "b") & (values["replication"] == 1), "value"] = np.nan
    found = differences(values, PAIR, values[KEY].drop_duplicates())
    assert found["replication"].tolist() == [0, 1]
    assert found["difference"].tolist() == pytest.approx([1, np.nan], nan_ok=True)
