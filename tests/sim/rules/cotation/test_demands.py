"""What a table of demands gives a grid: its columns, what derives from them, and nothing more."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.rules.cotation.demands import facts_of_table, people_of_table
from sim.territory.files.schema import DEMANDS
from sim.territory.files.tables import read_table

ON = date(2026, 1, 1)
REQUIRED = {
    **{"demand_id": "1", "filed_on": "2024-06-01", "adults": "1", "children": "1"},
    **{"communes": "59350;59512", "rooms_min": "2", "rooms_max": "3", "needs_accessible": "false"},
}


def facts(tmp_path: Path, *rows: dict[str, str]) -> dict[str, np.ndarray]:
    given = [{**REQUIRED, "demand_id": str(place), **row} for place, row in enumerate(rows)]
    names = list(dict.fromkeys(name for row in given for name in row))
    lines = [",".join(names), *(",".join(row.get(name, "") for name in names) for row in given)]
    path = tmp_path / "demands.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = read_table(path, DEMANDS, ON)
    assert table.faults == []
    return facts_of_table(table, ON)


def test_what_every_table_holds(tmp_path: Path) -> None:
    found = facts(tmp_path, {})
    assert found["seniority_months"].tolist() == [19]
    assert found["communes"].tolist() == ["59350;59512"]
    assert (found["adults"][0], found["children"][0], found["cotenants"][0]) == (1, 1, 0)
    # Columns that the file does not have tell nothing: nobody is silently "not DALO" or "first demand".
    assert not {"dalo", "dalo_status", "request_kind", "right_to_rehousing", "motives"} & found.keys()


def test_recognition_tells_dalo_unless_a_status_is_declared(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        {"dalo_recognised_on": "2025-01-01"},
        {"dalo_recognised_on": ""},
        {"dalo_recognised_on": "", "dalo_status": "ACTIF"},
        {"dalo_recognised_on": "2025-01-01", "dalo_status": "CADUC"},
    )
    assert found["dalo"].tolist() == [1, 0, 1, 0]
    assert found["dalo_status"].tolist() == [1, 0, 1, 2]


def test_a_tenant_of_an_hlm_asks_for_a_mutation(tmp_path: Path) -> None:
    found = facts(tmp_path, {"housing_modes": "HLM"}, {"housing_modes": "LP"}, {"housing_modes": ""})
    assert found["request_kind"].tolist() == [1, 0, -1]


def test_crowding_effort_and_residual_income_derive_from_their_parts(tmp_path: Path) -> None:
    home = {"occupants": "4", "rooms": "2", "surface": "30", "rent": "500", "apl": "100"}
    found = facts(
        tmp_path,
        {**home, "monthly_received": "1200", "monthly_paid": "200", "children_ages": "5"},
        {**home, "rooms": "0", "monthly_received": "0", "monthly_paid": "0"},
        {**home, "effort_rate": "0.9", "apl": ""},
    )
    assert found["persons_per_room"].tolist()[0] == 2
    assert found["m2_per_person"].tolist()[0] == 7.5
    assert found["effort_rate"][0] == pytest.approx(400 / 1000)
    # One adult and a child under 14: 1.3 UC; (1000 - 400) / 1.3.
    assert found["residual_income"][0] == pytest.approx(600 / 1.3)
    assert np.isnan(found["persons_per_room"][1])  # no room: no ratio
    assert np.isnan(found["effort_rate"][1])  # no resources: no ratio
    assert found["effort_rate"][2] == 0.9  # as declared
    assert np.isnan(found["residual_income"][2])


def test_a_demolition_gives_a_right_to_rehousing_and_its_absence_denies_none(tmp_path: Path) -> None:
    found = facts(tmp_path, {"motives": "02"}, {"motives": "09"}, {"relogement_operation": "OP1"})
    assert found["right_to_rehousing"].tolist() == [1, -1, 1]


def test_a_lone_parent_derives_from_the_status_and_the_children(tmp_path: Path) -> None:
    found = facts(
        tmp_path,
        {"family_status": "C"},
        {"family_status": "M"},
        {"family_status": "D", "children": "0"},
        {"family_status": "V", "adults": "2"},
    )
    assert found["single_parent"].tolist() == [1, 0, 0, 0]


def test_the_first_quartile_is_that_of_the_table(tmp_path: Path) -> None:
    rows = [{"monthly_income_eur": str(income), "children": "0"} for income in (500, 900, 1500, 3000)]
    found = facts(tmp_path, *rows)
    table = read_table(tmp_path / "demands.csv", DEMANDS, ON)
    # Four incomes: the quarter of the lowest is the first, 12 × 500.
    assert people_of_table(table, found, ON).q1_threshold_eur == 6000
