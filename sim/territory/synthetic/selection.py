"""Which whole residences stand for a territory at a smaller scale?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.chance import Chance, identities
from sim.territory.synthetic.stock import SyntheticStock

Rows = NDArray[np.int64]


def select(stock: SyntheticStock, scale: float, chance: Chance) -> Rows:
    """Choose whole residences holding about `scale` of the dwellings, every bailleur among them.

    1. Order residences by commune, bailleur, QPV, size, ties at random, and take every 1/scale-th one from
       a drawn start: every residence has the same odds and each commune × bailleur its share.
    2. Add its smallest residence for a bailleur that has none.
    3. In QPV, then outside: exchange, inside commune × bailleur, a residence kept for one left out while
       that brings the number of dwellings nearer to scale × dwellings.

    Returns
    -------
    (kept,) int, ascending rows of the residences
    """
    residences = stock.residences
    number = len(residences.residence_id)
    if scale == 1.0:
        return np.arange(number)
    sizes = np.bincount(stock.dwellings.residence, minlength=number)
    keys = identities(residences.residence_id.tolist())
    lottery = chance.uniform("scale/order", keys)
    order = np.lexsort((lottery, sizes, residences.in_qpv, residences.bailleur, residences.commune))
    steps = np.floor(np.arange(number + 1) * scale + chance.one("scale/start", 0))
    kept = np.zeros(number, dtype=np.bool_)
    kept[order[np.diff(steps) > 0]] = True
    for bailleur in np.unique(residences.bailleur):
        own = np.flatnonzero(residences.bailleur == bailleur)
        if not kept[own].any():
            kept[own[sizes[own].argmin()]] = True
    strata = residences.commune * (int(residences.bailleur.max()) + 1) + residences.bailleur
    wanted = round(scale * int(sizes.sum()))
    in_qpv = round(scale * int(sizes[residences.in_qpv].sum()))
    _adjust(kept, sizes, np.where(residences.in_qpv, strata, -1), in_qpv)
    in_qpv = int(sizes[kept & residences.in_qpv].sum())
    _adjust(kept, sizes, np.where(residences.in_qpv, -1, strata), wanted - in_qpv)
    return np.flatnonzero(kept)


def _adjust(kept: NDArray[np.bool_], sizes: Rows, strata: Rows, wanted: int) -> None:
    """Exchange residences inside strata ≥ 0, in place, while their total comes nearer to `wanted`."""
    groups = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata[kept]) if stratum >= 0]
    missing = wanted - int(sizes[kept & (strata >= 0)].sum())
    while missing:
        best, exchange = abs(missing), (-1, -1)
        for rows in groups:
            inside, outside = rows[kept[rows]], rows[~kept[rows]]
            left = np.abs(missing - (sizes[outside][None, :] - sizes[inside][:, None]))
            if left.size and left.min() < best:
                place = np.unravel_index(left.argmin(), left.shape)
                best, exchange = int(left.min()), (int(inside[place[0]]), int(outside[place[1]]))
        if exchange[0] < 0:
            return
        kept[exchange[0]], kept[exchange[1]] = False, True
        missing = wanted - int(sizes[kept & (strata >= 0)].sum())
