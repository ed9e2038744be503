"""What is the portrait of a territory's demand, the third step of the method, and where is it written?

Reads the territory, its grid and its leases; writes tables, figures and a JSON document. No row of a
household leaves here. Left out on purpose: how the portrait is computed (sim/portrait), laid out as tables
(mixite/portrait_tables.py) and drawn (mixite/portrait_figures.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite.playing import check_folder
from sim.scenario import find, hypotheses
from sim.territory.files.faults import Fault, FaultsFound

if TYPE_CHECKING:
    import pandas as pd

    from sim.portrait.portrait import Behaviour, Leases, Portrait
    from sim.rules.cotation import Grid
    from sim.territory.columns import Territory


@dataclass(frozen=True)
class Place:
    """A territory as the portrait reads it."""

    territory: Territory
    grid: Grid | None
    leases: Leases | None  # None for a synthetic .toml or a folder without the table
    q1_threshold_eur: float | None  # given by the territory for its year


@dataclass(frozen=True)
class Drawn:
    """A portrait and its tables, as they may be shown."""

    place: Place
    portrait: Portrait
    tables: dict[str, pd.DataFrame]  # file name without .csv -> table
    out: Path


FILES = ("demande.csv", "tension.csv", "tranches.csv", "demande.png", "tension.png", "demande.json")
"""What the folder holds."""


def draw(path: Path, grid: Path | None, out: Path | None, scale: float, seed: int | None) -> Drawn:
    """Compute the portrait of a territory and write its folder.

    Parameters
    ----------
    path : a folder of canonical tables or a synthetic .toml
    grid : None for the territory's own; without any, seniority stands for points
    scale, seed : of a synthetic territory

    Raises
    ------
    FaultsFound
        for a wrong or partial grid, a faulty or empty territory, an impossible folder; nothing is written.
    """
    from mixite import portrait_figures, portrait_tables
    from sim.portrait.portrait import portrait
    from sim.rules.law import Law
    from sim.territory.files.saving import replacing, write_csv, write_text

    place = load(path, grid, scale, seed)
    out = out or Path("resultats") / f"demande_{path.resolve().stem}"
    check_folder(out)
    territory = place.territory
    found = portrait(
        territory, Law.at(territory.as_of), behaviour(), place.grid, place.leases, place.q1_threshold_eur
    )
    drawn = Drawn(place, found, portrait_tables.tables(place, found), out)
    for name, table in drawn.tables.items():
        write_csv(table, out / f"{name}.csv")
    for name, png in portrait_figures.figures(drawn).items():
        with replacing(out / f"{name}.png") as file:
            file.write(png)
    write_text(portrait_tables.json_text(drawn), out / "demande.json")
    return drawn


def load(path: Path, grid: Path | None, scale: float = 1.0, seed: int | None = None) -> Place:
    """Read a territory, its grid, its leases and its threshold of the first quartile.

    Raises
    ------
    FaultsFound
        with every fault of the territory and of the grid.
    """
    from sim.territory.files.about import FILE, read_about
    from sim.territory.files.reading import read_territory
    from sim.territory.synthetic.build import load_spec, synthesise

    path = find(path)
    faults: list[Fault] = []
    own: Path | None = None
    threshold: float | None = None
    leases = territory = chosen = None
    try:
        if path.is_dir():
            territory, about = read_territory(path), read_about(path)
            threshold = about.q1_threshold.get(territory.as_of.year)
            own = path / about.grid if about.grid else None
            leases = leases_of(path, territory)
        else:
            territory = synthesise(load_spec(path), scale=scale, seed=seed or 0)
    except FaultsFound as found:
        faults += found.faults
    try:
        chosen = grid_of(grid or own)
    except FaultsFound as found:
        faults += found.faults
    if territory is not None and not len(territory.demands.demand_id):
        name = str(path / FILE) if path.is_dir() else str(path)
        mend = "remplir la table demands du dossier"
        faults.append(Fault(name, "aucune demande en instance, pas de portrait", mend))
    if faults or territory is None:
        raise FaultsFound(faults)
    return Place(territory, chosen, leases, threshold)


def grid_of(path: Path | None) -> Grid | None:
    """Return a grid, its worked examples checked; None for none.

    Raises
    ------
    FaultsFound
        for a grid that is absent, partial, malformed, or whose own examples fail.
    """
    from sim.rules.cotation import check_examples
    from sim.rules.cotation import load as load_grid

    if path is None:
        return None
    path = find(path)
    grid = load_grid(path)
    faults = check_examples(grid, path.name)
    if faults:
        raise FaultsFound(faults)
    return grid


def leases_of(folder: Path, territory: Territory) -> Leases | None:
    """Return the leases of a folder whose tables are sound, None where it has no such table."""
    import numpy as np

    from sim.portrait.portrait import Leases
    from sim.territory.files.schema import LEASES
    from sim.territory.files.tables import read_table

    found = [path for end in ("csv", "parquet") if (path := folder / f"leases.{end}").exists()]
    if not found:
        return None
    table = read_table(found[0], LEASES, territory.as_of)
    row = {name: place for place, name in enumerate(territory.dwellings.dwelling_id.tolist())}
    dwelling = np.array([row[name] for name in table.array("dwelling_id").tolist()], dtype=np.int64)
    return Leases(dwelling, table.array("signed_on"), table.array("filed_on"))


def behaviour() -> Behaviour:
    """Return the named hypotheses that a portrait needs."""
    from sim.portrait.portrait import Behaviour
    from sim.portrait.vacancies import Departures

    known = hypotheses()
    names = ("weibull_shape", "weibull_scale_years", "t1_over_t5")
    return Behaviour(
        Departures(*(known["departures"][name].value for name in names)), known["demand"]["renewal"].value
    )


def as_json(drawn: Drawn) -> dict[str, Any]:
    """Return the answer of `demand --json`."""
    from mixite import portrait_tables

    return {"out": str(drawn.out), "files": list(FILES), **portrait_tables.document(drawn)}
