"""A run plays the types that the partners have signed; an open proposal asks for nothing."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from sim.process.replication import decided_territory, grid_of, initial_state, open_run, territory_of
from sim.process.world import world_of
from sim.rules.peuplement import Target, forms
from sim.rules.quotas import TARGET
from sim.scenario import Scenario, find, load_scenario
from sim.territory.files.faults import FaultsFound
from sim.territory.files.reading import read_territory

TOY = find(Path("scenarios/territories/jouet"))
ROW = {
    "Référence résidence": "R3",
    "Type proposé": "à conforter",
    "Motif": "projet urbain ou convention publiée",
    "Argument": "Convention signée en 2025",
    "Proposée le": "2026-01-05",
    "Bailleur signataire": "B",
    "Fonction (bailleur)": "présidence",
    "Signée le (bailleur)": "2026-01-06",
    "Fonction (EPCI)": "présidence",
    "Signée le (EPCI)": "2026-01-07",
}


def folder_with(tmp_path: Path, *rows: dict[str, str]) -> Path:
    folder = Path(shutil.copytree(TOY, tmp_path / "jouet"))
    about = folder / "territory.toml"
    text = about.read_text(encoding="utf-8").replace(
        "synthetic = true", 'synthetic = true\noverrides = "concertation.xlsx"', 1
    )
    about.write_text(text, encoding="utf-8")
    with xlsxwriter.Workbook(folder / "concertation.xlsx") as book:
        sheet = book.add_worksheet(forms.DECISIONS)
        sheet.write_row(0, 0, list(ROW))
        for line, row in enumerate(rows, start=1):
            sheet.write_row(line, 0, list(row.values()))
    return folder


def test_the_types_signed_are_those_of_the_territory_of_a_scenario(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, ROW)
    toy = load_scenario(find(Path("scenarios/jouet.toml")), changes={"territory.path": str(folder)})
    found = territory_of(toy)
    assert found.residences.peuplement_type.tolist() == [0, 3, 3]
    given = read_territory(folder)  # the tables alone are as they were
    assert given.residences.peuplement_type.tolist() == [0, 3, 1]
    assert found.notes == given.notes


def test_a_workbook_at_fault_stops_the_reading(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {**ROW, "Bailleur signataire": "A"})
    with pytest.raises(FaultsFound, match="bailleur attendu : B"):
        decided_territory(folder)


def _rows_of_targets(scenario: Scenario, folder: Path) -> set[str]:
    """Return the residences that some dwelling counts for, in the target rows of a run that opens."""
    world = world_of(scenario, decided_territory(folder), grid_of(scenario), 0)
    state = initial_state(world)
    open_run(world, state)
    (family,) = (each for each in state.families if each.tier == TARGET)
    return {family.labels[row].split()[-1] for row in np.unique(family.by_dwelling).tolist() if row >= 0}


def test_the_objective_of_an_open_proposal_is_left_out(tmp_path: Path) -> None:
    target = Target(
        public="first_quartile",
        floor=0.3,
        published_in={"reference": "CIA 2025", "on": date(2025, 1, 1), "perimeter": "EPCI"},
    )
    scenario = load_scenario(find(Path("scenarios/jouet.toml"))).model_copy(update={"target": (target,)})
    time = scenario.time.model_copy(update={"burn_in_months": 0})
    scenario = scenario.model_copy(update={"time": time})
    signed = folder_with(tmp_path / "a", ROW)
    assert _rows_of_targets(scenario, signed) == {"R1", "R2", "R3"}
    opened = folder_with(tmp_path / "b", {**ROW, "Signée le (EPCI)": ""})
    assert _rows_of_targets(scenario, opened) == {"R1", "R2"}
    assert decided_territory(opened).residences.peuplement_type.tolist() == [0, 3, 1]  # the type that was
