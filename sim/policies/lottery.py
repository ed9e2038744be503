"""Who is proposed if chance alone decides? The baseline without any priority.

One number per applicant and period, common to all dwellings (Arnosti and Shi, Management Science, 2020).
"""

from __future__ import annotations

import numpy as np

from sim.policies.in_turn import in_turn
from sim.policies.sitting import Shortlist, Sitting


def shortlist(sitting: Sitting) -> Shortlist:
    """Propose the eligible demands in the order of their lottery numbers."""
    return in_turn(sitting, lambda vacancy, eligible: eligible[np.argsort(sitting.lottery[eligible])])
