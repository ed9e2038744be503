"""Which demands is a grid asked about? A table, a folder of tables, or a synthetic territory.

A table read alone is checked alone: a reference to a dwelling is not followed. Forbidden columns are dropped
unread and counted; the numéro unique stays text.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario import find
from sim.territory.files.about import FILE
from sim.territory.files.faults import Fault, FaultsFound, shown

if TYPE_CHECKING:
    from sim.rules.traits import People
    from sim.territory.files.canonical import CanonicalTable

TABLE_SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True)
class Pending:
    """Demands as a grid reads them, a row each."""

    file: str
    on: date
    demand_id: NDArray[np.str_]
    filed_on: NDArray[np.datetime64]
    rooms_min: NDArray[Any]
    rooms_max: NDArray[Any]
    first_commune: NDArray[np.str_]
    facts: dict[str, NDArray[Any]]
    people: Callable[[], People]
    """The columns the traits read; computed when asked, since it needs the law of the day."""
    dropped_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    vacancies: int | None = None
    """Dwellings to let, where the folder says so."""
    leases: dict[str, NDArray[Any]] = field(default_factory=dict)
    """rooms, commune, months waited of each lease, where the folder has leases."""
    proven: NDArray[np.int64] | None = None

    @property
    def n(self) -> int:
        """Return the number of demands."""
        return len(self.demand_id)


def read_pending(path: Path, on: date | None = None) -> Pending:
    """Read the demands of a table (CSV, Parquet), of a folder, or of a synthetic territory (.toml).

    Parameters
    ----------
    on : day of the scores; by default the date of the territory, or today for a table alone; a table
        `demands` beside a territory.toml is that territory's

    Raises
    ------
    FaultsFound
        with every fault of the files.
    """
    found = find(path)
    if found.is_dir():
        return _of_folder(found, on)
    if found.suffix == ".toml":
        return _of_synthetic(found, on)
    if found.suffix not in TABLE_SUFFIXES:
        mend = "donner demands.csv, demands.parquet, le dossier qui les contient ou un territoire .toml"
        raise FaultsFound([Fault(str(path), "type de fichier inconnu", mend, value=shown(found.suffix))])
    if not found.is_file():
        raise FaultsFound([Fault(str(path), "fichier introuvable", "vérifier le chemin")])
    if found.stem == "demands" and (found.parent / FILE).is_file():  # the demands of a territory
        return _of_folder(found.parent, on)
    return _of_table(found, on or date.today())


def _of_table(path: Path, on: date) -> Pending:
    from sim.territory.files.schema import DEMANDS
    from sim.territory.files.tables import read_table

    table = read_table(path, DEMANDS, on)
    if table.faults:
        raise FaultsFound(table.faults)
    return _pending(str(path), on, table, {})


def _of_folder(folder: Path, on: date | None) -> Pending:
    from sim.territory.files.about import read_about
    from sim.territory.files.reading import read_tables

    faults: list[Fault] = []
    as_of = on
    try:
        as_of = on or read_about(folder).as_of
    except FaultsFound as found:
        faults += found.faults
    day = as_of or date.today()
    tables = read_tables(folder, faults, day)
    if "demands" not in tables and not faults:
        faults.append(Fault(str(folder), "table absente : demands", "ajouter demands.csv au dossier"))
    if faults:
        raise FaultsFound(faults)
    return _pending(str(folder), day, tables["demands"], tables)


def _pending(file: str, on: date, table: CanonicalTable, tables: dict[str, CanonicalTable]) -> Pending:
    from sim.rules.cotation.demands import facts_of_table, people_of_table

    facts = facts_of_table(table, on)
    wished = table.lists("communes")
    _, first = np.unique(wished.row, return_index=True)
    return Pending(
        file=file,
        on=on,
        demand_id=table.array("demand_id"),
        filed_on=table.array("filed_on"),
        rooms_min=table.array("rooms_min"),
        rooms_max=table.array("rooms_max"),
        first_commune=wished.values[first],
        facts=facts,
        people=partial(people_of_table, table, facts, on),
        dropped_columns=tuple(table.dropped_columns),
        notes=tuple(table.notes),
        vacancies=tables["vacancies"].read if "vacancies" in tables else None,
        leases=_leases(tables),
        proven=table.array("verified").astype(np.int64) if "verified" in table.values else None,
    )


def _leases(tables: dict[str, CanonicalTable]) -> dict[str, NDArray[Any]]:
    """Return the rooms, the commune and the months waited of each lease signed."""
    if not {"leases", "dwellings", "residences"} <= tables.keys():
        return {}
    leases, dwellings, residences = (tables[name] for name in ("leases", "dwellings", "residences"))
    commune_of = dict(
        zip(residences.array("residence_id").tolist(), residences.array("commune").tolist(), strict=True)
    )
    place = {name: row for row, name in enumerate(dwellings.array("dwelling_id").tolist())}
    rows = np.array([place[name] for name in leases.array("dwelling_id").tolist()], dtype=np.int64)
    waited = leases.array("signed_on") - leases.array("filed_on")
    residence = dwellings.array("residence_id")[rows].tolist()
    return {
        "rooms": dwellings.array("rooms")[rows],
        "commune": np.array([commune_of[name] for name in residence], dtype=np.str_),
        "months": waited.astype("timedelta64[D]").astype(np.int64) * 12 / 365.25,
    }


def _of_synthetic(path: Path, on: date | None) -> Pending:
    from sim.territory.files.writing import write_territory
    from sim.territory.synthetic.build import load_spec, synthesise

    territory = synthesise(load_spec(path), seed=0)
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "territoire"
        write_territory(territory, written)
        found = _of_folder(written, on)
    return replace(found, file=str(path), notes=(*territory.notes, *found.notes))
