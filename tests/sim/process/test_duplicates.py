"""Two of one name would share every draw: is it refused, with both named, on file and in memory?"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sim.process.replication import grid_of, initial_state
from sim.process.world import World, world_of
from sim.territory.files.faults import FaultsFound
from sim.territory.files.reading import read_territory

TOY = Path("scenarios/territories/jouet")


@pytest.mark.parametrize(
    ("table", "column", "first", "second"),
    [
        ("residences", "residence_id", "R1", "R3"),
        ("dwellings", "dwelling_id", "L2", "L3"),
        ("demands", "demand_id", "D02", "D05"),
        ("occupants", "household_id", "M2", "M7"),
    ],
)
def test_a_table_that_names_two_alike_is_refused_at_the_line_of_each(
    table: str, column: str, first: str, second: str, tmp_path: Path
) -> None:
    folder = tmp_path / "jouet"
    shutil.copytree(TOY, folder)
    file = folder / f"{table}.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index(column)
    cells = [line.split(",") for line in lines]
    (here,) = (row for row, line in enumerate(cells) if line[place] == second)
    (there,) = (row for row, line in enumerate(cells) if line[place] == first)
    cells[here][place] = first
    file.write_text("\n".join(map(",".join, cells)) + "\n", encoding="utf-8")
    with pytest.raises(FaultsFound) as found:
        read_territory(folder)
    faults = [fault for fault in found.value.faults if fault.file == file.name and fault.column == column]
    assert [fault.row for fault in faults] == [here + 1]  # as a spreadsheet counts: the header is line 1
    assert first in str(faults[0])
    assert str(there + 1) in faults[0].message, "the other line is named too"


@pytest.mark.parametrize("column", ["residence_id", "dwelling_id", "demand_id"])
def test_two_alike_in_memory_are_refused_and_named(toy: World, column: str) -> None:
    name = f"{column.removesuffix('_id')}s"
    table = getattr(toy.territory, name)
    ids = getattr(table, column).copy()
    ids[2] = ids[0]
    territory = replace(toy.territory, **{name: replace(table, **{column: ids})})
    with pytest.raises(ValueError, match=f"identités en double : « .*{ids[0]} » et « .*{ids[0]} »"):
        initial_state(world_of(toy.scenario, territory, grid_of(toy.scenario), 0))
