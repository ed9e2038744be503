"""How do a territory's folder of canonical tables become a Territory?

All faults of all files are reported together and nothing is half-read. `vacancies`, `designations`,
`leases` and `offers` are checked here; the Territory does not carry them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from sim.territory.columns import Territory
from sim.territory.files.about import FILE, TerritoryFile, read_about
from sim.territory.files.building import built
from sim.territory.files.canonical import CanonicalTable
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.links import check_designations, check_links
from sim.territory.files.schema import LAST_DATE, TABLES, Table
from sim.territory.files.tables import read_table


def read_territory(folder: Path) -> Territory:
    """Read a folder of canonical tables, CSV or Parquet.

    Raises
    ------
    FaultsFound
        with every fault of territory.toml and of every table.
    """
    if not folder.is_dir():
        raise FaultsFound([Fault(str(folder), "dossier introuvable", "vérifier le chemin")])
    faults: list[Fault] = []
    about: TerritoryFile | None = None
    try:
        about = read_about(folder)
    except FaultsFound as found:
        faults.extend(found.faults)
    tables = read_tables(folder, faults, about.as_of if about else LAST_DATE)
    if about:
        faults.extend(_faults_of_references(about, tables, folder))
    if faults or about is None:
        raise FaultsFound(faults)
    return built(about, tables)


def read_tables(folder: Path, faults: list[Fault], as_of: date = LAST_DATE) -> dict[str, CanonicalTable]:
    """Read the tables a folder has, by name; their faults, and those between them, are added to `faults`."""
    tables: dict[str, CanonicalTable] = {}
    for table in TABLES:
        found = [
            path for suffix in ("csv", "parquet") if (path := folder / f"{table.name}.{suffix}").exists()
        ]
        if len(found) == 2:
            message = f"la table {table.name} est donnée deux fois, en CSV et en Parquet"
            faults.append(Fault(found[1].name, message, "n'en garder qu'une"))
        elif not found and table.required:
            faults.append(_absent(table, folder))
        if found:
            tables[table.name] = read_table(found[0], table, as_of)
    check_links(tables)
    check_designations(tables)
    for read in tables.values():
        faults.extend(sorted(read.faults, key=lambda fault: fault.row))
    return tables


def _absent(table: Table, folder: Path) -> Fault:
    present = sorted(path.name for path in folder.iterdir() if path.suffix in (".csv", ".parquet"))
    close = get_close_matches(f"{table.name}.csv", present, n=1, cutoff=0.6)
    mend = (
        f"renommer « {close[0]} » en {table.name}{Path(close[0]).suffix}" if close else "l'ajouter au dossier"
    )
    return Fault(f"{table.name}.csv", "table absente, elle est requise", mend)


def _faults_of_references(
    about: TerritoryFile, tables: Mapping[str, CanonicalTable], folder: Path
) -> list[Fault]:
    """Return the faults of what territory.toml names and the residences do not know."""
    residences = tables.get("residences")
    if residences is None:
        return []
    faults = []
    for key, names, column in (
        ("rpms", about.rpms, "residence_id"),
        ("orientation", about.orientation, "bailleur_id"),
        ("target_qpv", about.target_qpv, "bailleur_id"),
    ):
        known = set(residences.texts[column].to_pylist()) if column in residences.texts else set(names)
        for name in names:
            if name not in known | set(about.bailleurs if column == "bailleur_id" else ()):
                close = get_close_matches(name, sorted(known), n=1)
                mend = f"vouliez-vous dire « {close[0]} » ?" if close else ""
                message = f"inconnu dans {residences.file}, colonne {column}"
                faults.append(Fault(str(folder / FILE), message, mend, column=key, value=name))
    return faults
