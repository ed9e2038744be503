"""What do the leases, offers and vacancies of a folder tell of its residences, beside who lives there?

Each table is read where the folder has it; without it, or in a synthetic territory, nothing is told and this
is said. Left out on purpose: what the figures are compared with (sim/rules/peuplement).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes import DAY_S, MONTH_S
from sim.rules.peuplement import YEAR_DAYS, Offered
from sim.territory.files.schema import LEASES, OFFERS, OUTCOMES, VACANCIES, Table
from sim.territory.files.tables import read_table

if TYPE_CHECKING:
    from sim.territory.columns import Bools, Ints, Territory
    from sim.territory.files.canonical import CanonicalTable

REFUSED = ("refused", "silent")
"""Outcomes that are a refusal: silence is one (CCH R.441-10)."""

ANSWERED = ("accepted", *REFUSED)
"""Outcomes that a candidate decided; the others say nothing of the residence."""


@dataclass(frozen=True)
class Told:
    """What a folder's tables tell, None where they do not.

    Attributes
    ----------
    let : (dwellings,) with a lease signed in the trailing year
    vacant : (dwellings,) available for long enough to count as vacant
    offers : answered in the trailing year
    """

    let: Bools | None = None
    vacant: Bools | None = None
    offers: Offered | None = None


def told_by(folder: Path, territory: Territory, vacant_months: float) -> Told:
    """Read what the tables of a sound folder tell.

    Parameters
    ----------
    vacant_months : a dwelling counts as vacant when it has been available for longer
    """
    leases, vacancies, made = (_read(folder, table, territory) for table in (LEASES, VACANCIES, OFFERS))
    return Told(
        None if leases is None else _let(leases, territory),
        None if vacancies is None else _vacant(vacancies, territory, vacant_months),
        None if made is None else _answered(made, territory),
    )


def _let(leases: CanonicalTable, territory: Territory) -> Bools | None:
    """Tell which dwellings were let in the trailing year; None where the leases cover less than a year.

    They cover the days from the first of the month of the earliest one, as in the portrait of the demand.
    """
    signed_on, on = leases.array("signed_on"), np.datetime64(territory.as_of, "D")
    if not len(signed_on) or _days(on, signed_on.min().astype("datetime64[M]")) < YEAR_DAYS:
        return None
    return _among(territory, _dwelling(leases, territory)[_days(on, signed_on) < YEAR_DAYS])


def _vacant(vacancies: CanonicalTable, territory: Territory, months: float) -> Bools:
    days = _days(np.datetime64(territory.as_of, "D"), vacancies.array("available_on"))
    return _among(territory, _dwelling(vacancies, territory)[days > months * MONTH_S / DAY_S])


def _answered(made: CanonicalTable, territory: Territory) -> Offered:
    answer = np.array([*OUTCOMES, ""])[made.array("outcome")]  # -1, in flight, reads the last one
    days = _days(np.datetime64(territory.as_of, "D"), made.array("offered_on"))
    kept = np.isin(answer, ANSWERED) & (days < YEAR_DAYS)
    return Offered(
        territory.dwellings.residence[_dwelling(made, territory)[kept]], np.isin(answer[kept], REFUSED)
    )


def _read(folder: Path, table: Table, territory: Territory) -> CanonicalTable | None:
    found = [path for end in ("csv", "parquet") if (path := folder / f"{table.name}.{end}").exists()]
    return read_table(found[0], table, territory.as_of) if found else None


def _dwelling(table: CanonicalTable, territory: Territory) -> Ints:
    """Return the dwelling of each row of a table, a row of Dwellings."""
    place = {name: row for row, name in enumerate(territory.dwellings.dwelling_id.tolist())}
    return np.array([place[name] for name in table.array("dwelling_id").tolist()], dtype=np.int64)


def _among(territory: Territory, dwellings: Ints) -> Bools:
    return np.isin(np.arange(len(territory.dwellings.dwelling_id)), dwellings)


def _days(on: np.datetime64, since: np.ndarray | np.datetime64) -> Ints:
    return (on - since).astype("timedelta64[D]").astype(np.int64)
