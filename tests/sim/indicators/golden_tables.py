"""Tables of residences and what PySAL finds of them: tests/golden/segregation.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

GOLDEN = Path(__file__).parents[2] / "golden" / "segregation.csv"
"""Made once by `tests/golden/segregation_pysal.py` with PySAL's segregation 2.5.4."""


@dataclass(frozen=True)
class Table:
    """Residences of a table, and PySAL's figures by name."""

    households: NDArray[np.int64]
    members: NDArray[np.int64]
    quartiers: NDArray[np.str_]
    found: dict[str, float]


def tables() -> list[Table]:
    """Return the twelve tables."""
    read = []
    with GOLDEN.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            columns = [row.pop(name).split() for name in ("households", "members", "quartiers")]
            households, members = (np.array(column, dtype=np.int64) for column in columns[:2])
            figures = {name: float(value) for name, value in row.items()}
            read.append(Table(households, members, np.array(columns[2]), figures))
    assert len(read) == 12
    return read
