"""What do the three weights of points change in a comparison, on the same replications?

The policies that read weights are played again under the other two; those that do not are read where they are
kept. All start from the same burnt-in state, unless the burn-in itself reads weights: then every policy is
played again, so that pairs stay pairs. Left out on purpose: further grids, under the scenario's weight alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mixite import playing

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


def readers(scenario: Scenario) -> tuple[str, ...]:
    """Return the compared policies whose runs depend on the weight of points."""
    from sim.policies import JOINT

    played = tuple(dict.fromkeys(scenario.policies.compare))
    if scenario.time.burn_in_months and scenario.time.burn_in_policy in JOINT:
        return played
    return tuple(name for name in played if name in JOINT)


def weighed(scenario: Scenario, weight: str) -> Scenario:
    """Return the same scenario under a weight, with the policies that read it alone."""
    sittings = scenario.sittings.model_copy(update={"weight": weight})
    policies = scenario.policies.model_copy(update={"compare": readers(scenario)})
    return scenario.model_copy(update={"sittings": sittings, "policies": policies})


def play_weights(scenario: Scenario, place: playing.Place, workers: int, out: Path) -> None:
    """Play what is missing of the replications under the other weights, under one grid."""
    from mixite.comparing import play
    from sim.signs import WEIGHTS

    others = [weighed(scenario, weight) for weight in WEIGHTS if weight != scenario.sittings.weight]
    if readers(scenario):
        play(others, place, range(scenario.runs.replications), workers, out)


def signs_of(
    scenario: Scenario,
    place: playing.Place,
    out: Path,
    headlines: pd.DataFrame,
    pairs: Sequence[tuple[str, str]],
) -> pd.DataFrame:
    """Return the headlines under each weight (sim/signs.py), from runs that are all kept.

    `reads_weights` says whether a policy of the pair does: where none does, the three are one.
    """
    from sim.comparison import compare
    from sim.signs import WEIGHTS, signs

    comparisons = {weight: compare(_values(scenario, place, out, weight), pairs) for weight in WEIGHTS}
    found, moved = signs(headlines, comparisons), readers(scenario)
    return found.assign(reads_weights=found["policy_a"].isin(moved) | found["policy_b"].isin(moved))


def _values(scenario: Scenario, place: playing.Place, out: Path, weight: str) -> pd.DataFrame:
    """Return the indicators of every policy under a weight."""
    import pandas as pd

    from mixite.comparing import kept_values

    moved = readers(scenario)
    still = tuple(name for name in dict.fromkeys(scenario.policies.compare) if name not in moved)
    numbers = range(scenario.runs.replications)
    parts = [(scenario, still), (weighed(scenario, weight), moved)]
    return pd.concat(
        [kept_values(world, place, out, names, numbers) for world, names in parts if names],
        ignore_index=True,
    )
