"""Who is concerned by the policies of a comparison: how are its kept runs read for it?

Each run kept its tally as it ended; of two runs compared, the demands are read back, a replication at a time
and the columns needed alone. Left out on purpose: the measures (sim/concerned) and the section of the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mixite import playing, run_folder

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

FILE = "concerned.csv"


def concerned_in(
    scenario: Scenario,
    place: playing.Place,
    out: Path,
    pairs: Sequence[tuple[str, str]],
    policies: Sequence[str],
) -> pd.DataFrame:
    """Return the rows of concerned.csv from the kept runs of a comparison, under one grid."""
    import pandas as pd

    from sim.concerned import concerned

    folders = {
        (policy, number): playing.folder(scenario, place, policy, number, out)
        for policy in dict.fromkeys(policies)
        for number in range(scenario.runs.replications)
    }
    tallies = [
        run_folder.read_tally(folder).assign(policy=policy, replication=number)
        for (policy, number), folder in folders.items()
    ]
    waits: list[pd.DataFrame] = []
    apart = [pair for pair in pairs if pair[0] != pair[1]]
    for number in range(scenario.runs.replications):
        kept = {policy: folders[policy, number] for policy in dict.fromkeys(policies)}
        waits += [table.assign(replication=number) for table in _waits(kept, apart)]
    return concerned(pd.concat(tallies, ignore_index=True), _joined(waits), pairs)


def _waits(folders: dict[str, Path], pairs: Sequence[tuple[str, str]]) -> Iterator[pd.DataFrame]:
    """Give what `tally_waits` counts between the runs of one replication, pair by pair."""
    from sim.concerned import READ, tally_waits

    asked = {policy for pair in pairs for policy in pair}
    demands = {
        policy: run_folder.read_table(folder, "demands", READ)
        for policy, folder in folders.items()
        if policy in asked
    }
    end_s = float(run_folder.read_context(next(iter(folders.values())))["end_s"])
    for a, b in pairs:
        yield tally_waits(demands[a], demands[b], end_s).assign(policy_a=a, policy_b=b)


def _joined(waits: Sequence[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    from sim.concerned.waits import ALONE, KINDS

    names = ["dimension", "group", ALONE, *KINDS, "policy_a", "policy_b", "replication"]
    return pd.concat(waits, ignore_index=True) if waits else pd.DataFrame(columns=names)
