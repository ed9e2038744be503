"""An officer's workbook gives the same suggestion as the canonical tables of the same facts."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from toy_workbook import toy

from mixite.desk.options import Options
from mixite.desk.suggesting import suggest
from mixite.desk.tables import from_territory
from mixite.desk.told import as_json

Answer = Callable[..., dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The toy's folder without occupants, with the dwellings to let alone: what a workbook can know."""
    found = tmp_path / "jouet"
    shutil.copytree("scenarios/territories/jouet", found)
    (found / "occupants.csv").unlink()
    for name, keep in (("dwellings", ("L3", "L6", "L9")), ("demands", ())):
        path = found / f"{name}.csv"
        head, *rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        if name == "demands":
            place = head.index("mutation_of")
            rows = [row[:place] + row[place + 1 :] for row in rows]
            head.remove("mutation_of")
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([head, *(row for row in rows if not keep or row[0] in keep)])
    return found


@pytest.mark.parametrize("scenario", [None, Path("scenarios/jouet.toml")])
def test_a_workbook_is_answered_as_the_tables_of_the_same_facts(
    folder: Path, answer: Answer, scenario: Path | None
) -> None:
    options = Options(on=date(2026, 2, 2), scenario=scenario)
    theirs = as_json(suggest(from_territory(folder, folder / "vacancies.csv", options)))
    ours = answer(toy(), scenario=scenario)
    assert ours["dwellings"] == theirs["dwellings"]
    assert ours["rows"] == theirs["rows"]
    assert ours["not_presented"] == theirs["not_presented"]
    assert sum(len(one["candidates"]) for one in ours["dwellings"]) >= 5
