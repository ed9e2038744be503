"""How is a territory played for validation, and what is kept of each replication?

Of a run only the values that are compared are kept, in one small file named by the run's identity: a second
command plays what is missing. Left out on purpose: whole run folders, hundreds of them and heavy.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixite import comparing, playing, run_folder
from mixite.terminal import say
from mixite.validation.targets import of_territory, targets, territories
from sim.territory.files.faults import Fault, FaultsFound, nearest
from sim.territory.files.saving import write_json

if TYPE_CHECKING:
    from sim.outcomes import Outcomes
    from sim.scenario import Scenario

POLICIES_PLAYED = ("status_quo", "cotation_only")
"""The first that exists is played, burn-in included: what is published happened under no cotation alone."""

YEARS = 3
BURN_IN_MONTHS = 24
FALLBACK = "mel"
"""The scenario whose settings any other territory is played with."""


@dataclass(frozen=True)
class Played:
    """A territory to be compared: the name of its targets, and its scenario ready to be played."""

    name: str
    scenario: Scenario

    @property
    def keys(self) -> list[str]:
        """Return the simulated values that its figures are compared with."""
        return list(dict.fromkeys(target.simulated.key for target in of_territory(self.name).values()))


def policy_played() -> str:
    """Return the policy that stands for what happened."""
    from sim.policies import POLICIES

    return next(name for name in POLICIES_PLAYED if name in POLICIES)


def played(
    name: str, scale: float | None = None, years: int | None = None, seed: int | None = None
) -> Played:
    """Return a territory by its name, or by the path of a synthetic .toml or of a folder of tables.

    Raises
    ------
    FaultsFound
        when there is no such territory, or its scenario is wrong.
    """
    from sim.scenario import find

    changes: dict[str, Any] = {
        "time.years": YEARS if years is None else years,
        "time.burn_in_months": BURN_IN_MONTHS,
        "time.burn_in_policy": policy_played(),
        "policies.compare": [policy_played()],
        "scale": scale,
        "runs.seed": seed,
    }
    path = find(Path(name))
    known = _shipped()
    if (
        path.stem in known
        and path.resolve() == find(Path(f"scenarios/territories/{path.stem}.toml")).resolve()
    ):
        name = path.stem
    if name in known:
        return Played(name, comparing.load(Path(f"scenarios/{name}.toml"), changes))
    if not path.exists():
        raise FaultsFound([Fault("--territory", "territoire inconnu", nearest(name, known), value=name)])
    changes["territory.path"] = str(path.resolve())
    if scale is None and path.is_dir():
        changes["scale"] = 1.0  # a folder is played as it is
    return Played(name, comparing.load(Path(f"scenarios/{FALLBACK}.toml"), changes))


def _shipped() -> tuple[str, ...]:
    """Return the territories that have figures of their own, then the others that have a scenario."""
    from sim.scenario import find

    folder = find(Path("scenarios/territories"))
    beside = sorted(file.stem for file in folder.glob("*.toml") if (folder.parent / file.name).is_file())
    return tuple(dict.fromkeys([*territories(), *beside]))


def play(territory: Played, replications: int, workers: int, out: Path) -> list[dict[str, float | None]]:
    """Play what is missing of the replications and return the values of each, by name.

    Raises
    ------
    StoppedEarly
        when the user interrupts; finished replications are kept.
    """
    place = playing.loaded(territory.scenario)
    jobs = [_job(territory.scenario, place, number, out) for number in range(replications)]
    files = [file for job in jobs for file in job.folders.values()]
    missing = [job for job, file in zip(jobs, files, strict=True) if _kept(file, territory.keys) is None]
    if len(missing) < len(jobs):
        say(f"{territory.name} : {len(jobs) - len(missing)} réplique(s) déjà jouée(s), reprise(s) de {out}")
    playing.play_all(missing, place, workers, out, keep=keep_values)
    kept = [_kept(file, territory.keys) for file in files]
    return [values for values in kept if values is not None]


def _job(scenario: Scenario, place: playing.Place, replication: int, out: Path) -> playing.Job:
    policy = scenario.policies.compare[0]
    run = run_folder.identity(scenario, place.digest, policy, replication)
    file = out / "runs" / f"{run_folder.digest(run)}.json"
    return playing.Job(scenario, replication, {policy: file}, {policy: run})


def keep_values(job: playing.Job, policy: str, outcomes: Outcomes, _: playing.Place, seconds: float) -> None:
    """Write the values of one replication that figures are compared with."""
    from sim.outcomes import events_sha256

    kept = {
        "run": dict(job.runs[policy]),
        "events_sha256": events_sha256(outcomes),
        "seconds": round(seconds, 3),
        "values": measured(outcomes, sorted({target.simulated.key for target in targets().values()})),
    }
    write_json(kept, job.folders[policy])


def measured(outcomes: Outcomes, keys: Sequence[str]) -> dict[str, float | None]:
    """Return the values `indicator|group|when` of a run; None where it does not have one."""
    from sim.indicators import FAMILIES

    wanted = {key: key.split("|") for key in keys}
    names = {name for name, _, _ in wanted.values()}
    rows = [
        row
        for family in FAMILIES
        if names & {indicator.name for indicator in family.INDICATORS}
        for row in family.compute(outcomes)
    ]
    found: dict[str, float | None] = {}
    for key, (name, group, when) in wanted.items():
        series = {row.year: row.value for row in rows if (row.indicator, row.group) == (name, group)}
        value = series.get(0 if when == "run" else max(series, default=0))
        found[key] = None if value is None or not math.isfinite(value) else value
    return found


def _kept(file: Path, keys: Sequence[str]) -> dict[str, float | None] | None:
    """Return the values kept of a replication; None when it is to be played."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))["values"]
    except (OSError, ValueError, KeyError):
        return None
    return {key: values[key] for key in keys} if set(keys) <= set(values) else None
