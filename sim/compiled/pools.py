"""Who may be proposed each vacancy, read demand by demand: the twin of `sim.process.pools.read`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiled import loop
from sim.rules.fit_codes import MOST_ROOMS
from sim.rules.fit_codes import ROOMS as FIRST_ROOMS_BIT
from sim.territory.columns import Floats, Ints


@loop
def pools(
    code: Ints,
    most_rent_eur: Floats,
    wishes_from: Ints,
    wishes_count: Ints,
    wished: Ints,
    rooms: Ints,
    commune: Ints,
    reads: Ints,
    wants: Ints,
    sizes: Ints,
    due_eur: Floats,
    communes: int,
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the eligible positions of each vacancy, joined end to end, and where each begins, (V+1,).

    Parameters
    ----------
    code, most_rent_eur, wishes_from, wishes_count : (N,) of the waiting demands, in cotation order
    wished : communes of all demands, joined end to end
    rooms, commune, reads, wants, sizes, due_eur : (V,) of the vacancies
    communes : how many there are

    1. Lay out who asks for each typology and commune, in cotation order.
    2. For each vacancy, read who asks for its place.
    """
    begins = np.zeros(communes * MOST_ROOMS + 1, np.int64)
    for i in range(len(code)):
        for j in range(wishes_from[i], wishes_from[i] + wishes_count[i]):
            for r in range(MOST_ROOMS):
                begins[wished[j] * MOST_ROOMS + r + 1] += code[i] >> (FIRST_ROOMS_BIT + r) & 1
    begins = begins.cumsum()
    filled = begins.copy()
    asking = np.empty(begins[-1], np.int32)
    asking_code = np.empty(begins[-1], np.int32)
    for i in range(len(code)):
        for j in range(wishes_from[i], wishes_from[i] + wishes_count[i]):
            for r in range(MOST_ROOMS):
                if code[i] >> (FIRST_ROOMS_BIT + r) & 1:
                    place = wished[j] * MOST_ROOMS + r
                    asking[filled[place]], asking_code[filled[place]] = i, code[i]
                    filled[place] += 1
    start = np.zeros(len(rooms) + 1, np.int64)
    found = np.empty(max(len(code), 1024), np.int32)
    for v in range(len(rooms)):
        at = start[v]
        place = commune[v] * MOST_ROOMS + rooms[v] - 1
        if at + begins[place + 1] - begins[place] > len(found):
            longer = np.empty(2 * len(found) + begins[place + 1] - begins[place], np.int32)
            longer[:at] = found[:at]
            found = longer
        for j in range(begins[place], begins[place + 1]):
            one = asking_code[j]
            fits = one & reads[v] == wants[v] and one & sizes[v] != 0
            if fits and not most_rent_eur[asking[j]] < due_eur[v]:
                found[at] = asking[j]
                at += 1
        start[v + 1] = at
    return found[: start[-1]], start
