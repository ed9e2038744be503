"""concerned.csv of a small comparison, against the tables of its runs read again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mixite import comparing, playing
from mixite.concerned import FILE, concerned_in
from sim.concerned import COLUMNS, REFERENCE
from sim.outcomes import MONTH_S, Outcomes, load
from sim.territory.files.saving import write_csv

POLICIES = ("cotation_only", "cotation_peuplement")


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("compared")
    changes = {
        "policies.compare": POLICIES,
        "runs.replications": 2,
        "time.years": 2,
        "time.burn_in_months": 6,
    }
    scenario = comparing.load(Path("scenarios/tutorial.toml"), changes)
    place = playing.loaded(scenario)
    comparing.play([scenario], place, range(2), 1, out)
    found = concerned_in(scenario, place, out, [POLICIES], POLICIES)
    write_csv(found, out / FILE)
    return out


@pytest.fixture(scope="module")
def runs(compared: Path) -> dict[tuple[str, int], Outcomes]:
    found = {}
    for manifest in compared.glob("*/manifest.json"):
        run = json.loads(manifest.read_text(encoding="utf-8"))
        found[run["policy"], run["replication"]] = load(manifest.parent)
    return found


def row(compared: Path, measure: str, group: str, pair: tuple[str, str] = POLICIES) -> pd.Series:
    table = pd.read_csv(compared / FILE, dtype={"group": str})
    assert tuple(table.columns) == COLUMNS
    chosen = table[
        table["policy_a"].eq(pair[0])
        & table["policy_b"].eq(pair[1])
        & table["measure"].eq(measure)
        & table["group"].eq(group)
        & table["side"].eq("demands")
    ]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_leases_and_waits_are_those_of_the_tables(
    compared: Path, runs: dict[tuple[str, int], Outcomes]
) -> None:
    told = row(compared, "leases", "first_quartile")
    housed = {
        policy: [
            sum(runs[policy, n].demands.query("closed_by == 'lease'")["first_quartile"]) for n in range(2)
        ]
        for policy in POLICIES
    }
    assert (told["mean_a"], told["mean_b"]) == tuple(np.mean(housed[policy]) for policy in POLICIES)

    longer, shorter = [], []
    for number in range(2):
        a, b = (runs[policy, number].demands for policy in POLICIES)
        end_s = runs[POLICIES[0], number].context["end_s"]
        both = a.merge(b, on="demand_id", suffixes=("_a", "_b")).query("filed_s_a == filed_s_b")
        until = {side: both[f"closed_s_{side}"].fillna(end_s).astype(float) for side in "ab"}
        more = (until["b"] - until["a"]) / MONTH_S
        longer.append(int((both["closed_by_a"].eq("lease") & (more > 12)).sum()))
        shorter.append(int((both["closed_by_b"].eq("lease") & (more < -12)).sum()))
    assert row(compared, "wait_longer", "all")["mean_b"] == np.mean(longer)
    assert row(compared, "wait_shorter", "all")["mean_b"] == np.mean(shorter)
    assert row(compared, "wait_net", "all")["difference"] == np.mean(longer) - np.mean(shorter)
    assert max(longer) > 0


def test_the_ratio_of_rates_is_that_of_the_tables(
    compared: Path, runs: dict[tuple[str, int], Outcomes]
) -> None:
    told = row(compared, "rate_ratio", "size_1", (REFERENCE, POLICIES[0]))
    ratios = []
    for number in range(2):
        demands = runs[POLICIES[0], number].demands
        housed, alone = demands["closed_by"].eq("lease"), demands["size_1"]
        years = pd.Series(0, index=demands.index)
        for first, last in ((0, 365 * 86_400), (365 * 86_400, np.inf)):  # 2026 has 365 days
            years += (demands["filed_s"] < last) & ~(demands["closed_s"] < first).fillna(False)
        rate, others = (housed[who].sum() / years[who].sum() for who in (alone, ~alone))
        ratios.append(rate / others)
    assert told["mean_b"] == pytest.approx(np.mean(ratios), rel=1e-9)
