"""The chance that a residence becomes « à conforter », and the difference two policies make to it."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pandas as pd
import pytest

from sim.residences import CHANCES, DIFFERENCES, chances, differences, follow

CAPACITE, EQUILIBRE, CONFORTER = "en_capacite", "en_equilibre", "a_conforter"


def run(**paths: tuple[str, ...]) -> pd.DataFrame:
    """Return the occupation of residences by their types from 2027 on; 20 dwellings, 18 households."""
    rows = [
        {
            "residence_id": name,
            "year": 2027 + place,
            "dwellings": 20,
            "households": 18,
            "peuplement_type": kind,
        }
        for name, kinds in paths.items()
        for place, kind in enumerate(kinds)
        if kind
    ]
    return pd.DataFrame(rows)


RUNS = [
    ("a", 0, run(R1=(EQUILIBRE, CONFORTER, EQUILIBRE), R2=(CONFORTER, EQUILIBRE, CONFORTER))),
    ("a", 1, run(R1=(CAPACITE, CAPACITE, CAPACITE), R2=(EQUILIBRE, EQUILIBRE, CONFORTER))),
    ("a", 2, run(R1=(EQUILIBRE, EQUILIBRE, EQUILIBRE), R2=(CONFORTER, CONFORTER, CONFORTER))),
    ("b", 0, run(R1=(EQUILIBRE, EQUILIBRE, EQUILIBRE), R2=(CONFORTER, EQUILIBRE, EQUILIBRE))),
    ("b", 1, run(R1=(CAPACITE, EQUILIBRE, CAPACITE), R2=(EQUILIBRE, EQUILIBRE, EQUILIBRE))),
    ("b", 2, run(R1=(EQUILIBRE, EQUILIBRE, CONFORTER), R2=(CONFORTER, CONFORTER, CONFORTER))),
]


def test_chances_worked_by_hand() -> None:
    table = chances(follow(RUNS))
    assert list(table.columns) == list(CHANCES)
    told = table.set_index(["policy", "residence_id"])
    # Under a, R1 is followed three times and moves once (it comes back); R2 in replication 1 alone.
    assert told.loc[("a", "R1"), "n"] == 3
    assert told.loc[("a", "R1"), "chance"] == pytest.approx(1 / 3)
    assert told.loc[("a", "R2"), ["n", "chance"]].tolist() == [1, 1]
    assert told.loc[("b", "R2"), ["n", "chance"]].tolist() == [1, 0]
    # Most often « en équilibre » for R1 and « à conforter » for R2.
    assert told.loc[("a", "R1"), "peuplement_type"] == EQUILIBRE
    assert told.loc[("b", "R2"), "peuplement_type"] == CONFORTER
    assert told.loc[("a", "R1"), ["dwellings", "households_min"]].tolist() == [20, 18]


def test_a_residence_always_a_conforter_has_no_chance_told() -> None:
    (row,) = chances(follow([("a", 0, run(R1=(CONFORTER, EQUILIBRE, CONFORTER)))])).to_dict("records")
    assert row["n"] == 0
    assert np.isnan([row["chance"], row["ci_low"], row["ci_high"]]).all()


def test_a_residence_delivered_later_is_not_followed_and_one_demolished_is() -> None:
    table = chances(follow([("a", 0, run(R1=(EQUILIBRE, EQUILIBRE), R2=(None, CONFORTER), R3=(EQUILIBRE,)))]))
    assert table["residence_id"].tolist() == ["R1", "R3"]
    assert table["chance"].tolist() == [0, 0]


def test_differences_worked_by_hand() -> None:
    table = differences(follow(RUNS), [("a", "b")])
    assert list(table.columns) == list(DIFFERENCES)
    first, second = table.to_dict("records")
    # R1: a alone in replication 0, b alone in replication 2: no difference, p = 2/5 each,
    # half width z √((4/5 − 0)/5) = 1.959964 × 0.4.
    assert (first["residence_id"], first["n"], first["difference"]) == ("R1", 3, 0)
    assert [first["chance_a"], first["chance_b"]] == pytest.approx([1 / 3, 1 / 3])
    assert [first["ci_low"], first["ci_high"]] == pytest.approx([-0.7839856, 0.7839856], abs=1e-6)
    assert not first["distinguished"]
    # R2: one replication, a alone: p = 2/3 and 1/3, −1/3 ± z √((1 − 1/9)/3), cut at −1.
    assert (second["n"], second["difference"]) == (1, -1)
    half = 1.959964 * np.sqrt(8 / 27)
    assert [second["ci_low"], second["ci_high"]] == pytest.approx([-1, -1 / 3 + half], abs=1e-6)


def test_a_residence_that_moves_in_every_replication_under_one_policy_alone_is_distinguished() -> None:
    runs = [("a", place, run(R1=(EQUILIBRE, EQUILIBRE))) for place in range(12)]
    runs += [("b", place, run(R1=(EQUILIBRE, CONFORTER))) for place in range(12)]
    (row,) = differences(follow(runs), [("a", "b")]).to_dict("records")
    assert row["difference"] == 1
    assert row["distinguished"]
    (same,) = differences(follow(runs), [("b", "b")]).to_dict("records")
    assert (same["difference"], same["ci_low"], same["ci_high"], same["distinguished"]) == (0, 0, 0, False)


@pytest.mark.parametrize("p", [(0.1, 0.1), (0.3, 0.1), (0.05, 0.3)])
def test_the_interval_of_a_difference_covers_it_at_least_about_95_times_in_100(
    p: tuple[float, float],
) -> None:
    # Exactly, over every outcome of 20 replications: those that move under a alone, b alone, both or neither.
    n, (only_a, only_b), covered = 20, p, 0.0
    outcomes = [(i, j) for i, j in product(range(n + 1), repeat=2) if i + j <= n]
    runs = pd.DataFrame(
        [
            ("ab"[side], place, f"{i}-{j}", True, place < i if side == 0 else i <= place < i + j, 20, 18, 1)
            for i, j in outcomes
            for place in range(n)
            for side in (0, 1)
        ],
        columns=[
            "policy",
            "replication",
            "residence_id",
            "followed",
            "moved",
            "dwellings",
            "households",
            "type",
        ],
    )
    told = differences(runs, [("a", "b")]).set_index("residence_id")
    for i, j in outcomes:
        rest = n - i - j
        chance = comb(n, i) * comb(n - i, j) * only_a**i * only_b**j * (1 - only_a - only_b) ** rest
        row = told.loc[f"{i}-{j}"]
        covered += chance * (row["ci_low"] <= only_b - only_a <= row["ci_high"])
    assert 0.94 < covered <= 1


def test_no_run_and_no_pair_give_empty_tables() -> None:
    assert list(follow([]).columns)[:2] == ["policy", "replication"]
    assert differences(follow(RUNS), []).empty
