"""Who is proposed if the legal shares are also owed?

Against cotation_matched, the difference is the effect of the legal duties (R1, R2, R4).
"""

from __future__ import annotations

from sim.policies.matching import match
from sim.policies.sitting import Shortlist, Sitting
from sim.rules.quotas import LEGAL


def shortlist(sitting: Sitting) -> Shortlist:
    """Match on points under the legal rows."""
    return match(sitting, sitting.rows.select(sitting.rows.tier == LEGAL))
