"""Which residences will be demolished, and when are their tenants told?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, identities
from sim.outcomes import DAY_S, MONTH_S, YEAR_S
from sim.process.housing import NEVER
from sim.process.programmes import day_of
from sim.scenario import Scenario
from sim.territory.columns import Ints, Territory
from sim.territory.files.faults import Fault, FaultsFound, nearest


@dataclass(frozen=True)
class Operation:
    """Residences to be demolished; `named` by the scenario or the territory, or drawn."""

    name: str
    announced_s: int
    deadline_s: int  # NEVER where none is set
    named: bool


def operations_of(
    scenario: Scenario, territory: Territory, chance: Chance, start_s: int, end_s: int
) -> tuple[list[Operation], NDArray[np.int64]]:
    """Return the operations of the scenario then those drawn, and the place of each residence's, -1 none.

    Drawn, an operation is one residence built before `demolished_before`: residences come in an order that
    favours QPV, each announced when the dwellings due at the yearly share reach those of its turn.
    """
    choice, residences = scenario.supply, territory.residences
    ids = residences.residence_id.tolist()
    of_residence = np.full(len(ids), -1)
    operations: list[Operation] = []
    default = scenario.relogement.months
    faults: list[Fault] = []
    for given in scenario.operation:
        absent = [name for name in given.residences if name not in ids]
        faults += [
            Fault("scénario", "absent du territoire", nearest(name, ids), column="operation", value=name)
            for name in absent
        ]
        announced_s = max((given.on - scenario.time.start).days * DAY_S, start_s)
        months = default if given.months is None else given.months
        deadline_s = day_of(announced_s + months * MONTH_S)
        of_residence[[ids.index(name) for name in given.residences if name in ids]] = len(operations)
        operations.append(Operation(given.name, announced_s, deadline_s, named=True))
    if faults:
        raise FaultsFound(faults)
    sizes = np.bincount(territory.dwellings.residence, minlength=len(ids))
    old = (residences.build_year < choice.demolished_before) & (sizes > 0) & (of_residence < 0)
    rows = np.flatnonzero(old)
    per_s = choice.demolished * len(territory.dwellings.dwelling_id) / YEAR_S
    if not per_s or not len(rows):
        return operations, of_residence
    weight = np.where(residences.in_qpv[rows], choice.demolished_qpv_weight, 1.0)
    order = race(chance, "supply/demolition", [ids[row] for row in rows], weight)
    rows = rows[order]
    phase = chance.one("supply/demolished", 0)
    due = np.cumsum(sizes[rows]) - phase * sizes[rows[0]]
    for row, when in zip(rows.tolist(), (start_s + due / per_s).tolist(), strict=True):
        announced_s = day_of(when)
        if announced_s >= end_s:
            break
        of_residence[row] = len(operations)
        deadline_s = day_of(announced_s + default * MONTH_S)
        operations.append(Operation(f"Démolition {ids[row]}", announced_s, deadline_s, named=False))
    return operations, of_residence


def add_named_by_the_territory(
    territory: Territory, operations: list[Operation], operation: NDArray[np.int64], start_s: int
) -> Ints:
    """Add the operations that pending demands name: the dwellings their tenants are to leave, no deadline.

    Return these dwellings: their tenants were told before `start_s`, whenever those of the other dwellings
    of the operation are.
    """
    told: list[int] = []
    demands = territory.demands.demand_id.tolist()
    places = {one.name: place for place, one in enumerate(operations)}
    for demand, name in sorted(territory.operations.items()):
        if name not in places:
            places[name] = len(operations)
            operations.append(Operation(name, start_s, NEVER, named=True))
        dwelling = int(territory.demands.mutation_of[demands.index(demand)])
        if dwelling >= 0:
            told.append(dwelling)
            if operation[dwelling] < 0:
                operation[dwelling] = places[name]
    return np.array(told, dtype=np.int64)


def race(chance: Chance, purpose: str, names: list[str], weight: NDArray[np.float64]) -> Ints:
    """Return an order drawn without replacement, a weight twice as large coming twice as likely first."""
    key = identities(names)
    return np.lexsort((key, chance.exponential(purpose, key) / weight))
