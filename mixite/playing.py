"""How are the replications of a comparison played: by whom, in which folder, and what if it stops?

A job is one replication under one grid: the policies still to play, each from the same state, all under one
scenario or each under its own from second 0 on. Who plays a job and in which order changes no event. Each run
is written as it ends.
"""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite import run_folder
from mixite.progress import watched
from mixite.terminal import StoppedEarly, say
from mixite.versions import peak_mb
from mixite.workers import in_any_order
from sim.territory.files.faults import Fault, FaultsFound

if TYPE_CHECKING:
    from types import FrameType

    from sim.objectives import Coherence
    from sim.outcomes import Outcomes
    from sim.scenario import Scenario
    from sim.territory.columns import Territory

    Keep = Callable[["Job", str, Outcomes, "Place", float], None]


class RunFailed(RuntimeError):  # noqa: N818
    """Raised when a run breaks: which replication, after which policy, and the cause."""


@dataclass(frozen=True)
class Place:
    """A territory ready to be played: its digest and how long it took to build, in seconds.

    Without its columns, whoever plays a replication builds them (`elsewhere`).
    """

    territory: Territory | None
    digest: str
    load_seconds: float


@dataclass(frozen=True)
class Job:
    """One replication under one grid: the folder of each run still to play, and the run's identity.

    A run is named by its policy, or by any label where `worlds` gives the scenario that it is played under:
    one with the burn-in of `scenario`. `builds` when its territory is its own, and built by whoever plays it.
    """

    scenario: Scenario
    replication: int
    folders: Mapping[str, Path]
    runs: Mapping[str, Mapping[str, Any]]
    builds: bool = False
    worlds: Mapping[str, Scenario] = field(default_factory=dict)


def loaded(scenario: Scenario) -> Place:
    """Build a scenario's territory, once for every run."""
    from sim.process.replication import territory_of

    if scenario.grid.mutations is not None:
        say("deux grilles sur une même liste : leurs points se comparent tels quels")
    began = time.perf_counter()
    territory = territory_of(scenario)
    return Place(territory, run_folder.data_digest(territory), time.perf_counter() - began)


def examined(scenario: Scenario, place: Place) -> Coherence | None:
    """Say in one line whether the scenario's targets can be met on its territory, before anything is played.

    A variant that sets its own targets has its own line.

    Raises
    ------
    FaultsFound
        with every place that targets name and the territory has not, or every contradiction between floors.
    """
    from mixite import objectives

    if place.territory is None:
        return None
    found, varied = objectives.examined_with_variants(scenario, place.territory)
    for line in objectives.lines(scenario, found, varied):
        say(line)
    return found


def elsewhere(scenario: Scenario) -> Place:
    """Name a scenario's synthetic territory without building it: by the digest of what it is built from."""
    from sim.territory.synthetic.build import load_spec

    spec = load_spec(scenario.path(scenario.territory.path), scenario.territory.values)
    return Place(None, run_folder.recipe_digest(spec, scenario), 0.0)


def folder(scenario: Scenario, place: Place, policy: str, replication: int, out: Path) -> Path:
    """Return the folder of a run in a comparison: out/<digest>."""
    return out / run_folder.digest(run_folder.identity(scenario, place.digest, policy, replication))


def job(scenario: Scenario, place: Place, replication: int, out: Path) -> Job:
    """Return what remains to play of a replication: nothing when every folder is whole."""
    runs = {
        policy: run_folder.identity(scenario, place.digest, policy, replication)
        for policy in dict.fromkeys(scenario.policies.compare)
    }
    digests = {policy: run_folder.digest(run) for policy, run in runs.items()}
    missing = {
        policy: out / digest
        for policy, digest in digests.items()
        if not run_folder.is_complete(out / digest, digest)
    }
    return Job(scenario, replication, missing, runs, builds=place.territory is None)


def play_one(scenario: Scenario, policy: str, replication: int, out: Path) -> dict[str, Any]:
    """Play one replication of one policy, write its run folder in `out` itself, return the manifest."""
    check_folder(out)
    place = loaded(scenario)
    examined(scenario, place)
    run = run_folder.identity(scenario, place.digest, policy, replication)
    _play(Job(scenario, replication, {policy: out}, {policy: run}), place)
    return run_folder.read_manifest(out)


def keep_run(job: Job, policy: str, outcomes: Outcomes, place: Place, seconds: float) -> None:
    """Write the run folder of a policy: what is kept of a run unless told otherwise."""
    run_folder.write_run(
        job.folders[policy],
        outcomes,
        job.runs[policy],
        job.worlds.get(policy, job.scenario),
        seconds=seconds,
        load_seconds=place.load_seconds,
        peak_mb=peak_mb(),
    )


def play_all(jobs: Sequence[Job], place: Place, workers: int, out: Path, keep: Keep = keep_run) -> None:
    """Play jobs, in parallel where there are several workers; `keep` writes each run as it ends.

    Raises
    ------
    StoppedEarly
        when the user interrupts; finished runs are kept.
    RunFailed
        when a run breaks.
    """
    last = [run_folder.last_file(path) for job in jobs for path in job.folders.values()]

    def done() -> int:
        return sum(file.is_file() for file in last)

    try:
        with (
            _termination_as_interruption(),
            watched("simulations", len(last), done),
            closing(_results(jobs, place, min(workers, len(jobs)), keep)) as results,
        ):
            deque(results, maxlen=0)
    except KeyboardInterrupt:
        raise StoppedEarly(
            f"arrêté avant la fin : {done()} simulation(s) terminée(s) sur {len(last)} ; ce qui est terminé "
            f"est gardé dans {out}, la même commande reprend"
        ) from None


def check_folder(out: Path) -> None:
    """Refuse an output folder that cannot be one.

    Raises
    ------
    FaultsFound
        when a file stands in its place, or nothing can be written there.
    """
    nearest_place = next((place for place in (out, *out.parents) if place.exists()), Path())
    if not nearest_place.is_dir():
        message = f"{nearest_place} est un fichier, un dossier est attendu"
        raise FaultsFound([Fault("--out", message, "nommer un autre dossier", value=str(out))])
    if not os.access(nearest_place, os.W_OK):
        message = f"écriture impossible dans {nearest_place}"
        raise FaultsFound([Fault("--out", message, "nommer un autre dossier", value=str(out))])


def _results(jobs: Sequence[Job], place: Place, workers: int, keep: Keep) -> Generator[int, None, None]:
    """Play the jobs, here or in worker processes, and give each one's replication as it ends."""
    if workers <= 1:
        for each in jobs:
            yield _play(each, place, keep)
        return
    yield from in_any_order(_play, ((each, place, keep) for each in jobs), workers)


def _play(job: Job, place: Place, keep: Keep = keep_run) -> int:
    """Play what remains of a replication; `seconds` of its first run holds the burn-in."""
    policy = ""
    try:
        place = _built(job) if job.builds else place
        assert place.territory is not None
        began = time.perf_counter()
        for policy, outcomes in _runs(job, place.territory):
            keep(job, policy, outcomes, place, time.perf_counter() - began)
            began = time.perf_counter()
    except FaultsFound:
        raise
    except Exception as error:
        after = f", après {policy}" if policy else ""
        message = f"réplique {job.replication}{after} : {type(error).__name__} : {error}"
        raise RunFailed(message) from error
    return job.replication


def _runs(job: Job, territory: Territory) -> Iterator[tuple[str, Outcomes]]:
    """Play what remains of a job, each run by its name, from one burn-in."""
    from sim.process.replication import Branch, replicate, replicate_branches

    if not job.worlds:
        yield from replicate(job.scenario, territory, list(job.folders), job.replication)
        return
    branches = [Branch(job.runs[name]["policy"], job.worlds[name]) for name in job.folders]
    played = replicate_branches(branches, territory, job.replication)
    for name, (_, outcomes) in zip(job.folders, played, strict=True):
        yield name, outcomes


def _built(job: Job) -> Place:
    """Build the territory of a job that has its own.

    Raises
    ------
    FaultsFound
        when its numbers cannot be met together.
    """
    try:
        return loaded(job.scenario)
    except FaultsFound:
        raise
    except ValueError as error:
        message = f"territoire impossible à construire avec ces valeurs : {error}"
        mend = "resserrer leur intervalle ([uncertainty] ranges) ou les tenir fixes ([uncertainty] fixed)"
        fault = Fault(job.scenario.name, message, mend, column="territory.values")
        raise FaultsFound([fault]) from error


@contextmanager
def _termination_as_interruption() -> Iterator[None]:
    """Treat a request to end (SIGTERM) as Ctrl-C: what is finished is kept and said."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not in the main thread: the caller keeps its own signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
