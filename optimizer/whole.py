"""What is the best answer in whole pairs, when the best mix is in parts?

Branch and bound (SCIP) over a few pairs: one that loses more to its prices than the best mix is worth over
a known answer cannot belong to a better answer, which is a proof and not a guess.
"""

from __future__ import annotations

import numpy as np

from optimizer.columns import TOLERANCE, Priced, class_order
from optimizer.problem import Ints
from optimizer.relaxation import Floats, Programme, whole
from optimizer.ties import fullest

_MANY = 2_000  # pairs equally good that can be searched once more for the lottery


def best_whole(programme: Programme, priced: Priced, gap: float = 0.0) -> Ints:
    """Return the best answer in whole pairs, the fullest and lowest in the lottery of these.

    1. Search the pairs of the mix and those that lose least, three a vacancy; what is within `gap` of the
       mix is returned as it is.
    2. The worth of any answer is an integer, so what may be missing is the mix's, rounded down, less ours;
       if every pair losing at most that was searched, the answer is the best. If not, search those.
    3. Among the pairs that lose at most what is missing, prefer fill, then lottery, at the same worth; where
       they are very many, among those searched.
    """
    loss = priced.applicant_price[programme.applicant] - priced.margin
    few = min(3 * int(programme.capacity.sum()), priced.pool.size)
    used = priced.pool[priced.mix.share > 0]
    searched = np.union1d(used, priced.pool[np.argsort(loss[priced.pool], kind="stable")[:few]])
    while True:
        searched = searched[class_order(programme, searched)]
        chosen = whole(programme, searched)
        if chosen is None:
            raise RuntimeError("aucune réponse entière trouvée, alors que ne placer personne en est une")
        missing = np.floor(priced.mix.objective + TOLERANCE) - worth(programme, chosen)
        if gap and missing <= gap * abs(priced.mix.objective):
            return chosen  # good enough; the lottery among its equals is not sought
        needed = np.flatnonzero(loss <= missing + TOLERANCE)
        if missing <= 0 or np.isin(needed, searched).all():
            return _luckiest(programme, loss, searched, chosen, priced.mix.objective)
        searched = np.union1d(used, needed)


def _luckiest(programme: Programme, loss: Floats, searched: Ints, chosen: Ints, most: float) -> Ints:
    objective = worth(programme, chosen)
    pool = np.flatnonzero(loss <= most - objective + TOLERANCE)
    if pool.size > _MANY:
        pool = np.intersect1d(pool, searched)
    pool = pool[class_order(programme, pool)]
    found = whole(programme, pool, fullest(programme)[pool], round(objective))
    return chosen if found is None else found


def worth(programme: Programme, chosen: Ints) -> float:
    """Return Σ value − Σ penalty · shortfall of whole pairs."""
    if not programme.row_low.size:
        return float(programme.value[chosen].sum())
    sums = np.asarray(programme.effects[programme.cell[chosen]].sum(axis=0)).ravel()
    shortfall = np.maximum(0, np.maximum(programme.row_low - sums, sums - programme.row_high))
    return float(programme.value[chosen].sum()) - float(programme.row_penalty @ shortfall)
