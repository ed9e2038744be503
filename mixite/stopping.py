"""How many replications does a comparison play when a precision is asked instead of a number?

Batches are played until the rule of sim/precision.py holds or a maximum is reached. The comparison then reads
the first replications that satisfy the rule and no other, so that neither the number of workers nor what an
earlier command left in the folder changes its result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Stopping:
    """How the number of replications was set.

    Attributes
    ----------
    precision : half width asked, as a share of the difference
    replications, maximum : read by the comparison; played at most
    reached : whether the precision was reached
    pair : the policies whose headlines were watched
    distinguished : how many of these headlines are distinguished
    too_wide : (indicator, group) of those that keep the precision from being reached
    """

    precision: float
    replications: int
    maximum: int
    reached: bool
    pair: tuple[str, str]
    distinguished: int
    too_wide: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return what `compare --json` says of it."""
        return {
            "asked": self.precision,
            "reached": self.reached,
            "replications": self.replications,
            "maximum": self.maximum,
            "policy_a": self.pair[0],
            "policy_b": self.pair[1],
            "too_wide": [{"indicator": name, "group": group} for name, group in self.too_wide],
        }


def play_until(
    precision: float,
    pair: tuple[str, str],
    play: Callable[[range], None],
    values: Callable[[range], pd.DataFrame],
    *,
    maximum: int,
    batch: int,
) -> Stopping:
    """Play replications until the precision is reached.

    1. Play the fewest after which the rule can hold.
    2. Read the rule on the headlines of the pair; stop when it holds, or at the maximum.
    3. Play `batch` more, and again from 2.

    Parameters
    ----------
    play : plays the replications of these numbers, or finds them kept
    values : the indicators of these replications, both policies of the pair (see `sim.comparison.compare`)
    maximum : replications at most; under the fewest that the rule asks, it cannot be reached
    """
    import pandas as pd

    from sim.precision import CONSECUTIVE, FEWEST, headline_series, read

    played, table = 0, pd.DataFrame()
    target = FEWEST + CONSECUTIVE - 1
    while True:
        numbers = range(played, min(target, maximum))
        play(numbers)
        table = pd.concat([table, values(numbers)], ignore_index=True)
        played, target = numbers.stop, target + max(batch, CONSECUTIVE)
        rows, a, b = headline_series(table, pair)
        found = read(a, b, precision)
        if found.needed is not None or played >= maximum:
            break
    names = list(rows[["indicator", "group"]].itertuples(index=False, name=None))
    return Stopping(
        precision=precision,
        replications=found.needed or played,
        maximum=maximum,
        reached=found.needed is not None,
        pair=pair,
        distinguished=found.distinguished,
        too_wide=() if found.needed else tuple(names[row] for row in found.too_wide),
    )
