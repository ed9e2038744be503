"""What do several policies give on the same territory, the same households and the same chance?

A comparison plays every policy from the same state in each replication, keeps each run in its own folder as
soon as it ends, then computes the paired statistics and the report. A run already kept is not played again:
after an interruption the same command resumes. Left out on purpose: how a run is played (mixite/playing.py),
the statistics (sim/comparison.py) and the report (mixite/report).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite import beside, concerned, playing, residences, run_folder
from mixite.arms import Stage
from mixite.concerned import concerned_in
from mixite.diffusion import INTERNE, check_level
from mixite.terminal import say
from mixite.weighing import play_weights, signs_of
from mixite.workers import started
from sim.territory.files.faults import Fault, FaultsFound, nearest
from sim.territory.files.saving import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from mixite.report.study import Study
    from mixite.stopping import Stopping
    from sim.objectives import Coherence
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


def most(replications: int | None, precision: float | None) -> int | None:
    """Return the number of replications asked: as said, else the maximum of a precision, else None."""
    if replications is not None or precision is None:
        return replications
    from sim.precision import MOST

    return MOST


def compare(
    scenario: Scenario,
    out: Path | None = None,
    workers: int | None = None,
    precision: float | None = None,
    weights: bool = False,
    diffusion: str = INTERNE,
) -> Compared:
    """Play a scenario's policies over its replications and write the comparison folder.

    1. Build the territory once, while the workers start; name each run by what its events depend on.
    2. Play the replications that are not kept yet, in parallel, each run written as it ends: the scenario's
       number, or with `precision` as many as it takes and this number at most (mixite/stopping.py).
    3. With `weights`, play again the policies that read the weight of points (mixite/weighing.py).
    4. Play what the scenario asks beside: variants, drawn worlds, reversals (mixite/beside.py).
    5. Compare the policies in pairs, once per grid; write the statistics, the figures and the report.

    Raises
    ------
    FaultsFound
        when the territory, the output folder, the precision or the level of diffusion is wrong; nothing has
        been written.
    StoppedEarly
        when the user interrupts; finished runs are kept.
    """
    check_level(diffusion)
    out = out or Path("resultats") / scenario.name
    playing.check_folder(out)
    if precision is not None:
        check_precision(scenario, precision)
    ranges = beside.ranges_of(scenario)
    workers = workers or os.cpu_count() or 1
    busy = min(workers, scenario.runs.replications * len(scenario.grids))
    ready = started(busy) if busy > 1 and not any(out.glob("*/manifest.json")) else ()
    place = playing.loaded(scenario)
    objectives = playing.examined(scenario, place)
    deque(ready, maxlen=0)
    worlds = [scenario.with_grid(grid) for grid in scenario.grids]
    if precision is None:
        play(worlds, place, range(scenario.runs.replications), workers, out)
        stopping = None
    else:
        stopping = until_precise(worlds, place, workers, out, precision)
        runs = scenario.runs.model_copy(update={"replications": stopping.replications})
        scenario = scenario.model_copy(update={"runs": runs})
        worlds = [scenario.with_grid(grid) for grid in scenario.grids]
    if weights:
        play_weights(worlds[0], place, workers, out)
    numbers = range(scenario.runs.replications)
    values = kept_values(worlds[0], place, out, scenario.policies.compare, numbers)
    measured = beside.play_beside(Stage(worlds[0], place, workers, out), ranges, values)
    study = write_comparison(
        scenario, worlds, place, out, values, stopping, weights, measured, objectives, diffusion
    )
    return Compared(out, study)


def play(
    worlds: Sequence[Scenario], place: playing.Place, replications: range, workers: int, out: Path
) -> None:
    """Play these replications under every grid, except those that are kept."""
    jobs = [playing.job(world, place, replication, out) for world in worlds for replication in replications]
    missing = [job for job in jobs if job.folders]
    if len(missing) < len(jobs):
        say(f"{len(jobs) - len(missing)} réplique(s) déjà jouée(s), reprise(s) de {out}")
    playing.play_all(missing, place, workers, out)


def check_precision(scenario: Scenario, precision: float) -> None:
    """Refuse a precision that no number of replications can give.

    Raises
    ------
    FaultsFound
        when it is not between 0 and 1, or when the scenario compares no policies.
    """
    from sim.comparison import ladder_pairs

    if not 0 < precision < 1:
        mend = "0.1 demande une demi-largeur d'au plus 10 % de l'écart"
        raise FaultsFound(
            [Fault("--precision", "attendu entre 0 et 1, bornes exclues", mend, value=str(precision))]
        )
    if not ladder_pairs(scenario.policies.compare):
        raise FaultsFound(
            [Fault("--precision", "une seule politique, aucun écart à mesurer", "en nommer deux")]
        )


def until_precise(
    worlds: Sequence[Scenario], place: playing.Place, workers: int, out: Path, precision: float
) -> Stopping:
    """Play until the headlines of the first pair, under the first grid, are as precise as asked."""
    from mixite.stopping import play_until
    from sim.comparison import ladder_pairs

    first = worlds[0]
    pair = ladder_pairs(first.policies.compare)[0]
    return play_until(
        precision,
        pair,
        lambda numbers: play(worlds, place, numbers, workers, out),
        lambda numbers: kept_values(first, place, out, pair, numbers),
        maximum=first.runs.replications,
        batch=workers,
    )


def write_comparison(
    scenario: Scenario,
    worlds: Sequence[Scenario],
    place: playing.Place,
    out: Path,
    values: pd.DataFrame,
    stopping: Stopping | None = None,
    weights: bool = False,
    measured: beside.Beside | None = None,
    objectives: Coherence | None = None,
    diffusion: str = INTERNE,
) -> Study:
    """Write the paired statistics, one file a grid, then the report; return what the report is made of.

    `values` are the indicators under the first grid.
    """
    from mixite.report import write_report
    from mixite.report.pictured import pictured
    from mixite.report.setting import setting_of
    from mixite.report.study import Study
    from sim.comparison import compare as paired
    from sim.comparison import headlines, ladder_pairs, with_holm

    first, *others = worlds
    policies, replications = scenario.policies.compare, range(scenario.runs.replications)
    pairs = ladder_pairs(policies)
    comparison = paired(values, pairs)
    elsewhere = {
        world.grids[0]: paired(kept_values(world, place, out, policies, replications), pairs)
        for world in others
    }
    measured = measured or beside.Beside()
    write_csv(beside.with_drawn_rows(with_holm(comparison), measured.drawn), out / "comparison.csv")
    followed = residences.kept_residences(first, place, out, pairs)
    residences.write_residences(followed, out)
    changes = concerned_in(first, place, out, pairs or [(policies[0], policies[0])], policies)
    write_csv(changes, out / concerned.FILE)
    beside.write_beside(measured, out)
    for grid, rows in elsewhere.items():
        write_csv(with_holm(rows), out / f"comparison_{Path(grid).stem}.csv")
    shown = headlines(comparison)
    signs = signs_of(first, place, out, shown, pairs) if weights else None
    if signs is None:
        (out / "signs.csv").unlink(missing_ok=True)  # of an older comparison
    else:
        write_csv(signs, out / "signs.csv")
    folder = playing.folder(first, place, policies[0], 0, out)
    seen = {
        policy: [playing.folder(first, place, policy, replication, out) for replication in replications]
        for policy in (pairs[0] if pairs else policies[:1])
    }
    study = Study(
        scenario=scenario.model_dump(mode="json"),
        policies=policies,
        values=values,
        comparison=comparison,
        headlines=shown,
        context=run_folder.read_context(folder),
        manifest=run_folder.read_manifest(folder),
        setting=setting_of(scenario, place.territory, run_folders(worlds, place, out)),
        hypotheses=hypotheses(),
        other_grids=elsewhere,
        stopping=stopping,
        signs=signs,
        variants=measured.variants,
        drawn=measured.drawn,
        reversals=measured.reversals,
        residences=followed,
        concerned=changes,
        pictured=pictured(first, place.territory, seen),
        objectives=objectives,
        diffusion=diffusion,
    )
    write_report(study, out)
    return study


def kept_values(
    scenario: Scenario, place: playing.Place, out: Path, policies: Sequence[str], replications: range
) -> pd.DataFrame:
    """Return the indicators of the kept runs of these policies and replications, under one grid."""
    import pandas as pd

    return pd.concat(
        [
            run_folder.read_indicators(playing.folder(scenario, place, policy, replication, out)).assign(
                policy=policy, replication=replication
            )
            for policy in dict.fromkeys(policies)
            for replication in replications
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
    from mixite.report import drawn, opening, reversals, variants
    from mixite.report.signs import by_weight
    from mixite.report.study import records

    study = compared.study
    kept = ("indicator", "group", "policy_a", "policy_b", "difference", "ci_low", "ci_high", "distinguished")
    added = ("n", "p_value", "correlation", "p_holm", "distinguished_holm")
    shown = [
        {key: row[key] for key in (*kept, *added)}
        | {
            "half_width": (row["ci_high"] - row["ci_low"]) / 2,
            "depends_on_grid": study.depends_on_grid(
                row["indicator"], row["group"], (row["policy_a"], row["policy_b"])
            ),
        }
        for row in records(study.headlines)
    ]
    if study.signs is not None:
        shown = [row | by_weight(told) for row, told in zip(shown, records(study.signs), strict=True)]
    if study.drawn is not None:
        shown = [row | {"by_uncertainty": drawn.by_uncertainty(study, row)} for row in shown]
    asked: dict[str, Any] = {}
    if study.variants is not None:
        asked["variants"] = variants.as_json(study)
    if study.reversals is not None:
        asked["reversals"] = reversals.as_json(study)
    sequential = {"precision": study.stopping.as_json()} if study.stopping else {}
    told = {"first_line": opening.first_line(study)}
    return {"out": str(compared.out), **told, "headlines": shown, **sequential, **asked}
