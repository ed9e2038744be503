"""Who is proposed if all dwellings of a sitting are matched jointly on points, with no row?

Against cotation_only, the difference is the effect of treating dwellings together.
"""

from __future__ import annotations

import numpy as np

from sim.policies.matching import match
from sim.policies.sitting import Shortlist, Sitting


def shortlist(sitting: Sitting) -> Shortlist:
    """Match on points alone."""
    return match(sitting, sitting.rows.select(np.zeros(len(sitting.rows), dtype=bool)))
