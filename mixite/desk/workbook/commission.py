"""How do the sheets of a workbook become what was read before a commission?

Canonical tables in memory, typed and checked as those of a folder are; then a territory of the dwellings to
let alone. What is absent takes a stated default, said in one sentence; what is wrong is a fault with its
sheet, row and column, all of them together.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from mixite.desk.options import Options
from mixite.desk.tables import Material
from mixite.desk.workbook.agreed import counters, objectives
from mixite.desk.workbook.checked import bounded, required, said_of, typed, without_numbers
from mixite.desk.workbook.heading import MODELE
from mixite.desk.workbook.headings import (
    CANDIDATURES,
    COMPTEURS,
    DESIGNATIONS,
    LOGEMENTS,
    METHODE,
    OBJECTIFS,
    RESIDENCES,
)
from mixite.desk.workbook.places import residence_of, residences
from mixite.desk.workbook.reading import Lines, Read, read
from mixite.desk.workbook.said import said
from sim.rules.cotation.demands import facts_of_table
from sim.scenario import find
from sim.territory.columns import Demands, Territory, departement
from sim.territory.files import schema
from sim.territory.files.about import TerritoryFile
from sim.territory.files.building import built
from sim.territory.files.canonical import CanonicalTable
from sim.territory.files.faults import Fault, FaultsFound
from sim.territory.files.links import check_designations, check_links
from sim.territory.files.sheets import read_workbook
from sim.territory.synthetic.build import BANNER

SHOWN_ONLY = {"dwellings": ("floor",)}
"""Columns checked, then only shown."""

COMPLETED = (
    *("request_kind", "persons_per_room", "m2_per_person", "cotenants", "single_parent", "max_rent"),
    *("effort_rate", "residual_income"),
)
"""Attributes that follow from other columns, for a grid; a status that must be proven never does."""

HIGHEST_POINTS = 1_000_000
MOST_ROUNDS = 99


def from_workbook(path: Path, options: Options) -> Material:
    """Read an officer's workbook.

    Raises
    ------
    FaultsFound
        when the file is no workbook, or with every fault of its sheets.
    """
    found = read(read_workbook(path, path.name, MODELE))
    digest = sha256(path.read_bytes()).hexdigest()
    material = material_of(found, path.parent, options)
    return replace(material, digests={path.name: digest})


def material_of(found: Read, folder: Path, options: Options) -> Material:
    """Return what was read of a workbook, `folder` being where it stands.

    1. Without the two required sheets nothing more can be checked.
    2. Type the sheets as canonical tables, check them, then their links.
    3. Read the counters, the objectives and the settings.
    4. When nothing is wrong, build the territory of the dwellings to let.

    Raises
    ------
    FaultsFound
        with every fault of the workbook.
    """
    on = options.on or (date.fromisoformat(found.settings["on"]) if "on" in found.settings else date.today())
    grid = _settings(found, folder)
    dwellings, demands = found.lines.get(LOGEMENTS.title), found.lines.get(CANDIDATURES.title)
    if dwellings is None or demands is None:
        raise FaultsFound(found.faults)
    before = {title: len(lines.faults) for title, lines in found.lines.items()}
    tables, faults = _tables(found, dwellings, demands, on)
    bounded(demands, "points", 0, HIGHEST_POINTS)
    bounded(dwellings, "round", 1, MOST_ROUNDS)
    _refuse_dalo(demands)
    bailleurs = sorted(set(tables["residences"].texts["bailleur_id"].to_pylist()))
    counted, notes, targets = {}, [], ()
    if COMPTEURS.title in found.lines:
        counted, notes = counters(found.lines[COMPTEURS.title], bailleurs, on)
    if OBJECTIFS.title in found.lines:
        targets = objectives(found.lines[OBJECTIFS.title], on)
        notes.append("objectifs : les baux signés avant la séance ne sont pas comptés, ils partent de zéro")
    for title, lines in found.lines.items():
        faults += lines.faults[before[title] :]
    if found.faults or faults:
        raise FaultsFound(_in_order([*found.faults, *faults]))
    threshold = found.settings.get("q1_threshold_eur")
    return Material(
        _territory(found, tables, on),
        {name: tables[name] for name in ("vacancies", "designations") if name in tables},
        q1_threshold_eur=None if threshold is None else float(threshold),
        grid=grid,
        points=_points(demands),
        notes=(*found.notes, *said(found, options.on is not None), *notes),
        dropped_columns=tuple(found.dropped),
        counters=counted,
        targets=targets,
        role=found.settings.get("role", ""),
        written={lines.sheet.title: _written(lines) for lines in (dwellings, demands)},
    )


def _tables(
    found: Read, dwellings: Lines, demands: Lines, on: date
) -> tuple[dict[str, CanonicalTable], list[Fault]]:
    """Return the canonical tables of the sheets, by name, and their faults said of the sheets."""
    first, texts = residences(dwellings, found.lines.get(RESIDENCES.title), found.settings)
    own = Lines(dwellings.sheet, dwellings.file, dwellings.name, [dwellings.rows[at] for at in first])
    own.refused = {
        *dwellings.refused,
        *((dwellings.rows[at], "commune") for at in range(len(dwellings)) if not dwellings.of("commune")[at]),
    }
    sources = {"residences": own, "dwellings": dwellings, "vacancies": dwellings, "demands": demands}
    tables = {
        "residences": typed(schema.RESIDENCES, own, texts, on),
        "dwellings": typed(schema.DWELLINGS, dwellings, _dwellings(dwellings), on),
        "vacancies": typed(schema.VACANCIES, dwellings, _vacancies(found, dwellings, demands), on),
        "demands": typed(schema.DEMANDS, demands, _demands(demands, on), on),
    }
    if DESIGNATIONS.title in found.lines:
        sources["designations"] = found.lines[DESIGNATIONS.title]
        columns = ("dwelling_id", "demand_id", "reservataire", "designated_on")
        named = {name: sources["designations"].of(name) for name in columns}
        tables["designations"] = typed(schema.DESIGNATIONS, sources["designations"], named, on)
    check_links(tables)
    check_designations(tables)
    faults: list[Fault] = []
    for name, table in tables.items():
        faults += without_numbers(said_of(table, sources[name]))
    required(dwellings)
    return tables, faults


def _dwellings(lines: Lines) -> dict[str, list[str]]:
    as_they_are = ("dwelling_id", "rooms", "surface_m2", "financing")
    monthly = ("rent_eur", "charges_eur", "heating_eur")
    return {
        **{name: lines.of(name) for name in (*as_they_are, *monthly, *SHOWN_ONLY["dwellings"])},
        "residence_id": residence_of(lines),
        "accessible": lines.of("accessible", "false"),
        "kind": lines.of("kind", "collectif"),
    }


def _vacancies(found: Read, lines: Lines, demands: Lines) -> dict[str, list[str]]:
    """Return the dwellings to let; one that a designation names has a named list.

    Where no demand says whose pool it is in, a reserved dwelling without a mode is the bailleur's to propose.
    """
    designations = found.lines.get(DESIGNATIONS.title)
    named = set(designations.of("dwelling_id")) if designations else set()
    silent = "" if demands.has("reservataire_labels") else "bailleur"
    modes = [
        "named" if dwelling in named else mode or silent
        for dwelling, mode in zip(lines.of("dwelling_id"), lines.of("designation_mode"), strict=True)
    ]
    columns = {name: lines.of(name) for name in ("dwelling_id", "available_on", "reservataire")}
    return {**columns, "designation_mode": modes}


def _demands(lines: Lines, on: date) -> dict[str, list[str]]:
    """Return the demands; under DALO without a date, as recognised on the day."""
    known = {column.name for column in schema.DEMANDS.columns} - {"dalo"}
    texts = {name: lines.of(name) for name in lines.texts if name in known}
    needed = ("demand_id", "filed_on", "adults", "children", "communes", "rooms_min", "rooms_max")
    texts |= {name: lines.of(name) for name in needed}
    texts["needs_accessible"] = lines.of("needs_accessible", "false")
    if "dalo" in lines.texts:
        told = zip(lines.of("dalo"), lines.of("dalo_recognised_on"), strict=True)
        texts["dalo_recognised_on"] = [
            day or (on.isoformat() if dalo == "true" else "") for dalo, day in told
        ]
    return texts


def _territory(found: Read, tables: dict[str, CanonicalTable], on: date) -> Territory:
    """Return the territory of the dwellings to let and of the demands, on the day."""
    synthetic = found.settings.get("synthetic") == "true"
    communes = tables["residences"].texts["commune"].to_pylist()
    about = TerritoryFile(
        name=f"Commission du {on:%d/%m/%Y}",
        epci=found.settings.get("epci", "EPCI"),
        departements=tuple(sorted({departement(code) for code in communes})),
        as_of=on,
        synthetic=synthetic,
        notes=(BANNER,) if synthetic else (),
    )
    for name, columns in SHOWN_ONLY.items():
        for column in columns:
            tables[name].texts.pop(column, None)
            tables[name].values.pop(column, None)
    territory = built(about, tables)
    kept = (BANNER, schema.OCCUPANTS.absent, schema.OFFERS.absent)
    return replace(
        territory,
        demands=_completed(territory.demands, tables["demands"], on),
        notes=tuple(note for note in territory.notes if note in kept),
    )


def _completed(demands: Demands, table: CanonicalTable, on: date) -> Demands:
    """Return the demands with the attributes that follow from other columns."""
    facts = facts_of_table(table, on)
    found: dict[str, Any] = {name: facts[name] for name in COMPLETED if name in facts}
    for column in found.values():
        column.flags.writeable = False
    return replace(demands, attributes={**demands.attributes, **found})


def _points(demands: Lines) -> Any:
    """Return the points given, NaN where none is; None where nobody has any."""
    if not demands.has("points"):
        return None
    return np.array([float(text) if text else np.nan for text in demands.of("points")])


def _written(lines: Lines) -> dict[str, tuple[str, ...]]:
    titles = {heading.column: heading.title for heading in lines.sheet.headings}
    return {titles[column]: tuple(cells) for column, cells in lines.cells.items()}


def _settings(found: Read, folder: Path) -> Path | None:
    """Check the settings; return the grid's file."""
    threshold = found.settings.get("q1_threshold_eur")
    title, rows = METHODE.title_of, found.setting_rows
    if threshold is not None and float(threshold) <= 0:
        mend, row = "l'effacer s'il n'est pas connu", rows["q1_threshold_eur"]
        column = title("q1_threshold_eur")
        found.faults.append(Fault(found.file, "attendu > 0", mend, METHODE.title, row, column, threshold))
    name = found.settings.get("grid")
    if name is None:
        return None
    for path in (folder / name, find(Path(name))):
        if path.is_file():
            return path
    mend = "l'écrire comme un chemin depuis le classeur, ou l'effacer"
    column = title("grid")
    found.faults.append(
        Fault(found.file, "fichier introuvable", mend, METHODE.title, rows["grid"], column, name)
    )
    return None


def _refuse_dalo(demands: Lines) -> None:
    """Refuse a recognition or a deadline of a household that is not said to be recognised."""
    columns = (demands.of(name) for name in ("dalo", "dalo_recognised_on", "dalo_deadline"))
    for at, (dalo, day, due) in enumerate(zip(*columns, strict=True)):
        if dalo == "false" and day:
            cell = demands.cells["dalo_recognised_on"][at]
            demands.refuse(
                at, "dalo_recognised_on", "le ménage n'est pas DALO", "corriger l'un des deux", cell
            )
            continue
        unsaid = dalo != "true" and not day
        if due and unsaid and (demands.rows[at], "dalo_recognised_on") not in demands.refused:
            cell = demands.cells["dalo_deadline"][at]
            mend = "remplir « DALO » ou « DALO reconnu le », ou vider cette cellule"
            demands.refuse(at, "dalo_deadline", "le ménage n'est pas dit reconnu DALO", mend, cell)


def _in_order(faults: list[Fault]) -> list[Fault]:
    """Return each fault once, by sheet then by row."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.sheet, fault.row))
