"""How often does each residence become « à conforter » in the kept runs of a comparison?

Left out on purpose: the statistics (sim/residences.py) and what the report shows of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mixite import playing, run_folder
from sim.territory.files.saving import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


@dataclass(frozen=True)
class Residences:
    """The chance of each residence under each policy, and its difference between two (sim/residences.py)."""

    chances: pd.DataFrame
    differences: pd.DataFrame


def kept_residences(
    scenario: Scenario, place: playing.Place, out: Path, pairs: Sequence[tuple[str, str]]
) -> Residences:
    """Return what becomes of every residence in the kept runs of a scenario under its first grid."""
    from sim.residences import READ, chances, differences, follow

    followed = follow(
        (
            policy,
            replication,
            run_folder.read_table(
                playing.folder(scenario, place, policy, replication, out), "occupation", READ
            ),
        )
        for policy in dict.fromkeys(scenario.policies.compare)
        for replication in range(scenario.runs.replications)
    )
    return Residences(chances(followed), differences(followed, pairs))


def write_residences(residences: Residences, out: Path) -> None:
    """Write residences.csv, a row a residence and policy, and residences_differences.csv, a row a pair."""
    write_csv(residences.chances, out / "residences.csv")
    write_csv(residences.differences, out / "residences_differences.csv")
