"""Which worlds are drawn from the ranges of a scenario: the territory alone, or every number together?

The same draw plays every policy in its world. Left out on purpose: what a range is (sim/uncertainty.py),
playing (mixite/drawn.py) and the statistics of what was played (sim/spread.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, identity
from sim.latin_hypercube import stratified
from sim.scenario import Scenario, changed
from sim.territory.synthetic.tables import Table
from sim.uncertainty import TERRITORY, Declared, is_folder, with_values

Floats = NDArray[np.float64]

TERRITOIRE, PARAMETRES = "territoire", "parametres"
"""What is drawn: the territory; the territory and every declared range."""

BETWEEN_RESIDENCES = tuple(
    f"{TERRITORY}{name}"
    for name in (
        "residences.size_spread",
        "dwellings.rent_spread",
        "placement.income_sorting",
        "placement.weight_rent",
        "placement.weight_outside_qpv",
        "placement.weight_residence",
    )
)
"""What governs how incomes vary from a residence to another at the start: drawn with the territory's seed."""


@dataclass(frozen=True)
class Draw:
    """One world drawn: its number, that is also its replication's, its scenario, the value of each name."""

    number: int
    scenario: Scenario
    values: Mapping[str, Any]


def draws(scenario: Scenario, ranges: Declared, source: str) -> list[Draw]:
    """Return the worlds drawn, `[uncertainty] draws` of them, in the order of their numbers.

    `territoire`: the territory's seed and `BETWEEN_RESIDENCES`. `parametres`: these and every other range;
    the same number has the same seed, and the same value of what is drawn in both. With `territory = false`
    the territory stays as it is and behaviour alone is drawn. Values are uniform over their range, in equal
    slices (sim/latin_hypercube.py); each value of a table over value × (1 ± spread).

    Raises
    ------
    FaultsFound
        when values that are fine one at a time are refused together.
    """
    asked, chance = scenario.uncertainty, Chance(scenario.runs.seed)
    of_territory = asked.territory and not is_folder(scenario)
    parameters = [
        parameter
        for parameter in ranges.parameters
        if (parameter.name in BETWEEN_RESIDENCES or source == PARAMETRES)
        and (of_territory or not parameter.name.startswith(TERRITORY))
    ]
    tables = ranges.tables if source == PARAMETRES and of_territory else {}
    uniforms = {parameter.name: stratified(chance, parameter.name, asked.draws) for parameter in parameters}
    spreads = {name: _spreads(chance, name, table, asked.draws) for name, table in tables.items()}
    found = []
    for number in range(asked.draws):
        values: dict[str, Any] = {
            parameter.name: parameter.at(float(uniforms[parameter.name][number])) for parameter in parameters
        }
        values |= {name: drawn[number].tolist() for name, drawn in spreads.items()}
        world = with_values(scenario, values)
        if of_territory:
            seed = identity(f"territory/{scenario.runs.seed}/{number}") % 2**31
            world = changed(world, {"territory.territory_seed": seed})
        found.append(Draw(number, world, values))
    return found


def _spreads(chance: Chance, name: str, table: Table, draws: int) -> Floats:
    """Return the table of each draw, (draws, *shape); a share stays at most 1, a zero stays zero."""
    values = table.array
    uniforms = np.stack(
        [stratified(chance, f"{name}[{place}]", draws) for place in range(values.size)], axis=1
    )
    spread = table.spread or 0.0
    drawn: Floats = values * (1 + spread * (2 * uniforms.reshape(draws, *values.shape) - 1))
    return np.minimum(drawn, 1.0) if table.unit == "part" else drawn
