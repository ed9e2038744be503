"""The toy territory, copied so that a test may spoil it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

TOY = Path(__file__).parents[4] / "scenarios" / "territories" / "jouet"

Edit = Callable[[str, int, str, str], None]


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A copy of the toy territory's folder."""
    return Path(shutil.copytree(TOY, tmp_path / "jouet"))


@pytest.fixture
def edit(toy: Path) -> Edit:
    """Write a value in one cell of the copy: `edit(file, row, column, value)`, row as a spreadsheet shows.

    A column the file does not have is added, empty elsewhere.
    """

    def write(file: str, row: int, column: str, value: str) -> None:
        with (toy / file).open(encoding="utf-8", newline="") as source:
            records = list(csv.reader(source))
        if column not in records[0]:
            records = [[*record, column if at == 0 else ""] for at, record in enumerate(records)]
        records[row - 1][records[0].index(column)] = value
        with (toy / file).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, lineterminator="\n").writerows(records)

    return write
