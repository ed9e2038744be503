"""Who is proposed if the oldest demand comes first, whatever its points?"""

from __future__ import annotations

import numpy as np

from sim.policies.in_turn import in_turn
from sim.policies.sitting import Shortlist, Sitting


def shortlist(sitting: Sitting) -> Shortlist:
    """Propose the demands filed first; the lottery parts those filed on the same second."""
    return in_turn(sitting, lambda vacancy, eligible: eligible[np.argsort(sitting.seniority[eligible])])
