"""How far do the headlines move when the territory, then every declared range, is drawn anew?

Each draw is a world of its own in which the two policies of the first pair play one replication. Left out on
purpose: what is drawn (sim/draws.py) and the interval (sim/spread.py); further grids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixite.arms import Stage

if TYPE_CHECKING:
    import pandas as pd

    from sim.draws import Draw
    from sim.uncertainty import Declared


@dataclass(frozen=True)
class Drawn:
    """What the draws gave.

    Attributes
    ----------
    rows : rows of comparison.csv whose uncertainty is `territoire` or `parametres`, then `same_sign`: the
        share of the draws whose difference has the sign of their mean
    each : one row a draw and headline, columns of draws.csv
    values : one row a draw and number drawn, columns of draws_values.csv
    territory : whether the territory was drawn too
    left : what has a range and was not drawn, with the reason
    """

    rows: pd.DataFrame
    each: pd.DataFrame
    values: pd.DataFrame
    territory: bool
    left: dict[str, str]


def play_draws(stage: Stage, ranges: Declared, alea: pd.DataFrame, pair: tuple[str, str]) -> Drawn | None:
    """Play the draws of a scenario; None where none is asked, or nothing is to be drawn.

    Parameters
    ----------
    alea : the headlines of the pair over the scenario's own replications
    """
    import pandas as pd

    from sim.comparison import KEY
    from sim.draws import PARAMETRES, TERRITOIRE, draws
    from sim.uncertainty import is_folder

    asked = stage.scenario.uncertainty
    territory = asked.territory and not is_folder(stage.scenario)
    sources = [TERRITOIRE] * territory + [PARAMETRES] * asked.parameters
    if not asked.draws or not sources:
        return None
    worlds = {source: draws(stage.scenario, ranges, source) for source in sources}
    arms = {
        source: [stage.arm(draw.scenario, pair, [draw.number]) for draw in drawn]
        for source, drawn in worlds.items()
    }
    stage.play([arm for played in arms.values() for arm in played], "tirages d'incertitude")
    rows, each = [], []
    for source, played in arms.items():
        values = pd.concat([stage.values(arm) for arm in played], ignore_index=True)
        found, every = rows_of(values, alea, pair, source)
        rows.append(found)
        each.append(every.assign(uncertainty=source))
    order = ["uncertainty", "draw", "territory_seed", *KEY, "value_a", "value_b", "difference"]
    seeds = {draw.number: draw.scenario.territory.territory_seed for draw in worlds[sources[0]]}
    table = pd.concat(each, ignore_index=True).rename(columns={"replication": "draw"})
    return Drawn(
        pd.concat(rows, ignore_index=True),
        table.assign(territory_seed=table["draw"].map(seeds))[order],
        values_of(worlds),
        territory,
        dict(ranges.left),
    )


def rows_of(
    values: pd.DataFrame, alea: pd.DataFrame, pair: tuple[str, str], source: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of one kind of uncertainty, and the difference of each draw.

    Parameters
    ----------
    values : indicators of the draws' runs, `replication` being the number of the draw
    alea : the headlines over the scenario's own replications
    """
    import numpy as np

    from sim.comparison import KEY, compare
    from sim.spread import differences, spread

    drawn = alea[KEY].merge(compare(values, [pair]), on=KEY, how="inner", validate="one_to_one")
    same = drawn[KEY].merge(alea, on=KEY, how="left", validate="one_to_one")
    each = differences(values, pair, drawn)
    means = each.merge(drawn[[*KEY, "difference"]], on=KEY, suffixes=("", "_mean"))
    known = means.dropna(subset="difference")
    agrees = np.sign(known["difference"]) == np.sign(known["difference_mean"])
    share = known.assign(same_sign=agrees).groupby(KEY)["same_sign"].mean().reset_index()
    return spread(drawn, same, source).merge(share, on=KEY, how="left"), each


def values_of(worlds: dict[str, list[Draw]]) -> pd.DataFrame:
    """Return every number drawn: uncertainty, draw, parameter, value; one row a value of a table."""
    import numpy as np
    import pandas as pd

    lines = [
        (source, draw.number, name if np.ndim(value) == 0 else f"{name}[{place}]", number)
        for source, drawn in worlds.items()
        for draw in drawn
        for name, value in draw.values.items()
        for place, number in enumerate(np.ravel(value).tolist())
    ]
    return pd.DataFrame(lines, columns=["uncertainty", "draw", "parameter", "value"])
