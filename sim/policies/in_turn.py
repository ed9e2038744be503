"""How are lists filled dwelling by dwelling, each taking the first free demand of an order?

Not a policy: the turn that the one-by-one policies share. Vacancies come in the sitting's order; rank 1 is
filled for all of them before rank 2, so that a demand is first somewhere before it is second elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from sim.policies.sitting import NOBODY, Shortlist, Sitting
from sim.territory.columns import Ints

Order = Callable[[int, Ints], Ints]
"""(vacancy, eligible positions) -> the same positions, first to be proposed first."""


class _Queue:
    """Who stands in a queue at a place, read no further than asked; `start` is where the taken end."""

    def __init__(self, names: Iterable[int]) -> None:
        self._names, self._read = iter(names), list[int]()
        self.start = 0

    def at(self, place: int) -> int:
        """Return who stands at a place from the head, NOBODY after the last."""
        while place >= len(self._read):
            name = next(self._names, NOBODY)
            if name == NOBODY:
                return NOBODY
            self._read.append(name)
        return self._read[place]


def in_turn(sitting: Sitting, order: Order | None = None) -> Shortlist:
    """Fill every list in turn, by an order or as the cotation has it.

    1. Whom law puts first is first.
    2. For each rank, for each vacancy in order, read its queue, past those at its head taken for good,
    3. and take the first demand that is not yet first anywhere (for rank 1), nor on `max_lists` lists, nor
       already on this list. By the cotation, dwellings alike stand before one queue, and each passes whom
       its own rent or what was proposed before leaves out.
    """
    queues = _queues(sitting) if order is None else _ordered(sitting, order)
    lists = [0] * len(sitting.demand)
    first: set[int] = set()
    rows: list[list[int]] = [[NOBODY] * sitting.list_length for _ in queues]
    for vacancy, demand in sitting.first_by_law.items():
        rows[vacancy][0] = demand
        lists[demand] += 1
        first.add(demand)
    for rank in range(sitting.list_length):
        for queue in queues:
            queue.start = 0
        for vacancy, queue in enumerate(queues):
            listed = rows[vacancy]
            if listed[rank] != NOBODY or (rank and listed[rank - 1] == NOBODY):
                continue  # first by law, or the list ended there
            pool, place = sitting.pools[vacancy], queue.start
            while (demand := queue.at(place)) != NOBODY:
                taken = lists[demand] >= sitting.max_lists or (rank == 0 and demand in first)
                if not taken and demand not in listed and (order is not None or pool.admits(place)):
                    listed[rank] = demand
                    lists[demand] += 1
                    if rank == 0:
                        first.add(demand)
                    break
                queue.start += taken and queue.start == place
                place += 1
    return Shortlist(np.array(rows, dtype=np.int64).reshape(-1, sitting.list_length))


def _queues(sitting: Sitting) -> list[_Queue]:
    """Return the queue of each vacancy by the cotation, one for dwellings alike."""
    shared = {id(pool.fitting): _Queue(pool.fitting) for pool in sitting.pools}
    return [shared[id(pool.fitting)] for pool in sitting.pools]


def _ordered(sitting: Sitting, order: Order) -> list[_Queue]:
    """Return the queue of each vacancy by an order of its own."""
    return [_Queue(order(vacancy, sitting.eligible(vacancy)).tolist()) for vacancy in range(len(sitting))]
