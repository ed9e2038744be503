"""Households of a real territory stand under hashed names in files of results, synthetic ones do not."""

from __future__ import annotations

import hmac
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from mixite.pseudonyms import PLACE, key, pseudonymised
from sim.outcomes import TABLES, Outcomes
from sim.process.replication import replicate, territory_of
from sim.scenario import load_scenario


@pytest.fixture(scope="module")
def played() -> Outcomes:
    scenario = load_scenario(Path("scenarios/jouet.toml"), changes={"time.years": 1})
    ((_, outcomes),) = replicate(scenario, territory_of(scenario), ["seniority"], 0)
    return outcomes


def real(outcomes: Outcomes) -> Outcomes:
    territory = {**outcomes.context["territory"], "synthetic": False}
    return replace(outcomes, context={**outcomes.context, "territory": territory})


def test_a_synthetic_territory_keeps_its_names(played: Outcomes) -> None:
    assert pseudonymised(played) is played


def test_names_are_hashed_alike_in_every_table_and_nothing_else_moves(
    played: Outcomes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PLACE, str(tmp_path / "apart" / "key"))
    hashed = pseudonymised(real(played))
    made = hmac.new(key(), b"D01", sha256).hexdigest()[:32]
    for name in TABLES:
        before, after = getattr(played, name), getattr(hashed, name)
        for column in before.columns:
            if column in ("demand_id", "household_id"):
                assert not set(before[column].dropna()) & set(after[column].dropna())
                assert before[column].isna().equals(after[column].isna())
                if column == "demand_id":
                    assert (after[column] == made).equals(before[column] == "D01")
            else:
                assert before[column].equals(after[column]), f"{name}.{column}"
    assert made in set(hashed.demands["demand_id"])


def test_the_key_is_made_once_and_is_its_owner_s_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PLACE, str(tmp_path / "key"))
    first = key()
    assert len(first) == 32
    assert key() == first
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    monkeypatch.setenv(PLACE, str(tmp_path / "other"))
    assert key() != first
