"""A sitting reads the types that the partners have signed, as a run does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from mixite.desk.options import Options
from mixite.desk.source import asked
from mixite.desk.suggesting import suggest
from sim.process.replication import grid_of, initial_state, open_run, territory_of
from sim.process.world import world_of
from sim.rules.peuplement import forms
from sim.rules.quotas import TARGET, Family
from sim.scenario import find, load_scenario
from sim.territory.files.faults import FaultsFound

ON = date(2026, 2, 2)
SIGNED = {
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
    "Prend fin le": "",
}
OPEN = {**SIGNED, "Signée le (EPCI)": ""}
OBJECTIVE = """
[[target]]
public = "q2_q4"
floor = 0.3
in_rpms = true
types = ["a_conforter"]
published_in = { reference = "CIA 2025", on = 2025-01-01, perimeter = "EPCI" }
"""


def agreed(tmp_path: Path, row: dict[str, str], objective: str = OBJECTIVE) -> tuple[Path, Path]:
    """Return a territory of RPMS alone with a workbook of one line, and a scenario of it."""
    folder = Path(shutil.copytree(find(Path("scenarios/territories/jouet")), tmp_path / "jouet"))
    residences = folder / "residences.csv"
    residences.write_text(residences.read_text("utf-8").replace(",false,1", ",true,1").replace(
        ",false,2", ",true,2"), "utf-8")  # fmt: skip
    about = folder / "territory.toml"
    about.write_text(
        about.read_text("utf-8").replace("synthetic = true", 'synthetic = true\noverrides = "c.xlsx"', 1),
        "utf-8",
    )
    with xlsxwriter.Workbook(folder / "c.xlsx") as book:
        sheet = book.add_worksheet(forms.DECISIONS)
        sheet.write_row(0, 0, list(row))
        sheet.write_row(1, 0, list(row.values()))
    toy = find(Path("scenarios/jouet.toml")).resolve()
    scenario = tmp_path / "essai.toml"
    text = toy.read_text("utf-8").replace('"territories/jouet"', f'"{folder}"')
    scenario.write_text(text.replace('"grids/', f'"{toy.parent}/grids/') + objective, "utf-8")
    return folder, scenario


def rows(families: Sequence[Family]) -> list[tuple[str, int, int, list[int]]]:
    """Return each target row with a dwelling: label, hundredths, months, dwellings."""
    return [
        (label, family.percent, family.months, np.flatnonzero(family.by_dwelling == row).tolist())
        for family in families
        if family.tier == TARGET
        for row, label in enumerate(family.labels)
        if (family.by_dwelling == row).any()
    ]


@pytest.mark.parametrize(("row", "expected"), [(SIGNED, ["R2", "R3"]), (OPEN, ["R2"])])
def test_the_target_rows_of_a_sitting_are_those_of_a_run(
    tmp_path: Path, row: dict[str, str], expected: list[str]
) -> None:
    folder, file = agreed(tmp_path, row)
    scenario = load_scenario(file)
    world = world_of(scenario, territory_of(scenario), grid_of(scenario), 0)
    state = initial_state(world)
    open_run(world, state)
    played = rows(state.families)
    sitting = suggest(asked(folder, None, Options(scenario=file, on=ON))).today
    assert rows(sitting.state.families) == played
    assert [label.split()[-1] for label, *_ in played] == expected


def test_a_decision_that_has_ended_on_the_day_of_the_sitting_rules_no_more(tmp_path: Path) -> None:
    folder, file = agreed(tmp_path, {**SIGNED, "Prend fin le": "2026-02-02"})
    for day, kind in (
        (date(2026, 2, 1), 3),
        (ON, 1),
    ):  # « à conforter » signed, « en équilibre » in the table
        request = asked(folder, None, Options(scenario=file, on=day))
        assert request.territory.residences.peuplement_type[2] == kind
    assert "c.xlsx" in request.digests


def test_a_workbook_of_the_concertation_at_fault_stops_a_sitting(tmp_path: Path) -> None:
    folder, file = agreed(tmp_path, {**SIGNED, "Bailleur signataire": "A"})
    with pytest.raises(FaultsFound, match="bailleur attendu : B"):
        asked(folder, None, Options(scenario=file, on=ON))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("on = 2025-01-01", "on = 2026-02-03"),
            "objectif publié le 3 février 2026, après la séance du 2 février",
        ),
        (("floor", "study = true\nfloor"), "objectif d'étude"),
    ],
)
def test_a_sitting_follows_no_objective_of_study_nor_one_published_after_it(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    folder, file = agreed(tmp_path, SIGNED, OBJECTIVE.replace(*change))
    with pytest.raises(FaultsFound, match=said) as refused:
        suggest(asked(folder, None, Options(scenario=file, on=ON)))
    assert refused.value.faults[0].column == "target[0]"


def test_a_sitting_follows_an_objective_published_on_its_day(tmp_path: Path) -> None:
    folder, file = agreed(tmp_path, SIGNED, OBJECTIVE.replace("on = 2025-01-01", "on = 2026-02-02"))
    assert suggest(asked(folder, None, Options(scenario=file, on=ON))).request.on == ON


def test_an_open_proposal_is_said_on_the_sitting(tmp_path: Path) -> None:
    folder, file = agreed(tmp_path, OPEN)
    said = json.dumps(asked(folder, None, Options(scenario=file, on=ON)).notes, ensure_ascii=False)
    assert "Objectif inactif, proposition de type ouverte : 1 résidence(s)" in said
