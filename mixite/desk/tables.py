"""How do canonical tables, from a folder or a workbook, become what is asked before a commission?

A territory and what is known beside it: vacancies, designations, leases signed, offers. What is absent costs
a feature, said in one sentence; what is wrong is a fault, all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from mixite.desk.options import ROLES, Options, pairs
from mixite.desk.request import WITHOUT_GRID, Request
from sim.policies import POLICIES
from sim.process.replication import with_signed
from sim.process.state import Counted
from sim.process.today import BY_BAILLEUR, DELEGATED, MODES, Known, SignedLeases, Vacant
from sim.rules.cotation import Grid, check_examples
from sim.rules.cotation import load as load_grid
from sim.rules.peuplement import Target
from sim.rules.traits import mask
from sim.scenario import Scenario, find, load_scenario
from sim.scenario.reading import scenario_of
from sim.territory.columns import RESERVATAIRES, Dates, Dwellings, Floats, Territory, take
from sim.territory.files.about import TerritoryFile, read_about
from sim.territory.files.building import built
from sim.territory.files.canonical import CanonicalTable
from sim.territory.files.faults import Fault, FaultsFound, nearest
from sim.territory.files.links import check_designations
from sim.territory.files.reading import read_tables, read_territory
from sim.territory.files.schema import VACANCIES
from sim.territory.files.tables import read_table

NONE = RESERVATAIRES.index("aucun")

SEARCHED = 2000
"""With more known identifiers than this, the nearest one is not looked for."""

DECLARED = ("first_quartile", "relogement", "dalo", "l441_1", "essential_worker", "mutation")
"""Traits declared of a lease; without the first one it is of the other quartiles, unless nothing is said."""


@dataclass(frozen=True)
class Material:
    """What was read: a territory, its own tables by name, and what its file says beside.

    Attributes
    ----------
    points : (demands,) given points, NaN where none is; None where there is no such column
    counters : leases of the year by the label of their legal row
    targets : objectives published, in place of the scenario's where there is any
    role : who prepares, "" where the file does not say
    written : cells as written, by sheet then header, in the territory's order, for whoever shows them again
    """

    territory: Territory
    tables: Mapping[str, CanonicalTable] = field(default_factory=dict)
    q1_threshold_eur: float | None = None
    grid: Path | None = None
    points: np.ndarray[Any, Any] | None = None
    counters: Mapping[str, Counted] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    role: str = ""
    written: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    dropped_columns: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)


def from_territory(path: Path, vacancies: Path, options: Options) -> Request:
    """Read a territory and a table of vacancies.

    Raises
    ------
    FaultsFound
        with every fault of the tables, the options and the scenario.
    """
    path = find(path)
    if path.is_dir():
        return request(_folder(path, vacancies, options.on), options)
    from sim.territory.synthetic.build import load_spec, synthesise

    territory = synthesise(load_spec(path), seed=0)
    table = read_table(vacancies, VACANCIES) if vacancies.is_file() else _absent(vacancies)
    if table.faults:
        raise FaultsFound(table.faults)
    return request(Material(territory, {"vacancies": table}, digests=_digests([path, vacancies])), options)


def request(material: Material, options: Options) -> Request:
    """Return what is asked, of what was read.

    Raises
    ------
    FaultsFound
        with every fault: unknown dwellings or demands, options, scenario, grid.
    """
    faults: list[Fault] = []
    territory, tables = material.territory, material.tables
    rows = _Rows(territory, faults)
    scenario, grid, mutation_grid, points, notes = _rules(material, options, faults)
    known = Known(
        vacant=rows.vacancies(tables["vacancies"]),
        leases=rows.leases(tables.get("leases")),
        designated=rows.designated(tables.get("designations")),
        in_flight=rows.offers(tables.get("offers"), in_flight=True),
        proposed=rows.offers(tables.get("offers"), in_flight=False),
        locked=rows.pairs(pairs("--lock", options.lock, faults), "--lock"),
        forbidden=rows.pairs(pairs("--forbid", options.forbid, faults), "--forbid"),
        points=_points(material, points, options.on or territory.as_of),
        counters=material.counters,
        q1_threshold_eur=material.q1_threshold_eur,
    )
    if options.policy not in POLICIES:
        mend = nearest(options.policy, tuple(POLICIES))
        faults.append(Fault("--policy", "politique inconnue", mend, value=options.policy))
    if options.role and options.role not in ROLES:
        faults.append(Fault("--role", "rôle inconnu", nearest(options.role, ROLES), value=options.role))
    if options.bailleur and options.bailleur not in territory.bailleurs:
        mend = nearest(options.bailleur, territory.bailleurs)
        faults.append(Fault("--bailleur", "bailleur inconnu", mend, value=options.bailleur))
    if faults or scenario is None:
        raise FaultsFound(faults)
    if options.bailleur:
        known = replace(known, vacant=_of_bailleur(territory, known.vacant, options.bailleur))
    if material.q1_threshold_eur is None:
        notes += ("seuil du premier quartile non donné : estimé sur les demandes reçues",)
    return Request(
        territory=territory,
        known=known,
        on=options.on or territory.as_of,
        scenario=scenario,
        grid=grid,
        mutation_grid=mutation_grid,
        points=points,
        policy=options.policy,
        bailleur=options.bailleur,
        role=options.role or material.role or ROLES[0],
        renewed_on=_renewed_on(tables.get("demands")),
        written=material.written,
        notes=(*material.notes, *notes),
        dropped_columns=material.dropped_columns,
        digests=material.digests,
    )


def _points(material: Material, points: str, on: date) -> Floats | None:
    """Return the points that stand for a grid's: those given, or the days of seniority where none is."""
    if points == "given":
        return np.nan_to_num(np.asarray(material.points, dtype=np.float64))
    if points == "grid":
        return None
    days = np.datetime64(on, "D") - material.territory.demands.filed_on.astype("datetime64[D]")
    return np.maximum(days.astype(np.int64), 0).astype(np.float64)


def _renewed_on(table: CanonicalTable | None) -> Dates | None:
    """Return the day of the last renewal of each demand, None where none is said."""
    renewed_on = None if table is None else table.array("renewed_on")
    return None if renewed_on is None or np.isnat(renewed_on).all() else renewed_on


class _Rows:
    """The rows of a territory's dwellings and demands by their names; what is unknown is a fault."""

    def __init__(self, territory: Territory, faults: list[Fault]) -> None:
        self.dwellings = _places(territory.dwellings.dwelling_id.tolist())
        self.demands = _places(territory.demands.demand_id.tolist())
        self.names = territory.dwellings.dwelling_id
        self.faults = faults

    def vacancies(self, table: CanonicalTable) -> tuple[Vacant, ...]:
        """Return the dwellings to let, by date then by name, as every sitting reads them."""
        names, modes = table.array("dwelling_id").tolist(), table.array("designation_mode").tolist()
        holders = table.array("reservataire").tolist()
        found = []
        for at, (name, day, holder, mode) in enumerate(
            zip(names, table.array("available_on").tolist(), holders, modes, strict=True)
        ):
            row = self._row(self.dwellings, name, table, at, "dwelling_id")
            if row is not None:
                holder = NONE if holder < 0 else holder
                found.append(Vacant(row, day, holder, _mode(mode, holder)))
        return tuple(sorted(found, key=lambda one: (one.available_on, str(self.names[one.dwelling]))))

    def designated(self, table: CanonicalTable | None) -> tuple[tuple[int, int], ...]:
        """Return the candidates named for a dwelling."""
        return () if table is None else tuple(self._both(table, np.ones(table.read, dtype=bool)))

    def offers(self, table: CanonicalTable | None, *, in_flight: bool) -> tuple[tuple[int, int], ...]:
        """Return the offers that await an answer, or those that had one."""
        if table is None:
            return ()
        return tuple(self._both(table, (table.array("outcome") < 0) == in_flight))

    def leases(self, table: CanonicalTable | None) -> SignedLeases | None:
        """Return the leases signed, None where there is no table."""
        if table is None:
            return None
        names = table.array("dwelling_id").tolist()
        rows = [self._row(self.dwellings, name, table, at, "dwelling_id") for at, name in enumerate(names)]
        kept = np.array([row is not None for row in rows], dtype=bool)
        signature = np.zeros(table.read, dtype=np.int64)
        for name in DECLARED:
            signature |= np.where(table.array(name) == 1, mask([name]), 0)
        signature |= np.where(table.array("first_quartile") == 0, mask(["q2_q4"]), 0)
        neutral = (table.array("dalo") == 1) | (table.array("relogement") == 1)
        signature |= np.where(neutral, mask(["neutral"]), 0)
        holder = np.where(table.array("reservataire") < 0, NONE, table.array("reservataire"))
        return SignedLeases(
            np.array([row for row in rows if row is not None], dtype=np.int64),
            table.array("signed_on")[kept],
            holder[kept],
            signature[kept],
        )

    def pairs(self, given: Iterable[tuple[str, str]], option: str) -> tuple[tuple[int, int], ...]:
        """Return pairs of names as rows."""
        found = []
        for dwelling, demand in given:
            for name, known in ((dwelling, self.dwellings), (demand, self.demands)):
                if name not in known:
                    self.faults.append(Fault(option, "inconnu", self._near(name, known), value=name))
            if dwelling in self.dwellings and demand in self.demands:
                found.append((self.dwellings[dwelling], self.demands[demand]))
        return tuple(found)

    def _both(self, table: CanonicalTable, keep: np.ndarray[Any, Any]) -> list[tuple[int, int]]:
        found = []
        names = zip(table.array("dwelling_id").tolist(), table.array("demand_id").tolist(), strict=True)
        for at, (dwelling, demand) in enumerate(names):
            row = self._row(self.dwellings, dwelling, table, at, "dwelling_id")
            who = self._row(self.demands, demand, table, at, "demand_id")
            if keep[at] and row is not None and who is not None:
                found.append((row, who))
        return found

    def _row(
        self, known: Mapping[str, int], name: str, table: CanonicalTable, at: int, column: str
    ) -> int | None:
        if name not in known:
            mend = self._near(name, known)
            row = int(table.rows[at])
            self.faults.append(Fault(table.file, "inconnu", mend, row=row, column=column, value=name))
            return None
        return known[name]

    def _near(self, name: str, known: Mapping[str, int]) -> str:
        """Return a way out; no message shows the number of another demand."""
        if known is self.demands or len(known) > SEARCHED:
            return "vérifier l'identifiant"
        return nearest(name, list(known))


def _rules(
    material: Material, options: Options, faults: list[Fault]
) -> tuple[Scenario | None, Grid, Grid | None, str, tuple[str, ...]]:
    """Return the scenario, the grids, where points come from, and what is to be said of them."""
    scenario, grid, mutation_grid = None, WITHOUT_GRID, None
    try:
        scenario = load_scenario(options.scenario) if options.scenario else plain_scenario(material.territory)
        own = [scenario.path(scenario.grids[0])] if options.scenario else [material.grid]
        grid = next((_grid(path) for path in own if path is not None), WITHOUT_GRID)
        if options.scenario and scenario.grid.mutations:
            mutation_grid = _grid(scenario.path(scenario.grid.mutations))
    except FaultsFound as found:
        faults.extend(found.faults)
    notes: tuple[str, ...] = ()
    if scenario is not None and material.targets:
        scenario = scenario.model_copy(update={"target": material.targets})
    elif not options.scenario:
        notes = ("sans scénario ni objectifs : pas d'objectif de la stratégie de peuplement",)
    if material.points is not None:
        given, lacking = "points donnés dans le fichier", int(np.isnan(material.points).sum())
        if lacking:
            given += f", comptés 0 où il n'y en a pas : {lacking} demande(s)"
        return scenario, WITHOUT_GRID, None, "given", (*notes, given)
    if grid is WITHOUT_GRID:
        said = "sans grille ni points : l'ordre suit l'ancienneté de la demande"
        return scenario, grid, None, "seniority", (*notes, said)
    return scenario, grid, mutation_grid, "grid", notes


def plain_scenario(territory: Territory) -> Scenario:
    """Return the scenario of a territory without one: the law, the hypotheses, no objective."""
    first = date(territory.as_of.year, 1, 1)
    data = {"name": territory.name[:80], "territory": {"path": "."}, "time": {"start": first}}
    return scenario_of({**data, "grid": {"file": "aucune"}}, territory.name)


def _grid(path: Path) -> Grid:
    path = find(path)
    grid = load_grid(path)
    if faults := check_examples(grid, path.name):
        raise FaultsFound(faults)
    return grid


def _folder(path: Path, vacancies: Path, on: date | None) -> Material:
    """Read a folder of canonical tables, with the vacancies of a file in place of its own.

    Types are those that the partners have signed, as a run reads them, on the day of the sitting.
    """
    faults: list[Fault] = []
    about: TerritoryFile | None = None
    try:
        about = read_about(path)
    except FaultsFound as found:
        faults.extend(found.faults)
    tables = read_tables(path, faults, about.as_of) if about else {}
    table = read_table(vacancies, VACANCIES) if vacancies.is_file() else _absent(vacancies)
    faults.extend(table.faults)
    if not faults:
        faults.extend(_designated_by_others(tables, table))
    if faults or about is None:
        raise FaultsFound(faults)
    tables["vacancies"] = table
    read_territory(path)  # says what territory.toml names and the tables do not know
    territory = with_signed(built(about, tables), path, on)
    dropped = [name for one in tables.values() for name in one.dropped_columns]
    notes = [said for one in tables.values() for said in one.notes]
    read = [*sorted(path.glob("*.csv")), *sorted(path.glob("*.parquet")), vacancies]
    read += [path / about.overrides] if about.overrides else []
    return Material(
        territory,
        tables,
        about.q1_threshold.get(territory.as_of.year),
        path / about.grid if about.grid else None,
        notes=(*territory.notes, *notes),
        dropped_columns=tuple(dropped),
        digests=_digests(read),
    )


def _designated_by_others(tables: Mapping[str, CanonicalTable], vacancies: CanonicalTable) -> list[Fault]:
    """Return the faults of designations of dwellings that another réservataire holds."""
    designations = tables.get("designations")
    if designations is None:
        return []
    known = len(designations.faults)
    check_designations({"vacancies": vacancies, "designations": designations})
    return list(designations.faults[known:])


def _absent(path: Path) -> CanonicalTable:
    raise FaultsFound([Fault(str(path), "fichier introuvable", "vérifier le chemin de --vacancies")])


def _of_bailleur(territory: Territory, vacant: Sequence[Vacant], name: str) -> tuple[Vacant, ...]:
    own: Dwellings = take(territory.dwellings, np.array([one.dwelling for one in vacant], dtype=np.int64))
    bailleur = territory.residences.bailleur[own.residence] == territory.bailleurs.index(name)
    return tuple(one for one, keep in zip(vacant, bailleur.tolist(), strict=True) if keep)


def _mode(mode: int, holder: int) -> str:
    """Return who forms the pool, by default the réservataire that holds the dwelling."""
    return MODES[mode] if mode >= 0 else BY_BAILLEUR if holder == NONE else DELEGATED


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _digests(paths: Iterable[Path]) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file()}
