"""Who is proposed if the oldest demand comes first, whatever its points?"""

from __future__ import annotations

import numpy as np

from sim.policies.in_turn import in_turn
from sim.policies.sitting import Shortlist, Sitting


def shortlist(sitting: Sitting) -> Shortlist:
    """Propose the demands filed first; the lottery parts those filed on the same second."""
    order = np.empty(len(sitting.demand), dtype=np.int64)
    order[np.lexsort((sitting.lottery, sitting.filed_s))] = np.arange(len(order))
    return in_turn(sitting, lambda vacancy, eligible: eligible[np.argsort(order[eligible])])
