"""What do several policies give on the same territory, the same households and the same chance?

A comparison plays every policy from the same state in each replication, keeps each run in its own folder as
soon as it ends, then computes the paired statistics and the report. A run already kept is not played again:
after an interruption the same command resumes. Left out on purpose: how a run is played (mixite/playing.py),
the statistics (sim/comparison.py) and the report (mixite/report).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite import playing, run_folder
from mixite.terminal import say
from sim.territory.files.faults import Fault, FaultsFound, nearest
from sim.territory.files.saving import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from mixite.report.study import Study
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Compared:
    """What a comparison found, and the folder it is kept in."""

    out: Path
    study: Study


def load(path: Path, changes: Mapping[str, Any]) -> Scenario:
    """Read a scenario, on disk or shipped, with the command line's changes; None changes nothing.

    Raises
    ------
    FaultsFound
        with every unknown policy of the command line, or every fault of the scenario.
    """
    from sim.policies import POLICIES
    from sim.scenario import load_scenario

    unknown = [name for name in changes.get("policies.compare") or () if name not in POLICIES]
    if unknown:
        raise FaultsFound(
            Fault("--policy", "politique inconnue", nearest(name, tuple(POLICIES)), value=name)
            for name in unknown
        )
    return load_scenario(path, changes=changes)


def compare(scenario: Scenario, out: Path | None = None, workers: int | None = None) -> Compared:
    """Play a scenario's policies over its replications and write the comparison folder.

    1. Build the territory once; name each run by what its events depend on.
    2. Play the replications that are not kept yet, in parallel, each run written as it ends.
    3. Compare the policies in pairs, once per grid; write the statistics, the figures and the report.

    Raises
    ------
    FaultsFound
        when the territory or the output folder is wrong; nothing has been written.
    StoppedEarly
        when the user interrupts; finished runs are kept.
    """
    out = out or Path("resultats") / scenario.name
    playing.check_folder(out)
    place = playing.loaded(scenario)
    worlds = [scenario.with_grid(grid) for grid in scenario.grids]
    jobs = [
        playing.job(world, place, replication, out)
        for world in worlds
        for replication in range(scenario.runs.replications)
    ]
    missing = [job for job in jobs if job.folders]
    if len(missing) < len(jobs):
        say(f"{len(jobs) - len(missing)} réplique(s) déjà jouée(s), reprise(s) de {out}")
    playing.play_all(missing, place, workers or os.cpu_count() or 1, out)
    return Compared(out, write_comparison(scenario, worlds, place, out))


def write_comparison(
    scenario: Scenario, worlds: Sequence[Scenario], place: playing.Place, out: Path
) -> Study:
    """Write the paired statistics, one file a grid, then the report; return what the report is made of."""
    from mixite.report import write_report
    from mixite.report.setting import setting_of
    from mixite.report.study import Study
    from sim.comparison import compare as paired
    from sim.comparison import headlines, ladder_pairs

    first, *others = worlds
    values = kept_values(first, place, out)
    pairs = ladder_pairs(scenario.policies.compare)
    comparison = paired(values, pairs)
    elsewhere = {world.grids[0]: paired(kept_values(world, place, out), pairs) for world in others}
    write_csv(comparison, out / "comparison.csv")
    for grid, rows in elsewhere.items():
        write_csv(rows, out / f"comparison_{Path(grid).stem}.csv")
    folder = playing.folder(first, place, scenario.policies.compare[0], 0, out)
    study = Study(
        scenario=scenario.model_dump(mode="json"),
        policies=scenario.policies.compare,
        values=values,
        comparison=comparison,
        headlines=headlines(comparison),
        context=run_folder.read_context(folder),
        manifest=run_folder.read_manifest(folder),
        setting=setting_of(scenario, place.territory, run_folders(worlds, place, out)),
        hypotheses=hypotheses(),
        other_grids=elsewhere,
    )
    write_report(study, out)
    return study


def kept_values(scenario: Scenario, place: playing.Place, out: Path) -> pd.DataFrame:
    """Return the indicators of every run of a finished comparison under one grid."""
    import pandas as pd

    return pd.concat(
        [
            run_folder.read_indicators(playing.folder(scenario, place, policy, replication, out)).assign(
                policy=policy, replication=replication
            )
            for policy in dict.fromkeys(scenario.policies.compare)
            for replication in range(scenario.runs.replications)
        ],
        ignore_index=True,
    )


def run_folders(worlds: Sequence[Scenario], place: playing.Place, out: Path) -> list[Path]:
    """Return the folder of every run of a comparison: each grid, policy and replication."""
    return [
        playing.folder(world, place, policy, replication, out)
        for world in worlds
        for policy in dict.fromkeys(world.policies.compare)
        for replication in range(world.runs.replications)
    ]


def hypotheses() -> tuple[Mapping[str, Any], ...]:
    """Return the named assumptions of behaviour, one row each, for the report."""
    from sim import scenario

    return tuple(
        {"name": f"{section}.{name}", **figure.model_dump()}
        for section, figures in scenario.hypotheses().items()
        for name, figure in figures.items()
    )


def as_json(compared: Compared) -> dict[str, Any]:
    """Return the answer of `compare --json`."""
    from mixite.report.study import records

    study = compared.study
    kept = ("indicator", "group", "policy_a", "policy_b", "difference", "ci_low", "ci_high", "distinguished")
    return {
        "out": str(compared.out),
        "headlines": [
            {key: row[key] for key in kept}
            | {
                "depends_on_grid": study.depends_on_grid(
                    row["indicator"], row["group"], (row["policy_a"], row["policy_b"])
                )
            }
            for row in records(study.headlines)
        ],
    }
