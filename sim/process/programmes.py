"""Which programmes will be delivered, and when? Each a copy of a recent residence of the territory."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, identity
from sim.outcomes import DAY_S, YEAR_S
from sim.scenario import Scenario
from sim.territory.columns import Columns, Ints, Territory, frozen, take


def programmes_of(
    scenario: Scenario, territory: Territory, chance: Chance, start_s: int, end_s: int
) -> list[tuple[int, int]]:
    """Return the residence that each programme is a copy of, and the second of its delivery.

    1. The models are the residences at most `recent_years` older than the newest; each is as likely.
    2. A programme comes when the dwellings due since the start, at the yearly share, reach those delivered,
       its own included; the first is part of the way already, uniformly.
    """
    choice, count = scenario.supply, len(territory.dwellings.dwelling_id)
    sizes = np.bincount(territory.dwellings.residence, minlength=len(territory.residences.residence_id))
    built = territory.residences.build_year
    models = np.flatnonzero((sizes > 0) & (built >= built.max(initial=0) - choice.recent_years))
    models = models[np.argsort(territory.residences.residence_id[models], kind="stable")]
    per_s = choice.delivered * count / YEAR_S
    until_s = min(end_s, 0) if scenario.control.no_new_supply else end_s
    found: list[tuple[int, int]] = []
    if not per_s or not len(models):
        return found
    due, phase = 0.0, chance.one("supply/delivered", 0)
    while True:
        drawn = chance.one("supply/model", identity(f"programme|{len(found)}"))
        model = int(models[int(drawn * len(models))])
        due += float(sizes[model]) * (1 if found else 1 - phase)
        second = day_of(start_s + due / per_s)
        if second >= until_s:
            return found
        found.append((model, second))


def extended(
    scenario: Scenario, territory: Territory, programmes: list[tuple[int, int]]
) -> tuple[Territory, Ints]:
    """Return the territory with a copy of a residence a programme, and when its dwellings are delivered."""
    residences, dwellings = territory.residences, territory.dwellings
    model = np.array([row for row, _ in programmes])
    delivered_s = np.array([second for _, second in programmes])
    names = [f"P{place + 1:04d}" for place in range(len(programmes))]
    start = np.datetime64(scenario.time.start, "D")
    days = start + (delivered_s // DAY_S).astype("timedelta64[D]")
    own = [np.flatnonzero(dwellings.residence == row) for row in model]
    of = np.repeat(np.arange(len(programmes)), [len(rows) for rows in own])
    rows = np.concatenate(own)
    unknown = np.full(len(model), -1)
    new = replace(
        take(residences, model),
        residence_id=np.array(
            [f"{name}-{residences.residence_id[row]}" for name, row in _pairs(names, model)]
        ),
        name=np.array([f"Programme livré {name}" for name in names]),
        is_rpms=np.zeros(len(model), dtype=bool),
        build_year=days.astype("datetime64[Y]").astype(np.int64) + 1970,
        peuplement_type=unknown,
        peuplement_target=unknown,
    )
    ids = dwellings.dwelling_id[rows].tolist()
    rooms = replace(
        take(dwellings, rows),
        dwelling_id=np.array(
            [f"{names[place]}-{text}" for place, text in zip(of.tolist(), ids, strict=True)]
        ),
        residence=len(residences.residence_id) + of,
        reservataire=np.full(len(rows), -1),
    )
    whole = replace(territory, residences=_joined(residences, new), dwellings=_joined(dwellings, rooms))
    return whole, delivered_s[of]


def _pairs(names: list[str], rows: NDArray[np.int64]) -> list[tuple[str, int]]:
    return list(zip(names, rows.tolist(), strict=True))


def _joined(old: Columns, new: Columns) -> Columns:
    """Return the rows of both, each column in the type of the old one, but for longer texts."""
    both: dict[str, Any] = {}
    for spec in fields(old):
        column, more = getattr(old, spec.name), getattr(new, spec.name)
        kind = more.dtype if column.dtype.kind == "U" else column.dtype
        both[spec.name] = np.concatenate([column, more.astype(kind)])
    return frozen(replace(old, **both))


def day_of(second: float) -> int:
    """Return the second at which the day of a second begins."""
    return int(second // DAY_S) * DAY_S
