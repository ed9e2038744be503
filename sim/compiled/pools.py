"""Who fits each dwelling, read demand by demand: the twin of `sim.process.pools._read`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import loop

Ints = NDArray[np.integer[Any]]


@loop
def _laid_out(
    code: Ints,
    wishes_from: Ints,
    wishes_count: Ints,
    wished: Ints,
    communes: int,
    most_rooms: int,
    rooms_bit: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Return where each place (commune, rooms) begins, and who asks for it: positions and their codes."""
    every_size = (1 << most_rooms) - 1
    filled = np.zeros(communes * most_rooms + 1, np.int64)
    begins, asking, asking_code = filled, np.empty(0, np.int32), np.empty(0, np.int32)
    for counting in (True, False):  # who asks is counted, then written
        for i in range(len(code)):
            asked, r = code[i] >> rooms_bit & every_size, 0
            while asked:
                if asked & 1:
                    for j in range(wishes_from[i], wishes_from[i] + wishes_count[i]):
                        place = wished[j] * most_rooms + r
                        if counting:
                            begins[place + 1] += 1
                        else:
                            asking[filled[place]], asking_code[filled[place]] = i, code[i]
                            filled[place] += 1
                asked, r = asked >> 1, r + 1
        if counting:
            begins = begins.cumsum()
            filled = begins.copy()
            asking, asking_code = np.empty(begins[-1], np.int32), np.empty(begins[-1], np.int32)
    return begins, asking, asking_code


@loop
def pools(
    code: Ints,
    wishes_from: Ints,
    wishes_count: Ints,
    wished: Ints,
    rooms: Ints,
    commune: Ints,
    reads: Ints,
    wants: Ints,
    sizes: Ints,
    communes: int,
    most_rooms: int,
    rooms_bit: int,
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the positions of who fits each dwelling, joined end to end, and where each begins, (V+1,).

    Parameters
    ----------
    code, wishes_from, wishes_count : (N,) of the waiting demands, in cotation order
    wished : communes of all demands, joined end to end
    rooms, commune, reads, wants, sizes : (V,) of the dwellings, or of those that stand for others alike
    communes, most_rooms : how many there are
    rooms_bit : the bit of a code that asks for one room; that for two is the next, and so on

    1. Lay out who asks for each typology and commune, in cotation order.
    2. For each dwelling, read who asks for its place.
    """
    begins, asking, asking_code = _laid_out(
        code, wishes_from, wishes_count, wished, communes, most_rooms, rooms_bit
    )
    start = np.zeros(len(rooms) + 1, np.int64)
    found = np.empty(max(len(code), 1024), np.int32)
    for v in range(len(rooms)):
        at = start[v]
        place = commune[v] * most_rooms + rooms[v] - 1
        if at + begins[place + 1] - begins[place] >= len(found):
            longer = np.empty(2 * len(found) + begins[place + 1] - begins[place], np.int32)
            longer[:at] = found[:at]
            found = longer
        for j in range(begins[place], begins[place + 1]):
            one = asking_code[j]
            fits = (one & reads[v] == wants[v]) & (one & sizes[v] != 0)
            found[at] = asking[j]  # kept if it fits: a branch would be missed every other time
            at += fits
        start[v + 1] = at
    return found[: start[-1]], start
