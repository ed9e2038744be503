"""What the strategy changes where réservataires follow it, and where they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.outcomes import events_sha256
from sim.policies.sitting import Shortlist, Sitting
from sim.process import sittings
from sim.process.replication import replicate, territory_of
from sim.rules.quotas import TARGET
from sim.scenario import Scenario, load_scenario
from sim.scenario.reservation import each
from sim.territory.columns import RESERVATAIRES
from sim.territory.files.faults import FaultsFound

SHORT = {"time.years": 1, "time.burn_in_months": 3}
ETAT, AUCUN = RESERVATAIRES.index("etat"), RESERVATAIRES.index("aucun")


def tutorial(adherence: Any) -> Scenario:
    return load_scenario(
        Path("scenarios/tutorial.toml"), changes=SHORT | {"designation.adherence": adherence}
    )


def identity(scenario: Scenario, policy: str) -> str:
    ((_, run),) = replicate(scenario, territory_of(scenario), (policy,), 0)
    return events_sha256(run)


@pytest.mark.parametrize("policy", ["cotation_peuplement", "cotation_peuplement_iso"])
def test_where_nobody_follows_the_strategy_only_the_law_is_pursued(policy: str) -> None:
    nobody = tutorial(0.0)
    assert nobody.target
    assert identity(nobody, policy) == identity(nobody, "cotation_quotas")


def test_where_nobody_follows_the_strategy_residences_pick_no_public() -> None:
    nobody = tutorial(0.0)
    assert identity(nobody, "cotation_oriented") == identity(nobody, "cotation_only")


def test_where_all_follow_it_targets_bear_on_every_dwelling(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = tutorial(1.0)
    found = identity(everybody, "cotation_peuplement")
    assert found != identity(everybody, "cotation_quotas")
    monkeypatch.setattr(sittings, "follows", lambda *_: None)  # adherence is not read at all
    assert identity(everybody, "cotation_peuplement") == found


def test_a_table_says_it_of_each_and_targets_pass_over_the_others() -> None:
    table = {name: float(name != "etat") for name in RESERVATAIRES}
    scenario = tutorial(table)
    assert each(scenario.designation.adherence) == (0.0, 1.0, 1.0, 1.0, 1.0)
    held: dict[int, list[bool]] = {}

    def watch(sitting: Sitting, _: Shortlist) -> None:
        targeted = (sitting.rows.scope & (sitting.rows.tier == TARGET)[:, None]).any(axis=0)
        legal = (sitting.rows.scope & (sitting.rows.tier != TARGET)[:, None]).any(axis=0)
        assert legal.all()  # the law is everybody's
        holder = np.where(sitting.designated, sitting.reservataire, AUCUN)
        for who, aimed in zip(holder.tolist(), targeted.tolist(), strict=True):
            held.setdefault(who, []).append(aimed)

    list(replicate(scenario, territory_of(scenario), ("cotation_quotas",), 0, watch))
    assert len(held[ETAT]) > 10
    assert not any(held[ETAT])
    assert np.mean(held[AUCUN]) > 0.3


def test_between_the_two_some_dwellings_of_one_holder_are_aimed_at() -> None:
    runs = {identity(tutorial(value), "cotation_peuplement") for value in (0.0, 0.5, 1.0)}
    assert len(runs) == 3


def test_faults_of_a_table_are_named() -> None:
    with pytest.raises(FaultsFound) as refused:
        tutorial({name: 1.0 for name in RESERVATAIRES if name != "aucun"} | {"etat": 2.0})
    said = [str(fault) for fault in refused.value.faults]
    assert len(said) == 2
    assert any("adherence" in one and "aucun" in one and "clé absente" in one for one in said)
    assert any("adherence" in one and "etat : 2.0 : attendu ≤ 1" in one for one in said)
