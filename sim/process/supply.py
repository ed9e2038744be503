"""How will the stock itself change? Programmes delivered, residences demolished, dwellings sold: the plan.

The plan is drawn before the run, whatever the policy: each change has its day. A programme is a copy of a
recent residence of the territory, so its dwellings are rows from the start, that do not exist until the day
they are delivered. What a change does on its day is in stock.py. Left out on purpose: dwellings bought,
split or joined; whether a tenant wishes, or can afford, to buy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.chance import Chance, identity
from sim.outcomes import DAY_S, YEAR_S
from sim.process.housing import NEVER
from sim.process.operations import Operation, add_named_by_the_territory, operations_of, race
from sim.process.programmes import extended, programmes_of
from sim.scenario import Scenario
from sim.territory.columns import KINDS, Ints, Territory

ALWAYS = np.iinfo(np.int64).min
"""When a dwelling that stands from the start was delivered."""

DELIVERED, ANNOUNCED, SOLD, DEMOLISHED = range(4)
"""Kinds of changes; what each is of: a residence, an operation, a dwelling, an operation."""


class Change(NamedTuple):
    """One change of the stock, on its day."""

    second: int
    key: int  # identity of the change
    kind: int
    of: int  # row of the residence or dwelling, place of the operation


@dataclass(frozen=True)
class Plan:
    """What will become of each dwelling, (D,), and of the operations, whatever the policy."""

    delivered_s: Ints  # ALWAYS where it stands from the start
    sold_s: Ints  # NEVER where it is not sold
    operation: Ints  # place of its operation, -1 where none
    announced_s: Ints  # when its demolition is announced, NEVER where none is
    operations: tuple[Operation, ...]
    changes: tuple[Change, ...]  # in their order

    @cached_property
    def of_operation(self) -> list[Ints]:
        """Rows of the dwellings of each operation."""
        return [np.flatnonzero(self.operation == place) for place in range(len(self.operations))]

    def between(self, from_s: int, until_s: int) -> list[Change]:
        """Return the changes of [from_s, until_s), in their order."""
        return [change for change in self.changes if from_s <= change.second < until_s]


def planned(
    scenario: Scenario, territory: Territory, chance: Chance, start_s: int, end_s: int
) -> tuple[Territory, Plan]:
    """Return the territory with the residences to be delivered from `start_s` to `end_s`, and the plan.

    Raises
    ------
    FaultsFound
        for an operation on a residence that the territory has not.
    """
    residences, count = territory.residences, len(territory.dwellings.dwelling_id)
    ids = residences.residence_id.tolist()
    operations, of_residence = operations_of(scenario, territory, chance, start_s, end_s)
    operation = of_residence[territory.dwellings.residence]
    told = add_named_by_the_territory(territory, operations, operation, start_s)
    announced_s = np.array([one.announced_s for one in operations] + [NEVER], dtype=np.int64)[operation]
    announced_s[told] = start_s
    sold_s = _sales(scenario, territory, chance, operation, start_s, end_s)
    programmes = programmes_of(scenario, territory, chance, start_s, end_s)
    found = [
        Change(one.announced_s, identity(f"announced|{one.name}"), ANNOUNCED, place)
        for place, one in enumerate(operations)
    ]
    found += [
        Change(one.deadline_s, identity(f"demolished|{one.name}"), DEMOLISHED, place)
        for place, one in enumerate(operations)
        if one.deadline_s != NEVER
    ]
    for row in np.flatnonzero(sold_s != NEVER).tolist():
        name = identity(f"sold|{territory.dwellings.dwelling_id[row]}")
        found.append(Change(int(sold_s[row]), name, SOLD, row))
    delivered_s = np.full(count, ALWAYS)
    if programmes:
        territory, new_s = extended(scenario, territory, programmes)
        delivered_s = np.concatenate([delivered_s, new_s])
        more = len(new_s)
        sold_s = np.concatenate([sold_s, np.full(more, NEVER)])
        operation = np.concatenate([operation, np.full(more, -1)])
        announced_s = np.concatenate([announced_s, np.full(more, NEVER)])
        for place, (_, second) in enumerate(programmes):
            found.append(Change(second, identity(f"delivered|{place}"), DELIVERED, len(ids) + place))
    return territory, Plan(
        delivered_s, sold_s, operation, announced_s, tuple(operations), tuple(sorted(found))
    )


def _sales(
    scenario: Scenario,
    territory: Territory,
    chance: Chance,
    operation: Ints,
    start_s: int,
    end_s: int,
) -> Ints:
    """Return when each dwelling is sold, at regular intervals: old enough, to be demolished by nobody."""
    choice, dwellings = scenario.supply, territory.dwellings
    sold_s = np.full(len(dwellings.dwelling_id), NEVER)
    per_s = choice.sold * len(sold_s) / YEAR_S
    if not per_s:
        return sold_s
    built = territory.residences.build_year[dwellings.residence]
    rows = np.flatnonzero((built <= scenario.time.start.year - choice.sold_after_years) & (operation < 0))
    house = dwellings.kind[rows] == KINDS.index("individuel")
    weight = np.where(house, choice.sold_house_weight, 1.0)
    rows = rows[race(chance, "supply/sale", dwellings.dwelling_id[rows].tolist(), weight)]
    phase = chance.one("supply/sold", 0)
    when = start_s + (np.arange(1, len(rows) + 1) - phase) / per_s
    day = (when // DAY_S).astype(np.int64) * DAY_S
    sold_s[rows[day < end_s]] = day[day < end_s]
    return sold_s
