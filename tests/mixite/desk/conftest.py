"""What a workbook is answered, and the faults it is refused for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mixite.desk.options import Options
from mixite.desk.source import asked
from mixite.desk.suggesting import suggest
from mixite.desk.told import as_json
from sim.territory.files.faults import FaultsFound

sys.path.append(str(Path(__file__).parent))  # toy_workbook.py, under --import-mode=importlib

from toy_workbook import Sheets, written


@pytest.fixture
def answer(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Return what `suggest --json` answers to a workbook."""

    def ask(sheets: Sheets, **options: Any) -> dict[str, Any]:
        path = tmp_path / "commission.xlsx"
        path.write_bytes(written(sheets))
        return json.loads(json.dumps(as_json(suggest(asked(path, None, Options(**options))))))

    return ask


@pytest.fixture
def faults(tmp_path: Path) -> Callable[..., list[tuple[str, int, str, str, str]]]:
    """Return the faults of a workbook: sheet, row, column, value, message; each has a way out."""

    def ask(given: Sheets | bytes, name: str = "commission.xlsx") -> list[tuple[str, int, str, str, str]]:
        path = tmp_path / name
        path.write_bytes(given if isinstance(given, bytes) else written(given))
        with pytest.raises(FaultsFound) as found:
            asked(path, None, Options())
        assert all(fault.file == name for fault in found.value.faults)
        assert all(fault.mend for fault in found.value.faults)
        return [(f.sheet, f.row, f.column, f.value, f.message) for f in found.value.faults]

    return ask
