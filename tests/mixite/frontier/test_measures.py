"""Means and paired differences of the points, worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from mixite.frontier.measures import COLUMNS, DIFFERENCES, from_zero, means, paired, read, rows


def values(**series: list[float]) -> pd.DataFrame:
    """Values of r1_share at points named `variant_value`, a replication each."""
    rows = [
        (name.rpartition("_")[0], float(name.rpartition("_")[2]), number, "r1_share", "all", 0, value, "u")
        for name, each in series.items()
        for number, value in enumerate(each)
    ]
    names = ["variant", "value", "replication", "indicator", "group", "year", "measure", "unit"]
    return pd.DataFrame(rows, columns=names)


TABLE = values(free_0=[1.0, 2.0, 3.0, 6.0], free_1=[2.0, 4.0, 6.0, 8.0])


def test_mean_and_its_interval() -> None:
    found = means(TABLE)
    assert list(found) == list(COLUMNS)
    first = rows(found)["free", 0, "r1_share", "all"]
    # Mean 3, squares 4 + 1 + 0 + 9 = 14, sd √(14/3) = 2.160247; t(3) = 3.182446 × 2.160247 / 2 = 3.437435.
    assert (first["mean"], first["n"]) == (3, 4)
    assert first["ci_high"] - 3 == pytest.approx(3.437435, abs=1e-5)
    assert 3 - first["ci_low"] == pytest.approx(3.437435, abs=1e-5)


def test_one_replication_has_no_interval() -> None:
    first = rows(means(values(free_0=[1.0])))["free", 0, "r1_share", "all"]
    assert pd.isna(first["ci_low"])


def test_a_replication_without_a_value_is_not_counted() -> None:
    first = rows(means(values(free_0=[1.0, float("nan"), 3.0])))["free", 0, "r1_share", "all"]
    assert (first["mean"], first["n"]) == (2, 2)


def test_difference_with_strength_zero_is_paired() -> None:
    found = from_zero(TABLE, ("free", 0.0))
    assert list(found) == list(DIFFERENCES)
    (only,) = found.to_dict("records")
    # Differences 1, 2, 3, 2: mean 2, sd √(2 / 3), t(3) = 3.182446 × √(2 / 3) / 2 = 1.299228.
    assert (only["variant"], only["value"], only["difference"], only["n"]) == ("free", 1, 2, 4)
    assert only["ci_high"] - 2 == pytest.approx(1.299228, abs=1e-5)
    assert only["distinguished"]


def test_a_pair_is_told_from_the_first_to_the_second() -> None:
    table = values(cotation_only_0=[5.0, 5.0], cotation_oriented_1=[4.0, 4.5])
    (only,) = paired(table, [(("cotation_only", 0.0), ("cotation_oriented", 1.0))]).to_dict("records")
    assert (only["from_variant"], only["variant"]) == ("cotation_only", "cotation_oriented")
    assert only["difference"] == -0.75


def test_a_measure_is_read_over_the_run_else_in_its_last_year() -> None:
    table = pd.DataFrame(
        [
            ("r1_share", "all", 2026, 1.0),
            ("r1_share", "all", 0, 2.0),
            ("dissimilarity", "first_quartile", 2026, 3.0),
            ("dissimilarity", "first_quartile", 2028, 4.0),
            ("dissimilarity", "below_40_plus", 2028, 5.0),
            ("unknown", "all", 0, 6.0),
        ],
        columns=["indicator", "group", "year", "value"],
    )
    assert read(table)["value"].tolist() == [2.0, 4.0]
