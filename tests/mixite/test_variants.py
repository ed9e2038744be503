"""The table of variants, recomputed by hand from values small enough to be read."""

from __future__ import annotations

import pandas as pd
import pytest

from mixite.variants import table_of
from sim.comparison import KEY

PAIR = ("cotation_only", "cotation_peuplement")


def values(first: list[float], second: list[float]) -> pd.DataFrame:
    """Values of r1_share under each policy, a replication each."""
    rows = [
        (policy, number, "r1_share", "all", 0, value)
        for policy, series in zip(PAIR, (first, second), strict=True)
        for number, value in enumerate(series)
    ]
    return pd.DataFrame(rows, columns=["policy", "replication", *KEY, "value"])


BASE = values([1.0, 2.0, 3.0, 6.0], [2.0, 4.0, 6.0, 8.0])
"""Differences 1, 2, 3, 2: mean 2, standard deviation √(2 / 3)."""

RARE = values([1.0, 2.0], [1.0, 6.0])
"""Differences 0, 4 on the first two replications: 1 under the scenario's own, then 2 over."""


def test_the_scenario_itself_comes_first_over_all_its_replications() -> None:
    table = table_of(BASE, [("rare", "Acceptation rare", RARE)])
    first = table.iloc[0]
    assert (first["variant"], first["label"], first["n"]) == ("base", "le scénario lui-même", 4)
    assert first["difference"] == pytest.approx(2.0)
    # t(3) = 3.182446 × √(2 / 3) / √4 = 1.299228.
    assert first["ci_high"] - first["difference"] == pytest.approx(1.299228, abs=1e-5)
    assert first["distinguished"]
    assert pd.isna(first["change"])


def test_a_variant_has_its_own_paired_difference_and_what_it_changes() -> None:
    row = table_of(BASE, [("rare", "Acceptation rare", RARE)]).iloc[1]
    assert (row["variant"], row["label"], row["n"]) == ("rare", "Acceptation rare", 2)
    # Differences 0 and 4: mean 2, standard deviation √8, t(1) = 12.706205 × √8 / √2 = 25.412410.
    assert row["difference"] == pytest.approx(2.0)
    assert row["ci_high"] - row["difference"] == pytest.approx(25.412410, abs=1e-4)
    assert not row["distinguished"]
    # Less those of the scenario on the same replications, 1 and 2: −1 and 2, mean 0.5, standard deviation
    # √4.5, t(1) × √4.5 / √2 = 19.059307.
    assert row["change"] == pytest.approx(0.5)
    assert row["change_high"] - row["change"] == pytest.approx(19.059307, abs=1e-4)
    assert not row["change_distinguished"]


def test_variants_of_one_pair_share_the_rows_of_the_scenario() -> None:
    table = table_of(BASE, [("une", "Une", RARE), ("autre", "Autre", BASE)])
    assert table["variant"].tolist() == ["base", "une", "autre"]
    same = table.iloc[2]
    assert (same["change"], same["change_low"], same["change_high"]) == (0, 0, 0)


def test_without_a_variant_played_the_table_is_empty() -> None:
    assert table_of(BASE, []).empty
