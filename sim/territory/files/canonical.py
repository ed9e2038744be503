"""What was read of one canonical table: texts, values, and everything wrong with it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.territory.columns import Bools, Ints
from sim.territory.files.cells import Lists, typed, visible
from sim.territory.files.faults import Fault
from sim.territory.files.schema import LAST_DATE, Table


@dataclass
class CanonicalTable:
    """One table as read: texts and values by column, and everything to say about it.

    `rows` : (n,) row numbers as a spreadsheet shows them. `faulty` : (n,) rows that carry a fault;
    `accepted` + `rejected` = `read`. Columns absent from the file are absent from `texts` and `values`.
    """

    table: Table
    file: str
    rows: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    faulty: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    texts: dict[str, pa.Array] = field(default_factory=dict)
    values: dict[str, NDArray[Any] | Lists] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    extra_columns: list[str] = field(default_factory=list)
    dropped_columns: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Return the number of rows read."""
        return len(self.rows)

    @property
    def rejected(self) -> int:
        """Return the number of rows with a fault."""
        return int(self.faulty.sum())

    @property
    def accepted(self) -> int:
        """Return the number of rows without a fault."""
        return self.read - self.rejected

    def value(self, name: str) -> NDArray[Any] | Lists:
        """Return the values of a canonical column, all empty where the file does not have it."""
        if name in self.values:
            return self.values[name]
        return typed(pa.repeat("", self.read), self.table.column(name), LAST_DATE)[0]

    def array(self, name: str) -> NDArray[Any]:
        """Return the values of a canonical column that is not a `;`-list of numbers or texts."""
        values = self.value(name)
        assert isinstance(values, np.ndarray)
        return values

    def lists(self, name: str) -> Lists:
        """Return the values of a canonical column that is a `;`-list of numbers or texts."""
        values = self.value(name)
        assert isinstance(values, Lists)
        return values

    def empty(self, name: str) -> Bools:
        """Return the rows where a column of the file is empty."""
        return np.array(pc.equal(self.texts[name], ""), dtype=np.bool_)

    def refuse(self, at: int, message: str, mend: str = "", column: str = "", value: str = "") -> None:
        """Add a fault on the row at position `at`."""
        self.faulty[at] = True
        row = int(self.rows[at])
        self.faults.append(Fault(self.file, message, mend, row=row, column=column, value=visible(value)))

    def refuse_file(self, message: str, mend: str = "", row: int = 0, column: str = "") -> None:
        """Add a fault that is not of one data row."""
        self.faults.append(Fault(self.file, message, mend, row=row, column=column))
