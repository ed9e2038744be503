"""Each figure kept for validation has a counterpart that a run holds, and a tolerance as announced."""

from __future__ import annotations

import pytest

from mixite.validation import targets as module
from mixite.validation.targets import of_territory, targets, territories
from sim.figures import for_validation
from sim.indicators import CATALOGUE
from sim.scenario import find
from sim.territory.files.faults import FaultsFound

TOLERANCES = {
    "VT1": (2, 1.5),
    "VT2": (5, 5),
    "VT3": (0.7,),
    "VT4": (1, 1, 1),
    "VT5": (3, 3),
    "VT6": (4,),
    "VT7": (0.7, 0.7),
    "VT8": (2, 2, 2),
}
"""Announced beside the figures, before anything was compared."""


def test_tolerances_are_those_announced() -> None:
    found: dict[str, list[float]] = {}
    for target in targets().values():
        found.setdefault(target.figure.target, []).append(target.simulated.tolerance)
    assert {name: tuple(values) for name, values in found.items()} == TOLERANCES
    assert list(found) == sorted(found)


def test_every_territory_of_a_target_has_a_scenario() -> None:
    assert territories() == ("mel", "lens_lievin", "arras", "baie_de_somme")
    for name in territories():
        assert find(module.FILE.parents[2] / "scenarios" / f"{name}.toml").is_file()


def test_a_territory_is_compared_with_its_own_figures_or_with_those_of_a_wider_place() -> None:
    assert list(of_territory("arras")) == ["STK_CUA_mob"]
    assert {"DELAY_MEL20", "DELAY_HDF_mut"} <= set(of_territory("mel"))
    elsewhere = of_territory("une_ville")
    assert "DELAY_HDF_mut" in elsewhere
    assert "DELAY_MEL20" not in elsewhere
    scopes = {target.figure.scope for target in elsewhere.values()}
    assert scopes == {"France", "Hauts-de-France"}


def test_every_counterpart_is_an_indicator_of_a_run() -> None:
    assert {target.simulated.indicator for target in targets().values()} <= set(CATALOGUE)


def test_a_figure_without_a_counterpart_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = for_validation()[1:]
    monkeypatch.setattr(module, "for_validation", lambda: fewer)
    with pytest.raises(FaultsFound, match=r"targets\.toml : STK_MEL_vac3"):
        targets.__wrapped__()
