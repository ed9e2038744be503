"""How are lists filled dwelling by dwelling, each taking the first free demand of an order?

Not a policy: the turn that the one-by-one policies share. Vacancies come in the sitting's order; rank 1 is
filled for all of them before rank 2, so that a demand is first somewhere before it is second elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.territory.columns import Ints

Order = Callable[[int, Ints], Ints]
"""(vacancy, eligible positions) -> the same positions, first to be proposed first."""


class _Queue:
    """Who stands in a queue at a place, read no further than asked."""

    def __init__(self, names: Iterable[int]) -> None:
        self._names, self._read = iter(names), list[int]()

    def at(self, place: int) -> int:
        """Return who stands at a place from the head, NOBODY after the last."""
        while place >= len(self._read):
            name = next(self._names, NOBODY)
            if name == NOBODY:
                return NOBODY
            self._read.append(name)
        return self._read[place]


def _ordered(sitting: Sitting, order: Order) -> Iterator[list[int]]:
    for vacancy in range(len(sitting)):
        yield order(vacancy, sitting.eligible(vacancy)).tolist()


def in_turn(sitting: Sitting, order: Order | None = None) -> Shortlist:
    """Fill every list in turn, by an order or as the cotation has it.

    1. Whom law puts first is first.
    2. For each rank, for each vacancy in order, read its queue from where it was left
    3. and take the first demand that is not yet first anywhere (for rank 1), nor on `max_lists` lists, nor
       already on this list. Whoever is passed at rank 2 or later is passed for good; ranks 1 and 2 read the
       queue from its head.
    """
    queues = [_Queue(one) for one in (sitting.pools if order is None else _ordered(sitting, order))]
    lists = [0] * len(sitting.demand)
    first: set[int] = set()
    rows: list[list[int]] = [[NOBODY] * sitting.list_length for _ in queues]
    left_at = [0] * len(sitting)
    for vacancy, demand in sitting.first_by_law.items():
        rows[vacancy][0] = demand
        lists[demand] += 1
        first.add(demand)
    for rank in range(sitting.list_length):
        for vacancy, queue in enumerate(queues):
            if rows[vacancy][rank] != NOBODY or (rank and rows[vacancy][rank - 1] == NOBODY):
                continue  # first by law, or the list ended there
            listed = rows[vacancy]
            place = left_at[vacancy]
            while (demand := queue.at(place)) != NOBODY:
                if lists[demand] < sitting.max_lists and demand not in (listed if rank else first):
                    rows[vacancy][rank] = demand
                    lists[demand] += 1
                    if rank == 0:
                        first.add(demand)
                    break
                place += 1
            left_at[vacancy] = place + 1 if rank else 0
    return Shortlist(np.array(rows, dtype=np.int64).reshape(-1, sitting.list_length))
