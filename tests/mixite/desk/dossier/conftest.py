"""A sitting of the toy of three residences, written, filled as people do, and read again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mixite.desk.dossier.past import Past, read_past
from mixite.desk.dossier.workbook import content
from mixite.desk.options import Options
from mixite.desk.source import asked
from mixite.desk.suggesting import Suggestion, suggest
from sim.territory.files.faults import FaultsFound

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1])]  # under --import-mode=importlib

from filled_sitting import filled, saved
from toy_workbook import Sheets, toy, written

SITTING = date(2026, 2, 2)
NEXT = date(2026, 3, 2)


@pytest.fixture
def sitting(tmp_path: Path) -> Callable[..., Suggestion]:
    """Return what is suggested on a workbook, the toy's if none is given."""

    def ask(sheets: Sheets | None = None, on: date = SITTING, **options: Any) -> Suggestion:
        path = saved(tmp_path / "commission.xlsx", written(sheets or toy()))
        return suggest(asked(path, None, Options(on=on, **options)))

    return ask


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the workbook of the toy's sitting."""
    path = saved(tmp_path_factory.mktemp("toy") / "commission.xlsx", written(toy()))
    return content(suggest(asked(path, None, Options(on=SITTING))))


@pytest.fixture
def decided(tmp_path: Path, workbook: bytes) -> Callable[..., Past]:
    """Return what is read of the toy's workbook once people filled some cells."""

    def read(cells: dict[tuple[str, str], dict[str, Any]]) -> Past:
        return read_past(saved(tmp_path / "seance.xlsx", filled(workbook, cells)))

    return read


@pytest.fixture
def refused(decided: Callable[..., Past]) -> Callable[..., list[tuple[str, int, str, str]]]:
    """Return the faults of decisions: sheet, row, column, message; each has a way out."""

    def read(cells: dict[tuple[str, str], dict[str, Any]]) -> list[tuple[str, int, str, str]]:
        with pytest.raises(FaultsFound) as found:
            decided(cells)
        assert all(fault.file == "seance.xlsx" and fault.mend for fault in found.value.faults)
        return [(fault.sheet, fault.row, fault.column, fault.message) for fault in found.value.faults]

    return read
