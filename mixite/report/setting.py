"""On which data and which machine was a comparison played? Nothing here names a machine or a folder."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mixite.versions import machine

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.territory.columns import Territory


@dataclass(frozen=True)
class Setting:
    """What a comparison was played on.

    Attributes
    ----------
    territory_file : name of the territory's file or folder, without its path
    as_of : the territory's date
    counts : how many residences, dwellings, dwellings_in_qpv, occupants, vacant (dwellings), pending
        (demands), bailleurs, communes
    sources : where the published numbers of a synthetic territory come from; empty for a folder of tables
    published, assumed : how many of its numbers are published, how many named assumptions
    machine : of the machine that writes the report: platform, python, cores, memory_gb
    runs : how many runs the comparison holds
    seconds, longest, load_seconds : of simulation over all runs, of the longest run, to build the territory
    peak_mb : the largest memory a process has held
    hosts : on how many machines the runs were played
    here : all of them on the machine described
    """

    territory_file: str
    as_of: str
    counts: Mapping[str, int]
    sources: tuple[str, ...]
    published: int
    assumed: int
    machine: Mapping[str, Any]
    runs: int
    seconds: float
    longest: float
    load_seconds: float
    peak_mb: float
    hosts: int
    here: bool


def setting_of(scenario: Scenario, territory: Territory, folders: Iterable[Path]) -> Setting:
    """Return the setting of a finished comparison from its territory and the timing of its runs."""
    timings = [json.loads((folder / "timing.json").read_text(encoding="utf-8")) for folder in folders]
    seconds = [float(timing["seconds"]) for timing in timings]
    hosts = {timing["host"] for timing in timings}
    path = scenario.path(scenario.territory.path)
    sources, published, assumed = _origins(path)
    here = machine()
    return Setting(
        territory_file=path.name,
        as_of=territory.as_of.isoformat(),
        counts=_counts(territory),
        sources=sources,
        published=published,
        assumed=assumed,
        machine={name: here[name] for name in ("platform", "python", "cores", "memory_gb")},
        runs=len(timings),
        seconds=sum(seconds),
        longest=max(seconds),
        load_seconds=max(float(timing["load_seconds"]) for timing in timings),
        peak_mb=max(float(timing["peak_mb"]) for timing in timings),
        hosts=len(hosts),
        here=hosts == {platform.node()},
    )


def _counts(territory: Territory) -> dict[str, int]:
    dwellings = len(territory.dwellings.dwelling_id)
    occupants = len(territory.occupants.household_id)
    return {
        "residences": len(territory.residences.residence_id),
        "dwellings": dwellings,
        "dwellings_in_qpv": int(np.sum(territory.residences.in_qpv[territory.dwellings.residence])),
        "occupants": occupants,
        "vacant": dwellings - occupants,
        "pending": len(territory.demands.demand_id),
        "bailleurs": len(territory.bailleurs),
        "communes": len(territory.communes),
    }


def _origins(path: Path) -> tuple[tuple[str, ...], int, int]:
    """Return the sources of a synthetic territory, and how many numbers are published and assumed."""
    if path.is_dir():
        return (), 0, 0
    from sim.territory.synthetic.build import load_spec
    from sim.territory.synthetic.sources import figures

    rows = figures(load_spec(path))
    published = [row for row in rows if row.origin == "chiffre publié"]
    return tuple(dict.fromkeys(row.source for row in published)), len(published), len(rows) - len(published)
