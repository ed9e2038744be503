"""What `mixite check` takes a file for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mixite.checking import check_path

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("scenarios/mel_revenus_figes.toml", "scenario"),  # [control] alone over mel.toml
        ("scenarios/jouet.toml", "scenario"),
        ("scenarios/territories/arras.toml", "territory"),  # over hauts_de_france.toml
        ("scenarios/theory/a12.toml", "stylised"),
        ("scenarios/grids/synthetic-urgency-tiered.toml", "grid"),
    ],
)
def test_a_file_is_what_it_and_its_base_say_together(file: str, kind: str) -> None:
    (found,) = check_path(ROOT / file)["files"]
    assert found["kind"] == kind
    assert not found["faults"]


def test_a_base_that_is_absent_is_named(tmp_path: Path) -> None:
    file = tmp_path / "essai.toml"
    file.write_text('base = "absent.toml"\n[control]\nfrozen_incomes = true\n', encoding="utf-8")
    (found,) = check_path(file)["files"]
    assert any("absent.toml" in str(fault) for fault in found["faults"])
