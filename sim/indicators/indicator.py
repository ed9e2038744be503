"""What is an indicator, and one value of it?

An indicator is a name of the contract with the words an officer reads; a row is its value for one group
and one year. Year 0 is the whole run. A value that cannot be known is NaN, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WHOLE_RUN = 0


class Row(NamedTuple):
    """One line of indicators.csv."""

    indicator: str
    group: str
    year: int
    value: float
    unit: str


@dataclass(frozen=True)
class Indicator:
    """A name of the contract, and how it is shown: French label, unit, explanation that takes no side."""

    name: str
    label: str
    unit: str
    explanation: str

    def rows(self, group: str, years: Iterable[int], values: Iterable[Any]) -> list[Row]:
        """Return one row per year for a group."""
        return [
            Row(self.name, group, int(year), float(value), self.unit)
            for year, value in zip(years, values, strict=True)
        ]


def ratio(top: Any, bottom: Any) -> Floats:
    """Return top / bottom, NaN where bottom is 0."""
    over, under = np.broadcast_arrays(np.asarray(top, dtype=float), np.asarray(bottom, dtype=float))
    result: Floats = np.divide(over, under, out=np.full(under.shape, np.nan), where=under != 0)
    return result
