"""What must hold of any run, whatever the policy: nothing lost, nothing twice, same bytes for same inputs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.outcomes import DAY_S, Outcomes, events_sha256, load, save
from sim.policies import POLICIES
from sim.process.replication import replicate, territory_of
from sim.scenario import Scenario, load_scenario

EVERY = pytest.mark.parametrize("policy", list(POLICIES))


@EVERY
def test_every_demand_is_housed_left_or_waiting(played: Mapping[str, Outcomes], policy: str) -> None:
    run = played[policy]
    by = run.demands.closed_by.value_counts(dropna=False)
    assert by.get("lease", 0) == len(run.leases)
    assert run.demands.closed_s.isna().sum() == run.demands.closed_by.isna().sum()
    assert by.sum() == len(run.demands)
    assert set(run.demands.closed_by.dropna()) <= {"lease", "lapse", "withdrawn", "ineligible"}


@EVERY
def test_a_demand_is_housed_once_and_a_vacancy_let_once(played: Mapping[str, Outcomes], policy: str) -> None:
    run = played[policy]
    assert run.leases.demand_id.is_unique
    assert run.leases.vacancy_id.is_unique
    assert run.demands.demand_id.is_unique
    let = run.vacancies.dropna(subset=["let_s"])
    assert set(let.vacancy_id) == set(run.leases.vacancy_id)


@EVERY
def test_every_lease_is_an_accepted_offer_made_at_a_sitting(
    played: Mapping[str, Outcomes], policy: str
) -> None:
    run = played[policy]
    accepted = run.offers[run.offers.outcome == "accepted"]
    keys = ["vacancy_id", "demand_id"]
    joined = run.leases.merge(accepted, on=keys, suffixes=("", "_offer"), how="left", validate="1:1")
    available = run.vacancies.set_index("vacancy_id").available_s[joined.vacancy_id].to_numpy()
    assert (joined.signed_s == np.maximum(joined.answered_s.to_numpy(), available)).all()
    assert (joined["rank"] == joined.rank_offer).all()
    made = run.offers[run.offers.offered_s.notna()]
    answered = made[made.outcome.isin(["accepted", "refused"])]
    assert (answered.answered_s - answered.offered_s <= 10 * DAY_S).all()  # R11
    silent = made[made.outcome == "silent"]
    assert (silent.answered_s - silent.offered_s >= 10 * DAY_S).all()


@EVERY
def test_a_dwelling_never_has_two_tenancies_at_once(played: Mapping[str, Outcomes], policy: str) -> None:
    leases = played[policy].leases.sort_values(["dwelling_id", "signed_s"])
    following = leases.groupby("dwelling_id").signed_s.shift(-1)
    again = leases[following.notna()]
    assert (again.ended_s < following[following.notna()]).all()


@EVERY
def test_vacancies_are_let_after_their_keys_and_at_a_list(
    played: Mapping[str, Outcomes], policy: str
) -> None:
    let = played[policy].vacancies.dropna(subset=["let_s"])
    assert (let.keys_s <= let.available_s).all()
    assert (let.search_s <= let.available_s).all()
    assert (let.available_s <= let.let_s).all()
    assert (let.available_s < let.let_s).any()


@EVERY
def test_occupation_changes_add_up(played: Mapping[str, Outcomes], policy: str) -> None:
    table = played[policy].occupation.sort_values(["residence_id", "year"])
    counts = ["households", "first_quartile_fixed", "first_quartile_legal", "below_40_plus"]
    before = table.groupby("residence_id")[counts].shift(1).fillna(0)  # a programme comes from nothing
    rest = table.year > table.year.min()

    def moved(public: str) -> pd.Series:
        came, went = table[f"entrants{public}"] + table[f"new{public}"], table[f"leavers{public}"]
        return came - went - table[f"demolished{public}"] - table[f"sold{public}"]

    assert ((before.households + moved(""))[rest] == table.households[rest]).all()
    fixed = before.first_quartile_fixed + moved("_fixed") + table.in_place_fixed
    assert (fixed[rest] == table.first_quartile_fixed[rest]).all()
    legal = before.first_quartile_legal + moved("_legal_old") + table.in_place_legal_old + table.drift_legal
    assert (legal[rest] == table.first_quartile_legal[rest]).all()
    below = before.below_40_plus + moved("_below_40_plus") + table.in_place_below_40_plus
    assert (below[rest] == table.below_40_plus[rest]).all()


def test_policies_begin_from_the_same_state(played: Mapping[str, Outcomes]) -> None:
    first = {name: run.occupation[run.occupation.year == 2026] for name, run in played.items()}
    reference = first.pop("cotation_only")
    for table in first.values():
        pd.testing.assert_frame_equal(reference, table)
    waiting = {name: set(run.demands.demand_id[run.demands.filed_s < 0]) for name, run in played.items()}
    assert len({frozenset(ids) for ids in waiting.values()}) == 1


def test_exogenous_demands_are_the_same_under_every_policy(played: Mapping[str, Outcomes]) -> None:
    filed = [
        run.demands[run.demands.demand_id.str.startswith("S2")].set_index("demand_id").filed_s
        for run in played.values()
    ]
    for other in filed[1:]:
        pd.testing.assert_series_equal(filed[0], other)


def test_order_of_policies_changes_no_event(tutorial: Scenario, played: Mapping[str, Outcomes]) -> None:
    names = ("lottery", "cotation_only", "cotation_only")
    again = [events_sha256(run) for _, run in replicate(tutorial, territory_of(tutorial), names, 0)]
    assert again == [events_sha256(played[name]) for name in names]


def test_no_row_makes_the_strategy_the_joint_matching(tutorial: Scenario) -> None:
    free = tutorial.model_copy(update={"target": ()})
    free = free.model_copy(update={"law": free.law.model_copy(update={"overrides": {"quotas": False}})})
    names = ("cotation_matched", "cotation_peuplement")
    first, second = (events_sha256(run) for _, run in replicate(free, territory_of(free), names, 0))
    assert first == second


def test_replications_differ(tutorial: Scenario, played: Mapping[str, Outcomes]) -> None:
    (_, other), *_ = replicate(tutorial, territory_of(tutorial), ("cotation_only",), 1)
    assert events_sha256(other) != events_sha256(played["cotation_only"])


def test_hash_seed_changes_no_event(played: Mapping[str, Outcomes]) -> None:
    code = (
        "from pathlib import Path; from sim.outcomes import events_sha256; from sim.scenario import *;"
        "from sim.process.replication import *;"
        "s = load_scenario(Path('scenarios/tutorial.toml'), changes={'time.years': 2,"
        "'time.burn_in_months': 6});"
        "print(*(events_sha256(o) for _, o in replicate(s, territory_of(s), ('cotation_only',), 0)))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {events_sha256(played["cotation_only"])}


def test_outcomes_are_saved_and_loaded_whole(played: Mapping[str, Outcomes], tmp_path: Path) -> None:
    run = played["cotation_only"]
    save(run, tmp_path)
    again = load(tmp_path)
    assert events_sha256(again) == events_sha256(run)
    pd.testing.assert_frame_equal(again.occupation, run.occupation)
    assert again.context == {**run.context}


def test_targets_pull_the_leases_they_name(tutorial: Scenario) -> None:
    """The strategy asks the more able residences outside QPV to welcome the first quartile."""
    shares = {"cotation_quotas": 0.0, "cotation_peuplement": 0.0}
    territory = territory_of(tutorial)
    for replication in range(3):
        for name, run in replicate(tutorial, territory, tuple(shares), replication):
            leases = run.leases
            able = leases[leases.peuplement_type.isin(["en_capacite", "en_equilibre"]) & ~leases.in_qpv]
            shares[name] += able.first_quartile.mean()
    assert shares["cotation_peuplement"] > shares["cotation_quotas"]


def test_legal_rows_raise_the_share_they_owe() -> None:
    scenario = load_scenario(Path("scenarios/tutorial.toml"), changes={"time.years": 3})
    share = {}
    for name, run in replicate(scenario, territory_of(scenario), ("cotation_matched", "cotation_quotas"), 0):
        outside = run.leases[~run.leases.in_qpv]
        share[name] = (outside.first_quartile | outside.relogement).mean()
    assert share["cotation_quotas"] > share["cotation_matched"]
    assert share["cotation_quotas"] >= 0.2


def test_times_are_whole_seconds_after_the_start(played: Mapping[str, Outcomes]) -> None:
    run = played["cotation_only"]
    assert (run.leases.signed_s >= 0).all()
    before = run.offers[run.offers.answered_s < 0]  # accepted before the start, signed after it
    assert before.vacancy_id.isin(run.leases.vacancy_id).all()
    assert run.demands.closed_s.dropna().ge(0).all()
    assert np.issubdtype(run.leases.signed_s.dtype.numpy_dtype, np.int64)
