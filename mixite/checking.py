"""What is wrong in a user's folder, scenario, territory or grid, said without writing anything?

Each file read gives one entry: its kind, how many rows were read, accepted and rejected, its faults and its
warnings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite.terminal import fault_entry
from sim.scenario import find, load_scenario, said_of_variant, sets_targets
from sim.territory.files import toml
from sim.territory.files.faults import Fault, FaultsFound, nearest, shown

if TYPE_CHECKING:
    from sim.territory.columns import Territory
    from sim.territory.files.tables import CanonicalTable

Report = dict[str, list[dict[str, Any]]]


def check_path(path: Path, kind: str | None = None) -> Report:
    """Check a folder of canonical tables, one table, a scenario, a stylised case, a grid or a territory.

    Parameters
    ----------
    kind : name of a canonical table, where the file's own name does not say it
    """
    path = find(path)
    try:
        if path.is_dir():
            return {"files": _folder(path)}
        if kind is not None or path.suffix in (".csv", ".parquet"):
            return {"files": [_table(path, kind or path.stem)]}
        named, read = _kind_of(path)
    except FaultsFound as found:
        return {"files": [entry(str(path), kind or "", read=0, faults=found.faults)]}
    if named == "scenario":
        return {"files": [_scenario(path)]}
    return {"files": [_one_file(path, named, read)]}


def entry(
    file: str,
    kind: str,
    *,
    read: int = 1,
    rejected: int = 0,
    dropped_columns: Iterable[str] = (),
    faults: Iterable[Fault] = (),
    warnings: Iterable[Fault] = (),
) -> dict[str, Any]:
    """Return what was found in one file, in the shape of the contract."""
    return {
        "file": file,
        "kind": kind,
        "read": read,
        "accepted": read - rejected,
        "rejected": rejected,
        "dropped_columns": list(dropped_columns),
        "faults": [fault_entry(fault) for fault in faults],
        "warnings": [fault_entry(warning) for warning in warnings],
    }


def _folder(folder: Path) -> list[dict[str, Any]]:
    """Check territory.toml, then each table with its rows, then what links them."""
    from sim.territory.files.about import FILE, read_about
    from sim.territory.files.reading import read_tables, read_territory
    from sim.territory.files.schema import LAST_DATE

    about: list[Fault] = []
    as_of = LAST_DATE
    try:
        as_of = read_about(folder).as_of
    except FaultsFound as found:
        about += found.faults
    faults: list[Fault] = []
    tables = read_tables(folder, faults, as_of)
    of_tables = {fault for table in tables.values() for fault in table.faults}
    elsewhere = [fault for fault in faults if fault not in of_tables]
    entries: list[dict[str, Any]] = []
    if not about and not faults:
        try:
            entries += _overrides(folder, read_territory(folder))
        except FaultsFound as found:
            elsewhere += found.faults
    return [
        entry(str(folder / FILE), "territory", rejected=int(bool(about)), faults=(*about, *elsewhere)),
        *(_table_entry(table, str(folder / table.file)) for table in tables.values()),
        *entries,
    ]


def _overrides(folder: Path, territory: Territory) -> list[dict[str, Any]]:
    """Check the workbook of the concertation that territory.toml names, where it names one."""
    from sim.rules.peuplement import concertation
    from sim.territory.files.about import read_about
    from sim.territory.files.sheets import read_workbook

    named = read_about(folder).overrides
    if named is None:
        return []
    file = str(folder / named)
    try:
        book = concertation.read(read_workbook(folder / named), territory)
    except FaultsFound as found:
        return [entry(file, "overrides", rejected=1, faults=found.faults)]
    lines = sum(map(len, (book.appraisals, book.pending, book.closed, book.history)))
    notes = (Fault(file, note.removeprefix(f"{file} : ")) for note in book.notes)
    return [entry(file, "overrides", read=lines, warnings=notes)]


def _table(path: Path, kind: str) -> dict[str, Any]:
    """Check one canonical table alone, without what links it to others."""
    from sim.territory.files.schema import TABLES
    from sim.territory.files.tables import read_table

    known = {table.name: table for table in TABLES}
    if kind not in known:
        mend = f"{nearest(kind, list(known))} ; préciser avec --as"
        raise FaultsFound([Fault(str(path), "table inconnue", mend, value=shown(kind))])
    if not path.is_file():
        raise FaultsFound([Fault(str(path), "fichier introuvable", "vérifier le chemin")])
    return _table_entry(read_table(path, known[kind]), str(path))


def _table_entry(table: CanonicalTable, file: str) -> dict[str, Any]:
    return entry(
        file,
        table.table.name,
        read=table.read,
        rejected=table.rejected,
        dropped_columns=table.dropped_columns,
        faults=table.faults,
        warnings=(Fault(table.file, note.removeprefix(f"{table.file} : ")) for note in table.notes),
    )


def _one_file(path: Path, kind: str, read: Callable[[Path], object]) -> dict[str, Any]:
    try:
        read(path)
    except FaultsFound as found:
        return entry(str(path), kind, rejected=1, faults=found.faults)
    return entry(str(path), kind)


def _scenario(path: Path) -> dict[str, Any]:
    """Check a scenario, and where it or a variant has targets, whether its territory can meet them."""
    from mixite import objectives
    from sim.process.replication import territory_of

    try:
        scenario = load_scenario(path)
        if not scenario.target and not any(map(sets_targets, scenario.variant)):
            return entry(str(path), "scenario")
        found, varied = objectives.examined_with_variants(scenario, territory_of(scenario))
    except FaultsFound as refused:
        return entry(str(path), "scenario", rejected=1, faults=refused.faults)
    warnings = [] if found is None else list(objectives.warnings(found, path.name))
    for place, each in varied.items():
        warnings += (said_of_variant(one, place) for one in objectives.warnings(each, path.name))
    told = entry(str(path), "scenario", warnings=warnings)
    if found is None:
        return told
    return told | {"objectives": objectives.as_json(found) | {"told": objectives.line(found)}}


def _kind_of(path: Path) -> tuple[str, Callable[[Path], object]]:
    """Return what a TOML file is, by the tables only its kind has, in it or in the file it says `base` of."""
    from sim.stylised import load_case
    from sim.territory.files.layers import read_layers
    from sim.territory.synthetic.build import load_spec

    data = toml.read(path)
    if isinstance(data.get("base"), str):
        data = read_layers(path).data
    if data.get("kind") == "stylised":
        return "stylised", load_case
    if "criteria" in data:
        return "grid", _read_grid
    if "time" in data or "policies" in data or "runs" in data:
        return "scenario", load_scenario
    return "territory", load_spec


def _read_grid(path: Path) -> None:
    from sim.rules.cotation.examples import check_examples
    from sim.rules.cotation.grid import load

    grid = load(path, allow_partial=True)
    faults = check_examples(grid, str(path))
    if faults:
        raise FaultsFound(faults)
