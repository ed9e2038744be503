"""What happened in one run: tables of events, saved, loaded, and identified by a digest.

Times are int64 seconds since the scenario's start, null where a thing did not happen; traits are boolean
columns under their own names. Burn-in events and demands closed before the start are absent. The digest
covers events alone: neither the policy's name nor the machine enters it, nor how the answer was found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.territory.files.saving import write_json, write_parquet

YEAR_S = 31_557_600  # 365.25 days
DAY_S = 86_400
MONTH_S = YEAR_S // 12

NOWHERE = -1
"""A row that is in no table."""

EVENT_TABLES = ("demands", "vacancies", "sittings", "offers", "leases")
TABLES = (*EVENT_TABLES, "occupation", "matchings", "tenures", "passed_over")
MATCHINGS = {
    "sitting_id": "object",
    "held_s": "Int64",
    "vacancies": "int64",
    "pairs": "int64",
    "rows": "int64",
    "rounds": "int64",
    "gap": "float64",
    "proved_by": "object",
    "legal_shortfall": "float64",
    "target_shortfall": "float64",
}
"""Columns of `matchings`, and what each holds."""


TENURE_EXITS = ("departure", "mutation", "death", "right_to_stay", "other")
"""How a tenancy of `tenures` ends; each is a column, as `exits_departure`."""

TENURES = ("year", "rooms", "tenure", "households", *(f"exits_{cause}" for cause in TENURE_EXITS))
"""Columns of `tenures`, whole numbers all."""


def no_tenures() -> pd.DataFrame:
    """Return the table of a run whose occupants are not known by tenure."""
    return pd.DataFrame({name: pd.Series(dtype="int64") for name in TENURES})


PASSED_BY = ("first_by_law", "priority", "target", "joint", "order")
"""Reasons of `passed_over` that are no legal row: law or the grid puts another first, a target, how dwellings
are treated together, a policy that does not follow points alone. Any other is a legal row's rule, as "R1"."""


def no_passed_over() -> pd.DataFrame:
    """Return the table of a run in which nobody of more points was left off every list."""
    return pd.DataFrame({"demand_id": _no_text(), "reason": _no_text(), "times": pd.Series(dtype="int64")})


def _no_text() -> pd.Series[Any]:
    return pd.Series(dtype="str")


def no_matchings() -> pd.DataFrame:
    """Return the table of a policy that matches nothing jointly."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in MATCHINGS.items()})


@dataclass(frozen=True)
class Outcomes:
    """The tables of one run and what is needed to read them.

    Attributes
    ----------
    demands, vacancies, sittings, offers, leases : event tables, columns of docs/outcomes.md
    occupation : one row a residence and year (situation on 1 January of `year`)
    context : what the run was: start, years, law's shares, thresholds; see docs/outcomes.md
    matchings : one row a sitting matched jointly: how far from the best it may be; no event
    tenures : one row a year, typology and length of tenancy: households, and how they left; no event
    passed_over : one row a demand and reason: times it had more points than the first of a list it was
        eligible for, and was on no list of the sitting; no event
    """

    demands: pd.DataFrame
    vacancies: pd.DataFrame
    sittings: pd.DataFrame
    offers: pd.DataFrame
    leases: pd.DataFrame
    occupation: pd.DataFrame
    context: Mapping[str, Any] = field(default_factory=dict)
    matchings: pd.DataFrame = field(default_factory=no_matchings)
    tenures: pd.DataFrame = field(default_factory=no_tenures)
    passed_over: pd.DataFrame = field(default_factory=no_passed_over)

    @cached_property
    def demand_rows(self) -> Mapping[str, NDArray[np.int64]]:
        """The row of `demands` that each row of a table names, (n,) by table, NOWHERE where none."""
        names = (self.demands, self.offers, self.leases)
        return _rows(("demands", "offers", "leases"), [table["demand_id"] for table in names])

    @cached_property
    def vacancy_rows(self) -> Mapping[str, NDArray[np.int64]]:
        """The row of `vacancies` that each row of a table names, or for `freed_by` was freed by, as above."""
        names = (self.vacancies, self.sittings, self.offers, self.leases)
        columns = [*(table["vacancy_id"] for table in names), self.vacancies["freed_by"]]
        return _rows(("vacancies", "sittings", "offers", "leases", "freed_by"), columns)

    @property
    def start(self) -> date:
        """First day of the scenario: second 0."""
        return date.fromisoformat(self.context["start"])

    @property
    def years(self) -> int:
        """Length of the run in years."""
        return int(self.context["years"])

    def year_of(self, seconds: pd.Series[Any]) -> pd.Series[Any]:
        """Return the calendar year of each time."""
        return (pd.Timestamp(self.start) + pd.to_timedelta(seconds.astype("Int64"), unit="s")).dt.year


def events_sha256(outcomes: Outcomes) -> str:
    """Return the identity of a run: SHA-256 of its event tables in a canonical little-endian form.

    Each column enters as its name, then its values: integers as <i8 (null as the smallest int64),
    booleans as one byte, floats as <f8, texts as UTF-8 parted by zero bytes (see `_joined`).
    """
    digest = hashlib.sha256()
    for name in EVENT_TABLES:
        table: pd.DataFrame = getattr(outcomes, name)
        digest.update(f"{name}:{len(table)}\n".encode())
        for column in sorted(table.columns):
            digest.update(f"{column}\n".encode())
            digest.update(_canonical(table[column]))
    return digest.hexdigest()


def save(outcomes: Outcomes, folder: Path) -> None:
    """Write the tables as Parquet and the context as JSON, each to a temporary name first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        write_parquet(getattr(outcomes, name), folder / f"{name}.parquet")
    write_json(dict(outcomes.context), folder / "context.json")


def load(folder: Path) -> Outcomes:
    """Read what `save` wrote."""
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    return Outcomes(**tables, context=json.loads((folder / "context.json").read_text(encoding="utf-8")))


def codes(columns: Sequence[pd.Series[Any]]) -> list[NDArray[np.int64]]:
    """Return texts as numbers from 0, the same in every column; NOWHERE where null."""
    found = pd.factorize(pd.concat(columns, ignore_index=True))[0].astype(np.int64)
    return np.split(found, np.cumsum([len(column) for column in columns])[:-1])


def _rows(places: Sequence[str], columns: Sequence[pd.Series[Any]]) -> dict[str, NDArray[np.int64]]:
    """Return for each text the first row of the first column that holds it, by the name of its column."""
    names, *_ = numbers = codes(columns)
    row = np.full(max(column.max(initial=NOWHERE) for column in numbers) + 2, NOWHERE)
    row[names[::-1]] = np.arange(len(names))[::-1]
    row[NOWHERE] = NOWHERE
    return dict(zip(places, (row[column] for column in numbers), strict=True))


def _canonical(column: pd.Series[Any]) -> bytes:
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.to_numpy(dtype="u1").tobytes()
    if pd.api.types.is_integer_dtype(column.dtype):
        return column.to_numpy(dtype="<i8", na_value=np.iinfo(np.int64).min).tobytes()
    if pd.api.types.is_float_dtype(column.dtype):
        return column.to_numpy(dtype="<f8").tobytes()
    return _joined(pa.array(column, pa.large_string(), from_pandas=True))


def _joined(texts: pa.Array | pa.ChunkedArray) -> bytes:
    """Return texts parted by zero bytes; a null is "nan", "None" in a column that holds nothing else."""
    if not len(texts):
        return b""
    held = pc.fill_null(texts, "None" if texts.null_count == len(texts) else "nan")
    nothing, zero = (pa.scalar(text, pa.large_string()) for text in ("", "\0"))
    parted = pc.binary_join_element_wise(held, nothing, zero)
    if isinstance(parted, pa.ChunkedArray):
        parted = parted.combine_chunks()
    return bytes(parted.buffers()[2])[:-1]
