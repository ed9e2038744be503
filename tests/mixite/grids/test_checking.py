"""`mixite grid check`: faults together and exit 2, warnings and exit 0, what the grid weighs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mixite.report.words import forbidden_words

GRIDS = Path(__file__).parents[3] / "scenarios" / "grids"

WRONG = """
id = "wrong"
status = "synthetic"
complete = true
valid_from = 2024-02-30
total = { floor = 50, cap = 10 }

[[groups]]
id = "x"
rule = "max"
group = "x"

[[criteria]]
id = "overlap"
attr = "age"
bands = [{ to = 30, points = 5 }, { from = 25, points = 2 }, { from = 90 }]

[[criteria]]
id = "unknown"
points = "10"
when = { attr = "childrens", op = "ge", value = 1 }

[[criteria]]
id = "forbidden"
points = 5
when = { attr = "nationality", op = "eq", value = "FR" }
"""


def test_every_fault_is_said_at_once_with_place_and_mend(mixite: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text(WRONG, encoding="utf-8")
    found = mixite("grid", "check", tmp_path / "wrong.toml", "--json")
    assert found.code == 2
    (file,) = found.answer["files"]
    faults = {fault["column"]: fault for fault in file["faults"]}
    assert set(faults) == {
        *("valid_from", "total.floor", "groups[0].group"),
        *("criteria[0].bands[1].from", "criteria[0].bands[2].from", "criteria[0].bands[2].points"),
        *("criteria[1].points", "criteria[1].when.attr", "criteria[2].when.attr"),
    }
    assert "225-1" in faults["criteria[2].when.attr"]["message"]
    assert "« children »" in faults["criteria[1].when.attr"]["mend"]
    for fault in faults.values():
        assert fault["text"] in found.said
    assert [name for name, fault in faults.items() if not fault["mend"] and name != "total.floor"] == []


def test_warnings_leave_the_exit_at_0_and_the_family_shares_add_up(mixite: Callable[..., Any]) -> None:
    found = mixite("grid", "check", GRIDS / "synthetic-seniority-uncapped.toml", "--json")
    assert found.code == 0
    (file,) = found.answer["files"]
    assert (file["accepted"], file["faults"]) == (1, [])
    assert file["warnings"]
    # 150 points for a fresh DALO household, a point a month: passed at 151 months; with territory, effort and
    # essential worker (30 points) at 121.
    assert found.answer["dalo"]["ageing"]["months"] == 151
    assert found.answer["dalo"]["best"]["months"] == 121
    shares = found.answer["families"]["shares"]
    assert sum(one["given"] for one in shares) == pytest.approx(1)
    assert sum(one["order"] for one in shares) == pytest.approx(1)
    assert any("Données de synthèse" in note for note in found.answer["families"]["notes"])
    assert "151 mois" in found.said
    assert list(forbidden_words(found.said)) == []


def test_a_failed_example_is_a_fault(mixite: Callable[..., Any], tmp_path: Path) -> None:
    text = (GRIDS / "synthetic-seniority-capped.toml").read_text(encoding="utf-8")
    (tmp_path / "g.toml").write_text(text.replace("expected = 212", "expected = 213"), encoding="utf-8")
    found = mixite("grid", "check", tmp_path / "g.toml", "--json")
    assert found.code == 2
    (fault,) = found.answer["files"][0]["faults"]
    assert "212 points" in fault["message"]


def test_a_territory_may_be_named_and_its_absence_is_a_fault(mixite: Callable[..., Any]) -> None:
    grid = GRIDS / "synthetic-seniority-capped.toml"
    found = mixite("grid", "check", grid, "--territory", "scenarios/territories/jouet", "--json")
    assert (found.code, found.answer["families"]["demands"]) == (0, 10)
    assert mixite("grid", "check", grid, "--territory", "absent").code == 2
