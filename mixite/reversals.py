"""Which declared number would reverse a headline, and at which value?

Each number is set to both ends of its range, alone, on the same replications as the scenario; where the sign
of a headline changes, the value is searched between (sim/reversal.py). A number that moves no event at either
end is said to have no effect here, which is how a mechanism that is off shows. Left out on purpose: two
numbers at a time, tables of the territory, further grids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixite.arms import Arm, Stage

if TYPE_CHECKING:
    import pandas as pd

    from sim.reversal import Reading, Reversal, Trial
    from sim.uncertainty import Declared, Parameter

NO_EFFECT = "no_effect"
NOT_SEARCHED = "not_searched"
"""Verdicts of a number as a whole: no event moves at either end; it was not tried, for the reason said."""

TABLE = "tableau : ses valeurs se tirent une à une, sans borne commune à essayer"
SAME_EVENTS = "mêmes événements aux deux bornes (première réplique)"
COLUMNS = (
    *(
        "parameter",
        "label",
        "unit",
        "low",
        "value",
        "high",
        "indicator",
        "group",
        "year",
        "policy_a",
        "policy_b",
    ),
    *("verdict", "reversal_below", "reversal_above", "difference_low", "difference_value", "difference_high"),
    *("distinguished_low", "distinguished_high", "n", "reason"),
)
"""Columns of renversements.csv."""


@dataclass(frozen=True)
class Reversals:
    """What reverses the headlines of a pair: columns `COLUMNS`, on so many replications."""

    table: pd.DataFrame
    replications: int


def play_reversals(
    stage: Stage, ranges: Declared, alea: pd.DataFrame, pair: tuple[str, str]
) -> Reversals | None:
    """Search what reverses the headlines of a pair; None where it is not asked.

    1. Play the scenario itself and, on the first replication, both ends of every range.
    2. Leave out the numbers that move no event.
    3. Search the others on all the replications.

    Parameters
    ----------
    alea : the headlines of the pair over the scenario's own replications; their sign is what is reversed
    """
    import numpy as np

    from sim.reversal import search
    from sim.uncertainty import searched

    asked = stage.scenario.uncertainty
    if not asked.reversals:
        return None
    parameters, numbers = searched(stage.scenario, ranges), range(asked.reversals)
    moving = _moving(stage, parameters, pair)
    own = stage.arm(stage.scenario, pair, numbers)
    stage.play([own], "ce qui renverse la conclusion, valeurs du scénario")
    signs = np.sign(alea["difference"].to_numpy(dtype=float)) * alea["distinguished"].to_numpy(dtype=bool)
    central = _reading(stage, own, alea, pair)
    found = search(
        moving,
        central,
        np.nan_to_num(signs),
        lambda trials: _measured(stage, trials, numbers, alea, pair),
        asked.reversal_steps,
    )
    still = {parameter.name: SAME_EVENTS for parameter in parameters if parameter not in moving}
    left = {**ranges.left, **dict.fromkeys(ranges.tables, TABLE)}
    left = {name: reason for name, reason in left.items() if _asked(name, asked.reversals_of)}
    table = table_of(found, alea, central.difference.tolist(), asked.reversals)
    return Reversals(_with_the_others(table, parameters, still, left), asked.reversals)


def table_of(
    found: Sequence[Reversal], alea: pd.DataFrame, central: Sequence[float], replications: int
) -> pd.DataFrame:
    """Return the rows of renversements.csv of the numbers that were searched."""
    import pandas as pd

    heads = alea[["indicator", "group", "year", "policy_a", "policy_b"]].to_dict("records")
    lines = [
        {
            **_named(reversal.parameter),
            **heads[reversal.headline],
            "verdict": reversal.verdict,
            "reversal_below": reversal.below,
            "reversal_above": reversal.above,
            "difference_low": reversal.low,
            "difference_value": central[reversal.headline],
            "difference_high": reversal.high,
            "distinguished_low": reversal.told_low != 0,
            "distinguished_high": reversal.told_high != 0,
            "n": replications,
            "reason": "",
        }
        for reversal in found
    ]
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _with_the_others(
    table: pd.DataFrame, parameters: Sequence[Parameter], still: Mapping[str, str], left: Mapping[str, str]
) -> pd.DataFrame:
    """Return the table with one row more for each number that was not searched."""
    import pandas as pd

    known = {parameter.name: _named(parameter) for parameter in parameters}
    lines = [{**known[name], "verdict": NO_EFFECT, "reason": reason} for name, reason in still.items()]
    lines += [{"parameter": name, "verdict": NOT_SEARCHED, "reason": reason} for name, reason in left.items()]
    rows = table.to_dict("records") + lines
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"year": "Int64", "n": "Int64"})


def _named(parameter: Parameter) -> dict[str, object]:
    return {
        "parameter": parameter.name,
        "label": parameter.label,
        "unit": parameter.unit,
        "low": parameter.low,
        "value": parameter.value,
        "high": parameter.high,
    }


def _asked(name: str, prefixes: Sequence[str]) -> bool:
    return not prefixes or any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def _moving(stage: Stage, parameters: Sequence[Parameter], pair: tuple[str, str]) -> list[Parameter]:
    """Return the numbers one end of which moves an event of the first replication."""
    own = stage.arm(stage.scenario, pair, [0])
    ends = {
        parameter: [
            _trial(stage, (parameter.name, end), pair, [0]) for end in (parameter.low, parameter.high)
        ]
        for parameter in parameters
    }
    stage.play(
        [own, *(arm for arms in ends.values() for arm in arms)], "ce qui renverse la conclusion, bornes"
    )
    events = stage.events(own)
    return [parameter for parameter, arms in ends.items() if any(stage.events(arm) != events for arm in arms)]


def _trial(stage: Stage, trial: Trial, pair: tuple[str, str], replications: Sequence[int]) -> Arm:
    from sim.uncertainty import with_values

    name, value = trial
    return stage.arm(with_values(stage.scenario, {name: value}), pair, replications)


def _measured(
    stage: Stage, trials: Sequence[Trial], numbers: Sequence[int], alea: pd.DataFrame, pair: tuple[str, str]
) -> dict[Trial, Reading]:
    """Play trials, all at once, and read the headlines of each."""
    arms = {trial: _trial(stage, trial, pair, numbers) for trial in trials}
    stage.play(list(arms.values()), "ce qui renverse la conclusion")
    return {trial: _reading(stage, arm, alea, pair) for trial, arm in arms.items()}


def _reading(stage: Stage, arm: Arm, alea: pd.DataFrame, pair: tuple[str, str]) -> Reading:
    """Return the differences of the headlines, in their order, and their sign where told from zero."""
    import numpy as np

    from sim.comparison import KEY, compare
    from sim.reversal import Reading

    rows = alea[KEY].merge(compare(stage.values(arm), [pair]), on=KEY, how="left", validate="one_to_one")
    difference = rows["difference"].to_numpy(dtype=float)
    told = rows["distinguished"].eq(True).to_numpy(dtype=bool)
    return Reading(difference, np.where(told, np.sign(difference), 0.0))
