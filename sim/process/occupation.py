"""Which tables do the yearly counts of residences and of tenures become?

Left out on purpose: the counts themselves, taken on each 1 January (snapshot.py).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from sim.outcomes import TENURE_EXITS, TENURES
from sim.process.snapshot import LONGEST_TENURE
from sim.process.state import State
from sim.process.world import World


def occupation(world: World, state: State) -> pd.DataFrame:
    """Return the residences on each 1 January that they stand, and on the first that they no longer do."""
    residences = world.territory.residences
    fixed = {
        "residence_id": residences.residence_id,
        "bailleur_id": np.array(world.territory.bailleurs)[residences.bailleur],
        "commune": np.array(world.territory.communes)[residences.commune],
        "quartier": residences.quartier,
        "in_qpv": residences.in_qpv,
    }
    of = world.territory.dwellings.residence
    stood = built = np.bincount(of, minlength=len(residences.residence_id)) > 0
    tables: list[pd.DataFrame] = []
    for row in state.records.occupation:
        stands = row["dwellings"] > 0
        table = pd.DataFrame({**fixed, **row})
        tables.append(table[stands | stood | ~built] if tables else table[stands | ~built])
        stood = stands
    told: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return told


def tenures(world: World, state: State) -> pd.DataFrame:
    """Return the households of each 1 January by typology and tenure, and how they left within the year."""
    rooms = world.territory.dwellings.rooms
    left = Counter(
        (
            exit.year,
            int(rooms[exit.dwelling]),
            min(exit.tenure, LONGEST_TENURE),
            exit.cause if exit.cause in TENURE_EXITS else "other",
        )
        for exit in state.records.exits
    )
    rows = [
        (row["year"], *place, households, *(left[row["year"], *place, cause] for cause in TENURE_EXITS))
        for row in state.records.tenures
        for *place, households in zip(
            *(row[name].tolist() for name in ("rooms", "tenure", "households")), strict=True
        )
    ]
    return pd.DataFrame(rows, columns=list(TENURES)).astype("int64")
