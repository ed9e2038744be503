"""What may be done to a territory or a grid whose effect on a run is known without any oracle?

Left out on purpose: what the effect is; that is said by the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.cotation import Grid
from sim.rules.cotation.grid import Criterion
from sim.territory.columns import Demands, Territory, length, take

Rows = NDArray[np.int64]


def permuted(territory: Territory, seed: int) -> Territory:
    """Return the same territory with its tables' rows shuffled and the columns that index them remapped."""
    draws = np.random.default_rng(seed)
    order = {
        name: draws.permutation(length(getattr(territory, name)))
        for name in ("residences", "dwellings", "occupants", "demands")
    }
    residence, dwelling = (np.argsort(order[name]) for name in ("residences", "dwellings"))
    dwellings = take(territory.dwellings, order["dwellings"])
    occupants = take(territory.occupants, order["occupants"])
    demands = take(territory.demands, order["demands"])
    left = demands.mutation_of
    return replace(
        territory,
        residences=take(territory.residences, order["residences"]),
        dwellings=replace(dwellings, residence=residence[dwellings.residence]),
        occupants=replace(occupants, dwelling=dwelling[occupants.dwelling]),
        demands=replace(demands, mutation_of=np.where(left >= 0, dwelling[left], -1)),
    )


def renamed(territory: Territory, prefix: str) -> Territory:
    """Return the same territory with a prefix before every residence, dwelling, household and demand id."""

    def named(ids: NDArray[np.str_]) -> NDArray[np.str_]:
        return np.char.add(prefix, ids)

    demands, occupants = territory.demands, territory.occupants
    return replace(
        territory,
        residences=replace(territory.residences, residence_id=named(territory.residences.residence_id)),
        dwellings=replace(territory.dwellings, dwelling_id=named(territory.dwellings.dwelling_id)),
        occupants=replace(occupants, household_id=named(occupants.household_id)),
        demands=replace(
            demands, demand_id=named(demands.demand_id), household_id=named(demands.household_id)
        ),
    )


def with_demand(territory: Territory, name: str, days: int, **changes: Any) -> Territory:
    """Return the territory with one more first demand, filed so many days before the territory's date.

    It is a copy of the first one of the territory, but for `changes`, by column.
    """
    demands = territory.demands
    model = int(np.flatnonzero(demands.mutation_of < 0)[0])
    more = take(demands, np.array([model]))
    changes |= {"demand_id": name, "household_id": name, "filed_on": np.datetime64(territory.as_of) - days}
    changes["dalo_recognised_on"] = changes["dalo_deadline"] = np.datetime64("NaT", "D")
    more = replace(more, **{column: np.array([value]) for column, value in changes.items()})
    return replace(territory, demands=_joined(demands, more))


def _joined(first: Demands, second: Demands) -> Demands:
    columns = {}
    for name, column in vars(first).items():
        other = getattr(second, name)
        columns[name] = (
            {key: np.concatenate([values, other[key]]) for key, values in column.items()}
            if isinstance(column, Mapping)
            else np.concatenate([column, other])
        )
    return Demands(**columns)


def without_transfers(territory: Territory) -> Territory:
    """Return the territory without its mutation demands."""
    return replace(territory, demands=take(territory.demands, territory.demands.mutation_of < 0))


def with_vacant(territory: Territory, number: int, seed: int) -> Territory:
    """Return the territory with more dwellings, vacant: copies of dwellings drawn, under new ids."""
    dwellings = territory.dwellings
    drawn = np.random.default_rng(seed).integers(0, length(dwellings), number)
    more = take(dwellings, drawn)
    ids = np.array([f"V{place:03d}" for place in range(number)])
    more = replace(more, dwelling_id=ids)
    columns = {
        name: np.concatenate([column, getattr(more, name)]) for name, column in vars(dwellings).items()
    }
    return replace(territory, dwellings=replace(dwellings, **columns))


def doubled(grid: Grid) -> Grid:
    """Return the same grid with every number of points twice as large."""

    def twice(value: float | None) -> float | None:
        return None if value is None else 2 * value

    def line(one: Criterion) -> Criterion:
        bands = one.bands and tuple(band.model_copy(update={"points": 2 * band.points}) for band in one.bands)
        unit = one.per_unit
        unit = unit and unit.model_copy(update={"points": 2 * unit.points, "cap": twice(unit.cap)})
        return one.model_copy(update={"points": twice(one.points), "bands": bands, "per_unit": unit})

    total = grid.total.model_copy(update={"cap": twice(grid.total.cap), "floor": twice(grid.total.floor)})
    groups = tuple(group.model_copy(update={"cap": twice(group.cap)}) for group in grid.groups)
    criteria = tuple(line(one) for one in grid.criteria)
    return grid.model_copy(
        update={
            "id": f"{grid.id}-twice",
            "total": total,
            "groups": groups,
            "criteria": criteria,
            "examples": (),
        }
    )


def excluding(path: Path, age: int, out: Path) -> Path:
    """Write a grid with one more line, that excludes whoever has reached an age; return its file."""
    line = f"""
[[criteria]]
id = "excluded"
when = {{ attr = "age", op = "ge", value = {age} }}
effect = "exclude"
"""
    file = out / "excluding.toml"
    file.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    return file
