"""How are the points of the trade-off played, each once, and kept?

Runs are those of a comparison, in the same folders: a point that is the scenario itself, or that another
command has played there, is not played again. In a replication all points branch from one burnt-in state,
which reads no target. Left out on purpose: further grids of the scenario; the first one is played.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite import playing, run_folder
from mixite.frontier import measures
from mixite.frontier.strengths import APART, CURVES, Point, points_of
from mixite.terminal import say
from mixite.workers import started

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


@dataclass(frozen=True)
class Frontier:
    """The trade-off of a scenario, played.

    Attributes
    ----------
    scenario, points, out : what was played, and where it is kept
    context : what the runs were (see sim/outcomes.py)
    means, from_zero : columns of frontier.csv and of frontier_differences.csv
    apart : what orientation, joint treatment and matching each add (`strengths.APART`), as `measures.paired`
    """

    scenario: Scenario
    points: tuple[Point, ...]
    out: Path
    context: dict[str, Any]
    means: pd.DataFrame
    from_zero: pd.DataFrame
    apart: pd.DataFrame

    @property
    def replications(self) -> int:
        """Replications of each point."""
        assert self.scenario.frontier is not None
        return self.scenario.frontier.replications

    @property
    def years(self) -> int:
        """Years of each run."""
        return int(self.context["years"])

    @cached_property
    def mean_at(self) -> measures.Rows:
        """The rows of `means` by variant, value, indicator and group."""
        return measures.rows(self.means)

    @cached_property
    def from_zero_at(self) -> measures.Rows:
        """The rows of `from_zero` by variant, value, indicator and group."""
        return measures.rows(self.from_zero)


def play(scenario: Scenario, out: Path, workers: int | None = None) -> Frontier:
    """Play what is missing of the trade-off and read it.

    1. Name the points, and the run of each in each replication: equal runs once.
    2. Play those that are not kept yet, a replication from one burn-in.
    3. Read the measures of every run; means, and differences with strength 0.

    Raises
    ------
    FaultsFound
        when the scenario has no target, or the territory or the folder is wrong.
    StoppedEarly
        when the user interrupts; finished runs are kept.
    """
    playing.check_folder(out)
    scenario = scenario.with_grid(scenario.grids[0])
    points = points_of(scenario)
    assert scenario.frontier is not None
    numbers = range(scenario.frontier.replications)
    workers = workers or os.cpu_count() or 1
    busy = min(workers, len(numbers))
    ready = started(busy) if busy > 1 and not any(out.glob("*/manifest.json")) else ()
    place = playing.loaded(scenario)
    deque(ready, maxlen=0)
    missing = list(jobs(points, place, numbers, out))
    if kept := len(_distinct(points)) * len(numbers) - sum(len(job.folders) for job in missing):
        say(f"{kept} simulation(s) déjà jouée(s), reprise(s) de {out}")
    playing.play_all(missing, place, workers, out)
    values = kept_values(points, place, numbers, out)
    first = points[0]
    context = run_folder.read_context(playing.folder(first.scenario, place, first.policy, 0, out))
    at = {point.variant: (point.variant, point.value) for point in points if point.variant not in CURVES}
    return Frontier(
        scenario,
        points,
        out,
        context,
        measures.means(values),
        measures.from_zero(values, (first.variant, first.value)),
        measures.paired(values, [(at[a], at[b]) for _, a, b in APART if {a, b} <= set(at)]),
    )


def jobs(
    points: Sequence[Point], place: playing.Place, replications: Sequence[int], out: Path
) -> Iterator[playing.Job]:
    """Give what is to play, a job a replication and burn-in: a joint burn-in reads the points overridden."""
    from sim.process.replication import before_start

    together: list[list[Point]] = []
    for point in _distinct(points):
        alike = (one for one in together if before_start(one[0].scenario) == before_start(point.scenario))
        same = next(alike, None)
        if same is None:
            together.append([point])
        else:
            same.append(point)
    for replication in replications:
        for branches in together:
            job = _job(branches, place, replication, out)
            if job.folders:
                yield job


def _job(branches: Sequence[Point], place: playing.Place, replication: int, out: Path) -> playing.Job:
    runs = {
        point.name: run_folder.identity(point.scenario, place.digest, point.policy, replication)
        for point in branches
    }
    digests = {name: run_folder.digest(run) for name, run in runs.items()}
    folders = {
        name: out / digest
        for name, digest in digests.items()
        if not run_folder.is_complete(out / digest, digest)
    }
    worlds = {point.name: point.scenario for point in branches}
    return playing.Job(branches[0].scenario, replication, folders, runs, worlds=worlds)


def _distinct(points: Sequence[Point]) -> list[Point]:
    """Return the points that are played, the first of each run: some are the same run by two names."""
    found: list[Point] = []
    for point in points:
        if not any(one.policy == point.policy and one.scenario == point.scenario for one in found):
            found.append(point)
    return found


def kept_values(
    points: Sequence[Point], place: playing.Place, replications: Sequence[int], out: Path
) -> pd.DataFrame:
    """Return the measures of every point and replication (columns of `measures.means`)."""
    import pandas as pd

    read: dict[Path, pd.DataFrame] = {}
    tables = []
    for point in points:
        for replication in replications:
            folder = playing.folder(point.scenario, place, point.policy, replication, out)
            if folder not in read:
                kept = measures.read(run_folder.read_indicators(folder))
                read[folder] = kept.rename(columns={"value": "measure"})
            about = {"variant": point.variant, "value": point.value, "replication": replication}
            tables.append(read[folder].assign(**about))
    return pd.concat(tables, ignore_index=True)
