"""What is played beside the scenario itself, and how are its runs found again?

An arm is a changed scenario and the replications it is played on: each of its policies from the same burnt-in
state, as in the comparison. A run's folder is named by the changed scenario: an arm that is played twice, or
that is the scenario itself, is played once. An arm in another territory builds it in the process that plays
it. Left out on purpose: which arms there are (mixite/variants.py, drawn.py, reversals.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mixite import playing, run_folder
from mixite.terminal import say
from sim.territory.files.faults import Fault, FaultsFound

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


@dataclass(frozen=True)
class Arm:
    """A scenario, in its territory, on some replications; its `policies.compare` are those played."""

    scenario: Scenario
    place: playing.Place
    replications: Sequence[int]


@dataclass(frozen=True)
class Stage:
    """The scenario of a comparison under one grid, its territory, and where and by how many it is played."""

    scenario: Scenario
    place: playing.Place
    workers: int
    out: Path

    def arm(self, scenario: Scenario, policies: Sequence[str], replications: Sequence[int]) -> Arm:
        """Return an arm; where its territory is the scenario's own, it is not built again.

        Raises
        ------
        FaultsFound
            when it replaces numbers of a territory that is a folder of tables.
        """
        folder = scenario.path(scenario.territory.path).is_dir()
        if folder and scenario.territory.values:
            message = "seul un territoire de synthèse a des valeurs à remplacer"
            raise FaultsFound([Fault(scenario.name, message, column="territory.values")])
        here = folder or scenario.territory == self.scenario.territory
        place = self.place if here else playing.elsewhere(scenario)
        played = scenario.policies.model_copy(update={"compare": tuple(policies)})
        return Arm(scenario.model_copy(update={"policies": played}), place, replications)

    def play(self, arms: Sequence[Arm], label: str) -> None:
        """Play what is missing of some arms, all together."""
        jobs = [
            playing.job(arm.scenario, arm.place, replication, self.out)
            for arm in arms
            for replication in arm.replications
        ]
        missing = [job for job in jobs if job.folders]
        if missing:
            say(f"{label} : {len(missing)} réplique(s) à jouer")
        playing.play_all(missing, self.place, self.workers, self.out)

    def values(self, arm: Arm) -> pd.DataFrame:
        """Return the indicators of an arm's kept runs, a row a policy, replication and value."""
        import pandas as pd

        return pd.concat(
            [
                run_folder.read_indicators(self.folder(arm, policy, replication)).assign(
                    policy=policy, replication=replication
                )
                for policy in dict.fromkeys(arm.scenario.policies.compare)
                for replication in arm.replications
            ],
            ignore_index=True,
        )

    def events(self, arm: Arm) -> list[str]:
        """Return the identity of the events of each run of an arm."""
        return [
            run_folder.read_manifest(self.folder(arm, policy, replication))["events_sha256"]
            for policy in dict.fromkeys(arm.scenario.policies.compare)
            for replication in arm.replications
        ]

    def folder(self, arm: Arm, policy: str, replication: int) -> Path:
        """Return the folder of a run of an arm."""
        return playing.folder(arm.scenario, arm.place, policy, replication, self.out)
